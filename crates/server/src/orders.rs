//! Orders in: our own JSON, one order or a list of them.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::rest;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_orders))
}

/// Takes in orders: a JSON object, or a list of up to 1,000. When the answer is 200, all of them are durable. An order that
/// was handed in before, by whatever way, is the same order; one with a later `updated_at` replaces it. If one order of a list
/// is wrong, nothing of the list is taken, and the answer names everything that is wrong.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    tag = "facts",
    params(SourceQuery),
    security(("key" = ["ingest"])),
    request_body(content = serde_json::Value, content_type = "application/json", description = "An order or a list of orders"),
    responses(
        (status = 200, body = TakenRecords),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn take_orders(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, rest::orders).await
}
