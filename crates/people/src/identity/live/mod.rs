//! Identity over the fact log: the subscriber `identity`, a projection that runs before all work per person.
//!
//! Every handle is a subject, by a keyed hash. A fact shows that its own subject and all subjects of its handles are one person:
//! each pair is an **edge** with an id of its own, made from the pair. A `Merge` fact is an edge with the fact's id. `Unmerge`
//! names an edge and takes it back, whether it comes before or after. Persons are the connected components over the edges that
//! count; so the same facts in any order give the same partition of subjects into persons.
//!
//! A person's id is the subject of the person's first fact: of two persons that are joined, the older one keeps its id.

mod familiar;
mod graph;
mod sql;
mod work;

pub(crate) use sql::STATEMENTS;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clove_core::{FactId, FactKind, PersonId, SubjectId};
use clove_store::fact::read_personal;
use clove_store::subscriber::Ordering;
use clove_store::{Db, EngineKind, Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;

use super::IdentityOptions;
use familiar::Familiar;
use graph::Seen;
use work::Work;

/// The subscriber. Readers find what it keeps in [`clove_store::customer_view`].
#[derive(Debug, Clone, Default)]
pub struct IdentitySubscriber {
    options: IdentityOptions,
    familiar: Arc<Mutex<Familiar>>,
}

impl IdentitySubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "identity";

    /// With options of the shop's own.
    pub fn new(options: IdentityOptions) -> IdentitySubscriber {
        IdentitySubscriber { options, familiar: Arc::default() }
    }
}

fn locked(familiar: &Mutex<Familiar>) -> MutexGuard<'_, Familiar> {
    familiar.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Subscriber for IdentitySubscriber {
    fn name(&self) -> &'static str {
        IdentitySubscriber::NAME
    }

    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    fn tables(&self) -> &'static [&'static str] {
        &["person_subject", "identity_edge", "identity_unmerge", "identity_kept_shared", "person_change"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(sql::reset(tx))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(()) };
            let personal = read_personal(tx, first.seq, last.seq).await?;
            let key = tx.db().hash_key().clone();
            // Where others write the same tables, they may have erased what was familiar here.
            let alone = tx.engine() == EngineKind::Sqlite;
            let erases = facts.iter().any(|fact| matches!(fact.kind(), FactKind::Erased));
            let (mut seen, mut shapes) = (Vec::new(), Vec::new());
            {
                let mut familiar = locked(&self.familiar);
                familiar.begin(first.seq);
                if erases {
                    familiar.forget();
                }
                // Costs and products are nobody's.
                let of_persons =
                    facts.iter().filter(|fact| !matches!(fact.kind(), FactKind::Spend | FactKind::Product));
                for fact in of_persons {
                    let personal = personal.get(&fact.seq).map(|personal| &**personal);
                    let shape = if alone && !erases { Familiar::shape(&key, fact, personal) } else { None };
                    if shape.is_some_and(|shape| familiar.knows(shape)) {
                        continue;
                    }
                    shapes.extend(shape);
                    seen.push(Seen::of(&key, fact, personal));
                }
            }
            let mut work = Work::begin(tx, self.options.shared_handle_limit, &seen).await?;
            for fact in &seen {
                work.take(fact).await?;
                if let Some(merge) = fact.unmerges {
                    work.unmerge(merge, fact.seq).await?;
                }
                work.erase(fact).await?;
                work.end_of_fact(fact.seq);
            }
            work.finish().await?;
            let (familiar, until) = (Arc::clone(&self.familiar), last.seq);
            tx.after_commit(move || locked(&familiar).learn(shapes, until));
            Ok(())
        })
    }
}

/// Why two subjects are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// What an `Unmerge` fact names to take it back.
    pub merge: FactId,
    /// One subject.
    pub left: SubjectId,
    /// The other.
    pub right: SubjectId,
    /// Seen together in a fact, rather than joined by a `Merge` fact.
    pub automatic: bool,
    /// `email`, `phone`, `anonymous`, the channel of an account, or the reason that the `Merge` fact gives.
    pub reason: String,
    /// The fact that showed it first.
    pub seq: i64,
    /// The fact that took it back, if one did.
    pub undone_by: Option<i64>,
}

/// Everything that joins, or once joined, a person's subjects: oldest first.
pub async fn joins(db: &Db, person: PersonId) -> Result<Vec<Join>> {
    let rows = sql::joins(db, person.0).await?;
    let join = |(merge, left, right, automatic, reason, seq, undone_by)| Join {
        merge: FactId(merge),
        left: SubjectId(left),
        right: SubjectId(right),
        automatic,
        reason,
        seq,
        undone_by,
    };
    Ok(rows.into_iter().map(join).collect())
}

/// Subjects of handles that join nobody, because too many different customers share them, with their channels: for data health.
/// Facts taken in under such a subject are those of unknown persons.
pub async fn shared_handles(db: &Db, limit: usize) -> Result<Vec<(SubjectId, String)>> {
    sql::shared(db, limit).await
}
