//! Backups: restored is the same, in every table; damage and data in the way are refused.

use std::sync::Arc;

use clove_store::{DatabaseUrl, Db, Environment, StoreError, backup, job};

use crate::support::{World, append, event, on_both, order, postgres_database, postgres_server};

/// A place for the restored data, of the same engine.
async fn place(world: &World, folder: &std::path::Path) -> DatabaseUrl {
    match (world.is_postgres(), postgres_server()) {
        (true, Some(server)) => postgres_database(&server).await,
        _ => DatabaseUrl::Folder(folder.join("restored")),
    }
}

fn environment(world: &World) -> Environment {
    Environment::new(Arc::clone(&world.clock) as _, [7; 32])
}

async fn fill(world: &World, numbers: std::ops::Range<u64>) {
    let facts: Vec<_> = numbers
        .flat_map(|number| [event(world.db.ids(), number), order(world.db.ids(), number, 1_000 + number as i64)])
        .collect();
    append(&world.db, &facts).await;
    let mut tx = world.db.begin().await.unwrap();
    job::enqueue(&mut tx, job::NewJob::new("mail", "{\"to\": \"x\\ty\\\\z\\n\"}", world.db.now())).await.unwrap();
    tx.commit().await.unwrap();
}

async fn facts(db: &Db) -> Vec<String> {
    let mut facts = Vec::new();
    for seq in 1..=db.head().await.unwrap() {
        facts.push(format!("{:?}", clove_store::fact::read_fact(db, seq).await.unwrap()));
    }
    facts
}

#[tokio::test]
async fn restored_is_the_same_and_goes_on() {
    on_both(|world: World| async move {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        fill(&world, 0..300).await;
        let made = backup::back_up(&world.url, &copy, "test", world.db.now()).await.unwrap();
        assert_eq!((made.head, &made.version), (600, &"test".to_owned()));
        let before = facts(&world.db).await;
        // What comes later is not in it.
        fill(&world, 300..310).await;

        let again = backup::back_up(&world.url, &copy, "test", world.db.now()).await.unwrap_err();
        assert!(again.to_string().contains("not empty"), "{again}");
        let over = backup::restore(&copy, &world.url, environment(&world)).await.unwrap_err();
        assert!(over.to_string().contains("nothing is written over"), "{over}");

        let place = place(&world, folder.path()).await;
        let (restored, manifest) = backup::restore(&copy, &place, environment(&world)).await.unwrap();
        assert_eq!(manifest, made);
        assert_eq!(facts(&restored).await, before);
        assert_eq!(restored.hash_key(), world.db.hash_key(), "deliveries are known again");
        let jobs = job::claim(&restored, "mail", 10, 1_000_000).await.unwrap();
        assert_eq!(jobs[0].payload, "{\"to\": \"x\\ty\\\\z\\n\"}");
        // The same delivery is the same fact, a new one comes after.
        let outcomes = append(&restored, &[event(restored.ids(), 5), event(restored.ids(), 305)]).await;
        assert!(!matches!(outcomes[0], clove_store::Outcome::New { .. }));
        assert!(outcomes[1].seq() > Some(600), "{outcomes:?}");
        restored.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_damaged_or_unfinished_backup_is_refused() {
    on_both(|world: World| async move {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy");
        fill(&world, 0..20).await;
        let made = backup::back_up(&world.url, &copy, "test", world.db.now()).await.unwrap();
        let largest = made.files.iter().max_by_key(|file| file.bytes).unwrap();
        let file = copy.join(&largest.path);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let place = place(&world, folder.path()).await;
        let damaged = backup::restore(&copy, &place, environment(&world)).await.unwrap_err();
        assert!(matches!(&damaged, StoreError::Backup(reason) if reason.contains("damaged")), "{damaged}");
        bytes[middle] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let manifest = copy.join("manifest.json");
        let text = std::fs::read_to_string(&manifest).unwrap();
        std::fs::write(&manifest, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
        assert!(
            backup::restore(&copy, &place, environment(&world))
                .await
                .unwrap_err()
                .to_string()
                .contains("newer version")
        );
        std::fs::write(&manifest, text.replace("0001_store", "9999_later")).unwrap();
        assert!(
            backup::restore(&copy, &place, environment(&world))
                .await
                .unwrap_err()
                .to_string()
                .contains("newer version")
        );
        std::fs::remove_file(&manifest).unwrap();
        assert!(
            backup::restore(&copy, &place, environment(&world)).await.unwrap_err().to_string().contains("no backup")
        );
    })
    .await;
}

#[tokio::test]
async fn looking_changes_nothing_and_needs_no_lock() {
    on_both(|world: World| async move {
        fill(&world, 0..10).await;
        let look = Db::open_read_only(&world.url, environment(&world)).await.unwrap();
        let report = look.migrations().await.unwrap();
        assert!(report.pending.is_empty() && report.unknown.is_empty() && report.changed.is_empty(), "{report:?}");
        assert_eq!((look.head().await.unwrap(), look.damage(true).await.unwrap()), (20, Vec::new()));
        assert_eq!(look.hash_key(), world.db.hash_key());
        assert!(look.size().await.unwrap() > 10_000 && look.database_clock().await.unwrap() > crate::support::START);
        if !world.is_postgres() {
            let outcome = async {
                let mut tx = look.begin().await?;
                job::enqueue(&mut tx, job::NewJob::new("mail", "{}", 0)).await
            };
            assert!(outcome.await.is_err(), "a folder that is only looked at cannot be written to");
        }
    })
    .await;
}
