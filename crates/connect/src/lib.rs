//! The outside world: a shop's table files in, [`clove_core::ShopData`] out.
//!
//! Reads delimited text, workbooks, JSON lines and Parquet without being told how they are laid out, keeps what it
//! leaves out in [`clove_core::DataHealth`], and never drops a row silently. Imports nothing of Clove but the core.

mod batch;
mod cells;
mod csv;
mod currency;
pub mod date;
mod encoding;
mod error;
mod fields;
mod finish;
mod foreign;
mod format;
mod intake;
mod json;
mod layout;
mod lines;
mod mapping;
mod number;
mod options;
mod output;
mod parquet;
mod plan;
mod raw;
mod raw_figures;
mod read;
mod remote;
mod returns;
mod side;
mod source;
pub mod sources;
mod status;
mod tables;
mod text;
mod values;
mod workbook;
mod zone;

pub use date::DateOrder;
pub use error::ReadError;
pub use fields::{Field, TableKind};
pub use format::Format;
pub use mapping::Mapping;
pub use options::{Inputs, Progress, ReadOptions};
pub use plan::MappedColumn;
pub use raw_figures::{RawFigures, read_raw_figures};
pub use read::{Import, read_shop};
pub use tables::{CustomerFormat, CustomerTable, RawTable, read_customers, read_table};
