//! Facts: everything that a customer does, or that is done to a customer. Written once, never edited.
//!
//! A fact has a typed body without anything that identifies a person; what identifies lies apart in [`Personal`], so that
//! erasure can delete it and readers who do not need it never see it.

mod body;
mod key;
mod kind;
mod personal;
mod version;

pub use body::{
    ConsentChange, CustomerProfile, Erased, FactBody, Group, Identify, Merge, MoveReason, Order, OrderLine,
    OrderStatus, Page, Product, Refund, ScoreBandChanged, Screen, SegmentMove, Spend, Track, Unmerge,
};
pub use key::{HashKey, PARTITIONS, partition_of};
pub use kind::FactKind;
pub use personal::{Handle, Personal};
pub use version::{VersionRank, changed_version, moment_version, order_version};

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Micros;
use crate::ids::{FactId, SubjectId};

/// The system of record that a fact comes from, never the transport: `shopify:my-shop`, so that the same order by
/// webhook, REST and CSV is one order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Source(String);

impl Source {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Source {
    type Err = FactError;

    fn from_str(text: &str) -> Result<Source, FactError> {
        let fits = !text.is_empty() && text.len() <= 200 && text.trim() == text && !text.chars().any(char::is_control);
        if fits { Ok(Source(text.to_owned())) } else { Err(FactError::Source(text.to_owned())) }
    }
}

impl TryFrom<String> for Source {
    type Error = FactError;

    fn try_from(text: String) -> Result<Source, FactError> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.0
    }
}

/// What can be wrong with a fact.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactError {
    /// The name of the source cannot be used.
    #[error(
        "'{0}' is not a source; write the system and its name, for instance shopify:my-shop (at most 200 characters)"
    )]
    Source(String),
    /// The external id or the version cannot be used.
    #[error("the {field} of a fact must have 1 to 300 characters, none of them a control character")]
    Field {
        /// `external_id` or `version`.
        field: &'static str,
    },
    /// The body is not of the shape that its kind asks for.
    #[error("the body of a {kind} fact does not fit: {reason}")]
    Body {
        /// Name of the kind.
        kind: String,
        /// What is wrong, and where.
        reason: String,
    },
}

/// A fact, as it is handed to the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its id. For derived facts it is made from the cause, so that a repetition is the same fact.
    pub id: FactId,
    /// The profile that it was taken in under; decides the partition.
    pub subject: SubjectId,
    /// The system of record.
    pub source: Source,
    /// The source's id of the thing that the fact is about: order number, message id, ...
    pub external_id: String,
    /// The source's version of that thing (its `updated_at`), else [`FactBody::content_version`].
    pub version: String,
    /// When it happened.
    pub occurred_at: Micros,
    /// When it was taken in.
    pub received_at: Micros,
    /// For a derived fact, the fact that caused it. Derived facts are ignored when projections are rebuilt.
    pub cause: Option<FactId>,
    /// What happened.
    pub body: FactBody,
    /// What identifies the person, kept apart from the log.
    pub personal: Option<Personal>,
}

impl Fact {
    /// Whether it is input, rather than derived from another fact.
    pub fn is_primary(&self) -> bool {
        self.cause.is_none()
    }

    /// Checks the fields that become part of the delivery key.
    pub fn validate(&self) -> Result<(), FactError> {
        for (field, text) in [("external_id", &self.external_id), ("version", &self.version)] {
            if text.is_empty() || text.chars().count() > 300 || text.chars().any(char::is_control) {
                return Err(FactError::Field { field });
            }
        }
        Ok(())
    }
}
