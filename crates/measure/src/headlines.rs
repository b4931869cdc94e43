//! The sentences that a shop owner reads first: what a new customer is worth, who is late, what is at stake.

use clove_core::{Basis, Day, Minor};
use serde::Serialize;

use crate::answer::{Amount, MoneyPer, Rate, quantile};
use crate::ledger::Ledger;
use crate::lifecycle::Stage;
use crate::repeat::{BUYS_AGAIN_DAYS, buys_again};
use crate::segments::segments;

/// The age at which a new customer's worth is told.
pub const WORTH_DAYS: i32 = 90;

/// What a model expects of one customer over the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// The person's number.
    pub person: u32,
    /// Expected value, as things are.
    pub now: f64,
    /// Expected value had the customer bought today.
    pub if_active: f64,
    /// Expected purchases, as things are.
    pub purchases: f64,
    /// Probability of at least one of them.
    pub probability_of_purchase: Option<f64>,
}

/// The headline figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headlines {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The value basis.
    pub basis: &'static str,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// Value at 90 days per customer acquired 90 to 455 days ago.
    pub worth_90: MoneyPer,
    /// The same of identified customers only.
    pub worth_90_identified: MoneyPer,
    /// Identified customers who bought again within 180 days.
    pub buys_again: Rate,
    /// Customers at risk whose value of the last 24 months is in the top quarter.
    pub late_good_customers: u64,
    /// The bound of that quarter.
    pub good_from: Option<Amount>,
    /// Expected value that late good customers have lost by being late; null without a forecast.
    pub value_at_risk: Option<Amount>,
    /// Their person numbers, for lists of what to do.
    #[serde(skip)]
    pub late_good_persons: Vec<u32>,
}

/// Computes the headline figures. `expectations` (in minor units, any order, missing persons count nothing) is what value
/// at risk needs.
pub fn headlines(ledger: &Ledger<'_>, basis: Basis, expectations: Option<&[Expectation]>) -> Headlines {
    let currency = ledger.currency();
    let answer = segments(ledger);
    let mut net: Vec<f64> = answer.members.iter().map(|member| member.net_24_months as f64).collect();
    net.sort_by(f64::total_cmp);
    let good_from = quantile(&net, 0.75).filter(|_| ledger.shop().has_amounts);
    let late: Vec<u32> = answer
        .members
        .iter()
        .filter(|member| member.stage == Stage::AtRisk)
        .filter(|member| good_from.is_some_and(|bound| member.net_24_months as f64 >= bound))
        .map(|member| member.person)
        .collect();
    let value_at_risk = expectations.map(|expectations| {
        let lost = expectations.iter().filter(|one| late.binary_search(&one.person).is_ok());
        let sum: f64 = lost.map(|one| (one.if_active - one.now).max(0.0)).sum();
        Amount::new(sum.round_ties_even() as Minor, currency)
    });
    Headlines {
        as_of: ledger.as_of().to_string(),
        currency: currency.code().to_owned(),
        basis: basis.name(),
        identified_share: ledger.identified_share(),
        worth_90: worth(ledger, basis, WORTH_DAYS, false),
        worth_90_identified: worth(ledger, basis, WORTH_DAYS, true),
        buys_again: buys_again(ledger, BUYS_AGAIN_DAYS),
        late_good_customers: late.len() as u64,
        good_from: good_from.map(|value| Amount::new(value.ceil() as Minor, currency)),
        value_at_risk,
        late_good_persons: late,
    }
}

/// Pooled value at `age` days of the customers acquired between `age` and `age + 365` days ago.
pub fn worth(ledger: &Ledger<'_>, basis: Basis, age: i32, identified_only: bool) -> MoneyPer {
    let acquired = Day(ledger.as_of().0 - age - 365)..=Day(ledger.as_of().0 - age);
    let (mut sum, mut count, mut known) = (0, 0, false);
    for customer in ledger.customers() {
        if !acquired.contains(&customer.first_day) || identified_only && !customer.identified {
            continue;
        }
        count += 1;
        for &order in ledger.orders_of(customer) {
            if ledger.day(order).since(customer.first_day) <= age
                && let Some(value) = ledger.values().value(order as usize, basis)
            {
                known = true;
                sum += value;
            }
        }
    }
    MoneyPer::new(known.then_some(sum), count, ledger.currency())
}
