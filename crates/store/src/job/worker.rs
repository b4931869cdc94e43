//! Works off the jobs of queues until told to stop.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use clove_core::Micros;
use clove_core::clock::SECOND;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use super::{ClaimedJob, claim, complete, fail};
use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

/// Does the jobs of one queue. A job may run more than once: what it does outside of the database must bear that.
pub trait JobHandler: Send + Sync {
    /// The queue.
    fn queue(&self) -> &'static str;

    /// Does the job. A transaction that it hands back is committed together with the job's end: then its changes happen once.
    /// Calls to the network belong before that transaction is begun.
    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>>;
}

/// How a [`JobWorker`] works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Jobs claimed at once, per queue.
    pub claim: usize,
    /// Jobs run at the same time, per queue.
    pub concurrency: usize,
    /// How long a claim lasts: longer than the longest batch takes.
    pub lease: Micros,
    /// How often to look for due jobs.
    pub look_again: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        WorkerSettings { claim: 50, concurrency: 8, lease: 120 * SECOND, look_again: Duration::from_millis(100) }
    }
}

/// Works off the jobs of a handler's queue.
pub struct JobWorker {
    db: Db,
    handler: Arc<dyn JobHandler>,
    settings: WorkerSettings,
}

impl JobWorker {
    /// A worker for a handler's queue.
    pub fn new(db: Db, handler: Arc<dyn JobHandler>, settings: WorkerSettings) -> JobWorker {
        JobWorker { db, handler, settings }
    }

    /// Works until `stop` is cancelled, then finishes what it has claimed.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match self.work_once().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(
                        queue = self.handler.queue(),
                        error = error.chain(),
                        "jobs could not be claimed; trying again"
                    );
                }
            }
            stop.run_until_cancelled(tokio::time::sleep(self.settings.look_again)).await;
        }
    }

    /// Claims what is due and does it; how many jobs there were.
    pub async fn work_once(&self) -> Result<usize> {
        let jobs = claim(&self.db, self.handler.queue(), self.settings.claim, self.settings.lease).await?;
        let claimed = jobs.len();
        futures::stream::iter(jobs)
            .for_each_concurrent(self.settings.concurrency, |job| async move {
                if let Err(error) = self.work(&job).await {
                    // The claim runs out by itself, and the job is taken again.
                    tracing::warn!(job = %job.id(), queue = job.queue, error = error.chain(), "a job could not be put away");
                }
            })
            .await;
        Ok(claimed)
    }

    async fn work(&self, job: &ClaimedJob) -> Result<()> {
        let outcome = match AssertUnwindSafe(self.handler.run(&self.db, job)).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::subscriber("the handler panicked")),
        };
        match outcome {
            Ok(tx) => {
                let mut tx = match tx {
                    Some(tx) => tx,
                    None => self.db.begin().await?,
                };
                complete(&mut tx, job).await?;
                tx.commit().await
            }
            Err(error) => {
                tracing::warn!(job = %job.id(), queue = job.queue, attempts = job.attempts, error = error.chain(), "a job failed");
                metrics::counter!("clove_job_failures_total", "queue" => self.handler.queue()).increment(1);
                let mut tx = self.db.begin().await?;
                fail(&mut tx, job, &error.chain()).await?;
                tx.commit().await
            }
        }
    }
}
