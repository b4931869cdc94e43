//! Rows of text cells, whatever kind of file they come from.

use std::io;

/// Where a cell begins and ends in the bytes of its row.
pub type Span = (usize, usize);

/// The cells of a row: stretches of one block of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    bytes: &'a [u8],
    spans: &'a [Span],
}

impl<'a> Row<'a> {
    /// The cells at these places of a block.
    pub fn new(bytes: &'a [u8], spans: &'a [Span]) -> Row<'a> {
        Row { bytes, spans }
    }

    /// How many cells the row has.
    #[inline]
    pub fn len(self) -> usize {
        self.spans.len()
    }

    /// A cell's bytes (UTF-8, unless the file lies about its encoding); empty if the row is too short.
    #[inline]
    pub fn cell(self, index: usize) -> &'a [u8] {
        match self.spans.get(index) {
            Some(&(start, end)) => &self.bytes[start..end],
            None => b"",
        }
    }
}

/// A forward reader of rows. The cells of a row are valid until the next [`TextRows::advance`].
pub trait TextRows {
    /// Goes to the next row; `false` at the end.
    fn advance(&mut self) -> io::Result<bool>;
    /// The row's cells.
    fn row(&self) -> Row<'_>;
    /// The row's line (or record) in the file, counted from 1.
    fn line(&self) -> u64;
    /// What is wrong with the row as a whole.
    fn fault(&self) -> Option<&'static str>;
    /// Bytes of the file used so far.
    fn bytes(&self) -> u64;
    /// How many cells the row has.
    fn len(&self) -> usize {
        self.row().len()
    }
    /// A cell's bytes.
    fn cell(&self, index: usize) -> &[u8] {
        self.row().cell(index)
    }
}

/// A row of cells that are texts of their own, laid out in one block.
#[derive(Debug, Default)]
pub struct HeldRow {
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

impl HeldRow {
    /// Takes the place of the cells before.
    pub fn set<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.bytes.clear();
        self.spans.clear();
        for cell in cells {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(cell.as_bytes());
            self.spans.push((start, self.bytes.len()));
        }
    }

    /// The cells.
    pub fn row(&self) -> Row<'_> {
        Row::new(&self.bytes, &self.spans)
    }
}

/// Rows that are held in memory: sheets of a workbook.
pub struct HeldRows {
    rows: std::vec::IntoIter<Vec<String>>,
    row: HeldRow,
    line: u64,
    bytes: u64,
}

impl HeldRows {
    /// Rows whose first one has the line number 1.
    pub fn new(rows: Vec<Vec<String>>) -> HeldRows {
        HeldRows { rows: rows.into_iter(), row: HeldRow::default(), line: 0, bytes: 0 }
    }
}

impl TextRows for HeldRows {
    fn advance(&mut self) -> io::Result<bool> {
        for row in self.rows.by_ref() {
            self.line += 1;
            self.bytes += row.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>();
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                self.row.set(row.iter().map(String::as_str));
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn row(&self) -> Row<'_> {
        self.row.row()
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
