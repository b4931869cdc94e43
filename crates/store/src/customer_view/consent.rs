//! What a person has consented to: the latest state, with the fact that proves it.

use clove_core::{Micros, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    UPSERT = both("INSERT INTO person_consent (person, channel, purpose, granted, changed_at, evidence_seq) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person, channel, purpose) DO UPDATE SET granted = excluded.granted, \
        changed_at = excluded.changed_at, evidence_seq = excluded.evidence_seq \
        WHERE (excluded.changed_at, excluded.evidence_seq) >= (person_consent.changed_at, person_consent.evidence_seq)");
    DELETE = rows(1, "DELETE FROM person_consent WHERE person IN ({rows})");
    INSERT = rows(6, "INSERT INTO person_consent (person, channel, purpose, granted, changed_at, evidence_seq) VALUES {rows}");
    SELECT = both("SELECT person, channel, purpose, granted, changed_at, evidence_seq FROM person_consent \
        WHERE person = $1 ORDER BY channel, purpose");
    SELECT_OF_PERSONS = rows(1, "SELECT person, channel, purpose, granted, changed_at, evidence_seq FROM person_consent \
        WHERE granted AND person IN ({rows})");
    SELECT_WHO = both("SELECT person FROM person_consent WHERE granted AND channel = $1 AND purpose = $2 AND person > $3 \
        ORDER BY person LIMIT $4");
}

/// The state of one consent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Consent {
    /// The person's id; see [`Consent::person`].
    #[sqlx(rename = "person")]
    pub person_uuid: Uuid,
    /// `email`, `sms`, `tracking`, ...
    pub channel: String,
    /// `marketing`, `service`, `analytics`, ...
    pub purpose: String,
    /// Given, or taken back.
    pub granted: bool,
    /// When it was given or taken back.
    pub changed_at: Micros,
    /// Number of the fact that proves it.
    pub evidence_seq: i64,
}

impl Consent {
    /// The person.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_uuid)
    }
}

/// Writes a consent unless a later one is known; whether it was written. For `people` alone.
pub async fn put_consent(tx: &mut Tx, row: &Consent) -> Result<bool> {
    let query = UPSERT
        .query()
        .bind(row.person_uuid)
        .bind(row.channel.as_str())
        .bind(row.purpose.as_str())
        .bind(row.granted)
        .bind(row.changed_at)
        .bind(row.evidence_seq);
    Ok(tx.execute(query).await? == 1)
}

/// Writes all consents of some persons anew: persons were joined or fell apart. For `people` alone.
pub async fn replace_consents(tx: &mut Tx, persons: &[PersonId], rows: &[Consent]) -> Result<()> {
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = DELETE.query_rows(size);
        for person in chunk {
            query.push(*person);
        }
        tx.execute(query).await?;
    }
    let mut rest = rows;
    for size in row_chunks(rows.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = INSERT.query_rows(size);
        for row in chunk {
            query.push(row.person_uuid);
            query.push(row.channel.as_str());
            query.push(row.purpose.as_str());
            query.push(row.granted);
            query.push(row.changed_at);
            query.push(row.evidence_seq);
        }
        tx.execute(query).await?;
    }
    Ok(())
}

/// What the person has consented to, or has taken back.
pub async fn consents(db: &Db, person: PersonId) -> Result<Vec<Consent>> {
    db.read_all(SELECT.query().bind(person)).await
}

/// What some persons have consented to.
pub async fn consents_of(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<Consent>> {
    let mut found = Vec::new();
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = SELECT_OF_PERSONS.query_rows(size);
        for person in chunk {
            query.push(*person);
        }
        found.extend(tx.fetch_all::<Consent>(query).await?);
    }
    Ok(found)
}

/// Everybody who has consented to something.
pub async fn who_consents(db: &Db, channel: &str, purpose: &str) -> Result<Vec<PersonId>> {
    const PAGE: usize = 10_000;
    let mut found: Vec<PersonId> = Vec::new();
    loop {
        let after = found.last().map_or(Uuid::nil(), |person| person.0);
        let query = SELECT_WHO.query().bind(channel).bind(purpose).bind(after).bind(PAGE as i64);
        let rows: Vec<(Uuid,)> = db.read_all(query).await?;
        let is_last = rows.len() < PAGE;
        found.extend(rows.into_iter().map(|(person,)| PersonId(person)));
        if is_last {
            return Ok(found);
        }
    }
}
