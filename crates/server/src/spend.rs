//! Marketing and sales cost in: our own JSON, one cost or a list of them.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::rest;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_spend))
}

/// Takes in marketing and sales costs: a JSON object, or a list of up to 1,000. The same days, channel, kind and currency are the
/// same cost: the later amount replaces the earlier one. If one of a list is wrong, nothing of the list is taken.
#[utoipa::path(
    post,
    path = "/api/v1/spend",
    tag = "facts",
    security(("key" = ["ingest"])),
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A cost or a list of costs"),
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
async fn take_spend(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, rest::spend).await
}
