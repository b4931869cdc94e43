//! Estimation of the Gamma-Gamma model.

use super::statistics::SpendStatistics;
use super::{SpendError, SpendModel, SpendObservation};
use crate::matrix::Matrix;
use crate::optimise::{self, Settings, minimise};
use crate::status::FitStatus;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// How to fit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SpendOptions {
    /// Add the weak prior: ln p ~ N(ln 4, 1), ln(q - 1) ~ N(ln 3, 1), and ln(expected spend of a new customer / typical value) ~
    /// N(0, 1). It keeps q above 1, so that every expectation is finite. A shop with some hundred repeat customers hardly notices it.
    pub weak_prior: bool,
    /// Typical value of a transaction for the weak prior, in the currency unit of the data. `None`: the geometric mean over
    /// customers of their mean spend. Needed when no customer has a repeat purchase.
    pub typical_value: Option<f64>,
}

/// A fitted Gamma-Gamma model.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SpendFit {
    /// The model.
    pub model: SpendModel,
    /// Standard errors of p, q, gamma (observed information, delta method); only with [`FitStatus::Ok`].
    pub standard_errors: Option<[f64; 3]>,
    /// Covariance of (ln p, ln q, ln gamma); only with [`FitStatus::Ok`].
    pub log_covariance: Option<Matrix>,
    /// Log-likelihood of the data, without the prior.
    pub log_likelihood: f64,
    /// Number of customers with repeat purchases.
    pub customers: f64,
    /// [`FitStatus::Boundary`] when a parameter ran away, or when q <= 1 so that a new customer's expected spend is infinite.
    pub status: FitStatus,
}

impl SpendFit {
    /// A draw of the parameters from their approximate distribution (normal in ln p, ln q, ln gamma; with the weak prior ln(q - 1), that
    /// q stays above 1); the estimate itself when there is no covariance.
    pub fn draw_parameters<R: Rng + ?Sized>(&self, rng: &mut R) -> SpendModel {
        let Some(lower) = self.log_covariance.as_ref().and_then(Matrix::cholesky) else { return self.model };
        let noise: [f64; 3] = std::array::from_fn(|_| StandardNormal.sample(rng));
        let step: Vec<f64> = (0..3).map(|i| (0..=i).map(|j| lower.get(i, j) * noise[j]).sum()).collect();
        let model = self.model;
        let q = if model.q > 1.0 {
            // The same spread at the estimate, but on the scale of ln(q - 1).
            1.0 + (model.q - 1.0) * (step[1] * model.q / (model.q - 1.0)).clamp(-30.0, 30.0).exp()
        } else {
            model.q * step[1].exp()
        };
        SpendModel::new(model.p * step[0].exp(), q, model.gamma * step[2].exp()).unwrap_or(model)
    }

    /// Standard error of [`SpendModel::expected_spend`] from the uncertainty of the parameters; `None` without covariance or when the
    /// expectation is infinite.
    pub fn expected_spend_error(&self, frequency: u32, mean: f64) -> Option<f64> {
        let covariance = self.log_covariance.as_ref()?;
        let [by_p, by_q, by_gamma] = self.model.expected_spend_gradient(frequency, mean)?;
        let gradient = [by_p * self.model.p, by_q * self.model.q, by_gamma * self.model.gamma];
        Some(crate::interval::delta_standard_error(&gradient, covariance))
    }
}

/// Prior: means and standard deviations of ln p, ln(q - 1), and of ln(p gamma / (q - 1) / typical value).
const PRIOR_LN_P: (f64, f64) = (1.386_294_361_119_890_6, 1.0);
const PRIOR_LN_Q_LESS_1: (f64, f64) = (1.098_612_288_668_109_8, 1.0);
const PRIOR_LN_SPEND_SD: f64 = 1.0;

/// Fits p, q and gamma to the customers' repeat purchases: maximum likelihood, or the posterior mode with the weak prior of
/// [`SpendOptions`].
///
/// The estimates do not depend on the currency unit: gamma scales with it, p and q stay.
pub fn fit_spend_model(observations: &[SpendObservation], options: &SpendOptions) -> Result<SpendFit, SpendError> {
    let statistics = SpendStatistics::new(observations)?;
    if let Some(typical) = options.typical_value
        && !(typical.is_finite() && typical > 0.0)
    {
        return Err(SpendError::NotPositive { frequency: 0, mean: typical });
    }
    let empty = statistics.customers == 0.0;
    let scale = match (empty, options.typical_value) {
        (false, _) => statistics.scale,
        (true, Some(typical)) if options.weak_prior => typical,
        (true, _) => return Err(SpendError::NoRepeatPurchases),
    };
    // ln(typical value) in the unit of the statistics.
    let ln_typical = options.typical_value.map_or(0.0, |typical| (typical / scale).ln());
    // Searched: ln p, ln q (or ln(q - 1) with the prior), ln gamma / scale.
    let offset = if options.weak_prior { 1.0 } else { 0.0 };
    let objective = |at: &[f64], gradient: &mut [f64]| {
        let (p, beyond, gamma) = (at[0].exp(), at[1].exp(), at[2].exp());
        let mut by = [0.0; 3];
        let mut value = -statistics.log_likelihood(p, beyond + offset, gamma, &mut by);
        gradient[0] = -by[0] * p;
        gradient[1] = -by[1] * beyond;
        gradient[2] = -by[2] * gamma;
        if options.weak_prior {
            let p_off = (at[0] - PRIOR_LN_P.0) / PRIOR_LN_P.1;
            let q_off = (at[1] - PRIOR_LN_Q_LESS_1.0) / PRIOR_LN_Q_LESS_1.1;
            let spend_off = (at[0] + at[2] - at[1] - ln_typical) / PRIOR_LN_SPEND_SD;
            value += 0.5 * (p_off * p_off + q_off * q_off + spend_off * spend_off);
            gradient[0] += p_off / PRIOR_LN_P.1 + spend_off / PRIOR_LN_SPEND_SD;
            gradient[1] += q_off / PRIOR_LN_Q_LESS_1.1 - spend_off / PRIOR_LN_SPEND_SD;
            gradient[2] += spend_off / PRIOR_LN_SPEND_SD;
        }
        value
    };
    let start = |p: f64, q: f64| vec![p.ln(), (q - offset).ln(), ((q - 1.0) / p).ln()];
    let starts = [start(4.0, 4.0), start(1.0, 2.0), start(30.0, 10.0)];
    let settings = Settings { upper: 14.0, ..Settings::default() };
    let found = minimise(objective, &starts, &settings).map_err(|_| SpendError::NoRepeatPurchases)?;
    let (p, beyond, gamma) = (found.parameters[0].exp(), found.parameters[1].exp(), found.parameters[2].exp());
    let q = beyond + offset;
    let model = SpendModel::new(p, q, gamma * scale)?;
    let status = match found.status {
        optimise::Status::Converged if q <= 1.0 => FitStatus::Boundary,
        optimise::Status::Converged => FitStatus::Ok,
        optimise::Status::Boundary => FitStatus::Boundary,
        optimise::Status::Flat => FitStatus::Unidentified,
    };
    let log_covariance =
        found.covariance.filter(|_| status == FitStatus::Ok).map(|c| c.scaled(&[1.0, beyond / q, 1.0]));
    let standard_errors = log_covariance.as_ref().map(|c| {
        let estimate = [model.p, model.q, model.gamma];
        std::array::from_fn(|i| estimate[i] * c.get(i, i).sqrt())
    });
    let log_likelihood = if empty { 0.0 } else { statistics.log_likelihood(p, q, gamma, &mut [0.0; 3]) };
    Ok(SpendFit { model, standard_errors, log_covariance, log_likelihood, customers: statistics.customers, status })
}
