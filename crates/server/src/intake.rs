//! The one way in: what every request that hands in facts passes before it is accepted.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use clove_connect::sources::{Intake, Problem as SourceProblem, Quarantined, Refusal, RefusalKind, Taken};
use clove_core::{QuarantineId, Source, SubjectId};
use clove_http::{Caller, FieldProblem, Problem, ProblemCode, Scope, Services};
use clove_store::quarantine::{NewQuarantined, QuarantineState, settle};
use clove_store::{Delivery, Outcome, Receipt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::consent::{Sender, keep_allowed};

/// Where facts come from.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SourceQuery {
    /// The system of record, such as `shopify:my-shop`; not needed if the key is bound to one.
    source: Option<String>,
}

/// What a request's address says of the source, or why it cannot be read.
pub type SourceOf = Result<Query<SourceQuery>, QueryRejection>;

/// What became of the records of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenRecords {
    /// Records in a state that was not known before.
    new: usize,
    /// Records that had been handed in exactly so before.
    known: usize,
    /// The profile that each record was taken in under, in the order of the body.
    #[schema(value_type = Vec<String>)]
    subjects: Vec<SubjectId>,
}

/// The source that a caller hands in for, if the caller may hand in at all.
pub fn source_of(caller: &Caller, query: SourceOf) -> Result<Source, Problem> {
    caller.must(Scope::Ingest)?;
    let Query(query) = query.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    caller.source(query.source.as_deref())
}

/// What a parser is told about a source.
pub async fn intake<'a>(services: &'a Services, source: &'a Source) -> Result<Intake<'a>, Problem> {
    let db = &services.db;
    let currency = services.sources.currency(source).await?;
    Ok(Intake { source, hash_key: db.hash_key(), received_at: db.now(), ids: db.ids(), currency })
}

/// Accepts what was taken from a request: when this returns, it is durable.
///
/// Everything that comes over HTTP passes here, each message of a storefront too. What may be kept at all is
/// asked here and nowhere else; erased people are looked out for by the store itself.
///
/// What comes out of quarantine passes too: `settles` names the record, which is settled in the same transaction.
pub async fn accept(
    services: &Services,
    source: &Source,
    sender: Sender,
    mut taken: Taken,
    settles: Option<QuarantineId>,
) -> Result<Receipt, Problem> {
    let kept = keep_allowed(services, source, sender, &mut taken).await?;
    if let Some(id) = settles {
        let mut tx = services.db.begin().await?;
        if !settle(&mut tx, id, QuarantineState::Taken).await? {
            return Err(Problem::new(ProblemCode::Conflict, "someone else settled the record just now"));
        }
        let outcomes = tx.append(taken.facts).await?;
        tx.commit().await?;
        return Ok(receipt_of_all(&kept, outcomes));
    }
    let received_at = services.db.now();
    let keep = |kept: Quarantined| {
        let detail = "the records that came cannot be kept by themselves";
        let record = kept.record.ok_or_else(|| Problem::new(ProblemCode::Internal, detail))?;
        Ok::<NewQuarantined, Problem>(NewQuarantined {
            source: source.clone(),
            format: record.format.name().to_owned(),
            key: record.key,
            record: record.json,
            subjects: kept.subjects,
            pointer: kept.problem.pointer,
            message: kept.problem.message,
            remedy: kept.problem.remedy,
            received_at,
        })
    };
    let quarantined = taken.quarantined.into_iter().map(keep).collect::<Result<_, _>>()?;
    let receipt = services.writer.deliver(Delivery { facts: taken.facts, quarantined }).await?;
    Ok(receipt_of_all(&kept, receipt.outcomes))
}

/// One outcome per fact that came: those that were not kept look like those that were known.
fn receipt_of_all(kept: &[bool], outcomes: Vec<Outcome>) -> Receipt {
    let mut outcomes = outcomes.into_iter();
    let outcome = |kept: &bool| kept.then(|| outcomes.next()).flatten().unwrap_or(Outcome::Duplicate);
    Receipt { outcomes: kept.iter().map(outcome).collect() }
}

/// Takes a body of our own records, one or a list: all of them, or none with everything that is wrong.
pub async fn take_all(
    services: &Services,
    caller: &Caller,
    query: SourceOf,
    body: &[u8],
    parse: impl Fn(&Intake<'_>, &[u8]) -> Result<Taken, Refusal>,
) -> Result<Json<TakenRecords>, Problem> {
    let source = source_of(caller, query)?;
    let taken = parse(&intake(services, &source).await?, body).map_err(|refusal| refused(&refusal))?;
    if !taken.quarantined.is_empty() {
        let errors = taken.quarantined.iter().map(|kept| field(&kept.problem)).collect();
        let detail = "nothing was taken: some records make no sense";
        return Err(Problem::new(ProblemCode::InvalidBody, detail).with_errors(errors));
    }
    let subjects: Vec<SubjectId> = taken.facts.iter().map(|fact| fact.subject).collect();
    let receipt = accept(services, &source, Sender::Program, taken, None).await?;
    let new = receipt.new_facts();
    Ok(Json(TakenRecords { new, known: receipt.outcomes.len() - new, subjects }))
}

/// A body of which nothing was taken, as clients see it.
pub fn refused(refusal: &Refusal) -> Problem {
    let code = match refusal.kind {
        RefusalKind::TooLarge => ProblemCode::TooLarge,
        RefusalKind::Malformed => ProblemCode::InvalidJson,
        RefusalKind::Invalid => ProblemCode::InvalidBody,
        RefusalKind::Signature => ProblemCode::InvalidSignature,
    };
    Problem::new(code, "nothing was taken; `errors` names everything that is wrong")
        .with_errors(refusal.problems.iter().map(field).collect())
}

/// A problem of a record, as clients see it.
pub fn field(problem: &SourceProblem) -> FieldProblem {
    FieldProblem {
        pointer: problem.pointer.clone(),
        detail: problem.message.clone(),
        remedy: Some(problem.remedy.clone()),
    }
}
