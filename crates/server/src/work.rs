//! What is done beside answering: subscribers, jobs, refits, the lake.
//!
//! A server does it itself. Where several processes share a PostgreSQL database, servers may be told not to, and workers do it: they
//! share partitions and jobs by their leases, and what one leaves behind when it dies another takes over.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clove_http::Services;
use clove_http::rate::RateSettings;
use clove_measure::live::interaction::{InteractionEraser, InteractionSubscriber};
use clove_measure::live::lake::{LakeEraser, keep_fresh};
use clove_measure::live::membership::{MembershipJobs, MembershipSubscriber, schedule_memberships};
use clove_measure::live::{CurrentShop, RefitHandler, ValueEraser, ValueSubscriber, schedule_refits};
use clove_people::consent::{ConsentEraser, ConsentSubscriber};
use clove_people::identity::IdentityOptions;
use clove_people::identity::live::IdentitySubscriber;
use clove_people::privacy::{PrivacyJobs, RequestEraser};
use clove_people::profile::{ProfileEraser, ProfileSubscriber};
use clove_store::delivery::DeliveryEraser;
use clove_store::erasure::{Erasers, FactEraser, QuarantineEraser};
use clove_store::import::RejectEraser;
use clove_store::job::{JobHandler, JobWorker, WorkerSettings};
use clove_store::known_order::KnownOrders;
use clove_store::{DatabaseUrl, Db, DriverOptions, Environment, Runner, StoreError, Subscriber};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::imports::Imports;
use crate::serve::{SOFT_STOP, close, lake_folder, services};
use crate::webhooks::Deliveries;

/// How often to look for jobs that are due.
const LOOK_FOR_JOBS: Duration = Duration::from_millis(500);

/// Everything that reads the log, in the order in which it is shown.
pub fn subscribers() -> Vec<Arc<dyn Subscriber>> {
    vec![
        Arc::new(IdentitySubscriber::new(IdentityOptions::default())),
        Arc::new(ValueSubscriber::default()),
        Arc::new(KnownOrders),
        Arc::new(ProfileSubscriber),
        Arc::new(ConsentSubscriber),
        Arc::new(InteractionSubscriber),
        Arc::new(MembershipSubscriber::default()),
    ]
}

/// Every room that keeps something of persons, for erasures and exports. The log stands last: others may read what it deletes.
pub fn erasers(lake: Option<PathBuf>) -> Erasers {
    vec![
        Arc::new(LakeEraser { folder: lake }),
        Arc::new(ProfileEraser),
        Arc::new(ConsentEraser),
        Arc::new(RequestEraser),
        Arc::new(QuarantineEraser),
        Arc::new(DeliveryEraser),
        Arc::new(RejectEraser),
        Arc::new(ValueEraser),
        Arc::new(InteractionEraser),
        Arc::new(FactEraser),
    ]
}

/// Everything that works off jobs, with how many it does at once.
fn job_handlers(services: &Arc<Services>, stop: &CancellationToken) -> Vec<(Arc<dyn JobHandler>, usize)> {
    vec![
        (Arc::new(Deliveries::new(Arc::clone(services))), 4),
        // One after the other: each takes memory for the orders of its files.
        (Arc::new(Imports::new(services.files.clone(), stop.clone())), 1),
    ]
}

/// The work under way in a process.
pub(crate) struct Work {
    /// Subscribers and what may wait for them go on until the last request is answered, so that nothing accepted waits for the next start.
    answered: CancellationToken,
    subscribers: JoinHandle<()>,
    refits: JoinHandle<()>,
    memberships: JoinHandle<()>,
    jobs: TaskTracker,
    privacy: JoinHandle<()>,
    lake: Option<JoinHandle<()>>,
}

impl Work {
    /// Begins all of it. Jobs that wait for subscribers, and the lake, end when `stopping` is cancelled.
    pub(crate) fn start(services: &Arc<Services>, shop: &Arc<CurrentShop>, stopping: &CancellationToken) -> Work {
        let (db, answered) = (&services.db, CancellationToken::new());
        let runner = Runner::new(db.clone(), subscribers(), DriverOptions::default());
        let subscribers = tokio::spawn(runner.run(answered.clone()));
        let work_off = |worker: JobWorker, stop: CancellationToken| async move { worker.run(stop).await };
        let refits = JobWorker::new(db.clone(), Arc::new(RefitHandler), RefitHandler::settings());
        let refits = tokio::spawn(work_off(refits, answered.clone()));
        // They read the whole shop: like the lake they end with the requests.
        let memberships = Arc::new(MembershipJobs::new(Arc::clone(shop)));
        let memberships = JobWorker::new(db.clone(), memberships, MembershipJobs::settings());
        let memberships = tokio::spawn(work_off(memberships, stopping.clone()));
        let jobs = TaskTracker::new();
        for (handler, at_once) in job_handlers(services, stopping) {
            let settings = WorkerSettings {
                claim: at_once,
                concurrency: at_once,
                look_again: LOOK_FOR_JOBS,
                ..WorkerSettings::default()
            };
            jobs.spawn(work_off(JobWorker::new(db.clone(), handler, settings), answered.clone()));
        }
        jobs.close();
        let privacy = JobWorker::new(
            db.clone(),
            Arc::new(PrivacyJobs::new(erasers(services.lake.clone()))),
            WorkerSettings { concurrency: 1, ..WorkerSettings::default() },
        );
        let privacy = tokio::spawn(work_off(privacy, stopping.clone()));
        let lake =
            services.lake.as_ref().map(|lake| tokio::spawn(keep_fresh(db.clone(), lake.clone(), stopping.clone())));
        Work { answered, subscribers, refits, memberships, jobs, privacy, lake }
    }

    /// Finishes what is under way, after `stopping` was cancelled and the last request is answered.
    pub(crate) async fn finish(self) {
        // Jobs may wait for subscribers: these end after them.
        match tokio::time::timeout(SOFT_STOP, self.privacy).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the worker of jobs ended badly"),
            Err(_) => tracing::warn!("jobs were still under way at the end; they are done after the next start"),
        }
        let aborting = self.memberships.abort_handle();
        if tokio::time::timeout(SOFT_STOP, self.memberships).await.is_err() {
            tracing::warn!("segments were still being filled; they are filled anew after the next start");
            aborting.abort();
        }
        self.answered.cancel();
        if let Err(error) = self.subscribers.await {
            tracing::error!(%error, "the subscribers ended badly");
        }
        let aborting = self.refits.abort_handle();
        if tokio::time::timeout(SOFT_STOP, self.refits).await.is_err() {
            // Its claim runs out, and the job is done at the next start.
            tracing::warn!("a refit was still going on; it begins anew at the next start");
            aborting.abort();
        }
        if tokio::time::timeout(SOFT_STOP, self.jobs.wait()).await.is_err() {
            tracing::warn!("jobs were still at work at the end; they begin again at the next start");
        }
        if let Some(lake) = self.lake
            && let Err(error) = lake.await
        {
            tracing::error!(%error, "the keeping of the lake ended badly");
        }
    }
}

/// What a worker works on.
pub struct WorkerOptions {
    /// The database that it shares with servers.
    pub database: DatabaseUrl,
    /// The clock and where ids come from.
    pub environment: Environment,
    /// The folder for uploaded files: the servers' own, or the same disk.
    pub files: Option<PathBuf>,
    /// The folder of the lake's files; `None`: there is none.
    pub lake: Option<PathBuf>,
}

/// A process that works and does not answer: [`Work`] alone.
pub struct Worker {
    services: Arc<Services>,
    writer_task: JoinHandle<()>,
}

impl Worker {
    /// Opens the database.
    ///
    /// # Errors
    /// If it cannot be used; for a folder that another process uses, [`StoreError::InUse`].
    pub async fn open(options: WorkerOptions) -> Result<Worker, StoreError> {
        let lake = lake_folder(&options.database, options.lake);
        let db = Db::open(&options.database, options.environment).await?;
        schedule_refits(&db).await?;
        schedule_memberships(&db).await?;
        let (services, writer_task) =
            services(db, &options.database, options.files, lake, &RateSettings::default()).await?;
        Ok(Worker { services: Arc::new(services), writer_task })
    }

    /// Works until `stop` is done; then finishes what is under way.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) {
        let stopping = CancellationToken::new();
        let shop = CurrentShop::new(self.services.db.clone());
        let work = Work::start(&self.services, &shop, &stopping);
        stop.await;
        stopping.cancel();
        work.finish().await;
        close(self.services, self.writer_task).await;
    }
}
