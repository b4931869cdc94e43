//! Which segments a person is in.

use clove_core::{Micros, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;

crate::statements! {
    ENTER = both("INSERT INTO person_membership (person, segment, definition_version, entered_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (person, segment) DO NOTHING");
    LEAVE = both("DELETE FROM person_membership WHERE person = $1 AND segment = $2");
    SELECT_OF_PERSON = both("SELECT person, segment, definition_version, entered_at FROM person_membership \
        WHERE person = $1 ORDER BY segment");
    SELECT_MEMBERS = both("SELECT person, segment, definition_version, entered_at FROM person_membership \
        WHERE segment = $1 AND person > $2 ORDER BY person LIMIT $3");
}

/// A person in a segment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Membership {
    /// The person's id; see [`Membership::person`].
    #[sqlx(rename = "person")]
    pub person_uuid: Uuid,
    /// Id of the segment.
    pub segment: String,
    /// Which version of its definition let the person in.
    pub definition_version: i64,
    /// When the person came in.
    pub entered_at: Micros,
}

impl Membership {
    /// The person.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_uuid)
    }
}

/// Puts a person into a segment; whether it is news. For segments' evaluator alone.
pub async fn enter_segment(tx: &mut Tx, row: &Membership) -> Result<bool> {
    let query = ENTER
        .query()
        .bind(row.person_uuid)
        .bind(row.segment.as_str())
        .bind(row.definition_version)
        .bind(row.entered_at);
    Ok(tx.execute(query).await? == 1)
}

/// Takes a person out of a segment; whether it is news. For segments' evaluator alone.
pub async fn leave_segment(tx: &mut Tx, person: PersonId, segment: &str) -> Result<bool> {
    Ok(tx.execute(LEAVE.query().bind(person).bind(segment)).await? == 1)
}

/// The segments that a person is in.
pub async fn memberships(db: &Db, person: PersonId) -> Result<Vec<Membership>> {
    db.read_all(SELECT_OF_PERSON.query().bind(person)).await
}

/// The members of a segment with ids above `after`, at most `limit`, by id.
pub async fn members(db: &Db, segment: &str, after: Option<PersonId>, limit: usize) -> Result<Vec<Membership>> {
    let after = after.map_or(Uuid::nil(), |person| person.0);
    db.read_all(SELECT_MEMBERS.query().bind(segment).bind(after).bind(limit as i64)).await
}
