//! Fitting a purchase model: maximum likelihood, or the maximum a posteriori with weak priors.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::bg_family::BgLikelihood;
use crate::error::ModelError;
use crate::matrix::Matrix;
use crate::optimise::{self, Minimum, Settings, Status};
use crate::pareto_nbd::ParetoLikelihood;
use crate::purchase::{PurchaseModel, PurchaseModelKind, expected_purchases_errors};
pub use crate::status::FitStatus;
use crate::summary::{CustomerSummary, SummaryGroups};

/// What is assumed about the parameters before the data are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prior {
    /// Nothing: maximum likelihood.
    #[default]
    None,
    /// Weak priors, independent normals on the logarithms (mean as a value, standard deviation of the logarithm):
    /// shape r 0.6 (1.5); mean rate r/(k alpha) one purchase in 12 weeks (2).
    /// BG family: odds of dropping out a/b 0.5 (1.2), geometric mean of a and b 1.2 (1).
    /// Pareto/NBD: shape s 0.6 (1), dropout rate s/beta once in 26 weeks (2).
    /// A hundred customers outweigh them; with ten they keep every parameter in a sensible range.
    Weak,
}

/// How to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// Prior on the parameters. Default: none, that is maximum likelihood.
    pub prior: Prior,
    /// Regularity k of the CNBD-k models; `None` (default) finds it: the best of 1 to 12.
    pub k: Option<u32>,
    /// How many units of time make a week (weeks: 1, days: 7), for the priors alone. Default 1.
    pub time_scale: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { prior: Prior::None, k: None, time_scale: 1.0 }
    }
}

/// A fitted purchase model.
#[derive(Debug, Clone, PartialEq)]
pub struct PurchaseFit {
    /// Which model.
    pub kind: PurchaseModelKind,
    /// Parameters, ordered as [`PurchaseFit::names`]; alpha and beta in the unit of time of the fit.
    pub parameters: Vec<f64>,
    /// Standard errors of the four continuous parameters (inverse observed information, delta method from the
    /// logarithms); k has none. Only with [`FitStatus::Ok`].
    pub standard_errors: Option<Vec<f64>>,
    /// Covariance of the logarithms of the four continuous parameters. Only with [`FitStatus::Ok`].
    pub log_covariance: Option<Matrix>,
    /// Log-likelihood at the parameters, without the prior.
    pub log_likelihood: f64,
    /// Number of customers.
    pub customers: f64,
    /// How to read the parameters.
    pub status: FitStatus,
}

impl PurchaseFit {
    /// Names of the parameters.
    pub fn names(&self) -> &'static [&'static str] {
        self.kind.parameter_names()
    }

    /// The model at the fitted parameters.
    pub fn model(&self) -> Box<dyn PurchaseModel> {
        self.model_with(&self.parameters)
    }

    /// The model at other parameters, for instance drawn ones.
    ///
    /// # Panics
    /// When the parameters are not positive and finite or their number is wrong.
    pub fn model_with(&self, parameters: &[f64]) -> Box<dyn PurchaseModel> {
        self.kind.model(parameters).expect("positive and finite parameters, as many as the model has")
    }

    /// A draw from the approximate distribution of the parameters (normal in their logarithms; k stays). Without a
    /// covariance the fitted parameters themselves.
    pub fn draw_parameters(&self, rng: &mut dyn Rng) -> Vec<f64> {
        let mut drawn = self.parameters.clone();
        let Some(factor) = self.log_covariance.as_ref().and_then(Matrix::cholesky) else { return drawn };
        let normals: Vec<f64> = (0..factor.size()).map(|_| rng.sample(StandardNormal)).collect();
        for (i, parameter) in drawn.iter_mut().take(factor.size()).enumerate() {
            let shift: f64 = (0..=i).map(|j| factor.get(i, j) * normals[j]).sum();
            // Far tails of a badly known parameter are an artefact of the normal approximation.
            *parameter *= shift.clamp(-8.0, 8.0).exp();
        }
        drawn
    }

    /// Standard errors of expected purchases from the uncertainty of the parameters, one vector per horizon; `None`
    /// without a covariance.
    pub fn expected_purchases_errors(&self, customers: &[CustomerSummary], horizons: &[f64]) -> Option<Vec<Vec<f64>>> {
        expected_purchases_errors(self.kind, &self.parameters, self.log_covariance.as_ref()?, customers, horizons)
    }
}

/// The log-likelihood of all customers and its gradient in the logarithms of the parameters.
pub(crate) trait Likelihood {
    fn evaluate(&self, log_parameters: &[f64], gradient: &mut [f64]) -> f64;
}

/// Normal densities on linear functions of the log-parameters.
struct GaussianPrior(Vec<([f64; 4], f64, f64)>);

impl GaussianPrior {
    /// `week` is the length of a week in the unit of the log-parameters, `k` the regularity.
    fn weak(kind: PurchaseModelKind, week: f64, k: u32) -> Self {
        let rate = |per_weeks: f64| -(per_weeks * week).ln();
        let mut terms = vec![
            ([1.0, 0.0, 0.0, 0.0], 0.6_f64.ln(), 1.5),
            ([1.0, -1.0, 0.0, 0.0], rate(12.0) + f64::from(k).ln(), 2.0),
        ];
        if kind == PurchaseModelKind::ParetoNbd {
            terms.push(([0.0, 0.0, 1.0, 0.0], 0.6_f64.ln(), 1.0));
            terms.push(([0.0, 0.0, 1.0, -1.0], rate(26.0), 2.0));
        } else {
            terms.push(([0.0, 0.0, 1.0, -1.0], 0.5_f64.ln(), 1.2));
            terms.push(([0.0, 0.0, 0.5, 0.5], 1.2_f64.ln(), 1.0));
        }
        Self(terms)
    }

    fn add(&self, at: &[f64], gradient: &mut [f64]) -> f64 {
        let mut value = 0.0;
        for (coefficients, mean, deviation) in &self.0 {
            let along: f64 = coefficients.iter().zip(at).map(|(c, x)| c * x).sum();
            let z = (along - mean) / deviation;
            value += 0.5 * z * z;
            for (g, c) in gradient.iter_mut().zip(coefficients) {
                *g += c * z / deviation;
            }
        }
        value
    }
}

/// Fits `kind` to the groups.
///
/// The fit does not depend on the unit of time: ages are scaled to mean 1 inside. Large data are fitted on a systematic
/// sample of groups first, then brought to the optimum of all with few passes; k is chosen on that sample.
///
/// # Errors
/// Nobody to fit, an impossible summary, an unusable k, or (CNBD-k) gaps between purchases that are not known.
pub fn fit_purchase_model(
    kind: PurchaseModelKind,
    groups: &SummaryGroups,
    options: &FitOptions,
) -> Result<PurchaseFit, ModelError> {
    groups.check()?;
    if let Some(k) = options.k
        && !(1..=60).contains(&k)
    {
        return Err(ModelError::InvalidRegularity(k));
    }
    if kind.has_regularity()
        && let Some(index) = groups.summaries.iter().position(|s| s.frequency > 0 && !s.sum_log_gaps.is_finite())
    {
        return Err(ModelError::InvalidSummary {
            index,
            problem: "the logarithms of the gaps must be finite for CNBD-k",
        });
    }
    let weights = || groups.summaries.iter().zip(&groups.counts);
    let customers = groups.customers();
    let total_age: f64 = weights().map(|(s, c)| s.age * c).sum();
    let repeats: f64 = weights().map(|(s, c)| f64::from(s.frequency) * c).sum();
    let unit = if total_age > 0.0 { total_age / customers } else { 1.0 };
    let problem = Problem {
        kind,
        groups,
        unit,
        week: options.time_scale / unit,
        prior: options.prior,
        rate: repeats / customers * if total_age > 0.0 { 1.0 } else { 0.0 },
    };
    let sample = Sample::of(groups);
    let regularities: Vec<u32> = match (kind.has_regularity(), options.k) {
        (false, _) => vec![1],
        (true, Some(k)) => vec![k],
        (true, None) => (1..=12).collect(),
    };
    let mut best: Option<(u32, Minimum, f64)> = None;
    let mut falls = 0;
    for &k in &regularities {
        let warm = best.as_ref().map(|(before, found, _)| {
            let mut start = found.parameters.clone();
            start[1] += (f64::from(k) / f64::from(*before)).ln();
            start
        });
        let found = problem.minimise(&sample, k, warm)?;
        let criterion = found.value - problem.gap_term(&sample, k);
        if best.as_ref().is_some_and(|(_, _, lowest)| *lowest <= criterion) {
            falls += 1;
            // The profile in k has one hump; two steps down are enough to know it lies behind.
            if falls == 2 {
                break;
            }
        } else {
            falls = 0;
            best = Some((k, found, criterion));
        }
    }
    let (k, found, _) = best.ok_or(ModelError::NoFiniteLikelihood)?;
    let whole = Sample::whole(groups);
    let found =
        if sample.is_whole() { found } else { problem.polish(&whole, k, &found, sample.fraction(customers))? };
    Ok(problem.report(&whole, k, found, customers, repeats))
}

/// The groups that a fit looks at, with one weight each.
struct Sample<'a> {
    summaries: std::borrow::Cow<'a, [CustomerSummary]>,
    counts: std::borrow::Cow<'a, [f64]>,
}

impl<'a> Sample<'a> {
    /// Below this many groups the whole is fitted at once.
    const SMALL: usize = 20_000;
    const SAMPLED: usize = 6_000;

    fn whole(groups: &'a SummaryGroups) -> Self {
        Self { summaries: (&groups.summaries).into(), counts: (&groups.counts).into() }
    }

    /// Every m-th group: groups are sorted, so each frequency and age keeps its share.
    fn of(groups: &'a SummaryGroups) -> Self {
        if groups.summaries.len() <= Self::SMALL {
            return Self::whole(groups);
        }
        let every = groups.summaries.len() / Self::SAMPLED;
        let pick = || (every / 2..groups.summaries.len()).step_by(every);
        Self {
            summaries: pick().map(|i| groups.summaries[i]).collect::<Vec<_>>().into(),
            counts: pick().map(|i| groups.counts[i]).collect::<Vec<_>>().into(),
        }
    }

    fn is_whole(&self) -> bool {
        matches!(self.summaries, std::borrow::Cow::Borrowed(_))
    }

    fn fraction(&self, customers: f64) -> f64 {
        self.counts.iter().sum::<f64>() / customers
    }
}

struct Problem<'a> {
    kind: PurchaseModelKind,
    groups: &'a SummaryGroups,
    unit: f64,
    week: f64,
    prior: Prior,
    /// Purchases per customer and mean age.
    rate: f64,
}

impl Problem<'_> {
    fn likelihood(&self, sample: &Sample, k: u32) -> Box<dyn Likelihood> {
        let modified = matches!(self.kind, PurchaseModelKind::MbgNbd | PurchaseModelKind::MbgCnbdK);
        match self.kind {
            PurchaseModelKind::ParetoNbd => {
                Box::new(ParetoLikelihood::new(&sample.summaries, &sample.counts, self.unit))
            }
            _ => Box::new(BgLikelihood::new(&sample.summaries, &sample.counts, self.unit, k, modified)),
        }
    }

    fn objective<'b>(
        &self,
        likelihood: &'b dyn Likelihood,
        k: u32,
        evidence: f64,
    ) -> impl FnMut(&[f64], &mut [f64]) -> f64 + 'b {
        let prior = match self.prior {
            Prior::None => None,
            Prior::Weak => Some(GaussianPrior::weak(self.kind, self.week, k)),
        };
        move |at, gradient| {
            let mut value = -likelihood.evaluate(at, gradient) * evidence;
            for g in gradient.iter_mut() {
                *g *= -evidence;
            }
            if let Some(prior) = &prior {
                value += prior.add(at, gradient);
            }
            value
        }
    }

    /// What the gaps add to the log-likelihood and no parameter changes: `(k-1) Σ ln gap - x ln Γ(k)`, in scaled time.
    fn gap_term(&self, sample: &Sample, k: u32) -> f64 {
        if k == 1 {
            return 0.0;
        }
        let (ln_unit, ln_gamma_k) = (self.unit.ln(), crate::special::ln_gamma(f64::from(k)));
        let gaps = |s: &CustomerSummary| {
            let x = f64::from(s.frequency);
            if x == 0.0 { 0.0 } else { f64::from(k - 1) * (s.sum_log_gaps - x * ln_unit) - x * ln_gamma_k }
        };
        sample.summaries.iter().zip(sample.counts.iter()).map(|(s, c)| c * gaps(s)).sum()
    }

    fn starts(&self, k: u32) -> Vec<Vec<f64>> {
        // A tenth of a purchase in the mean age stands in where nobody came back.
        let rate = self.rate.max(0.1) * f64::from(k);
        let shapes: [[f64; 3]; 4] = if self.kind == PurchaseModelKind::ParetoNbd {
            // r, s, mean lifetime in mean ages
            [[0.6, 0.6, 0.6], [1.5, 1.0, 2.0], [0.3, 0.3, 0.3], [6.0, 2.0, 4.0]]
        } else {
            // r, a, b
            [[0.4, 0.7, 2.0], [1.2, 0.5, 1.5], [0.15, 1.5, 6.0], [6.0, 0.2, 3.0]]
        };
        shapes
            .iter()
            .map(|&[r, third, fourth]| {
                let last = if self.kind == PurchaseModelKind::ParetoNbd { third * fourth } else { fourth };
                vec![r.ln(), (r / (1.5 * rate)).ln(), third.ln(), last.ln()]
            })
            .collect()
    }

    fn minimise(&self, sample: &Sample, k: u32, warm: Option<Vec<f64>>) -> Result<Minimum, ModelError> {
        let likelihood = self.likelihood(sample, k);
        let mut starts = self.starts(k);
        if let Some(warm) = warm {
            starts.insert(0, warm);
        }
        optimise::minimise(self.objective(likelihood.as_ref(), k, 1.0), &starts, &Settings::default())
            .map_err(|_| ModelError::NoFiniteLikelihood)
    }

    /// From the optimum of a sample to that of the whole: steps with the sample's information, scaled up. The general
    /// search takes over when that does not settle.
    fn polish(&self, whole: &Sample, k: u32, found: &Minimum, fraction: f64) -> Result<Minimum, ModelError> {
        let likelihood = self.likelihood(whole, k);
        let mut objective = self.objective(likelihood.as_ref(), k, 1.0);
        if let Some(covariance) = &found.covariance {
            let metric = covariance.scaled(&vec![fraction.sqrt(); covariance.size()]);
            let mut at = found.parameters.clone();
            let mut gradient = vec![0.0; at.len()];
            let mut last = f64::INFINITY;
            for _ in 0..12 {
                let value = objective(&at, &mut gradient);
                let decrement = metric.quadratic_form(&gradient) / 2.0;
                // Rounding in the gradient of a large sum; a ten-thousandth of a standard error is far below it all.
                if decrement < 1e-9 {
                    let covariance = optimise::covariance(&mut objective, &at);
                    if covariance.is_some() {
                        let status = Status::Converged;
                        return Ok(Minimum { parameters: at, value, gradient, status, covariance, evaluations: 0 });
                    }
                    break;
                }
                if decrement.is_nan() || decrement > last {
                    break;
                }
                last = decrement;
                for (x, step) in at.iter_mut().zip(metric.multiply(&gradient)) {
                    *x -= step;
                }
            }
        }
        let mut starts = vec![found.parameters.clone()];
        starts.extend(self.starts(k));
        optimise::minimise(objective, &starts, &Settings::default()).map_err(|_| ModelError::NoFiniteLikelihood)
    }

    fn report(&self, whole: &Sample, k: u32, found: Minimum, customers: f64, repeats: f64) -> PurchaseFit {
        let mut unused = vec![0.0; found.parameters.len()];
        let scaled = self.likelihood(whole, k).evaluate(&found.parameters, &mut unused);
        // Each repeat purchase contributes a density per unit of time.
        let log_likelihood = scaled + self.gap_term(whole, k) - repeats * self.unit.ln();
        let mut parameters: Vec<f64> = found.parameters.iter().map(|p| p.exp()).collect();
        parameters[1] *= self.unit;
        if self.kind == PurchaseModelKind::ParetoNbd {
            parameters[3] *= self.unit;
        }
        let status = match found.status {
            _ if self.prior == Prior::None
                && (repeats == 0.0 || self.groups.summaries.iter().all(|s| s.age == 0.0)) =>
            {
                FitStatus::Unidentified
            }
            Status::Converged => FitStatus::Ok,
            Status::Boundary => FitStatus::Boundary,
            Status::Flat => FitStatus::Unidentified,
        };
        let log_covariance = if status == FitStatus::Ok { found.covariance } else { None };
        let standard_errors = log_covariance
            .as_ref()
            .map(|c| c.diagonal().iter().zip(&parameters).map(|(variance, p)| variance.sqrt() * p).collect());
        if self.kind.has_regularity() {
            parameters.push(f64::from(k));
        }
        PurchaseFit { kind: self.kind, parameters, standard_errors, log_covariance, log_likelihood, customers, status }
    }
}
