//! Which order a shop means by the id that only its programs see: a projection of the log, for bodies that name nothing else.

use std::collections::HashMap;

use clove_core::{FactBody, Source};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::fact::StoredFact;
use crate::sql::row_chunks;
use crate::subscriber::Subscriber;

crate::statements! {
    UPSERT_ORDERS = rows(5, "INSERT INTO known_order (source, internal_id, external_id, subject, seq) VALUES {rows} \
        ON CONFLICT (source, internal_id) DO UPDATE SET external_id = excluded.external_id, subject = excluded.subject, \
        seq = excluded.seq WHERE known_order.seq < excluded.seq");
    SELECT_ORDER = both("SELECT external_id, seq FROM known_order WHERE source = $1 AND internal_id = $2");
    DELETE_OF_SUBJECTS = rows(1, "DELETE FROM known_order WHERE subject IN ({rows})");
    EMPTY = both("DELETE FROM known_order");
}

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 256;

/// The subscriber `known-orders`.
#[derive(Debug, Clone, Copy, Default)]
pub struct KnownOrders;

impl Subscriber for KnownOrders {
    fn name(&self) -> &'static str {
        "known-orders"
    }

    fn tables(&self) -> &'static [&'static str] {
        &["known_order"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { tx.execute(EMPTY.query()).await.map(drop) })
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut newest: HashMap<(&Source, &str), &StoredFact> = HashMap::new();
            for fact in facts {
                match &*fact.body {
                    FactBody::Order(order) => {
                        if let Some(internal_id) = &order.internal_id {
                            newest.insert((&fact.source, internal_id), fact);
                        }
                    }
                    FactBody::Erased(erased) => {
                        write(tx, std::mem::take(&mut newest)).await?;
                        let subjects: Vec<Uuid> = erased.subjects.iter().map(|subject| subject.0).collect();
                        forget(tx, &subjects).await?;
                    }
                    _ => {}
                }
            }
            write(tx, newest).await
        })
    }
}

async fn write(tx: &mut Tx, newest: HashMap<(&Source, &str), &StoredFact>) -> Result<()> {
    let rows: Vec<((&Source, &str), &StoredFact)> = newest.into_iter().collect();
    let mut rest = &rows[..];
    for size in row_chunks(rows.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut upsert = UPSERT_ORDERS.query_rows(size);
        for ((source, internal_id), fact) in chunk {
            upsert.push(source.as_str());
            upsert.push(*internal_id);
            upsert.push(fact.external_id.as_str());
            upsert.push(fact.subject);
            upsert.push(fact.seq);
        }
        tx.execute(upsert).await?;
    }
    Ok(())
}

async fn forget(tx: &mut Tx, subjects: &[Uuid]) -> Result<()> {
    let mut rest = subjects;
    for size in row_chunks(subjects.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut delete = DELETE_OF_SUBJECTS.query_rows(size);
        for subject in chunk {
            delete.push(*subject);
        }
        tx.execute(delete).await?;
    }
    Ok(())
}

/// The external id of the order that a source's programs know by this id, and the number of its fact received last.
pub async fn find(db: &Db, source: &Source, internal_id: &str) -> Result<Option<(String, i64)>> {
    db.read_optional(SELECT_ORDER.query().bind(source.as_str()).bind(internal_id)).await
}
