//! Deliveries that were kept: list, look at, try again, throw away.

use axum::Json;
use axum::extract::{Path, Query, State as Extract};
use axum::http::StatusCode;
use clove_core::{DeliveryId, Micros, Source};
use clove_http::{Caller, FieldProblem, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::delivery::{DeliveryState, KeptDelivery, find, in_state, note_problems, settle};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::retry::{Retried, retry};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show, discard)).routes(routes!(try_again))
}

/// A delivery that was kept.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryBody {
    /// Its id.
    #[schema(value_type = String, example = "dlv_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: DeliveryId,
    /// Whose webhook it is.
    #[schema(value_type = String)]
    source: Source,
    /// What it is about, as the shop calls it.
    topic: String,
    /// `open`, `waiting`, `settled` or `discarded`.
    state: &'static str,
    /// What is wrong with it.
    problems: Vec<FieldProblem>,
    /// When it came, microseconds since 1970.
    received_at: Micros,
    /// When its state last changed, microseconds since 1970.
    changed_at: Micros,
    /// The body as it came, bytes that are no text replaced; absent in lists and once it is settled. It holds personal data.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

impl From<KeptDelivery> for DeliveryBody {
    fn from(kept: KeptDelivery) -> DeliveryBody {
        DeliveryBody {
            id: kept.id,
            source: kept.source,
            topic: kept.topic,
            state: kept.state.name(),
            problems: problems(&kept.problems),
            received_at: kept.received_at,
            changed_at: kept.changed_at,
            body: kept.body.map(|body| String::from_utf8_lossy(&body).into_owned()),
        }
    }
}

fn problems(json: &str) -> Vec<FieldProblem> {
    let problems: Vec<clove_connect::sources::Problem> = serde_json::from_str(json).unwrap_or_default();
    let field = |problem: clove_connect::sources::Problem| FieldProblem {
        pointer: problem.pointer,
        detail: problem.message,
        remedy: Some(problem.remedy),
    };
    problems.into_iter().map(field).collect()
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `open` [default], `waiting`, `settled` or `discarded`.
    state: Option<String>,
}

/// Lists deliveries of webhooks that did not become facts at once, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/deliveries",
    tag = "webhooks",
    security(("key" = ["people"])),
    params(Which, PageQuery),
    responses((status = 200, body = Page<DeliveryBody>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<DeliveryBody>>, Problem> {
    caller.must(Scope::People)?;
    let name = which.state.as_deref().unwrap_or("open");
    let state = DeliveryState::from_name(name).ok_or_else(|| {
        let detail = format!("'{name}' is no state; there are open, waiting, settled, discarded");
        Problem::new(ProblemCode::InvalidParameter, detail)
    })?;
    let limit = page.limit()?;
    let kept = in_state(&services.db, state, page.position()?, limit + 1).await?;
    let bodies = kept.into_iter().map(DeliveryBody::from).collect();
    Ok(Json(Page::cut(bodies, limit, |delivery: &DeliveryBody| delivery.id)?))
}

/// Shows a delivery with its body.
#[utoipa::path(
    get,
    path = "/api/v1/deliveries/{id}",
    tag = "webhooks",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = DeliveryBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DeliveryBody>, Problem> {
    caller.must(Scope::People)?;
    Ok(Json(kept(&services, &id).await?.into()))
}

/// Tries a delivery again: after its order came, its source got a currency, or the program a new version.
#[utoipa::path(
    post,
    path = "/api/v1/deliveries/{id}/retry",
    tag = "webhooks",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the delivery")),
    responses((status = 200, body = DeliveryBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn try_again(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DeliveryBody>, Problem> {
    caller.must(Scope::People)?;
    let delivery = kept(&services, &id).await?;
    if delivery.body.is_none() {
        return Err(Problem::new(ProblemCode::Conflict, "the delivery is settled: nothing is left to do"));
    }
    match retry(&services, &delivery).await? {
        Retried::Done(tx) => tx.commit().await?,
        Retried::Wrong { state, problems: json } => {
            let mut tx = services.db.begin().await?;
            note_problems(&mut tx, delivery.id, state, &json).await?;
            tx.commit().await?;
            return Err(Problem::new(ProblemCode::InvalidBody, "it still cannot be taken").with_errors(problems(&json)));
        }
    }
    Ok(Json(kept(&services, &id).await?.into()))
}

/// Throws a delivery away: its body is deleted. That it came is remembered.
#[utoipa::path(
    delete,
    path = "/api/v1/deliveries/{id}",
    tag = "webhooks",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the delivery")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn discard(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    let delivery = kept(&services, &id).await?;
    let mut tx = services.db.begin().await?;
    let discarded = settle(&mut tx, delivery.id, DeliveryState::Discarded).await?;
    tx.commit().await?;
    if discarded {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(ProblemCode::Conflict, "the delivery is settled: nothing is left to throw away"))
    }
}

async fn kept(services: &State, id: &str) -> Result<KeptDelivery, Problem> {
    let missing = || Problem::not_found("such delivery");
    let id: DeliveryId = id.parse().map_err(|_| missing())?;
    find(&services.db, id).await?.ok_or_else(missing)
}
