//! Who is who: visitors become known, accounts meet, tills join nobody, merges are taken back.

use std::sync::Arc;

use clove_core::PersonId;
use clove_people::identity::live::{IdentitySubscriber, joins, shared_handles};
use clove_store::Subscriber;
use clove_store::customer_view::{person_changes, subjects};
use clove_store::subscriber::rebuild;
use uuid::Uuid;

use crate::facts::{
    CHANGES, EDGES, erased, merge, person_of, person_rows, run, run_identity, seen, subject_of, unmerge,
};
use crate::support::{World, append, on_both};

type Edges = Vec<(Uuid, Uuid, Uuid, bool, String, i64)>;
type Changes = Vec<(i64, Uuid, Uuid, Uuid)>;

#[tokio::test]
async fn a_visitor_becomes_known_and_guests_stay_apart() {
    on_both(|world: World| async move {
        let db = &world.db;
        let facts = [
            seen(db, 1, &["anonymous:a1"]),
            seen(db, 2, &["anonymous:a2"]),
            seen(db, 3, &["user:7", "email: Ann@X.it"]),
            seen(db, 4, &[]),
            seen(db, 5, &[]),
        ];
        append(db, &facts).await;
        run_identity(db).await;
        assert_eq!(person_of(db, "user:7").await, person_of(db, "email:ann@x.it").await);
        assert_ne!(person_of(db, "user:7").await, person_of(db, "anonymous:a1").await);

        let outcomes = append(db, &[seen(db, 6, &["anonymous:a1", "user:7"])]).await;
        let seq = outcomes[0].seq().unwrap();
        run_identity(db).await;
        let ann = person_of(db, "anonymous:a1").await.unwrap();
        assert_eq!(ann.0, subject_of(db, "anonymous:a1").0, "the older person keeps its id");
        assert_eq!(subjects(db, ann).await.unwrap().len(), 3);
        let mut tx = db.begin().await.unwrap();
        let changes = person_changes(&mut tx, seq, seq).await.unwrap();
        tx.rollback().await.unwrap();
        let known = PersonId(subject_of(db, "user:7").0);
        assert_eq!(changes.len(), 2, "the account and the address moved");
        assert!(changes.iter().all(|change| (change.from, change.to) == (known, ann)));
        let persons: std::collections::BTreeSet<Uuid> = person_rows(db).await.iter().map(|row| row.1).collect();
        assert_eq!(persons.len(), 4, "Ann, the other visitor, two guests");
    })
    .await;
}

#[tokio::test]
async fn a_till_phone_joins_nobody_and_a_loyal_visitor_may_have_many_browsers() {
    on_both(|world: World| async move {
        let db = &world.db;
        let mut facts = Vec::new();
        for number in 0..21 {
            facts.push(seen(db, number, &[&format!("user:{number}"), "phone:+390000001"]));
        }
        append(db, &facts[..20]).await;
        run(db, Arc::new(IdentitySubscriber::default()), 7).await;
        assert_eq!(person_of(db, "user:0").await, person_of(db, "user:19").await, "twenty may be one person yet");
        append(db, &facts[20..]).await;
        run_identity(db).await;
        let persons: std::collections::BTreeSet<Uuid> = person_rows(db).await.iter().map(|row| row.1).collect();
        assert_eq!(persons.len(), 22);
        let shared = shared_handles(db, 10).await.unwrap();
        assert_eq!(shared, [(subject_of(db, "phone:+390000001"), "phone".to_owned())]);

        let browsers: Vec<_> =
            (0..40).map(|n| seen(db, 100 + n, &["email:eva@x.it", &format!("anonymous:b{n}")])).collect();
        append(db, &browsers).await;
        run_identity(db).await;
        assert_eq!(person_of(db, "anonymous:b0").await, person_of(db, "anonymous:b39").await);
    })
    .await;
}

#[tokio::test]
async fn merges_are_taken_back_and_a_rebuild_gives_the_same_tables() {
    on_both(|world: World| async move {
        let db = &world.db;
        let (ann, eva) = (subject_of(db, "user:ann"), subject_of(db, "user:eva"));
        append(
            db,
            &[
                seen(db, 1, &["user:ann", "email:ann@x.it"]),
                seen(db, 2, &["user:eva", "email:eva@x.it", "phone:+39 333 1234567"]),
            ],
        )
        .await;
        run_identity(db).await;
        let before: Vec<_> = person_rows(db).await;
        let by_hand = merge(3, ann, eva);
        append(db, std::slice::from_ref(&by_hand)).await;
        run_identity(db).await;
        assert_eq!(person_of(db, "email:eva@x.it").await, Some(PersonId(ann.0)));
        let found = joins(db, PersonId(ann.0)).await.unwrap();
        let manual = found.iter().find(|join| !join.automatic).unwrap();
        assert_eq!((manual.merge, manual.reason.as_str(), manual.undone_by), (by_hand.id, "manual", None));

        append(db, &[unmerge(4, ann, by_hand.id)]).await;
        run_identity(db).await;
        assert_eq!(person_rows(db).await, before);

        // An automatic join is taken back by its id, and stays so when the same handles are seen together again.
        let join = joins(db, PersonId(ann.0)).await.unwrap().into_iter().find(|join| join.automatic).unwrap();
        append(db, &[unmerge(5, ann, join.merge), seen(db, 6, &["user:ann", "email:ann@x.it"])]).await;
        run_identity(db).await;
        assert_ne!(person_of(db, "email:ann@x.it").await, Some(PersonId(ann.0)));

        let rows = person_rows(db).await;
        let edges: Edges = db.read_all(EDGES.query()).await.unwrap();
        let changes: Changes = db.read_all(CHANGES.query()).await.unwrap();
        assert_eq!(changes.len(), 3 + 3 + 1, "three subjects moved, moved back; an address left");
        let subscriber: Arc<dyn Subscriber> = Arc::new(IdentitySubscriber::default());
        rebuild(db, &subscriber).await.unwrap();
        run(db, subscriber, 2).await;
        assert_eq!(person_rows(db).await, rows);
        assert_eq!(db.read_all::<(Uuid, Uuid, Uuid, bool, String, i64)>(EDGES.query()).await.unwrap(), edges);
        assert_eq!(db.read_all::<(i64, Uuid, Uuid, Uuid)>(CHANGES.query()).await.unwrap(), changes);
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_is_one_nameless_person_and_others_stay_as_they_are() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(
            db,
            &[
                seen(db, 1, &["user:ann", "email:ann@x.it"]),
                seen(db, 2, &["email:ann@x.it", "anonymous:v1"]),
                seen(db, 3, &["user:ann", "phone:+39 333 1234567"]),
                seen(db, 4, &["user:bob", "email:bob@x.it"]),
                seen(db, 5, &["user:bob", "phone:+39 333 7654321"]),
            ],
        )
        .await;
        run_identity(db).await;
        let ann = person_of(db, "user:ann").await.unwrap();
        let bob = person_of(db, "user:bob").await.unwrap();
        let names = ["user:ann", "email:ann@x.it", "anonymous:v1", "phone:+39 333 1234567"];
        assert_eq!(subjects(db, ann).await.unwrap().len(), 4);

        // As the job of an erasure does it: what identifies goes, a fact says so.
        let mut tx = db.begin().await.unwrap();
        for name in names {
            clove_store::fact::erase_subject(&mut tx, subject_of(db, name)).await.unwrap();
        }
        tx.append(vec![erased(db, 6, ann, &names)]).await.unwrap();
        tx.commit().await.unwrap();
        run_identity(db).await;
        assert_eq!(person_of(db, "email:ann@x.it").await, Some(ann), "facts were taken in under it");
        assert_eq!(person_of(db, "user:ann").await, Some(ann));
        assert_eq!(person_of(db, "anonymous:v1").await, None, "a handle alone vanishes");
        assert_eq!(person_of(db, "phone:+39 333 1234567").await, None);
        let rows = person_rows(db).await;
        let of_ann: Vec<_> = rows.iter().filter(|row| row.1 == ann.0).collect();
        assert!(of_ann.len() == 2 && of_ann.iter().all(|row| row.2.is_empty()), "{of_ann:?}");
        let found = joins(db, ann).await.unwrap();
        assert_eq!(found.iter().map(|join| join.reason.as_str()).collect::<Vec<_>>(), ["erased"]);
        assert_eq!(subjects(db, bob).await.unwrap().len(), 3);

        // The number is somebody else's now: it brings nobody back.
        append(db, &[seen(db, 7, &["user:bob", "phone:+39 333 1234567"])]).await;
        run_identity(db).await;
        assert_eq!(person_of(db, "phone:+39 333 1234567").await, Some(bob));
        assert_eq!(subjects(db, ann).await.unwrap().len(), 2);

        let rows = person_rows(db).await;
        let edges: Edges = db.read_all(EDGES.query()).await.unwrap();
        for batch in [1, 1_000] {
            let subscriber: Arc<dyn Subscriber> = Arc::new(IdentitySubscriber::default());
            rebuild(db, &subscriber).await.unwrap();
            run(db, subscriber, batch).await;
            assert_eq!(person_rows(db).await, rows);
            assert_eq!(db.read_all::<(Uuid, Uuid, Uuid, bool, String, i64)>(EDGES.query()).await.unwrap(), edges);
        }
    })
    .await;
}
