//! Rebuilding a projection from the log.

use std::sync::Arc;

use super::{Subscriber, cursor};
use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    /// Fences whoever is at work, and sends every partition back to the beginning, up to where it was.
    REWIND = both("UPDATE subscriber_cursor SET rebuild_until = CASE WHEN position > rebuild_until THEN position ELSE rebuild_until END, \
        position = 0, epoch = epoch + 1 WHERE subscriber = $1");
    DELETE_LETTERS = both("DELETE FROM dead_letter WHERE subscriber = $1");
}

/// Empties a projection and sends its cursor back to the beginning, in one transaction. The subscriber then replays the log as
/// it reads new facts; [`wait_until`](super::wait_until) tells when it is done. A crash in between loses nothing: it goes on.
///
/// Returns the head of the log, to wait for.
///
/// # Errors
/// [`StoreError::NotFound`] for a subscriber that names no tables: its effects cannot be taken back.
pub async fn rebuild(db: &Db, subscriber: &Arc<dyn Subscriber>) -> Result<i64> {
    cursor::ensure(db, subscriber.name(), subscriber.ordering()).await?;
    let head = db.head().await?;
    let mut tx = db.begin().await?;
    rebuild_in(&mut tx, subscriber.as_ref()).await?;
    tx.commit().await?;
    db.wake_subscribers();
    tracing::info!(subscriber = subscriber.name(), head, "a projection is being rebuilt");
    Ok(head)
}

/// The same within the caller's transaction, so that a change of a setting and the rebuild that it asks for happen together.
/// Call [`Db::wake_subscribers`] after the commit.
///
/// # Errors
/// As [`rebuild`].
pub async fn rebuild_in(tx: &mut Tx, subscriber: &dyn Subscriber) -> Result<()> {
    let name = subscriber.name();
    if subscriber.tables().is_empty() {
        return Err(StoreError::NotFound(format!("projection of the name {name}: it has no tables")));
    }
    tx.execute(REWIND.query().bind(name)).await?;
    tx.execute(DELETE_LETTERS.query().bind(name)).await?;
    subscriber.reset(tx).await
}
