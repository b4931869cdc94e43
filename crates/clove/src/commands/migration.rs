//! `clove migration`: where customers stood at one day, and where they stand at a later one.

use clap::Args;
use clove_core::Day;
use clove_measure::explain::with_excluded;
use clove_measure::ledger::Ledger;
use clove_measure::migration::{MigrationBy, migration};

use super::answers::no_buyers;
use crate::UsageError;
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, terminal_table, thousands};

/// What to compare.
#[derive(Debug, Args)]
pub struct MigrationArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// The first day; the last one is the as-of [default: 90 days before the as-of]
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Day>,
    /// What customers move by
    #[arg(long, default_value = "stage", value_name = "stage|recency_score|frequency_score|monetary_score")]
    by: MigrationBy,
    #[command(flatten)]
    output: OutputArguments,
}

/// Days between the two looks where none are given.
const DAYS: i32 = 90;

/// Compares and prints. One row per pair of places that has customers.
pub fn run(arguments: &MigrationArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let end = loaded.ledger()?;
    let start = Ledger::new(loaded.shop(), loaded.persons(), arguments.from.unwrap_or(Day(loaded.as_of.0 - DAYS)));
    let answer = migration(&start, &end, arguments.by, None).map_err(UsageError)?;
    if answer.n == 0 {
        return Err(no_buyers(&end).into());
    }
    let table = answer.table(end.currency());
    let text = format!(
        "{} identified customers by {}, from {} to {}\n{}",
        thousands(answer.n as i64),
        answer.by.replace('_', " "),
        answer.from,
        answer.until,
        terminal_table(&table, 40)
    );
    Answer { json: with_excluded(&end, &answer)?, table, text: Some(text) }.write(&arguments.output)
}
