//! `clove refit`: fit the value model to the server's data now, and score everyone.

use anyhow::Context as _;
use clap::Args;
use clove_measure::live::{Refit, refit};
use clove_store::{Db, Environment};

use super::store::{StoreArguments, catch_up};
use crate::DataError;
use crate::output::{note, thousands};

/// Where the data is.
#[derive(Debug, Args)]
pub struct RefitArguments {
    #[command(flatten)]
    store: StoreArguments,
}

/// Handles what is in the log, fits, scores, says what it did.
pub fn run(arguments: &RefitArguments) -> anyhow::Result<()> {
    arguments.store.block_on(async |url| {
        let db = Db::open(&url, Environment::system()).await?;
        catch_up(&db).await?;
        let refit = refit(&db).await?.context(DataError("there are no orders to fit a model to".into()))?;
        tell(&refit);
        db.close().await;
        Ok(())
    })
}

fn tell(refit: &Refit) {
    let seconds = |duration: std::time::Duration| format!("{:.1} s", duration.as_secs_f64());
    println!("version {}, model {}, as of {}", refit.version, refit.model, refit.as_of);
    println!(
        "{} orders of {} customers read in {}, fitted in {}; {} scores written in {}",
        thousands(refit.orders as i64),
        thousands(refit.customers as i64),
        seconds(refit.read),
        seconds(refit.fitted),
        thousands(refit.rescored.scored as i64),
        seconds(refit.written),
    );
    if let Some(reason) = &refit.reason {
        note(&format!("no forecast of single customers: {reason}; everyone has the mean of all"));
    }
    if let Some(comparison) = &refit.comparison {
        println!(
            "version {} expected {:.0} purchases from {} to {} ({:.0} to {:.0} with 80 %); there were {:.0}",
            comparison.reference_version,
            comparison.expected,
            comparison.from,
            comparison.until,
            comparison.interval.0,
            comparison.interval.1,
            comparison.actual,
        );
        for alarm in &refit.alarms {
            note(&format!("drift: {}", alarm.name().replace('_', " ")));
        }
    }
}
