//! Imports over HTTP: hand in, follow, list, fetch what could not be taken, forget.

use axum::Json;
use axum::extract::{Path, Query, Request, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clove_core::{ImportId, Micros, Source};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::import::{StoredImport, find, forget, list as list_imports};
use clove_store::job::enqueue;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::plan::ImportFile;
use super::rejects::table;
use super::run::{Imports, create, plan_of, remove};
use super::upload::Upload;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(hand_in, list))
        .routes(routes!(show, forget_import))
        .routes(routes!(rejected_rows))
}

/// Whose files they are, and how to read them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HandIn {
    /// The system of record, such as `shopify:my-shop`; not needed if the key is bound to one.
    source: Option<String>,
    /// For a body that is a file: what it holds: `orders` [default], `refunds`, `spend`, `costs` or `rates`.
    kind: Option<String>,
    /// For a body that is a file: its name.
    name: Option<String>,
    /// The shop's time zone [default: UTC].
    time_zone: Option<String>,
    /// The shop's currency; needed when the files hold several.
    currency: Option<String>,
    /// Order of day and month: `dmy` or `mdy`.
    date_order: Option<String>,
}

/// A file of an import.
#[derive(Debug, Serialize, ToSchema)]
struct FileBody {
    /// What it holds.
    kind: String,
    /// Its name.
    name: String,
    /// Its size in bytes.
    bytes: u64,
}

/// An import and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
struct ImportBody {
    /// Its id.
    #[schema(value_type = String, example = "imp_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: ImportId,
    /// The system of record.
    #[schema(value_type = String)]
    source: Source,
    /// `waiting`, `reading`, `writing`, `done` or `failed`.
    state: &'static str,
    /// The files.
    files: Vec<FileBody>,
    /// Bytes of all files.
    bytes_total: i64,
    /// Bytes read so far.
    bytes_read: i64,
    /// Rows read so far.
    rows_read: i64,
    /// Rows that could not be taken; `/rejects.csv` lists them.
    rows_rejected: i64,
    /// Facts that the files give, once they are read.
    facts_total: i64,
    /// Facts handed to the log so far.
    facts_done: i64,
    /// Of those, facts that were not known before.
    facts_new: i64,
    /// What was found: format, currency, orders, refunds, costs, what was left out and why, warnings.
    #[schema(value_type = Option<Object>)]
    summary: Option<serde_json::Value>,
    /// Why it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// When it was handed in, microseconds since 1970.
    created_at: Micros,
    /// When it was over, microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Micros>,
}

impl ImportBody {
    fn of(stored: StoredImport) -> Result<ImportBody, Problem> {
        let file = |file: ImportFile| FileBody { kind: file.kind, name: file.name, bytes: file.bytes };
        Ok(ImportBody {
            files: plan_of(&stored)?.files.into_iter().map(file).collect(),
            id: stored.id,
            source: stored.source,
            state: stored.state.name(),
            bytes_total: stored.bytes_total,
            bytes_read: stored.bytes_read,
            rows_read: stored.rows_read,
            rows_rejected: stored.rows_rejected,
            facts_total: stored.facts_total,
            facts_done: stored.position,
            facts_new: stored.facts_new,
            summary: stored.summary.and_then(|json| serde_json::from_str(&json).ok()),
            error: stored.error,
            created_at: stored.created_at,
            finished_at: stored.finished_at,
        })
    }
}

/// Takes files in: a form with the files `orders` (one or more), `customers`, `refunds`, `spend`, `costs`, `rates` and fields of options, or a body
/// that is one file. The same formats as on the command line. When the answer is 202 the files are on the server's disk; reading goes
/// on behind it, and the address in `Location` tells how far it is. The same file again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/imports",
    tag = "imports",
    security(("key" = ["ingest"])),
    params(HandIn),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "A file, or multipart/form-data with several"),
    responses((status = 202, body = ImportBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 413, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn hand_in(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<HandIn>, axum::extract::rejection::QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    caller.must(Scope::Ingest)?;
    let Query(query) = query.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    let source = caller.source(query.source.as_deref())?;
    let kind = query.kind.as_deref().unwrap_or("orders");
    if !ImportFile::KINDS.contains(&kind) {
        let detail = format!("'{kind}' is no kind of file; there are {}", ImportFile::KINDS.join(", "));
        return Err(Problem::new(ProblemCode::InvalidParameter, detail));
    }
    let id = ImportId(services.db.ids().uuid(services.db.now()));
    let folder = services.files.join(id.to_string());
    match take(&services, request, &query, kind, &source, id).await {
        Ok(response) => Ok(response),
        Err(problem) => {
            remove(folder).await;
            Err(problem)
        }
    }
}

async fn take(
    services: &State,
    request: Request,
    query: &HandIn,
    kind: &str,
    source: &Source,
    id: ImportId,
) -> Result<Response, Problem> {
    let mut upload = Upload::begin(services.files.join(id.to_string())).await?;
    let (parts, body) = request.into_parts();
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if content_type.to_ascii_lowercase().starts_with("multipart/form-data") {
        upload.take_form(&parts.headers, body).await?;
    } else {
        upload.take_body(kind, query.name.as_deref().unwrap_or(kind), body).await?;
    }
    let mut plan = upload.finish().await?;
    if let Some(zone) = &query.time_zone {
        plan.options.time_zone.clone_from(zone);
    }
    plan.options.currency = plan.options.currency.or_else(|| query.currency.clone());
    plan.options.date_order = plan.options.date_order.or_else(|| query.date_order.clone());
    plan.options.to_reading().map_err(|error| Problem::new(ProblemCode::InvalidParameter, error))?;
    if !plan.files.iter().any(|file| matches!(file.kind.as_str(), "orders" | "customers") && file.bytes > 0) {
        return Err(Problem::new(
            ProblemCode::InvalidBody,
            "send at least one file of orders or customers that is not empty",
        ));
    }
    let mut tx = services.db.begin().await?;
    create(&mut tx, id, source, &plan).await?;
    enqueue(&mut tx, Imports::job(id, services.db.now())).await?;
    tx.commit().await?;
    let stored = found(services, id).await?;
    let location = HeaderValue::try_from(format!("/api/v1/imports/{id}")).map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(ImportBody::of(stored)?)).into_response())
}

/// Lists imports, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/imports",
    tag = "imports",
    security(("key" = ["read"])),
    params(PageQuery),
    responses((status = 200, body = Page<ImportBody>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ImportBody>>, Problem> {
    caller.must(Scope::Read)?;
    let limit = page.limit()?;
    let stored = list_imports(&services.db, page.position()?, limit + 1).await?;
    let bodies: Vec<ImportBody> = stored.into_iter().map(ImportBody::of).collect::<Result<_, _>>()?;
    Ok(Json(Page::cut(bodies, limit, |import: &ImportBody| import.id)?))
}

/// Shows how far an import is.
#[utoipa::path(
    get,
    path = "/api/v1/imports/{id}",
    tag = "imports",
    security(("key" = ["read"]), ("key" = ["ingest"])),
    params(("id" = String, Path, description = "Id of the import")),
    responses((status = 200, body = ImportBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ImportBody>, Problem> {
    let stored = found(&services, id_of(&id)?).await?;
    // Who hands in may follow it.
    if !(caller.may(Scope::Ingest) && caller.source(Some(stored.source.as_str())).is_ok()) {
        caller.must(Scope::Read)?;
    }
    Ok(Json(ImportBody::of(stored)?))
}

/// The rows that could not be taken, with reason and remedy, as CSV: up to 100,000 of them. Cells that a spreadsheet program could take
/// for formulas begin with an apostrophe.
#[utoipa::path(
    get,
    path = "/api/v1/imports/{id}/rejects.csv",
    tag = "imports",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the import")),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn rejected_rows(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    caller.must(Scope::People)?;
    let stored = found(&services, id_of(&id)?).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"rejects.csv\"")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, table(services.db.clone(), stored.id)).into_response())
}

/// Forgets an import that is over, with its rejected rows. Its facts stay.
#[utoipa::path(
    delete,
    path = "/api/v1/imports/{id}",
    tag = "imports",
    security(("key" = ["admin"])),
    params(("id" = String, Path, description = "Id of the import")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn forget_import(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let stored = found(&services, id_of(&id)?).await?;
    let mut tx = services.db.begin().await?;
    let gone = forget(&mut tx, stored.id).await?;
    tx.commit().await?;
    if gone {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(ProblemCode::Conflict, "the import is still at work; forget it when it is over"))
    }
}

fn id_of(text: &str) -> Result<ImportId, Problem> {
    text.parse().map_err(|_| Problem::not_found("such import"))
}

async fn found(services: &State, id: ImportId) -> Result<StoredImport, Problem> {
    find(&services.db, id).await?.ok_or_else(|| Problem::not_found("such import"))
}
