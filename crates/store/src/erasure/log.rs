//! The store's own parts of an erasure: the log, and records kept apart.

use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{Deleted, Eraser, Target};
use crate::customer_view;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::fact::erase_subject;
use crate::quarantine;

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

/// Erases records that were kept apart because they make no sense.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuarantineEraser;

impl Eraser for QuarantineEraser {
    fn name(&self) -> &'static str {
        "quarantine"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let subjects: Vec<_> = target.of_facts().collect();
            let erased = quarantine::erase_subjects(tx, &subjects).await?;
            Ok(vec![Deleted::new("records in quarantine", erased)])
        })
    }

    fn export<'a>(&'a self, db: &'a Db, target: &'a Target) -> BoxFuture<'a, Result<Option<Value>>> {
        Box::pin(async move {
            let subjects: Vec<_> = target.of_facts().collect();
            let mut records = Vec::new();
            for kept in quarantine::of_subjects(db, &subjects).await? {
                let record = quarantine::read_record(db, kept.id).await?;
                records.push(json!({
                    "source": kept.source, "received_at": kept.received_at, "state": kept.state.name(),
                    "problem": kept.message, "record": record,
                }));
            }
            Ok((!records.is_empty()).then_some(records.into()))
        })
    }
}
