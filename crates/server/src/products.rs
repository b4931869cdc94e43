//! Products in: our own JSON, one product or a list of them.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::rest;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_products))
}

/// Takes in products of the catalogue: a JSON object, or a list of up to 1,000. A product that was handed in before is replaced
/// if its `updated_at` is later. If one of a list is wrong, nothing of the list is taken.
#[utoipa::path(
    post,
    path = "/api/v1/products",
    tag = "facts",
    security(("key" = ["ingest"])),
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A product or a list of products"),
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
async fn take_products(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, rest::products).await
}
