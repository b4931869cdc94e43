//! One row per customer: what `clove clv --format csv|parquet` writes.

use clove_core::{Columns, Day, Minor};
use clove_measure::history::CustomerHistory;
use clove_measure::value::{CustomerValues, Prediction};

use super::clv::round;
use crate::output::Rows;

/// Rows that are made at a time: few enough that they stay in the processor's cache while one column after the other is read.
const BLOCK: usize = 1 << 12;

/// The rows of all customers in the order of person numbers.
pub struct CustomerRows<'a, 'v> {
    values: &'a CustomerValues<'v>,
}

impl<'a, 'v> CustomerRows<'a, 'v> {
    /// The rows of these customers.
    pub fn new(values: &'a CustomerValues<'v>) -> Self {
        CustomerRows { values }
    }
}

impl Rows for CustomerRows<'_, '_> {
    fn blocks(&self) -> usize {
        self.values.orders.len().div_ceil(BLOCK).max(1)
    }

    fn give(&self, block: usize, columns: &mut impl Columns) {
        let values = self.values;
        let rows = block * BLOCK..values.orders.len().min((block + 1) * BLOCK);
        let (currency, as_of, orders) = (values.currency, values.options.counting.as_of, &values.shop.orders);
        let customers = values.customers()[rows.clone()].iter();
        let own: Vec<CustomerHistory> = rows.clone().map(|index| values.history(index)).collect();
        let histories = || own.iter();
        let predictions: Vec<Option<Prediction>> =
            rows.clone().zip(&own).map(|(index, history)| values.prediction_from(index, history)).collect();
        let of = |figure: fn(&Prediction) -> Option<f64>| {
            predictions.iter().map(move |prediction| prediction.as_ref().and_then(figure))
        };
        let has_amounts = values.shop.has_amounts;
        let amount = |figure: fn(&Prediction) -> Option<f64>| {
            of(figure).map(move |amount| amount.filter(|_| has_amounts).map(round))
        };

        columns.text("customer_id", customers.map(|&person| values.persons.label(person, orders)));
        columns.label("status", values.statuses[rows.clone()].iter().map(|status| status.name()));
        columns.int("orders", histories().map(|history| i64::from(history.orders)));
        columns.int("frequency", histories().map(|history| i64::from(history.frequency())));
        let bought = |days: i32, history: &CustomerHistory| (history.purchase_days > 0).then_some(i64::from(days));
        columns.optional_int("recency_days", histories().map(|history| bought(history.recency_days(), history)));
        columns.optional_int("age_days", histories().map(|history| bought(history.age_days(as_of), history)));
        money(columns, values, "value", histories().map(|history| history.value));
        money(columns, values, "value_12m", histories().map(|history| history.value_12_months));
        money(columns, values, "value_24m", histories().map(|history| history.value_24_months));
        columns.optional_float("p_alive", 3, of(|prediction| prediction.p_alive));
        columns.optional_float("prob_buy", 3, of(|prediction| prediction.probability_of_purchase));
        columns.optional_float("expected_purchases", 3, of(|prediction| Some(prediction.expected_purchases)));
        columns.optional_money("expected_spend", currency, amount(|prediction| prediction.expected_spend));
        columns.optional_money("predicted_value", currency, amount(|prediction| prediction.value));
        columns.optional_money("predicted_low", currency, amount(|prediction| Some(prediction.outcome?.0)));
        columns.optional_money("predicted_high", currency, amount(|prediction| Some(prediction.outcome?.1)));
        columns.optional_money("mean_low", currency, amount(|prediction| Some(prediction.mean?.0)));
        columns.optional_money("mean_high", currency, amount(|prediction| Some(prediction.mean?.1)));
        let undiscounted = of(|prediction| prediction.undiscounted_value);
        let total = histories().zip(undiscounted).map(|(history, more)| history.value + more.map_or(0, round));
        money(columns, values, "total_value", total);
        columns.optional_float("rank_score", 4, of(|prediction| prediction.rank_score));
        let next_purchase = of(|prediction| prediction.days_to_next_purchase)
            .map(|days| days.filter(|&days| days < 36_525.0).map(|days| Day(as_of.0 + days.round() as i32)));
        columns.optional_date("expected_next_purchase_date", next_purchase);
        let days_between = histories().map(|history| {
            (history.frequency() > 0).then(|| f64::from(history.recency_days()) / f64::from(history.frequency()))
        });
        columns.optional_float("avg_days_between", 1, days_between);
    }
}

/// Amounts that everybody has; none of them is known where the files have no amounts.
fn money(
    columns: &mut impl Columns,
    values: &CustomerValues<'_>,
    name: &str,
    amounts: impl ExactSizeIterator<Item = Minor>,
) {
    if values.shop.has_amounts {
        columns.money(name, values.currency, amounts);
    } else {
        columns.optional_money(name, values.currency, amounts.map(|_| None));
    }
}
