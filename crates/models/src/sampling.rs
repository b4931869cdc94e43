//! Random draws that hold for every shape the fits can produce.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, Gamma, Poisson};

/// The logarithm of a Gamma(shape, 1) draw. In logarithms because a small shape makes draws below the smallest number.
pub(crate) fn ln_gamma_draw(shape: f64, rng: &mut dyn Rng) -> f64 {
    // Gamma(shape) = Gamma(shape + 1) U^(1/shape), and -ln U is exponential.
    let (boosted, tail) = if shape < 1.0 {
        let exponential: f64 = rng.sample(Exp1);
        (shape + 1.0, exponential / shape)
    } else {
        (shape, 0.0)
    };
    Gamma::new(boosted, 1.0).map_or(f64::NAN, |gamma| gamma.sample(rng)).ln() - tail
}

/// A Poisson draw; 0 for a mean of 0, the mean itself when it is so large that its spread does not matter.
pub(crate) fn poisson_draw(mean: f64, rng: &mut dyn Rng) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    Poisson::new(mean).map_or(mean, |poisson| poisson.sample(rng))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn draws_have_the_right_means() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(1);
        for shape in [0.05, 0.7, 1.0, 6.0] {
            let n = 40_000;
            let draws: Vec<f64> = (0..n).map(|_| ln_gamma_draw(shape, &mut rng)).collect();
            let mean = draws.iter().map(|d| d.exp()).sum::<f64>() / f64::from(n);
            assert!((mean - shape).abs() < 5.0 * (shape / f64::from(n)).sqrt(), "{shape}: {mean}");
            let ln_mean = draws.iter().sum::<f64>() / f64::from(n);
            let spread = (crate::special::trigamma(shape) / f64::from(n)).sqrt();
            assert!((ln_mean - crate::special::digamma(shape)).abs() < 5.0 * spread);
        }
        assert_eq!(poisson_draw(0.0, &mut rng), 0.0);
        assert!(poisson_draw(1e30, &mut rng) > 0.9e30);
    }
}
