//! Appending to the log and reading it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use clove_core::fact::partition_of;
use clove_core::{Fact, FactBody, FactId, FactKind, HashKey, Micros, Personal, Source, SubjectId};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Appended, AppendedRange, Recent};
use crate::db::{Db, Tx};
use crate::erasure::{Hit, counts_nameless, hashes_of, refresh};
use crate::error::{Result, StoreError};
use crate::sql::{EngineKind, row_chunks};

crate::statements! {
    /// Numbers are given under this lock, which is held until the commit: the order of numbers is the order of commits, and
    /// no reader can pass a number that commits later. SQLite has one writer anyway.
    LOCK_LOG = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4717)");
    SELECT_LAST = both("SELECT (SELECT coalesce(max(seq), 0) FROM fact), (SELECT coalesce(max(number), 0) FROM suppression)");
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
    SELECT_PERSONAL_OF = both("SELECT p.seq, p.fields FROM fact AS f JOIN personal AS p ON p.seq = f.seq \
        WHERE f.partition = $1 AND f.seq > $2 AND f.subject = $3 ORDER BY f.seq LIMIT $4");
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
    /// A fact with the same delivery key was there already, or it is about a person who was erased; nothing was written.
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
    pub body: Arc<FactBody>,
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

    /// What happened, taken out.
    pub fn into_body(self) -> FactBody {
        Arc::unwrap_or_clone(self.body)
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
            body: Arc::new(FactBody::parse(&FactKind::from_name(&row.kind), &row.body)?),
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
    body: Arc<FactBody>,
    body_json: String,
    personal: Option<Arc<Personal>>,
    personal_json: Option<String>,
    /// What it could be suppressed by; looked up when it is written, if nothing was suppressed before.
    hashes: Option<Vec<Uuid>>,
}

impl Prepared {
    pub(crate) fn new(db: &Db, hash_key: &HashKey, fact: Fact) -> Result<Prepared> {
        fact.validate()?;
        let kind = fact.body.kind();
        let personal = fact.personal.filter(|personal| !personal.is_empty());
        let hashes = (!db.suppressions().is_empty())
            .then(|| hashes_of(hash_key, &fact.source, &fact.external_id, &fact.body, personal.as_ref()));
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
            body_json: fact.body.to_json()?,
            body: Arc::new(fact.body),
            personal_json: personal.as_ref().map(serde_json::to_string).transpose().map_err(StoreError::subscriber)?,
            personal: personal.map(Arc::new),
            hashes,
        })
    }

    /// How it is recognised as a fact of an erased person, if it is one.
    fn hit(&self, db: &Db) -> Option<Hit> {
        let late;
        let hashes = if let Some(hashes) = &self.hashes {
            hashes
        } else {
            late = hashes_of(db.hash_key(), &self.source, &self.external_id, &self.body, self.personal.as_deref());
            &late
        };
        db.suppressions().find(hashes)
    }

    /// The same without what identifies, as erasure would have left it. Its delivery key stays, so that repetitions are recognised.
    fn nameless(&self, key: &HashKey, hit: Hit) -> Result<Prepared> {
        let body = FactBody::clone(&self.body).erased(key, &self.source);
        Ok(Prepared {
            id: self.id,
            delivery: self.delivery,
            subject: match hit {
                Hit::Handle(subject) if self.kind != FactKind::Refund => subject,
                _ => self.subject,
            },
            source: self.source.clone(),
            kind: self.kind.clone(),
            external_id: key.erased_external_id(&self.source, &self.external_id),
            version: self.version.clone(),
            occurred_at: self.occurred_at,
            received_at: self.received_at,
            cause: self.cause,
            body_json: body.to_json()?,
            body: Arc::new(body),
            personal: None,
            personal_json: None,
            hashes: None,
        })
    }

    /// The same as readers of the log find it under a number.
    fn appended(&self, seq: i64) -> Appended {
        let fact = StoredFact {
            seq,
            id: self.id,
            partition: partition_of(self.subject),
            subject: self.subject,
            source: self.source.clone(),
            external_id: self.external_id.clone(),
            version: self.version.clone(),
            occurred_at: self.occurred_at,
            received_at: self.received_at,
            cause: self.cause,
            body: Arc::clone(&self.body),
        };
        let bytes = self.body_json.len() + self.personal_json.as_ref().map_or(0, String::len);
        Appended { fact, personal: self.personal.clone(), bytes }
    }
}

/// What becomes of the facts of erased persons among some, by their places: kept without a name, or (`None`) not at all.
fn suppress(db: &Db, facts: &[Prepared]) -> Result<HashMap<usize, Option<Prepared>>> {
    let mut suppressed = HashMap::new();
    if db.suppressions().is_empty() {
        return Ok(suppressed);
    }
    for (place, fact) in facts.iter().enumerate() {
        if let Some(hit) = fact.hit(db) {
            let kept = counts_nameless(&fact.kind).then(|| fact.nameless(db.hash_key(), hit)).transpose()?;
            suppressed.insert(place, kept);
        }
    }
    Ok(suppressed)
}

/// Keeps others from appending until the end of the transaction.
pub async fn lock_log(tx: &mut Tx) -> Result<()> {
    if tx.engine() == EngineKind::Postgres {
        tx.execute(LOCK_LOG.query()).await?;
    }
    Ok(())
}

/// Appends facts; one outcome per fact, in their order.
pub(crate) async fn append(tx: &mut Tx, facts: &[Prepared]) -> Result<Vec<Outcome>> {
    if facts.is_empty() {
        return Ok(Vec::new());
    }
    lock_log(tx).await?;
    let (last, suppressions): (i64, i64) = tx.fetch_one(SELECT_LAST.query()).await?;
    refresh(tx, suppressions).await?;
    let suppressed = suppress(tx.db(), facts)?;
    if suppressed.is_empty() {
        return write(tx, last, &facts.iter().collect::<Vec<_>>()).await;
    }
    let of = |place: usize| suppressed.get(&place).map_or(Some(&facts[place]), Option::as_ref);
    let kept: Vec<&Prepared> = (0..facts.len()).filter_map(of).collect();
    let mut written = write(tx, last, &kept).await?.into_iter();
    let outcome = |place: usize| of(place).and_then(|_| written.next()).unwrap_or(Outcome::Duplicate);
    Ok((0..facts.len()).map(outcome).collect())
}

async fn write(tx: &mut Tx, last: i64, facts: &[&Prepared]) -> Result<Vec<Outcome>> {
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
            insert.push(fact.body_json.as_str());
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

    let personal = facts
        .iter()
        .zip(&outcomes)
        .filter_map(|(fact, outcome)| Some((outcome.seq()?, fact.personal_json.as_deref()?)));
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
    if let Some(erasures) = tx.db().recent().map(Recent::erasures) {
        let new = facts.iter().zip(&outcomes).filter_map(|(fact, outcome)| Some(fact.appended(outcome.seq()?)));
        let new: Vec<Appended> = new.collect();
        let until = new.last().map_or(last, |appended| appended.fact.seq);
        tx.note_appended(AppendedRange { after: last, until, facts: new, erasures });
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

/// What identifies the person in the facts of a subject with numbers above `after`, in order, at most `limit`.
pub async fn personal_of_subject(
    tx: &mut Tx,
    subject: SubjectId,
    after: i64,
    limit: usize,
) -> Result<Vec<(i64, Personal)>> {
    let query = SELECT_PERSONAL_OF.query().bind(partition_of(subject)).bind(after).bind(subject).bind(limit as i64);
    let rows: Vec<(i64, String)> = tx.fetch_all(query).await?;
    rows.into_iter()
        .map(|(seq, fields)| Ok((seq, serde_json::from_str(&fields).map_err(StoreError::subscriber)?)))
        .collect()
}

/// What identifies the persons of the facts numbered `from..=until`, by number. Facts without such fields, and erased ones,
/// are missing.
pub async fn read_personal(tx: &mut Tx, from: i64, until: i64) -> Result<HashMap<i64, Arc<Personal>>> {
    if !tx.is_erasing()
        && let Some(personal) = tx.db().recent().and_then(|recent| recent.personal(from, until))
    {
        return Ok(personal);
    }
    let rows: Vec<(i64, String)> = tx.fetch_all(SELECT_PERSONAL.query().bind(from).bind(until)).await?;
    rows.into_iter()
        .map(|(seq, fields)| Ok((seq, Arc::new(serde_json::from_str(&fields).map_err(StoreError::subscriber)?))))
        .collect()
}
