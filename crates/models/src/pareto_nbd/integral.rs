//! The one integral behind Pareto/NBD: `∫_0^L (A / (A + v))^p (B / (B + v))^q dv`.
//!
//! The textbook writes it as a difference of two Gauss hypergeometric functions, which cancels. In
//! `w = ln((γ + v) / γ)`, γ the smaller of A and B, the integrand is a product of exponentials of slowly varying
//! functions, positive and analytic within π of the real axis: a few Gauss-Legendre nodes give it to 12 digits or more.

use crate::quadrature::{Rule, gauss_legendre};

/// Logarithms this far below the top do not count.
const NEGLIGIBLE: f64 = 42.0;
/// Longest panel in w, and longest in units of the local decay.
const LONGEST: f64 = 2.5;
const STEEPEST: f64 = 16.0;

/// What the integral is taken of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Powers {
    /// Scale and power of the purchase rate.
    pub a: f64,
    pub p: f64,
    /// Scale and power of the dropout rate.
    pub b: f64,
    pub q: f64,
}

/// The integral and means under its integrand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    /// The integral.
    pub integral: f64,
    /// Mean of `ln((A + v) / A)`.
    pub ln_a: f64,
    /// Mean of `ln((B + v) / B)`.
    pub ln_b: f64,
    /// Mean of `1 / (A + v)`.
    pub inverse_a: f64,
    /// Mean of `1 / (B + v)`.
    pub inverse_b: f64,
}

/// The rule for a panel of length `length` over which the logarithm changes by `change`: error about 1e-11 at most, from
/// the remainder of Gauss-Legendre for an exponential and from the ellipse of analyticity.
fn rule_for(length: f64, change: f64) -> &'static Rule {
    let by_length = match length {
        l if l <= 0.3 => 4,
        l if l <= 1.0 => 6,
        l if l <= 1.8 => 8,
        _ => 12,
    };
    let by_change = match change {
        c if c <= 0.6 => 4,
        c if c <= 2.0 => 6,
        c if c <= 5.0 => 8,
        c if c <= 11.0 => 12,
        _ => 16,
    };
    gauss_legendre(by_length.max(by_change))
}

/// Calls `visit(w, e^w, ln((other + v) / other), weight times integrand / γ)` at every node; `reach` is the upper limit of
/// w and may be infinite. Returns the analytic rest beyond the last node (over γ).
#[inline]
fn nodes(inner: f64, outer: f64, ratio: f64, reach: f64, mut visit: impl FnMut(f64, f64, f64, f64)) -> f64 {
    let exponent = |w: f64, outer_log: f64| (1.0 - inner) * w - outer * outer_log;
    // Slope of the exponent; it falls from 1 - inner - outer ratio to 1 - inner - outer.
    let slope = |w: f64| {
        let e = w.exp();
        1.0 - inner - outer * if e.is_finite() { ratio * e / ((1.0 - ratio) + ratio * e) } else { 1.0 }
    };
    let mut low = 0.0;
    let mut top = 0.0_f64;
    let mut slope_low = 1.0 - inner - outer * ratio;
    while low < reach {
        let mut length = (reach - low).min(LONGEST);
        let mut slope_high = slope(low + length);
        let steepest = slope_low.abs().max(slope_high.abs());
        if steepest * length > STEEPEST {
            length = STEEPEST / steepest;
            slope_high = slope(low + length);
        }
        let rule = rule_for(length, slope_low.abs().max(slope_high.abs()) * length);
        for (t, weight) in rule.nodes.iter().zip(&rule.weights) {
            let w = low + length * t;
            let e = w.exp();
            let outer_log = ((1.0 - ratio) + ratio * e).ln();
            visit(w, e, outer_log, weight * length * exponent(w, outer_log).exp());
        }
        low += length;
        slope_low = slope_high;
        if low < reach {
            let here = exponent(low, (ratio * low.exp_m1()).ln_1p());
            top = top.max(here);
            if here < top - NEGLIGIBLE {
                return 0.0;
            }
            // Far out both factors are pure powers.
            if low > 40.0 - ratio.ln() {
                let decay = -(1.0 - inner - outer);
                let rest = if reach.is_finite() { -(-decay * (reach - low)).exp_m1() } else { 1.0 };
                return here.exp() / decay * rest;
            }
        }
    }
    0.0
}

/// The integral from 0 to `length`, which may be infinite when `p + q > 1`.
pub(super) fn integral(powers: &Powers, length: f64) -> f64 {
    let Powers { a, p, b, q } = *powers;
    let (small, inner, outer, ratio) = if a <= b { (a, p, q, a / b) } else { (b, q, p, b / a) };
    let reach = (length / small).ln_1p();
    let mut sum = 0.0;
    let rest = nodes(inner, outer, ratio, reach, |_, _, _, value| sum += value);
    small * (sum + rest)
}

/// The integral with its means. `ln_ratio_a = ln((A + length) / A)` and likewise for b.
pub(super) fn moments(powers: &Powers, ln_ratio_a: f64, ln_ratio_b: f64) -> Moments {
    let Powers { a, p, b, q } = *powers;
    let inner_is_a = a <= b;
    let (small, inner, outer, ratio, reach) =
        if inner_is_a { (a, p, q, a / b, ln_ratio_a) } else { (b, q, p, b / a, ln_ratio_b) };
    let (mut sum, mut ln_inner, mut ln_outer, mut inverse_inner, mut inverse_outer) = (0.0, 0.0, 0.0, 0.0, 0.0);
    nodes(inner, outer, ratio, reach, |w, e, outer_log, value| {
        sum += value;
        ln_inner += value * w;
        ln_outer += value * outer_log;
        inverse_inner += value / e;
        inverse_outer += value / ((1.0 - ratio) + ratio * e);
    });
    let scale = 1.0 / sum;
    let (large, means) =
        (if inner_is_a { b } else { a }, [ln_inner, ln_outer, inverse_inner, inverse_outer].map(|m| m * scale));
    let (inverse_small, inverse_large) = (means[2] / small, means[3] / large);
    if inner_is_a {
        Moments {
            integral: small * sum,
            ln_a: means[0],
            ln_b: means[1],
            inverse_a: inverse_small,
            inverse_b: inverse_large,
        }
    } else {
        Moments {
            integral: small * sum,
            ln_a: means[1],
            ln_b: means[0],
            inverse_a: inverse_large,
            inverse_b: inverse_small,
        }
    }
}
