//! The beta-discrete-Weibull (BdW) model of contract lifetimes.
//!
//! The sBG model with duration dependence: a customer whose first chance to leave is theta survives t renewals with probability
//! (1 - theta)^(t^c). c > 1: the chance to leave rises with every renewal of the same customer; c < 1: it falls; c = 1 is the sBG.
//! Source: Fader, Hardie, Liu, Davin & Steenburgh (2018), "'How to Project Customer Retention' Revisited: The Role of Duration
//! Dependence", Journal of Interactive Marketing 43. See `docs/models/bdw.md`.

use crate::contract::{self, Cohort, ContractError, ContractFit, ContractModel, Renewals};

/// A BdW model with known parameters.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bdw {
    alpha: f64,
    beta: f64,
    c: f64,
}

impl Bdw {
    /// A model whose first probability of leaving is Beta(`alpha`, `beta`) distributed over customers, with duration dependence `c`.
    pub fn new(alpha: f64, beta: f64, c: f64) -> Result<Self, ContractError> {
        let good = [alpha, beta, c].iter().all(|v| v.is_finite() && *v > 0.0);
        if good { Ok(Self { alpha, beta, c }) } else { Err(ContractError::BadParameters) }
    }

    /// alpha, beta, c.
    pub fn parameters(&self) -> [f64; 3] {
        [self.alpha, self.beta, self.c]
    }
}

impl ContractModel for Bdw {
    fn ln_survival(&self, renewals: f64) -> f64 {
        contract::ln_survival_with_gradient(self.alpha, self.beta, self.c, renewals).0
    }

    fn tail_power(&self) -> f64 {
        self.alpha * self.c
    }

    fn ln_survival_gradient(&self, renewals: f64) -> Vec<f64> {
        let by = contract::ln_survival_with_gradient(self.alpha, self.beta, self.c, renewals).1;
        vec![by[0] * self.alpha, by[1] * self.beta, by[2] * self.c]
    }
}

/// Fits alpha, beta and c to one or more cohorts by maximum likelihood.
pub fn fit_bdw(cohorts: &[Cohort]) -> Result<ContractFit<Bdw>, ContractError> {
    let renewals = Renewals::new(cohorts)?;
    let found = renewals.fit(3).map_err(|_| ContractError::BadParameters)?;
    Ok(ContractFit {
        model: Bdw::new(found.parameters[0].exp(), found.parameters[1].exp(), found.parameters[2].exp())?,
        standard_errors: contract::standard_errors(&found),
        log_likelihood: -found.value,
        customers: renewals.customers,
        status: contract::status(&found),
        log_covariance: found.covariance,
    })
}
