//! What shops and storefronts send, as facts: Segment's HTTP API, our own REST bodies, webhooks of Shopify and WooCommerce, and
//! what was read of files.
//!
//! Every parser is a pure function of bytes and an [`Intake`]: no input or output, no clock. What is malformed is refused with
//! a [`Refusal`] that lists each [`Problem`] with a JSON pointer and a remedy. What is well formed but makes no sense (an order
//! of next year) is [`Quarantined`]: kept apart for a person to look at, never dropped.
//!
//! **Versions.** A source's `updated_at` becomes the version, as a UTC moment in a form whose text order is the order of time,
//! followed for orders by how far the order has come ([`moment_version`], [`order_version`]). A source without one gives a
//! version without a moment. [`VersionRank`] says which of two versions is newer.

mod customer_rows;
mod decimal;
pub mod files;
mod intake;
pub mod json;
mod node;
mod person;
mod problem;
pub mod rest;
pub mod segment;
pub mod shop;
pub mod shopify;
mod signature;
pub mod woocommerce;

pub use customer_rows::CustomerRow;
pub use decimal::Decimal;
pub use intake::{Intake, Quarantined, Record, RecordFormat, Said, Taken};
pub use node::moment_of;
pub use problem::{Problem, Refusal, RefusalKind};
pub use signature::verify_webhook;
// Versions are words of the domain: `clove_core::fact` has them.
pub use clove_core::fact::{VersionRank, changed_version, moment_version, order_version};

/// Reads a record again that was kept apart, maybe mended.
///
/// # Errors
/// As the reader of its format.
pub fn record(intake: &Intake<'_>, format: RecordFormat, json: &[u8]) -> Result<Taken, Refusal> {
    match format {
        RecordFormat::SegmentMessage => segment::record(intake, json),
        RecordFormat::Order => rest::orders(intake, json),
        RecordFormat::Refund => rest::refunds(intake, json),
        RecordFormat::Product => rest::products(intake, json),
        RecordFormat::Spend => rest::spend(intake, json),
        RecordFormat::Customer => rest::customers(intake, json),
    }
}
