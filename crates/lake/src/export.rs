//! Tables as Parquet files. Money is whole minor units with the currency in the column's metadata and in a column of its
//! own.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use clove_core::{Table, Values};
use datafusion::arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::error::LakeError;

/// The column that names the currency of all money columns of a file.
pub const CURRENCY_COLUMN: &str = "currency";

/// Writes a table as one Parquet file. A table with money that has no `currency` column of its own gets one at the right.
///
/// # Errors
/// If the file cannot be written.
pub fn write_parquet(path: &Path, table: &Table) -> Result<(), LakeError> {
    let failed = |error: &dyn std::fmt::Display| LakeError::file(path, &error.to_string());
    let batch = batch(table).map_err(|error| failed(&error))?;
    let file = File::create(path).map_err(|error| failed(&error))?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(|error| failed(&error))?;
    writer.write(&batch).map_err(|error| failed(&error))?;
    let written = writer.into_inner().map_err(|error| failed(&error))?;
    written.sync_all().map_err(|error| failed(&error))
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
