#![doc = include_str!("../README.md")]

pub mod backup;
pub mod customer_view;
mod db;
pub mod delivery;
mod environment;
pub mod erasure;
mod error;
pub mod fact;
pub mod import;
pub mod job;
pub mod known_order;
pub mod quarantine;
pub mod settings;
pub mod source;
mod sql;
pub mod subscriber;

pub use db::{DATABASE_FILE, DatabaseUrl, Db, MigrationReport, Tx};
pub use environment::{Environment, SystemClock};
pub use error::{Result, StoreError};
pub use fact::{Delivery, FactWriter, Outcome, Receipt, StoredFact, WriterOptions};
pub use sql::{EngineKind, Query, Record, SqlText, Value, row_chunks};
pub use subscriber::{Driver, DriverOptions, Runner, Step, Subscriber};

/// Every SQL text of this crate, for the test that prepares them on both engines. Other crates keep such a list of their own.
pub fn sql_texts() -> Vec<SqlText> {
    let mut texts = Vec::new();
    texts.extend_from_slice(db::STATEMENTS);
    texts.extend_from_slice(db::MIGRATE_STATEMENTS);
    texts.extend_from_slice(db::LEASE_STATEMENTS);
    texts.extend_from_slice(job::STATEMENTS);
    texts.extend_from_slice(settings::STATEMENTS);
    texts.extend_from_slice(quarantine::STATEMENTS);
    texts.extend_from_slice(source::STATEMENTS);
    texts.extend_from_slice(delivery::STATEMENTS);
    texts.extend_from_slice(known_order::STATEMENTS);
    texts.extend_from_slice(import::STATEMENTS);
    for list in fact::STATEMENTS
        .iter()
        .chain(&subscriber::STATEMENTS)
        .chain(&erasure::STATEMENTS)
        .chain(&customer_view::ALL_STATEMENTS)
    {
        texts.extend_from_slice(list);
    }
    texts
}
