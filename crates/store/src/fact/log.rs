//! Appending to the log and reading it.

use std::collections::{HashMap, HashSet};

use clove_core::fact::partition_of;
use clove_core::{Fact, FactBody, FactId, FactKind, HashKey, Micros, Personal, Source, SubjectId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};
use crate::sql::{EngineKind, row_chunks};

crate::statements! {
    /// Numbers are given under this lock, which is held until the commit: the order of numbers is the order of commits, and
    /// no reader can pass a number that commits later. SQLite has one writer anyway.
    LOCK_LOG = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4717)");
    SELECT_LAST = both("SELECT coalesce(max(seq), 0) FROM fact");
    /// Numbers are given, not drawn: an insert that hands its rows back costs more than the insert.
    INSERT_FACTS = rows(13, "INSERT INTO fact (seq, id, delivery, partition, subject, source, kind, external_id, version, \
        occurred_at, received_at, cause, body) VALUES {rows} ON CONFLICT (delivery) DO NOTHING");
    SELECT_INSERTED = both("SELECT seq FROM fact WHERE seq >= $1 AND seq <= $2 ORDER BY seq");
    INSERT_PERSONAL = rows(2, "INSERT INTO personal (seq, fields) VALUES {rows}");
    SELECT_AFTER = both("SELECT seq, id, partition, subject, source, kind, external_id, version, occurred_at, received_at, cause, \
        body FROM fact WHERE seq > $1 AND seq <= $2 AND (($3 >> CAST(partition AS int)) & 1) = 1 ORDER BY seq LIMIT $4");
    SELECT_FACT = both("SELECT seq, id, partition, subject, source, kind, external_id, version, occurred_at, received_at, cause, \
        body FROM fact WHERE seq = $1");
    SELECT_FACTS = rows(1, "SELECT seq, id, partition, subject, source, kind, external_id, version, occurred_at, received_at, cause, \
        body FROM fact WHERE seq IN ({rows})");
    SELECT_OF_SUBJECT = both("SELECT seq, id, partition, subject, source, kind, external_id, version, occurred_at, received_at, \
        cause, body FROM fact WHERE partition = $1 AND seq > $2 AND subject = $3 ORDER BY seq LIMIT $4");
    SELECT_PERSONAL = both("SELECT seq, fields FROM personal WHERE seq >= $1 AND seq <= $2 ORDER BY seq");
}

/// Rows of one statement at most: the prepared texts stay few, the parameters below the engines' limits.
const LARGEST_CHUNK: usize = 1_024;

/// What became of a fact that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the log under this number.
    New {
        /// Its number.
        seq: i64,
    },
    /// A fact with the same delivery key was there already; nothing was written.
    Duplicate,
}

impl Outcome {
    /// The number, if it is new.
    pub fn seq(&self) -> Option<i64> {
        match self {
            Outcome::New { seq } => Some(*seq),
            Outcome::Duplicate => None,
        }
    }
}

/// A fact of the log. What identifies a person is read apart, by [`read_personal`].
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFact {
    /// Its number: the order in which facts were committed.
    pub seq: i64,
    /// Its id.
    pub id: FactId,
    /// The partition of its subject.
    pub partition: i64,
    /// The profile that it was taken in under.
    pub subject: SubjectId,
    /// The system of record.
    pub source: Source,
    /// The source's id of the thing that it is about.
    pub external_id: String,
    /// The source's version of that thing.
    pub version: String,
    /// When it happened.
    pub occurred_at: Micros,
    /// When it was taken in.
    pub received_at: Micros,
    /// For a derived fact, the fact that caused it.
    pub cause: Option<FactId>,
    /// What happened.
    pub body: FactBody,
}

impl StoredFact {
    /// Whether it is input, rather than derived from another fact.
    pub fn is_primary(&self) -> bool {
        self.cause.is_none()
    }

    /// Its kind.
    pub fn kind(&self) -> FactKind {
        self.body.kind()
    }
}

#[derive(FromRow)]
struct FactRow {
    seq: i64,
    id: Uuid,
    partition: i64,
    subject: Uuid,
    source: String,
    kind: String,
    external_id: String,
    version: String,
    occurred_at: i64,
    received_at: i64,
    cause: Option<Uuid>,
    body: String,
}

impl TryFrom<FactRow> for StoredFact {
    type Error = StoreError;

    fn try_from(row: FactRow) -> Result<StoredFact> {
        Ok(StoredFact {
            seq: row.seq,
            id: FactId(row.id),
            partition: row.partition,
            subject: SubjectId(row.subject),
            source: row.source.parse()?,
            external_id: row.external_id,
            version: row.version,
            occurred_at: row.occurred_at,
            received_at: row.received_at,
            cause: row.cause.map(FactId),
            body: FactBody::parse(&FactKind::from_name(&row.kind), &row.body)?,
        })
    }
}

/// A fact as its rows: checked, hashed and turned to JSON. Callers of the group commit do this side by side, the one writer only
/// writes.
pub(crate) struct Prepared {
    id: FactId,
    delivery: Uuid,
    subject: SubjectId,
    source: Source,
    kind: FactKind,
    external_id: String,
    version: String,
    occurred_at: Micros,
    received_at: Micros,
    cause: Option<FactId>,
    body: String,
    personal: Option<String>,
}

impl Prepared {
    pub(crate) fn new(hash_key: &HashKey, fact: Fact) -> Result<Prepared> {
        fact.validate()?;
        let kind = fact.body.kind();
        let personal = fact.personal.filter(|personal| !personal.is_empty());
        Ok(Prepared {
            id: fact.id,
            delivery: hash_key.delivery(&fact.source, &kind, &fact.external_id, &fact.version),
            subject: fact.subject,
            source: fact.source,
            kind,
            external_id: fact.external_id,
            version: fact.version,
            occurred_at: fact.occurred_at,
            received_at: fact.received_at,
            cause: fact.cause,
            body: fact.body.to_json()?,
            personal: personal
                .map(|personal| serde_json::to_string(&personal))
                .transpose()
                .map_err(StoreError::subscriber)?,
        })
    }
}

/// Appends facts; one outcome per fact, in their order.
pub(crate) async fn append(tx: &mut Tx, facts: &[Prepared]) -> Result<Vec<Outcome>> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    if tx.engine() == EngineKind::Postgres {
        tx.execute(LOCK_LOG.query()).await?;
    }
    let (last,): (i64,) = tx.fetch_one(SELECT_LAST.query()).await?;
    let mut outcomes = Vec::with_capacity(facts.len());
    let mut rest = facts;
    for size in row_chunks(facts.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let first = last + 1 + outcomes.len() as i64;
        let mut insert = INSERT_FACTS.query_rows(size);
        for (seq, fact) in (first..).zip(chunk) {
            insert.push(seq);
            insert.push(fact.id);
            insert.push(fact.delivery);
            insert.push(partition_of(fact.subject));
            insert.push(fact.subject);
            insert.push(fact.source.as_str());
            insert.push(fact.kind.name());
            insert.push(fact.external_id.as_str());
            insert.push(fact.version.as_str());
            insert.push(fact.occurred_at);
            insert.push(fact.received_at);
            insert.push(fact.cause.map(|cause| cause.0));
            insert.push(fact.body.as_str());
        }
        let numbers = first..first + size as i64;
        if tx.execute(insert).await? == size as u64 {
            outcomes.extend(numbers.map(|seq| Outcome::New { seq }));
        } else {
            // Some were there already, or came twice: the numbers that exist now are the new ones.
            let rows: Vec<(i64,)> = tx.fetch_all(SELECT_INSERTED.query().bind(first).bind(numbers.end - 1)).await?;
            let inserted: HashSet<i64> = rows.into_iter().map(|(seq,)| seq).collect();
            outcomes.extend(
                numbers.map(|seq| if inserted.contains(&seq) { Outcome::New { seq } } else { Outcome::Duplicate }),
            );
        }
    }

    let personal =
        facts.iter().zip(&outcomes).filter_map(|(fact, outcome)| Some((outcome.seq()?, fact.personal.as_deref()?)));
    let personal: Vec<(i64, &str)> = personal.collect();
    let mut rest = &personal[..];
    for size in row_chunks(personal.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut insert = INSERT_PERSONAL.query_rows(size);
        for (seq, fields) in chunk {
            insert.push(*seq);
            insert.push(*fields);
        }
        tx.execute(insert).await?;
    }
    Ok(outcomes)
}

/// Facts with `after < seq <= until` in the partitions of a bit mask, in order, at most `limit`.
pub(crate) async fn read_after(db: &Db, after: i64, until: i64, mask: i64, limit: usize) -> Result<Vec<StoredFact>> {
    let query = SELECT_AFTER.query().bind(after).bind(until).bind(mask).bind(limit as i64);
    db.read_all::<FactRow>(query).await?.into_iter().map(StoredFact::try_from).collect()
}

/// The fact of a number.
pub async fn read_fact(db: &Db, seq: i64) -> Result<Option<StoredFact>> {
    db.read_optional::<FactRow>(SELECT_FACT.query().bind(seq)).await?.map(StoredFact::try_from).transpose()
}

/// The facts of these numbers, in no particular order; numbers without a fact are missing.
pub async fn read_facts(db: &Db, seqs: &[i64]) -> Result<Vec<StoredFact>> {
    let mut found = Vec::with_capacity(seqs.len());
    let mut rest = seqs;
    for size in row_chunks(seqs.len(), 512) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_FACTS.query_rows(size);
        for seq in chunk {
            select.push(*seq);
        }
        for row in db.read_all::<FactRow>(select).await? {
            found.push(StoredFact::try_from(row)?);
        }
    }
    Ok(found)
}

/// Facts of a subject with a number above `after`, in order, at most `limit`. Reads through the entries of the subject's partition:
/// some ten milliseconds for a log of ten million facts.
pub async fn read_subject(db: &Db, subject: SubjectId, after: i64, limit: usize) -> Result<Vec<StoredFact>> {
    let query = SELECT_OF_SUBJECT.query().bind(partition_of(subject)).bind(after).bind(subject).bind(limit as i64);
    db.read_all::<FactRow>(query).await?.into_iter().map(StoredFact::try_from).collect()
}

/// What identifies the persons of the facts numbered `from..=until`, by number. Facts without such fields, and erased ones,
/// are missing.
pub async fn read_personal(tx: &mut Tx, from: i64, until: i64) -> Result<HashMap<i64, Personal>> {
    let rows: Vec<(i64, String)> = tx.fetch_all(SELECT_PERSONAL.query().bind(from).bind(until)).await?;
    rows.into_iter()
        .map(|(seq, fields)| Ok((seq, serde_json::from_str(&fields).map_err(StoreError::subscriber)?)))
        .collect()
}
