//! Erasing a person. See `docs/decisions/0011-erasure-for-good.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use clove_core::fact::{Erased, Handle};
use clove_core::{Fact, FactBody, FactId, PersonId, SubjectId};
use clove_store::erasure::{
    Deleted, Erasers, Erasure, Suppressed, Target, append_to_list, missing_from_database, suppress,
};
use clove_store::fact::personal_of_subject;
use clove_store::job::{ClaimedJob, replace_payload};
use clove_store::subscriber::wait_until;
use clove_store::{Db, Result, StoreError, Tx};
use uuid::Uuid;

use super::sql;
use crate::consent::own_source;
use crate::identity::live::IdentitySubscriber;
use crate::timeline::refund_subjects;

/// How long to wait for identity to know whose the facts are that are in the log already.
const PATIENCE: Duration = Duration::from_mins(1);
/// Rounds of finding names that a person is known by. Each new one must have come in by a fact meanwhile.
const MOST_ROUNDS: usize = 50;
/// Facts read of a subject at a time.
const FACTS_A_READ: usize = 500;

/// Who is to be erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// By id.
    pub person: Option<PersonId>,
    /// By names. All are suppressed, whether anybody has them or not.
    pub handles: Vec<Handle>,
}

/// Who is known by what.
struct Found {
    persons: Vec<PersonId>,
    subjects: Vec<SubjectId>,
    suppressed: Vec<Suppressed>,
}

/// Erases everything but nameless money, in the database. Returns the record of it.
///
/// The names that the person is known by are suppressed first, so that no further fact can come in under one of them. Then identity must
/// handle what is in the log already: that may show further names. When it shows none, all that is the person's is known, and
/// goes in one transaction.
pub(super) async fn erase(
    db: &Db,
    erasers: &Erasers,
    id: Uuid,
    wanted: &Wanted,
    requested_by: &str,
    job: Option<(&ClaimedJob, &str)>,
) -> Result<(Erasure, Vec<Deleted>)> {
    for round in 0..MOST_ROUNDS {
        let head = db.head().await?;
        match tokio::time::timeout(PATIENCE, wait_until(db, IdentitySubscriber::NAME, head)).await {
            Ok(done) => done?,
            Err(_) => {
                return Err(StoreError::Unavailable { reason: "identity does not get on: see its status".to_owned() });
            }
        }
        let mut tx = db.begin().await?;
        clove_store::fact::lock_log(&mut tx).await?;
        let found = find(&mut tx, wanted).await?;
        let hashes: Vec<Uuid> = found.suppressed.iter().map(|suppressed| suppressed.hash).collect();
        let known: BTreeSet<Uuid> = sql::suppressed(&mut tx, &hashes).await?.into_iter().collect();
        let new: Vec<Suppressed> =
            found.suppressed.iter().filter(|suppressed| !known.contains(&suppressed.hash)).cloned().collect();
        if round == 0 || !new.is_empty() {
            suppress(&mut tx, id, &new).await?;
            tx.commit().await?;
            continue;
        }
        let done = erase_found(&mut tx, erasers, id, found, wanted, requested_by).await?;
        if let Some((job, payload)) = job {
            // The job names the person, too.
            replace_payload(&mut tx, job, payload).await?;
        }
        tx.commit().await?;
        return Ok(done);
    }
    Err(StoreError::Unavailable { reason: "the person keeps coming in under new names".to_owned() })
}

/// What the person is known by, as identity sees it now.
async fn find(tx: &mut Tx, wanted: &Wanted) -> Result<Found> {
    let key = tx.db().hash_key().clone();
    let mut persons: BTreeSet<PersonId> = BTreeSet::new();
    if let Some(person) = wanted.person {
        // It may have been joined to another since it was asked for.
        persons.insert(sql::person_of_subject(tx, SubjectId(person.0)).await?.unwrap_or(person));
    }
    for handle in &wanted.handles {
        persons.extend(sql::person_of_handle(tx, handle).await?);
    }
    let persons: Vec<PersonId> = persons.into_iter().collect();
    let subjects = sql::members(tx, &persons).await?;
    let mut handles: BTreeSet<Handle> = wanted.handles.iter().cloned().collect();
    for subject in &subjects {
        let mut after = 0;
        loop {
            let rows = personal_of_subject(tx, *subject, after, FACTS_A_READ).await?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            let own = rows.iter().flat_map(|(_, personal)| personal.normal_handles());
            // A till's number is not the person's.
            handles.extend(own.filter(|handle| subjects.binary_search(&key.subject(handle)).is_ok()));
        }
    }
    let suppressed = handles.iter().map(|handle| Suppressed::handle(&key, handle)).collect();
    Ok(Found { persons, subjects, suppressed })
}

async fn erase_found(
    tx: &mut Tx,
    erasers: &Erasers,
    id: Uuid,
    found: Found,
    wanted: &Wanted,
    requested_by: &str,
) -> Result<(Erasure, Vec<Deleted>)> {
    let key = tx.db().hash_key().clone();
    let mut suppressed = found.suppressed;
    let mut orders = Vec::new();
    for subject in &found.subjects {
        for (is_order, source, external_id) in sql::records(tx, *subject).await? {
            if external_id.starts_with("erased-") {
                continue;
            }
            suppressed.push(Suppressed::record(&key, &source, &external_id));
            if is_order {
                orders.push((source.to_string(), external_id));
            }
        }
    }
    let mut records = refund_subjects(tx.db(), orders.into_iter());
    records.retain(|record| found.subjects.binary_search(record).is_err());
    let shared = sql::shared_with(tx, &found.subjects).await?;
    let nobody = || wanted.handles.first().map_or(PersonId(id), |handle| PersonId(key.subject(handle).0));
    let person = found.persons.first().copied().unwrap_or_else(nobody);
    // Orders that come again go to a subject that orders lie under, whichever name they come with.
    for name in suppressed.iter_mut().filter(|name| name.subject.is_some()) {
        name.subject = Some(SubjectId(person.0));
    }
    let erasure = Erasure {
        id,
        erased_at: tx.db().now(),
        key: key.fingerprint(),
        person,
        subjects: found.subjects,
        records,
        shared,
        suppressed,
        requested_by: requested_by.to_owned(),
    };
    let deleted = apply(tx, erasers, &erasure).await?;
    Ok((erasure, deleted))
}

/// The part of an erasure within a transaction.
async fn apply(tx: &mut Tx, erasers: &Erasers, erasure: &Erasure) -> Result<Vec<Deleted>> {
    let target = erasure.target();
    let mut deleted = Vec::new();
    for eraser in erasers {
        deleted.extend(eraser.erase(tx, &target).await?);
    }
    if erasure.subjects.is_empty() {
        // Nobody was known by it, or who was is erased already: then it leads to them.
        let hashes: Vec<Uuid> = erasure.suppressed.iter().map(|suppressed| suppressed.hash).collect();
        let known: BTreeSet<Uuid> = sql::suppressed(tx, &hashes).await?.into_iter().collect();
        let new = erasure.suppressed.iter().filter(|suppressed| !known.contains(&suppressed.hash)).cloned();
        suppress(tx, erasure.id, &new.collect::<Vec<_>>()).await?;
    } else {
        suppress(tx, erasure.id, &erasure.suppressed).await?;
    }
    let deleted = summed(deleted);
    erasure.record(tx, &deleted).await?;
    if !erasure.subjects.is_empty() {
        let body = Erased {
            person: erasure.person,
            subjects: erasure.subjects.clone(),
            shared: erasure.shared.clone(),
            requested_by: erasure.requested_by.clone(),
        };
        tx.append(vec![Fact {
            id: FactId(tx.db().ids().uuid(erasure.erased_at)),
            subject: SubjectId(erasure.person.0),
            source: own_source()?,
            external_id: format!("erasure/{}", erasure.id.simple()),
            version: "1".to_owned(),
            occurred_at: erasure.erased_at,
            received_at: tx.db().now(),
            cause: None,
            body: FactBody::Erased(body),
            personal: None,
        }])
        .await?;
    }
    Ok(deleted)
}

/// One line per kind, kinds of which there was nothing left out.
pub(super) fn summed(deleted: Vec<Deleted>) -> Vec<Deleted> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for line in deleted {
        *sums.entry(line.what).or_default() += line.count;
    }
    sums.into_iter().filter(|(_, count)| *count > 0).map(|(what, count)| Deleted { what, count }).collect()
}

/// The part outside the transaction: files, caches, the list beside the database, the log of changes. May be done again.
pub(super) async fn after_commit(db: &Db, erasers: &Erasers, target: &Target) -> Result<Vec<Deleted>> {
    let mut deleted = Vec::new();
    for eraser in erasers {
        deleted.extend(eraser.after_commit(db, target).await?);
    }
    append_to_list(db).await?;
    write_back(db).await?;
    Ok(summed(deleted))
}

async fn write_back(db: &Db) -> Result<()> {
    for _ in 0..20 {
        if db.write_back().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tracing::warn!("a long read keeps the log of changes from being written back; it is at the next checkpoint");
    Ok(())
}

/// Does again what an older backup, which this database was restored from, does not know: the erasures of a list, or of the file beside
/// the database. Returns how many there were. To be called before anything is read or taken in.
pub async fn replay(db: &Db, erasers: &Erasers, list: Option<Vec<Erasure>>) -> Result<usize> {
    let missing = missing_from_database(db, list).await?;
    for erasure in &missing {
        let mut tx = db.begin().await?;
        apply(&mut tx, erasers, erasure).await?;
        tx.commit().await?;
        for eraser in erasers {
            eraser.after_commit(db, &erasure.target()).await?;
        }
    }
    if !missing.is_empty() {
        tracing::warn!(
            erasures = missing.len(),
            "the database is older than its list of erasures; they were done again"
        );
        write_back(db).await?;
    }
    append_to_list(db).await?;
    Ok(missing.len())
}
