//! Whether the server lives, and whether it can work.

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use clove_http::{Problem, ProblemCode, State};
use clove_store::{StoreError, subscriber};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Facts that a subscriber may be behind before the server stops being ready: about ten seconds of a busy intake.
const MOST_BEHIND: i64 = 100_000;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// The state of the server.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`, always: a server that is not answers nothing.
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health", tag = "operations", security(()), responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// How far the server has come.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready`.
    status: &'static str,
    /// Number of the last fact of the log.
    facts: i64,
    /// Facts that the slowest subscriber still has to handle.
    behind: i64,
}

/// Whether the server can do its work: the database answers and is migrated, and no subscriber is stuck or far behind.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "operations",
    security(()),
    responses((status = 200, body = Ready), (status = 503, description = "Not ready; the detail says why"))
)]
async fn ready(Extract(services): Extract<State>) -> Result<(StatusCode, Json<Ready>), Problem> {
    let not_ready = |why: String| Problem::new(ProblemCode::Unavailable, why).retry_after(1);
    let look = async {
        // A server that runs has migrated its database; a newer one may have migrated it further since.
        let migrations = services.db.migrations().await?;
        Ok::<_, StoreError>((services.db.head().await?, subscriber::status(&services.db).await?, migrations))
    };
    let (facts, subscribers, migrations) = look.await.map_err(|error| {
        tracing::warn!(error = error.chain(), "not ready");
        not_ready("the database does not answer".to_owned())
    })?;
    if !migrations.pending.is_empty() || !migrations.unknown.is_empty() {
        return Err(not_ready("the database is of another version; restart with that version".to_owned()));
    }
    for one in &subscribers {
        if one.trouble.is_some() {
            return Err(not_ready(format!("the subscriber {} is stuck; the log says why", one.name)));
        }
        if one.behind > MOST_BEHIND {
            return Err(not_ready(format!("the subscriber {} is {} facts behind", one.name, one.behind)));
        }
    }
    let behind = subscribers.iter().map(|one| one.behind).max().unwrap_or(0);
    Ok((StatusCode::OK, Json(Ready { status: "ready", facts, behind })))
}
