//! Nodes and weights for expectations over gamma and beta distributions of any shape.
//!
//! Both densities are smooth and fast falling in the right variable (the logarithm of a gamma variable, the logit of a
//! beta one), where the trapezoidal rule converges geometrically. Weights are normalised, so no constant is needed.

/// Logarithms (of the density times the Jacobian) this far below the top do not count.
const NEGLIGIBLE: f64 = 42.0;

/// `(ln λ, weight)` for λ ~ Gamma(shape, 1).
pub(crate) fn gamma_nodes(shape: f64) -> Vec<(f64, f64)> {
    let log_density = |w: f64| shape * w - w.exp();
    let step = (0.7 / shape.sqrt()).min(0.18);
    trapezoid(log_density, shape.ln(), step)
}

/// `(p, weight)` for p ~ Beta(a, b).
pub(crate) fn beta_nodes(a: f64, b: f64) -> Vec<(f64, f64)> {
    let log_density = |v: f64| -a * crate::special::softplus(-v) - b * crate::special::softplus(v);
    let spread = (1.0 / a + 1.0 / b).sqrt();
    let step = (0.7 * spread).min(0.18);
    trapezoid(log_density, (a / b).ln(), step)
        .into_iter()
        .map(|(v, weight)| (crate::special::logistic(v), weight))
        .collect()
}

fn trapezoid(log_density: impl Fn(f64) -> f64, mode: f64, step: f64) -> Vec<(f64, f64)> {
    let top = log_density(mode);
    let mut nodes = Vec::new();
    let mut total = 0.0;
    for direction in [-1.0, 1.0] {
        let mut i = if direction < 0.0 { 1.0 } else { 0.0 };
        // A tail of a tiny shape is a long plateau: the step grows with the distance, by a smooth change of variable.
        loop {
            let t: f64 = direction * i * step;
            let at = mode + stretch(t);
            let relative = log_density(at) - top;
            if relative < -NEGLIGIBLE || at < -700.0 {
                break;
            }
            let weight = relative.exp() * stretch_slope(t);
            nodes.push((at, weight));
            total += weight;
            i += 1.0;
        }
    }
    for (_, weight) in &mut nodes {
        *weight /= total;
    }
    nodes
}

/// Identity near 0, growing faster far out: `t + (sinh(t/4) * 4 - t) / 2`, entire and monotone.
fn stretch(t: f64) -> f64 {
    0.5 * t + 2.0 * (t / 4.0).sinh()
}

fn stretch_slope(t: f64) -> f64 {
    0.5 + 0.5 * (t / 4.0).cosh()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_mixing_distributions_are_exact() {
        for shape in [0.05, 0.3, 1.0, 7.0, 300.0, 1e5] {
            let mean: f64 = gamma_nodes(shape).iter().map(|(w, p)| p * w.exp()).sum();
            let square: f64 = gamma_nodes(shape).iter().map(|(w, p)| p * (2.0 * w).exp()).sum();
            assert!((mean / shape - 1.0).abs() < 1e-11, "{shape}: {mean}");
            assert!((square / (shape * (shape + 1.0)) - 1.0).abs() < 1e-11, "{shape}: {square}");
        }
        for (a, b) in [(0.05, 2.0), (0.8, 0.3), (1.0, 1.0), (30.0, 4.0), (3.0, 4000.0)] {
            let nodes = beta_nodes(a, b);
            let mean: f64 = nodes.iter().map(|(p, w)| w * p).sum();
            let square: f64 = nodes.iter().map(|(p, w)| w * p * p).sum();
            assert!((mean * (a + b) / a - 1.0).abs() < 1e-10, "{a} {b}: {mean}");
            assert!((square / (a * (a + 1.0) / ((a + b) * (a + b + 1.0))) - 1.0).abs() < 1e-10);
        }
    }
}
