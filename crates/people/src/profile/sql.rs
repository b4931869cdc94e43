//! The tables of profiles.

use std::collections::{BTreeSet, HashMap};

use clove_core::PersonId;
use clove_store::{Db, Result, StoreError, Tx};
use sqlx::FromRow;
use uuid::Uuid;

use super::part::Part;
use super::words::MOST_WORDS;
use crate::rows::{for_ids, for_rows};

clove_store::statements! {
    SELECT_PARTS = rows(1, "SELECT subject, fields FROM subject_profile WHERE subject IN ({rows})");
    UPSERT_PARTS = rows(2, "INSERT INTO subject_profile (subject, fields) VALUES {rows} \
        ON CONFLICT (subject) DO UPDATE SET fields = excluded.fields");
    DELETE_PARTS = rows(1, "DELETE FROM subject_profile WHERE subject IN ({rows})");
    SELECT_PARTS_OF_PERSONS = rows(1, "SELECT s.person, p.fields FROM person_subject AS s JOIN subject_profile AS p \
        ON p.subject = s.subject WHERE s.person IN ({rows})");
    SELECT_WORDS = rows(1, "SELECT person, words FROM person_profile WHERE person IN ({rows})");
    UPSERT_PROFILES = rows(14, "INSERT INTO person_profile (person, first_name, last_name, email, phone, locale, country, time_zone, \
        emails, phones, tags, known_since, deleted, words) VALUES {rows} ON CONFLICT (person) DO UPDATE SET \
        first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email, phone = excluded.phone, \
        locale = excluded.locale, country = excluded.country, time_zone = excluded.time_zone, emails = excluded.emails, \
        phones = excluded.phones, tags = excluded.tags, known_since = excluded.known_since, deleted = excluded.deleted, \
        words = excluded.words");
    DELETE_PROFILES = rows(1, "DELETE FROM person_profile WHERE person IN ({rows})");
    DELETE_WORDS = rows(1, "DELETE FROM person_word WHERE person IN ({rows})");
    INSERT_WORDS = rows(2, "INSERT INTO person_word (person, word) VALUES {rows} ON CONFLICT (person, word) DO NOTHING");
    RESET_PARTS = both("DELETE FROM subject_profile");
    RESET_PROFILES = both("DELETE FROM person_profile");
    RESET_WORDS = both("DELETE FROM person_word");
    SELECT_PROFILE = both("SELECT person, first_name, last_name, email, phone, locale, country, time_zone, emails, phones, tags, \
        known_since, deleted FROM person_profile WHERE person = $1");
    SELECT_PAGE = both("SELECT person, first_name, last_name, email, phone, locale, country, time_zone, emails, phones, tags, \
        known_since, deleted FROM person_profile WHERE person > $1 ORDER BY person LIMIT $2");
    /// The first word is looked up, the others are checked.
    SEARCH_PAGE = both("SELECT person, first_name, last_name, email, phone, locale, country, time_zone, emails, phones, tags, \
        known_since, deleted FROM person_profile WHERE person IN (SELECT w.person FROM person_word AS w \
        WHERE w.word >= $1 AND w.word < $2 AND w.person > $3 \
        AND EXISTS (SELECT 1 FROM person_word AS x WHERE x.person = w.person AND x.word >= $4 AND x.word < $5) \
        AND EXISTS (SELECT 1 FROM person_word AS y WHERE y.person = w.person AND y.word >= $6 AND y.word < $7)) \
        ORDER BY person LIMIT $8");
}

/// What is known of a person now. Newest wins.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ProfileRow {
    /// The person.
    pub person: Uuid,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The e-mail address heard of last.
    pub email: Option<String>,
    /// The phone number heard of last.
    pub phone: Option<String>,
    /// Language, BCP 47.
    pub locale: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// All addresses, newest first: a JSON list.
    pub emails: String,
    /// All numbers, newest first: a JSON list.
    pub phones: String,
    /// Tags of all sources: a JSON list.
    pub tags: String,
    /// When the person was first heard of, as an order, a profile or an identify.
    pub known_since: i64,
    /// Deleted in every source that knows the person.
    pub deleted: bool,
}

fn part(fields: &str) -> Result<Part> {
    serde_json::from_str(fields).map_err(StoreError::subscriber)
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(StoreError::subscriber)
}

pub(super) async fn parts(tx: &mut Tx, subjects: &[Uuid]) -> Result<HashMap<Uuid, Part>> {
    let rows: Vec<(Uuid, String)> = for_ids(tx, SELECT_PARTS, subjects).await?;
    rows.into_iter().map(|(subject, fields)| Ok((subject, part(&fields)?))).collect()
}

pub(super) async fn put_parts(tx: &mut Tx, parts: &[(Uuid, String)]) -> Result<()> {
    for_rows(tx, UPSERT_PARTS, parts, |query, (subject, fields)| {
        query.push(*subject);
        query.push(fields.as_str());
    })
    .await
    .map(drop)
}

/// Returns how many there were.
pub(super) async fn delete_parts(tx: &mut Tx, subjects: &[Uuid]) -> Result<u64> {
    for_rows(tx, DELETE_PARTS, subjects, |query, subject| query.push(*subject)).await
}

/// The parts of persons.
pub(super) async fn parts_of_persons(tx: &mut Tx, persons: &[Uuid]) -> Result<Vec<(Uuid, Part)>> {
    let rows: Vec<(Uuid, String)> = for_ids(tx, SELECT_PARTS_OF_PERSONS, persons).await?;
    rows.into_iter().map(|(person, fields)| Ok((person, part(&fields)?))).collect()
}

/// The words that persons with a profile are found by.
pub(super) async fn words(tx: &mut Tx, persons: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    Ok(for_ids::<(Uuid, String)>(tx, SELECT_WORDS, persons).await?.into_iter().collect())
}

pub(super) async fn put_profiles(tx: &mut Tx, rows: &[(ProfileRow, String)]) -> Result<()> {
    for_rows(tx, UPSERT_PROFILES, rows, |query, (row, words)| {
        query.push(row.person);
        for text in [&row.first_name, &row.last_name, &row.email, &row.phone, &row.locale, &row.country, &row.time_zone]
        {
            query.push(text.clone());
        }
        for text in [&row.emails, &row.phones, &row.tags] {
            query.push(text.as_str());
        }
        query.push(row.known_since);
        query.push(row.deleted);
        query.push(words.as_str());
    })
    .await
    .map(drop)
}

/// Deletes profiles with their words; how many rows there were.
pub(super) async fn delete_profiles(tx: &mut Tx, persons: &[Uuid]) -> Result<u64> {
    let rows = for_rows(tx, DELETE_PROFILES, persons, |query, person| query.push(*person)).await?;
    Ok(rows + for_rows(tx, DELETE_WORDS, persons, |query, person| query.push(*person)).await?)
}

/// Replaces the words of persons.
pub(super) async fn put_words(tx: &mut Tx, words: &[(Uuid, BTreeSet<String>)]) -> Result<()> {
    let persons: Vec<Uuid> = words.iter().map(|(person, _)| *person).collect();
    for_rows(tx, DELETE_WORDS, &persons, |query, person| query.push(*person)).await?;
    let rows: Vec<(Uuid, &str)> =
        words.iter().flat_map(|(person, words)| words.iter().map(|word| (*person, word.as_str()))).collect();
    for_rows(tx, INSERT_WORDS, &rows, |query, (person, word)| {
        query.push(*person);
        query.push(*word);
    })
    .await
    .map(drop)
}

pub(super) async fn reset(tx: &mut Tx) -> Result<()> {
    for text in [RESET_PARTS, RESET_PROFILES, RESET_WORDS] {
        tx.execute(text.query()).await?;
    }
    Ok(())
}

pub(super) async fn profile(db: &Db, person: PersonId) -> Result<Option<ProfileRow>> {
    db.read_optional(SELECT_PROFILE.query().bind(person)).await
}

/// Profiles after a person, by id: all, or those of whom each word begins one of theirs.
pub(super) async fn page(db: &Db, words: &[String], after: Uuid, limit: usize) -> Result<Vec<ProfileRow>> {
    let Some(first) = words.first() else {
        return db.read_all(SELECT_PAGE.query().bind(after).bind(limit as i64)).await;
    };
    let mut query = SEARCH_PAGE.query();
    for place in 0..MOST_WORDS {
        let word = words.get(place).unwrap_or(first);
        query.push(word.as_str());
        query.push(format!("{word}\u{10ffff}"));
        if place == 0 {
            query.push(after);
        }
    }
    query.push(limit as i64);
    db.read_all(query).await
}
