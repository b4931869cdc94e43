//! The learned blend of purchase models.
//!
//! Four mechanisms of buying are mixed: leaving after a purchase (BG/NBD, MBG/NBD), the same with regular gaps (their CNBD-k
//! kin, when k > 1), leaving at any time (Pareto/NBD), and not leaving at all (the naive rate). From rolling windows inside
//! the history the blend learns
//!
//! 1. **weights**: each mechanism by its root mean squared error, see [`Settings::sharpness`];
//! 2. **clocks**: a member that forecast too many or too few purchases in the longest windows is asked for a shorter or
//!    longer horizon. Half of the error is taken to be the member's own and to persist, the other half to be chance (the
//!    naive rate lets nobody leave: its whole error is its own);
//! 3. **bands** of one-time buyers, see [`crate::ranker`];
//! 4. **levels** of frequency classes, see [`crate::shock::class_levels`]; these are learned by [`crate::select::choose`] from the
//!    errors of the blend itself.
//!
//! Method, reasons and measured accuracy: `docs/models/selection.md`.

use crate::candidate::{Candidate, CandidateKind};
use crate::history::Histories;
use crate::purchase::{CustomerSummary, ModelError, PurchaseModelKind, SummaryGroups};
use crate::ranker::OneTimeBands;
use crate::shock::{ByClass, CLASSES, class_of};
use crate::window::{Outcomes, Window, rolling_windows};

/// Length of the unit of time of every fit, in days.
pub const UNIT_DAYS: f64 = 7.0;

/// What the blend takes as given; the defaults were set once on two shops, see `docs/models/selection.md`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// A member whose error is `1 + e` times the best is weighted `(1 + e)^-sharpness`. Default 20.
    pub sharpness: f64,
    /// Share of a purchase model's error of level that is corrected; that of the naive rate is corrected in full. Default 0.5.
    pub persistence: f64,
    /// Purchases in a window at which half of the above share is corrected; it grows toward the whole with more. Default 30.
    pub purchases_for_level: f64,
    /// The level of a purchase model is never changed by more than this, as a logarithm: larger errors are seasons or shocks
    /// rather than the model. Default 0.25.
    pub most_correction: f64,
    /// Most bands of one-time buyers that are tried. Default 8.
    pub most_bands: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { sharpness: 20.0, persistence: 0.5, purchases_for_level: 30.0, most_correction: 0.25, most_bands: 8 }
    }
}

/// A member of the blend.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    /// The fitted candidate.
    pub candidate: Candidate,
    /// Share in the blend; shares add up to 1.
    pub weight: f64,
    /// Factor on the horizon that the member is asked for.
    pub clock: f64,
}

/// The blend, ready to predict.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Blend {
    /// Members with positive weight.
    pub members: Vec<Member>,
    /// Bands of one-time buyers; `None` leaves their expectations as they are.
    pub bands: Option<OneTimeBands>,
    /// Factors on the expectations by frequency class, see [`crate::shock::class_levels`].
    pub class_levels: ByClass,
}

impl Blend {
    /// Expected purchases of each customer in the `horizon` (weeks) after the age in the summary. One-time buyers of one
    /// band share an expectation.
    pub fn expected(&self, customers: &[CustomerSummary], horizon: f64) -> Vec<f64> {
        let mut expected = mix(&self.members, customers, horizon);
        self.adjust(customers, &mut expected, horizon);
        expected
    }

    /// From the members' mixture of `expected` purchases within the `horizon` (weeks) to the blend's expectations: one-time buyers
    /// get those of their band, and each frequency class its level.
    pub fn adjust(&self, customers: &[CustomerSummary], expected: &mut [f64], horizon: f64) {
        if let Some(bands) = &self.bands {
            bands.pool(customers, expected, |ages| mix(&self.members, ages, horizon));
        }
        for (customer, expected) in customers.iter().zip(expected) {
            *expected *= self.class_level(customer);
        }
    }

    /// The factor on a customer's expectation.
    pub fn class_level(&self, customer: &CustomerSummary) -> f64 {
        self.class_levels[class_of(customer)]
    }

    /// Probabilities of 0, 1, ..., `max` purchases of each customer in the `horizon`: the mixture of the members'.
    pub fn probabilities(&self, customers: &[CustomerSummary], horizon: f64, max: usize) -> Vec<Vec<f64>> {
        let mut mixed = vec![vec![0.0; max + 1]; customers.len()];
        for member in &self.members {
            let probabilities = member.candidate.probabilities(customers, horizon * member.clock, max);
            for (sums, member_probabilities) in mixed.iter_mut().zip(probabilities) {
                for (sum, p) in sums.iter_mut().zip(member_probabilities) {
                    *sum += member.weight * p;
                }
            }
        }
        mixed
    }
}

fn mix(members: &[Member], customers: &[CustomerSummary], horizon: f64) -> Vec<f64> {
    let mut expected = vec![0.0; customers.len()];
    for member in members {
        let one = member.candidate.expected(customers, horizon * member.clock);
        for (sum, value) in expected.iter_mut().zip(one) {
            *sum += member.weight * value;
        }
    }
    expected
}

/// All candidates fitted at the origin of a window, and what happened in it.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The window.
    pub window: Window,
    /// Customers known at its origin.
    pub groups: SummaryGroups,
    /// What they bought in it.
    pub outcomes: Outcomes,
    /// Candidates fitted at the origin, parallel to those of [`Learned::candidates`].
    pub candidates: Vec<Candidate>,
    /// Expected purchases in the window per candidate and group.
    pub expected: Vec<Vec<f64>>,
}

/// What was learned from the histories up to a day.
#[derive(Debug, Clone)]
pub struct Learned {
    /// The blend.
    pub blend: Blend,
    /// The candidates it was learned from.
    pub candidates: Vec<Candidate>,
    /// The windows learned from; empty when the history is too short.
    pub trials: Vec<Trial>,
    /// Models that could not be fitted at the origin of a window, and why: that window is left out.
    pub failures: Vec<(CandidateKind, ModelError)>,
}

/// Every candidate but the blend fitted to `groups`, and those that could not be.
pub fn fit_candidates(groups: &SummaryGroups) -> (Vec<Candidate>, Vec<(CandidateKind, ModelError)>) {
    let (mut candidates, mut failures) = (Vec::new(), Vec::new());
    for kind in CandidateKind::ALL {
        match Candidate::fit(kind, groups, None) {
            Some(Ok(candidate)) => candidates.push(candidate),
            Some(Err(error)) => failures.push((kind, error)),
            None => {}
        }
    }
    (candidates, failures)
}

/// Learns the blend of `candidates`, fitted to the `groups` of day `end`, for forecasts of `horizon_days`. The rolling windows
/// are taken from `histories`, which may be those of a sample of the customers; purchases after `end` are not looked at.
pub fn learn(
    candidates: Vec<Candidate>,
    groups: &SummaryGroups,
    histories: &Histories,
    end: i32,
    horizon_days: i32,
    settings: &Settings,
) -> Learned {
    let mut failures = Vec::new();
    let first = groups.summaries.iter().map(|s| s.age).fold(0.0, f64::max);
    let first = end - (first * UNIT_DAYS).round() as i32;
    let trials: Vec<Trial> = rolling_windows(first, end, horizon_days)
        .into_iter()
        .filter_map(|window| Trial::run(histories, window, &candidates, &mut failures))
        .collect();
    let horizon = f64::from(horizon_days) / UNIT_DAYS;
    let weights = weights(&candidates, &trials, settings);
    let members = candidates
        .iter()
        .enumerate()
        .filter(|(i, _)| weights[*i] > 0.0)
        .map(|(i, candidate)| {
            let level = level(&trials, i, settings);
            Member { candidate: candidate.clone(), weight: weights[i], clock: clock(candidate, groups, horizon, level) }
        })
        .collect();
    let mut blend = Blend { members, bands: None, class_levels: [1.0; CLASSES] };
    blend.bands = bands(&blend, &candidates, &trials, settings).and_then(|count| OneTimeBands::new(groups, count));
    Learned { blend, candidates, trials, failures }
}

impl Trial {
    /// Fits the candidates at the origin of `window`. `None` when nobody was known then, when nothing was bought in it, or
    /// when a model cannot be fitted to the customers known then, which goes to `failures`.
    fn run(
        histories: &Histories,
        window: Window,
        candidates: &[Candidate],
        failures: &mut Vec<(CandidateKind, ModelError)>,
    ) -> Option<Self> {
        let groups = histories.groups(window.origin, UNIT_DAYS);
        let outcomes = Outcomes::of(histories, &groups, window);
        if outcomes.total() == 0.0 {
            return None;
        }
        let mut fitted: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            let kind = candidate.kind();
            let plain = fitted.iter().find(|other| Some(other.kind()) == plain_kind(candidate));
            let one = match (plain, kind) {
                (Some(Candidate::Purchase(plain)), CandidateKind::Purchase(kind)) => {
                    let mut same = plain.clone();
                    same.kind = kind;
                    same.parameters.push(1.0);
                    Candidate::Purchase(same)
                }
                _ => match candidate.refit(&groups) {
                    Ok(one) => one,
                    Err(error) => {
                        failures.push((kind, error));
                        return None;
                    }
                },
            };
            fitted.push(one);
        }
        let horizon = f64::from(window.days) / UNIT_DAYS;
        let expected = fitted.iter().map(|candidate| candidate.expected(&groups.summaries, horizon)).collect();
        Some(Self { window, groups, outcomes, candidates: fitted, expected })
    }

    /// Logarithm of actual over expected purchases of a candidate; one purchase is added to both.
    fn log_level(&self, candidate: usize) -> f64 {
        let expected: f64 = self.expected[candidate].iter().zip(&self.groups.counts).map(|(e, n)| e * n).sum();
        ((self.outcomes.total() + 1.0) / (expected + 1.0)).ln()
    }

    fn is_naive(&self, candidate: usize) -> bool {
        self.candidates[candidate].kind() == CandidateKind::NaiveRate
    }

    /// How far an error of level is believed.
    fn belief(&self, candidate: usize, settings: &Settings) -> f64 {
        let purchases = self.outcomes.total();
        // That the naive rate lets nobody leave is no chance: its whole error is taken to persist.
        let persistence = if self.is_naive(candidate) { 1.0 } else { settings.persistence };
        persistence * purchases / (purchases + settings.purchases_for_level)
    }
}

/// A CNBD-k model with k = 1 is its NBD kin: that one's kind.
fn plain_kind(candidate: &Candidate) -> Option<CandidateKind> {
    match candidate.kind() {
        _ if candidate.regularity() > 1 => None,
        CandidateKind::Purchase(PurchaseModelKind::BgCnbdK) => Some(CandidateKind::Purchase(PurchaseModelKind::BgNbd)),
        CandidateKind::Purchase(PurchaseModelKind::MbgCnbdK) => {
            Some(CandidateKind::Purchase(PurchaseModelKind::MbgNbd))
        }
        _ => None,
    }
}

/// The mechanism that a candidate stands for; `None` is not blended.
fn mechanism(candidate: &Candidate) -> Option<usize> {
    match candidate.kind() {
        CandidateKind::Purchase(PurchaseModelKind::BgNbd | PurchaseModelKind::MbgNbd) => Some(0),
        CandidateKind::Purchase(PurchaseModelKind::BgCnbdK | PurchaseModelKind::MbgCnbdK) => {
            (candidate.regularity() > 1).then_some(1)
        }
        CandidateKind::Purchase(PurchaseModelKind::ParetoNbd) => Some(2),
        CandidateKind::NaiveRate => Some(3),
        CandidateKind::NaiveMean | CandidateKind::Zero | CandidateKind::Blend => None,
    }
}

/// Weights of the candidates. A mechanism gets the mean of its members' merits, shared by merit. Without windows the fitted
/// models count alike and the naive rate is left out.
fn weights(candidates: &[Candidate], trials: &[Trial], settings: &Settings) -> Vec<f64> {
    let loss = |i: usize| -> f64 {
        let one = |trial: &Trial| {
            let factor = (trial.belief(i, settings) * trial.log_level(i)).exp();
            let predicted: Vec<f64> = trial.expected[i].iter().map(|e| e * factor).collect();
            trial.outcomes.rmse(&trial.groups.counts, &predicted).max(1e-9).ln()
        };
        trials.iter().map(one).sum::<f64>() / trials.len().max(1) as f64
    };
    let blended: Vec<Option<usize>> = candidates
        .iter()
        .map(|c| mechanism(c).filter(|_| !trials.is_empty() || c.kind() != CandidateKind::NaiveRate))
        .collect();
    let losses: Vec<f64> =
        (0..candidates.len()).map(|i| if blended[i].is_some() { loss(i) } else { f64::INFINITY }).collect();
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let mut weights: Vec<f64> = losses.iter().map(|loss| (settings.sharpness * (best - loss)).exp()).collect();
    for kind in 0..4 {
        let members: Vec<usize> = (0..candidates.len()).filter(|&i| blended[i] == Some(kind)).collect();
        for &i in &members {
            weights[i] /= members.len() as f64;
        }
    }
    for (weight, blended) in weights.iter_mut().zip(&blended) {
        // A hundredth of the best changes nothing but the time to predict.
        if blended.is_none() || *weight < 0.01 {
            *weight = 0.0;
        }
    }
    let total: f64 = weights.iter().sum();
    if total > 0.0 {
        for weight in &mut weights {
            *weight /= total;
        }
    }
    weights
}

/// The factor by which a candidate's total is to be corrected: the longest windows decide, since they extrapolate most
/// like the forecast itself.
fn level(trials: &[Trial], candidate: usize, settings: &Settings) -> f64 {
    let longest = trials.iter().map(|t| t.window.days).max().unwrap_or(0);
    let logs: Vec<f64> = trials
        .iter()
        .filter(|t| (longest - t.window.days) * 10 <= longest)
        .map(|t| t.belief(candidate, settings) * t.log_level(candidate))
        .collect();
    let (count, mean) = (logs.len() as f64, logs.iter().sum::<f64>() / logs.len().max(1) as f64);
    if mean == 0.0 || logs.is_empty() {
        return 1.0;
    }
    // What equally long windows disagree about is chance (James & Stein): their mean is believed as far as it stands out.
    let spread = logs.iter().map(|l| (l - mean) * (l - mean)).sum::<f64>() / (count - 1.0).max(1.0);
    let most = if trials[0].is_naive(candidate) { f64::INFINITY } else { settings.most_correction };
    (mean * mean * mean / (mean * mean + spread / count)).clamp(-most, most).exp()
}

/// The factor on the horizon that multiplies the total expectation by `level`, between 1/4 and 4.
fn clock(candidate: &Candidate, groups: &SummaryGroups, horizon: f64, level: f64) -> f64 {
    let Candidate::Purchase(fit) = candidate else {
        return if *candidate == Candidate::NaiveRate { level } else { 1.0 };
    };
    if level == 1.0 {
        return 1.0;
    }
    let model = fit.model();
    let p_alive = model.p_alive_many(&groups.summaries);
    let total = |clock: f64| -> f64 {
        let expected = model.expected_purchases_given(&groups.summaries, &p_alive, horizon * clock);
        expected.iter().zip(&groups.counts).map(|(e, n)| e * n).sum()
    };
    let wanted = level * total(1.0);
    if !(wanted > 0.0 && wanted.is_finite()) {
        return 1.0;
    }
    let edge = 4.0_f64.ln();
    let (mut low, mut high) = if level > 1.0 { (0.0, edge) } else { (-edge, 0.0) };
    let mut at = level.ln().clamp(low, high);
    for _ in 0..12 {
        let miss = (total(at.exp()) / wanted).ln();
        if miss.abs() < 1e-4 {
            break;
        }
        if miss > 0.0 {
            high = at;
        } else {
            low = at;
        }
        // The total grows a little less than in proportion to the horizon: a plain step, inside the bracket.
        let step = at - 1.3 * miss;
        at = if step > low && step < high { step } else { f64::midpoint(low, high) };
    }
    at.exp()
}

/// How many bands of one-time buyers rank best over the windows; `None` leaves them unpooled. Bands that would cost
/// accuracy (a thousandth of the root mean squared error) are not considered; equal rankings go to the finer bands.
fn bands(blend: &Blend, candidates: &[Candidate], trials: &[Trial], settings: &Settings) -> Option<usize> {
    let mut choices: Vec<Option<usize>> = vec![None];
    choices.extend(std::iter::successors(Some(settings.most_bands), |b| (*b > 1).then_some(b / 2)).map(Some));
    let mut ranking = vec![0.0; choices.len()];
    let mut errors = vec![0.0; choices.len()];
    for trial in trials {
        let here = |member: &Member| {
            let place = candidates.iter().position(|c| c.kind() == member.candidate.kind());
            place.map(|i| Member { candidate: trial.candidates[i].clone(), ..*member })
        };
        let members: Vec<Member> = blend.members.iter().filter_map(here).collect();
        let horizon = f64::from(trial.window.days) / UNIT_DAYS;
        let plain = mix(&members, &trial.groups.summaries, horizon);
        for (i, choice) in choices.iter().enumerate() {
            let mut expected = plain.clone();
            if let Some(bands) = choice.and_then(|count| OneTimeBands::new(&trial.groups, count)) {
                bands.pool(&trial.groups.summaries, &mut expected, |ages| mix(&members, ages, horizon));
            }
            ranking[i] += trial.outcomes.spearman(&trial.groups.counts, &expected);
            errors[i] += trial.outcomes.rmse(&trial.groups.counts, &expected).max(1e-9).ln();
        }
    }
    let tolerance = 1e-3 * trials.len() as f64;
    let mut best = 0;
    for i in 1..choices.len() {
        if errors[i] <= errors[0] + tolerance && ranking[i] > ranking[best] {
            best = i;
        }
    }
    choices[best]
}
