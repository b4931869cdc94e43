//! All routes, and the OpenAPI document made of them.

use std::sync::Arc;

use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use clove_http::{Services, State};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use crate::{health, keys, layers, orders};

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
        .merge(clove_people::api::routes())
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
            get(move || async move {
                ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
            }),
        ),
    };
    layers::surround(router).with_state(services)
}
