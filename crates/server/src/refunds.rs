//! Refunds in: our own JSON, one refund or a list of them.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::rest;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_refunds))
}

/// Takes in refunds: a JSON object, or a list of up to 1,000. Each names its order by the number that the order has in the same
/// source, whether the order is known already or not. A refund does not change: a second one has an id of its own, and the same
/// id again is the same refund. If one of a list is wrong, nothing of the list is taken.
#[utoipa::path(
    post,
    path = "/api/v1/refunds",
    tag = "facts",
    security(("key" = ["ingest"])),
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A refund or a list of refunds"),
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
async fn take_refunds(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, rest::refunds).await
}
