//! `clove clv --from-summary`: forecasts from frequency, recency, T and mean spend, without any orders.

use clove_core::{Table, Values};
use clove_measure::from_summary::{FromSummary, SummarisedCustomer, forecast_summary};
use clove_models::purchase::{CustomerSummary, PurchaseModelKind};
use serde_json::json;

use crate::arguments::{OutputArguments, ReadingArguments, TimeUnit};
use crate::output::{Answer, print_facts, thousands};
use crate::{DataError, load};

/// Days of a week.
const DAYS_PER_WEEK: f64 = 7.0;
/// Probability that intervals cover.
const LEVEL: f64 = 0.8;

/// What to forecast.
pub struct SummaryRequest<'a> {
    /// The summary's file.
    pub file: &'a str,
    /// How to read it.
    pub reading: &'a ReadingArguments,
    /// The unit of its times.
    pub unit: TimeUnit,
    /// The model, or the one with the highest likelihood.
    pub model: Option<PurchaseModelKind>,
    /// Days to look ahead.
    pub horizon_days: u32,
    /// How to print.
    pub output: &'a OutputArguments,
}

/// Reads the summary, forecasts, prints.
pub fn run(request: &SummaryRequest<'_>) -> anyhow::Result<()> {
    let table = clove_connect::read_customers(request.file, &load::read_options(request.reading)?)?;
    let to_weeks = request.unit.days() / DAYS_PER_WEEK;
    let (mut customers, mut names, mut left_out) = (Vec::new(), Vec::new(), 0_u64);
    for row in 0..table.len() {
        let number = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let summary = number(&table.frequency).zip(number(&table.recency)).zip(number(&table.age)).and_then(
            |((frequency, recency), age)| {
                let whole = frequency.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&frequency);
                let summary = CustomerSummary::new(frequency as u32, recency * to_weeks, age * to_weeks);
                (whole && summary.problem().is_none()).then_some(summary)
            },
        );
        let Some(summary) = summary else {
            left_out += 1;
            continue;
        };
        customers
            .push(SummarisedCustomer { summary, mean_spend: number(&table.monetary_value).filter(|mean| *mean > 0.0) });
        let text = |column: &[Option<String>]| column.get(row).cloned().flatten();
        names.push(text(&table.customer_id).or_else(|| text(&table.email)).unwrap_or_else(|| (row + 1).to_string()));
    }
    if customers.is_empty() {
        return Err(DataError(format!(
            "{} has no usable row: it needs frequency (whole, from 0), recency and T (recency at most T)",
            request.file
        ))
        .into());
    }
    let horizon = f64::from(request.horizon_days) / DAYS_PER_WEEK;
    let answer = forecast_summary(&customers, request.model, horizon, LEVEL)?;
    let value: Option<f64> = answer.spend.as_ref().map(|_| answer.customers.iter().filter_map(|one| one.value).sum());
    let purchases: f64 = answer.customers.iter().map(|one| one.expected_purchases).sum();
    let model = answer.purchases.kind.name();
    let json = json!({
        "model": model,
        "horizon_days": request.horizon_days,
        "unit": request.unit.name(),
        "totals": {
            "customers": customers.len(),
            "expected_purchases": purchases,
            "predicted_value": value,
        },
        "excluded": { "unusable_rows": left_out },
    });
    let mut facts = vec![
        ("Customers", thousands(customers.len() as i64)),
        ("Rows left out", thousands(left_out as i64)),
        ("Model", model.to_owned()),
        ("Next days", request.horizon_days.to_string()),
        ("  purchases", format!("{purchases:.1}")),
    ];
    if let Some(value) = value {
        facts.push(("  value", format!("{value:.2} (currency of the summary)")));
    }
    let text = print_facts(&facts) + "\n--format csv --out FILE writes one row per customer.\n";
    Answer { json, table: rows(&names, &customers, &answer), text: Some(text) }.write(request.output)
}

fn rows(names: &[String], customers: &[SummarisedCustomer], answer: &FromSummary) -> Table {
    let float =
        |of: &dyn Fn(usize) -> Option<f64>, decimals| Values::Float((0..customers.len()).map(of).collect(), decimals);
    let forecasts = &answer.customers;
    Table::new()
        .with("customer_id", Values::Text(names.iter().cloned().map(Some).collect()))
        .with("frequency", Values::Int(customers.iter().map(|one| Some(i64::from(one.summary.frequency))).collect()))
        .with("recency_days", float(&|row| Some(customers[row].summary.recency * DAYS_PER_WEEK), 1))
        .with("age_days", float(&|row| Some(customers[row].summary.age * DAYS_PER_WEEK), 1))
        .with("p_alive", float(&|row| forecasts[row].p_alive, 3))
        .with("prob_buy", float(&|row| Some(forecasts[row].probability_of_purchase), 3))
        .with("expected_purchases", float(&|row| Some(forecasts[row].expected_purchases), 3))
        .with("expected_spend", float(&|row| forecasts[row].expected_spend, 2))
        .with("predicted_value", float(&|row| forecasts[row].value, 2))
        .with("predicted_low", float(&|row| forecasts[row].outcome.map(|bounds| bounds.0), 2))
        .with("predicted_high", float(&|row| forecasts[row].outcome.map(|bounds| bounds.1), 2))
        .with("mean_low", float(&|row| forecasts[row].mean.map(|bounds| bounds.0), 2))
        .with("mean_high", float(&|row| forecasts[row].mean.map(|bounds| bounds.1), 2))
        .with("days_to_next_purchase", float(&|row| Some(forecasts[row].weeks_to_next * DAYS_PER_WEEK), 0))
}
