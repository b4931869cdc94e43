//! Spreadsheets: xlsx, xls, ods.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, open_workbook_auto_from_rs};

use crate::error::ReadError;
use crate::fields::known_words;
use crate::source::Source;

/// All rows of the sheet that looks most like a table (the most known words in its first lines), as text.
///
/// Dates become ISO dates, numbers plain decimals with a dot, empty cells empty texts.
pub fn read_rows(source: &Source) -> Result<Vec<Vec<String>>, ReadError> {
    let broken = |error: calamine::Error| ReadError::Broken {
        file: source.name.clone(),
        kind: "workbook",
        message: error.to_string(),
    };
    let mut bytes = Vec::new();
    source.open()?.read_to_end(&mut bytes).map_err(|error| source.io_error(error))?;
    if bytes.starts_with(b"PK") && !holds_a_workbook(&bytes) {
        let what = "a ZIP archive without a workbook in it (unpack it first)";
        return Err(ReadError::NotATable { file: source.name.clone(), what });
    }
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let mut best: Option<(usize, Vec<Vec<String>>)> = None;
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).map_err(broken)?;
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(range.height());
        // Line numbers count from the sheet's first line, also when the range starts further down.
        let above = range.start().map_or(0, |(row, _)| row as usize);
        rows.resize(above, Vec::new());
        for row in range.rows() {
            rows.push(row.iter().map(cell_text).collect());
        }
        let known = rows
            .iter()
            .take(20)
            .map(|row| known_words(&row.iter().map(String::as_str).collect::<Vec<_>>()))
            .max()
            .unwrap_or(0);
        if best.as_ref().is_none_or(|(most, held)| known > *most || (held.is_empty() && !rows.is_empty())) {
            best = Some((known, rows));
        }
    }
    best.map(|(_, rows)| rows).ok_or_else(|| ReadError::Empty(source.name.clone()))
}

/// Whether an archive has the files of a workbook by the names in it: those of Excel or of an open document.
fn holds_a_workbook(archive: &[u8]) -> bool {
    let has = |name: &[u8]| archive.windows(name.len()).any(|window| window == name);
    has(b"xl/") || has(b"content.xml")
}

fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => u8::from(*value).to_string(),
        Data::Int(value) => value.to_string(),
        // The Arabic decimal sign is understood whatever sign the texts of the column use.
        Data::Float(value) => value.to_string().replace('.', "\u{66b}"),
        Data::Error(error) => error.to_string(),
        Data::DateTime(value) if value.is_datetime() => serial_text(value.as_f64()),
        Data::DateTime(value) => value.as_f64().to_string(),
    }
}

/// Excel's days since 1900 as an ISO date, with the time where there is one.
fn serial_text(serial: f64) -> String {
    let seconds = (serial * 86_400.0).round() as i64;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let day = clove_core::Day((days - 25_569) as i32);
    if second == 0 {
        day.to_string()
    } else {
        format!("{day} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
    }
}
