//! Facts that a subscriber gave up on: a list that a person can see and try again.

use std::sync::Arc;

use clove_core::Micros;
use sqlx::FromRow;

use super::Subscriber;
use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};
use crate::fact::read_fact;

crate::statements! {
    INSERT_LETTER = both("INSERT INTO dead_letter (subscriber, seq, error, attempts, died_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (subscriber, seq) DO UPDATE SET error = excluded.error, attempts = excluded.attempts, died_at = excluded.died_at");
    SELECT_LETTERS = both("SELECT subscriber, seq, error, attempts, died_at FROM dead_letter \
        WHERE subscriber = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    SELECT_ALL_LETTERS = both("SELECT subscriber, seq, error, attempts, died_at FROM dead_letter \
        WHERE subscriber > $1 OR (subscriber = $1 AND seq > $2) ORDER BY subscriber, seq LIMIT $3");
    COUNT_LETTERS = both("SELECT count(*) FROM dead_letter WHERE subscriber = $1");
    DELETE_LETTER = both("DELETE FROM dead_letter WHERE subscriber = $1 AND seq = $2");
    /// Keeps the subscriber's own batches away from the same partition until the commit.
    LOCK_PARTITION = both("UPDATE subscriber_cursor SET position = position WHERE subscriber = $1 AND partition = $2");
}

/// A fact that a subscriber gave up on.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeadLetter {
    /// The subscriber.
    pub subscriber: String,
    /// Number of the fact.
    pub seq: i64,
    /// The last error.
    pub error: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub died_at: Micros,
}

/// The dead letters of a subscriber with numbers above `after`, at most `limit`.
pub async fn dead_letters(db: &Db, subscriber: &str, after: i64, limit: usize) -> Result<Vec<DeadLetter>> {
    db.read_all(SELECT_LETTERS.query().bind(subscriber).bind(after).bind(limit as i64)).await
}

/// The dead letters of all subscribers after this one, at most `limit`.
pub async fn all_dead_letters(db: &Db, after: (&str, i64), limit: usize) -> Result<Vec<DeadLetter>> {
    db.read_all(SELECT_ALL_LETTERS.query().bind(after.0).bind(after.1).bind(limit as i64)).await
}

/// Tries a dead letter again: the fact is applied and the letter deleted in one transaction. If it fails again, both stay.
pub async fn retry_dead_letter(db: &Db, subscriber: &Arc<dyn Subscriber>, seq: i64) -> Result<()> {
    let missing = || StoreError::NotFound(format!("dead letter of {} with the number {seq}", subscriber.name()));
    let fact = read_fact(db, seq).await?.ok_or_else(missing)?;
    let partition = match subscriber.ordering() {
        super::Ordering::PerSubject => fact.partition,
        super::Ordering::Global => 0,
    };
    let mut tx = db.begin().await?;
    tx.execute(LOCK_PARTITION.query().bind(subscriber.name()).bind(partition)).await?;
    if tx.execute(DELETE_LETTER.query().bind(subscriber.name()).bind(seq)).await? == 0 {
        return Err(missing());
    }
    subscriber.apply(&mut tx, &[fact]).await?;
    tx.commit().await
}

pub(super) async fn count(db: &Db, subscriber: &str) -> Result<i64> {
    let (letters,) = db.read_one::<(i64,)>(COUNT_LETTERS.query().bind(subscriber)).await?;
    Ok(letters)
}

pub(super) async fn insert(
    tx: &mut Tx,
    subscriber: &str,
    seq: i64,
    error: &str,
    attempts: i64,
    now: Micros,
) -> Result<()> {
    tx.execute(INSERT_LETTER.query().bind(subscriber).bind(seq).bind(error).bind(attempts).bind(now)).await?;
    Ok(())
}
