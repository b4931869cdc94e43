//! Pareto/NBD (Schmittlein, Morrison & Colombo 1987).
//!
//! A customer buys at rate lambda ~ Gamma(r, alpha) until an unseen death at rate mu ~ Gamma(s, beta). Formulas after
//! Fader & Hardie (2005), "A note on deriving the Pareto/NBD model"; every integral is done by quadrature of positive
//! terms (see `integral`), not by differences of hypergeometric functions.

mod integral;
mod likelihood;

use integral::{Powers, integral, moments};
pub(crate) use likelihood::ParetoLikelihood;
use rand::{Rng, RngExt};
use rand_distr::Exp1;

use crate::purchase::{CustomerSummary, Predictions, PurchaseModel, PurchaseModelKind};
use crate::quadrature::gauss_legendre;
use crate::sampling::{ln_gamma_draw, poisson_draw};
use crate::special::{exponential_integral_to, ln_rising, logistic, softplus};

/// Pareto/NBD with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl ParetoNbd {
    /// The model with r, alpha, s, beta.
    pub(crate) fn new([r, alpha, s, beta]: [f64; 4]) -> Self {
        Self { r, alpha, s, beta }
    }

    fn shape(&self, customer: &CustomerSummary) -> f64 {
        self.r + f64::from(customer.frequency)
    }

    /// Logarithm of the odds of having left before T.
    fn ln_left_odds(&self, customer: &CustomerSummary) -> f64 {
        let length = customer.age - customer.recency;
        if length <= 0.0 {
            return f64::NEG_INFINITY;
        }
        let (a, b) = (self.alpha + customer.recency, self.beta + customer.recency);
        let shape = self.shape(customer);
        let powers = Powers { a, p: shape, b, q: self.s + 1.0 };
        (self.s / b * integral(&powers, length)).ln() + shape * (length / a).ln_1p() + self.s * (length / b).ln_1p()
    }

    /// [`Self::ln_left_odds`] with its derivatives in the logarithms of the parameters.
    fn ln_left_odds_gradient(&self, customer: &CustomerSummary) -> (f64, [f64; 4]) {
        let length = customer.age - customer.recency;
        if length <= 0.0 {
            return (f64::NEG_INFINITY, [0.0; 4]);
        }
        let (a, b) = (self.alpha + customer.recency, self.beta + customer.recency);
        let shape = self.shape(customer);
        let (gap_a, gap_b) = ((length / a).ln_1p(), (length / b).ln_1p());
        let m = moments(&Powers { a, p: shape, b, q: self.s + 1.0 }, gap_a, gap_b);
        let odds = (self.s / b * m.integral).ln() + shape * gap_a + self.s * gap_b;
        let by_alpha = shape * (1.0 / (self.alpha + customer.age) - m.inverse_a);
        let by_beta = self.s / (self.beta + customer.age) - (self.s + 1.0) * m.inverse_b;
        let by_s = 1.0 / self.s + gap_b - m.ln_b;
        (odds, [self.r * (gap_a - m.ln_a), self.alpha * by_alpha, self.s * by_s, self.beta * by_beta])
    }

    /// The next purchase of a customer who is alive: its density in time, up to the factor R / (alpha + T).
    fn next_purchase(&self, customer: &CustomerSummary) -> Powers {
        Powers { a: self.alpha + customer.age, p: self.shape(customer) + 1.0, b: self.beta + customer.age, q: self.s }
    }

    /// Mean purchase rate of a customer who is alive.
    fn rate(&self, customer: &CustomerSummary) -> f64 {
        self.shape(customer) / (self.alpha + customer.age)
    }

    /// Expected time alive within the horizon of a customer who is alive.
    fn time_alive(&self, age: f64, horizon: f64) -> f64 {
        let scale = self.beta + age;
        scale * exponential_integral_to(self.s - 1.0, (horizon / scale).ln_1p())
    }

    /// The same with each moment discounted; infinite where it does not exist.
    fn discounted_time_alive(&self, age: f64, rate: f64, horizon: Option<f64>) -> f64 {
        let scale = self.beta + age;
        let z = rate * scale;
        let reach = match horizon {
            Some(h) if z == 0.0 => return self.time_alive(age, h),
            None if z == 0.0 => return if self.s > 1.0 { scale / (self.s - 1.0) } else { f64::INFINITY },
            Some(h) => (h / scale).ln_1p(),
            None => f64::INFINITY,
        };
        // In w = ln(1 + t / scale): exp(-z (e^w - 1) + (1 - s) w).
        let exponent = |w: f64| (1.0 - self.s) * w - z * w.exp_m1();
        let slope = |w: f64| (1.0 - self.s - z * w.exp()).abs();
        let rule = gauss_legendre(16);
        let (mut low, mut sum, mut top) = (0.0, 0.0, 0.0_f64);
        while low < reach && exponent(low) > top - 45.0 {
            let mut length = (reach - low).min(1.0);
            length = length.min(12.0 / slope(low).max(slope(low + length)));
            for (t, weight) in rule.nodes.iter().zip(&rule.weights) {
                sum += weight * length * exponent(low + length * t).exp();
            }
            low += length;
            top = top.max(exponent(low));
        }
        scale * sum
    }

    /// P(X = 0..=max) of a customer who is alive: alive to the end of the window, or left inside it.
    fn probabilities_alive(&self, customer: &CustomerSummary, horizon: f64, max: usize) -> Vec<f64> {
        let (a, b, shape) = (self.alpha + customer.age, self.beta + customer.age, self.shape(customer));
        let mut out = vec![0.0; max + 1];
        // Adds weight times the negative binomial probabilities of a window v.
        let mut add = |v: f64, weight: f64| {
            let share = v / (a + v);
            let mut ln_probability = -shape * (v / a).ln_1p();
            let mut probability = ln_probability.exp();
            for (n, p) in out.iter_mut().enumerate() {
                *p += weight * probability;
                let step = (shape + n as f64) / (n as f64 + 1.0) * share;
                if probability > 1e-250 {
                    probability *= step;
                    ln_probability = f64::NEG_INFINITY;
                } else if ln_probability > f64::NEG_INFINITY {
                    ln_probability += step.ln();
                    probability = ln_probability.exp();
                }
            }
        };
        add(horizon, (-self.s * (horizon / b).ln_1p()).exp());
        // In w = ln(1 + v / b): the density of leaving is s e^(-s w). Panels as wide as the narrowest hump allows.
        let reach = (horizon / b).ln_1p();
        let rule = gauss_legendre(16);
        let first = (2.0 * a / ((shape + 1.0) * b)).ln_1p().min(0.5).min(4.0 / self.s);
        let grow = (4.0 / shape.sqrt()).min(1.0);
        let mut low = 0.0;
        while low < reach && self.s * low < 45.0 {
            let high = (low + (grow * low).clamp(first, 1.0_f64.min(8.0 / self.s).max(first))).min(reach);
            for (t, weight) in rule.nodes.iter().zip(&rule.weights) {
                let w = low + (high - low) * t;
                add(b * w.exp_m1(), weight * (high - low) * self.s * (-self.s * w).exp());
            }
            low = high;
        }
        out
    }
}

impl PurchaseModel for ParetoNbd {
    fn kind(&self) -> PurchaseModelKind {
        PurchaseModelKind::ParetoNbd
    }

    fn parameters(&self) -> Vec<f64> {
        vec![self.r, self.alpha, self.s, self.beta]
    }

    fn log_likelihood(&self, customer: &CustomerSummary) -> f64 {
        let x = f64::from(customer.frequency);
        ln_rising(self.r, x)
            - self.r * (customer.age / self.alpha).ln_1p()
            - x * (self.alpha + customer.age).ln()
            - self.s * (customer.age / self.beta).ln_1p()
            + softplus(self.ln_left_odds(customer))
    }

    fn p_alive(&self, customer: &CustomerSummary) -> f64 {
        logistic(-self.ln_left_odds(customer))
    }

    fn expected_purchases(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        self.p_alive(customer) * self.rate(customer) * self.time_alive(customer.age, horizon)
    }

    fn purchase_probabilities(&self, customer: &CustomerSummary, horizon: f64, max: usize) -> Vec<f64> {
        let odds = self.ln_left_odds(customer);
        let mut probabilities = self.probabilities_alive(customer, horizon, max);
        for p in &mut probabilities {
            *p *= logistic(-odds);
        }
        probabilities[0] += logistic(odds);
        probabilities
    }

    fn probability_of_purchase(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        let some = self.rate(customer) * integral(&self.next_purchase(customer), horizon);
        self.p_alive(customer) * some.min(1.0)
    }

    fn time_to_next_purchase(&self, customer: &CustomerSummary, quantile: f64) -> f64 {
        let powers = self.next_purchase(customer);
        let target = quantile * integral(&powers, f64::INFINITY);
        let missing = |t: f64| target - integral(&powers, t);
        let mut high = powers.a;
        while missing(high) > 0.0 && high < f64::MAX / 4.0 {
            high *= 2.0;
        }
        let mut low = high;
        while missing(low) <= 0.0 && low > f64::MIN_POSITIVE * 4.0 {
            low *= 0.5;
        }
        // Newton's method on the logarithm of time: the density is the integrand itself. Steps that leave the bracket halve it.
        let mut at = f64::midpoint(low, high);
        for _ in 0..100 {
            let miss = missing(at);
            if miss > 0.0 {
                low = at;
            } else {
                high = at;
            }
            let density = (-powers.p * (at / powers.a).ln_1p() - powers.q * (at / powers.b).ln_1p()).exp();
            let next = at * (miss / (at * density)).clamp(-1.0, 1.0).exp();
            let next = if next > low && next < high { next } else { f64::midpoint(low, high) };
            if (next - at).abs() <= 1e-11 * at {
                return next;
            }
            at = next;
        }
        at
    }

    fn times_to_next_purchase(&self, customers: &[CustomerSummary], quantile: f64) -> Vec<f64> {
        // Whoever buys again is alive, and then x and T say it all.
        let mut order: Vec<usize> = (0..customers.len()).collect();
        order.sort_unstable_by(|&i, &j| {
            let (a, b) = (&customers[i], &customers[j]);
            a.frequency.cmp(&b.frequency).then(a.age.total_cmp(&b.age))
        });
        let mut times = vec![0.0; customers.len()];
        let mut shared: Option<(u32, f64, f64)> = None;
        for i in order {
            let customer = &customers[i];
            let known = shared.filter(|(x, age, _)| *x == customer.frequency && *age == customer.age);
            let time = known.map_or_else(|| self.time_to_next_purchase(customer, quantile), |(_, _, time)| time);
            times[i] = time;
            shared = Some((customer.frequency, customer.age, time));
        }
        times
    }

    fn dert(&self, customer: &CustomerSummary, discount_rate: f64, horizon: Option<f64>) -> f64 {
        self.p_alive(customer) * self.rate(customer) * self.discounted_time_alive(customer.age, discount_rate, horizon)
    }

    fn simulate_purchases(&self, customer: &CustomerSummary, horizon: f64, rng: &mut dyn Rng) -> u32 {
        if rng.random::<f64>() >= self.p_alive(customer) {
            return 0;
        }
        let rate = ln_gamma_draw(self.shape(customer), rng).exp() / (self.alpha + customer.age);
        let exponential: f64 = rng.sample(Exp1);
        let lifetime = (exponential.ln() + (self.beta + customer.age).ln() - ln_gamma_draw(self.s, rng)).exp();
        poisson_draw(rate * horizon.min(lifetime), rng) as u32
    }

    fn expected_purchases_given(&self, customers: &[CustomerSummary], p_alive: &[f64], horizon: f64) -> Vec<f64> {
        let mut time = (f64::NAN, 0.0);
        let one = |(customer, alive): (&CustomerSummary, &f64)| {
            if time.0 != customer.age {
                time = (customer.age, self.time_alive(customer.age, horizon));
            }
            alive * self.rate(customer) * time.1
        };
        customers.iter().zip(p_alive).map(one).collect()
    }

    fn predict_many(&self, customers: &[CustomerSummary], horizons: &[f64]) -> Predictions {
        let p_alive = self.p_alive_many(customers);
        let mut expected_purchases = Vec::with_capacity(horizons.len());
        let mut probability_of_purchase = Vec::with_capacity(horizons.len());
        for &horizon in horizons {
            let mut some = (f64::NAN, 0, 0.0);
            let mut probability = Vec::with_capacity(customers.len());
            for (customer, alive) in customers.iter().zip(&p_alive) {
                if some.0 != customer.age || some.1 != customer.frequency {
                    let chance = self.rate(customer) * integral(&self.next_purchase(customer), horizon);
                    some = (customer.age, customer.frequency, chance.min(1.0));
                }
                probability.push(alive * some.2);
            }
            expected_purchases.push(self.expected_purchases_given(customers, &p_alive, horizon));
            probability_of_purchase.push(probability);
        }
        Predictions { p_alive, expected_purchases, probability_of_purchase }
    }

    fn expected_purchases_gradients(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<[f64; 4]> {
        const STEP: f64 = 1e-5;
        // Time alive and its derivatives in ln s and ln beta, shared by customers of the same age.
        let mut shared = (f64::NAN, 0.0, 0.0, 0.0);
        customers
            .iter()
            .map(|customer| {
                if shared.0 != customer.age {
                    let time = |s: f64, beta: f64| {
                        Self { s: self.s * s.exp(), beta: self.beta * beta.exp(), ..*self }
                            .time_alive(customer.age, horizon)
                    };
                    let by_s = (time(STEP, 0.0) - time(-STEP, 0.0)) / (2.0 * STEP);
                    let by_beta = (time(0.0, STEP) - time(0.0, -STEP)) / (2.0 * STEP);
                    shared = (customer.age, time(0.0, 0.0), by_s, by_beta);
                }
                let (_, time, by_s, by_beta) = shared;
                let (odds, by_odds) = self.ln_left_odds_gradient(customer);
                let (alive, rate) = (logistic(-odds), self.rate(customer));
                let expected = alive * rate * time;
                let left = 1.0 - alive;
                [
                    expected * (self.r / self.shape(customer) - left * by_odds[0]),
                    expected * (-self.alpha / (self.alpha + customer.age) - left * by_odds[1]),
                    alive * rate * by_s - expected * left * by_odds[2],
                    alive * rate * by_beta - expected * left * by_odds[3],
                ]
            })
            .collect()
    }

    fn purchase_probabilities_many(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<f64> {
        let mut out = Vec::with_capacity(customers.len() * (max + 1));
        // The chances of an alive customer depend on x and T alone.
        let mut shared: Option<(u32, f64, Vec<f64>)> = None;
        for customer in customers {
            if shared.as_ref().is_none_or(|(x, age, _)| *x != customer.frequency || *age != customer.age) {
                shared = Some((customer.frequency, customer.age, self.probabilities_alive(customer, horizon, max)));
            }
            let odds = self.ln_left_odds(customer);
            let (first, p_alive) = (out.len(), logistic(-odds));
            out.extend(shared.iter().flat_map(|(_, _, alive)| alive.iter().map(|p| p_alive * p)));
            out[first] += logistic(odds);
        }
        out
    }

    fn dert_many(&self, customers: &[CustomerSummary], discount_rate: f64, horizon: Option<f64>) -> Vec<f64> {
        let mut time = (f64::NAN, 0.0);
        customers
            .iter()
            .map(|customer| {
                if time.0 != customer.age {
                    time = (customer.age, self.discounted_time_alive(customer.age, discount_rate, horizon));
                }
                self.p_alive(customer) * self.rate(customer) * time.1
            })
            .collect()
    }
}
