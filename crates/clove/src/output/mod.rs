//! Printing answers: tables that fit the terminal, CSV, JSON, Parquet.

mod csv;
mod grid;
mod json;
mod terminal;

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use clove_core::{Columns, Table};
use clove_lake::{LakeError, ParquetRows};
use serde_json::Value;

pub use grid::{Shown, terminal_table};
pub use json::{money, share, table_rows};
pub use terminal::{decimal, grouped_money, print_facts, thousands};

use crate::UsageError;
use crate::arguments::{Format, OutputArguments};

/// What a command found: one JSON document, one table, and what people read.
pub struct Answer {
    /// The whole answer with stable keys.
    pub json: Value,
    /// The rows of `--format csv|parquet`.
    pub table: Table,
    /// What is shown in a terminal; without it the table is shown.
    pub text: Option<String>,
}

impl Answer {
    /// Prints or writes the answer as asked for.
    pub fn write(&self, arguments: &OutputArguments) -> anyhow::Result<()> {
        match (arguments.format, &arguments.out) {
            (Format::Parquet, None) => Err(parquet_needs_a_file()),
            (Format::Parquet, Some(path)) => {
                clove_lake::write_parquet(path, &self.table).with_context(|| format!("writing {}", path.display()))
            }
            (format, Some(path)) => write_file(path, |writer| self.print(format, writer)),
            (format, None) => {
                let mut writer = BufWriter::new(io::stdout().lock());
                self.print(format, &mut writer)?;
                writer.flush()?;
                Ok(())
            }
        }
    }

    fn print(&self, format: Format, writer: &mut dyn Write) -> anyhow::Result<()> {
        match format {
            Format::Json => {
                serde_json::to_writer_pretty(&mut *writer, &self.json)?;
                writeln!(writer)?;
            }
            Format::Csv => csv::write(&self.table, writer)?,
            Format::Table => match &self.text {
                Some(text) => writeln!(writer, "{}", terminal::folded(text.trim_end()))?,
                None => writeln!(writer, "{}", Shown::new(&self.table).text())?,
            },
            Format::Parquet => unreachable!("written above"),
        }
        Ok(())
    }
}

/// Rows that are made some at a time, so that those of a large shop need not be in memory at once.
pub trait Rows {
    /// How many blocks there are, at least one.
    fn blocks(&self) -> usize;

    /// Gives the columns of a block.
    fn give(&self, block: usize, columns: &mut impl Columns);
}

/// Prints or writes rows as CSV or Parquet, block by block.
pub fn write_rows(arguments: &OutputArguments, rows: &impl Rows) -> anyhow::Result<()> {
    match (arguments.format, &arguments.out) {
        (Format::Parquet, None) => Err(parquet_needs_a_file()),
        (Format::Parquet, Some(path)) => {
            write_parquet_rows(path, rows).with_context(|| format!("writing {}", path.display()))
        }
        (_, Some(path)) => write_file(path, |writer| print_csv(rows, writer)),
        (_, None) => {
            let mut writer = BufWriter::new(io::stdout().lock());
            print_csv(rows, &mut writer)?;
            Ok(writer.flush()?)
        }
    }
}

fn write_parquet_rows(path: &Path, rows: &impl Rows) -> Result<(), LakeError> {
    let mut file = ParquetRows::create(path)?;
    for block in 0..rows.blocks() {
        rows.give(block, &mut file);
        file.end_block()?;
    }
    file.finish()
}

fn print_csv(rows: &impl Rows, writer: &mut dyn Write) -> anyhow::Result<()> {
    for block in 0..rows.blocks() {
        let mut table = Table::new();
        rows.give(block, &mut table);
        if block == 0 {
            csv::write_header(&table, writer)?;
        }
        csv::write_rows(&table, writer)?;
    }
    Ok(())
}

fn parquet_needs_a_file() -> anyhow::Error {
    UsageError("Parquet is not for the terminal; add --out FILE".into()).into()
}

/// Writes a file through a temporary neighbour, so that a half-written file never stands under the final name.
pub fn write_file(path: &Path, fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    let temporary = Path::new(&temporary);
    let file = File::create(temporary).with_context(|| format!("cannot write {}", path.display()))?;
    let mut writer = BufWriter::with_capacity(1 << 18, file);
    let filled = fill(&mut writer).and_then(|()| writer.flush().map_err(Into::into));
    if let Err(error) = filled {
        // The unfinished neighbour is of no use; the first error is the one to tell.
        let _ = std::fs::remove_file(temporary);
        return Err(error);
    }
    std::fs::rename(temporary, path).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a table as CSV to a file.
pub fn write_csv_file(path: &Path, table: &Table) -> anyhow::Result<()> {
    write_file(path, |writer| Ok(csv::write(table, writer)?))
}

/// Whether the reader of our output went away (`clove ... | head`). A server that closes its connection breaks a pipe too, and is an error.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_of_network = error.chain().any(<dyn std::error::Error>::is::<reqwest::Error>);
    !is_of_network
        && error.chain().any(|cause| {
            cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
                || cause
                    .downcast_ref::<serde_json::Error>()
                    .is_some_and(|json| json.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
        })
}

/// An error and its causes as one line.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // Some libraries repeat their source in their own message.
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}

/// Whether a person is looking at standard error.
pub fn is_interactive() -> bool {
    io::stderr().is_terminal()
}

/// Tells something beside the answer, on standard error.
pub fn note(text: &str) {
    eprintln!("{text}");
}
