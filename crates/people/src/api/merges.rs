//! Customers who are one person: joined by hand, taken apart again, listed with the reason and who did it.

use axum::Json;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use clove_core::fact::{Merge, Unmerge};
use clove_core::{Fact, FactBody, FactId, Micros, PersonId, SubjectId};
use clove_http::{Caller, FieldProblem, JsonBody, Problem, ProblemBody, ProblemCode, Scope, State, audit};
use clove_store::customer_view::person_of;
use clove_store::fact::read_facts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{handled, person, who};
use crate::consent::own_source;
use crate::identity::live::{IdentitySubscriber, Join, joins};

pub(super) fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(merge)).routes(routes!(list)).routes(routes!(unmerge))
}

/// Whom to join a customer with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeRequest {
    /// The other customer.
    #[schema(example = "per_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    with: String,
    /// Why, up to 200 characters [default: manual].
    reason: Option<String>,
}

/// Two customers made one.
#[derive(Debug, Serialize, ToSchema)]
struct Merged {
    /// What takes it back.
    #[schema(value_type = String)]
    merge: FactId,
    /// The person that both are now: the one known for longer keeps its id.
    #[schema(value_type = String)]
    person: PersonId,
}

/// Joins two customers. Everything of both belongs to one person from then on; it can be taken back.
#[utoipa::path(
    post,
    path = "/api/v1/customers/{id}/merge",
    tag = "customers",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the person")),
    request_body = MergeRequest,
    responses((status = 200, body = Merged), (status = 202, description = "It is written down and takes effect soon"), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody))
)]
async fn merge(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
    JsonBody(request): JsonBody<MergeRequest>,
) -> Result<(StatusCode, Json<Merged>), Problem> {
    caller.must(Scope::People)?;
    let reason = checked_reason(request.reason)?;
    let db = &services.db;
    let (left, _) = person(db, &id).await?;
    let (right, _) = person(db, &request.with).await?;
    if left == right {
        return Err(Problem::new(ProblemCode::Conflict, "they are one customer already"));
    }
    let subject = SubjectId(left.0);
    let body = FactBody::Merge(Merge { subject, with: SubjectId(right.0), reason, by: Some(who(&caller)) });
    let fact = own_fact(&services, subject, "merge", body)?;
    let merge = fact.id;
    let seq = append(&services, &caller, "person.merged", fact).await?;
    let done = handled(db, IdentitySubscriber::NAME, seq).await?;
    let person = person_of(db, subject).await?.unwrap_or(left);
    Ok((if done { StatusCode::OK } else { StatusCode::ACCEPTED }, Json(Merged { merge, person })))
}

/// Why two profiles are one person.
#[derive(Debug, Serialize, ToSchema)]
struct MergeRow {
    /// What takes it back.
    #[schema(value_type = String)]
    merge: FactId,
    /// One profile.
    #[schema(value_type = String)]
    left: SubjectId,
    /// The other.
    #[schema(value_type = String)]
    right: SubjectId,
    /// Seen together, rather than joined by somebody.
    automatic: bool,
    /// What they have in common (`email`, `phone`, `anonymous`, an account), or why somebody joined them.
    reason: String,
    /// Who joined them.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// When, microseconds since 1970.
    at: Micros,
    /// Who took it back, why and when, if somebody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone: Option<Undone>,
}

/// A merge taken back.
#[derive(Debug, Serialize, ToSchema)]
struct Undone {
    /// Why.
    reason: String,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// When, microseconds since 1970.
    at: Micros,
}

/// Lists what joins, or once joined, the profiles of a customer, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/customers/{id}/merges",
    tag = "customers",
    security(("key" = ["read"])),
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = Vec<MergeRow>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<MergeRow>>, Problem> {
    caller.must(Scope::Read)?;
    let (person, _) = person(&services.db, &id).await?;
    let joins = joins(&services.db, person).await?;
    let numbers: Vec<i64> = joins.iter().flat_map(|join| std::iter::once(join.seq).chain(join.undone_by)).collect();
    let facts = read_facts(&services.db, &numbers).await?;
    let fact_of = |seq: i64| facts.iter().find(|fact| fact.seq == seq);
    let row = |join: Join| {
        let shown = fact_of(join.seq);
        MergeRow {
            merge: join.merge,
            left: join.left,
            right: join.right,
            automatic: join.automatic,
            reason: join.reason,
            by: shown.and_then(|fact| match &*fact.body {
                FactBody::Merge(merge) if !join.automatic => merge.by.clone(),
                _ => None,
            }),
            at: shown.map_or(0, |fact| fact.occurred_at),
            undone: join.undone_by.and_then(fact_of).and_then(|fact| match &*fact.body {
                FactBody::Unmerge(unmerge) => {
                    Some(Undone { reason: unmerge.reason.clone(), by: unmerge.by.clone(), at: fact.occurred_at })
                }
                _ => None,
            }),
        }
    };
    Ok(Json(joins.into_iter().map(row).collect()))
}

/// Persons after a merge was taken back.
#[derive(Debug, Serialize, ToSchema)]
struct Unmerged {
    /// Whom the one profile belongs to now.
    #[schema(value_type = String)]
    left: PersonId,
    /// Whom the other belongs to now; the same person if something else joins them.
    #[schema(value_type = String)]
    right: PersonId,
}

/// Takes a merge back, a manual or an automatic one. It stays so when the same handles are seen together again.
#[utoipa::path(
    delete,
    path = "/api/v1/customers/{id}/merges/{merge}",
    tag = "customers",
    security(("key" = ["people"])),
    params(("id" = String, Path, description = "Id of the person"), ("merge" = String, Path, description = "Id of the merge")),
    responses((status = 200, body = Unmerged), (status = 202, description = "It is written down and takes effect soon"), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn unmerge(
    Extract(services): Extract<State>,
    caller: Caller,
    Path((id, merge)): Path<(String, String)>,
) -> Result<(StatusCode, Json<Unmerged>), Problem> {
    caller.must(Scope::People)?;
    let db = &services.db;
    let (owner, _) = person(db, &id).await?;
    let missing = || Problem::not_found("such merge of this customer");
    let merge: FactId = merge.parse().map_err(|_| missing())?;
    let join = joins(db, owner).await?.into_iter().find(|join| join.merge == merge).ok_or_else(missing)?;
    if join.undone_by.is_some() {
        return Err(Problem::new(ProblemCode::Conflict, "the merge was taken back before"));
    }
    let body = FactBody::Unmerge(Unmerge { merge, reason: "manual".to_owned(), by: Some(who(&caller)) });
    let fact = own_fact(&services, join.left, "unmerge", body)?;
    let seq = append(&services, &caller, "person.unmerged", fact).await?;
    let done = handled(db, IdentitySubscriber::NAME, seq).await?;
    let left = person_of(db, join.left).await?.unwrap_or(owner);
    let right = person_of(db, join.right).await?.unwrap_or(owner);
    Ok((if done { StatusCode::OK } else { StatusCode::ACCEPTED }, Json(Unmerged { left, right })))
}

fn checked_reason(reason: Option<String>) -> Result<String, Problem> {
    let reason = reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match reason {
        None => Ok("manual".to_owned()),
        Some(text) if text.chars().count() <= 200 => Ok(text),
        Some(_) => {
            Err(Problem::new(ProblemCode::InvalidBody, "the reason is too long").with_errors(vec![FieldProblem {
                pointer: "/reason".to_owned(),
                detail: "more than 200 characters".to_owned(),
                remedy: Some("say it shorter".to_owned()),
            }]))
        }
    }
}

fn own_fact(services: &State, subject: SubjectId, what: &str, body: FactBody) -> Result<Fact, Problem> {
    let now = services.db.now();
    let id = FactId(services.db.ids().uuid(now));
    Ok(Fact {
        id,
        subject,
        source: own_source()?,
        external_id: format!("{what}/{}", id.0.simple()),
        version: "1".to_owned(),
        occurred_at: now,
        received_at: now,
        cause: None,
        body,
        personal: None,
    })
}

/// Writes the fact together with its entry in the audit log.
async fn append(services: &State, caller: &Caller, action: &'static str, fact: Fact) -> Result<i64, Problem> {
    let target = fact.subject.to_string();
    let mut tx = services.db.begin().await?;
    let outcomes = tx.append(vec![fact]).await?;
    audit::record(&mut tx, &caller.actor(), action, Some(&target), None).await?;
    tx.commit().await?;
    Ok(outcomes.first().and_then(clove_store::Outcome::seq).unwrap_or(0))
}
