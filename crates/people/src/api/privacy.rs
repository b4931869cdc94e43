//! Requests of persons: everything about them in one document, or erased.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clove_core::{Micros, PersonId};
use clove_http::{
    Caller, FieldProblem, JsonBody, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State, audit,
};
use clove_store::erasure::lift;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::consents::Known;
use super::{parameters, person, who};
use crate::privacy::{self, About, RequestKind, RequestRow, ask_in};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, request))
        .routes(routes!(show))
        .routes(routes!(document, drop_document))
        .routes(routes!(approve))
        .routes(routes!(lift_suppression))
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Everything about the person in one document.
    Export,
    /// Everything about the person erased. It cannot be taken back.
    Erase,
}

/// A request: a kind, and the person by id or by one name.
#[derive(Debug, Deserialize, ToSchema)]
struct PrivacyRequest {
    /// What is asked for.
    kind: Kind,
    /// Id of the person.
    #[schema(example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    person: Option<String>,
    /// Or what they are known by.
    #[serde(flatten)]
    known: Known,
}

/// A request as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct PrivacyStatus {
    /// Its id.
    #[schema(example = "req_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: String,
    /// `export`, `erase` or `shop_redact`.
    kind: String,
    /// `waiting`, `awaiting_approval` or `done`.
    state: String,
    /// Who asked.
    requested_by: String,
    /// When, microseconds since 1970.
    requested_at: Micros,
    /// When it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    done_at: Option<Micros>,
    /// The person, if it is known and was not erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    /// Whether the document can be fetched: for 30 days.
    has_document: bool,
    /// What was done, how many of each, when; with a hash. Nothing in it identifies: it can be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Value>,
}

impl PrivacyStatus {
    fn of(row: RequestRow) -> Result<PrivacyStatus, Problem> {
        let receipt = row.receipt.as_deref().map(serde_json::from_str).transpose();
        Ok(PrivacyStatus {
            id: public(row.id),
            person: row.person.filter(|_| row.kind == "export").map(PersonId),
            kind: row.kind,
            state: row.state,
            requested_by: row.requested_by,
            requested_at: row.requested_at,
            done_at: row.done_at,
            has_document: row.has_document,
            receipt: receipt.map_err(|error| Problem::internal(&error))?,
        })
    }
}

fn public(id: Uuid) -> String {
    format!("req_{}", id.simple())
}

fn missing() -> Problem {
    Problem::not_found("such request")
}

fn id_of(text: &str) -> Result<Uuid, Problem> {
    text.strip_prefix("req_").and_then(|digits| Uuid::try_parse(digits).ok()).ok_or_else(missing)
}

async fn status(services: &State, id: Uuid) -> Result<PrivacyStatus, Problem> {
    PrivacyStatus::of(privacy::request(&services.db, id).await?.ok_or_else(missing)?)
}

/// Asks for everything about a person, or for its erasure. It is done soon after; the answer says where to look.
///
/// An erasure of somebody whom nobody knows is done too: from then on the name is not taken in.
#[utoipa::path(
    post,
    path = "/api/v1/privacy/requests",
    tag = "privacy",
    security(("key" = ["people"])),
    request_body = PrivacyRequest,
    responses((status = 202, body = PrivacyStatus), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn request(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<PrivacyRequest>,
) -> Result<(StatusCode, Json<PrivacyStatus>), Problem> {
    caller.must(Scope::People)?;
    let known = &request.known;
    let about = match request.person {
        Some(_) if known.email.is_some() || known.phone.is_some() || known.handle.is_some() => {
            return Err(Problem::new(ProblemCode::InvalidBody, "name the person by id or by a name, not both")
                .with_errors(vec![FieldProblem {
                    pointer: "/person".to_owned(),
                    detail: "there is a name, too".to_owned(),
                    remedy: Some("leave one of them out".to_owned()),
                }]));
        }
        Some(id) => About::Person(person(&services.db, &id).await?.0),
        None => About::Handle(request.known.handle()?),
    };
    let kind = match request.kind {
        Kind::Export => RequestKind::Export,
        Kind::Erase => RequestKind::Erase,
    };
    let mut tx = services.db.begin().await?;
    let id = ask_in(&mut tx, kind, about, &who(&caller)).await?;
    let action = match kind {
        RequestKind::Erase => "person.erasure_requested",
        RequestKind::Export => "person.export_requested",
    };
    audit::record(&mut tx, &caller.actor(), action, Some(&id.to_string()), None).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(status(&services, id).await?)))
}

/// Lists requests, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/privacy/requests",
    tag = "privacy",
    security(("key" = ["people"])),
    params(PageQuery),
    responses((status = 200, body = Page<PrivacyStatus>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<PageQuery>, QueryRejection>,
) -> Result<Json<Page<PrivacyStatus>>, Problem> {
    caller.must(Scope::People)?;
    let page = parameters(query)?;
    let (limit, before) = (page.limit()?, page.position::<Uuid>()?);
    let rows = privacy::requests(&services.db, before, limit + 1).await?;
    let page = Page::cut(rows, limit, |row| row.id)?;
    let items = page.items.into_iter().map(PrivacyStatus::of).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: page.next }))
}

/// Shows how a request stands, with its receipt.
#[utoipa::path(
    get,
    path = "/api/v1/privacy/requests/{id}",
    tag = "privacy",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the request")),
    responses((status = 200, body = PrivacyStatus), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PrivacyStatus>, Problem> {
    caller.must(Scope::People)?;
    Ok(Json(status(&services, id_of(&id)?).await?))
}

/// The document of an export: everything about the person, as JSON.
#[utoipa::path(
    get,
    path = "/api/v1/privacy/requests/{id}/document",
    tag = "privacy",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the request")),
    responses((status = 200, body = serde_json::Value), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn document(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.must(Scope::People)?;
    let text = privacy::document(&services.db, id_of(&id)?)
        .await?
        .ok_or_else(|| Problem::not_found("document of such request (any more)"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"person.json\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

/// Deletes the document of an export before its time.
#[utoipa::path(
    delete,
    path = "/api/v1/privacy/requests/{id}/document",
    tag = "privacy",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the request")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn drop_document(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    if privacy::drop_document(&services.db, id_of(&id)?).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("document of such request (any more)"))
    }
}

/// Lets the erasure of all customers of a shop system go on. Shop systems ask for it when their app is taken away; the data are the
/// owner's, so it waits for the owner's word.
#[utoipa::path(
    post,
    path = "/api/v1/privacy/requests/{id}/approve",
    tag = "privacy",
    security(("key" = ["admin"])),
    params(("id" = String, Path, description = "Id of the request")),
    responses((status = 202, body = PrivacyStatus), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn approve(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<PrivacyStatus>), Problem> {
    caller.must(Scope::Admin)?;
    let id = id_of(&id)?;
    let mut tx = services.db.begin().await?;
    privacy::approve(&mut tx, id).await?;
    audit::record(&mut tx, &caller.actor(), "shop.erasure_approved", Some(&id.to_string()), None).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(status(&services, id).await?)))
}

/// Takes a name in again that an erasure shut out: the person has come back, of their own will.
#[utoipa::path(
    post,
    path = "/api/v1/privacy/lift",
    tag = "privacy",
    security(("key" = ["people"])),
    request_body = Known,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn lift_suppression(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(known): JsonBody<Known>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    let handle = known.handle()?;
    let mut tx = services.db.begin().await?;
    let lifted = lift(&mut tx, &handle).await?;
    if lifted {
        audit::record(&mut tx, &caller.actor(), "person.suppression_lifted", None, None).await?;
    }
    tx.commit().await?;
    if lifted { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("erased person of this name")) }
}
