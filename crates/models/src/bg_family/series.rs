//! Sums over the number of purchases, for a customer who is alive.
//!
//! Alive at T and with j Erlang stages behind the last purchase, the stages N passed in a window h are negative binomial
//! with shape R = r + k x + j and q = h / (alpha + T + h), and the window holds M = floor((j + N) / k) purchases were
//! nobody to leave. The chance to survive n purchases is `(b')_n / (a + b')_n`. All sums here have positive terms only, so
//! they keep their accuracy for every a (also a = 1, where the closed formula divides by zero) and for thousands of
//! purchases, where the closed formula cancels or overflows.

use crate::quadrature::gauss_legendre;
use crate::special::{ln_rising, regularized_beta_split};

/// What the sums need of one customer who is alive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alive {
    /// Dropout shape a and b' = b + purchases survived.
    pub a: f64,
    pub b: f64,
    /// Erlang shape.
    pub k: u32,
    /// Shape R of the purchase rate, for the stage at hand.
    pub shape: f64,
    /// Stages j behind the last purchase.
    pub stage: u32,
}

/// A window, as the chance q of one more stage and its complement, neither of them from a subtraction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub q: f64,
    pub rest: f64,
}

impl Window {
    pub(super) fn new(scale: f64, horizon: f64) -> Self {
        Self { q: horizon / (scale + horizon), rest: scale / (scale + horizon) }
    }

    /// `(1 - q)^shape`: no stage is passed.
    pub(super) fn none(&self, shape: f64) -> f64 {
        (-shape * self.exponent()).exp()
    }

    /// `-ln(1 - q)`.
    pub(super) fn exponent(&self) -> f64 {
        if self.q < 0.5 { -(-self.q).ln_1p() } else { -self.rest.ln() }
    }
}

/// The longest sum that is done term by term.
const LONGEST: f64 = 40_000.0;

/// Walks the negative binomial probabilities upward, calling `visit(n, probability)`, from below the mass to above it.
/// `visit` returns false to stop.
fn walk(shape: f64, window: Window, mut visit: impl FnMut(f64, f64) -> bool) {
    let ln_none = -shape * window.exponent();
    let mut n = 0.0;
    let mut probability = ln_none.exp();
    if ln_none < -600.0 {
        // Zero stages would underflow: start in the left tail, forty standard deviations out or at 0.
        let mean = shape * window.q / window.rest;
        let deviation = (mean / window.rest).sqrt();
        n = (mean - 40.0 * deviation).max(0.0).floor();
        let mut ln_probability = ln_none + ln_rising(shape, n) - crate::special::ln_gamma(n + 1.0) + n * window.q.ln();
        while ln_probability < -600.0 {
            if !visit(n, 0.0) {
                return;
            }
            ln_probability += ((shape + n) / (n + 1.0) * window.q).ln();
            n += 1.0;
        }
        probability = ln_probability.exp();
    }
    while visit(n, probability) {
        probability *= (shape + n) / (n + 1.0) * window.q;
        n += 1.0;
    }
}

/// Expected purchases in the window of a customer who is alive.
pub(super) fn expected(alive: &Alive, window: Window) -> f64 {
    if window.q <= 0.0 {
        return 0.0;
    }
    let mean = alive.shape * window.q / window.rest;
    let deviation = (mean / window.rest).sqrt();
    if mean + 10.0 * deviation + 40.0 / window.rest > LONGEST {
        return expected_long(alive, window);
    }
    let k = u64::from(alive.k);
    let mut counted = 0_u64;
    // Expected purchases of one who would buy `counted` times, and the chance to survive so many.
    let (mut purchases, mut survival) = (0.0, 1.0);
    let mut sum = 0.0;
    walk(alive.shape, window, |n, probability| {
        let would_buy = (u64::from(alive.stage) + n as u64) / k;
        while counted < would_buy {
            purchases += survival;
            let c = counted as f64;
            survival *= (alive.b + c) / (alive.a + alive.b + c);
            counted += 1;
        }
        let term = probability * purchases;
        sum += term;
        // Beyond the mean the terms fall at least by the ratio (R + n) q / (n + 1), which falls towards q itself.
        let ratio = ((alive.shape + n) / (n + 1.0) * window.q).max(window.q);
        n <= mean || n < f64::from(alive.k) || ratio >= 1.0 || term * ratio > 1e-16 * sum * (1.0 - ratio)
    });
    sum
}

/// Expected purchases when the window may hold very many: the chance that the n-th purchase happens, summed exactly for
/// small n and by Gauss-Legendre with the Euler-Maclaurin correction beyond.
fn expected_long(alive: &Alive, window: Window) -> f64 {
    const EXACT: u32 = 400;
    let happens = |n: f64| {
        let stages = f64::from(alive.k) * n - f64::from(alive.stage);
        regularized_beta_split(window.q, window.rest, stages, alive.shape)
    };
    let mut survival = 1.0;
    let mut sum = 0.0;
    for n in 1..EXACT {
        let n = f64::from(n);
        sum += survival * happens(n);
        survival *= (alive.b + n - 1.0) / (alive.a + alive.b + n - 1.0);
    }
    let first = f64::from(EXACT);
    let ln_ratio = |n: f64| ln_survival(alive, n - 1.0);
    let term = |n: f64| ln_ratio(n).exp() * happens(n);
    // Sum from `first` = integral + f/2 - f'/12 + ...; the next correction is of order f / first^3 / 720.
    let at = term(first);
    let slope = (term(first + 0.5) - term(first - 0.5)) / 1.0;
    sum += 0.5 * at - slope / 12.0;
    let rule = gauss_legendre(24);
    let mut low = first.ln();
    loop {
        let high = low + 0.5;
        let piece: f64 = rule
            .nodes
            .iter()
            .zip(&rule.weights)
            .map(|(t, w)| {
                let n = (low + (high - low) * t).exp();
                w * (high - low) * n * term(n)
            })
            .sum();
        sum += piece;
        low = high;
        if piece <= 1e-14 * sum || low > 600.0 {
            return sum;
        }
    }
}

/// `ln ((b')_n / (a + b')_n)` for real n.
fn ln_survival(alive: &Alive, n: f64) -> f64 {
    ln_rising(alive.b, n) - ln_rising(alive.a + alive.b, n)
}

/// Adds `weight` times P(M = n), n = 0..=max, to `exactly`; M counts the purchases were nobody to leave.
pub(super) fn add_potential(alive: &Alive, window: Window, weight: f64, exactly: &mut [f64]) {
    let k = u64::from(alive.k);
    let max = exactly.len() as u64;
    walk(alive.shape, window, |n, probability| {
        let purchases = (u64::from(alive.stage) + n as u64) / k;
        if purchases >= max {
            return false;
        }
        exactly[purchases as usize] += weight * probability;
        true
    });
}

/// P(M > max): more potential purchases than counted.
pub(super) fn potential_above(alive: &Alive, window: Window, max: usize) -> f64 {
    let stages = f64::from(alive.k) * (max as f64 + 1.0) - f64::from(alive.stage);
    regularized_beta_split(window.q, window.rest, stages, alive.shape)
}

/// P(no purchase in the window) of a customer who is alive.
pub(super) fn none(alive: &Alive, window: Window) -> f64 {
    let mut probability = window.none(alive.shape);
    let mut sum = probability;
    for n in 1..alive.k - alive.stage {
        let n = f64::from(n);
        probability *= (alive.shape + n - 1.0) / n * window.q;
        sum += probability;
    }
    sum.min(1.0)
}

/// Coefficients of the power series in q of expected purchases, shared by all customers with the same x:
/// `E = (1 - q)^R Σ_s c_s q^s`, `c_s = (R)_s / s! V(floor((j + s) / k))`, V(m) = expected purchases among m potential ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    coefficients: Vec<f64>,
    /// `(R)_s / s!` of the next coefficient.
    next: f64,
    purchases: f64,
    survival: f64,
    counted: u64,
}

impl Series {
    const MOST: usize = 2048;
    const BLOCK: usize = 8;

    pub(super) fn new() -> Self {
        Self { coefficients: Vec::new(), next: 1.0, purchases: 0.0, survival: 1.0, counted: 0 }
    }

    fn extend(&mut self, alive: &Alive) {
        for _ in 0..Self::BLOCK {
            let s = self.coefficients.len() as u64;
            while self.counted < (u64::from(alive.stage) + s) / u64::from(alive.k) {
                self.purchases += self.survival;
                let c = self.counted as f64;
                self.survival *= (alive.b + c) / (alive.a + alive.b + c);
                self.counted += 1;
            }
            self.coefficients.push(self.next * self.purchases);
            let s = s as f64;
            self.next *= (alive.shape + s) / (s + 1.0);
        }
    }

    /// Expected purchases of a customer who is alive; same answer as [`expected`].
    pub(super) fn expected(&mut self, alive: &Alive, window: Window) -> f64 {
        let q = window.q;
        if q > 0.97 || alive.shape > 60.0 {
            return expected(alive, window);
        }
        let (mut sum, mut power) = (0.0, 1.0);
        let eighth = q.powi(Self::BLOCK as i32);
        let mut from = 0;
        loop {
            if self.coefficients.len() <= from {
                self.extend(alive);
            }
            let block = &self.coefficients[from..from + Self::BLOCK];
            let inner = block.iter().rev().fold(0.0, |h, c| h * q + c);
            let piece = power * inner;
            sum += piece;
            from += Self::BLOCK;
            power *= eighth;
            // Same bound on the rest as in `expected`, block by block.
            let last = power / q * block[Self::BLOCK - 1];
            let n = from as f64;
            let ratio = ((alive.shape + n) / (n + 1.0) * (1.0 + 1.0 / n) * q).max(q);
            if sum > 0.0 && ratio < 1.0 && last * ratio <= 1e-16 * sum * (1.0 - ratio) {
                return sum * window.none(alive.shape);
            }
            if from >= Self::MOST {
                return expected(alive, window);
            }
        }
    }
}
