//! Tables that fit the terminal. A number is never broken: headers are folded first, then texts, then the least important columns
//! are left out, or each row becomes a record of its own; a line says which columns are missing and how to see them.

use std::fmt::Write;

use clove_core::{Column, Table, Values};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, CellAlignment, ContentArrangement, TableComponent};

use super::terminal::{Digits, cell, fold, is_number, terminal_width, thousands, width_of};

/// Columns of the terminal between two columns of a table.
const GAP: usize = 2;
/// Texts are folded to no fewer columns than this, unless they are narrower.
const NARROWEST_TEXT: usize = 14;
/// Words up to this long are not broken.
const LONGEST_WORD: usize = 26;
/// Lines of records at most, so that a long answer does not run away.
const LINES_OF_RECORDS: usize = 400;

/// The table as text, its first `most` rows.
pub fn terminal_table(table: &Table, most: usize) -> String {
    Shown::new(table).most(most).text()
}

/// How a table is shown to people.
pub struct Shown<'t> {
    table: &'t Table,
    most: usize,
    right: Vec<usize>,
    drop_first: &'t [&'t str],
    digits: Digits,
    records: bool,
    width: usize,
}

/// A column as it is drawn.
struct Drawn {
    name: String,
    header: String,
    cells: Vec<String>,
    /// Whether its cells may be folded.
    is_text: bool,
    right: bool,
    width: usize,
}

impl<'t> Shown<'t> {
    /// The whole table, as wide as the terminal.
    pub fn new(table: &'t Table) -> Shown<'t> {
        Shown {
            table,
            most: usize::MAX,
            right: Vec::new(),
            drop_first: &[],
            digits: Digits::Grouped,
            records: false,
            width: terminal_width(),
        }
    }

    /// Its first rows only.
    #[must_use]
    pub fn most(self, most: usize) -> Self {
        Shown { most, ..self }
    }

    /// Columns of text that hold numbers: right-aligned, never folded.
    #[must_use]
    pub fn right(self, columns: &[usize]) -> Self {
        Shown { right: columns.to_vec(), ..self }
    }

    /// Columns that are left out first where the terminal is narrow, before those at the right. Several that make no sense
    /// without each other stand in one text, with spaces between them.
    #[must_use]
    pub fn drop_first(self, columns: &'t [&'t str]) -> Self {
        Shown { drop_first: columns, ..self }
    }

    /// Numbers as they are, since they may be keys or years.
    #[must_use]
    pub fn plain(self) -> Self {
        Shown { digits: Digits::Plain, ..self }
    }

    /// Numbers as they are, since they may be keys or years; and no column is left out: what does not fit turns into records.
    #[must_use]
    pub fn whole(self) -> Self {
        Shown { digits: Digits::Plain, records: true, ..self }
    }

    #[cfg(test)]
    fn width(self, width: usize) -> Self {
        Shown { width, ..self }
    }

    /// The table as text.
    pub fn text(&self) -> String {
        let mut columns: Vec<Drawn> =
            self.table.columns.iter().enumerate().map(|(index, column)| self.column(index, column)).collect();
        let mut dropped = Vec::new();
        while !fits(&mut columns, self.width) && columns.len() > 1 {
            if self.records {
                return self.as_records();
            }
            let least = self.least_important(&columns);
            columns.retain(|column| !least.contains(&column.name));
            dropped.extend(least);
        }
        let mut text = draw(&columns);
        if self.table.rows() > self.most {
            let _ = write!(
                text,
                "\n{} more rows; --format csv shows all",
                thousands((self.table.rows() - self.most) as i64)
            );
        }
        if !dropped.is_empty() {
            let note = format!(
                "Not shown for want of width: {}. A wider terminal, --format csv or --format json shows all.",
                self.named(&dropped)
            );
            text = text + "\n" + &fold(&note, self.width).join("\n");
        }
        text
    }

    /// Columns in the order of the table; many neighbours as `first to last`.
    fn named(&self, dropped: &[String]) -> String {
        let columns = &self.table.columns;
        let is_dropped = |column: &Column| dropped.contains(&column.name);
        let runs = columns.chunk_by(|a, b| is_dropped(a) == is_dropped(b)).filter(|run| is_dropped(&run[0]));
        let names = runs.flat_map(|run| match run {
            [first, _, _, .., last] if run.len() > 4 => vec![format!("{} to {}", first.name, last.name)],
            few => few.iter().map(|column| column.name.clone()).collect(),
        });
        names.collect::<Vec<_>>().join(", ").replace('_', " ")
    }

    fn column(&self, index: usize, column: &Column) -> Drawn {
        let rows = self.table.rows().min(self.most);
        let right = self.right.contains(&index)
            || !matches!(column.values, Values::Text(_) | Values::Bool(_) | Values::Date(_));
        Drawn {
            name: column.name.clone(),
            header: column.name.replace('_', " "),
            cells: (0..rows).map(|row| cell(&column.values, row, self.digits)).collect(),
            is_text: matches!(column.values, Values::Text(_)) && !right,
            right,
            width: 0,
        }
    }

    fn least_important(&self, columns: &[Drawn]) -> Vec<String> {
        let is_there = |name: &str| columns.iter().any(|column| column.name == name);
        let named = self.drop_first.iter().find(|names| names.split(' ').any(is_there));
        let last = columns.last().map_or("", |column| column.name.as_str());
        named.map_or(last, |names| *names).split(' ').map(str::to_owned).collect()
    }

    /// Each row as names and values below each other.
    fn as_records(&self) -> String {
        let columns = &self.table.columns;
        let names = columns.iter().map(|column| width_of(&column.name)).max().unwrap_or(0).min(self.width / 2);
        let room = self.width.saturating_sub(names + 2).max(10);
        let most = self.most.min((LINES_OF_RECORDS / (columns.len() + 1)).max(1));
        let rows = self.table.rows();
        let mut text = String::new();
        for row in 0..rows.min(most) {
            let title = format!("── row {} ", row + 1);
            let _ = writeln!(text, "{title}{}", "─".repeat(self.width.saturating_sub(width_of(&title)).min(40)));
            for column in columns {
                for (index, line) in fold(&cell(&column.values, row, self.digits), room).into_iter().enumerate() {
                    let name = if index == 0 { column.name.as_str() } else { "" };
                    let padding = names.saturating_sub(width_of(name));
                    let _ = writeln!(text, "{name}{:padding$}  {line}", "");
                }
            }
        }
        if rows > most {
            let _ = writeln!(text, "{} more rows; --format csv shows all", thousands((rows - most) as i64));
        }
        text.trim_end().to_owned()
    }
}

/// Sets the widths of the columns so that the table is at most `room` wide, if that can be.
fn fits(columns: &mut [Drawn], room: usize) -> bool {
    let total = |columns: &[Drawn]| columns.iter().map(|column| column.width + GAP).sum::<usize>();
    for column in columns.iter_mut() {
        column.width = column.widest_cell().max(width_of(&column.header));
    }
    if total(columns) <= room {
        return true;
    }
    for column in columns.iter_mut() {
        column.width = column.widest_cell().max(longest_word(&column.header));
    }
    while total(columns) > room {
        // The widest text that can still be folded further gives way.
        let foldable = columns.iter_mut().filter(|column| column.is_text && column.width > column.narrowest());
        let Some(widest) = foldable.max_by_key(|column| column.width) else { break };
        widest.width -= 1;
    }
    total(columns) <= room
}

impl Drawn {
    fn widest_cell(&self) -> usize {
        self.cells.iter().map(|cell| width_of(cell)).max().unwrap_or(0)
    }

    /// The fewest columns that leave words and numbers whole.
    fn narrowest(&self) -> usize {
        let words = self.cells.iter().flat_map(|cell| cell.split(' '));
        let whole = words.map(|word| if is_number(word) { width_of(word) } else { width_of(word).min(LONGEST_WORD) });
        whole.max().unwrap_or(0).max(NARROWEST_TEXT).max(longest_word(&self.header))
    }
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(width_of).max().unwrap_or(0)
}

fn draw(columns: &[Drawn]) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .remove_style(TableComponent::HorizontalLines)
        .remove_style(TableComponent::MiddleIntersections)
        .set_content_arrangement(ContentArrangement::Disabled);
    let shown = |column: &Drawn, text: &str| {
        let alignment = if column.right { CellAlignment::Right } else { CellAlignment::Left };
        Cell::new(fold(text, column.width).join("\n")).set_alignment(alignment)
    };
    drawn.set_header(columns.iter().map(|column| shown(column, &column.header)));
    let rows = columns.first().map_or(0, |column| column.cells.len());
    for row in 0..rows {
        drawn.add_row(columns.iter().map(|column| shown(column, &column.cells[row])));
    }
    for column in drawn.column_iter_mut() {
        // With the separator two columns lie between any two.
        column.set_padding((1, 0));
    }
    let text = drawn.to_string();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide() -> Table {
        Table::new()
            .with("month", Values::Text(vec![Some("2026-01".into()), Some("total".into())]))
            .with("new_customers", Values::Int(vec![Some(1_234_567), None]))
            .with("media", Values::Int(vec![Some(7_654_321), Some(1)]))
            .with("why", Values::Text(vec![Some("a sentence of many words that can be folded".into()), None]))
            .with("payback_days", Values::Float(vec![Some(112.5), None], 1))
    }

    fn widest(text: &str) -> usize {
        text.lines().map(width_of).max().unwrap_or(0)
    }

    #[test]
    fn tables_fit_and_numbers_stay_whole() {
        let table = wide();
        for width in [45, 50, 60, 80, 120] {
            let text = Shown::new(&table).drop_first(&["media"]).width(width).text();
            assert!(widest(&text) <= width, "{width}:\n{text}");
            assert!(text.contains("1,234,567"), "{text}");
            assert_eq!(text.contains("7,654,321"), !text.contains("Not shown for want of width: media"), "{text}");
        }
    }

    #[test]
    fn what_wwhole_turns_into_records() {
        let table = wide();
        let text = Shown::new(&table).whole().width(45).text();
        assert!(widest(&text) <= 45, "{text}");
        for part in ["row 1", "1234567", "7654321", "112.5", "payback_days"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("1,234"), "{text}");
    }
}
