//! Purchase-count models: what they are called, what they answer, how they are fitted.
//!
//! Every model takes a customer's frequency x, recency t_x and age T and answers in the same unit of time.

use std::fmt;
use std::str::FromStr;

use rand::Rng;

use crate::bg_family::BgFamily;
pub use crate::error::ModelError;
use crate::pareto_nbd::ParetoNbd;
pub use crate::purchase_fit::{FitOptions, FitStatus, Prior, PurchaseFit, fit_purchase_model, refit_purchase_model};
pub use crate::summary::{CustomerSummary, DayGroups, DaySummary, SummaryGroups};

/// The purchase-count models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PurchaseModelKind {
    /// Beta-geometric / negative binomial (Fader, Hardie & Lee 2005).
    BgNbd,
    /// Modified BG/NBD: a customer may also leave right after the first purchase (Batislam, Denizel & Filiztekin 2007).
    MbgNbd,
    /// BG with Erlang-k gaps between purchases (Platzer & Reutterer 2016).
    BgCnbdK,
    /// MBG with Erlang-k gaps between purchases (Platzer & Reutterer 2016).
    MbgCnbdK,
    /// Pareto / negative binomial (Schmittlein, Morrison & Colombo 1987).
    ParetoNbd,
}

impl PurchaseModelKind {
    /// Every kind, simplest first.
    pub const ALL: [Self; 5] = [Self::BgNbd, Self::MbgNbd, Self::BgCnbdK, Self::MbgCnbdK, Self::ParetoNbd];

    /// The name used in commands and results, such as `bg-nbd`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "bg-nbd",
            Self::MbgNbd => "mbg-nbd",
            Self::BgCnbdK => "bg-cnbd-k",
            Self::MbgCnbdK => "mbg-cnbd-k",
            Self::ParetoNbd => "pareto-nbd",
        }
    }

    /// Names of the parameters, in the order in which they are stored.
    pub fn parameter_names(self) -> &'static [&'static str] {
        match self {
            Self::BgNbd | Self::MbgNbd => &["r", "alpha", "a", "b"],
            Self::BgCnbdK | Self::MbgCnbdK => &["r", "alpha", "a", "b", "k"],
            Self::ParetoNbd => &["r", "alpha", "s", "beta"],
        }
    }

    /// Whether the regularity k is a parameter of the model.
    pub fn has_regularity(self) -> bool {
        matches!(self, Self::BgCnbdK | Self::MbgCnbdK)
    }

    /// The model with these parameters, ordered as in [`Self::parameter_names`].
    pub fn model(self, parameters: &[f64]) -> Result<Box<dyn PurchaseModel>, ModelError> {
        let invalid = || ModelError::InvalidParameters(parameters.to_vec());
        if parameters.len() != self.parameter_names().len() || !parameters.iter().all(|p| p.is_finite() && *p > 0.0) {
            return Err(invalid());
        }
        let four = [parameters[0], parameters[1], parameters[2], parameters[3]];
        let modified = matches!(self, Self::MbgNbd | Self::MbgCnbdK);
        Ok(match self {
            Self::ParetoNbd => Box::new(ParetoNbd::new(four)),
            Self::BgNbd | Self::MbgNbd => Box::new(BgFamily::new(four, None, modified)),
            Self::BgCnbdK | Self::MbgCnbdK => {
                if parameters[4].fract() != 0.0 || parameters[4] > 60.0 {
                    return Err(invalid());
                }
                Box::new(BgFamily::new(four, Some(parameters[4] as u32), modified))
            }
        })
    }
}

impl fmt::Display for PurchaseModelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for PurchaseModelKind {
    type Err = ModelError;

    fn from_str(name: &str) -> Result<Self, ModelError> {
        Self::ALL.into_iter().find(|k| k.name() == name).ok_or_else(|| ModelError::UnknownKind(name.to_owned()))
    }
}

/// Predictions for many customers and several horizons.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// P(alive) of each customer.
    pub p_alive: Vec<f64>,
    /// `expected_purchases[h][i]`: expected purchases of customer i within horizon h.
    pub expected_purchases: Vec<Vec<f64>>,
    /// `probability_of_purchase[h][i]`: P(at least one purchase) of customer i within horizon h.
    pub probability_of_purchase: Vec<Vec<f64>>,
}

/// A purchase model with given parameters.
///
/// `horizon` is the length of the window that starts at the customer's age T. Customers are taken to obey
/// [`CustomerSummary::problem`]; horizons are finite and not negative unless said otherwise.
pub trait PurchaseModel: Send + Sync {
    /// Which model this is.
    fn kind(&self) -> PurchaseModelKind;

    /// The parameters, ordered as in [`PurchaseModelKind::parameter_names`].
    fn parameters(&self) -> Vec<f64>;

    /// Log-likelihood of one customer's history.
    fn log_likelihood(&self, customer: &CustomerSummary) -> f64;

    /// Probability that the customer is still active at T.
    fn p_alive(&self, customer: &CustomerSummary) -> f64;

    /// Expected purchases in (T, T + horizon].
    fn expected_purchases(&self, customer: &CustomerSummary, horizon: f64) -> f64;

    /// Probabilities of 0, 1, ..., `max` purchases in (T, T + horizon].
    fn purchase_probabilities(&self, customer: &CustomerSummary, horizon: f64, max: usize) -> Vec<f64>;

    /// Probability of at least one purchase in (T, T + horizon].
    fn probability_of_purchase(&self, customer: &CustomerSummary, horizon: f64) -> f64;

    /// Expected purchases of a new customer in the time `horizon` after the first purchase, which is not counted.
    fn expected_purchases_new(&self, horizon: f64) -> f64 {
        self.expected_purchases(&CustomerSummary::NEW, horizon)
    }

    /// Probabilities of 0, 1, ..., `max` purchases of a new customer in the time `horizon` after the first purchase.
    fn purchase_probabilities_new(&self, horizon: f64, max: usize) -> Vec<f64> {
        self.purchase_probabilities(&CustomerSummary::NEW, horizon, max)
    }

    /// Quantile (`0 < quantile < 1`) of the time from T to the next purchase, **given that there is a next purchase**.
    /// The chance that there is one at all is a matter of its own: [`Self::probability_of_purchase`]. Always finite: a model
    /// that puts the quantile beyond all numbers answers with a very large one.
    fn time_to_next_purchase(&self, customer: &CustomerSummary, quantile: f64) -> f64;

    /// Discounted expected residual transactions: the expected sum of `e^(-discount_rate t)` over the purchases at times
    /// T + t, up to `horizon`, or over all time when it is `None`.
    ///
    /// The rate is continuous, per unit of time. Without a horizon and with rate 0 the sum may have no finite
    /// expectation (dropout shape a or s at most 1); the answer is then infinite, as it should be.
    fn dert(&self, customer: &CustomerSummary, discount_rate: f64, horizon: Option<f64>) -> f64;

    /// One draw of the number of purchases in (T, T + horizon], with the customer's own rate and dropout drawn from
    /// their posterior.
    fn simulate_purchases(&self, customer: &CustomerSummary, horizon: f64, rng: &mut dyn Rng) -> u32;

    /// P(alive) of many customers.
    fn p_alive_many(&self, customers: &[CustomerSummary]) -> Vec<f64> {
        customers.iter().map(|c| self.p_alive(c)).collect()
    }

    /// Expected purchases of many customers within `horizon`, given their P(alive), which does not depend on the horizon.
    /// Fastest for customers in the order of [`SummaryGroups`], right in any order.
    fn expected_purchases_given(&self, customers: &[CustomerSummary], p_alive: &[f64], horizon: f64) -> Vec<f64>;

    /// [`Self::time_to_next_purchase`] of many customers.
    fn times_to_next_purchase(&self, customers: &[CustomerSummary], quantile: f64) -> Vec<f64> {
        customers.iter().map(|c| self.time_to_next_purchase(c, quantile)).collect()
    }

    /// P(alive), expected purchases and P(purchase) of many customers at once. Fastest for customers in the order of
    /// [`SummaryGroups`], right in any order.
    fn predict_many(&self, customers: &[CustomerSummary], horizons: &[f64]) -> Predictions;

    /// Derivatives of each customer's expected purchases in the logarithms of the four continuous parameters (k stays):
    /// what the delta method needs, for one customer or, summed, for a total.
    fn expected_purchases_gradients(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<[f64; 4]> {
        const STEP: f64 = 1e-4;
        let mut gradients = vec![[0.0; 4]; customers.len()];
        for i in 0..4 {
            let moved = |step: f64| {
                let mut parameters = self.parameters();
                parameters[i] *= step.exp();
                let model = self.kind().model(&parameters).ok()?;
                Some(model.expected_purchases_given(customers, &model.p_alive_many(customers), horizon))
            };
            // Parameters so large that a step overflows them are at a limit where nothing depends on them.
            if let (Some(up), Some(down)) = (moved(STEP), moved(-STEP)) {
                for (gradient, (up, down)) in gradients.iter_mut().zip(up.iter().zip(&down)) {
                    gradient[i] = (up - down) / (2.0 * STEP);
                }
            }
        }
        gradients
    }

    /// [`Self::purchase_probabilities`] of many customers: `max + 1` numbers for each, one customer after the other.
    fn purchase_probabilities_many(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<f64> {
        customers.iter().flat_map(|c| self.purchase_probabilities(c, horizon, max)).collect()
    }

    /// [`Self::dert`] of many customers.
    fn dert_many(&self, customers: &[CustomerSummary], discount_rate: f64, horizon: Option<f64>) -> Vec<f64> {
        customers.iter().map(|c| self.dert(c, discount_rate, horizon)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for kind in PurchaseModelKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(format!("{kind:>12}").trim(), kind.name());
        }
        assert!("naive".parse::<PurchaseModelKind>().unwrap_err().to_string().contains("naive"));
    }

    #[test]
    fn models_refuse_parameters_that_cannot_be() {
        let kind = PurchaseModelKind::BgCnbdK;
        assert!(kind.model(&[1.0, 1.0, 1.0, 1.0]).is_err());
        assert!(kind.model(&[1.0, 1.0, 1.0, 1.0, 1.5]).is_err());
        assert!(kind.model(&[1.0, 0.0, 1.0, 1.0, 2.0]).is_err());
        let model = kind.model(&[1.0, 2.0, 3.0, 4.0, 2.0]).unwrap();
        assert_eq!((model.kind(), model.parameters()), (kind, vec![1.0, 2.0, 3.0, 4.0, 2.0]));
    }
}
