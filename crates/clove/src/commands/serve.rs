//! `clove serve`: the server.

use std::future::Future;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use clove_core::Currency;
use clove_http::client::Network;
use clove_http::rate::{Limit, RateSettings};
use clove_server::{ServeOptions, Server};
use clove_store::{DatabaseUrl, Environment};
use jiff::tz::TimeZone;
use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;

use crate::demo::make_folder;

/// Where the data is and where to listen.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The data folder, or a postgres:// address
    #[arg(
        long,
        env = "CLOVE_DATA",
        default_value = "clove-data",
        default_value_if("demo", "true", "clove-demo-data"),
        value_name = "FOLDER|URL"
    )]
    data: String,
    /// A shop that Clove makes up, to look round: three years of orders until yesterday, in a folder of its own
    #[arg(long, conflicts_with_all = ["currency", "tz"])]
    demo: bool,
    /// The address to listen on
    #[arg(long, env = "CLOVE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The shop's currency, for instance EUR; kept from the first start on [default: that of the first order]
    #[arg(long, env = "CLOVE_CURRENCY", value_name = "CODE")]
    currency: Option<Currency>,
    /// The shop's time zone, for instance Europe/Rome; kept from the first start on [default: UTC]
    #[arg(long, env = "CLOVE_TZ", value_name = "ZONE", value_parser = parse_zone)]
    tz: Option<TimeZone>,
    /// The folder for uploaded files until they are taken in [default: imports in the data folder, clove-imports with PostgreSQL]
    #[arg(long, env = "CLOVE_FILES", value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Believe this proxy's X-Forwarded-For, -Proto and -Host: an address or a network such as 10.0.0.0/8; several times for several
    #[arg(long = "trusted-proxy", env = "CLOVE_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK")]
    trusted_proxies: Vec<Network>,
    /// Requests of a key that may hand in facts: a second, and at once
    #[arg(long, env = "CLOVE_LIMIT_INGEST", default_value = "20000/40000", value_name = "RATE/BURST")]
    limit_ingest: Limit,
    /// Requests of another key
    #[arg(long, env = "CLOVE_LIMIT_KEYS", default_value = "100/1000", value_name = "RATE/BURST")]
    limit_keys: Limit,
    /// Requests of a person who is signed in
    #[arg(long, env = "CLOVE_LIMIT_SESSIONS", default_value = "50/500", value_name = "RATE/BURST")]
    limit_sessions: Limit,
    /// Requests from an address without key or session
    #[arg(long, env = "CLOVE_LIMIT_ADDRESSES", default_value = "20/200", value_name = "RATE/BURST")]
    limit_addresses: Limit,
    /// The folder for the lake's Parquet files [default: lake in the data folder; none with PostgreSQL]
    #[arg(long, env = "CLOVE_LAKE", value_name = "FOLDER")]
    lake: Option<PathBuf>,
    /// Answer only, and leave subscribers and jobs to `clove worker` processes over the same PostgreSQL database
    #[arg(long, env = "CLOVE_NO_WORK")]
    no_work: bool,
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
        if arguments.no_work && matches!(database, DatabaseUrl::Folder(_)) {
            return Err(crate::UsageError(
                "--no-work is for PostgreSQL: a data folder is used by one process, which does its work itself".into(),
            )
            .into());
        }
        if arguments.demo {
            let DatabaseUrl::Folder(folder) = &database else {
                return Err(crate::UsageError(
                    "--demo makes a folder of its own: leave --data out, or name a folder".into(),
                )
                .into());
            };
            make_folder(folder).await?;
        }
        let server = Server::open(ServeOptions {
            currency: arguments.currency,
            time_zone: arguments.tz.clone(),
            files: arguments.files.clone(),
            lake: arguments.lake.clone(),
            works: !arguments.no_work,
            metrics: Some(metrics),
            trusted_proxies: arguments.trusted_proxies.clone(),
            rates: RateSettings {
                ingest: arguments.limit_ingest,
                keys: arguments.limit_keys,
                sessions: arguments.limit_sessions,
                addresses: arguments.limit_addresses,
            },
            ..ServeOptions::new(database, arguments.listen, Environment::system())
        })
        .await?;
        let stop = stop_signal();
        let address = server.address()?;
        eprintln!("Clove listens on http://{address}");
        if let Some(key) = &server.owner_key {
            eprintln!("The owner's key, shown only now: {key}");
            eprintln!("Lost it? Stop the server, and clove keys create makes another.");
            // What stands behind the # stays in the browser.
            let host = if address.ip().is_unspecified() { "localhost".to_owned() } else { address.ip().to_string() };
            eprintln!("Open http://{host}:{}/#key={key}", address.port());
        }
        for note in &server.notes {
            eprintln!("{note}");
        }
        server.run(stop).await;
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
    // Libraries that see requests as they come may write what they see: they keep quiet whatever is asked for.
    let quiet = ["axum=warn", "axum::rejection=off", "hyper=warn", "hyper_util=warn", "tower_http=warn", "sqlx=warn"];
    let filter = quiet
        .iter()
        .try_fold(filter, |filter, directive| directive.parse().map(|directive| filter.add_directive(directive)))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = if json { log.json().try_init() } else { log.try_init() };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

/// Done at the first signal; the second one ends the process. Signals are heard from this call on.
pub(super) fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    let mut signals = Signals::listen();
    async move {
        signals.next().await;
        eprintln!("stopping; once more to stop at once");
        tokio::spawn(async move {
            signals.next().await;
            std::process::exit(130);
        });
    }
}

/// The signals to stop: interrupt and terminate.
#[cfg(unix)]
struct Signals(Option<[tokio::signal::unix::Signal; 2]>);

#[cfg(unix)]
impl Signals {
    fn listen() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            (Ok(interrupt), Ok(terminate)) => Signals(Some([interrupt, terminate])),
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "signals cannot be heard; only a kill stops the process");
                Signals(None)
            }
        }
    }

    async fn next(&mut self) {
        let Some([interrupt, terminate]) = &mut self.0 else { return std::future::pending().await };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// The signal to stop: Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Signals {
        Signals
    }

    async fn next(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "signals cannot be heard; only a kill stops the process");
            std::future::pending::<()>().await;
        }
    }
}
