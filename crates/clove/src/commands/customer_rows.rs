//! One row per customer: what `clove clv --format csv|parquet` writes.

use std::ops::Range;

use clove_core::{Day, Minor, Table, Values};
use clove_measure::history::CustomerHistory;
use clove_measure::value::{CustomerValues, Prediction};

use super::clv::round;

/// Rows that are made, and written, at a time: few enough that their columns stay in the processor's cache and the allocator
/// hands the same memory out again.
const CHUNK: usize = 1 << 13;

/// The rows of all customers in the order of person numbers, some at a time, so that those of a large shop need not be in
/// memory at once. Without customers there is one table without rows.
pub fn customer_rows<'a>(values: &'a CustomerValues<'_>) -> impl Iterator<Item = Table> + 'a {
    let count = values.customers.len();
    (0..count.max(1)).step_by(CHUNK).map(move |start| table(values, start..count.min(start + CHUNK)))
}

fn table(values: &CustomerValues<'_>, rows: Range<usize>) -> Table {
    let currency = values.currency;
    let as_of = values.options.counting.as_of;
    let orders = &values.shop.orders;
    let customers = &values.customers[rows.clone()];
    let histories = &values.histories[rows.clone()];
    let predictions: Vec<Option<Prediction>> = rows.clone().map(|index| values.prediction(index)).collect();
    let int =
        |of: fn(&CustomerHistory) -> i64| Values::Int(histories.iter().map(|history| Some(of(history))).collect());
    let purchase_days = |of: &dyn Fn(&CustomerHistory) -> i32| {
        let days = |history: &CustomerHistory| (history.purchase_days > 0).then(|| i64::from(of(history)));
        Values::Int(histories.iter().map(days).collect())
    };
    let has_amounts = values.shop.has_amounts;
    let money = |of: fn(&CustomerHistory) -> Minor| {
        Values::Money(histories.iter().map(|history| has_amounts.then(|| of(history))).collect(), currency)
    };
    let float = |of: fn(&Prediction) -> Option<f64>, decimals| {
        Values::Float(predictions.iter().map(|prediction| prediction.as_ref().and_then(of)).collect(), decimals)
    };
    let amount = |of: fn(&Prediction) -> Option<f64>| {
        Values::Money(
            predictions
                .iter()
                .map(|prediction| prediction.as_ref().filter(|_| has_amounts).and_then(of).map(round))
                .collect(),
            currency,
        )
    };
    let next_purchase = predictions.iter().map(|prediction| {
        let days = prediction.as_ref()?.days_to_next_purchase?;
        (days < 36_525.0).then(|| Day(as_of.0 + days.round() as i32))
    });
    let days_between = histories.iter().map(|history| {
        (history.frequency() > 0).then(|| f64::from(history.recency_days()) / f64::from(history.frequency()))
    });
    Table::new()
        .with(
            "customer_id",
            Values::Text(customers.iter().map(|&person| Some(values.persons.label(person, orders))).collect()),
        )
        .with(
            "status",
            Values::Text(values.statuses[rows].iter().map(|status| Some(status.name().to_owned())).collect()),
        )
        .with("orders", int(|history| i64::from(history.orders)))
        .with("frequency", int(|history| i64::from(history.frequency())))
        .with("recency_days", purchase_days(&|history| history.recency_days()))
        .with("age_days", purchase_days(&|history| history.age_days(as_of)))
        .with("value", money(|history| history.value))
        .with("value_12m", money(|history| history.value_12_months))
        .with("value_24m", money(|history| history.value_24_months))
        .with("p_alive", float(|prediction| prediction.p_alive, 3))
        .with("prob_buy", float(|prediction| prediction.probability_of_purchase, 3))
        .with("expected_purchases", float(|prediction| Some(prediction.expected_purchases), 3))
        .with("expected_spend", amount(|prediction| prediction.expected_spend))
        .with("predicted_value", amount(|prediction| prediction.value))
        .with("predicted_low", amount(|prediction| prediction.outcome.map(|bounds| bounds.0)))
        .with("predicted_high", amount(|prediction| prediction.outcome.map(|bounds| bounds.1)))
        .with("mean_low", amount(|prediction| prediction.mean.map(|bounds| bounds.0)))
        .with("mean_high", amount(|prediction| prediction.mean.map(|bounds| bounds.1)))
        .with(
            "total_value",
            Values::Money(
                histories
                    .iter()
                    .zip(&predictions)
                    .map(|(history, prediction)| {
                        let predicted = prediction.as_ref().and_then(|prediction| prediction.undiscounted_value);
                        has_amounts.then(|| history.value + predicted.map_or(0, round))
                    })
                    .collect(),
                currency,
            ),
        )
        .with("rank_score", float(|prediction| prediction.rank_score, 4))
        .with("expected_next_purchase_date", Values::Date(next_purchase.collect()))
        .with("avg_days_between", Values::Float(days_between.collect(), 1))
}
