//! `clove clv --from-summary`: forecasts from frequency, recency, T and mean spend, without any orders.

use std::collections::BTreeMap;

use clove_connect::CustomerTable;
use clove_core::{Table, Values};
use clove_measure::from_summary::{FromSummary, SummarisedCustomer, forecast_summary};
use clove_measure::value::{Gate, PARTS_OF_UNIT, TotalInterval, summary_gate, summary_interval};
use clove_models::purchase::{CustomerSummary, PurchaseModelKind};
use serde_json::json;

use crate::arguments::{OutputArguments, ReadingArguments, TimeUnit};
use crate::output::{Answer, decimal, print_facts, thousands};
use crate::{DataError, load};

/// Days of a week.
const DAYS_PER_WEEK: f64 = 7.0;
/// Probability that intervals cover.
const LEVEL: f64 = 0.8;
/// Seed of the simulation of the total.
const SEED: u64 = 20_260_630;

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

/// The rows that can be used, and why others cannot.
struct Summary {
    customers: Vec<SummarisedCustomer>,
    names: Vec<String>,
    left_out: BTreeMap<&'static str, u64>,
}

/// What is told of one customer, from a model or as an average.
#[derive(Clone, Copy, Default)]
struct Row {
    p_alive: Option<f64>,
    probability_of_purchase: Option<f64>,
    expected_purchases: Option<f64>,
    expected_spend: Option<f64>,
    value: Option<f64>,
    outcome: Option<(f64, f64)>,
    mean: Option<(f64, f64)>,
    days_to_next: Option<f64>,
}

/// Reads the summary, forecasts, prints.
pub fn run(request: &SummaryRequest<'_>) -> anyhow::Result<()> {
    let table = clove_connect::read_customers(request.file, &load::read_options(request.reading)?)?;
    let Summary { customers, names, left_out } = usable(&table, request.unit);
    if customers.is_empty() {
        let reasons: Vec<String> =
            left_out.iter().map(|(reason, count)| format!("{count} {}", words(reason))).collect();
        return Err(DataError(format!(
            "{} has no usable row ({}): it needs frequency (whole, from 0), recency and T (recency at most T)",
            request.file,
            if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join(", ") }
        ))
        .into());
    }
    let gate = summary_gate(&customers);
    let horizon = f64::from(request.horizon_days) / DAYS_PER_WEEK;
    let forecast = gate.is_open().then(|| forecast_summary(&customers, request.model, horizon, LEVEL)).transpose()?;
    let interval = forecast.as_ref().and_then(|forecast| summary_interval(&customers, forecast, horizon, LEVEL, SEED));
    let has_spend = customers.iter().any(|customer| customer.mean_spend.is_some());
    let rows: Vec<Row> = match &forecast {
        Some(forecast) => modelled(forecast),
        None => vec![average(&gate, request.horizon_days, has_spend); customers.len()],
    };
    let model = forecast.as_ref().map_or("cohort-average", |forecast| forecast.purchases.kind.name());
    let sum = |of: fn(&Row) -> Option<f64>| {
        let known: Vec<f64> = rows.iter().filter_map(of).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>())
    };
    let (purchases, value) = (sum(|row| row.expected_purchases), sum(|row| row.value));
    let bound = |of: fn(&TotalInterval) -> f64| interval.as_ref().map(of);
    let not_used = request.model.filter(|_| !gate.is_open()).map(PurchaseModelKind::name);
    let excluded: serde_json::Map<String, serde_json::Value> =
        left_out.iter().map(|(reason, count)| ((*reason).to_owned(), json!({"rows": count}))).collect();
    let json = json!({
        "model": model,
        "horizon_days": request.horizon_days,
        "unit": request.unit.name(),
        "interval_level": LEVEL,
        "totals": {
            "customers": customers.len(),
            "predicted_customers": rows.iter().filter(|row| row.expected_purchases.is_some()).count(),
            "expected_purchases": purchases,
            "predicted_value": value,
            "predicted_low": bound(|interval| interval.outcome.0),
            "predicted_high": bound(|interval| interval.outcome.1),
            "mean_low": bound(|interval| interval.mean.0),
            "mean_high": bound(|interval| interval.mean.1),
            "gate": {
                "open": gate.is_open(),
                "reason": gate.reason,
                "customers": gate.customers,
                "days": gate.days,
                "most_purchases": gate.most_purchases,
                "model_not_used": not_used,
            },
        },
        "excluded": excluded,
    });
    let mut facts = vec![
        ("Customers", thousands(customers.len() as i64)),
        ("Model", model.to_owned()),
        ("Forecast", format!("{} days from the end of the summary", thousands(i64::from(request.horizon_days)))),
    ];
    facts.extend(value.map(|value| ("  expected value", format!("{} (in the summary's currency)", decimal(value, 2)))));
    facts.extend(interval.map(|interval| {
        ("  80 % interval", format!("{} to {}", decimal(interval.outcome.0, 2), decimal(interval.outcome.1, 2)))
    }));
    facts.extend(purchases.map(|purchases| ("  purchases", decimal(purchases, 1))));
    let mut text = print_facts(&facts);
    if let Some(reason) = &gate.reason {
        text += &format!("\nNo forecast of single customers yet ({reason}); averages stand in.");
        if let Some(model) = not_used {
            text += &format!(" --model {model} was not used.");
        }
        text.push('\n');
    }
    if !has_spend {
        text += "\nThe summary has no monetary value: purchases are forecast, value is not known.\n";
    }
    for (reason, count) in &left_out {
        text += &format!("\nLeft out: {} rows, {}.\n", thousands(*count as i64), words(reason));
    }
    text += "\n--format csv --out FILE writes one row per customer.\n";
    Answer { json, table: table_of(&names, &customers, &rows), text: Some(text) }.write(request.output)
}

/// The rows with frequency, recency and T that belong together.
fn usable(table: &CustomerTable, unit: TimeUnit) -> Summary {
    let to_weeks = unit.days() / DAYS_PER_WEEK;
    let mut summary = Summary { customers: Vec::new(), names: Vec::new(), left_out: BTreeMap::new() };
    for row in 0..table.len() {
        let number = |column: &[Option<f64>]| column.get(row).copied().flatten();
        let figures = number(&table.frequency).zip(number(&table.recency)).zip(number(&table.age));
        match figures
            .ok_or("missing_figure")
            .and_then(|((frequency, recency), age)| customer(frequency, recency * to_weeks, age * to_weeks))
        {
            Err(reason) => *summary.left_out.entry(reason).or_default() += 1,
            Ok(known) => {
                let mean_spend = number(&table.monetary_value).filter(|mean| *mean > 0.0);
                summary.customers.push(SummarisedCustomer { summary: known, mean_spend });
                let text = |column: &[Option<String>]| column.get(row).cloned().flatten();
                let name = text(&table.customer_id).or_else(|| text(&table.email));
                summary.names.push(name.unwrap_or_else(|| (row + 1).to_string()));
            }
        }
    }
    summary
}

fn customer(frequency: f64, recency: f64, age: f64) -> Result<CustomerSummary, &'static str> {
    if frequency.fract() != 0.0 || !(0.0..f64::from(u32::MAX)).contains(&frequency) {
        return Err("frequency_not_whole");
    }
    if recency < 0.0 || age < 0.0 {
        return Err("negative_time");
    }
    if recency > age {
        return Err("recency_beyond_age");
    }
    if frequency == 0.0 && recency != 0.0 {
        return Err("recency_without_repeats");
    }
    let summary = CustomerSummary::new(frequency as u32, recency, age);
    if summary.problem().is_some() { Err("missing_figure") } else { Ok(summary) }
}

/// A reason of leaving out in words.
fn words(reason: &str) -> &'static str {
    match reason {
        "frequency_not_whole" => "frequency is no whole number from 0",
        "negative_time" => "recency or T is negative",
        "recency_beyond_age" => "recency exceeds T",
        "recency_without_repeats" => "recency is not 0 although frequency is",
        _ => "frequency, recency or T is missing",
    }
}

fn modelled(forecast: &FromSummary) -> Vec<Row> {
    let rows = forecast.customers.iter().map(|one| Row {
        p_alive: one.p_alive,
        probability_of_purchase: Some(one.probability_of_purchase),
        expected_purchases: Some(one.expected_purchases),
        expected_spend: one.expected_spend,
        value: one.value,
        outcome: one.outcome,
        mean: one.mean,
        days_to_next: Some(one.weeks_to_next * DAYS_PER_WEEK).filter(|days| days.is_finite()),
    });
    rows.collect()
}

/// What stands in for a forecast.
fn average(gate: &Gate, horizon_days: u32, has_spend: bool) -> Row {
    let prediction = gate.average_prediction(true, horizon_days);
    Row {
        expected_purchases: prediction.map(|prediction| prediction.expected_purchases),
        value: prediction
            .and_then(|prediction| prediction.value)
            .filter(|_| has_spend)
            .map(|value| value / PARTS_OF_UNIT),
        ..Row::default()
    }
}

fn table_of(names: &[String], customers: &[SummarisedCustomer], rows: &[Row]) -> Table {
    let float = |of: fn(&Row) -> Option<f64>, decimals| Values::Float(rows.iter().map(of).collect(), decimals);
    let days = |of: fn(&CustomerSummary) -> f64| {
        Values::Float(customers.iter().map(|one| Some(of(&one.summary) * DAYS_PER_WEEK)).collect(), 1)
    };
    Table::new()
        .with("customer_id", Values::Text(names.iter().cloned().map(Some).collect()))
        .with("frequency", Values::Int(customers.iter().map(|one| Some(i64::from(one.summary.frequency))).collect()))
        .with("recency_days", days(|summary| summary.recency))
        .with("age_days", days(|summary| summary.age))
        .with("p_alive", float(|row| row.p_alive, 3))
        .with("prob_buy", float(|row| row.probability_of_purchase, 3))
        .with("expected_purchases", float(|row| row.expected_purchases, 3))
        .with("expected_spend", float(|row| row.expected_spend, 2))
        .with("predicted_value", float(|row| row.value, 2))
        .with("predicted_low", float(|row| row.outcome.map(|bounds| bounds.0), 2))
        .with("predicted_high", float(|row| row.outcome.map(|bounds| bounds.1), 2))
        .with("mean_low", float(|row| row.mean.map(|bounds| bounds.0), 2))
        .with("mean_high", float(|row| row.mean.map(|bounds| bounds.1), 2))
        .with("days_to_next_purchase", float(|row| row.days_to_next, 0))
}
