//! Whether the server lives, and whether it can work.

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use clove_http::{Problem, ProblemCode, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// How far the log has come.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready`.
    status: &'static str,
    /// Number of the last fact of the log.
    facts: i64,
}

/// Whether the server can work: its database answers.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "operations",
    responses((status = 200, body = Ready), (status = 503, description = "The database does not answer"))
)]
async fn ready(Extract(services): Extract<State>) -> Result<(StatusCode, Json<Ready>), Problem> {
    match services.db.head().await {
        Ok(facts) => Ok((StatusCode::OK, Json(Ready { status: "ready", facts }))),
        Err(error) => {
            tracing::warn!(error = error.chain(), "not ready");
            Err(Problem::new(ProblemCode::Unavailable, "the database does not answer").retry_after(1))
        }
    }
}
