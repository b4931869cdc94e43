//! Tables as comma-separated text: ASCII digits, dot, ISO dates, amounts in major units.

use std::io::{self, Write};

use clove_core::{Table, Values};

/// Writes the table with a header row.
pub fn write(table: &Table, writer: &mut dyn Write) -> io::Result<()> {
    write_header(table, writer)?;
    write_rows(table, writer)
}

/// Writes the names of the columns.
pub fn write_header(table: &Table, writer: &mut dyn Write) -> io::Result<()> {
    let mut line = String::with_capacity(256);
    for (position, column) in table.columns.iter().enumerate() {
        if position > 0 {
            line.push(',');
        }
        push_text(&mut line, &column.name);
    }
    line.push('\n');
    writer.write_all(line.as_bytes())
}

/// Writes the rows without a header.
pub fn write_rows(table: &Table, writer: &mut dyn Write) -> io::Result<()> {
    let mut line = String::with_capacity(256);
    for row in 0..table.rows() {
        line.clear();
        for (position, column) in table.columns.iter().enumerate() {
            if position > 0 {
                line.push(',');
            }
            push_cell(&mut line, &column.values, row);
        }
        line.push('\n');
        writer.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn push_cell(line: &mut String, values: &Values, row: usize) {
    use std::fmt::Write;
    // Writing to a String cannot fail.
    let _ = match values {
        Values::Int(values) => values[row].map_or(Ok(()), |value| write!(line, "{value}")),
        Values::Float(values, _) | Values::Share(values) => values[row].map_or(Ok(()), |value| write!(line, "{value}")),
        Values::Money(values, currency) => {
            values[row].map_or(Ok(()), |value| write!(line, "{}", currency.format(value)))
        }
        Values::Text(values) => {
            if let Some(text) = &values[row] {
                push_text(line, text);
            }
            Ok(())
        }
        Values::Date(values) => values[row].map_or(Ok(()), |value| write!(line, "{value}")),
        Values::Bool(values) => values[row].map_or(Ok(()), |value| write!(line, "{value}")),
    };
}

/// Adds a text cell, quoted where needed. A cell that a spreadsheet would run as a formula gets a leading apostrophe.
fn push_text(line: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r'])
        && text.len() > 1
        && text.parse::<f64>().is_err()
        && !is_phone(text);
    let quoted = formula || text.contains([',', '"', '\n', '\r']);
    if !quoted {
        line.push_str(text);
        return;
    }
    line.push('"');
    if formula {
        line.push('\'');
    }
    for character in text.chars() {
        if character == '"' {
            line.push('"');
        }
        line.push(character);
    }
    line.push('"');
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_defused() {
        let texts = ["plain", "a,b", "say \"hi\"", "=1+1", "-12", "+39333", "@SUM(A1)"];
        let values = Values::Text(texts.iter().map(|text| Some((*text).to_owned())).collect());
        let mut written = Vec::new();
        write(&Table::new().with("name", values), &mut written).unwrap();
        let expected = "name\nplain\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"'=1+1\"\n-12\n+39333\n\"'@SUM(A1)\"\n";
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }
}
