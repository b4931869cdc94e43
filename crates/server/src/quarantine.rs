//! Quarantine: records that could be read and make no sense, listed, mended and taken, or discarded.

use axum::Json;
use axum::extract::{Path, Query, State as Extract};
use axum::http::StatusCode;
use clove_connect::sources::{Intake, RecordFormat, record};
use clove_core::{Micros, QuarantineId, Source};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, RawBody, Scope, State};
use clove_store::quarantine::{QuarantineState, Quarantined, list, read, read_record, settle};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::consent::Sender;
use crate::intake::{accept, field, intake, refused};

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list_records)).routes(routes!(show, discard)).routes(routes!(retry))
}

/// Which records.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct Wanted {
    /// `open`, `taken`, `discarded` or `erased`; without it all of them.
    state: Option<String>,
    /// The system of record; without it all of them.
    source: Option<String>,
}

/// A record that was kept apart.
#[derive(Debug, Serialize, ToSchema)]
struct QuarantinedRecord {
    /// Its id.
    #[schema(value_type = String, example = "qua_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    id: QuarantineId,
    /// The system of record.
    #[schema(value_type = String)]
    source: Source,
    /// Which reader understands the record: `segment`, `order`, `refund`, ...
    format: String,
    /// Where in the body that it came with the problem is: a JSON pointer.
    pointer: String,
    /// What is wrong. What it quotes of the record is left out unless the caller may see people's data.
    message: String,
    /// How to mend it.
    remedy: String,
    /// What became of it: `open`, `taken`, `discarded` or `erased`.
    state: &'static str,
    /// When it came, microseconds since 1970.
    received_at: Micros,
    /// When its state last changed, microseconds since 1970.
    changed_at: Micros,
}

/// A record with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct WholeRecord {
    #[serde(flatten)]
    about: QuarantinedRecord,
    /// The record as JSON; absent once it is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    record: Option<Value>,
}

impl QuarantinedRecord {
    fn new(record: Quarantined, caller: &Caller) -> QuarantinedRecord {
        let whole = caller.must(Scope::People).is_ok();
        QuarantinedRecord {
            id: record.id,
            source: record.source,
            format: record.format,
            pointer: record.pointer,
            message: if whole { record.message } else { without_quotes(&record.message) },
            remedy: record.remedy,
            state: record.state.name(),
            received_at: record.received_at,
            changed_at: record.changed_at,
        }
    }
}

/// A message without what it quotes: a quoted value may be anything, an e-mail address too.
fn without_quotes(message: &str) -> String {
    match (message.find('\''), message.rfind('\'')) {
        // From the first quote to the last: what is quoted may hold quotes itself.
        (Some(first), Some(last)) if first < last => format!("{}'…'{}", &message[..first], &message[last + 1..]),
        _ => message.to_owned(),
    }
}

/// Lists records that were kept apart, newest first. What they say is not shown here.
#[utoipa::path(
    get,
    path = "/api/v1/quarantine",
    tag = "quarantine",
    security(("key" = ["read"])),
    params(Wanted, PageQuery),
    responses((status = 200, body = Page<QuarantinedRecord>), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody))
)]
async fn list_records(
    Extract(services): Extract<State>,
    caller: Caller,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
    page: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page<QuarantinedRecord>>, Problem> {
    caller.must(Scope::Read)?;
    let wrong = |detail: String| Problem::new(ProblemCode::InvalidParameter, detail);
    let Query(wanted) = wanted.map_err(|rejection| wrong(rejection.body_text()))?;
    let Query(page) = page.map_err(|rejection| wrong(rejection.body_text()))?;
    let state = wanted.state.as_deref().map(str::parse::<QuarantineState>).transpose().map_err(wrong)?;
    let source =
        wanted.source.as_deref().map(str::parse::<Source>).transpose().map_err(|error| wrong(error.to_string()))?;
    let (limit, before) = (page.limit()?, page.position::<QuarantineId>()?);
    let records = list(&services.db, state, source.as_ref(), before, limit + 1).await?;
    let records = records.into_iter().map(|record| QuarantinedRecord::new(record, &caller)).collect();
    Ok(Json(Page::cut(records, limit, |record| record.id)?))
}

fn id_of(text: &str) -> Result<QuarantineId, Problem> {
    text.parse().map_err(|_| Problem::not_found("such record"))
}

/// Shows a record with its personal data.
#[utoipa::path(
    get,
    path = "/api/v1/quarantine/{id}",
    tag = "quarantine",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the record")),
    responses((status = 200, body = WholeRecord), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn show(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WholeRecord>, Problem> {
    caller.must(Scope::People)?;
    let id = id_of(&id)?;
    let about = read(&services.db, id).await?.ok_or_else(|| Problem::not_found("such record"))?;
    let record = read_record(&services.db, id).await?;
    // Numbers beyond a float are JSON as well, but no value: then the text itself.
    let record = record.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
    Ok(Json(WholeRecord { about: QuarantinedRecord::new(about, &caller), record }))
}

/// Discards a record: what it says is deleted. Delivered again, it is not kept again.
#[utoipa::path(
    delete,
    path = "/api/v1/quarantine/{id}",
    tag = "quarantine",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the record")),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn discard(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::People)?;
    let id = id_of(&id)?;
    let record = read(&services.db, id).await?.ok_or_else(|| Problem::not_found("such record"))?;
    let mut tx = services.db.begin().await?;
    if !settle(&mut tx, id, QuarantineState::Discarded).await? {
        return Err(settled_already(record.state));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn settled_already(state: QuarantineState) -> Problem {
    let detail = match state {
        QuarantineState::Open => "someone else settled the record just now".to_owned(),
        other => format!("the record is {other} already"),
    };
    Problem::new(ProblemCode::Conflict, detail)
}

/// What became of a record that was tried again.
#[derive(Debug, Serialize, ToSchema)]
struct Retried {
    /// Facts that were not known before.
    new: usize,
    /// Facts that were known already.
    known: usize,
}

/// Tries a record again: as it is (what was missing may be configured by now), or as the body mends it. If it makes sense now, its facts
/// are taken and the record is settled, both or neither; if not, it stays, and the answer says what is wrong with it.
#[utoipa::path(
    post,
    path = "/api/v1/quarantine/{id}/retry",
    tag = "quarantine",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the record")),
    request_body(content = Option<serde_json::Value>, content_type = "application/json", description = "The mended record; empty for the record as it is"),
    responses((status = 200, body = Retried), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn retry(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    RawBody(body): RawBody,
) -> Result<Json<Retried>, Problem> {
    caller.must(Scope::People)?;
    let id = id_of(&id)?;
    let db = &services.db;
    let about = read(db, id).await?.ok_or_else(|| Problem::not_found("such record"))?;
    let kept = read_record(db, id).await?.ok_or_else(|| settled_already(about.state))?;
    let format = RecordFormat::from_name(&about.format).ok_or_else(|| {
        let detail = format!("this version of the program does not know records of the format '{}'", about.format);
        Problem::new(ProblemCode::Conflict, detail)
    })?;
    // As if it had come then: clocks are corrected alike, and it is as old as it is.
    let intake = Intake { received_at: about.received_at, ..intake(&services, &about.source).await? };
    let bytes = if body.iter().all(u8::is_ascii_whitespace) { kept.as_bytes() } else { &body[..] };
    let taken = record(&intake, format, bytes).map_err(|refusal| refused(&refusal))?;
    if !taken.quarantined.is_empty() {
        let errors = taken.quarantined.iter().map(|kept| field(&kept.problem)).collect();
        let detail = "the record still makes no sense; it stays where it is";
        return Err(Problem::new(ProblemCode::InvalidBody, detail).with_errors(errors));
    }
    let receipt = accept(&services, &about.source, Sender::Program, taken, Some(id)).await?;
    let new = receipt.new_facts();
    Ok(Json(Retried { new, known: receipt.outcomes.len() - new }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_quotes_is_left_out() {
        assert_eq!(without_quotes("'ann@x.it' is not a moment"), "'…' is not a moment");
        assert_eq!(without_quotes("'O'Hara' is not a decimal number"), "'…' is not a decimal number");
        assert_eq!(without_quotes("the amount is too large"), "the amount is too large");
    }
}
