//! Events in, from servers: messages as in Segment's API, one or a list of them, all or nothing.

use axum::Json;
use axum::extract::State as Extract;
use clove_connect::sources::segment;
use clove_http::{Caller, Problem, ProblemBody, RawBody, State};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::intake::{SourceOf, SourceQuery, TakenRecords, take_all};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_events))
}

/// Takes in events: messages as in Segment's API (`type`, without one `track`; `userId` or `anonymousId`, `event`, `properties`,
/// `timestamp`, `messageId`), a JSON object or a list of up to 1,000. Unlike `/v1/batch` nothing goes into quarantine: if one message
/// is wrong, nothing of the list is taken, and the answer names everything that is wrong. Send a `messageId`: it tells a repetition.
#[utoipa::path(
    post,
    path = "/api/v1/events",
    tag = "facts",
    security(("key" = ["ingest"])),
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A message or a list of messages"),
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
async fn take_events(
    Extract(services): Extract<State>,
    caller: Caller,
    query: SourceOf,
    RawBody(body): RawBody,
) -> Result<Json<TakenRecords>, Problem> {
    take_all(&services, &caller, query, &body, segment::events).await
}
