//! What processes that are gone still hold. On SQLite the lock of the folder proves that no other process lives: their leases
//! need not run out first.

use clove_core::Micros;

use super::Engine;
use super::tx::{Connection, Durable};
use crate::error::Result;

crate::statements! {
    FREE_PARTITIONS = both("UPDATE subscriber_cursor SET owner = NULL, lease_until = 0 WHERE owner IS NOT NULL");
    DELETE_WORKERS = both("DELETE FROM subscriber_worker");
    DELETE_TROUBLES = both("DELETE FROM subscriber_trouble");
    /// Attempts stay counted: a job that kills its process is given up in the end.
    FREE_JOBS = both("UPDATE job SET run_at = $1 WHERE attempts > 0 AND last_error IS NULL AND died_at IS NULL AND run_at > $1");
}

/// Gives back every partition and every claimed job.
pub(super) async fn give_back(engine: &Engine, now: Micros) -> Result<()> {
    let mut connection = Connection::begin(engine, Durable::AtCommit).await?;
    let partitions = connection.execute(FREE_PARTITIONS.query()).await?;
    connection.execute(DELETE_WORKERS.query()).await?;
    connection.execute(DELETE_TROUBLES.query()).await?;
    let jobs = connection.execute(FREE_JOBS.query().bind(now)).await?;
    connection.commit().await?;
    if partitions + jobs > 0 {
        tracing::info!(partitions, jobs, "took back what a process that ended badly still held");
    }
    Ok(())
}
