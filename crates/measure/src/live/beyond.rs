//! What definitions ask of persons beyond their orders, read from the store for the whole shop.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clove_core::segment::EventsAsked;
use clove_core::{Day, PersonId};
use clove_store::customer_view::{score_page, who_consents};
use clove_store::settings::Settings;
use clove_store::{Db, Result};
use uuid::Uuid;

use super::current::all_handled;
use super::interaction::InteractionSubscriber;
use super::interaction::sql::each_named;
use crate::segment::{Beyond, ConsentTo, Expected, Needs};

/// Scores of one read.
const PAGE: usize = 10_000;

/// Forecasts, consents and events by person, as they are now; what nobody asked for was not read.
#[derive(Debug, Default)]
pub(super) struct BeyondByPerson {
    expected: Option<HashMap<PersonId, Expected>>,
    consents: Option<BTreeMap<ConsentTo, Vec<PersonId>>>,
    events: Option<BTreeMap<EventsAsked, HashMap<PersonId, Vec<Day>>>>,
    /// Names of events that are asked for and never came in.
    unseen: BTreeSet<String>,
}

impl BeyondByPerson {
    /// Reads what is asked for.
    pub(super) async fn read(db: &Db, needs: &Needs) -> Result<BeyondByPerson> {
        let mut beyond = BeyondByPerson::default();
        if needs.expected {
            let mut expected = HashMap::new();
            let mut after = PersonId(Uuid::nil());
            loop {
                let rows = score_page(db, after, PAGE).await?;
                let Some(last) = rows.last() else { break };
                after = last.person();
                expected.extend(rows.iter().map(|row| (row.person(), Expected::of(row))));
            }
            beyond.expected = Some(expected);
        }
        if !needs.consents.is_empty() {
            let mut consents = BTreeMap::new();
            for (channel, purpose) in &needs.consents {
                let who = who_consents(db, channel, purpose).await?;
                consents.insert((channel.clone(), purpose.clone()), who);
            }
            beyond.consents = Some(consents);
        }
        if !needs.events.is_empty() {
            all_handled(db, InteractionSubscriber::NAME).await?;
            let zone = Settings::read(db).await?.time_zone()?;
            let mut events: BTreeMap<EventsAsked, HashMap<PersonId, Vec<Day>>> = BTreeMap::new();
            let names: BTreeSet<&str> = needs.events.iter().map(|asked| asked.name.as_str()).collect();
            for name in names {
                let asked: Vec<&EventsAsked> = needs.events.iter().filter(|asked| asked.name == name).collect();
                let mut seen = false;
                each_named(db, name, &mut |person, one| {
                    seen = true;
                    for asked in asked.iter().filter(|asked| one.fits(asked)) {
                        let day = Day::of_moment(one.occurred_at, &zone);
                        events.entry((*asked).clone()).or_default().entry(person).or_default().push(day);
                    }
                })
                .await?;
                if !seen {
                    beyond.unseen.insert(name.to_owned());
                }
            }
            beyond.events = Some(events);
        }
        Ok(beyond)
    }

    /// Names of events that are asked for and never came in: whoever asks learns more from that than from a count of nobody.
    pub(super) fn unseen(&self) -> &BTreeSet<String> {
        &self.unseen
    }

    /// The same by the numbers that persons have in a shop.
    pub(super) fn numbered(&self, person_ids: &[PersonId]) -> Beyond {
        if self.expected.is_none() && self.consents.is_none() && self.events.is_none() {
            return Beyond::default();
        }
        let number: HashMap<PersonId, u32> =
            person_ids.iter().enumerate().map(|(number, id)| (*id, number as u32)).collect();
        let of = |person: &PersonId| number.get(person).copied();
        let expected = self.expected.as_ref();
        let consents = self.consents.as_ref();
        Beyond {
            expected: expected
                .map(|all| all.iter().filter_map(|(person, expected)| Some((of(person)?, *expected))).collect()),
            consents: consents.map(|all| {
                all.iter().map(|(to, who)| (to.clone(), who.iter().filter_map(of).collect::<BTreeSet<u32>>())).collect()
            }),
            events: self.events.as_ref().map(|all| {
                let numbered = |days: &HashMap<PersonId, Vec<Day>>| {
                    days.iter().filter_map(|(person, days)| Some((of(person)?, days.clone()))).collect()
                };
                all.iter().map(|(asked, days)| (asked.clone(), numbered(days))).collect()
            }),
        }
    }
}
