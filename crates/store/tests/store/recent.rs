//! What subscribers are given from memory is what the log says.

use std::sync::{Arc, Mutex};

use clove_core::{IdGenerator, Personal};
use clove_store::fact::{erase_subject, read_fact, read_personal};
use clove_store::{Driver, DriverOptions, FactWriter, Result, Step, StoredFact, Subscriber, Tx, WriterOptions};
use futures::future::BoxFuture;

use crate::support::{World, append, event, on_both, order, subject};

/// Keeps what it is given.
#[derive(Default)]
struct Keeper(Mutex<Vec<(StoredFact, Option<Personal>)>>);

impl Subscriber for Keeper {
    fn name(&self) -> &'static str {
        "keeper"
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let personal = read_personal(tx, facts[0].seq, facts[facts.len() - 1].seq).await?;
            let with = |fact: &StoredFact| (fact.clone(), personal.get(&fact.seq).map(|personal| (**personal).clone()));
            self.0.lock().unwrap().extend(facts.iter().map(with));
            Ok(())
        })
    }
}

async fn keeper(world: &World) -> (Arc<Keeper>, Driver) {
    let keeper = Arc::new(Keeper::default());
    let driver = Driver::new(world.db.clone(), Arc::clone(&keeper) as _, DriverOptions::default()).await.unwrap();
    (keeper, driver)
}

async fn drain(driver: &mut Driver) {
    while driver.step().await.unwrap() != Step::Idle {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn facts_from_memory_are_those_of_the_log() {
    on_both(|world: World| async move {
        let (keeper, mut driver) = keeper(&world).await;
        let (writer, task) = FactWriter::start(world.db.clone(), WriterOptions::default());
        let mut deliverers = Vec::new();
        for deliverer in 0..4_u8 {
            let (writer, db) = (writer.clone(), world.db.clone());
            deliverers.push(tokio::spawn(async move {
                let ids = IdGenerator::new([deliverer + 20; 32]);
                // Half of what each hands in is known from another one, so that numbers are left out.
                let from = u64::from(deliverer) * 200;
                for number in from..from + 400 {
                    let fact = if number % 3 == 0 { order(&ids, number, 100) } else { event(&ids, number) };
                    if number % 7 == 0 {
                        append(&db, &[fact]).await;
                    } else {
                        writer.append(vec![fact]).await.unwrap();
                    }
                }
            }));
        }
        for deliverer in deliverers {
            drain(&mut driver).await;
            deliverer.await.unwrap();
        }
        drain(&mut driver).await;
        drop(writer);
        task.await.unwrap();

        let kept = std::mem::take(&mut *keeper.0.lock().unwrap());
        assert_eq!(kept.len(), 1_000);
        assert!(kept.windows(2).all(|pair| pair[0].0.seq < pair[1].0.seq));
        // Another look at the file knows nothing of this process's memory.
        let mut tx = world.db.begin().await.unwrap();
        erase_subject(&mut tx, subject(96)).await.unwrap();
        for (fact, personal) in kept {
            if fact.subject == subject(96) {
                continue;
            }
            assert_eq!(read_fact(&world.db, fact.seq).await.unwrap().unwrap(), fact);
            let stored = read_personal(&mut tx, fact.seq, fact.seq).await.unwrap().remove(&fact.seq);
            assert_eq!(stored.as_deref(), personal.as_ref());
        }
        tx.rollback().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_erased_is_not_given_from_memory() {
    on_both(|world: World| async move {
        let (keeper, mut driver) = keeper(&world).await;
        drain(&mut driver).await;
        let ids = IdGenerator::new([7; 32]);
        append(&world.db, &[order(&ids, 1, 100), order(&ids, 2, 200)]).await;

        let mut tx = world.db.begin().await.unwrap();
        erase_subject(&mut tx, subject(1)).await.unwrap();
        assert!(read_personal(&mut tx, 1, 2).await.unwrap().keys().eq([&2]), "gone within the transaction already");
        // On SQLite the driver waits for the transaction, with facts that it read before it.
        let step = tokio::spawn(async move {
            drain(&mut driver).await;
            driver
        });
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        tx.commit().await.unwrap();
        let mut driver = step.await.unwrap();
        append(&world.db, &[order(&ids, 3, 300)]).await;
        drain(&mut driver).await;

        let kept = keeper.0.lock().unwrap();
        let names: Vec<&str> = kept.iter().map(|(fact, _)| &*fact.external_id).collect();
        assert_eq!(&names[1..], ["order-2", "order-3"]);
        assert!(kept[1].1.is_some() && kept[2].1.is_some());
        if !world.is_postgres() {
            assert!(names[0].starts_with("erased-"), "{names:?}");
            assert_eq!(kept[0].1, None);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_done_after_a_commit_is_not_done_without_one() {
    on_both(|world: World| async move {
        let done = Arc::new(Mutex::new(Vec::new()));
        for (number, commits) in [(1, false), (2, true)] {
            let mut tx = world.db.begin().await.unwrap();
            let noting = Arc::clone(&done);
            tx.after_commit(move || noting.lock().unwrap().push(number));
            assert!(!done.lock().unwrap().contains(&number), "not before");
            if commits {
                tx.commit().await.unwrap();
            } else {
                tx.rollback().await.unwrap();
            }
        }
        assert_eq!(*done.lock().unwrap(), [2]);
    })
    .await;
}
