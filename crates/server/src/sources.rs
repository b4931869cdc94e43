//! Sources: list, add, change what is settled about the systems that facts come from.

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use clove_core::{Micros, Source, TrackingPolicy};
use clove_http::sources::{NewSource, SourceChange};
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::source::{SourceSettings, SourceSystem, WebhookSecret};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest secret of webhooks.
const LONGEST_SECRET: usize = 500;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change))
}

/// A source as people see it: everything but the secret of its webhooks.
#[derive(Debug, Serialize, ToSchema)]
struct SourceBody {
    /// Its name.
    #[schema(value_type = String, example = "shopify:my-shop")]
    name: Source,
    /// `shopify`, `woocommerce`, `web` or `other`.
    #[schema(example = "shopify")]
    system: &'static str,
    /// Currency of amounts whose sender names none, ISO 4217.
    currency: Option<String>,
    /// Whether its webhooks have a secret to be checked with; without one they are refused.
    has_webhook_secret: bool,
    /// Where the shop sends its webhooks to, if it is of a system that has some.
    webhook_path: Option<String>,
    /// When its events are taken in: `required`, `asserted` or `granted`. Null: `required` for keys that may only ingest and are
    /// meant for browsers, `asserted` for keys of servers.
    #[schema(value_type = Option<String>)]
    tracking_policy: Option<TrackingPolicy>,
    /// When it was added, microseconds since 1970.
    created_at: Micros,
    /// When it was last changed, microseconds since 1970.
    changed_at: Micros,
    /// When the shop said that it no longer sends, microseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnected_at: Option<Micros>,
}

impl From<SourceSettings> for SourceBody {
    fn from(settings: SourceSettings) -> SourceBody {
        let webhooks = matches!(settings.system, SourceSystem::Shopify | SourceSystem::WooCommerce);
        SourceBody {
            webhook_path: webhooks.then(|| format!("/webhooks/{}/{}", settings.system.name(), settings.name)),
            system: settings.system.name(),
            currency: settings.currency.map(|currency| currency.code().to_owned()),
            has_webhook_secret: settings.webhook_secret.is_some(),
            tracking_policy: settings.tracking_policy,
            created_at: settings.created_at,
            changed_at: settings.changed_at,
            disconnected_at: settings.disconnected_at,
            name: settings.name,
        }
    }
}

/// Lists the sources that were added. Facts may come from others, too: they have no secret and no settings.
#[utoipa::path(
    get,
    path = "/api/v1/sources",
    tag = "sources",
    security(("key" = ["admin"])),
    responses((status = 200, body = Vec<SourceBody>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list(Extract(services): Extract<State>, caller: Caller) -> Result<Json<Vec<SourceBody>>, Problem> {
    caller.must(Scope::Admin)?;
    Ok(Json(services.sources.list().await?.into_iter().map(SourceBody::from).collect()))
}

/// What to settle about a new source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddSource {
    /// Its name: the system, a colon, the name of the shop there.
    #[schema(example = "shopify:my-shop")]
    name: String,
    /// `shopify`, `woocommerce`, `web` or `other`; left out: what the name begins with.
    system: Option<String>,
    /// Currency of amounts whose sender names none, ISO 4217.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// What the shop signs its webhooks with. It is never shown again.
    webhook_secret: Option<String>,
    /// When its events are taken in: `required`, `asserted` or `granted`.
    tracking_policy: Option<String>,
}

/// Adds a source.
#[utoipa::path(
    post,
    path = "/api/v1/sources",
    tag = "sources",
    security(("key" = ["admin"])),
    request_body = AddSource,
    responses((status = 201, body = SourceBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn add(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<AddSource>,
) -> Result<(StatusCode, Json<SourceBody>), Problem> {
    caller.must(Scope::Admin)?;
    let mut wrong = Wrong::default();
    let name = wrong.read("/name", request.name.parse::<Source>());
    let system = request.system.map(|name| {
        let found = SourceSystem::ALL.into_iter().find(|system| system.name() == name);
        found.ok_or_else(|| format!("'{name}' is no system; there are shopify, woocommerce, web, other"))
    });
    let system = wrong.read("/system", system.transpose()).flatten();
    let settled = Settled::read(request.currency, request.webhook_secret, request.tracking_policy, &mut wrong);
    let Some(name) = name.filter(|_| wrong.0.is_empty()) else { return Err(wrong.problem()) };
    let new = NewSource {
        name,
        system,
        currency: settled.currency,
        webhook_secret: settled.webhook_secret,
        tracking_policy: settled.tracking_policy,
    };
    match services.sources.create(&caller.actor(), new).await? {
        Some(settings) => Ok((StatusCode::CREATED, Json(settings.into()))),
        None => Err(Problem::new(ProblemCode::Conflict, "there is a source of this name; change it with PATCH")),
    }
}

/// What to change about a source. A field that is left out stays, one that is null is taken away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeSource {
    /// Currency of amounts whose sender names none, ISO 4217.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    currency: Option<Option<String>>,
    /// What the shop signs its webhooks with.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    webhook_secret: Option<Option<String>>,
    /// When its events are taken in: `required`, `asserted` or `granted`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    tracking_policy: Option<Option<String>>,
}

/// Tells a field that is null from one that is left out.
fn present<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Changes what is settled about a source.
#[utoipa::path(
    patch,
    path = "/api/v1/sources/{name}",
    tag = "sources",
    security(("key" = ["admin"])),
    params(("name" = String, Path, description = "Name of the source")),
    request_body = ChangeSource,
    responses((status = 200, body = SourceBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn change(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(name): Path<String>,
    JsonBody(request): JsonBody<ChangeSource>,
) -> Result<Json<SourceBody>, Problem> {
    caller.must(Scope::Admin)?;
    let mut wrong = Wrong::default();
    let given = [&request.currency, &request.webhook_secret, &request.tracking_policy].map(Option::is_some);
    let (currency, secret, policy) =
        (request.currency.flatten(), request.webhook_secret.flatten(), request.tracking_policy.flatten());
    let settled = Settled::read(currency, secret, policy, &mut wrong);
    if !wrong.0.is_empty() {
        return Err(wrong.problem());
    }
    let change = SourceChange {
        currency: given[0].then_some(settled.currency),
        webhook_secret: given[1].then_some(settled.webhook_secret),
        tracking_policy: given[2].then_some(settled.tracking_policy),
    };
    Ok(Json(services.sources.change(&caller.actor(), &name, change).await?.into()))
}

/// The settings of a request, checked.
struct Settled {
    currency: Option<clove_core::Currency>,
    webhook_secret: Option<WebhookSecret>,
    tracking_policy: Option<TrackingPolicy>,
}

impl Settled {
    fn read(currency: Option<String>, secret: Option<String>, policy: Option<String>, wrong: &mut Wrong) -> Settled {
        let secret = secret.map(|text| match WebhookSecret::new(&text) {
            Some(secret) if text.len() <= LONGEST_SECRET => Ok(secret),
            _ => Err(format!("a secret has 1 to {LONGEST_SECRET} characters")),
        });
        Settled {
            currency: wrong.read("/currency", currency.map(|code| code.parse()).transpose()).flatten(),
            webhook_secret: wrong.read("/webhook_secret", secret.transpose()).flatten(),
            tracking_policy: wrong.read("/tracking_policy", policy.map(|name| name.parse()).transpose()).flatten(),
        }
    }
}

/// What is wrong with a request.
#[derive(Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn read<T, E: ToString>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                let (pointer, detail) = (pointer.to_owned(), error.to_string());
                self.0.push(FieldProblem { pointer, detail, remedy: None });
                None
            }
        }
    }

    fn problem(self) -> Problem {
        Problem::new(ProblemCode::InvalidBody, "the source cannot be settled so").with_errors(self.0)
    }
}
