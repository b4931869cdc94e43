//! What a source knows of customers in: our own JSON, one customer or a list of them.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::rest;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_profiles))
}

/// Takes in customers: a JSON object, or a list of up to 1,000. Each is named by id, e-mail address, phone number or visitor's id;
/// what is named together is one person. If one of a list is wrong, nothing of the list is taken.
#[utoipa::path(
    post,
    path = "/api/v1/customers",
    tag = "facts",
    security(("key" = ["ingest"])),
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A customer or a list of customers"),
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
async fn take_profiles(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, rest::customers).await
}
