//! The web app: files that the program holds, and its page at every address that is no endpoint's.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clove_http::{Problem, ProblemCode};

/// Paths and contents, made by `build.rs`; empty in a program that was built without the app.
static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// What the app's page may load: its own files alone. Components set styles of single elements, which counts as inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Addresses of programs, which get problems instead of pages.
const ENDPOINTS: [&str; 6] = ["/api/", "/v1/", "/webhooks/", "/health", "/ready", "/metrics"];

const NO_APP: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Clove</title>\
    <p>This program was built without its web app: Node 20 with npm was not there. The API answers under \
    <a href=\"/api/v1/openapi.json\">/api/v1</a>.</p></html>";

/// Answers whatever no endpoint answers: a file of the app, or its page, which finds its way by the address.
pub(crate) async fn page_or_nothing(request: Request) -> Response {
    let nothing = || {
        Problem::new(
            ProblemCode::NotFound,
            "there is nothing at this address; /api/v1/openapi.json lists what there is",
        )
        .into_response()
    };
    let path = request.uri().path();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || ENDPOINTS.iter().any(|endpoint| path.starts_with(endpoint)) {
        return nothing();
    }
    if let Some((_, content)) = FILES.iter().find(|(name, _)| *name == path) {
        return file(path, content);
    }
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|kinds| kinds.to_str().is_ok_and(|kinds| kinds.contains("text/html")));
    let last = path.rsplit('/').next().unwrap_or_default();
    if !wants_page || last.contains('.') {
        return nothing();
    }
    match FILES.iter().find(|(name, _)| *name == "/index.html") {
        Some((name, content)) => file(name, content),
        None => page(StatusCode::NOT_FOUND, NO_APP.as_bytes()),
    }
}

fn page(status: StatusCode, content: &'static [u8]) -> Response {
    let head = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (status, head, content).into_response()
}

fn file(path: &str, content: &'static [u8]) -> Response {
    let kind = match path.rsplit('.').next() {
        Some("html") => return page(StatusCode::OK, content),
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    // The names of these files hold a hash of what is in them.
    let cache = if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], content).into_response()
}
