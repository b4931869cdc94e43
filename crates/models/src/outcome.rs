//! Interval of what one customer will spend: the spread of outcomes, not of the expectation.
//!
//! The number N of future transactions has probabilities P(N = n) from a purchase model, independent of their values, which follow
//! a [`SpendModel`]. Given n, the total is gamma distributed with shape p n and the customer's rate nu, and nu given the past is
//! gamma distributed with shape p x + q and rate gamma + x m. So the total in units of gamma + x m is beta-prime distributed
//! with shapes p n and p x + q, and does not depend on m. [`OutcomeTable`] uses that: it tabulates the distribution functions
//! once for each frequency x, and an interval then costs some table look-ups.

use crate::distribution::normal_quantile;
use crate::gamma_gamma::SpendModel;
use crate::interval::Interval;
use crate::special::regularized_beta;
use std::collections::BTreeMap;

/// Points of the grid of totals, even on the logarithmic scale.
const GRID: usize = 112;
/// Numbers of transactions up to this have a column of their own; above, columns are 12 % apart and shared by interpolation.
const EXACT_COUNTS: usize = 12;
/// Most columns, which reach beyond a million transactions.
const MOST_COLUMNS: usize = 128;

/// A tail probability that no quantile of interest depends on.
const NEGLIGIBLE: f64 = 1e-9;

/// Distribution function of the total spend of one customer: P(S <= `total`), where `counts[n]` = P(N = n).
///
/// Mass of `counts` missing to 1 is put on its largest n. Exact up to rounding; costs one incomplete beta function for each n.
pub fn outcome_probability(model: &SpendModel, frequency: u32, mean: f64, counts: &[f64], total: f64) -> f64 {
    if total.is_nan() || total < 0.0 {
        return 0.0;
    }
    let posterior = model.posterior(frequency, mean);
    scaled_probability(model.p(), posterior.shape, counts, total / posterior.rate)
}

/// Quantile of the total spend of one customer by bisection on [`outcome_probability`]: relative error 1e-9; zero when the customer buys
/// nothing with at least that probability.
pub fn outcome_quantile(model: &SpendModel, frequency: u32, mean: f64, counts: &[f64], probability: f64) -> f64 {
    let posterior = model.posterior(frequency, mean);
    posterior.rate * scaled_quantile(model.p(), posterior.shape, counts, probability)
}

fn scaled_probability(p: f64, shape: f64, counts: &[f64], ratio: f64) -> f64 {
    let share = ratio / (1.0 + ratio);
    let mut listed = 0.0;
    let mut sum = 0.0;
    let mut last = 1.0;
    for (n, weight) in counts.iter().enumerate() {
        listed += weight;
        if n == 0 {
            sum += weight;
        } else if *weight > 0.0 || n + 1 == counts.len() {
            last = if last < 1e-16 { 0.0 } else { regularized_beta(share, p * n as f64, shape) };
            sum += weight * last;
        }
    }
    (sum + (1.0 - listed).max(0.0) * last).clamp(0.0, 1.0)
}

fn scaled_quantile(p: f64, shape: f64, counts: &[f64], probability: f64) -> f64 {
    if probability.is_nan() || probability <= counts.first().copied().unwrap_or(1.0) {
        return 0.0;
    }
    let (mut low, mut high) = (-300.0_f64, 300.0_f64);
    while high - low > 1e-10 * high.abs().max(1.0) {
        let middle = f64::midpoint(low, high);
        if scaled_probability(p, shape, counts, middle.exp()) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    high.exp()
}

/// Tabulated distributions of total spend for one spend model.
#[derive(Debug, Clone)]
pub struct OutcomeTable {
    model: SpendModel,
    /// The numbers of transactions that have a column, from 1.
    columns: Vec<usize>,
    rows: BTreeMap<u32, Row>,
}

/// The distribution functions of one frequency on a grid of ln(total / (gamma + x m)).
#[derive(Debug, Clone)]
struct Row {
    first: f64,
    step: f64,
    /// `GRID` runs of one value per column.
    values: Vec<f64>,
}

impl OutcomeTable {
    /// Tables for customers of the given `frequencies` and for numbers of transactions up to `largest`. A frequency costs at most
    /// 112 incomplete beta functions for each of about 17 columns at `largest` = 20, or 37 at 200.
    pub fn new(model: SpendModel, frequencies: impl IntoIterator<Item = u32>, largest: usize) -> Self {
        let mut columns: Vec<usize> = (1..=largest.clamp(1, EXACT_COUNTS)).collect();
        while let Some(&last) = columns.last()
            && last < largest
            && columns.len() < MOST_COLUMNS
        {
            columns.push((last + (last * 3).div_ceil(25)).min(largest));
        }
        let mut table = Self { model, columns, rows: BTreeMap::new() };
        table.add_frequencies(frequencies);
        table
    }

    /// Adds tables for further frequencies; those that are there already cost nothing.
    pub fn add_frequencies(&mut self, frequencies: impl IntoIterator<Item = u32>) {
        for frequency in frequencies {
            self.rows.entry(frequency).or_insert_with(|| Row::new(&self.model, frequency, &self.columns));
        }
    }

    /// Whether a frequency has a table.
    pub fn has_frequency(&self, frequency: u32) -> bool {
        self.rows.contains_key(&frequency)
    }

    /// Interval that holds the total spend of the customer with probability `level` (equal tails); `counts[n]` = P(N = n) with mass missing
    /// to 1 put on the largest n. An end is 0 when the customer buys nothing with that probability or more.
    ///
    /// The ends differ from the exact quantiles by less than 0.5 %, or 1 % where dozens of transactions are likely (measured in the tests). A frequency without a table is computed
    /// exactly, which takes some hundred times longer.
    pub fn interval(&self, frequency: u32, mean: f64, counts: &[f64], level: f64) -> Interval {
        let rate = self.model.posterior(frequency, mean).rate;
        let unit = self.unit_interval(frequency, counts, level);
        Interval { low: rate * unit.low, high: rate * unit.high }
    }

    /// [`Self::interval`] in units of the posterior rate gamma + x m: the same for all customers of one frequency and one distribution of
    /// counts, so it can be computed once for a group of customers whose means differ.
    pub fn unit_interval(&self, frequency: u32, counts: &[f64], level: f64) -> Interval {
        let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
        let none = counts.first().copied().unwrap_or(1.0);
        if 1.0 - tail <= none {
            return Interval { low: 0.0, high: 0.0 };
        }
        let mut room = [0.0; MOST_COLUMNS];
        let weights = self.column_weights(counts, &mut room);
        let row = self.rows.get(&frequency);
        let at = |probability: f64| {
            if probability <= none {
                return 0.0;
            }
            row.and_then(|row| row.quantile(weights, probability - none)).unwrap_or_else(|| {
                let shape = self.model.posterior(frequency, 1.0).shape;
                scaled_quantile(self.model.p(), shape, counts, probability)
            })
        };
        Interval { low: at(tail), high: at(1.0 - tail) }
    }

    /// Shares the probabilities of n >= 1 out over the columns, into `room`: between two columns in proportion to the distance, so that
    /// the mean is kept. Returns the columns in use.
    fn column_weights<'a>(&self, counts: &[f64], room: &'a mut [f64; MOST_COLUMNS]) -> &'a [f64] {
        let last = self.columns.len() - 1;
        let mut above = 0;
        let mut listed = counts[0];
        for (n, weight) in counts.iter().enumerate().skip(1) {
            listed += weight;
            while above < last && self.columns[above] < n {
                above += 1;
            }
            let column = self.columns[above];
            if column <= n || above == 0 {
                room[above] += weight;
            } else {
                let below = self.columns[above - 1];
                let share = (n - below) as f64 / (column - below) as f64;
                room[above] += weight * share;
                room[above - 1] += weight * (1.0 - share);
            }
        }
        room[above] += (1.0 - listed).max(0.0);
        &room[..=above]
    }
}

impl Row {
    fn new(model: &SpendModel, frequency: u32, columns: &[usize]) -> Self {
        let p = model.p();
        let shape = model.posterior(frequency, 1.0).shape;
        let largest = columns.last().copied().unwrap_or(1);
        // From the 1 % point of one transaction to the 99.9 % point of the most.
        let first = beta_prime_log_quantile(p, shape, 0.01);
        let last = beta_prime_log_quantile(p * largest as f64, shape, 0.999).max(first + 1e-3);
        let step = (last - first) / (GRID - 1) as f64;
        let mut values: Vec<f64> = Vec::with_capacity(GRID * columns.len());
        for point in 0..GRID {
            let ratio = (first + step * point as f64).exp();
            let share = ratio / (1.0 + ratio);
            let mut left = 1.0;
            for (i, &n) in columns.iter().enumerate() {
                // Rising along the grid and falling in n: what has reached an end stays there.
                let before = if point == 0 { 0.0 } else { values[(point - 1) * columns.len() + i] };
                let value = if left < NEGLIGIBLE {
                    0.0
                } else if before > 1.0 - NEGLIGIBLE {
                    1.0
                } else {
                    regularized_beta(share, p * n as f64, shape)
                };
                left = value;
                values.push(value);
            }
        }
        Self { first, step, values }
    }

    /// exp of the grid coordinate where the weighted sum of columns reaches `target`; `None` outside of the grid.
    fn quantile(&self, weights: &[f64], target: f64) -> Option<f64> {
        let columns = self.values.len() / GRID;
        let at = |point: usize| dot(&self.values[point * columns..(point + 1) * columns], weights);
        let (mut low, mut high) = (0, GRID - 1);
        let (mut below, mut above) = (at(low), at(high));
        if below > target || above < target {
            return None;
        }
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            let value = at(middle);
            if value <= target {
                (low, below) = (middle, value);
            } else {
                (high, above) = (middle, value);
            }
        }
        let part = if above > below { (target - below) / (above - below) } else { 0.5 };
        Some((self.first + self.step * (low as f64 + part)).exp())
    }
}

/// Sum of products in four strands, which the compiler turns into vector instructions; the shorter slice counts.
fn dot(values: &[f64], weights: &[f64]) -> f64 {
    let mut strands = [0.0; 4];
    let (mut values, mut weights) = (values[..weights.len()].chunks_exact(4), weights.chunks_exact(4));
    for (v, w) in values.by_ref().zip(weights.by_ref()) {
        for k in 0..4 {
            strands[k] += v[k] * w[k];
        }
    }
    let rest: f64 = values.remainder().iter().zip(weights.remainder()).map(|(v, w)| v * w).sum();
    strands.iter().sum::<f64>() + rest
}

/// Logarithm of a quantile of the beta-prime distribution with shapes `a` and `b`, by bisection around the normal approximation.
fn beta_prime_log_quantile(a: f64, b: f64, probability: f64) -> f64 {
    let centre = (a / b).ln();
    let reach = (normal_quantile(probability).abs() + 2.0) * (a.recip() + b.recip()).sqrt() * 4.0 + 1.0;
    let (mut low, mut high) = (centre - reach, centre + reach);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        let ratio = middle.exp();
        if regularized_beta(ratio / (1.0 + ratio), a, b) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    /// Negative binomial probabilities behind a mass at zero, n = 0..=largest.
    fn counts(zero: f64, shape: f64, mean: f64, largest: usize) -> Vec<f64> {
        let share = mean / (shape + mean);
        let mut term = (1.0 - share).powf(shape);
        (0..=largest)
            .map(|n| {
                let here = (1.0 - zero) * term + if n == 0 { zero } else { 0.0 };
                term *= share * (shape + n as f64) / (n as f64 + 1.0);
                here
            })
            .collect()
    }

    fn cdnow() -> SpendModel {
        SpendModel::new(6.25, 3.74, 15.44).unwrap()
    }

    #[test]
    fn the_table_agrees_with_the_exact_quantiles() {
        let frequencies = [0, 1, 2, 5, 12, 40];
        let mut worst = [0.0_f64; 2];
        for model in [cdnow(), SpendModel::new(0.6, 1.4, 3.0).unwrap(), SpendModel::new(40.0, 12.0, 9.0).unwrap()] {
            let table = OutcomeTable::new(model, frequencies, 120);
            for frequency in frequencies {
                for (zero, shape, mean) in [(0.3, 0.8, 0.7), (0.05, 2.0, 3.0), (0.7, 1.0, 1.5), (0.02, 6.0, 25.0)] {
                    let counts = counts(zero, shape, mean, 120);
                    for level in [0.5, 0.8, 0.95] {
                        let got = table.interval(frequency, 31.0, &counts, level);
                        let tail = (1.0 - level) / 2.0;
                        for (end, probability) in [(got.low, tail), (got.high, 1.0 - tail)] {
                            let want = outcome_quantile(&model, frequency, 31.0, &counts, probability);
                            let error = if want == 0.0 { end } else { (end / want - 1.0).abs() };
                            let class = usize::from(mean > 10.0);
                            worst[class] = worst[class].max(error);
                        }
                    }
                }
            }
        }
        println!("largest relative error: {:.5}, with many transactions {:.5}", worst[0], worst[1]);
        assert!(worst[0] < 0.005 && worst[1] < 0.01, "{worst:?}");
    }

    #[test]
    fn the_exact_quantiles_agree_with_simulation() {
        let model = cdnow();
        let mut rng = StdRng::seed_from_u64(17);
        for (frequency, mean) in [(0, 0.0), (3, 80.0)] {
            let counts = counts(0.3, 1.2, 2.0, 60);
            let high = outcome_quantile(&model, frequency, mean, &counts, 0.9);
            let middle = outcome_quantile(&model, frequency, mean, &counts, 0.6);
            let draws = 100_000;
            let mut below = [0, 0];
            for _ in 0..draws {
                let mut u: f64 = rng.random();
                let n = counts.iter().position(|c| {
                    u -= c;
                    u < 0.0
                });
                let rate = model.draw_rate(frequency, mean, &mut rng);
                let total = model.draw_total(rate, n.unwrap_or(60) as u32, &mut rng);
                below[0] += usize::from(total <= middle);
                below[1] += usize::from(total <= high);
            }
            assert!((below[0] as f64 / f64::from(draws) - 0.6).abs() < 0.005, "{below:?}");
            assert!((below[1] as f64 / f64::from(draws) - 0.9).abs() < 0.004, "{below:?}");
        }
    }

    #[test]
    fn who_buys_nothing_spends_nothing() {
        let table = OutcomeTable::new(cdnow(), [0, 1], 10);
        assert_eq!(table.interval(0, 0.0, &[0.95, 0.04, 0.01], 0.8), Interval { low: 0.0, high: 0.0 });
        assert_eq!(table.interval(0, 0.0, &[], 0.8), Interval { low: 0.0, high: 0.0 });
        let some = table.interval(0, 0.0, &[0.85, 0.1, 0.05], 0.8);
        assert!(some.low == 0.0 && some.high > 0.0);
        assert_eq!(outcome_probability(&cdnow(), 0, 0.0, &[0.85, 0.1, 0.05], 0.0), 0.85);
        // Missing mass counts as the largest number; an unknown frequency is computed all the same.
        let missing = table.interval(1, 20.0, &[0.5, 0.2], 0.8);
        let listed = table.interval(1, 20.0, &[0.5, 0.5], 0.8);
        assert!((missing.high / listed.high - 1.0).abs() < 1e-12);
        let unknown = table.interval(7, 20.0, &[0.5, 0.5], 0.8);
        assert!((unknown.high - outcome_quantile(&cdnow(), 7, 20.0, &[0.5, 0.5], 0.9)).abs() < 1e-6 * unknown.high);
    }
}
