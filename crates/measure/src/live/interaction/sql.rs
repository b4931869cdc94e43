//! SQL of what people do.

use clove_core::{Micros, PersonId};
use clove_store::{Db, Result, StoreError, Tx};
use uuid::Uuid;

use super::Occurrence;
use crate::live::sql::for_rows;

clove_store::statements! {
    INSERT = rows(6, "INSERT INTO interaction (seq, subject, name, occurred_at, products, properties) VALUES {rows} \
        ON CONFLICT (seq) DO NOTHING");
    DELETE_OF = rows(1, "DELETE FROM interaction WHERE subject IN ({rows})");
    DELETE_ALL = both("DELETE FROM interaction");
    SELECT_OF_PERSON = both("SELECT p.person, i.seq, i.occurred_at, i.products, i.properties FROM person_subject AS p \
        JOIN interaction AS i ON i.subject = p.subject WHERE p.person = $1 AND NOT p.shared AND i.name = $2 ORDER BY i.seq");
    SELECT_NAMED = both("SELECT p.person, i.seq, i.occurred_at, i.products, i.properties FROM interaction AS i \
        JOIN person_subject AS p ON p.subject = i.subject WHERE i.name = $1 AND NOT p.shared AND i.seq > $2 ORDER BY i.seq LIMIT $3");
    SELECT_NAMES = both("SELECT name, count(*), max(occurred_at) FROM interaction GROUP BY name ORDER BY count(*) DESC, name LIMIT $1");
}

/// Rows of one read.
const PAGE: i64 = 10_000;

pub(super) async fn reset(tx: &mut Tx) -> Result<()> {
    tx.execute(DELETE_ALL.query()).await.map(drop)
}

/// Deletes what was done under subjects; how much it was.
pub(super) async fn delete(tx: &mut Tx, subjects: &[Uuid]) -> Result<u64> {
    for_rows(tx, DELETE_OF, subjects, |query, subject| query.push(*subject)).await
}

pub(super) async fn insert(tx: &mut Tx, rows: Vec<(i64, (Uuid, Occurrence))>) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|(seq, (subject, one))| {
            let products = serde_json::to_string(&one.products).map_err(StoreError::subscriber)?;
            let properties = serde_json::to_string(&one.properties).map_err(StoreError::subscriber)?;
            Ok((seq, subject, one.name, one.occurred_at, products, properties))
        })
        .collect::<Result<Vec<_>>>()?;
    for_rows(tx, INSERT, &rows, |query, (seq, subject, name, occurred_at, products, properties)| {
        query.push(*seq);
        query.push(*subject);
        query.push(name.as_str());
        query.push(*occurred_at);
        query.push(products.as_str());
        query.push(properties.as_str());
    })
    .await
    .map(drop)
}

type Row = (Uuid, i64, Micros, String, String);

fn occurrence(name: &str, (person, _, occurred_at, products, properties): Row) -> Result<(PersonId, Occurrence)> {
    let products = serde_json::from_str(&products).map_err(StoreError::subscriber)?;
    let properties = serde_json::from_str(&properties).map_err(StoreError::subscriber)?;
    Ok((PersonId(person), Occurrence { name: name.to_owned(), occurred_at, products, properties }))
}

/// What a person did of a name, in the order of the log.
pub(in crate::live) async fn of_person(tx: &mut Tx, person: PersonId, name: &str) -> Result<Vec<Occurrence>> {
    let rows: Vec<Row> = tx.fetch_all(SELECT_OF_PERSON.query().bind(person).bind(name)).await?;
    rows.into_iter().map(|row| Ok(occurrence(name, row)?.1)).collect()
}

/// The same outside of a transaction.
pub(in crate::live) async fn done_by(db: &Db, person: PersonId, name: &str) -> Result<Vec<Occurrence>> {
    let rows: Vec<Row> = db.read_all(SELECT_OF_PERSON.query().bind(person).bind(name)).await?;
    rows.into_iter().map(|row| Ok(occurrence(name, row)?.1)).collect()
}

/// Hands everything of a name that any person did to `each`, in the order of the log.
pub(in crate::live) async fn each_named(
    db: &Db,
    name: &str,
    each: &mut (dyn FnMut(PersonId, Occurrence) + Send),
) -> Result<()> {
    let mut after = 0;
    loop {
        let rows: Vec<Row> = db.read_all(SELECT_NAMED.query().bind(name).bind(after).bind(PAGE)).await?;
        let Some((_, last, ..)) = rows.last() else { return Ok(()) };
        after = *last;
        for row in rows {
            let (person, occurrence) = occurrence(name, row)?;
            each(person, occurrence);
        }
    }
}

/// The names of events that there are, how many of each, and when the last one was, the commonest first.
pub(in crate::live) async fn names(db: &Db, limit: usize) -> Result<Vec<(String, i64, Micros)>> {
    db.read_all(SELECT_NAMES.query().bind(limit as i64)).await
}
