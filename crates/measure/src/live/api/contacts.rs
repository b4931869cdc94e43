//! Contacts, who bought and who did not: how far they have come, and what they do.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::{Extension, Json};
use clove_core::{Day, Micros, PersonId, Placements};
use clove_http::{Caller, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::customer_view::subjects;
use clove_store::settings::Settings;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::metrics::beside;
use crate::contact_stages::{ContactStage, ContactStages, contact_stages};
use crate::ledger::Ledger;
use crate::live::contacts::Contacts;
use crate::live::interaction::sql::names;
use crate::live::load::load_histories;
use crate::live::{CurrentShop, LoadOptions};
use crate::period::Interval;

/// Days of the flow where none are given.
const FLOW_DAYS: i32 = 7 * 12;
/// Periods of a flow at most.
const MOST_PERIODS: i32 = 400;
/// Names of events that are listed.
const MOST_NAMES: usize = 500;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(stages)).routes(routes!(stages_of)).routes(routes!(event_names))
}

/// As of when, and which periods.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StagesQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// The first day of the flow, `YYYY-MM-DD` [default: 12 weeks before the last].
    from: Option<String>,
    /// Periods of the flow: `day`, `week`, `month`, `quarter` or `year` [default: week].
    period: Option<String>,
}

fn bad(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::InvalidParameter, detail)
}

fn day_of(text: Option<&str>) -> Result<Option<Day>, Problem> {
    text.map(|text| text.parse().map_err(|_| bad(format!("'{text}' is no day: write it as YYYY-MM-DD")))).transpose()
}

/// How far contacts have come, visitors without a name included: awareness, engagement, conversion, retention, advocacy; how many stand
/// at each stage, how many went on, and who reached what period by period.
#[utoipa::path(
    get,
    path = "/api/v1/contact-stages",
    tag = "analyses",
    security(("key" = ["read"])),
    params(StagesQuery),
    responses((status = 200, body = ContactStages), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn stages(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<StagesQuery>, QueryRejection>,
) -> Result<Json<ContactStages>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let period: Interval = query.period.as_deref().map_or(Ok(Interval::Week), |text| text.parse().map_err(bad))?;
    let (from, as_of) = (day_of(query.from.as_deref())?, day_of(query.as_of.as_deref())?);
    let now = services.db.now();
    let zone = Settings::read(&services.db).await?.time_zone()?;
    let contacts = Contacts::read(&services.db, &zone).await?;
    let told = beside(&shop, move |held| {
        let as_of = as_of.unwrap_or_else(|| held.day(now));
        let from = from.unwrap_or(Day(as_of.0 - FLOW_DAYS));
        let periods = period.of(as_of) - period.of(from) + 1;
        if !(1..=MOST_PERIODS).contains(&periods) {
            return Err(bad(format!(
                "{periods} periods: a flow has 1 to {MOST_PERIODS}; ask for other days or longer periods"
            )));
        }
        let contacts = contacts.with_purchases(&held.shop().ledger(as_of), &held.loaded.person_ids);
        Ok(contact_stages(contacts.iter(), (from, as_of), period))
    });
    told.await.map(Json)
}

/// A stage that a contact reached.
#[derive(Debug, Serialize, ToSchema)]
struct StageReached {
    /// `awareness`, `engagement`, `conversion`, `retention` or `advocacy`.
    stage: &'static str,
    /// When it is reached.
    rule: &'static str,
    /// The day on which this contact reached it; null if not yet.
    on: Option<String>,
}

/// How far a contact has come.
#[derive(Debug, Serialize, ToSchema)]
struct StagesOfContact {
    /// The furthest stage reached; null if nothing is known yet.
    stage: Option<&'static str>,
    /// All stages, in their order.
    stages: Vec<StageReached>,
}

/// How far one contact has come, and when each stage was reached.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/stages",
    tag = "people",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = StagesOfContact), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn stages_of(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<StagesOfContact>, Problem> {
    caller.must(Scope::Read)?;
    let person: PersonId = id.parse().map_err(|_| Problem::not_found("such customer"))?;
    if subjects(&services.db, person).await?.is_empty() {
        return Err(Problem::not_found("such customer"));
    }
    let zone = Settings::read(&services.db).await?.time_zone()?;
    let today = Day::of_moment(services.db.now(), &zone);
    let contacts = Contacts::read_one(&services.db, &zone, person).await?;
    let loaded = load_histories(&services.db, &[person], LoadOptions::default()).await?;
    let placements = Placements::new(&loaded.shop.orders, &loaded.persons);
    let ledger = Ledger::from_placements(&loaded.shop, &loaded.persons, &placements, today);
    let contacts = contacts.with_purchases(&ledger, &loaded.person_ids);
    let reached = contacts.first().map(|contact| contact.reached(today)).unwrap_or_default();
    let stages = ContactStage::ALL.into_iter().zip(reached).map(|(stage, on)| StageReached {
        stage: stage.name(),
        rule: stage.rule(),
        on: on.map(|day| day.to_string()),
    });
    let furthest = reached.iter().rposition(Option::is_some);
    Ok(Json(StagesOfContact { stage: furthest.map(|at| ContactStage::ALL[at].name()), stages: stages.collect() }))
}

/// A name of events.
#[derive(Debug, Serialize, ToSchema)]
struct EventName {
    /// The name: `Product Viewed`, one of the shop's own, `page` or `screen`.
    name: String,
    /// How many there are.
    events: i64,
    /// When the last one was, microseconds since 1970.
    last_at: Micros,
}

/// Names of events.
#[derive(Debug, Serialize, ToSchema)]
struct EventNames {
    /// The commonest first, up to 500.
    items: Vec<EventName>,
}

/// The names of events that came in, with how many of each: what conditions of segments can ask for.
#[utoipa::path(
    get,
    path = "/api/v1/event-names",
    tag = "segments",
    security(("key" = ["read"])),
    responses((status = 200, body = EventNames), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn event_names(Extract(services): Extract<State>, caller: Caller) -> Result<Json<EventNames>, Problem> {
    caller.must(Scope::Read)?;
    let rows = names(&services.db, MOST_NAMES).await?;
    let items = rows.into_iter().map(|(name, events, last_at)| EventName { name, events, last_at }).collect();
    Ok(Json(EventNames { items }))
}
