//! A back-test on a hold-out: choose on what was known, forecast, compare with what came.

use rand::Rng;

use crate::accuracy;
use crate::blend::UNIT_DAYS;
use crate::candidate::CandidateKind;
use crate::forecast::TotalInterval;
use crate::history::{Histories, NOT_YET};
use crate::purchase::{ModelError, SummaryGroups};
use crate::select::{Score, SelectOptions, Selection, choose};
use crate::window::{Outcomes, Window};

/// Why a back-test cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// There is no time to hold out.
    #[error("the hold-out must end after the calibration day")]
    EmptyHoldOut,
    /// Nobody had bought by the calibration day, or a summary is impossible.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The outcome of a back-test.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Customers of the calibration period; those who came later are no part of the test.
    pub customers: usize,
    /// Their purchases in the hold-out.
    pub holdout_purchases: f64,
    /// One row per candidate that could be fitted, in the order of [`CandidateKind::ALL`]. Only `chosen` was chosen before
    /// the hold-out was looked at.
    pub models: Vec<Score>,
    /// The choice, made on purchases up to the calibration day alone, with its reason and the rolling windows behind it.
    pub selection: Selection,
    /// Kolmogorov-Smirnov distance of the randomised probability integral transform of the chosen candidate.
    pub pit_ks: Option<f64>,
    /// Interval of the total purchases in the hold-out.
    pub total_interval: TotalInterval,
    /// The hold-out.
    pub window: Window,
    /// Summaries on the calibration day.
    pub groups: SummaryGroups,
    /// Position in the histories of each customer of the test, parallel to `actual`, `expected` and `rank_score`.
    pub customer: Vec<u32>,
    /// Purchases of each customer in the hold-out.
    pub actual: Vec<f64>,
    /// Expected purchases of each customer by the chosen candidate.
    pub expected: Vec<f64>,
    /// The chosen candidate's ranking.
    pub rank_score: Vec<f64>,
}

/// Back-tests all candidates on the days after `calibrate_until`, up to and including `until`. `level` is the nominal
/// probability of the interval of the total, 0.8 for instance.
pub fn backtest<R: Rng>(
    histories: &Histories,
    calibrate_until: i32,
    until: i32,
    level: f64,
    options: &SelectOptions,
    rng: &mut R,
) -> Result<Backtest, BacktestError> {
    if until <= calibrate_until {
        return Err(BacktestError::EmptyHoldOut);
    }
    let window = Window { origin: calibrate_until, days: until - calibrate_until };
    let horizon = f64::from(window.days) / UNIT_DAYS;
    let selection = choose(histories, calibrate_until, window.days, options)?;
    let groups = histories.groups(calibrate_until, UNIT_DAYS);
    let outcomes = Outcomes::of(histories, &groups, window);
    let actual = outcomes.actual();
    let mut models = Vec::new();
    for kind in CandidateKind::ALL {
        if let Some(expected) = selection.expected_by(kind, &groups.summaries, horizon)
            && let Some(accuracy) = accuracy::measure(&actual, &outcomes.per_customer(&expected))
        {
            models.push(Score { kind, accuracy });
        }
    }
    let forecast = selection.predict(&groups.summaries, horizon);
    let total_interval = selection.total(&groups.summaries, &groups.counts, horizon, rng).interval(level, rng);
    let known = groups.group_of.iter().enumerate().filter(|(_, group)| **group != NOT_YET);
    Ok(Backtest {
        customers: actual.len(),
        holdout_purchases: outcomes.total(),
        models,
        pit_ks: selection.pit_distance(&groups, &outcomes, horizon, rng),
        total_interval,
        window,
        customer: known.map(|(customer, _)| customer as u32).collect(),
        expected: outcomes.per_customer(&forecast.expected),
        rank_score: outcomes.per_customer(&forecast.rank_score),
        actual,
        groups,
        selection,
    })
}
