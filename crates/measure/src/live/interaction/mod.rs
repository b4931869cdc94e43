//! What people do beside buying: events, pages and screens. The subscriber `interactions`, a projection that stands by itself.
//!
//! One row per fact, under the subject that it came under; persons are put together when somebody asks, so that merges and unmerges
//! need nothing here.

mod occurrence;
pub(in crate::live) mod sql;

use std::collections::BTreeMap;
use std::time::Duration;

use clove_core::FactBody;
use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::subscriber::Ordering;
use clove_store::{Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use uuid::Uuid;

pub use occurrence::{Occurrence, PAGE, SCREEN};

/// Keeps what people do.
#[derive(Debug, Clone, Copy, Default)]
pub struct InteractionSubscriber;

impl InteractionSubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "interactions";
}

impl Subscriber for InteractionSubscriber {
    fn name(&self) -> &'static str {
        InteractionSubscriber::NAME
    }

    /// An erasure reaches all subjects of a person.
    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    /// Nobody waits for it in the middle of a request.
    fn gathers_for(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["interaction"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(sql::reset(tx))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut rows: BTreeMap<i64, (Uuid, Occurrence)> = BTreeMap::new();
            for fact in facts {
                if let FactBody::Erased(erased) = &*fact.body {
                    let subjects: Vec<Uuid> = erased.subjects.iter().map(|subject| subject.0).collect();
                    // What comes after an erasure is not what it erased.
                    rows.retain(|_, (subject, _)| !subjects.contains(subject));
                    sql::delete(tx, &subjects).await?;
                } else if let Some(occurrence) = Occurrence::of(fact) {
                    rows.insert(fact.seq, (fact.subject.0, occurrence));
                }
            }
            sql::insert(tx, rows.into_iter().collect()).await
        })
    }
}

/// The part of what people do in erasures.
#[derive(Debug, Clone, Copy, Default)]
pub struct InteractionEraser;

impl Eraser for InteractionEraser {
    fn name(&self) -> &'static str {
        "interactions"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let subjects: Vec<Uuid> = target.of_facts().map(|subject| subject.0).collect();
            Ok(vec![Deleted::new("events", sql::delete(tx, &subjects).await?)])
        })
    }
}
