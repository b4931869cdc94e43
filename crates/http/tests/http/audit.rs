//! The audit log: with the change or not at all, and never changed.

use clove_http::Actor;
use clove_http::audit::{entries, record};
use clove_store::SqlText;
use serde_json::json;

use crate::support::{World, on_both};

const CHANGE: SqlText = SqlText::both("CHANGE", "UPDATE audit_entry SET action = 'nothing'");
const DELETE: SqlText = SqlText::both("DELETE", "DELETE FROM audit_entry");

#[tokio::test]
async fn an_entry_commits_with_its_change_and_stays() {
    on_both(|world: World| async move {
        let db = world.db();
        let actor = Actor::command("test");
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &actor, "thing.undone", None, None).await.unwrap();
        tx.rollback().await.unwrap();
        for number in 0..3 {
            world.clock.advance(1_000_000);
            let mut tx = db.begin().await.unwrap();
            let details = json!({"number": number});
            record(&mut tx, &actor, "thing.done", Some(&format!("thing-{number}")), Some(&details)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let newest = entries(db, None, None, 2).await.unwrap();
        assert_eq!(
            newest.iter().map(|entry| entry.target.as_deref().unwrap()).collect::<Vec<_>>(),
            ["thing-2", "thing-1"]
        );
        let rest = entries(db, Some(newest[1].id), Some("thing.done"), 10).await.unwrap();
        assert_eq!((rest.len(), &rest[0].details), (1, &Some(json!({"number": 0}))));
        assert!(entries(db, None, Some("thing.undone"), 10).await.unwrap().is_empty());
        for text in [CHANGE, DELETE] {
            let mut tx = db.begin().await.unwrap();
            let error = tx.execute(text.query()).await.unwrap_err().chain();
            assert!(error.contains("audit entries are never"), "{error}");
        }
        assert_eq!(entries(db, None, None, 10).await.unwrap().len(), 3);
    })
    .await;
}
