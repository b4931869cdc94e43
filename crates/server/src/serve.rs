//! The life of a server: open, listen, work, stop.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clove_core::Currency;
use clove_http::access::KeyRing;
use clove_http::client::Network;
use clove_http::rate::{RateLimits, RateSettings};
use clove_http::{Services, SourceRegistry, idempotency};
use clove_measure::live::membership::schedule_memberships;
use clove_measure::live::{CurrentShop, schedule_refits};
use clove_people::privacy::replay;
use clove_store::settings::{self, Settings};
use clove_store::{DatabaseUrl, Db, EngineKind, Environment, FactWriter, StoreError, WriterOptions};
use jiff::tz::TimeZone;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::listen::{self, ConnectionLimits, Endings};
use crate::routes::router;
use crate::work::{Work, erasers};

/// How long requests that are under way may take after the first signal to stop.
pub(crate) const SOFT_STOP: Duration = Duration::from_secs(20);
/// How often idle callers are forgotten.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// How to serve.
pub struct ServeOptions {
    /// Where the data is.
    pub database: DatabaseUrl,
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The clock and where ids come from.
    pub environment: Environment,
    /// The shop's currency, for the first start; later ones keep what is set.
    pub currency: Option<Currency>,
    /// The shop's time zone, for the first start.
    pub time_zone: Option<TimeZone>,
    /// The folder for uploaded files; `None`: `imports` in the data folder, or `clove-imports` in the current one.
    pub files: Option<PathBuf>,
    /// The folder of the lake's files; `None`: `lake` in the data folder, none with PostgreSQL.
    pub lake: Option<PathBuf>,
    /// Renders the metrics; `None` where no recorder is installed.
    pub metrics: Option<PrometheusHandle>,
    /// Proxies whose word about clients (`X-Forwarded-For`, `-Proto`, `-Host`) is believed.
    pub trusted_proxies: Vec<Network>,
    /// How many requests callers may make.
    pub rates: RateSettings,
    /// What a connection may take.
    pub connections: ConnectionLimits,
    /// Whether it works off subscribers and jobs itself; without, [`Worker`](crate::Worker)s do, over the same PostgreSQL database.
    pub works: bool,
}

impl ServeOptions {
    /// The defaults, on this data and address.
    pub fn new(database: DatabaseUrl, listen: SocketAddr, environment: Environment) -> ServeOptions {
        ServeOptions {
            database,
            listen,
            environment,
            currency: None,
            time_zone: None,
            files: None,
            lake: None,
            metrics: None,
            trusted_proxies: Vec::new(),
            rates: RateSettings::default(),
            connections: ConnectionLimits::default(),
            works: true,
        }
    }
}

/// What keeps a server from serving.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}; is another server running there? --listen takes another address")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The system does not tell where the server listens.
    #[error("the address that the server listens on is not known")]
    Address(#[source] std::io::Error),
}

/// The folder of the lake's files: the one asked for, else `lake` in the data folder. Without either there is no lake.
pub fn lake_folder(database: &DatabaseUrl, asked: Option<PathBuf>) -> Option<PathBuf> {
    asked.or_else(|| match database {
        DatabaseUrl::Folder(folder) => Some(folder.join("lake")),
        DatabaseUrl::Postgres(_) => None,
    })
}

/// Sets what is not set yet; says what was not said, and what was said in vain.
async fn first_settings(
    db: &Db,
    currency: Option<Currency>,
    time_zone: Option<TimeZone>,
) -> Result<Vec<String>, StoreError> {
    let mut tx = db.begin().await?;
    let known = Settings::read_in(&mut tx).await?;
    let mut notes = Vec::new();
    let change = "PATCH /api/v1/settings changes it";
    match (known.get(&settings::TIME_ZONE)?, time_zone) {
        (None, Some(zone)) => settings::put(&mut tx, &settings::TIME_ZONE, &zone).await?,
        (None, None) => {
            settings::put(&mut tx, &settings::TIME_ZONE, &TimeZone::UTC).await?;
            notes.push(format!("The shop's time zone is UTC, since --tz did not say another; {change}"));
        }
        (Some(set), Some(zone)) if settings::time_zone_name(&set) != settings::time_zone_name(&zone) => {
            notes.push(format!("The shop's time zone stays {}; {change}", settings::time_zone_name(&set)));
        }
        (Some(_), _) => {}
    }
    match (known.currency()?, currency) {
        (None, Some(currency)) => settings::put(&mut tx, &settings::CURRENCY, &currency).await?,
        (None, None) => {
            notes.push("The shop's currency will be that of the first order; --currency sets it".to_owned());
        }
        (Some(set), Some(currency)) if set != currency => {
            notes.push(format!("The shop's currency stays {set}; {change}"));
        }
        (Some(_), _) => {}
    }
    tx.commit().await?;
    Ok(notes)
}

/// What a server and a worker share.
pub(crate) async fn services(
    db: Db,
    database: &DatabaseUrl,
    files: Option<PathBuf>,
    lake: Option<PathBuf>,
    rates: &RateSettings,
) -> Result<(Services, JoinHandle<()>), StoreError> {
    let keys = KeyRing::open(db.clone()).await?;
    let sources = SourceRegistry::open(db.clone()).await?;
    let (writer, writer_task) = FactWriter::start(db.clone(), WriterOptions::default());
    let files = files.unwrap_or_else(|| match database {
        DatabaseUrl::Folder(folder) => folder.join("imports"),
        DatabaseUrl::Postgres(_) => PathBuf::from("clove-imports"),
    });
    let limits = RateLimits::new(&db, rates);
    Ok((Services { db, writer, keys, trusted_proxies: Vec::new(), limits, sources, files, lake }, writer_task))
}

/// Ends the writer of facts, then the database. What the writer was given is durable then.
pub(crate) async fn close(services: Arc<Services>, writer_task: JoinHandle<()>) {
    let db = services.db.clone();
    drop(services);
    if tokio::time::timeout(SOFT_STOP, writer_task).await.is_err() {
        tracing::warn!("facts were still being written at the end");
    }
    db.close().await;
}

/// A server that has opened its database and its port, and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    services: Arc<Services>,
    writer_task: JoinHandle<()>,
    metrics: Option<PrometheusHandle>,
    connections: ConnectionLimits,
    works: bool,
    /// The owner's key, if this was the first start: shown once.
    pub owner_key: Option<String>,
    /// What is worth saying about the settings.
    pub notes: Vec<String>,
}

impl Server {
    /// Opens the database and the port. At the first start it makes the owner's key.
    ///
    /// # Errors
    /// If one of them cannot be opened.
    pub async fn open(options: ServeOptions) -> Result<Server, ServeError> {
        let lake = lake_folder(&options.database, options.lake.clone());
        let db = Db::open(&options.database, options.environment).await?;
        let notes = first_settings(&db, options.currency, options.time_zone).await?;
        schedule_refits(&db).await?;
        schedule_memberships(&db).await?;
        // A restored backup forgets what was erased since, before anybody reads it.
        replay(&db, &erasers(lake.clone()), None).await?;
        let (services, writer_task) = services(db, &options.database, options.files, lake, &options.rates).await?;
        let db = &services.db;
        if db.engine() == EngineKind::Sqlite {
            // The folder is ours alone: what was under way ended with the process before.
            idempotency::give_up_all(db).await?;
        }
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|source| ServeError::Listen { address: options.listen, source })?;
        // Last of all that can fail: a key that is made is also shown.
        let owner_key = services.keys.create_first().await?.map(|key| key.key);
        let services = Arc::new(Services { trusted_proxies: options.trusted_proxies, ..services });
        let (metrics, connections) = (options.metrics, options.connections);
        Ok(Server { listener, services, writer_task, metrics, connections, works: options.works, owner_key, notes })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> Result<SocketAddr, ServeError> {
        self.listener.local_addr().map_err(ServeError::Address)
    }

    /// What endpoints share, for tests and for tools in the same process.
    pub fn services(&self) -> Arc<Services> {
        Arc::clone(&self.services)
    }

    /// Answers requests, and works unless it was told not to, until `stop` is done; then finishes what is under way.
    ///
    /// Connections that are still open after a while are given up.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) {
        let stopping = CancellationToken::new();
        let tasks = TaskTracker::new();
        tasks.spawn({
            let stopping = stopping.clone();
            async move {
                stop.await;
                stopping.cancel();
            }
        });
        let shop = CurrentShop::new(self.services.db.clone());
        let work = self.works.then(|| Work::start(&self.services, &shop, &stopping));
        let app = router(Arc::clone(&self.services), shop, stopping.clone(), self.metrics);
        tasks.spawn({
            let (services, stopping) = (Arc::clone(&self.services), stopping.clone());
            async move {
                while stopping.run_until_cancelled(tokio::time::sleep(FORGET_EVERY)).await.is_some() {
                    services.limits.forget_idle();
                }
            }
        });
        let endings = Endings { stop: stopping.clone(), cut: CancellationToken::new() };
        let mut served = std::pin::pin!(listen::serve(self.listener, app, self.connections, endings.clone()));
        tokio::select! {
            () = &mut served => {}
            () = async { stopping.cancelled().await; tokio::time::sleep(SOFT_STOP).await } => {
                tracing::warn!("requests were still open {} s after the signal to stop", SOFT_STOP.as_secs());
                endings.cut.cancel();
                served.await;
            }
        }
        stopping.cancel();
        if let Some(work) = work {
            work.finish().await;
        }
        close(self.services, self.writer_task).await;
    }
}
