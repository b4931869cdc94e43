//! Facts of persons for the stories.

use std::sync::Arc;

use clove_core::fact::{Erased, Handle, Merge, Unmerge};
use clove_core::{Fact, FactBody, FactId, IdGenerator, PersonId, Personal, SubjectId};
use clove_people::identity::live::IdentitySubscriber;
use clove_store::{Db, Driver, DriverOptions, SqlText, Step, Subscriber};
use uuid::Uuid;

use crate::support::event;

pub const PERSONS: SqlText = SqlText::both(
    "PERSONS",
    "SELECT subject, person, channel, first_fact, shared FROM person_subject ORDER BY subject",
);
pub const EDGES: SqlText =
    SqlText::both("EDGES", "SELECT merge, a, b, automatic, reason, seq FROM identity_edge ORDER BY merge");
pub const CHANGES: SqlText =
    SqlText::both("CHANGES", "SELECT seq, subject, from_person, to_person FROM person_change ORDER BY seq, subject");

/// `email:ann@x.it`, `user:7`, `anonymous:a1`, ...
pub fn handle(text: &str) -> Handle {
    let (channel, external_id) = text.split_once(':').unwrap();
    Handle::new(channel, "", external_id).unwrap()
}

pub fn personal(handles: &[&str]) -> Personal {
    Personal { handles: handles.iter().map(|text| handle(text)).collect(), ..Personal::default() }
}

pub fn subject_of(db: &Db, text: &str) -> SubjectId {
    db.hash_key().subject(&handle(text))
}

/// An event with handles; a subject of its own if it has none. The number makes it a delivery of its own.
pub fn seen(db: &Db, number: u64, handles: &[&str]) -> Fact {
    let personal = personal(handles);
    let own = SubjectId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x9000_0000_0000_0000 | number));
    let subject = personal.subject(db.hash_key()).unwrap_or(own);
    Fact { subject, personal: Some(personal), ..event(&ids(number), number) }
}

pub fn merge(number: u64, left: SubjectId, right: SubjectId) -> Fact {
    let body = Merge { subject: left, with: right, reason: "manual".to_owned(), by: Some("owner".to_owned()) };
    Fact { subject: left, body: FactBody::Merge(body), ..event(&ids(number), number) }
}

pub fn unmerge(number: u64, subject: SubjectId, merge: FactId) -> Fact {
    let body = Unmerge { merge, reason: "mistake".to_owned(), by: Some("owner".to_owned()) };
    Fact { subject, body: FactBody::Unmerge(body), ..event(&ids(number), number) }
}

/// Everything of a person was erased.
pub fn erased(db: &Db, number: u64, person: PersonId, handles: &[&str]) -> Fact {
    let subjects = handles.iter().map(|text| subject_of(db, text)).collect();
    let body = Erased { person, subjects, shared: Vec::new(), requested_by: "test".to_owned() };
    Fact { subject: SubjectId(person.0), body: FactBody::Erased(body), ..event(&ids(number), number) }
}

fn ids(number: u64) -> IdGenerator {
    let mut seed = [5; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    IdGenerator::new(seed)
}

/// Lets a subscriber handle everything that is in the log.
pub async fn run(db: &Db, subscriber: Arc<dyn Subscriber>, batch: usize) {
    let options = DriverOptions { batch, ..DriverOptions::default() };
    let mut driver = Driver::new(db.clone(), subscriber, options).await.unwrap();
    loop {
        match driver.step().await.unwrap() {
            Step::Applied { .. } => {}
            Step::Idle => break,
            other => panic!("{other:?}"),
        }
    }
    driver.stop().await.unwrap();
}

pub async fn run_identity(db: &Db) {
    run(db, Arc::new(IdentitySubscriber::default()), 1_000).await;
}

/// The person of a handle.
pub async fn person_of(db: &Db, text: &str) -> Option<PersonId> {
    let mut tx = db.begin().await.unwrap();
    let subject = subject_of(db, text);
    let found = clove_store::customer_view::persons(&mut tx, &[subject]).await.unwrap().get(&subject).copied();
    tx.rollback().await.unwrap();
    found
}

pub type PersonRow = (Uuid, Uuid, String, Option<i64>, bool);

pub async fn person_rows(db: &Db) -> Vec<PersonRow> {
    db.read_all(PERSONS.query()).await.unwrap()
}
