//! What a tool without rules makes of a file: a column's sum and how many texts another column has.
//!
//! It reads the files a second time, so that ordinary imports need not keep the texts as written.

use clove_core::Currency;
use rustc_hash::FxHashSet;

use crate::currency::{ONE, convert};
use crate::error::ReadError;
use crate::fields::{Field, TableKind};
use crate::layout::{FileKind, Forced, TextTable, kind_of};
use crate::number::{AMOUNT_PLACES, multiply, parse_scaled};
use crate::options::{Inputs, ReadOptions};
use crate::parquet::ParquetTable;
use crate::plan::{Look, Plan, make_plan};
use crate::source::{Source, expand};

/// Sums of the order files as they are written: every row counts, nothing is converted or normalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFigures {
    /// Sum of the column that holds gross values (else the one nearest to it) over all rows, in minor units.
    pub gross: i64,
    /// Distinct texts of the e-mail column, the empty one included.
    pub emails: u64,
}

/// Reads the order files for their naive figures. `None` where they have no amounts or no e-mail addresses, or come from
/// standard input, which cannot be read twice.
///
/// # Errors
/// As [`crate::read_shop`]; cells that are no numbers count as nothing.
pub fn read_raw_figures(
    inputs: &Inputs,
    options: &ReadOptions,
    currency: Currency,
) -> Result<Option<RawFigures>, ReadError> {
    if inputs.orders.iter().any(|name| name == "-") {
        return Ok(None);
    }
    let mut sums = Sums::default();
    for source in expand(&inputs.orders, &options.object_stores)? {
        if !sums.add_file(&source, options)? {
            return Ok(None);
        }
    }
    let gross = i64::try_from(sums.gross).unwrap_or(i64::MAX);
    Ok(Some(RawFigures { gross: convert(gross, ONE, currency), emails: sums.emails.len() as u64 }))
}

#[derive(Default)]
struct Sums {
    gross: i128,
    emails: FxHashSet<Vec<u8>>,
}

impl Sums {
    /// Adds a file; `false` if it lacks amounts or e-mail addresses.
    fn add_file(&mut self, source: &Source, options: &ReadOptions) -> Result<bool, ReadError> {
        let kind = kind_of(source)?;
        if kind == FileKind::Parquet {
            let table = ParquetTable::look(source)?;
            let look = Look { file: &source.name, header: &table.header, sample: &table.sample, delimiter: b',' };
            let (plan, _) = make_plan(&look, TableKind::Orders, options)?;
            let Some(columns) = Columns::of(&plan) else { return Ok(false) };
            let wanted: Vec<usize> = columns.value.iter().map(|(column, _)| *column).chain([columns.email]).collect();
            table.texts(&wanted, &mut |row| {
                let (email, values) =
                    row.split_last().map_or(("", &[][..]), |(email, values)| (email.as_str(), values));
                self.add(&columns, email.as_bytes(), |index| values[index].as_bytes());
            })?;
            return Ok(true);
        }
        let forced = match &options.map {
            Some(mapping) => Forced { delimiter: mapping.delimiter_byte()?, encoding: mapping.encoding()? },
            None => Forced::default(),
        };
        let mut text = TextTable::look(source, kind, forced)?;
        let (plan, _) = make_plan(&Look::of(&text), TableKind::Orders, options)?;
        let Some(columns) = Columns::of(&plan) else { return Ok(false) };
        let mut rows = text.rows()?;
        while rows.advance().map_err(|error| source.io_error(error))? {
            self.add(&columns, rows.cell(columns.email), |index| rows.cell(columns.value[index].0));
        }
        Ok(true)
    }

    fn add<'c>(&mut self, columns: &Columns, email: &[u8], cell: impl Fn(usize) -> &'c [u8]) {
        if !self.emails.contains(email) {
            self.emails.insert(email.to_vec());
        }
        let number = |index: usize| parse_scaled(cell(index), columns.value[index].1, AMOUNT_PLACES).ok().flatten();
        let value = match columns.value.len() {
            1 => number(0),
            _ => number(0).zip(number(1)).and_then(|(price, units)| multiply(price, units)),
        };
        self.gross += i128::from(value.unwrap_or(0));
    }
}

/// Where a file has what a naive figure needs.
struct Columns {
    email: usize,
    /// The column of values, or those of unit price and quantity.
    value: Vec<(usize, crate::number::DecimalSign)>,
}

impl Columns {
    fn of(plan: &Plan) -> Option<Columns> {
        let at = |field: Field| {
            plan.columns.iter().find(|column| column.field == field).map(|column| (column.column, column.decimal))
        };
        let by_units = || {
            (!plan.format.prices_on_orders())
                .then_some(())
                .and_then(|()| Some(vec![at(Field::UnitPrice)?, at(Field::Quantity)?]))
        };
        let one = |field: Field| at(field).map(|column| vec![column]);
        let value = one(Field::Gross)
            .or_else(by_units)
            .or_else(|| one(Field::LineTotal))
            .or_else(|| one(Field::Amount))
            .or_else(|| one(Field::Total))?;
        Some(Columns { email: at(Field::Email)?.0, value })
    }
}
