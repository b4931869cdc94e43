//! How much of the value comes from how few customers.

use clove_core::Basis;
use serde::Serialize;

use crate::answer::{Amount, MoneyShare, Rate};
use crate::ledger::Ledger;

/// Points of the curve.
const CURVE_POINTS: usize = 100;

/// The share of value by customers, largest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Concentration {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The value basis.
    pub basis: &'static str,
    /// How many customers.
    pub n: u64,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// The value of all.
    pub total: Amount,
    /// The top 1, 10 and 20 %.
    pub top: Vec<TopShare>,
    /// Share of customers and share of value, from the largest customer on; at most 101 points.
    pub curve: Vec<(f64, f64)>,
}

/// The value of the largest customers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TopShare {
    /// Per cent of customers.
    pub percent: u32,
    /// How many customers that is, rounded up.
    pub customers: u64,
    /// Their share of all value.
    pub share: MoneyShare,
}

/// Sums value from the largest customer down.
pub fn concentration(ledger: &Ledger<'_>, basis: Basis) -> Concentration {
    let mut values: Vec<i64> = ledger.customers().iter().map(|customer| ledger.value_of(customer, basis)).collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    let mut running = Vec::with_capacity(values.len() + 1);
    running.push(0_i64);
    for value in &values {
        running.push(running[running.len() - 1] + value);
    }
    let n = values.len();
    let total = running[n];
    let currency = ledger.currency();
    let top = [1, 10, 20]
        .into_iter()
        .map(|percent| {
            let customers = (n * percent as usize).div_ceil(100);
            TopShare {
                percent,
                customers: customers as u64,
                share: MoneyShare::new(running[customers], total, currency),
            }
        })
        .collect();
    let points = CURVE_POINTS.min(n);
    let curve = (0..=points)
        .filter(|_| n > 0 && total > 0)
        .map(|point| {
            let customers = n * point / points;
            (customers as f64 / n as f64, running[customers] as f64 / total as f64)
        })
        .collect();
    Concentration {
        as_of: ledger.as_of().to_string(),
        currency: currency.code().to_owned(),
        basis: basis.name(),
        n: n as u64,
        identified_share: ledger.identified_share(),
        total: Amount::new(total, currency),
        top,
        curve,
    }
}
