//! Segment's tracking API: what its official clients for servers and browsers call, unchanged.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::routing::options;
use clove_connect::sources::segment::{self, Endpoint};
use clove_connect::sources::{Refusal, RefusalKind};
use clove_http::access::authenticate;
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, RawBody, State};
use serde::Serialize;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::consent::Sender;
use crate::intake::{SourceOf, SourceQuery, accept, intake, refused, source_of};

/// How long browsers may remember that they may call.
const PREFLIGHT_FOR: Duration = Duration::from_hours(24);

/// The routes. Any page may call them: the write key says which source it speaks for, and reads nothing.
pub fn routes() -> OpenApiRouter<State> {
    let anywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(PREFLIGHT_FOR);
    // The layer answers browsers that ask first, but only where the method has a handler.
    let asked = options(|| async { StatusCode::NO_CONTENT });
    OpenApiRouter::new().routes(routes!(take)).route("/v1/{call}", asked).layer(anywhere)
}

/// What Segment answers.
#[derive(Debug, Serialize, ToSchema)]
struct Success {
    /// `true`.
    success: bool,
}

/// Takes messages as Segment's official clients send them. `call` is `identify`, `track`, `page`, `screen`, `group`, `alias` or
/// `batch`, or its first letter, as the client for browsers has it. The key comes as user name of `Basic` authentication, or as
/// `writeKey` in the body; it has to be bound to a source. When the answer is 200, every message is durable: as a fact, or, if it
/// makes no sense, in quarantine; or it was not to be kept, since its visitor has not consented to it: where the source has no tracking
/// policy of its own, what comes from browsers is kept with consent only. A message is told by its `messageId`: sent again, it is the same fact. At most 32 KB a message and
/// 500 KB or 5,000 messages a batch.
#[utoipa::path(
    post,
    path = "/v1/{call}",
    tag = "segment",
    security(("key" = ["ingest"])),
    params(("call" = String, Path, description = "Which call", example = "track"), SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "A message, or a batch of messages"),
    responses(
        (status = 200, body = Success),
        (status = 400, body = ProblemBody, description = "No JSON, or too large"),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn take(
    Extract(services): Extract<State>,
    Path(call): Path<String>,
    headers: HeaderMap,
    caller: Result<Caller, Problem>,
    query: SourceOf,
    body: Result<RawBody, Problem>,
) -> Result<Json<Success>, Problem> {
    let endpoint = Endpoint::from_path(&call).ok_or_else(|| Problem::not_found("such call"))?;
    let RawBody(bytes) = body.map_err(|problem| match problem.code {
        ProblemCode::TooLarge => too_large(),
        _ => Problem { code: ProblemCode::InvalidJson, ..problem },
    })?;
    // A stranger's body is not read, unless the key is in it.
    let named = headers.contains_key(header::AUTHORIZATION);
    let known = if named { Some(caller?) } else { None };
    let body = segment::body(endpoint, &bytes).map_err(|refusal| bad_request(&refusal))?;
    let caller = match (known, body.write_key()) {
        (Some(caller), _) => caller,
        (None, Some(key)) => authenticate(&services, key).await?,
        (None, None) => {
            let detail = "send the write key as user name of Basic authentication, or as writeKey in the body";
            return Err(Problem::new(ProblemCode::Unauthenticated, detail));
        }
    };
    let source = source_of(&caller, query)?;
    let taken = body.take(&intake(&services, &source).await?).map_err(|refusal| bad_request(&refusal))?;
    accept(&services, &source, Sender::of(&headers), taken, None).await?;
    Ok(Json(Success { success: true }))
}

/// Segment's clients know one status for a body that cannot be taken: 400.
fn bad_request(refusal: &Refusal) -> Problem {
    match refusal.kind {
        RefusalKind::TooLarge => too_large().with_errors(refused(refusal).errors),
        _ => Problem { code: ProblemCode::InvalidJson, ..refused(refusal) },
    }
}

fn too_large() -> Problem {
    let detail = "at most 32 KB a message, and 500 KB or 5,000 messages a batch";
    Problem::new(ProblemCode::MessageTooLarge, detail)
}
