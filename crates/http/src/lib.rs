#![doc = include_str!("../README.md")]

pub mod access;
pub mod body;
pub mod cursor;
pub mod etag;
pub mod hex;
pub mod idempotency;
pub mod problem;
pub mod services;

pub use access::{Caller, Scope};
pub use body::{JsonBody, RawBody, parse_json};
pub use cursor::{Page, PageQuery};
pub use etag::tagged_json;
pub use hex::hex;
pub use problem::{FieldProblem, Problem, ProblemBody, ProblemCode};
pub use services::{Services, State};
