//! The lake over the store: orders, refunds, lines and costs as Parquet files, kept fresh by restating whoever changed.
//!
//! A flush writes the persons who changed since the last one, whole, as a new generation; when deltas have grown, base and deltas
//! become a new base. Files are durable before the list of live files changes, in one transaction, and only if nobody else
//! changed it meanwhile: then what was written is left alone, in no list.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clove_core::{NONE, PersonId};
use clove_lake::LastingNumbers;
use clove_lake::files::{LakeFile, LakeFiles, Piece, compact, write_base, write_delta};
use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::subscriber::{position, wait_until};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use sqlx::FromRow;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::load::{LoadOptions, LoadedShop, load_persons};
use super::pieces::load;
use super::{ValueSubscriber, sql};

clove_store::statements! {
    SELECT_HEAD = both("SELECT coalesce(max(seq), 0) FROM fact");
    SELECT_STATE = both("SELECT generation, position FROM lake_state WHERE one = 1");
    INSERT_STATE = both("INSERT INTO lake_state (one, generation, position, changed_at) VALUES (1, $1, $2, $3) \
        ON CONFLICT (one) DO NOTHING");
    UPDATE_STATE = both("UPDATE lake_state SET generation = $1, position = $2, changed_at = $3 WHERE one = 1 AND generation = $4");
    DELETE_STATE = both("DELETE FROM lake_state");
    SELECT_FILES = both("SELECT name, table_name, generation, row_count, bytes FROM lake_file ORDER BY generation, table_name");
    INSERT_FILES = rows(5, "INSERT INTO lake_file (name, table_name, generation, row_count, bytes) VALUES {rows}");
    DELETE_FILES = both("DELETE FROM lake_file");
    SELECT_CHANGED = both("SELECT DISTINCT person FROM person_statistics WHERE changed_seq > $1");
    SELECT_TOUCHED = both("SELECT person FROM lake_touched WHERE seq > $1");
    SELECT_MOVED = both("SELECT from_person, to_person FROM person_change WHERE seq > $1");
    SELECT_FIRST_FACTS = rows(1, "SELECT subject, first_fact FROM person_subject WHERE first_fact IS NOT NULL AND subject IN ({rows})");
}

/// Deltas at most: each is opened by every question.
const MOST_DELTAS: usize = 24;
/// A new base is written when the deltas' orders are this share of the base's, and at least [`LEAST_ROWS`].
const LARGEST_SHARE: f64 = 0.2;
/// Fewer orders in deltas are not worth a new base.
const LEAST_ROWS: u64 = 20_000;
/// How often the server brings the files up to date.
const EVERY: Duration = Duration::from_secs(30);
/// How long an erasure waits until its fact has been handled.
const PATIENCE_FOR_ERASURE: Duration = Duration::from_secs(10);
/// How long the subscribers may take to come to the end of the log.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a flush did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flushed {
    /// The newest generation.
    pub generation: i64,
    /// Every fact up to this number is in the files.
    pub position: i64,
    /// Persons written anew; everyone for the first base.
    pub persons: usize,
    /// Whether a new base was written of base and deltas.
    pub compacted: bool,
}

#[derive(FromRow)]
struct FileRow {
    name: String,
    table_name: String,
    generation: i64,
    row_count: i64,
    bytes: i64,
}

/// The live files, if the lake was ever flushed.
pub async fn live_files(db: &Db, folder: &Path) -> Result<Option<LakeFiles>> {
    let rows: Vec<FileRow> = db.read_all(SELECT_FILES.query()).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let file = |row: FileRow| LakeFile {
        table: row.table_name,
        generation: row.generation,
        name: row.name,
        rows: row.row_count as u64,
        bytes: row.bytes as u64,
    };
    Ok(Some(LakeFiles { folder: folder.to_owned(), files: rows.into_iter().map(file).collect(), has_amounts: true }))
}

/// Brings the files up to everything that was accepted before the call.
///
/// # Errors
/// [`StoreError::Fenced`] if another process flushed at the same time: try again. If subscribers do not come to the end of the log in
/// a minute, or a file cannot be written.
pub async fn flush(db: &Db, folder: &Path) -> Result<Flushed> {
    let head = db.head().await?;
    tokio::time::timeout(PATIENCE, wait_until(db, ValueSubscriber::NAME, head))
        .await
        .map_err(|_| StoreError::Stopped("work on what was accepted"))??;
    let known: Option<(i64, i64)> = db.read_optional(SELECT_STATE.query()).await?;
    let mut flushed = match known {
        None => first_base(db, folder).await?,
        Some((generation, until)) => delta(db, folder, generation, until).await?,
    };
    if let Some(files) = live_files(db, folder).await?
        && is_worth_compacting(&files)
    {
        compact_now(db, files, &mut flushed).await?;
    }
    Ok(flushed)
}

/// Writes a new base whatever the size of the deltas, and deletes every file that is not live. What was restated or erased is
/// nowhere afterwards.
pub async fn rewrite(db: &Db, folder: &Path) -> Result<Flushed> {
    let mut flushed = flush(db, folder).await?;
    if let Some(files) = live_files(db, folder).await? {
        if files.generations().len() > 1 {
            compact_now(db, files, &mut flushed).await?;
        }
        delete_dead(db, folder, i64::MAX).await?;
    }
    Ok(flushed)
}

/// Erases persons from the files: they are written anew, nameless, and everything from before is deleted.
pub struct LakeEraser {
    /// The folder of the files. Without one an erasure is not done while there are files: another process has to do it.
    pub folder: Option<PathBuf>,
}

impl Eraser for LakeEraser {
    fn name(&self) -> &'static str {
        "lake"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            // The fact of the erasure comes next: the log is locked.
            let (head,): (i64,) = tx.fetch_one(SELECT_HEAD.query()).await?;
            sql::touch_lake(tx, &[target.person], head + 1).await?;
            Ok(Vec::new())
        })
    }

    fn after_commit<'a>(&'a self, db: &'a Db, _: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let Some(folder) = &self.folder else {
                let files: Vec<FileRow> = db.read_all(SELECT_FILES.query()).await?;
                if files.is_empty() {
                    return Ok(Vec::new());
                }
                let detail = "the lake's files hold the person too, and this process was not told where they are: give --lake to all";
                return Err(StoreError::subscriber(detail));
            };
            let Some(before) = live_files(db, folder).await? else { return Ok(Vec::new()) };
            let count = before.files.len() as u64;
            let head = db.head().await?;
            let handled = wait_until(db, ValueSubscriber::NAME, head);
            if let Ok(done) = tokio::time::timeout(PATIENCE_FOR_ERASURE, handled).await {
                done?;
                rewrite(db, folder).await?;
                return Ok(vec![Deleted::new("lake files written anew", count)]);
            }
            // Nobody works on the log now, as before a server begins: the next flush writes everything anew.
            forget_files(db).await?;
            delete_dead(db, folder, i64::MAX).await?;
            Ok(vec![Deleted::new("lake files deleted", count)])
        })
    }
}

/// Keeps the files fresh until told to stop: a flush every half minute in which something changed.
pub async fn keep_fresh(db: Db, folder: PathBuf, stop: CancellationToken) {
    let mut position = 0;
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        let head = match db.head().await {
            Ok(head) if head > position => head,
            Ok(_) => continue,
            Err(error) => {
                tracing::warn!(error = error.chain(), "the lake cannot see the log");
                continue;
            }
        };
        let begun = db.now();
        match flush(&db, &folder).await {
            Ok(flushed) => {
                position = head;
                let duration_ms = (db.now() - begun) / 1_000;
                let Flushed { generation, persons, compacted, .. } = flushed;
                tracing::debug!(generation, persons, compacted, duration_ms, "the lake is fresh");
            }
            // Another process did it.
            Err(StoreError::Fenced(_)) => {}
            Err(error) => {
                tracing::warn!(error = error.chain(), "the lake could not be brought up to date; trying again");
            }
        }
    }
}

/// Forgets all files, as after a backup was restored, which has none: the next flush writes a base anew.
pub async fn forget_files(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    forget(&mut tx).await?;
    tx.commit().await
}

/// Forgets all files: the next flush writes a base anew.
pub(super) async fn forget(tx: &mut Tx) -> Result<()> {
    tx.execute(DELETE_FILES.query()).await?;
    tx.execute(DELETE_STATE.query()).await.map(drop)
}

async fn first_base(db: &Db, folder: &Path) -> Result<Flushed> {
    let loaded = load(db, LoadOptions { details: true }).await?;
    let (position, persons) = (loaded.position, loaded.person_ids.len());
    let numbers = Numbers::of(db, &loaded).await?;
    let folder = folder.to_owned();
    let files = blocking(move || write_base(&folder, 1, &numbers.piece(&loaded))).await?;
    let mut tx = db.begin().await?;
    let now = db.now();
    let begun = tx.execute(INSERT_STATE.query().bind(1_i64).bind(position).bind(now)).await?;
    put_files(&mut tx, begun, &files).await?;
    tx.commit().await?;
    Ok(Flushed { generation: 1, position, persons, compacted: false })
}

async fn delta(db: &Db, folder: &Path, generation: i64, until: i64) -> Result<Flushed> {
    let to = position(db, ValueSubscriber::NAME).await?.unwrap_or(0);
    let unchanged = Flushed { generation, position: until, persons: 0, compacted: false };
    if to <= until {
        return Ok(unchanged);
    }
    let changed: Vec<PersonId> = changed_since(db, until).await?.into_iter().map(PersonId).collect();
    let next = generation + 1;
    let files = if changed.is_empty() {
        // Only events: nothing of them is in the files.
        return Ok(unchanged);
    } else {
        let loaded = load_persons(db, &changed, LoadOptions { details: true }).await?;
        let numbers = Numbers::of(db, &loaded).await?;
        let owners: Vec<i64> = numbers_of(db, &changed).await?.into_values().collect();
        let folder = folder.to_owned();
        blocking(move || write_delta(&folder, next, &numbers.piece(&loaded), &owners)).await?
    };
    let mut tx = db.begin().await?;
    let update = UPDATE_STATE.query().bind(next).bind(to).bind(db.now()).bind(generation);
    let moved = tx.execute(update).await?;
    put_files(&mut tx, moved, &files).await?;
    tx.commit().await?;
    Ok(Flushed { generation: next, position: to, persons: changed.len(), compacted: false })
}

/// Whoever has other orders than at a position of the log.
pub(super) async fn changed_since(db: &Db, position: i64) -> Result<BTreeSet<Uuid>> {
    let mut found = BTreeSet::new();
    for text in [SELECT_CHANGED, SELECT_TOUCHED] {
        let rows: Vec<(Uuid,)> = db.read_all(text.query().bind(position)).await?;
        found.extend(rows.into_iter().map(|(person,)| person));
    }
    let moved: Vec<(Uuid, Uuid)> = db.read_all(SELECT_MOVED.query().bind(position)).await?;
    found.extend(moved.into_iter().flat_map(|(from, to)| [from, to]));
    Ok(found)
}

fn is_worth_compacting(files: &LakeFiles) -> bool {
    let (base, deltas) = files.rows("orders");
    let share = deltas as f64 / base.max(1) as f64;
    files.generations().len() > MOST_DELTAS || (deltas >= LEAST_ROWS && share > LARGEST_SHARE)
}

async fn compact_now(db: &Db, files: LakeFiles, flushed: &mut Flushed) -> Result<()> {
    let (next, folder) = (flushed.generation + 1, files.folder.clone());
    let oldest = files.generations().first().copied().unwrap_or(0);
    let written = blocking(move || compact(&files, next)).await?;
    let mut tx = db.begin().await?;
    let update = UPDATE_STATE.query().bind(next).bind(flushed.position).bind(db.now()).bind(flushed.generation);
    let moved = tx.execute(update).await?;
    tx.execute(DELETE_FILES.query()).await?;
    put_files(&mut tx, moved, &written).await?;
    tx.commit().await?;
    (flushed.generation, flushed.compacted) = (next, true);
    // Readers may still have the last base open: only files from before it go.
    delete_dead(db, &folder, oldest).await
}

async fn put_files(tx: &mut Tx, changed: u64, files: &[LakeFile]) -> Result<()> {
    if changed != 1 {
        return Err(StoreError::Fenced("the files of the lake".to_owned()));
    }
    let mut insert = INSERT_FILES.query_rows(files.len());
    for file in files {
        insert.push(file.name.as_str());
        insert.push(file.table.as_str());
        insert.push(file.generation);
        insert.push(file.rows as i64);
        insert.push(file.bytes as i64);
    }
    tx.execute(insert).await.map(drop)
}

/// Deletes files that are not live, of generations below one.
async fn delete_dead(db: &Db, folder: &Path, below: i64) -> Result<()> {
    let live: BTreeSet<String> = live_files(db, folder)
        .await?
        .map(|files| files.files.into_iter().map(|file| file.name).collect())
        .unwrap_or_default();
    let folder = folder.to_owned();
    blocking(move || {
        let failed =
            |error: std::io::Error| clove_lake::LakeError::File { path: folder.clone(), message: error.to_string() };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let Some(name) = name.to_str() else { continue };
            let generation =
                name.strip_suffix(".parquet").and_then(|stem| stem.rsplit_once('-')?.1.parse::<i64>().ok());
            if generation.is_some_and(|generation| generation < below) && !live.contains(name) {
                std::fs::remove_file(folder.join(name)).map_err(failed)?;
            }
        }
        Ok(())
    })
    .await
}

/// How persons and orders are numbered in files: persons by their first fact, orders by the fact of their newest version.
struct Numbers {
    persons: Vec<i64>,
    owners: Vec<i64>,
}

impl Numbers {
    async fn of(db: &Db, loaded: &LoadedShop) -> Result<Numbers> {
        let known = numbers_of(db, &loaded.person_ids).await?;
        let orders = &loaded.shop.orders;
        let (mut persons, mut owners) = (Vec::new(), Vec::new());
        for (person, &order) in loaded.person_ids.iter().zip(&loaded.persons.naming_order) {
            let seq = loaded.order_seqs[order as usize];
            let owner = known.get(&person.0).copied().unwrap_or(-seq);
            // Behind a handle that names nobody each order is one unknown customer.
            let is_alone = orders.customer_id.get(order as usize) == Some(&NONE);
            persons.push(if is_alone { -seq } else { owner });
            owners.push(owner);
        }
        Ok(Numbers { persons, owners })
    }

    fn piece<'a>(&'a self, loaded: &'a LoadedShop) -> Piece<'a> {
        let numbers = LastingNumbers { orders: &loaded.order_seqs, persons: &self.persons, owners: &self.owners };
        Piece { shop: &loaded.shop, persons: &loaded.persons, numbers }
    }
}

/// The number of each person that identity knows.
async fn numbers_of(db: &Db, persons: &[PersonId]) -> Result<HashMap<Uuid, i64>> {
    let ids: BTreeSet<Uuid> = persons.iter().map(|person| person.0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    Ok(sql::read_for_ids::<(Uuid, i64)>(db, SELECT_FIRST_FACTS, &ids).await?.into_iter().collect())
}

/// Runs work on files beside the tasks that must answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, clove_lake::LakeError> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(StoreError::subscriber)?.map_err(StoreError::subscriber)
}
