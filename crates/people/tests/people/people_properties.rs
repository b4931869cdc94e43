//! The same facts in any order give the same persons, profiles and consents; what was merged and unmerged is as before.

use std::collections::BTreeMap;
use std::sync::Arc;

use clove_core::{Fact, FactBody};
use clove_people::consent::{ConsentSubscriber, consents_of};
use clove_people::profile::{Profile, ProfileSubscriber, profile};
use clove_store::{DatabaseUrl, Db, Environment};
use proptest::prelude::*;

use crate::consent::{change, said};
use crate::facts::{merge, person_of, run, run_identity, subject_of, unmerge};
use crate::profile::named;
use crate::support::{START, append};

const HANDLES: [&str; 6] = ["user:0", "user:1", "email:a@x.it", "email:b@x.it", "phone:+391111111", "anonymous:u"];

#[derive(Debug, Clone)]
enum Happening {
    Named(usize, usize, i64, u8),
    Said(usize, i64, u8),
    Merge(usize, usize),
    Unmerge(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    let handle = 0..HANDLES.len();
    prop_oneof![
        4 => (handle.clone(), handle.clone(), 0..5_i64, 0..3_u8).prop_map(|(a, b, at, name)| Happening::Named(a, b, at, name)),
        4 => (handle.clone(), 0..5_i64, 0..5_u8).prop_map(|(a, at, what)| Happening::Said(a, at, what)),
        2 => (handle.clone(), handle).prop_map(|(a, b)| Happening::Merge(a, b)),
        1 => (0..4_usize).prop_map(Happening::Unmerge),
    ]
}

fn facts(db: &Db, happenings: &[Happening]) -> Vec<Fact> {
    let merges: Vec<(u64, usize, usize)> = happenings
        .iter()
        .zip(0_u64..)
        .filter_map(|(happening, number)| match happening {
            Happening::Merge(a, b) => Some((number, *a, *b)),
            _ => None,
        })
        .collect();
    let subject = |place: usize| subject_of(db, HANDLES[place]);
    let fact = |(happening, number): (&Happening, u64)| match happening {
        Happening::Named(a, b, at, name) => {
            let names = [("Ann", "Rossi"), ("Ana", "Roșu"), ("Anna", "")];
            let (first, last) = names[usize::from(*name)];
            Some(Fact { occurred_at: START + at, ..named(db, number, &[HANDLES[*a], HANDLES[*b]], first, last) })
        }
        Happening::Said(a, at, what) => {
            let body = |method: &str| change("email", "marketing", method);
            let body = match what {
                0 => FactBody::ConsentGranted(body("form")),
                1 => FactBody::ConsentWithdrawn(body("form")),
                2 => FactBody::ConsentRequested(body("form")),
                3 => FactBody::ConsentGranted(body("import")),
                _ => FactBody::ConsentWithdrawn(body("import")),
            };
            Some(said(db, number, HANDLES[*a], *at, body))
        }
        Happening::Merge(a, b) => Some(merge(number, subject(*a), subject(*b))),
        Happening::Unmerge(_) if merges.is_empty() => None,
        Happening::Unmerge(which) => {
            let (merged, a, b) = merges[which % merges.len()];
            Some(unmerge(number, subject(a), merge(merged, subject(a), subject(b)).id))
        }
    };
    happenings.iter().zip(0..).filter_map(fact).collect()
}

/// What each handle's person looks like. Ids of persons and numbers of facts depend on the order, nothing else may.
type Seen = BTreeMap<&'static str, (Vec<&'static str>, Option<Profile>, Vec<(String, bool, i64)>)>;

async fn database() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(clove_core::ManualClock::new(START));
    let url = DatabaseUrl::Folder(folder.path().to_owned());
    (folder, Db::open(&url, Environment::new(clock, [1; 32])).await.unwrap())
}

async fn handle_all(db: &Db, batch: usize) -> Seen {
    run_identity(db).await;
    run(db, Arc::new(ProfileSubscriber), batch).await;
    run(db, Arc::new(ConsentSubscriber), batch).await;
    let mut persons = BTreeMap::new();
    for handle in HANDLES {
        if let Some(person) = person_of(db, handle).await {
            persons.insert(handle, person);
        }
    }
    let mut seen = Seen::new();
    for (handle, person) in &persons {
        let together = persons.iter().filter(|(_, other)| *other == person).map(|(handle, _)| *handle).collect();
        let known = profile(db, *person).await.unwrap().map(|row| Profile::of(row).unwrap());
        let consents = consents_of(db, *person).await.unwrap().into_iter().filter_map(|(channel, _, proof)| {
            let decision = proof.decision()?;
            Some((format!("{channel} {:?}", decision.state), true, decision.evidence.at))
        });
        seen.insert(handle, (together, known, consents.collect()));
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_people(
        happenings in prop::collection::vec(happening(), 1..24),
        order in any::<prop::sample::Index>(),
        batch in prop_oneof![Just(1_usize), Just(3), Just(1_000)],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, db) = database().await;
            let mut facts = facts(&db, &happenings);
            append(&db, &facts).await;
            let expected = handle_all(&db, batch).await;
            db.close().await;
            facts.reverse();
            if !facts.is_empty() {
                let middle = order.index(facts.len());
                facts.rotate_left(middle);
            }
            // A few at a time, so that projections move with every merge.
            let (_folder, db) = database().await;
            for some in facts.chunks(5) {
                append(&db, some).await;
                handle_all(&db, 1_000).await;
            }
            prop_assert_eq!(handle_all(&db, 1_000).await, expected);
            db.close().await;
            Ok(())
        })?;
    }

    #[test]
    fn merged_and_unmerged_is_as_before(
        happenings in prop::collection::vec(happening(), 1..16),
        a in 0..HANDLES.len(),
        b in 0..HANDLES.len(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (_folder, db) = database().await;
            append(&db, &facts(&db, &happenings)).await;
            // Both are known, so that the merge itself brings nobody in.
            append(&db, &[crate::facts::seen(&db, 900, &[HANDLES[a]]), crate::facts::seen(&db, 901, &[HANDLES[b]])]).await;
            let before = handle_all(&db, 3).await;
            let merge = merge(902, subject_of(&db, HANDLES[a]), subject_of(&db, HANDLES[b]));
            append(&db, std::slice::from_ref(&merge)).await;
            handle_all(&db, 3).await;
            append(&db, &[unmerge(903, subject_of(&db, HANDLES[a]), merge.id)]).await;
            prop_assert_eq!(handle_all(&db, 3).await, before);
            db.close().await;
            Ok(())
        })?;
    }
}
