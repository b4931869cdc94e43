//! Typed columns of a block of rows: what every kind of file is turned into before its meaning is looked at.

use clove_core::{NONE, Names};

use crate::fields::{Field, Kind};
use crate::number::MISSING;
use crate::zone::Stamp;

/// Rows of one batch at most.
pub const BATCH_ROWS: usize = 8_192;

/// A typed column.
#[derive(Debug, Clone)]
pub enum Column {
    /// Numbers of distinct texts in the field's dictionary, [`NONE`] if missing.
    Codes(Vec<u32>),
    /// Scaled numbers, [`MISSING`] if missing.
    Scaled(Vec<i64>),
    /// Times, [`Stamp::MISSING`] if missing.
    Moments(Vec<Stamp>),
}

impl Column {
    fn for_kind(kind: Kind) -> Column {
        match kind {
            Kind::Text => Column::Codes(Vec::with_capacity(BATCH_ROWS)),
            Kind::Amount | Kind::Rate => Column::Scaled(Vec::with_capacity(BATCH_ROWS)),
            Kind::Moment => Column::Moments(Vec::with_capacity(BATCH_ROWS)),
        }
    }

    pub(crate) fn truncate(&mut self, rows: usize) {
        match self {
            Column::Codes(values) => values.truncate(rows),
            Column::Scaled(values) => values.truncate(rows),
            Column::Moments(values) => values.truncate(rows),
        }
    }
}

/// Distinct texts of all text fields and attributes, shared by all files of an import.
#[derive(Debug, Default)]
pub struct Dictionaries {
    fields: Vec<Names>,
    /// Attributes in order of first appearance: name and values.
    pub attributes: Vec<(String, Names)>,
}

impl Dictionaries {
    /// No texts yet.
    pub fn new() -> Dictionaries {
        Dictionaries { fields: vec![Names::new(); Field::ALL.len()], attributes: Vec::new() }
    }

    /// The texts of a field.
    pub fn field(&self, field: Field) -> &Names {
        &self.fields[field as usize]
    }

    /// The texts of a field, to add some.
    pub fn field_mut(&mut self, field: Field) -> &mut Names {
        &mut self.fields[field as usize]
    }

    /// Gives the texts of a field away.
    pub fn take(&mut self, field: Field) -> Names {
        std::mem::take(&mut self.fields[field as usize])
    }

    /// The number of an attribute, which is added if it is new.
    pub fn attribute(&mut self, name: &str) -> usize {
        if let Some(index) = self.attributes.iter().position(|(known, _)| known == name) {
            index
        } else {
            self.attributes.push((name.to_owned(), Names::new()));
            self.attributes.len() - 1
        }
    }
}

/// A block of rows in typed columns.
#[derive(Debug, Default)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// The line of each row in its file.
    pub lines: Vec<u64>,
    /// A hash of all cells of each row; empty unless asked for.
    pub hashes: Vec<u64>,
    /// Attribute number and the codes of its values.
    pub attributes: Vec<(usize, Vec<u32>)>,
    /// In the first rows of a file: how many follow them, at least about, where that can be told.
    pub rows_to_come: usize,
    columns: Vec<Option<Column>>,
}

impl Batch {
    /// An empty batch with the columns of these fields.
    pub fn new(fields: impl Iterator<Item = Field>) -> Batch {
        let mut batch = Batch { columns: vec![None; Field::ALL.len()], ..Batch::default() };
        for field in fields {
            batch.columns[field as usize] = Some(Column::for_kind(field.kind()));
        }
        batch
    }

    /// Puts a whole column in.
    pub fn set(&mut self, field: Field, column: Column) {
        self.columns[field as usize] = Some(column);
    }

    /// Keeps the rows for which the mask is true.
    pub fn retain(&mut self, keep: &[bool]) {
        fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut mask = keep.iter();
            values.retain(|_| mask.next().copied().unwrap_or(true));
        }
        self.rows = keep.iter().filter(|&&kept| kept).count();
        retain(&mut self.lines, keep);
        retain(&mut self.hashes, keep);
        for column in self.columns.iter_mut().flatten() {
            match column {
                Column::Codes(values) => retain(values, keep),
                Column::Scaled(values) => retain(values, keep),
                Column::Moments(values) => retain(values, keep),
            }
        }
        for (_, codes) in &mut self.attributes {
            retain(codes, keep);
        }
    }

    /// Forgets all rows and keeps the memory.
    pub fn clear(&mut self) {
        self.cut(0);
    }

    /// Keeps the first rows only.
    pub fn cut(&mut self, rows: usize) {
        self.rows = rows;
        self.lines.truncate(rows);
        self.hashes.truncate(rows);
        self.columns.iter_mut().flatten().for_each(|column| column.truncate(rows));
        self.attributes.iter_mut().for_each(|(_, codes)| codes.truncate(rows));
    }

    /// The fields that the rows have.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(|&field| self.has(field))
    }

    /// Whether the rows have this field.
    pub fn has(&self, field: Field) -> bool {
        self.columns[field as usize].is_some()
    }

    /// A text column.
    pub fn codes(&self, field: Field) -> Option<&[u32]> {
        match &self.columns[field as usize] {
            Some(Column::Codes(values)) => Some(values),
            _ => None,
        }
    }

    /// A column of scaled numbers.
    pub fn scaled(&self, field: Field) -> Option<&[i64]> {
        match &self.columns[field as usize] {
            Some(Column::Scaled(values)) => Some(values),
            _ => None,
        }
    }

    /// A column of times.
    pub fn moments(&self, field: Field) -> Option<&[Stamp]> {
        match &self.columns[field as usize] {
            Some(Column::Moments(values)) => Some(values),
            _ => None,
        }
    }

    pub(crate) fn column_mut(&mut self, field: Field) -> Option<&mut Column> {
        self.columns[field as usize].as_mut()
    }

    /// The text code of a row.
    pub fn code(&self, field: Field, row: usize) -> u32 {
        self.codes(field).map_or(NONE, |values| values[row])
    }

    /// The number of a row; [`MISSING`] if it has none.
    pub fn number(&self, field: Field, row: usize) -> i64 {
        self.scaled(field).map_or(MISSING, |values| values[row])
    }

    /// The time of a row.
    pub fn moment(&self, field: Field, row: usize) -> Stamp {
        self.moments(field).map_or(Stamp::MISSING, |values| values[row])
    }
}
