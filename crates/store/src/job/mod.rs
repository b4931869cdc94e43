//! Jobs and timers: work that must happen, once its time has come, at least once.
//!
//! A job is a row, written in the transaction that asks for it. A worker claims it for a while; if the worker dies, the claim
//! runs out and another takes it, under a new epoch that shuts the first one out. What fails is tried again with growing
//! pauses, and lies in the dead letters after the last attempt.

mod worker;

pub use worker::{JobHandler, JobWorker, WorkerSettings};

use clove_core::clock::SECOND;
use clove_core::{JobId, Micros};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    INSERT_JOB = both("INSERT INTO job (id, queue, unique_key, payload, due_at, run_at, attempts, max_attempts, claim_epoch, \
        created_at) VALUES ($1, $2, $3, $4, $5, $5, 0, $6, 0, $7) \
        ON CONFLICT (queue, unique_key) WHERE unique_key IS NOT NULL AND died_at IS NULL DO NOTHING");
    RESCHEDULE = both("UPDATE job SET due_at = $1, run_at = $1 WHERE queue = $2 AND unique_key = $3 AND died_at IS NULL AND attempts = 0");
    CANCEL = both("DELETE FROM job WHERE queue = $1 AND unique_key = $2 AND died_at IS NULL");
    SELECT_DUE = both("SELECT 1 FROM job WHERE queue = $1 AND run_at <= $2 AND died_at IS NULL LIMIT 1");
    /// Claims that ran out too often: whoever took them did not live to tell.
    BURY = both("UPDATE job SET died_at = $1, last_error = coalesce(last_error, 'no worker lived to finish it') \
        WHERE queue = $2 AND run_at <= $1 AND died_at IS NULL AND attempts >= max_attempts");
    /// The error of the attempt before goes: a live job with attempts and no error is one that a worker holds.
    CLAIM = each(
        "UPDATE job SET run_at = $1, attempts = attempts + 1, claim_epoch = claim_epoch + 1, last_error = NULL WHERE id IN \
         (SELECT id FROM job WHERE queue = $2 AND run_at <= $3 AND died_at IS NULL ORDER BY run_at LIMIT $4) \
         RETURNING id, queue, unique_key, payload, due_at, attempts, claim_epoch",
        "UPDATE job SET run_at = $1, attempts = attempts + 1, claim_epoch = claim_epoch + 1, last_error = NULL WHERE id = ANY (ARRAY \
         (SELECT id FROM job WHERE queue = $2 AND run_at <= $3 AND died_at IS NULL ORDER BY run_at LIMIT $4 \
          FOR UPDATE SKIP LOCKED)) RETURNING id, queue, unique_key, payload, due_at, attempts, claim_epoch",
    );
    COMPLETE = both("DELETE FROM job WHERE id = $1 AND claim_epoch = $2 AND died_at IS NULL");
    EXTEND = both("UPDATE job SET run_at = $1 WHERE id = $2 AND claim_epoch = $3 AND died_at IS NULL");
    REPLACE_PAYLOAD = both("UPDATE job SET payload = $1 WHERE id = $2 AND claim_epoch = $3 AND died_at IS NULL");
    FAIL = both("UPDATE job SET last_error = $1, run_at = $2, died_at = CASE WHEN attempts >= max_attempts THEN CAST($3 AS bigint) END \
        WHERE id = $4 AND claim_epoch = $5 AND died_at IS NULL");
    SELECT_DEAD = both("SELECT id, queue, unique_key, payload, due_at, attempts, last_error, died_at FROM job \
        WHERE queue = $1 AND died_at IS NOT NULL ORDER BY died_at, id LIMIT $2");
    SELECT_ALL_DEAD = both("SELECT id, queue, unique_key, payload, due_at, attempts, last_error, died_at FROM job \
        WHERE died_at IS NOT NULL AND (died_at > $1 OR (died_at = $1 AND id > $2)) ORDER BY died_at, id LIMIT $3");
    RETRY = both("UPDATE job SET died_at = NULL, attempts = 0, run_at = $1, claim_epoch = claim_epoch + 1 \
        WHERE id = $2 AND died_at IS NOT NULL");
    COUNT_LIVE_WITH_KEY_OF = both("SELECT count(*) FROM job AS other JOIN job AS dead ON other.queue = dead.queue \
        AND other.unique_key = dead.unique_key WHERE dead.id = $1 AND other.died_at IS NULL");
    SELECT_COUNTS = both("SELECT queue, CAST(sum(CASE WHEN died_at IS NULL THEN 1 ELSE 0 END) AS bigint), \
        CAST(sum(CASE WHEN died_at IS NULL THEN 0 ELSE 1 END) AS bigint), min(CASE WHEN died_at IS NULL THEN due_at END) \
        FROM job GROUP BY queue ORDER BY queue");
}

/// A job to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Which kind of work: the name of its handler.
    pub queue: String,
    /// While a job with this key waits or runs in the queue, no second one is made.
    pub unique_key: Option<String>,
    /// What the handler needs to know, JSON.
    pub payload: String,
    /// Not before this moment.
    pub run_at: Micros,
    /// How often it is tried.
    pub max_attempts: i64,
}

impl NewJob {
    /// A job of a queue, due at a moment, tried ten times at most.
    pub fn new(queue: impl Into<String>, payload: impl Into<String>, run_at: Micros) -> NewJob {
        NewJob { queue: queue.into(), unique_key: None, payload: payload.into(), run_at, max_attempts: 10 }
    }

    /// Makes it the only live one with this key.
    #[must_use]
    pub fn unique(mut self, key: impl Into<String>) -> NewJob {
        self.unique_key = Some(key.into());
        self
    }
}

/// A job that a worker has claimed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ClaimedJob {
    id: Uuid,
    /// Its queue.
    pub queue: String,
    /// Its unique key.
    pub unique_key: Option<String>,
    /// What the handler needs to know, JSON.
    pub payload: String,
    /// When it was due.
    pub due_at: Micros,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    claim_epoch: i64,
}

impl ClaimedJob {
    /// Its id.
    pub fn id(&self) -> JobId {
        JobId(self.id)
    }
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeadJob {
    id: Uuid,
    /// Its queue.
    pub queue: String,
    /// Its unique key.
    pub unique_key: Option<String>,
    /// What the handler needs to know, JSON.
    pub payload: String,
    /// When it was due.
    pub due_at: Micros,
    /// How often it was tried.
    pub attempts: i64,
    /// The last error.
    pub last_error: Option<String>,
    /// When it was given up.
    pub died_at: Micros,
}

impl DeadJob {
    /// Its id.
    pub fn id(&self) -> JobId {
        JobId(self.id)
    }
}

/// How a queue stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatus {
    /// The queue.
    pub name: String,
    /// Jobs that wait or run.
    pub live: i64,
    /// Jobs that were given up.
    pub dead: i64,
    /// When the first live one is due.
    pub next_due_at: Option<Micros>,
}

/// Writes a job within the caller's transaction. `None` if one with its unique key is live already.
pub async fn enqueue(tx: &mut Tx, job: NewJob) -> Result<Option<JobId>> {
    let now = tx.db().now();
    let id = tx.db().ids().uuid(now);
    let query = INSERT_JOB
        .query()
        .bind(id)
        .bind(job.queue)
        .bind(job.unique_key)
        .bind(job.payload)
        .bind(job.run_at)
        .bind(job.max_attempts)
        .bind(now);
    Ok((tx.execute(query).await? == 1).then_some(JobId(id)))
}

/// Moves a live job that was not tried yet to another moment; whether there was one.
pub async fn reschedule(tx: &mut Tx, queue: &str, unique_key: &str, run_at: Micros) -> Result<bool> {
    Ok(tx.execute(RESCHEDULE.query().bind(run_at).bind(queue).bind(unique_key)).await? == 1)
}

/// Takes a live job away; whether there was one. A worker that runs it now finds itself shut out when it wants to finish.
pub async fn cancel(tx: &mut Tx, queue: &str, unique_key: &str) -> Result<bool> {
    Ok(tx.execute(CANCEL.query().bind(queue).bind(unique_key)).await? == 1)
}

/// Claims due jobs of a queue for `lease`, at most `limit`, the longest due first.
pub async fn claim(db: &Db, queue: &str, limit: usize, lease: Micros) -> Result<Vec<ClaimedJob>> {
    let now = db.now();
    // Looking costs nothing; a transaction that may write makes others wait.
    if db.read_optional::<(i32,)>(SELECT_DUE.query().bind(queue).bind(now)).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    tx.execute(BURY.query().bind(now).bind(queue)).await?;
    let query = CLAIM.query().bind(now + lease).bind(queue).bind(now).bind(limit as i64);
    let mut jobs: Vec<ClaimedJob> = tx.fetch_all(query).await?;
    tx.commit().await?;
    jobs.sort_by_key(|job| (job.due_at, job.id));
    Ok(jobs)
}

/// Finishes a job within the caller's transaction.
///
/// # Errors
/// [`StoreError::Fenced`] if the claim ran out and someone else took the job: the transaction must be given up.
pub async fn complete(tx: &mut Tx, job: &ClaimedJob) -> Result<()> {
    let done = tx.execute(COMPLETE.query().bind(job.id).bind(job.claim_epoch)).await?;
    held(done, job)
}

/// Prolongs a claim to this moment.
///
/// # Errors
/// [`StoreError::Fenced`] if the claim was lost.
pub async fn extend(tx: &mut Tx, job: &ClaimedJob, until: Micros) -> Result<()> {
    let done = tx.execute(EXTEND.query().bind(until).bind(job.id).bind(job.claim_epoch)).await?;
    held(done, job)
}

/// Writes another payload over a job's within the caller's transaction: what it was told is not to be kept.
///
/// # Errors
/// [`StoreError::Fenced`] if the claim was lost.
pub async fn replace_payload(tx: &mut Tx, job: &ClaimedJob, payload: &str) -> Result<()> {
    let done = tx.execute(REPLACE_PAYLOAD.query().bind(payload).bind(job.id).bind(job.claim_epoch)).await?;
    held(done, job)
}

/// Notes that an attempt failed: the job is tried again after a pause that doubles from one second to an hour, or is given
/// up after its last attempt.
///
/// # Errors
/// [`StoreError::Fenced`] if the claim was lost.
pub async fn fail(tx: &mut Tx, job: &ClaimedJob, error: &str) -> Result<()> {
    let now = tx.db().now();
    let pause = SECOND.saturating_mul(1 << (job.attempts - 1).clamp(0, 20)).min(3_600 * SECOND);
    let query = FAIL.query().bind(error).bind(now + pause).bind(now).bind(job.id).bind(job.claim_epoch);
    let done = tx.execute(query).await?;
    held(done, job)
}

/// The dead letters of a queue, oldest first.
pub async fn dead_jobs(db: &Db, queue: &str, limit: usize) -> Result<Vec<DeadJob>> {
    db.read_all(SELECT_DEAD.query().bind(queue).bind(limit as i64)).await
}

/// The dead letters of all queues after this moment and id, oldest first.
pub async fn all_dead_jobs(db: &Db, after: (Micros, JobId), limit: usize) -> Result<Vec<DeadJob>> {
    db.read_all(SELECT_ALL_DEAD.query().bind(after.0).bind(after.1).bind(limit as i64)).await
}

/// Brings a dead job back to life, with all its attempts.
///
/// # Errors
/// [`StoreError::NotFound`] if it is not dead, [`StoreError::AlreadyLive`] if another with its unique key is live.
pub async fn retry(tx: &mut Tx, id: JobId) -> Result<()> {
    let (live,): (i64,) = tx.fetch_one(COUNT_LIVE_WITH_KEY_OF.query().bind(id)).await?;
    if live > 0 {
        return Err(StoreError::AlreadyLive);
    }
    let now = tx.db().now();
    match tx.execute(RETRY.query().bind(now).bind(id)).await? {
        0 => Err(StoreError::NotFound(format!("dead job {id}"))),
        _ => Ok(()),
    }
}

/// How every queue with jobs stands.
pub async fn status(db: &Db) -> Result<Vec<QueueStatus>> {
    let rows: Vec<(String, i64, i64, Option<i64>)> = db.read_all(SELECT_COUNTS.query()).await?;
    Ok(rows.into_iter().map(|(name, live, dead, next_due_at)| QueueStatus { name, live, dead, next_due_at }).collect())
}

fn held(rows: u64, job: &ClaimedJob) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Fenced(format!("the job {}", job.id()))) }
}
