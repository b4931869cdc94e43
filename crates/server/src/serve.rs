//! The life of a server: open, listen, work, stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clove_core::Currency;
use clove_http::access::KeyRing;
use clove_http::{Scope, Services, idempotency};
use clove_measure::live::{RefitHandler, ValueEraser, ValueSubscriber, schedule_refits};
use clove_people::consent::{ConsentEraser, ConsentSubscriber};
use clove_people::identity::IdentityOptions;
use clove_people::identity::live::IdentitySubscriber;
use clove_people::privacy::{PrivacyJobs, RequestEraser, replay};
use clove_people::profile::{ProfileEraser, ProfileSubscriber};
use clove_store::erasure::{Erasers, FactEraser, QuarantineEraser};
use clove_store::job::{JobWorker, WorkerSettings};
use clove_store::settings::{self, Settings};
use clove_store::{
    DatabaseUrl, Db, DriverOptions, EngineKind, Environment, FactWriter, Runner, StoreError, Subscriber, WriterOptions,
};
use jiff::tz::TimeZone;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::routes::router;

/// How long requests that are under way may take after the first signal to stop.
const SOFT_STOP: Duration = Duration::from_secs(20);

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
    /// Renders the metrics; `None` where no recorder is installed.
    pub metrics: Option<PrometheusHandle>,
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
    /// Connections can no longer be accepted.
    #[error("the server stopped accepting connections")]
    Accept(#[source] std::io::Error),
}

/// Everything that reads the log, in the order in which it is shown.
pub fn subscribers() -> Vec<Arc<dyn Subscriber>> {
    vec![
        Arc::new(IdentitySubscriber::new(IdentityOptions::default())),
        Arc::new(ProfileSubscriber),
        Arc::new(ConsentSubscriber),
        Arc::new(ValueSubscriber::default()),
    ]
}

/// Every room that keeps something of persons, for erasures and exports. The log stands last: others may read what it deletes.
pub fn erasers() -> Erasers {
    vec![
        Arc::new(ProfileEraser),
        Arc::new(ConsentEraser),
        Arc::new(RequestEraser),
        Arc::new(ValueEraser),
        Arc::new(QuarantineEraser),
        Arc::new(FactEraser),
    ]
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

/// A server that has opened its database and its port, and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    services: Arc<Services>,
    writer_task: tokio::task::JoinHandle<()>,
    metrics: Option<PrometheusHandle>,
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
        let db = Db::open(&options.database, options.environment).await?;
        // A restored backup forgets what was erased since, before anybody reads it.
        replay(&db, &erasers(), None).await?;
        let notes = first_settings(&db, options.currency, options.time_zone).await?;
        schedule_refits(&db).await?;
        let keys = KeyRing::open(db.clone()).await?;
        let owner_key = if keys.list().await?.is_empty() {
            Some(keys.create("owner", &[Scope::Admin], None).await?.key)
        } else {
            None
        };
        if db.engine() == EngineKind::Sqlite {
            // The folder is ours alone: what was under way ended with the process before.
            idempotency::give_up_all(&db).await?;
        }
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(|source| ServeError::Listen { address: options.listen, source })?;
        let (writer, writer_task) = FactWriter::start(db.clone(), WriterOptions::default());
        let services = Arc::new(Services { db, writer, keys });
        Ok(Server { listener, services, writer_task, metrics: options.metrics, owner_key, notes })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// If the system does not tell.
    pub fn address(&self) -> Result<SocketAddr, ServeError> {
        self.listener.local_addr().map_err(ServeError::Accept)
    }

    /// What endpoints share, for tests and for tools in the same process.
    pub fn services(&self) -> Arc<Services> {
        Arc::clone(&self.services)
    }

    /// Answers requests and runs the subscribers until `stop` is done; then finishes what is under way.
    ///
    /// # Errors
    /// If connections can no longer be accepted.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let stopping = CancellationToken::new();
        let tasks = TaskTracker::new();
        tasks.spawn({
            let stopping = stopping.clone();
            async move {
                stop.await;
                stopping.cancel();
            }
        });
        let runner = Runner::new(self.services.db.clone(), subscribers(), DriverOptions::default());
        // Subscribers go on until the last request is answered, so that nothing accepted waits for the next start.
        let answered = CancellationToken::new();
        let running = tokio::spawn(runner.run(answered.clone()));
        let jobs = JobWorker::new(
            self.services.db.clone(),
            Arc::new(PrivacyJobs::new(erasers())),
            WorkerSettings { concurrency: 1, ..WorkerSettings::default() },
        );
        let working = tokio::spawn({
            let stopping = stopping.clone();
            async move { jobs.run(stopping).await }
        });
        let refits = JobWorker::new(self.services.db.clone(), Arc::new(RefitHandler), RefitHandler::settings());
        let refitting = tokio::spawn({
            let answered = answered.clone();
            async move { refits.run(answered).await }
        });
        let app = router(Arc::clone(&self.services), self.metrics);
        let served = axum::serve(self.listener, app).with_graceful_shutdown(stopping.clone().cancelled_owned());
        let outcome = tokio::select! {
            outcome = served.into_future() => outcome.map_err(ServeError::Accept),
            () = async { stopping.cancelled().await; tokio::time::sleep(SOFT_STOP).await } => {
                tracing::warn!("requests were still open {} s after the signal to stop", SOFT_STOP.as_secs());
                Ok(())
            }
        };
        stopping.cancel();
        // Jobs may wait for subscribers: these end after them.
        match tokio::time::timeout(SOFT_STOP, working).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the worker of jobs ended badly"),
            Err(_) => tracing::warn!("jobs were still under way at the end; they are done after the next start"),
        }
        answered.cancel();
        if let Err(error) = running.await {
            tracing::error!(%error, "the subscribers ended badly");
        }
        let aborting = refitting.abort_handle();
        if tokio::time::timeout(SOFT_STOP, refitting).await.is_err() {
            // Its claim runs out, and the job is done at the next start.
            tracing::warn!("a refit was still going on; it begins anew at the next start");
            aborting.abort();
        }
        let db = self.services.db.clone();
        // The writer ends with its last handle; what it was given is durable then.
        drop(self.services);
        if tokio::time::timeout(SOFT_STOP, self.writer_task).await.is_err() {
            tracing::warn!("facts were still being written at the end");
        }
        db.close().await;
        outcome
    }
}
