//! A plain table: named columns of equal length. What queries return and what commands print, whatever engine made it.

use crate::day::Day;
use crate::money::{Currency, Minor};

/// A table of named columns with equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The columns from left to right.
    pub columns: Vec<Column>,
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The stable name, in snake case.
    pub name: String,
    /// The values.
    pub values: Values,
}

/// The values of a column; `None` is "no value", printed as `-` or left empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Numbers with the decimals that are shown to people; machines get all digits.
    Float(Vec<Option<f64>>, u8),
    /// Amounts in minor units of one currency.
    Money(Vec<Option<Minor>>, Currency),
    /// Shares, 1.0 = 100 %.
    Share(Vec<Option<f64>>),
    /// Texts.
    Text(Vec<Option<String>>),
    /// Local days.
    Date(Vec<Option<Day>>),
    /// Yes or no.
    Bool(Vec<Option<bool>>),
}

impl Values {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Values::Int(values) | Values::Money(values, _) => values.len(),
            Values::Float(values, _) | Values::Share(values) => values.len(),
            Values::Text(values) => values.len(),
            Values::Date(values) => values.len(),
            Values::Bool(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Takes the columns of a block of rows from left to right. Every block brings the same columns, all of one length.
///
/// Rows without a table in between: what makes them says each column once, and a [`Table`] or a file takes them.
pub trait Columns {
    /// A column of whole numbers, none missing.
    fn int(&mut self, name: &str, values: impl ExactSizeIterator<Item = i64>);
    /// A column of whole numbers.
    fn optional_int(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<i64>>);
    /// A column of amounts, none missing.
    fn money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Minor>);
    /// A column of amounts.
    fn optional_money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Option<Minor>>);
    /// A column of numbers with the decimals that are shown to people.
    fn optional_float(&mut self, name: &str, decimals: u8, values: impl ExactSizeIterator<Item = Option<f64>>);
    /// A column of local days.
    fn optional_date(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<Day>>);
    /// A column of texts, none missing, most of them different.
    fn text(&mut self, name: &str, values: impl ExactSizeIterator<Item: AsRef<str>>);
    /// A column of a few texts that are repeated again and again, none missing.
    fn label(&mut self, name: &str, values: impl ExactSizeIterator<Item = &'static str>);
}

impl Columns for Table {
    fn int(&mut self, name: &str, values: impl ExactSizeIterator<Item = i64>) {
        self.push(name, Values::Int(values.map(Some).collect()));
    }

    fn optional_int(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<i64>>) {
        self.push(name, Values::Int(values.collect()));
    }

    fn money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Minor>) {
        self.push(name, Values::Money(values.map(Some).collect(), currency));
    }

    fn optional_money(&mut self, name: &str, currency: Currency, values: impl ExactSizeIterator<Item = Option<Minor>>) {
        self.push(name, Values::Money(values.collect(), currency));
    }

    fn optional_float(&mut self, name: &str, decimals: u8, values: impl ExactSizeIterator<Item = Option<f64>>) {
        self.push(name, Values::Float(values.collect(), decimals));
    }

    fn optional_date(&mut self, name: &str, values: impl ExactSizeIterator<Item = Option<Day>>) {
        self.push(name, Values::Date(values.collect()));
    }

    fn text(&mut self, name: &str, values: impl ExactSizeIterator<Item: AsRef<str>>) {
        self.push(name, Values::Text(values.map(|text| Some(text.as_ref().to_owned())).collect()));
    }

    fn label(&mut self, name: &str, values: impl ExactSizeIterator<Item = &'static str>) {
        self.text(name, values);
    }
}

impl Table {
    /// An empty table without columns.
    pub fn new() -> Table {
        Table::default()
    }

    /// The table with one more column at the right.
    ///
    /// # Panics
    /// If the length differs from that of the columns before it.
    #[must_use]
    pub fn with(mut self, name: &str, values: Values) -> Table {
        self.push(name, values);
        self
    }

    fn push(&mut self, name: &str, values: Values) {
        if let Some(first) = self.columns.first() {
            assert_eq!(first.values.len(), values.len(), "column {name} has another length than {}", first.name);
        }
        self.columns.push(Column { name: name.to_owned(), values });
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
