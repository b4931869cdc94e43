//! JSON lines (or an array of objects) as rows of cells. Nested objects become `outer.inner`; of a list of objects each
//! one becomes a row of its own, the outer values on the first.

use std::io::{self, Read};

use serde_json::{Deserializer, Map, Value};

use crate::number::{AMOUNT_PLACES, DecimalSign, parse_scaled};
use crate::text::{HeldRow, Row, TextRows};

/// Refunds of an order by the names that shop systems give them: added up, with the date of the last.
const REFUND_LIST: &str = "refunds";
/// How Shopify's bulk export begins the ids of orders; rows of other parents are parts of parts.
const ORDER_ID_START: &str = "gid://shopify/Order/";
/// Lists of order lines by the names that shop systems give them.
const LINE_LISTS: [&str; 5] = ["line_items", "lineitems", "items", "lines", "products"];

/// The columns of the first objects, in order of first appearance.
pub fn discover_columns(input: &mut dyn Read, limit: usize) -> io::Result<Vec<String>> {
    let mut header: Vec<String> = Vec::new();
    let mut objects = Objects::new(Box::new(input));
    for _ in 0..limit {
        let Some(object) = objects.next_object()? else { break };
        let Ok(object) = object else { continue };
        for row in rows_of(&object) {
            for (name, _) in row {
                if !header.contains(&name) {
                    header.push(name);
                }
            }
        }
    }
    Ok(header)
}

/// A stream of JSON values, one a line or in one array.
struct Objects<'a> {
    input: Box<dyn Read + 'a>,
    pending: Vec<u8>,
    start: usize,
    at_end: bool,
    line: u64,
    bytes: u64,
}

impl<'a> Objects<'a> {
    fn new(input: Box<dyn Read + 'a>) -> Objects<'a> {
        Objects { input, pending: Vec::new(), start: 0, at_end: false, line: 1, bytes: 0 }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.pending.drain(..self.start);
        self.start = 0;
        let before = self.pending.len();
        let block = 256 * 1024 + before;
        self.input.by_ref().take(block as u64).read_to_end(&mut self.pending)?;
        self.at_end = self.pending.len() == before;
        Ok(())
    }

    /// The next object; `Err` within for a line that is not valid JSON.
    fn next_object(&mut self) -> io::Result<Option<Result<Map<String, Value>, u64>>> {
        loop {
            while self.start < self.pending.len()
                && matches!(
                    self.pending[self.start],
                    b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']' | 0xef | 0xbb | 0xbf
                )
            {
                self.line += u64::from(self.pending[self.start] == b'\n');
                self.start += 1;
                self.bytes += 1;
            }
            if self.start == self.pending.len() {
                if self.at_end {
                    return Ok(None);
                }
                self.fill()?;
                continue;
            }
            let mut values = Deserializer::from_slice(&self.pending[self.start..]).into_iter::<Map<String, Value>>();
            let next = values.next();
            let used = values.byte_offset();
            match next {
                Some(Ok(object)) => {
                    self.skip(used);
                    return Ok(Some(Ok(object)));
                }
                Some(Err(error)) if error.is_eof() && !self.at_end => self.fill()?,
                _ => {
                    let line = self.line;
                    let rest = &self.pending[self.start..];
                    match rest.iter().position(|&byte| byte == b'\n') {
                        Some(end) => self.skip(end + 1),
                        None if self.at_end => self.skip(rest.len()),
                        None => {
                            self.fill()?;
                            continue;
                        }
                    }
                    return Ok(Some(Err(line)));
                }
            }
        }
    }

    fn skip(&mut self, count: usize) {
        let end = self.start + count;
        self.line += self.pending[self.start..end].split(|&byte| byte == b'\n').count() as u64 - 1;
        self.start = end;
        self.bytes += count as u64;
    }
}

fn rows_of(object: &Map<String, Value>) -> Vec<Vec<(String, String)>> {
    let mut outer = Vec::new();
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    if let Some(parent) = object.get("__parentId").and_then(Value::as_str) {
        return child_row(parent, object).into_iter().collect();
    }
    for (name, value) in object {
        let folded = name.to_ascii_lowercase();
        match list_of(value) {
            Some(items) if LINE_LISTS.contains(&folded.as_str()) => {
                for item in items {
                    let mut line = Vec::new();
                    flatten("lineitem", item, &mut line);
                    lines.push(line);
                }
            }
            Some(refunds) if folded == REFUND_LIST => add_refunds(&refunds, &mut outer),
            _ => flatten(name, value, &mut outer),
        }
    }
    // The outer values are told apart from continuation rows by standing on the first row only, but for the id.
    let id: Vec<(String, String)> = outer
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "id" | "order_id" | "name" | "number"))
        .cloned()
        .collect();
    let mut rows = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        let mut row = if index == 0 { std::mem::take(&mut outer) } else { id.clone() };
        row.extend(line);
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(outer);
    }
    rows
}

/// The objects of a list, of GraphQL's `{"nodes": [...]}` or of `{"edges": [{"node": ...}]}`.
fn list_of(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(object) => match (object.get("nodes"), object.get("edges")) {
            (Some(Value::Array(nodes)), _) => Some(nodes.iter().collect()),
            (None, Some(Value::Array(edges))) => Some(edges.iter().filter_map(|edge| edge.get("node")).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// An order line that a bulk export writes as an object of its own behind its order; `None` for parts of other things.
fn child_row(parent: &str, object: &Map<String, Value>) -> Option<Vec<(String, String)>> {
    if !parent.starts_with(ORDER_ID_START) || !object.contains_key("quantity") {
        return None;
    }
    let mut row = vec![("id".to_owned(), parent.to_owned())];
    for (name, value) in object.iter().filter(|(name, _)| *name != "__parentId") {
        flatten(&format!("lineitem.{name}"), value, &mut row);
    }
    Some(row)
}

/// The refunds of an order as two cells: what was paid back in all, and when last.
fn add_refunds(refunds: &[&Value], into: &mut Vec<(String, String)>) {
    let total: i64 = refunds.iter().filter_map(|refund| refunded(refund)).fold(0, i64::saturating_add);
    let last = refunds
        .iter()
        .filter_map(|refund| {
            ["created_at", "createdAt", "date_created"].iter().find_map(|name| refund.get(*name)?.as_str())
        })
        .max();
    // Orders without refunds have the columns too: they must be known from the first orders on.
    let text = if total == 0 { String::new() } else { format!("{}.{:06}", total / 1_000_000, total % 1_000_000) };
    into.push(("refunds.total".to_owned(), text));
    into.push(("refunds.created_at".to_owned(), last.unwrap_or_default().to_owned()));
}

/// What a refund paid back, in the scale of amounts: its total, else its successful transactions.
fn refunded(refund: &Value) -> Option<i64> {
    let amount = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let scaled = parse_scaled(text.as_bytes(), DecimalSign::Dot, AMOUNT_PLACES).ok().flatten();
        scaled.map(i64::abs)
    };
    let total = refund.get("total").or_else(|| refund.pointer("/totalRefundedSet/shopMoney/amount"));
    if let Some(total) = total {
        return amount(total);
    }
    let paid = refund.get("transactions").and_then(list_of)?.into_iter().filter(|transaction| {
        let is = |name: &str, wanted: &str| {
            transaction.get(name).and_then(Value::as_str).is_none_or(|text| text.eq_ignore_ascii_case(wanted))
        };
        is("kind", "refund") && is("status", "success")
    });
    Some(paid.filter_map(|transaction| amount(transaction.get("amount")?)).fold(0, i64::saturating_add))
}

fn flatten(name: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Null => into.push((name.to_owned(), String::new())),
        Value::Bool(value) => into.push((name.to_owned(), u8::from(*value).to_string())),
        Value::Number(value) => into.push((name.to_owned(), value.to_string())),
        Value::String(value) => into.push((name.to_owned(), value.clone())),
        Value::Array(values) => {
            let texts: Vec<&str> = values
                .iter()
                .filter_map(|value| value.as_str().or_else(|| value.get("code").and_then(Value::as_str)))
                .collect();
            into.push((name.to_owned(), texts.join(", ")));
        }
        Value::Object(values) => {
            for (inner, value) in values {
                flatten(&format!("{name}.{inner}"), value, into);
            }
        }
    }
}

/// Rows of cells from JSON objects.
pub struct JsonRows<'a> {
    objects: Objects<'a>,
    header: Vec<String>,
    queue: std::collections::VecDeque<Vec<String>>,
    row: HeldRow,
    line: u64,
    fault: Option<&'static str>,
}

impl<'a> JsonRows<'a> {
    /// Rows with the cells of these columns.
    pub fn new(input: Box<dyn Read + 'a>, header: &[String]) -> JsonRows<'a> {
        JsonRows {
            objects: Objects::new(input),
            header: header.to_vec(),
            queue: std::collections::VecDeque::new(),
            row: HeldRow::default(),
            line: 0,
            fault: None,
        }
    }

    /// Makes the next waiting row the current one.
    fn take_queued(&mut self) -> bool {
        let next = self.queue.pop_front();
        if let Some(row) = &next {
            self.row.set(row.iter().map(String::as_str));
        }
        next.is_some()
    }
}

impl TextRows for JsonRows<'_> {
    fn advance(&mut self) -> io::Result<bool> {
        self.fault = None;
        if self.take_queued() {
            return Ok(true);
        }
        let Some(object) = self.objects.next_object()? else { return Ok(false) };
        match object {
            Err(line) => {
                self.line = line;
                self.row.set(self.header.iter().map(|_| ""));
                self.fault = Some("the line is not a JSON object");
            }
            Ok(object) => {
                self.line = self.objects.line;
                for cells in rows_of(&object) {
                    let mut row = vec![String::new(); self.header.len()];
                    for (name, text) in cells {
                        if let Some(column) = self.header.iter().position(|known| *known == name) {
                            row[column] = text;
                        }
                    }
                    self.queue.push_back(row);
                }
                if !self.take_queued() {
                    // Parts of parts (discounts of lines, ...) are no rows.
                    return self.advance();
                }
            }
        }
        Ok(true)
    }

    fn row(&self) -> Row<'_> {
        self.row.row()
    }

    fn line(&self) -> u64 {
        self.line
    }

    fn fault(&self) -> Option<&'static str> {
        self.fault
    }

    fn bytes(&self) -> u64 {
        self.objects.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_become_rows_and_their_lines_too() {
        let text = "{\"id\":7,\"billing\":{\"email\":\"a@x.it\"},\"line_items\":[{\"sku\":\"A\",\"quantity\":2},{\"sku\":\"B\",\"quantity\":1}]}\n\
                    not json\n{\"id\":8,\"total\":\"5.00\"}\n";
        let header = discover_columns(&mut text.as_bytes(), 10).unwrap();
        assert_eq!(header, ["id", "billing.email", "lineitem.sku", "lineitem.quantity", "total"]);
        let mut rows = JsonRows::new(Box::new(text.as_bytes()), &header);
        let mut seen = Vec::new();
        while rows.advance().unwrap() {
            seen.push((
                rows.line(),
                rows.fault().is_some(),
                (0..5).map(|i| String::from_utf8_lossy(rows.cell(i)).into_owned()).collect::<Vec<_>>(),
            ));
        }
        assert_eq!(seen.len(), 4);
        assert_eq!(seen[0].2, ["7", "a@x.it", "A", "2", ""]);
        assert_eq!(seen[1].2, ["7", "", "B", "1", ""]);
        assert!(seen[2].1);
        assert_eq!((seen[2].0, seen[3].0), (2, 3));
        assert_eq!(seen[3].2, ["8", "", "", "", "5.00"]);
    }

    #[test]
    fn an_array_is_read_like_lines() {
        let text = "[ {\"a\":1},\n {\"a\":2} ]";
        let mut rows = JsonRows::new(Box::new(text.as_bytes()), &["a".to_owned()]);
        let mut cells = Vec::new();
        while rows.advance().unwrap() {
            cells.push(String::from_utf8_lossy(rows.cell(0)).into_owned());
        }
        assert_eq!(cells, ["1", "2"]);
    }
}
