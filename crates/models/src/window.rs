//! Windows of a rolling back-test and what happened in them.

use crate::history::{Histories, NOT_YET};
use crate::purchase::SummaryGroups;
use crate::shock::{ByClass, by_class};

/// Days `(origin, origin + days]`: what was known at the end of `origin` is used to predict them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Last day that the forecast may see.
    pub origin: i32,
    /// Length of the window in days.
    pub days: i32,
}

impl Window {
    /// Last day of the window.
    pub fn until(self) -> i32 {
        self.origin + self.days
    }
}

/// Windows are at most these shares of the days observed, longest first.
const SHARES: [i32; 3] = [2, 3, 5];

/// Rolling windows for learning to forecast `horizon` days after `end`, from purchases between `first` and `end`.
///
/// Each ends within the days observed. The longest is as long as the horizon or half of what was observed, whichever is
/// less, so that it asks for as much extrapolation from as much history as the real forecast does, where the data allow it.
/// The others are a third and a fifth of the observed days; where the horizon is shorter than that, windows of about the
/// same length follow each other backwards. No window starts before a third of the observed days. Empty when fewer than 28 days were
/// observed.
pub fn rolling_windows(first: i32, end: i32, horizon: i32) -> Vec<Window> {
    let span = end.saturating_sub(first);
    let mut windows: Vec<Window> = Vec::new();
    if span < 28 || horizon < 1 {
        return windows;
    }
    for share in SHARES {
        let days = horizon.min(span / share);
        let equal = windows.iter().filter(|w| (w.days - days) * 10 <= days).count() as i32;
        let origin = end - days * (1 + equal);
        if origin - first >= span / 3 {
            windows.push(Window { origin, days });
        }
    }
    windows
}

/// What customers bought in a window, added up over the groups of customers known at its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcomes {
    /// Purchases of each customer known at the origin, with the customer's group.
    pub customers: Vec<(u32, u32)>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    rank_sums: Vec<f64>,
    rank_variance: f64,
}

impl Outcomes {
    /// Counts the purchases in `window` of the customers who have a group.
    pub fn of(histories: &Histories, groups: &SummaryGroups, window: Window) -> Self {
        let count = |c: usize| histories.purchases_between(c, window.origin, window.until());
        let known = groups.group_of.iter().enumerate().filter(|(_, group)| **group != NOT_YET);
        let customers: Vec<(u32, u32)> = known.map(|(customer, group)| (*group, count(customer))).collect();
        let highest = customers.iter().map(|c| c.1).max().unwrap_or(0) as usize;
        let mut histogram = vec![0.0; highest + 1];
        for &(_, y) in &customers {
            histogram[y as usize] += 1.0;
        }
        let ranks = ranks_of_runs(&histogram);
        let size = groups.summaries.len();
        let (mut sums, mut squares, mut rank_sums) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
        for &(group, y) in &customers {
            let group = group as usize;
            sums[group] += f64::from(y);
            squares[group] += f64::from(y) * f64::from(y);
            rank_sums[group] += ranks[y as usize];
        }
        Self { customers, sums, squares, rank_sums, rank_variance: rank_variance(&ranks, &histogram) }
    }

    /// Purchases of all.
    pub fn total(&self) -> f64 {
        self.sums.iter().sum()
    }

    /// Purchases by frequency class.
    pub fn by_class(&self, groups: &SummaryGroups) -> ByClass {
        by_class(&groups.summaries, self.sums.iter().copied())
    }

    /// Purchases of each customer.
    pub fn actual(&self) -> Vec<f64> {
        self.customers.iter().map(|&(_, y)| f64::from(y)).collect()
    }

    /// A value per group as a value per customer, parallel to [`Outcomes::actual`].
    pub fn per_customer(&self, per_group: &[f64]) -> Vec<f64> {
        self.customers.iter().map(|&(group, _)| per_group[group as usize]).collect()
    }

    /// Root mean squared error of a prediction per group.
    pub fn rmse(&self, counts: &[f64], predicted: &[f64]) -> f64 {
        let mut squares = 0.0;
        for (group, &p) in predicted.iter().enumerate() {
            squares += self.squares[group] - 2.0 * p * self.sums[group] + counts[group] * p * p;
        }
        (squares.max(0.0) / self.customers.len() as f64).sqrt()
    }

    /// Spearman's rank correlation of a prediction per group with the purchases per customer; 0 when either is constant.
    pub fn spearman(&self, counts: &[f64], predicted: &[f64]) -> f64 {
        let mut order: Vec<usize> = (0..predicted.len()).collect();
        order.sort_unstable_by(|&i, &j| predicted[i].total_cmp(&predicted[j]));
        let runs: Vec<&[usize]> = order.chunk_by(|&i, &j| predicted[i] == predicted[j]).collect();
        let sizes: Vec<f64> = runs.iter().map(|run| run.iter().map(|&g| counts[g]).sum()).collect();
        let ranks = ranks_of_runs(&sizes);
        let total: f64 = sizes.iter().sum();
        let mean = f64::midpoint(total, 1.0);
        let product: f64 = runs
            .iter()
            .zip(&ranks)
            .map(|(run, r)| run.iter().map(|&g| self.rank_sums[g]).sum::<f64>() * (r - mean))
            .sum();
        let scale = (self.rank_variance * rank_variance(&ranks, &sizes)).sqrt();
        if scale > 0.0 { product / scale } else { 0.0 }
    }
}

/// Average ranks, from 1, of runs of equal values of these sizes.
fn ranks_of_runs(sizes: &[f64]) -> Vec<f64> {
    let mut before = 0.0;
    sizes
        .iter()
        .map(|size| {
            let rank = before + (size + 1.0) / 2.0;
            before += size;
            rank
        })
        .collect()
}

/// Sum of squared deviations of ranks from their mean.
fn rank_variance(ranks: &[f64], sizes: &[f64]) -> f64 {
    let mean = f64::midpoint(sizes.iter().sum::<f64>(), 1.0);
    ranks.iter().zip(sizes).map(|(rank, size)| size * (rank - mean) * (rank - mean)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accuracy;

    #[test]
    fn windows_lie_inside_what_was_observed() {
        let window = |origin, days| Window { origin, days };
        assert_eq!(rolling_windows(0, 270, 365), [window(135, 135), window(180, 90), window(216, 54)]);
        assert_eq!(rolling_windows(0, 270, 30), [window(240, 30), window(210, 30), window(180, 30)]);
        assert_eq!(rolling_windows(0, 27, 30), []);
        for (span, horizon) in [(28, 1), (31, 400), (700, 90), (1000, 200), (61, 30)] {
            for w in rolling_windows(10, 10 + span, horizon) {
                assert!(w.days >= 1 && w.until() <= 10 + span && w.origin >= 10 + span / 3, "{w:?}");
            }
        }
    }

    #[test]
    fn figures_per_group_equal_figures_per_customer() {
        let customer: Vec<u32> = (0..400).map(|i| i * 7 % 60).collect();
        let day: Vec<i32> = (0..400).map(|i| i * i * 31 % 211).collect();
        let histories = Histories::from_purchases(60, &customer, &day, None).expect("valid");
        let window = Window { origin: 120, days: 70 };
        let groups = histories.groups(window.origin, 7.0);
        let outcomes = Outcomes::of(&histories, &groups, window);
        let predicted: Vec<f64> = groups.summaries.iter().map(|s| f64::from(s.frequency) * 3.0 % 5.0).collect();
        let (actual, each) = (outcomes.actual(), outcomes.per_customer(&predicted));
        assert!(outcomes.total() > 50.0);
        let rmse = accuracy::rmse(&actual, &each).expect("defined");
        assert!((outcomes.rmse(&groups.counts, &predicted) - rmse).abs() < 1e-12);
        let spearman = accuracy::spearman(&actual, &each).expect("defined");
        assert!((outcomes.spearman(&groups.counts, &predicted) - spearman).abs() < 1e-12);
    }
}
