//! How good a forecast was: errors, ranking, calibration of probabilities and of intervals.
//!
//! Slices are parallel: element `i` belongs to customer `i`. A quantity that the data cannot give (no customers, nothing
//! bought, all predictions equal) is `None`, never NaN. Definitions are in `docs/models/accuracy.md`.

use rand::{Rng, RngExt};

/// The usual accuracy figures of one forecast, per customer, against what happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Number of customers.
    pub customers: usize,
    /// Mean absolute error, in the unit of the data.
    pub mae: f64,
    /// Root mean squared error, in the unit of the data.
    pub rmse: f64,
    /// 100 x (sum predicted / sum actual - 1).
    pub bias_percent: Option<f64>,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
    /// Share of the actual total that the tenth of customers with the highest predictions holds.
    pub top10_capture: Option<f64>,
}

/// All figures of [`Accuracy`] at once; `None` without customers or when a number is not finite.
pub fn measure(actual: &[f64], predicted: &[f64]) -> Option<Accuracy> {
    Some(Accuracy {
        customers: actual.len(),
        mae: mae(actual, predicted)?,
        rmse: rmse(actual, predicted)?,
        bias_percent: bias_percent(actual, predicted),
        spearman: spearman(actual, predicted),
        top10_capture: top_capture(actual, predicted, 0.1),
    })
}

/// Mean absolute error.
pub fn mae(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    let sum: f64 = pairs(actual, predicted).map(|(y, p)| (y - p).abs()).sum();
    finite(sum / actual.len() as f64)
}

/// Root mean squared error.
pub fn rmse(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    let sum: f64 = pairs(actual, predicted).map(|(y, p)| (y - p) * (y - p)).sum();
    finite((sum / actual.len() as f64).sqrt())
}

/// Bias of the total in percent of the actual total: positive when the forecast was too high. `None` when the actual total
/// is zero.
pub fn bias_percent(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    let (actual, predicted) = pairs(actual, predicted).fold((0.0, 0.0), |(a, b), (y, p)| (a + y, b + p));
    finite(100.0 * (predicted / actual - 1.0))
}

/// Spearman's rank correlation, with average ranks for ties. `None` when either side is constant.
pub fn spearman(actual: &[f64], predicted: &[f64]) -> Option<f64> {
    if pairs(actual, predicted).any(|(y, p)| y.is_nan() || p.is_nan()) {
        return None;
    }
    pearson(&average_ranks(actual), &average_ranks(predicted))
}

/// Share of the actual total held by the `share` (0.1 = a tenth, at least one customer) of customers with the highest
/// predictions; customers with equal predictions keep their order. `None` when the actual total is zero.
pub fn top_capture(actual: &[f64], predicted: &[f64], share: f64) -> Option<f64> {
    let total: f64 = pairs(actual, predicted).map(|(y, _)| y).sum();
    let mut order: Vec<usize> = (0..actual.len()).collect();
    order.sort_by(|&i, &j| predicted[j].total_cmp(&predicted[i]));
    // The tolerance keeps 0.1 x 10 from becoming 0.
    let taken = ((actual.len() as f64 * share + 1e-9).floor() as usize).max(1);
    let captured: f64 = order.iter().take(taken).map(|&i| actual[i]).sum();
    finite(captured / total)
}

/// Ranks from 1, equal values sharing the average of their ranks.
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for run in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let rank = before as f64 + f64::midpoint(run.len() as f64, 1.0);
        for &i in run {
            ranks[i] = rank;
        }
        before += run.len();
    }
    ranks
}

/// Randomised probability integral transform of one discrete outcome (Smith 1985; Czado, Gneiting & Held 2009): uniform on
/// (P(Y < y), P(Y <= y)], so that the values of a well calibrated forecast are uniform.
///
/// `probabilities[k]` = P(Y = k); mass beyond the last element is above every listed outcome.
pub fn randomised_pit<R: Rng + ?Sized>(probabilities: &[f64], outcome: usize, rng: &mut R) -> f64 {
    let below: f64 = probabilities.iter().take(outcome).sum();
    let here = probabilities.get(outcome).copied().unwrap_or_else(|| (1.0 - below).max(0.0));
    let uniform: f64 = rng.random();
    (below + uniform * here).clamp(0.0, 1.0)
}

/// Kolmogorov-Smirnov distance of `values` from the uniform distribution on (0, 1): 0 is perfect, 1 the worst.
pub fn uniform_distance(values: &[f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let distance = sorted.iter().enumerate().fold(0.0_f64, |worst, (i, v)| {
        let v = v.clamp(0.0, 1.0);
        worst.max(v - i as f64 / n).max((i as f64 + 1.0) / n - v)
    });
    Some(distance)
}

/// Share of outcomes inside their intervals, ends included.
pub fn coverage(actual: &[f64], low: &[f64], high: &[f64]) -> Option<f64> {
    assert!(actual.len() == low.len() && actual.len() == high.len(), "actual, low and high must be parallel");
    let inside = actual.iter().zip(low.iter().zip(high)).filter(|(y, (l, h))| *l <= *y && *y <= *h).count();
    finite(inside as f64 / actual.len() as f64)
}

/// Difference of a figure between two forecasts of the same customers, with a bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedDifference {
    /// Figure of the first forecast minus that of the second, on all customers.
    pub difference: f64,
    /// Lower end of the percentile interval.
    pub low: f64,
    /// Upper end of the percentile interval.
    pub high: f64,
}

/// Paired bootstrap (Efron & Tibshirani 1993, chapter 16): customers are drawn with replacement `draws` times, and `figure`
/// (such as [`rmse`]) of both forecasts is taken on the same draw. `level` = 0.9 gives the 5 % and 95 % quantiles.
///
/// Deterministic for a given state of `rng`. `None` when the figure cannot be computed on all customers; draws where it cannot
/// be computed are left out.
pub fn paired_bootstrap<R: Rng + ?Sized>(
    actual: &[f64],
    first: &[f64],
    second: &[f64],
    figure: fn(&[f64], &[f64]) -> Option<f64>,
    draws: usize,
    level: f64,
    rng: &mut R,
) -> Option<PairedDifference> {
    let difference = figure(actual, first)? - figure(actual, second)?;
    let n = actual.len();
    let (mut y, mut a, mut b) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut differences = Vec::with_capacity(draws);
    for _ in 0..draws {
        for i in 0..n {
            let from = rng.random_range(0..n);
            (y[i], a[i], b[i]) = (actual[from], first[from], second[from]);
        }
        if let (Some(of_first), Some(of_second)) = (figure(&y, &a), figure(&y, &b)) {
            differences.push(of_first - of_second);
        }
    }
    if differences.is_empty() {
        return None;
    }
    differences.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level.clamp(0.0, 1.0)) / 2.0;
    let quantile = |p| crate::interval::sorted_quantile(&differences, p);
    Some(PairedDifference { difference, low: quantile(tail)?, high: quantile(1.0 - tail)? })
}

fn pairs<'a>(actual: &'a [f64], predicted: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    assert_eq!(actual.len(), predicted.len(), "actual and predicted must be parallel");
    actual.iter().copied().zip(predicted.iter().copied())
}

fn pearson(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        ab += (x - mean_a) * (y - mean_b);
        aa += (x - mean_a).powi(2);
        bb += (y - mean_b).powi(2);
    }
    finite(ab / (aa * bb).sqrt()).map(|r| r.clamp(-1.0, 1.0))
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const ACTUAL: [f64; 12] = [0.0, 1.0, 0.0, 3.0, 2.0, 0.0, 5.0, 1.0, 0.0, 0.0, 2.0, 7.0];
    const PREDICTED: [f64; 12] = [0.2, 0.9, 0.2, 1.5, 2.5, 0.4, 3.0, 0.9, 0.1, 0.0, 0.9, 4.0];

    #[test]
    fn figures_agree_with_numpy_and_pandas() {
        let got = measure(&ACTUAL, &PREDICTED).unwrap();
        assert!((got.mae - 0.766_666_666_666_666_6).abs() < 1e-14);
        assert!((got.rmse - 1.189_537_725_337_031_8).abs() < 1e-14);
        assert!((got.bias_percent.unwrap() - -30.476_190_476_190_48).abs() < 1e-12);
        assert!((got.spearman.unwrap() - 0.943_578_420_212_716).abs() < 1e-14);
        // n / 10 = 1 customer: the one with the highest prediction bought 7 of 21.
        assert!((got.top10_capture.unwrap() - 7.0 / 21.0).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_had_is_none() {
        assert_eq!(measure(&[], &[]), None);
        assert_eq!(measure(&[1.0], &[f64::NAN]), None);
        let flat = measure(&[0.0, 0.0], &[1.0, 1.0]).unwrap();
        assert_eq!((flat.bias_percent, flat.spearman, flat.top10_capture), (None, None, None));
        assert_eq!(coverage(&[], &[], &[]), None);
        assert_eq!(uniform_distance(&[]), None);
    }

    #[test]
    fn equal_predictions_keep_the_order_of_customers() {
        let actual: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(top_capture(&actual, &[1.0; 20], 0.1), Some(1.0 / 190.0));
    }

    #[test]
    fn pit_of_a_true_forecast_is_uniform_and_of_a_wrong_one_is_not() {
        let mut rng = StdRng::seed_from_u64(7);
        let probabilities = [0.5, 0.3, 0.15];
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let u: f64 = rng.random();
            let outcome = [0.5, 0.8, 0.95].iter().position(|c| u < *c).unwrap_or(3);
            right.push(randomised_pit(&probabilities, outcome, &mut rng));
            wrong.push(randomised_pit(&[0.8, 0.1, 0.05], outcome, &mut rng));
        }
        assert!(uniform_distance(&right).unwrap() < 0.0115);
        assert!(uniform_distance(&wrong).unwrap() > 0.2);
    }

    #[test]
    fn the_bootstrap_tells_a_better_forecast_and_repeats_itself() {
        let actual: Vec<f64> = (0..400).map(|i| f64::from(i % 7)).collect();
        let good: Vec<f64> = actual.iter().map(|y| y * 0.9 + 0.3).collect();
        let bad = vec![3.0; 400];
        let run =
            |seed| paired_bootstrap(&actual, &good, &bad, rmse, 200, 0.9, &mut StdRng::seed_from_u64(seed)).unwrap();
        let result = run(1);
        assert!(result.low <= result.difference && result.difference <= result.high && result.high < 0.0);
        assert_eq!(result, run(1));
        assert_ne!(result, run(2));
    }

    #[test]
    fn coverage_counts_the_ends() {
        assert_eq!(coverage(&[1.0, 2.0, 3.0, 9.0], &[1.0, 1.0, 1.0, 1.0], &[1.0, 2.0, 2.0, 8.0]), Some(0.5));
    }
}
