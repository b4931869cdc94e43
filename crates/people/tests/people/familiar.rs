//! What identity remembers of facts that it has seen gives the same persons as looking everything up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use clove_people::identity::live::IdentitySubscriber;
use clove_store::subscriber::{Ordering, rebuild};
use clove_store::{Db, Driver, DriverOptions, Result, Step, StoreError, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::facts::{EDGES, PersonRow, erased, person_of, person_rows, run, seen, subject_of};
use crate::support::{append, on_both};

type Edges = Vec<(Uuid, Uuid, Uuid, bool, String, i64)>;

async fn tables(db: &Db) -> (Vec<PersonRow>, Edges) {
    (person_rows(db).await, db.read_all(EDGES.query()).await.unwrap())
}

/// The tables as one who remembers nothing makes them: all facts in one batch.
async fn anew(db: &Db) -> (Vec<PersonRow>, Edges) {
    let fresh: Arc<dyn Subscriber> = Arc::new(IdentitySubscriber::default());
    rebuild(db, &fresh).await.unwrap();
    run(db, fresh, 100_000).await;
    tables(db).await
}

#[tokio::test]
async fn the_same_shown_again_changes_nothing_until_it_was_erased() {
    on_both(|world| async move {
        let db = &world.db;
        let identity: Arc<dyn Subscriber> = Arc::new(IdentitySubscriber::default());
        let shown = [&["user:ann", "email:ann@x.it"][..], &["email:ann@x.it", "anonymous:v1"], &["user:bob"]];
        for round in 0..4_u64 {
            for (number, handles) in (0..).zip(shown) {
                append(db, &[seen(db, round * 10 + number, handles)]).await;
                run(db, Arc::clone(&identity), 1).await;
            }
        }
        let known = tables(db).await;
        assert_eq!(known.0.len(), 4);
        let ann = person_of(db, "user:ann").await.unwrap();

        let names = ["user:ann", "email:ann@x.it", "anonymous:v1"];
        append(db, &[erased(db, 100, ann, &names)]).await;
        run(db, Arc::clone(&identity), 1).await;
        assert_eq!(person_of(db, "anonymous:v1").await, None);
        // She comes back of her own will.
        append(db, &[seen(db, 101, shown[1])]).await;
        run(db, Arc::clone(&identity), 1).await;
        assert_eq!(person_of(db, "anonymous:v1").await, person_of(db, "email:ann@x.it").await);
        let back = tables(db).await;

        // The same one reads the log anew, then another one.
        rebuild(db, &identity).await.unwrap();
        run(db, Arc::clone(&identity), 2).await;
        assert_eq!(tables(db).await, back);
        assert_eq!(anew(db).await, back);
    })
    .await;
}

/// Identity that fails after its work, some times, before the commit.
struct Failing {
    identity: IdentitySubscriber,
    times: AtomicUsize,
}

impl Subscriber for Failing {
    fn name(&self) -> &'static str {
        self.identity.name()
    }

    fn ordering(&self) -> Ordering {
        self.identity.ordering()
    }

    fn tables(&self) -> &'static [&'static str] {
        self.identity.tables()
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.identity.apply(tx, facts).await?;
            if self.times.fetch_update(SeqCst, SeqCst, |times| times.checked_sub(1)).is_ok() {
                return Err(StoreError::subscriber("not today"));
            }
            Ok(())
        })
    }
}

#[tokio::test]
async fn what_was_not_committed_is_not_remembered() {
    on_both(|world| async move {
        let db = &world.db;
        let failing = Failing { identity: IdentitySubscriber::default(), times: AtomicUsize::new(2) };
        let options = DriverOptions { attempts: 2, backoff: 0, ..DriverOptions::default() };
        let mut driver = Driver::new(db.clone(), Arc::new(failing), options).await.unwrap();
        // Given up, so that nothing of it is in the tables.
        append(db, &[seen(db, 1, &["user:ann", "email:ann@x.it"])]).await;
        assert!(matches!(driver.step().await.unwrap(), Step::Failed { .. }));
        assert!(matches!(driver.step().await.unwrap(), Step::GaveUp { .. }));
        assert_eq!(person_of(db, "user:ann").await, None);
        append(db, &[seen(db, 2, &["user:ann", "email:ann@x.it"])]).await;
        while driver.step().await.unwrap() != Step::Idle {}
        driver.stop().await.unwrap();
        assert_eq!(person_of(db, "user:ann").await, person_of(db, "email:ann@x.it").await);
        assert_eq!(person_of(db, "user:ann").await.unwrap().0, subject_of(db, "user:ann").0);
    })
    .await;
}
