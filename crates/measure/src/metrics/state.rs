//! What customers are as of a day, summed for each group in one pass.

use clove_core::{Basis, Day, Minor, RefundDate};

use super::groups::{Groups, Membership};
use crate::history::Counting;
use crate::ledger::Ledger;
use crate::lifecycle::{Stage, ThresholdSnapshot};
use crate::repeat::BUYS_AGAIN_DAYS;

/// Sums of customers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateSums {
    /// Customers with at least one order that counts.
    pub customers: u64,
    /// Those with a handle. All that follows about purchases is of these.
    pub identified: u64,
    /// With at least one purchase.
    pub buyers: u64,
    /// With two purchases or more.
    pub repeated: u64,
    /// Whose first purchase is at least 180 days ago.
    pub old_enough: u64,
    /// Those of them with a second purchase within 180 days.
    pub again: u64,
    /// Days between consecutive purchases, ascending.
    pub gaps: Vec<i32>,
    /// Bought within the usual gap.
    pub active: u64,
    /// Later than that.
    pub at_risk: u64,
    /// Much later.
    pub lapsed: u64,
    /// Three purchase days or more, not lapsed.
    pub loyal: u64,
    /// Orders of all customers.
    pub orders: u64,
    /// Value of all customers on the chosen basis.
    pub value: Minor,
    /// Value of the last 12 months.
    pub value_12_months: Minor,
    /// Value of the last 24 months.
    pub value_24_months: Minor,
    /// Whether the value of any order is known.
    pub value_known: bool,
    /// Customers who have reached the age asked for.
    pub of_age: u64,
    /// Their value up to that age.
    pub ltv: Minor,
    /// Whether any of it is known.
    pub ltv_known: bool,
}

/// What is summed.
#[derive(Debug, Clone, Copy)]
pub struct StateOptions<'o> {
    /// The basis of value.
    pub basis: Basis,
    /// The day on which refunds lower value.
    pub refund_date: RefundDate,
    /// The age of `ltv`, in days.
    pub age: i32,
    /// Who counts.
    pub members: Membership<'o>,
}

/// Sums each group's customers at the ledger's as-of. Customers that belong to no group, as where orders are told apart and not
/// customers, are left out.
pub fn state_sums(ledger: &Ledger<'_>, options: &StateOptions<'_>, groups: &Groups) -> Vec<StateSums> {
    let as_of = ledger.as_of();
    let counting = Counting { as_of, basis: options.basis, refund_date: options.refund_date };
    let (months_12, months_24) = (counting.window_start(12), counting.window_start(24));
    let stages = ThresholdSnapshot::take(ledger);
    let mut sums = vec![StateSums::default(); groups.len()];
    for (index, customer) in ledger.customers().iter().enumerate() {
        if !options.members.has(customer.person) {
            continue;
        }
        let Some(group) = groups.of_customer(index) else { continue };
        let own = &mut sums[group];
        own.customers += 1;
        own.orders += ledger.orders_of(customer).len() as u64;
        let is_of_age = as_of.since(customer.first_day) >= options.age;
        own.of_age += u64::from(is_of_age);
        ledger.movements(customer, options.basis, options.refund_date, |movement| {
            let Some(value) = movement.value else { return };
            own.value_known = true;
            own.value += value;
            own.value_12_months += if movement.day > months_12 { value } else { 0 };
            own.value_24_months += if movement.day > months_24 { value } else { 0 };
            if is_of_age && movement.day.since(customer.first_day) <= options.age {
                own.ltv_known = true;
                own.ltv += value;
            }
        });
        if !customer.identified {
            continue;
        }
        own.identified += 1;
        let purchases: Vec<Day> = ledger.purchases_of(customer).map(|order| ledger.day(order)).collect();
        let (Some(&first), Some(&last)) = (purchases.first(), purchases.last()) else { continue };
        own.buyers += 1;
        own.repeated += u64::from(purchases.len() >= 2);
        own.gaps.extend(purchases.windows(2).map(|pair| pair[1].since(pair[0])));
        if as_of.since(first) >= BUYS_AGAIN_DAYS {
            own.old_enough += 1;
            own.again += u64::from(purchases.get(1).is_some_and(|second| second.since(first) <= BUYS_AGAIN_DAYS));
        }
        let days = purchases.chunk_by(|a, b| a == b).count();
        let stage = stages.stage(days, as_of.since(last));
        match stage {
            Stage::Active => own.active += 1,
            Stage::AtRisk => own.at_risk += 1,
            Stage::Lapsed => own.lapsed += 1,
        }
        own.loyal += u64::from(days >= 3 && stage != Stage::Lapsed);
    }
    for own in &mut sums {
        own.gaps.sort_unstable();
    }
    sums
}
