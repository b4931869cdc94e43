//! What surrounds every endpoint: limits, ids of requests, logs without personal data, errors of the frame as problems.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use clove_http::{Problem, ProblemCode, State};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use crate::web::page_or_nothing;
use crate::{admit, answers};

/// Bytes of a body at most, where an endpoint does not say otherwise.
const LARGEST_BODY: usize = 2_000_000;
/// How long an endpoint may take.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);
/// Where files are handed in.
const UPLOADS: &str = "/api/v1/imports";

/// Puts the layers around the routes. The first one sees a request first and its answer last.
pub fn surround(router: Router<State>, services: &State) -> Router<State> {
    let request_id = HeaderName::from_static("x-request-id");
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(middleware::from_fn_with_state(Arc::clone(services), admit::locate))
        .layer(middleware::from_fn(answers::keep_safe))
        .layer(middleware::from_fn(observe))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(Arc::clone(services), admit::admit))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(answers::tag))
        .layer(middleware::from_fn(answers::as_problem))
        .layer(middleware::from_fn(time_out))
        .layer(middleware::from_fn(encodings))
        .layer(RequestDecompressionLayer::new())
        .layer(DefaultBodyLimit::max(LARGEST_BODY));
    router.fallback(page_or_nothing).method_not_allowed_fallback(method_not_allowed).layer(layers)
}

async fn method_not_allowed() -> Problem {
    Problem::new(ProblemCode::MethodNotAllowed, "/api/v1/openapi.json lists the methods of each address")
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    // The panic itself was written to the log by its hook.
    Problem::new(ProblemCode::Internal, "the server's log says more").into_response()
}

async fn time_out(request: Request, next: Next) -> Response {
    // A large file may take its time as long as it moves: that endpoint watches each piece.
    if request.method() == Method::POST
        && request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == UPLOADS)
    {
        return next.run(request).await;
    }
    match tokio::time::timeout(LONGEST_REQUEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemCode::TimedOut, "send the same request again").retry_after(1).into_response(),
    }
}

/// The layer that unpacks bodies refuses what it does not know without a word.
async fn encodings(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE && !response.headers().contains_key(CONTENT_TYPE) {
        let detail = "send the body as it is, or with Content-Encoding: gzip";
        return Problem::new(ProblemCode::UnsupportedEncoding, detail).into_response();
    }
    response
}

/// Counts and times each request by its route, never by its address: addresses may hold ids of people.
async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    let elapsed = begun.elapsed();
    let status = response.status().as_u16();
    // A client may make up methods without end.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let named = if known.contains(&method) { method.to_string() } else { "other".to_owned() };
    let labels = [("method", named), ("route", route.clone()), ("status", status.to_string())];
    metrics::histogram!("clove_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    if status >= 500 {
        tracing::warn!(%method, route, status, duration_ms = elapsed.as_millis() as u64, "a request failed");
    } else {
        tracing::debug!(%method, route, status, duration_ms = elapsed.as_millis() as u64, "a request");
    }
    response
}
