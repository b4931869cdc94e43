//! Infinite sums whose terms fall slowly.

use crate::quadrature::gauss_legendre;

/// Sum of `f(k)` for k = `from`, `from` + 1, ... where `f` is smooth and falls like k^-`power`, `power` > 1.
///
/// Euler and Maclaurin: the integral (32 Gauss-Legendre points after a change of variable that makes the integrand nearly constant), half
/// of the first term, a twelfth of the slope. Good to about 8 digits when `from` is some hundreds.
pub(crate) fn power_tail(from: f64, power: f64, f: impl Fn(f64) -> f64) -> f64 {
    let rule = gauss_legendre(32);
    let integral: f64 = rule
        .nodes
        .iter()
        .zip(&rule.weights)
        .map(|(v, weight)| {
            let k = from * v.powf(-1.0 / (power - 1.0));
            if k.is_finite() { weight * f(k) * k / ((power - 1.0) * v) } else { 0.0 }
        })
        .sum();
    let slope = f(from + 0.5) - f(from - 0.5);
    integral + 0.5 * f(from) - slope / 12.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_the_zeta_function() {
        for (power, zeta) in
            [(1.5, 2.612_375_348_685_488), (2.0, 1.644_934_066_848_226_4), (4.0, 1.082_323_233_711_138_2)]
        {
            let listed: f64 = (1..200).map(|k| f64::from(k).powf(-power)).sum();
            let got = listed + power_tail(200.0, power, |k| k.powf(-power));
            assert!((got / zeta - 1.0).abs() < 1e-9, "{got} {zeta}");
        }
    }
}
