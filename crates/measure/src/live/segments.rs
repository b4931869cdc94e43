//! Segments that people saved: rows with a version each, and all earlier versions beside them.

use clove_core::segment::Condition;
use clove_core::{Micros, SegmentId};
use clove_store::{Db, Result, StoreError, Tx};
use sqlx::FromRow;
use uuid::Uuid;

use super::membership::{ask_for_fill_in, definitions_changed};

clove_store::statements! {
    SELECT_ALL = both("SELECT id, name, note, definition, version, created_at, changed_at FROM segment WHERE deleted_at IS NULL \
        ORDER BY name, id");
    SELECT_ONE = both("SELECT id, name, note, definition, version, created_at, changed_at FROM segment \
        WHERE deleted_at IS NULL AND id = $1");
    INSERT_ONE = both("INSERT INTO segment (id, name, note, definition, version, created_at, changed_at) \
        VALUES ($1, $2, $3, $4, 1, $5, $6) ON CONFLICT DO NOTHING");
    INSERT_VERSION = both("INSERT INTO segment_version (segment, version, definition, changed_at) VALUES ($1, $2, $3, $4)");
    UPDATE_ONE = both("UPDATE segment SET name = $1, note = $2, definition = $3, version = $4, changed_at = $5 \
        WHERE id = $6 AND version = $7 AND deleted_at IS NULL");
    DELETE_ONE = both("UPDATE segment SET deleted_at = $1 WHERE id = $2 AND deleted_at IS NULL");
}

/// Segments of a shop at most.
pub const MOST_SEGMENTS: usize = 500;

/// A saved segment.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSegment {
    /// Its id.
    pub id: SegmentId,
    /// Its name; no two have the same.
    pub name: String,
    /// What it is for.
    pub note: Option<String>,
    /// Who is in it.
    pub definition: Condition,
    /// Counts its definitions from 1.
    pub version: i64,
    /// When it was saved first.
    pub created_at: Micros,
    /// When it was changed last.
    pub changed_at: Micros,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    note: Option<String>,
    definition: String,
    version: i64,
    created_at: i64,
    changed_at: i64,
}

impl Row {
    fn read(self) -> Result<SavedSegment> {
        Ok(SavedSegment {
            id: SegmentId(self.id),
            name: self.name,
            note: self.note,
            definition: serde_json::from_str(&self.definition).map_err(StoreError::subscriber)?,
            version: self.version,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

fn text(definition: &Condition) -> Result<String> {
    serde_json::to_string(definition).map_err(StoreError::subscriber)
}

/// All of them by name.
pub async fn saved_segments(db: &Db) -> Result<Vec<SavedSegment>> {
    let rows: Vec<Row> = db.read_all(SELECT_ALL.query()).await?;
    rows.into_iter().map(Row::read).collect()
}

/// All of them, as a transaction sees them.
pub(super) async fn all_in(tx: &mut Tx) -> Result<Vec<SavedSegment>> {
    let rows: Vec<Row> = tx.fetch_all(SELECT_ALL.query()).await?;
    rows.into_iter().map(Row::read).collect()
}

/// The one of this id, as a transaction sees it.
pub(super) async fn one_in(tx: &mut Tx, id: SegmentId) -> Result<Option<SavedSegment>> {
    let row: Option<Row> = tx.fetch_optional(SELECT_ONE.query().bind(id.0)).await?;
    row.map(Row::read).transpose()
}

/// Saves a new one; `None` if somebody took the name at the same time.
pub(super) async fn create(
    tx: &mut Tx,
    name: &str,
    note: Option<&str>,
    definition: &Condition,
) -> Result<Option<SegmentId>> {
    let now = tx.db().now();
    let id = SegmentId(tx.db().ids().uuid(now));
    let text = text(definition)?;
    let insert = INSERT_ONE.query().bind(id.0).bind(name).bind(note).bind(text.as_str()).bind(now).bind(now);
    if tx.execute(insert).await? != 1 {
        return Ok(None);
    }
    tx.execute(INSERT_VERSION.query().bind(id.0).bind(1_i64).bind(text.as_str()).bind(now)).await?;
    membership_changes(tx).await?;
    Ok(Some(id))
}

/// Changes one; another definition is another version. Returns whether it still was as `before` says.
pub(super) async fn change(
    tx: &mut Tx,
    before: &SavedSegment,
    name: &str,
    note: Option<&str>,
    definition: &Condition,
) -> Result<bool> {
    let now = tx.db().now();
    let text = text(definition)?;
    let version = before.version + i64::from(*definition != before.definition);
    let update = UPDATE_ONE
        .query()
        .bind(name)
        .bind(note)
        .bind(text.as_str())
        .bind(version)
        .bind(now)
        .bind(before.id.0)
        .bind(before.version);
    if tx.execute(update).await? != 1 {
        return Ok(false);
    }
    if version > before.version {
        tx.execute(INSERT_VERSION.query().bind(before.id.0).bind(version).bind(text.as_str()).bind(now)).await?;
        membership_changes(tx).await?;
    }
    Ok(true)
}

/// Deletes one. Returns whether it was there.
pub(super) async fn delete(tx: &mut Tx, id: SegmentId) -> Result<bool> {
    let now = tx.db().now();
    let was_there = tx.execute(DELETE_ONE.query().bind(now).bind(id.0)).await? == 1;
    membership_changes(tx).await?;
    Ok(was_there)
}

/// Another definition has other members.
async fn membership_changes(tx: &mut Tx) -> Result<()> {
    definitions_changed(tx).await?;
    ask_for_fill_in(tx).await
}
