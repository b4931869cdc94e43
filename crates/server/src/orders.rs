//! Orders in: our own JSON, one order or a list of them.

use axum::Json;
use axum::extract::{Query, State as Extract};
use axum::http::StatusCode;
use clove_connect::sources::{Intake, Problem as SourceProblem, Refusal, RefusalKind, rest};
use clove_core::SubjectId;
use clove_http::{Caller, FieldProblem, Problem, ProblemBody, ProblemCode, RawBody, Scope, State};
use clove_store::Outcome;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(take_orders))
}

/// Where facts come from.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SourceQuery {
    /// The system of record, such as `shopify:my-shop`; not needed if the key is bound to one.
    source: Option<String>,
}

/// What became of the orders.
#[derive(Debug, Serialize, ToSchema)]
struct TakenOrders {
    /// Orders in a state that was not known before.
    new: usize,
    /// Orders that had been handed in exactly so before.
    known: usize,
    /// The profile that each order was taken in under, in the order of the body.
    #[schema(value_type = Vec<String>)]
    subjects: Vec<SubjectId>,
}

/// Takes in orders: a JSON object, or a list of up to 1,000. When the answer is 200, all of them are durable. An order that
/// was handed in before, by whatever way, is the same order; one with a later `updated_at` replaces it. If one order of a list
/// is wrong, nothing of the list is taken, and the answer names everything that is wrong.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    tag = "facts",
    params(SourceQuery),
    request_body(content = serde_json::Value, content_type = "application/json", description = "An order or a list of orders"),
    responses(
        (status = 200, body = TakenOrders),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 422, body = ProblemBody),
        (status = 503, body = ProblemBody),
    )
)]
async fn take_orders(
    Extract(services): Extract<State>,
    caller: Caller,
    query: Result<Query<SourceQuery>, axum::extract::rejection::QueryRejection>,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<TakenOrders>), Problem> {
    caller.must(Scope::Ingest)?;
    let Query(query) = query.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    let source = caller.source(query.source.as_deref())?;
    let db = &services.db;
    let intake =
        Intake { source: &source, hash_key: db.hash_key(), received_at: db.now(), ids: db.ids(), currency: None };
    let taken = rest::orders(&intake, &body).map_err(|refusal| refused(&refusal))?;
    if !taken.quarantined.is_empty() {
        let errors = taken.quarantined.iter().map(|kept| field(&kept.problem)).collect();
        return Err(
            Problem::new(ProblemCode::InvalidBody, "nothing was taken: some orders make no sense").with_errors(errors)
        );
    }
    let subjects: Vec<SubjectId> = taken.facts.iter().map(|fact| fact.subject).collect();
    let outcomes = services.writer.append(taken.facts).await?;
    let new = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::New { .. })).count();
    Ok((StatusCode::OK, Json(TakenOrders { new, known: outcomes.len() - new, subjects })))
}

/// A body of which nothing was taken, as clients see it.
fn refused(refusal: &Refusal) -> Problem {
    let code = match refusal.kind {
        RefusalKind::TooLarge => ProblemCode::TooLarge,
        RefusalKind::Malformed => ProblemCode::InvalidJson,
        RefusalKind::Invalid => ProblemCode::InvalidBody,
        RefusalKind::Signature => ProblemCode::InvalidSignature,
    };
    Problem::new(code, "nothing was taken; `errors` names everything that is wrong")
        .with_errors(refusal.problems.iter().map(field).collect())
}

fn field(problem: &SourceProblem) -> FieldProblem {
    FieldProblem {
        pointer: problem.pointer.clone(),
        detail: problem.message.clone(),
        remedy: Some(problem.remedy.clone()),
    }
}
