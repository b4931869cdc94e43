//! Of a summary's customers: whether there are enough for a forecast of each, and the interval of their total.
//!
//! The gate is that of orders. The interval is simulated jointly as that of orders is, with the prior of the common shock: a
//! summary has no history to learn it from.

use clove_core::{Day, Minor};
use clove_models::purchase::{CustomerSummary, SummaryGroups};
use clove_models::shock::{Shocks, by_class};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::forecast::DAYS_PER_WEEK;
use super::gate::GateSums;
use super::simulate::{
    DRAWS, PARAMETER_DRAWS, ParameterDraws, bounds, containing, draw_purchases, large_set, standard_normal,
};
use super::{Engine, Gate, TotalInterval};
use crate::from_summary::{FromSummary, SummarisedCustomer};
use crate::history::CustomerHistory;

/// Mean spend is held in this many parts of the summary's unit of money while averages are taken.
pub const PARTS_OF_UNIT: f64 = 10_000.0;

/// Whether the customers are enough for a forecast of each; its averages are in [`PARTS_OF_UNIT`].
pub fn summary_gate(customers: &[SummarisedCustomer]) -> Gate {
    let days = |weeks: f64| (weeks * DAYS_PER_WEEK).round() as i32;
    let mut sums = GateSums::default();
    for customer in customers {
        let CustomerSummary { frequency, recency, age, .. } = customer.summary;
        let spend = (customer.mean_spend.unwrap_or(0.0) * PARTS_OF_UNIT).round() as Minor;
        let value = spend * i64::from(frequency + 1);
        let history = CustomerHistory {
            purchase_days: frequency + 1,
            first_purchase: -days(age),
            last_purchase: days(recency) - days(age),
            value,
            placed: value,
            first_placed: spend,
            ..CustomerHistory::default()
        };
        sums.add(&history, Day(0));
    }
    sums.gate()
}

/// The interval of the total value of a summary's customers, in the summary's unit of money; `None` without spend.
pub fn summary_interval(
    customers: &[SummarisedCustomer],
    answer: &FromSummary,
    horizon_weeks: f64,
    level: f64,
    seed: u64,
) -> Option<TotalInterval> {
    let spend = answer.spend.as_ref()?;
    let mut rng = StdRng::seed_from_u64(seed);
    let summaries: Vec<CustomerSummary> = customers.iter().map(|customer| customer.summary).collect();
    let groups = SummaryGroups::from_customers(&summaries);
    let classes = by_class(&summaries, answer.customers.iter().map(|one| one.expected_purchases));
    let engine = Engine::single(answer.purchases.clone(), Shocks::from_windows(&[], &classes));
    let (purchases, dispersion) = draw_purchases(&engine, &groups, horizon_weeks, &mut rng);
    let typical = spend.model.expected_spend_new();
    let ratio = |drawn: Option<f64>| drawn.zip(typical).map_or(1.0, |(drawn, typical)| drawn / typical);
    let draws = ParameterDraws {
        purchases,
        spend: (0..PARAMETER_DRAWS).map(|_| ratio(spend.draw_parameters(&mut rng).expected_spend_new())).collect(),
        dispersion,
    };
    let (mut expected, mut variance) = (0.0, 0.0);
    for (customer, forecast) in customers.iter().zip(&answer.customers) {
        let (Some(value), Some(mean)) = (forecast.value, forecast.expected_spend) else { continue };
        let own = customer.mean_spend.or(typical).unwrap_or(0.0);
        // With a posterior shape of at most 2 the variance has no finite expectation; the square of the mean stands in.
        let spread = spend.model.transaction_variance(customer.summary.frequency, own).unwrap_or(2.0 * mean.powi(2));
        expected += value;
        variance += forecast.expected_purchases * (spread + dispersion * mean.powi(2));
    }
    let deviation = engine.shocks.deviation(&classes);
    let shocks: Vec<f64> = (0..DRAWS).map(|_| (deviation * standard_normal(&mut rng)).exp()).collect();
    let outcomes = large_set(expected, variance, &draws, &shocks, &mut rng);
    let means = (0..PARAMETER_DRAWS).map(|draw| expected * draws.purchases[draw] * draws.spend[draw]).collect();
    Some(TotalInterval {
        expected,
        outcome: containing(bounds(outcomes, level), expected),
        mean: containing(bounds(means, level), expected),
    })
}
