//! The back-test: hide the last part of the history, predict it, compare every candidate.
//!
//! Customers are those of the calibration period; a purchase is a customer-day. The choice of the model and its tuning see
//! only what happened up to the calibration day.

use clove_core::{Day, Persons, ShopData};
use clove_models::accuracy::Accuracy;
use clove_models::backtest as models;
use clove_models::forecast::TotalInterval;
use clove_models::history::Histories;
use clove_models::purchase::{CustomerSummary, ModelError, SummaryGroups};
use clove_models::select::{SelectOptions, WindowScores};
use rand::SeedableRng;
use rand::rngs::StdRng;
use thiserror::Error;

use crate::purchase_days::customer_days;
use crate::value::{Engine, missing_for_single_customers};

const DAYS_PER_WEEK: f64 = 7.0;
/// Seed of the randomisation of the PIT and of the simulated total.
const SEED: u64 = 20_260_630;

/// Why there is no back-test.
#[derive(Debug, Error)]
pub enum BacktestError {
    /// The two days do not enclose a hold-out.
    #[error("calibrating until {calibrate_until} leaves no day to predict before {until}; choose an earlier day")]
    NoHoldout {
        /// Last day that models may see.
        calibrate_until: Day,
        /// Last day to predict.
        until: Day,
    },
    /// Nobody bought by the calibration day.
    #[error("no identified customer has a purchase on or before {0}; choose a later day")]
    NoCustomers(Day),
    /// A model refused the data.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// One candidate's accuracy in the hold-out.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelScore {
    /// Its name.
    pub model: &'static str,
    /// Its figures.
    pub accuracy: Accuracy,
}

/// Actual and expected purchases of customers with equal frequency in the calibration period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ByFrequency {
    /// Repeat purchases in the calibration period; the last row holds this many or more.
    pub frequency: u32,
    /// Customers.
    pub customers: u64,
    /// Their mean purchases in the hold-out.
    pub actual: f64,
    /// What the chosen model expected.
    pub expected: f64,
}

/// One step of the tracking of the total.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tracking {
    /// Last day of the step.
    pub day: Day,
    /// Purchases in the step.
    pub actual: f64,
    /// Expected purchases in the step.
    pub expected: f64,
    /// Purchases since the calibration day.
    pub cumulative_actual: f64,
    /// Expected purchases since the calibration day.
    pub cumulative_expected: f64,
}

/// The outcome of a back-test.
pub struct Backtest {
    /// Last day that models saw.
    pub calibrate_until: Day,
    /// Last day of the hold-out.
    pub until: Day,
    /// Customers of the calibration period.
    pub customers: usize,
    /// Purchases in the hold-out.
    pub holdout_purchases: f64,
    /// One score per candidate.
    pub models: Vec<ModelScore>,
    /// The candidate chosen from the calibration period alone.
    pub chosen: &'static str,
    /// Why.
    pub reason: String,
    /// Why there were too few data on the calibration day to choose a model, or to forecast single customers at all; `None` when
    /// there were enough. Values of customers are then averages (see [`crate::value::Gate`]).
    pub too_few: Option<String>,
    /// Customers that the choice looked at, when that was a sample.
    pub sampled: Option<usize>,
    /// Accuracy in the rolling windows before the calibration day.
    pub windows: Vec<WindowScores>,
    /// Kolmogorov-Smirnov distance of the chosen candidate's randomised PIT from uniform; `None` for an empty shop.
    pub pit_ks: Option<f64>,
    /// Interval of the hold-out total, simulated jointly.
    pub total_interval: TotalInterval,
    /// Members of the blend with their shares, if the blend was chosen.
    pub shares: Vec<(String, f64)>,
    /// Actual against expected by frequency.
    pub by_frequency: Vec<ByFrequency>,
    /// Weekly and cumulative tracking.
    pub tracking: Vec<Tracking>,
}

/// Calibrates up to and including `calibrate_until`, predicts up to and including `until`.
pub fn backtest(
    shop: &ShopData,
    persons: &Persons,
    calibrate_until: Day,
    until: Day,
    level: f64,
) -> Result<Backtest, BacktestError> {
    let all = customer_days(shop, persons, until);
    let mut rng = StdRng::seed_from_u64(SEED);
    let options = SelectOptions::default();
    let tested =
        models::backtest(&all, calibrate_until.0, until.0, level, &options, &mut rng).map_err(|error| match error {
            models::BacktestError::EmptyHoldOut => BacktestError::NoHoldout { calibrate_until, until },
            models::BacktestError::Model(ModelError::NoCustomers) => BacktestError::NoCustomers(calibrate_until),
            models::BacktestError::Model(error) => BacktestError::Model(error),
        })?;
    let chosen = tested.selection.chosen.name();
    let windows = tested.selection.windows.clone();
    let summaries: Vec<CustomerSummary> = tested
        .customer
        .iter()
        .filter_map(|&customer| all.summary(customer as usize, calibrate_until.0, DAYS_PER_WEEK))
        .collect();
    let engine = Engine::chosen(tested.selection);
    let days = summaries.iter().map(|summary| summary.age * DAYS_PER_WEEK).fold(0.0, f64::max).round() as i32;
    let most_purchases = summaries.iter().map(|summary| summary.frequency + 1).max().unwrap_or(0);
    Ok(Backtest {
        calibrate_until,
        until,
        customers: tested.customers,
        holdout_purchases: tested.holdout_purchases,
        models: tested
            .models
            .iter()
            .map(|score| ModelScore { model: score.kind.name(), accuracy: score.accuracy })
            .collect(),
        chosen,
        reason: engine.reason.clone().unwrap_or_default(),
        too_few: missing_for_single_customers(tested.customers, days, most_purchases),
        sampled: engine.sampled,
        windows,
        pit_ks: tested.pit_ks,
        total_interval: tested.total_interval,
        shares: engine.shares(),
        by_frequency: by_frequency(&summaries, &tested.actual, &tested.expected),
        tracking: tracking(&engine, &tested.groups, &all, &tested.customer, calibrate_until, until),
    })
}

fn by_frequency(customers: &[CustomerSummary], actual: &[f64], expected: &[f64]) -> Vec<ByFrequency> {
    const LAST: u32 = 7;
    let mut sums = vec![(0_u64, 0.0, 0.0); LAST as usize + 1];
    for ((customer, actual), expected) in customers.iter().zip(actual).zip(expected) {
        let sum = &mut sums[customer.frequency.min(LAST) as usize];
        sum.0 += 1;
        sum.1 += actual;
        sum.2 += expected;
    }
    (0..)
        .zip(sums)
        .filter(|(_, (customers, _, _))| *customers > 0)
        .map(|(frequency, (customers, actual, expected))| ByFrequency {
            frequency,
            customers,
            actual: actual / customers as f64,
            expected: expected / customers as f64,
        })
        .collect()
}

/// Weekly steps of the hold-out; at most 60, longer ones beyond that.
fn tracking(
    engine: &Engine,
    groups: &SummaryGroups,
    all: &Histories,
    kept: &[u32],
    calibrate_until: Day,
    until: Day,
) -> Vec<Tracking> {
    let weeks = (until.since(calibrate_until) as u32).div_ceil(7);
    let step = 7 * weeks.div_ceil(60) as i32;
    let mut steps = Vec::new();
    let (mut from, mut before) = (calibrate_until, 0.0);
    let mut cumulative_actual = 0.0;
    while from < until {
        let to = Day((from.0 + step).min(until.0));
        let horizon = f64::from(to.since(calibrate_until)) / DAYS_PER_WEEK;
        let total: f64 =
            engine.expected(&groups.summaries, horizon).iter().zip(&groups.counts).map(|(mean, n)| mean * n).sum();
        let actual: f64 =
            kept.iter().map(|&customer| f64::from(all.purchases_between(customer as usize, from.0, to.0))).sum();
        cumulative_actual += actual;
        steps.push(Tracking {
            day: to,
            actual,
            expected: total - before,
            cumulative_actual,
            cumulative_expected: total,
        });
        (from, before) = (to, total);
    }
    steps
}
