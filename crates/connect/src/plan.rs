//! Which column holds what, and how its cells are written: guessed from header and sample, or told by a mapping.

use clove_core::Currency;

use crate::date::{DateOrder, OrderEvidence, order_evidence};
use crate::error::ReadError;
use crate::fields::{Field, Kind, Match, TableKind, match_header};
use crate::format::{self, Format};
use crate::layout::{TextTable, columns_seen};
use crate::mapping::Mapping;
use crate::number::{DecimalEvidence, DecimalSign, currency_of_cell};
use crate::options::ReadOptions;
use crate::raw::HANDLING;
use clove_core::fold::fold;

/// A source column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// The file, as the user named it.
    pub file: String,
    /// The table that the file is (`orders`, `refunds`, ...).
    pub table: &'static str,
    /// The column as the file spells it.
    pub column: String,
    /// The canonical field, or `attribute NAME`.
    pub field: String,
    /// How its cells are read: decimal sign, order of day and month.
    pub how: String,
    /// A cell of the column.
    pub sample: Option<String>,
}

/// How to read one column.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// Index in the file.
    pub column: usize,
    /// The field it holds.
    pub field: Field,
    /// Decimal sign of its numbers.
    pub decimal: DecimalSign,
    /// Order of day and month of its dates, where it matters.
    pub order: Option<DateOrder>,
    /// Whether times without zone are UTC, as the column's name says (`date_created_gmt`).
    pub utc: bool,
}

/// How to read one file.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file's name.
    pub file: String,
    /// Which table it is.
    pub table: TableKind,
    /// What was recognised.
    pub format: Format,
    /// Whether rows are order lines.
    pub lines: bool,
    /// The header.
    pub header: Vec<String>,
    /// Columns with a field.
    pub columns: Vec<ColumnPlan>,
    /// Further columns to break figures down by: column and name.
    pub attributes: Vec<(usize, String)>,
    /// Columns that are not used.
    pub unmapped: Vec<String>,
    /// The currency that signs in the cells of amounts mean.
    pub sign_currency: Option<Currency>,
    /// A sample cell per column.
    pub samples: Vec<Option<String>>,
}

impl Plan {
    /// Columns that go into attributes of orders: those without a field, and fields that only break figures down.
    pub fn attribute_columns(&self) -> Vec<(usize, String)> {
        let mut columns = self.attributes.clone();
        if self.table != TableKind::Orders {
            return columns;
        }
        for plan in &self.columns {
            let name = match plan.field {
                Field::Channel | Field::DiscountCode | Field::Country => plan.field.name(),
                Field::ProductName if !self.lines => "first_product",
                Field::Product if !self.lines && !self.has(Field::ProductName) => "first_product",
                _ => continue,
            };
            columns.push((plan.column, name.to_owned()));
        }
        columns
    }

    /// Whether the field's cells are read as typed columns (and not only as attributes).
    pub fn is_typed(&self, field: Field) -> bool {
        self.table != TableKind::Orders
            || !matches!(field, Field::Channel | Field::DiscountCode | Field::Country)
                && (self.lines || !matches!(field, Field::Product | Field::ProductName))
    }

    /// Whether a column holds the field.
    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    /// The mapping as shown to people.
    pub fn mapped(&self) -> Vec<MappedColumn> {
        let row = |column: usize, field: String, how: String| MappedColumn {
            file: self.file.clone(),
            table: self.table.name(),
            column: self.header[column].clone(),
            field,
            how,
            sample: self.samples[column].clone(),
        };
        let mut mapped: Vec<(usize, MappedColumn)> = self
            .columns
            .iter()
            .map(|plan| {
                let how = match (plan.field.kind(), plan.order) {
                    (Kind::Text, _) => "text".to_owned(),
                    (Kind::Amount | Kind::Rate, _) => format!("number, decimal sign {}", plan.decimal.sign()),
                    (Kind::Moment, None) if plan.utc => "date, in UTC".to_owned(),
                    (Kind::Moment, None) => "date".to_owned(),
                    (Kind::Moment, Some(DateOrder::DayMonthYear)) => "date, day first".to_owned(),
                    (Kind::Moment, Some(DateOrder::MonthDayYear)) => "date, month first".to_owned(),
                };
                (plan.column, row(plan.column, plan.field.name().to_owned(), how))
            })
            .collect();
        mapped.extend(
            self.attributes
                .iter()
                .map(|(column, name)| (*column, row(*column, format!("attribute {name}"), "text".to_owned()))),
        );
        mapped.sort_by_key(|(column, _)| *column);
        mapped.into_iter().map(|(_, mapped)| mapped).collect()
    }
}

/// Header and sample of any kind of file.
pub struct Look<'a> {
    /// The file's name.
    pub file: &'a str,
    /// Its header.
    pub header: &'a [String],
    /// Its first rows as text (of typed files, only the text columns are filled).
    pub sample: &'a [Vec<String>],
    /// The delimiter of text files.
    pub delimiter: u8,
}

impl<'a> Look<'a> {
    /// The look of a text table.
    pub fn of(table: &'a TextTable) -> Look<'a> {
        Look { file: &table.source.name, header: &table.header, sample: &table.sample, delimiter: table.delimiter }
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &'a str> {
        let sample: &'a [Vec<String>] = self.sample;
        sample.iter().filter_map(move |row| row.get(column)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// Finds the plan for a file. Columns of dates whose order the sample does not decide come back in the second value: the
/// whole file has to be asked.
pub fn make_plan(look: &Look<'_>, table: TableKind, options: &ReadOptions) -> Result<(Plan, Vec<usize>), ReadError> {
    let mapping = options.map.clone().unwrap_or_default();
    let matches = named_columns(look, table, &mapping, options.order_numbers)?;
    let format = format::recognise(look.header, table);
    let decimal = decimal_signs(look, &matches, &mapping)?;
    let forced_order = options.date_order.or(mapping.order_of_dates()?);
    let mut columns = Vec::new();
    let mut undecided = Vec::new();
    for (found, decimal) in matches.iter().zip(decimal) {
        let order = if found.field.kind() == Kind::Moment {
            match forced_order {
                Some(order) => {
                    look.cells(found.column).any(|cell| order_evidence(cell) != OrderEvidence::Silent).then_some(order)
                }
                None => date_order(look, found.column)?,
            }
        } else {
            None
        };
        let utc = found.field.kind() == Kind::Moment && names_utc(&look.header[found.column]);
        columns.push(ColumnPlan { column: found.column, field: found.field, decimal, order, utc });
    }
    if forced_order.is_none() {
        settle_orders(look, &mut columns, &mut undecided);
    }
    let lines = table == TableKind::Orders
        && mapping.is_line_level()?.unwrap_or_else(|| format::is_line_level(look, &columns, format));
    let attributes =
        if table == TableKind::Orders { attribute_columns(look, &matches, &mapping, format)? } else { Vec::new() };
    let used: Vec<usize> =
        matches.iter().map(|found| found.column).chain(attributes.iter().map(|(column, _)| *column)).collect();
    let sign_currency = columns
        .iter()
        .filter(|plan| plan.field.kind() == Kind::Amount)
        .find_map(|plan| look.cells(plan.column).take(200).find_map(currency_of_cell))
        .or_else(|| header_currency(look.header, &columns));
    let plan = Plan {
        file: look.file.to_owned(),
        table,
        format: if lines { format.as_lines() } else { format },
        lines,
        header: look.header.to_vec(),
        columns,
        attributes,
        unmapped: look
            .header
            .iter()
            .enumerate()
            .filter(|(column, _)| !used.contains(column))
            .map(|(_, name)| name.clone())
            .collect(),
        sign_currency,
        samples: (0..look.header.len()).map(|column| look.cells(column).next().map(shortened)).collect(),
    };
    check_needed(&plan)?;
    Ok((plan, undecided))
}

/// Whether a column's name says that its times are UTC.
fn names_utc(name: &str) -> bool {
    let name = name.trim().trim_end_matches([')', ']']).to_ascii_lowercase();
    name.rsplit_once([' ', '_', '-', '(', '[', '.']).is_some_and(|(_, last)| last == "utc" || last == "gmt")
}

/// A cell short enough to be shown.
pub fn shortened(cell: &str) -> String {
    if cell.chars().count() <= 60 {
        cell.to_owned()
    } else {
        format!("{}…", cell.chars().take(59).collect::<String>())
    }
}

fn named_columns(look: &Look<'_>, table: TableKind, mapping: &Mapping, numbers: bool) -> Result<Vec<Match>, ReadError> {
    let mut matches: Vec<Match> = Vec::new();
    for (name, column) in mapping.columns_of(table) {
        let Some(field) = Field::from_name(name) else { continue };
        let found = look
            .header
            .iter()
            .position(|header| header == column)
            .or_else(|| look.header.iter().position(|header| fold(header) == fold(column)));
        match found {
            Some(column) => matches.push(Match { column, field }),
            None => {
                return Err(ReadError::MappedColumnMissing {
                    file: look.file.to_owned(),
                    field: name.clone(),
                    column: column.clone(),
                    seen: columns_seen(look.header),
                });
            }
        }
    }
    let is_free = |column: usize| {
        let name = &look.header[column];
        !(table == TableKind::Orders
            && (mapping.ignore.contains(name) || mapping.attributes.values().any(|taken| taken == name)))
    };
    let known = format::known_columns(look.header, table, numbers, &|column| look.cells(column).next().is_some())
        .unwrap_or_else(|| match_header(look.header, table));
    for guess in known {
        let taken = matches.iter().any(|found| found.column == guess.column || found.field == guess.field);
        if !taken && is_free(guess.column) {
            matches.push(guess);
        }
    }
    matches.sort_by_key(|found| found.column);
    Ok(matches)
}

/// The decimal sign of each matched column: its own evidence, else that of all amounts, else the delimiter's custom.
fn decimal_signs(look: &Look<'_>, matches: &[Match], mapping: &Mapping) -> Result<Vec<DecimalSign>, ReadError> {
    let forced = mapping.decimal_sign()?;
    let evidence: Vec<DecimalEvidence> = matches
        .iter()
        .map(|found| {
            let mut evidence = DecimalEvidence::default();
            if matches!(found.field.kind(), Kind::Amount | Kind::Rate) {
                look.cells(found.column).for_each(|cell| evidence.add(cell));
            }
            evidence
        })
        .collect();
    let all = evidence.iter().fold(DecimalEvidence::default(), |sum, &one| sum.with(one));
    let custom = if look.delimiter == b';' { DecimalSign::Comma } else { DecimalSign::Dot };
    Ok(evidence.into_iter().map(|own| forced.or(own.decided()).or(all.decided()).unwrap_or(custom)).collect())
}

/// The order of day and month that a column's sample shows; `None` if nothing in it depends on the order or decides it.
fn date_order(look: &Look<'_>, column: usize) -> Result<Option<DateOrder>, ReadError> {
    let mut day_first = None;
    let mut month_first = None;
    for cell in look.cells(column) {
        match order_evidence(cell) {
            OrderEvidence::DayFirst => day_first = day_first.or(Some(cell)),
            OrderEvidence::MonthFirst => month_first = month_first.or(Some(cell)),
            OrderEvidence::Ambiguous | OrderEvidence::Silent => {}
        }
    }
    match (day_first, month_first) {
        (Some(day_first), Some(month_first)) => Err(ReadError::ContradictoryDates {
            file: look.file.to_owned(),
            column: look.header[column].clone(),
            day_first: day_first.to_owned(),
            month_first: month_first.to_owned(),
        }),
        (Some(_), None) => Ok(Some(DateOrder::DayMonthYear)),
        (None, Some(_)) => Ok(Some(DateOrder::MonthDayYear)),
        (None, None) => Ok(None),
    }
}

/// Columns that do not decide follow the file's other dates; a decimal comma means the day first (no country writes both
/// a decimal comma and the month first). The rest is undecided.
fn settle_orders(look: &Look<'_>, columns: &mut [ColumnPlan], undecided: &mut Vec<usize>) {
    let elsewhere = columns.iter().find_map(|plan| plan.order);
    let comma = columns.iter().any(|plan| {
        plan.field.kind() == Kind::Amount
            && plan.decimal == DecimalSign::Comma
            && look.cells(plan.column).any(|cell| {
                let mut evidence = DecimalEvidence::default();
                evidence.add(cell);
                evidence.decided() == Some(DecimalSign::Comma)
            })
    });
    for (index, plan) in columns.iter_mut().enumerate() {
        if plan.field.kind() != Kind::Moment || plan.order.is_some() {
            continue;
        }
        let matters = look.cells(plan.column).any(|cell| order_evidence(cell) == OrderEvidence::Ambiguous);
        plan.order = elsewhere.or(comma.then_some(DateOrder::DayMonthYear));
        if matters && plan.order.is_none() {
            undecided.push(index);
        }
    }
}

/// A currency code in the header of an amount: `Amount (EUR)`, `total_usd`.
fn header_currency(header: &[String], columns: &[ColumnPlan]) -> Option<Currency> {
    columns.iter().filter(|plan| plan.field.kind() == Kind::Amount && plan.field != Field::Quantity).find_map(|plan| {
        header[plan.column]
            .split(|c: char| !c.is_alphabetic() && !"€£".contains(c))
            .skip(1)
            .filter(|word| word.len() == 3 || "€£".contains(*word))
            .find_map(Currency::from_sign)
    })
}

/// Columns without a field that figures can be broken down by: few distinct texts.
fn attribute_columns(
    look: &Look<'_>,
    matches: &[Match],
    mapping: &Mapping,
    format: Format,
) -> Result<Vec<(usize, String)>, ReadError> {
    const MOST: usize = 16;
    let mut attributes = Vec::new();
    for (name, column) in &mapping.attributes {
        match look.header.iter().position(|header| header == column) {
            Some(column) => attributes.push((column, name.clone())),
            None => {
                return Err(ReadError::MappedColumnMissing {
                    file: look.file.to_owned(),
                    field: format!("attribute {name}"),
                    column: column.clone(),
                    seen: columns_seen(look.header),
                });
            }
        }
    }
    if !format.keeps_other_columns() {
        return Ok(attributes);
    }
    for (column, name) in look.header.iter().enumerate() {
        let free = !matches.iter().any(|found| found.column == column)
            && !attributes.iter().any(|(taken, _)| *taken == column)
            && !mapping.ignore.contains(name)
            && !name.is_empty();
        if free && attributes.len() < MOST && has_few_texts(look, column) {
            attributes.push((column, attribute_name(name)));
        }
    }
    Ok(attributes)
}

/// The name under which a column is offered: snake case.
pub fn attribute_name(header: &str) -> String {
    let mut name = String::new();
    for letter in header.trim().chars() {
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.trim_matches('_').to_owned()
}

fn has_few_texts(look: &Look<'_>, column: usize) -> bool {
    let mut distinct: Vec<&str> = Vec::new();
    let mut count = 0;
    for cell in look.cells(column) {
        count += 1;
        if cell.len() > 60
            || (cell.contains(['.', ',', '٫']) && cell.chars().all(|c| c.is_ascii_digit() || ".,-٫".contains(c)))
        {
            return false;
        }
        if !distinct.contains(&cell) {
            distinct.push(cell);
            if distinct.len() > 500 {
                return false;
            }
        }
    }
    count > 0 && (distinct.len() <= 12 || distinct.len() * 4 <= count)
}

fn check_needed(plan: &Plan) -> Result<(), ReadError> {
    let has = |field: Field| plan.has(field);
    let missing: &[(&str, &str)] = match plan.table {
        TableKind::Orders => {
            let who = has(Field::CustomerId) || has(Field::Email) || has(Field::Phone);
            match (who, has(Field::PlacedAt)) {
                (true, true) => &[],
                (true, false) => &[("the date of the order", "placed_at = \"...\"")],
                (false, true) => &[("who bought (customer number, e-mail or phone)", "customer_id = \"...\"")],
                (false, false) => &[(
                    "the date of the order and for who bought (customer number, e-mail or phone)",
                    "placed_at = \"...\"\ncustomer_id = \"...\"",
                )],
            }
        }
        TableKind::Refunds if !has(Field::OrderId) => &[("the order's number", "order_id = \"...\"")],
        TableKind::Refunds if !has(Field::RefundedAt) => &[("the date of the refund", "refunded_at = \"...\"")],
        TableKind::Refunds if !has(Field::Items) => &[("the value paid back", "items = \"...\"")],
        TableKind::Spend if !has(Field::Month) && !has(Field::SpendDate) => &[("the day or month", "date = \"...\"")],
        TableKind::Spend if !has(Field::SpendAmount) => &[("the money spent", "spend = \"...\"")],
        TableKind::Costs if !(has(Field::Cost) || has(Field::OrderId) && HANDLING.into_iter().any(has)) => {
            &[("the cost of goods", "cogs = \"...\"")]
        }
        TableKind::Costs if !has(Field::Product) && !has(Field::ProductName) && !has(Field::OrderId) => {
            &[("the product or order", "product = \"...\"")]
        }
        TableKind::Rates if !has(Field::SpendDate) => &[("the day", "date = \"...\"")],
        TableKind::Rates if !has(Field::Currency) => &[("the currency", "currency = \"...\"")],
        TableKind::Rates if !has(Field::RateValue) => &[("the rate", "rate = \"...\"")],
        _ => &[],
    };
    match missing.first() {
        None => Ok(()),
        Some((words, example)) => Err(ReadError::NoUsableColumns {
            file: plan.file.clone(),
            missing: (*words).to_owned(),
            seen: columns_seen(&plan.header),
            example: if plan.table == TableKind::Orders {
                (*example).to_owned()
            } else {
                example.replace("[columns]", plan.table.name())
            },
        }),
    }
}
