//! Whether there is enough data to forecast single customers, and what stands in until then.

use clove_core::Day;

use super::forecast::Prediction;
use crate::history::CustomerHistory;

/// Customers needed before a forecast of single customers is shown.
const CUSTOMERS_NEEDED: usize = 100;
/// Days of history needed.
const DAYS_NEEDED: i32 = 90;
/// Purchases that some customer must have made.
const PURCHASES_NEEDED: u32 = 3;

/// The outcome of looking at the amount of data, relative to the as-of day.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Gate {
    /// Identified customers with at least one purchase.
    pub customers: usize,
    /// Days from the first purchase to the as-of day.
    pub days: i32,
    /// The most purchases that one customer has made.
    pub most_purchases: u32,
    /// Why there is no forecast of single customers; `None` when there is one.
    pub reason: Option<String>,
    /// Mean repeat value of an identified customer per day, in minor units, once at least [`DAYS_NEEDED`] customer-days
    /// after a first purchase have been seen.
    value_per_day: Option<f64>,
    /// Mean repeat purchases of an identified customer per day.
    purchases_per_day: Option<f64>,
}

/// Why these numbers are too low to forecast single customers and to choose a model; `None` when they are not.
pub fn missing_for_single_customers(customers: usize, days: i32, most_purchases: u32) -> Option<String> {
    let mut missing = Vec::new();
    if customers < CUSTOMERS_NEEDED {
        missing.push(format!("{customers} of {CUSTOMERS_NEEDED} identified customers with a purchase"));
    }
    if days < DAYS_NEEDED {
        missing.push(format!("{days} of {DAYS_NEEDED} days of history"));
    }
    if most_purchases < PURCHASES_NEEDED {
        missing.push(format!("no customer with {PURCHASES_NEEDED} purchases yet"));
    }
    (!missing.is_empty()).then(|| format!("too little data: {}", missing.join(", ")))
}

/// What the gate looks at, summed over the identified customers with a purchase.
#[derive(Debug, Default)]
pub struct GateSums {
    customers: usize,
    days: i32,
    most_purchases: u32,
    exposure: i64,
    repeats: u64,
    repeat_value: f64,
}

impl GateSums {
    /// Adds an identified customer.
    pub fn add(&mut self, history: &CustomerHistory, as_of: Day) {
        if history.purchase_days == 0 {
            return;
        }
        self.customers += 1;
        self.days = self.days.max(history.age_days(as_of));
        self.most_purchases = self.most_purchases.max(history.purchase_days);
        self.exposure += i64::from(history.age_days(as_of));
        self.repeats += u64::from(history.frequency());
        if history.placed != 0 {
            let repeat_share = (history.placed - history.first_placed) as f64 / history.placed as f64;
            self.repeat_value += history.value as f64 * repeat_share;
        }
    }

    /// The outcome.
    pub fn gate(&self) -> Gate {
        let seen = self.exposure >= i64::from(DAYS_NEEDED);
        Gate {
            customers: self.customers,
            days: self.days,
            most_purchases: self.most_purchases,
            reason: missing_for_single_customers(self.customers, self.days, self.most_purchases),
            value_per_day: seen.then(|| self.repeat_value / self.exposure as f64),
            purchases_per_day: seen.then(|| self.repeats as f64 / self.exposure as f64),
        }
    }
}

impl Gate {
    /// Whether single customers are forecast.
    pub fn is_open(&self) -> bool {
        self.reason.is_none()
    }

    /// The same gate, closed for another reason.
    #[must_use]
    pub fn closed_because(mut self, reason: String) -> Gate {
        self.reason = Some(reason);
        self
    }

    /// What stands in for a forecast: the mean of all identified customers, without any interval of one's own.
    pub fn average_prediction(&self, is_buyer: bool, horizon_days: u32) -> Option<Prediction> {
        let days = f64::from(horizon_days);
        let purchases = self.purchases_per_day.filter(|_| is_buyer)? * days;
        let value = self.value_per_day? * days;
        Some(Prediction {
            expected_purchases: purchases,
            value: Some(value),
            undiscounted_value: Some(value),
            ..Prediction::default()
        })
    }
}
