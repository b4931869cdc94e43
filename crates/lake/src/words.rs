//! What a user of SQL sees of the lake: our tables and columns, and errors that speak of them alone.

use clove_core::{Table, Values};
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;

use crate::error::LakeError;

/// The tables that can be asked, and what a row of each is.
pub const TABLES: [(&str, &str); 6] = [
    ("orders", "every order of the files as it was placed, those left out included (exclusion says why)"),
    ("order_values", "the orders placed up to the as-of, with what came back: returned, net, margin, is_purchase"),
    ("customers", "everyone with at least one order that counts, with sums"),
    ("order_lines", "the products of each order"),
    ("order_adjustments", "refunds and returns, each with its own date"),
    ("spend", "marketing and sales cost by day"),
];

/// Columns of money.
const AMOUNTS: [&str; 18] = [
    "gross",
    "discount",
    "placed",
    "tax",
    "shipping",
    "cost",
    "returned",
    "net",
    "total",
    "margin",
    "contribution",
    "items",
    "tax_and_shipping",
    "restocked_cost",
    "amount",
    "payment_fee",
    "shipping_cost",
    "packaging_cost",
];
/// Names listed in an error at most.
const LISTED: usize = 40;

/// What the engine is asked to show rather than to compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The tables.
    Tables,
    /// The columns of one.
    Columns(String),
    /// Anything else, such as settings of the engine.
    Other,
}

/// Whether a text asks to be shown something, and what.
pub(crate) fn shown(text: &str) -> Option<Shown> {
    let words: Vec<String> = text.trim().trim_end_matches(';').split_whitespace().map(str::to_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let table = |name: &str| Some(Shown::Columns(name.trim_matches('"').to_owned()));
    match words.as_slice() {
        ["show", "tables"] => Some(Shown::Tables),
        ["describe" | "desc", "table", name]
        | ["describe" | "desc", name]
        | ["show", "columns", "from" | "in", name] => table(name),
        ["show", ..] => Some(Shown::Other),
        _ => None,
    }
}

/// The tables with what they hold.
pub(crate) fn tables() -> Table {
    let column = |of: fn(&(&str, &str)) -> String| Values::Text(TABLES.iter().map(|one| Some(of(one))).collect());
    Table::new().with("table", column(|one| one.0.to_owned())).with("holds", column(|one| one.1.to_owned()))
}

/// The columns of a table with their types in words.
pub(crate) fn columns(schema: &Schema) -> Table {
    let fields = schema.fields().iter();
    let kind = |name: &str, data_type: &DataType| {
        if AMOUNTS.contains(&name) { "amount in whole minor units" } else { type_in_words(data_type) }
    };
    Table::new().with("column", Values::Text(fields.clone().map(|field| Some(field.name().clone())).collect())).with(
        "type",
        Values::Text(fields.map(|field| Some(kind(field.name(), field.data_type()).to_owned())).collect()),
    )
}

fn type_in_words(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "yes or no",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Timestamp(..) => "time",
        DataType::Dictionary(_, values) => type_in_words(values),
        other if other.is_integer() => "whole number",
        other if other.is_numeric() => "number",
        _ => "text",
    }
}

/// That there is no such table, and which there are.
pub(crate) fn no_table(name: &str) -> LakeError {
    let known = TABLES.iter().map(|(name, _)| *name);
    LakeError::Sql(format!("there is no table '{name}'.{} Tables: {}", nearest(name, known.clone()), list(known)))
}

/// The engine's error in our words, without its own names, prefixes and back traces.
pub(crate) fn sql_error(error: &DataFusionError) -> LakeError {
    let root = error.find_root();
    match root {
        DataFusionError::Collection(errors) if !errors.is_empty() => return sql_error(&errors[0]),
        DataFusionError::SQL(parser, _) => {
            let message = parser.to_string();
            return LakeError::Sql(message.strip_prefix("sql parser error: ").unwrap_or(&message).to_owned());
        }
        DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
            SchemaError::FieldNotFound { field, valid_fields } => {
                let known = || valid_fields.iter().map(|field| field.name.as_str());
                let near = nearest(&field.name, known());
                return LakeError::Sql(format!(
                    "there is no column '{}'.{near} Columns: {}",
                    field.name,
                    list(known())
                ));
            }
            SchemaError::AmbiguousReference { field } => {
                return LakeError::Sql(format!(
                    "several of the tables have a column '{}': write which one, as in orders.{}",
                    field.name, field.name
                ));
            }
            _ => {}
        },
        _ => {}
    }
    let message = root.strip_backtrace();
    if let Some(what) = ["DDL not supported: ", "DML not supported: ", "Statement not supported: "]
        .iter()
        .find_map(|refusal| message.split_once(refusal).map(|(_, what)| what))
    {
        return LakeError::NotReadOnly(what.to_owned());
    }
    if let Some((_, rest)) = message.split_once("table '")
        && let Some((name, _)) = rest.split_once("' not found")
    {
        return no_table(name.rsplit('.').next().unwrap_or(name));
    }
    LakeError::Sql(plain(&message))
}

/// A message without the engine's prefixes, its name for our tables, and its names of types.
pub(crate) fn plain(message: &str) -> String {
    let mut text = message.split("\nThis issue was likely caused by").next().unwrap_or(message).to_owned();
    for prefix in [
        "Error during planning: ",
        "SQL error: ",
        "Schema error: ",
        "Execution error: ",
        "Arrow error: ",
        "Cast error: ",
        "Internal error: ",
    ] {
        text = text.strip_prefix(prefix).map_or(text.clone(), str::to_owned);
    }
    text = text.replace("datafusion.public.", "");
    // Longer names before those that they begin with.
    for (name, words) in [
        ("Dictionary(Int32, Utf8)", "text"),
        ("LargeUtf8", "text"),
        ("Utf8View", "text"),
        ("Utf8", "text"),
        ("UInt64", "whole number"),
        ("Int64", "whole number"),
        ("Int32", "whole number"),
        ("Float64", "number"),
        ("Date32", "date"),
        ("Boolean", "yes or no"),
    ] {
        text = text.replace(name, words);
    }
    text
}

/// ` Did you mean 'net'?` where a name is near.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let name = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = known
        .map(|other| (distance(&name, &other.to_lowercase()), other))
        .filter(|(distance, other)| {
            *distance <= 2.max(name.chars().count() / 3) || other.contains(&name) && name.len() > 2
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.first().map_or_else(String::new, |(_, other)| format!(" Did you mean '{other}'?"))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    let more = seen.len().saturating_sub(LISTED);
    seen.truncate(LISTED);
    let listed = seen.join(", ");
    if more > 0 { format!("{listed} and {more} more") } else { listed }
}

/// How many letters must be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        assert_eq!(distance("kitten", "sitting"), 3);
        let known = ["net", "gross", "order_id"];
        assert_eq!(nearest("nett", known.into_iter()), " Did you mean 'net'?");
        assert_eq!(nearest("Order", known.into_iter()), " Did you mean 'order_id'?");
        assert_eq!(nearest("colour", known.into_iter()), "");
    }

    #[test]
    fn what_is_shown_is_told_from_what_is_computed() {
        assert_eq!(shown(" SHOW  tables;"), Some(Shown::Tables));
        assert_eq!(shown("describe Orders"), Some(Shown::Columns("orders".into())));
        assert_eq!(shown("show all"), Some(Shown::Other));
        assert_eq!(shown("select 1"), None);
    }
}
