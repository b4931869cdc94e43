//! From cells of text to typed columns.

use std::hash::Hasher;

use clove_core::{NONE, Names, Reject};
use rustc_hash::FxHasher;

use crate::batch::{BATCH_ROWS, Batch, Column, Dictionaries};
use crate::date::{DateFault, parse_moment, parse_month};
use crate::error::ReadError;
use crate::fields::{Field, Kind};
use crate::number::{AMOUNT_PLACES, NumberFault, RATE_PLACES, is_missing, parse_scaled, trim};
use crate::plan::{ColumnPlan, Plan, shortened};
use crate::source::Source;
use crate::text::{Row, TextRows};
use crate::zone::{Stamp, Zone};
use clove_core::contact::{calling_code, normal_email, normal_phone};

/// Turns cells into values, remembering what the previous row had: neighbours often agree.
///
/// Texts are numbered a block of rows at a time ([`CellReader::number_texts`]).
pub struct CellReader<'a> {
    columns: Vec<Remembered<'a>>,
    attributes: Vec<(usize, usize, Vec<u8>, u32)>,
    hash_rows: bool,
    phone_country: Option<usize>,
}

struct Remembered<'a> {
    plan: &'a ColumnPlan,
    cell: Vec<u8>,
    code: u32,
    stamp: Stamp,
    seen: bool,
    texts: Texts,
}

/// Texts of a column that wait for their numbers. Until they have them, a row holds the place of its text here.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
    numbers: Vec<u32>,
}

impl Texts {
    /// The place of a text, [`NONE`] for none.
    fn add(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return NONE };
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.ends.len() as u32 - 1
    }

    /// Puts numbers for the places of rows.
    fn number(&mut self, rows: &mut [u32], names: &mut Names) {
        names.intern_all(&self.text, &self.ends, &mut self.numbers);
        for place in rows.iter_mut().filter(|place| **place != NONE) {
            *place = self.numbers[*place as usize];
        }
        self.text.clear();
        self.ends.clear();
    }
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Index of the column.
    pub column: usize,
    /// What is wrong.
    pub reason: String,
    /// How to mend it.
    pub remedy: String,
}

impl<'a> CellReader<'a> {
    /// A reader for the files of a plan.
    pub fn new(plan: &'a Plan, dictionaries: &mut Dictionaries) -> CellReader<'a> {
        let columns: Vec<Remembered<'a>> = plan
            .columns
            .iter()
            .filter(|column| plan.is_typed(column.field))
            .map(|plan| Remembered {
                plan,
                cell: Vec::new(),
                code: NONE,
                stamp: Stamp::MISSING,
                seen: false,
                texts: Texts::default(),
            })
            .collect();
        let attributes = plan
            .attribute_columns()
            .into_iter()
            .map(|(column, name)| (column, dictionaries.attribute(&name), Vec::new(), NONE))
            .collect();
        let phone_country = plan
            .has(Field::Phone)
            .then(|| plan.columns.iter().find(|c| c.field == Field::Country).map(|c| c.column))
            .flatten();
        // Line-level rows may repeat exactly; orders are compared by their values instead.
        CellReader { columns, attributes, hash_rows: plan.lines, phone_country }
    }

    /// An empty batch with this plan's columns.
    pub fn batch(&self) -> Batch {
        let mut batch = Batch::new(self.columns.iter().map(|column| column.plan.field));
        batch.attributes =
            self.attributes.iter().map(|(_, attribute, _, _)| (*attribute, Vec::with_capacity(BATCH_ROWS))).collect();
        batch
    }

    /// Gives the texts of the batch's rows their numbers. To be called before anything looks at them.
    pub fn number_texts(&mut self, batch: &mut Batch, dictionaries: &mut Dictionaries) {
        for remembered in &mut self.columns {
            let field = remembered.plan.field;
            if let Some(Column::Codes(values)) = batch.column_mut(field) {
                remembered.texts.number(values, dictionaries.field_mut(field));
                // What the next row is compared with has no place any more.
                remembered.seen = false;
            }
        }
    }

    /// Appends the current row to the batch, or says which cell keeps it from being taken.
    pub fn append(
        &mut self,
        row: Row<'_>,
        line: u64,
        batch: &mut Batch,
        dictionaries: &mut Dictionaries,
        zone: &mut Zone,
    ) -> Result<(), CellFault> {
        let before = batch.rows;
        let country =
            self.phone_country.and_then(|column| std::str::from_utf8(row.cell(column)).ok()).and_then(calling_code);
        for remembered in &mut self.columns {
            let plan = remembered.plan;
            let cell = trim(row.cell(plan.column));
            let Some(column) = batch.column_mut(plan.field) else { continue };
            let outcome = match column {
                Column::Codes(values) => {
                    if !(remembered.seen && remembered.cell == cell && plan.field != Field::Phone) {
                        remembered.code = with_text(cell, plan.field, country, |text| remembered.texts.add(text));
                        remember(&mut remembered.cell, cell);
                        remembered.seen = true;
                    }
                    values.push(remembered.code);
                    Ok(())
                }
                Column::Scaled(values) => {
                    let places = if plan.field.kind() == Kind::Rate { RATE_PLACES } else { AMOUNT_PLACES };
                    parse_scaled(cell, plan.decimal, places)
                        .map(|value| values.push(value.unwrap_or(crate::number::MISSING)))
                        .map_err(|fault| number_fault(plan, fault))
                }
                Column::Moments(values) => {
                    let parse = if plan.field == Field::Month { parse_month } else { parse_moment };
                    let stamp = if remembered.seen && remembered.cell == cell {
                        Ok(remembered.stamp)
                    } else if is_missing(cell) {
                        Ok(Stamp::MISSING)
                    } else {
                        parse(cell, plan.order)
                            .and_then(|moment| zone.resolve(moment.in_column(plan.utc)).ok_or(DateFault::NoSuchDay))
                            .inspect(|stamp| {
                                remembered.stamp = *stamp;
                                remember(&mut remembered.cell, cell);
                                remembered.seen = true;
                            })
                    };
                    stamp.map(|stamp| values.push(stamp)).map_err(|fault| date_fault(plan, fault))
                }
            };
            if let Err(fault) = outcome {
                batch.cut(before);
                return Err(fault);
            }
        }
        for (position, (column, attribute, last, code)) in self.attributes.iter_mut().enumerate() {
            let cell = trim(row.cell(*column));
            if *code == NONE || last != cell {
                *code = if is_missing(cell) {
                    NONE
                } else {
                    dictionaries.attributes[*attribute].1.intern(&String::from_utf8_lossy(cell))
                };
                remember(last, cell);
            }
            batch.attributes[position].1.push(*code);
        }
        if self.hash_rows {
            batch.hashes.push(hash_of_row(row));
        }
        batch.lines.push(line);
        batch.rows += 1;
        Ok(())
    }
}

fn remember(last: &mut Vec<u8>, cell: &[u8]) {
    last.clear();
    last.extend_from_slice(cell);
}

fn hash_of_row(row: Row<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    for index in 0..row.len() {
        hasher.write(row.cell(index));
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// The number of a cell's text in its field's dictionary.
pub fn text_code(
    cell: &[u8],
    field: Field,
    dictionaries: &mut Dictionaries,
    country: Option<(&'static str, bool)>,
) -> u32 {
    with_text(cell, field, country, |text| text.map_or(NONE, |text| dictionaries.field_mut(field).intern(text)))
}

/// Hands out the text of a cell as its field has it, `None` for a cell without value.
fn with_text(
    cell: &[u8],
    field: Field,
    country: Option<(&'static str, bool)>,
    take: impl FnOnce(Option<&str>) -> u32,
) -> u32 {
    if is_missing(cell) {
        return take(None);
    }
    let lossy;
    let text = if let Ok(text) = std::str::from_utf8(cell) {
        text
    } else {
        lossy = String::from_utf8_lossy(cell);
        &lossy
    };
    match field {
        Field::Email => take(Some(&*normal_email(text)).filter(|email| !email.is_empty())),
        Field::Phone => take(Some(&*normal_phone(text, country)).filter(|phone| !phone.is_empty())),
        Field::OrderId | Field::CustomerId | Field::Product | Field::RefundId => take(Some(plain_id(text))),
        _ => take(Some(text)),
    }
}

/// An id without what spreadsheets do to ids: `17850.0` is `17850`, `="0012"` is `0012`.
pub fn plain_id(text: &str) -> &str {
    if let Some(whole) = text.strip_suffix(".0")
        && !whole.is_empty()
        && whole.bytes().all(|byte| byte.is_ascii_digit())
    {
        return whole;
    }
    text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).trim()
}

/// What a fault of a number means for people.
pub fn number_fault(plan: &ColumnPlan, fault: NumberFault) -> CellFault {
    let (reason, remedy) = match fault {
        NumberFault::NotANumber => ("not a number".to_owned(), "write digits only, or leave the cell empty".to_owned()),
        NumberFault::Separators => (
            format!("its separators do not fit a column whose decimal sign is '{}'", plan.decimal.sign()),
            "write all numbers of the column in one way, or set `decimal` in the mapping file".to_owned(),
        ),
        NumberFault::TooLarge => ("the number is too large".to_owned(), "check the amount".to_owned()),
    };
    CellFault { column: plan.column, reason, remedy }
}

/// What a fault of a date means for people.
pub fn date_fault(plan: &ColumnPlan, fault: DateFault) -> CellFault {
    let (reason, remedy) = match fault {
        DateFault::NotADate => ("not a date", "write it as 2026-06-30 or 2026-06-30T12:00:00Z"),
        DateFault::NoSuchDay => {
            ("there is no such day or time", "check the date, and the order of day and month (--date-order)")
        }
    };
    CellFault { column: plan.column, reason: reason.to_owned(), remedy: remedy.to_owned() }
}

/// Reads all rows of an open table into batches.
pub fn read_rows(
    source: &Source,
    rows: &mut dyn TextRows,
    plan: &Plan,
    dictionaries: &mut Dictionaries,
    zone: &mut Zone,
    mut sink: impl FnMut(&mut Batch, &mut Dictionaries, u64),
    mut reject: impl FnMut(Reject),
) -> Result<(), ReadError> {
    let mut reader = CellReader::new(plan, dictionaries);
    let mut batch = reader.batch();
    let width = plan.header.len();
    let mut is_first = true;
    while rows.advance().map_err(|error| source.io_error(error))? {
        let line = rows.line();
        let whole_row = |reason: String, remedy: &str| Reject {
            file: source.name.clone(),
            line,
            column: String::new(),
            value: String::new(),
            reason,
            remedy: remedy.to_owned(),
        };
        if let Some(fault) = rows.fault() {
            reject(whole_row(fault.to_owned(), "correct the line in the file and read it again"));
            continue;
        }
        let row = rows.row();
        if row.len() > width && (width..row.len()).any(|index| !trim(row.cell(index)).is_empty()) {
            reject(whole_row(
                format!("the row has {} cells, the header has {width}", row.len()),
                "a delimiter or quotation mark inside a cell needs quotation marks round the cell",
            ));
            continue;
        }
        match reader.append(row, line, &mut batch, dictionaries, zone) {
            Ok(()) => {
                if batch.rows == BATCH_ROWS {
                    batch.rows_to_come =
                        if std::mem::take(&mut is_first) { rows_to_come(source, rows, batch.rows) } else { 0 };
                    reader.number_texts(&mut batch, dictionaries);
                    sink(&mut batch, dictionaries, rows.bytes());
                    batch.clear();
                }
            }
            Err(fault) => reject(Reject {
                file: source.name.clone(),
                line,
                column: plan.header[fault.column].clone(),
                value: shortened(&String::from_utf8_lossy(row.cell(fault.column))),
                reason: fault.reason,
                remedy: fault.remedy,
            }),
        }
    }
    batch.rows_to_come = 0;
    reader.number_texts(&mut batch, dictionaries);
    sink(&mut batch, dictionaries, rows.bytes());
    Ok(())
}

/// About how many rows follow the first ones of a file, if they are as long as those.
fn rows_to_come(source: &Source, rows: &dyn TextRows, read: usize) -> usize {
    if source.compressed {
        return 0;
    }
    let (read, bytes) = (read as u64, rows.bytes().max(1));
    usize::try_from(source.size.saturating_sub(bytes).saturating_mul(read) / bytes).unwrap_or(0)
}
