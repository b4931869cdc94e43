//! The fact log: append, read, erase.

mod erase;
mod log;
mod recent;
mod writer;

pub use erase::{ErasedFacts, erase_subject};
pub use log::{Outcome, StoredFact, lock_log, personal_of_subject, read_fact, read_facts, read_personal, read_subject};
pub(crate) use log::{Prepared, append, read_after};
pub(crate) use recent::{Appended, AppendedRange, Erasing, Recent};
pub use writer::{Delivery, FactWriter, Receipt, WriterOptions};

pub(crate) const STATEMENTS: [&[crate::SqlText]; 2] = [log::STATEMENTS, erase::STATEMENTS];
