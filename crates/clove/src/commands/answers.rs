//! What the answers of the measuring commands share: what was left out, and how cells are shown.

use clove_core::{Currency, Minor, Values};
use clove_measure::answer::{Amount, MoneyPer, Rate};
use clove_measure::ledger::Ledger;

use crate::DataError;
use crate::output::{grouped_money, thousands};

/// That nobody is left of whom rates of repetition could be told: guests cannot be recognised, and customers whose every order
/// came back bought nothing.
pub fn no_buyers(ledger: &Ledger<'_>) -> DataError {
    let all = ledger.customers().len();
    let guests = ledger.customers().iter().filter(|customer| !customer.identified).count();
    DataError(format!(
        "no identified customer kept a purchase up to {}: of {} customers {} are guests without customer id, e-mail or phone, and {} returned everything",
        ledger.as_of(),
        thousands(all as i64),
        thousands(guests as i64),
        thousands((all - guests) as i64),
    ))
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
        Some(value) => format!(
            "{:.1} % ({} of {})",
            value * 100.0,
            thousands(rate.numerator as i64),
            thousands(rate.denominator as i64)
        ),
        None => "-".to_owned(),
    }
}

/// An average amount for people: `69.78 EUR (n = 4)`.
pub fn average(value: &MoneyPer, currency: Currency) -> String {
    match value.rounded() {
        Some(amount) => {
            format!("{} {currency} (n = {})", grouped_money(currency, amount), thousands(value.denominator as i64))
        }
        None => "-".to_owned(),
    }
}

/// An amount for people; `-` where it is not known.
pub fn amount(amount: Option<Amount>) -> String {
    amount.map_or_else(
        || "-".to_owned(),
        |amount| format!("{} {}", grouped_money(amount.currency, amount.minor), amount.currency),
    )
}
