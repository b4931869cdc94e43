//! Customers under contract: data of their renewals, and what every model of them can tell.
//!
//! Time is counted in renewal opportunities: a customer acquired at 0 is in period 1 until the first renewal. The two models are
//! [`crate::sbg`] and [`crate::bdw`].

use crate::interval::Interval;
use crate::matrix::Matrix;
use crate::optimise::{self, Minimum, NoFiniteStart, Settings, minimise};
use crate::special::{digamma_rising, ln_rising, log_diff_exp};
use crate::status::FitStatus;

/// Customers acquired together, and how many were left after each renewal.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// `survivors[0]` = customers acquired, `survivors[t]` = those still under contract after the t-th renewal opportunity.
    pub survivors: Vec<f64>,
}

/// Why a contract model cannot be fitted or made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ContractError {
    /// Survivors that rise, or are not numbers of customers.
    #[error(
        "cohort {cohort}, period {period}: survivors must be numbers of customers that never rise; a customer who came back counts as a new one"
    )]
    BadCohort {
        /// Position of the cohort in the input, from 0.
        cohort: usize,
        /// Position in its survivors, from 0.
        period: usize,
    },
    /// No cohort has had a renewal.
    #[error(
        "no cohort with customers has had a renewal yet: a fit needs survivors of at least one period after the start"
    )]
    NoRenewals,
    /// Parameters outside of the model.
    #[error("the parameters of a contract model must be positive and finite")]
    BadParameters,
}

/// A fitted contract model. `parameters` are named by the model: alpha, beta, and c of the beta-discrete-Weibull.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractFit<M> {
    /// The model.
    pub model: M,
    /// Standard errors of the parameters, in their order; `None` when the data do not give them.
    pub standard_errors: Option<Vec<f64>>,
    /// Covariance of the logarithms of the parameters.
    pub log_covariance: Option<Matrix>,
    /// Log-likelihood at the estimates.
    pub log_likelihood: f64,
    /// Number of customers.
    pub customers: f64,
    /// How to read the estimates.
    pub status: FitStatus,
}

/// What a model of contract lifetimes tells; rates and times are per renewal period.
pub trait ContractModel {
    /// ln S(t), the logarithm of the probability to be still under contract after t >= 0 renewal opportunities.
    fn ln_survival(&self, renewals: f64) -> f64;

    /// S(t) falls like t^-power for large t.
    fn tail_power(&self) -> f64;

    /// Gradient of ln S(t) in the logarithms of the parameters.
    fn ln_survival_gradient(&self, renewals: f64) -> Vec<f64>;

    /// S(t): share of a cohort still under contract after `renewals` opportunities.
    fn survival(&self, renewals: u32) -> f64 {
        self.ln_survival(f64::from(renewals)).exp()
    }

    /// S(t) / S(t - 1): share of those who face opportunity `renewal` >= 1 that renew.
    fn retention_rate(&self, renewal: u32) -> f64 {
        let t = f64::from(renewal.max(1));
        (self.ln_survival(t) - self.ln_survival(t - 1.0)).exp()
    }

    /// Probability that a new customer leaves at opportunity `renewal` >= 1.
    fn churn_probability(&self, renewal: u32) -> f64 {
        let t = f64::from(renewal.max(1));
        log_diff_exp(self.ln_survival(t - 1.0), self.ln_survival(t)).exp()
    }

    /// Survivors forecast for the `ahead` periods after those of the cohort, from its last known number.
    fn forecast(&self, cohort: &Cohort, ahead: u32) -> Vec<f64> {
        let Some(last) = cohort.survivors.last() else { return Vec::new() };
        let now = (cohort.survivors.len() - 1) as f64;
        (1..=ahead).map(|k| last * (self.ln_survival(now + f64::from(k)) - self.ln_survival(now)).exp()).collect()
    }

    /// Discounted expected lifetime of a new customer in periods, the first one included: the sum of S(t) / (1 + rate)^t from t = 0.
    /// `periods` limits it to so many periods. `None` when it is infinite, or `rate` is negative or not a number.
    fn discounted_lifetime(&self, rate: f64, periods: Option<u32>) -> Option<f64> {
        self.discounted_sum(0.0, 0.0, rate, periods)
    }

    /// Discounted expected residual lifetime of a customer in period `period` >= 1 who is about to renew for the `period`-th time: the sum
    /// of S(t) / S(period - 1) / (1 + rate)^(t - period) from t = `period` (Fader & Hardie 2010, "Customer-Base Valuation in a
    /// Contractual Setting"). `periods` limits it to so many periods. `None` as in [`Self::discounted_lifetime`].
    fn discounted_residual_lifetime(&self, period: u32, rate: f64, periods: Option<u32>) -> Option<f64> {
        let from = f64::from(period.max(1));
        self.discounted_sum(from, from - 1.0, rate, periods)
    }

    /// Sum of S(t) / S(given) / (1 + rate)^(t - from) from t = `from`.
    fn discounted_sum(&self, from: f64, given: f64, rate: f64, periods: Option<u32>) -> Option<f64> {
        if !(rate.is_finite() && rate >= 0.0) {
            return None;
        }
        let base = self.ln_survival(given);
        let discount = (-rate.ln_1p()).exp();
        let (mut factor, mut sum) = (1.0, 0.0);
        let listed = periods.unwrap_or(if rate == 0.0 { 400 } else { u32::MAX });
        for k in 0..listed {
            let term = (self.ln_survival(from + f64::from(k)) - base).exp() * factor;
            sum += term;
            factor *= discount;
            // What is left is at most a geometric series.
            if term * discount <= 1e-13 * sum * (1.0 - discount) {
                return Some(sum);
            }
        }
        if periods.is_some() {
            return Some(sum);
        }
        let power = self.tail_power();
        if power <= 1.0 + 1e-6 {
            return None;
        }
        let rest = crate::series::power_tail(from + f64::from(listed), power, |t| (self.ln_survival(t) - base).exp());
        Some(sum + rest)
    }
}

impl<M: ContractModel> ContractFit<M> {
    /// Interval of S(`renewals`) from the uncertainty of the parameters, by the delta method on the log-odds, so that it stays between 0 and 1.
    /// `None` without covariance.
    pub fn survival_interval(&self, renewals: u32, level: f64) -> Option<Interval> {
        let covariance = self.log_covariance.as_ref()?;
        let t = f64::from(renewals);
        let survival = self.model.survival(renewals);
        if survival >= 1.0 || survival <= 0.0 {
            return Some(Interval { low: survival, high: survival });
        }
        let gradient: Vec<f64> = self.model.ln_survival_gradient(t).iter().map(|g| g / (1.0 - survival)).collect();
        let reach = crate::distribution::normal_quantile(f64::midpoint(1.0, level))
            * crate::interval::delta_standard_error(&gradient, covariance);
        let odds = survival / (1.0 - survival);
        let at = |shift: f64| {
            let moved = odds * shift.clamp(-600.0, 600.0).exp();
            if moved.is_finite() { moved / (1.0 + moved) } else { 1.0 }
        };
        Some(Interval { low: at(-reach), high: at(reach) })
    }
}

/// Customers by the opportunity at which they left, and by that up to which they are known to have stayed.
pub(crate) struct Renewals {
    lost: Vec<f64>,
    kept: Vec<f64>,
    pub(crate) customers: f64,
}

impl Renewals {
    pub(crate) fn new(cohorts: &[Cohort]) -> Result<Self, ContractError> {
        let longest = cohorts.iter().map(|c| c.survivors.len()).max().unwrap_or(0);
        let mut renewals = Self { lost: vec![0.0; longest], kept: vec![0.0; longest], customers: 0.0 };
        let mut any = false;
        for (position, cohort) in cohorts.iter().enumerate() {
            for (period, &left) in cohort.survivors.iter().enumerate() {
                let before = if period == 0 { left } else { cohort.survivors[period - 1] };
                if !(left.is_finite() && left >= 0.0 && left <= before) {
                    return Err(ContractError::BadCohort { cohort: position, period });
                }
                renewals.lost[period] += before - left;
            }
            if let (Some(first), Some(last)) = (cohort.survivors.first(), cohort.survivors.last()) {
                renewals.customers += first;
                renewals.kept[cohort.survivors.len() - 1] += last;
                any |= cohort.survivors.len() > 1 && *first > 0.0;
            }
        }
        if any { Ok(renewals) } else { Err(ContractError::NoRenewals) }
    }

    /// Log-likelihood of S(t) = B(alpha, beta + t^c) / B(alpha, beta), and its gradient in (alpha, beta, c).
    pub(crate) fn log_likelihood(&self, alpha: f64, beta: f64, c: f64, gradient: &mut [f64; 3]) -> f64 {
        *gradient = [0.0; 3];
        let mut value = 0.0;
        let mut before = (0.0, [0.0; 3]);
        for t in 1..self.lost.len() {
            let now = ln_survival_with_gradient(alpha, beta, c, t as f64);
            if self.lost[t] > 0.0 {
                let ln_churn = log_diff_exp(before.0, now.0);
                value += self.lost[t] * ln_churn;
                let (stay, leave) = ((before.0 - ln_churn).exp(), (now.0 - ln_churn).exp());
                for (i, slope) in gradient.iter_mut().enumerate() {
                    *slope += self.lost[t] * (stay * before.1[i] - leave * now.1[i]);
                }
            }
            if self.kept[t] > 0.0 {
                value += self.kept[t] * now.0;
                for (slope, by) in gradient.iter_mut().zip(now.1) {
                    *slope += self.kept[t] * by;
                }
            }
            before = now;
        }
        value
    }

    /// Minimises the negative log-likelihood over the logarithms of the first `parameters` of (alpha, beta, c), the others being 1.
    pub(crate) fn fit(&self, parameters: usize) -> Result<Minimum, NoFiniteStart> {
        let objective = |at: &[f64], gradient: &mut [f64]| {
            let mut natural = [1.0; 3];
            for (n, a) in natural.iter_mut().zip(at) {
                *n = a.exp();
            }
            let mut by = [0.0; 3];
            let value = -self.log_likelihood(natural[0], natural[1], natural[2], &mut by);
            for i in 0..parameters {
                gradient[i] = -by[i] * natural[i];
            }
            value
        };
        let start = |values: [f64; 3]| values[..parameters].iter().map(|v: &f64| v.ln()).collect::<Vec<f64>>();
        let starts = [start([1.0, 2.0, 1.0]), start([0.3, 1.0, 1.5]), start([4.0, 30.0, 0.8])];
        minimise(objective, &starts, &Settings::default())
    }
}

/// ln S(t) of the beta-discrete-Weibull, and its gradient in (alpha, beta, c).
pub(crate) fn ln_survival_with_gradient(alpha: f64, beta: f64, c: f64, t: f64) -> (f64, [f64; 3]) {
    if t <= 0.0 {
        return (0.0, [0.0; 3]);
    }
    let u = t.powf(c).min(1e300);
    // B(alpha, beta + u) / B(alpha, beta) = [rise of alpha from beta] / [rise of alpha from beta + u].
    let value = ln_rising(beta, alpha) - ln_rising(beta + u, alpha);
    let (low, high) = (digamma_rising(beta, alpha), digamma_rising(beta + u, alpha));
    let by_alpha = -digamma_rising(alpha + beta, u);
    (value, [by_alpha, low - high, -high * u * t.ln()])
}

pub(crate) fn status(found: &Minimum) -> FitStatus {
    match found.status {
        optimise::Status::Converged => FitStatus::Ok,
        optimise::Status::Boundary => FitStatus::Boundary,
        optimise::Status::Flat => FitStatus::Unidentified,
    }
}

pub(crate) fn standard_errors(found: &Minimum) -> Option<Vec<f64>> {
    let covariance = found.covariance.as_ref()?;
    Some(found.parameters.iter().enumerate().map(|(i, v)| v.exp() * covariance.get(i, i).sqrt()).collect())
}
