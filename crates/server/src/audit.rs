//! The audit log: read, newest first.

use axum::Json;
use axum::extract::{Query, State as Extract};
use clove_core::AuditId;
use clove_http::audit::{self, AuditEntry};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Entries of this action alone, such as `key.created`.
    action: Option<String>,
}

/// Lists who did what to what, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    tag = "audit",
    params(PageQuery, Wanted),
    security(("key" = ["admin"])),
    responses((status = 200, body = Page<AuditEntry>), (status = 400, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    page: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page<AuditEntry>>, Problem> {
    caller.must(Scope::Admin)?;
    let wrong = |rejection: axum::extract::rejection::QueryRejection| {
        Problem::new(ProblemCode::InvalidParameter, rejection.body_text())
    };
    let (Query(page), Query(wanted)) = (page.map_err(wrong)?, wanted.map_err(wrong)?);
    let limit = page.limit()?;
    let before: Option<AuditId> = page.position()?;
    let found = audit::entries(&services.db, before, wanted.action.as_deref(), limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |entry| entry.id)?))
}
