//! Files taken in: how far each has come, what was found, which rows could not be taken.

use clove_core::{ImportId, Micros, Reject, Source};
use futures::future::BoxFuture;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::erasure::{Deleted, Eraser, Target, texts_of};
use crate::error::{Result, StoreError};
use crate::sql::row_chunks;

crate::statements! {
    INSERT_IMPORT = both("INSERT INTO import (id, source, state, options, files, bytes_total, bytes_read, rows_read, rows_rejected, \
        facts_total, position, facts_new, created_at, changed_at) VALUES ($1, $2, 'waiting', $3, $4, $5, 0, 0, 0, 0, 0, 0, $6, $6)");
    SELECT_IMPORT = both("SELECT id, source, state, options, files, summary, bytes_total, bytes_read, rows_read, rows_rejected, \
        facts_total, position, facts_new, error, created_at, changed_at, finished_at FROM import WHERE id = $1");
    SELECT_IMPORTS = both("SELECT id, source, state, options, files, summary, bytes_total, bytes_read, rows_read, rows_rejected, \
        facts_total, position, facts_new, error, created_at, changed_at, finished_at FROM import WHERE id < $1 ORDER BY id DESC LIMIT $2");
    NOTE_READING = both("UPDATE import SET state = 'reading', bytes_read = $1, rows_read = $2, changed_at = $3 \
        WHERE id = $4 AND state IN ('waiting', 'reading')");
    NOTE_READ = both("UPDATE import SET state = 'writing', summary = $1, bytes_read = bytes_total, rows_read = $2, rows_rejected = $3, \
        facts_total = $4, changed_at = $5 WHERE id = $6 AND state IN ('waiting', 'reading')");
    ADVANCE = both("UPDATE import SET position = $1, facts_new = facts_new + $2, changed_at = $3 \
        WHERE id = $4 AND state = 'writing' AND position = $5");
    FINISH = both("UPDATE import SET state = 'done', changed_at = $1, finished_at = $1 WHERE id = $2 AND state = 'writing'");
    FAIL_IMPORT = both("UPDATE import SET state = 'failed', error = $1, changed_at = $2, finished_at = $2 \
        WHERE id = $3 AND state <> 'done'");
    INSERT_REJECTS = rows(8, "INSERT INTO import_reject (import, number, file, line, column_name, value, reason, remedy) VALUES {rows} \
        ON CONFLICT (import, number) DO NOTHING");
    SELECT_REJECTS = both("SELECT number, file, line, column_name, value, reason, remedy FROM import_reject \
        WHERE import = $1 AND number > $2 ORDER BY number LIMIT $3");
    DELETE_REJECTS = both("DELETE FROM import_reject WHERE import = $1");
    SELECT_VALUES = both("SELECT import, number, value FROM import_reject \
        WHERE (import > $1 OR (import = $1 AND number > $2)) AND value <> '' ORDER BY import, number LIMIT $3");
    BLANK_VALUE = both("UPDATE import_reject SET value = '' WHERE import = $1 AND number = $2");
    DELETE_IMPORT = both("DELETE FROM import WHERE id = $1 AND state IN ('done', 'failed')");
}

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 256;

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// Nobody has begun.
    Waiting,
    /// The files are being read.
    Reading,
    /// Facts are being handed to the log.
    Writing,
    /// Everything is in the log.
    Done,
    /// It was given up: its error says why.
    Failed,
}

impl ImportState {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            ImportState::Waiting => "waiting",
            ImportState::Reading => "reading",
            ImportState::Writing => "writing",
            ImportState::Done => "done",
            ImportState::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Option<ImportState> {
        [ImportState::Waiting, ImportState::Reading, ImportState::Writing, ImportState::Done, ImportState::Failed]
            .into_iter()
            .find(|state| state.name() == name)
    }

    /// Whether nothing will change any more.
    pub fn is_over(self) -> bool {
        matches!(self, ImportState::Done | ImportState::Failed)
    }
}

/// An import and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImport {
    /// Its id.
    pub id: ImportId,
    /// The system of record that the files come from.
    pub source: Source,
    /// How far it has come.
    pub state: ImportState,
    /// JSON: how to read.
    pub options: String,
    /// JSON: names, places and sizes of the files.
    pub files: String,
    /// JSON: what was found, once it was read.
    pub summary: Option<String>,
    /// Bytes of all files.
    pub bytes_total: i64,
    /// Bytes read.
    pub bytes_read: i64,
    /// Rows read.
    pub rows_read: i64,
    /// Rows that could not be taken.
    pub rows_rejected: i64,
    /// Facts that the files give.
    pub facts_total: i64,
    /// Facts handed to the log so far.
    pub position: i64,
    /// Of those, facts that the log did not know.
    pub facts_new: i64,
    /// Why it was given up.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Micros,
    /// When it last moved.
    pub changed_at: Micros,
    /// When it was done or given up.
    pub finished_at: Option<Micros>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    source: String,
    state: String,
    options: String,
    files: String,
    summary: Option<String>,
    bytes_total: i64,
    bytes_read: i64,
    rows_read: i64,
    rows_rejected: i64,
    facts_total: i64,
    position: i64,
    facts_new: i64,
    error: Option<String>,
    created_at: i64,
    changed_at: i64,
    finished_at: Option<i64>,
}

impl TryFrom<Row> for StoredImport {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<StoredImport> {
        let state = ImportState::from_name(&row.state).ok_or_else(|| StoreError::Migration {
            reason: format!("the import {} has the unknown state {}", row.id, row.state),
        })?;
        Ok(StoredImport {
            id: ImportId(row.id),
            source: row.source.parse()?,
            state,
            options: row.options,
            files: row.files,
            summary: row.summary,
            bytes_total: row.bytes_total,
            bytes_read: row.bytes_read,
            rows_read: row.rows_read,
            rows_rejected: row.rows_rejected,
            facts_total: row.facts_total,
            position: row.position,
            facts_new: row.facts_new,
            error: row.error,
            created_at: row.created_at,
            changed_at: row.changed_at,
            finished_at: row.finished_at,
        })
    }
}

/// Notes an import that is to be done. `options` and `files` are JSON.
pub async fn create(tx: &mut Tx, id: ImportId, source: &Source, options: &str, files: &str, bytes: i64) -> Result<()> {
    let now = tx.db().now();
    let query = INSERT_IMPORT.query().bind(id).bind(source.as_str()).bind(options).bind(files).bind(bytes).bind(now);
    tx.execute(query).await.map(drop)
}

/// The import of an id.
pub async fn find(db: &Db, id: ImportId) -> Result<Option<StoredImport>> {
    db.read_optional::<Row>(SELECT_IMPORT.query().bind(id)).await?.map(StoredImport::try_from).transpose()
}

/// Imports before one of them, newest first.
pub async fn list(db: &Db, before: Option<ImportId>, limit: usize) -> Result<Vec<StoredImport>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let query = SELECT_IMPORTS.query().bind(before).bind(limit as i64);
    db.read_all::<Row>(query).await?.into_iter().map(StoredImport::try_from).collect()
}

/// Notes how far the reading is.
pub async fn note_reading(tx: &mut Tx, id: ImportId, bytes: i64, rows: i64) -> Result<()> {
    let now = tx.db().now();
    tx.execute(NOTE_READING.query().bind(bytes).bind(rows).bind(now).bind(id)).await.map(drop)
}

/// Notes what the files hold, with the rows that could not be taken; from here on facts are written. Does nothing if that was noted
/// before.
pub async fn note_read(
    tx: &mut Tx,
    id: ImportId,
    summary: &str,
    rows: [i64; 2],
    facts: i64,
    rejects: &[Reject],
) -> Result<()> {
    let now = tx.db().now();
    let query = NOTE_READ.query().bind(summary).bind(rows[0]).bind(rows[1]).bind(facts).bind(now).bind(id);
    if tx.execute(query).await? == 0 {
        return Ok(());
    }
    let mut rest = rejects;
    let mut number = 0;
    for size in row_chunks(rejects.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut insert = INSERT_REJECTS.query_rows(size);
        for reject in chunk {
            number += 1;
            insert.push(id);
            insert.push(number);
            insert.push(reject.file.as_str());
            insert.push(i64::try_from(reject.line).unwrap_or(i64::MAX));
            insert.push(without_nul(&reject.column));
            insert.push(without_nul(&reject.value));
            insert.push(without_nul(&reject.reason));
            insert.push(without_nul(&reject.remedy));
        }
        tx.execute(insert).await?;
    }
    Ok(())
}

/// PostgreSQL keeps no NUL in texts.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Moves the position of an import in the transaction that writes its facts.
///
/// # Errors
/// [`StoreError::Fenced`] if somebody else moved it: the transaction must be given up.
pub async fn advance(tx: &mut Tx, id: ImportId, from: i64, to: i64, new: i64) -> Result<()> {
    let now = tx.db().now();
    match tx.execute(ADVANCE.query().bind(to).bind(new).bind(now).bind(id).bind(from)).await? {
        1 => Ok(()),
        _ => Err(StoreError::Fenced(format!("the import {id}"))),
    }
}

/// Notes that everything is in the log.
pub async fn finish(tx: &mut Tx, id: ImportId) -> Result<()> {
    let now = tx.db().now();
    tx.execute(FINISH.query().bind(now).bind(id)).await.map(drop)
}

/// Notes why an import was given up.
pub async fn fail(tx: &mut Tx, id: ImportId, error: &str) -> Result<()> {
    let now = tx.db().now();
    tx.execute(FAIL_IMPORT.query().bind(error).bind(now).bind(id)).await.map(drop)
}

/// Rows that could not be taken, with their numbers, after one of them.
pub async fn rejects(db: &Db, id: ImportId, after: i64, limit: usize) -> Result<Vec<(i64, Reject)>> {
    let query = SELECT_REJECTS.query().bind(id).bind(after).bind(limit as i64);
    let rows: Vec<(i64, String, i64, String, String, String, String)> = db.read_all(query).await?;
    let reject = |(number, file, line, column, value, reason, remedy)| {
        (number, Reject { file, line: u64::try_from(line).unwrap_or(0), column, value, reason, remedy })
    };
    Ok(rows.into_iter().map(reject).collect())
}

/// Forgets an import that is over, with the rows that could not be taken. Its facts stay. Whether there was one.
pub async fn forget(tx: &mut Tx, id: ImportId) -> Result<bool> {
    let gone = tx.execute(DELETE_IMPORT.query().bind(id)).await? == 1;
    if gone {
        tx.execute(DELETE_REJECTS.query().bind(id)).await?;
    }
    Ok(gone)
}

/// Erasure in the rows that could not be taken: cells in which the person's address, number or account stands are emptied. Place and
/// reason stay, they are about nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct RejectEraser;

/// Cells read at a time.
const CELLS: i64 = 500;

impl Eraser for RejectEraser {
    fn name(&self) -> &'static str {
        "rejected rows"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let texts: Vec<String> = texts_of(tx, target).await?.iter().map(|text| text.to_lowercase()).collect();
            let mut emptied = 0;
            let mut after = (Uuid::nil(), 0);
            while !texts.is_empty() {
                let cells: Vec<(Uuid, i64, String)> =
                    tx.fetch_all(SELECT_VALUES.query().bind(after.0).bind(after.1).bind(CELLS)).await?;
                let Some((import, number, _)) = cells.last() else { break };
                after = (*import, *number);
                for (import, number, value) in cells {
                    let value = value.to_lowercase();
                    if texts.iter().any(|text| value.contains(text)) {
                        tx.execute(BLANK_VALUE.query().bind(import).bind(number)).await?;
                        emptied += 1;
                    }
                }
            }
            Ok(vec![Deleted::new("cells of rejected rows", emptied)])
        })
    }
}
