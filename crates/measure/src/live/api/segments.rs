//! Segments: the ready-made and the saved ones, their customers, what they are worth, how they grow.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use clove_core::segment::Condition;
use clove_core::{Day, Micros, Minor, PersonId, SegmentId};
use clove_http::{
    Caller, FieldProblem, JsonBody, Page, Problem, ProblemBody, ProblemCode, Scope, State, audit, cursor,
};
use clove_store::Db;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::current::{CurrentShop, HeldShop};
use super::super::segments::{self, MOST_SEGMENTS, SavedSegment, saved_segments};
use super::metrics::{beside, refused};
use super::money;
use crate::ledger::Ledger;
use crate::period::Interval;
use crate::segment::{Members, READY, SegmentError, SegmentFigures, Segmenter, ready};

/// Steps of a history at most: each looks at the whole shop.
const MOST_STEPS: usize = 60;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(preview))
        .routes(routes!(show, change, remove))
        .routes(routes!(members))
        .routes(routes!(export))
        .routes(routes!(history))
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

/// All segments of the shop, by id.
pub(super) struct Known {
    saved: Vec<SavedSegment>,
}

impl Known {
    pub(super) async fn read(db: &Db) -> Result<Known, Problem> {
        Ok(Known { saved: saved_segments(db).await? })
    }

    /// The definition of an id.
    pub(super) fn find(&self, id: &str) -> Option<Condition> {
        let of_shop = || Some(self.saved.iter().find(|one| one.id.to_string() == id)?.definition.clone());
        ready(id).map(|segment| segment.definition.clone()).or_else(of_shop)
    }

    /// The members of a definition.
    pub(super) fn members(&self, segmenter: &Segmenter<'_, '_>, definition: &Condition) -> Result<Members, Problem> {
        segmenter.members(definition, &|id| self.find(id)).map_err(|error| unanswerable(&error, ""))
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

/// Why a definition has no answer; `at` is where it lies in the body.
pub(super) fn unanswerable(error: &SegmentError, at: &str) -> Problem {
    let (pointer, remedy) = match error {
        SegmentError::Definition { pointer, .. } => (format!("{at}{pointer}"), "docs/segments.md shows definitions"),
        SegmentError::NoSegment(_) | SegmentError::Circle(_) => (at.to_owned(), "GET /api/v1/segments lists them"),
        SegmentError::NoColumn { .. } | SegmentError::NoProducts | SegmentError::NoAmounts => (at.to_owned(), ""),
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
    let items = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = Segmenter::new(&ledger);
        let mut bodies = known.bodies();
        for body in &mut bodies {
            match segmenter.members(&body.definition, &|id| known.find(id)) {
                Ok(members) => body.figures = Some(segmenter.summary(&members)),
                Err(error) => body.unavailable = Some(error.to_string()),
            }
        }
        Ok(bodies)
    });
    Ok(Json(SegmentList { items: items.await? }))
}

/// A segment to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SaveSegment {
    /// Its name, 1 to 100 characters; no two segments have the same.
    #[schema(example = "Web buyers who are late")]
    name: String,
    /// What it is for, up to 1,000 characters.
    note: Option<String>,
    /// Who is in it.
    #[schema(value_type = Object)]
    definition: Condition,
    /// When changing: the version that was seen, so that nobody's change is lost.
    version: Option<i64>,
}

impl SaveSegment {
    /// What is wrong, before anything is looked up.
    fn check(&self) -> Result<(), Problem> {
        let mut errors = Vec::new();
        let mut wrong = |pointer: &str, detail: &str| {
            errors.push(FieldProblem { pointer: pointer.to_owned(), detail: detail.to_owned(), remedy: None });
        };
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            wrong("/name", "a name of 1 to 100 characters is needed");
        }
        let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        if self.note.as_deref().is_some_and(|note| note.chars().count() > 1_000 || note.contains(is_odd)) {
            wrong("/note", "a note has up to 1,000 characters, and none that control devices");
        }
        errors.extend(self.definition.problems().into_iter().map(|problem| FieldProblem {
            pointer: format!("/definition{}", problem.pointer),
            detail: problem.detail,
            remedy: Some("docs/segments.md shows definitions".to_owned()),
        }));
        if errors.is_empty() {
            return Ok(());
        }
        Err(Problem::new(ProblemCode::InvalidBody, "the segment cannot be saved as it is").with_errors(errors))
    }

    /// Whether the segments that it names exist, none of them being itself.
    fn check_names(&self, own: Option<SegmentId>, saved: &[SavedSegment]) -> Result<(), Problem> {
        let find = |id: &str| {
            let of_shop = || saved.iter().find(|one| one.id.to_string() == id).map(|one| one.definition.clone());
            ready(id).map(|segment| segment.definition.clone()).or_else(of_shop)
        };
        let mut waiting = vec![self.definition.clone()];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(definition) = waiting.pop() {
            let mut error = None;
            definition.walk(&mut |one| {
                let Condition::Segment(id) = one else { return };
                if own.is_some_and(|own| own.to_string() == *id) {
                    error = Some(SegmentError::Circle(id.clone()));
                } else if seen.insert(id.clone()) {
                    match find(id) {
                        Some(other) => waiting.push(other),
                        None => error = Some(SegmentError::NoSegment(id.clone())),
                    }
                }
            });
            if let Some(error) = error {
                return Err(unanswerable(&error, "/definition"));
            }
        }
        Ok(())
    }
}

fn name_taken(other: &SavedSegment) -> Problem {
    Problem::new(ProblemCode::Conflict, format!("the segment {} has this name already; choose another", other.id))
}

/// Saves a segment.
#[utoipa::path(
    post,
    path = "/api/v1/segments",
    tag = "segments",
    security(("key" = ["people"])),
    request_body = SaveSegment,
    responses((status = 201, body = SegmentBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn create(
    Extract(services): Extract<State>,
    caller: Caller,
    JsonBody(request): JsonBody<SaveSegment>,
) -> Result<(StatusCode, Json<SegmentBody>), Problem> {
    caller.must(Scope::People)?;
    request.check()?;
    let name = request.name.trim();
    let mut tx = services.db.begin().await?;
    let all = segments::all_in(&mut tx).await?;
    if all.len() >= MOST_SEGMENTS {
        let detail = format!("a shop keeps up to {MOST_SEGMENTS} segments: delete one that nobody needs");
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    if let Some(other) = all.iter().find(|other| other.name == name) {
        return Err(name_taken(other));
    }
    request.check_names(None, &all)?;
    let id = segments::create(&mut tx, name, request.note.as_deref(), &request.definition)
        .await?
        .ok_or_else(|| Problem::new(ProblemCode::Conflict, "another segment got this name just now; choose another"))?;
    audit::record(&mut tx, &caller.actor(), "segment.created", Some(&id.to_string()), None).await?;
    let saved = segments::one_in(&mut tx, id).await?.ok_or_else(|| Problem::not_found("such segment"))?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(SegmentBody::saved(&saved))))
}

fn saved_id(id: &str) -> Result<SegmentId, Problem> {
    if ready(id).is_some() {
        let detail = "ready-made segments stay as they are; save one of your own with the definition that you want";
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    id.parse().map_err(|_| Problem::not_found("such segment"))
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
    let body = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = Segmenter::new(&ledger);
        match segmenter.members(&body.definition, &|id| known.find(id)) {
            Ok(members) => body.figures = Some(segmenter.summary(&members)),
            Err(error) => body.unavailable = Some(error.to_string()),
        }
        Ok(body)
    });
    body.await.map(Json)
}

/// Changes a segment. Another definition is another version; earlier ones are kept.
#[utoipa::path(
    put,
    path = "/api/v1/segments/{id}",
    tag = "segments",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the segment")),
    request_body = SaveSegment,
    responses((status = 200, body = SegmentBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn change(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<SaveSegment>,
) -> Result<Json<SegmentBody>, Problem> {
    caller.must(Scope::People)?;
    request.check()?;
    let (id, name) = (saved_id(&id)?, request.name.trim());
    let mut tx = services.db.begin().await?;
    let all = segments::all_in(&mut tx).await?;
    let before = all.iter().find(|one| one.id == id).ok_or_else(|| Problem::not_found("such segment"))?;
    if let Some(other) = all.iter().find(|other| other.name == name && other.id != id) {
        return Err(name_taken(other));
    }
    let changed_meanwhile = || {
        let detail = format!("somebody changed it meanwhile: it is at version {} now; read it again", before.version);
        Problem::new(ProblemCode::Conflict, detail)
    };
    if request.version.is_some_and(|version| version != before.version) {
        return Err(changed_meanwhile());
    }
    request.check_names(Some(id), &all)?;
    if !segments::change(&mut tx, before, name, request.note.as_deref(), &request.definition).await? {
        return Err(changed_meanwhile());
    }
    audit::record(&mut tx, &caller.actor(), "segment.changed", Some(&id.to_string()), None).await?;
    let saved = segments::one_in(&mut tx, id).await?.ok_or_else(|| Problem::not_found("such segment"))?;
    tx.commit().await?;
    Ok(Json(SegmentBody::saved(&saved)))
}

/// Deletes a segment that no other one names.
#[utoipa::path(
    delete,
    path = "/api/v1/segments/{id}",
    tag = "segments",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the segment")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn remove(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    let id = saved_id(&id)?;
    let mut tx = services.db.begin().await?;
    let all = segments::all_in(&mut tx).await?;
    let names_it = |one: &&SavedSegment| {
        let mut names = false;
        one.definition.walk(&mut |part| names |= *part == Condition::Segment(id.to_string()));
        names
    };
    if let Some(other) = all.iter().find(names_it) {
        let detail = format!("the segment '{}' ({}) is defined by it: change that one first", other.name, other.id);
        return Err(Problem::new(ProblemCode::Conflict, detail));
    }
    if !segments::delete(&mut tx, id).await? {
        return Err(Problem::not_found("such segment"));
    }
    audit::record(&mut tx, &caller.actor(), "segment.deleted", Some(&id.to_string()), None).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
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
    let (known, now) = (Known::read(&services.db).await?, services.db.now());
    let preview = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = Segmenter::new(&ledger);
        let members = segmenter
            .members(&request.definition, &|id| known.find(id))
            .map_err(|error| unanswerable(&error, "/definition"))?;
        Ok(Preview { words: request.definition.words(), figures: segmenter.summary(&members) })
    });
    preview.await.map(Json)
}

/// A customer of a segment. Amounts are net, decimals in major units.
#[derive(Debug, Serialize, ToSchema)]
struct MemberBody {
    /// The person.
    #[schema(value_type = String, example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    customer: PersonId,
    /// Where the customer stands: `active`, `at_risk`, `lapsed`; null without a purchase.
    stage: Option<&'static str>,
    /// Orders that count.
    orders: u32,
    /// Orders of which something was kept.
    purchases: u32,
    /// Value so far.
    #[schema(example = "614.10")]
    value: String,
    /// Value of the last 12 months.
    value_12m: String,
    /// Day of the first order.
    first_order: String,
    /// Day of the last purchase.
    last_purchase: Option<String>,
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MembersQuery {
    /// The last day that counts, `YYYY-MM-DD` [default: today].
    as_of: Option<String>,
    /// `next` of the page before; without it the first page.
    cursor: Option<String>,
    /// Items of the page, 1 to 500 [default: 50].
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
struct MemberPage {
    /// The customers, those who brought most first.
    items: Vec<MemberBody>,
    /// Cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A place in the list: value and person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place(Minor, PersonId);

/// Members in the order of the list, after a place.
fn ordered(
    held: &HeldShop,
    segmenter: &Segmenter<'_, '_>,
    ledger: &Ledger<'_>,
    members: &Members,
    after: Option<Place>,
    most: usize,
) -> Vec<MemberBody> {
    let figures = segmenter.figures();
    let person = |index: usize| held.loaded.person_ids[ledger.customers()[index].person as usize];
    // Highest value first, then by id.
    let key = |index: usize| (std::cmp::Reverse(figures[index].value), person(index));
    let mut places: Vec<usize> = (0..figures.len()).filter(|&index| members.inside[index]).collect();
    if let Some(Place(value, id)) = after {
        places.retain(|&index| key(index) > (std::cmp::Reverse(value), id));
    }
    if places.len() > most {
        places.select_nth_unstable_by_key(most, |&index| key(index));
        places.truncate(most);
    }
    places.sort_unstable_by_key(|&index| key(index));
    let currency = ledger.currency();
    let body = |index: usize| {
        let own = &figures[index];
        MemberBody {
            customer: person(index),
            stage: own.stage.map(crate::lifecycle::Stage::name),
            orders: own.orders,
            purchases: own.purchases,
            value: money(currency, own.value),
            value_12m: money(currency, own.value_12_months),
            first_order: own.first_order.to_string(),
            last_purchase: own.purchased.map(|(_, last)| last.to_string()),
        }
    };
    places.into_iter().map(body).collect()
}

/// The customers of a segment, those who brought most first.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/members",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), MembersQuery),
    responses((status = 200, body = MemberPage), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn members(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<MembersQuery>, QueryRejection>,
) -> Result<Json<MemberPage>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let page = cursor::PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, after) = (page.limit()?, page.position::<Place>()?);
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let definition = known.body(&id)?.definition;
    let page = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = Segmenter::new(&ledger);
        let members = known.members(&segmenter, &definition)?;
        let rows = ordered(held, &segmenter, &ledger, &members, after, limit + 1);
        let place = |row: &MemberBody| Place(ledger.currency().parse_minor(&row.value).unwrap_or(0), row.customer);
        let Page { items, next } = Page::cut(rows, limit, place)?;
        Ok(MemberPage { items, next })
    });
    page.await.map(Json)
}

/// All customers of a segment as CSV, those who brought most first: ids and figures, no names or addresses.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/export",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), AsOfQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn export(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<AsOfQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let (known, as_of, now) = (Known::read(&services.db).await?, day_of(query.as_of.as_deref())?, services.db.now());
    let definition = known.body(&id)?.definition;
    let text = beside(&shop, move |held| {
        let ledger = held.shop().ledger(as_of.unwrap_or_else(|| held.day(now)));
        let segmenter = Segmenter::new(&ledger);
        let members = known.members(&segmenter, &definition)?;
        let mut text =
            "customer,stage,orders,purchases,value,value_12m,currency,first_order,last_purchase\n".to_owned();
        for row in ordered(held, &segmenter, &ledger, &members, None, usize::MAX) {
            let MemberBody { customer, stage, orders, purchases, value, value_12m, first_order, last_purchase } = row;
            let (stage, last) = (stage.unwrap_or(""), last_purchase.unwrap_or_default());
            let currency = ledger.currency();
            text += &format!(
                "{customer},{stage},{orders},{purchases},{value},{value_12m},{currency},{first_order},{last}\n"
            );
        }
        Ok(text)
    });
    let file = format!("attachment; filename=\"segment-{id}.csv\"");
    let head = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((head, text.await?).into_response())
}

/// Which steps of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// The first day, `YYYY-MM-DD` [default: a year before the last].
    from: Option<String>,
    /// The last day [default: today].
    until: Option<String>,
    /// `day`, `week`, `month`, `quarter` or `year` [default: month].
    interval: Option<String>,
}

/// A segment at the end of a step.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryStep {
    /// The day that it is as of.
    as_of: String,
    /// Whether the step is over.
    complete: bool,
    /// Customers in it.
    customers: u64,
    /// Customers who were not in it at the end of the step before; null for the first step.
    entered: Option<u64>,
    /// Customers who were in it at the end of the step before, and are not any more; null for the first step.
    left: Option<u64>,
    /// Net value so far of those in it.
    #[schema(value_type = Option<String>)]
    value: Option<crate::answer::Amount>,
}

/// A segment over time.
#[derive(Debug, Serialize, ToSchema)]
struct History {
    /// The segment.
    segment: String,
    /// The length of the steps.
    interval: &'static str,
    /// The steps, each as of its last day, with the definition of today and the shop's thresholds of that day.
    steps: Vec<HistoryStep>,
}

/// How a segment grew: its size, value, who entered and who left, step by step.
#[utoipa::path(
    get,
    path = "/api/v1/segments/{id}/history",
    tag = "segments",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the segment"), HistoryQuery),
    responses((status = 200, body = History), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 503, body = ProblemBody))
)]
async fn history(
    Extract(services): Extract<State>,
    Extension(shop): Extension<Arc<CurrentShop>>,
    caller: Caller,
    Path(id): Path<String>,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Json<History>, Problem> {
    caller.must(Scope::Read)?;
    let Query(query) = query.map_err(|rejection| bad_query(&rejection))?;
    let bad = |detail: String| Problem::new(ProblemCode::InvalidParameter, detail);
    let interval = match query.interval.as_deref() {
        None => Interval::Month,
        Some(name) => Interval::ALL
            .into_iter()
            .find(|interval| interval.name() == name)
            .ok_or_else(|| bad(format!("'{name}' is no step: choose day, week, month, quarter or year")))?,
    };
    let (from, until) = (day_of(query.from.as_deref())?, day_of(query.until.as_deref())?);
    let (known, now) = (Known::read(&services.db).await?, services.db.now());
    let definition = known.body(&id)?.definition;
    let steps = beside(&shop, move |held| {
        let today = held.day(now);
        let until = until.unwrap_or(today);
        let from = from.unwrap_or(Day(until.0 - 364));
        let (first, last) = (interval.of(from), interval.of(until));
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        if count == 0 || count > MOST_STEPS {
            return Err(bad(format!(
                "{count} steps: a history has 1 to {MOST_STEPS}; ask for other days or longer steps"
            )));
        }
        let mut steps = Vec::with_capacity(count);
        let mut before: Option<Vec<bool>> = None;
        for number in first..=last {
            let end = Day(interval.first_day(number + 1).0 - 1);
            let as_of = end.min(until);
            let ledger = held.shop().ledger(as_of);
            let segmenter = Segmenter::new(&ledger);
            let members = known.members(&segmenter, &definition)?;
            let figures = segmenter.summary(&members);
            let mut inside = vec![false; held.loaded.persons.len()];
            for (customer, &is_in) in ledger.customers().iter().zip(&members.inside) {
                inside[customer.person as usize] = is_in;
            }
            let moved = |wanted: bool| {
                before.as_ref().map(|before| {
                    inside.iter().zip(before).filter(|(now, then)| **now == wanted && **then != wanted).count() as u64
                })
            };
            steps.push(HistoryStep {
                as_of: as_of.to_string(),
                complete: as_of == end && end <= today,
                customers: figures.customers.numerator,
                entered: moved(true),
                left: moved(false),
                value: figures.value,
            });
            before = Some(inside);
        }
        Ok(steps)
    });
    Ok(Json(History { segment: id, interval: interval.name(), steps: steps.await? }))
}
