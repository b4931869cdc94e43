//! `clove demo`: a shop that Clove makes up, from files to report.

use std::path::PathBuf;

use clap::Args;

use super::clv::{ClvArguments, run as run_clv};
use crate::demo::{DemoOptions, write_demo};
use crate::output::note;

/// What the demo shop should be like.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where its files and its report go
    #[arg(long, default_value = "clove-demo", value_name = "FOLDER")]
    dir: PathBuf,
    /// Number of orders
    #[arg(long, default_value_t = DemoOptions::default().orders, value_name = "N")]
    orders: usize,
    /// Seed: the same seed gives the same shop
    #[arg(long, default_value_t = DemoOptions::default().seed)]
    seed: u64,
}

/// Writes the demo shop, then values its customers and writes the report.
pub fn run(arguments: &DemoArguments) -> anyhow::Result<()> {
    let options = DemoOptions { orders: arguments.orders.max(1), seed: arguments.seed, ..DemoOptions::default() };
    let files = write_demo(&arguments.dir, &options)
        .map_err(|error| anyhow::Error::from(error).context(format!("cannot write to {}", arguments.dir.display())))?;
    note(&format!(
        "A demo shop of {} orders lies in {}: an invented brand, invented customers.",
        options.orders,
        arguments.dir.display()
    ));
    let report = arguments.dir.join("report.html");
    run_clv(&ClvArguments::for_demo(&files, options.until, report.clone()))?;
    note(&format!(
        "Report: {}\nTry next:\n  clove cohorts {orders} --refunds {refunds} --spend {spend}\n  clove backtest {orders}\n  clove clv {orders} --refunds {refunds} --by channel",
        report.display(),
        orders = files.orders.display(),
        refunds = files.refunds.display(),
        spend = files.spend.display(),
    ));
    Ok(())
}
