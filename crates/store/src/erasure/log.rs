//! The log's own part of an erasure.

use futures::future::BoxFuture;

use super::{Deleted, Eraser, Target};
use crate::customer_view;
use crate::db::Tx;
use crate::error::Result;
use crate::fact::erase_subject;

/// Erases the log and what is computed of a person. Money stays, as nameless totals. See `docs/decisions/0005-erasure-and-the-log.md`.
#[derive(Debug, Clone, Copy, Default)]
pub struct FactEraser;

impl Eraser for FactEraser {
    fn name(&self) -> &'static str {
        "facts"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let (mut facts, mut personal) = (0, 0);
            for subject in target.of_facts() {
                let erased = erase_subject(tx, subject).await?;
                facts += erased.facts;
                personal += erased.personal;
            }
            let computed = customer_view::forget_but_money(tx, target.person).await?;
            Ok(vec![
                Deleted::new("facts made nameless", facts),
                Deleted::new("identifying fields", personal),
                Deleted::new("scores, segments and consents", computed),
            ])
        })
    }
}
