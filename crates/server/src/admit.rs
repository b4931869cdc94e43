//! The door: where a request comes from, who makes it, and whether they have made too many.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State as Extract};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clove_http::access::{Identified, identify};
use clove_http::client::Peer;
use clove_http::{Client, State};

use crate::document::Asked;

/// Finds out where the request comes from.
pub(crate) async fn locate(Extract(services): Extract<State>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let client = Client::of(peer, request.headers(), &services.trusted_proxies);
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Finds out the caller, takes a token out of their bucket, and tells what is left of it.
///
/// Somebody with a wrong key is nobody, and counted by address: so keys cannot be tried out faster than that.
pub(crate) async fn admit(Extract(services): Extract<State>, mut request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().cloned().unwrap_or_default();
    let outcome = identify(&services, &client, request.method(), request.headers()).await;
    let taken = services.limits.take(outcome.as_ref().ok(), &client);
    request.extensions_mut().insert(Identified(outcome));
    match taken {
        Ok(allowance) => {
            let mut response = next.run(request).await;
            if let Some(allowance) = allowance {
                allowance.write(response.headers_mut());
            }
            response
        }
        Err((problem, allowance)) => {
            metrics::counter!("clove_http_rate_limited_total").increment(1);
            let mut response = problem.into_response();
            allowance.write(response.headers_mut());
            response
        }
    }
}

/// Lets a caller who is known pass only with the scopes that the document says the operation asks for: an endpoint cannot forget it,
/// and nobody learns from its other errors what they may not do. Who is unknown is the endpoint's to judge: a key may be in the body.
pub(crate) async fn enforce(Extract(asked): Extract<Arc<Asked>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let caller = request.extensions().get::<Identified>().and_then(|identified| identified.0.as_ref().ok());
    if let (Some(path), Some(caller)) = (path, caller)
        && let Some(alternatives) = asked.get(&(request.method().clone(), path))
        && !alternatives.iter().any(|scopes| scopes.iter().all(|scope| caller.may(*scope)))
        && let Some(first) = alternatives.first()
        && let Err(problem) = first.iter().try_for_each(|scope| caller.must(*scope))
    {
        return problem.into_response();
    }
    next.run(request).await
}
