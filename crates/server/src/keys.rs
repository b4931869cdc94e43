//! API keys: list, make, withdraw.

use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::{Extension, Json};
use clove_http::access::{ApiKey, NewKey};
use clove_http::idempotency::Unkept;
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(withdraw))
}

/// Lists the keys, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/keys",
    tag = "keys",
    security(("key" = ["admin"])),
    responses((status = 200, body = Vec<ApiKey>))
)]
async fn list(Extract(services): Extract<State>, caller: Caller) -> Result<Json<Vec<ApiKey>>, Problem> {
    caller.must(Scope::Admin)?;
    Ok(Json(services.keys.list().await?))
}

/// What a new key is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateKey {
    /// What it is for, 1 to 100 characters.
    #[schema(example = "storefront")]
    name: String,
    /// What it may do, at least one.
    scopes: Vec<Scope>,
    /// The source that facts handed in with it belong to.
    #[schema(example = "web:shop")]
    source: Option<String>,
}

/// Makes a key. The answer holds the secret; it is never shown again. Only an owner makes keys that may do everything.
#[utoipa::path(
    post,
    path = "/api/v1/keys",
    tag = "keys",
    request_body = CreateKey,
    security(("key" = ["admin"])),
    responses((status = 201, body = NewKey), (status = 422, body = ProblemBody))
)]
async fn create(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<CreateKey>,
) -> Result<(StatusCode, Extension<Unkept>, Json<NewKey>), Problem> {
    caller.must(Scope::Admin)?;
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, detail: String| {
        errors.push(FieldProblem { pointer: pointer.to_owned(), detail, remedy: None });
    };
    if request.name.trim().is_empty()
        || request.name.chars().count() > 100
        || request.name.chars().any(char::is_control)
    {
        wrong("/name", "a name of 1 to 100 characters is needed".to_owned());
    }
    if request.scopes.is_empty() {
        wrong("/scopes", "at least one scope is needed".to_owned());
    }
    let source = request.source.as_deref().map(str::parse).transpose();
    if let Err(error) = &source {
        wrong("/source", format!("{error}"));
    }
    let (true, Ok(source)) = (errors.is_empty(), source) else {
        return Err(Problem::new(ProblemCode::InvalidBody, "the key cannot be made as asked").with_errors(errors));
    };
    if request.scopes.contains(&Scope::Admin) {
        caller.must_be_owner()?;
    }
    let key = services.keys.create(&caller.actor(), request.name.trim(), &request.scopes, source).await?;
    Ok((StatusCode::CREATED, Extension(Unkept), Json(key)))
}

/// Withdraws a key.
#[utoipa::path(
    delete,
    path = "/api/v1/keys/{id}",
    tag = "keys",
    params(("id" = String, Path, description = "Id of the key")),
    security(("key" = ["admin"])),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn withdraw(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    if caller.key().is_some_and(|key| key.id == id) {
        return Err(Problem::new(ProblemCode::Conflict, "a key cannot withdraw itself; use another one"));
    }
    let keys = services.keys.list().await?;
    let Some(key) = keys.iter().find(|key| key.id == id) else { return Err(Problem::not_found("such key")) };
    if key.may(Scope::Admin) {
        caller.must_be_owner()?;
    }
    services.keys.withdraw(&caller.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
