//! Rows of text cells, whatever kind of file they come from.

use std::io;

/// A forward reader of rows. The cells of a row are valid until the next [`TextRows::advance`].
pub trait TextRows {
    /// Goes to the next row; `false` at the end.
    fn advance(&mut self) -> io::Result<bool>;
    /// How many cells the row has.
    fn len(&self) -> usize;
    /// A cell's bytes (UTF-8, unless the file lies about its encoding); empty if the row is too short.
    fn cell(&self, index: usize) -> &[u8];
    /// The row's line (or record) in the file, counted from 1.
    fn line(&self) -> u64;
    /// What is wrong with the row as a whole.
    fn fault(&self) -> Option<&'static str>;
    /// Bytes of the file used so far.
    fn bytes(&self) -> u64;
}

/// Rows that are held in memory: sheets of a workbook.
pub struct HeldRows {
    rows: std::vec::IntoIter<Vec<String>>,
    row: Vec<String>,
    line: u64,
    bytes: u64,
}

impl HeldRows {
    /// Rows whose first one has the line number 1.
    pub fn new(rows: Vec<Vec<String>>) -> HeldRows {
        HeldRows { rows: rows.into_iter(), row: Vec::new(), line: 0, bytes: 0 }
    }
}

impl TextRows for HeldRows {
    fn advance(&mut self) -> io::Result<bool> {
        for row in self.rows.by_ref() {
            self.line += 1;
            self.bytes += row.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>();
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                self.row = row;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn len(&self) -> usize {
        self.row.len()
    }

    fn cell(&self, index: usize) -> &[u8] {
        self.row.get(index).map_or(b"", |cell| cell.as_bytes())
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn fault(&self) -> Option<&'static str> {
        None
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }
}
