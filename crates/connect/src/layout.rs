//! How a file is laid out: kind, encoding, delimiter, header; and a sample of its rows.

use std::io::Read;

use encoding_rs::Encoding;

use crate::csv::{CsvRows, sniff_delimiter};
use crate::encoding;
use crate::error::ReadError;
use crate::fields::known_words;
use crate::foreign;
use crate::json::{JsonRows, discover_columns};
use crate::source::Source;
use crate::text::{HeldRows, TextRows};
use crate::workbook;

/// Bytes at the start of a file that are looked at.
const HEAD_BYTES: usize = 2 << 20;
/// Rows that are looked at.
pub const SAMPLE_ROWS: usize = 5_000;
/// A header can have this many title lines above it.
const TITLE_LINES: usize = 20;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Comma, semicolon, tab or bar between cells.
    Delimited,
    /// A spreadsheet (xlsx, xls, ods).
    Workbook,
    /// One JSON object a line, or an array of objects.
    Json,
    /// Apache Parquet.
    Parquet,
}

/// A file of text cells, looked at and ready to be read.
pub struct TextTable {
    /// The file.
    pub source: Source,
    /// Its kind.
    pub kind: FileKind,
    /// Encoding of delimited text.
    pub encoding: &'static Encoding,
    /// Delimiter of delimited text.
    pub delimiter: u8,
    /// The header's cells.
    pub header: Vec<String>,
    /// The first rows behind the header.
    pub sample: Vec<Vec<String>>,
    /// Lines up to and with the header.
    header_line: u64,
    /// The rows of a workbook, which can only be read as a whole.
    held: Option<Vec<Vec<String>>>,
}

/// Settings that a mapping file can force.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forced {
    /// The delimiter.
    pub delimiter: Option<u8>,
    /// The encoding.
    pub encoding: Option<&'static Encoding>,
}

/// The kind of a file by its first bytes.
pub fn kind_of(source: &Source) -> Result<FileKind, ReadError> {
    let head = source.head(4_096)?;
    let first = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).trim_ascii_start();
    Ok(if head.starts_with(b"PAR1") {
        FileKind::Parquet
    } else if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        FileKind::Workbook
    } else if first.starts_with(b"{")
        || first.starts_with(b"[{")
        || (first.starts_with(b"[") && first[1..].trim_ascii_start().starts_with(b"{"))
    {
        FileKind::Json
    } else if let Some(what) = foreign::what_it_is(&head) {
        return Err(ReadError::NotATable { file: source.name.clone(), what });
    } else {
        FileKind::Delimited
    })
}

impl TextTable {
    /// Looks at a file that is not Parquet.
    pub fn look(source: &Source, kind: FileKind, forced: Forced) -> Result<TextTable, ReadError> {
        let mut table = TextTable {
            source: source.clone(),
            kind,
            encoding: encoding_rs::UTF_8,
            delimiter: b',',
            header: Vec::new(),
            sample: Vec::new(),
            header_line: 0,
            held: None,
        };
        match kind {
            FileKind::Delimited => table.look_at_text(forced)?,
            FileKind::Workbook => table.held = Some(workbook::read_rows(source)?),
            FileKind::Json | FileKind::Parquet => {
                table.header = discover_columns(&mut *source.open()?, SAMPLE_ROWS).map_err(|e| source.io_error(e))?;
            }
        }
        table.take_sample()?;
        if table.header.is_empty() {
            return Err(ReadError::Empty(source.name.clone()));
        }
        Ok(table)
    }

    fn look_at_text(&mut self, forced: Forced) -> Result<(), ReadError> {
        let head = self.source.head(HEAD_BYTES)?;
        if head.is_empty() {
            return Err(ReadError::Empty(self.source.name.clone()));
        }
        self.encoding = forced.encoding.unwrap_or_else(|| {
            encoding::detect(&head, &|line| known_words(&line.split([',', ';', '\t', '|']).collect::<Vec<_>>()))
        });
        let text = encoding::decode(&head[..head.len().min(256 * 1024)], self.encoding);
        // Spreadsheets may name the delimiter in a line of its own.
        let named = text.lines().next().and_then(|line| line.trim().trim_matches('"').strip_prefix("sep="));
        self.delimiter = match (forced.delimiter, named.map(str::as_bytes)) {
            (Some(delimiter), _) | (None, Some(&[delimiter])) => delimiter,
            _ => sniff_delimiter(&text),
        };
        Ok(())
    }

    /// Finds the header and keeps the rows behind it.
    fn take_sample(&mut self) -> Result<(), ReadError> {
        let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
        let mut reader = self.open()?;
        let mut bytes = 0;
        while rows.len() < SAMPLE_ROWS
            && bytes < 4 * HEAD_BYTES
            && reader.advance().map_err(|e| self.source.io_error(e))?
        {
            let row: Vec<String> =
                (0..reader.len()).map(|i| String::from_utf8_lossy(reader.cell(i)).into_owned()).collect();
            bytes += row.iter().map(String::len).sum::<usize>();
            rows.push((reader.line(), row));
        }
        if self.kind == FileKind::Json {
            self.sample = rows.into_iter().map(|(_, row)| row).collect();
            return Ok(());
        }
        // The header is the first line with at least two known words; without any, the first line.
        let known = |row: &[String]| known_words(&row.iter().map(String::as_str).collect::<Vec<_>>());
        let header = rows.iter().take(TITLE_LINES).position(|(_, row)| row.len() > 1 && known(row) >= 2);
        let header =
            header.or_else(|| rows.iter().take(TITLE_LINES).position(|(_, row)| !is_separator_line(row))).unwrap_or(0);
        if let Some((line, names)) = rows.get(header) {
            self.header_line = *line;
            self.header = names.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect();
            while self.header.last().is_some_and(String::is_empty) {
                self.header.pop();
            }
        }
        self.sample = rows.into_iter().skip(header + 1).map(|(_, row)| row).collect();
        Ok(())
    }

    fn open(&self) -> Result<Box<dyn TextRows>, ReadError> {
        Ok(match self.kind {
            FileKind::Workbook => Box::new(HeldRows::new(self.held.clone().unwrap_or_default())),
            FileKind::Json | FileKind::Parquet => Box::new(JsonRows::new(self.source.open()?, &self.header)),
            FileKind::Delimited => {
                let input: Box<dyn Read> = encoding::reader(self.source.open()?, self.encoding);
                Box::new(CsvRows::new(input, self.delimiter))
            }
        })
    }

    /// The rows behind the header, from the first.
    pub fn rows(&mut self) -> Result<Box<dyn TextRows>, ReadError> {
        let mut rows: Box<dyn TextRows> = match self.held.take() {
            Some(held) => Box::new(HeldRows::new(held)),
            None if self.kind == FileKind::Workbook => Box::new(HeldRows::new(workbook::read_rows(&self.source)?)),
            None => self.open()?,
        };
        if self.kind == FileKind::Json {
            return Ok(rows);
        }
        while rows.advance().map_err(|e| self.source.io_error(e))? {
            if rows.line() >= self.header_line {
                break;
            }
        }
        Ok(rows)
    }
}

fn is_separator_line(row: &[String]) -> bool {
    row.iter().filter(|cell| !cell.trim().is_empty()).count() < 2
        && row.first().is_some_and(|cell| cell.starts_with("sep="))
}

/// A header as one line, for messages.
pub fn columns_seen(header: &[String]) -> String {
    let mut names: Vec<String> = header.iter().take(40).map(|name| format!("'{name}'")).collect();
    if header.len() > 40 {
        names.push(format!("and {} more", header.len() - 40));
    }
    names.join(", ")
}
