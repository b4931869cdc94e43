//! Which subjects are one person, and when that changed.

use std::collections::HashMap;

use clove_core::{PersonId, SubjectId};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    SELECT_PERSONS = rows(1, "SELECT subject, person FROM person_subject WHERE subject IN ({rows})");
    SELECT_PERSON = both("SELECT person FROM person_subject WHERE subject = $1");
    SELECT_SUBJECTS = both("SELECT subject FROM person_subject WHERE person = $1 ORDER BY subject");
    SELECT_MEMBERS = rows(1, "SELECT person, subject, channel, shared FROM person_subject WHERE person IN ({rows})");
    SELECT_CHANGES = both("SELECT seq, subject, from_person, to_person FROM person_change WHERE seq >= $1 AND seq <= $2 \
        ORDER BY seq, subject");
}

/// A subject that moved from one person to another: by a join, or when one was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonChange {
    /// The fact at which it moved.
    pub seq: i64,
    /// What moved.
    pub subject: SubjectId,
    /// The person that it belonged to.
    pub from: PersonId,
    /// The person that it belongs to from there on.
    pub to: PersonId,
}

/// The persons of subjects. A subject that identity has not seen is missing: wait for the subscriber `identity`.
pub async fn persons(tx: &mut Tx, subjects: &[SubjectId]) -> Result<HashMap<SubjectId, PersonId>> {
    let mut found = HashMap::with_capacity(subjects.len());
    let mut rest = subjects;
    for size in row_chunks(subjects.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_PERSONS.query_rows(size);
        for subject in chunk {
            select.push(*subject);
        }
        let rows: Vec<(Uuid, Uuid)> = tx.fetch_all(select).await?;
        found.extend(rows.into_iter().map(|(subject, person)| (SubjectId(subject), PersonId(person))));
    }
    Ok(found)
}

/// The person of a subject; `None` if identity has not seen it (yet).
pub async fn person_of(db: &Db, subject: SubjectId) -> Result<Option<PersonId>> {
    let row: Option<(Uuid,)> = db.read_optional(SELECT_PERSON.query().bind(subject)).await?;
    Ok(row.map(|(person,)| PersonId(person)))
}

/// A subject of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// The subject.
    pub subject: SubjectId,
    /// Whether it is a handle that names the person: an account, an e-mail address or a phone number, and not one that too many
    /// different customers share. A visitor or a guest's order does not.
    pub names: bool,
}

/// The subjects of several persons; none for a person that was joined to another.
pub async fn members_of(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<Member>> {
    let mut found = Vec::with_capacity(persons.len());
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_MEMBERS.query_rows(size);
        for person in chunk {
            select.push(*person);
        }
        let rows: Vec<(Uuid, Uuid, String, bool)> = tx.fetch_all(select).await?;
        found.extend(rows.into_iter().map(|(person, subject, channel, shared)| Member {
            person: PersonId(person),
            subject: SubjectId(subject),
            names: !shared && !matches!(channel.as_str(), "" | "anonymous"),
        }));
    }
    Ok(found)
}

/// The subjects of a person, by id; none for a person that was joined to another.
pub async fn subjects(db: &Db, person: PersonId) -> Result<Vec<SubjectId>> {
    let rows: Vec<(Uuid,)> = db.read_all(SELECT_SUBJECTS.query().bind(person)).await?;
    Ok(rows.into_iter().map(|(subject,)| SubjectId(subject)).collect())
}

/// The same within a transaction, as it sees them.
pub async fn subjects_in(tx: &mut Tx, person: PersonId) -> Result<Vec<SubjectId>> {
    let rows: Vec<(Uuid,)> = tx.fetch_all(SELECT_SUBJECTS.query().bind(person)).await?;
    Ok(rows.into_iter().map(|(subject,)| SubjectId(subject)).collect())
}

/// Which subjects moved at the facts `from..=until`, in order: whoever keeps something per person computes both persons anew.
pub async fn person_changes(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<PersonChange>> {
    let rows: Vec<(i64, Uuid, Uuid, Uuid)> = tx.fetch_all(SELECT_CHANGES.query().bind(from).bind(until)).await?;
    let change = |(seq, subject, from, to)| PersonChange {
        seq,
        subject: SubjectId(subject),
        from: PersonId(from),
        to: PersonId(to),
    };
    Ok(rows.into_iter().map(change).collect())
}
