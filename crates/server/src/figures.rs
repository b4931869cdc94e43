//! The server's own figures, for Prometheus: counted as things happen, or looked up when somebody asks.

use axum::extract::State as Extract;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use clove_http::{Caller, Client, Problem, Scope, State};
use clove_store::job;
use metrics::gauge;
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gauges;

/// The route.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Where the figures are recorded; installed by the program, absent in tests.
#[derive(Clone)]
pub(crate) struct Recorder(pub Option<PrometheusHandle>);

/// Shows the server's figures as Prometheus reads them: without a key at http://localhost, with a key that may read elsewhere.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    security(("key" = ["read"])),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, description = "Nothing is recorded"))
)]
async fn metrics(
    Extract(services): Extract<State>,
    client: Client,
    axum::Extension(Recorder(recorder)): axum::Extension<Recorder>,
    caller: Result<Caller, Problem>,
) -> Result<Response, Problem> {
    if !client.local {
        caller?.must(Scope::Read)?;
    }
    let recorder = recorder.ok_or_else(|| Problem::not_found("record of figures in this process"))?;
    look_up(&services).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], recorder.render()).into_response())
}

/// What is not counted as it happens.
async fn look_up(services: &State) -> Result<(), Problem> {
    let db = &services.db;
    gauge!("clove_log_facts").set(db.head().await? as f64);
    gauge!("clove_database_bytes").set(db.size().await? as f64);
    gauge!("clove_intake_waiting_facts").set(services.writer.waiting() as f64);
    gauges::look_up(db).await?;
    for status in job::status(db).await? {
        let labels = [("queue", status.name.clone())];
        gauge!("clove_jobs_live", &labels).set(status.live as f64);
        gauge!("clove_jobs_dead", &labels).set(status.dead as f64);
        let late = status.next_due_at.map_or(0, |due| (db.now() - due).max(0));
        gauge!("clove_jobs_late_seconds", &labels).set(late as f64 / 1e6);
    }
    Ok(())
}
