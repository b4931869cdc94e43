//! Columns: a shop's orders as tables of an analytic engine, and the SQL that asks them.
//!
//! DataFusion is the engine. None of its types leaves this crate: questions are [`Query`]s or SQL text, answers are plain
//! [`clove_core::Table`]s. With the feature `cluster`, [`Lake`] runs the
//! same SQL on several machines.

#[cfg(feature = "cluster")]
pub mod cluster;
pub mod error;
pub mod export;
pub mod features;
pub mod files;

mod engine;
mod functions;
mod queries;
mod results;
mod tables;
mod words;

pub use engine::{Lake, QueryAnswer};
pub use error::LakeError;
pub use export::{ParquetRows, write_parquet, write_parquet_parts};
pub use queries::{Parameter, Query};
pub use tables::LastingNumbers;
