//! Which segments a person is in.

use clove_core::{Micros, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    ENTER = rows(4, "INSERT INTO person_membership (person, segment, definition_version, entered_at) VALUES {rows} \
        ON CONFLICT (person, segment) DO NOTHING");
    LEAVE = both("DELETE FROM person_membership WHERE person = $1 AND segment = $2");
    DELETE_SEGMENT = both("DELETE FROM person_membership WHERE segment = $1");
    SELECT_OF_PERSON = both("SELECT person, segment, definition_version, entered_at FROM person_membership \
        WHERE person = $1 ORDER BY segment");
    SELECT_OF_PERSONS = rows(1, "SELECT person, segment, definition_version, entered_at FROM person_membership \
        WHERE person IN ({rows})");
    SELECT_MEMBERS = both("SELECT person, segment, definition_version, entered_at FROM person_membership \
        WHERE segment = $1 AND person > $2 ORDER BY person LIMIT $3");
    COUNT_MEMBERS = both("SELECT segment, count(*) FROM person_membership GROUP BY segment");
}

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 256;

/// A person in a segment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Membership {
    /// The person's id; see [`Membership::person`].
    #[sqlx(rename = "person")]
    pub person_uuid: Uuid,
    /// Id of the segment.
    pub segment: String,
    /// Which version of its definition let the person in; 0 for ready-made segments.
    pub definition_version: i64,
    /// When the person came in, or when the segment was defined if later.
    pub entered_at: Micros,
}

impl Membership {
    /// The person.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_uuid)
    }
}

/// Puts persons into segments. For `measure` alone.
pub async fn enter_segments(tx: &mut Tx, rows: &[Membership]) -> Result<()> {
    let mut rest = rows;
    for size in row_chunks(rows.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = ENTER.query_rows(size);
        for row in chunk {
            query.push(row.person_uuid);
            query.push(row.segment.as_str());
            query.push(row.definition_version);
            query.push(row.entered_at);
        }
        tx.execute(query).await?;
    }
    Ok(())
}

/// Takes persons out of segments. For `measure` alone.
pub async fn leave_segments(tx: &mut Tx, rows: &[(PersonId, String)]) -> Result<()> {
    for (person, segment) in rows {
        tx.execute(LEAVE.query().bind(*person).bind(segment.as_str())).await?;
    }
    Ok(())
}

/// Takes everybody out of a segment, which was deleted. For `measure` alone.
pub async fn empty_segment(tx: &mut Tx, segment: &str) -> Result<u64> {
    tx.execute(DELETE_SEGMENT.query().bind(segment)).await
}

/// The segments that a person is in.
pub async fn memberships(db: &Db, person: PersonId) -> Result<Vec<Membership>> {
    db.read_all(SELECT_OF_PERSON.query().bind(person)).await
}

/// The segments that some persons are in, as a transaction sees them.
pub async fn memberships_of(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<Membership>> {
    let mut found = Vec::new();
    let mut rest = persons;
    for size in row_chunks(persons.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = SELECT_OF_PERSONS.query_rows(size);
        for person in chunk {
            query.push(*person);
        }
        found.extend(tx.fetch_all::<Membership>(query).await?);
    }
    Ok(found)
}

/// The members of a segment with ids above `after`, at most `limit`, by id.
pub async fn members(db: &Db, segment: &str, after: Option<PersonId>, limit: usize) -> Result<Vec<Membership>> {
    let after = after.map_or(Uuid::nil(), |person| person.0);
    db.read_all(SELECT_MEMBERS.query().bind(segment).bind(after).bind(limit as i64)).await
}

/// How many members each segment has; those without any are missing.
pub async fn member_counts(db: &Db) -> Result<Vec<(String, i64)>> {
    db.read_all(COUNT_MEMBERS.query()).await
}
