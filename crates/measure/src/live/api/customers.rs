//! What a customer is worth, and who is worth most.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use clove_core::{Currency, Micros, Minor, PersonId};
use clove_http::{Caller, Page, Problem, ProblemBody, ProblemCode, Scope, State, cursor};
use clove_store::customer_view::{Score, Statistics, next_top_scores, scores, statistics, subjects, top_scores};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::latest;
use super::{day, money};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(top)).routes(routes!(clv))
}

/// What a customer is worth.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerValue {
    /// The person.
    #[schema(value_type = String, example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: PersonId,
    /// What they bought so far, per currency.
    statistics: Vec<OrderStatistics>,
    /// What is expected of them; null where nothing can be said, `reason` then says why.
    score: Option<ScoreBody>,
    /// Why there is no score, or why it is only the average of all customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Orders in a few numbers. Amounts are decimals in major units.
#[derive(Debug, Serialize, ToSchema)]
struct OrderStatistics {
    /// ISO 4217 code.
    currency: String,
    /// Orders that count, refunded ones included.
    orders: i64,
    /// Days with purchases of which something was kept.
    purchase_days: i64,
    /// Day of the first order that counts.
    first_order: Option<String>,
    /// Day of the first purchase.
    first_purchase: Option<String>,
    /// Day of the last purchase.
    last_purchase: Option<String>,
    /// Value before discounts.
    #[schema(example = "614.10")]
    gross: String,
    /// Discounts.
    discount: String,
    /// Returned items.
    refunded: String,
    /// Gross minus discounts minus returned items: the historic value.
    net: String,
    /// When the last order was placed, microseconds since 1970.
    last_order_at: Option<Micros>,
    /// When the row was written, microseconds since 1970.
    updated_at: Micros,
}

/// A forecast of one customer. Amounts are decimals in major units.
#[derive(Debug, Serialize, ToSchema)]
struct ScoreBody {
    /// The person.
    #[schema(value_type = String)]
    customer: PersonId,
    /// The model; `cohort-average` is the mean of all customers.
    model: String,
    /// Which fit of it.
    model_version: i64,
    /// The last day that the forecast knows of.
    as_of: String,
    /// ISO 4217 code.
    currency: String,
    /// What value means: `net`.
    basis: String,
    /// Days that the forecast covers.
    horizon_days: i64,
    /// Value expected within the horizon.
    predicted_value: Option<String>,
    /// Lower end of the 80 % interval of the outcome.
    predicted_low: Option<String>,
    /// Upper end of it.
    predicted_high: Option<String>,
    /// Purchases expected within the horizon.
    expected_purchases: Option<f64>,
    /// Value expected of a purchase.
    expected_spend: Option<String>,
    /// Probability of at least one purchase within the horizon.
    probability_of_purchase: Option<f64>,
    /// Probability of being a customer still.
    p_alive: Option<f64>,
    /// `low`, `middle`, `high` or `top`: by the shop's own quantiles.
    band: Option<String>,
    /// When it was computed, microseconds since 1970.
    updated_at: Micros,
}

fn currency_of(code: &str) -> Result<Currency, Problem> {
    code.parse::<Currency>().map_err(|error| Problem::internal(&error))
}

fn statistics_body(row: &Statistics) -> Result<OrderStatistics, Problem> {
    let currency = currency_of(&row.currency)?;
    Ok(OrderStatistics {
        currency: row.currency.clone(),
        orders: row.orders,
        purchase_days: row.purchase_days,
        first_order: row.first_order_day.map(day),
        first_purchase: row.first_purchase_day.map(day),
        last_purchase: row.last_purchase_day.map(day),
        gross: money(currency, row.gross_minor),
        discount: money(currency, row.discount_minor),
        refunded: money(currency, row.refunded_minor),
        net: money(currency, row.net_minor),
        last_order_at: row.last_order_at,
        updated_at: row.updated_at,
    })
}

fn score_body(row: &Score) -> Result<ScoreBody, Problem> {
    let currency = currency_of(&row.currency)?;
    let amount = |amount: Option<Minor>| amount.map(|amount| money(currency, amount));
    Ok(ScoreBody {
        customer: row.person(),
        model: row.model.clone(),
        model_version: row.model_version,
        as_of: day(row.as_of_day),
        currency: row.currency.clone(),
        basis: row.basis.clone(),
        horizon_days: row.horizon_days,
        predicted_value: amount(row.predicted_value_minor),
        predicted_low: amount(row.predicted_low_minor),
        predicted_high: amount(row.predicted_high_minor),
        expected_purchases: row.expected_purchases,
        expected_spend: amount(row.expected_spend.map(clove_core::round_half_even)),
        probability_of_purchase: row.probability_of_purchase,
        p_alive: row.p_alive,
        band: row.band.clone(),
        updated_at: row.updated_at,
    })
}

/// What a customer is worth: so far, and with what is expected.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/clv",
    tag = "value",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = CustomerValue), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn clv(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CustomerValue>, Problem> {
    caller.must(Scope::Read)?;
    let missing = || Problem::not_found("such customer");
    let person: PersonId = id.parse().map_err(|_| missing())?;
    let rows = statistics(&services.db, person).await?;
    if rows.is_empty() && subjects(&services.db, person).await?.is_empty() {
        return Err(missing());
    }
    let score = scores(&services.db, person).await?.into_iter().max_by_key(|score| score.model_version);
    let reason = match &score {
        Some(score) if score.predicted_low_minor.is_some() => None,
        _ => reason(&services, &rows).await?,
    };
    let statistics = rows.iter().map(statistics_body).collect::<Result<_, _>>()?;
    let score = score.as_ref().map(score_body).transpose()?;
    Ok(Json(CustomerValue { id: person, statistics, score, reason }))
}

/// Why there is no forecast of this single customer.
async fn reason(services: &State, rows: &[Statistics]) -> Result<Option<String>, Problem> {
    if rows.iter().all(|row| row.purchase_days == 0) {
        return Ok(Some("no purchase of which something was kept".to_owned()));
    }
    if rows.iter().all(|row| !row.identified) {
        return Ok(Some("a guest, who cannot be recognised again".to_owned()));
    }
    let Some(model) = latest(&services.db).await? else {
        return Ok(Some("no model has been fitted yet; POST /api/v1/models/refit fits one".to_owned()));
    };
    let gate: crate::value::Gate = serde_json::from_str(&model.gate).map_err(|error| Problem::internal(&error))?;
    Ok(gate.reason)
}

/// By what customers are ranked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RankedBy {
    /// By the value expected within the horizon.
    #[default]
    PredictedValue,
}

/// Which part of the ranking.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TopQuery {
    /// By what: `predicted_value`.
    #[serde(default)]
    #[param(inline)]
    by: RankedBy,
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Items of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A place in the ranking.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Place(Minor, PersonId);

/// A page of the ranking.
#[derive(Debug, Serialize, ToSchema)]
struct TopPage {
    /// The customers, those of whom most is expected first.
    items: Vec<ScoreBody>,
    /// Cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The customers of whom most is expected, highest first. Empty while no model has been fitted.
#[utoipa::path(
    get,
    path = "/api/v1/customers/top",
    tag = "value",
    security(("key" = ["read"])),
    params(TopQuery),
    responses((status = 200, body = TopPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn top(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<TopQuery>, QueryRejection>,
) -> Result<Json<TopPage>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    let RankedBy::PredictedValue = query.by;
    let page = cursor::PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, after) = (page.limit()?, page.position::<Place>()?);
    let Some(model) = latest(&services.db).await? else { return Ok(Json(TopPage { items: Vec::new(), next: None })) };
    let rows = match after {
        None => top_scores(&services.db, &model.model, limit + 1).await?,
        Some(Place(value, person)) => next_top_scores(&services.db, &model.model, (value, person), limit + 1).await?,
    };
    let place = |row: &Score| Place(row.predicted_value_minor.unwrap_or(0), row.person());
    let Page { items, next } = Page::cut(rows, limit, place)?;
    let items = items.iter().map(score_body).collect::<Result<_, _>>()?;
    Ok(Json(TopPage { items, next }))
}
