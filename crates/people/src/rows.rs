//! Statements for many rows.

use clove_store::{Query, Record, Result, SqlText, Tx, row_chunks};
use uuid::Uuid;

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 1_024;

/// One query per chunk of ids.
pub(crate) async fn for_ids<T: Record>(tx: &mut Tx, text: SqlText, ids: &[Uuid]) -> Result<Vec<T>> {
    let mut found = Vec::new();
    let mut rest = ids;
    for size in row_chunks(ids.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = text.query_rows(size);
        for id in chunk {
            query.push(*id);
        }
        found.extend(tx.fetch_all::<T>(query).await?);
    }
    Ok(found)
}

/// One statement per chunk of rows; how many rows they changed.
pub(crate) async fn for_rows<T>(
    tx: &mut Tx,
    text: SqlText,
    rows: &[T],
    push: impl Fn(&mut Query, &T) + Send,
) -> Result<u64>
where
    T: Sync,
{
    let mut changed = 0;
    let mut rest = rows;
    for size in row_chunks(rows.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = text.query_rows(size);
        for row in chunk {
            push(&mut query, row);
        }
        changed += tx.execute(query).await?;
    }
    Ok(changed)
}
