//! What the answers of the measuring commands share: what was left out, and how cells are shown.

use anyhow::Context;
use clove_core::{Currency, Minor, Values};
use clove_measure::answer::{Amount, MoneyPer, Rate};
use clove_measure::explain::excluded;
use clove_measure::ledger::Ledger;
use serde::Serialize;
use serde_json::Value;

/// An answer as JSON, with the orders that were left out by reason.
pub fn with_excluded(ledger: &Ledger<'_>, answer: &impl Serialize) -> anyhow::Result<Value> {
    let mut json = serde_json::to_value(answer).context("writing the answer as JSON")?;
    if let Value::Object(object) = &mut json {
        let reasons = excluded(ledger)
            .into_iter()
            .map(|one| (one.reason.to_owned(), serde_json::json!({"count": one.orders, "amount": one.placed})));
        object.insert("excluded".to_owned(), Value::Object(reasons.collect()));
    }
    Ok(json)
}

/// A column of one value per row.
pub fn column<Row>(rows: &[Row], of: impl Fn(&Row) -> Option<i64>) -> Values {
    Values::Int(rows.iter().map(of).collect())
}

/// A column of texts.
pub fn texts<Row>(rows: &[Row], of: impl Fn(&Row) -> Option<String>) -> Values {
    Values::Text(rows.iter().map(of).collect())
}

/// A column of amounts.
pub fn amounts<Row>(rows: &[Row], currency: Currency, of: impl Fn(&Row) -> Option<Minor>) -> Values {
    Values::Money(rows.iter().map(of).collect(), currency)
}

/// A rate for people: `60.0 % (3 of 5)`.
pub fn rate(rate: &Rate) -> String {
    match rate.value {
        Some(value) => format!("{:.1} % ({} of {})", value * 100.0, rate.numerator, rate.denominator),
        None => "-".to_owned(),
    }
}

/// An average amount for people: `69.78 EUR (n = 4)`.
pub fn average(value: &MoneyPer, currency: Currency) -> String {
    match value.rounded() {
        Some(amount) => format!("{} {currency} (n = {})", currency.format(amount), value.denominator),
        None => "-".to_owned(),
    }
}

/// An amount for people.
pub fn amount(amount: Amount) -> String {
    format!("{} {}", amount.currency.format(amount.minor), amount.currency)
}
