//! SQL of memberships: the state, what is filled, whose day has come.

use clove_core::PersonId;
use clove_store::{Db, Result, Tx, row_chunks};
use sqlx::FromRow;
use uuid::Uuid;

clove_store::statements! {
    LOCK = both("INSERT INTO segment_state (one, revision, turn, snapshot, snapshot_version) VALUES (1, 1, 1, NULL, 0) \
        ON CONFLICT (one) DO UPDATE SET turn = segment_state.turn + 1 RETURNING revision, snapshot, snapshot_version");
    CHANGED = both("INSERT INTO segment_state (one, revision, turn, snapshot, snapshot_version) VALUES (1, 2, 1, NULL, 0) \
        ON CONFLICT (one) DO UPDATE SET revision = segment_state.revision + 1");
    SELECT_STATE = both("SELECT revision, snapshot, snapshot_version FROM segment_state WHERE one = 1");
    PUT_SNAPSHOT = both("UPDATE segment_state SET snapshot = $1, snapshot_version = snapshot_version + 1, revision = revision + 1 \
        WHERE one = 1 RETURNING revision, snapshot_version");
    SELECT_FILLS = both("SELECT segment, digest FROM segment_fill");
    PUT_FILL = both("INSERT INTO segment_fill (segment, digest, filled_at) VALUES ($1, $2, $3) \
        ON CONFLICT (segment) DO UPDATE SET digest = excluded.digest, filled_at = excluded.filled_at");
    DELETE_FILL = both("DELETE FROM segment_fill WHERE segment = $1");
    SELECT_DUE = both("SELECT person FROM segment_due WHERE day <= $1 ORDER BY day, person LIMIT $2");
    PUT_DUE = rows(2, "INSERT INTO segment_due (person, day) VALUES {rows} ON CONFLICT (person) DO UPDATE SET day = excluded.day");
    DELETE_DUE = rows(1, "DELETE FROM segment_due WHERE person IN ({rows})");
    SELECT_CHANGED_AT = both("SELECT DISTINCT person FROM person_statistics WHERE changed_seq >= $1 AND changed_seq <= $2");
    SELECT_EMPTIED_AT = both("SELECT person FROM lake_touched WHERE seq >= $1 AND seq <= $2");
    SELECT_SPOKEN_OF_SINCE = both("SELECT DISTINCT p.person FROM fact AS f JOIN person_subject AS p ON p.subject = f.subject \
        WHERE f.seq > $1 AND f.kind IN ('consent_granted.v1', 'consent_withdrawn.v1', 'erased.v1', \
        'score_band_changed.v1', 'track.v1', 'page.v1', 'screen.v1')");
    COUNT_BUYERS = both("SELECT count(*) FROM person_statistics WHERE identified AND purchase_days > 0");
}

/// The one row of the state; it is made when it is needed first, at revision 1.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct StateRow {
    pub revision: i64,
    pub snapshot: Option<String>,
    pub snapshot_version: i64,
}

/// Waits until nobody else writes memberships, and keeps everybody else from it until the transaction ends.
pub(super) async fn lock(tx: &mut Tx) -> Result<StateRow> {
    tx.fetch_one(LOCK.query()).await
}

pub(super) async fn state(db: &Db) -> Result<StateRow> {
    let known = db.read_optional(SELECT_STATE.query()).await?;
    Ok(known.unwrap_or(StateRow { revision: 1, snapshot: None, snapshot_version: 0 }))
}

/// Says that a segment was made, changed or deleted.
pub(in crate::live) async fn changed(tx: &mut Tx) -> Result<()> {
    tx.execute(CHANGED.query()).await.map(drop)
}

/// Writes a snapshot; returns the new revision and the snapshot's version.
pub(super) async fn put_snapshot(tx: &mut Tx, json: &str) -> Result<(i64, i64)> {
    tx.fetch_one(PUT_SNAPSHOT.query().bind(json)).await
}

pub(super) async fn fills(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.fetch_all(SELECT_FILLS.query()).await
}

pub(super) async fn fills_of(db: &Db) -> Result<Vec<(String, String)>> {
    db.read_all(SELECT_FILLS.query()).await
}

pub(super) async fn put_fill(tx: &mut Tx, segment: &str, digest: &str) -> Result<()> {
    let now = tx.db().now();
    tx.execute(PUT_FILL.query().bind(segment).bind(digest).bind(now)).await.map(drop)
}

pub(super) async fn delete_fill(tx: &mut Tx, segment: &str) -> Result<()> {
    tx.execute(DELETE_FILL.query().bind(segment)).await.map(drop)
}

/// Persons whose day has come, at most `limit`.
pub(super) async fn due(db: &Db, today: i32, limit: usize) -> Result<Vec<PersonId>> {
    let rows: Vec<(Uuid,)> = db.read_all(SELECT_DUE.query().bind(i64::from(today)).bind(limit as i64)).await?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}

/// Writes the days of persons anew; `None` for those whom time does not change.
pub(super) async fn put_due(tx: &mut Tx, days: &[(PersonId, Option<i32>)]) -> Result<()> {
    let none: Vec<PersonId> = days.iter().filter(|(_, day)| day.is_none()).map(|(person, _)| *person).collect();
    let some: Vec<(PersonId, i32)> = days.iter().filter_map(|(person, day)| Some((*person, (*day)?))).collect();
    let mut rest = &some[..];
    for size in row_chunks(some.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = PUT_DUE.query_rows(size);
        for (person, day) in chunk {
            query.push(*person);
            query.push(i64::from(*day));
        }
        tx.execute(query).await?;
    }
    let mut rest = &none[..];
    for size in row_chunks(none.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = DELETE_DUE.query_rows(size);
        for person in chunk {
            query.push(*person);
        }
        tx.execute(query).await?;
    }
    Ok(())
}

/// Persons whose orders were counted anew at some facts.
pub(super) async fn counted_at(tx: &mut Tx, (from, until): (i64, i64)) -> Result<Vec<PersonId>> {
    let rows: Vec<(Uuid,)> = tx.fetch_all(SELECT_CHANGED_AT.query().bind(from).bind(until)).await?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}

/// Persons who lost all orders at some facts, or everything that identified them.
pub(super) async fn emptied_at(tx: &mut Tx, (from, until): (i64, i64)) -> Result<Vec<PersonId>> {
    let rows: Vec<(Uuid,)> = tx.fetch_all(SELECT_EMPTIED_AT.query().bind(from).bind(until)).await?;
    Ok(rows.into_iter().map(|(person,)| PersonId(person)).collect())
}

/// Persons of whom a fact after `position` says something beside orders.
pub(super) async fn spoken_of_since(db: &Db, position: i64) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = db.read_all(SELECT_SPOKEN_OF_SINCE.query().bind(position)).await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// Identified customers who kept something.
pub(super) async fn buyers(db: &Db) -> Result<i64> {
    let (count,): (i64,) = db.read_one(COUNT_BUYERS.query()).await?;
    Ok(count)
}
