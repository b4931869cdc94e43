//! Saving, changing and deleting segments.

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use clove_core::SegmentId;
use clove_core::segment::Condition;
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State, audit};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SegmentBody, find, unanswerable};
use crate::live::segments::{self, MOST_SEGMENTS, SavedSegment};
use crate::segment::{SegmentError, ready};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(change, remove))
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
        let mut waiting = vec![self.definition.clone()];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(definition) = waiting.pop() {
            let mut error = None;
            definition.walk(&mut |one| {
                let Condition::Segment(id) = one else { return };
                if own.is_some_and(|own| own.to_string() == *id) {
                    error = Some(SegmentError::Circle(id.clone()));
                } else if seen.insert(id.clone()) {
                    match find(saved, id) {
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
