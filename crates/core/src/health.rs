//! Data health: what was read, what was left out and why.

use std::collections::BTreeMap;

use crate::money::Minor;

/// A count and the sum of the amounts concerned, in minor units of the shop's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Their placed value (for rows: the amounts that could be read).
    pub amount: Minor,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, amount: Minor) {
        self.count += 1;
        self.amount += amount;
    }
}

/// A row that could not be taken, with the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file as the user named it.
    pub file: String,
    /// Line in the file, counted from 1 with the header.
    pub line: u64,
    /// The column as the file spells it, or empty for the whole row.
    pub column: String,
    /// The cell's text, shortened.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// How to mend it.
    pub remedy: String,
}

/// What an import saw.
#[derive(Debug, Clone, Default)]
pub struct DataHealth {
    /// Rows read, without headers and blank lines.
    pub rows: u64,
    /// Rows that could not be taken. The first ones are kept in full in `rejects`, all are counted.
    pub rejected: u64,
    /// Rejected rows in full, at most as many as the reader was told to keep.
    pub rejects: Vec<Reject>,
    /// Rows left out on purpose, by reason: `duplicate_row`, `replaced_by_newer`, `non_product_line`, ...
    pub rows_left_out: BTreeMap<&'static str, Tally>,
    /// Things a person should know, one sentence each.
    pub warnings: Vec<String>,
}
