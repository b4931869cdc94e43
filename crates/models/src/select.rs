//! The choice of a model for a shop by rolling back-test on its own history.
//!
//! Only purchases up to the calibration day are looked at: the choice and every prediction are the same whatever happened
//! later. The blend is learned anew at the origin of every window and tried beside all other candidates; it is chosen unless
//! a single candidate proved better. Method and measured accuracy: `docs/models/selection.md`.

use crate::accuracy::{self, Accuracy};
use crate::blend::{Blend, Learned, Settings, Trial, UNIT_DAYS, learn};
use crate::candidate::{Candidate, CandidateKind};
use crate::history::Histories;
use crate::purchase::{CustomerSummary, ModelError, SummaryGroups};
use crate::ranker::OneTimeBands;
use crate::window::Window;

/// How to choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelectOptions {
    /// What the blend takes as given.
    pub settings: Settings,
    /// With more customers than this the choice looks at a sample of this size. Default 30,000.
    pub most_customers: usize,
}

impl Default for SelectOptions {
    fn default() -> Self {
        Self { settings: Settings::default(), most_customers: 30_000 }
    }
}

/// Accuracy of one candidate in one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The candidate.
    pub kind: CandidateKind,
    /// Its figures.
    pub accuracy: Accuracy,
}

/// Accuracy of all candidates in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowScores {
    /// The window.
    pub window: Window,
    /// Purchases in it.
    pub purchases: f64,
    /// One score per candidate that could be fitted, in the order of [`CandidateKind::ALL`].
    pub scores: Vec<Score>,
}

/// The shop-wide error of level that a forecast is exposed to, beside chance and uncertain parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommonShock {
    /// Standard deviation of the logarithm of actual over forecast totals.
    pub deviation: f64,
    /// Windows it was estimated from; with none it is the prior value.
    pub windows: usize,
}

impl CommonShock {
    /// Deviation assumed before anything is seen, with the weight of [`CommonShock::PRIOR_WINDOWS`] windows.
    pub const PRIOR_DEVIATION: f64 = 0.12;
    /// See [`CommonShock::PRIOR_DEVIATION`].
    pub const PRIOR_WINDOWS: f64 = 2.0;

    /// From the errors of past forecasts: logarithms of actual over forecast, each with its variance by chance alone.
    fn from_errors(errors: &[(f64, f64)]) -> Self {
        let prior = Self::PRIOR_WINDOWS * Self::PRIOR_DEVIATION * Self::PRIOR_DEVIATION;
        let seen: f64 = errors.iter().map(|(error, variance)| (error * error - variance).max(0.0)).sum();
        let deviation = ((prior + seen) / (Self::PRIOR_WINDOWS + errors.len() as f64)).sqrt();
        Self { deviation, windows: errors.len() }
    }
}

/// The outcome of the choice, ready to predict.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// What was chosen.
    pub chosen: CandidateKind,
    /// Why, in a sentence for the owner of the data.
    pub reason: String,
    /// Accuracy in the rolling windows; empty when the history is too short.
    pub windows: Vec<WindowScores>,
    /// The shop-wide error of level seen in the rolling windows.
    pub common_shock: CommonShock,
    /// Number of customers that the choice looked at, when that was a sample.
    pub sampled: Option<usize>,
    /// Models that could not be fitted, and why.
    pub failures: Vec<(CandidateKind, ModelError)>,
    /// The blend fitted to all customers, also when another candidate was chosen.
    pub blend: Blend,
    /// The other candidates, fitted on the calibration day. With a sample: on the sample, but for the chosen one.
    pub candidates: Vec<Candidate>,
    /// The calibration day.
    pub calibration_day: i32,
}

/// Expected purchases and ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Expected purchases of each customer in the horizon.
    pub expected: Vec<f64>,
    /// What to rank customers by, highest first: the expectation itself, where the blend gives one-time buyers of a band a
    /// common value.
    pub rank_score: Vec<f64>,
}

impl Selection {
    /// Expected purchases of a candidate; `None` when it could not be fitted.
    pub fn expected_by(&self, kind: CandidateKind, customers: &[CustomerSummary], horizon: f64) -> Option<Vec<f64>> {
        if kind == CandidateKind::Blend {
            return Some(self.blend.expected(customers, horizon));
        }
        self.candidates.iter().find(|c| c.kind() == kind).map(|c| c.expected(customers, horizon))
    }

    /// The forecast of the chosen candidate for `horizon` weeks after the age in each summary (in weeks).
    pub fn predict(&self, customers: &[CustomerSummary], horizon: f64) -> Forecast {
        let expected = self.expected_by(self.chosen, customers, horizon);
        let expected = expected.unwrap_or_else(|| self.blend.expected(customers, horizon));
        Forecast { rank_score: expected.clone(), expected }
    }

    /// Probabilities of 0, 1, ..., `max` purchases of each customer in `horizon` weeks under the chosen candidate.
    pub fn probabilities(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<Vec<f64>> {
        match self.candidates.iter().find(|c| c.kind() == self.chosen) {
            Some(candidate) => candidate.probabilities(customers, horizon, max),
            None => self.blend.probabilities(customers, horizon, max),
        }
    }
}

/// Chooses a model for forecasts of `horizon_days` after `calibration_day`. Purchases after that day are not looked at.
pub fn choose(
    histories: &Histories,
    calibration_day: i32,
    horizon_days: i32,
    options: &SelectOptions,
) -> Result<Selection, ModelError> {
    let known = histories.groups(calibration_day, UNIT_DAYS);
    if known.summaries.is_empty() {
        return Err(ModelError::NoCustomers);
    }
    let sample = sample(histories, calibration_day, options.most_customers);
    let looked_at = sample.as_ref().unwrap_or(histories);
    let mut learned = learn(looked_at, calibration_day, horizon_days, &options.settings);
    let trials: Vec<(Trial, Vec<f64>)> = std::mem::take(&mut learned.trials)
        .into_iter()
        .map(|trial| {
            let blend = learn(looked_at, trial.window.origin, trial.window.days, &options.settings).blend;
            let expected = blend.expected(&trial.groups.summaries, f64::from(trial.window.days) / UNIT_DAYS);
            (trial, expected)
        })
        .collect();
    let (chosen, reason) = decide(&learned, &trials);
    let errors: Vec<(f64, f64)> = trials
        .iter()
        .map(|(trial, blended)| {
            let place = learned.candidates.iter().position(|c| c.kind() == chosen);
            level_error(trial, place.map_or(blended, |i| &trial.expected[i]))
        })
        .collect();
    let mut selection = Selection {
        chosen,
        reason,
        windows: trials.iter().map(|(trial, blended)| scores(trial, blended)).collect(),
        common_shock: CommonShock::from_errors(&errors),
        sampled: sample.as_ref().map(Histories::len),
        failures: learned.failures,
        blend: learned.blend,
        candidates: learned.candidates,
        calibration_day,
    };
    if selection.sampled.is_some() {
        refit(&mut selection, &known);
    }
    Ok(selection)
}

/// Fits what will predict to all customers, after a choice on a sample.
fn refit(selection: &mut Selection, groups: &SummaryGroups) {
    let again = |candidate: &mut Candidate, failures: &mut Vec<(CandidateKind, ModelError)>| {
        match Candidate::fit(candidate.kind(), groups, Some(candidate.regularity())) {
            Some(Ok(fitted)) => *candidate = fitted,
            // The fit to the sample stays.
            Some(Err(error)) => failures.push((candidate.kind(), error)),
            None => {}
        }
    };
    for candidate in &mut selection.candidates {
        let member = selection.blend.members.iter_mut().find(|m| m.candidate.kind() == candidate.kind());
        if member.is_none() && candidate.kind() != selection.chosen {
            continue;
        }
        again(candidate, &mut selection.failures);
        if let Some(member) = member {
            member.candidate = candidate.clone();
        }
    }
    let count = selection.blend.bands.as_ref().map(OneTimeBands::len);
    selection.blend.bands = count.and_then(|count| OneTimeBands::new(groups, count));
}

/// The blend, unless a single candidate was better in the rolling windows: by more than 1 % of root mean squared error and
/// by more than chance would do (one-sided 95 %, paired by customer).
fn decide(learned: &Learned, trials: &[(Trial, Vec<f64>)]) -> (CandidateKind, String) {
    if learned.blend.members.is_empty() {
        let reason = "no purchase model could be fitted: every customer is given the mean rate".to_owned();
        return (CandidateKind::NaiveMean, reason);
    }
    if trials.is_empty() {
        let reason = "the history is too short for a rolling back-test (it needs 28 days and purchases in a window): \
                      all purchase models count alike";
        return (CandidateKind::Blend, reason.to_owned());
    }
    let count = trials.len() as f64;
    let mut best: Option<(CandidateKind, f64, f64)> = None;
    for (i, candidate) in learned.candidates.iter().enumerate() {
        let (mut difference, mut variance) = (0.0, 0.0);
        for (trial, blended) in trials {
            let (d, v) = log_rmse_difference(trial, &trial.expected[i], blended);
            difference += d / count;
            variance += v / (count * count);
        }
        if best.is_none_or(|(_, lowest, _)| difference < lowest) {
            best = Some((candidate.kind(), difference, variance.sqrt()));
        }
    }
    let windows =
        if trials.len() == 1 { "one rolling window".to_owned() } else { format!("{} rolling windows", trials.len()) };
    match best {
        Some((kind, difference, error)) if difference < -0.01 && difference + 1.645 * error < 0.0 => {
            let percent = 100.0 * (1.0 - difference.exp());
            let reason = format!("{kind} had {percent:.1} % less error than the blend in {windows}");
            (kind, reason)
        }
        Some((kind, difference, _)) => {
            let percent = 100.0 * difference.exp_m1();
            let reason = format!(
                "no single model proved better than the blend in {windows}; the best, {kind}, had {percent:+.1} % of its error"
            );
            (CandidateKind::Blend, reason)
        }
        None => (CandidateKind::Blend, format!("the blend was tried in {windows}")),
    }
}

/// Difference of the logarithms of the root mean squared errors of two predictions per group, and its variance.
fn log_rmse_difference(trial: &Trial, first: &[f64], second: &[f64]) -> (f64, f64) {
    let counts = &trial.groups.counts;
    let (a, b) = (trial.outcomes.rmse(counts, first).max(1e-9), trial.outcomes.rmse(counts, second).max(1e-9));
    let n = trial.outcomes.customers.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for &(group, y) in &trial.outcomes.customers {
        let (y, group) = (f64::from(y), group as usize);
        let d = ((y - first[group]) / a).powi(2) - ((y - second[group]) / b).powi(2);
        sum += d;
        squares += d * d;
    }
    let variance = (squares / n - (sum / n).powi(2)).max(0.0) / n;
    ((a / b).ln(), variance / 4.0)
}

/// Logarithm of actual over expected total, and its variance by chance: twice that of a Poisson count, since customers
/// differ.
fn level_error(trial: &Trial, expected: &[f64]) -> (f64, f64) {
    let total: f64 = expected.iter().zip(&trial.groups.counts).map(|(e, n)| e * n).sum();
    let actual = trial.outcomes.total();
    (((actual + 1.0) / (total + 1.0)).ln(), 2.0 / (actual + 1.0))
}

fn scores(trial: &Trial, blended: &[f64]) -> WindowScores {
    let actual = trial.outcomes.actual();
    let others = trial.candidates.iter().zip(&trial.expected).map(|(c, e)| (c.kind(), e.as_slice()));
    let scores = others
        .chain([(CandidateKind::Blend, blended)])
        .filter_map(|(kind, expected)| {
            let accuracy = accuracy::measure(&actual, &trial.outcomes.per_customer(expected))?;
            Some(Score { kind, accuracy })
        })
        .collect();
    WindowScores { window: trial.window, purchases: trial.outcomes.total(), scores }
}

/// A sample of the customers known on `day`, with their purchases up to it; `None` when there are no more than `size`.
/// Systematic over the customers sorted by their whole history, so every kind of history keeps its share and the order of
/// the customers does not matter.
fn sample(histories: &Histories, day: i32, size: usize) -> Option<Histories> {
    let mut order: Vec<((i32, i32, usize), u32)> = Vec::new();
    for customer in 0..histories.len() {
        let days = histories.days(customer);
        let known = days.partition_point(|&d| d <= day);
        if known > 0 {
            order.push(((days[0], days[known - 1], known), customer as u32));
        }
    }
    if order.len() <= size {
        return None;
    }
    order.sort_unstable_by(|a, b| {
        // Up to two purchases the key says it all.
        a.0.cmp(&b.0).then_with(|| {
            let known = a.0.2;
            if known <= 2 {
                return std::cmp::Ordering::Equal;
            }
            histories.days(a.1 as usize)[..known].cmp(&histories.days(b.1 as usize)[..known])
        })
    });
    let step = order.len() as f64 / size.max(1) as f64;
    let picked: Vec<u32> = (0..size).map(|i| order[((i as f64 + 0.5) * step) as usize].1).collect();
    Some(histories.of(&picked).until(day).0)
}
