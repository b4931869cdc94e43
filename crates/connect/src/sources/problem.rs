//! What is wrong with a body, where, and how to mend it.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where: a JSON pointer (RFC 6901); empty for the whole body.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

impl Problem {
    /// Of a record that could not be made a fact.
    pub(crate) fn again(pointer: &str, error: &dyn fmt::Display) -> Problem {
        Problem { pointer: pointer.to_owned(), message: error.to_string(), remedy: "send it again".to_owned() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the body" } else { &self.pointer };
        write!(f, "{place}: {}; {}", self.message, self.remedy)
    }
}

/// Why nothing of a body was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// More bytes, deeper or more items than allowed (HTTP 413).
    TooLarge,
    /// Not JSON (HTTP 400).
    Malformed,
    /// JSON of another shape (HTTP 422).
    Invalid,
    /// The signature is missing or wrong (HTTP 401).
    Signature,
}

/// A body of which nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.summary())]
pub struct Refusal {
    /// Why.
    pub kind: RefusalKind,
    /// Everything that is wrong, at least one.
    pub problems: Vec<Problem>,
}

impl Refusal {
    /// A refusal with one problem.
    pub fn new(kind: RefusalKind, pointer: &str, message: impl Into<String>, remedy: impl Into<String>) -> Refusal {
        let problem = Problem { pointer: pointer.to_owned(), message: message.into(), remedy: remedy.into() };
        Refusal { kind, problems: vec![problem] }
    }

    fn summary(&self) -> String {
        self.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
    }
}

/// Most problems that are listed of one body.
const MOST_LISTED: usize = 100;

/// Collects problems while a body is read.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Notes a problem; beyond [`MOST_LISTED`] it only counts that there are some.
    pub fn add(&mut self, pointer: String, message: impl Into<String>, remedy: impl Into<String>) {
        if self.list.len() < MOST_LISTED {
            self.list.push(Problem { pointer, message: message.into(), remedy: remedy.into() });
        }
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The first one, if any.
    pub fn into_first(self) -> Option<Problem> {
        self.list.into_iter().next()
    }

    /// `value`, or a refusal if anything was wrong.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Refusal> {
        match value {
            Some(value) if self.list.is_empty() => Ok(value),
            _ if self.list.is_empty() => {
                Err(Refusal::new(RefusalKind::Invalid, "", "nothing to take", "send at least one record"))
            }
            _ => Err(Refusal { kind: RefusalKind::Invalid, problems: self.list }),
        }
    }
}
