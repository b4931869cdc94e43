//! Subscribers: exactly once in effect, leases, poison, unknown kinds, rebuild, sequencer.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use clove_core::clock::SECOND;
use clove_core::{Fact, FactBody, IdGenerator};
use clove_store::subscriber::{Ordering, dead_letters, rebuild, retry_dead_letter, status, wait_until};
use clove_store::{Db, Driver, DriverOptions, Result, Runner, SqlText, Step, StoreError, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::support::{World, append, event, on_both, on_postgres, order};

const CREATE: SqlText = SqlText::each(
    "CREATE",
    "CREATE TABLE total (subject BLOB PRIMARY KEY, facts INTEGER, gross INTEGER, last INTEGER)",
    "CREATE TABLE total (subject uuid PRIMARY KEY, facts bigint, gross bigint, last bigint)",
);
const ADD: SqlText = SqlText::both(
    "ADD",
    "INSERT INTO total (subject, facts, gross, last) VALUES ($1, 1, $2, $3) ON CONFLICT (subject) DO UPDATE SET \
     facts = total.facts + 1, gross = total.gross + excluded.gross, last = excluded.last",
);
const RESET: SqlText = SqlText::both("RESET", "DELETE FROM total");
const READ: SqlText = SqlText::both("READ", "SELECT subject, facts, gross, last FROM total ORDER BY subject");

/// A small projection: facts and gross value per subject. Not idempotent, so that a fact that works twice is seen.
#[derive(Default)]
struct Totals {
    /// Fails on this external id while it is set.
    poison: Mutex<Option<String>>,
    /// Numbers of facts in the order in which they came.
    seen: Mutex<Vec<i64>>,
    global: bool,
}

impl Subscriber for Totals {
    fn name(&self) -> &'static str {
        "totals"
    }

    fn ordering(&self) -> Ordering {
        if self.global { Ordering::Global } else { Ordering::PerSubject }
    }

    fn tables(&self) -> &'static [&'static str] {
        &["total"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { tx.execute(RESET.query()).await.map(drop) })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for fact in facts {
                if self.poison.lock().unwrap().as_deref() == Some(&fact.external_id) {
                    return Err(StoreError::subscriber("this one is poisonous"));
                }
                let gross = match &*fact.body {
                    FactBody::Order(order) => order.gross,
                    _ => 0,
                };
                tx.execute(ADD.query().bind(fact.subject).bind(gross).bind(fact.seq)).await?;
                self.seen.lock().unwrap().push(fact.seq);
            }
            Ok(())
        })
    }
}

type Rows = Vec<(uuid::Uuid, i64, i64, i64)>;

async fn totals(db: &Db) -> Rows {
    db.read_all(READ.query()).await.unwrap()
}

async fn create(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    tx.execute(CREATE.query()).await.unwrap();
    tx.commit().await.unwrap();
}

fn facts(seed: u8, numbers: std::ops::Range<u64>) -> Vec<Fact> {
    let ids = IdGenerator::new([seed; 32]);
    numbers
        .map(|number| if number % 3 == 0 { order(&ids, number, number as i64) } else { event(&ids, number) })
        .collect()
}

fn handled(rows: &Rows) -> i64 {
    rows.iter().map(|row| row.1).sum()
}

/// Steps until there is nothing to do.
async fn drain(driver: &mut Driver) {
    loop {
        match driver.step().await.unwrap() {
            Step::Applied { .. } | Step::GaveUp { .. } => {}
            Step::Idle => return,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn runners_share_the_work_each_fact_works_once_and_a_rebuild_gives_the_same() {
    on_both(|world: World| async move {
        create(&world.db).await;
        let stop = CancellationToken::new();
        let mut runners = Vec::new();
        // On PostgreSQL three processes share the partitions.
        for process in 0..if world.is_postgres() { 3 } else { 1 } {
            let db = if process == 0 { world.db.clone() } else { world.other_process().await };
            let options = DriverOptions { batch: 40, lease: SECOND, ..DriverOptions::default() };
            let runner = Runner::new(db, vec![Arc::new(Totals::default()) as _], options);
            runners.push(tokio::spawn(runner.run(stop.clone())));
        }
        // Time goes on, so that leases are renewed and shared out while the work is done.
        let ticking = tokio::spawn({
            let clock = Arc::clone(&world.clock);
            async move {
                loop {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    clock.advance(SECOND / 100);
                }
            }
        });
        let mut head = 0;
        for chunk in facts(20, 0..600).chunks(37) {
            append(&world.db, chunk).await;
            head = world.db.head().await.unwrap();
        }
        let waited = tokio::time::timeout(Duration::from_mins(1), wait_until(&world.db, "totals", head)).await;
        assert!(waited.is_ok(), "{:?}", status(&world.db).await);
        let before = totals(&world.db).await;
        assert_eq!(handled(&before), 600);
        assert_eq!(before.iter().map(|row| row.2).sum::<i64>(), (0..600).step_by(3).sum::<i64>());

        // A derived fact is for subscribers with effects; a projection never sees it, so a rebuild need not either.
        let mut derived = facts(21, 1_000..1_001).remove(0);
        derived.cause = Some(derived.id);
        append(&world.db, &[derived]).await;

        let totals_subscriber: Arc<dyn Subscriber> = Arc::new(Totals::default());
        rebuild(&world.db, &totals_subscriber).await.unwrap();
        let head = world.db.head().await.unwrap();
        tokio::time::timeout(Duration::from_mins(1), wait_until(&world.db, "totals", head)).await.unwrap().unwrap();
        assert_eq!(totals(&world.db).await, before);
        let standing = status(&world.db).await.unwrap();
        assert_eq!((standing[0].behind, standing[0].rebuilding, standing[0].dead_letters), (0, false, 0));

        stop.cancel();
        for runner in runners {
            runner.await.unwrap();
        }
        ticking.abort();
        assert_eq!(status(&world.db).await.unwrap()[0].held, 0, "partitions are given back at the end");
    })
    .await;
}

#[tokio::test]
async fn a_lost_lease_shuts_the_old_holder_out() {
    on_postgres(|world: World| async move {
        create(&world.db).await;
        append(&world.db, &facts(30, 0..100)).await;
        let options = DriverOptions { batch: 10, ..DriverOptions::default() };
        let mut old = Driver::new(world.db.clone(), Arc::new(Totals::default()), options).await.unwrap();
        assert_eq!(old.step().await.unwrap(), Step::Applied { facts: 10 });

        // The old holder pauses, longer than its lease; another takes everything over and goes on.
        world.clock.advance(DriverOptions::default().lease + 1);
        let other = world.other_process().await;
        let mut new = Driver::new(other, Arc::new(Totals::default()), options).await.unwrap();
        assert_eq!(new.step().await.unwrap(), Step::Applied { facts: 10 });
        // It wakes up with the time of before: it still believes in its lease.
        world.clock.advance(-(DriverOptions::default().lease + 1));
        assert_eq!(old.step().await.unwrap(), Step::Fenced);
        world.clock.advance(DriverOptions::default().lease + 1);
        drain(&mut new).await;
        assert_eq!(handled(&totals(&world.db).await), 100, "nothing worked twice");
        old.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_poisonous_fact_ends_in_the_dead_letters_and_can_be_retried() {
    on_both(|world: World| async move {
        create(&world.db).await;
        append(&world.db, &facts(40, 0..200)).await;
        let subscriber = Arc::new(Totals::default());
        *subscriber.poison.lock().unwrap() = Some("event-100".to_owned());
        let mut driver =
            Driver::new(world.db.clone(), Arc::clone(&subscriber) as _, DriverOptions::default()).await.unwrap();
        let mut failures = 0;
        let gave_up = loop {
            match driver.step().await.unwrap() {
                Step::Applied { .. } => {}
                Step::Failed { retry_at } => {
                    failures += 1;
                    assert!(failures < 30);
                    let trouble = status(&world.db).await.unwrap()[0].trouble.clone().unwrap();
                    assert!(trouble.error.contains("poisonous"));
                    world.clock.advance((retry_at - clove_core::Clock::now(&*world.clock)).max(0));
                }
                Step::GaveUp { seq } => break seq,
                other => panic!("{other:?}"),
            }
        };
        drain(&mut driver).await;
        assert_eq!(handled(&totals(&world.db).await), 199, "the others are not held up");
        let letters = dead_letters(&world.db, "totals", 0, 10).await.unwrap();
        assert_eq!(
            (letters.len(), letters[0].seq, letters[0].attempts),
            (1, gave_up, DriverOptions::default().attempts)
        );
        assert_eq!(status(&world.db).await.unwrap()[0].trouble, None);

        let dynamic: Arc<dyn Subscriber> = subscriber.clone();
        assert!(retry_dead_letter(&world.db, &dynamic, gave_up).await.is_err(), "still poisonous");
        *subscriber.poison.lock().unwrap() = None;
        retry_dead_letter(&world.db, &dynamic, gave_up).await.unwrap();
        assert!(matches!(retry_dead_letter(&world.db, &dynamic, gave_up).await, Err(StoreError::NotFound(_))));
        assert_eq!(handled(&totals(&world.db).await), 200);
        assert!(dead_letters(&world.db, "totals", 0, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_unknown_kind_is_not_passed() {
    on_both(|world: World| async move {
        create(&world.db).await;
        let mut list = facts(50, 0..20);
        list[10].body = FactBody::Unknown { kind: "loyalty.v9".to_owned(), json: "{}".to_owned() };
        let outcomes = append(&world.db, &list).await;
        let mut driver =
            Driver::new(world.db.clone(), Arc::new(Totals::default()), DriverOptions::default()).await.unwrap();
        assert_eq!(driver.step().await.unwrap(), Step::Applied { facts: 10 });
        let step = driver.step().await.unwrap();
        let seq = outcomes[10].seq().unwrap();
        assert_eq!(step, Step::UnknownKind { seq, kind: "loyalty.v9".to_owned() });
        assert_eq!(driver.step().await.unwrap(), Step::Idle, "the partitions are free for a newer version");
        let standing = status(&world.db).await.unwrap().remove(0);
        assert_eq!((standing.position, standing.held), (seq - 1, 0));
        assert!(standing.trouble.unwrap().error.contains("loyalty.v9"));
    })
    .await;
}

/// Comes after `totals`.
struct Follower(Mutex<usize>);

impl Subscriber for Follower {
    fn name(&self) -> &'static str {
        "follower"
    }

    fn after(&self) -> &'static [&'static str] {
        &["totals"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ids = IdGenerator::new([61; 32]);
            for fact in facts.iter().filter(|fact| fact.is_primary()) {
                // A derived fact: the same cause gives the same delivery, however often it is tried.
                let mut derived = event(&ids, 5_000 + fact.seq as u64);
                derived.cause = Some(fact.id);
                tx.emit(derived);
            }
            *self.0.lock().unwrap() += facts.len();
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_sequencer_sees_the_log_in_one_order_and_others_come_after_it() {
    on_both(|world: World| async move {
        create(&world.db).await;
        append(&world.db, &facts(60, 0..150)).await;
        let sequencer = Arc::new(Totals { global: true, ..Totals::default() });
        let options = DriverOptions { batch: 32, ..DriverOptions::default() };
        let mut first = Driver::new(world.db.clone(), Arc::clone(&sequencer) as _, options).await.unwrap();
        let follower = Arc::new(Follower(Mutex::new(0)));
        let mut second = Driver::new(world.db.clone(), Arc::clone(&follower) as _, options).await.unwrap();
        assert_eq!(second.step().await.unwrap(), Step::Idle, "the sequencer has not begun");
        first.step().await.unwrap();
        drain(&mut second).await;
        // What is in memory may be four times as much.
        assert_eq!(*follower.0.lock().unwrap(), if world.is_postgres() { 32 } else { 128 });
        drain(&mut first).await;
        drain(&mut second).await;
        drain(&mut first).await;
        drain(&mut second).await;
        assert_eq!(*follower.0.lock().unwrap(), 300, "the primary facts and those that it derived itself");
        let seen = sequencer.seen.lock().unwrap().clone();
        assert_eq!(seen.len(), 150);
        assert!(seen.is_sorted());
    })
    .await;
}
