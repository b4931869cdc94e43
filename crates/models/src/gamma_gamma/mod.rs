//! The Gamma-Gamma model of the value of one transaction.
//!
//! The values of a customer's transactions are gamma distributed with shape p and a rate nu of the customer's own; nu is gamma
//! distributed over customers with shape q and rate gamma. Values are independent of how often the customer buys.
//! Source: Fader, Hardie & Lee (2005), "RFM and CLV", Journal of Marketing Research 42; Fader & Hardie (2013), "The Gamma-Gamma Model
//! of Monetary Value". See `docs/models/gamma-gamma.md`.

mod fit;
mod statistics;

pub use fit::{SpendFit, SpendOptions, fit_spend_model};
pub use statistics::SpendObservation;

use crate::distribution::gamma_quantile;
use crate::interval::Interval;
use crate::special::ln_gamma;
use rand::Rng;
use rand_distr::{Distribution, Gamma};

/// Why a spend model cannot be fitted or made. Each message says what to do.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SpendError {
    /// A mean spend is zero, negative or not a number.
    #[error(
        "a mean spend of {mean} over {frequency} repeat purchases is not a positive number: \
         leave out purchases without value, and model refunds apart from the placed value"
    )]
    NotPositive {
        /// Repeat purchases of the observation.
        frequency: u32,
        /// Its mean spend.
        mean: f64,
    },
    /// A number of customers is negative or not a number.
    #[error("{count} is not a number of customers: counts must be positive and finite")]
    BadCount {
        /// The count.
        count: f64,
    },
    /// Nobody made a repeat purchase, and no typical value was given.
    #[error(
        "no customer has a repeat purchase with a value: use the mean of the first purchases as the typical value with the weak prior, or wait for more data"
    )]
    NoRepeatPurchases,
    /// Parameters outside of the model.
    #[error("p, q and gamma must be positive and finite, not {p}, {q}, {gamma}")]
    BadParameters {
        /// Shape of the value of a transaction.
        p: f64,
        /// Shape over customers.
        q: f64,
        /// Scale.
        gamma: f64,
    },
}

/// A Gamma-Gamma model with known parameters.
///
/// In all methods `frequency` is the number of repeat purchases of a customer and `mean` their mean value, in the currency unit of the
/// fit; a new customer, or one without repeat purchases, has `frequency` 0, and `mean` then does not matter.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SpendModel {
    p: f64,
    q: f64,
    gamma: f64,
}

/// What the model knows of one customer: nu given the past is gamma distributed with this shape and rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpendPosterior {
    /// p x + q.
    pub shape: f64,
    /// gamma + x m, in currency units.
    pub rate: f64,
}

impl SpendModel {
    /// A model with the parameters `p` (shape of a transaction's value), `q` (shape over customers) and `gamma` (in currency units).
    pub fn new(p: f64, q: f64, gamma: f64) -> Result<Self, SpendError> {
        let good = |v: f64| v.is_finite() && v > 0.0;
        if good(p) && good(q) && good(gamma) {
            Ok(Self { p, q, gamma })
        } else {
            Err(SpendError::BadParameters { p, q, gamma })
        }
    }

    /// Shape p of the value of a transaction.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// Shape q of the customers' rates.
    pub fn q(&self) -> f64 {
        self.q
    }

    /// Rate gamma of the customers' rates, in currency units.
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// Log density of the mean value `mean` of `frequency` > 0 purchases.
    pub fn log_likelihood(&self, frequency: u32, mean: f64) -> f64 {
        let (x, p, q) = (f64::from(frequency), self.p, self.q);
        crate::special::ln_rising(p * x, q) - ln_gamma(q) + q * self.gamma.ln() + p * x * (x * mean).ln()
            - mean.ln()
            - (p * x + q) * (self.gamma + x * mean).ln()
    }

    /// What is known of a customer's rate nu.
    pub fn posterior(&self, frequency: u32, mean: f64) -> SpendPosterior {
        let x = f64::from(frequency);
        let spent = if frequency == 0 { 0.0 } else { x * mean };
        SpendPosterior { shape: self.p * x + self.q, rate: self.gamma + spent }
    }

    /// Expected value of the next transaction, p (gamma + x m) / (p x + q - 1); equation (5) of the note. `None` when it is infinite
    /// (p x + q <= 1).
    pub fn expected_spend(&self, frequency: u32, mean: f64) -> Option<f64> {
        let posterior = self.posterior(frequency, mean);
        (posterior.shape > 1.0).then(|| self.p * posterior.rate / (posterior.shape - 1.0))
    }

    /// Expected value of a new customer's transaction, p gamma / (q - 1); `None` when it is infinite (q <= 1).
    pub fn expected_spend_new(&self) -> Option<f64> {
        self.expected_spend(0, 0.0)
    }

    /// Gradient of [`Self::expected_spend`] in (p, q, gamma), for the delta method.
    pub fn expected_spend_gradient(&self, frequency: u32, mean: f64) -> Option<[f64; 3]> {
        let posterior = self.posterior(frequency, mean);
        let below = posterior.shape - 1.0;
        (below > 0.0).then(|| {
            let square = below * below;
            [posterior.rate * (self.q - 1.0) / square, -self.p * posterior.rate / square, self.p / below]
        })
    }

    /// Variance of the customer's own true mean value p / nu, given the past; `None` when it is infinite (p x + q <= 2).
    pub fn mean_variance(&self, frequency: u32, mean: f64) -> Option<f64> {
        let SpendPosterior { shape, rate } = self.posterior(frequency, mean);
        (shape > 2.0).then(|| (self.p * rate / (shape - 1.0)).powi(2) / (shape - 2.0))
    }

    /// Variance of the value of one future transaction given the past: that within the customer and that of not knowing the customer.
    /// `None` when it is infinite (p x + q <= 2).
    pub fn transaction_variance(&self, frequency: u32, mean: f64) -> Option<f64> {
        let SpendPosterior { shape, rate } = self.posterior(frequency, mean);
        let within = self.p * rate * rate / ((shape - 1.0) * (shape - 2.0));
        self.mean_variance(frequency, mean).map(|between| within + between)
    }

    /// Interval that holds the customer's own true mean value p / nu with probability `level`, parameters taken as known: equal tails of
    /// an inverse gamma distribution. Finite also where the expectation is not.
    pub fn spend_interval(&self, frequency: u32, mean: f64, level: f64) -> Interval {
        let SpendPosterior { shape, rate } = self.posterior(frequency, mean);
        let tail = (1.0 - level.clamp(0.0, 1.0 - 1e-12)) / 2.0;
        let at = |probability| (self.p * rate / gamma_quantile(shape, probability).max(1e-300)).min(f64::MAX);
        Interval { low: at(1.0 - tail), high: at(tail) }
    }

    /// A draw of the customer's rate nu from what is known.
    pub fn draw_rate<R: Rng + ?Sized>(&self, frequency: u32, mean: f64, rng: &mut R) -> f64 {
        let SpendPosterior { shape, rate } = self.posterior(frequency, mean);
        (draw_gamma(shape, rng) / rate).max(f64::MIN_POSITIVE)
    }

    /// A draw of the total value of `transactions` future transactions of a customer with rate `rate` (from [`Self::draw_rate`]).
    pub fn draw_total<R: Rng + ?Sized>(&self, rate: f64, transactions: u32, rng: &mut R) -> f64 {
        if transactions == 0 {
            return 0.0;
        }
        (draw_gamma(self.p * f64::from(transactions), rng) / rate).min(f64::MAX)
    }
}

/// A gamma variate of `shape` and rate 1. Shapes of a valid model are positive; beyond what the sampler takes the variate equals its
/// mean to double precision.
fn draw_gamma<R: Rng + ?Sized>(shape: f64, rng: &mut R) -> f64 {
    Gamma::new(shape, 1.0).map_or(shape, |gamma| gamma.sample(rng))
}
