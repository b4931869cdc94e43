//! Drift: what an older fit expected for the time since its last day, against what happened.

use clove_core::{Day, Micros};
use clove_models::history::Histories;
use clove_models::window::{Outcomes, Window};
use clove_store::{Db, Result, Tx};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::model::WindowAccuracy;
use super::scorer::Scorer;
use crate::value::purchase_interval;

clove_store::statements! {
    INSERT_ALARM = both("INSERT INTO model_alarm (version, kind, reference_version, from_day, until_day, expected, low, high, actual, \
        error, usual_error, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
        ON CONFLICT (version, kind) DO NOTHING");
    SELECT_ALARMS = both("SELECT version, kind, reference_version, from_day, until_day, expected, low, high, actual, error, usual_error, \
        created_at FROM model_alarm WHERE version >= $1 AND version <= $2 ORDER BY version DESC, kind");
}

/// Days that a fit is left alone before it has to answer; the second is enough while there is no older one.
pub(super) const DAYS_BEFORE: [i32; 2] = [28, 7];
/// Error beyond that of the back-test from which on it is clearly above.
const CLEARLY_ABOVE: f64 = 1.5;
/// Purchases from which on an error of single customers says something.
const PURCHASES_NEEDED: f64 = 30.0;
/// Probability that the interval of the total covers.
const LEVEL: f64 = 0.8;
const SEED: u64 = 20_260_630;
const DAYS_PER_WEEK: f64 = 7.0;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// The number of purchases lies outside of the 80 % interval.
    TotalOutsideInterval,
    /// Single customers were forecast clearly worse than in the back-test.
    ErrorAboveBacktest,
}

impl AlarmKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            AlarmKind::TotalOutsideInterval => "total_outside_interval",
            AlarmKind::ErrorAboveBacktest => "error_above_backtest",
        }
    }
}

/// A forecast of the past against what happened. Purchases are customer-days.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Which fit is compared.
    pub reference_version: i64,
    /// First day of the comparison.
    pub from: Day,
    /// Last day of the comparison.
    pub until: Day,
    /// Expected purchases of the customers known then.
    pub expected: f64,
    /// The 80 % interval.
    pub interval: (f64, f64),
    /// Their purchases.
    pub actual: f64,
    /// Root mean squared error per customer, over the root of the mean purchases: comparable between windows of different length.
    pub error: f64,
    /// The same in the back-test of the fit, if it had one.
    pub usual_error: Option<f64>,
}

/// An alarm as its row has it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Alarm {
    /// The fit that raised it.
    pub version: i64,
    /// A name of [`AlarmKind`].
    pub kind: String,
    /// The fit that was compared.
    pub reference_version: i64,
    /// First day of the comparison, counted from 1970-01-01.
    pub from_day: i64,
    /// Last day of the comparison.
    pub until_day: i64,
    /// Expected purchases.
    pub expected: f64,
    /// Lower end of the 80 % interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Purchases.
    pub actual: f64,
    /// See [`Comparison::error`].
    pub error: f64,
    /// See [`Comparison::usual_error`].
    pub usual_error: Option<f64>,
    /// When it was raised.
    pub created_at: Micros,
}

/// Compares a fit with what its customers bought from the day after its last day up to `until`. `None` if it has no forecast of
/// single customers, or knew none.
pub(super) fn compare(
    reference: &Scorer,
    backtest: &[WindowAccuracy],
    purchases: &Histories,
    until: Day,
) -> Option<Comparison> {
    let engine = reference.engine()?;
    let origin = reference.as_of;
    let days = until.since(origin);
    let groups = purchases.groups(origin.0, DAYS_PER_WEEK);
    if days <= 0 || groups.summaries.is_empty() {
        return None;
    }
    let outcomes = Outcomes::of(purchases, &groups, Window { origin: origin.0, days });
    let horizon = f64::from(days) / DAYS_PER_WEEK;
    let total = purchase_interval(engine, &groups, horizon, LEVEL, SEED);
    let each = engine.expected(&groups.summaries, horizon);
    let actual = outcomes.total();
    let relative = |rmse: f64, purchases: f64, customers: f64| rmse / (purchases.max(1.0) / customers).sqrt();
    let usual: Vec<f64> = backtest
        .iter()
        .filter(|window| window.purchases >= PURCHASES_NEEDED)
        .map(|window| relative(window.rmse, window.purchases, window.customers as f64))
        .collect();
    Some(Comparison {
        reference_version: reference.version,
        from: Day(origin.0 + 1),
        until,
        expected: total.expected,
        interval: total.outcome,
        actual,
        error: relative(outcomes.rmse(&groups.counts, &each), actual, groups.customers()),
        usual_error: (!usual.is_empty()).then(|| usual.iter().sum::<f64>() / usual.len() as f64),
    })
}

impl Comparison {
    /// What is wrong, if anything.
    pub fn alarms(&self) -> Vec<AlarmKind> {
        let mut alarms = Vec::new();
        if self.actual < self.interval.0 || self.actual > self.interval.1 {
            alarms.push(AlarmKind::TotalOutsideInterval);
        }
        let above = self.usual_error.is_some_and(|usual| self.error > CLEARLY_ABOVE * usual);
        if above && self.actual >= PURCHASES_NEEDED {
            alarms.push(AlarmKind::ErrorAboveBacktest);
        }
        alarms
    }
}

/// Writes the alarms of a comparison, and warns in the log.
pub(super) async fn raise(tx: &mut Tx, version: i64, comparison: &Comparison) -> Result<Vec<AlarmKind>> {
    let now = tx.db().now();
    let alarms = comparison.alarms();
    for kind in &alarms {
        let insert = INSERT_ALARM
            .query()
            .bind(version)
            .bind(kind.name())
            .bind(comparison.reference_version)
            .bind(i64::from(comparison.from.0))
            .bind(i64::from(comparison.until.0))
            .bind(comparison.expected)
            .bind(comparison.interval.0)
            .bind(comparison.interval.1)
            .bind(comparison.actual)
            .bind(comparison.error)
            .bind(comparison.usual_error)
            .bind(now);
        tx.execute(insert).await?;
        tracing::warn!(
            alarm = kind.name(),
            version,
            reference_version = comparison.reference_version,
            from = %comparison.from,
            until = %comparison.until,
            expected = comparison.expected,
            low = comparison.interval.0,
            high = comparison.interval.1,
            actual = comparison.actual,
            error = comparison.error,
            usual_error = comparison.usual_error,
            "the forecast has drifted from what happens"
        );
    }
    metrics::gauge!("clove_model_alarms").set(alarms.len() as f64);
    Ok(alarms)
}

/// The alarms that fits of these versions raised, the newest first.
pub async fn alarms(db: &Db, from_version: i64, until_version: i64) -> Result<Vec<Alarm>> {
    db.read_all(SELECT_ALARMS.query().bind(from_version).bind(until_version)).await
}
