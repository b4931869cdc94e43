//! "Explain this number": definition, the SQL that really ran, its rows, what was left out, and why others differ.

use clove_core::{Basis, Day, Placements, RefundDate, Table};
use clove_lake::{Lake, LakeError, Parameter, Query};
use serde::Serialize;
use serde_json::{Value, json};

use crate::affinity::{Basket, affinity};
use crate::answer::{Amount, Rate};
use crate::cohorts::{CohortOptions, cohorts};
use crate::comparison::{Definition, RawFigures, definitions};
use crate::concentration::concentration;
use crate::history::Counting;
use crate::kpis::{KpiOptions, kpis};
use crate::ledger::Ledger;
use crate::metrics::query::Shop;
use crate::metrics::{Metric, MetricOptions, query as ask};
use crate::repeat::returning_customer_rate;
use crate::rfm::rfm;

/// Which number is explained.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainOptions {
    /// The value basis, for metrics that have one.
    pub basis: Basis,
    /// The day on which refunds lower value.
    pub refund_date: RefundDate,
    /// First day of the period, for metrics of a period.
    pub from: Option<Day>,
    /// Last day of the period.
    pub until: Option<Day>,
    /// Ages of cohort cells.
    pub ages: Vec<i32>,
    /// Baskets that a pair of products must be in.
    pub minimum_support: u64,
    /// How many sample rows are shown.
    pub sample_rows: usize,
    /// Sums of the file as written, for the comparison of definitions.
    pub raw: Option<RawFigures>,
}

/// A number with everything that stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The metric's name.
    pub metric: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// What it means.
    pub definition: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// The answer, as the command of the metric gives it.
    pub value: Value,
    /// The value basis, if it matters.
    pub basis: Option<&'static str>,
    /// The day on which refunds lower value.
    pub refund_date: String,
    /// The last day that counts.
    pub as_of: String,
    /// First day of the period, if there is one.
    pub from: Option<String>,
    /// Last day of the period.
    pub until: String,
    /// The currency of all amounts.
    pub currency: String,
    /// Who or what is counted.
    pub population: &'static str,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// Orders left out, by reason.
    pub excluded: Vec<Excluded>,
    /// Why Shopify's own figure can differ.
    pub why_shopify_differs: &'static str,
    /// What other definitions of value per customer make of the same file.
    pub definitions_compared: Vec<Definition>,
    /// The SQL that ran, on the tables that `clove sql` shows; null where a figure has none.
    pub sql: Option<String>,
    /// The SQL of the view `order_values` that it reads.
    pub order_values_sql: String,
    /// The rows that the SQL gave; amounts are whole minor units.
    #[serde(skip)]
    pub rows: Table,
    /// Some orders with all their values.
    #[serde(skip)]
    pub samples: Table,
}

/// Orders left out for one reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Excluded {
    /// The stable name of the reason.
    pub reason: &'static str,
    /// How many orders.
    pub orders: u64,
    /// Their placed value.
    pub placed: Amount,
}

/// What can go wrong when a number is explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The engine failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The data does not hold what the metric needs.
    #[error("{0}")]
    Missing(String),
    /// The answer could not be written as JSON.
    #[error("the answer cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Explains a metric of the shop that both the ledger and the lake hold, at the ledger's as-of.
///
/// # Errors
/// If the engine fails, or the data has no products where the metric needs them.
pub fn explain(
    lake: &Lake,
    ledger: &Ledger<'_>,
    metric: &'static Metric,
    options: &ExplainOptions,
) -> Result<Explanation, ExplainError> {
    let until = options.until.map_or(ledger.as_of(), |until| until.min(ledger.as_of()));
    let answer =
        query(metric, options).map(|query| lake.query(query, &parameters(ledger, options, until))).transpose()?;
    let (sql, rows) = answer.map_or_else(|| (None, Table::new()), |answer| (Some(answer.sql), answer.table));
    let samples = lake.query(Query::SampleOrders, &[("rows", Parameter::Int(options.sample_rows as i64))])?;
    Ok(Explanation {
        metric: metric.id,
        title: metric.title,
        definition: metric.definition,
        formula: metric.formula,
        value: value(ledger, metric, options, until)?,
        basis: metric.has_basis.then(|| options.basis.name()),
        refund_date: options.refund_date.to_string(),
        as_of: ledger.as_of().to_string(),
        from: options.from.map(|day| day.to_string()),
        until: until.to_string(),
        currency: ledger.currency().code().to_owned(),
        population: metric.population,
        identified_share: ledger.identified_share(),
        excluded: excluded(ledger),
        why_shopify_differs: metric.shopify,
        definitions_compared: definitions(ledger, options.raw),
        sql,
        order_values_sql: lake.view_sql(Query::OrderValues)?,
        rows,
        samples: samples.table,
    })
}

/// Net value by the age of refunds has a query of its own.
fn query(metric: &Metric, options: &ExplainOptions) -> Option<Query> {
    let by_event = options.refund_date == RefundDate::Event && options.basis == Basis::Net;
    if metric.query == Some(Query::CohortLtv) && by_event { Some(Query::CohortLtvEvent) } else { metric.query }
}

fn parameters(ledger: &Ledger<'_>, options: &ExplainOptions, until: Day) -> Vec<(&'static str, Parameter)> {
    let first = ledger.customers().iter().map(|customer| customer.first_day).min();
    let from = options.from.or(first).unwrap_or(until);
    let counting = Counting { as_of: until, basis: options.basis, refund_date: options.refund_date };
    let months = |months| counting.window_start(months);
    vec![
        ("from", Parameter::Day(from)),
        ("until", Parameter::Day(until)),
        ("months_12", Parameter::Day(months(12))),
        ("months_24", Parameter::Day(months(24))),
        ("by", Parameter::Column("cohort_month".into())),
        ("value", Parameter::Column(options.basis.name().into())),
        ("basket", Parameter::Column("person".into())),
        ("ages", Parameter::IntRows(options.ages.iter().map(|&age| i64::from(age)).collect())),
        ("minimum_support", Parameter::Int(options.minimum_support.max(1) as i64)),
    ]
}

/// The answer as the metric's own command gives it.
fn value(
    ledger: &Ledger<'_>,
    metric: &'static Metric,
    options: &ExplainOptions,
    until: Day,
) -> Result<Value, ExplainError> {
    let cohort_options = CohortOptions {
        basis: options.basis,
        refund_date: options.refund_date,
        ages: options.ages.clone(),
        ..CohortOptions::default()
    };
    Ok(match (metric.id, metric.query) {
        (_, Some(Query::CohortLtv)) => {
            let answer = cohorts(ledger, &cohort_options).map_err(ExplainError::Missing)?;
            answer
                .cohorts
                .iter()
                .map(|one| json!({"cohort": one.cohort, "customers": one.customers, "ltv": one.ltv}))
                .collect()
        }
        (_, Some(Query::CohortRetention)) => {
            let answer = cohorts(ledger, &cohort_options).map_err(ExplainError::Missing)?;
            let cells = answer.cohorts.iter();
            cells
                .map(|one| json!({"cohort": one.cohort, "customers": one.customers, "retention": one.retention}))
                .collect()
        }
        ("cac", _) => {
            let answer = cohorts(ledger, &cohort_options).map_err(ExplainError::Missing)?;
            answer.cohorts.iter().map(|one| json!({"cohort": one.cohort, "cac": one.cac})).collect()
        }
        (_, Some(Query::Rfm)) => serde_json::to_value(rfm(ledger, Basis::Net))?,
        (_, Some(Query::Concentration)) => serde_json::to_value(concentration(ledger, options.basis).top)?,
        (_, Some(Query::Affinity)) => {
            let answer = affinity(ledger, Basket::Customer, options.minimum_support);
            serde_json::to_value(answer.map_err(ExplainError::Missing)?)?
        }
        (_, Some(Query::ReturningCustomers)) => {
            let from = options.from.unwrap_or(Day(until.0 - 364));
            serde_json::to_value(returning_customer_rate(ledger, from, until))?
        }
        _ => {
            let figures = kpis(
                ledger,
                &KpiOptions { from: options.from, until: options.until, refund_date: options.refund_date },
            );
            let all = serde_json::to_value(&figures)?;
            match metric.id {
                "median_gap" => serde_json::to_value(&figures.gaps)?,
                "net_sales" => json!({
                    "value": all["net_sales"],
                    "net_event_basis": all["net_event_basis"],
                    "net_order_basis": all["net_order_basis"],
                }),
                id if all.get(id).is_some() => all[id].clone(),
                _ => figure(ledger, metric, options)?,
            }
        }
    })
}

/// The one figure of a metric, with its parts.
fn figure(ledger: &Ledger<'_>, metric: &'static Metric, options: &ExplainOptions) -> Result<Value, ExplainError> {
    let placements = Placements::new(&ledger.shop().orders, ledger.persons());
    let shop = Shop { data: ledger.shop(), persons: ledger.persons(), placements: &placements };
    let asked = MetricOptions {
        basis: options.basis,
        refund_date: Some(options.refund_date),
        from: options.from,
        until: options.until,
        ..MetricOptions::new(ledger.as_of())
    };
    let answer = ask(shop, metric, &asked).map_err(|error| ExplainError::Missing(error.to_string()))?;
    Ok(serde_json::to_value(answer.figure)?)
}

/// Orders left out up to the as-of.
pub fn excluded(ledger: &Ledger<'_>) -> Vec<Excluded> {
    let health = crate::health::health_as_of(ledger.shop(), ledger.persons(), ledger.as_of());
    health
        .excluded
        .into_iter()
        .map(|(reason, tally)| Excluded {
            reason,
            orders: tally.count,
            placed: Amount::new(tally.amount, ledger.currency()),
        })
        .collect()
}

/// An answer as JSON, with the orders that were left out by reason.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn with_excluded(ledger: &Ledger<'_>, answer: &impl Serialize) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(answer)?;
    if let Value::Object(object) = &mut json {
        let reasons = excluded(ledger)
            .into_iter()
            .map(|one| (one.reason.to_owned(), json!({"count": one.orders, "amount": one.placed})));
        object.insert("excluded".to_owned(), Value::Object(reasons.collect()));
    }
    Ok(json)
}
