#![doc = include_str!("../README.md")]

pub mod access;
pub mod audit;
pub mod body;
pub mod client;
pub mod cursor;
pub mod etag;
pub mod hex;
pub mod idempotency;
pub mod problem;
pub mod rate;
pub mod services;
pub mod sources;

pub use access::{Caller, Scope};
pub use audit::Actor;
pub use body::{JsonBody, RawBody, parse_json};
pub use client::Client;
pub use cursor::{Page, PageQuery};
pub use etag::tagged_json;
pub use hex::hex;
pub use problem::{FieldProblem, Problem, ProblemBody, ProblemCode};
pub use services::{Services, State};
pub use sources::SourceRegistry;

/// Every SQL text of this crate.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    let mut texts = access::sql_texts();
    texts.extend_from_slice(audit::STATEMENTS);
    texts.extend(idempotency::sql_texts());
    texts
}
