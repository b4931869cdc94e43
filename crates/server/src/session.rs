//! Signing in and out, and who is signed in.

use axum::Json;
use axum::extract::State as Extract;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::AppendHeaders;
use clove_http::access::{Role, User, cookie, password, session, users};
use clove_http::{Caller, Client, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out)).routes(routes!(me)).routes(routes!(change_password))
}

/// How somebody shows who they are: e-mail address and password, or, on the machine itself, the owner's key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The e-mail address of the user.
    #[schema(example = "ann@example.org")]
    email: Option<String>,
    /// The user's password.
    password: Option<String>,
    /// The owner's key, which the first start has shown; at http://localhost only.
    owner_key: Option<String>,
}

/// Who is calling, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// `user` or `key`.
    kind: &'static str,
    /// The user, if the caller is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User>,
    /// Name of the key, if the caller has shown one.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// The role of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    /// What the caller may do.
    scopes: Vec<Scope>,
}

impl Me {
    fn user(user: User) -> Me {
        Me { kind: "user", key: None, role: Some(user.role), scopes: user.role.scopes().to_vec(), user: Some(user) }
    }

    fn key(name: String, scopes: Vec<Scope>) -> Me {
        Me { kind: "key", key: Some(name), role: None, scopes, user: None }
    }
}

type WithCookie<T> = (StatusCode, AppendHeaders<[(header::HeaderName, HeaderValue); 1]>, T);

/// Signs in. The answer sets a cookie that the browser keeps from scripts and from other sites. After several wrong passwords
/// the next try must wait.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    tag = "session",
    request_body = SignIn,
    security(()),
    responses((status = 201, body = Me), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn sign_in(
    Extract(services): Extract<State>,
    client: Client,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<WithCookie<Json<Me>>, Problem> {
    // Another site must not sign a browser in: what the person does next would go to somebody else's account.
    if cookie::comes_from_our_pages(&headers, &client) == Some(false) {
        return Err(Problem::new(ProblemCode::CrossSite, "sign in on Clove's own pages"));
    }
    let (me, session) = match (body.email, body.password, body.owner_key) {
        (Some(email), Some(password), None) => {
            let (user, session) = session::sign_in(&services, &client, &email, &password).await?;
            (Me::user(user), session)
        }
        (None, None, Some(key)) => {
            let (key, session) = session::sign_in_with_key(&services, &client, &key).await?;
            (Me::key(key.name, key.scopes), session)
        }
        _ => return Err(Problem::new(ProblemCode::InvalidBody, "give email and password, or owner_key alone")),
    };
    let cookie = [(header::SET_COOKIE, cookie::set(&session, &client)?)];
    Ok((StatusCode::CREATED, AppendHeaders(cookie), Json(me)))
}

/// Signs out: the session ends, and the cookie goes.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    tag = "session",
    security(("session" = [])),
    responses((status = 204), (status = 409, body = ProblemBody))
)]
async fn sign_out(
    Extract(services): Extract<State>,
    caller: Caller,
    client: Client,
) -> Result<WithCookie<()>, Problem> {
    let Some(session) = caller.session() else {
        return Err(Problem::new(ProblemCode::Conflict, "a key has no session to end; to end the key, withdraw it"));
    };
    session::end(&services.db, &caller.actor(), session).await?;
    let cookie = [(header::SET_COOKIE, cookie::clear(&client)?)];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookie), ()))
}

/// Says who is calling.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "session",
    security(("key" = [])),
    responses((status = 200, body = Me))
)]
async fn me(caller: Caller) -> Json<Me> {
    Json(match (caller.user(), caller.key()) {
        (Some(user), _) => Me::user(user.clone()),
        (None, key) => Me::key(key.map_or_else(String::new, |key| key.name.clone()), caller.scopes().to_vec()),
    })
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The password until now.
    current: String,
    /// The password from now on, 12 to 256 characters.
    #[schema(min_length = 12, max_length = 256)]
    new: String,
}

/// Changes one's own password. All other sessions of the user end.
#[utoipa::path(
    put,
    path = "/api/v1/me/password",
    tag = "session",
    request_body = ChangePassword,
    security(("session" = [])),
    responses((status = 204), (status = 409, body = ProblemBody))
)]
async fn change_password(
    Extract(services): Extract<State>,
    caller: Caller,
    client: Client,
    JsonBody(body): JsonBody<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let Some(user) = caller.user() else {
        return Err(Problem::new(ProblemCode::Conflict, "a key has no password"));
    };
    let wrong = |pointer: &str, detail: String| {
        Problem::new(ProblemCode::InvalidBody, "the password was not changed").with_errors(vec![FieldProblem {
            pointer: pointer.to_owned(),
            detail,
            remedy: None,
        }])
    };
    password::acceptable(&body.new, &user.email).map_err(|reason| wrong("/new", reason))?;
    if !session::password_fits(&services, &client, user, &body.current).await? {
        return Err(wrong("/current", "this is not the password".to_owned()));
    }
    users::set_password(&services.db, &caller.actor(), user.id, &body.new, caller.session()).await?;
    Ok(StatusCode::NO_CONTENT)
}
