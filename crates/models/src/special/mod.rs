//! Special functions that the models need, written for positive arguments and for large ranges.
//!
//! Everything that can overflow is offered in logarithms; everything that would cancel is offered as a ratio or a
//! difference of its own.

mod beta;
mod gamma;
mod hypergeometric;

pub use beta::{ln_beta, regularized_beta, regularized_beta_split};
pub use gamma::{digamma, digamma_rising, ln_gamma, ln_rising, trigamma};
pub use hypergeometric::ln_hyp2f1;

/// `ln(e^a + e^b)` without overflow.
pub fn log_sum_exp(a: f64, b: f64) -> f64 {
    let (high, low) = if a >= b { (a, b) } else { (b, a) };
    if high == f64::NEG_INFINITY { f64::NEG_INFINITY } else { high + (low - high).exp().ln_1p() }
}

/// `ln(e^a - e^b)` for `a >= b`, without overflow; minus infinity when they are equal, NaN when `a < b`.
pub fn log_diff_exp(a: f64, b: f64) -> f64 {
    let gap = b - a;
    if b == f64::NEG_INFINITY {
        a
    } else if gap > -std::f64::consts::LN_2 {
        a + (-gap.exp_m1()).ln()
    } else {
        a + (-gap.exp()).ln_1p()
    }
}

/// `ln(1 + e^x)` without overflow.
pub fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

/// `1 / (1 + e^-x)` without overflow.
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// `(1 - e^(-s y)) / s`, smooth through `s = 0` where it is `y`.
///
/// This is the integral of `e^(-s w)` over `w` from 0 to `y`; the removable singularities of the textbook formulas
/// (`s = 1` in Pareto/NBD, `a = 1` in BG/NBD) all have this shape.
pub fn exponential_integral_to(s: f64, y: f64) -> f64 {
    let sy = s * y;
    if sy.abs() < 1e-8 { y * (1.0 - 0.5 * sy) } else { -(-sy).exp_m1() / s }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_sums_hold_in_the_extremes() {
        assert_eq!(log_sum_exp(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
        assert!((log_sum_exp(1000.0, 1000.0) - (1000.0 + std::f64::consts::LN_2)).abs() < 1e-12);
        assert!((log_diff_exp(1000.0, 999.0) - (1000.0 + (1.0 - (-1.0_f64).exp()).ln())).abs() < 1e-12);
        assert_eq!(log_diff_exp(3.0, 3.0), f64::NEG_INFINITY);
        assert!((softplus(-800.0)).abs() < 1e-300 && (softplus(800.0) - 800.0).abs() < 1e-12);
        assert!((logistic(-2.0) + logistic(2.0) - 1.0).abs() < 1e-15);
        assert!((exponential_integral_to(1e-12, 3.0) - 3.0).abs() < 1e-10);
        assert!((exponential_integral_to(0.5, 3.0) - (1.0 - (-1.5_f64).exp()) / 0.5).abs() < 1e-14);
    }
}
