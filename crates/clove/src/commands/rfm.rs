//! `clove rfm`: every customer scored by recency, frequency and value.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::explain::with_excluded;
use clove_measure::ledger::Ledger;
use clove_measure::rfm::{Rfm, rfm};

use super::answers::no_buyers;
use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::load;
use crate::output::{Answer, terminal_table, thousands};

/// What to compute.
#[derive(Debug, Args)]
pub struct RfmArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Scores the customers. CSV and Parquet hold one row per customer, the table one per combination of scores.
pub fn run(arguments: &RfmArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let answer = rfm(&ledger, arguments.counting.basis);
    if answer.n == 0 {
        return Err(no_buyers(&ledger).into());
    }
    let table = match arguments.output.format {
        Format::Table => groups(&answer, &ledger),
        _ => answer.table(ledger.currency()),
    };
    let text = format!(
        "{} identified customers with a purchase, as of {}; frequency by {}\n{}",
        thousands(answer.n as i64),
        answer.as_of,
        answer.frequency_cuts,
        terminal_table(&table, 40)
    );
    let text = if ledger.shop().has_amounts {
        text
    } else {
        text + "\nNote: the files have no amounts, so that there is no monetary score."
    };
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn groups(answer: &Rfm, ledger: &Ledger<'_>) -> Table {
    let rows = answer.groups.iter();
    Table::new()
        .with("scores", Values::Text(rows.clone().map(|group| Some(group.scores.clone())).collect()))
        .with("customers", Values::Int(rows.clone().map(|group| Some(group.customers as i64)).collect()))
        .with(
            "value",
            Values::Money(rows.map(|group| group.value.map(|value| value.minor)).collect(), ledger.currency()),
        )
}
