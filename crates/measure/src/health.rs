//! Data health: what counts, what is left out, with counts and sums.

use std::collections::BTreeMap;

use clove_core::{Day, Exclusion, Minor, Persons, ShopData, Tally};

use crate::order_values::OrderValues;

/// The sums of a shop's orders over its whole history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Orders that count.
    pub orders: u64,
    /// Persons with at least one of them.
    pub customers: u64,
    /// Those who have a handle.
    pub identified: u64,
    /// Sum of gross values.
    pub gross: Minor,
    /// Sum of discounts.
    pub discounts: Minor,
    /// Sum of returned items.
    pub returns: Minor,
    /// Gross minus discounts minus returns.
    pub net: Minor,
    /// First day with an order that counts.
    pub first_day: Option<Day>,
    /// Last day with an order that counts.
    pub last_day: Option<Day>,
    /// Orders that do not count, by reason, with their placed value.
    pub excluded: BTreeMap<&'static str, Tally>,
}

/// Sums all orders, whenever placed.
pub fn health(shop: &ShopData, persons: &Persons) -> Health {
    health_as_of(shop, persons, Day(i32::MAX))
}

/// Sums the orders and refunds up to the as-of day.
pub fn health_as_of(shop: &ShopData, persons: &Persons, as_of: Day) -> Health {
    let values = OrderValues::new(shop, as_of);
    let orders = &shop.orders;
    let mut health = Health::default();
    let mut seen = vec![false; persons.len()];
    for order in 0..orders.len() {
        if orders.day[order] > as_of {
            continue;
        }
        let exclusion = orders.exclusion[order];
        if exclusion != Exclusion::None {
            health.excluded.entry(exclusion.name()).or_default().add(orders.placed_of(order));
            continue;
        }
        let day = orders.day[order];
        let person = persons.of_order[order] as usize;
        if !seen[person] {
            seen[person] = true;
            health.customers += 1;
            health.identified += u64::from(persons.identified[person]);
        }
        health.orders += 1;
        health.gross += orders.gross[order];
        health.discounts += orders.discount_of(order);
        health.returns += values.returned(order).items;
        health.net += values.net(order);
        health.first_day = Some(health.first_day.map_or(day, |first| first.min(day)));
        health.last_day = Some(health.last_day.map_or(day, |last| last.max(day)));
    }
    health
}
