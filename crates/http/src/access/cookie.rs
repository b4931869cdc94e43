//! The session's cookie, and the proof that a request with it comes from our own pages.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use clove_core::clock::SECOND;

use super::session::{ABSOLUTE_EXPIRY, NewSession};
use crate::client::Client;
use crate::problem::{Problem, ProblemCode};

/// Name of the cookie on an unencrypted connection.
const PLAIN: &str = "clove_session";
/// Name of the cookie on an encrypted one: browsers keep such a cookie from other hosts and from unencrypted pages.
const SECURE: &str = "__Host-clove_session";

/// The token of a request's session.
pub(super) fn token(headers: &HeaderMap, secure: bool) -> Option<String> {
    let wanted = if secure { SECURE } else { PLAIN };
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

/// The `Set-Cookie` of a new session.
///
/// # Errors
/// Never for a token of ours; kept as an error rather than a panic.
pub fn set(session: &NewSession, client: &Client) -> Result<HeaderValue, Problem> {
    written(&session.token, ABSOLUTE_EXPIRY / SECOND, client)
}

/// The `Set-Cookie` that takes the cookie away.
///
/// # Errors
/// Never; kept as an error rather than a panic.
pub fn clear(client: &Client) -> Result<HeaderValue, Problem> {
    written("", 0, client)
}

fn written(token: &str, seconds: i64, client: &Client) -> Result<HeaderValue, Problem> {
    let (name, secure) = if client.secure { (SECURE, "; Secure") } else { (PLAIN, "") };
    let text = format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).map_err(|error| Problem::internal(&error))
}

/// Goes on if a request that changes something and carries a cookie was made by a page of ours.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; pages cannot change either. A request
/// with a cookie and neither of them comes from no browser that we know, and is refused: programs use keys.
///
/// # Errors
/// [`ProblemCode::CrossSite`].
pub fn must_come_from_our_pages(method: &Method, headers: &HeaderMap, client: &Client) -> Result<(), Problem> {
    if method.is_safe() || comes_from_our_pages(headers, client) == Some(true) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemCode::CrossSite,
        "a request with a session must come from Clove's own pages (Sec-Fetch-Site or Origin say so); programs use a key",
    ))
}

/// Whether a request says that it comes from our own pages; `None` if it says nothing.
pub fn comes_from_our_pages(headers: &HeaderMap, client: &Client) -> Option<bool> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text("sec-fetch-site") {
        return Some(site == "same-origin");
    }
    let origin = text("origin")?;
    let (scheme, host) = origin.split_once("://").unwrap_or(("", origin));
    let expected = if client.secure { "https" } else { "http" };
    Some(scheme == expected && client.host.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)], secure: bool) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
        let client = Client { secure, host: Some("clove.example".to_owned()), ..Client::default() };
        must_come_from_our_pages(&Method::POST, &headers, &client).is_ok()
    }

    #[test]
    fn other_pages_are_refused() {
        assert!(ours(&[("sec-fetch-site", "same-origin")], true));
        for site in ["cross-site", "same-site", "none", ""] {
            let headers =
                HeaderMap::from_iter([("sec-fetch-site".parse().unwrap(), HeaderValue::from_str(site).unwrap())]);
            assert_eq!(comes_from_our_pages(&headers, &Client::default()), Some(false), "{site}");
        }
        assert!(ours(&[("origin", "https://clove.example")], true));
        assert!(!ours(&[("origin", "http://clove.example")], true));
        assert!(!ours(&[("origin", "https://evil.example")], true));
        assert!(!ours(&[("origin", "null")], false));
        assert!(!ours(&[], false));
    }

    #[test]
    fn the_cookie_is_found_among_others_and_is_bound_to_its_host_when_encrypted() {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("a=b; clove_session=abc; c"))]);
        assert_eq!(token(&headers, false).as_deref(), Some("abc"));
        assert_eq!(token(&headers, true), None);
        let session = NewSession { token: "abc".to_owned(), expires_at: 0 };
        let secure = Client { secure: true, ..Client::default() };
        assert_eq!(
            set(&session, &secure).unwrap(),
            "__Host-clove_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
        );
    }
}
