//! Intervals of the outcome, per group, in units of the customer's own spend scale.

use clove_models::customer_outcome::unit_outcome_intervals;
use clove_models::gamma_gamma::SpendModel;
use clove_models::interval::Interval;
use clove_models::outcome::OutcomeTable;
use clove_models::purchase::SummaryGroups;

use super::engine::{Engine, PurchaseFigures};

/// The most purchases of one customer that the tables tell apart; more are computed one by one.
const MOST_PURCHASES: usize = 400;

/// The numbers of purchases that tables must tell apart for customers of whom these are expected.
pub fn most_purchases(expected: &[f64]) -> usize {
    let highest = expected.iter().copied().fold(0.0, f64::max);
    ((3.0 * highest + 10.0).ceil() as usize).min(MOST_PURCHASES)
}

/// The tables that [`unit_intervals`] reads.
pub fn outcome_table(spend: &SpendModel, groups: &SummaryGroups, figures: &PurchaseFigures) -> OutcomeTable {
    let frequencies = groups.summaries.iter().map(|summary| summary.frequency);
    OutcomeTable::new(*spend, frequencies, most_purchases(&figures.expected))
}

/// Interval of the total placed spend of each group within the horizon, per unit of the posterior rate `gamma + x m`.
pub fn unit_intervals(
    engine: &Engine,
    table: &OutcomeTable,
    groups: &SummaryGroups,
    figures: &PurchaseFigures,
    horizon: f64,
    level: f64,
) -> Vec<Interval> {
    unit_outcome_intervals(
        table,
        |customer, most| engine.probabilities(&[*customer], horizon, most),
        &groups.summaries,
        &figures.probability_of_purchase,
        &figures.expected,
        level,
    )
}
