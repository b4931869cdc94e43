//! What facts say of a person: parts that can be put together in any order and give the same whole.

use std::collections::BTreeMap;

use clove_core::fact::VersionRank;
use clove_core::{FactBody, Micros, Personal};
use clove_store::StoredFact;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Addresses or numbers kept of a person at most: the newest.
const MOST_CONTACTS: usize = 20;
/// Tags shown of a person at most.
const MOST_TAGS: usize = 250;

/// A value with the moment from which on it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Dated<T> {
    pub at: Micros,
    pub value: T,
}

/// First and last name: they change together.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Name {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
}

/// What facts say. Of two values the newer counts; of two of the same moment the greater, so that the order of facts is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Dated<Name>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub emails: BTreeMap<String, Micros>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub phones: BTreeMap<String, Micros>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Dated<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Dated<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Dated<String>>,
    /// Per source: each knows its own tags only.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Dated<Vec<String>>>,
    /// Per source: whether the customer was deleted there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub deleted: BTreeMap<String, Dated<bool>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Micros>,
}

impl Part {
    /// What a fact says; `None` if nothing that belongs into a profile.
    pub(crate) fn of(fact: &StoredFact, personal: Option<&Personal>) -> Option<Part> {
        let moment = VersionRank::of(&fact.version, fact.received_at).moment;
        let at = if moment == Micros::MIN { fact.occurred_at } else { moment };
        let dated = |value: Option<String>| value.filter(|text| !text.is_empty()).map(|value| Dated { at, value });
        let mut part = Part::default();
        if let Some(personal) = personal {
            part.take_personal(personal, at);
        }
        let source = || fact.source.to_string();
        let tells = match &*fact.body {
            FactBody::Order(order) => {
                part.country = dated(order.country.clone());
                true
            }
            FactBody::CustomerProfile(profile) => {
                part.locale = dated(profile.locale.clone());
                part.country = dated(profile.country.clone());
                part.time_zone = dated(profile.time_zone.clone());
                part.tags.insert(source(), Dated { at, value: sorted(profile.tags.clone()) });
                part.deleted.insert(source(), Dated { at, value: profile.deleted });
                true
            }
            FactBody::Identify(identify) => {
                let text = |names: &[&str]| names.iter().find_map(|name| text_of(&identify.traits, name));
                part.locale = dated(text(&["locale", "language"]));
                part.country = dated(text(&["country"]));
                part.time_zone = dated(text(&["timezone"]));
                if let Some(Value::Array(tags)) = identify.traits.get("tags") {
                    let tags = tags.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                    part.tags.insert(source(), Dated { at, value: sorted(tags) });
                }
                true
            }
            _ => false,
        };
        if !tells && part == Part::default() {
            return None;
        }
        part.since = Some(fact.occurred_at);
        Some(part)
    }

    fn take_personal(&mut self, personal: &Personal, at: Micros) {
        let filled = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(short);
        let mut name =
            Name { first: filled(personal.first_name.as_deref()), last: filled(personal.last_name.as_deref()) };
        if name == Name::default() {
            // Segment's trait for those who do not part names.
            name.first = text_of_fields(personal, "name");
        }
        if name != Name::default() {
            self.name = Some(Dated { at, value: name });
        }
        for handle in personal.normal_handles() {
            match handle.channel.as_str() {
                "email" => self.emails.insert(handle.external_id, at),
                "phone" => self.phones.insert(handle.external_id, at),
                _ => None,
            };
        }
    }

    /// Puts another part in.
    pub(crate) fn merge(&mut self, other: Part) {
        newest(&mut self.name, other.name);
        newest(&mut self.locale, other.locale);
        newest(&mut self.country, other.country);
        newest(&mut self.time_zone, other.time_zone);
        for (mine, theirs) in [(&mut self.emails, other.emails), (&mut self.phones, other.phones)] {
            for (contact, at) in theirs {
                let known = mine.entry(contact).or_insert(at);
                *known = at.max(*known);
            }
            while mine.len() > MOST_CONTACTS {
                let oldest = mine.iter().min_by_key(|(contact, at)| (**at, (*contact).clone()));
                let Some(oldest) = oldest.map(|(contact, _)| contact.clone()) else { break };
                mine.remove(&oldest);
            }
        }
        for (source, tags) in other.tags {
            newest_of(&mut self.tags, source, tags);
        }
        for (source, deleted) in other.deleted {
            newest_of(&mut self.deleted, source, deleted);
        }
        self.since = match (self.since, other.since) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
    }

    /// Addresses or numbers, the newest first.
    pub(crate) fn by_age(contacts: &BTreeMap<String, Micros>) -> Vec<String> {
        let mut sorted: Vec<(&String, &Micros)> = contacts.iter().collect();
        sorted.sort_by(|left, right| (right.1, right.0).cmp(&(left.1, left.0)));
        sorted.into_iter().map(|(contact, _)| contact.clone()).collect()
    }

    /// The tags of all sources.
    pub(crate) fn all_tags(&self) -> Vec<String> {
        let mut tags = sorted(self.tags.values().flat_map(|tags| tags.value.iter().cloned()).collect());
        tags.truncate(MOST_TAGS);
        tags
    }

    /// Whether every source that says so says that the customer was deleted.
    pub(crate) fn is_deleted(&self) -> bool {
        !self.deleted.is_empty() && self.deleted.values().all(|deleted| deleted.value)
    }
}

fn newest<T: Ord>(mine: &mut Option<Dated<T>>, theirs: Option<Dated<T>>) {
    if theirs > *mine {
        *mine = theirs;
    }
}

fn newest_of<T: Ord>(mine: &mut BTreeMap<String, Dated<T>>, source: String, theirs: Dated<T>) {
    match mine.get(&source) {
        Some(known) if *known >= theirs => {}
        _ => {
            mine.insert(source, theirs);
        }
    }
}

fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags.dedup();
    tags
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

fn text_of(traits: &Map<String, Value>, name: &str) -> Option<String> {
    traits.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(short)
}

fn text_of_fields(personal: &Personal, name: &str) -> Option<String> {
    personal.fields.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(short)
}
