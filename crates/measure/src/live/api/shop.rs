//! The shop's data for the `clove` command: what it computes from files it computes from a running server too.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State as Extract;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::subscriber::wait_until;
use futures::stream::{StreamExt as _, unfold};
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{LoadOptions, ValueSubscriber, lines};

/// How long what was accepted may take to be handled.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many may be sent at once: each holds some thousands of orders in memory.
const AT_ONCE: usize = 4;
static SENDING: Semaphore = Semaphore::const_new(AT_ONCE);

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(shop_data))
}

/// All orders, refunds and costs as the value engine reads them: what `clove clv --data http://...` and its like work on. What was accepted
/// before the request is in it. JSON lines for the `clove` of the server's version: their form may change with any version, which
/// the first line tells; the last line is `"end"`. Without names, addresses and other fields that identify.
#[utoipa::path(
    get,
    path = "/api/v1/shop-data",
    tag = "value",
    security(("key" = ["read"])),
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson"),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn shop_data(Extract(services): Extract<State>, caller: Caller) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let sending = SENDING.try_acquire().map_err(|_| {
        Problem::new(
            ProblemCode::Busy,
            format!("the shop's data are being sent {AT_ONCE} times already; ask again later"),
        )
    })?;
    let db = services.db.clone();
    let head = db.head().await?;
    tokio::time::timeout(PATIENCE, wait_until(&db, ValueSubscriber::NAME, head)).await.map_err(|_| {
        Problem::new(
            ProblemCode::TimedOut,
            "what was accepted is not handled yet; `clove doctor` says what it waits for",
        )
    })??;
    let lines = lines(db, LoadOptions { details: true }, sending);
    let bytes = unfold(lines, async |mut lines| lines.recv().await.map(|line| (line.map(Bytes::from), lines)));
    // Compression asks once more after the end, which `unfold` alone answers with a panic.
    let body = Body::from_stream(bytes.fuse().boxed());
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}
