//! What the purchase models need to know of customers, with equal customers counted once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::error::ModelError;

/// What a purchase model needs to know of one customer, times in the unit of the fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerSummary {
    /// Repeat purchases x: purchases after the first.
    pub frequency: u32,
    /// Time t_x from the first to the last purchase; 0 without repeat purchases.
    pub recency: f64,
    /// Time T from the first purchase to the end of observation.
    pub age: f64,
    /// Sum of the natural logarithms of the times between consecutive purchases; 0 without repeat purchases. Only the
    /// likelihood of the CNBD-k models reads it, and no prediction depends on it.
    pub sum_log_gaps: f64,
}

impl CustomerSummary {
    /// A customer who has just made the first purchase.
    pub const NEW: Self = Self { frequency: 0, recency: 0.0, age: 0.0, sum_log_gaps: 0.0 };

    /// A customer with x repeat purchases, the last at t_x, observed until T, whose single gaps are not known.
    pub fn new(frequency: u32, recency: f64, age: f64) -> Self {
        Self { frequency, recency, age, sum_log_gaps: 0.0 }
    }

    /// What is wrong with this summary, if anything: times must be finite and `0 <= recency <= age`, and recency must
    /// be 0 without repeat purchases.
    pub fn problem(&self) -> Option<&'static str> {
        if !(self.recency.is_finite() && self.age.is_finite()) {
            Some("recency and age must be finite")
        } else if self.recency < 0.0 || self.age < 0.0 {
            Some("recency and age must not be negative")
        } else if self.recency > self.age {
            Some("recency must not exceed age")
        } else if self.frequency == 0 && self.recency != 0.0 {
            Some("recency must be 0 without repeat purchases")
        } else {
            None
        }
    }
}

/// Customers with equal frequency, recency and age counted once.
///
/// Groups are sorted by frequency, then age, then recency, which the models use to share work. `sum_log_gaps` of a
/// group is the mean over its customers: it enters the likelihood linearly, so nothing is lost.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SummaryGroups {
    /// One summary per group.
    pub summaries: Vec<CustomerSummary>,
    /// Number of customers in each group.
    pub counts: Vec<f64>,
    /// The group of each customer, in the order the customers were given.
    pub group_of: Vec<u32>,
}

/// A multiplicative hasher for a few machine words; the keys are not adversarial.
#[derive(Default)]
struct WordHasher(u64);

type WordHasherBuilder = BuildHasherDefault<WordHasher>;

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 29;
    }
}

/// Positive zero for negative zero, so that equal times have equal bits.
fn time_bits(time: f64) -> u64 {
    (time + 0.0).to_bits()
}

/// Distinct values of a number, each with a place in the order of first appearance.
#[derive(Default)]
pub(crate) struct Levels {
    pub values: Vec<f64>,
    index: HashMap<u64, u32, WordHasherBuilder>,
}

impl Levels {
    pub(crate) fn place(&mut self, value: f64) -> u32 {
        let next = self.values.len() as u32;
        let place = *self.index.entry(time_bits(value)).or_insert(next);
        if place == next {
            self.values.push(value);
        }
        place
    }
}

impl SummaryGroups {
    /// Groups customers; time and memory linear in their number. The result depends on the order of the customers only
    /// through `group_of` and rounding of the mean `sum_log_gaps`.
    pub fn from_customers(customers: &[CustomerSummary]) -> Self {
        let mut index: HashMap<(u32, u64, u64), u32, WordHasherBuilder> = HashMap::default();
        let (mut summaries, mut counts) = (Vec::new(), Vec::new());
        let mut group_of = Vec::with_capacity(customers.len());
        for customer in customers {
            let key = (customer.frequency, time_bits(customer.age), time_bits(customer.recency));
            let next = summaries.len() as u32;
            let group = *index.entry(key).or_insert(next);
            if group == next {
                summaries.push(CustomerSummary { sum_log_gaps: 0.0, ..*customer });
                counts.push(0.0);
            }
            summaries[group as usize].sum_log_gaps += customer.sum_log_gaps;
            counts[group as usize] += 1.0;
            group_of.push(group);
        }
        drop(index);
        for (summary, count) in summaries.iter_mut().zip(&counts) {
            summary.sum_log_gaps /= count;
        }
        let mut order: Vec<u32> = (0..summaries.len() as u32).collect();
        order.sort_unstable_by_key(|&g| {
            let s = &summaries[g as usize];
            (s.frequency, time_bits(s.age), time_bits(s.recency))
        });
        let mut rank = vec![0; order.len()];
        for (place, &group) in order.iter().enumerate() {
            rank[group as usize] = place as u32;
        }
        for group in &mut group_of {
            *group = rank[*group as usize];
        }
        Self {
            summaries: order.iter().map(|&g| summaries[g as usize]).collect(),
            counts: order.iter().map(|&g| counts[g as usize]).collect(),
            group_of,
        }
    }

    /// Number of customers.
    pub fn customers(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Checks every summary; see [`CustomerSummary::problem`].
    pub fn check(&self) -> Result<(), ModelError> {
        if self.summaries.is_empty() {
            return Err(ModelError::NoCustomers);
        }
        let problem = |(index, s): (usize, &CustomerSummary)| s.problem().map(|problem| (index, problem));
        match self.summaries.iter().enumerate().find_map(problem) {
            Some((index, problem)) => Err(ModelError::InvalidSummary { index, problem }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_customers_share_a_group() {
        let customers = [
            CustomerSummary { sum_log_gaps: 1.0, ..CustomerSummary::new(2, 5.0, 9.0) },
            CustomerSummary::new(0, 0.0, 9.0),
            CustomerSummary { sum_log_gaps: 3.0, ..CustomerSummary::new(2, 5.0, 9.0) },
            CustomerSummary::new(2, 4.0, 9.0),
            CustomerSummary::new(0, -0.0, 9.0),
        ];
        let groups = SummaryGroups::from_customers(&customers);
        assert_eq!(groups.counts, [2.0, 1.0, 2.0]);
        assert_eq!(groups.group_of, [2, 0, 2, 1, 0]);
        assert_eq!(groups.summaries[2].sum_log_gaps, 2.0);
        assert_eq!(groups.customers(), 5.0);
        assert_eq!(SummaryGroups::from_customers(&[]).check(), Err(ModelError::NoCustomers));
    }

    #[test]
    fn impossible_summaries_are_told() {
        let bad = [
            CustomerSummary::new(1, 5.0, 4.0),
            CustomerSummary::new(0, 1.0, 4.0),
            CustomerSummary::new(1, f64::NAN, 4.0),
            CustomerSummary::new(1, -1.0, 4.0),
        ];
        for summary in bad {
            assert!(summary.problem().is_some(), "{summary:?}");
            assert!(SummaryGroups::from_customers(&[summary]).check().is_err());
        }
        assert_eq!(CustomerSummary::new(3, 4.0, 4.0).problem(), None);
    }
}
