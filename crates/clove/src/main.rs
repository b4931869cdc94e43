//! The `clove` command. Reads files, asks the capabilities, prints answers. The only place that reads the environment.

mod arguments;
mod commands;
mod demo;
mod gather;
mod load;
mod memory;
mod output;
mod remote;
mod report;
mod stored;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Cli, Command};

/// Exit codes, as documented in docs/commands.md.
mod exit {
    pub const FAILURE: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const DATA: u8 = 3;
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { exit::USAGE } else { 0 };
            // A closed pipe while printing help is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    // A server gives back what it does not need; an import may run for hours beside others.
    if !matches!(cli.command, Command::Serve(_) | Command::Worker(_) | Command::Cluster(_) | Command::Import(_)) {
        memory::keep_until_the_end();
    }
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if output::is_closed_pipe(&error) {
                return ExitCode::SUCCESS;
            }
            eprintln!("error: {}", output::sentence(&error));
            ExitCode::from(exit_code(&error))
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Clv(arguments) => commands::clv::run(&arguments),
        Command::Models(arguments) => commands::models::run(&arguments),
        Command::Backtest(arguments) => commands::backtest::run(&arguments),
        Command::Compare(arguments) => commands::compare::run(&arguments),
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Simple(arguments) => commands::simple::run(&arguments),
        Command::Kpis(arguments) => commands::kpis::run(&arguments),
        Command::Problems(arguments) => commands::problems::run(&arguments),
        Command::Actions(arguments) => commands::actions::run(&arguments),
        Command::Segment(arguments) => commands::segment::run(&arguments),
        Command::Metric(arguments) => commands::metric::run(&arguments),
        Command::Metrics(arguments) => commands::metric::list(&arguments),
        Command::Cohorts(arguments) => commands::cohorts::run(&arguments),
        Command::Rfm(arguments) => commands::rfm::run(&arguments),
        Command::Personas(arguments) => commands::personas::run(&arguments),
        Command::Migration(arguments) => commands::migration::run(&arguments),
        Command::Repeat(arguments) => commands::repeat::run(&arguments),
        Command::Payback(arguments) => commands::payback::run(&arguments),
        Command::Affinity(arguments) => commands::affinity::run(&arguments),
        Command::Lifecycle(arguments) => commands::lifecycle::run(&arguments),
        Command::Segments(arguments) => commands::segments::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Sql(arguments) => commands::sql::run(&arguments),
        Command::Features(arguments) => commands::features::run(&arguments),
        Command::Import(arguments) => commands::import::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(&arguments),
        Command::Worker(arguments) => commands::worker::run(&arguments),
        Command::Refit(arguments) => commands::refit::run(&arguments),
        Command::Lake(arguments) => commands::lake::run(&arguments),
        Command::Cluster(arguments) => commands::cluster::run(&arguments),
        Command::Rebuild(arguments) => commands::rebuild::run(&arguments),
        Command::Forget(arguments) => commands::forget::forget(&arguments),
        Command::ExportPerson(arguments) => commands::forget::export_person(&arguments),
        Command::Keys(arguments) => commands::keys::run(&arguments),
        Command::Backup(arguments) => commands::backup::back_up(&arguments),
        Command::Restore(arguments) => commands::backup::restore(&arguments),
        Command::Doctor(arguments) => commands::doctor::doctor(&arguments),
        Command::UpgradeCheck(arguments) => commands::doctor::upgrade_check(&arguments),
    }
}

/// 2 for a wrong call, 3 for data that cannot be used, 1 for everything else.
fn exit_code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<UsageError>().is_some() {
        return exit::USAGE;
    }
    if error.downcast_ref::<DataError>().is_some() {
        return exit::DATA;
    }
    match error.downcast_ref::<clove_connect::ReadError>() {
        Some(read) if read.is_data_problem() => return exit::DATA,
        _ => {}
    }
    match error.downcast_ref::<clove_measure::explain::ExplainError>() {
        Some(clove_measure::explain::ExplainError::Missing(_)) => exit::DATA,
        _ => exit::FAILURE,
    }
}

/// The call does not make sense; the message says how to mend it.
#[derive(Debug)]
pub struct UsageError(pub String);

/// The data cannot answer the question; the message says what is missing.
#[derive(Debug)]
pub struct DataError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for DataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
impl std::error::Error for DataError {}
