//! Discounted expected residual transactions of the BG family.

use super::BgFamily;
use super::series::{self, Window};
use crate::mixing::{beta_nodes, gamma_nodes};
use crate::purchase::CustomerSummary;
use crate::quadrature::integrate;

impl BgFamily {
    /// The expected discounted sum of purchases of a customer who is alive.
    pub(super) fn discounted_alive(&self, customer: &CustomerSummary, rate: f64, horizon: Option<f64>) -> f64 {
        match horizon {
            Some(horizon) if rate == 0.0 => self.expected_alive(customer, horizon),
            Some(horizon) => self.discounted_until(customer, rate, horizon),
            None if rate == 0.0 => {
                // All purchases until the customer leaves: E[1/p].
                let b = self.alive(customer, 0).b;
                if self.a > 1.0 { (self.a + b - 1.0) / (self.a - 1.0) } else { f64::INFINITY }
            }
            None => self.discounted_forever(customer, rate),
        }
    }

    /// By parts: `e^(-δh) E(h) + δ ∫ e^(-δt) E(t) dt`, all of it positive, on panels that widen with t.
    fn discounted_until(&self, customer: &CustomerSummary, rate: f64, horizon: f64) -> f64 {
        let scale = self.alpha + customer.age;
        let expected = |t: f64| {
            let window = Window::new(scale, t);
            self.over_stages(customer, |alive| series::expected(alive, window))
        };
        let end = horizon.min(45.0 / rate);
        let mut sum = 0.0;
        let mut low = 0.0;
        let mut width = scale.min(2.0 / rate);
        while low < end {
            let high = (low + width).min(end);
            sum += integrate(low, high, 12, |t| (-rate * t).exp() * expected(t));
            low = high;
            width = (2.0 * width).min(2.0 / rate);
        }
        (-rate * horizon).exp() * expected(horizon) + rate * sum
    }

    /// Without end, over the mixing distributions: with `θ = λ / (λ + δ)` the n-th purchase from stage j on is worth
    /// `θ^(kn - j)`, and the sum over n with survival `(1 - p)^(n - 1)` is `θ^(k - j) / (1 - (1 - p) θ^k)`.
    fn discounted_forever(&self, customer: &CustomerSummary, rate: f64) -> f64 {
        let k = f64::from(self.k);
        let scale = self.alpha + customer.age;
        let dropouts = beta_nodes(self.a, self.alive(customer, 0).b);
        self.over_stages(customer, |alive| {
            let left = k - f64::from(alive.stage);
            gamma_nodes(alive.shape)
                .iter()
                .map(|&(ln_lambda, weight)| {
                    // ln θ = -ln(1 + δ/λ)
                    let ln_theta = -(rate * scale * (-ln_lambda).exp()).ln_1p();
                    let miss = -(k * ln_theta).exp_m1();
                    let hit = (k * ln_theta).exp();
                    let inner: f64 = dropouts.iter().map(|&(p, w)| w / (miss + p * hit)).sum();
                    weight * (left * ln_theta).exp() * inner
                })
                .sum()
        })
    }
}
