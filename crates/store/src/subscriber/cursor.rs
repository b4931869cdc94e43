//! Cursors and leases: how far a subscriber has come in each partition, and who may go on.

use std::time::Duration;

use clove_core::Micros;
use clove_core::fact::PARTITIONS;
use sqlx::FromRow;
use uuid::Uuid;

use super::Ordering;
use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    INSERT_CURSORS = rows(6, "INSERT INTO subscriber_cursor (subscriber, partition, position, rebuild_until, epoch, lease_until) \
        VALUES {rows} ON CONFLICT (subscriber, partition) DO NOTHING");
    UPSERT_WORKER = both("INSERT INTO subscriber_worker (subscriber, owner, expires_at) VALUES ($1, $2, $3) \
        ON CONFLICT (subscriber, owner) DO UPDATE SET expires_at = excluded.expires_at");
    DELETE_WORKER = both("DELETE FROM subscriber_worker WHERE subscriber = $1 AND owner = $2");
    DELETE_EXPIRED_WORKERS = both("DELETE FROM subscriber_worker WHERE subscriber = $1 AND expires_at <= $2");
    /// Notes of processes that are gone.
    DELETE_OLD_TROUBLE = both("DELETE FROM subscriber_trouble WHERE subscriber = $1 AND owner NOT IN \
        (SELECT owner FROM subscriber_worker WHERE subscriber = $1)");
    COUNT_WORKERS = both("SELECT count(*) FROM subscriber_worker WHERE subscriber = $1");
    SELECT_EPOCH = both("SELECT coalesce(max(epoch), 0) + 1 FROM subscriber_cursor WHERE subscriber = $1");
    COUNT_CURSORS = both("SELECT count(*) FROM subscriber_cursor WHERE subscriber = $1");
    RENEW = both("UPDATE subscriber_cursor SET epoch = $1, lease_until = $2 WHERE subscriber = $3 AND owner = $4");
    ACQUIRE = each(
        "UPDATE subscriber_cursor SET owner = $1, epoch = $2, lease_until = $3 WHERE subscriber = $4 AND partition IN \
         (SELECT partition FROM subscriber_cursor WHERE subscriber = $4 AND lease_until <= $5 ORDER BY partition LIMIT $6)",
        "UPDATE subscriber_cursor SET owner = $1, epoch = $2, lease_until = $3 WHERE subscriber = $4 AND partition = ANY (ARRAY \
         (SELECT partition FROM subscriber_cursor WHERE subscriber = $4 AND lease_until <= $5 ORDER BY partition LIMIT $6 \
          FOR UPDATE SKIP LOCKED))",
    );
    /// Gives back the partitions of a bit mask.
    RELEASE = both("UPDATE subscriber_cursor SET owner = NULL, lease_until = 0 WHERE subscriber = $1 AND owner = $2 \
        AND (($3 >> CAST(partition AS int)) & 1) = 1");
    SELECT_HELD = both("SELECT partition, position, rebuild_until FROM subscriber_cursor WHERE subscriber = $1 AND owner = $2 \
        ORDER BY partition");
    /// Moves the partitions of a bit mask on, if they are where they were read from and still held under this epoch.
    ADVANCE = both("UPDATE subscriber_cursor SET position = $1 WHERE subscriber = $2 AND owner = $3 AND epoch = $4 \
        AND position = $5 AND (($6 >> CAST(partition AS int)) & 1) = 1");
    HOLD = both("UPDATE subscriber_cursor SET position = position WHERE subscriber = $1");
    SELECT_POSITION = both("SELECT count(*), coalesce(min(position), 0) FROM subscriber_cursor WHERE subscriber = $1");
    UPSERT_TROUBLE = both("INSERT INTO subscriber_trouble (subscriber, owner, seq, error, attempts, since) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subscriber, owner) DO UPDATE SET seq = excluded.seq, \
        error = excluded.error, attempts = excluded.attempts");
    DELETE_TROUBLE = both("DELETE FROM subscriber_trouble WHERE subscriber = $1 AND owner = $2");
    SELECT_TROUBLE = both("SELECT seq, error, attempts, since FROM subscriber_trouble WHERE subscriber = $1 ORDER BY seq LIMIT 1");
    SELECT_STATUS = both("SELECT subscriber, min(position), max(rebuild_until), CAST(sum(CASE WHEN lease_until > $1 THEN 1 ELSE 0 END) \
        AS bigint) FROM subscriber_cursor GROUP BY subscriber ORDER BY subscriber");
}

/// The bit mask of every partition.
pub(super) const EVERY_PARTITION: i64 = -1;
/// A sequencer has one cursor, under this partition, for the whole log.
const WHOLE_LOG: i64 = 0;

/// A partition that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(super) struct Held {
    pub partition: i64,
    pub position: i64,
    pub rebuild_until: i64,
}

/// Who holds what.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub subscriber: &'static str,
    pub ordering: Ordering,
    pub owner: Uuid,
    pub epoch: i64,
    pub held: Vec<Held>,
}

/// The bit mask of cursors.
pub(super) fn mask_of(partitions: impl Iterator<Item = i64>) -> i64 {
    partitions.fold(0, |mask, partition| mask | (1 << partition))
}

/// Makes the rows of a subscriber that are missing, at the beginning of the log.
pub(super) async fn ensure(db: &Db, subscriber: &'static str, ordering: Ordering) -> Result<()> {
    let partitions = match ordering {
        Ordering::PerSubject => 0..PARTITIONS,
        Ordering::Global => WHOLE_LOG..WHOLE_LOG + 1,
    };
    let expected = partitions.end - partitions.start;
    let mut insert = INSERT_CURSORS.query_rows(expected as usize);
    for partition in partitions {
        insert.push(subscriber);
        insert.push(partition);
        for _ in 0..4 {
            insert.push(0_i64);
        }
    }
    let mut tx = db.begin().await?;
    tx.execute(insert).await?;
    let (found,): (i64,) = tx.fetch_one(COUNT_CURSORS.query().bind(subscriber)).await?;
    if found != expected {
        return Err(StoreError::Migration {
            reason: format!("the subscriber {subscriber} was kept under another order of facts"),
        });
    }
    tx.commit().await
}

/// Renews what is held under a new epoch, gives back what is above the fair share, takes free partitions up to it.
pub(super) async fn renew(db: &Db, lease: &mut Lease, now: Micros, length: Micros) -> Result<()> {
    let (subscriber, owner, until) = (lease.subscriber, lease.owner, now + length);
    let mut tx = db.begin().await?;
    tx.execute(UPSERT_WORKER.query().bind(subscriber).bind(owner).bind(until)).await?;
    tx.execute(DELETE_EXPIRED_WORKERS.query().bind(subscriber).bind(now)).await?;
    tx.execute(DELETE_OLD_TROUBLE.query().bind(subscriber)).await?;
    let (workers,): (i64,) = tx.fetch_one(COUNT_WORKERS.query().bind(subscriber)).await?;
    let (epoch,): (i64,) = tx.fetch_one(SELECT_EPOCH.query().bind(subscriber)).await?;
    let cursors = if lease.ordering == Ordering::Global { 1 } else { PARTITIONS };
    let share = (cursors + workers - 1) / workers.max(1);

    tx.execute(RENEW.query().bind(epoch).bind(until).bind(subscriber).bind(owner)).await?;
    let held: Vec<Held> = tx.fetch_all(SELECT_HELD.query().bind(subscriber).bind(owner)).await?;
    let spare = share - held.len() as i64;
    if spare < 0 {
        let surplus = mask_of(held.iter().skip(share as usize).map(|held| held.partition));
        tx.execute(RELEASE.query().bind(subscriber).bind(owner).bind(surplus)).await?;
    } else if spare > 0 {
        let acquire = ACQUIRE.query().bind(owner).bind(epoch).bind(until).bind(subscriber).bind(now).bind(spare);
        tx.execute(acquire).await?;
    }
    let held = tx.fetch_all(SELECT_HELD.query().bind(subscriber).bind(owner)).await?;
    tx.commit().await?;
    lease.held = held;
    lease.epoch = epoch;
    Ok(())
}

/// Gives everything back.
pub(super) async fn release(db: &Db, lease: &mut Lease) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.execute(RELEASE.query().bind(lease.subscriber).bind(lease.owner).bind(EVERY_PARTITION)).await?;
    tx.execute(DELETE_WORKER.query().bind(lease.subscriber).bind(lease.owner)).await?;
    tx.execute(DELETE_TROUBLE.query().bind(lease.subscriber).bind(lease.owner)).await?;
    tx.commit().await?;
    lease.held.clear();
    Ok(())
}

/// Moves the partitions of a mask from one position to another, within the transaction of the effects. The rows stay locked
/// until the commit, so that nobody else can go on from the same place meanwhile.
pub(super) async fn advance(tx: &mut Tx, lease: &Lease, mask: i64, from: i64, to: i64) -> Result<()> {
    let query =
        ADVANCE.query().bind(to).bind(lease.subscriber).bind(lease.owner).bind(lease.epoch).bind(from).bind(mask);
    let moved = tx.execute(query).await?;
    if moved == u64::from(mask.count_ones()) {
        Ok(())
    } else {
        Err(StoreError::Fenced(format!("the partitions of the subscriber {}", lease.subscriber)))
    }
}

/// Keeps a subscriber's own batches away until the end of the transaction: for work beside it on the same rows.
pub async fn hold(tx: &mut Tx, subscriber: &str) -> Result<()> {
    tx.execute(HOLD.query().bind(subscriber)).await.map(drop)
}

/// The number up to which a subscriber has handled every fact; `None` if it has never run.
pub async fn position(db: &Db, subscriber: &str) -> Result<Option<i64>> {
    let (cursors, position): (i64, i64) = db.read_one(SELECT_POSITION.query().bind(subscriber)).await?;
    Ok((cursors > 0).then_some(position))
}

/// Writes down what a subscriber is stuck at.
pub(super) async fn note_trouble(db: &Db, lease: &Lease, trouble: &Trouble) -> Result<()> {
    let mut tx = db.begin().await?;
    let query = UPSERT_TROUBLE
        .query()
        .bind(lease.subscriber)
        .bind(lease.owner)
        .bind(trouble.seq)
        .bind(trouble.error.as_str())
        .bind(trouble.attempts)
        .bind(trouble.since);
    tx.execute(query).await?;
    tx.commit().await
}

/// Takes the note of trouble away.
pub(super) async fn clear_trouble(tx: &mut Tx, lease: &Lease) -> Result<()> {
    tx.execute(DELETE_TROUBLE.query().bind(lease.subscriber).bind(lease.owner)).await?;
    Ok(())
}

/// What a subscriber is stuck at.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Trouble {
    /// The first fact of the batch that fails.
    pub seq: i64,
    /// The last error.
    pub error: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Since when.
    pub since: Micros,
}

/// How a subscriber stands, for people to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriberStatus {
    /// Its name.
    pub name: String,
    /// Every fact up to this number is handled.
    pub position: i64,
    /// How many facts of the log lie beyond.
    pub behind: i64,
    /// A rebuild is going on.
    pub rebuilding: bool,
    /// Partitions that some process holds.
    pub held: i64,
    /// What it is stuck at, if it is.
    pub trouble: Option<Trouble>,
    /// Facts that it gave up on.
    pub dead_letters: i64,
}

/// How every subscriber that ever ran stands.
pub async fn status(db: &Db) -> Result<Vec<SubscriberStatus>> {
    let head = db.head().await?;
    let rows: Vec<(String, i64, i64, i64)> = db.read_all(SELECT_STATUS.query().bind(db.now())).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (name, position, rebuild_until, held) in rows {
        let trouble = db.read_optional(SELECT_TROUBLE.query().bind(name.as_str())).await?;
        let dead_letters = super::dead_letter::count(db, &name).await?;
        found.push(SubscriberStatus {
            position,
            behind: head - position,
            rebuilding: position < rebuild_until,
            held,
            trouble,
            dead_letters,
            name,
        });
    }
    Ok(found)
}

/// Waits until a subscriber has handled every fact up to `seq`, wherever it runs: flush before reading. Give it a time limit
/// with `tokio::time::timeout`: a subscriber that is stuck does not get there.
pub async fn wait_until(db: &Db, subscriber: &str, seq: i64) -> Result<()> {
    /// Another process may do the work: then nobody tells us.
    const LOOK_AGAIN: Duration = Duration::from_millis(25);
    let mut progress = db.watch_progress();
    loop {
        progress.mark_unchanged();
        if position(db, subscriber).await?.unwrap_or(0) >= seq {
            return Ok(());
        }
        // Both a change and the end of the wait are reasons to look again.
        drop(tokio::time::timeout(LOOK_AGAIN, progress.changed()).await);
    }
}
