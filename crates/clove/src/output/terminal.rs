//! Text for people: numbers with thousands separators, facts below each other, the width of the terminal.

use std::fmt::Write;
use std::io::IsTerminal;

use clove_core::{Currency, Minor, Values};
use unicode_width::UnicodeWidthStr;

/// Columns that text takes where nobody tells how wide the terminal is: output into a file or a pipe.
const UNKNOWN_WIDTH: usize = 120;
/// Narrower terminals are taken as this wide.
const NARROWEST: usize = 40;

/// How many columns text may take.
pub fn terminal_width() -> usize {
    known_width().unwrap_or(UNKNOWN_WIDTH)
}

/// How many columns text may take: `COLUMNS`, else those of the terminal; `None` into a file or a pipe.
pub fn known_width() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse::<usize>().ok());
    let measured = || {
        let drawn = comfy_table::Table::new();
        std::io::stdout().is_terminal().then(|| drawn.width()).flatten().map(usize::from)
    };
    told.filter(|&columns| columns > 0).or_else(measured).map(|columns| columns.max(NARROWEST))
}

/// A text whose long lines are folded to the width of the terminal, where one is known, each with its own indentation.
pub fn folded(text: &str) -> String {
    let Some(width) = known_width() else { return text.to_owned() };
    let lines = text.lines().map(|line| {
        if width_of(line) <= width {
            return line.to_owned();
        }
        let indent = " ".repeat(line.len() - line.trim_start().len());
        let rows = fold(line.trim_start(), width.saturating_sub(indent.len()));
        rows.into_iter().map(|row| format!("{indent}{row}")).collect::<Vec<_>>().join("\n")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// How many columns of a terminal a text takes.
pub fn width_of(text: &str) -> usize {
    text.width()
}

/// Names and values below each other, values aligned.
pub fn print_facts(facts: &[(&str, String)]) -> String {
    let width = facts.iter().map(|(name, _)| width_of(name)).max().unwrap_or(0);
    let room = terminal_width().saturating_sub(width + 2).max(20);
    facts.iter().fold(String::new(), |mut text, (name, value)| {
        for (index, line) in fold(value, room).into_iter().enumerate() {
            let name = if index == 0 { *name } else { "" };
            let padding = width - width_of(name);
            let _ = writeln!(text, "{name}{:padding$}  {line}", "");
        }
        text
    })
}

/// A text in lines of at most so many columns, broken at spaces. Longer words are broken only where they are no numbers.
pub fn fold(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        if width_of(paragraph) <= room {
            lines.push(paragraph.to_owned());
            continue;
        }
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && width_of(&line) + 1 + width_of(word) > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            if is_number(word) {
                line.push_str(word);
                continue;
            }
            for character in word.chars() {
                if width_of(&line) + width_of(character.encode_utf8(&mut [0; 4])) > room {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines
}

/// Whether a word is a number, which must stay whole.
pub fn is_number(word: &str) -> bool {
    word.contains(|character: char| character.is_ascii_digit())
        && word.chars().all(|character| character.is_ascii_digit() || "+-.,:%/".contains(character))
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// With thousands separators.
    Grouped,
    /// As they are: whole numbers may be keys, years or ids.
    Plain,
}

/// A cell of a table; `-` for no value.
pub fn cell(values: &Values, row: usize, digits: Digits) -> String {
    let grouped = digits == Digits::Grouped;
    let shown = match values {
        Values::Int(values) => values[row].map(|value| if grouped { thousands(value) } else { value.to_string() }),
        Values::Float(values, decimals) => values[row].map(|value| {
            let decimals = usize::from(*decimals);
            if grouped { decimal(value, decimals) } else { format!("{value:.decimals$}") }
        }),
        Values::Share(values) => values[row].map(|value| format!("{} %", decimal(value * 100.0, 1))),
        Values::Money(values, currency) => values[row].map(|amount| grouped_money(*currency, amount)),
        Values::Text(values) => values[row].clone(),
        Values::Date(values) => values[row].map(|day| day.to_string()),
        Values::Bool(values) => values[row].map(|value| if value { "yes" } else { "no" }.to_owned()),
    };
    shown.unwrap_or_else(|| "-".to_owned())
}

/// An amount in major units with thousands separators: `12,345.60`.
pub fn grouped_money(currency: Currency, amount: Minor) -> String {
    let text = currency.format(amount);
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", group(whole)),
        None => group(&text),
    }
}

/// A whole number with thousands separators: `12,345`.
pub fn thousands(value: i64) -> String {
    group(&value.to_string())
}

/// A number with so many decimals and thousands separators.
pub fn decimal(value: f64, decimals: usize) -> String {
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
        assert_eq!(grouped_money(Currency::EUR, -123_456_789), "-1,234,567.89");
    }

    #[test]
    fn text_is_folded_at_spaces_and_numbers_stay_whole() {
        assert_eq!(fold("one two three", 7), ["one two", "three"]);
        assert_eq!(fold("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(fold("n 1,234,567.89", 5), ["n", "1,234,567.89"]);
        assert_eq!(fold("", 5), [""]);
    }
}
