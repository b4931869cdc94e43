//! Each customer's history in a few numbers, kept up to date order by order.
//!
//! Orders are added in time order, each in O(1): the same accumulator serves a whole file and a live stream. A refund, a
//! late order or a merge changes the past: then the one person concerned is recomputed from its orders.

use clove_core::{Basis, Day, Minor, Persons, RefundDate};
use clove_models::history::Histories;

use crate::customer_orders::CustomerOrders;
use crate::order_values::OrderValues;

/// What counts as value, and up to when.
#[derive(Debug, Clone, Copy)]
pub struct Counting {
    /// The last day that counts.
    pub as_of: Day,
    /// The value basis.
    pub basis: Basis,
    /// The day on which refunds count in windows.
    pub refund_date: RefundDate,
}

impl Counting {
    /// The last day *before* the window of the last `months` calendar months.
    pub fn window_start(&self, months: i32) -> Day {
        let month = self.as_of.month();
        let day_of_month = self.as_of.since(month.first_day());
        let target = clove_core::Month(month.0 - months);
        Day((target.first_day().0 + day_of_month).min(target.last_day().0))
    }
}

/// One customer's history. Purchases are customer-days with a positive net value: several orders of a day are one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CustomerHistory {
    /// Orders that count, refunded ones included.
    pub orders: u32,
    /// Purchase days.
    pub purchase_days: u32,
    /// First day with an order that counts.
    pub first_order: i32,
    /// Index of the first order that counts, for the attributes a customer was won by.
    pub first_order_index: u32,
    /// First purchase day; meaningless without purchases.
    pub first_purchase: i32,
    /// Last purchase day; meaningless without purchases.
    pub last_purchase: i32,
    /// Value on the basis, over the whole history.
    pub value: Minor,
    /// Value in the last 12 months.
    pub value_12_months: Minor,
    /// Value in the last 24 months.
    pub value_24_months: Minor,
    /// Placed value of all purchase days.
    pub placed: Minor,
    /// Placed value of the first purchase day.
    pub first_placed: Minor,
    /// Placed value of orders old enough that their returns are known.
    pub mature_placed: Minor,
    /// Value on the basis of those orders.
    pub mature_value: Minor,
    /// Sum of the natural logarithms of the gaps in days between consecutive purchase days.
    pub sum_log_gaps: f64,
    /// Orders whose value on the basis is unknown (no cost).
    pub unknown_values: u32,
}

/// A history that still takes orders: its latest day is not complete.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct OpenHistory {
    history: CustomerHistory,
    day: i32,
    orders_of_day: u32,
    net_of_day: Minor,
    placed_of_day: Minor,
}

/// What one order adds.
#[derive(Debug, Clone, Copy)]
pub struct OrderFigures {
    /// Index of the order.
    pub index: u32,
    /// Local day of placement.
    pub day: Day,
    /// Placed value.
    pub placed: Minor,
    /// Placed minus returned items; 1 where the file has no amounts.
    pub net: Minor,
    /// Value on the basis; `None` if its cost is unknown.
    pub value: Option<Minor>,
    /// Whether its returns are known by now.
    pub mature: bool,
}

impl OpenHistory {
    /// Adds an order whose day is not before any added one. O(1).
    ///
    /// # Panics
    /// If the order is earlier than the last one: recompute the person instead.
    pub fn add(&mut self, order: OrderFigures, rules: &HistoryRules) {
        let history = &mut self.history;
        if history.orders == 0 {
            history.first_order = order.day.0;
            history.first_order_index = order.index;
            self.day = order.day.0;
        }
        assert!(order.day.0 >= self.day, "orders are added in time order");
        if order.day.0 != self.day {
            self.close_day(rules);
            self.day = order.day.0;
        }
        self.history.orders += 1;
        self.orders_of_day += 1;
        self.net_of_day += order.net;
        self.placed_of_day += order.placed;
        match order.value {
            Some(value) => {
                self.history.add_value(order.day, value, rules);
                if order.mature {
                    self.history.mature_placed += order.placed;
                    self.history.mature_value += value;
                }
            }
            None => self.history.unknown_values += 1,
        }
    }

    /// The history with its latest day taken as complete.
    #[must_use]
    pub fn closed(mut self, rules: &HistoryRules) -> CustomerHistory {
        self.close_day(rules);
        self.history
    }

    fn close_day(&mut self, rules: &HistoryRules) {
        let history = &mut self.history;
        if self.orders_of_day > 0 && self.net_of_day > 0 {
            if history.purchase_days == 0 {
                history.first_purchase = self.day;
                history.first_placed = self.placed_of_day;
            } else {
                history.sum_log_gaps += rules.ln_days(self.day - history.last_purchase);
            }
            history.purchase_days += 1;
            history.last_purchase = self.day;
            history.placed += self.placed_of_day;
        }
        (self.orders_of_day, self.net_of_day, self.placed_of_day) = (0, 0, 0);
    }
}

impl CustomerHistory {
    /// Adds value on a day without an order: a refund under the rule that refunds count on their own day.
    pub fn add_value(&mut self, day: Day, value: Minor, rules: &HistoryRules) {
        self.value += value;
        if day > rules.months_12 {
            self.value_12_months += value;
        }
        if day > rules.months_24 {
            self.value_24_months += value;
        }
    }

    /// Repeat purchases: x of the purchase models.
    pub fn frequency(&self) -> u32 {
        self.purchase_days.saturating_sub(1)
    }

    /// Days from the first to the last purchase: t_x.
    pub fn recency_days(&self) -> i32 {
        if self.purchase_days == 0 { 0 } else { self.last_purchase - self.first_purchase }
    }

    /// Days from the first purchase to the as-of day: T.
    pub fn age_days(&self, as_of: Day) -> i32 {
        if self.purchase_days == 0 { 0 } else { as_of.0 - self.first_purchase }
    }

    /// Mean placed value of the repeat purchase days in minor units, if there are any.
    pub fn mean_repeat_placed(&self) -> Option<f64> {
        (self.purchase_days > 1).then(|| (self.placed - self.first_placed) as f64 / f64::from(self.purchase_days - 1))
    }
}

/// What adding an order needs to know: the starts of the windows of recent value, and logarithms of gaps.
#[derive(Debug, Clone)]
pub struct HistoryRules {
    months_12: Day,
    months_24: Day,
    ln_days: Vec<f64>,
}

/// Gaps in days whose logarithms are kept.
const KEPT_GAPS: i32 = 1_024;

impl HistoryRules {
    /// Windows that end at the as-of day.
    pub fn new(counting: &Counting) -> HistoryRules {
        HistoryRules {
            months_12: counting.window_start(12),
            months_24: counting.window_start(24),
            ln_days: (0..KEPT_GAPS).map(|days| f64::from(days).ln()).collect(),
        }
    }

    fn ln_days(&self, days: i32) -> f64 {
        self.ln_days.get(days as usize).copied().unwrap_or_else(|| f64::from(days).ln())
    }
}

/// Everyone with at least one order that counts, each with a history.
#[derive(Debug)]
pub struct ShopHistories {
    /// Their person numbers, ascending.
    pub customers: Vec<u32>,
    /// The history of each of them.
    pub histories: Vec<CustomerHistory>,
    /// The days with purchases of every identified person, by person number.
    pub purchases: Histories,
}

/// The histories of all customers. Where there are many, [`CustomerOrders`] needs less memory.
pub fn histories(
    values: &OrderValues<'_>,
    adjustments: &[clove_core::Adjustment],
    has_amounts: bool,
    persons: &Persons,
    counting: &Counting,
    return_delay_days: i32,
) -> ShopHistories {
    let orders = CustomerOrders::new(values.clone(), adjustments, has_amounts, persons, counting, return_delay_days);
    let (histories, purchases) = (orders.histories().collect(), orders.purchases(persons));
    ShopHistories { customers: orders.customers, histories, purchases }
}
