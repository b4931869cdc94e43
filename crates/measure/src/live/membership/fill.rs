//! Holding the whole shop against every segment: for segments that are new or changed, and for a new snapshot.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use clove_core::{Day, PersonId};
use clove_store::customer_view::empty_segment;
use clove_store::{Db, Result, StoreError};
use uuid::Uuid;

use super::definitions::Definitions;
use super::evaluate::{Due, Moved, Place, Why, days_to_come, evaluate, write};
use super::sql;
use crate::live::beyond::BeyondByPerson;
use crate::live::lake::changed_since;
use crate::live::{CurrentShop, HeldShop};
use crate::segment::{Bound, Percentile, SegmentError, Segmenter, ShopSnapshot, percentiles};

/// Persons of one transaction: nobody else writes meanwhile.
const PORTION: usize = 2_000;
/// A snapshot holds for so many days.
const SNAPSHOT_DAYS: i32 = 7;
/// A snapshot is of another shop when the number of buyers has changed by this share.
const OTHER_SHOP: f64 = 0.2;

/// Where everybody belongs: one row of bits per customer.
struct Places {
    snapshot: ShopSnapshot,
    is_new_snapshot: bool,
    persons: Vec<PersonId>,
    words: usize,
    bits: Vec<u64>,
    due: Vec<Option<i32>>,
    position: i64,
}

/// Brings all memberships up to the definitions and the shop as they are now. Returns how many changed, or `None` if the definitions
/// changed meanwhile: call it again.
///
/// # Errors
/// If what was accepted is not handled in time, or the database fails.
pub async fn fill(db: &Db, shop: &CurrentShop) -> Result<Option<Moved>> {
    let mut definitions = Definitions::read(db).await?;
    let held = shop.get().await?;
    let beyond = BeyondByPerson::read(db, &definitions.needs).await?;
    let now = db.now();
    let asked = definitions.clone();
    let places = tokio::task::spawn_blocking(move || places(&held, &asked, &beyond, held.day(now)))
        .await
        .map_err(StoreError::subscriber)?
        .map_err(StoreError::subscriber)?;

    let mut tx = db.begin().await?;
    if sql::lock(&mut tx).await?.revision != definitions.revision {
        return Ok(None);
    }
    if places.is_new_snapshot {
        let json = serde_json::to_string(&places.snapshot).map_err(StoreError::subscriber)?;
        (definitions.revision, definitions.snapshot_version) = sql::put_snapshot(&mut tx, &json).await?;
        definitions.snapshot = Some(Arc::new(places.snapshot.clone()));
    }
    for segment in &definitions.gone {
        empty_segment(&mut tx, segment).await?;
        sql::delete_fill(&mut tx, segment).await?;
    }
    tx.commit().await?;

    let mut moved = Moved::default();
    let numbers: Vec<usize> = (0..places.persons.len()).collect();
    for portion in numbers.chunks(PORTION) {
        let Some(portion) = write_portion(db, &definitions, &places, portion).await? else { return Ok(None) };
        moved.entered += portion.entered;
        moved.left += portion.left;
    }
    finish(db, definitions, &places, moved).await
}

/// Writes where some persons belong; whoever changed since the shop was read is left to [`finish`].
async fn write_portion(
    db: &Db,
    definitions: &Definitions,
    places: &Places,
    portion: &[usize],
) -> Result<Option<Moved>> {
    let mut tx = db.begin().await?;
    if sql::lock(&mut tx).await?.revision != definitions.revision {
        return Ok(None);
    }
    let changed = moved_since(db, places.position).await?;
    let portion: Vec<usize> =
        portion.iter().copied().filter(|&number| !changed.contains(&places.persons[number].0)).collect();
    let persons: Vec<PersonId> = portion.iter().map(|&number| places.persons[number]).collect();
    let of_person: HashMap<PersonId, Place> =
        portion.iter().map(|&number| (places.persons[number], places.place(number))).collect();
    let moved = write(&mut tx, definitions, &persons, &of_person, &Why::Shop(definitions.snapshot_version)).await?;
    tx.commit().await?;
    Ok(Some(moved))
}

/// Whoever may belong elsewhere since a fact: their orders count anew, or a fact says something of them beside orders.
async fn moved_since(db: &Db, position: i64) -> Result<BTreeSet<Uuid>> {
    let mut moved = changed_since(db, position).await?;
    moved.extend(sql::spoken_of_since(db, position).await?);
    Ok(moved)
}

/// Looks at whoever changed while the shop was being read; from then on the members of every segment are known.
async fn finish(db: &Db, definitions: Definitions, places: &Places, mut moved: Moved) -> Result<Option<Moved>> {
    let mut tx = db.begin().await?;
    if sql::lock(&mut tx).await?.revision != definitions.revision {
        return Ok(None);
    }
    let changed: Vec<PersonId> = moved_since(db, places.position).await?.into_iter().map(PersonId).collect();
    for persons in changed.chunks(PORTION) {
        let alone = evaluate(&mut tx, &definitions, persons, &Why::Shop(definitions.snapshot_version)).await?;
        moved.entered += alone.entered;
        moved.left += alone.left;
    }
    let unfilled: Vec<_> = definitions.all.iter().filter(|one| !one.filled).collect();
    if !unfilled.is_empty() {
        for one in unfilled {
            sql::put_fill(&mut tx, &one.id, &one.digest).await?;
        }
        // Whoever knows the definitions by their revision must learn that they are filled.
        sql::changed(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Some(moved))
}

impl Places {
    fn place(&self, number: usize) -> Place {
        let row = &self.bits[number * self.words..(number + 1) * self.words];
        let inside: BTreeSet<usize> = row
            .iter()
            .enumerate()
            .flat_map(|(word, &bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit))
            .collect();
        Place { inside, due: self.due[number] }
    }
}

fn places(
    held: &HeldShop,
    definitions: &Definitions,
    beyond: &BeyondByPerson,
    today: Day,
) -> std::result::Result<Places, SegmentError> {
    let ledger = held.shop().ledger(today);
    let beyond = beyond.numbered(&held.loaded.person_ids);
    let asked: Vec<Percentile> = definitions.all.iter().flat_map(|one| percentiles(&one.definition)).collect();
    let taken = Segmenter::new(&ledger).knowing(beyond.clone()).snapshot(asked)?;
    let kept = definitions.snapshot.as_deref().filter(|kept| holds(kept, &taken));
    let is_new_snapshot = kept.is_none();
    let snapshot = kept.cloned().unwrap_or(taken);
    let segmenter = Segmenter::with_snapshot(&ledger, &snapshot).knowing(beyond);
    let bound: Vec<Option<Bound<'_>>> = definitions
        .all
        .iter()
        .map(|one| segmenter.bind(&one.definition, &|id| definitions.find(id), &mut Vec::new()).ok())
        .collect();
    let words = bound.len().div_ceil(64);
    let identified = ledger.customers().iter().enumerate().filter(|(_, customer)| customer.identified);
    let (mut persons, mut bits, mut due) = (Vec::new(), Vec::new(), Vec::new());
    let to_come = days_to_come(&held.loaded, today);
    for (index, customer) in identified {
        let begin = bits.len();
        bits.resize(begin + words, 0_u64);
        let mut first = Due(to_come.get(&customer.person).copied());
        for (number, bound) in bound.iter().enumerate() {
            let Some(bound) = bound else { continue };
            if segmenter.is_member(bound, index) {
                bits[begin + number / 64] |= 1 << (number % 64);
            }
            first.add(segmenter.next_change(bound, index));
        }
        due.push(first.0);
        persons.push(held.loaded.person_ids[customer.person as usize]);
    }
    drop(bound);
    drop(segmenter);
    Ok(Places { snapshot, is_new_snapshot, persons, words, bits, due, position: held.loaded.position })
}

/// Whether an older snapshot still serves, where `taken` is what would be taken now.
fn holds(kept: &ShopSnapshot, taken: &ShopSnapshot) -> bool {
    let is_recent = taken.taken_on - kept.taken_on < SNAPSHOT_DAYS;
    let is_same_shop = (taken.buyers as f64 - kept.buyers as f64).abs() <= OTHER_SHOP * kept.buyers as f64;
    let has_all = taken.cuts.iter().all(|&(name, percentile, _)| kept.cut((name, percentile)).is_some());
    is_recent && is_same_shop && has_all
}

/// Whether the shop has changed so much since the snapshot that another one should be taken.
pub(super) async fn is_outdated(db: &Db, snapshot: Option<&ShopSnapshot>, today: Day) -> Result<bool> {
    let Some(snapshot) = snapshot else { return Ok(true) };
    let buyers = sql::buyers(db).await?;
    Ok(today.since(snapshot.day()) >= SNAPSHOT_DAYS
        || (buyers as f64 - snapshot.buyers as f64).abs() > OTHER_SHOP * snapshot.buyers as f64)
}
