//! The endpoints of people. One file per group.

mod consents;
mod customers;
mod merges;
mod privacy;
mod timeline;

use std::time::Duration;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use clove_core::{PersonId, SubjectId};
use clove_http::{Caller, Problem, ProblemCode, State};
use clove_store::Db;
use clove_store::customer_view::subjects;
use clove_store::subscriber::wait_until;
use utoipa_axum::router::OpenApiRouter;

/// How long an answer waits for a fact to show its effect.
const PATIENCE: Duration = Duration::from_secs(5);

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(customers::routes())
        .merge(timeline::routes())
        .merge(merges::routes())
        .merge(consents::routes())
        .merge(privacy::routes())
}

/// The parameters of an address, or the problem with them.
fn parameters<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    query
        .map(|Query(parameters)| parameters)
        .map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))
}

/// The person of an id, with their subjects.
async fn person(db: &Db, id: &str) -> Result<(PersonId, Vec<SubjectId>), Problem> {
    let missing = || Problem::not_found("such customer");
    let person: PersonId = id.parse().map_err(|_| missing())?;
    let subjects = subjects(db, person).await?;
    if subjects.is_empty() { Err(missing()) } else { Ok((person, subjects)) }
}

/// Who did something, as evidence keeps it.
fn who(caller: &Caller) -> String {
    let actor = caller.actor();
    format!("{} {}", actor.kind.name(), actor.id)
}

/// Waits until a subscriber has handled a fact; whether it did in time.
async fn handled(db: &Db, subscriber: &str, seq: i64) -> Result<bool, Problem> {
    match tokio::time::timeout(PATIENCE, wait_until(db, subscriber, seq)).await {
        Ok(done) => done.map(|()| true).map_err(Problem::from),
        Err(_) => Ok(false),
    }
}
