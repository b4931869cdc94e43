//! Fitting a purchase model: maximum likelihood, or the maximum a posteriori with weak priors.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use crate::bg_family::BgLikelihood;
use crate::error::ModelError;
use crate::matrix::Matrix;
use crate::optimise::{self, Minimum, Settings, Status};
use crate::pareto_nbd::ParetoLikelihood;
use crate::purchase::{PurchaseModel, PurchaseModelKind};
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
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PurchaseFit {
    /// Which model.
    pub kind: PurchaseModelKind,
    /// Parameters, ordered as [`PurchaseFit::names`]; alpha and beta in the unit of time of the fit.
    pub parameters: Vec<f64>,
    /// Standard errors of the four continuous parameters (inverse observed information, delta method from the
    /// logarithms); k has none. Only with [`FitStatus::Ok`].
    pub standard_errors: Option<Vec<f64>>,
    /// Covariance of the logarithms of the four continuous parameters. Only with [`FitStatus::Ok`]; an estimate
    /// after [`refit_purchase_model`].
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

    /// Standard errors of each customer's expected purchases within `horizon` from the uncertainty of the parameters
    /// (delta method); `None` without a covariance.
    pub fn expected_purchases_errors(&self, customers: &[CustomerSummary], horizon: f64) -> Option<Vec<f64>> {
        let covariance = self.log_covariance.as_ref()?;
        let gradients = self.model().expected_purchases_gradients(customers, horizon);
        Some(gradients.iter().map(|g| quadratic_form(covariance, g).max(0.0).sqrt()).collect())
    }

    /// Standard error of the expected purchases of all `customers` together, each counted `counts` times, from the
    /// uncertainty of the parameters (delta method); `None` without a covariance.
    pub fn expected_total_error(&self, customers: &[CustomerSummary], counts: &[f64], horizon: f64) -> Option<f64> {
        let covariance = self.log_covariance.as_ref()?;
        let mut total = [0.0; 4];
        for (gradient, count) in self.model().expected_purchases_gradients(customers, horizon).iter().zip(counts) {
            for (t, g) in total.iter_mut().zip(gradient) {
                *t += count * g;
            }
        }
        Some(quadratic_form(covariance, &total).max(0.0).sqrt())
    }
}

fn quadratic_form(matrix: &Matrix, vector: &[f64; 4]) -> f64 {
    (0..4).map(|i| vector[i] * (0..4).map(|j| matrix.get(i, j) * vector[j]).sum::<f64>()).sum()
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
/// sample of customers first, then brought to the optimum of all with few passes; values of k that the sample cannot tell
/// apart are compared on all customers.
///
/// # Errors
/// Nobody to fit, an impossible summary, an unusable k, or (CNBD-k) gaps between purchases that are not known.
pub fn fit_purchase_model(
    kind: PurchaseModelKind,
    groups: &SummaryGroups,
    options: &FitOptions,
) -> Result<PurchaseFit, ModelError> {
    let problem = Problem::new(kind, groups, options)?;
    let sample = Sample::of(groups, problem.small());
    let regularities: Vec<u32> = match (kind.has_regularity(), options.k) {
        (false, _) => vec![1],
        (true, Some(k)) => vec![k],
        (true, None) => (1..=12).collect(),
    };
    let profile = problem.profile(&sample, &regularities)?;
    let whole = Sample::whole(groups);
    let lowest = profile.iter().map(|p| p.criterion).fold(f64::INFINITY, f64::min);
    let mut best: Option<(f64, PurchaseFit)> = None;
    for Profiled { k, found, metric, criterion } in profile {
        // On the whole the best is its own only rival; a sample leaves open those that it cannot tell apart.
        if criterion > lowest + if sample.is_whole() { 0.0 } else { CLOSE_CALL } {
            continue;
        }
        let likelihood = problem.likelihood(&whole, k);
        let gap_term = problem.gap_term(&whole, k);
        let found = if sample.is_whole() && found.covariance.is_some() {
            found
        } else {
            let metric = metric.map(|metric| scaled_by(&metric, sample.customers() / problem.customers));
            problem.polish(likelihood.as_ref(), k, &found, metric)?
        };
        let criterion = found.value - gap_term;
        if best.as_ref().is_none_or(|(lowest, _)| criterion < *lowest) {
            best = Some((criterion, problem.report(gap_term, k, found)));
        }
    }
    best.map(|(_, fit)| fit).ok_or(ModelError::NoFiniteLikelihood)
}

/// Fits the model of an earlier `fit` to other customers of the same shop, with the same k, for point predictions: from the earlier
/// optimum to within a hundredth of a standard error, in a tenth of the time of [`fit_purchase_model`]. There are no standard errors,
/// and the covariance is that of the earlier fit, scaled by the numbers of customers. Where the earlier fit is no help the result
/// is that of [`fit_purchase_model`].
///
/// # Errors
/// As [`fit_purchase_model`].
pub fn refit_purchase_model(
    fit: &PurchaseFit,
    groups: &SummaryGroups,
    options: &FitOptions,
) -> Result<PurchaseFit, ModelError> {
    let k = if fit.kind.has_regularity() { fit.parameters[4] as u32 } else { 1 };
    let options = FitOptions { k: fit.kind.has_regularity().then_some(k), ..*options };
    if let Some(covariance) = &fit.log_covariance {
        let problem = Problem::new(fit.kind, groups, &options)?;
        let whole = Sample::whole(groups);
        let likelihood = problem.likelihood(&whole, k);
        let metric = scaled_by(covariance, fit.customers / problem.customers);
        let start = problem.scaled_logarithms(&fit.parameters);
        let objective = problem.objective(likelihood.as_ref(), k);
        if let Some(found) = optimise::follow(objective, &start, &metric, ROUGH, &problem.settings()) {
            let refitted = problem.report(problem.gap_term(&whole, k), k, found);
            return Ok(PurchaseFit { log_covariance: Some(metric), ..refitted });
        }
    }
    fit_purchase_model(fit.kind, groups, &options)
}

/// Predicted decrease, in nats, at which a search ends whose optimum is only compared or predicted from: a hundredth of a standard
/// error is half of its square.
const ROUGH: f64 = 5e-5;

fn scaled_by(metric: &Matrix, factor: f64) -> Matrix {
    metric.scaled(&vec![factor.sqrt(); metric.size()])
}

/// On a sample, log-likelihoods of different k closer than this are compared on all customers.
const CLOSE_CALL: f64 = 20.0;

/// The optimum for one k, with what is minimised over k: minus the log posterior, constants of k included.
struct Profiled {
    k: u32,
    found: Minimum,
    /// The inverse Hessian there, or near there.
    metric: Option<Matrix>,
    criterion: f64,
}

/// The groups that a fit looks at, with one weight each.
struct Sample<'a> {
    summaries: std::borrow::Cow<'a, [CustomerSummary]>,
    counts: std::borrow::Cow<'a, [f64]>,
}

impl<'a> Sample<'a> {
    fn whole(groups: &'a SummaryGroups) -> Self {
        Self { summaries: (&groups.summaries).into(), counts: (&groups.counts).into() }
    }

    /// Every m-th customer in the order of the groups: each frequency and age keeps its share. The whole where there are at most
    /// `small` groups.
    fn of(groups: &'a SummaryGroups, small: usize) -> Self {
        if groups.summaries.len() <= small {
            return Self::whole(groups);
        }
        let customers = groups.customers();
        let every = customers / (customers / 20.0).clamp(0.625 * small as f64, 40_000.0).min(customers);
        let (mut summaries, mut counts) = (Vec::new(), Vec::new());
        let mut seen = 0.0;
        let mut next = every / 2.0;
        for (summary, count) in groups.summaries.iter().zip(&groups.counts) {
            seen += count;
            if seen > next {
                let hits = ((seen - next) / every).ceil();
                next += hits * every;
                summaries.push(*summary);
                counts.push(hits);
            }
        }
        Self { summaries: summaries.into(), counts: counts.into() }
    }

    fn is_whole(&self) -> bool {
        matches!(self.summaries, std::borrow::Cow::Borrowed(_))
    }

    fn customers(&self) -> f64 {
        self.counts.iter().sum()
    }
}

/// Observed information by forward differences from a known gradient: half the passes of central ones. The step leaves
/// about five digits, more than standard errors are read to.
fn information_at(mut objective: impl FnMut(&[f64], &mut [f64]) -> f64, at: &[f64], gradient: &[f64]) -> Matrix {
    const STEP: f64 = 1e-5;
    let mut information = Matrix::zeros(at.len());
    let mut moved = at.to_vec();
    let mut there = vec![0.0; at.len()];
    for i in 0..at.len() {
        moved[i] = at[i] + STEP;
        objective(&moved, &mut there);
        moved[i] = at[i];
        for j in 0..at.len() {
            let half = (there[j] - gradient[j]) / (2.0 * STEP);
            information.set(i, j, information.get(i, j) + half);
            information.set(j, i, information.get(j, i) + half);
        }
    }
    information
}

struct Problem<'a> {
    kind: PurchaseModelKind,
    groups: &'a SummaryGroups,
    unit: f64,
    week: f64,
    prior: Prior,
    customers: f64,
    repeats: f64,
    /// Purchases per customer and mean age.
    rate: f64,
}

impl<'a> Problem<'a> {
    fn new(kind: PurchaseModelKind, groups: &'a SummaryGroups, options: &FitOptions) -> Result<Self, ModelError> {
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
        Ok(Self {
            kind,
            groups,
            unit,
            week: options.time_scale / unit,
            prior: options.prior,
            customers,
            repeats,
            rate: repeats / customers * if total_age > 0.0 { 1.0 } else { 0.0 },
        })
    }

    /// Up to this many groups the whole is fitted at once. A group costs Pareto/NBD an integral.
    fn small(&self) -> usize {
        if self.kind == PurchaseModelKind::ParetoNbd { 800 } else { 4_000 }
    }

    /// Parameters as the search sees them: logarithms, times in its own unit.
    fn scaled_logarithms(&self, parameters: &[f64]) -> Vec<f64> {
        let mut logarithms: Vec<f64> = parameters[..4].iter().map(|p| p.ln()).collect();
        logarithms[1] -= self.unit.ln();
        if self.kind == PurchaseModelKind::ParetoNbd {
            logarithms[3] -= self.unit.ln();
        }
        logarithms
    }

    fn likelihood(&self, sample: &Sample, k: u32) -> Box<dyn Likelihood> {
        let modified = matches!(self.kind, PurchaseModelKind::MbgNbd | PurchaseModelKind::MbgCnbdK);
        match self.kind {
            PurchaseModelKind::ParetoNbd => {
                Box::new(ParetoLikelihood::new(&sample.summaries, &sample.counts, self.unit))
            }
            _ => Box::new(BgLikelihood::new(&sample.summaries, &sample.counts, self.unit, k, modified)),
        }
    }

    fn objective<'b>(&self, likelihood: &'b dyn Likelihood, k: u32) -> impl FnMut(&[f64], &mut [f64]) -> f64 + 'b {
        let prior = match self.prior {
            Prior::None => None,
            Prior::Weak => Some(GaussianPrior::weak(self.kind, self.week, k)),
        };
        move |at, gradient| {
            let mut value = -likelihood.evaluate(at, gradient);
            for g in gradient.iter_mut() {
                *g = -*g;
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

    /// With a prior nothing runs away, and data in odd units may lie far from it: the box is only a safety net.
    fn settings(&self) -> Settings {
        match self.prior {
            Prior::None => Settings::default(),
            Prior::Weak => Settings { lower: -45.0, upper: 45.0, widest_standard_error: 20.0, ..Settings::default() },
        }
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

    /// The optimum for each k, until the criterion has risen twice: the profile in k has one hump.
    fn profile(&self, sample: &Sample, regularities: &[u32]) -> Result<Vec<Profiled>, ModelError> {
        let mut profile: Vec<Profiled> = Vec::new();
        let (mut lowest, mut rises) = (f64::INFINITY, 0);
        for &k in regularities {
            // The stage rate grows with k; the rest moves little.
            let warm = profile.last().map(|before| {
                let mut start = before.found.parameters.clone();
                start[1] += (f64::from(before.k) / f64::from(k)).ln();
                start
            });
            let (found, metric) = self.minimise(sample, k, warm, profile.last().and_then(|p| p.metric.as_ref()))?;
            let criterion = found.value - self.gap_term(sample, k);
            profile.push(Profiled { k, found, metric, criterion });
            if criterion < lowest {
                (lowest, rises) = (criterion, 0);
            } else {
                rises += 1;
                if rises == 2 {
                    break;
                }
            }
        }
        Ok(profile)
    }

    /// The optimum for k with the inverse Hessian there: precise from the usual starts; from a `warm` start with the inverse Hessian
    /// of that place as `metric` precise enough to compare.
    fn minimise(
        &self,
        sample: &Sample,
        k: u32,
        warm: Option<Vec<f64>>,
        metric: Option<&Matrix>,
    ) -> Result<(Minimum, Option<Matrix>), ModelError> {
        let likelihood = self.likelihood(sample, k);
        if let (Some(warm), Some(metric)) = (&warm, metric)
            && let Some(found) =
                optimise::follow(self.objective(likelihood.as_ref(), k), warm, metric, ROUGH, &self.settings())
        {
            return Ok((found, Some(metric.clone())));
        }
        let mut starts = self.starts(k);
        starts.splice(0..0, warm);
        let found = optimise::minimise(self.objective(likelihood.as_ref(), k), &starts, &self.settings())
            .map_err(|_| ModelError::NoFiniteLikelihood)?;
        let metric = found.covariance.clone();
        Ok((found, metric))
    }

    /// From an optimum `found` roughly, or on a sample, to that of the whole, with the inverse Hessian expected there as `metric`. The
    /// general search takes over when that does not settle.
    fn polish(
        &self,
        whole: &dyn Likelihood,
        k: u32,
        found: &Minimum,
        metric: Option<Matrix>,
    ) -> Result<Minimum, ModelError> {
        // Rounding in the gradient of a large sum; a ten-thousandth of a standard error is far below it all.
        const PRECISE: f64 = 1e-9;
        let mut objective = self.objective(whole, k);
        if let Some(metric) = metric
            && let Some(settled) =
                optimise::follow(&mut objective, &found.parameters, &metric, PRECISE, &self.settings())
        {
            let information = information_at(&mut objective, &settled.parameters, &settled.gradient);
            if let Some(covariance) = information.inverse_positive_definite() {
                return Ok(Minimum { covariance: Some(covariance), ..settled });
            }
        }
        let mut starts = vec![found.parameters.clone()];
        starts.extend(self.starts(k));
        optimise::minimise(objective, &starts, &self.settings()).map_err(|_| ModelError::NoFiniteLikelihood)
    }

    fn report(&self, gap_term: f64, k: u32, found: Minimum) -> PurchaseFit {
        let prior = match self.prior {
            Prior::None => 0.0,
            Prior::Weak => GaussianPrior::weak(self.kind, self.week, k).add(&found.parameters, &mut [0.0; 4]),
        };
        let scaled = prior - found.value;
        // Each repeat purchase contributes a density per unit of time.
        let log_likelihood = scaled + gap_term - self.repeats * self.unit.ln();
        let mut parameters: Vec<f64> = found.parameters.iter().map(|p| p.exp()).collect();
        parameters[1] *= self.unit;
        if self.kind == PurchaseModelKind::ParetoNbd {
            parameters[3] *= self.unit;
        }
        let status = match found.status {
            _ if self.prior == Prior::None
                && (self.repeats == 0.0 || self.groups.summaries.iter().all(|s| s.age == 0.0)) =>
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
        PurchaseFit {
            kind: self.kind,
            parameters,
            standard_errors,
            log_covariance,
            log_likelihood,
            customers: self.customers,
            status,
        }
    }
}
