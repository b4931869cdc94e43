//! The timeline: all subjects of a person, orders in their newest state, pages that hold still.

use clove_core::fact::Merge;
use clove_core::{Fact, FactBody, FactKind};
use clove_people::timeline::{Place, timeline};
use clove_store::Db;

use crate::facts::{merge, person_of, run_identity, seen, subject_of};
use crate::support::{START, World, append, on_both, order};

fn at(fact: Fact, at: i64) -> Fact {
    Fact { occurred_at: START + at, ..fact }
}

fn versioned(db: &Db, id: &str, version: &str, gross: i64, at: i64) -> Fact {
    let like = order(db.ids(), 5, gross);
    let handles = seen(db, 5, &["email:ann@x.it"]);
    Fact {
        external_id: id.to_owned(),
        version: version.to_owned(),
        occurred_at: START + at,
        subject: handles.subject,
        personal: handles.personal,
        ..like
    }
}

async fn read(db: &Db, kinds: &[FactKind], before: Option<Place>, limit: usize) -> Vec<(i64, Place, FactBody)> {
    let person = person_of(db, "email:ann@x.it").await.unwrap();
    let subjects = clove_store::customer_view::subjects(db, person).await.unwrap();
    let entries = timeline(db, &subjects, kinds, before, limit).await.unwrap();
    entries.into_iter().map(|entry| (entry.place.0 - START, entry.place, entry.fact.into_body())).collect()
}

#[tokio::test]
async fn pages_hold_still_while_facts_come_in() {
    on_both(|world: World| async move {
        let db = &world.db;
        append(
            db,
            &[
                versioned(db, "o1", "2026-01-01T00:00:00.000000Z.0", 100, 10),
                at(seen(db, 1, &["email:ann@x.it"]), 20),
                at(seen(db, 2, &["anonymous:a", "user:7"]), 30),
                at(seen(db, 3, &["user:7"]), 40),
                at(seen(db, 4, &["user:8"]), 50),
                at(merge(6, subject_of(db, "email:ann@x.it"), subject_of(db, "user:7")), 60),
                versioned(db, "o1", "2026-01-02T00:00:00.000000Z.1", 200, 10),
            ],
        )
        .await;
        run_identity(db).await;
        let all = read(db, &[], None, 100).await;
        assert_eq!(all.iter().map(|entry| entry.0).collect::<Vec<_>>(), [60, 40, 30, 20, 10]);
        let FactBody::Order(newest) = &all[4].2 else { panic!("{all:?}") };
        assert_eq!(newest.gross, 200);
        assert!(matches!(&all[0].2, FactBody::Merge(Merge { .. })));
        let only = read(db, &[FactKind::Order, FactKind::Merge], None, 100).await;
        assert_eq!(only.iter().map(|entry| entry.0).collect::<Vec<_>>(), [60, 10]);

        // Page by page, while newer and older facts and a new version of the order come in.
        let mut seen_places = Vec::new();
        let mut before = None;
        let mut number = 100;
        loop {
            let page = read(db, &[], before, 2).await;
            let Some(last) = page.last() else { break };
            before = Some(last.1);
            seen_places.extend(page.iter().map(|entry| entry.0));
            append(db, &[at(seen(db, number, &["user:7"]), 1_000 + number as i64)]).await;
            let version = format!("2026-02-{:02}T00:00:00.000000Z.1", number - 90);
            append(db, &[versioned(db, "o1", &version, 300, 10)]).await;
            number += 1;
            run_identity(db).await;
        }
        assert_eq!(seen_places, [60, 40, 30, 20, 10], "nothing twice, nothing left out, nothing moved");
        let again = read(db, &[], None, 100).await;
        let FactBody::Order(newest) = &again.last().unwrap().2 else { panic!("{again:?}") };
        assert_eq!((newest.gross, again.len()), (300, 8));
    })
    .await;
}
