//! From the value placed to the value that remains on a basis.
//!
//! The spend model is fed with placed values, which are positive. What remains of them (after returns, after the cost of
//! goods) is a ratio, learned from orders old enough that their returns are known, and shrunk for each customer towards
//! the shop's own ratio: remaining = (value + k R) / (placed + k), where R is the shop's ratio and k the placed value at
//! which the customer's own experience counts as much as the shop's.

use clove_core::{Basis, Day, Minor, ShopData};

use crate::history::CustomerHistory;
use crate::order_values::OrderValues;

/// How many average purchases of a customer weigh as much as the shop's experience.
const PURCHASES_OF_SHRINKAGE: f64 = 5.0;
/// The share of refunds that happen within the return delay.
const DELAY_QUANTILE: f64 = 0.95;

/// The shop's ratio of value on a basis to placed value.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Conversion {
    /// R: value on the basis per unit placed, over mature orders; `None` if no value on the basis is known.
    pub ratio: Option<f64>,
    /// k: placed value in minor units that weighs as much as the shop's experience.
    pub weight: f64,
    /// Share of placed value whose value on the basis is known (cost of goods known).
    pub coverage: Option<f64>,
}

/// What adds up over all customers.
#[derive(Debug, Default)]
pub struct ConversionSums {
    orders: u64,
    unknown: u64,
    days: u64,
    placed: Minor,
    value: Minor,
    mature_placed: Minor,
    mature_value: Minor,
}

impl ConversionSums {
    /// Adds a customer.
    pub fn add(&mut self, history: &CustomerHistory) {
        self.orders += u64::from(history.orders);
        self.unknown += u64::from(history.unknown_values);
        self.days += u64::from(history.purchase_days);
        self.placed += history.placed;
        self.value += history.value;
        self.mature_placed += history.mature_placed;
        self.mature_value += history.mature_value;
    }
}

impl Conversion {
    /// Learns the ratio from the mature orders of all customers; from all orders where none is mature.
    pub fn new(sums: &ConversionSums, basis: Basis, has_amounts: bool) -> Conversion {
        let (orders, unknown, days) = (sums.orders as f64, sums.unknown as f64, sums.days as f64);
        let (placed, value) = (sums.placed as f64, sums.value as f64);
        let (mature_placed, mature_value) = (sums.mature_placed as f64, sums.mature_value as f64);
        let ratio = if basis == Basis::Placed {
            has_amounts.then_some(1.0)
        } else if mature_placed > 0.0 {
            Some(mature_value / mature_placed)
        } else if placed > 0.0 && unknown < orders {
            Some(value / placed)
        } else {
            None
        };
        Conversion {
            ratio,
            weight: if days > 0.0 { PURCHASES_OF_SHRINKAGE * placed / days } else { 0.0 },
            coverage: (orders > 0.0).then(|| 1.0 - unknown / orders),
        }
    }

    /// The ratio expected of one customer's future orders.
    pub fn of(&self, history: &CustomerHistory) -> Option<f64> {
        let ratio = self.ratio?;
        let denominator = history.mature_placed as f64 + self.weight;
        if denominator <= 0.0 {
            return Some(ratio);
        }
        Some((history.mature_value as f64 + self.weight * ratio) / denominator)
    }
}

/// Days after which 95 % of the shop's refunds have been paid back; 0 without refunds.
pub fn return_delay_days(shop: &ShopData, values: &OrderValues<'_>) -> i32 {
    let mut delays: Vec<i32> = shop
        .adjustments
        .iter()
        .filter(|refund| refund.day <= values.as_of() && values.is_order(refund.order as usize))
        .map(|refund| refund.day.since(order_day(shop, refund.order)).max(0))
        .collect();
    if delays.is_empty() {
        return 0;
    }
    let position = ((delays.len() as f64 * DELAY_QUANTILE).ceil() as usize).clamp(1, delays.len()) - 1;
    *delays.select_nth_unstable(position).1
}

fn order_day(shop: &ShopData, order: u32) -> Day {
    shop.orders.day[order as usize]
}
