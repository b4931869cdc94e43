//! The beta-geometric family: BG/NBD, MBG/NBD and their Erlang-k versions BG/CNBD-k and MBG/CNBD-k.
//!
//! While active a customer passes stages at rate lambda ~ Gamma(r, alpha); every k-th stage is a purchase, so the gaps
//! are Erlang-k (k = 1: exponential). After each purchase the customer leaves with probability p ~ Beta(a, b); in the
//! modified models also right after the first one. Sources: Fader, Hardie & Lee (2005), Batislam, Denizel & Filiztekin
//! (2007), Platzer & Reutterer (2016). The predictions for k > 1 are exact: the usual approximation is not used.

mod discounted;
mod gradient;
mod likelihood;
mod series;

use rand::{Rng, RngExt};

pub(crate) use likelihood::BgLikelihood;
use series::{Alive, Series, Window};

use crate::purchase::{CustomerSummary, Predictions, PurchaseModel, PurchaseModelKind};
use crate::special::logistic;

/// One model of the family with its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct BgFamily {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    k: u32,
    named_k: bool,
    dropout_at_start: bool,
}

/// How far an alive customer has come since the last purchase.
struct Stages {
    /// `(R)_j / j! ((T - t_x) / (alpha + T))^j` for j = 0..k, divided by their sum.
    weights: Vec<f64>,
    /// Their sum.
    total: f64,
}

impl BgFamily {
    /// The model with r, alpha, a, b and regularity k; `None` for the models with exponential gaps.
    /// `dropout_at_start` makes it the modified one.
    pub(crate) fn new([r, alpha, a, b]: [f64; 4], k: Option<u32>, dropout_at_start: bool) -> Self {
        Self { r, alpha, a, b, k: k.unwrap_or(1), named_k: k.is_some(), dropout_at_start }
    }

    fn modified(&self) -> f64 {
        if self.dropout_at_start { 1.0 } else { 0.0 }
    }

    /// Shape of the rate after x purchases.
    fn rate_shape(&self, customer: &CustomerSummary) -> f64 {
        self.r + f64::from(self.k) * f64::from(customer.frequency)
    }

    /// An alive customer in stage j.
    fn alive(&self, customer: &CustomerSummary, stage: u32) -> Alive {
        Alive {
            a: self.a,
            b: self.b + f64::from(customer.frequency) + self.modified(),
            k: self.k,
            shape: self.rate_shape(customer) + f64::from(stage),
            stage,
        }
    }

    fn window(&self, customer: &CustomerSummary, horizon: f64) -> Window {
        Window::new(self.alpha + customer.age, horizon)
    }

    fn stages(&self, customer: &CustomerSummary) -> Stages {
        if self.k == 1 {
            return Stages { weights: vec![1.0], total: 1.0 };
        }
        let u = (customer.age - customer.recency) / (self.alpha + customer.age);
        let shape = self.rate_shape(customer);
        let mut weights = Vec::with_capacity(self.k as usize);
        let mut term = 1.0;
        for j in 0..self.k {
            weights.push(term);
            let j = f64::from(j);
            term *= (shape + j) / (j + 1.0) * u;
        }
        let total: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= total;
        }
        Stages { weights, total }
    }

    /// Logarithm of the odds of having left, minus infinity when that is impossible (BG with x = 0).
    fn ln_dropout_odds(&self, customer: &CustomerSummary) -> f64 {
        let survived = f64::from(customer.frequency) + self.modified();
        if survived == 0.0 {
            return f64::NEG_INFINITY;
        }
        let gap = ((customer.age - customer.recency) / (self.alpha + customer.recency)).ln_1p();
        let total = if self.k == 1 { 1.0 } else { self.stages(customer).total };
        (self.a / (self.b + survived - 1.0)).ln() + self.rate_shape(customer) * gap - total.ln()
    }

    /// Mean over the stages of a function of an alive customer.
    fn over_stages(&self, customer: &CustomerSummary, mut f: impl FnMut(&Alive) -> f64) -> f64 {
        if self.k == 1 {
            return f(&self.alive(customer, 0));
        }
        let stages = self.stages(customer);
        stages.weights.iter().zip(0..).map(|(w, j)| if *w > 0.0 { w * f(&self.alive(customer, j)) } else { 0.0 }).sum()
    }

    /// Expected purchases of a customer who is alive.
    fn expected_alive(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        let window = self.window(customer, horizon);
        self.over_stages(customer, |alive| series::expected(alive, window))
    }

    /// P(no purchase) of a customer who is alive.
    fn none_alive(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        let window = self.window(customer, horizon);
        self.over_stages(customer, |alive| series::none(alive, window)).min(1.0)
    }

    /// P(purchase) of a customer who is alive, accurate also when it is small.
    fn some_alive(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        let window = self.window(customer, horizon);
        if self.k == 1 {
            -(-self.rate_shape(customer) * window.exponent()).exp_m1()
        } else {
            self.over_stages(customer, |alive| series::potential_above(alive, window, 0))
        }
    }
}

impl PurchaseModel for BgFamily {
    fn kind(&self) -> PurchaseModelKind {
        match (self.named_k, self.dropout_at_start) {
            (false, false) => PurchaseModelKind::BgNbd,
            (false, true) => PurchaseModelKind::MbgNbd,
            (true, false) => PurchaseModelKind::BgCnbdK,
            (true, true) => PurchaseModelKind::MbgCnbdK,
        }
    }

    fn parameters(&self) -> Vec<f64> {
        let mut parameters = vec![self.r, self.alpha, self.a, self.b];
        if self.named_k {
            parameters.push(f64::from(self.k));
        }
        parameters
    }

    fn log_likelihood(&self, customer: &CustomerSummary) -> f64 {
        self.customer_log_likelihood(customer)
    }

    fn p_alive(&self, customer: &CustomerSummary) -> f64 {
        logistic(-self.ln_dropout_odds(customer))
    }

    fn expected_purchases(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        self.p_alive(customer) * self.expected_alive(customer, horizon)
    }

    fn purchase_probabilities(&self, customer: &CustomerSummary, horizon: f64, max: usize) -> Vec<f64> {
        let mut probabilities = self.probabilities_alive(customer, horizon, max);
        let p_alive = self.p_alive(customer);
        for p in &mut probabilities {
            *p *= p_alive;
        }
        probabilities[0] += logistic(self.ln_dropout_odds(customer));
        probabilities
    }

    fn probability_of_purchase(&self, customer: &CustomerSummary, horizon: f64) -> f64 {
        self.p_alive(customer) * self.some_alive(customer, horizon)
    }

    fn time_to_next_purchase(&self, customer: &CustomerSummary, quantile: f64) -> f64 {
        // Given that a purchase follows the customer is alive; leaving happens only at purchases, so the first one comes.
        let scale = self.alpha + customer.age;
        if self.k == 1 {
            // (scale / (scale + t))^R = 1 - quantile
            return (scale * (-(-quantile).ln_1p() / self.rate_shape(customer)).exp_m1()).min(f64::MAX);
        }
        let late = |t: f64| self.none_alive(customer, t) > 1.0 - quantile;
        let mut high = scale;
        while late(high) && high < f64::MAX / 4.0 {
            high *= 2.0;
        }
        let mut low = high;
        while !late(low) && low > f64::MIN_POSITIVE * 4.0 {
            low *= 0.5;
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if late(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    }

    fn dert(&self, customer: &CustomerSummary, discount_rate: f64, horizon: Option<f64>) -> f64 {
        self.p_alive(customer) * self.discounted_alive(customer, discount_rate, horizon)
    }

    fn simulate_purchases(&self, customer: &CustomerSummary, horizon: f64, rng: &mut dyn Rng) -> u32 {
        if rng.random::<f64>() >= self.p_alive(customer) || horizon <= 0.0 {
            return 0;
        }
        let mut stage = 0;
        if self.k > 1 {
            let mut left = rng.random::<f64>();
            let weights = self.stages(customer).weights;
            while stage + 1 < self.k && left >= weights[stage as usize] {
                left -= weights[stage as usize];
                stage += 1;
            }
        }
        let alive = self.alive(customer, stage);
        let rate = crate::sampling::ln_gamma_draw(alive.shape, rng).exp() / (self.alpha + customer.age);
        let stages = crate::sampling::poisson_draw(rate * horizon, rng);
        let potential = ((f64::from(stage) + stages) / f64::from(self.k)).floor();
        if potential < 1.0 {
            return 0;
        }
        // The purchase at which the customer leaves: geometric with p ~ Beta(a, b').
        let ln_odds = crate::sampling::ln_gamma_draw(alive.a, rng) - crate::sampling::ln_gamma_draw(alive.b, rng);
        let ln_stay = -crate::special::softplus(ln_odds);
        let last =
            if ln_stay == 0.0 { f64::INFINITY } else { 1.0 + ((1.0 - rng.random::<f64>()).ln() / ln_stay).floor() };
        potential.min(last) as u32
    }

    fn expected_purchases_given(&self, customers: &[CustomerSummary], p_alive: &[f64], horizon: f64) -> Vec<f64> {
        let mut shared = Shared::default();
        let one = |(customer, alive): (&CustomerSummary, &f64)| {
            shared.prepare(self, customer, &[horizon], false);
            alive * self.stage_mean(customer, &shared.answers[0].0)
        };
        customers.iter().zip(p_alive).map(one).collect()
    }

    fn predict_many(&self, customers: &[CustomerSummary], horizons: &[f64]) -> Predictions {
        let columns = || horizons.iter().map(|_| Vec::with_capacity(customers.len())).collect::<Vec<Vec<f64>>>();
        let mut out = Predictions {
            p_alive: self.p_alive_many(customers),
            expected_purchases: columns(),
            probability_of_purchase: columns(),
        };
        let mut shared = Shared::default();
        for (customer, p_alive) in customers.iter().zip(&out.p_alive) {
            shared.prepare(self, customer, horizons, true);
            for (h, (expected, some)) in shared.answers.iter().enumerate() {
                out.expected_purchases[h].push(p_alive * self.stage_mean(customer, expected));
                out.probability_of_purchase[h].push(p_alive * self.stage_mean(customer, some));
            }
        }
        out
    }

    fn expected_purchases_gradients(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<[f64; 4]> {
        gradient::expected_purchases_gradients(self, customers, horizon)
    }

    fn purchase_probabilities_many(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<f64> {
        let mut out = Vec::with_capacity(customers.len() * (max + 1));
        let mut last: Option<(u32, f64, Vec<f64>)> = None;
        for customer in customers {
            // For k = 1 the chances of an alive customer depend on x and T alone.
            let same = self.k == 1
                && last.as_ref().is_some_and(|(x, age, _)| *x == customer.frequency && *age == customer.age);
            if !same {
                last = Some((customer.frequency, customer.age, self.probabilities_alive(customer, horizon, max)));
            }
            let odds = self.ln_dropout_odds(customer);
            let first = out.len();
            let p_alive = logistic(-odds);
            out.extend(last.iter().flat_map(|(_, _, alive)| alive.iter().map(|p| p_alive * p)));
            out[first] += logistic(odds);
        }
        out
    }

    fn dert_many(&self, customers: &[CustomerSummary], discount_rate: f64, horizon: Option<f64>) -> Vec<f64> {
        let mut last: Option<(u32, f64, f64)> = None;
        customers
            .iter()
            .map(|customer| {
                let value = match last {
                    Some((x, age, value)) if self.k == 1 && x == customer.frequency && age == customer.age => value,
                    _ => self.discounted_alive(customer, discount_rate, horizon),
                };
                last = Some((customer.frequency, customer.age, value));
                self.p_alive(customer) * value
            })
            .collect()
    }
}

impl BgFamily {
    /// Mean over the customer's stages of one number per stage.
    fn stage_mean(&self, customer: &CustomerSummary, values: &[f64]) -> f64 {
        if self.k == 1 {
            return values[0];
        }
        self.stages(customer).weights.iter().zip(values).map(|(w, v)| w * v).sum()
    }

    /// P(X = 0..=max) of a customer who is alive.
    fn probabilities_alive(&self, customer: &CustomerSummary, horizon: f64, max: usize) -> Vec<f64> {
        let window = self.window(customer, horizon);
        let mut exactly = vec![0.0; max + 1];
        let mut above = 0.0;
        for (weight, stage) in self.stages(customer).weights.iter().zip(0..) {
            let alive = self.alive(customer, stage);
            series::add_potential(&alive, window, *weight, &mut exactly);
            above += weight * series::potential_above(&alive, window, max);
        }
        // X = n: exactly n potential purchases and n - 1 survived, or more and left at the n-th.
        let alive = self.alive(customer, 0);
        let mut survival = vec![1.0; max + 1];
        for n in 1..=max {
            let c = n as f64 - 1.0;
            survival[n] = survival[n - 1] * (alive.b + c) / (alive.a + alive.b + c);
        }
        for n in (1..=max).rev() {
            let leaves = alive.a / (alive.a + alive.b + n as f64 - 1.0) * survival[n - 1];
            let potential = exactly[n];
            exactly[n] = potential * survival[n - 1] + above * leaves;
            above += potential;
        }
        exactly
    }
}

/// Answers for an alive customer that neighbours share: they depend on x, T and the stage, not on t_x.
#[derive(Default)]
struct Shared {
    frequency: Option<u32>,
    age: f64,
    series: Vec<Series>,
    /// For each horizon: expected purchases and P(purchase), one number per stage.
    answers: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Shared {
    /// `with_chances` asks for P(purchase) too.
    fn prepare(&mut self, model: &BgFamily, customer: &CustomerSummary, horizons: &[f64], with_chances: bool) {
        if self.frequency == Some(customer.frequency) && self.age == customer.age {
            return;
        }
        if self.frequency != Some(customer.frequency) {
            self.series = vec![Series::new(); model.k as usize];
        }
        self.frequency = Some(customer.frequency);
        self.age = customer.age;
        self.answers.resize_with(horizons.len(), Default::default);
        for (horizon, (expected, some)) in horizons.iter().zip(&mut self.answers) {
            let window = model.window(customer, *horizon);
            expected.clear();
            some.clear();
            for (series, stage) in self.series.iter_mut().zip(0..) {
                let alive = model.alive(customer, stage);
                expected.push(series.expected(&alive, window));
                if !with_chances {
                    continue;
                }
                some.push(if model.k == 1 {
                    -(-alive.shape * window.exponent()).exp_m1()
                } else {
                    series::potential_above(&alive, window, 0)
                });
            }
        }
    }
}
