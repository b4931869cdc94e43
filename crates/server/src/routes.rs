//! All routes, and the OpenAPI document made of them.

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Json, Router, middleware};
use clove_http::idempotency::idempotent;
use clove_http::{Services, State};
use clove_measure::live::CurrentShop;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

use crate::figures::{self, Recorder};
use crate::{
    admit, audit, dead_letters, document, events, health, imports, keys, layers, orders, products, profiles,
    quarantine, refunds, segment, session, sources, spend, users, webhooks,
};

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
        .merge(figures::routes())
        .merge(dead_letters::routes())
        .merge(session::routes())
        .merge(users::routes())
        .merge(keys::routes())
        .merge(audit::routes())
        .merge(sources::routes())
        .merge(webhooks::routes())
        .merge(imports::routes())
        .merge(orders::routes())
        .merge(refunds::routes())
        .merge(products::routes())
        .merge(spend::routes())
        .merge(profiles::routes())
        .merge(events::routes())
        .merge(segment::routes())
        .merge(quarantine::routes())
        .merge(clove_measure::live::api::routes())
        .merge(clove_people::api::routes())
}

/// The OpenAPI document of all routes.
pub fn open_api() -> Document {
    let mut document = api().into_openapi();
    document::complete(&mut document);
    document
}

/// The whole application.
///
/// `stopping` ends what would otherwise last: streams of events.
pub fn router(
    services: Arc<Services>,
    shop: Arc<CurrentShop>,
    stopping: CancellationToken,
    metrics: Option<PrometheusHandle>,
) -> Router {
    let (router, mut document) = api().split_for_parts();
    document::complete(&mut document);
    let asked = Arc::new(document::asked(&mut document));
    let document = Arc::new(document);
    let router = router.route(
        "/api/v1/openapi.json",
        get(move || {
            let document = Arc::clone(&document);
            async move { Json(document.as_ref().clone()) }
        }),
    );
    let router = router.layer(Extension(Recorder(metrics)));
    let router = router.layer(Extension(shop)).layer(Extension(stopping));
    // Within the other layers: it needs the body unpacked and limited.
    let router = router.layer(middleware::from_fn_with_state(Arc::clone(&services), idempotent));
    let router = router.layer(middleware::from_fn_with_state(asked, admit::enforce));
    layers::surround(router, &services).with_state(services)
}
