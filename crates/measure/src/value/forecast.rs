//! The forecast of single customers: how often they buy, how much a purchase is worth.
//!
//! Customers with equal frequency, recency and age share a group; everything that depends on these alone is computed once
//! per group. A customer's own mean spend enters as a scale.

use std::sync::{Arc, PoisonError, RwLock};

use clove_core::{Day, NONE, ShopData};
use clove_models::gamma_gamma::{SpendFit, SpendModel, SpendObservation, SpendOptions, fit_spend_model};
use clove_models::history::Histories;
use clove_models::interval::{Interval, mean_interval_within, standard_deviations};
use clove_models::outcome::OutcomeTable;
use clove_models::purchase::{
    CustomerSummary, DayGroups, DaySummary, FitOptions, ModelError, Prior, SummaryGroups, fit_purchase_model,
};
use clove_models::select::{SelectOptions, choose};
use clove_models::shock::{CLASSES, Shocks};

use super::conversion::Conversion;
use super::engine::{Engine, PurchaseFigures};
use super::outcome::{most_purchases, outcome_table, unit_intervals};
use super::simulate::fit_arguments;
use super::{ModelChoice, ValueOptions};
use crate::history::CustomerHistory;

/// Days of a week: models are fitted in weeks.
pub const DAYS_PER_WEEK: f64 = 7.0;
/// Its natural logarithm.
const LN_DAYS_PER_WEEK: f64 = 1.945_910_149_055_313_2;

/// What is predicted of one customer. Amounts are minor units on the basis asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prediction {
    /// Expected purchases in the horizon.
    pub expected_purchases: f64,
    /// P(alive); `None` where the model cannot tell (BG/NBD without repeat purchases).
    pub p_alive: Option<f64>,
    /// Chance of at least one purchase in the horizon.
    pub probability_of_purchase: Option<f64>,
    /// Expected value of one purchase.
    pub expected_spend: Option<f64>,
    /// Expected value in the horizon.
    pub value: Option<f64>,
    /// Expected value in the horizon without discount: what may be added to the value so far.
    pub undiscounted_value: Option<f64>,
    /// Interval of the outcome.
    pub outcome: Option<(f64, f64)>,
    /// Interval of the expectation, from the uncertainty of the parameters alone.
    pub mean: Option<(f64, f64)>,
    /// Median days to the next purchase, given that there is one.
    pub days_to_next_purchase: Option<f64>,
    /// Higher is better: the order in which to care for customers.
    pub rank_score: Option<f64>,
}

/// A fitted forecast for all customers that can be forecast.
pub struct Forecast {
    /// What forecasts purchases, in weeks.
    pub engine: Arc<Engine>,
    /// The spend model's fit, in minor units; `None` without amounts or without repeat purchases.
    pub spend: Option<SpendFit>,
    /// Group of each customer, [`NONE`] for customers who are not forecast.
    pub group_of: Vec<u32>,
    /// One summary per group, times in weeks.
    pub groups: SummaryGroups,
    figures: GroupFigures,
    /// Standard deviations that an interval of the expectation reaches to both sides.
    deviations: f64,
}

/// What is known per group.
struct GroupFigures {
    purchases: PurchaseFigures,
    /// Discounted expected purchases, where a discount rate was given.
    discounted: Option<Vec<f64>>,
    expected_error: Option<Vec<f64>>,
    weeks_to_next: Vec<Option<f64>>,
    /// Interval of the outcome per unit of posterior spend scale.
    outcome: Option<Vec<Interval>>,
}

/// The summary of a customer as the purchase models take it; gaps in weeks.
fn summary(history: &CustomerHistory, as_of: Day) -> DaySummary {
    let frequency = history.frequency();
    DaySummary {
        frequency,
        recency: history.recency_days() as u32,
        age: history.age_days(as_of) as u32,
        sum_log_gaps: history.sum_log_gaps - f64::from(frequency) * LN_DAYS_PER_WEEK,
    }
}

/// What the models need of the customers, gathered one by one.
pub struct ToForecast {
    summaries: DayGroups,
    spends: Spends,
}

impl ToForecast {
    /// Nobody yet, with room for so many customers.
    pub fn with_capacity(customers: usize) -> ToForecast {
        ToForecast { summaries: DayGroups::with_capacity(customers), spends: Spends::default() }
    }

    /// Adds the next customer; one who is not identified or kept nothing is not forecast.
    pub fn add(&mut self, history: &CustomerHistory, is_identified: bool, as_of: Day) {
        if history.purchase_days == 0 || !is_identified {
            self.summaries.add(None);
            return;
        }
        self.spends.add(history);
        self.summaries.add(Some(summary(history, as_of)));
    }
}

/// Fits the models and predicts every group. `purchases` are the purchase days of the customers to be forecast; only the choice of
/// a model looks at them.
pub fn forecast(
    shop: &ShopData,
    purchases: &Histories,
    customers: ToForecast,
    options: &ValueOptions,
) -> Result<Forecast, ModelError> {
    let mut groups = customers.summaries.groups(DAYS_PER_WEEK);
    let group_of = std::mem::take(&mut groups.group_of);
    let engine = match options.model {
        ModelChoice::Fixed(kind) => {
            let fit_options = FitOptions { prior: Prior::Weak, ..FitOptions::default() };
            Engine::single(fit_purchase_model(kind, &groups, &fit_options)?, Shocks::from_windows(&[], &[0.0; CLASSES]))
        }
        ModelChoice::Auto => {
            let selection =
                choose(purchases, options.counting.as_of.0, options.horizon_days as i32, &SelectOptions::default())?;
            Engine::chosen(selection)
        }
    };
    let spend = if shop.has_amounts { customers.spends.fit() } else { None };
    Ok(Forecast::of_groups(Arc::new(engine), spend, groups, group_of, options, None))
}

/// Tables of outcomes that are kept from one forecast to the next.
pub type KeptTable = RwLock<Option<OutcomeTable>>;

/// Predicts customers with models that were fitted before, as of a day that may lie after the fit's: everything but the time to
/// the next purchase and the interval of the expectation.
pub fn predict(
    engine: &Arc<Engine>,
    spend: Option<&SpendFit>,
    histories: &[CustomerHistory],
    is_modelled: impl Fn(usize) -> bool,
    options: &ValueOptions,
    kept: &KeptTable,
) -> Forecast {
    let (groups, group_of) = groups_of(histories, is_modelled, options.counting.as_of);
    Forecast::of_groups(Arc::clone(engine), spend.cloned(), groups, group_of, options, Some(kept))
}

/// Customers with equal summaries, and the group of each customer.
fn groups_of(
    histories: &[CustomerHistory],
    is_modelled: impl Fn(usize) -> bool,
    as_of: Day,
) -> (SummaryGroups, Vec<u32>) {
    let summaries = histories
        .iter()
        .enumerate()
        .map(|(index, history)| (history.purchase_days > 0 && is_modelled(index)).then(|| summary(history, as_of)));
    let mut groups = SummaryGroups::from_days(summaries, DAYS_PER_WEEK);
    let group_of = std::mem::take(&mut groups.group_of);
    (groups, group_of)
}

/// Placed values of the customers to be forecast.
#[derive(Default)]
struct Spends {
    observations: Vec<SpendObservation>,
    placed: f64,
    days: f64,
}

impl Spends {
    fn add(&mut self, history: &CustomerHistory) {
        self.placed += history.placed as f64;
        self.days += f64::from(history.purchase_days);
        if let Some(mean) = history.mean_repeat_placed().filter(|mean| *mean > 0.0) {
            self.observations.push(SpendObservation { frequency: history.frequency(), mean, count: 1.0 });
        }
    }

    /// Fits the spend model to the placed value of repeat purchases; a shop without any gets the prior at its first
    /// purchases.
    fn fit(self) -> Option<SpendFit> {
        let typical_value = (self.days > 0.0 && self.placed > 0.0).then(|| self.placed / self.days);
        // Without any positive amount there is nothing to model; the answer then has purchases but no value.
        fit_spend_model(&self.observations, &SpendOptions { weak_prior: true, typical_value }).ok()
    }
}

fn group_figures(
    engine: &Engine,
    spend: Option<&SpendFit>,
    groups: &SummaryGroups,
    options: &ValueOptions,
    kept: Option<&KeptTable>,
) -> GroupFigures {
    let horizon = f64::from(options.horizon_days) / DAYS_PER_WEEK;
    let weekly_rate = options.discount_rate.ln_1p() / (365.25 / DAYS_PER_WEEK);
    let summaries = &groups.summaries;
    let purchases = engine.figures(summaries, horizon);
    let is_score = kept.is_some();
    GroupFigures {
        discounted: (options.discount_rate != 0.0).then(|| engine.discounted(summaries, weekly_rate, horizon)),
        // A score has neither; they take longer than all the rest.
        expected_error: if is_score { None } else { engine.expected_errors(summaries, horizon) },
        weeks_to_next: if is_score { vec![None; summaries.len()] } else { engine.weeks_to_next(summaries) },
        outcome: spend.map(|spend| {
            let intervals =
                |table: &OutcomeTable| unit_intervals(engine, table, groups, &purchases, horizon, options.level);
            match kept {
                None => intervals(&outcome_table(&spend.model, groups, &purchases)),
                Some(kept) => with_kept(kept, &spend.model, groups, &purchases, intervals),
            }
        }),
        purchases,
    }
}

/// The least number of purchases that a kept table tells apart: later customers may buy more than those it was made for.
const LEAST_KEPT: usize = 60;

/// Gives the kept table, with all frequencies that are needed, to `work`.
fn with_kept<T>(
    kept: &KeptTable,
    spend: &SpendModel,
    groups: &SummaryGroups,
    figures: &PurchaseFigures,
    work: impl Fn(&OutcomeTable) -> T,
) -> T {
    let frequencies = || groups.summaries.iter().map(|summary| summary.frequency);
    if let Some(table) = kept.read().unwrap_or_else(PoisonError::into_inner).as_ref()
        && frequencies().all(|frequency| table.has_frequency(frequency))
    {
        return work(table);
    }
    {
        let mut kept = kept.write().unwrap_or_else(PoisonError::into_inner);
        let most = most_purchases(&figures.expected).max(LEAST_KEPT);
        kept.get_or_insert_with(|| OutcomeTable::new(*spend, [], most)).add_frequencies(frequencies());
    }
    let kept = kept.read().unwrap_or_else(PoisonError::into_inner);
    match kept.as_ref() {
        Some(table) => work(table),
        None => work(&outcome_table(spend, groups, figures)),
    }
}

impl Forecast {
    fn of_groups(
        engine: Arc<Engine>,
        spend: Option<SpendFit>,
        groups: SummaryGroups,
        group_of: Vec<u32>,
        options: &ValueOptions,
        kept: Option<&KeptTable>,
    ) -> Forecast {
        let figures = group_figures(&engine, spend.as_ref(), &groups, options, kept);
        let deviations = standard_deviations(options.level);
        Forecast { engine, spend, group_of, groups, figures, deviations }
    }

    /// Expected purchases of a customer within a horizon.
    pub fn expected_purchases(&self, index: usize) -> Option<f64> {
        let group = self.group_of[index];
        (group != NONE).then(|| self.figures.purchases.expected[group as usize])
    }

    /// Expected purchases of all customers together within so many days.
    pub fn expected_total(&self, days: i32) -> f64 {
        let expected = self.engine.expected(&self.groups.summaries, f64::from(days) / DAYS_PER_WEEK);
        expected.iter().zip(&self.groups.counts).map(|(mean, count)| mean * count).sum()
    }

    /// Expected purchases of each group within the horizon, had its customers bought today: without repeat purchases the
    /// first one, else the last one.
    pub fn expected_if_active(&self, horizon_days: u32) -> Vec<f64> {
        let bought_today = |summary: &CustomerSummary| {
            if summary.frequency == 0 {
                CustomerSummary::NEW
            } else {
                CustomerSummary { recency: summary.age, ..*summary }
            }
        };
        let summaries: Vec<CustomerSummary> = self.groups.summaries.iter().map(bought_today).collect();
        self.engine.expected(&summaries, f64::from(horizon_days) / DAYS_PER_WEEK)
    }

    /// What is predicted of a customer; `None` for customers who are not forecast.
    pub fn prediction(&self, index: usize, history: &CustomerHistory, conversion: &Conversion) -> Option<Prediction> {
        let group = self.group_of[index];
        if group == NONE {
            return None;
        }
        let group = group as usize;
        let purchases = &self.figures.purchases;
        let expected = purchases.expected[group];
        let mut prediction = Prediction {
            expected_purchases: expected,
            p_alive: purchases.p_alive[group],
            probability_of_purchase: Some(purchases.probability_of_purchase[group]),
            days_to_next_purchase: self.figures.weeks_to_next[group].map(|weeks| weeks * DAYS_PER_WEEK),
            rank_score: Some(expected),
            ..Prediction::default()
        };
        let (Some(spend), Some(ratio)) = (&self.spend, conversion.of(history)) else { return Some(prediction) };
        let (frequency, mean) = fit_arguments(spend, history);
        let Some(placed_spend) = spend.model.expected_spend(frequency, mean) else { return Some(prediction) };
        let discounted = self.figures.discounted.as_ref().map_or(expected, |discounted| discounted[group]);
        let value = discounted * placed_spend * ratio;
        prediction.expected_spend = Some(placed_spend * ratio);
        prediction.value = Some(value);
        prediction.undiscounted_value = Some(expected * placed_spend * ratio);
        let ordered = |low: f64, high: f64| (low.min(high), low.max(high));
        if let Some(intervals) = &self.figures.outcome {
            let scale = spend.model.posterior(frequency, mean).rate * ratio;
            let Interval { low, high } = intervals[group];
            prediction.outcome = Some(ordered(low * scale, high * scale));
        }
        if let Some(errors) = &self.figures.expected_error
            && expected > 0.0
        {
            let purchase_error = errors[group] / expected;
            let spend_error = spend.expected_spend_error(frequency, mean).unwrap_or(0.0) / placed_spend;
            let relative_error = (purchase_error * purchase_error + spend_error * spend_error).sqrt();
            let interval = mean_interval_within(value.abs(), value.abs() * relative_error, self.deviations);
            let sign = value.signum();
            prediction.mean = Some(ordered(interval.low * sign, interval.high * sign));
        }
        Some(prediction)
    }
}
