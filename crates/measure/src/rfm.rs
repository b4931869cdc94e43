//! Recency, frequency, monetary value: each customer scored 1 to 5 against the others.
//!
//! score = 1 + floor(5 x (customers strictly worse) / n). Equal values get equal scores. Population: identified customers
//! with at least one purchase.

use clove_core::{Basis, Table, Values};
use serde::{Deserialize, Serialize};

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
    let bounds = RfmBounds::of(
        customers.iter().map(|customer| (customer.recency_days, customer.frequency)),
        customers.iter().map(|customer| customer.monetary.map_or(0, |monetary| monetary.minor)),
    );
    for customer in &mut customers {
        let monetary = customer.monetary.map(|monetary| monetary.minor);
        let [recency, frequency, monetary] =
            bounds.scores(customer.recency_days, customer.frequency, monetary.unwrap_or(0));
        customer.recency_score = recency;
        customer.frequency_score = frequency;
        customer.monetary_score = has_amounts.then_some(monetary);
    }
    let fixed = bounds.is_fixed;
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

/// Where the scores 2 to 5 of a number begin: above each of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreBounds(pub [i64; 4]);

impl ScoreBounds {
    /// The quintiles of values: a score is 1 and one more for each fifth of the values that lies below.
    pub fn of(mut values: Vec<i64>) -> ScoreBounds {
        values.sort_unstable();
        let n = values.len();
        if n == 0 {
            return ScoreBounds::default();
        }
        ScoreBounds([1, 2, 3, 4].map(|fifths| values[(fifths * n).div_ceil(5) - 1]))
    }

    /// The score of a value, 1 to 5.
    pub fn score(&self, value: i64) -> u8 {
        1 + self.0.iter().filter(|&&bound| value > bound).count() as u8
    }
}

/// What scores are given by: quintiles of a shop's identified buyers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RfmBounds {
    /// Of days since the last purchase, negative: who bought most recently stands highest.
    pub recency: ScoreBounds,
    /// Of purchases.
    pub frequency: ScoreBounds,
    /// Of value so far, in minor units.
    pub monetary: ScoreBounds,
    /// Whether the bounds of purchases are fixed ones: too many customers bought equally often to cut between them.
    pub is_fixed: bool,
}

impl RfmBounds {
    /// Bounds of recencies and frequencies, and of values.
    pub fn of(buyers: impl Iterator<Item = (i32, u32)> + Clone, monetary: impl Iterator<Item = i64>) -> RfmBounds {
        let is_fixed = is_tied(buyers.clone().map(|(_, frequency)| frequency));
        RfmBounds {
            recency: ScoreBounds::of(buyers.clone().map(|(days, _)| -i64::from(days)).collect()),
            frequency: if is_fixed {
                FIXED
            } else {
                ScoreBounds::of(buyers.map(|(_, frequency)| i64::from(frequency)).collect())
            },
            monetary: ScoreBounds::of(monetary.collect()),
            is_fixed,
        }
    }

    /// The three scores of a customer.
    pub fn scores(&self, recency_days: i32, frequency: u32, monetary: i64) -> [u8; 3] {
        [
            self.recency.score(-i64::from(recency_days)),
            self.frequency.score(i64::from(frequency)),
            self.monetary.score(monetary),
        ]
    }
}

/// 1 purchase, 2, 3, 4 or 5, more.
const FIXED: ScoreBounds = ScoreBounds([1, 2, 3, 5]);

fn is_tied(frequencies: impl Iterator<Item = u32>) -> bool {
    let mut counts = std::collections::HashMap::<u32, usize>::new();
    let mut all = 0;
    for frequency in frequencies {
        *counts.entry(frequency).or_default() += 1;
        all += 1;
    }
    counts.values().any(|&count| count as f64 > TIED_SHARE * all as f64)
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
        let scores = |values: &[i64]| {
            let bounds = ScoreBounds::of(values.to_vec());
            values.iter().map(|&value| bounds.score(value)).collect::<Vec<_>>()
        };
        assert_eq!(scores(&[1, 1, 1, 2, 5]), [1, 1, 1, 4, 5]);
        assert_eq!(scores(&[7; 9]), [1; 9]);
        assert_eq!(scores(&(0..10).collect::<Vec<_>>()), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert!(scores(&[]).is_empty());
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|purchases| FIXED.score(purchases)), [1, 1, 2, 3, 4, 4, 5]);
    }
}
