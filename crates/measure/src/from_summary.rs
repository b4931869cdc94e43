//! Forecasts from a summary that somebody else made: frequency, recency, age and mean spend of each customer.
//!
//! A summary holds no history, so that no back-test can choose the model: it is the one of BG/NBD, MBG/NBD and Pareto/NBD
//! with the highest likelihood, unless one is asked for. Models with regular gaps need gaps, which a summary has not.

use clove_models::gamma_gamma::{SpendFit, SpendObservation, SpendOptions, fit_spend_model};
use clove_models::interval::mean_interval_from_error;
use clove_models::outcome::OutcomeTable;
use clove_models::purchase::{
    CustomerSummary, FitOptions, ModelError, Prior, PurchaseFit, PurchaseModelKind, SummaryGroups, fit_purchase_model,
};

/// Models that a summary suffices for.
const CANDIDATES: [PurchaseModelKind; 3] =
    [PurchaseModelKind::BgNbd, PurchaseModelKind::MbgNbd, PurchaseModelKind::ParetoNbd];
/// Purchases that are told apart in the interval of the outcome.
const MOST_PURCHASES: usize = 200;

/// One customer of a summary, times in weeks, spend in any one currency unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummarisedCustomer {
    /// Repeat purchases, times from the first purchase.
    pub summary: CustomerSummary,
    /// Mean value of repeat purchases, if known and positive.
    pub mean_spend: Option<f64>,
}

/// What is expected of one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SummaryForecast {
    /// P(alive); `None` where the model cannot tell.
    pub p_alive: Option<f64>,
    /// Chance of at least one purchase in the horizon.
    pub probability_of_purchase: f64,
    /// Expected purchases in the horizon.
    pub expected_purchases: f64,
    /// Expected value of one purchase.
    pub expected_spend: Option<f64>,
    /// Expected value in the horizon.
    pub value: Option<f64>,
    /// Interval of the outcome.
    pub outcome: Option<(f64, f64)>,
    /// Interval of the expectation from the uncertainty of the parameters.
    pub mean: Option<(f64, f64)>,
    /// Median weeks to the next purchase, given that there is one.
    pub weeks_to_next: f64,
}

/// The forecast of all customers of a summary.
pub struct FromSummary {
    /// The purchase model's fit.
    pub purchases: PurchaseFit,
    /// The spend model's fit; `None` without spend.
    pub spend: Option<SpendFit>,
    /// One forecast per customer.
    pub customers: Vec<SummaryForecast>,
}

/// Fits and predicts. `horizon` is in weeks, `level` the probability that intervals cover.
pub fn forecast_summary(
    customers: &[SummarisedCustomer],
    model: Option<PurchaseModelKind>,
    horizon: f64,
    level: f64,
) -> Result<FromSummary, ModelError> {
    let summaries: Vec<CustomerSummary> = customers.iter().map(|customer| customer.summary).collect();
    let groups = SummaryGroups::from_customers(&summaries);
    let purchases = best_fit(&groups, model)?;
    let observations: Vec<SpendObservation> = customers
        .iter()
        .filter(|customer| customer.summary.frequency > 0)
        .filter_map(|customer| {
            Some(SpendObservation { frequency: customer.summary.frequency, mean: customer.mean_spend?, count: 1.0 })
        })
        .collect();
    // A summary without any positive spend has purchases, but no value.
    let spend = fit_spend_model(&observations, &SpendOptions { weak_prior: true, typical_value: None }).ok();
    let fitted = purchases.model();
    let predictions = fitted.predict_many(&groups.summaries, &[horizon]);
    let errors = purchases.expected_purchases_errors(&groups.summaries, horizon);
    let table = spend
        .as_ref()
        .map(|spend| OutcomeTable::new(spend.model, summaries.iter().map(|summary| summary.frequency), MOST_PURCHASES));
    let units: Option<Vec<(f64, f64)>> = table.as_ref().map(|table| {
        groups
            .summaries
            .iter()
            .map(|summary| {
                let counts = fitted.purchase_probabilities(summary, horizon, MOST_PURCHASES);
                let unit = table.unit_interval(summary.frequency, &counts, level);
                (unit.low, unit.high)
            })
            .collect()
    });
    let weeks_to_next = fitted.times_to_next_purchase(&groups.summaries, 0.5);
    let needs_repeats = purchases.kind == PurchaseModelKind::BgNbd;
    let one = |customer: &SummarisedCustomer, group: usize| {
        let expected = predictions.expected_purchases[0][group];
        let frequency = customer.summary.frequency;
        let mut forecast = SummaryForecast {
            p_alive: (frequency > 0 || !needs_repeats).then(|| predictions.p_alive[group]),
            probability_of_purchase: predictions.probability_of_purchase[0][group],
            expected_purchases: expected,
            expected_spend: None,
            value: None,
            outcome: None,
            mean: None,
            weeks_to_next: weeks_to_next[group],
        };
        let Some(spend) = &spend else { return forecast };
        let mean = customer.mean_spend.or_else(|| spend.model.expected_spend_new()).unwrap_or(0.0);
        let Some(expected_spend) = spend.model.expected_spend(frequency, mean) else { return forecast };
        let value = expected * expected_spend;
        forecast.expected_spend = Some(expected_spend);
        forecast.value = Some(value);
        let rate = spend.model.posterior(frequency, mean).rate;
        forecast.outcome = units.as_ref().map(|units| (units[group].0 * rate, units[group].1 * rate));
        if let Some(errors) = &errors
            && expected > 0.0
        {
            let spend_error = spend.expected_spend_error(frequency, mean).unwrap_or(0.0) / expected_spend;
            let interval =
                mean_interval_from_error(value, value * (errors[group] / expected).hypot(spend_error), level);
            forecast.mean = Some((interval.low, interval.high));
        }
        forecast
    };
    let forecasts =
        customers.iter().zip(&groups.group_of).map(|(customer, &group)| one(customer, group as usize)).collect();
    Ok(FromSummary { purchases, spend, customers: forecasts })
}

fn best_fit(groups: &SummaryGroups, model: Option<PurchaseModelKind>) -> Result<PurchaseFit, ModelError> {
    let options = FitOptions { prior: Prior::Weak, ..FitOptions::default() };
    if let Some(kind) = model {
        return fit_purchase_model(kind, groups, &options);
    }
    let mut best: Option<PurchaseFit> = None;
    for kind in CANDIDATES {
        let fit = fit_purchase_model(kind, groups, &options)?;
        if best.as_ref().is_none_or(|best| fit.log_likelihood > best.log_likelihood) {
            best = Some(fit);
        }
    }
    best.ok_or(ModelError::NoCustomers)
}
