//! Finds out who is calling.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::session::{self, Holder};
use super::{Caller, Identity, cookie, users};
use crate::client::Client;
use crate::problem::{Problem, ProblemCode};
use crate::services::Services;

/// What the server's layer has found out about the caller; the [`Caller`] extractor hands it to endpoints.
#[derive(Debug, Clone)]
pub struct Identified(pub Result<Caller, Problem>);

/// The caller of a request: by the key in `Authorization`, else by the session's cookie.
///
/// # Errors
/// [`ProblemCode::Unauthenticated`] if there is neither; [`ProblemCode::CrossSite`] if a request with a cookie that changes
/// something was not made by a page of ours.
pub async fn identify(
    services: &Services,
    client: &Client,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    let address = client.address_hash(services.db.hash_key());
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let text = authorization.to_str().ok().and_then(secret_of).ok_or_else(|| {
            Problem::new(ProblemCode::Unauthenticated, "send the header Authorization: Bearer clove_...")
        })?;
        let caller = authenticate(services, &text).await?;
        return Ok(Caller { address, ..caller });
    }
    let Some(token) = cookie::token(headers, client.secure) else {
        return Err(Problem::new(
            ProblemCode::Unauthenticated,
            "send the header Authorization: Bearer clove_..., or sign in: POST /api/v1/session",
        ));
    };
    let over = || Problem::new(ProblemCode::Unauthenticated, "the session is over; sign in again");
    let holder = session::recognise(&services.db, &token).await?.ok_or_else(over)?;
    cookie::must_come_from_our_pages(method, headers, client)?;
    let session = session::token_hash(&token);
    let identity = match holder {
        Holder::User(id) => {
            let user = users::find(&services.db, id).await?.ok_or_else(over)?;
            Identity::User { user: Arc::new(user), session }
        }
        Holder::Key(id) => Identity::KeySession { key: services.keys.by_id(&id).await?.ok_or_else(over)?, session },
    };
    Ok(Caller { identity, address })
}

/// The caller who holds this key, for protocols that carry it elsewhere than in a header.
///
/// # Errors
/// [`ProblemCode::Unauthenticated`] if nobody does.
pub async fn authenticate(services: &Services, text: &str) -> Result<Caller, Problem> {
    match services.keys.recognise(text).await? {
        Some(key) => Ok(Caller { identity: Identity::Key(key), address: None }),
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
