//! Quantiles of samples, and intervals of an estimate that come from the uncertainty of its parameters.

use crate::distribution::normal_quantile;
use crate::matrix::Matrix;

/// Two ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Quantile `p` of `values` (linear interpolation between order statistics; type 7 of Hyndman & Fan 1996). `None` when there
/// are no values, one is NaN, or `p` is outside [0, 1].
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    if values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted_quantile(&sorted, p)
}

/// [`quantile`] of values that are sorted already.
pub fn sorted_quantile(sorted: &[f64], p: f64) -> Option<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let position = p * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    Some(sorted[below] + (position - below as f64) * (sorted[above] - sorted[below]))
}

/// Quantile `p` of values that count `weights` times each: the smallest value whose cumulated weight reaches the share `p` of
/// the total. `None` when the total weight is not positive, something is NaN or `p` is outside [0, 1].
pub fn weighted_quantile(values: &[f64], weights: &[f64], p: f64) -> Option<f64> {
    assert_eq!(values.len(), weights.len(), "values and weights must be parallel");
    let mut pairs: Vec<(f64, f64)> =
        values.iter().copied().zip(weights.iter().copied()).filter(|(_, w)| *w != 0.0).collect();
    let total: f64 = pairs.iter().map(|(_, w)| w).sum();
    let broken = pairs.iter().any(|(v, w)| v.is_nan() || w.is_nan() || *w < 0.0);
    if broken || !total.is_finite() || total <= 0.0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let target = p * total * (1.0 - 1e-12);
    let mut cumulated = 0.0;
    for (value, weight) in &pairs {
        cumulated += weight;
        if cumulated >= target {
            return Some(*value);
        }
    }
    pairs.last().map(|(value, _)| *value)
}

/// Standard error of an estimate by the delta method: sqrt(g' V g), for the gradient g of the estimate in the parameters and
/// their covariance V (both in the same parameters).
pub fn delta_standard_error(gradient: &[f64], covariance: &Matrix) -> f64 {
    covariance.quadratic_form(gradient).max(0.0).sqrt()
}

/// Interval of a positive expectation from the uncertainty of the parameters alone: the delta method on the logarithm, so that the
/// interval is positive and holds the estimate. `level` = 0.8 gives the 10 % and 90 % points. A zero estimate gives (0, 0).
pub fn mean_interval(estimate: f64, gradient: &[f64], covariance: &Matrix, level: f64) -> Interval {
    mean_interval_from_error(estimate, delta_standard_error(gradient, covariance), level)
}

/// [`mean_interval`] from a standard error that is known already.
pub fn mean_interval_from_error(estimate: f64, standard_error: f64, level: f64) -> Interval {
    mean_interval_within(estimate, standard_error, standard_deviations(level))
}

/// How many standard deviations around the mean of a normal distribution hold the probability `level`: 1.28 for 0.8.
pub fn standard_deviations(level: f64) -> f64 {
    normal_quantile(f64::midpoint(1.0, level))
}

/// [`mean_interval_from_error`] for many estimates of one level, whose [`standard_deviations`] are known already.
pub fn mean_interval_within(estimate: f64, standard_error: f64, deviations: f64) -> Interval {
    if estimate <= 0.0 {
        return Interval { low: 0.0, high: 0.0 };
    }
    // Beyond e^50 the bound says nothing, and must stay finite.
    let reach = (deviations * standard_error / estimate).min(50.0);
    let factor = reach.exp();
    Interval { low: estimate / factor, high: estimate * factor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_sample() {
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
        assert_eq!(quantile(&[4.0], 0.9), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, f64::NAN], 0.5), None);
        assert_eq!(quantile(&[1.0, 2.0], 1.1), None);
    }

    #[test]
    fn weighted_quantiles_equal_those_of_repeated_values() {
        let (values, weights) = ([10.0, 20.0, 30.0], [7.0, 2.0, 1.0]);
        assert_eq!(weighted_quantile(&values, &weights, 0.5), Some(10.0));
        assert_eq!(weighted_quantile(&values, &weights, 0.7), Some(10.0));
        assert_eq!(weighted_quantile(&values, &weights, 0.8), Some(20.0));
        assert_eq!(weighted_quantile(&values, &weights, 1.0), Some(30.0));
        assert_eq!(weighted_quantile(&values, &[0.0; 3], 0.5), None);
    }

    #[test]
    fn the_delta_method_on_two_parameters() {
        let mut covariance = Matrix::zeros(2);
        covariance.set(0, 0, 4.0);
        covariance.set(1, 1, 1.0);
        covariance.set(0, 1, -1.0);
        covariance.set(1, 0, -1.0);
        // var(a + 2 b) = 4 + 4 - 4
        assert_eq!(delta_standard_error(&[1.0, 2.0], &covariance), 2.0);
        let interval = mean_interval(10.0, &[1.0, 2.0], &covariance, 0.8);
        assert!((interval.low * interval.high - 100.0).abs() < 1e-9 && interval.low < 10.0);
        assert!((interval.high - 10.0 * (0.2_f64 * 1.281_551_565_544_6).exp()).abs() < 1e-9);
    }
}
