//! What the log holds of subjects, without bodies.

use clove_core::fact::partition_of;
use clove_core::{Micros, SubjectId};
use clove_store::{Db, Result};
use sqlx::FromRow;

clove_store::statements! {
    /// Every version of what has versions.
    SELECT_THINGS = both("SELECT seq, occurred_at, received_at, kind, source, external_id, version FROM fact \
        WHERE partition = $1 AND subject = $2 AND kind IN ('order.v1', 'refund.v1', 'customer_profile.v1') ORDER BY seq");
    /// The newest of what happened once, before a place; of kinds in a list between bars, or of all.
    SELECT_EVENTS = both("SELECT seq, occurred_at, received_at, kind, source, external_id, version FROM fact \
        WHERE partition = $1 AND subject = $2 AND kind NOT IN ('order.v1', 'refund.v1', 'customer_profile.v1') \
        AND (occurred_at < $3 OR (occurred_at = $3 AND seq < $4)) AND ($5 = '' OR $5 LIKE '%|' || kind || '|%') \
        ORDER BY occurred_at DESC, seq DESC LIMIT $6");
}

/// A fact without its body.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Heading {
    pub seq: i64,
    pub occurred_at: Micros,
    pub received_at: Micros,
    pub kind: String,
    pub source: String,
    pub external_id: String,
    pub version: String,
}

pub(super) async fn things(db: &Db, subject: SubjectId) -> Result<Vec<Heading>> {
    db.read_all(SELECT_THINGS.query().bind(partition_of(subject)).bind(subject)).await
}

pub(super) async fn events(
    db: &Db,
    subject: SubjectId,
    kinds: &str,
    before: (Micros, i64),
    limit: usize,
) -> Result<Vec<Heading>> {
    let query = SELECT_EVENTS
        .query()
        .bind(partition_of(subject))
        .bind(subject)
        .bind(before.0)
        .bind(before.1)
        .bind(kinds)
        .bind(limit as i64);
    db.read_all(query).await
}
