//! Recency, frequency, monetary value: each customer scored 1 to 5 against the others.
//!
//! score = 1 + floor(5 x (customers strictly worse) / n). Equal values get equal scores. Population: identified customers
//! with at least one purchase.

use clove_core::{Basis, Table, Values};
use serde::Serialize;

use crate::answer::{Amount, Rate};
use crate::ledger::Ledger;

/// When more than this share of customers has the same frequency, quintiles say nothing and fixed cuts are used.
const TIED_SHARE: f64 = 0.6;

/// The scores of all customers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rfm {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The value basis of the monetary score.
    pub basis: &'static str,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// How many customers are scored.
    pub n: u64,
    /// `quintiles`, or `fixed` (1, 2, 3, 4-5, 6 and more purchases) where too many customers tie.
    pub frequency_cuts: &'static str,
    /// One entry per customer, in the order of person numbers.
    #[serde(skip)]
    pub customers: Vec<RfmCustomer>,
    /// Customers and value per combination of scores, best first.
    pub groups: Vec<RfmGroup>,
}

/// One customer's scores.
#[derive(Debug, Clone, PartialEq)]
pub struct RfmCustomer {
    /// How the customer is called.
    pub customer: String,
    /// The person's number.
    pub person: u32,
    /// Days since the last purchase.
    pub recency_days: i32,
    /// Purchases.
    pub frequency: u32,
    /// Value up to the as-of; `None` if the files have no amounts.
    pub monetary: Option<Amount>,
    /// 5 = bought most recently.
    pub recency_score: u8,
    /// 5 = bought most often.
    pub frequency_score: u8,
    /// 5 = highest value; `None` if the files have no amounts.
    pub monetary_score: Option<u8>,
}

/// Customers with the same three scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RfmGroup {
    /// The three digits, as `543`; `-` for a score that is not known.
    pub scores: String,
    /// How many customers.
    pub customers: u64,
    /// Their value; null if the files have no amounts.
    pub value: Option<Amount>,
}

/// Scores all identified customers with a purchase.
pub fn rfm(ledger: &Ledger<'_>, basis: Basis) -> Rfm {
    let has_amounts = ledger.shop().has_amounts;
    let mut customers = Vec::new();
    for customer in ledger.customers().iter().filter(|customer| customer.identified) {
        let mut frequency = 0;
        let mut last = None;
        for order in ledger.purchases_of(customer) {
            frequency += 1;
            last = Some(ledger.day(order));
        }
        let Some(last) = last else { continue };
        customers.push(RfmCustomer {
            customer: ledger.label(customer),
            person: customer.person,
            recency_days: ledger.as_of().since(last),
            frequency,
            monetary: has_amounts.then(|| Amount::new(ledger.value_of(customer, basis), ledger.currency())),
            recency_score: 0,
            frequency_score: 0,
            monetary_score: None,
        });
    }
    let recency = scores(customers.iter().map(|customer| -i64::from(customer.recency_days)));
    let monetary = scores(customers.iter().map(|customer| customer.monetary.map_or(0, |monetary| monetary.minor)));
    let fixed = is_tied(&customers);
    let frequency = if fixed {
        customers.iter().map(|customer| fixed_frequency_score(customer.frequency)).collect()
    } else {
        scores(customers.iter().map(|customer| i64::from(customer.frequency)))
    };
    for (index, customer) in customers.iter_mut().enumerate() {
        customer.recency_score = recency[index];
        customer.frequency_score = frequency[index];
        customer.monetary_score = has_amounts.then_some(monetary[index]);
    }
    Rfm {
        as_of: ledger.as_of().to_string(),
        currency: ledger.currency().code().to_owned(),
        basis: basis.name(),
        identified_share: ledger.identified_share(),
        n: customers.len() as u64,
        frequency_cuts: if fixed { "fixed" } else { "quintiles" },
        groups: groups(&customers),
        customers,
    }
}

impl Rfm {
    /// One row per customer.
    pub fn table(&self, currency: clove_core::Currency) -> Table {
        let int = |of: fn(&RfmCustomer) -> i64| {
            Values::Int(self.customers.iter().map(|customer| Some(of(customer))).collect())
        };
        let money = self.customers.iter().map(|customer| customer.monetary.map(|monetary| monetary.minor)).collect();
        Table::new()
            .with(
                "customer_id",
                Values::Text(self.customers.iter().map(|customer| Some(customer.customer.clone())).collect()),
            )
            .with("recency_days", int(|customer| i64::from(customer.recency_days)))
            .with("frequency", int(|customer| i64::from(customer.frequency)))
            .with("monetary", Values::Money(money, currency))
            .with("recency_score", int(|customer| i64::from(customer.recency_score)))
            .with("frequency_score", int(|customer| i64::from(customer.frequency_score)))
            .with(
                "monetary_score",
                Values::Int(self.customers.iter().map(|customer| customer.monetary_score.map(i64::from)).collect()),
            )
    }
}

/// Scores 1 to 5 of values of which larger ones are better.
pub fn scores(values: impl Iterator<Item = i64> + Clone) -> Vec<u8> {
    let mut sorted: Vec<i64> = values.clone().collect();
    sorted.sort_unstable();
    let n = sorted.len();
    values.map(|value| 1 + (5 * sorted.partition_point(|&other| other < value) / n) as u8).collect()
}

fn is_tied(customers: &[RfmCustomer]) -> bool {
    let mut counts = std::collections::HashMap::<u32, usize>::new();
    for customer in customers {
        *counts.entry(customer.frequency).or_default() += 1;
    }
    counts.values().any(|&count| count as f64 > TIED_SHARE * customers.len() as f64)
}

fn fixed_frequency_score(purchases: u32) -> u8 {
    match purchases {
        0 | 1 => 1,
        2 => 2,
        3 => 3,
        4 | 5 => 4,
        _ => 5,
    }
}

fn groups(customers: &[RfmCustomer]) -> Vec<RfmGroup> {
    let mut groups = std::collections::BTreeMap::<(u8, u8, Option<u8>), (u64, Option<Amount>)>::new();
    for customer in customers {
        let key = (customer.recency_score, customer.frequency_score, customer.monetary_score);
        let group =
            groups.entry(key).or_insert((0, customer.monetary.map(|monetary| Amount::new(0, monetary.currency))));
        group.0 += 1;
        if let Some((sum, monetary)) = group.1.as_mut().zip(customer.monetary) {
            sum.minor += monetary.minor;
        }
    }
    let rows = groups.into_iter().rev();
    rows.map(|((r, f, m), (customers, value))| RfmGroup {
        scores: format!("{r}{f}{}", m.map_or("-".to_owned(), |m| m.to_string())),
        customers,
        value,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_scores() {
        assert_eq!(scores([1, 1, 1, 2, 5].into_iter()), [1, 1, 1, 4, 5]);
        assert_eq!(scores([7; 9].into_iter()), [1; 9]);
        assert!(scores(std::iter::empty()).is_empty());
    }
}
