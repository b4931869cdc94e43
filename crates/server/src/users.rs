//! Users: list, add, change, set a password, take away.

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use clove_core::UserId;
use clove_core::contact::normal_email;
use clove_http::access::users::{self, NewUser, UserError};
use clove_http::access::{Role, User, password};
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, change, delete))
        .routes(routes!(set_password))
}

/// Lists the users.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    tag = "users",
    security(("key" = ["admin"])),
    responses((status = 200, body = Vec<User>))
)]
async fn list(Extract(services): Extract<State>, caller: Caller) -> Result<Json<Vec<User>>, Problem> {
    caller.must(Scope::Admin)?;
    Ok(Json(users::list(&services.db).await?))
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateUser {
    /// The e-mail address that they sign in with.
    #[schema(example = "ann@example.org", max_length = 254)]
    email: String,
    /// How to call them, 1 to 100 characters.
    #[schema(example = "Ann", min_length = 1, max_length = 100)]
    name: String,
    /// What they may do.
    role: Role,
    /// A first password, 12 to 256 characters, for them to change.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
}

/// Adds a user. Only an owner adds owners.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    tag = "users",
    request_body = CreateUser,
    security(("key" = ["admin"])),
    responses((status = 201, body = User), (status = 409, body = ProblemBody))
)]
async fn create(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(body): JsonBody<CreateUser>,
) -> Result<(StatusCode, Json<User>), Problem> {
    caller.must(Scope::Admin)?;
    let mut wrong = Wrong::default();
    let email = normal_email(&body.email).into_owned();
    if !is_address(&email) {
        wrong.add("/email", "this is no e-mail address");
    }
    wrong.check_name(&body.name);
    if let Err(reason) = password::acceptable(&body.password, &email) {
        wrong.add("/password", &reason);
    }
    wrong.none("the user cannot be added as asked")?;
    if body.role == Role::Owner {
        caller.must_be_owner()?;
    }
    let user = NewUser { email, name: body.name.trim().to_owned(), role: body.role, password: body.password };
    let user = users::create(&services.db, &caller.actor(), user).await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(user)))
}

/// Shows a user.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    security(("key" = ["admin"])),
    responses((status = 200, body = User), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<User>, Problem> {
    caller.must(Scope::Admin)?;
    Ok(Json(known(&services, &id).await?))
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeUser {
    /// How to call them from now on.
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// What they may do from now on.
    role: Option<Role>,
}

/// Changes name or role. Only an owner changes owners; the last owner stays one.
#[utoipa::path(
    patch,
    path = "/api/v1/users/{id}",
    tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    request_body = ChangeUser,
    security(("key" = ["admin"])),
    responses((status = 200, body = User), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn change(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ChangeUser>,
) -> Result<Json<User>, Problem> {
    caller.must(Scope::Admin)?;
    let user = known(&services, &id).await?;
    let mut wrong = Wrong::default();
    if let Some(name) = &body.name {
        wrong.check_name(name);
    }
    wrong.none("the user cannot be changed as asked")?;
    if user.role == Role::Owner || body.role == Some(Role::Owner) {
        caller.must_be_owner()?;
    }
    let name = body.name.as_deref().map(str::trim);
    let changed = users::update(&services.db, &caller.actor(), user.id, name, body.role).await.map_err(problem)?;
    Ok(Json(changed))
}

/// Takes a user away; their sessions end at once. Only an owner takes owners away, and never the last one.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{id}",
    tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    security(("key" = ["admin"])),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn delete(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let user = known(&services, &id).await?;
    if user.role == Role::Owner {
        caller.must_be_owner()?;
    }
    users::delete(&services.db, &caller.actor(), user.id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password for somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPassword {
    /// The password, 12 to 256 characters, for them to change.
    #[schema(min_length = 12, max_length = 256)]
    password: String,
}

/// Sets the password of a user who has lost theirs. All sessions of the user end.
#[utoipa::path(
    put,
    path = "/api/v1/users/{id}/password",
    tag = "users",
    params(("id" = String, Path, description = "Id of the user")),
    request_body = SetPassword,
    security(("key" = ["admin"])),
    responses((status = 204), (status = 404, body = ProblemBody))
)]
async fn set_password(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<SetPassword>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let user = known(&services, &id).await?;
    if user.role == Role::Owner {
        caller.must_be_owner()?;
    }
    let mut wrong = Wrong::default();
    if let Err(reason) = password::acceptable(&body.password, &user.email) {
        wrong.add("/password", &reason);
    }
    wrong.none("the password was not set")?;
    users::set_password(&services.db, &caller.actor(), user.id, &body.password, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn known(services: &State, id: &str) -> Result<User, Problem> {
    let missing = || Problem::not_found("such user");
    let id: UserId = id.parse().map_err(|_| missing())?;
    users::find(&services.db, id).await?.ok_or_else(missing)
}

/// Whether a normal e-mail address looks like one. Whether mail arrives there is another question.
fn is_address(email: &str) -> bool {
    let plain = !email.chars().any(|character| character.is_whitespace() || character.is_control());
    let parts = email.split_once('@');
    plain
        && email.len() <= 254
        && parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// Everything that is wrong with a body.
#[derive(Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add(&mut self, pointer: &str, detail: &str) {
        self.0.push(FieldProblem { pointer: pointer.to_owned(), detail: detail.to_owned(), remedy: None });
    }

    fn check_name(&mut self, name: &str) {
        let length = name.trim().chars().count();
        if !(1..=100).contains(&length) || name.chars().any(char::is_control) {
            self.add("/name", "a name of 1 to 100 characters is needed");
        }
    }

    fn none(self, detail: &str) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::InvalidBody, detail).with_errors(self.0))
    }
}

fn problem(error: UserError) -> Problem {
    match error {
        UserError::EmailTaken => Problem::new(ProblemCode::Conflict, "another user has this e-mail address"),
        UserError::LastOwner => Problem::new(ProblemCode::Conflict, "the last owner stays; make another one first"),
        UserError::Store(error) => error.into(),
    }
}
