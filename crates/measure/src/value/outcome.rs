//! Intervals of the outcome, per group, in units of the customer's own spend scale.

use clove_models::gamma_gamma::SpendModel;
use clove_models::outcome::OutcomeTable;
use clove_models::purchase::SummaryGroups;

use super::engine::Engine;

/// Groups looked at in one go, so that their probabilities stay in cache.
const CHUNK: usize = 4_096;
/// The most purchases of one customer that are told apart.
const MOST_PURCHASES: usize = 400;

/// What the distribution of purchases says of each group.
pub struct Outcomes {
    /// Chance of at least one purchase.
    pub probability_of_purchase: Vec<f64>,
    /// Interval of the total placed spend per unit of the posterior rate `gamma + x m`; `None` without a spend model.
    pub unit_intervals: Option<Vec<(f64, f64)>>,
}

/// Goes through the distribution of purchases of each group.
///
/// `expected` holds the expected purchases of each group, which bound how many purchases need a probability of their own.
pub fn outcomes(
    engine: &Engine,
    spend: Option<&SpendModel>,
    groups: &SummaryGroups,
    expected: &[f64],
    horizon: f64,
    level: f64,
) -> Outcomes {
    let most = |expected: &[f64]| {
        let highest = expected.iter().copied().fold(0.0, f64::max);
        ((3.0 * highest + 10.0).ceil() as usize).min(MOST_PURCHASES)
    };
    let frequencies = groups.summaries.iter().map(|summary| summary.frequency);
    let table = spend.map(|spend| (spend, OutcomeTable::new(*spend, frequencies, most(expected))));
    let mut intervals = Vec::with_capacity(groups.summaries.len());
    let mut probability_of_purchase = Vec::with_capacity(groups.summaries.len());
    for (summaries, expected) in groups.summaries.chunks(CHUNK).zip(expected.chunks(CHUNK)) {
        let most = if spend.is_some() { most(expected) } else { 0 };
        let probabilities = engine.probabilities(summaries, horizon, most);
        for (summary, counts) in summaries.iter().zip(probabilities.chunks(most + 1)) {
            probability_of_purchase.push((1.0 - counts[0]).clamp(0.0, 1.0));
            if let Some((spend, table)) = &table {
                // The scale cancels: any mean gives the same interval per unit of rate.
                let interval = table.interval(summary.frequency, 1.0, counts, level);
                let rate = spend.posterior(summary.frequency, 1.0).rate;
                intervals.push((interval.low / rate, interval.high / rate));
            }
        }
    }
    Outcomes { probability_of_purchase, unit_intervals: spend.map(|_| intervals) }
}
