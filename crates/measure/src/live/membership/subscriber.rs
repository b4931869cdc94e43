//! The subscriber `segments`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use clove_core::{FactBody, FactId, PersonId, SubjectId};
use clove_store::customer_view::{person_changes, persons};
use clove_store::subscriber::Ordering;
use clove_store::{Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;

use super::definitions::Definitions;
use super::evaluate::{Why, evaluate};
use super::jobs::{YOUNG, ask_for_fill_in};
use super::sql;
use crate::live::ValueSubscriber;
use crate::live::interaction::{InteractionSubscriber, PAGE, SCREEN};

/// Facts behind the end of the log from which on persons are not looked at one by one: the whole shop is, once, at the end.
const FAR_BEHIND: i64 = 20_000;

/// Keeps memberships. Readers find them in [`clove_store::customer_view`].
#[derive(Default)]
pub struct MembershipSubscriber {
    /// The segments as they were last read.
    known: Mutex<Option<Arc<Definitions>>>,
}

impl MembershipSubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "segments";

    /// The segments as they are now; waits for everybody who writes memberships.
    async fn definitions(&self, tx: &mut Tx) -> Result<Arc<Definitions>> {
        let state = sql::lock(tx).await?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.revision == state.revision) {
            return Ok(known);
        }
        let read = Arc::new(Definitions::read_in(tx, state).await?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&read));
        Ok(read)
    }
}

impl MembershipSubscriber {
    /// The names of events that definitions ask for, if there is an event among the facts. A definition that comes later is filled
    /// from the same events.
    async fn names_asked(&self, tx: &mut Tx, facts: &[StoredFact]) -> Result<Arc<BTreeSet<String>>> {
        if !facts.iter().any(|fact| event_name(&fact.body).is_some()) {
            return Ok(Arc::default());
        }
        let revision = sql::state(tx.db()).await?.revision;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let definitions = match known.filter(|known| known.revision == revision) {
            Some(known) => known,
            None => self.definitions(tx).await?,
        };
        Ok(Arc::clone(&definitions.event_names))
    }
}

impl Subscriber for MembershipSubscriber {
    fn name(&self) -> &'static str {
        MembershipSubscriber::NAME
    }

    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    fn after(&self) -> &'static [&'static str] {
        // `consent` is the name of the subscriber in `people`, which no other capability imports.
        &[ValueSubscriber::NAME, InteractionSubscriber::NAME, "consent"]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(()) };
            let is_far_behind = tx.db().head().await? - last.seq > FAR_BEHIND;
            let names = if is_far_behind { Arc::default() } else { self.names_asked(tx, facts).await? };
            let touched = touched(tx, facts, (first.seq, last.seq), is_far_behind, &names).await?;
            if is_far_behind {
                ask_for_fill_in(tx).await?;
            }
            if touched.is_empty() {
                return Ok(());
            }
            let definitions = self.definitions(tx).await?;
            let persons: Vec<PersonId> = touched.keys().copied().collect();
            evaluate(tx, &definitions, &persons, &Why::Facts(&touched)).await?;
            if definitions.snapshot.as_deref().is_none_or(|snapshot| snapshot.buyers < YOUNG) {
                ask_for_fill_in(tx).await?;
            }
            Ok(())
        })
    }
}

/// Whoever may belong elsewhere after some facts, with the fact that is the cause. Before a fill only those whom it does not find: who
/// have nothing any more.
async fn touched(
    tx: &mut Tx,
    facts: &[StoredFact],
    (from, until): (i64, i64),
    is_before_fill: bool,
    events: &BTreeSet<String>,
) -> Result<BTreeMap<PersonId, FactId>> {
    let last = facts[facts.len() - 1].id;
    let seen: BTreeMap<SubjectId, FactId> = facts.iter().map(|fact| (fact.subject, fact.id)).collect();
    let subjects: Vec<SubjectId> = seen.keys().copied().collect();
    let of_fact: BTreeMap<PersonId, FactId> =
        persons(tx, &subjects).await?.into_iter().map(|(subject, person)| (person, seen[&subject])).collect();
    let mut touched: BTreeSet<PersonId> = sql::emptied_at(tx, (from, until)).await?.into_iter().collect();
    for change in person_changes(tx, from, until).await? {
        touched.extend([change.from, change.to]);
    }
    if !is_before_fill {
        // What a fact says of a person beside orders: consents, another band of the forecast, an event that somebody asks for.
        let is_asked = |body: &FactBody| event_name(body).is_some_and(|name| events.contains(name));
        let speaking = facts.iter().filter(|fact| speaks_of_person(&fact.body) || is_asked(&fact.body));
        let speaking = speaking.map(|fact| fact.subject);
        let speaking: Vec<SubjectId> = speaking.collect::<BTreeSet<_>>().into_iter().collect();
        touched.extend(persons(tx, &speaking).await?.into_values());
        touched.extend(sql::counted_at(tx, (from, until)).await?);
    }
    Ok(touched.into_iter().map(|person| (person, of_fact.get(&person).copied().unwrap_or(last))).collect())
}

fn speaks_of_person(body: &FactBody) -> bool {
    matches!(
        body,
        FactBody::ConsentGranted(_)
            | FactBody::ConsentWithdrawn(_)
            | FactBody::Erased(_)
            | FactBody::ScoreBandChanged(_)
    )
}

/// The name under which events are counted.
fn event_name(body: &FactBody) -> Option<&str> {
    match body {
        FactBody::Track(track) => Some(&track.event),
        FactBody::Page(_) => Some(PAGE),
        FactBody::Screen(_) => Some(SCREEN),
        _ => None,
    }
}
