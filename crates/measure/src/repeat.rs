//! Who buys again, how soon, how often.

use clove_core::Day;
use serde::Serialize;

use crate::answer::{Rate, quantile};
use crate::ledger::{Customer, Ledger};
use crate::survival::{Survival, Wait};

/// The window of "buys again".
pub const BUYS_AGAIN_DAYS: i32 = 180;

/// Everything about repetition. Customers without a handle are in no denominator here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeat {
    /// The last day that counts.
    pub as_of: String,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// Identified customers with two or more purchases of identified customers (lifetime, not matured).
    pub repeat_purchase_rate: Rate,
    /// Those with a second purchase within 180 days of identified customers acquired at least 180 days ago.
    pub buys_again: Rate,
    /// Customers ordering in the span who had ordered before it, of all customers ordering in it.
    pub returning_customer_rate: Rate,
    /// The first day of that span.
    pub returning_from: String,
    /// The last day of that span.
    pub returning_until: String,
    /// Days between consecutive purchases.
    pub gaps: Gaps,
    /// Time from the first purchase to the second.
    pub first_to_second: Survival,
    /// Time from any later purchase to the next.
    pub later: Survival,
    /// Customers by number of purchases: 0, 1, 2, 3, 4, 5 and more.
    pub by_purchases: Vec<PurchaseCount>,
}

/// How many identified customers made so many purchases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurchaseCount {
    /// `0` to `4`, `5+`.
    pub purchases: &'static str,
    /// How many customers.
    pub customers: u64,
}

/// Day gaps between consecutive purchases of identified customers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gaps {
    /// How many gaps.
    pub n: u64,
    /// The median in days.
    pub median: Option<f64>,
    /// The lower quartile.
    pub p25: Option<f64>,
    /// The upper quartile.
    pub p75: Option<f64>,
    /// How many gaps of each length, ascending by days.
    pub histogram: Vec<(i32, u64)>,
}

impl Gaps {
    /// Every gap, ascending.
    pub fn days(&self) -> impl Iterator<Item = i32> + '_ {
        self.histogram.iter().flat_map(|&(days, count)| std::iter::repeat_n(days, count as usize))
    }
}

/// Everything about repetition; the returning customer rate is that of `from..=until`.
pub fn repeat(ledger: &Ledger<'_>, from: Option<Day>, until: Option<Day>) -> Repeat {
    let until = until.map_or(ledger.as_of(), |day| day.min(ledger.as_of()));
    let from = from.unwrap_or(Day(until.0 - 364));
    let mut counts = [0_u64; 6];
    for customer in identified(ledger) {
        counts[ledger.purchases_of(customer).count().min(5)] += 1;
    }
    let names = ["0", "1", "2", "3", "4", "5+"];
    let (first_to_second, later) = waits(ledger);
    Repeat {
        as_of: ledger.as_of().to_string(),
        identified_share: ledger.identified_share(),
        repeat_purchase_rate: repeat_purchase_rate(ledger),
        buys_again: buys_again(ledger, BUYS_AGAIN_DAYS),
        returning_customer_rate: returning_customer_rate(ledger, from, until),
        returning_from: from.to_string(),
        returning_until: until.to_string(),
        gaps: gaps(ledger),
        first_to_second: Survival::new(first_to_second),
        later: Survival::new(later),
        by_purchases: names
            .into_iter()
            .zip(counts)
            .map(|(purchases, customers)| PurchaseCount { purchases, customers })
            .collect(),
    }
}

fn identified<'l>(ledger: &'l Ledger<'_>) -> impl Iterator<Item = &'l Customer> {
    ledger.customers().iter().filter(|customer| customer.identified)
}

/// Identified customers with two or more purchases / identified customers.
pub fn repeat_purchase_rate(ledger: &Ledger<'_>) -> Rate {
    let (mut repeated, mut all) = (0, 0);
    for customer in identified(ledger) {
        all += 1;
        repeated += u64::from(ledger.purchases_of(customer).nth(1).is_some());
    }
    Rate::new(repeated, all)
}

/// Identified customers with a second purchase within `days` of their first / those whose first purchase was at least that
/// long ago.
pub fn buys_again(ledger: &Ledger<'_>, days: i32) -> Rate {
    let (mut again, mut old_enough) = (0, 0);
    for customer in identified(ledger) {
        let mut purchases = ledger.purchases_of(customer).map(|order| ledger.day(order));
        let Some(first) = purchases.next() else { continue };
        if ledger.as_of().since(first) < days {
            continue;
        }
        old_enough += 1;
        again += u64::from(purchases.next().is_some_and(|second| second.since(first) <= days));
    }
    Rate::new(again, old_enough)
}

/// Customers ordering in the span who had ordered before it / customers ordering in the span. Shopify's figure: guests are
/// in it.
pub fn returning_customer_rate(ledger: &Ledger<'_>, from: Day, until: Day) -> Rate {
    let (mut before, mut ordering) = (0, 0);
    for customer in ledger.customers() {
        let inside = |&order: &u32| (from..=until).contains(&ledger.day(order));
        if ledger.orders_of(customer).iter().any(inside) {
            ordering += 1;
            before += u64::from(customer.first_day < from);
        }
    }
    Rate::new(before, ordering)
}

/// Day gaps between consecutive purchases of identified customers.
pub fn gaps(ledger: &Ledger<'_>) -> Gaps {
    let mut days: Vec<i32> = Vec::new();
    for customer in identified(ledger) {
        let mut before: Option<Day> = None;
        for order in ledger.purchases_of(customer) {
            let day = ledger.day(order);
            days.extend(before.map(|before| day.since(before)));
            before = Some(day);
        }
    }
    days.sort_unstable();
    let sorted: Vec<f64> = days.iter().map(|&days| f64::from(days)).collect();
    Gaps {
        n: days.len() as u64,
        median: quantile(&sorted, 0.5),
        p25: quantile(&sorted, 0.25),
        p75: quantile(&sorted, 0.75),
        histogram: days.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u64)).collect(),
    }
}

/// Waiting times between purchase days of identified customers: from the first to the second, and from every later one to
/// the next. The last one of each customer is still running.
pub fn waits(ledger: &Ledger<'_>) -> (Vec<Wait>, Vec<Wait>) {
    let mut first = Vec::new();
    let mut later = Vec::new();
    for customer in identified(ledger) {
        let days = ledger.purchase_days(customer);
        for (index, &day) in days.iter().enumerate() {
            let wait = match days.get(index + 1) {
                Some(&next) => Wait { days: next.since(day), completed: true },
                None => Wait { days: ledger.as_of().since(day), completed: false },
            };
            if index == 0 { first.push(wait) } else { later.push(wait) }
        }
    }
    (first, later)
}
