//! Telling browsers that figures may have changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State as Extract;
use axum::response::sse::{Event, KeepAlive, Sse};
use clove_http::{Caller, Problem, ProblemBody, Scope, State};
use clove_store::Db;
use futures::stream::{Stream, unfold};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

clove_store::statements! {
    SELECT_NEWEST = both("SELECT coalesce(max(changed_seq), 0) FROM person_statistics");
}

/// How often to look.
const EVERY: Duration = Duration::from_secs(1);
/// How long a stream lasts: clients open another one by themselves.
const LASTS: Duration = Duration::from_mins(10);

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(changes))
}

async fn newest(db: &Db) -> clove_store::Result<i64> {
    let (seq,): (i64,) = db.read_one(SELECT_NEWEST.query()).await?;
    Ok(seq)
}

/// Tells, as server-sent events, that orders of somebody were counted anew: an event `changed` with the number of the newest fact behind
/// it, at most one a second. The stream ends after ten minutes or when the server stops; ask again then, as browsers do by themselves.
#[utoipa::path(
    get,
    path = "/api/v1/changes",
    tag = "value",
    security(("key" = ["read"])),
    responses(
        (status = 200, body = String, content_type = "text/event-stream"),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
    )
)]
async fn changes(
    Extract(services): Extract<State>,
    Extension(stopping): Extension<CancellationToken>,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    caller.must(Scope::Read)?;
    let db = services.db.clone();
    let (seen, until) = (newest(&db).await?, Instant::now() + LASTS);
    let stream = unfold(seen, move |seen| {
        let (db, stopping) = (db.clone(), stopping.clone());
        async move {
            loop {
                stopping.run_until_cancelled(tokio::time::sleep(EVERY)).await?;
                if Instant::now() >= until {
                    return None;
                }
                match newest(&db).await {
                    Ok(now) if now != seen => {
                        return Some((Ok(Event::default().event("changed").data(now.to_string())), now));
                    }
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(error = error.chain(), "a browser is not told of changes any more");
                        return None;
                    }
                }
            }
        }
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}
