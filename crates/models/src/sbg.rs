//! The shifted-beta-geometric (sBG) model of contract lifetimes.
//!
//! At each renewal opportunity a customer leaves with a probability of their own, which is Beta(alpha, beta) distributed over customers.
//! Source: Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21. See
//! `docs/models/sbg.md`.

use crate::contract::{self, Cohort, ContractError, ContractFit, ContractModel, Renewals};
use crate::special::ln_hyp2f1;

/// An sBG model with known parameters.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sbg {
    alpha: f64,
    beta: f64,
}

impl Sbg {
    /// A model whose probability of leaving at a renewal is Beta(`alpha`, `beta`) distributed over customers.
    pub fn new(alpha: f64, beta: f64) -> Result<Self, ContractError> {
        let good = [alpha, beta].iter().all(|v| v.is_finite() && *v > 0.0);
        if good { Ok(Self { alpha, beta }) } else { Err(ContractError::BadParameters) }
    }

    /// alpha, beta.
    pub fn parameters(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }
}

impl ContractModel for Sbg {
    fn ln_survival(&self, renewals: f64) -> f64 {
        contract::ln_survival_with_gradient(self.alpha, self.beta, 1.0, renewals).0
    }

    fn tail_power(&self) -> f64 {
        self.alpha
    }

    fn ln_survival_gradient(&self, renewals: f64) -> Vec<f64> {
        let by = contract::ln_survival_with_gradient(self.alpha, self.beta, 1.0, renewals).1;
        vec![by[0] * self.alpha, by[1] * self.beta]
    }

    fn retention_rate(&self, renewal: u32) -> f64 {
        let stayed = self.beta + f64::from(renewal.max(1)) - 1.0;
        stayed / (self.alpha + stayed)
    }

    /// Closed forms for the infinite horizon: S(from) / S(given) times 2F1(1, beta + from; alpha + beta + from; 1 / (1 + rate)); without discount
    /// (alpha + beta + from - 1) / (alpha - 1) for alpha > 1.
    fn discounted_sum(&self, from: f64, given: f64, rate: f64, periods: Option<u32>) -> Option<f64> {
        if !(rate.is_finite() && rate >= 0.0) {
            return None;
        }
        let start = (self.ln_survival(from) - self.ln_survival(given)).exp();
        if let Some(periods) = periods {
            // S(t + 1) / S(t) is the retention rate: no gamma function is needed from term to term.
            let discount = 1.0 / (1.0 + rate);
            let (mut term, mut sum) = (start, 0.0);
            for k in 0..periods {
                sum += term;
                let stayed = self.beta + from + f64::from(k);
                term *= discount * stayed / (self.alpha + stayed);
                if term <= 1e-17 * sum / f64::from(periods) {
                    break;
                }
            }
            return Some(sum);
        }
        let (b, c) = (self.beta + from, self.alpha + self.beta + from);
        if rate == 0.0 {
            return (self.alpha > 1.0).then(|| start * (c - 1.0) / (self.alpha - 1.0));
        }
        Some(start * ln_hyp2f1(1.0, b, c, 1.0 / (1.0 + rate)).exp())
    }
}

/// Fits alpha and beta to one or more cohorts by maximum likelihood.
pub fn fit_sbg(cohorts: &[Cohort]) -> Result<ContractFit<Sbg>, ContractError> {
    let renewals = Renewals::new(cohorts)?;
    let found = renewals.fit(2).map_err(|_| ContractError::BadParameters)?;
    Ok(ContractFit {
        model: Sbg::new(found.parameters[0].exp(), found.parameters[1].exp())?,
        standard_errors: contract::standard_errors(&found),
        log_likelihood: -found.value,
        customers: renewals.customers,
        status: contract::status(&found),
        log_covariance: found.covariance,
    })
}
