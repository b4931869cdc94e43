//! Dead letters: facts that a subscriber gave up on, and jobs that were given up; seen, and tried again.

use axum::Json;
use axum::extract::{Path, Query, State as Extract};
use axum::http::StatusCode;
use clove_core::{JobId, Micros};
use clove_http::{Caller, Page, PageQuery, Problem, ProblemBody, ProblemCode, Scope, State, audit};
use clove_store::subscriber::{all_dead_letters, retry_dead_letter};
use clove_store::{StoreError, job};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::work::subscribers;

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry))
}

/// What was given up.
#[derive(Debug, Serialize, ToSchema)]
struct DeadLetter {
    /// What to name it by when it is tried again.
    #[schema(example = "fact.identity.1742")]
    id: String,
    /// `fact`: a subscriber could not handle it. `job`: a job failed too often.
    kind: &'static str,
    /// The subscriber, or the queue of the job.
    of: String,
    /// How often it was tried.
    attempts: i64,
    /// The last error.
    error: Option<String>,
    /// When it was given up, microseconds since 1970.
    died_at: Micros,
}

/// Where a page ended: facts come first, then jobs.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Position {
    Fact(String, i64),
    Job(Micros, JobId),
}

/// Lists what was given up, facts first.
#[utoipa::path(
    get,
    path = "/api/v1/dead-letters",
    tag = "operations",
    params(PageQuery),
    security(("key" = ["admin"])),
    responses((status = 200, body = Page<DeadLetter>), (status = 400, body = ProblemBody))
)]
async fn list(
    Extract(services): Extract<State>,
    caller: Caller,
    page: Result<Query<PageQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Page<DeadLetter>>, Problem> {
    caller.must(Scope::Admin)?;
    let Query(page) = page.map_err(|rejection| Problem::new(ProblemCode::InvalidParameter, rejection.body_text()))?;
    let limit = page.limit()?;
    let position: Option<Position> = page.position()?;
    let (letter, dead_job) = match position {
        None => (Some((String::new(), 0)), (Micros::MIN, JobId(Uuid::nil()))),
        Some(Position::Fact(subscriber, seq)) => (Some((subscriber, seq)), (Micros::MIN, JobId(Uuid::nil()))),
        Some(Position::Job(died_at, id)) => (None, (died_at, id)),
    };
    let mut found: Vec<(Position, DeadLetter)> = Vec::new();
    if let Some((subscriber, seq)) = letter {
        for letter in all_dead_letters(&services.db, (&subscriber, seq), limit + 1).await? {
            let shown = DeadLetter {
                id: format!("fact.{}.{}", letter.subscriber, letter.seq),
                kind: "fact",
                of: letter.subscriber.clone(),
                attempts: letter.attempts,
                error: Some(letter.error),
                died_at: letter.died_at,
            };
            found.push((Position::Fact(letter.subscriber, letter.seq), shown));
        }
    }
    if found.len() <= limit {
        for dead in job::all_dead_jobs(&services.db, dead_job, limit + 1 - found.len()).await? {
            let id = dead.id();
            let shown = DeadLetter {
                id: id.to_string(),
                kind: "job",
                of: dead.queue,
                attempts: dead.attempts,
                error: dead.last_error,
                died_at: dead.died_at,
            };
            found.push((Position::Job(dead.died_at, id), shown));
        }
    }
    let page = Page::cut(found, limit, |(position, _)| position.clone())?;
    let items = page.items.into_iter().map(|(_, letter)| letter).collect();
    Ok(Json(Page { items, next: page.next }))
}

/// Tries one again. A fact is handled at once, and stays a dead letter if that fails again; a job is due at once, with all its
/// attempts before it.
#[utoipa::path(
    post,
    path = "/api/v1/dead-letters/{id}/retry",
    tag = "operations",
    params(("id" = String, Path, description = "Id of the dead letter")),
    security(("key" = ["admin"])),
    responses((status = 204), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody))
)]
async fn retry(
    Extract(services): Extract<State>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.must(Scope::Admin)?;
    let missing = || Problem::not_found("such dead letter");
    let db = &services.db;
    if let Ok(dead_job) = id.parse::<JobId>() {
        let mut tx = db.begin().await?;
        match job::retry(&mut tx, dead_job).await {
            Err(StoreError::AlreadyLive) => {
                return Err(Problem::new(ProblemCode::Conflict, "the same work waits already in another job"));
            }
            outcome => outcome?,
        }
        audit::record(&mut tx, &caller.actor(), "dead_letter.retried", Some(&id), None).await?;
        tx.commit().await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    let (name, seq) = id.strip_prefix("fact.").and_then(|rest| rest.rsplit_once('.')).ok_or_else(missing)?;
    let seq: i64 = seq.parse().map_err(|_| missing())?;
    let all = subscribers();
    let subscriber = all.iter().find(|subscriber| subscriber.name() == name).ok_or_else(missing)?;
    match retry_dead_letter(db, subscriber, seq).await {
        Err(error @ StoreError::NotFound(_)) => return Err(error.into()),
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => {
            tracing::warn!(subscriber = name, seq, error = error.chain(), "a dead letter failed again");
            return Err(Problem::new(ProblemCode::Conflict, "it failed again; the server's log says why"));
        }
        Ok(()) => {}
    }
    let mut tx = db.begin().await?;
    audit::record(&mut tx, &caller.actor(), "dead_letter.retried", Some(&id), None).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
