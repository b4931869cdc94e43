//! All routes, and the OpenAPI document made of them.

use std::sync::Arc;

use axum::extract::State as Extract;
use axum::http::header;
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use clove_http::idempotency::idempotent;
use clove_http::{Services, State};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use crate::{events, gauges, health, keys, layers, orders, products, profiles, quarantine, refunds, segment, spend};

#[derive(OpenApi)]
#[openapi(info(
    title = "Clove",
    description = "Customer lifetime value for online shops: hand in what customers do, read what each is worth.",
    license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT")
))]
struct Api;

fn api() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Api::openapi())
        .merge(health::routes())
        .merge(keys::routes())
        .merge(orders::routes())
        .merge(refunds::routes())
        .merge(products::routes())
        .merge(spend::routes())
        .merge(profiles::routes())
        .merge(events::routes())
        .merge(segment::routes())
        .merge(quarantine::routes())
        .merge(clove_people::api::routes())
        .merge(clove_measure::live::api::routes())
}

/// The OpenAPI document of all routes.
pub fn open_api() -> Document {
    api().into_openapi()
}

/// The whole application.
pub fn router(services: Arc<Services>, metrics: Option<PrometheusHandle>) -> Router {
    let (router, document) = api().split_for_parts();
    let document = Arc::new(document);
    let router = router.route(
        "/api/v1/openapi.json",
        get(move || {
            let document = Arc::clone(&document);
            async move { Json(document.as_ref().clone()) }
        }),
    );
    let router = match metrics {
        None => router,
        Some(metrics) => router.route(
            "/metrics",
            get(move |Extract(services): Extract<State>| async move {
                if let Err(error) = gauges::look_up(&services.db).await {
                    tracing::warn!(error = error.chain(), "some metrics could not be looked up");
                }
                ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
            }),
        ),
    };
    // Within the other layers: it needs the body unpacked and limited.
    let router = router.layer(middleware::from_fn_with_state(Arc::clone(&services), idempotent));
    layers::surround(router).with_state(services)
}
