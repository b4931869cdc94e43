//! `clove personas`: customers who buy alike.

use clap::Args;
use clove_measure::explain::with_excluded;
use clove_measure::personas::personas;

use crate::DataError;
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, terminal_table, thousands};

/// What to look at.
#[derive(Debug, Args)]
pub struct PersonasArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Finds the personas and prints one row for each.
pub fn run(arguments: &PersonasArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let answer = personas(&ledger);
    if let Some(note) = answer.note {
        return Err(DataError(note.to_owned()).into());
    }
    let table = answer.table(ledger.currency());
    let text = format!(
        "{} identified customers with a purchase, as of {}\n{}",
        thousands(answer.n as i64),
        answer.as_of,
        terminal_table(&table, 40)
    );
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}
