//! Intervals of totals: parameters, outcomes and a shock common to all customers, drawn jointly.
//!
//! The bounds of single customers must not be added up: their outcomes are independent given the parameters, but the
//! parameters and the shop's luck are common to all.

use clove_core::NONE;
use clove_models::interval::sorted_quantile;
use clove_models::purchase::{CustomerSummary, SummaryGroups};
use clove_models::shock::{ByClass, by_class};
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use super::CustomerValues;
use super::engine::Engine;
use super::forecast::{DAYS_PER_WEEK, Forecast};

/// Joint draws.
pub(super) const DRAWS: usize = 400;
/// Draws of the parameters; joint draws cycle through them.
pub(super) const PARAMETER_DRAWS: usize = 60;
/// Groups at most on which the effect of drawn parameters on the total is measured.
const SAMPLED_GROUPS: usize = 1_500;
/// Sets up to this many customers are simulated customer by customer.
const SMALL_SET: usize = 200;

/// Intervals of the total value of a set of customers, in minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TotalInterval {
    /// Expected total.
    pub expected: f64,
    /// Interval of the outcome.
    pub outcome: (f64, f64),
    /// Interval of the expectation.
    pub mean: (f64, f64),
}

/// What the drawn parameters do to the expected purchases and the expected spend of the shop, relative to the estimates.
pub(super) struct ParameterDraws {
    /// Of the expected purchases.
    pub(super) purchases: Vec<f64>,
    /// Of the expected spend.
    pub(super) spend: Vec<f64>,
    /// Variance of the number of purchases over its mean, on average.
    pub(super) dispersion: f64,
}

/// What adds up over a set.
#[derive(Debug, Clone, Copy, Default)]
struct SetSum {
    members: usize,
    expected: f64,
    variance: f64,
    /// Expected purchases by class of frequency.
    classes: ByClass,
}

/// One customer as the simulation sees it.
struct Member {
    summary: CustomerSummary,
    purchases: f64,
    /// Frequency and mean of the spend model's posterior.
    spend: (u32, f64),
    expected_value: f64,
    /// Variance of the value given the parameters.
    variance: f64,
    /// Placed value to value on the basis.
    ratio: f64,
}

/// The intervals of the totals of several disjoint sets; `set_of[i]` is the set of customer i, or [`NONE`].
///
/// The shock is that of rolling back-tests: how wrong totals were beyond what parameters and single outcomes explain.
pub fn total_intervals(values: &CustomerValues<'_>, set_of: &[u32], sets: usize) -> Vec<Option<TotalInterval>> {
    let Some(forecast) = values.forecast.as_ref().filter(|forecast| forecast.spend.is_some()) else {
        return vec![None; sets];
    };
    let mut rng = StdRng::seed_from_u64(values.options.seed);
    let draws = draw_parameters(forecast, values.options.horizon_days, &mut rng);
    let normals: Vec<f64> = (0..DRAWS).map(|_| standard_normal(&mut rng)).collect();
    let mut sums = vec![SetSum::default(); sets];
    for (index, &set) in set_of.iter().enumerate() {
        if set == NONE {
            continue;
        }
        if let Some(member) = member(values, forecast, index, draws.dispersion) {
            let sum = &mut sums[set as usize];
            sum.members += 1;
            sum.expected += member.expected_value;
            sum.variance += member.variance;
            for (sum, part) in sum.classes.iter_mut().zip(by_class(&[member.summary], [member.purchases].into_iter())) {
                *sum += part;
            }
        }
    }
    let mut small: Vec<Vec<Member>> = (0..sets).map(|_| Vec::new()).collect();
    for (index, &set) in set_of.iter().enumerate() {
        if set != NONE && sums[set as usize].members <= SMALL_SET {
            small[set as usize].extend(member(values, forecast, index, draws.dispersion));
        }
    }
    let level = values.options.level;
    sums.iter()
        .zip(&small)
        .map(|(&SetSum { members, expected, variance, classes }, small)| {
            if members == 0 {
                return None;
            }
            let deviation = forecast.engine.shocks.deviation(&classes);
            let shocks: Vec<f64> = normals.iter().map(|normal| (deviation * normal).exp()).collect();
            let outcomes = if small.is_empty() {
                large_set(expected, variance, &draws, &shocks, &mut rng)
            } else {
                small_set(forecast, values.options.horizon_days, small, &shocks, &mut rng)
            };
            let means = (0..PARAMETER_DRAWS).map(|draw| expected * draws.purchases[draw] * draws.spend[draw]).collect();
            Some(TotalInterval {
                expected,
                outcome: containing(bounds(outcomes, level), expected),
                mean: containing(bounds(means, level), expected),
            })
        })
        .collect()
}

/// The interval of the total purchases of customers within a horizon in weeks, simulated jointly.
pub fn purchase_interval(
    engine: &Engine,
    groups: &SummaryGroups,
    horizon: f64,
    level: f64,
    seed: u64,
) -> TotalInterval {
    let mut rng = StdRng::seed_from_u64(seed);
    let each = engine.expected(&groups.summaries, horizon);
    let classes = by_class(&groups.summaries, each.iter().zip(&groups.counts).map(|(mean, count)| mean * count));
    let expected: f64 = classes.iter().sum();
    let (purchases, dispersion) = draw_purchases(engine, groups, horizon, &mut rng);
    let draws = ParameterDraws { purchases, spend: vec![1.0; PARAMETER_DRAWS], dispersion };
    let deviation = engine.shocks.deviation(&classes);
    let shocks: Vec<f64> = (0..DRAWS).map(|_| (deviation * standard_normal(&mut rng)).exp()).collect();
    let outcomes = large_set(expected, expected * dispersion, &draws, &shocks, &mut rng);
    let means = draws.purchases.iter().map(|drawn| expected * drawn).collect();
    TotalInterval {
        expected,
        outcome: containing(bounds(outcomes, level), expected),
        mean: containing(bounds(means, level), expected),
    }
}

pub(super) fn bounds(mut draws: Vec<f64>, level: f64) -> (f64, f64) {
    draws.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    let at = |p| sorted_quantile(&draws, p).unwrap_or(0.0);
    (at(tail), at(1.0 - tail))
}

/// An interval that holds its point prediction, whatever the chance of the draws.
pub(super) fn containing((low, high): (f64, f64), point: f64) -> (f64, f64) {
    (low.min(point), high.max(point))
}

pub(super) fn large_set(
    expected: f64,
    variance: f64,
    draws: &ParameterDraws,
    shocks: &[f64],
    rng: &mut StdRng,
) -> Vec<f64> {
    let deviation = variance.sqrt();
    shocks
        .iter()
        .enumerate()
        .map(|(draw, shock)| {
            let draw = draw % PARAMETER_DRAWS;
            let mean = expected * draws.purchases[draw] * draws.spend[draw] * shock;
            let outcome = mean + deviation * standard_normal(rng);
            if expected >= 0.0 { outcome.max(0.0) } else { outcome }
        })
        .collect()
}

fn small_set(forecast: &Forecast, horizon_days: u32, members: &[Member], shocks: &[f64], rng: &mut StdRng) -> Vec<f64> {
    let horizon = f64::from(horizon_days) / DAYS_PER_WEEK;
    let Some(spend_fit) = &forecast.spend else { return Vec::new() };
    let mut totals = Vec::with_capacity(shocks.len());
    for chunk in shocks.chunks(shocks.len().div_ceil(PARAMETER_DRAWS)) {
        let engine = forecast.engine.draw(rng);
        let spend = spend_fit.draw_parameters(rng);
        for shock in chunk {
            let total: f64 = members
                .iter()
                .map(|member| {
                    let purchases = engine.simulate(&member.summary, horizon, rng);
                    if purchases == 0 {
                        return 0.0;
                    }
                    let rate = spend.draw_rate(member.spend.0, member.spend.1, rng);
                    spend.draw_total(rate, purchases, rng) * member.ratio
                })
                .sum();
            totals.push(total * shock);
        }
    }
    totals
}

fn member(values: &CustomerValues<'_>, forecast: &Forecast, index: usize, dispersion: f64) -> Option<Member> {
    let history = values.history(index);
    let group = forecast.group_of[index];
    if group == NONE {
        return None;
    }
    let prediction = values.prediction_from(index, &history)?;
    let expected_value = prediction.value?;
    let fit = forecast.spend.as_ref()?;
    let ratio = values.conversion.of(&history)?;
    let spend = fit_arguments(fit, &history);
    let expected_spend = fit.model.expected_spend(spend.0, spend.1)?;
    // With a posterior shape of at most 2 the variance has no finite expectation; the square of the mean stands in.
    let spend_variance = fit.model.transaction_variance(spend.0, spend.1).unwrap_or(2.0 * expected_spend.powi(2));
    let expected = prediction.expected_purchases;
    let variance = ratio.powi(2) * expected * (spend_variance + dispersion * expected_spend.powi(2));
    Some(Member {
        summary: forecast.groups.summaries[group as usize],
        purchases: expected,
        spend,
        expected_value,
        variance,
        ratio,
    })
}

/// Frequency and mean as the spend model takes them.
pub fn fit_arguments(
    fit: &clove_models::gamma_gamma::SpendFit,
    history: &crate::history::CustomerHistory,
) -> (u32, f64) {
    let frequency = history.frequency();
    match history.mean_repeat_placed().filter(|mean| *mean > 0.0) {
        Some(mean) => (frequency, mean),
        // Repeat purchases without any amount say nothing about spend.
        None => (frequency, fit.model.expected_spend_new().unwrap_or(0.0)),
    }
}

fn draw_parameters(forecast: &Forecast, horizon_days: u32, rng: &mut StdRng) -> ParameterDraws {
    let horizon = f64::from(horizon_days) / DAYS_PER_WEEK;
    let (purchases, dispersion) = draw_purchases(&forecast.engine, &forecast.groups, horizon, rng);
    let estimate = forecast.spend.as_ref().and_then(|fit| fit.model.expected_spend_new());
    let spend = (0..PARAMETER_DRAWS)
        .map(|_| {
            let drawn = forecast.spend.as_ref().and_then(|fit| fit.draw_parameters(rng).expected_spend_new());
            drawn.zip(estimate).map_or(1.0, |(drawn, estimate)| drawn / estimate)
        })
        .collect();
    ParameterDraws { purchases, spend, dispersion }
}

/// Expected purchases under drawn parameters, relative to their middle, and the dispersion of single outcomes.
pub(super) fn draw_purchases(engine: &Engine, all: &SummaryGroups, horizon: f64, rng: &mut StdRng) -> (Vec<f64>, f64) {
    let step = all.summaries.len().div_ceil(SAMPLED_GROUPS).max(1);
    let sampled: Vec<CustomerSummary> = all.summaries.iter().copied().step_by(step).collect();
    let counts: Vec<f64> = all.counts.iter().copied().step_by(step).collect();
    let mut purchases: Vec<f64> =
        (0..PARAMETER_DRAWS).map(|_| engine.drawn_total(&sampled, &counts, horizon, rng)).collect();
    // The bands of a blend move the estimate a little away from the draws' middle: draws are relative to the latter.
    let centre = median(&purchases).filter(|centre| *centre > 0.0);
    for drawn in &mut purchases {
        *drawn = centre.filter(|_| drawn.is_finite()).map_or(1.0, |centre| *drawn / centre);
    }
    let dispersion = dispersion(engine, &sampled, &counts, horizon);
    (purchases, dispersion)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    finite.sort_unstable_by(f64::total_cmp);
    sorted_quantile(&finite, 0.5)
}

/// Variance of the number of purchases over its mean, averaged over customers with weights of their expected purchases.
fn dispersion(engine: &Engine, sampled: &[CustomerSummary], counts: &[f64], horizon: f64) -> f64 {
    const MOST: usize = 120;
    let probabilities = engine.probabilities(sampled, horizon, MOST);
    let (mut means, mut variances) = (0.0, 0.0);
    for (count, probabilities) in counts.iter().zip(probabilities.chunks(MOST + 1)) {
        let moment = |power: i32| -> f64 {
            probabilities.iter().enumerate().map(|(n, probability)| (n as f64).powi(power) * probability).sum()
        };
        let mean = moment(1);
        means += count * mean;
        variances += count * (moment(2) - mean * mean);
    }
    if means > 0.0 { variances / means } else { 1.0 }
}

pub(super) fn standard_normal(rng: &mut impl Rng) -> f64 {
    // Box and Muller: one of the pair is enough here.
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}
