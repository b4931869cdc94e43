//! Jobs and timers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clove_core::clock::SECOND;
use clove_store::job::{
    ClaimedJob, JobHandler, JobWorker, NewJob, WorkerSettings, cancel, claim, complete, dead_jobs, enqueue, fail,
    reschedule, retry, status,
};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;

use crate::support::{START, World, on_both};

async fn put(db: &Db, job: NewJob) -> bool {
    let mut tx = db.begin().await.unwrap();
    let put = enqueue(&mut tx, job).await.unwrap().is_some();
    tx.commit().await.unwrap();
    put
}

#[tokio::test]
async fn a_job_is_unique_while_live_waits_for_its_time_and_is_claimed_once() {
    on_both(|world: World| async move {
        let job = || NewJob::new("mail", "{}", START + 10 * SECOND).unique("ann");
        assert!(put(&world.db, job()).await);
        assert!(!put(&world.db, job()).await, "one with its key is live");
        let mut tx = world.db.begin().await.unwrap();
        assert!(enqueue(&mut tx, NewJob::new("mail", "{}", START)).await.unwrap().is_some());
        tx.rollback().await.unwrap();

        assert!(claim(&world.db, "mail", 10, SECOND).await.unwrap().is_empty(), "not due");
        let mut tx = world.db.begin().await.unwrap();
        assert!(reschedule(&mut tx, "mail", "ann", START + 5 * SECOND).await.unwrap());
        tx.commit().await.unwrap();
        world.clock.advance(5 * SECOND);

        let (one, two) = tokio::join!(claim(&world.db, "mail", 10, SECOND), claim(&world.db, "mail", 10, SECOND));
        let claimed: Vec<ClaimedJob> = one.unwrap().into_iter().chain(two.unwrap()).collect();
        assert_eq!(claimed.len(), 1);
        let mut tx = world.db.begin().await.unwrap();
        complete(&mut tx, &claimed[0]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(put(&world.db, job()).await, "the key is free again");
        let mut tx = world.db.begin().await.unwrap();
        assert!(cancel(&mut tx, "mail", "ann").await.unwrap());
        tx.commit().await.unwrap();
        assert!(status(&world.db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_ran_out_is_fenced() {
    on_both(|world: World| async move {
        put(&world.db, NewJob::new("mail", "{}", START)).await;
        let slow = claim(&world.db, "mail", 1, SECOND).await.unwrap().remove(0);
        assert!(claim(&world.db, "mail", 1, SECOND).await.unwrap().is_empty());
        world.clock.advance(2 * SECOND);
        let quick = claim(&world.db, "mail", 1, SECOND).await.unwrap().remove(0);
        assert_eq!((slow.id(), quick.attempts), (quick.id(), 2));

        let mut tx = world.db.begin().await.unwrap();
        assert!(matches!(complete(&mut tx, &slow).await, Err(StoreError::Fenced(_))));
        assert!(matches!(fail(&mut tx, &slow, "late").await, Err(StoreError::Fenced(_))));
        complete(&mut tx, &quick).await.unwrap();
        tx.commit().await.unwrap();
    })
    .await;
}

/// Fails as long as it is told to.
struct Moody {
    failures: AtomicUsize,
    done: AtomicUsize,
}

impl JobHandler for Moody {
    fn queue(&self) -> &'static str {
        "moody"
    }

    fn run<'a>(&'a self, db: &'a Db, _job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>> {
        Box::pin(async move {
            let left = self.failures.load(Ordering::SeqCst);
            if left > 0 {
                self.failures.store(left - 1, Ordering::SeqCst);
                assert!(left != 2, "a panic is a failure too");
                return Err(StoreError::subscriber("not in the mood"));
            }
            self.done.fetch_add(1, Ordering::SeqCst);
            Ok(Some(db.begin().await?))
        })
    }
}

#[tokio::test]
async fn what_fails_is_tried_again_then_lies_in_the_dead_letters_until_a_person_retries_it() {
    on_both(|world: World| async move {
        let handler = Arc::new(Moody { failures: AtomicUsize::new(3), done: AtomicUsize::new(0) });
        let worker = JobWorker::new(world.db.clone(), Arc::clone(&handler) as _, WorkerSettings::default());
        put(&world.db, NewJob { max_attempts: 3, ..NewJob::new("moody", "{}", START).unique("k") }).await;
        for pause in [1, 2, 4] {
            assert_eq!(worker.work_once().await.unwrap(), 1);
            assert_eq!(worker.work_once().await.unwrap(), 0, "not before the pause is over");
            world.clock.advance(pause * SECOND);
        }
        assert_eq!(worker.work_once().await.unwrap(), 0, "given up");
        let dead = dead_jobs(&world.db, "moody", 10).await.unwrap();
        assert_eq!((dead.len(), dead[0].attempts), (1, 3));
        assert!(dead[0].last_error.as_ref().unwrap().contains("not in the mood"), "{dead:?}");

        // The key is free while it is dead; a retry waits for the one that took its place.
        put(&world.db, NewJob::new("moody", "{}", START).unique("k")).await;
        let mut tx = world.db.begin().await.unwrap();
        assert!(matches!(retry(&mut tx, dead[0].id()).await, Err(StoreError::AlreadyLive)));
        tx.rollback().await.unwrap();
        assert_eq!(worker.work_once().await.unwrap(), 1);
        let mut tx = world.db.begin().await.unwrap();
        retry(&mut tx, dead[0].id()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(worker.work_once().await.unwrap(), 1);
        assert_eq!(handler.done.load(Ordering::SeqCst), 2);
        assert!(status(&world.db).await.unwrap().is_empty());
    })
    .await;
}
