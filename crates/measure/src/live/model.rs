//! Fitted models as rows: what scores, where it came from, how good it was.

use clove_core::Micros;
use clove_models::gamma_gamma::SpendFit;
use clove_store::{Db, Result, Tx};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::value::{Conversion, EngineParts};

clove_store::statements! {
    SELECT_NEWEST_VERSION = both("SELECT max(version) FROM fitted_model");
    SELECT_MODEL = both("SELECT version, model, as_of_day, unit_days, currency, basis, horizon_days, engine, conversion, gate, \
        thresholds, bands, backtest, orders, customers, position, scored_at, created_at FROM fitted_model WHERE version = $1");
    SELECT_LATEST = both("SELECT version, model, as_of_day, unit_days, currency, basis, horizon_days, engine, conversion, gate, \
        thresholds, bands, backtest, orders, customers, position, scored_at, created_at FROM fitted_model \
        ORDER BY version DESC LIMIT 1");
    SELECT_BEFORE = both("SELECT version, model, as_of_day, unit_days, currency, basis, horizon_days, engine, conversion, gate, \
        thresholds, bands, backtest, orders, customers, position, scored_at, created_at FROM fitted_model \
        WHERE version < $1 ORDER BY version DESC LIMIT $2");
    /// The newest fit that is so old that it has something to answer for.
    SELECT_REFERENCE = both("SELECT version, model, as_of_day, unit_days, currency, basis, horizon_days, engine, conversion, gate, \
        thresholds, bands, backtest, orders, customers, position, scored_at, created_at FROM fitted_model \
        WHERE as_of_day <= $1 AND engine IS NOT NULL AND currency = $2 ORDER BY version DESC LIMIT 1");
    INSERT_MODEL = both("INSERT INTO fitted_model (version, model, as_of_day, unit_days, currency, basis, horizon_days, engine, \
        conversion, gate, thresholds, bands, backtest, orders, customers, position, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
    MARK_SCORED = both("UPDATE fitted_model SET scored_at = $1 WHERE version = $2");
}

/// A fitted model. JSON texts hold what scoring needs.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct FittedModel {
    /// Which fit; the highest scores.
    pub version: i64,
    /// Name of the model; `cohort-average` while there is too little data.
    pub model: String,
    /// The last day that the fit knows of, counted from 1970-01-01.
    pub as_of_day: i64,
    /// Length of the models' unit of time in days.
    pub unit_days: f64,
    /// ISO 4217 code of values.
    pub currency: String,
    /// The value basis: a name of [`clove_core::Basis`].
    pub basis: String,
    /// Days that a forecast covers.
    pub horizon_days: i64,
    /// The engine of purchases and the spend model; `None` while there is too little data.
    pub engine: Option<String>,
    /// From placed value to the basis, with the return delay.
    pub conversion: String,
    /// Whether there was enough data, and what stands in until then.
    pub gate: String,
    /// Days that bound active, at risk and lapsed.
    pub thresholds: String,
    /// Cut-offs of the bands.
    pub bands: String,
    /// Accuracy in rolling back-tests.
    pub backtest: String,
    /// Orders that the fit saw.
    pub orders: i64,
    /// Customers with orders that count.
    pub customers: i64,
    /// Every fact up to this number was known to it.
    pub position: i64,
    /// When everyone had been scored with it.
    pub scored_at: Option<Micros>,
    /// When it was made.
    pub created_at: Micros,
}

/// What an engine is kept as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EngineState {
    /// Of purchases.
    pub engine: EngineParts,
    /// Of the value of a purchase.
    pub spend: Option<SpendFit>,
    /// Probability that an interval covers.
    pub level: f64,
}

/// What leads from placed value to the basis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct ConversionState {
    pub conversion: Conversion,
    /// Days after which nearly all that comes back has come back.
    pub return_delay_days: i32,
}

/// Accuracy of the chosen model in one window of the rolling back-test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WindowAccuracy {
    /// Last day that the forecast of the window saw.
    #[schema(example = "2026-03-31")]
    pub origin: String,
    /// Length of the window in days.
    pub days: i32,
    /// Customers known at its beginning.
    pub customers: usize,
    /// Purchases in it.
    pub purchases: f64,
    /// Root mean squared error of purchases per customer.
    pub rmse: f64,
    /// Mean absolute error of purchases per customer.
    pub mae: f64,
    /// 100 x (expected / actual - 1) of the total.
    pub bias_percent: Option<f64>,
    /// Rank correlation of expected and actual purchases.
    pub spearman: Option<f64>,
}

/// The highest version, as a transaction sees it.
pub(super) async fn newest_version(tx: &mut Tx) -> Result<Option<i64>> {
    let (version,): (Option<i64>,) = tx.fetch_one(SELECT_NEWEST_VERSION.query()).await?;
    Ok(version)
}

pub(super) async fn read_in(tx: &mut Tx, version: i64) -> Result<FittedModel> {
    tx.fetch_one(SELECT_MODEL.query().bind(version)).await
}

/// The newest model; `None` if there is none yet.
pub async fn latest(db: &Db) -> Result<Option<FittedModel>> {
    db.read_optional(SELECT_LATEST.query()).await
}

/// Models with versions below `before` (the newest if `None`), newest first, at most `limit`.
pub async fn list(db: &Db, before: Option<i64>, limit: usize) -> Result<Vec<FittedModel>> {
    db.read_all(SELECT_BEFORE.query().bind(before.unwrap_or(i64::MAX)).bind(limit as i64)).await
}

/// The newest model with a forecast of single customers whose last day is not after `as_of_day`.
pub(super) async fn reference(db: &Db, as_of_day: i64, currency: &str) -> Result<Option<FittedModel>> {
    db.read_optional(SELECT_REFERENCE.query().bind(as_of_day).bind(currency)).await
}

/// Keeps a model under the next version, which scores from the commit on.
pub(super) async fn keep(tx: &mut Tx, model: &FittedModel) -> Result<i64> {
    let version = newest_version(tx).await?.unwrap_or(0) + 1;
    let now = tx.db().now();
    let insert = INSERT_MODEL
        .query()
        .bind(version)
        .bind(model.model.as_str())
        .bind(model.as_of_day)
        .bind(model.unit_days)
        .bind(model.currency.as_str())
        .bind(model.basis.as_str())
        .bind(model.horizon_days)
        .bind(model.engine.clone())
        .bind(model.conversion.as_str())
        .bind(model.gate.as_str())
        .bind(model.thresholds.as_str())
        .bind(model.bands.as_str())
        .bind(model.backtest.as_str())
        .bind(model.orders)
        .bind(model.customers)
        .bind(model.position)
        .bind(now);
    tx.execute(insert).await?;
    Ok(version)
}

/// Notes that everyone was scored with a version.
pub(super) async fn mark_scored(tx: &mut Tx, version: i64) -> Result<()> {
    let now = tx.db().now();
    tx.execute(MARK_SCORED.query().bind(now).bind(version)).await.map(drop)
}
