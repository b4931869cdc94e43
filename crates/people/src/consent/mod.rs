//! Consent: evidence per person, channel and purpose, and what it comes to. The subscriber `consent`, a projection that runs after
//! identity and writes `person_consent`, which everyone reads through `clove_store::customer_view`.
//!
//! Evidence are facts: they are never edited, and say who, when, how, under which text. Persons that are joined join their evidence,
//! so the later word counts whichever of their names it was said under, and an unmerge gives back what was.

mod evidence;
mod give;
mod sql;
pub mod tracking;

pub use evidence::{ConsentState, Decision, Evidence, Proof};
pub(crate) use give::own_source;
pub use give::{Change, Confirmed, Given, confirm, give};
pub use sql::ConsentForm;
pub(crate) use sql::STATEMENTS;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use clove_core::{FactBody, PersonId};
use clove_store::customer_view::{Consent, replace_consents};
use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::fact::read_personal;
use clove_store::subscriber::Ordering;
use clove_store::{Db, Result, StoredFact, Subscriber, Tx};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::identity::live::IdentitySubscriber;
use crate::touched::persons_touched;
use evidence::proofs_of;
use sql::ProofKey;

/// The subscriber that keeps consents.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConsentSubscriber;

impl ConsentSubscriber {
    /// Its name, for `after` of other subscribers.
    pub const NAME: &'static str = "consent";
}

impl Subscriber for ConsentSubscriber {
    fn name(&self) -> &'static str {
        ConsentSubscriber::NAME
    }

    /// A person's subjects lie in many partitions: persons are put together by one process.
    fn ordering(&self) -> Ordering {
        Ordering::Global
    }

    fn after(&self) -> &'static [&'static str] {
        &[IdentitySubscriber::NAME]
    }

    /// Nobody waits for it in the middle of a request.
    fn gathers_for(&self) -> Duration {
        Duration::from_millis(100)
    }

    fn tables(&self) -> &'static [&'static str] {
        &["subject_consent", "person_consent"]
    }

    fn reset<'a>(&'a self, tx: &'a mut Tx) -> BoxFuture<'a, Result<()>> {
        Box::pin(sql::reset(tx))
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (Some(first), Some(last)) = (facts.first(), facts.last()) else { return Ok(()) };
            let personal = if facts.iter().any(|fact| matches!(*fact.body, FactBody::Identify(_))) {
                read_personal(tx, first.seq, last.seq).await?
            } else {
                std::collections::HashMap::new()
            };
            let mut said: BTreeMap<ProofKey, Proof> = BTreeMap::new();
            let mut erased: BTreeSet<Uuid> = BTreeSet::new();
            for fact in facts {
                if let FactBody::Erased(body) = &*fact.body {
                    erased.extend(body.subjects.iter().map(|subject| subject.0));
                    said.retain(|(subject, ..), _| !erased.contains(subject));
                }
                for (channel, purpose, proof) in proofs_of(fact, personal.get(&fact.seq).map(|personal| &**personal)) {
                    said.entry((fact.subject.0, channel, purpose)).or_default().merge(&proof);
                }
            }
            let subjects: BTreeSet<Uuid> = said.keys().map(|(subject, ..)| *subject).chain(erased.clone()).collect();
            let subjects: Vec<Uuid> = subjects.into_iter().collect();
            let erased: Vec<Uuid> = erased.into_iter().collect();
            sql::delete_proofs(tx, &erased).await?;
            let known: BTreeMap<ProofKey, Proof> = sql::proofs(tx, &subjects).await?.into_iter().collect();
            let mut changed = Vec::new();
            for (key, proof) in said {
                let before = known.get(&key);
                let mut whole = before.cloned().unwrap_or_default();
                whole.merge(&proof);
                if before != Some(&whole) {
                    changed.push((key, whole));
                }
            }
            sql::put_proofs(tx, &changed).await?;
            let persons = persons_touched(tx, &subjects, first.seq, last.seq).await?;
            put_together(tx, &persons).await
        })
    }
}

/// Writes what the evidence of persons comes to.
async fn put_together(tx: &mut Tx, persons: &[Uuid]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    let mut whole: BTreeMap<ProofKey, Proof> = BTreeMap::new();
    for (key, proof) in sql::proofs_of_persons(tx, persons).await? {
        whole.entry(key).or_default().merge(&proof);
    }
    let row = |((person_uuid, channel, purpose), proof): (ProofKey, Proof)| {
        let decision = proof.decision()?;
        Some(Consent {
            person_uuid,
            channel,
            purpose,
            granted: decision.state == ConsentState::Granted,
            changed_at: decision.evidence.at,
            evidence_seq: decision.evidence.seq,
        })
    };
    let rows: Vec<Consent> = whole.into_iter().filter_map(row).collect();
    let persons: Vec<PersonId> = persons.iter().map(|person| PersonId(*person)).collect();
    replace_consents(tx, &persons, &rows).await
}

/// What a person consented to: channel, purpose, all that proves it.
pub async fn consents_of(db: &Db, person: PersonId) -> Result<Vec<(String, String, Proof)>> {
    let mut whole: BTreeMap<(String, String), Proof> = BTreeMap::new();
    for ((_, channel, purpose), proof) in sql::proofs_of_person(db, person).await? {
        whole.entry((channel, purpose)).or_default().merge(&proof);
    }
    Ok(whole.into_iter().map(|((channel, purpose), proof)| (channel, purpose, proof)).collect())
}

/// The forms that ask for consent.
pub async fn forms(db: &Db) -> Result<Vec<ConsentForm>> {
    sql::forms(db).await
}

/// The form of a name.
pub async fn form(db: &Db, name: &str) -> Result<Option<ConsentForm>> {
    sql::form(db, name).await
}

/// Writes a form, over what was there.
pub async fn put_form(db: &Db, form: &ConsentForm) -> Result<()> {
    let mut tx = db.begin().await?;
    sql::put_form(&mut tx, form).await?;
    tx.commit().await
}

/// Takes a form away; whether there was one. Consents given by it stay.
pub async fn delete_form(db: &Db, name: &str) -> Result<bool> {
    let mut tx = db.begin().await?;
    let there = sql::delete_form(&mut tx, name).await?;
    tx.commit().await?;
    Ok(there)
}

/// The part of consents in erasures.
#[derive(Debug, Clone, Copy, Default)]
pub struct ConsentEraser;

impl Eraser for ConsentEraser {
    fn name(&self) -> &'static str {
        "consents"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let subjects: Vec<Uuid> = target.of_facts().map(|subject| subject.0).collect();
            let evidence = sql::delete_proofs(tx, &subjects).await?;
            let tokens = sql::delete_tokens_of(tx, &subjects).await?;
            Ok(vec![
                Deleted::new("evidence of consent", evidence),
                Deleted::new("confirmations of consent waited for", tokens),
            ])
        })
    }

    fn export<'a>(&'a self, db: &'a Db, target: &'a Target) -> BoxFuture<'a, Result<Option<serde_json::Value>>> {
        Box::pin(async move {
            let list: Vec<serde_json::Value> = consents_of(db, target.person)
                .await?
                .into_iter()
                .map(|(channel, purpose, proof)| {
                    serde_json::json!({
                        "channel": channel,
                        "purpose": purpose,
                        "state": proof.decision().map(|decision| decision.state),
                        "proof": proof,
                    })
                })
                .collect();
            Ok((!list.is_empty()).then_some(list.into()))
        })
    }
}
