//! Tables and amounts as JSON values: amounts are decimal strings in major units.

use clove_core::{Currency, Minor, Table};
use serde_json::Value;

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
    clove_measure::answer::table_rows(table, usize::MAX).into_iter().map(Value::Object).collect()
}
