//! `clove simple`: the back-of-an-envelope value of a customer.

use clap::Args;
use clove_core::{Table, Values};
use serde_json::json;

use crate::UsageError;
use crate::arguments::OutputArguments;
use crate::output::{Answer, decimal};

/// The formula's three figures.
#[derive(Debug, Args)]
pub struct SimpleArguments {
    /// Average value of an order
    #[arg(allow_negative_numbers = true, value_name = "ORDER_VALUE", value_parser = figure)]
    order_value: f64,
    /// Orders a year
    #[arg(allow_negative_numbers = true, value_name = "ORDERS_A_YEAR", value_parser = figure)]
    orders_a_year: f64,
    /// Years that a customer stays
    #[arg(allow_negative_numbers = true, value_name = "YEARS", value_parser = figure)]
    years: f64,
    #[command(flatten)]
    output: OutputArguments,
}

/// Figures from here on are refused: floating-point numbers would no longer hold their cents.
const LARGEST: f64 = 1e13;

/// A figure as people write it: `12.5` or `12,5`. A comma before three digits could mean thousands and is refused.
fn figure(text: &str) -> Result<f64, String> {
    let plain = match text.split_once(',') {
        None => text.to_owned(),
        Some((whole, fraction)) if text.contains('.') || fraction.contains(',') || fraction.len() == 3 => {
            return Err(format!(
                "the comma could mean thousands or decimals; write {whole}.{} or {}",
                fraction.replace([',', '.'], ""),
                text.replace(',', "")
            ));
        }
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
    };
    plain.parse().map_err(|_| format!("'{text}' is not a number, for instance 50 or 12.5"))
}

/// With thousands separators, cents only where there are some.
fn shown(value: f64) -> String {
    let cents = decimal(value, 2);
    cents.strip_suffix(".00").map_or(cents.clone(), str::to_owned)
}

/// Prints average order value x orders a year x years.
pub fn run(arguments: &SimpleArguments) -> anyhow::Result<()> {
    let SimpleArguments { order_value, orders_a_year, years, output } = arguments;
    if ![order_value, orders_a_year, years].iter().all(|figure| figure.is_finite() && **figure >= 0.0) {
        return Err(UsageError(
            "all three figures must be numbers of at least 0, for instance: clove simple 50 12 8".into(),
        )
        .into());
    }
    let value = order_value * orders_a_year * years;
    if [*order_value, *orders_a_year, *years, value].iter().any(|figure| *figure >= LARGEST) {
        return Err(UsageError(format!(
            "figures and result must be below {}: a larger one is a slip of the pen, not a shop",
            decimal(LARGEST, 0)
        ))
        .into());
    }
    let column = |value: f64| Values::Float(vec![Some(value)], 2);
    let table = Table::new()
        .with("order_value", column(*order_value))
        .with("orders_a_year", column(*orders_a_year))
        .with("years", column(*years))
        .with("clv", column(value));
    Answer {
        json: json!({
            "clv": value,
            "order_value": order_value,
            "orders_a_year": orders_a_year,
            "years": years,
            "formula": "order value x orders a year x years",
        }),
        text: Some(format!(
            "A customer who spends {} per order, {} times a year for {} years is worth {}.\n\
             This takes every customer for the average one; `clove clv FILE` looks at each of them.",
            shown(*order_value),
            shown(*orders_a_year),
            shown(*years),
            shown(value),
        )),
        table,
    }
    .write(output)
}
