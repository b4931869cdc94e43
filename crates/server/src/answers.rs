//! What is done to every answer: tags of content, headers that keep browsers safe.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clove_http::{Client, Problem, ProblemCode};

/// Answers up to this size get a tag of their content; larger ones are streams or exports.
const LARGEST_TAGGED: u64 = 8 << 20;

/// Plain errors are a line.
const LARGEST_PLAIN: usize = 4 << 10;

/// Headers of every answer that does not set its own. The API's answers are data: nothing in them may be run or framed.
const SAFE: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers that keep browsers safe, and tells them to keep no copy unless the answer has a tag to check it by.
pub(crate) async fn keep_safe(request: Request, next: Next) -> Response {
    let secure = request.extensions().get::<Client>().is_some_and(|client| client.secure);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in SAFE {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if secure {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
    let cache = if headers.contains_key(header::ETAG) { "private, no-cache" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(cache));
    response
}

/// Makes problems of the plain errors that the framework answers with before an endpoint is reached: an address that is no UTF-8, a
/// parameter that is no number.
pub(crate) async fn as_problem(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    if !(status.is_client_error() || status.is_server_error()) || !is_plain {
        return response;
    }
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::UNPROCESSABLE_ENTITY => ProblemCode::InvalidBody,
        status if status.is_client_error() => ProblemCode::InvalidParameter,
        _ => ProblemCode::Internal,
    };
    let text = axum::body::to_bytes(response.into_body(), LARGEST_PLAIN).await.unwrap_or_default();
    Problem::new(code, String::from_utf8_lossy(&text).into_owned()).into_response()
}

/// Gives answers to GET a weak `ETag` made of their content, and answers 304 without content where the client has it already.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let size = response.body().size_hint().exact();
    if response.status() != StatusCode::OK
        || response.headers().contains_key(header::ETAG)
        || size.is_none_or(|size| size > LARGEST_TAGGED)
    {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::internal(&error).into_response(),
    };
    let tag = format!("W/\"{}\"", &blake3::hash(&bytes).to_hex()[..24]);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if known.is_some_and(|known| names(&known, &tag)) {
        let headers: HeaderMap = parts
            .headers
            .into_iter()
            .filter_map(|(name, value)| Some((name?, value)))
            .filter(|(name, _)| !is_of_content(name))
            .collect();
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_of_content(name: &HeaderName) -> bool {
    *name == header::CONTENT_TYPE || *name == header::CONTENT_LENGTH
}

/// Whether an `If-None-Match` names this tag, compared weakly.
fn names(header: &HeaderValue, tag: &str) -> bool {
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    header.to_str().is_ok_and(|text| text.split(',').any(|one| one.trim() == "*" || opaque(one) == opaque(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly() {
        let tag = "W/\"abc\"";
        for text in ["W/\"abc\"", "\"abc\"", "\"x\", W/\"abc\"", "*"] {
            assert!(names(&HeaderValue::from_str(text).unwrap(), tag), "{text}");
        }
        assert!(!names(&HeaderValue::from_static("\"abcd\""), tag));
    }
}
