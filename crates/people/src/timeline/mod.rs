//! Everything that is known to have happened to a person, newest first, read from the log itself.
//!
//! What has versions (orders, refunds, profiles) stands once, in its newest state, at the moment it happened. A place in the list is
//! (moment, number of the first fact about the thing): facts that come in later never move what was there.

mod sql;

pub(crate) use sql::STATEMENTS;

use std::collections::HashMap;

use clove_core::fact::{Handle, VersionRank};
use clove_core::{FactKind, Micros, SubjectId};
use clove_store::fact::read_facts;
use clove_store::{Db, Result, StoredFact};
use sql::Heading;

/// A place in a timeline.
pub type Place = (Micros, i64);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// The fact; of what has versions, the newest.
    pub fact: StoredFact,
}

/// The newest version of a thing.
struct Thing {
    /// Number of its first version.
    first: i64,
    rank: VersionRank,
    newest: Heading,
}

/// What has versions, of some subjects: the newest of each.
async fn things(db: &Db, subjects: &[SubjectId]) -> Result<Vec<Thing>> {
    let mut found: HashMap<(String, String, String), Thing> = HashMap::new();
    for subject in subjects {
        for heading in sql::things(db, *subject).await? {
            let key = (heading.kind.clone(), heading.source.clone(), heading.external_id.clone());
            let rank = VersionRank::of(&heading.version, heading.received_at);
            match found.get_mut(&key) {
                None => {
                    found.insert(key, Thing { first: heading.seq, rank, newest: heading });
                }
                Some(thing) => {
                    thing.first = thing.first.min(heading.seq);
                    if (&thing.rank, thing.newest.seq) < (&rank, heading.seq) {
                        (thing.rank, thing.newest) = (rank, heading);
                    }
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The subjects that refunds of some orders were taken in under: a refund names its order, not its person.
pub(crate) fn refund_subjects(db: &Db, orders: impl Iterator<Item = (String, String)>) -> Vec<SubjectId> {
    let subject = |(source, order): (String, String)| {
        db.hash_key().subject(&Handle { channel: "guest".to_owned(), scope: source, external_id: order })
    };
    let mut subjects: Vec<SubjectId> = orders.map(subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

fn orders_of(things: &[Thing]) -> impl Iterator<Item = (String, String)> + '_ {
    let order = FactKind::Order;
    things
        .iter()
        .filter(move |thing| thing.newest.kind == order.name())
        .map(|thing| (thing.newest.source.clone(), thing.newest.external_id.clone()))
}

/// Subjects of the refunds of a person's orders, the person's own left out.
pub async fn records_of(db: &Db, subjects: &[SubjectId]) -> Result<Vec<SubjectId>> {
    let things = things(db, subjects).await?;
    let mut records = refund_subjects(db, orders_of(&things));
    records.retain(|record| !subjects.contains(record));
    Ok(records)
}

/// The newest state of each order of some subjects, by the day it was placed.
pub async fn orders(db: &Db, subjects: &[SubjectId]) -> Result<Vec<StoredFact>> {
    let order = FactKind::Order;
    let mut things = things(db, subjects).await?;
    things.retain(|thing| thing.newest.kind == order.name());
    let numbers: Vec<i64> = things.iter().map(|thing| thing.newest.seq).collect();
    let mut facts = read_facts(db, &numbers).await?;
    facts.sort_by(|a, b| (a.occurred_at, &a.source, &a.external_id).cmp(&(b.occurred_at, &b.source, &b.external_id)));
    Ok(facts)
}

/// What happened to the person of some subjects before a place, newest first, at most `limit`; of some kinds, or of all if none is named.
pub async fn timeline(
    db: &Db,
    subjects: &[SubjectId],
    kinds: &[FactKind],
    before: Option<Place>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let before = before.unwrap_or((Micros::MAX, i64::MAX));
    let wanted = |kind: &str| kinds.is_empty() || kinds.iter().any(|wanted| wanted.name() == kind);
    let mut all = things(db, subjects).await?;
    let refund = FactKind::Refund;
    if wanted(refund.name()) {
        let mut records = refund_subjects(db, orders_of(&all));
        records.retain(|record| !subjects.contains(record));
        // A guest's order has the subject of its refunds itself: what is there already stands once.
        all.extend(things(db, &records).await?.into_iter().filter(|thing| thing.newest.kind == refund.name()));
    }
    let mut places: Vec<(Place, i64)> = all
        .iter()
        .filter(|thing| wanted(&thing.newest.kind))
        .map(|thing| ((thing.newest.occurred_at, thing.first), thing.newest.seq))
        .filter(|(place, _)| *place < before)
        .collect();
    let list = kinds.iter().map(|kind| format!("|{}|", kind.name())).collect::<Vec<_>>().concat();
    for subject in subjects {
        let events = sql::events(db, *subject, &list, before, limit).await?;
        places.extend(events.into_iter().map(|heading| ((heading.occurred_at, heading.seq), heading.seq)));
    }
    places.sort_unstable_by(|left, right| right.cmp(left));
    places.truncate(limit);
    let numbers: Vec<i64> = places.iter().map(|(_, seq)| *seq).collect();
    let mut facts: HashMap<i64, StoredFact> =
        read_facts(db, &numbers).await?.into_iter().map(|fact| (fact.seq, fact)).collect();
    Ok(places.into_iter().filter_map(|(place, seq)| Some(Entry { place, fact: facts.remove(&seq)? })).collect())
}
