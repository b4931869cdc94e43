//! Erasure of a person: what every room that keeps something of persons must do, and what keeps them from coming back.
//!
//! A room implements [`Eraser`] for its tables, files and caches; the program hands one list of them to whoever erases. The steps:
//! in one transaction every eraser deletes, the [suppression](suppressed) is written, the erasure is recorded and an `Erased` fact
//! appended; then each eraser's part outside the transaction runs (files, caches), which a killed process does again.

mod list;
mod log;
mod suppression;
mod texts;

pub use list::{Erasure, append_to_list, erasures, missing_from_database, read_list};
pub use log::{FactEraser, QuarantineEraser};
pub(crate) use suppression::{Hit, Suppressions, counts_nameless, hashes_of, load as load_suppressions, refresh};
pub use suppression::{Suppressed, lift, suppress, suppressed};
pub(crate) use texts::texts_of;

use std::sync::Arc;

use clove_core::{PersonId, SubjectId};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;

pub(crate) const STATEMENTS: [&[crate::SqlText]; 2] = [suppression::STATEMENTS, list::STATEMENTS];

/// Who is to be erased, or exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Id of the erasure.
    pub erasure: Uuid,
    /// The person.
    pub person: PersonId,
    /// The person's subjects, those of handles alone included.
    pub subjects: Vec<SubjectId>,
    /// Subjects of records that belong to the person's orders without being the person's: refunds taken in by order number.
    pub records: Vec<SubjectId>,
}

impl Target {
    /// Subjects under which facts of the person may lie.
    pub fn of_facts(&self) -> impl Iterator<Item = SubjectId> + '_ {
        self.subjects.iter().chain(&self.records).copied()
    }
}

/// How much of one kind was deleted, for the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// What: `personal fields`, `profile`, `lake files`, ...
    pub what: String,
    /// How many rows, files, ...
    pub count: u64,
}

impl Deleted {
    /// So many of a kind.
    pub fn new(what: impl Into<String>, count: u64) -> Deleted {
        Deleted { what: what.into(), count }
    }
}

/// A room that keeps something of persons.
pub trait Eraser: Send + Sync {
    /// Its name, for logs and as the key of its part of an export.
    fn name(&self) -> &'static str;

    /// Deletes what identifies the person within the transaction of the erasure. Doing it again deletes nothing.
    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>>;

    /// Deletes what lies outside of the database: files, caches. It runs after the commit and before the receipt is given, again
    /// if the process was killed meanwhile, and when a backup was restored.
    fn after_commit<'a>(&'a self, db: &'a Db, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        let _ = (db, target);
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What the room knows of the person, for an export; `None` if nothing.
    fn export<'a>(&'a self, db: &'a Db, target: &'a Target) -> BoxFuture<'a, Result<Option<Value>>> {
        let _ = (db, target);
        Box::pin(async { Ok(None) })
    }
}

/// Every room that keeps something of persons. [`FactEraser`] stands last: others may need to read what it deletes.
pub type Erasers = Vec<Arc<dyn Eraser>>;
