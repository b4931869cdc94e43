//! Rows as Parquet files. Money is whole minor units with the currency in a column of its own.
//!
//! Columns go to the file's column writers without any table or array in between. Whole numbers, amounts and days are written as
//! packed differences, other numbers plainly, both without compression: it costs more time than the smaller file is worth.
//! Statistics of pages and columns are left out for the same reason: whoever reads values of customers reads all of them.
//!
//! What runs for every value is marked `inline`: it is compiled where it is called, in a crate that is optimised. This one holds
//! DataFusion's generic code and is not, since that would take minutes.

use std::borrow::Borrow;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use clove_core::{Columns, Currency, Day, Minor, Table, Values};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};

use crate::error::LakeError;

/// The column that names the currency of all money columns of a file.
pub const CURRENCY_COLUMN: &str = "currency";

/// Rows after which a row group is written: what is held in memory at a time.
const ROW_GROUP: usize = 1 << 16;
/// Rows that a column writer looks at between two looks at the size of its page.
const WRITE_BATCH: usize = 1 << 13;

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
    let mut rows = ParquetRows::create(path)?;
    let mut is_empty = true;
    for part in parts {
        let table: &Table = part.borrow();
        for column in &table.columns {
            rows.values(&column.name, &column.values);
        }
        rows.end_block()?;
        is_empty = false;
    }
    if is_empty {
        return Err(rows.failed(&"there is no table to write"));
    }
    rows.finish()
}

/// A Parquet file that takes blocks of rows column by column.
pub struct ParquetRows {
    path: PathBuf,
    /// Until the first row group tells the columns.
    file: Option<File>,
    writer: Option<SerializedFileWriter<File>>,
    columns: Vec<Buffer>,
    /// The next column of the block at hand.
    place: usize,
    currency: Option<Currency>,
}

/// The values of a column since the last row group.
struct Buffer {
    name: String,
    cells: Cells,
    /// For columns that may miss values: 1 for each value, 0 for each missing one.
    levels: Option<Vec<i16>>,
}

enum Cells {
    Int(Vec<i64>),
    Float(Vec<f64>),
    Date(Vec<i32>),
    Bool(Vec<bool>),
    /// Texts behind each other, and where each ends.
    Text(Vec<u8>, Vec<usize>),
    /// Distinct texts, and the place of each row's text among them.
    Label(Vec<&'static str>, Vec<u8>),
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Cells::Int(values) => values.len(),
            Cells::Float(values) => values.len(),
            Cells::Date(values) => values.len(),
            Cells::Bool(values) => values.len(),
            Cells::Text(_, ends) => ends.len(),
            Cells::Label(_, codes) => codes.len(),
        }
    }
}

impl Buffer {
    fn rows(&self) -> usize {
        self.levels.as_ref().map_or_else(|| self.cells.len(), Vec::len)
    }

    fn schema(&self) -> Result<Type, ParquetError> {
        let (physical, logical) = match &self.cells {
            Cells::Int(_) => (PhysicalType::INT64, None),
            Cells::Float(_) => (PhysicalType::DOUBLE, None),
            Cells::Date(_) => (PhysicalType::INT32, Some(LogicalType::Date)),
            Cells::Bool(_) => (PhysicalType::BOOLEAN, None),
            Cells::Text(..) | Cells::Label(..) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let repetition = if self.levels.is_some() { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        Type::primitive_type_builder(&self.name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
    }

    fn encoding(&self) -> Option<Encoding> {
        match &self.cells {
            Cells::Int(_) | Cells::Date(_) => Some(Encoding::DELTA_BINARY_PACKED),
            Cells::Float(_) => Some(Encoding::PLAIN),
            Cells::Text(..) => Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
            Cells::Bool(_) | Cells::Label(..) => None,
        }
    }

    /// Writes the column into a row group and forgets its values, keeping the memory.
    #[inline]
    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, File>) -> Result<(), ParquetError> {
        let missing = || ParquetError::General("a row group has fewer columns than the file".to_owned());
        let mut column = group.next_column()?.ok_or_else(missing)?;
        let levels = self.levels.as_deref();
        match &mut self.cells {
            Cells::Int(values) => put::<Int64Type>(column.untyped(), values, levels)?,
            Cells::Float(values) => put::<DoubleType>(column.untyped(), values, levels)?,
            Cells::Date(values) => put::<Int32Type>(column.untyped(), values, levels)?,
            Cells::Bool(values) => put::<BoolType>(column.untyped(), values, levels)?,
            Cells::Text(text, ends) => {
                let whole = ByteArray::from(std::mem::take(text));
                let mut start = 0;
                let mut values: Vec<ByteArray> = ends
                    .drain(..)
                    .map(|end| {
                        let value = whole.slice(start, end - start);
                        start = end;
                        value
                    })
                    .collect();
                put::<ByteArrayType>(column.untyped(), &mut values, levels)?;
            }
            Cells::Label(labels, codes) => {
                // Copies of static bytes are not counted.
                let labels = labels.iter().map(|label| ByteArray::from(Bytes::from_static(label.as_bytes())));
                let labels: Vec<ByteArray> = labels.collect();
                let mut values: Vec<ByteArray> = codes.drain(..).map(|code| labels[code as usize].clone()).collect();
                put::<ByteArrayType>(column.untyped(), &mut values, levels)?;
            }
        }
        if let Some(levels) = &mut self.levels {
            levels.clear();
        }
        column.close()
    }
}

#[inline]
fn put<T: DataType>(
    column: &mut ColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let typed = T::get_column_writer_mut(column);
    let typed = typed.ok_or_else(|| ParquetError::General("a column changes its type".to_owned()))?;
    typed.write_batch(values, levels, None)?;
    values.clear();
    Ok(())
}

impl ParquetRows {
    /// An empty file.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn create(path: &Path) -> Result<ParquetRows, LakeError> {
        let file = File::create(path).map_err(|error| LakeError::file(path, &error))?;
        Ok(ParquetRows {
            path: path.to_owned(),
            file: Some(file),
            writer: None,
            columns: Vec::new(),
            place: 0,
            currency: None,
        })
    }

    /// To be called when a block of rows has given all its columns.
    ///
    /// # Errors
    /// If the rows so far cannot be written.
    ///
    /// # Panics
    /// If the columns have different lengths.
    #[inline]
    pub fn end_block(&mut self) -> Result<(), LakeError> {
        let currency_is_given = self.columns[..self.place].iter().any(|column| column.name == CURRENCY_COLUMN);
        if let Some(currency) = self.currency.filter(|_| !currency_is_given) {
            let rows = self.rows();
            let written = self.columns.get(self.place).map_or(0, Buffer::rows);
            self.label(CURRENCY_COLUMN, std::iter::repeat_n(currency.code(), rows - written));
        }
        let rows = self.rows();
        for column in &self.columns {
            assert_eq!(column.rows(), rows, "column {} has another length than the first", column.name);
        }
        self.place = 0;
        if rows >= ROW_GROUP { self.write_group() } else { Ok(()) }
    }

    /// Writes what is left and the file's end.
    ///
    /// # Errors
    /// If that cannot be written.
    #[inline]
    pub fn finish(mut self) -> Result<(), LakeError> {
        if self.writer.is_none() || self.rows() > 0 {
            self.write_group()?;
        }
        let written = self.writer.take().map(SerializedFileWriter::into_inner).transpose();
        if let Some(file) = written.map_err(|error| self.failed(&error))? {
            file.sync_all().map_err(|error| self.failed(&error))?;
        }
        Ok(())
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> LakeError {
        LakeError::file(&self.path, &error.to_string())
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, Buffer::rows)
    }

    #[inline]
    fn write_group(&mut self) -> Result<(), LakeError> {
        self.try_write_group().map_err(|error| self.failed(&error))
    }

    #[inline]
    fn try_write_group(&mut self) -> Result<(), ParquetError> {
        if let Some(file) = self.file.take() {
            self.writer = Some(SerializedFileWriter::new(file, Arc::new(self.schema()?), Arc::new(self.properties()))?);
        }
        let Some(writer) =
            self.writer.as_mut().filter(|_| self.columns.first().is_some_and(|column| column.rows() > 0))
        else {
            return Ok(());
        };
        let mut group = writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    fn schema(&self) -> Result<Type, ParquetError> {
        let fields: Result<Vec<_>, _> = self.columns.iter().map(|column| column.schema().map(Arc::new)).collect();
        Type::group_type_builder("rows").with_fields(fields?).build()
    }

    fn properties(&self) -> WriterProperties {
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .set_write_batch_size(WRITE_BATCH);
        let coded = self.columns.iter().filter_map(|column| Some((column, column.encoding()?)));
        coded
            .fold(properties, |properties, (column, encoding)| {
                let path = ColumnPath::from(column.name.as_str());
                properties.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
            })
            .build()
    }

    /// The buffer of the next column; the first block makes it.
    fn next(&mut self, name: &str, optional: bool, make: impl FnOnce() -> Cells) -> &mut Buffer {
        let place = self.place;
        self.place += 1;
        if place == self.columns.len() {
            self.columns.push(Buffer { name: name.to_owned(), cells: make(), levels: optional.then(room) });
        }
        let column = &mut self.columns[place];
        assert_eq!(column.name, name, "blocks of rows bring the same columns in the same order");
        column
    }

    fn ints(&mut self, name: &str, values: impl ExactSizeIterator<Item = i64>) {
        if let Cells::Int(cells) = &mut self.next(name, false, || Cells::Int(room())).cells {
            cells.extend(values);
        }
    }

    fn optional_ints(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<i64>>) {
        let column = self.next(name, true, || Cells::Int(room()));
        if let (Cells::Int(cells), Some(levels)) = (&mut column.cells, &mut column.levels) {
            extend(cells, levels, values);
        }
    }

    /// A column of a table.
    fn values(&mut self, name: &str, values: &Values) {
        match values {
            Values::Int(values) => self.optional_ints(name, values.iter().copied()),
            Values::Money(values, currency) => self.optional_money(name, *currency, values.iter().copied()),
            Values::Float(values, _) | Values::Share(values) => self.optional_float(name, 0, values.iter().copied()),
            Values::Date(values) => self.optional_date(name, values.iter().copied()),
            Values::Text(values) => {
                let column = self.next(name, true, || Cells::Text(Vec::new(), room()));
                if let (Cells::Text(text, ends), Some(levels)) = (&mut column.cells, &mut column.levels) {
                    levels.extend(values.iter().map(|value| i16::from(value.is_some())));
                    for value in values.iter().flatten() {
                        text.extend_from_slice(value.as_bytes());
                        ends.push(text.len());
                    }
                }
            }
            Values::Bool(values) => {
                let column = self.next(name, true, || Cells::Bool(room()));
                if let (Cells::Bool(cells), Some(levels)) = (&mut column.cells, &mut column.levels) {
                    extend(cells, levels, values.iter().copied());
                }
            }
        }
    }
}

/// Room for the values of a row group: memory that is not touched before they come.
fn room<T>() -> Vec<T> {
    Vec::with_capacity(ROW_GROUP + ROW_GROUP / 16)
}

#[inline]
fn extend<T>(cells: &mut Vec<T>, levels: &mut Vec<i16>, values: impl ExactSizeIterator<Item = Option<T>>) {
    cells.reserve(values.len());
    levels.extend(values.map(|value| {
        let level = i16::from(value.is_some());
        cells.extend(value);
        level
    }));
}

impl Columns for ParquetRows {
    fn int(&mut self, name: &str, values: impl ExactSizeIterator<Item = i64>) {
        self.ints(name, values);
    }

    fn optional_int(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<i64>>) {
        self.optional_ints(name, values);
    }

    fn money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Minor>) {
        self.currency.get_or_insert(currency);
        self.ints(name, values);
    }

    fn optional_money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Option<Minor>>) {
        self.currency.get_or_insert(currency);
        self.optional_ints(name, values);
    }

    fn optional_float(&mut self, name: &str, _decimals: u8, values: impl ExactSizeIterator<Item = Option<f64>>) {
        let column = self.next(name, true, || Cells::Float(room()));
        if let (Cells::Float(cells), Some(levels)) = (&mut column.cells, &mut column.levels) {
            extend(cells, levels, values);
        }
    }

    fn optional_date(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<Day>>) {
        let column = self.next(name, true, || Cells::Date(room()));
        if let (Cells::Date(cells), Some(levels)) = (&mut column.cells, &mut column.levels) {
            extend(cells, levels, values.map(|day| day.map(|day| day.0)));
        }
    }

    fn text(&mut self, name: &str, values: impl ExactSizeIterator<Item: AsRef<str>>) {
        let column = self.next(name, false, || Cells::Text(Vec::new(), room()));
        if let Cells::Text(text, ends) = &mut column.cells {
            for value in values {
                text.extend_from_slice(value.as_ref().as_bytes());
                ends.push(text.len());
            }
        }
    }

    fn label(&mut self, name: &str, values: impl ExactSizeIterator<Item = &'static str>) {
        let column = self.next(name, false, || Cells::Label(Vec::new(), room()));
        if let Cells::Label(labels, codes) = &mut column.cells {
            codes.extend(values.map(|value| {
                let known = labels.iter().position(|&label| std::ptr::eq(label, value) || label == value);
                let place = known.unwrap_or_else(|| {
                    labels.push(value);
                    labels.len() - 1
                });
                u8::try_from(place).expect("labels are few")
            }));
        }
    }
}
