//! Erasure: the one change that the log knows. See `docs/decisions/0005-erasure-and-the-log.md`.

use clove_core::fact::partition_of;
use clove_core::{FactBody, FactKind, Source, SubjectId};

use crate::db::Tx;
use crate::error::Result;

crate::statements! {
    SELECT_TO_ERASE = both("SELECT seq, source, kind, external_id, body FROM fact WHERE partition = $1 AND seq > $2 AND subject = $3 ORDER BY seq LIMIT 500");
    UPDATE_ERASED = both("UPDATE fact SET external_id = $1, body = $2 WHERE seq = $3");
    DELETE_PERSONAL = both("DELETE FROM personal WHERE seq IN (SELECT seq FROM fact WHERE partition = $1 AND subject = $2)");
}

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedFacts {
    /// Facts of the subject, now without external ids and free-form properties.
    pub facts: u64,
    /// Rows of identifying fields that were deleted.
    pub personal: u64,
}

/// Removes from the log what identifies a subject: its rows of identifying fields, external ids, free-form properties. Money,
/// times and products stay, so that totals do not change; the keyed delivery keys stay, so that a repeated delivery is still
/// recognised. Doing it again changes nothing.
pub async fn erase_subject(tx: &mut Tx, subject: SubjectId) -> Result<ErasedFacts> {
    let key = tx.db().hash_key().clone();
    let partition = partition_of(subject);
    tx.note_erasing();
    let mut facts = 0;
    let mut after = 0;
    loop {
        let rows: Vec<(i64, String, String, String, String)> =
            tx.fetch_all(SELECT_TO_ERASE.query().bind(partition).bind(after).bind(subject)).await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        facts += rows.len() as u64;
        for (seq, source, kind, external_id, body) in rows {
            if external_id.starts_with("erased-") {
                continue;
            }
            let source: Source = source.parse()?;
            let body = FactBody::parse(&FactKind::from_name(&kind), &body)?.erased(&key, &source).to_json()?;
            let external_id = key.erased_external_id(&source, &external_id);
            tx.execute(UPDATE_ERASED.query().bind(external_id).bind(body).bind(seq)).await?;
        }
    }
    let personal = tx.execute(DELETE_PERSONAL.query().bind(partition).bind(subject)).await?;
    Ok(ErasedFacts { facts, personal })
}
