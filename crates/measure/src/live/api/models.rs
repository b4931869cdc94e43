//! The fitted models: how good they were, whether they drift, and fitting anew.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Extract};
use axum::http::StatusCode;
use clove_core::Micros;
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::drift::{Alarm, alarms};
use super::super::model::EngineState;
use super::super::{FittedModel, WindowAccuracy, ask_for_refit, list};
use super::day;
use crate::value::{Engine, Gate};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(models)).routes(routes!(refit))
}

/// A fit of the value model.
#[derive(Debug, Serialize, ToSchema)]
struct ModelBody {
    /// Which fit; the highest scores.
    version: i64,
    /// Name of the model; `cohort-average` while there is too little data.
    #[schema(example = "blend")]
    model: String,
    /// Why there is no forecast of single customers, if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    too_little_data: Option<String>,
    /// Why this model was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The models that it is made of, largest share first.
    members: Vec<Share>,
    /// The last day that the fit knows of.
    as_of: String,
    /// ISO 4217 code of values.
    currency: String,
    /// What value means: `net`.
    basis: String,
    /// Days that a forecast covers.
    horizon_days: i64,
    /// Orders that the fit saw.
    orders: i64,
    /// Customers with orders that count.
    customers: i64,
    /// Accuracy in rolling back-tests on the shop's own history; empty where it is too short.
    backtest: Vec<WindowAccuracy>,
    /// What this fit found when it compared an older one with what happened since; empty if nothing was wrong.
    alarms: Vec<AlarmBody>,
    /// When everyone had been scored with it, microseconds since 1970; null while that goes on.
    scored_at: Option<Micros>,
    /// When it was made, microseconds since 1970.
    created_at: Micros,
}

/// A model's share in a blend.
#[derive(Debug, Serialize, ToSchema)]
struct Share {
    /// Name of the model.
    model: String,
    /// Its share.
    share: f64,
}

/// A forecast that drifted from what happened. Purchases are customer-days.
#[derive(Debug, Serialize, ToSchema)]
struct AlarmBody {
    /// `total_outside_interval` or `error_above_backtest`.
    kind: String,
    /// The older fit.
    reference_version: i64,
    /// First day of the comparison.
    from: String,
    /// Last day of it.
    until: String,
    /// Purchases that the older fit expected of the customers that it knew.
    expected: f64,
    /// Lower end of its 80 % interval.
    low: f64,
    /// Upper end of it.
    high: f64,
    /// Their purchases.
    actual: f64,
    /// Root mean squared error per customer over the root of the mean purchases.
    error: f64,
    /// The same in the back-test of the older fit.
    usual_error: Option<f64>,
    /// When it was raised, microseconds since 1970.
    created_at: Micros,
}

fn alarm_body(alarm: &Alarm) -> AlarmBody {
    AlarmBody {
        kind: alarm.kind.clone(),
        reference_version: alarm.reference_version,
        from: day(alarm.from_day),
        until: day(alarm.until_day),
        expected: alarm.expected,
        low: alarm.low,
        high: alarm.high,
        actual: alarm.actual,
        error: alarm.error,
        usual_error: alarm.usual_error,
        created_at: alarm.created_at,
    }
}

fn model_body(row: &FittedModel, alarms: &[Alarm]) -> Result<ModelBody, Problem> {
    let unreadable = |error: serde_json::Error| Problem::internal(&error);
    let gate: Gate = serde_json::from_str(&row.gate).map_err(unreadable)?;
    let engine: Option<EngineState> =
        row.engine.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?;
    let (reason, members) = match engine {
        None => (None, Vec::new()),
        Some(state) => {
            let engine = Engine::from_parts(state.engine).map_err(|error| Problem::internal(&error))?;
            let members = engine.shares().into_iter().map(|(model, share)| Share { model, share }).collect();
            (engine.reason, members)
        }
    };
    Ok(ModelBody {
        version: row.version,
        model: row.model.clone(),
        too_little_data: gate.reason,
        reason,
        members,
        as_of: day(row.as_of_day),
        currency: row.currency.clone(),
        basis: row.basis.clone(),
        horizon_days: row.horizon_days,
        orders: row.orders,
        customers: row.customers,
        backtest: serde_json::from_str(&row.backtest).map_err(unreadable)?,
        alarms: alarms.iter().filter(|alarm| alarm.version == row.version).map(alarm_body).collect(),
        scored_at: row.scored_at,
        created_at: row.created_at,
    })
}

/// A page of fits.
#[derive(Debug, Serialize, ToSchema)]
struct ModelPage {
    /// The fits, newest first.
    items: Vec<ModelBody>,
    /// Cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Lists the fits of the value model, newest first, with their accuracy in back-tests and what has drifted.
#[utoipa::path(
    get,
    path = "/api/v1/models",
    tag = "value",
    security(("key" = ["read"])),
    params(PageQuery),
    responses((status = 200, body = ModelPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn models(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Json<ModelPage>, Problem> {
    caller.must(Scope::Read)?;
    let Query(page) = query.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    let (limit, before) = (page.limit()?, page.position::<i64>()?);
    let rows = list(&services.db, before, limit + 1).await?;
    let Page { items, next } = Page::cut(rows, limit, |row| row.version)?;
    let raised = match (items.last(), items.first()) {
        (Some(last), Some(first)) => alarms(&services.db, last.version, first.version).await?,
        _ => Vec::new(),
    };
    let items = items.iter().map(|row| model_body(row, &raised)).collect::<Result<_, _>>()?;
    Ok(Json(ModelPage { items, next }))
}

/// What became of the wish for a refit.
#[derive(Debug, Serialize, ToSchema)]
struct RefitAsked {
    /// Whether this call asked for it; false if one was asked for already and has not ended.
    new: bool,
}

/// Asks for a fit of the value model to everything known, and for new scores of everyone. It begins within a second;
/// `GET /api/v1/models` shows the new version.
#[utoipa::path(
    post,
    path = "/api/v1/models/refit",
    tag = "value",
    security(("key" = ["admin"])),
    responses((status = 202, body = RefitAsked), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn refit(Extract(services): Extract<State>, caller: Caller) -> Result<(StatusCode, Json<RefitAsked>), Problem> {
    caller.must(Scope::Admin)?;
    let new = ask_for_refit(&services.db).await?;
    Ok((StatusCode::ACCEPTED, Json(RefitAsked { new })))
}
