//! Parquet files: typed columns to typed columns, without texts in between where the file has none.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use clove_core::{NONE, Names, Reject};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection, RowSelector};
use rustc_hash::FxHashMap;

use crate::batch::{Batch, Column, Dictionaries};
use crate::cells::{CellFault, date_fault, number_fault, text_code};
use crate::date::{DateFault, parse_moment, parse_month};
use crate::error::ReadError;
use crate::fields::{Field, Kind};
use crate::number::{
    AMOUNT_PLACES, MISSING, RATE_PLACES, divide_half_even, is_missing, parse_scaled, scale_float, scale_floats,
    scale_integer, trim,
};
use crate::plan::{ColumnPlan, Plan, shortened};
use crate::source::Source;
use crate::zone::{Moment, Stamp, Zone};
use clove_core::contact::calling_code;

/// Rows read at a time.
const ROWS: usize = 16_384;
/// Rows looked at.
const SAMPLE_ROWS: usize = 2_000;
/// Whole numbers below this are numbered without a look at their text.
const DENSE_IDS: i64 = 1 << 24;

/// A Parquet file, looked at.
pub struct ParquetTable {
    source: Source,
    /// The names of its columns.
    pub header: Vec<String>,
    /// The first rows as text.
    pub sample: Vec<Vec<String>>,
}

fn broken(source: &Source, message: &dyn std::fmt::Display) -> ReadError {
    ReadError::Broken { file: source.name.clone(), kind: "Parquet", message: message.to_string() }
}

impl ParquetTable {
    /// Looks at a file.
    pub fn look(source: &Source) -> Result<ParquetTable, ReadError> {
        let source = source.unpacked()?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(source.open_file()?).map_err(|e| broken(&source, &e))?;
        let header = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0).min(SAMPLE_ROWS);
        let selection = RowSelection::from(vec![RowSelector::select(rows)]);
        let reader = builder
            .with_row_selection(selection)
            .with_batch_size(SAMPLE_ROWS)
            .build()
            .map_err(|e| broken(&source, &e))?;
        let mut sample = Vec::new();
        for batch in reader {
            let batch = batch.map_err(|e| broken(&source, &e))?;
            sample.extend(text_rows(&batch).map_err(|e| broken(&source, &e))?);
        }
        Ok(ParquetTable { source, header, sample })
    }

    /// Reads the planned columns of all rows.
    pub fn read(
        &self,
        plan: &Plan,
        dictionaries: &mut Dictionaries,
        zone: &mut Zone,
        mut sink: impl FnMut(&mut Batch, &mut Dictionaries, u64),
        reject: &mut dyn FnMut(Reject),
    ) -> Result<(), ReadError> {
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(self.source.open_file()?).map_err(|e| broken(&self.source, &e))?;
        let attributes = plan.attribute_columns();
        let typed: Vec<&ColumnPlan> = plan.columns.iter().filter(|column| plan.is_typed(column.field)).collect();
        let mut wanted: Vec<usize> =
            typed.iter().map(|column| column.column).chain(attributes.iter().map(|(column, _)| *column)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let place = |column: usize| wanted.binary_search(&column).unwrap_or(0);
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
        let total_rows = builder.metadata().file_metadata().num_rows().max(1) as u64;
        let reader =
            builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|e| broken(&self.source, &e))?;
        let attribute_numbers: Vec<usize> = attributes.iter().map(|(_, name)| dictionaries.attribute(name)).collect();
        let mut numbers: Vec<WholeNumbers> =
            (0..typed.len() + attributes.len()).map(|_| WholeNumbers::default()).collect();
        let mut done: u64 = 0;
        for arrays in reader {
            let arrays = arrays.map_err(|e| broken(&self.source, &e))?;
            let mut batch = Batch::new(typed.iter().map(|column| column.field));
            batch.rows = arrays.num_rows();
            if done == 0 {
                batch.rows_to_come = usize::try_from(total_rows.saturating_sub(batch.rows as u64)).unwrap_or(0);
            }
            // Line 1 is the header that a text file would have.
            batch.lines.extend((0..batch.rows as u64).map(|row| done + row + 2));
            let mut faults: Vec<(usize, CellFault)> = Vec::new();
            let countries = phone_countries(plan, &arrays, &place, &self.source)?;
            for (position, column) in typed.iter().enumerate() {
                let array = arrays.column(place(column.column));
                let mut context = Context {
                    column,
                    zone: &mut *zone,
                    dictionaries: &mut *dictionaries,
                    faults: &mut faults,
                    countries: &countries,
                };
                let values = context.convert(array, &mut numbers[position]).map_err(|e| broken(&self.source, &e))?;
                batch.set(column.field, values);
            }
            for (position, (column, _)) in attributes.iter().enumerate() {
                let codes = attribute_codes(
                    arrays.column(place(*column)),
                    dictionaries,
                    attribute_numbers[position],
                    &mut numbers[typed.len() + position],
                )
                .map_err(|e| broken(&self.source, &e))?;
                batch.attributes.push((attribute_numbers[position], codes));
            }
            if plan.lines {
                batch.hashes = row_hashes(&batch, &typed);
            }
            done += batch.rows as u64;
            if !faults.is_empty() {
                self.drop_faulty(&mut batch, faults, plan, &arrays, &place, reject)?;
            }
            sink(&mut batch, dictionaries, self.source.size * done / total_rows);
        }
        Ok(())
    }

    /// Gives the cells of some columns as text, row by row, in the order in which the columns are named.
    pub fn texts(&self, columns: &[usize], sink: &mut dyn FnMut(&[String])) -> Result<(), ReadError> {
        let error = |e: &dyn std::fmt::Display| broken(&self.source, e);
        let builder = ParquetRecordBatchReaderBuilder::try_new(self.source.open_file()?).map_err(|e| error(&e))?;
        let mut wanted = columns.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
        let reader = builder.with_projection(mask).with_batch_size(ROWS).build().map_err(|e| error(&e))?;
        let order: Vec<usize> = columns.iter().map(|column| wanted.binary_search(column).unwrap_or_default()).collect();
        for batch in reader {
            let batch = batch.and_then(|batch| batch.project(&order)).map_err(|e| error(&e))?;
            for row in text_rows(&batch).map_err(|e| error(&e))? {
                sink(&row);
            }
        }
        Ok(())
    }

    fn drop_faulty(
        &self,
        batch: &mut Batch,
        mut faults: Vec<(usize, CellFault)>,
        plan: &Plan,
        arrays: &RecordBatch,
        place: &dyn Fn(usize) -> usize,
        reject: &mut dyn FnMut(Reject),
    ) -> Result<(), ReadError> {
        faults.sort_by_key(|(row, _)| *row);
        faults.dedup_by_key(|(row, _)| *row);
        let mut keep = vec![true; batch.rows];
        for (row, fault) in faults {
            keep[row] = false;
            let options = FormatOptions::default();
            let array = without_zone(arrays.column(place(fault.column)));
            let formatter = ArrayFormatter::try_new(&array, &options).map_err(|e| broken(&self.source, &e))?;
            reject(Reject {
                file: self.source.name.clone(),
                line: batch.lines[row],
                column: plan.header[fault.column].clone(),
                value: shortened(&formatter.value(row).to_string()),
                reason: fault.reason,
                remedy: fault.remedy,
            });
        }
        batch.retain(&keep);
        Ok(())
    }
}

/// A column of instants without the name of their zone: only the offsets from UTC count, and those are stored.
fn without_zone(array: &ArrayRef) -> ArrayRef {
    let zone = None::<Arc<str>>;
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, Some(_)) => {
            Arc::new(array.as_primitive::<TimestampSecondType>().clone().with_timezone_opt(zone))
        }
        DataType::Timestamp(TimeUnit::Millisecond, Some(_)) => {
            Arc::new(array.as_primitive::<TimestampMillisecondType>().clone().with_timezone_opt(zone))
        }
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            Arc::new(array.as_primitive::<TimestampMicrosecondType>().clone().with_timezone_opt(zone))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, Some(_)) => {
            Arc::new(array.as_primitive::<TimestampNanosecondType>().clone().with_timezone_opt(zone))
        }
        _ => Arc::clone(array),
    }
}

/// All rows of a batch as text.
fn text_rows(batch: &RecordBatch) -> Result<Vec<Vec<String>>, ArrowError> {
    let options = FormatOptions::default();
    let columns: Vec<ArrayRef> = batch.columns().iter().map(without_zone).collect();
    let formatters =
        columns.iter().map(|array| ArrayFormatter::try_new(array, &options)).collect::<Result<Vec<_>, _>>()?;
    Ok((0..batch.num_rows())
        .map(|row| formatters.iter().map(|formatter| formatter.value(row).to_string()).collect())
        .collect())
}

fn phone_countries(
    plan: &Plan,
    arrays: &RecordBatch,
    place: &dyn Fn(usize) -> usize,
    source: &Source,
) -> Result<Option<ArrayRef>, ReadError> {
    let country = plan.columns.iter().find(|column| column.field == Field::Country).filter(|_| plan.has(Field::Phone));
    country.map(|column| as_text(arrays.column(place(column.column))).map_err(|e| broken(source, &e))).transpose()
}

fn as_text(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == &DataType::Utf8 { Ok(Arc::clone(array)) } else { cast(array, &DataType::Utf8) }
}

/// Numbers of whole numbers that stand for texts (ids): those that [`Names`] finds by their text alone are remembered here.
#[derive(Default)]
struct WholeNumbers {
    wide: FxHashMap<i64, u32>,
}

impl WholeNumbers {
    #[inline]
    fn code(&mut self, value: i64, names: &mut Names) -> u32 {
        if (0..DENSE_IDS).contains(&value) {
            return names.intern_whole(value);
        }
        *self.wide.entry(value).or_insert_with(|| names.intern_whole(value))
    }
}

struct Context<'a> {
    column: &'a ColumnPlan,
    zone: &'a mut Zone,
    dictionaries: &'a mut Dictionaries,
    faults: &'a mut Vec<(usize, CellFault)>,
    countries: &'a Option<ArrayRef>,
}

impl Context<'_> {
    fn convert(&mut self, array: &ArrayRef, numbers: &mut WholeNumbers) -> Result<Column, ArrowError> {
        Ok(match self.column.field.kind() {
            Kind::Text => Column::Codes(self.texts(array, numbers)?),
            Kind::Amount => Column::Scaled(self.scaled(array, AMOUNT_PLACES)?),
            Kind::Rate => Column::Scaled(self.scaled(array, RATE_PLACES)?),
            Kind::Moment => Column::Moments(self.moments(array)?),
        })
    }

    fn texts(&mut self, array: &ArrayRef, numbers: &mut WholeNumbers) -> Result<Vec<u32>, ArrowError> {
        let field = self.column.field;
        if array.data_type().is_integer() {
            let whole = cast(array, &DataType::Int64)?;
            return Ok(codes_of_numbers(&whole, numbers, self.dictionaries.field_mut(field)));
        }
        let text = as_text(array)?;
        let text = text.as_string::<i32>();
        let mut codes = Vec::with_capacity(text.len());
        let mut last: Option<(&str, u32)> = None;
        for row in 0..text.len() {
            if text.is_null(row) {
                codes.push(NONE);
                continue;
            }
            let cell = text.value(row);
            match last {
                Some((known, code)) if known == cell && field != Field::Phone => codes.push(code),
                _ => {
                    let country = self.countries.as_ref().and_then(|array| {
                        let countries = array.as_string::<i32>();
                        (!countries.is_null(row)).then(|| calling_code(countries.value(row))).flatten()
                    });
                    let code = text_code(trim(cell.as_bytes()), field, self.dictionaries, country);
                    last = Some((cell, code));
                    codes.push(code);
                }
            }
        }
        Ok(codes)
    }

    fn fault(&mut self, row: usize, fault: CellFault) {
        self.faults.push((row, fault));
    }

    fn scaled(&mut self, array: &ArrayRef, places: u32) -> Result<Vec<i64>, ArrowError> {
        let too_large = |column: &ColumnPlan| number_fault(column, crate::number::NumberFault::TooLarge);
        let mut values = Vec::with_capacity(array.len());
        match array.data_type() {
            data_type if data_type.is_floating() => {
                let floats = cast(array, &DataType::Float64)?;
                let floats = floats.as_primitive::<Float64Type>();
                if floats.null_count() == 0
                    && let Some(all) = scale_floats(floats.values(), places)
                {
                    return Ok(all);
                }
                for row in 0..floats.len() {
                    let value = floats.value(row);
                    values.push(if floats.is_null(row) || value.is_nan() {
                        MISSING
                    } else {
                        scale_float(value, places).unwrap_or_else(|| {
                            self.fault(row, too_large(self.column));
                            MISSING
                        })
                    });
                }
            }
            data_type if data_type.is_integer() => {
                let whole = cast(array, &DataType::Int64)?;
                let whole = whole.as_primitive::<Int64Type>();
                for row in 0..whole.len() {
                    values.push(if whole.is_null(row) {
                        MISSING
                    } else {
                        scale_integer(whole.value(row), places).unwrap_or_else(|| {
                            self.fault(row, too_large(self.column));
                            MISSING
                        })
                    });
                }
            }
            DataType::Decimal128(_, scale) => {
                let decimals = array.as_primitive::<Decimal128Type>();
                for row in 0..decimals.len() {
                    let value = decimals.value(row);
                    let shift = places as i32 - i32::from(*scale);
                    let scaled = if shift >= 0 {
                        10_i128.checked_pow(shift as u32).and_then(|power| value.checked_mul(power))
                    } else {
                        10_i128.checked_pow(shift.unsigned_abs()).map(|power| divide_half_even(value, power))
                    };
                    values.push(if decimals.is_null(row) {
                        MISSING
                    } else {
                        scaled.and_then(|scaled| i64::try_from(scaled).ok()).unwrap_or_else(|| {
                            self.fault(row, too_large(self.column));
                            MISSING
                        })
                    });
                }
            }
            _ => {
                let text = as_text(array)?;
                let text = text.as_string::<i32>();
                for row in 0..text.len() {
                    let cell = if text.is_null(row) { "" } else { text.value(row) };
                    values.push(match parse_scaled(cell.as_bytes(), self.column.decimal, places) {
                        Ok(value) => value.unwrap_or(MISSING),
                        Err(fault) => {
                            self.fault(row, number_fault(self.column, fault));
                            MISSING
                        }
                    });
                }
            }
        }
        Ok(values)
    }

    fn resolve(&mut self, row: usize, moment: Moment) -> Stamp {
        self.zone.resolve(moment.in_column(self.column.utc)).unwrap_or_else(|| {
            self.fault(row, date_fault(self.column, DateFault::NoSuchDay));
            Stamp::MISSING
        })
    }

    fn moments(&mut self, array: &ArrayRef) -> Result<Vec<Stamp>, ArrowError> {
        const MICROS_PER_DAY: i64 = 86_400_000_000;
        let mut stamps = Vec::with_capacity(array.len());
        match array.data_type() {
            DataType::Date32 => {
                let days = array.as_primitive::<Date32Type>();
                let mut last = (i32::MIN, Stamp::MISSING);
                for row in 0..days.len() {
                    let day = days.value(row);
                    if days.is_null(row) {
                        stamps.push(Stamp::MISSING);
                        continue;
                    }
                    if day != last.0 {
                        last = (day, self.resolve(row, Moment::Date(day)));
                    }
                    stamps.push(last.1);
                }
            }
            DataType::Date64 => {
                let days = array.as_primitive::<Date64Type>();
                for row in 0..days.len() {
                    let day = days.value(row).div_euclid(86_400_000);
                    let moment = Moment::Date(i32::try_from(day).unwrap_or(i32::MAX));
                    stamps.push(if days.is_null(row) { Stamp::MISSING } else { self.resolve(row, moment) });
                }
            }
            DataType::Timestamp(_, zone) => {
                let instant = zone.is_some();
                let times = cast(&without_zone(array), &DataType::Timestamp(TimeUnit::Microsecond, None))?;
                let times = times.as_primitive::<TimestampMicrosecondType>();
                for row in 0..times.len() {
                    if times.is_null(row) {
                        stamps.push(Stamp::MISSING);
                        continue;
                    }
                    let micros = times.value(row);
                    let day = i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX);
                    let moment = if instant {
                        Moment::Instant(micros)
                    } else {
                        Moment::Local(day, micros.rem_euclid(MICROS_PER_DAY))
                    };
                    let stamp = self.resolve(row, moment);
                    stamps.push(stamp);
                }
            }
            _ => {
                let parse = if self.column.field == Field::Month { parse_month } else { parse_moment };
                let text = as_text(array)?;
                let text = text.as_string::<i32>();
                for row in 0..text.len() {
                    let cell = if text.is_null(row) { &b""[..] } else { trim(text.value(row).as_bytes()) };
                    stamps.push(if is_missing(cell) {
                        Stamp::MISSING
                    } else {
                        match parse(cell, self.column.order) {
                            Ok(moment) => self.resolve(row, moment),
                            Err(fault) => {
                                self.fault(row, date_fault(self.column, fault));
                                Stamp::MISSING
                            }
                        }
                    });
                }
            }
        }
        Ok(stamps)
    }
}

/// Ids that are looked up before any of them is added: few enough that what was read stays in the processor's cache.
const LOOKED_UP_TOGETHER: usize = 1 << 12;

fn codes_of_numbers(whole: &ArrayRef, numbers: &mut WholeNumbers, names: &mut Names) -> Vec<u32> {
    let whole = whole.as_primitive::<Int64Type>();
    let mut codes = Vec::with_capacity(whole.len());
    if whole.null_count() == 0 {
        for block in whole.values().chunks(LOOKED_UP_TOGETHER) {
            let start = codes.len();
            codes.extend(block.iter().map(|&value| names.find_tabled(value)));
            for (code, &value) in codes[start..].iter_mut().zip(block) {
                if *code == NONE {
                    *code = numbers.code(value, names);
                }
            }
        }
    } else {
        codes.extend(whole.iter().map(|value| value.map_or(NONE, |value| numbers.code(value, names))));
    }
    codes
}

fn attribute_codes(
    array: &ArrayRef,
    dictionaries: &mut Dictionaries,
    attribute: usize,
    numbers: &mut WholeNumbers,
) -> Result<Vec<u32>, ArrowError> {
    let names = &mut dictionaries.attributes[attribute].1;
    if array.data_type().is_integer() {
        let whole = cast(array, &DataType::Int64)?;
        return Ok(codes_of_numbers(&whole, numbers, names));
    }
    let text = as_text(array)?;
    let text = text.as_string::<i32>();
    Ok((0..text.len())
        .map(|row| {
            let cell = if text.is_null(row) { "" } else { text.value(row).trim() };
            if is_missing(cell.as_bytes()) { NONE } else { names.intern(cell) }
        })
        .collect())
}

/// A hash of the typed values of each row, to find exact repeats.
fn row_hashes(batch: &Batch, typed: &[&ColumnPlan]) -> Vec<u64> {
    use std::hash::Hasher;
    (0..batch.rows)
        .map(|row| {
            let mut hasher = rustc_hash::FxHasher::default();
            for column in typed {
                match column.field.kind() {
                    Kind::Text => hasher.write_u32(batch.code(column.field, row)),
                    Kind::Amount | Kind::Rate => hasher.write_i64(batch.number(column.field, row)),
                    Kind::Moment => hasher.write_i64(batch.moment(column.field, row).micros),
                }
            }
            for (_, codes) in &batch.attributes {
                hasher.write_u32(codes[row]);
            }
            hasher.finish()
        })
        .collect()
}

/// All cells of a Parquet file as text, for small tables.
pub fn read_text(source: &Source) -> Result<(Vec<String>, Vec<Vec<String>>), ReadError> {
    let source = source.unpacked()?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(source.open_file()?).map_err(|e| broken(&source, &e))?;
    let header = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut rows = Vec::new();
    for batch in builder.build().map_err(|e| broken(&source, &e))? {
        let batch = batch.map_err(|e| broken(&source, &e))?;
        rows.extend(text_rows(&batch).map_err(|e| broken(&source, &e))?);
    }
    Ok((header, rows))
}
