//! Intervals of the outcome, per group, in units of the customer's own spend scale.

use clove_models::customer_outcome::unit_outcome_intervals;
use clove_models::gamma_gamma::SpendModel;
use clove_models::interval::Interval;
use clove_models::outcome::OutcomeTable;
use clove_models::purchase::SummaryGroups;

use super::engine::{Engine, PurchaseFigures};

/// The most purchases of one customer that the tables tell apart; more are computed one by one.
const MOST_PURCHASES: usize = 400;

/// Interval of the total placed spend of each group within the horizon, per unit of the posterior rate `gamma + x m`.
pub fn unit_intervals(
    engine: &Engine,
    spend: &SpendModel,
    groups: &SummaryGroups,
    figures: &PurchaseFigures,
    horizon: f64,
    level: f64,
) -> Vec<Interval> {
    let highest = figures.expected.iter().copied().fold(0.0, f64::max);
    let most = ((3.0 * highest + 10.0).ceil() as usize).min(MOST_PURCHASES);
    let table = OutcomeTable::new(*spend, groups.summaries.iter().map(|summary| summary.frequency), most);
    unit_outcome_intervals(
        &table,
        |customer, most| engine.probabilities(&[*customer], horizon, most),
        &groups.summaries,
        &figures.probability_of_purchase,
        &figures.expected,
        level,
    )
}
