//! Holding some persons against every segment, and writing what changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clove_core::fact::{MoveReason, SegmentMove};
use clove_core::{Day, Fact, FactBody, FactId, FactKind, PersonId, Placements, SubjectId};
use clove_store::customer_view::{Membership, consents_of, enter_segments, leave_segments, memberships_of, scores_of};
use clove_store::{Result, StoreError, Tx};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::definitions::{Defined, Definitions};
use super::sql;
use crate::ledger::Ledger;
use crate::live::LoadOptions;
use crate::live::interaction::sql::of_person;
use crate::live::load::{LoadedShop, load_histories};
use crate::segment::{Beyond, Bound, Expected, Needs, Segmenter, ShopSnapshot};

/// The source of facts that this room derives.
const SOURCE: &str = "clove:segments";

/// Why somebody is looked at.
pub(super) enum Why<'c> {
    /// A fact, by person.
    Facts(&'c BTreeMap<PersonId, FactId>),
    /// The day.
    Time,
    /// The shop, at a version of its snapshot: segments whose members are not known are filled too, without facts. Nobody moved.
    Shop(i64),
}

/// Where somebody belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Places of the segments among all definitions.
    pub inside: BTreeSet<usize>,
    /// When time alone may change it.
    pub due: Option<i32>,
}

/// How many came and went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Memberships that began.
    pub entered: usize,
    /// Memberships that ended.
    pub left: usize,
}

/// Looks at persons alone and writes what changed. The state must be locked.
pub(super) async fn evaluate(
    tx: &mut Tx,
    definitions: &Definitions,
    persons: &[PersonId],
    why: &Why<'_>,
) -> Result<Moved> {
    let Some(snapshot) = definitions.snapshot.clone() else { return Ok(Moved::default()) };
    let db = tx.db().clone();
    let loaded = load_histories(&db, persons, LoadOptions { details: definitions.needs.details }).await?;
    let zone = TimeZone::get(&loaded.time_zone).unwrap_or(TimeZone::UTC);
    let beyond = beyond(tx, &loaded, &definitions.needs, &zone).await?;
    let today = Day::of_moment(db.now(), &zone);
    let places = places(definitions, &snapshot, &loaded, beyond, today);
    write(tx, definitions, persons, &places, why).await
}

/// Where persons belong, each looked at alone. Persons without orders that count are missing: they belong nowhere.
pub(super) fn places(
    definitions: &Definitions,
    snapshot: &ShopSnapshot,
    loaded: &LoadedShop,
    beyond: Beyond,
    today: Day,
) -> HashMap<PersonId, Place> {
    let placements = Placements::new(&loaded.shop.orders, &loaded.persons);
    let ledger = Ledger::from_placements(&loaded.shop, &loaded.persons, &placements, today);
    let segmenter = Segmenter::of_part(&ledger, snapshot).knowing(beyond);
    let bound: Vec<Option<Bound<'_>>> = definitions
        .all
        .iter()
        .map(|one| segmenter.bind(&one.definition, &|id| definitions.find(id), &mut Vec::new()).ok())
        .collect();
    let mut places = HashMap::new();
    for (index, customer) in ledger.customers().iter().enumerate().filter(|(_, customer)| customer.identified) {
        let mut place = Place::default();
        let mut due = Due::default();
        for (number, bound) in bound.iter().enumerate() {
            let Some(bound) = bound else { continue };
            if segmenter.is_member(bound, index) {
                place.inside.insert(number);
            }
            due.add(segmenter.next_change(bound, index));
        }
        place.due = due.0;
        places.insert(loaded.person_ids[customer.person as usize], place);
    }
    // Orders and refunds of days to come count from those days on.
    for (person, day) in days_to_come(loaded, today) {
        let place = places.entry(loaded.person_ids[person as usize]).or_default();
        place.due = Some(place.due.map_or(day, |due| due.min(day)));
    }
    places
}

/// The earliest of days.
#[derive(Default)]
pub(super) struct Due(pub Option<i32>);

impl Due {
    pub(super) fn add(&mut self, day: Option<Day>) {
        if let Some(Day(day)) = day {
            self.0 = Some(self.0.map_or(day, |known| known.min(day)));
        }
    }
}

/// Identified persons with orders or refunds after a day, with the first such day.
pub(super) fn days_to_come(loaded: &LoadedShop, today: Day) -> BTreeMap<u32, i32> {
    let mut found: BTreeMap<u32, i32> = BTreeMap::new();
    let orders = &loaded.shop.orders;
    let of_orders = orders.day.iter().enumerate().map(|(order, day)| (order, *day));
    let of_refunds = loaded.shop.adjustments.iter().map(|refund| (refund.order as usize, refund.day));
    for (order, day) in of_orders.chain(of_refunds).filter(|(_, day)| *day > today) {
        let person = loaded.persons.of_order[order];
        if loaded.persons.identified[person as usize] {
            found.entry(person).and_modify(|known| *known = (*known).min(day.0)).or_insert(day.0);
        }
    }
    found
}

async fn beyond(tx: &mut Tx, loaded: &LoadedShop, needs: &Needs, zone: &TimeZone) -> Result<Beyond> {
    if needs.is_orders_only() {
        return Ok(Beyond::default());
    }
    let number: HashMap<PersonId, u32> =
        loaded.person_ids.iter().enumerate().map(|(number, id)| (*id, number as u32)).collect();
    let ids: Vec<PersonId> = number.keys().copied().collect();
    let mut beyond = Beyond::default();
    if needs.expected {
        let rows = scores_of(tx, &ids).await?;
        beyond.expected =
            Some(rows.iter().filter_map(|row| Some((*number.get(&row.person())?, Expected::of(row)))).collect());
    }
    if !needs.consents.is_empty() {
        let mut consents: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
        for row in consents_of(tx, &ids).await? {
            let to = (row.channel.clone(), row.purpose.clone());
            if let (true, Some(&person)) = (needs.consents.contains(&to), number.get(&row.person())) {
                consents.entry(to).or_default().insert(person);
            }
        }
        beyond.consents = Some(consents);
    }
    if !needs.events.is_empty() {
        let mut events: BTreeMap<_, HashMap<u32, Vec<Day>>> = BTreeMap::new();
        let names: BTreeSet<&str> = needs.events.iter().map(|asked| asked.name.as_str()).collect();
        for (&id, &person) in &number {
            for &name in &names {
                for one in of_person(tx, id, name).await? {
                    let day = Day::of_moment(one.occurred_at, zone);
                    for asked in needs.events.iter().filter(|asked| asked.name == name && one.fits(asked)) {
                        events.entry(asked.clone()).or_default().entry(person).or_default().push(day);
                    }
                }
            }
        }
        beyond.events = Some(events);
    }
    Ok(beyond)
}

/// Writes where persons belong now; facts say who came into segments whose members were known, and who left them.
pub(super) async fn write(
    tx: &mut Tx,
    definitions: &Definitions,
    persons: &[PersonId],
    places: &HashMap<PersonId, Place>,
    why: &Why<'_>,
) -> Result<Moved> {
    let known: HashMap<&str, usize> =
        definitions.all.iter().enumerate().map(|(number, one)| (one.id.as_str(), number)).collect();
    let mut before: HashMap<PersonId, HashSet<usize>> = HashMap::new();
    for row in memberships_of(tx, persons).await? {
        if let Some(&number) = known.get(row.segment.as_str()) {
            before.entry(row.person()).or_default().insert(number);
        }
    }
    let now = tx.db().now();
    let nowhere = Place::default();
    let (mut entered, mut left, mut due) = (Vec::new(), Vec::new(), Vec::with_capacity(persons.len()));
    let mut facts = Vec::new();
    let none = HashSet::new();
    for &person in persons {
        let place = places.get(&person).unwrap_or(&nowhere);
        let was = before.get(&person).unwrap_or(&none);
        due.push((person, place.due));
        for (number, one) in definitions.all.iter().enumerate() {
            if !one.filled && !matches!(why, Why::Shop(_)) {
                continue;
            }
            match (was.contains(&number), place.inside.contains(&number)) {
                (false, true) => {
                    entered.push(Membership {
                        person_uuid: person.0,
                        segment: one.id.clone(),
                        definition_version: one.version,
                        entered_at: now,
                    });
                    if one.filled {
                        facts.push(fact(tx, person, one, true, why)?);
                    }
                }
                (true, false) => {
                    left.push((person, one.id.clone()));
                    // Who was joined to somebody else, or erased, did not leave: there is nobody of whom it could be told.
                    if one.filled && places.contains_key(&person) {
                        facts.push(fact(tx, person, one, false, why)?);
                    }
                }
                _ => {}
            }
        }
    }
    enter_segments(tx, &entered).await?;
    leave_segments(tx, &left).await?;
    sql::put_due(tx, &due).await?;
    for fact in facts {
        tx.emit(fact);
    }
    Ok(Moved { entered: entered.len(), left: left.len() })
}

fn fact(tx: &Tx, person: PersonId, segment: &Defined, comes: bool, why: &Why<'_>) -> Result<Fact> {
    let now = tx.db().now();
    let (reason, cause, version) = match why {
        Why::Facts(cause) => {
            let cause = cause.get(&person).copied().unwrap_or(FactId(Uuid::nil()));
            (MoveReason::Fact, Some(cause), cause.to_string())
        }
        Why::Time => (MoveReason::Time, None, format!("time-{now}")),
        Why::Shop(version) => (MoveReason::Shop, None, format!("shop-{version}-{now}")),
    };
    let body = SegmentMove { person, segment: segment.id.clone(), definition_version: segment.version, reason };
    let kind = if comes { FactKind::SegmentEntered } else { FactKind::SegmentLeft };
    let external_id = format!("{}:{person}", segment.id);
    let detail = format!("{external_id} {version}");
    Ok(Fact {
        id: tx.db().hash_key().derived(cause.unwrap_or(FactId(Uuid::nil())), &kind, &detail),
        // A person has the id of one of its subjects.
        subject: SubjectId(person.0),
        source: SOURCE.parse().map_err(StoreError::subscriber)?,
        external_id,
        version,
        occurred_at: now,
        received_at: now,
        cause,
        body: if comes { FactBody::SegmentEntered(body) } else { FactBody::SegmentLeft(body) },
        personal: None,
    })
}
