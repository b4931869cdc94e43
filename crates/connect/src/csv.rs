//! Records of delimited text, cell by cell without copies.
//!
//! Tolerant as spreadsheets are: quotes inside an unquoted cell are text, a quoted cell may hold line breaks, text
//! behind a closing quote belongs to the cell, records end with LF, CRLF or CR.

use std::io::Read;

use crate::text::{Row, Span, TextRows};

const BLOCK: usize = 256 * 1024;
/// A quoted cell longer than this was never closed.
const LONGEST_QUOTED: usize = 1 << 20;
const UNCLOSED: &str = "a quotation mark opens a cell and never closes it";

/// A reader of delimited records from a stream of UTF-8.
pub struct CsvRows<R> {
    input: R,
    delimiter: u8,
    buffer: Vec<u8>,
    /// Start of the bytes that no record has used yet.
    start: usize,
    /// End of the bytes read.
    end: usize,
    at_end: bool,
    cells: Vec<Span>,
    line: u64,
    next_line: u64,
    consumed: u64,
    fault: Option<&'static str>,
}

/// How scanning for one record ended.
enum Scan {
    /// A record ends at this offset (behind its line break), with this many line breaks in it.
    Record(usize, u64),
    /// The bytes at hand do not hold a whole record.
    NeedMore,
    /// A quote opens and does not close.
    Unclosed,
}

impl<R: Read> CsvRows<R> {
    /// Records separated by `delimiter`; lines are counted from 1.
    pub fn new(input: R, delimiter: u8) -> CsvRows<R> {
        CsvRows {
            input,
            delimiter,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            at_end: false,
            cells: Vec::new(),
            line: 0,
            next_line: 1,
            consumed: 0,
            fault: None,
        }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.at_end = true;
                    return Ok(());
                }
                Ok(count) => {
                    self.end += count;
                    return Ok(());
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Finds the record's cells from `start`. With `literal`, quotes are text.
    fn scan(&mut self, literal: bool) -> Scan {
        let CsvRows { buffer, cells, delimiter, .. } = self;
        let bytes = &mut buffer[..self.end];
        let delimiter = *delimiter;
        cells.clear();
        let mut at = self.start;
        let mut lines = 0;
        loop {
            // At the start of a cell.
            if !literal && bytes.get(at) == Some(&b'"') {
                let opened = at;
                let mut quotes = 0;
                at += 1;
                loop {
                    match bytes.get(at) {
                        None if self.at_end => return Scan::Unclosed,
                        None => return Scan::NeedMore,
                        Some(b'"') => match bytes.get(at + 1) {
                            Some(b'"') => {
                                quotes += 1;
                                at += 2;
                            }
                            None if !self.at_end => return Scan::NeedMore,
                            _ => break,
                        },
                        Some(b'\n') => {
                            lines += 1;
                            at += 1;
                        }
                        Some(_) => at += 1,
                    }
                    if at - opened > LONGEST_QUOTED {
                        return Scan::Unclosed;
                    }
                }
                // `at` is at the closing quote. What follows up to the delimiter belongs to the cell.
                let closing = at;
                at += 1;
                while bytes.get(at).is_some_and(|&byte| byte != delimiter && byte != b'\n' && byte != b'\r') {
                    at += 1;
                }
                if at == bytes.len() && !self.at_end {
                    return Scan::NeedMore;
                }
                cells.push((opened + 1, closing));
                if quotes > 0 || at > closing + 1 {
                    // Marked by an end before the start: compacted once the whole record is here.
                    let last = cells.len() - 1;
                    cells[last] = (at, opened);
                }
            } else {
                let from = at;
                at = end_of_cell(bytes, at, delimiter);
                if at == bytes.len() && !self.at_end {
                    return Scan::NeedMore;
                }
                cells.push((from, at));
            }
            match bytes.get(at) {
                Some(&byte) if byte == delimiter => at += 1,
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => return Scan::Record(at + 2, lines + 1),
                Some(b'\r') if at + 1 == bytes.len() && !self.at_end => return Scan::NeedMore,
                Some(_) => return Scan::Record(at + 1, lines + 1),
                None => return Scan::Record(at, lines + 1),
            }
        }
    }

    /// Removes the quotes of the cells that the scan marked.
    fn compact(&mut self) {
        for cell in &mut self.cells {
            let (end, opened) = *cell;
            if end <= opened {
                continue;
            }
            let mut write = opened + 1;
            let mut read = opened + 1;
            let mut quoted = true;
            while read < end {
                let byte = self.buffer[read];
                if quoted && byte == b'"' {
                    if read + 1 < end && self.buffer[read + 1] == b'"' {
                        read += 1;
                    } else {
                        quoted = false;
                        read += 1;
                        continue;
                    }
                }
                self.buffer[write] = byte;
                write += 1;
                read += 1;
            }
            *cell = (opened + 1, write);
        }
    }
}

impl<R: Read> TextRows for CsvRows<R> {
    fn advance(&mut self) -> std::io::Result<bool> {
        loop {
            if self.start == self.end && self.at_end {
                self.cells.clear();
                return Ok(false);
            }
            self.fault = None;
            let scan = match self.scan(false) {
                Scan::Unclosed => {
                    self.fault = Some(UNCLOSED);
                    self.scan(true)
                }
                scan => scan,
            };
            match scan {
                Scan::NeedMore | Scan::Unclosed => self.fill()?,
                Scan::Record(end, lines) => {
                    let marked = self.cells.iter().any(|&(start, end)| start > end);
                    if marked {
                        self.compact();
                    }
                    self.line = self.next_line;
                    self.next_line += lines;
                    self.consumed += (end - self.start) as u64;
                    self.start = end;
                    let blank =
                        self.cells.len() == 1 && self.buffer[self.cells[0].0..self.cells[0].1].trim_ascii().is_empty();
                    if !blank {
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn row(&self) -> Row<'_> {
        Row::new(&self.buffer, &self.cells)
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn fault(&self) -> Option<&'static str> {
        self.fault
    }

    fn bytes(&self) -> u64 {
        self.consumed
    }
}

/// The first delimiter or line break from `at` on; the end of the bytes if there is none. Eight bytes at a time.
#[inline]
fn end_of_cell(bytes: &[u8], mut at: usize, delimiter: u8) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // The lowest set bit tells the first zero byte; higher ones may be wrong.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let delimiters = ONES * u64::from(delimiter);
    while let Some(&word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(word);
        let found = zeros(word ^ delimiters)
            | zeros(word ^ (ONES * u64::from(b'\n')))
            | zeros(word ^ (ONES * u64::from(b'\r')));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|&byte| byte != delimiter && byte != b'\n' && byte != b'\r') {
        at += 1;
    }
    at
}

/// The delimiter that cuts a text into the most even records.
pub fn sniff_delimiter(text: &str) -> u8 {
    let mut best = (b',', -1.0_f64);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut rows = CsvRows::new(text.as_bytes(), delimiter);
        let mut counts: Vec<usize> = Vec::new();
        // The last record of a prefix may be cut.
        while counts.len() < 200 && rows.advance().unwrap_or(false) {
            counts.push(rows.len());
        }
        if counts.len() > 2 && text.len() > 1_000 {
            counts.pop();
        }
        let Some(&usual) = counts.iter().max_by_key(|&&count| counts.iter().filter(|&&c| c == count).count()) else {
            continue;
        };
        if usual < 2 {
            continue;
        }
        let even = counts.iter().filter(|&&count| count == usual).count() as f64 / counts.len() as f64;
        let header = counts.first().is_some_and(|&count| count == usual);
        let score = even + f64::from(u8::from(header)) * 0.5 + (usual.min(20) as f64) * 0.01;
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut rows = CsvRows::new(text.as_bytes(), delimiter);
        let mut records = Vec::new();
        while rows.advance().unwrap() {
            let cells = (0..rows.len()).map(|i| String::from_utf8_lossy(rows.cell(i)).into_owned()).collect();
            records.push((rows.line(), cells));
        }
        records
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        read(text, b',').into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn records_end_with_any_line_break_and_blank_lines_are_skipped() {
        assert_eq!(cells("a,b\nc,d\r\ne,f\rg,h"), [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]);
        assert_eq!(cells("a,b\n\n  \nc,\n"), [["a", "b"], ["c", ""]]);
        let lines: Vec<u64> = read("a\n\nb\n\"x\ny\"\nc\n", b',').into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 3, 4, 6]);
    }

    #[test]
    fn quoted_cells_hold_anything() {
        assert_eq!(cells("\"a,\"\"b\"\"\nc\",d\n"), [["a,\"b\"\nc", "d"]]);
        assert_eq!(cells("6\" pipe,x\n"), [["6\" pipe", "x"]]);
        assert_eq!(cells("\"a\" b,c\n"), [["a b", "c"]]);
        assert_eq!(cells("\"\",\"\"\n"), [["", ""]]);
    }

    #[test]
    fn a_quote_that_never_closes_harms_one_record_only() {
        let mut rows = CsvRows::new("a,\"b\nc,d\n".as_bytes(), b',');
        assert!(rows.advance().unwrap());
        assert_eq!(rows.fault(), Some(UNCLOSED));
        assert!(rows.advance().unwrap());
        assert_eq!((rows.cell(0), rows.fault(), rows.line()), (&b"c"[..], None, 2));
    }

    #[test]
    fn delimiters_are_found() {
        assert_eq!(sniff_delimiter("a;b;c\n1,5;2,5;3\n1,5;2,5;3\n"), b';');
        assert_eq!(sniff_delimiter("a\tb\n1,2\t3\n"), b'\t');
        assert_eq!(sniff_delimiter("a,b\n1;2,3\n"), b',');
        assert_eq!(sniff_delimiter("a|b|c\n1|2|3\n"), b'|');
    }

    struct Slow<'a>(&'a [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(out.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn written_records_are_read_back(records in proptest::collection::vec(proptest::collection::vec("[a-z,\"\n\r ;]{0,12}", 2..5), 1..20), step in 1_usize..50) {
            let mut text = String::new();
            for record in &records {
                let quoted: Vec<String> = record.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                text.push_str(&quoted.join(","));
                text.push_str("\r\n");
            }
            let mut rows = CsvRows::new(Slow(text.as_bytes(), step), b',');
            for record in &records {
                prop_assert!(rows.advance().unwrap());
                let cells: Vec<String> = (0..rows.len()).map(|i| String::from_utf8_lossy(rows.cell(i)).into_owned()).collect();
                prop_assert_eq!(&cells, record);
            }
            prop_assert!(!rows.advance().unwrap());
        }

        #[test]
        fn random_bytes_never_panic_and_always_end(bytes in proptest::collection::vec(proptest::sample::select(vec![b'"', b',', b'\n', b'\r', b'a', 0xff]), 0..200), step in 1_usize..20) {
            let mut rows = CsvRows::new(Slow(&bytes, step), b',');
            while rows.advance().unwrap() {
                for index in 0..=rows.len() {
                    let _ = rows.cell(index);
                }
            }
        }
    }
}
