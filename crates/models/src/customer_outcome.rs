//! Outcome intervals of many customers at once, from a purchase model and a spend model.

use crate::interval::Interval;
use crate::outcome::OutcomeTable;
use crate::summary::CustomerSummary;
use std::collections::BTreeMap;

/// Intervals of the total spend of many customers (or groups of equal summaries) within a horizon, at `level` (0.8: the 10 % and 90 %
/// points), in units of the posterior rate gamma + x m of each customer ([`crate::gamma_gamma::SpendModel::posterior`]), as in
/// [`OutcomeTable::unit_interval`].
///
/// `probabilities` gives the chances of 0, 1, ..., n purchases of a customer within the horizon, as
/// [`crate::purchase::PurchaseModel::purchase_probabilities`] does; `probability_of_purchase` and `expected_purchases` are those of the
/// same model and horizon, parallel to `customers`.
///
/// Whoever buys nothing with probability 1 - (1 - level) / 2 or more gets (0, 0). Where only the lower end is 0, the number of
/// purchases is taken from [`approximate_counts`] with a shape found for each frequency from one exact distribution; that moves the upper
/// end by 1 to 2 % (measured in `tests/outcome.rs`). Where the lower end is positive the exact probabilities are used: those customers
/// are few and buy often.
///
/// # Panics
/// When the slices differ in length.
pub fn unit_outcome_intervals(
    table: &OutcomeTable,
    probabilities: impl Fn(&CustomerSummary, usize) -> Vec<f64>,
    customers: &[CustomerSummary],
    probability_of_purchase: &[f64],
    expected_purchases: &[f64],
    level: f64,
) -> Vec<Interval> {
    assert_eq!(customers.len(), probability_of_purchase.len(), "one probability of purchase per customer");
    assert_eq!(customers.len(), expected_purchases.len(), "one expectation per customer");
    let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
    let quick = |buys: f64| buys > tail && buys <= 1.0 - tail;
    let exact = |i: usize| {
        let mean = expected_purchases[i] / probability_of_purchase[i];
        let most = (4.0 * mean + 20.0).min(MOST_COUNTS as f64) as usize;
        probabilities(&customers[i], most)
    };
    // The most active of the customers of one frequency that need the approximation.
    let mut typical: BTreeMap<u32, usize> = BTreeMap::new();
    for (i, customer) in customers.iter().enumerate() {
        if quick(probability_of_purchase[i]) {
            let best = typical.entry(customer.frequency).or_insert(i);
            if probability_of_purchase[i] > probability_of_purchase[*best] {
                *best = i;
            }
        }
    }
    let shapes: BTreeMap<u32, f64> = typical.into_iter().map(|(x, i)| (x, count_shape(&exact(i)))).collect();
    let mut counts = Vec::new();
    (0..customers.len())
        .map(|i| {
            let (frequency, buys) = (customers[i].frequency, probability_of_purchase[i]);
            if buys <= tail {
                return Interval { low: 0.0, high: 0.0 };
            }
            match shapes.get(&frequency) {
                Some(&shape) if quick(buys) => {
                    approximate_counts(buys, expected_purchases[i], shape, &mut counts);
                    table.unit_interval(frequency, &counts, level)
                }
                _ => table.unit_interval(frequency, &exact(i), level),
            }
        })
        .collect()
}

/// Numbers of purchases beyond this share its probability.
const MOST_COUNTS: usize = 1000;

/// Shape of the negative binomial distribution that has the mean and variance of N - 1 given N > 0, for the probabilities of N = 0, 1, ...;
/// at least 0.05, and 1,000 (practically Poisson) where N - 1 is spread no wider than a Poisson number.
pub fn count_shape(probabilities: &[f64]) -> f64 {
    let (mut buys, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (n, p) in probabilities.iter().enumerate().skip(1) {
        let further = (n - 1) as f64;
        buys += p;
        sum += p * further;
        squares += p * further * further;
    }
    if buys <= 0.0 || sum <= 0.0 {
        return 1000.0;
    }
    let mean = sum / buys;
    let excess = squares / buys - mean * mean - mean;
    if excess > 0.0 { (mean * mean / excess).clamp(0.05, 1000.0) } else { 1000.0 }
}

/// Approximate P(N = n), n = 0, 1, ..., from P(N > 0) and the `expected` N: given N > 0, N - 1 is taken as negative binomial with this `shape`
/// ([`count_shape`]).
///
/// Fills `counts` until less than 1e-4 of the probability is left.
pub fn approximate_counts(probability_of_purchase: f64, expected: f64, shape: f64, counts: &mut Vec<f64>) {
    let buys = probability_of_purchase.clamp(0.0, 1.0);
    counts.clear();
    counts.push(1.0 - buys);
    if buys <= 0.0 {
        return;
    }
    let further = (expected / buys - 1.0).max(0.0);
    let share = further / (shape + further);
    let mut term = buys * (shape * (-share).ln_1p()).exp();
    let mut left = buys;
    let mut n = 0.0;
    while left > 1e-4 && counts.len() < MOST_COUNTS {
        counts.push(term);
        left -= term;
        term *= share * (shape + n) / (n + 1.0);
        n += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_approximation_keeps_the_chance_and_the_mean() {
        let mut counts = Vec::new();
        for (buys, expected, shape) in [(0.3, 0.5, 1.0), (0.9, 6.0, 3.0), (1.0, 1.0, 0.5), (0.02, 0.02, 1.5)] {
            approximate_counts(buys, expected, shape, &mut counts);
            assert!((counts[0] - (1.0 - buys)).abs() < 1e-12);
            assert!((counts.iter().sum::<f64>() - 1.0).abs() < 1.1e-4);
            let mean: f64 = counts.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
            assert!((mean - expected).abs() < 0.02, "{mean} {expected}");
        }
        approximate_counts(0.9, 6.0, 3.0, &mut counts);
        assert!((count_shape(&counts) / 3.0 - 1.0).abs() < 0.02);
        assert_eq!(count_shape(&[0.5, 0.5]), 1000.0);
        approximate_counts(0.0, 0.0, 1.0, &mut counts);
        assert_eq!(counts, [1.0]);
    }
}
