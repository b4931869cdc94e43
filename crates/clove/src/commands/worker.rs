//! `clove worker`: does the work of a server that only answers.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use clove_server::{Worker, WorkerOptions};
use clove_store::{DatabaseUrl, Environment};

use super::serve::{start_log, stop_signal};
use crate::UsageError;

/// What to work on.
#[derive(Debug, Args)]
pub struct WorkerArguments {
    /// The postgres:// address of the database that the servers use
    #[arg(long, env = "CLOVE_DATA", value_name = "URL")]
    data: String,
    /// The folder of uploaded files: the same that the servers have, on a disk that all share [default: clove-imports]
    #[arg(long, env = "CLOVE_FILES", value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// The folder for the lake's Parquet files, if there is a lake
    #[arg(long, env = "CLOVE_LAKE", value_name = "FOLDER")]
    lake: Option<PathBuf>,
    /// What to log: error, warn, info, debug, or a filter such as clove_store=debug
    #[arg(long, env = "CLOVE_LOG", default_value = "info", value_name = "FILTER")]
    log: String,
    /// Write the log as JSON lines
    #[arg(long, env = "CLOVE_LOG_JSON")]
    log_json: bool,
}

/// Works until a signal to stop. The first signal finishes what is under way, the second one stops at once.
pub fn run(arguments: &WorkerArguments) -> anyhow::Result<()> {
    let Ok(database) = arguments.data.parse::<DatabaseUrl>();
    if matches!(database, DatabaseUrl::Folder(_)) {
        let detail = "a data folder is used by one process, and clove serve does its work itself; clove worker is for postgres:// addresses";
        return Err(UsageError(detail.into()).into());
    }
    start_log(&arguments.log, arguments.log_json)?;
    let runtime = tokio::runtime::Runtime::new().context("the worker cannot start its threads")?;
    runtime.block_on(async {
        let options = WorkerOptions {
            database,
            environment: Environment::system(),
            files: arguments.files.clone(),
            lake: arguments.lake.clone(),
        };
        let worker = Worker::open(options).await?;
        let stop = stop_signal();
        eprintln!("Clove works");
        worker.run(stop).await;
        Ok(())
    })
}
