//! Gauss-Legendre quadrature: few nodes, smooth integrands.

use std::sync::OnceLock;

/// Nodes and weights of one rule on the interval from 0 to 1.
#[derive(Debug)]
pub struct Rule {
    /// Where to evaluate.
    pub nodes: Vec<f64>,
    /// How much each evaluation counts; they sum to 1.
    pub weights: Vec<f64>,
}

const SIZES: [usize; 7] = [4, 6, 8, 12, 16, 24, 32];

/// The smallest stored Gauss-Legendre rule with at least `points` nodes (at most 32).
pub fn gauss_legendre(points: usize) -> &'static Rule {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    let rules = RULES.get_or_init(|| SIZES.iter().map(|&n| build(n)).collect());
    let index = SIZES.iter().position(|&n| n >= points).unwrap_or(SIZES.len() - 1);
    &rules[index]
}

/// Newton's method on the Legendre polynomial, from the usual cosine starts.
fn build(points: usize) -> Rule {
    let n = points as f64;
    let mut nodes = vec![0.0; points];
    let mut weights = vec![0.0; points];
    for i in 0..points {
        let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut previous, mut value) = (1.0, x);
            for j in 2..=points {
                let j = j as f64;
                let next = ((2.0 * j - 1.0) * x * value - (j - 1.0) * previous) / j;
                previous = value;
                value = next;
            }
            slope = n * (x * value - previous) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        nodes[points - 1 - i] = 0.5 * (1.0 + x);
        weights[points - 1 - i] = 1.0 / ((1.0 - x * x) * slope * slope);
    }
    Rule { nodes, weights }
}

/// The integral of `f` from `low` to `high`, with one rule of `points` nodes.
pub fn integrate(low: f64, high: f64, points: usize, mut f: impl FnMut(f64) -> f64) -> f64 {
    let rule = gauss_legendre(points);
    let width = high - low;
    width * rule.nodes.iter().zip(&rule.weights).map(|(t, w)| w * f(low + width * t)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_integrates_polynomials_of_its_degree() {
        for &n in &SIZES {
            for degree in [0, 1, n, 2 * n - 1] {
                let value = integrate(0.0, 1.0, n, |t| t.powi(degree as i32));
                assert!((value * (degree as f64 + 1.0) - 1.0).abs() < 1e-13, "{n} points, degree {degree}: {value}");
            }
        }
        assert!((integrate(1.0, 3.0, 16, f64::exp) - (3.0_f64.exp() - 1.0_f64.exp())).abs() < 1e-13);
    }
}
