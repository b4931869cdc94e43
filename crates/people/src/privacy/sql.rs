//! The tables of privacy, and what an erasure must know of the log.

use clove_core::fact::{Handle, partition_of};
use clove_core::{FactKind, Micros, PersonId, Source, SubjectId};
use clove_store::{Db, Result, Tx};
use sqlx::FromRow;
use uuid::Uuid;

use crate::rows::for_ids;

clove_store::statements! {
    SELECT_NODE = both("SELECT person, shared FROM person_subject WHERE subject = $1");
    SELECT_MEMBERS = rows(1, "SELECT subject FROM person_subject WHERE person IN ({rows})");
    /// Handles that too many share, seen together with some.
    SELECT_SHARED = rows(1, "SELECT s.subject FROM identity_edge AS e JOIN person_subject AS s ON s.subject = e.b \
        WHERE s.shared AND e.a IN ({rows}) UNION SELECT s.subject FROM identity_edge AS e JOIN person_subject AS s \
        ON s.subject = e.a WHERE s.shared AND e.b IN ({rows})");
    /// Order numbers and customers' ids of a subject.
    SELECT_RECORDS = both("SELECT DISTINCT kind, source, external_id FROM fact WHERE partition = $1 AND subject = $2 \
        AND kind IN ('order.v1', 'customer_profile.v1')");
    SELECT_SUPPRESSED = rows(1, "SELECT hash FROM suppression WHERE lifted = (1 = 0) AND hash IN ({rows})");
    SELECT_SUBJECTS_OF_SOURCE = both("SELECT DISTINCT subject FROM fact WHERE source = $1 AND subject > $2 ORDER BY subject LIMIT $3");
    INSERT_REQUEST = both("INSERT INTO privacy_request (id, kind, state, requested_by, requested_at, source) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING");
    FINISH_REQUEST = both("UPDATE privacy_request SET state = $1, done_at = $2, person = $3, receipt = $4, document = $5 WHERE id = $6");
    SET_STATE = both("UPDATE privacy_request SET state = $1 WHERE id = $2 AND state = $3");
    SELECT_REQUEST = both("SELECT id, kind, state, requested_by, requested_at, done_at, person, source, receipt, document IS NOT NULL \
        AS has_document FROM privacy_request WHERE id = $1");
    SELECT_REQUESTS = both("SELECT id, kind, state, requested_by, requested_at, done_at, person, source, receipt, document IS NOT NULL \
        AS has_document FROM privacy_request WHERE id < $1 ORDER BY id DESC LIMIT $2");
    SELECT_DOCUMENT = both("SELECT document FROM privacy_request WHERE id = $1");
    DROP_DOCUMENT = both("UPDATE privacy_request SET document = NULL WHERE id = $1 AND document IS NOT NULL");
    DROP_DOCUMENTS_OF = both("UPDATE privacy_request SET document = NULL WHERE person = $1 AND document IS NOT NULL");
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RequestRow {
    /// Its id.
    pub id: Uuid,
    /// `export`, `erase` or `shop_redact`.
    pub kind: String,
    /// `waiting`, `awaiting_approval` or `done`.
    pub state: String,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_at: Micros,
    /// When it was done.
    pub done_at: Option<Micros>,
    /// The person, once known.
    pub person: Option<Uuid>,
    /// For the data of a whole shop system: its source.
    pub source: Option<String>,
    /// What was done, as JSON.
    pub receipt: Option<String>,
    /// Whether an export can be fetched.
    pub has_document: bool,
}

/// The person of a handle, unless too many share it or nobody has it.
pub(super) async fn person_of_handle(tx: &mut Tx, handle: &Handle) -> Result<Option<PersonId>> {
    let subject = tx.db().hash_key().subject(handle);
    person_of_subject(tx, subject).await
}

pub(super) async fn person_of_subject(tx: &mut Tx, subject: SubjectId) -> Result<Option<PersonId>> {
    let row: Option<(Uuid, bool)> = tx.fetch_optional(SELECT_NODE.query().bind(subject)).await?;
    Ok(row.filter(|(_, shared)| !shared).map(|(person, _)| PersonId(person)))
}

/// The subjects of persons.
pub(super) async fn members(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<SubjectId>> {
    let persons: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let mut subjects: Vec<SubjectId> = for_ids::<(Uuid,)>(tx, SELECT_MEMBERS, &persons)
        .await?
        .into_iter()
        .map(|(subject,)| SubjectId(subject))
        .collect();
    subjects.sort_unstable();
    Ok(subjects)
}

/// Handles that too many customers share, seen together with some subjects.
pub(super) async fn shared_with(tx: &mut Tx, subjects: &[SubjectId]) -> Result<Vec<SubjectId>> {
    let subjects: Vec<Uuid> = subjects.iter().map(|subject| subject.0).collect();
    let mut found: Vec<SubjectId> = for_ids::<(Uuid,)>(tx, SELECT_SHARED, &subjects)
        .await?
        .into_iter()
        .map(|(subject,)| SubjectId(subject))
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A record of a source: whether it is an order, the source, its id there.
pub(super) async fn records(tx: &mut Tx, subject: SubjectId) -> Result<Vec<(bool, Source, String)>> {
    let query = SELECT_RECORDS.query().bind(partition_of(subject)).bind(subject);
    let rows: Vec<(String, String, String)> = tx.fetch_all(query).await?;
    rows.into_iter()
        .map(|(kind, source, id)| Ok((FactKind::from_name(&kind) == FactKind::Order, source.parse()?, id)))
        .collect()
}

/// Those of some hashes that are suppressed.
pub(super) async fn suppressed(tx: &mut Tx, hashes: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(for_ids::<(Uuid,)>(tx, SELECT_SUPPRESSED, hashes).await?.into_iter().map(|(hash,)| hash).collect())
}

/// Subjects with facts of a source, above one, by id.
pub(super) async fn subjects_of_source(tx: &mut Tx, source: &str, after: Uuid, limit: usize) -> Result<Vec<Uuid>> {
    let query = SELECT_SUBJECTS_OF_SOURCE.query().bind(source).bind(after).bind(limit as i64);
    Ok(tx.fetch_all::<(Uuid,)>(query).await?.into_iter().map(|(subject,)| subject).collect())
}

/// Writes a request, unless it is there.
pub(super) async fn put_request(
    tx: &mut Tx,
    id: Uuid,
    kind: &str,
    requested_by: &str,
    source: Option<&str>,
) -> Result<()> {
    let now = tx.db().now();
    let query = INSERT_REQUEST.query().bind(id).bind(kind).bind("waiting").bind(requested_by).bind(now).bind(source);
    tx.execute(query).await.map(drop)
}

/// Notes what was done.
pub(super) async fn finish(
    tx: &mut Tx,
    id: Uuid,
    state: &str,
    person: Option<PersonId>,
    receipt: &str,
    document: Option<String>,
) -> Result<()> {
    let now = tx.db().now();
    let query = FINISH_REQUEST
        .query()
        .bind(state)
        .bind(now)
        .bind(person.map(|person| person.0))
        .bind(receipt)
        .bind(document)
        .bind(id);
    tx.execute(query).await.map(drop)
}

/// Moves a request from one state to another; whether it was in the first.
pub(super) async fn set_state(tx: &mut Tx, id: Uuid, from: &str, to: &str) -> Result<bool> {
    Ok(tx.execute(SET_STATE.query().bind(to).bind(id).bind(from)).await? == 1)
}

/// A request.
pub async fn request(db: &Db, id: Uuid) -> Result<Option<RequestRow>> {
    db.read_optional(SELECT_REQUEST.query().bind(id)).await
}

/// Requests, newest first, before one, at most `limit`.
pub async fn requests(db: &Db, before: Option<Uuid>, limit: usize) -> Result<Vec<RequestRow>> {
    db.read_all(SELECT_REQUESTS.query().bind(before.unwrap_or(Uuid::max())).bind(limit as i64)).await
}

/// The document of an export, if it is still there.
pub async fn document(db: &Db, id: Uuid) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> = db.read_optional(SELECT_DOCUMENT.query().bind(id)).await?;
    Ok(row.and_then(|(document,)| document))
}

/// Deletes the document of an export; whether there was one.
pub(super) async fn drop_document(tx: &mut Tx, id: Uuid) -> Result<bool> {
    Ok(tx.execute(DROP_DOCUMENT.query().bind(id)).await? > 0)
}

/// Deletes the documents of a person's exports; how many there were.
pub(super) async fn drop_documents_of(tx: &mut Tx, person: PersonId) -> Result<u64> {
    tx.execute(DROP_DOCUMENTS_OF.query().bind(person)).await
}
