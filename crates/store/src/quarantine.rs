//! Records that could be read and make no sense: kept apart, durable with the facts of the same request, until a person mends or
//! discards them.
//!
//! A row whose record is gone (taken, discarded, erased) stays, so that a repeated delivery does not bring the record back.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use clove_core::{HashKey, Micros, QuarantineId, Source, SubjectId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};
use crate::sql::row_chunks;

crate::statements! {
    INSERT_RECORDS = rows(11, "INSERT INTO quarantine (id, delivery, source, format, record, pointer, message, remedy, state, \
        received_at, changed_at) VALUES {rows} ON CONFLICT (delivery) DO NOTHING");
    SELECT_INSERTED = rows(1, "SELECT id FROM quarantine WHERE id IN ({rows})");
    INSERT_SUBJECTS = rows(2, "INSERT INTO quarantine_subject (subject, quarantine) VALUES {rows} ON CONFLICT DO NOTHING");
    SELECT_PAGE = both("SELECT id, source, format, pointer, message, remedy, state, received_at, changed_at FROM quarantine \
        WHERE id < $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR source = $3) ORDER BY id DESC LIMIT $4");
    SELECT_ONE = both("SELECT id, source, format, pointer, message, remedy, state, received_at, changed_at FROM quarantine WHERE id = $1");
    SELECT_RECORD = both("SELECT record FROM quarantine WHERE id = $1 AND record IS NOT NULL");
    SELECT_OF_SUBJECTS = rows(1, "SELECT id, source, format, pointer, message, remedy, state, received_at, changed_at FROM quarantine \
        WHERE id IN (SELECT quarantine FROM quarantine_subject WHERE subject IN ({rows})) ORDER BY id");
    SETTLE = both("UPDATE quarantine SET state = $1, record = NULL, changed_at = $2 WHERE id = $3 AND state = 'open'");
    /// Also the record of someone else who shares a handle with the person: it named both.
    ERASE = rows(1, "UPDATE quarantine SET state = 'erased', record = NULL, pointer = '', message = '', remedy = '' WHERE id IN \
        (SELECT quarantine FROM quarantine_subject WHERE subject IN ({rows}))");
    FORGET_ERASED = both("DELETE FROM quarantine_subject WHERE quarantine IN (SELECT id FROM quarantine WHERE state = 'erased')");
    COUNT_OPEN = both("SELECT count(*) FROM quarantine WHERE state = 'open'");
}

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 256;

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuarantineState {
    /// It waits for a person.
    Open,
    /// Its facts are in the log.
    Taken,
    /// A person threw it away.
    Discarded,
    /// A person that it named was erased.
    Erased,
}

impl QuarantineState {
    /// All of them.
    pub const ALL: [QuarantineState; 4] =
        [QuarantineState::Open, QuarantineState::Taken, QuarantineState::Discarded, QuarantineState::Erased];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            QuarantineState::Open => "open",
            QuarantineState::Taken => "taken",
            QuarantineState::Discarded => "discarded",
            QuarantineState::Erased => "erased",
        }
    }
}

impl fmt::Display for QuarantineState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for QuarantineState {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<QuarantineState, String> {
        QuarantineState::ALL
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| format!("'{text}' is no state; there are open, taken, discarded, erased"))
    }
}

/// A record to be kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuarantined {
    /// The system of record.
    pub source: Source,
    /// Which reader understands the record.
    pub format: String,
    /// What a repetition is told by: the same source, format and key are one row.
    pub key: String,
    /// The record, with its personal data.
    pub record: String,
    /// Whose record it is, by every handle that it carries.
    pub subjects: Vec<SubjectId>,
    /// Where in the body that it came with the problem is: a JSON pointer.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// When it came.
    pub received_at: Micros,
}

/// A record that was kept apart, without the record itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Its id.
    pub id: QuarantineId,
    /// The system of record.
    pub source: Source,
    /// Which reader understands the record.
    pub format: String,
    /// Where in the body that it came with the problem is: a JSON pointer.
    pub pointer: String,
    /// What is wrong. It may quote the record.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
    /// What became of it.
    pub state: QuarantineState,
    /// When it came.
    pub received_at: Micros,
    /// When its state last changed.
    pub changed_at: Micros,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    source: String,
    format: String,
    pointer: String,
    message: String,
    remedy: String,
    state: String,
    received_at: i64,
    changed_at: i64,
}

impl TryFrom<Row> for Quarantined {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Quarantined> {
        Ok(Quarantined {
            id: QuarantineId(row.id),
            source: row.source.parse()?,
            format: row.format,
            pointer: row.pointer,
            message: row.message,
            remedy: row.remedy,
            state: row.state.parse().map_err(|reason| StoreError::Migration { reason })?,
            received_at: row.received_at,
            changed_at: row.changed_at,
        })
    }
}

fn delivery(hash_key: &HashKey, record: &NewQuarantined) -> Uuid {
    hash_key.hash("quarantine", &[record.source.as_str(), &record.format, &record.key])
}

/// Keeps records apart; returns how many of them were not there yet.
pub async fn keep(tx: &mut Tx, records: &[NewQuarantined]) -> Result<usize> {
    let (db, hash_key) = (tx.db().clone(), tx.db().hash_key().clone());
    let mut new = 0;
    let mut rest = records;
    for size in row_chunks(records.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let ids: Vec<Uuid> = chunk.iter().map(|record| db.ids().uuid(record.received_at)).collect();
        let mut insert = INSERT_RECORDS.query_rows(size);
        for (id, record) in ids.iter().zip(chunk) {
            insert.push(*id);
            insert.push(delivery(&hash_key, record));
            insert.push(record.source.as_str());
            insert.push(record.format.as_str());
            insert.push(record.record.as_str());
            insert.push(record.pointer.as_str());
            insert.push(record.message.as_str());
            insert.push(record.remedy.as_str());
            insert.push(QuarantineState::Open.name());
            insert.push(record.received_at);
            insert.push(record.received_at);
        }
        let inserted: HashSet<Uuid> = if tx.execute(insert).await? == size as u64 {
            ids.iter().copied().collect()
        } else {
            let mut select = SELECT_INSERTED.query_rows(size);
            for id in &ids {
                select.push(*id);
            }
            tx.fetch_all::<(Uuid,)>(select).await?.into_iter().map(|(id,)| id).collect()
        };
        new += inserted.len();
        let subjects: Vec<(SubjectId, Uuid)> = ids
            .iter()
            .zip(chunk)
            .filter(|(id, _)| inserted.contains(id))
            .flat_map(|(id, record)| record.subjects.iter().map(|subject| (*subject, *id)))
            .collect();
        let mut pairs = &subjects[..];
        for size in row_chunks(subjects.len(), LARGEST_CHUNK) {
            let (chunk, remainder) = pairs.split_at(size);
            pairs = remainder;
            let mut insert = INSERT_SUBJECTS.query_rows(size);
            for (subject, id) in chunk {
                insert.push(*subject);
                insert.push(*id);
            }
            tx.execute(insert).await?;
        }
    }
    Ok(new)
}

/// Records of a state and a source (of all, where `None`), newest first, after the one named `before`, at most `limit`.
pub async fn list(
    db: &Db,
    state: Option<QuarantineState>,
    source: Option<&Source>,
    before: Option<QuarantineId>,
    limit: usize,
) -> Result<Vec<Quarantined>> {
    let query = SELECT_PAGE
        .query()
        .bind(before.map_or(Uuid::max(), |id| id.0))
        .bind(state.map_or("", QuarantineState::name))
        .bind(source.map_or("", Source::as_str))
        .bind(limit as i64);
    db.read_all::<Row>(query).await?.into_iter().map(Quarantined::try_from).collect()
}

/// One of them.
pub async fn read(db: &Db, id: QuarantineId) -> Result<Option<Quarantined>> {
    db.read_optional::<Row>(SELECT_ONE.query().bind(id.0)).await?.map(Quarantined::try_from).transpose()
}

/// The record itself, with its personal data; `None` once it is settled or erased.
pub async fn read_record(db: &Db, id: QuarantineId) -> Result<Option<String>> {
    Ok(db.read_optional::<(String,)>(SELECT_RECORD.query().bind(id.0)).await?.map(|(record,)| record))
}

/// Every record that names one of the subjects, oldest first: for the export of a person. Settled ones are among them, without
/// their record.
pub async fn of_subjects(db: &Db, subjects: &[SubjectId]) -> Result<Vec<Quarantined>> {
    let mut found: Vec<Quarantined> = Vec::new();
    let mut rest = subjects;
    for size in row_chunks(subjects.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_OF_SUBJECTS.query_rows(size);
        for subject in chunk {
            select.push(*subject);
        }
        for row in db.read_all::<Row>(select).await? {
            found.push(Quarantined::try_from(row)?);
        }
    }
    found.sort_by_key(|record| record.id);
    found.dedup();
    Ok(found)
}

/// Gives an open record its last state and deletes the record; whether it was open.
pub async fn settle(tx: &mut Tx, id: QuarantineId, state: QuarantineState) -> Result<bool> {
    let now = tx.db().now();
    Ok(tx.execute(SETTLE.query().bind(state.name()).bind(now).bind(id.0)).await? == 1)
}

/// Deletes every record that names one of the subjects, and what was said about it. Returns how many there were.
pub async fn erase_subjects(tx: &mut Tx, subjects: &[SubjectId]) -> Result<u64> {
    let mut erased = 0;
    let mut rest = subjects;
    for size in row_chunks(subjects.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut erase = ERASE.query_rows(size);
        for subject in chunk {
            erase.push(*subject);
        }
        erased += tx.execute(erase).await?;
    }
    if erased > 0 {
        tx.execute(FORGET_ERASED.query()).await?;
    }
    Ok(erased)
}

/// How many records wait for a person.
pub async fn count_open(db: &Db) -> Result<i64> {
    let (open,): (i64,) = db.read_one(COUNT_OPEN.query()).await?;
    Ok(open)
}
