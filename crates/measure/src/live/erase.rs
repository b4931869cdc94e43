//! The part of value in erasures: order and refund numbers go, money stays.

use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::{Result, Tx};
use futures::future::BoxFuture;
use uuid::Uuid;

use super::sql;

/// Takes the source's ids out of the rows that value is computed of.
#[derive(Debug, Clone, Copy, Default)]
pub struct ValueEraser;

impl Eraser for ValueEraser {
    fn name(&self) -> &'static str {
        "value"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let subjects: Vec<Uuid> = target.of_facts().map(|subject| subject.0).collect();
            sql::erase(tx, &subjects).await?;
            Ok(Vec::new())
        })
    }
}
