//! Tables as Parquet files. Money is whole minor units with the currency in the column's metadata and in a column of its
//! own.

use std::borrow::Borrow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use clove_core::{Table, Values};
use datafusion::arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use rustc_hash::FxHashSet;

use crate::error::LakeError;

/// The column that names the currency of all money columns of a file.
pub const CURRENCY_COLUMN: &str = "currency";

/// Rows of a row group at most: what the writer holds in memory at a time.
const ROW_GROUP: usize = 1 << 17;

/// Writes a table as one Parquet file. A table with money that has no `currency` column of its own gets one at the right.
///
/// # Errors
/// If the file cannot be written.
pub fn write_parquet(path: &Path, table: &Table) -> Result<(), LakeError> {
    write_parquet_parts(path, std::iter::once(table))
}

/// Writes the rows of several tables, which have the same columns, as one Parquet file as [`write_parquet`] does. The tables
/// are asked for one after the other, so that no more than one of them need be in memory.
///
/// # Errors
/// If the file cannot be written, or there is no table to tell the columns.
pub fn write_parquet_parts<T: Borrow<Table>>(path: &Path, parts: impl IntoIterator<Item = T>) -> Result<(), LakeError> {
    let failed = |error: &dyn std::fmt::Display| LakeError::file(path, &error.to_string());
    let mut parts = parts.into_iter();
    let first = parts.next().ok_or_else(|| failed(&"there is no table to write"))?;
    let properties = properties(first.borrow());
    let first = batch(first.borrow()).map_err(|error| failed(&error))?;
    let file = File::create(path).map_err(|error| failed(&error))?;
    let mut writer = ArrowWriter::try_new(file, first.schema(), Some(properties)).map_err(|error| failed(&error))?;
    writer.write(&first).map_err(|error| failed(&error))?;
    for part in parts {
        let batch = batch(part.borrow()).map_err(|error| failed(&error))?;
        writer.write(&batch).map_err(|error| failed(&error))?;
    }
    let written = writer.into_inner().map_err(|error| failed(&error))?;
    written.sync_all().map_err(|error| failed(&error))
}

/// How the columns are encoded: with a dictionary where the values of the first rows repeat themselves, plainly otherwise. The
/// search for repetitions is a large part of writing.
fn properties(table: &Table) -> WriterProperties {
    let properties =
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_max_row_group_row_count(Some(ROW_GROUP));
    let plain = table.columns.iter().filter(|column| !repeats(&column.values));
    plain
        .fold(properties, |properties, column| {
            properties.set_column_dictionary_enabled(ColumnPath::from(column.name.as_str()), false)
        })
        .build()
}

/// Whether at least two of three values have been there before.
fn repeats(values: &Values) -> bool {
    let distinct = match values {
        Values::Int(values) | Values::Money(values, _) => values.iter().collect::<FxHashSet<_>>().len(),
        Values::Float(values, _) | Values::Share(values) => {
            values.iter().map(|value| value.map(f64::to_bits)).collect::<FxHashSet<_>>().len()
        }
        Values::Text(values) => values.iter().collect::<FxHashSet<_>>().len(),
        Values::Date(values) => values.iter().map(|day| day.map(|day| day.0)).collect::<FxHashSet<_>>().len(),
        Values::Bool(_) => return true,
    };
    distinct <= values.len() / 3
}

fn batch(table: &Table) -> Result<RecordBatch, datafusion::arrow::error::ArrowError> {
    let mut columns: Vec<(String, ArrayRef, bool)> =
        table.columns.iter().map(|column| (column.name.clone(), array(&column.values), true)).collect();
    let currency = table.columns.iter().find_map(|column| match &column.values {
        Values::Money(_, currency) => Some(*currency),
        _ => None,
    });
    if let Some(currency) = currency
        && table.column(CURRENCY_COLUMN).is_none()
    {
        let code: StringArray = std::iter::repeat_n(Some(currency.code()), table.rows()).collect();
        columns.push((CURRENCY_COLUMN.to_owned(), Arc::new(code), true));
    }
    RecordBatch::try_from_iter_with_nullable(columns)
}

fn array(values: &Values) -> ArrayRef {
    match values {
        Values::Int(values) | Values::Money(values, _) => Arc::new(Int64Array::from(values.clone())),
        Values::Float(values, _) | Values::Share(values) => Arc::new(Float64Array::from(values.clone())),
        Values::Text(values) => Arc::new(StringArray::from_iter(values)),
        Values::Date(values) => Arc::new(values.iter().map(|day| day.map(|day| day.0)).collect::<Date32Array>()),
        Values::Bool(values) => Arc::new(BooleanArray::from(values.clone())),
    }
}
