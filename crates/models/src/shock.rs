//! How wrong forecasts of totals were: errors of level that do not average out over customers.
//!
//! Two are told apart: one that hits the whole shop, and one that hits customers of similar frequency, which matters for the
//! total of a group that differs from the shop in its mix. Both are estimated from forecasts made at the origins of the rolling
//! windows, and drawn toward a prior, since windows are few.

use crate::purchase::CustomerSummary;

/// Number of frequency classes: 0, 1, 2-3, 4-8, and 9 or more repeat purchases.
pub const CLASSES: usize = 5;

/// The frequency class of a customer.
pub fn class_of(customer: &CustomerSummary) -> usize {
    match customer.frequency {
        0 => 0,
        1 => 1,
        2..=3 => 2,
        4..=8 => 3,
        _ => 4,
    }
}

/// Purchases by frequency class.
pub type ByClass = [f64; CLASSES];

/// Adds up a value per group of equal customers by class.
pub fn by_class(customers: &[CustomerSummary], values: impl Iterator<Item = f64>) -> ByClass {
    let mut sums = [0.0; CLASSES];
    for (customer, value) in customers.iter().zip(values) {
        sums[class_of(customer)] += value;
    }
    sums
}

/// Standard deviations of the logarithm of actual over forecast totals, beside chance and uncertain parameters.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Shocks {
    /// Of the whole shop.
    pub common: f64,
    /// Of a frequency class relative to the shop, classes independent.
    pub class: f64,
    /// Share of each class in the expected purchases of the shop.
    pub shares: ByClass,
    /// Windows the deviations were estimated from; with none they are the prior values.
    pub windows: usize,
}

impl Shocks {
    /// Deviation assumed for either shock before anything is seen.
    pub const PRIOR_DEVIATION: f64 = 0.14;
    /// Weight of the prior in windows (classes count as windows of their own).
    pub const PRIOR_WINDOWS: f64 = 3.0;

    /// From the actual and the expected purchases by class in each window. `expected` is the forecast that the shocks are
    /// wanted for.
    pub fn from_windows(windows: &[(ByClass, ByClass)], expected: &ByClass) -> Self {
        let (mut common, mut class, mut classes) = (0.0, 0.0, 0.0);
        for (actual, forecast) in windows {
            let (total, variance) = log_error(actual.iter().sum(), forecast.iter().sum());
            common += (total * total - variance).max(0.0);
            for (&y, &p) in actual.iter().zip(forecast) {
                if p >= FEW_PURCHASES {
                    let (error, variance) = log_error(y, p);
                    class += ((error - total).powi(2) - variance).max(0.0);
                    classes += 1.0;
                }
            }
        }
        let prior = Self::PRIOR_WINDOWS * Self::PRIOR_DEVIATION * Self::PRIOR_DEVIATION;
        let count = windows.len() as f64;
        Self {
            common: ((prior + common) / (Self::PRIOR_WINDOWS + count)).sqrt(),
            class: ((prior + class) / (Self::PRIOR_WINDOWS + classes)).sqrt(),
            shares: shares(expected),
            windows: windows.len(),
        }
    }

    /// Standard deviation of the logarithm of the shock on a total with these expected purchases by class: the common shock,
    /// and that part of the class shocks which does not cancel out within the shop.
    pub fn deviation(&self, expected: &ByClass) -> f64 {
        let differences = shares(expected).into_iter().zip(self.shares).map(|(group, shop)| (group - shop).powi(2));
        (self.common * self.common + self.class * self.class * differences.sum::<f64>()).sqrt()
    }
}

/// Factors on the expected purchases of each frequency class, learned from the windows, that leave the total of `expected` as it is.
///
/// Only what a class missed by more than the shop as a whole counts: the level of the shop is mostly luck, who among its customers is
/// taken too low is less so. The mean of the windows' logarithms is drawn toward 0 with [`Shocks::PRIOR_WINDOWS`].
pub fn class_levels(windows: &[(ByClass, ByClass)], expected: &ByClass) -> ByClass {
    // Beyond this a window was out of the ordinary.
    const MOST: f64 = 0.5;
    let mut factors = [1.0; CLASSES];
    for (class, factor) in factors.iter_mut().enumerate() {
        let (mut sum, mut count) = (0.0, 0.0);
        for (actual, forecast) in windows {
            if forecast[class] >= FEW_PURCHASES {
                let (total, _) = log_error(actual.iter().sum(), forecast.iter().sum());
                sum += log_error(actual[class], forecast[class]).0 - total;
                count += 1.0;
            }
        }
        *factor = (sum / (count + Shocks::PRIOR_WINDOWS)).clamp(-MOST, MOST).exp();
    }
    let moved: f64 = expected.iter().zip(&factors).map(|(e, factor)| e * factor).sum();
    let scale = if moved > 0.0 { expected.iter().sum::<f64>() / moved } else { 1.0 };
    factors.map(|factor| factor * scale)
}

/// Fewer expected purchases than this say nothing of a class: chance covers everything.
const FEW_PURCHASES: f64 = 20.0;

fn shares(expected: &ByClass) -> ByClass {
    let total: f64 = expected.iter().sum();
    if total > 0.0 { expected.map(|e| e / total) } else { [0.0; CLASSES] }
}

/// Logarithm of actual over expected, and its variance by chance: twice that of a Poisson count, since customers differ.
fn log_error(actual: f64, expected: f64) -> (f64, f64) {
    (((actual + 1.0) / (expected + 1.0)).ln(), 2.0 / (actual + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_itself_has_the_common_shock_alone() {
        let expected = [4000.0, 3000.0, 2000.0, 1000.0, 0.0];
        let none = Shocks::from_windows(&[], &expected);
        assert_eq!((none.common, none.class, none.windows), (0.14, 0.14, 0));
        assert_eq!(none.deviation(&expected), 0.14);
        assert_eq!(none.deviation(&expected.map(|e| e / 8.0)), 0.14);
        assert!(none.deviation(&[10.0, 0.0, 0.0, 0.0, 0.0]) > 0.17);
    }

    #[test]
    fn class_levels_move_the_classes_and_not_the_total() {
        let expected = [4000.0, 3000.0, 2000.0, 1000.0, 10.0];
        let actual = [6000.0, 3000.0, 2000.0, 1000.0, 40.0];
        let factors = class_levels(&[(actual, expected); 3], &expected);
        // Three windows weigh as much as the prior: half of the logarithm is believed; ten purchases are not.
        assert!((factors[0] / factors[1] - 1.5_f64.sqrt()).abs() < 1e-3);
        assert!(factors[4] > factors[1] && factors[4] < factors[0]);
        let moved: f64 = expected.iter().zip(factors).map(|(e, f)| e * f).sum();
        assert!((moved / 10_010.0 - 1.0).abs() < 1e-12);
        assert_eq!(class_levels(&[], &expected), [1.0; CLASSES]);
        let doubled = class_levels(&[(actual.map(|a| a * 2.0), actual)], &[0.0; CLASSES]);
        assert!(doubled.iter().all(|factor| (factor - 1.0).abs() < 0.01));
    }

    #[test]
    fn errors_of_past_windows_move_the_deviations() {
        let expected = [4000.0, 3000.0, 2000.0, 1000.0, 0.0];
        let good = Shocks::from_windows(&[(expected, expected); 6], &expected);
        assert!(good.common < 0.1 && good.class < 0.07);
        let bad = Shocks::from_windows(&[(expected.map(|e| e * 1.5), expected); 6], &expected);
        assert!(bad.common > 0.3 && bad.class < 0.07);
        let mixed = Shocks::from_windows(&[([8000.0, 3000.0, 1000.0, 500.0, 0.0], expected); 6], &expected);
        assert!(mixed.class > 0.3);
    }
}
