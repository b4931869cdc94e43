//! What the commands over a server's data share: where it is, and letting the subscribers catch up.

use std::future::Future;

use anyhow::Context as _;
use clap::Args;
use clove_server::subscribers;
use clove_store::subscriber::wait_until;
use clove_store::{DatabaseUrl, Db, DriverOptions, Runner};
use tokio_util::sync::CancellationToken;

/// Where the data is.
#[derive(Debug, Args)]
pub struct StoreArguments {
    /// The data folder of a server that is stopped, or a postgres:// address
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL")]
    data: String,
    /// What to log: error, warn, info, debug, or a filter such as clove_store=debug
    #[arg(long, env = "CLOVE_LOG", default_value = "warn", value_name = "FILTER")]
    log: String,
}

impl StoreArguments {
    /// Runs work on the database at the address.
    pub fn block_on<F>(&self, work: impl FnOnce(DatabaseUrl) -> F) -> anyhow::Result<()>
    where
        F: Future<Output = anyhow::Result<()>>,
    {
        super::serve::start_log(&self.log, false)?;
        let runtime = tokio::runtime::Runtime::new().context("threads cannot be started")?;
        let Ok(url) = self.data.parse::<DatabaseUrl>();
        runtime.block_on(work(url))
    }
}

/// Lets every subscriber handle what is in the log.
pub async fn catch_up(db: &Db) -> anyhow::Result<()> {
    let head = db.head().await?;
    let stop = CancellationToken::new();
    let list = subscribers();
    let names: Vec<&'static str> = list.iter().map(|subscriber| subscriber.name()).collect();
    let runner = Runner::new(db.clone(), list, DriverOptions::default());
    let running = tokio::spawn(runner.run(stop.clone()));
    for name in names {
        wait_until(db, name, head).await?;
    }
    stop.cancel();
    running.await.context("the subscribers ended badly")
}
