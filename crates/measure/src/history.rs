//! Each customer's history in a few numbers, kept up to date order by order.
//!
//! Orders are added in time order, each in O(1): the same accumulator serves a whole file and a live stream. A refund, a
//! late order or a merge changes the past: then the one person concerned is recomputed from its orders.

use clove_core::{Basis, Day, Minor, Persons, RefundDate};

use crate::order_values::{OrderValues, refunded_value};

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
    /// Days with orders, whatever came back: the repeat purchases of people who count refunded orders too.
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
    open: OpenDay,
}

/// The customer's latest day, which may still get another order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct OpenDay {
    day: i32,
    orders: u32,
    net: Minor,
    placed: Minor,
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

impl CustomerHistory {
    /// Adds an order whose day is not before any added one. O(1).
    ///
    /// # Panics
    /// In debug builds, if the order is earlier than the last one: recompute the person instead.
    pub fn add(&mut self, order: OrderFigures, windows: &Windows) {
        if self.orders == 0 {
            self.first_order = order.day.0;
            self.first_order_index = order.index;
            self.open.day = order.day.0;
        }
        debug_assert!(order.day.0 >= self.open.day, "orders are added in time order");
        if order.day.0 != self.open.day {
            self.close_day();
            self.open = OpenDay { day: order.day.0, ..OpenDay::default() };
        }
        self.orders += 1;
        self.open.orders += 1;
        self.open.net += order.net;
        self.open.placed += order.placed;
        match order.value {
            Some(value) => {
                self.add_value(order.day, value, windows);
                if order.mature {
                    self.mature_placed += order.placed;
                    self.mature_value += value;
                }
            }
            None => self.unknown_values += 1,
        }
    }

    /// Adds value on a day without an order: a refund under the rule that refunds count on their own day.
    pub fn add_value(&mut self, day: Day, value: Minor, windows: &Windows) {
        self.value += value;
        if day > windows.months_12 {
            self.value_12_months += value;
        }
        if day > windows.months_24 {
            self.value_24_months += value;
        }
    }

    /// The history with its latest day taken as complete.
    #[must_use]
    pub fn closed(mut self) -> CustomerHistory {
        self.close_day();
        self.open = OpenDay::default();
        self
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

    fn close_day(&mut self) {
        let open = self.open;
        if open.orders == 0 || open.net <= 0 {
            return;
        }
        if self.purchase_days == 0 {
            self.first_purchase = open.day;
            self.first_placed = open.placed;
        } else {
            self.sum_log_gaps += f64::from(open.day - self.last_purchase).ln();
        }
        self.purchase_days += 1;
        self.last_purchase = open.day;
        self.placed += open.placed;
    }
}

/// The starts of the windows of recent value.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    months_12: Day,
    months_24: Day,
}

impl Windows {
    /// Windows that end at the as-of day.
    pub fn new(counting: &Counting) -> Windows {
        Windows { months_12: counting.window_start(12), months_24: counting.window_start(24) }
    }
}

/// Indexes of the orders that count, in time order; `None` if the file already is in time order.
pub fn time_order(values: &OrderValues<'_>) -> Option<Vec<u32>> {
    let days = &values.orders().day;
    if days.is_sorted() {
        return None;
    }
    let mut indexes: Vec<u32> = (0..days.len() as u32).collect();
    indexes.sort_by_key(|&order| days[order as usize]);
    Some(indexes)
}

/// The history of every person, in the order of person numbers.
pub fn histories(
    values: &OrderValues<'_>,
    adjustments: &[clove_core::Adjustment],
    has_amounts: bool,
    persons: &Persons,
    counting: &Counting,
    return_delay_days: i32,
) -> Vec<CustomerHistory> {
    let windows = Windows::new(counting);
    let mut histories = vec![CustomerHistory::default(); persons.len()];
    let mature_until = Day(counting.as_of.0 - return_delay_days);
    let mut add = |order: usize| {
        if !values.is_order(order) {
            return;
        }
        let day = values.orders().day[order];
        let value = match counting.refund_date {
            RefundDate::Order => values.value(order, counting.basis),
            RefundDate::Event => values.placed_value(order, counting.basis),
        };
        let figures = OrderFigures {
            index: order as u32,
            day,
            placed: values.orders().placed_of(order),
            net: if has_amounts { values.net(order) } else { 1 },
            value,
            mature: day <= mature_until,
        };
        histories[persons.of_order[order] as usize].add(figures, &windows);
    };
    match time_order(values) {
        None => (0..values.orders().len()).for_each(&mut add),
        Some(indexes) => indexes.into_iter().for_each(|order| add(order as usize)),
    }
    if counting.refund_date == RefundDate::Event {
        for refund in adjustments.iter().filter(|refund| refund.day <= counting.as_of) {
            let order = refund.order as usize;
            if values.is_order(order) && values.placed_value(order, counting.basis).is_some() {
                let lowered =
                    refunded_value(counting.basis, refund.items, refund.tax_and_shipping, refund.restocked_cost);
                let history = &mut histories[persons.of_order[order] as usize];
                history.add_value(refund.day, -lowered, &windows);
                if values.orders().day[order] <= mature_until {
                    history.mature_value -= lowered;
                }
            }
        }
    }
    for history in &mut histories {
        *history = history.closed();
    }
    histories
}
