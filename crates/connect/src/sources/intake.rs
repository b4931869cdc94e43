//! What a parser is told, and what it gives back.

use std::collections::HashMap;

use clove_core::fact::{FactError, Handle, OrderStatus, order_version};
use clove_core::{Currency, Fact, FactBody, FactId, HashKey, IdGenerator, Micros, Personal, Source, SubjectId};

use serde::Serialize;
use uuid::Uuid;

use super::problem::Problem;

/// Everything that a parser needs beside the bytes. The same intake and the same bytes give the same facts.
#[derive(Debug, Clone, Copy)]
pub struct Intake<'a> {
    /// The system of record that the data come from.
    pub source: &'a Source,
    /// The installation's secret, for subjects.
    pub hash_key: &'a HashKey,
    /// When the data arrived.
    pub received_at: Micros,
    /// Gives ids to facts.
    pub ids: &'a IdGenerator,
    /// The currency of amounts whose sender names none.
    pub currency: Option<Currency>,
}

/// Which reader understands a record that stands by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordFormat {
    /// A message of Segment's API, with its type.
    SegmentMessage,
    /// [`super::rest::Order`]
    Order,
    /// [`super::rest::Refund`]
    Refund,
    /// [`super::rest::Product`]
    Product,
    /// [`super::rest::Spend`]
    Spend,
    /// [`super::rest::Profile`]
    Customer,
}

impl RecordFormat {
    /// All of them.
    pub const ALL: [RecordFormat; 6] = [
        RecordFormat::SegmentMessage,
        RecordFormat::Order,
        RecordFormat::Refund,
        RecordFormat::Product,
        RecordFormat::Spend,
        RecordFormat::Customer,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            RecordFormat::SegmentMessage => "segment",
            RecordFormat::Order => "order",
            RecordFormat::Refund => "refund",
            RecordFormat::Product => "product",
            RecordFormat::Spend => "spend",
            RecordFormat::Customer => "customer",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<RecordFormat> {
        RecordFormat::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A record in a form in which it can be read again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who reads it.
    pub format: RecordFormat,
    /// What a repeated delivery of it is told by, within its source and format.
    pub key: String,
    /// The record as JSON. It holds personal data.
    pub json: String,
}

/// A record that is well formed and makes no sense: kept apart until a person mends it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarantined {
    /// Why, where in the body, and how to mend it.
    pub problem: Problem,
    /// What the record would have become, where it could be read. It holds personal data.
    pub fact: Option<Box<Fact>>,
    /// The record, to be read again when it is mended; absent where whoever reads the body keeps it as it came.
    pub record: Option<Record>,
    /// Whose it is: the subjects of all handles that it carries.
    pub subjects: Vec<SubjectId>,
}

/// What was taken from a body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    /// Facts for the log.
    pub facts: Vec<Fact>,
    /// Records kept apart.
    pub quarantined: Vec<Quarantined>,
    /// What messages themselves say of being followed, where they say something.
    pub said: Said,
}

/// What messages say of consent to being followed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// By the facts made of them.
    pub facts: HashMap<FactId, bool>,
    /// By the places of records kept apart.
    pub quarantined: HashMap<usize, bool>,
}

/// How far ahead of the server's clock a moment may lie.
const FUTURE: Micros = 24 * 3_600 * 1_000_000;
/// 1970-01-02: shops and programs write the epoch where they have no date.
const EARLIEST: Micros = 24 * 3_600 * 1_000_000;

impl Intake<'_> {
    /// The handle of a customer's id in the source: `shopify:my-shop` gives (`shopify`, `my-shop`, id), a source without a
    /// system (`my-shop`) gives (`user`, `my-shop`, id).
    pub fn customer_handle(&self, id: &str) -> Handle {
        let (channel, scope) = self.source.as_str().split_once(':').unwrap_or(("user", self.source.as_str()));
        Handle { channel: channel.to_owned(), scope: scope.to_owned(), external_id: id.to_owned() }
    }

    /// The handle of a visitor who is not known yet.
    pub fn anonymous_handle(&self, id: &str) -> Handle {
        Handle { channel: "anonymous".to_owned(), scope: self.source.to_string(), external_id: id.to_owned() }
    }

    /// The subject of a person: that of the first handle; without any, a person of its own per `thing` (one guest per order).
    pub(crate) fn subject(&self, personal: &Personal, thing: &str) -> SubjectId {
        match personal.handles.first() {
            Some(handle) => self.hash_key.subject(handle),
            None => self.thing_subject("guest", thing),
        }
    }

    /// The subject of something that belongs to no person (a product, a cost), or to an unknown one.
    pub(crate) fn thing_subject(&self, channel: &str, id: &str) -> SubjectId {
        let (channel, scope) = (channel.to_owned(), self.source.to_string());
        self.hash_key.subject(&Handle { channel, scope, external_id: id.to_owned() })
    }

    /// A fact of this intake.
    pub(crate) fn fact(
        &self,
        subject: SubjectId,
        external_id: String,
        version: String,
        occurred_at: Micros,
        body: FactBody,
        personal: Personal,
    ) -> Fact {
        Fact {
            id: FactId(self.ids.uuid(self.received_at)),
            subject,
            source: self.source.clone(),
            external_id,
            version,
            occurred_at,
            received_at: self.received_at,
            cause: None,
            body,
            personal: (!personal.is_empty()).then_some(personal),
        }
    }

    /// A keyed hash of what a fact says and whom it names, for versions. Without the installation's key nobody can guess back to
    /// an e-mail address.
    pub(crate) fn content(&self, body: &FactBody, personal: &Personal) -> Result<Uuid, FactError> {
        let (kind, body) = (body.kind(), body.to_json()?);
        // Handles in the form in which they are compared: another spelling of an address is no other state.
        let handles = personal.normal_handles();
        let named = handles.iter().flat_map(|handle| [&handle.channel, &handle.scope, &handle.external_id]);
        let names = [&personal.first_name, &personal.last_name].map(|name| name.as_deref().unwrap_or(""));
        let parts: Vec<&str> = [kind.name(), &body].into_iter().chain(names).chain(named.map(String::as_str)).collect();
        Ok(self.hash_key.hash("content", &parts))
    }

    /// The version of an order's state: its moment, if the source says one, and what it says.
    pub(crate) fn order_version(
        &self,
        updated_at: Option<Micros>,
        status: OrderStatus,
        body: &FactBody,
        personal: &Personal,
    ) -> Result<String, FactError> {
        let content = self.content(body, personal)?;
        Ok(match updated_at {
            Some(updated_at) => order_version(updated_at, status, content),
            None => format!("content-{}", content.simple()),
        })
    }

    /// The subjects of all handles.
    pub(crate) fn subjects(&self, personal: &Personal) -> Vec<SubjectId> {
        personal.normal_handles().iter().map(|handle| self.hash_key.subject(handle)).collect()
    }

    /// A record of our own JSON. It is told by what it says.
    pub(crate) fn record(&self, format: RecordFormat, record: &impl Serialize) -> Record {
        // Structures of texts, numbers and lists always become JSON.
        let json = serde_json::to_string(record).unwrap_or_default();
        Record { format, key: self.record_key(&json), json }
    }

    /// What a record without an id of its own is told by.
    pub(crate) fn record_key(&self, json: &str) -> String {
        format!("content-{}", self.hash_key.hash("record", &[json]).simple())
    }

    /// What makes no sense about a moment, if anything.
    pub(crate) fn doubt_moment(&self, pointer: String, moment: Micros) -> Option<Problem> {
        let problem = |message: String, remedy: &str| Some(Problem { pointer, message, remedy: remedy.to_owned() });
        if moment > self.received_at.saturating_add(FUTURE) {
            let written = super::moment_version(moment);
            return problem(format!("{written} lies in the future"), "check the sender's clock and time zone");
        }
        if moment < EARLIEST {
            let written = super::moment_version(moment);
            return problem(format!("{written} is too long ago to be true"), "send the moment at which it happened");
        }
        None
    }
}

impl Taken {
    /// Adds a fact, or keeps it apart if there is a doubt or if its ids cannot be used.
    pub fn add(&mut self, fact: Fact, pointer: &str, doubt: Option<Problem>) {
        match doubt_of(&fact, pointer, doubt) {
            None => self.facts.push(fact),
            Some(problem) => {
                let subjects = vec![fact.subject];
                self.quarantined.push(Quarantined { problem, fact: Some(Box::new(fact)), record: None, subjects });
            }
        }
    }

    /// As [`Taken::add`], with the record that is kept apart then.
    pub(crate) fn add_record(
        &mut self,
        intake: &Intake<'_>,
        fact: Fact,
        pointer: &str,
        doubt: Option<Problem>,
        record: impl FnOnce() -> Record,
    ) {
        match doubt_of(&fact, pointer, doubt) {
            None => self.facts.push(fact),
            Some(problem) => {
                let mut subjects = fact.personal.as_ref().map(|personal| intake.subjects(personal)).unwrap_or_default();
                if !subjects.contains(&fact.subject) {
                    subjects.push(fact.subject);
                }
                let (fact, record) = (Some(Box::new(fact)), Some(record()));
                self.quarantined.push(Quarantined { problem, fact, record, subjects });
            }
        }
    }

    /// Keeps a record apart of which no fact could be made.
    pub(crate) fn keep_apart(&mut self, intake: &Intake<'_>, problem: Problem, record: Record, personal: &Personal) {
        let subjects = intake.subjects(personal);
        self.quarantined.push(Quarantined { problem, fact: None, record: Some(record), subjects });
    }
}

fn doubt_of(fact: &Fact, pointer: &str, doubt: Option<Problem>) -> Option<Problem> {
    doubt.or_else(|| {
        let error = fact.validate().err()?;
        let remedy = "shorten the id and remove control characters".to_owned();
        Some(Problem { pointer: pointer.to_owned(), message: error.to_string(), remedy })
    })
}
