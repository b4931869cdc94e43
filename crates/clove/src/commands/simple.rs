//! `clove simple`: the back-of-an-envelope value of a customer.

use clap::Args;
use clove_core::{Table, Values};
use serde_json::json;

use crate::UsageError;
use crate::arguments::OutputArguments;
use crate::output::Answer;

/// The formula's three figures.
#[derive(Debug, Args)]
pub struct SimpleArguments {
    /// Average value of an order
    #[arg(allow_negative_numbers = true, value_name = "ORDER_VALUE")]
    order_value: f64,
    /// Orders a year
    #[arg(allow_negative_numbers = true, value_name = "ORDERS_A_YEAR")]
    orders_a_year: f64,
    /// Years that a customer stays
    #[arg(allow_negative_numbers = true, value_name = "YEARS")]
    years: f64,
    #[command(flatten)]
    output: OutputArguments,
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
    let figure = |value: f64| Values::Float(vec![Some(value)], 2);
    let table = Table::new()
        .with("order_value", figure(*order_value))
        .with("orders_a_year", figure(*orders_a_year))
        .with("years", figure(*years))
        .with("clv", figure(value));
    Answer {
        json: json!({
            "clv": value,
            "order_value": order_value,
            "orders_a_year": orders_a_year,
            "years": years,
            "formula": "order value x orders a year x years",
        }),
        text: Some(format!(
            "A customer who spends {order_value} per order, {orders_a_year} times a year for {years} years is worth {value}.\n\
             This takes every customer for the average one; `clove clv FILE` looks at each of them.",
        )),
        table,
    }
    .write(output)
}
