//! The same facts in any order give the same persons: the components of a plain computation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use clove_core::Fact;
use clove_people::IdentityOptions;
use clove_people::identity::live::IdentitySubscriber;
use clove_store::{DatabaseUrl, Db, Environment};
use proptest::prelude::*;

use crate::facts::{merge, person_of, run, seen, subject_of, unmerge};
use crate::support::{START, append};

const HANDLES: [&str; 14] = [
    "user:0",
    "user:1",
    "user:2",
    "user:3",
    "user:4",
    "shop:5",
    "email:a@x.it",
    "email:b@x.it",
    "email:c@x.it",
    "email:d@x.it",
    "phone:+391111111",
    "phone:+392222222",
    "anonymous:u",
    "anonymous:v",
];

#[derive(Debug, Clone)]
enum Happening {
    Seen(BTreeSet<usize>),
    Merge(usize, usize),
    /// Takes back the merge of this number, modulo their count.
    Unmerge(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => prop::collection::btree_set(0..HANDLES.len(), 1..4).prop_map(Happening::Seen),
        2 => (0..HANDLES.len(), 0..HANDLES.len()).prop_map(|(a, b)| Happening::Merge(a, b)),
        1 => (0..8_usize).prop_map(Happening::Unmerge),
    ]
}

type Partition = BTreeSet<BTreeSet<usize>>;

/// The plain way: repeat until nothing changes.
fn expected(happenings: &[Happening], limit: usize) -> Partition {
    let merges: Vec<usize> = (0..happenings.len()).filter(|&i| matches!(happenings[i], Happening::Merge(..))).collect();
    let mut undone = BTreeSet::new();
    let mut pairs = BTreeSet::new();
    let mut present = BTreeSet::new();
    for happening in happenings {
        match happening {
            Happening::Seen(handles) => {
                present.extend(handles.iter().copied());
                pairs
                    .extend(handles.iter().flat_map(|&a| handles.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b));
            }
            Happening::Merge(a, b) => present.extend([*a, *b]),
            Happening::Unmerge(number) if !merges.is_empty() => {
                undone.insert(merges[number % merges.len()]);
            }
            Happening::Unmerge(_) => {}
        }
    }
    let channel = |i: usize| HANDLES[i].split_once(':').unwrap().0;
    let shared = |i: usize| {
        let mut seen_with: BTreeMap<&str, usize> = BTreeMap::new();
        for &(_, other) in pairs.iter().filter(|pair| pair.0 == i && channel(pair.1) != "anonymous") {
            *seen_with.entry(channel(other)).or_default() += 1;
        }
        matches!(channel(i), "email" | "phone" | "anonymous") && seen_with.values().any(|&count| count > limit)
    };
    let mut joined: Vec<(usize, usize)> = pairs.iter().copied().filter(|&(a, b)| !shared(a) && !shared(b)).collect();
    joined.extend(merges.iter().filter(|merge| !undone.contains(*merge)).map(|&merge| match happenings[merge] {
        Happening::Merge(a, b) => (a, b),
        _ => unreachable!("a merge"),
    }));
    let mut group: Vec<usize> = (0..HANDLES.len()).collect();
    loop {
        let before = group.clone();
        for &(a, b) in &joined {
            let smallest = group[a].min(group[b]);
            (group[a], group[b]) = (smallest, smallest);
        }
        if group == before {
            break;
        }
    }
    let mut partition: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for handle in present {
        partition.entry(group[handle]).or_default().insert(handle);
    }
    partition.into_values().collect()
}

async fn actual(facts: &[Fact], limit: u32, batch: usize) -> Partition {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(clove_core::ManualClock::new(START));
    let url = DatabaseUrl::Folder(folder.path().to_owned());
    let db = Db::open(&url, Environment::new(clock, [1; 32])).await.unwrap();
    append(&db, facts).await;
    let options = IdentityOptions { shared_handle_limit: limit };
    run(&db, Arc::new(IdentitySubscriber::new(options)), batch).await;
    let mut partition: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (index, text) in HANDLES.iter().enumerate() {
        if let Some(person) = person_of(&db, text).await {
            partition.entry(person).or_default().insert(index);
        }
    }
    db.close().await;
    partition.into_values().collect()
}

/// The facts of happenings. The key is the same in every database of these tests: it is made from the seed.
fn facts(db: &Db, happenings: &[Happening]) -> Vec<Fact> {
    let merges: Vec<usize> = (0..happenings.len()).filter(|&i| matches!(happenings[i], Happening::Merge(..))).collect();
    let subject = |i: usize| subject_of(db, HANDLES[i]);
    let fact = |(number, happening): (usize, &Happening)| match happening {
        Happening::Seen(handles) => {
            let handles: Vec<&str> = handles.iter().map(|&i| HANDLES[i]).collect();
            Some(seen(db, number as u64, &handles))
        }
        Happening::Merge(a, b) => Some(merge(number as u64, subject(*a), subject(*b))),
        Happening::Unmerge(_) if merges.is_empty() => None,
        Happening::Unmerge(which) => {
            let merged = merges[which % merges.len()];
            let Happening::Merge(a, b) = happenings[merged] else { unreachable!("a merge") };
            Some(unmerge(number as u64, subject(a), merge(merged as u64, subject(a), subject(b)).id))
        }
    };
    happenings.iter().enumerate().filter_map(fact).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_components(
        happenings in prop::collection::vec(happening(), 1..30),
        order in any::<prop::sample::Index>(),
        limit in prop_oneof![Just(1_u32), Just(2), Just(20)],
        batch in prop_oneof![Just(1_usize), Just(3), Just(1_000)],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let url = DatabaseUrl::Folder(folder.path().to_owned());
            let clock = Arc::new(clove_core::ManualClock::new(START));
            let db = Db::open(&url, Environment::new(clock, [1; 32])).await.unwrap();
            let mut facts = facts(&db, &happenings);
            let expected = expected(&happenings, limit as usize);
            prop_assert_eq!(&actual(&facts, limit, batch).await, &expected);
            facts.reverse();
            if !facts.is_empty() {
                let middle = order.index(facts.len());
                facts.rotate_left(middle);
            }
            prop_assert_eq!(&actual(&facts, limit, 1_000).await, &expected);
            Ok(())
        })?;
    }
}
