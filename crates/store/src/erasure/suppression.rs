//! What keeps an erased person from coming back: keyed hashes of handles and order numbers, looked at by every append.
//!
//! The hashes are kept in memory. The table's highest number is read in the transaction of each append, beside the head of the log, so
//! that an erasure of any process is heeded by the very next append.

use std::collections::HashMap;

use clove_core::fact::Handle;
use clove_core::{FactBody, FactKind, HashKey, Personal, Source, SubjectId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    SELECT_HIGHEST = both("SELECT coalesce(max(number), 0) FROM suppression");
    SELECT_NEWER = both("SELECT hash, subject, lifted FROM suppression WHERE number > $1 ORDER BY number");
    UPSERT = rows(5, "INSERT INTO suppression (number, hash, subject, erasure, lifted) VALUES {rows} \
        ON CONFLICT (hash) DO UPDATE SET number = excluded.number, subject = excluded.subject, erasure = excluded.erasure, \
        lifted = excluded.lifted");
    SELECT_LIVE = both("SELECT subject FROM suppression WHERE hash = $1 AND lifted = $2");
    LIFT = both("UPDATE suppression SET lifted = $1, number = $2 WHERE hash = $3 AND lifted = $4");
}

/// A keyed hash that is not to come back, and the erased subject that it belonged to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The hash.
    pub hash: Uuid,
    /// The subject of the handle; none for order numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
}

impl Suppressed {
    /// That of a handle.
    pub fn handle(key: &HashKey, handle: &Handle) -> Suppressed {
        Suppressed { hash: key.suppression(handle), subject: Some(key.subject(handle)) }
    }

    /// That of an order number or a customer's id in a source.
    pub fn record(key: &HashKey, source: &Source, external_id: &str) -> Suppressed {
        Suppressed { hash: key.suppressed_record(source, external_id), subject: None }
    }
}

/// The hashes in memory.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    /// The highest number of the table that is in here.
    pub(crate) known: i64,
    hashes: HashMap<Uuid, Option<SubjectId>>,
}

impl Suppressions {
    pub(crate) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// What a fact is known by that is suppressed.
    pub(crate) fn find(&self, hashes: &[Uuid]) -> Option<Hit> {
        let mut hit = None;
        for hash in hashes {
            match self.hashes.get(hash) {
                Some(Some(subject)) => return Some(Hit::Handle(*subject)),
                Some(None) => hit = Some(Hit::Record),
                None => {}
            }
        }
        hit
    }
}

/// How a fact was recognised as one of an erased person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hit {
    /// By a handle of this subject.
    Handle(SubjectId),
    /// By an order number alone.
    Record,
}

/// The hashes that a fact could be suppressed by.
pub(crate) fn hashes_of(
    key: &HashKey,
    source: &Source,
    external_id: &str,
    body: &FactBody,
    personal: Option<&Personal>,
) -> Vec<Uuid> {
    let handles = personal.map(Personal::normal_handles).unwrap_or_default();
    let mut hashes: Vec<Uuid> = handles.iter().map(|handle| key.suppression(handle)).collect();
    match body {
        FactBody::Order(_) | FactBody::CustomerProfile(_) => hashes.push(key.suppressed_record(source, external_id)),
        FactBody::Refund(refund) => hashes.push(key.suppressed_record(source, &refund.order)),
        _ => {}
    }
    hashes
}

/// Whether a fact of an erased person is still taken in, without what identifies: money counts, nothing else does.
pub(crate) fn counts_nameless(kind: &FactKind) -> bool {
    matches!(kind, FactKind::Order | FactKind::Refund)
}

/// Brings the memory up to date with the table as a transaction sees it. A transaction that wrote into the table itself leaves
/// the memory alone: it may still be taken back.
pub(crate) async fn refresh(tx: &mut Tx, highest: i64) -> Result<()> {
    if tx.is_suppressing() || tx.db().suppressions().known == highest {
        return Ok(());
    }
    let known = tx.db().suppressions().known;
    // A lower number than the one known: another database was restored under this process.
    let after = if highest < known { 0 } else { known };
    let rows: Vec<(Uuid, Option<Uuid>, bool)> = tx.fetch_all(SELECT_NEWER.query().bind(after)).await?;
    let mut memory = tx.db().suppressions_mut();
    if after == 0 {
        memory.hashes.clear();
    }
    for (hash, subject, lifted) in rows {
        if lifted {
            memory.hashes.remove(&hash);
        } else {
            memory.hashes.insert(hash, subject.map(SubjectId));
        }
    }
    memory.known = highest;
    Ok(())
}

/// Loads everything at start.
pub(crate) async fn load(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    let (highest,): (i64,) = tx.fetch_one(SELECT_HIGHEST.query()).await?;
    refresh(&mut tx, highest).await?;
    tx.rollback().await
}

/// Writes hashes that are not to come back. Appends of every process heed them as soon as the transaction has committed.
pub async fn suppress(tx: &mut Tx, erasure: Uuid, hashes: &[Suppressed]) -> Result<u64> {
    crate::fact::lock_log(tx).await?;
    tx.note_suppressing();
    let (mut number,): (i64,) = tx.fetch_one(SELECT_HIGHEST.query()).await?;
    let mut once: Vec<&Suppressed> = hashes.iter().collect();
    once.sort_by_key(|suppressed| suppressed.hash);
    once.dedup_by_key(|suppressed| suppressed.hash);
    let mut rest = &once[..];
    for size in row_chunks(once.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = UPSERT.query_rows(size);
        for suppressed in chunk {
            number += 1;
            query.push(number);
            query.push(suppressed.hash);
            query.push(suppressed.subject.map(|subject| subject.0));
            query.push(erasure);
            query.push(false);
        }
        tx.execute(query).await?;
    }
    Ok(once.len() as u64)
}

/// Whether a handle is one of an erased person.
pub async fn suppressed(db: &Db, handle: &Handle) -> Result<bool> {
    let hash = db.hash_key().suppression(handle);
    Ok(db.read_optional::<(Option<Uuid>,)>(SELECT_LIVE.query().bind(hash).bind(false)).await?.is_some())
}

/// Lets a handle in again: the person has come back by their own will. Whether it was suppressed.
pub async fn lift(tx: &mut Tx, handle: &Handle) -> Result<bool> {
    crate::fact::lock_log(tx).await?;
    let hash = tx.db().hash_key().suppression(handle);
    tx.note_suppressing();
    let (highest,): (i64,) = tx.fetch_one(SELECT_HIGHEST.query()).await?;
    let query = LIFT.query().bind(true).bind(highest + 1).bind(hash).bind(false);
    Ok(tx.execute(query).await? > 0)
}
