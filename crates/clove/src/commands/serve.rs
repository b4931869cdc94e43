//! `clove serve`: the server.

use std::io::IsTerminal as _;
use std::net::SocketAddr;

use anyhow::Context as _;
use clap::Args;
use clove_core::Currency;
use clove_server::{ServeOptions, Server};
use clove_store::{DatabaseUrl, Environment};
use jiff::tz::TimeZone;
use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;

/// Where the data is and where to listen.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The data folder, or a postgres:// address
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL")]
    data: String,
    /// The address to listen on
    #[arg(long, env = "CLOVE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The shop's currency, for instance EUR; kept from the first start on [default: that of the first order]
    #[arg(long, env = "CLOVE_CURRENCY", value_name = "CODE")]
    currency: Option<Currency>,
    /// The shop's time zone, for instance Europe/Rome; kept from the first start on [default: UTC]
    #[arg(long, env = "CLOVE_TZ", value_name = "ZONE", value_parser = parse_zone)]
    tz: Option<TimeZone>,
    /// What to log: error, warn, info, debug, or a filter such as clove_store=debug
    #[arg(long, env = "CLOVE_LOG", default_value = "info", value_name = "FILTER")]
    log: String,
    /// Write the log as JSON lines
    #[arg(long, env = "CLOVE_LOG_JSON")]
    log_json: bool,
}

/// Serves until a signal to stop. The first signal finishes what is under way, the second one stops at once.
pub fn run(arguments: &ServeArguments) -> anyhow::Result<()> {
    start_log(&arguments.log, arguments.log_json)?;
    let metrics = PrometheusBuilder::new().install_recorder().context("the metrics cannot be recorded")?;
    let runtime = tokio::runtime::Runtime::new().context("the server cannot start its threads")?;
    runtime.block_on(async {
        let Ok(database) = arguments.data.parse::<DatabaseUrl>();
        let server = Server::open(ServeOptions {
            database,
            listen: arguments.listen,
            environment: Environment::system(),
            currency: arguments.currency,
            time_zone: arguments.tz.clone(),
            metrics: Some(metrics),
        })
        .await?;
        eprintln!("Clove listens on http://{}", server.address()?);
        if let Some(key) = &server.owner_key {
            eprintln!("The owner's key, shown only now: {key}");
        }
        for note in &server.notes {
            eprintln!("{note}");
        }
        server.run(stop_signal()).await?;
        Ok(())
    })
}

fn parse_zone(name: &str) -> Result<TimeZone, String> {
    clove_store::settings::time_zone(name)
        .ok_or_else(|| format!("'{name}' is no time zone; write for instance Europe/Rome"))
}

pub(super) fn start_log(filter: &str, json: bool) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        crate::UsageError(format!("--log '{filter}' is no filter ({error}); write for instance info"))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = if json { log.json().try_init() } else { log.try_init() };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

/// Done at the first signal; the second one ends the process.
async fn stop_signal() {
    wait_for_signal().await;
    eprintln!("stopping; once more to stop at once");
    tokio::spawn(async {
        wait_for_signal().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "signals cannot be heard; only a kill stops the server");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "signals cannot be heard; only a kill stops the server");
        std::future::pending::<()>().await;
    }
}
