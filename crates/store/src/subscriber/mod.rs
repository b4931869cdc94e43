//! Subscribers: what reads the log and acts on it, each fact exactly once in effect.
//!
//! Effects, the cursor and the check that the lease is still held commit in one transaction. A process that was killed, or
//! that lost its lease to another, leaves nothing half done.

mod cursor;
mod dead_letter;
mod driver;
mod rebuild;
mod runner;

pub use cursor::{SubscriberStatus, Trouble, hold, position, status, wait_until};
pub use dead_letter::{DeadLetter, all_dead_letters, dead_letters, retry_dead_letter};
pub use driver::{Driver, DriverOptions, Step};
pub use rebuild::{rebuild, rebuild_in};
pub use runner::Runner;

use std::time::Duration;

use futures::future::BoxFuture;

use crate::db::Tx;
use crate::error::Result;
use crate::fact::StoredFact;

pub(crate) const STATEMENTS: [&[crate::SqlText]; 3] =
    [cursor::STATEMENTS, dead_letter::STATEMENTS, rebuild::STATEMENTS];

/// In which order a subscriber wants its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ordering {
    /// Facts of a subject in the order of the log; subjects side by side, in several processes if there are some.
    #[default]
    PerSubject,
    /// All facts in the order of the log, by one process at a time: a sequencer.
    Global,
}

/// Something that reads the log.
///
/// A subscriber that names [`tables`](Subscriber::tables) is a **projection**: it gets primary facts only, writes these
/// tables only, and can be rebuilt from the log at any time. One without tables has effects; it gets derived facts too.
pub trait Subscriber: Send + Sync {
    /// Its name: the key of its cursor. Never changed.
    fn name(&self) -> &'static str;

    /// In which order it wants its facts.
    fn ordering(&self) -> Ordering {
        Ordering::PerSubject
    }

    /// Names of subscribers that must have handled a fact before this one sees it.
    fn after(&self) -> &'static [&'static str] {
        &[]
    }

    /// For how long facts gather, once it has caught up, before it handles them together. Longer costs less: each of its transactions
    /// keeps SQLite's one writer from those who hand in.
    fn gathers_for(&self) -> Duration {
        Duration::from_millis(20)
    }

    /// The tables that it alone writes, and that are made of primary facts alone; empty for a subscriber with effects.
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    /// Empties its tables, for a rebuild.
    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        let _ = tx;
        Box::pin(async { Ok(()) })
    }

    /// Acts on facts, in order. Whatever it writes through `tx` commits together with the cursor.
    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>>;
}
