//! The shop's settings: currency and time zone.

use axum::Json;
use axum::extract::State as Extract;
use clove_core::{Currency, Day};
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State, audit};
use clove_store::settings::{self, Settings, time_zone, time_zone_name};
use clove_store::subscriber::rebuild_in;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{ValueSubscriber, latest};
use super::day;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(show, change)).routes(routes!(shop))
}

clove_store::statements! {
    /// Each from the index alone.
    SELECT_EXTENT = both("SELECT (SELECT min(day) FROM order_state), (SELECT max(day) FROM order_state)");
}

/// The shop at a glance.
#[derive(Debug, Serialize, ToSchema)]
struct ShopBody {
    /// ISO 4217 code of the currency that the shop keeps its books in; null until the first order comes in.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// IANA name of the shop's time zone.
    #[schema(example = "Europe/Rome")]
    time_zone: String,
    /// What day it is there.
    #[schema(example = "2026-06-30")]
    today: String,
    /// Day of the first order, those that do not count included; null without orders.
    first_day: Option<String>,
    /// Day of the last order.
    last_day: Option<String>,
    /// Whether a model forecasts customers.
    has_forecasts: bool,
    /// Whether the shop was made up, to look round.
    demo: bool,
}

/// Shows the shop at a glance: what it counts in, and from when to when there are orders.
#[utoipa::path(
    get,
    path = "/api/v1/shop",
    tag = "settings",
    security(("key" = ["read"])),
    responses((status = 200, body = ShopBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn shop(Extract(services): Extract<State>, caller: Caller) -> Result<Json<ShopBody>, Problem> {
    caller.must(Scope::Read)?;
    let db = &services.db;
    let settings = Settings::read(db).await?;
    let zone = settings.time_zone()?;
    let (first, last): (Option<i64>, Option<i64>) = db.read_one(SELECT_EXTENT.query()).await?;
    Ok(Json(ShopBody {
        currency: settings.currency()?.map(|currency| currency.code().to_owned()),
        today: Day::of_moment(db.now(), &zone).to_string(),
        time_zone: time_zone_name(&zone),
        first_day: first.map(day),
        last_day: last.map(day),
        demo: settings.get(&settings::DEMO)?.unwrap_or(false),
        has_forecasts: latest(db).await?.is_some_and(|model| model.engine.is_some()),
    }))
}

/// The settings.
#[derive(Debug, Serialize, ToSchema)]
struct SettingsBody {
    /// ISO 4217 code of the currency that the shop keeps its books in; null until the first order comes in.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// IANA name of the shop's time zone: what a day is.
    #[schema(example = "Europe/Rome")]
    time_zone: String,
    /// Whether values are being computed anew because of this change.
    rebuilding: bool,
}

/// Settings to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeSettings {
    /// ISO 4217 code.
    currency: Option<String>,
    /// IANA name of a time zone.
    time_zone: Option<String>,
}

fn body(settings: &Settings, rebuilding: bool) -> Result<SettingsBody, Problem> {
    let currency = settings.currency()?.map(|currency| currency.code().to_owned());
    Ok(SettingsBody { currency, time_zone: time_zone_name(&settings.time_zone()?), rebuilding })
}

/// Shows the shop's settings.
#[utoipa::path(
    get,
    path = "/api/v1/settings",
    tag = "settings",
    security(("key" = ["admin"])),
    responses((status = 200, body = SettingsBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn show(Extract(services): Extract<State>, caller: Caller) -> Result<Json<SettingsBody>, Problem> {
    caller.must(Scope::Admin)?;
    Ok(Json(body(&Settings::read(&services.db).await?, false)?))
}

/// Changes the shop's settings. Another currency or time zone changes what every order is worth and on which day it counts: all
/// values are then computed anew from the log, and a new model is fitted; until that is done the figures grow from nothing.
#[utoipa::path(
    patch,
    path = "/api/v1/settings",
    tag = "settings",
    security(("key" = ["admin"])),
    request_body = ChangeSettings,
    responses((status = 200, body = SettingsBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn change(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<ChangeSettings>,
) -> Result<Json<SettingsBody>, Problem> {
    caller.must(Scope::Admin)?;
    let mut errors = Vec::new();
    let mut wrong = |pointer: &str, detail: String, remedy: &str| {
        errors.push(FieldProblem { pointer: pointer.to_owned(), detail, remedy: Some(remedy.to_owned()) });
    };
    let currency = request.currency.as_deref().map(str::parse::<Currency>);
    if let Some(Err(error)) = &currency {
        wrong("/currency", error.to_string(), "send an ISO 4217 code such as EUR");
    }
    let zone = request.time_zone.as_deref().map(|name| time_zone(name).ok_or(name));
    if let Some(Err(name)) = &zone {
        wrong("/time_zone", format!("'{name}' is no time zone"), "send an IANA name such as Europe/Rome");
    }
    if !errors.is_empty() {
        return Err(Problem::new(ProblemCode::InvalidBody, "nothing was changed").with_errors(errors));
    }
    let mut tx = services.db.begin().await?;
    let before = Settings::read_in(&mut tx).await?;
    if let Some(Ok(currency)) = currency {
        settings::put(&mut tx, &settings::CURRENCY, &currency).await?;
    }
    if let Some(Ok(zone)) = &zone {
        settings::put(&mut tx, &settings::TIME_ZONE, zone).await?;
    }
    let after = Settings::read_in(&mut tx).await?;
    let rebuilding = before != after;
    if rebuilding {
        audit::record(&mut tx, &caller.actor(), "settings.changed", None, None).await?;
    }
    if rebuilding {
        rebuild_in(&mut tx, &ValueSubscriber::default()).await?;
        super::super::refit_after_rebuild(&mut tx).await?;
    }
    tx.commit().await?;
    services.db.wake_subscribers();
    Ok(Json(body(&after, rebuilding)?))
}
