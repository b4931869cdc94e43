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
        if let Some(first) = self.columns.first() {
            assert_eq!(first.values.len(), values.len(), "column {name} has another length than {}", first.name);
        }
        self.columns.push(Column { name: name.to_owned(), values });
        self
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
