//! The caller of a request.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clove_core::fact::Source;

use super::{ApiKey, Scope};
use crate::problem::{Problem, ProblemCode};
use crate::services::Services;

/// Who is calling: the holder of an API key.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key.
    pub key: Arc<ApiKey>,
}

impl Caller {
    /// Goes on if the caller may do this.
    ///
    /// # Errors
    /// [`ProblemCode::Forbidden`], which names the scope that is missing.
    pub fn must(&self, scope: Scope) -> Result<(), Problem> {
        if self.key.may(scope) {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::Forbidden, format!("the key '{}' lacks the scope '{scope}'", self.key.name)))
    }

    /// The source that facts of this caller belong to.
    ///
    /// # Errors
    /// If the key has none, and the request names none.
    pub fn source(&self, named: Option<&str>) -> Result<Source, Problem> {
        match (named, &self.key.source) {
            // A key that is bound to a source cannot speak for another.
            (Some(named), Some(own)) if named != own.as_str() => Err(Problem::new(
                ProblemCode::Forbidden,
                format!("the key '{}' hands in for the source '{own}' only", self.key.name),
            )),
            (Some(named), None) => Ok(named.parse()?),
            (_, Some(own)) => Ok(own.clone()),
            (None, None) => Err(Problem::new(
                ProblemCode::InvalidParameter,
                "name the system that the facts come from: ?source=shopify:my-shop, or use a key that is bound to one",
            )),
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Arc<Services>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Caller, Problem> {
        let services = Arc::<Services>::from_ref(state);
        let text = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(secret_of)
            .ok_or_else(|| {
            Problem::new(ProblemCode::Unauthenticated, "send the header Authorization: Bearer clove_...")
        })?;
        authenticate(&services, &text).await
    }
}

/// The caller who holds this key.
///
/// # Errors
/// [`ProblemCode::Unauthenticated`] if nobody does.
pub async fn authenticate(services: &Services, text: &str) -> Result<Caller, Problem> {
    match services.keys.recognise(text).await? {
        Some(key) => Ok(Caller { key }),
        None => Err(Problem::new(ProblemCode::Unauthenticated, "the key is not known, or was withdrawn")),
    }
}

/// The key in an `Authorization` header: `Bearer KEY`, or `Basic` with the key as user name, as Segment's clients send it.
fn secret_of(header: &str) -> Option<String> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
        return Some(decoded.split(':').next().unwrap_or(&decoded).to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_as_bearer_or_as_segments_user_name() {
        assert_eq!(secret_of("Bearer clove_a_b").as_deref(), Some("clove_a_b"));
        assert_eq!(secret_of(&format!("Basic {}", STANDARD.encode("clove_a_b:"))).as_deref(), Some("clove_a_b"));
        assert_eq!(secret_of("Digest x"), None);
        assert_eq!(secret_of("nothing"), None);
    }
}
