//! Rows that could not be taken, as a table for a spreadsheet program.

use axum::body::{Body, Bytes};
use clove_core::{ImportId, Reject};
use clove_store::{Db, StoreError, import};
use futures::stream;

/// Rows read at a time.
const PAGE: usize = 500;

/// A cell that no spreadsheet program takes for a formula, in quotes.
pub fn harmless(cell: &str) -> String {
    let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    // Numbers are no formulas.
    let number = cell.parse::<f64>().is_ok();
    let guard = if risky && !number { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

fn row(reject: &Reject) -> String {
    let line = reject.line.to_string();
    let cells = [&reject.file, &line, &reject.column, &reject.value, &reject.reason, &reject.remedy];
    let mut row = cells.map(|cell| harmless(cell)).join(",");
    row.push_str("\r\n");
    row
}

/// The table, read page by page while it is sent.
pub(super) fn table(db: Db, id: ImportId) -> Body {
    let header = stream::iter([Ok(Bytes::from_static(b"file,line,column,value,reason,remedy\r\n"))]);
    let pages = stream::try_unfold((db, 0_i64), move |(db, after)| async move {
        let rejects = import::rejects(&db, id, after, PAGE).await?;
        let Some((last, _)) = rejects.last() else { return Ok::<_, StoreError>(None) };
        let last = *last;
        let text: String = rejects.iter().map(|(_, reject)| row(reject)).collect();
        Ok(Some((Bytes::from(text), (db, last))))
    });
    Body::from_stream(futures::StreamExt::chain(header, pages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "\"'=HYPERLINK(\"\"http://x\"\")\"");
        assert_eq!(harmless("@SUM(A1)"), "\"'@SUM(A1)\"");
        assert_eq!(harmless("+39 333"), "\"'+39 333\"");
        assert_eq!(harmless("-12.50"), "\"-12.50\"");
        assert_eq!(harmless("-1+cmd|' /C calc'!A0"), "\"'-1+cmd|' /C calc'!A0\"");
        assert_eq!(harmless("plain, text"), "\"plain, text\"");
    }
}
