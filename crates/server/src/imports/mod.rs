//! Files taken in: orders, refunds and costs of a shop's exports become the facts that its webhooks would have handed in.
//!
//! The files are read by the readers of the command line. Facts are handed to the log in portions; each portion and the position behind
//! it commit together, so that a killed import goes on where it was. See `docs/decisions/0018-imports.md`.

mod api;
mod plan;
mod rejects;
mod run;
mod upload;

pub use api::routes;
pub use plan::{ImportFile, ImportOptions, ImportPlan};
pub use rejects::harmless;
pub use run::{ImportError, Imports, Surroundings, create, run};
