//! What happened to a customer.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use clove_core::{FactId, FactKind, Micros};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{parameters, person};
use crate::timeline::{Entry, Place, timeline};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Which part of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Kinds to show, separated by commas: `order`, `refund`, `profile`, `identify`, `event`, `page`, `screen`, `group`, `merge`,
    /// `consent`, `erasure`, `score`, `segment` [default: all].
    #[param(example = "order,refund")]
    kinds: Option<String>,
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Entries of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Names of kinds, as clients say them.
const KINDS: [(&str, &[FactKind]); 13] = [
    ("order", &[FactKind::Order]),
    ("refund", &[FactKind::Refund]),
    ("profile", &[FactKind::CustomerProfile]),
    ("identify", &[FactKind::Identify]),
    ("event", &[FactKind::Track]),
    ("page", &[FactKind::Page]),
    ("screen", &[FactKind::Screen]),
    ("group", &[FactKind::Group]),
    ("merge", &[FactKind::Merge, FactKind::Unmerge]),
    ("consent", &[FactKind::ConsentRequested, FactKind::ConsentGranted, FactKind::ConsentWithdrawn]),
    ("erasure", &[FactKind::Erased]),
    ("score", &[FactKind::ScoreBandChanged]),
    ("segment", &[FactKind::SegmentEntered, FactKind::SegmentLeft]),
];

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineEntry {
    /// When it happened, microseconds since 1970.
    at: Micros,
    /// What sort of thing it is: one of the names that `kinds` takes.
    #[schema(example = "order")]
    kind: String,
    /// The fact that says so; of an order, refund or profile the newest.
    #[schema(value_type = String)]
    fact: FactId,
    /// The system of record.
    source: String,
    /// Its id there.
    id: String,
    /// When this state was taken in, microseconds since 1970.
    received_at: Micros,
    /// What happened, in the form of its kind; amounts in minor units.
    data: Value,
}

/// The name of a kind.
fn name_of(kind: &FactKind) -> String {
    let name = KINDS.iter().find(|(_, kinds)| kinds.contains(kind)).map(|(name, _)| (*name).to_owned());
    name.unwrap_or_else(|| kind.name().to_owned())
}

impl TimelineEntry {
    pub(super) fn of(entry: Entry) -> Result<TimelineEntry, Problem> {
        let json = entry.fact.body.to_json()?;
        Ok(TimelineEntry {
            at: entry.fact.occurred_at,
            kind: name_of(&entry.fact.kind()),
            fact: entry.fact.id,
            source: entry.fact.source.to_string(),
            id: entry.fact.external_id,
            received_at: entry.fact.received_at,
            data: serde_json::from_str(&json).map_err(|error| Problem::internal(&error))?,
        })
    }
}

/// Shows what happened to a customer, newest first: every profile of the person, orders and refunds in their newest state.
///
/// Facts that come in while a client turns pages appear where they belong and move nothing.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/timeline",
    tag = "customers",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person"), Part),
    responses((status = 200, body = Page<TimelineEntry>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Page<TimelineEntry>>, Problem> {
    caller.must(Scope::Read)?;
    let part = parameters(query)?;
    let mut kinds = Vec::new();
    for name in part.kinds.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let Some((_, of_name)) = KINDS.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            let detail = format!("'{name}' is no kind; there are {}", known.join(", "));
            return Err(Problem::new(ProblemCode::InvalidParameter, detail));
        };
        kinds.extend_from_slice(of_name);
    }
    let page = PageQuery { cursor: part.cursor, limit: part.limit };
    let (limit, before) = (page.limit()?, page.position::<Place>()?);
    let (_, subjects) = person(&services.db, &id).await?;
    let entries = timeline(&services.db, &subjects, &kinds, before, limit + 1).await?;
    let page = Page::cut(entries, limit, |entry| entry.place)?;
    let items = page.items.into_iter().map(TimelineEntry::of).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next: page.next }))
}
