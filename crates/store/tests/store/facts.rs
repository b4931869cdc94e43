//! The log: duplicates, group commit, order of commits, erasure.

use std::time::Duration;

use clove_core::{FactBody, IdGenerator};
use clove_store::fact::{erase_subject, read_fact, read_personal, read_subject};
use clove_store::{DatabaseUrl, Db, Environment, FactWriter, Outcome, StoreError, WriterOptions};

use crate::support::{World, append, event, on_both, on_postgres, order, subject};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn duplicates_under_concurrency_are_one_fact() {
    on_both(|world: World| async move {
        let (writer, task) = FactWriter::start(world.db.clone(), WriterOptions::default());
        // Eight deliverers hand in the same 300 facts, in requests of different sizes; one goes around the group commit.
        let mut deliverers = Vec::new();
        for deliverer in 0..8_u8 {
            let (writer, db) = (writer.clone(), world.db.clone());
            deliverers.push(tokio::spawn(async move {
                let ids = IdGenerator::new([deliverer + 10; 32]);
                let facts: Vec<_> = (0..300).map(|number| event(&ids, number)).collect();
                let mut new = 0;
                for request in facts.chunks(usize::from(deliverer) * 3 + 1) {
                    let outcomes = if deliverer == 7 {
                        append(&db, request).await
                    } else {
                        writer.append(request.to_vec()).await.unwrap()
                    };
                    assert_eq!(outcomes.len(), request.len());
                    new += outcomes.iter().filter(|outcome| outcome.seq().is_some()).count();
                }
                new
            }));
        }
        let mut new = 0;
        for deliverer in deliverers {
            new += deliverer.await.unwrap();
        }
        assert_eq!(new, 300, "each fact is new for one deliverer only");
        drop(writer);
        task.await.unwrap();

        // Within one request too.
        let ids = IdGenerator::new([99; 32]);
        let twice = [event(&ids, 1_000), event(&ids, 1_000)];
        let outcomes = append(&world.db, &twice).await;
        assert!(matches!(outcomes[..], [Outcome::New { .. }, Outcome::Duplicate]), "{outcomes:?}");
        let stored = read_subject(&world.db, subject(1_000 % 97), 0, 100).await.unwrap();
        assert_eq!(stored.iter().filter(|fact| fact.external_id == "event-1000").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back_and_a_bad_fact_spoils_nobody() {
    on_both(|world: World| async move {
        let options = WriterOptions { queue_facts: 10, batch_facts: 10 };
        let (writer, _task) = FactWriter::start(world.db.clone(), options);
        let ids = IdGenerator::new([5; 32]);
        let blocker = world.db.begin().await.unwrap();
        let facts: Vec<_> = (0..8).map(|number| event(&ids, number)).collect();
        let waiting = tokio::spawn({
            let writer = writer.clone();
            async move { writer.append(facts).await }
        });
        tokio::task::yield_now().await;
        if !world.is_postgres() {
            let refused = writer.append((10..14).map(|number| event(&ids, number)).collect()).await;
            assert!(matches!(refused, Err(StoreError::Busy { retry_after_ms: 1.. })), "{refused:?}");
        }
        blocker.rollback().await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().len(), 8);

        let mut bad = event(&ids, 20);
        bad.external_id = "with a \0 character".to_owned();
        assert!(matches!(writer.append(vec![bad]).await, Err(StoreError::Fact(_))));

        // A text that the engine refuses (PostgreSQL knows no NUL) fails its own request only.
        let mut unknown = event(&ids, 21);
        unknown.body = FactBody::Unknown { kind: "strange.v1".to_owned(), json: "\0".to_owned() };
        let (strange, fine) = tokio::join!(writer.append(vec![unknown]), writer.append(vec![event(&ids, 22)]));
        assert_eq!(strange.is_err(), world.is_postgres());
        assert!(matches!(fine.unwrap()[..], [Outcome::New { .. }]));
    })
    .await;
}

/// A transaction that draws its number first and commits last must not be passed by a reader.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_commit_is_not_skipped() {
    on_postgres(|world: World| async move {
        let ids = IdGenerator::new([6; 32]);
        let mut slow = world.db.begin().await.unwrap();
        let first = slow.append(vec![event(&ids, 1)]).await.unwrap()[0].seq().unwrap();

        // Another process appends meanwhile: it must wait, for its number would be higher and visible earlier.
        let other = world.other_process().await;
        let fast = tokio::spawn({
            let fact = event(&ids, 2);
            async move { append(&other, &[fact]).await[0].seq().unwrap() }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(world.db.head().await.unwrap(), 0, "nothing is visible before the slow one commits");
        assert!(!fast.is_finished());
        slow.commit().await.unwrap();
        let second = fast.await.unwrap();
        assert!(first < second);
        assert_eq!(world.db.head().await.unwrap(), second);
    })
    .await;
}

#[tokio::test]
async fn erasure_deletes_what_identifies_and_keeps_sums_and_delivery_keys() {
    on_both(|world: World| async move {
        let ids = IdGenerator::new([7; 32]);
        let seq = append(&world.db, &[order(&ids, 5, 4_200)]).await[0].seq().unwrap();
        append(&world.db, &[order(&ids, 6, 100)]).await;
        let mut tx = world.db.begin().await.unwrap();
        assert_eq!(read_personal(&mut tx, seq, seq).await.unwrap()[&seq].email.as_deref(), Some("ann5@example.org"));
        for round in 0..2 {
            let erased = erase_subject(&mut tx, subject(5)).await.unwrap();
            assert_eq!((erased.facts, erased.personal), (1, 1 - round));
        }
        tx.commit().await.unwrap();

        let fact = read_fact(&world.db, seq).await.unwrap().unwrap();
        assert!(fact.external_id.starts_with("erased-"));
        let FactBody::Order(body) = fact.into_body() else { panic!("still an order") };
        assert_eq!((body.gross, body.attributes.len()), (4_200, 0));
        let mut tx = world.db.begin().await.unwrap();
        assert_eq!(read_personal(&mut tx, 1, 1_000).await.unwrap().len(), 1, "the other person's stay");
        tx.rollback().await.unwrap();
        assert_eq!(
            append(&world.db, &[order(&ids, 5, 4_200)]).await,
            [Outcome::Duplicate],
            "a retry is still recognised"
        );
    })
    .await;
}

#[tokio::test]
async fn a_folder_belongs_to_one_process_and_outlives_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Folder(folder.path().join("shop"));
    let db = Db::open(&url, Environment::system()).await.unwrap();
    let again = Db::open(&url, Environment::system()).await;
    assert!(matches!(again, Err(StoreError::InUse { .. })), "{again:?}");
    let key = db.hash_key().clone();
    append(&db, &[event(db.ids(), 1)]).await;
    db.close().await;
    drop(db);
    let db = Db::open(&url, Environment::system()).await.unwrap();
    assert_eq!((db.head().await.unwrap(), db.hash_key()), (1, &key));
}

/// What a failing disk leaves behind: SQLite took the transaction back, the connection still counts it as open.
const TAKEN_BACK: clove_store::SqlText = clove_store::SqlText::both("TAKEN_BACK", "ROLLBACK");

#[tokio::test]
async fn a_transaction_that_the_disk_took_back_stops_no_later_one() {
    on_both(|world: World| async move {
        if world.is_postgres() {
            return;
        }
        let ids = IdGenerator::new([21; 32]);
        let mut tx = world.db.begin().await.unwrap();
        tx.append(vec![event(&ids, 1)]).await.unwrap();
        tx.execute(TAKEN_BACK.query()).await.unwrap();
        assert!(tx.commit().await.is_err(), "nothing is left to commit");
        assert!(append(&world.db, &[event(&ids, 2)]).await[0].seq().is_some());
        assert_eq!(world.db.head().await.unwrap(), 1, "only the second one is there");
    })
    .await;
}
