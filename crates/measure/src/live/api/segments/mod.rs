//! Segments: the ready-made and the saved ones, their customers, what they are worth, how they grow.

mod history;
mod members;
mod overlap;
mod saved;

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::{Extension, Json};
use clove_core::segment::Condition;
use clove_core::{Day, Micros};
use clove_http::{Caller, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State};
use clove_store::Db;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::metrics::{beside, refused};
use crate::ledger::Ledger;
use crate::live::beyond::BeyondByPerson;
use crate::live::{CurrentShop, HeldShop, SavedSegment, saved_segments};
use crate::segment::{Beyond, Members, Needs, READY, SegmentError, SegmentFigures, Segmenter, ready};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(preview))
        .routes(routes!(show))
        .merge(saved::routes())
        .merge(members::routes())
        .merge(history::routes())
        .merge(overlap::routes())
}

/// A segment.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct SegmentBody {
    /// Its id: a word for ready-made ones, `seg_...` for saved ones.
    #[schema(example = "vip")]
    id: String,
    /// `ready` or `saved`.
    kind: &'static str,
    /// Its name; of ready-made ones in English.
    name: String,
    /// Names of ready-made ones by language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    names: Option<serde_json::Value>,
    /// What it is for.
    note: Option<String>,
    /// Its definition as a sentence.
    #[schema(example = "days with purchases at least 3 and active or at risk")]
    words: String,
    /// Its definition.
    #[schema(value_type = Object)]
    definition: Condition,
    /// Counts its definitions; 0 for ready-made ones.
    version: i64,
    /// When it was changed last, microseconds since 1970; null for ready-made ones.
    changed_at: Option<Micros>,
    /// What it is in numbers, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<SegmentFigures>,
    /// Why it has no numbers here.
    #[serde(skip_serializing_if = "Option::is_none")]
    unavailable: Option<String>,
}

impl SegmentBody {
    fn ready(segment: &crate::segment::ReadySegment) -> SegmentBody {
        let [it, fr, ar, ro] = segment.names;
        SegmentBody {
            id: segment.id.to_owned(),
            kind: "ready",
            name: segment.title.to_owned(),
            names: Some(json!({"en": segment.title, "it": it, "fr": fr, "ar": ar, "ro": ro})),
            note: Some(segment.purpose.to_owned()),
            words: segment.definition.words(),
            definition: segment.definition.clone(),
            version: 0,
            changed_at: None,
            figures: None,
            unavailable: None,
        }
    }

    fn saved(segment: &SavedSegment) -> SegmentBody {
        SegmentBody {
            id: segment.id.to_string(),
            kind: "saved",
            name: segment.name.clone(),
            names: None,
            note: segment.note.clone(),
            words: segment.definition.words(),
            definition: segment.definition.clone(),
            version: segment.version,
            changed_at: Some(segment.changed_at),
            figures: None,
            unavailable: None,
        }
    }
}

/// All segments of the shop, by id, with what they ask for beyond orders.
pub(super) struct Known {
    saved: Vec<SavedSegment>,
    beyond: BeyondByPerson,
}

impl Known {
    pub(super) async fn read(db: &Db) -> Result<Known, Problem> {
        Ok(Known { saved: saved_segments(db).await?, beyond: BeyondByPerson::default() })
    }

    /// Reads what definitions ask for beyond orders, and no more.
    pub(super) async fn knowing(self, db: &Db, asked: &[&Condition]) -> Result<Known, Problem> {
        let mut needs = Needs::default();
        for definition in asked {
            needs.add(definition, &|id| self.find(id));
        }
        Ok(Known { beyond: BeyondByPerson::read(db, &needs).await?, ..self })
    }

    /// The definition of an id.
    pub(super) fn find(&self, id: &str) -> Option<Condition> {
        find(&self.saved, id)
    }

    /// The customers of a shop, ready to be asked. Forecasts and consents are known as of today, events as of any day.
    pub(super) fn segmenter<'l, 'a>(&self, held: &HeldShop, ledger: &'l Ledger<'a>, now: Micros) -> Segmenter<'l, 'a> {
        let mut beyond = self.beyond.numbered(&held.loaded.person_ids);
        if ledger.as_of() < held.day(now) {
            beyond = Beyond { events: beyond.events, ..Beyond::default() };
        }
        Segmenter::new(ledger).knowing(beyond)
    }

    /// The members of a definition.
    pub(super) fn members(&self, segmenter: &Segmenter<'_, '_>, definition: &Condition) -> Result<Members, Problem> {
        segmenter.members(definition, &|id| self.find(id)).map_err(|error| unanswerable(&error, ""))
    }

    /// The figures of a definition, or why there are none.
    fn figures(&self, segmenter: &Segmenter<'_, '_>, definition: &Condition) -> Result<SegmentFigures, String> {
        let mut needs = Needs::default();
        needs.add(definition, &|id| self.find(id));
        if let Some(asked) = needs.events.iter().find(|asked| self.beyond.unseen().contains(&asked.name)) {
            return Err(format!("no event '{}' has come in yet", asked.name));
        }
        let members = segmenter.members(definition, &|id| self.find(id)).map_err(|error| error.to_string())?;
        Ok(segmenter.summary(&members))
    }

    fn bodies(&self) -> Vec<SegmentBody> {
        READY.iter().map(SegmentBody::ready).chain(self.saved.iter().map(SegmentBody::saved)).collect()
    }

    fn body(&self, id: &str) -> Result<SegmentBody, Problem> {
        self.bodies()
            .into_iter()
            .find(|body| body.id == id)
            .ok_or_else(|| Problem::not_found("such segment; GET /api/v1/segments lists them"))
    }
}

/// The definition of a ready-made or saved segment.
fn find(saved: &[SavedSegment], id: &str) -> Option<Condition> {
    let of_shop = || Some(saved.iter().find(|one| one.id.to_string() == id)?.definition.clone());
    ready(id).map(|segment| segment.definition.clone()).or_else(of_shop)
}

/// Why a definition has no answer; `at` is where it lies in the body.
pub(super) fn unanswerable(error: &SegmentError, at: &str) -> Problem {
    let (pointer, remedy) = match error {
        SegmentError::Definition { pointer, .. } => (format!("{at}{pointer}"), "docs/segments.md shows definitions"),
        SegmentError::NoSegment(_) | SegmentError::Circle(_) => (at.to_owned(), "GET /api/v1/segments lists them"),
        SegmentError::NoColumn { .. }
        | SegmentError::NoProducts
        | SegmentError::NoAmounts
        | SegmentError::NoForecasts
        | SegmentError::NoConsents
        | SegmentError::NoEvents
        | SegmentError::NotTaken => (at.to_owned(), ""),
    };
    refused(&pointer, error.to_string(), remedy)
}

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AsOfQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
}

/// Whether to count.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// Whether to say how many customers each has and what they are worth [default: false].
    #[serde(default)]
    figures: bool,
}

fn bad_query(rejection: &QueryRejection) -> Problem {
    Problem::new(ProblemCode::InvalidParameter, rejection.body_text())
}

fn day_of(text: Option<&str>) -> Result<Option<Day>, Problem> {
    let bad =
        |text: &str| Problem::new(ProblemCode::InvalidParameter, format!("'{text}' is no day: write it as YYYY-MM-DD"));
    text.map(|text| text.parse::<Day>().map_err(|_| bad(text))).transpose()
}

/// All segments.
#[derive(Debug, Serialize, ToSchema)]
struct SegmentList {
    /// The ready-made ones, then the saved ones by name.
    items: Vec<SegmentBody>,
}

/// All segments: those that every shop has, and the saved ones. With `figures=true` each says how many customers it has.
#[utoipa::path(
    get,
    path = "/api/v1/segments",
    tag = "segments",
    security(("key" = ["read"])),
    params(ListQuery),
    responses((status = 200, body = SegmentList), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<SegmentList>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    if !query.figures {
        return Ok(Json(SegmentList { items: known.bodies() }));
    }
    let bodies = known.bodies();
    let asked: Vec<&Condition> = bodies.iter().map(|body| &body.definition).collect();
    let known = known.knowing(&services.db, &asked).await?;
    let items = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        let mut bodies = known.bodies();
        for body in &mut bodies {
            match known.figures(&segmenter, &body.definition) {
                Ok(figures) => body.figures = Some(figures),
                Err(reason) => body.unavailable = Some(reason),
            }
        }
        Ok(bodies)
    });
    Ok(Json(SegmentList { items: items.await? }))
}

/// A segment, in numbers too.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), AsOfQuery),
    responses((status = 200, body = SegmentBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<AsOfQuery>, QueryRejection>,
) -> Result<Json<SegmentBody>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let mut body = known.body(&id)?;
    let known = known.knowing(&services.db, &[&body.definition]).await?;
    let body = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        match known.figures(&segmenter, &body.definition) {
            Ok(figures) => body.figures = Some(figures),
            Err(reason) => body.unavailable = Some(reason),
        }
        Ok(body)
    });
    body.await.map(Json)
}

/// A definition to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreviewRequest {
    /// Who is in it.
    #[schema(value_type = Object)]
    definition: Condition,
    /// The last day that counts, `YYYY-MM-DD`; today if left out.
    as_of: Option<String>,
}

/// A definition, read and counted.
#[derive(Debug, Serialize, ToSchema)]
struct Preview {
    /// The definition as a sentence.
    words: String,
    /// Who is in it, in numbers.
    #[serde(flatten)]
    figures: SegmentFigures,
}

/// How many customers a definition has, and what they are worth, without saving it.
#[utoipa::path(
    post,
    path = "/api/v1/segments/preview",
    tag = "segments",
    security(("key" = ["read"])),
    request_body = PreviewRequest,
    responses((status = 200, body = Preview), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn preview(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    JsonBody(request): JsonBody<PreviewRequest>,
) -> Result<Json<Preview>, Problem> {
    caller.must(Scope::Read)?;
    let day = |text: &str| {
        text.parse::<Day>().map_err(|_| refused("/as_of", format!("'{text}' is no day"), "write it as YYYY-MM-DD"))
    };
    let as_of = request.as_of.as_deref().map(day).transpose()?;
    let known = Known::read(&services.db).await?.knowing(&services.db, &[&request.definition]).await?;
    let now = services.db.now();
    let preview = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = known.segmenter(held, &ledger, now);
        let members = segmenter
            .members(&request.definition, &|id| known.find(id))
            .map_err(|error| unanswerable(&error, "/definition"))?;
        Ok(Preview { words: request.definition.words(), figures: segmenter.summary(&members) })
    });
    preview.await.map(Json)
}
