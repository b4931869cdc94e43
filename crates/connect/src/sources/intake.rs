//! What a parser is told, and what it gives back.

use clove_core::fact::Handle;
use clove_core::{Currency, Fact, FactBody, FactId, HashKey, IdGenerator, Micros, Personal, Source, SubjectId};

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

/// A record that is well formed and makes no sense: kept apart until a person mends it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarantined {
    /// Why, where in the body, and how to mend it.
    pub problem: Problem,
    /// What the record would have become, where it could be read. It holds personal data.
    pub fact: Option<Box<Fact>>,
}

/// What was taken from a body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    /// Facts for the log.
    pub facts: Vec<Fact>,
    /// Records kept apart.
    pub quarantined: Vec<Quarantined>,
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
    pub(crate) fn add(&mut self, fact: Fact, pointer: &str, doubt: Option<Problem>) {
        let doubt = doubt.or_else(|| {
            let error = fact.validate().err()?;
            let remedy = "shorten the id and remove control characters".to_owned();
            Some(Problem { pointer: pointer.to_owned(), message: error.to_string(), remedy })
        });
        match doubt {
            None => self.facts.push(fact),
            Some(problem) => self.quarantined.push(Quarantined { problem, fact: Some(Box::new(fact)) }),
        }
    }
}
