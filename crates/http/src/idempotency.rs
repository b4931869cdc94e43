//! Requests that may be sent again: `Idempotency-Key`.
//!
//! A client that does not know whether a request was carried out sends it again under the same key, and gets the answer of the
//! first time instead of a second effect. Keys belong to a caller and are kept for a day, over restarts too.
//!
//! - The same key with another request is refused: [`ProblemCode::IdempotencyKeyReused`].
//! - While the first request is being carried out, the second one is told to come back: [`ProblemCode::RequestInProgress`].
//! - Only success is remembered. What was refused or failed has done nothing, and its key can be used again, with a mended body.
//! - A server that was killed between the effect and its note carries the request out again. Facts are told by their delivery
//!   keys, so that a second time changes nothing of them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest as _, FromRequestParts as _, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use clove_core::Micros;
use clove_core::clock::SECOND;
use clove_store::{Db, Result};
use uuid::Uuid;

use crate::access::Caller;
use crate::body::RawBody;
use crate::problem::{Problem, ProblemCode};
use crate::services::Services;

clove_store::statements! {
    DELETE_EXPIRED = both("DELETE FROM idempotent_request WHERE expires_at <= $1");
    BEGIN = both("INSERT INTO idempotent_request (key, request, attempt, begun_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (key) DO NOTHING");
    SELECT_KNOWN = both("SELECT request, status, content_type, body, begun_at FROM idempotent_request WHERE key = $1");
    /// Whoever began it did not live to finish.
    TAKE_OVER = both("UPDATE idempotent_request SET attempt = $1, begun_at = $2 WHERE key = $3 AND status IS NULL AND begun_at = $4");
    FINISH = both("UPDATE idempotent_request SET status = $1, content_type = $2, body = $3 WHERE key = $4 AND attempt = $5");
    GIVE_UP = both("DELETE FROM idempotent_request WHERE key = $1 AND attempt = $2 AND status IS NULL");
    GIVE_UP_ALL = both("DELETE FROM idempotent_request WHERE status IS NULL");
}

/// The header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Marks an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How long keys are kept.
const KEPT_FOR: Micros = 24 * 3_600 * SECOND;
/// How long a request may take before another one may carry it out: longer than any endpoint may take.
const LONGEST_REQUEST: Micros = 60 * SECOND;
/// Largest answer that is kept.
const LARGEST_ANSWER: usize = 1 << 20;

/// Put into the extensions of an answer that must not be kept, because it holds a secret: a repetition is refused instead.
#[derive(Debug, Clone, Copy)]
pub struct Unkept;

/// A request under a key, begun.
struct Begun {
    key: Uuid,
    attempt: Uuid,
}

#[derive(sqlx::FromRow)]
struct Known {
    request: Uuid,
    status: Option<i64>,
    content_type: Option<String>,
    body: Option<Vec<u8>>,
    begun_at: i64,
}

/// The layer: carries out each request with an `Idempotency-Key` once.
pub async fn idempotent(State(services): State<Arc<Services>>, request: Request, next: Next) -> Response {
    let changes = request.method() == Method::POST && request.uri().path().starts_with("/api/");
    let Some(named) = request.headers().get(&IDEMPOTENCY_KEY).filter(|_| changes).cloned() else {
        return next.run(request).await;
    };
    match once(&services, &named, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(
    services: &Arc<Services>,
    named: &HeaderValue,
    request: Request,
    next: Next,
) -> std::result::Result<Response, Problem> {
    let fits = (1..=255).contains(&named.len()) && named.as_bytes().iter().all(u8::is_ascii_graphic);
    let named = named.to_str().ok().filter(|_| fits).ok_or_else(|| {
        let detail = "an Idempotency-Key has 1 to 255 visible ASCII characters";
        Problem::new(ProblemCode::InvalidParameter, detail)
    })?;
    let (mut parts, body) = request.into_parts();
    // Strangers have no keys: the endpoint tells them so.
    let Ok(caller) = Caller::from_request_parts(&mut parts, services).await else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let RawBody(bytes) = RawBody::from_request(Request::from_parts(parts.clone(), body), &()).await?;
    let db = &services.db;
    let key = db.hash_key().hash("idempotency key", &[&caller.actor().id, named]);
    let body_hash = blake3::hash(&bytes).to_hex();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let said = db.hash_key().hash("idempotent request", &[parts.method.as_str(), address, &body_hash]);
    let begun = match begin(db, key, said).await? {
        Beginning::Begun(begun) => begun,
        Beginning::Known(response) => return Ok(response),
    };
    // The client may go away meanwhile: what is done is noted all the same.
    let (db, request) = (db.clone(), Request::from_parts(parts, Body::from(bytes)));
    let carried_out = tokio::spawn(async move {
        let response = next.run(request).await;
        finish(&db, &begun, response).await
    });
    carried_out.await.map_err(|error| Problem::internal(&error))?
}

enum Beginning {
    Begun(Begun),
    Known(Response),
}

async fn begin(db: &Db, key: Uuid, said: Uuid) -> std::result::Result<Beginning, Problem> {
    let now = db.now();
    let attempt = db.ids().uuid(now);
    let mut tx = db.begin().await?;
    tx.execute(DELETE_EXPIRED.query().bind(now)).await?;
    let row = BEGIN.query().bind(key).bind(said).bind(attempt).bind(now).bind(now + KEPT_FOR);
    if tx.execute(row).await? == 1 {
        tx.commit().await?;
        return Ok(Beginning::Begun(Begun { key, attempt }));
    }
    let known = tx.fetch_one::<Known>(SELECT_KNOWN.query().bind(key)).await?;
    if known.request != said {
        let detail = "the same Idempotency-Key came with another request before; use a new key for each request";
        return Err(Problem::new(ProblemCode::IdempotencyKeyReused, detail));
    }
    if let Some(status) = known.status {
        return replay(status, known).map(Beginning::Known);
    }
    let stale = known.begun_at <= now - LONGEST_REQUEST;
    let take_over = TAKE_OVER.query().bind(attempt).bind(now).bind(key).bind(known.begun_at);
    if stale && tx.execute(take_over).await? == 1 {
        tx.commit().await?;
        return Ok(Beginning::Begun(Begun { key, attempt }));
    }
    let detail = "the same request is being carried out; ask again for its answer";
    Err(Problem::new(ProblemCode::RequestInProgress, detail).retry_after(1))
}

fn replay(status: i64, known: Known) -> std::result::Result<Response, Problem> {
    let Some(body) = known.body else {
        let detail = "the request was carried out before; its answer held a secret and was not kept";
        return Err(Problem::new(ProblemCode::Conflict, detail));
    };
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(kind) = known.content_type.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Notes the answer of a success; gives the key back otherwise.
async fn finish(db: &Db, begun: &Begun, response: Response) -> std::result::Result<Response, Problem> {
    if !response.status().is_success() {
        let mut tx = db.begin().await?;
        tx.execute(GIVE_UP.query().bind(begun.key).bind(begun.attempt)).await?;
        tx.commit().await?;
        return Ok(response);
    }
    let kept = response.extensions().get::<Unkept>().is_none();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST_ANSWER).await.map_err(|error| Problem::internal(&error))?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let mut tx = db.begin().await?;
    let note = FINISH
        .query()
        .bind(i64::from(parts.status.as_u16()))
        .bind(content_type)
        .bind(kept.then(|| bytes.to_vec()))
        .bind(begun.key)
        .bind(begun.attempt);
    tx.execute(note).await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Gives back the keys of requests that a process before this one did not finish. Only for a database that no other process uses.
pub async fn give_up_all(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(GIVE_UP_ALL.query()).await?;
    tx.commit().await
}

/// Every SQL text of this module.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    STATEMENTS.to_vec()
}
