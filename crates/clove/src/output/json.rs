//! Tables and amounts as JSON values: amounts are decimal strings in major units.

use clove_core::{Currency, Minor, Table, Values};
use serde_json::{Map, Value};

/// An amount as a decimal string in major units: `"614.10"`.
pub fn money(currency: Currency, amount: Minor) -> Value {
    Value::String(currency.format(amount))
}

/// A ratio of two counts, or null where the denominator is 0.
pub fn share(numerator: f64, denominator: f64) -> Value {
    if denominator == 0.0 { Value::Null } else { Value::from(numerator / denominator) }
}

/// The rows of a table as objects.
pub fn table_rows(table: &Table) -> Value {
    let rows = (0..table.rows()).map(|row| {
        let mut object = Map::new();
        for column in &table.columns {
            object.insert(column.name.clone(), cell(&column.values, row));
        }
        Value::Object(object)
    });
    Value::Array(rows.collect())
}

fn cell(values: &Values, row: usize) -> Value {
    match values {
        Values::Int(values) => values[row].map_or(Value::Null, Value::from),
        Values::Float(values, _) | Values::Share(values) => values[row].map_or(Value::Null, Value::from),
        Values::Money(values, currency) => values[row].map_or(Value::Null, |amount| money(*currency, amount)),
        Values::Text(values) => values[row].clone().map_or(Value::Null, Value::from),
        Values::Date(values) => values[row].map_or(Value::Null, |day| Value::from(day.to_string())),
        Values::Bool(values) => values[row].map_or(Value::Null, Value::from),
    }
}
