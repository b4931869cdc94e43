//! What the last fitted model expects of everybody in the shop in memory, for questions that need more than the scores that are kept.

use clove_core::{Day, RefundDate};
use clove_store::{Db, Result};

use super::current::HeldShop;
use super::model::latest;
use super::scorer::Scorer;
use crate::customer_orders::CustomerOrders;
use crate::headlines::Expectation;
use crate::history::{Counting, CustomerHistory};
use crate::order_values::OrderValues;

/// The scorer of the newest model; `None` before the first fit.
pub(super) async fn scorer(db: &Db) -> Result<Option<Scorer>> {
    latest(db).await?.map(|row| Scorer::new(&row)).transpose()
}

/// What is expected of each identified customer from a day on; `None` where the model knows more than that day, or is of another
/// currency, or there is too little data.
pub(super) fn expectations(held: &HeldShop, scorer: &Scorer, as_of: Day) -> Option<Vec<Expectation>> {
    let (shop, persons) = (&held.loaded.shop, &held.loaded.persons);
    if as_of < scorer.as_of || scorer.currency() != shop.currency {
        return None;
    }
    let counting = Counting { as_of, basis: scorer.basis(), refund_date: RefundDate::Order };
    let values = OrderValues::new(shop, as_of);
    let delay = scorer.return_delay_days;
    let orders = CustomerOrders::new(values, &shop.adjustments, shop.has_amounts, persons, &counting, delay);
    let histories: Vec<CustomerHistory> = orders.histories().collect();
    let identified = |index: usize| persons.identified[orders.customers[index] as usize];
    let forecasts = scorer.forecasts(&histories, identified, as_of);
    let active = forecasts.purchases_if_active()?;
    let expectation = |(index, history): (usize, &CustomerHistory)| {
        let prediction = forecasts.prediction(index, history, identified(index))?;
        let now = prediction.value?;
        let if_active =
            forecasts.group(index).zip(prediction.expected_spend).map(|(group, spend)| active[group] * spend);
        Some(Expectation {
            person: orders.customers[index],
            now,
            if_active: if_active.unwrap_or(now),
            purchases: prediction.expected_purchases,
            probability_of_purchase: prediction.probability_of_purchase,
        })
    };
    Some(histories.iter().enumerate().filter_map(expectation).collect())
}
