//! The gamma function's logarithm, its derivatives, and its ratios.
//!
//! Stirling's series (Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12) from 8 upward, the recurrence below.

const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;
const SHIFT: f64 = 8.0;

/// What Stirling's formula leaves out of `ln Γ(x)`, for `x >= 8`.
fn stirling_correction(x: f64) -> f64 {
    let y = 1.0 / (x * x);
    let series = 1.0 / 12.0
        + y * (-1.0 / 360.0
            + y * (1.0 / 1260.0
                + y * (-1.0 / 1680.0
                    + y * (1.0 / 1188.0 + y * (-691.0 / 360_360.0 + y * (1.0 / 156.0 - y * (3617.0 / 122_400.0)))))));
    series / x
}

/// `ln Γ(x)` for `x > 0`; absolute error about 1e-15 times the larger of 1 and the result.
pub fn ln_gamma(x: f64) -> f64 {
    let mut x = x;
    let mut product = 1.0;
    while x < SHIFT {
        product *= x;
        x += 1.0;
    }
    (x - 0.5) * x.ln() - x + HALF_LN_TWO_PI + stirling_correction(x) - product.ln()
}

/// Derivative of `ln Γ(x)` for `x > 0`.
pub fn digamma(x: f64) -> f64 {
    let mut x = x;
    let mut sum = 0.0;
    while x < SHIFT {
        sum += 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y
        * (1.0 / 12.0
            + y * (-1.0 / 120.0
                + y * (1.0 / 252.0
                    + y * (-1.0 / 240.0
                        + y * (1.0 / 132.0 + y * (-691.0 / 32_760.0 + y * (1.0 / 12.0 - y * 3617.0 / 8160.0)))))));
    x.ln() - 0.5 / x - series - sum
}

/// Second derivative of `ln Γ(x)` for `x > 0`.
pub fn trigamma(x: f64) -> f64 {
    let mut x = x;
    let mut sum = 0.0;
    while x < SHIFT {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = 1.0 / 6.0
        + y * (-1.0 / 30.0
            + y * (1.0 / 42.0
                + y * (-1.0 / 30.0 + y * (5.0 / 66.0 + y * (-691.0 / 2730.0 + y * (7.0 / 6.0 - y * 3617.0 / 510.0))))));
    1.0 / x + 0.5 * y + y * series / x + sum
}

const SHORT_PRODUCT: f64 = 16.0;

/// `ln (Γ(a + n) / Γ(a))`, the logarithm of the rising factorial, for `a > 0` and real `n >= 0`.
///
/// Accurate where the difference of two `ln_gamma` would cancel (large `a`, small `n`).
pub fn ln_rising(a: f64, n: f64) -> f64 {
    if n == 0.0 {
        return 0.0;
    }
    if n <= SHORT_PRODUCT && n.fract() == 0.0 && a < 1e15 {
        let mut product = 1.0;
        for i in 0..n as u32 {
            product *= a + f64::from(i);
        }
        return product.ln();
    }
    let (mut a, mut upper, mut lower) = (a, 1.0, 1.0);
    while a < SHIFT {
        lower *= a;
        upper *= a + n;
        a += 1.0;
    }
    (a - 0.5) * (n / a).ln_1p() + n * ((a + n).ln() - 1.0) + stirling_correction(a + n)
        - stirling_correction(a)
        - (upper / lower).ln()
}

/// `ψ(a + n) - ψ(a)`, the derivative of [`ln_rising`] in `a`, for `a > 0` and real `n >= 0`.
pub fn digamma_rising(a: f64, n: f64) -> f64 {
    if n <= SHORT_PRODUCT && n.fract() == 0.0 {
        (0..n as u32).map(|i| 1.0 / (a + f64::from(i))).sum()
    } else {
        digamma(a + n) - digamma(a)
    }
}

#[cfg(test)]
#[expect(clippy::excessive_precision, reason = "reference values keep the digits they were computed with")]
mod tests {
    use super::*;

    /// x, ln Γ, ψ, ψ′ in 50-digit arithmetic.
    const POINTS: [(f64, f64, f64, f64); 9] = [
        (0.001, 6.9071788853838536825, -1000.5755719318103005, 1000001.642533195869),
        (0.5, 0.57236494292470008707, -1.9635100260214234794, 4.9348022005446793094),
        (1.25, -0.098271836421813161464, -0.22745353337626540809, 1.1973291545071107393),
        (3.7, 1.4280723266653879219, 1.1671535393615113859, 0.3100378576700383191),
        (7.9, 8.3242658680088089235, 2.0022384875635709878, 0.13493078345663442193),
        (8.1, 8.7273882634320405198, 2.0288674570805814803, 0.13139024657674372617),
        (25.0, 54.78472939811231919, 3.1987425128519740085, 0.040810663257225579187),
        (1234.5, 7550.5509010778948957, 7.1180162318279978433, 0.0008103727271269666527),
        (1e8, 1742068066.1038347093, 18.420680738952365464, 1.0000000050000000167e-8),
    ];

    #[test]
    fn gamma_functions_match_exact_arithmetic() {
        for (x, ln, psi, psi1) in POINTS {
            assert!((ln_gamma(x) - ln).abs() <= 4e-15 * ln.abs().max(1.0), "ln_gamma({x}) = {}", ln_gamma(x));
            assert!((digamma(x) - psi).abs() <= 4e-15 * psi.abs().max(1.0), "digamma({x}) = {}", digamma(x));
            assert!((trigamma(x) / psi1 - 1.0).abs() <= 2e-14, "trigamma({x}) = {}", trigamma(x));
        }
    }

    #[test]
    fn rising_factorials_match_exact_arithmetic() {
        let points = [
            (0.5, 3.0, 0.62860865942237413774),
            (1e-6, 40.0, 92.816253956221414149),
            (3.2, 100.0, 373.02023240503695818),
            (1e7, 5.0, 80.590479254791448941),
            (1e7, 50.0, 805.90490504771386491),
            (12.0, 2.5, 6.3604579958151990669),
        ];
        for (a, n, exact) in points {
            assert!((ln_rising(a, n) / exact - 1.0).abs() < 2e-14, "ln_rising({a}, {n}) = {}", ln_rising(a, n));
        }
        for (a, n) in [(0.3, 4.0), (5.0, 30.0), (100.0, 17.5)] {
            let step = 1e-5;
            let slope = (ln_rising(a + step, n) - ln_rising(a - step, n)) / (2.0 * step);
            assert!((digamma_rising(a, n) / slope - 1.0).abs() < 1e-7);
        }
    }
}
