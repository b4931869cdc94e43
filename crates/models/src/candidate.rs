//! What competes in a back-test: the purchase models, the naive baselines, and the blend of them.

use std::fmt;
use std::str::FromStr;

use rand::Rng;

use crate::purchase::{
    CustomerSummary, FitOptions, ModelError, Prior, PurchaseFit, PurchaseModelKind, SummaryGroups, fit_purchase_model,
    refit_purchase_model,
};

/// A way to predict purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CandidateKind {
    /// One purchase model alone.
    Purchase(PurchaseModelKind),
    /// Every customer goes on at the own rate so far: x / T x horizon.
    NaiveRate,
    /// Every customer buys at the mean rate of all: sum(x) / sum(T) x horizon.
    NaiveMean,
    /// Nobody buys again.
    Zero,
    /// The learned blend, see [`crate::blend`].
    Blend,
}

impl CandidateKind {
    /// Every candidate, in the order of tables.
    pub const ALL: [Self; 9] = [
        Self::Purchase(PurchaseModelKind::BgNbd),
        Self::Purchase(PurchaseModelKind::MbgNbd),
        Self::Purchase(PurchaseModelKind::BgCnbdK),
        Self::Purchase(PurchaseModelKind::MbgCnbdK),
        Self::Purchase(PurchaseModelKind::ParetoNbd),
        Self::NaiveRate,
        Self::NaiveMean,
        Self::Zero,
        Self::Blend,
    ];

    /// The name used in commands and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Purchase(kind) => kind.name(),
            Self::NaiveRate => "naive-rate",
            Self::NaiveMean => "naive-mean",
            Self::Zero => "zero",
            Self::Blend => "blend",
        }
    }
}

impl fmt::Display for CandidateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name is not that of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown candidate `{0}`; known are the purchase models, naive-rate, naive-mean, zero and blend")]
pub struct UnknownCandidate(pub String);

impl FromStr for CandidateKind {
    type Err = UnknownCandidate;

    fn from_str(name: &str) -> Result<Self, UnknownCandidate> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownCandidate(name.to_owned()))
    }
}

/// A candidate fitted to the customers known at an origin; the blend has its own type, [`crate::blend::Blend`].
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Candidate {
    /// A purchase model and its parameters.
    Purchase(PurchaseFit),
    /// x / T x horizon; 0 on the day of the first purchase.
    NaiveRate,
    /// This many purchases per unit of time for everyone.
    NaiveMean(f64),
    /// Nobody buys again.
    Zero,
}

impl Candidate {
    /// Fits a candidate. Purchase models are fitted with their weak priors, in weeks when `groups` are in weeks; `k` fixes
    /// the regularity of the CNBD-k models. The blend cannot be fitted to summaries alone and is answered by `None`.
    pub fn fit(kind: CandidateKind, groups: &SummaryGroups, k: Option<u32>) -> Option<Result<Self, ModelError>> {
        Some(match kind {
            CandidateKind::Purchase(kind) => {
                let k = k.filter(|_| kind.has_regularity());
                let options = FitOptions { prior: Prior::Weak, k, ..FitOptions::default() };
                fit_purchase_model(kind, groups, &options).map(Self::Purchase)
            }
            CandidateKind::NaiveRate => Ok(Self::NaiveRate),
            CandidateKind::NaiveMean => Ok(Self::naive_mean(groups)),
            CandidateKind::Zero => Ok(Self::Zero),
            CandidateKind::Blend => return None,
        })
    }

    fn naive_mean(groups: &SummaryGroups) -> Self {
        let (mut purchases, mut time) = (0.0, 0.0);
        for (summary, count) in groups.summaries.iter().zip(&groups.counts) {
            purchases += count * f64::from(summary.frequency);
            time += count * summary.age;
        }
        Self::NaiveMean(if time > 0.0 { purchases / time } else { 0.0 })
    }

    /// The candidate fitted to other customers of the same shop, from this fit on, with the same regularity k, see
    /// [`refit_purchase_model`].
    pub fn refit(&self, groups: &SummaryGroups) -> Result<Self, ModelError> {
        match self {
            Self::Purchase(fit) => {
                let options = FitOptions { prior: Prior::Weak, ..FitOptions::default() };
                refit_purchase_model(fit, groups, &options).map(Self::Purchase)
            }
            Self::NaiveMean(_) => Ok(Self::naive_mean(groups)),
            Self::NaiveRate | Self::Zero => Ok(self.clone()),
        }
    }

    /// Which candidate this is.
    pub fn kind(&self) -> CandidateKind {
        match self {
            Self::Purchase(fit) => CandidateKind::Purchase(fit.kind),
            Self::NaiveRate => CandidateKind::NaiveRate,
            Self::NaiveMean(_) => CandidateKind::NaiveMean,
            Self::Zero => CandidateKind::Zero,
        }
    }

    /// Regularity k of a CNBD-k model, 1 for every other candidate.
    pub fn regularity(&self) -> u32 {
        match self {
            Self::Purchase(fit) if fit.kind.has_regularity() => fit.parameters[4] as u32,
            _ => 1,
        }
    }

    /// The candidate with parameters drawn from their approximate distribution; baselines have none.
    #[must_use]
    pub fn drawn(&self, rng: &mut dyn Rng) -> Self {
        match self {
            Self::Purchase(fit) => Self::Purchase(PurchaseFit { parameters: fit.draw_parameters(rng), ..fit.clone() }),
            other => other.clone(),
        }
    }

    /// Expected purchases of each customer in the `horizon` after the age in the summary.
    pub fn expected(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<f64> {
        match self {
            Self::Purchase(fit) => {
                let model = fit.model();
                model.expected_purchases_given(customers, &model.p_alive_many(customers), horizon)
            }
            Self::NaiveRate => customers.iter().map(|c| own_rate(c) * horizon).collect(),
            Self::NaiveMean(rate) => vec![rate * horizon; customers.len()],
            Self::Zero => vec![0.0; customers.len()],
        }
    }

    /// Probabilities of 0, 1, ..., `max` purchases of each customer in the `horizon`; those of the naive baselines are
    /// Poisson with the expected number.
    pub fn probabilities(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<Vec<f64>> {
        match self {
            Self::Purchase(fit) => {
                let model = fit.model();
                customers.iter().map(|c| model.purchase_probabilities(c, horizon, max)).collect()
            }
            _ => self.expected(customers, horizon).into_iter().map(|mean| poisson(mean, max)).collect(),
        }
    }
}

/// x / T, and 0 when T = 0.
fn own_rate(customer: &CustomerSummary) -> f64 {
    if customer.age > 0.0 { f64::from(customer.frequency) / customer.age } else { 0.0 }
}

/// Poisson probabilities of 0, 1, ..., `max`.
fn poisson(mean: f64, max: usize) -> Vec<f64> {
    let mut log = -mean;
    (0..=max)
        .map(|n| {
            if n > 0 {
                log += mean.ln() - (n as f64).ln();
            }
            log.exp()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for kind in CandidateKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        assert!("oracle".parse::<CandidateKind>().is_err());
    }

    #[test]
    fn naive_baselines_follow_their_formulas() {
        let customers = [CustomerSummary::new(3, 8.0, 10.0), CustomerSummary::new(0, 0.0, 5.0), CustomerSummary::NEW];
        let groups = SummaryGroups::from_customers(&customers);
        let fit = |kind| Candidate::fit(kind, &groups, None).expect("not the blend").expect("fits");
        assert_eq!(fit(CandidateKind::NaiveRate).expected(&customers, 20.0), [6.0, 0.0, 0.0]);
        assert_eq!(fit(CandidateKind::NaiveMean).expected(&customers, 20.0), [4.0; 3]);
        assert_eq!(fit(CandidateKind::Zero).expected(&customers, 20.0), [0.0; 3]);
        let probabilities = fit(CandidateKind::NaiveRate).probabilities(&customers, 20.0, 40);
        assert!((probabilities[0].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((probabilities[0][2] - 18.0 * (-6.0_f64).exp()).abs() < 1e-12);
        assert_eq!(probabilities[2][..2], [1.0, 0.0]);
        assert!(Candidate::fit(CandidateKind::Blend, &groups, None).is_none());
    }
}
