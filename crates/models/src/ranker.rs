//! Ranking one-time buyers without false precision.
//!
//! A purchase model orders one-time buyers by their age alone: the longer ago the first purchase, the less is expected. Where
//! most customers bought once that order carries little, and as noise among most of the ranks it spoils the ranking of
//! everybody. [`OneTimeBands`] therefore gives one-time buyers of similar age one common score, the mean expectation of
//! their band. It is a monotone recalibration: totals stay, and across bands and against repeat buyers the order is that of
//! the expectation. How many bands are worth having is learned from rolling back-tests (see [`crate::blend`]); with one band
//! all one-time buyers tie, as they do under the naive rate.

use crate::purchase::{CustomerSummary, SummaryGroups};

/// Age bands of one-time buyers, as found among the customers of the calibration.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OneTimeBands {
    /// Distinct ages of one-time buyers, ascending, with their number.
    ages: Vec<(f64, f64)>,
    /// `ends[b]`: position in `ages` after the last age of band b.
    ends: Vec<usize>,
}

impl OneTimeBands {
    /// Cuts the one-time buyers among `groups` into at most `bands` bands of about equal numbers; equal ages share a band.
    /// `None` when nobody bought exactly once or `bands` is 0.
    pub fn new(groups: &SummaryGroups, bands: usize) -> Option<Self> {
        let mut ages: Vec<(f64, f64)> = groups
            .summaries
            .iter()
            .zip(&groups.counts)
            .filter(|(summary, _)| summary.frequency == 0)
            .map(|(summary, count)| (summary.age, *count))
            .collect();
        ages.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        ages.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            earlier.1 += if same { later.1 } else { 0.0 };
            same
        });
        let total: f64 = ages.iter().map(|(_, count)| count).sum();
        if ages.is_empty() || bands == 0 {
            return None;
        }
        let (mut ends, mut before, mut last) = (Vec::new(), 0.0, 0);
        for (i, (_, count)) in ages.iter().enumerate() {
            let band = ((before + count / 2.0) / total * bands as f64) as usize;
            if i > 0 && band != last {
                ends.push(i);
            }
            last = band;
            before += count;
        }
        ends.push(ages.len());
        Some(Self { ages, ends })
    }

    /// Number of bands.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: bands exist only where there are one-time buyers.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Replaces the expectations of one-time buyers by the mean of their band. `expected_at` gives the expectations of
    /// summaries; it is asked for the ages of the calibration, so that a customer's score does not depend on who else is
    /// being scored. A customer younger or older than all of those belongs to the nearest band.
    pub fn pool(
        &self,
        customers: &[CustomerSummary],
        expected: &mut [f64],
        expected_at: impl FnOnce(&[CustomerSummary]) -> Vec<f64>,
    ) {
        if customers.iter().all(|c| c.frequency > 0) {
            return;
        }
        let ages: Vec<CustomerSummary> = self.ages.iter().map(|&(age, _)| CustomerSummary::new(0, 0.0, age)).collect();
        let at_ages = expected_at(&ages);
        let mut means = Vec::with_capacity(self.ends.len());
        let mut from = 0;
        for &end in &self.ends {
            let total: f64 = (from..end).map(|i| self.ages[i].1 * at_ages[i]).sum();
            let count: f64 = (from..end).map(|i| self.ages[i].1).sum();
            means.push(total / count);
            from = end;
        }
        for (customer, value) in customers.iter().zip(expected) {
            if customer.frequency == 0 {
                let place = self.ages.partition_point(|&(age, _)| age < customer.age).min(self.ages.len() - 1);
                *value = means[self.ends.partition_point(|&end| end <= place)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> (Vec<CustomerSummary>, SummaryGroups) {
        let mut customers = vec![CustomerSummary::new(2, 3.0, 4.0)];
        for (age, count) in [(10.0, 3), (1.0, 2), (5.0, 1), (7.0, 2)] {
            customers.extend(vec![CustomerSummary::new(0, 0.0, age); count]);
        }
        let groups = SummaryGroups::from_customers(&customers);
        (customers, groups)
    }

    fn falling(customers: &[CustomerSummary]) -> Vec<f64> {
        customers.iter().map(|c| 10.0 / (1.0 + c.age)).collect()
    }

    #[test]
    fn bands_keep_the_total_and_the_order() {
        let (customers, groups) = groups();
        for bands in 1..6 {
            let mut pooled = falling(&customers);
            let cut = OneTimeBands::new(&groups, bands).expect("there are one-time buyers");
            assert!(cut.len() <= bands.min(4));
            cut.pool(&customers, &mut pooled, falling);
            let (before, after): (f64, f64) = (falling(&customers).iter().sum(), pooled.iter().sum());
            assert!((before - after).abs() < 1e-12);
            assert_eq!(pooled[0], 2.0);
            let mut by_age: Vec<(f64, f64)> =
                customers[1..].iter().zip(&pooled[1..]).map(|(c, p)| (c.age, *p)).collect();
            by_age.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(by_age.windows(2).all(|w| w[0].1 >= w[1].1));
        }
    }

    #[test]
    fn one_band_ties_all_one_time_buyers_and_a_score_stands_alone() {
        let (customers, groups) = groups();
        let bands = OneTimeBands::new(&groups, 1).expect("there are one-time buyers");
        let mut pooled = falling(&customers);
        bands.pool(&customers, &mut pooled, falling);
        assert!(pooled[1..].iter().all(|p| *p == pooled[1]));
        let alone = [CustomerSummary::new(0, 0.0, 400.0)];
        let mut score = falling(&alone);
        bands.pool(&alone, &mut score, falling);
        assert_eq!(score[0], pooled[1]);
    }

    #[test]
    fn without_one_time_buyers_there_are_no_bands() {
        let groups = SummaryGroups::from_customers(&[CustomerSummary::new(1, 1.0, 2.0)]);
        assert_eq!(OneTimeBands::new(&groups, 4), None);
    }
}
