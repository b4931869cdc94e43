//! The OpenAPI document: what the routes say of themselves, and what the frame around them adds.

use std::collections::HashMap;

use axum::http::Method;
use clove_http::{ProblemBody, Scope};
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::ComponentsBuilder;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, PathItem, Ref, RefOr, Response};
use utoipa::{PartialSchema as _, ToSchema as _};

/// Name of the scheme of API keys. A route says which scopes it asks for: `security(("key" = ["read"]))`.
const KEY: &str = "key";
/// Name of the scheme of sessions. Where a key is taken, a session with the same scopes is taken, too.
const SESSION: &str = "session";

/// Adds the ways to show who one is, and the errors that the frame answers with whatever the endpoint is.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(|| ComponentsBuilder::new().build());
    components.schemas.entry(ProblemBody::name().into_owned()).or_insert_with(ProblemBody::schema);
    let mut referred = Vec::new();
    ProblemBody::schemas(&mut referred);
    for (name, schema) in referred {
        components.schemas.entry(name).or_insert(schema);
    }
    let mut key = Http::new(HttpAuthScheme::Bearer);
    key.description = Some(
        "An API key, `clove_<id>_<secret>`; also as the user name of `Basic`, as Segment's clients send it".to_owned(),
    );
    components.security_schemes.insert(KEY.to_owned(), RefOr::T(SecurityScheme::Http(key)));
    let cookie = ApiKeyValue::with_description(
        "clove_session",
        "The cookie that `POST /api/v1/session` sets (`__Host-clove_session` behind TLS)",
    );
    components.security_schemes.insert(SESSION.to_owned(), RefOr::T(SecurityScheme::ApiKey(ApiKey::Cookie(cookie))));
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(operation_id(method, path));
            complete_operation(operation);
        }
    }
}

/// The operations of an address, with their methods.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// A name of its own for each operation, for clients that are made from the document: `get_customers_id_merges`.
fn operation_id(method: &str, path: &str) -> String {
    // Those of the server itself, not those of the shop.
    if path == "/metrics" {
        return "get_prometheus".to_owned();
    }
    let parts =
        path.split('/').map(|part| part.trim_matches(['{', '}'])).filter(|part| !["", "api", "v1"].contains(part));
    std::iter::once(method).chain(parts).collect::<Vec<_>>().join("_").replace(['-', '.'], "_")
}

fn complete_operation(operation: &mut Operation) {
    if let Some(requirements) = &mut operation.security {
        // Several requirements are alternatives.
        let of_keys: Vec<Vec<String>> =
            requirements.iter().filter_map(|requirement| scopes_of(requirement, KEY)).collect();
        requirements.extend(of_keys.into_iter().map(|scopes| SecurityRequirement::new(SESSION, scopes)));
    }
    let guarded = operation.security.as_ref().is_some_and(|list| list.iter().any(|one| !is_empty(one)));
    let mut add = |status: &str, description: &str| {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(description)));
    };
    if operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty())
        || operation.request_body.is_some()
    {
        add("400", "A parameter or the body cannot be read");
    }
    if guarded {
        add("401", "No valid key or session");
        add("403", "The caller may not do this");
    }
    if operation.request_body.is_some() {
        add("413", "The body is too large");
        add("422", "The body does not say what is needed");
    }
    add("429", "Too many requests; `Retry-After` says when to come back");
    add("500", "A defect of the server");
    add("503", "The server cannot do it now; `Retry-After` says when to come back");
    // Errors that routes declare by status and body are problems, too.
    for (status, response) in &mut operation.responses.responses {
        let is_error = status.starts_with('4') || status.starts_with('5');
        let RefOr::T(response) = response else { continue };
        if is_error {
            if response.description.is_empty() {
                described(status).clone_into(&mut response.description);
            }
            response.content = problem("").content;
        } else if response.description.is_empty() {
            "Done".clone_into(&mut response.description);
        }
    }
}

fn described(status: &str) -> &'static str {
    match status {
        "400" => "A parameter or the body cannot be read",
        "401" => "No valid key or session",
        "403" => "The caller may not do this",
        "404" => "There is no such thing",
        "409" => "What exists stands against it",
        "413" => "The body is too large",
        "422" => "The body does not say what is needed",
        _ => "An error",
    }
}

fn problem(description: &str) -> Response {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name(ProblemBody::name()))));
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

/// What each operation asks of a caller, in one or several alternatives; by method and address.
pub(crate) type Asked = HashMap<(Method, String), Vec<Vec<Scope>>>;

/// Reads from the document what each operation asks of a caller.
pub(crate) fn asked(document: &mut OpenApi) -> Asked {
    let mut asked = Asked::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let Ok(method) = Method::from_bytes(method.to_ascii_uppercase().as_bytes()) else { continue };
            let requirements = operation.security.as_deref().unwrap_or_default();
            let of_keys = requirements.iter().filter_map(|requirement| scopes_of(requirement, KEY));
            let scopes = of_keys.map(|names| names.iter().filter_map(|name| name.parse().ok()).collect()).collect();
            asked.insert((method, path.clone()), scopes);
        }
    }
    asked
}

/// The scopes that a requirement asks of a scheme. The type keeps them to itself, but writes them as JSON.
fn scopes_of(requirement: &SecurityRequirement, scheme: &str) -> Option<Vec<String>> {
    let value = serde_json::to_value(requirement).ok()?;
    serde_json::from_value(value.get(scheme)?.clone()).ok()
}

fn is_empty(requirement: &SecurityRequirement) -> bool {
    serde_json::to_value(requirement).is_ok_and(|value| value.as_object().is_some_and(serde_json::Map::is_empty))
}
