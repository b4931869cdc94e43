//! Tables for people: right-aligned numbers, thousands separators, as wide as the terminal.

use std::fmt::Write;

use clove_core::{Table, Values};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, TableComponent};

/// The table as text, its first `most` rows.
pub fn terminal_table(table: &Table, most: usize) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .remove_style(TableComponent::HorizontalLines)
        .remove_style(TableComponent::MiddleIntersections)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if drawn.width().is_none() {
        drawn.set_width(110);
    }
    drawn.set_header(
        table
            .columns
            .iter()
            .map(|column| Cell::new(column.name.replace('_', " ")).set_alignment(alignment(&column.values))),
    );
    for row in 0..table.rows().min(most) {
        drawn.add_row(
            table
                .columns
                .iter()
                .map(|column| Cell::new(cell(&column.values, row)).set_alignment(alignment(&column.values))),
        );
    }
    let mut text = drawn.to_string();
    if table.rows() > most {
        let _ = write!(text, "\n{} more rows; --format csv shows all", thousands((table.rows() - most) as i64));
    }
    text
}

/// Names and values below each other, values aligned.
pub fn print_facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    facts.iter().fold(String::new(), |mut text, (name, value)| {
        let padding = width - name.chars().count();
        let _ = writeln!(text, "{name}{:padding$}  {value}", "");
        text
    })
}

fn alignment(values: &Values) -> CellAlignment {
    match values {
        Values::Text(_) | Values::Bool(_) | Values::Date(_) => CellAlignment::Left,
        _ => CellAlignment::Right,
    }
}

fn cell(values: &Values, row: usize) -> String {
    let shown = match values {
        Values::Int(values) => values[row].map(thousands),
        Values::Float(values, decimals) => values[row].map(|value| decimal(value, usize::from(*decimals))),
        Values::Share(values) => values[row].map(|value| format!("{} %", decimal(value * 100.0, 1))),
        Values::Money(values, currency) => values[row].map(|amount| {
            let text = currency.format(amount);
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            if fraction.is_empty() { group(whole) } else { format!("{}.{fraction}", group(whole)) }
        }),
        Values::Text(values) => values[row].clone(),
        Values::Date(values) => values[row].map(|day| day.to_string()),
        Values::Bool(values) => values[row].map(|value| if value { "yes" } else { "no" }.to_owned()),
    };
    shown.unwrap_or_else(|| "-".to_owned())
}

/// A whole number with thousands separators: `12,345`.
pub fn thousands(value: i64) -> String {
    group(&value.to_string())
}

fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", group(whole)),
        None => group(&text),
    }
}

fn group(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::from(sign);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position) % 3 == 0 && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_thousands() {
        assert_eq!(thousands(-1_234_567), "-1,234,567");
        assert_eq!(thousands(999), "999");
        assert_eq!(decimal(12_345.678, 2), "12,345.68");
        assert_eq!(group("-100"), "-100");
    }
}
