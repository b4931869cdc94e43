//! Answers that a client need not fetch twice: JSON with an `ETag`, or `304 Not Modified`.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::hex;
use crate::problem::Problem;

/// The JSON answer with a tag made of its bytes; without a body if the client has this very answer.
///
/// # Errors
/// If the answer cannot be written as JSON.
pub fn tagged_json(request: &HeaderMap, answer: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(answer).map_err(|error| Problem::internal(&error))?;
    let digest = Sha256::digest(&body);
    let tag = format!("\"{}\"", hex(&digest[..16]));
    let tag_value = HeaderValue::from_str(&tag).map_err(|error| Problem::internal(&error))?;
    // Personal data must not lie in shared caches; the client's own asks again each time.
    let headers = [(header::ETAG, tag_value), (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if has(request, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((headers, json, body).into_response())
}

fn has(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|given| given.trim().trim_start_matches("W/"))
        .any(|given| given == tag || given == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let first = tagged_json(&HeaderMap::new(), &"Ann").unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let mut request = HeaderMap::new();
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        request.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&format!("\"x\", W/{tag}")).unwrap());
        assert_eq!(tagged_json(&request, &"Ann").unwrap().status(), StatusCode::NOT_MODIFIED);
        assert_eq!(tagged_json(&request, &"Eva").unwrap().status(), StatusCode::OK);
    }
}
