//! Fitting one model by itself: raw parameters by maximum likelihood, never gated.
//!
//! A purchase model takes every customer-day that is present, whatever its amount: the day tells that something was
//! bought. The spend model takes positive means of repeat days.

use std::fmt;
use std::str::FromStr;

use clove_core::{Day, Exclusion, Persons, ShopData};
use clove_models::gamma_gamma::{SpendObservation, SpendOptions, fit_spend_model};
use clove_models::purchase::{CustomerSummary, FitOptions, PurchaseModelKind, SummaryGroups, fit_purchase_model};
use thiserror::Error;

mod own_tables;

pub use own_tables::fit_table;

/// A model that `models fit` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelName {
    /// A model of purchases in continuous time.
    Purchases(PurchaseModelKind),
    /// Gamma-Gamma: the value of a purchase.
    GammaGamma,
    /// Beta-geometric / beta-binomial: purchases at discrete occasions.
    BgBb,
    /// Shifted beta-geometric: survival of contracts.
    Sbg,
    /// Beta-discrete-Weibull: survival of contracts with ageing.
    Bdw,
}

impl ModelName {
    /// Every model.
    pub fn all() -> impl Iterator<Item = ModelName> {
        PurchaseModelKind::ALL.into_iter().map(ModelName::Purchases).chain([
            ModelName::GammaGamma,
            ModelName::BgBb,
            ModelName::Sbg,
            ModelName::Bdw,
        ])
    }

    /// The name in commands.
    pub fn name(self) -> &'static str {
        match self {
            ModelName::Purchases(kind) => kind.name(),
            ModelName::GammaGamma => "gamma-gamma",
            ModelName::BgBb => "bg-bb",
            ModelName::Sbg => "sbg",
            ModelName::Bdw => "bdw",
        }
    }

    /// Whether the model reads a table of its own instead of orders.
    pub fn reads_own_table(self) -> bool {
        matches!(self, ModelName::BgBb | ModelName::Sbg | ModelName::Bdw)
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ModelName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ModelName::all().find(|model| model.name() == text).ok_or_else(|| {
            let known: Vec<&str> = ModelName::all().map(ModelName::name).collect();
            format!("'{text}' is no model; known are {}", known.join(", "))
        })
    }
}

/// Why a model could not be fitted.
#[derive(Debug, Error)]
pub enum FittingError {
    /// The model refused the data.
    #[error("{0}")]
    Model(String),
    /// The table lacks a column or holds what is no number.
    #[error("{0}")]
    Table(String),
}

/// A fitted model, ready to print.
#[derive(Debug, Clone, PartialEq)]
pub struct FitReport {
    /// The model's name.
    pub model: &'static str,
    /// `ok`, `boundary` or `unidentified`.
    pub status: &'static str,
    /// Customers that the fit used.
    pub customers: u64,
    /// Names of the parameters.
    pub names: Vec<&'static str>,
    /// Their estimates.
    pub parameters: Vec<f64>,
    /// Their standard errors, where the data give them.
    pub standard_errors: Option<Vec<Option<f64>>>,
    /// Log-likelihood at the estimates.
    pub log_likelihood: f64,
    /// The same model fitted to each cohort alone, where a table has several; else `None`.
    pub by_cohort: Option<ByCohort>,
}

/// Several cohorts, each fitted alone, beside the fit that takes them as alike.
#[derive(Debug, Clone, PartialEq)]
pub struct ByCohort {
    /// Each cohort's name with its own fit, or why it has none.
    pub fits: Vec<(String, Result<FitReport, String>)>,
    /// Twice what the cohorts' own fits gain in log-likelihood over the common one.
    pub likelihood_ratio: f64,
    /// Parameters that the cohorts' own fits have more.
    pub degrees_of_freedom: usize,
    /// Whether cohorts that are alike would gain so much in fewer than one of a hundred cases.
    pub differ: bool,
}

/// One customer's days as a purchase model takes them.
#[derive(Debug, Clone, Copy, Default)]
struct Days {
    count: u32,
    first: i32,
    last: i32,
    sum_log_gaps: f64,
    first_placed: i64,
    placed: i64,
}

/// Fits a model to the orders up to the as-of day; `unit_days` is the unit of time.
pub fn fit_orders(
    model: ModelName,
    shop: &ShopData,
    persons: &Persons,
    as_of: Day,
    unit_days: f64,
    k: Option<u32>,
) -> Result<FitReport, FittingError> {
    let customers = customer_days(shop, persons, as_of);
    let refused = |error: &dyn fmt::Display| FittingError::Model(error.to_string());
    match model {
        ModelName::Purchases(kind) => {
            let summaries: Vec<CustomerSummary> = customers
                .iter()
                .map(|customer| CustomerSummary {
                    frequency: customer.count - 1,
                    recency: f64::from(customer.last - customer.first) / unit_days,
                    age: f64::from(as_of.0 - customer.first) / unit_days,
                    sum_log_gaps: customer.sum_log_gaps - f64::from(customer.count - 1) * unit_days.ln(),
                })
                .collect();
            let options = FitOptions { k, time_scale: 7.0 / unit_days, ..FitOptions::default() };
            let fit = fit_purchase_model(kind, &SummaryGroups::from_customers(&summaries), &options)
                .map_err(|error| refused(&error))?;
            let errors = |index: usize| fit.standard_errors.as_ref().and_then(|errors| errors.get(index).copied());
            Ok(FitReport {
                model: kind.name(),
                status: fit.status.name(),
                customers: fit.customers as u64,
                names: fit.names().to_vec(),
                standard_errors: fit.standard_errors.is_some().then(|| (0..fit.parameters.len()).map(errors).collect()),
                parameters: fit.parameters,
                log_likelihood: fit.log_likelihood,
                by_cohort: None,
            })
        }
        ModelName::GammaGamma => {
            let per_major = shop.currency.minor_per_major() as f64;
            let observations: Vec<SpendObservation> = customers
                .iter()
                .filter(|customer| customer.count > 1)
                .map(|customer| SpendObservation {
                    frequency: customer.count - 1,
                    mean: (customer.placed - customer.first_placed) as f64 / f64::from(customer.count - 1) / per_major,
                    count: 1.0,
                })
                .filter(|observation| observation.mean > 0.0)
                .collect();
            let fit = fit_spend_model(&observations, &SpendOptions::default()).map_err(|error| refused(&error))?;
            Ok(FitReport {
                model: "gamma-gamma",
                status: fit.status.name(),
                customers: fit.customers as u64,
                names: vec!["p", "q", "gamma"],
                parameters: vec![fit.model.p(), fit.model.q(), fit.model.gamma()],
                standard_errors: fit.standard_errors.map(|errors| errors.into_iter().map(Some).collect()),
                log_likelihood: fit.log_likelihood,
                by_cohort: None,
            })
        }
        ModelName::BgBb | ModelName::Sbg | ModelName::Bdw => {
            Err(FittingError::Table(format!("{model} reads a table of its own; see docs/models/{model}.md")))
        }
    }
}

/// Days with purchases of every identified customer. Test and cancelled orders are no purchases; an amount of zero is.
fn customer_days(shop: &ShopData, persons: &Persons, as_of: Day) -> Vec<Days> {
    let orders = &shop.orders;
    let counts = |order: usize| {
        matches!(orders.exclusion[order], Exclusion::None | Exclusion::ZeroValue)
            && orders.day[order] <= as_of
            && persons.identified[persons.of_order[order] as usize]
    };
    let mut sorted: Vec<u32> = (0..orders.len() as u32).filter(|&order| counts(order as usize)).collect();
    sorted.sort_by_key(|&order| orders.day[order as usize]);
    let mut customers = vec![Days::default(); persons.len()];
    for order in sorted {
        let order = order as usize;
        let (day, placed) = (orders.day[order].0, orders.placed_of(order));
        let customer = &mut customers[persons.of_order[order] as usize];
        if customer.count == 0 {
            customer.first = day;
        } else if day != customer.last {
            customer.sum_log_gaps += f64::from(day - customer.last).ln();
        }
        if customer.count == 0 || day != customer.last {
            customer.count += 1;
            customer.last = day;
        }
        customer.placed += placed;
        if day == customer.first {
            customer.first_placed += placed;
        }
    }
    customers.retain(|customer| customer.count > 0);
    customers
}
