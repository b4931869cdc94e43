//! An import at work: read the files, hand their facts to the log portion by portion.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clove_connect::sources::Intake;
use clove_connect::sources::files::{FileFacts, ReadFiles, read_files};
use clove_connect::{Progress, ReadError};
use clove_core::clock::SECOND;
use clove_core::{Fact, ImportId, Micros, Reject, Source};
use clove_store::import::{ImportState, StoredImport, advance, fail, find, finish, note_read, note_reading};
use clove_store::job::{ClaimedJob, JobHandler, NewJob, extend};
use clove_store::{Db, Outcome, StoreError, Tx, import};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::plan::{ImportFile, ImportOptions, ImportPlan};

/// Facts of one transaction.
const PORTION: usize = 2_048;
/// How often to note how far the reading is.
const NOTE_EVERY: Duration = Duration::from_secs(2);
/// For how long a claim is prolonged each time.
const LEASE: Micros = 120 * SECOND;
/// How often an import is tried before it is given up.
const ATTEMPTS: i64 = 20;

/// Why an import could not be done.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The files cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The options make no sense.
    #[error("{0}")]
    Options(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The import was given up before.
    #[error("the import was given up: {0}")]
    GivenUp(String),
}

impl ImportError {
    /// Whether the same files can be read later: nothing is wrong with them.
    fn may_pass(&self) -> bool {
        match self {
            ImportError::Read(error) => !error.is_data_problem(),
            ImportError::Store(_) => true,
            ImportError::Options(_) | ImportError::GivenUp(_) => false,
        }
    }
}

/// Notes an import within the caller's transaction.
///
/// # Errors
/// If the database fails.
pub async fn create(tx: &mut Tx, id: ImportId, source: &Source, plan: &ImportPlan) -> Result<(), StoreError> {
    let options = serde_json::to_string(&plan.options).map_err(StoreError::subscriber)?;
    let files = serde_json::to_string(&plan.files).map_err(StoreError::subscriber)?;
    import::create(tx, id, source, &options, &files, plan.bytes()).await
}

/// What an import reads, and how.
pub(super) fn plan_of(stored: &StoredImport) -> Result<ImportPlan, StoreError> {
    let files: Vec<ImportFile> = serde_json::from_str(&stored.files).map_err(StoreError::subscriber)?;
    let options: ImportOptions = serde_json::from_str(&stored.options).map_err(StoreError::subscriber)?;
    Ok(ImportPlan { files, options })
}

/// What surrounds an import at work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// The claim that is to be kept while it lasts.
    pub job: Option<&'a ClaimedJob>,
    /// Credentials of object stores that files lie in, as in [`ReadOptions`](clove_connect::ReadOptions); they are never kept.
    pub object_stores: Option<&'a BTreeMap<String, String>>,
    /// Cancelled when it is to break off: it goes on later.
    pub stop: Option<&'a CancellationToken>,
}

impl Surroundings<'_> {
    /// Keeps the claim, if there is one.
    async fn hold(&self, tx: &mut Tx) -> Result<(), StoreError> {
        match self.job {
            Some(job) => {
                let until = tx.db().now() + LEASE;
                extend(tx, job, until).await
            }
            None => Ok(()),
        }
    }

    fn go_on(&self) -> Result<(), StoreError> {
        if self.stop.is_some_and(CancellationToken::is_cancelled) {
            return Err(StoreError::Stopped("server that did the import"));
        }
        Ok(())
    }
}

/// Does an import from where it is, and says how it ended.
///
/// # Errors
/// If the files cannot be read or the database fails; what was handed to the log until then stays, and a further call goes on.
pub async fn run(db: &Db, id: ImportId, around: Surroundings<'_>) -> Result<StoredImport, ImportError> {
    let stored = find(db, id).await?.ok_or_else(|| StoreError::NotFound(format!("import {id}")))?;
    match stored.state {
        ImportState::Done => return Ok(stored),
        ImportState::Failed => return Err(ImportError::GivenUp(stored.error.unwrap_or_default())),
        ImportState::Waiting | ImportState::Reading | ImportState::Writing => {}
    }
    let plan = plan_of(&stored)?;
    let facts = Arc::new(read(db, &stored, &plan, around).await?);
    write(db, &stored, &facts, around).await?;
    let mut tx = db.begin().await?;
    finish(&mut tx, id).await?;
    tx.commit().await?;
    find(db, id).await?.ok_or_else(|| StoreError::NotFound(format!("import {id}")).into())
}

#[derive(Default)]
struct Read {
    bytes: AtomicU64,
    rows: AtomicU64,
}

impl Progress for Read {
    fn advance(&self, bytes_done: u64, _bytes_total: u64, rows: u64) {
        self.bytes.store(bytes_done, Ordering::Relaxed);
        self.rows.store(rows, Ordering::Relaxed);
    }
}

/// Reads the files, and notes what they hold unless that was noted before.
async fn read(
    db: &Db,
    stored: &StoredImport,
    plan: &ImportPlan,
    around: Surroundings<'_>,
) -> Result<FileFacts, ImportError> {
    let progress = Arc::new(Read::default());
    let mut options = plan.options.to_reading().map_err(ImportError::Options)?;
    if let Some(object_stores) = around.object_stores {
        options.object_stores.clone_from(object_stores);
    }
    options.progress = Some(Arc::clone(&progress) as Arc<dyn Progress>);
    let (inputs, customers, now) = (plan.inputs(), plan.customers(), stored.created_at);
    let mut reading = tokio::task::spawn_blocking(move || read_files(&inputs, &customers, &options, now));
    let ReadFiles { facts, rejects, format, unmapped } = loop {
        tokio::select! {
            read = &mut reading => break read.map_err(StoreError::subscriber)??,
            () = tokio::time::sleep(NOTE_EVERY) => {
                around.go_on()?;
                let of = |count: &AtomicU64| i64::try_from(count.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
                let mut tx = db.begin().await?;
                note_reading(&mut tx, stored.id, of(&progress.bytes), of(&progress.rows)).await?;
                around.hold(&mut tx).await?;
                tx.commit().await?;
            }
        }
    };
    let [orders, refunds, spend, customers] = facts.counts();
    let counted = |tallies: &mut dyn Iterator<Item = (&'static str, u64)>| {
        tallies.map(|(reason, count)| (reason.to_owned(), json!(count))).collect::<serde_json::Map<_, _>>()
    };
    let summary = json!({
        "format": format,
        "currency": (orders > 0).then(|| facts.shop().currency.code()),
        "orders": orders,
        "refunds": refunds,
        "spend": spend,
        "customers": customers,
        "rows_left_out": counted(&mut facts.shop().health.rows_left_out.iter().map(|(reason, tally)| (*reason, tally.count))),
        "orders_left_out": counted(&mut facts.left_out().iter().map(|(reason, tally)| (*reason, tally.count))),
        "warnings": facts.shop().health.warnings.iter().map(|warning| plan.shown(warning)).collect::<Vec<_>>(),
        "unmapped": unmapped,
    });
    let rejects: Vec<Reject> =
        rejects.into_iter().map(|reject| Reject { file: plan.shown(&reject.file), ..reject }).collect();
    let health = &facts.shop().health;
    let rows = [health.rows, health.rejected].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let mut tx = db.begin().await?;
    note_read(&mut tx, stored.id, &summary.to_string(), rows, facts.len() as i64, &rejects).await?;
    around.hold(&mut tx).await?;
    tx.commit().await?;
    Ok(facts)
}

/// Hands the facts to the log from the position on. The next portion is made while one is written.
async fn write(
    db: &Db,
    stored: &StoredImport,
    facts: &Arc<FileFacts>,
    around: Surroundings<'_>,
) -> Result<(), ImportError> {
    let mut position = usize::try_from(stored.position).unwrap_or(0).min(facts.len());
    let mut next = portion(db, stored, facts, position);
    while position < facts.len() {
        around.go_on()?;
        let made = next.await.map_err(StoreError::subscriber)?;
        let end = (position + PORTION).min(facts.len());
        next = portion(db, stored, facts, end);
        let mut tx = db.begin().await?;
        let outcomes = tx.append(made).await?;
        let new = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::New { .. })).count();
        advance(&mut tx, stored.id, position as i64, end as i64, new as i64).await?;
        around.hold(&mut tx).await?;
        tx.commit().await?;
        position = end;
    }
    Ok(())
}

fn portion(db: &Db, stored: &StoredImport, facts: &Arc<FileFacts>, from: usize) -> tokio::task::JoinHandle<Vec<Fact>> {
    let (db, source, facts, received_at) = (db.clone(), stored.source.clone(), Arc::clone(facts), stored.created_at);
    tokio::task::spawn_blocking(move || {
        let (hash_key, ids) = (db.hash_key(), db.ids());
        let intake = Intake { source: &source, hash_key, received_at, ids, currency: Some(facts.shop().currency) };
        (from..(from + PORTION).min(facts.len())).filter_map(|number| facts.fact(number, &intake)).collect()
    })
}

/// Does imports whose files were uploaded.
pub struct Imports {
    folder: PathBuf,
    stop: CancellationToken,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: ImportId,
}

impl Imports {
    /// The queue of such jobs.
    pub const QUEUE: &'static str = "imports";

    /// A handler of the queue, with the folder that uploaded files lie in. When `stop` is cancelled, the import at work breaks off, and
    /// goes on when the queue is worked off again.
    pub fn new(folder: PathBuf, stop: CancellationToken) -> Imports {
        Imports { folder, stop }
    }

    /// The job of an import.
    pub(super) fn job(id: ImportId, now: Micros) -> NewJob {
        let job = NewJob::new(Imports::QUEUE, format!("{{\"id\":\"{id}\"}}"), now).unique(id.to_string());
        NewJob { max_attempts: ATTEMPTS, ..job }
    }
}

impl JobHandler for Imports {
    fn queue(&self) -> &'static str {
        Imports::QUEUE
    }

    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>, StoreError>> {
        Box::pin(async move {
            let Payload { id } = serde_json::from_str(&job.payload).map_err(StoreError::subscriber)?;
            let around = Surroundings { job: Some(job), stop: Some(&self.stop), ..Surroundings::default() };
            match run(db, id, around).await {
                Ok(_) => {}
                Err(ImportError::Store(error @ (StoreError::Fenced(_) | StoreError::Stopped(_)))) => return Err(error),
                Err(error) if error.may_pass() && job.attempts < ATTEMPTS => {
                    return Err(match error {
                        ImportError::Store(error) => error,
                        other => StoreError::subscriber(other),
                    });
                }
                Err(error) => give_up(db, id, &error).await?,
            }
            // Only now: whatever happens before, the import can go on.
            remove(self.folder.join(id.to_string())).await;
            Ok(None)
        })
    }
}

async fn give_up(db: &Db, id: ImportId, error: &ImportError) -> Result<(), StoreError> {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    let shown = match find(db, id).await? {
        Some(stored) => plan_of(&stored)?.shown(&text),
        None => text,
    };
    tracing::warn!(import = %id, "an import was given up");
    let mut tx = db.begin().await?;
    fail(&mut tx, id, &shown).await?;
    tx.commit().await
}

/// Removes uploaded files. What cannot be removed only takes up room.
pub(super) async fn remove(folder: PathBuf) {
    match tokio::fs::remove_dir_all(&folder).await {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "files of an import could not be removed"),
    }
}
