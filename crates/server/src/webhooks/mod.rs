//! Webhooks of shops: checked, made durable, answered.

mod accept;
mod deliveries;
mod retry;
mod shop;

pub use retry::Deliveries;

use std::sync::Arc;

use axum::Json;
use axum::extract::{DefaultBodyLimit, Path, State as Extract};
use axum::http::{HeaderMap, StatusCode};
use clove_connect::sources::shop::WEBHOOK_LIMITS;
use clove_connect::sources::{moment_of, verify_webhook, woocommerce};
use clove_http::{Problem, ProblemBody, ProblemCode, RawBody, State};
use clove_store::source::{SourceSettings, SourceSystem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use accept::{Incoming, accept};

/// The routes: those that shops call, and those by which people look after what could not be taken.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(shopify_webhook))
        .routes(routes!(woocommerce_webhook))
        .layer(DefaultBodyLimit::max(WEBHOOK_LIMITS.bytes))
        .merge(deliveries::routes())
}

/// What became of a delivery. Whatever it is, the delivery is durable and need not be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It is in the log.
    Taken,
    /// It had come before.
    Known,
    /// It could not be read or makes no sense; it is kept for a person to look at.
    Kept,
    /// It names an order that has not come yet; it is tried again.
    Waiting,
    /// Its topic says nothing to Clove.
    Ignored,
}

/// The answer to a webhook.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookAnswer {
    /// What became of the delivery.
    result: Outcome,
}

/// Takes a webhook of Shopify. The source is its name (`shopify:my-shop`) or the part behind the colon. The signature is checked
/// over the bytes as they came; a delivery that comes again is recognised.
#[utoipa::path(
    post,
    path = "/webhooks/shopify/{source}",
    tag = "webhooks",
    security(()),
    params(
        ("source" = String, Path, description = "Name of the source"),
        ("X-Shopify-Topic" = String, Header, description = "What it is about"),
        ("X-Shopify-Hmac-SHA256" = String, Header, description = "Base64 of the HMAC-SHA256 over the body"),
        ("X-Shopify-Webhook-Id" = Option<String>, Header, description = "Id of the delivery"),
    ),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, body = WebhookAnswer), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 413, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn shopify_webhook(
    Extract(services): Extract<State>,
    Path(source): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<WebhookAnswer>), Problem> {
    let settings = checked(&services, SourceSystem::Shopify, &source, &headers, "x-shopify-hmac-sha256", &body).await?;
    let topic = required(&headers, "x-shopify-topic")?;
    let moment = header(&headers, "x-shopify-triggered-at").and_then(moment_of);
    let incoming = Incoming { settings, topic, delivery_id: header(&headers, "x-shopify-webhook-id"), moment, body };
    let result = accept(&services, &incoming).await?;
    Ok((StatusCode::OK, Json(WebhookAnswer { result })))
}

/// Takes a webhook of WooCommerce. The source is its name (`woocommerce:my-shop`) or the part behind the colon. The ping that a new
/// webhook sends is answered, too.
#[utoipa::path(
    post,
    path = "/webhooks/woocommerce/{source}",
    tag = "webhooks",
    security(()),
    params(
        ("source" = String, Path, description = "Name of the source"),
        ("X-WC-Webhook-Topic" = Option<String>, Header, description = "What it is about"),
        ("X-WC-Webhook-Signature" = Option<String>, Header, description = "Base64 of the HMAC-SHA256 over the body"),
        ("X-WC-Webhook-Delivery-ID" = Option<String>, Header, description = "Id of the delivery"),
    ),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, body = WebhookAnswer), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 413, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn woocommerce_webhook(
    Extract(services): Extract<State>,
    Path(source): Path<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<WebhookAnswer>), Problem> {
    // The ping has no signature and says nothing: that it is answered gives nothing away.
    if woocommerce::is_ping(&body) && header(&headers, "x-wc-webhook-topic").is_none() {
        return Ok((StatusCode::OK, Json(WebhookAnswer { result: Outcome::Ignored })));
    }
    let signature = "x-wc-webhook-signature";
    let settings = checked(&services, SourceSystem::WooCommerce, &source, &headers, signature, &body).await?;
    let topic = required(&headers, "x-wc-webhook-topic")?;
    let delivery_id = header(&headers, "x-wc-webhook-delivery-id");
    let incoming = Incoming { settings, topic, delivery_id, moment: None, body };
    let result = accept(&services, &incoming).await?;
    Ok((StatusCode::OK, Json(WebhookAnswer { result })))
}

/// The settings of the source whose secret signed the body. Strangers learn nothing about which sources there are.
async fn checked(
    services: &State,
    system: SourceSystem,
    named: &str,
    headers: &HeaderMap,
    signature: &str,
    body: &[u8],
) -> Result<Arc<SourceSettings>, Problem> {
    let refusal = || {
        metrics::counter!("clove_webhooks_total", "system" => system.name(), "result" => "refused").increment(1);
        let detail = "no source of this name has a secret that makes this signature; check the name in the address and the \
                      webhook_secret of the source, and let nothing on the way change the body";
        Problem::new(ProblemCode::InvalidSignature, detail)
    };
    let found = match services.sources.get(named).await? {
        Some(settings) => Some(settings),
        None => services.sources.get(&format!("{}:{named}", system.name())).await?,
    };
    let settings = found.filter(|settings| settings.system == system).ok_or_else(refusal)?;
    let secret = settings.webhook_secret.as_ref().ok_or_else(refusal)?;
    let signature = header(headers, signature).ok_or_else(refusal)?;
    verify_webhook(secret.bytes(), body, signature).map_err(|_| refusal())?;
    Ok(settings)
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).filter(|value| !value.is_empty())
}

fn required<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Problem> {
    let short = |value: &&str| value.len() <= 200;
    header(headers, name)
        .filter(short)
        .ok_or_else(|| Problem::new(ProblemCode::InvalidParameter, format!("send the header {name}")))
}
