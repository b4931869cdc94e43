//! Quantiles of the normal and gamma distributions, and the regularised incomplete gamma function.

use crate::special::ln_gamma;

/// Quantile of the standard normal distribution for `0 < p < 1`, absolute error below 1e-9 for `p` in (1e-300, 1 - 1e-16):
/// Newton steps on the tail probability from the approximation of Abramowitz & Stegun 26.2.23. Minus or plus infinity at
/// 0 and 1, NaN outside.
pub fn normal_quantile(p: f64) -> f64 {
    if p.is_nan() || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 || p == 1.0 {
        return if p == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let tail = p.min(1.0 - p);
    let t = (-2.0 * tail.ln()).sqrt();
    let mut z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for _ in 0..3 {
        // Newton on ln(tail probability): well behaved far out, where the probability itself underflows.
        let upper = upper_normal(z);
        let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
        if upper > 0.0 && density > 0.0 {
            z += (upper / tail).ln() * upper / density;
        }
    }
    if p < 0.5 { -z } else { z }
}

/// P(Z > z) for a standard normal Z.
fn upper_normal(z: f64) -> f64 {
    if z >= 0.0 { 0.5 * upper_gamma(0.5, 0.5 * z * z) } else { 1.0 - 0.5 * upper_gamma(0.5, 0.5 * z * z) }
}

/// The regularised lower incomplete gamma function P(a, x) for `a > 0`, `x >= 0` (DLMF 8.2.4): probability that a gamma variate
/// of shape `a` and rate 1 is at most `x`.
pub fn lower_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x < a + 1.0 {
        lower_series(a, x)
    } else {
        1.0 - upper_fraction(a, x)
    }
}

/// The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate in the upper tail.
pub fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if x < a + 1.0 {
        1.0 - lower_series(a, x)
    } else {
        upper_fraction(a, x)
    }
}

fn ln_front(a: f64, x: f64) -> f64 {
    a * x.ln() - x - ln_gamma(a)
}

/// Power series, DLMF 8.7.1.
fn lower_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    let mut k = a;
    for _ in 0..100_000 {
        k += 1.0;
        term *= x / k;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    (ln_front(a, x).exp() * sum).min(1.0)
}

/// Continued fraction, DLMF 8.9.2, by Lentz's method.
fn upper_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..100_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        if c.abs() < TINY {
            c = TINY;
        }
        let change = c * d;
        h *= change;
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (ln_front(a, x).exp() * h).min(1.0)
}

/// Quantile of the gamma distribution with `shape` > 0 and rate 1, for `0 <= p <= 1`; relative error about 1e-12, or
/// 1e-7 from `shape` 100,000 on, where the approximation of Wilson & Hilferty (1931) is taken as it is.
pub fn gamma_quantile(shape: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    // Wilson & Hilferty's start, or the leading term of the series near zero.
    let z = normal_quantile(p);
    let cube = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt());
    if shape >= 1e5 {
        return shape * cube.max(0.0).powi(3);
    }
    let near_zero = ((p.ln() + ln_gamma(shape + 1.0)) / shape).exp();
    let start = if cube > 0.2 { shape * cube.powi(3) } else { near_zero };
    let mut log_x = start.max(1e-300).ln();
    let (mut low, mut high) = (-745.0, 745.0);
    for _ in 0..100 {
        let x = log_x.exp();
        let above = lower_gamma(shape, x) - p;
        if above > 0.0 {
            high = log_x;
        } else {
            low = log_x;
        }
        let slope = (ln_front(shape, x)).exp();
        let mut next = log_x - above / slope;
        if !next.is_finite() || next <= low || next >= high {
            next = f64::midpoint(low, high);
        }
        let moved = (next - log_x).abs();
        log_x = next;
        if moved < 1e-13 * log_x.abs().max(1.0) {
            break;
        }
    }
    log_x.exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() <= tolerance * want.abs().max(1e-300), "{got} is not {want}");
    }

    #[test]
    fn normal_quantiles_agree_with_tables() {
        close(normal_quantile(0.9), 1.281_551_565_544_600_5, 1e-12);
        close(normal_quantile(0.1), -1.281_551_565_544_600_5, 1e-12);
        close(normal_quantile(0.975), 1.959_963_984_540_054, 1e-12);
        close(normal_quantile(1e-20), -9.262_340_089_798_409, 1e-10);
        assert!(normal_quantile(0.5).abs() < 1e-12);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(1.5).is_nan());
    }

    #[test]
    fn gamma_quantiles_invert_the_distribution() {
        close(gamma_quantile(2.5, 0.3), 1.499_954_066_379_952_9, 1e-12);
        let limit = 99_999.0;
        for p in [0.001, 0.1, 0.5, 0.999] {
            close(gamma_quantile(1e5, p), gamma_quantile(limit, p) + 1.0, 2e-7);
        }
        for shape in [0.01, 0.3, 1.0, 7.5, 200.0, 50_000.0] {
            for p in [1e-6, 0.05, 0.5, 0.9, 0.999] {
                let x = gamma_quantile(shape, p);
                if x > 1e-290 {
                    close(lower_gamma(shape, x), p, 1e-9);
                    close(lower_gamma(shape, x) + upper_gamma(shape, x), 1.0, 1e-12);
                }
            }
        }
    }
}
