//! The choice of a model for a shop by rolling back-test on its own history.
//!
//! Only purchases up to the calibration day are looked at: the choice and every prediction are the same whatever happened
//! later. The blend is learned anew at the origin of every window and tried beside all other candidates; it is chosen unless
//! a single candidate proved better. Method and measured accuracy: `docs/models/selection.md`.

use crate::accuracy::{self, Accuracy};
use crate::blend::{Blend, Learned, Settings, Trial, UNIT_DAYS, fit_candidates, learn};
use crate::candidate::{Candidate, CandidateKind};
use crate::history::Histories;
use crate::purchase::{CustomerSummary, ModelError};
use crate::shock::{ByClass, CLASSES, Shocks, by_class, class_levels};
use crate::window::Window;

/// How to choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelectOptions {
    /// What the blend takes as given.
    pub settings: Settings,
    /// With more customers than this the models are fitted to a sample of this size. Default 30,000: parameters are then known
    /// to about a hundredth, a tenth of the error of level that past forecasts show.
    pub most_customers: usize,
    /// When the models are fitted to a sample, the rolling windows look at a part of it, of this size. Default 12,000.
    pub most_in_windows: usize,
}

impl Default for SelectOptions {
    fn default() -> Self {
        Self { settings: Settings::default(), most_customers: 30_000, most_in_windows: 12_000 }
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

/// The outcome of the choice, ready to predict.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// What was chosen.
    pub chosen: CandidateKind,
    /// Why, in a sentence for the owner of the data.
    pub reason: String,
    /// Accuracy in the rolling windows; empty when the history is too short.
    pub windows: Vec<WindowScores>,
    /// Errors of level seen in the rolling windows.
    pub shocks: Shocks,
    /// Number of customers that the models were fitted to, when that was a sample.
    pub sampled: Option<usize>,
    /// Models that could not be fitted, and why.
    pub failures: Vec<(CandidateKind, ModelError)>,
    /// The blend, also when another candidate was chosen.
    pub blend: Blend,
    /// The other candidates, fitted on the calibration day.
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
    let sampled = sample(histories, calibration_day, options.most_customers);
    let for_windows = sampled.as_ref().and_then(|s| sample(s, calibration_day, options.most_in_windows));
    let fitted_to = sampled.as_ref().unwrap_or(histories);
    let for_windows = for_windows.as_ref().unwrap_or(fitted_to);
    let groups = fitted_to.groups(calibration_day, UNIT_DAYS);
    if groups.summaries.is_empty() {
        return Err(ModelError::NoCustomers);
    }
    let (candidates, mut failures) = fit_candidates(&groups);
    let settings = &options.settings;
    let mut learned = learn(candidates, &groups, for_windows, calibration_day, horizon_days, settings);
    failures.append(&mut learned.failures);
    let trials: Vec<(Trial, Vec<f64>)> = std::mem::take(&mut learned.trials)
        .into_iter()
        .map(|trial| {
            let Window { origin, days } = trial.window;
            let then = learn(trial.candidates.clone(), &trial.groups, for_windows, origin, days, settings);
            let expected = then.blend.expected(&trial.groups.summaries, f64::from(days) / UNIT_DAYS);
            (trial, expected)
        })
        .collect();
    let (chosen, reason) = decide(&learned, &trials);
    let errors: Vec<(ByClass, ByClass)> = trials
        .iter()
        .map(|(trial, blended)| {
            let place = learned.candidates.iter().position(|c| c.kind() == chosen);
            let expected = place.map_or(blended, |i| &trial.expected[i]).iter().zip(&trial.groups.counts);
            let customers = &trial.groups.summaries;
            (trial.outcomes.by_class(&trial.groups), by_class(customers, expected.map(|(e, n)| e * n)))
        })
        .collect();
    let horizon = f64::from(horizon_days) / UNIT_DAYS;
    let mut selection = Selection {
        chosen,
        reason,
        windows: trials.iter().map(|(trial, blended)| scores(trial, blended)).collect(),
        shocks: Shocks::from_windows(&errors, &[0.0; CLASSES]),
        sampled: sampled.as_ref().map(Histories::len),
        failures,
        blend: learned.blend,
        candidates: learned.candidates,
        calibration_day,
    };
    let expected = |selection: &Selection| {
        let each = selection.predict(&groups.summaries, horizon).expected;
        by_class(&groups.summaries, each.iter().zip(&groups.counts).map(|(e, n)| e * n))
    };
    if chosen == CandidateKind::Blend {
        selection.blend.class_levels = class_levels(&errors, &expected(&selection));
    }
    selection.shocks = Shocks::from_windows(&errors, &expected(&selection));
    Ok(selection)
}

/// How much less error (in its logarithm) a single candidate must have shown to be taken instead of the blend. The blend that
/// is tried in a window learned from less history than the one that will be used, and is the better for more.
const BETTER: f64 = 0.05;

/// The blend, unless a single candidate was better in the rolling windows: by more than 5 % of root mean squared error and
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
        // Baselines that do not tell customers apart are shown, never chosen: after a quiet season "zero" would win.
        if matches!(candidate.kind(), CandidateKind::NaiveMean | CandidateKind::Zero) {
            continue;
        }
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
        Some((kind, difference, error)) if difference < -BETTER && difference + 1.645 * error < 0.0 => {
            let percent = 100.0 * (1.0 - difference.exp());
            let reason = format!("{kind} had {percent:.1} % less error than the blend in {windows}");
            (kind, reason)
        }
        Some((kind, difference, _)) => {
            let percent = 100.0 * difference.exp_m1();
            let amount = if percent < 0.0 { "less" } else { "more" };
            let reason = format!(
                "no single model proved better than the blend in {windows}; the best, {kind}, had {:.1} % {amount} error",
                percent.abs()
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
