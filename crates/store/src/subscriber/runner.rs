//! Runs subscribers until told to stop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clove_core::Micros;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Driver, DriverOptions, Step, Subscriber};
use crate::db::Db;
use crate::error::StoreError;
use crate::sql::EngineKind;

/// How long to wait before looking again, where other processes may append. Facts of this process are told at once.
const LOOK_AGAIN_SHARED: Duration = Duration::from_millis(50);
/// The same where this process is alone: only leases are to be renewed.
const LOOK_AGAIN_ALONE: Duration = Duration::from_secs(1);
/// How long to wait after the database itself failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Runs each of a list of subscribers in a task of its own.
pub struct Runner {
    db: Db,
    subscribers: Vec<Arc<dyn Subscriber>>,
    options: DriverOptions,
}

impl Runner {
    /// A runner of these subscribers.
    pub fn new(db: Db, subscribers: Vec<Arc<dyn Subscriber>>, options: DriverOptions) -> Runner {
        Runner { db, subscribers, options }
    }

    /// Runs until `stop` is cancelled; each subscriber finishes its batch and gives its partitions back.
    pub async fn run(self, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        for subscriber in self.subscribers {
            tasks.spawn(run_one(self.db.clone(), subscriber, self.options, stop.clone()));
        }
        tasks.close();
        tasks.wait().await;
    }
}

async fn run_one(db: Db, subscriber: Arc<dyn Subscriber>, options: DriverOptions, stop: CancellationToken) {
    let name = subscriber.name();
    let mut driver = loop {
        match Driver::new(db.clone(), Arc::clone(&subscriber), options).await {
            Ok(driver) => break driver,
            Err(error) => {
                complain(name, &error);
                if stop.run_until_cancelled(tokio::time::sleep(AFTER_FAILURE)).await.is_none() {
                    return;
                }
            }
        }
    };
    let look_again = match db.engine() {
        EngineKind::Sqlite => LOOK_AGAIN_ALONE,
        EngineKind::Postgres => LOOK_AGAIN_SHARED,
    };
    let (mut appended, mut progress) = (db.watch_appended(), db.watch_progress());
    while !stop.is_cancelled() {
        appended.mark_unchanged();
        progress.mark_unchanged();
        let begun = Instant::now();
        let wait = match driver.step().await {
            // It has caught up: the next facts may gather for a moment. Many small transactions would keep the one writer of SQLite
            // from those who hand in.
            Ok(Step::Applied { facts }) if facts < options.batch => {
                stop.run_until_cancelled(tokio::time::sleep(subscriber.gathers_for().saturating_sub(begun.elapsed())))
                    .await;
                continue;
            }
            Ok(Step::Applied { .. } | Step::GaveUp { .. } | Step::Fenced) => continue,
            Ok(Step::Idle) => {
                // Facts of this process, progress of a subscriber that must come first, or another process.
                let news = async {
                    tokio::select! {
                        _ = appended.changed() => {}
                        _ = progress.changed(), if !subscriber.after().is_empty() => {}
                        () = tokio::time::sleep(look_again) => {}
                    }
                };
                stop.run_until_cancelled(news).await;
                continue;
            }
            Ok(Step::Failed { retry_at }) => until(db.now(), retry_at),
            Ok(Step::UnknownKind { .. }) => until(0, options.lease),
            Err(error) => {
                complain(name, &error);
                AFTER_FAILURE
            }
        };
        stop.run_until_cancelled(tokio::time::sleep(wait)).await;
    }
    if let Err(error) = driver.stop().await {
        // The lease runs out by itself.
        complain(name, &error);
    }
}

fn until(now: Micros, then: Micros) -> Duration {
    Duration::from_micros(u64::try_from(then - now).unwrap_or(0))
}

fn complain(subscriber: &'static str, error: &StoreError) {
    tracing::error!(subscriber, error = error.chain(), "the database failed a subscriber; trying again");
}
