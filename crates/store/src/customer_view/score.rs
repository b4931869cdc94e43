//! What a person is expected to do: forecasts with their model, as-of day and interval.

use clove_core::{Micros, Minor, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    UPSERT = rows(16, "INSERT INTO person_score (person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, \
        expected_purchases, expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, \
        probability_of_purchase) VALUES {rows} ON CONFLICT (person, model) DO UPDATE SET model_version = excluded.model_version, \
        as_of_day = excluded.as_of_day, currency = excluded.currency, basis = excluded.basis, horizon_days = excluded.horizon_days, \
        p_alive = excluded.p_alive, expected_purchases = excluded.expected_purchases, expected_spend = excluded.expected_spend, \
        predicted_value_minor = excluded.predicted_value_minor, predicted_low_minor = excluded.predicted_low_minor, \
        predicted_high_minor = excluded.predicted_high_minor, band = excluded.band, updated_at = excluded.updated_at, \
        probability_of_purchase = excluded.probability_of_purchase");
    SELECT = both("SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, \
        expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase FROM person_score \
        WHERE person = $1 ORDER BY model");
    SELECT_OF_PERSONS = rows(1, "SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, \
        expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase \
        FROM person_score WHERE person IN ({rows})");
    SELECT_PAGE = both("SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, \
        expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase \
        FROM person_score WHERE person > $1 ORDER BY person LIMIT $2");
    SELECT_BANDS = rows(1, "SELECT person, model, model_version, band FROM person_score WHERE person IN ({rows})");
    DELETE = rows(1, "DELETE FROM person_score WHERE person IN ({rows})");
    SELECT_NEXT_TOP = both("SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, \
        expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase \
        FROM person_score WHERE model = $1 AND (predicted_value_minor < $2 OR (predicted_value_minor = $2 AND person > $3)) \
        ORDER BY predicted_value_minor DESC, person LIMIT $4");
    SELECT_TOP = both("SELECT person, model, model_version, as_of_day, currency, basis, horizon_days, p_alive, expected_purchases, \
        expected_spend, predicted_value_minor, predicted_low_minor, predicted_high_minor, band, updated_at, probability_of_purchase FROM person_score \
        WHERE model = $1 AND predicted_value_minor IS NOT NULL ORDER BY predicted_value_minor DESC, person LIMIT $2");
}

/// A person's forecast of one model. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Score {
    /// The person's id; see [`Score::person`].
    #[sqlx(rename = "person")]
    pub person_uuid: Uuid,
    /// The model.
    pub model: String,
    /// Which fit of it.
    pub model_version: i64,
    /// The last day that the forecast knows of, counted from 1970-01-01.
    pub as_of_day: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// The value basis: a name of [`clove_core::Basis`].
    pub basis: String,
    /// Days that the forecast covers.
    pub horizon_days: i64,
    /// Probability of being a customer still.
    pub p_alive: Option<f64>,
    /// Purchases expected within the horizon.
    pub expected_purchases: Option<f64>,
    /// Value expected of a purchase, in minor units.
    pub expected_spend: Option<f64>,
    /// Value expected within the horizon.
    pub predicted_value_minor: Option<Minor>,
    /// Lower end of its interval.
    pub predicted_low_minor: Option<Minor>,
    /// Upper end of its interval.
    pub predicted_high_minor: Option<Minor>,
    /// The band that the value lies in.
    pub band: Option<String>,
    /// When this row was written.
    pub updated_at: Micros,
    /// Probability of at least one purchase within the horizon.
    pub probability_of_purchase: Option<f64>,
}

impl Score {
    /// The person.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_uuid)
    }
}

/// Writes rows, over what was there. For `measure` alone.
pub async fn put_scores(tx: &mut Tx, rows: &[Score]) -> Result<()> {
    let mut rest = rows;
    for size in row_chunks(rows.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut upsert = UPSERT.query_rows(size);
        for row in chunk {
            upsert.push(row.person_uuid);
            upsert.push(row.model.as_str());
            upsert.push(row.model_version);
            upsert.push(row.as_of_day);
            upsert.push(row.currency.as_str());
            upsert.push(row.basis.as_str());
            upsert.push(row.horizon_days);
            upsert.push(row.p_alive);
            upsert.push(row.expected_purchases);
            upsert.push(row.expected_spend);
            upsert.push(row.predicted_value_minor);
            upsert.push(row.predicted_low_minor);
            upsert.push(row.predicted_high_minor);
            upsert.push(row.band.clone());
            upsert.push(row.updated_at);
            upsert.push(row.probability_of_purchase);
        }
        tx.execute(upsert).await?;
    }
    Ok(())
}

/// The person's scores, one row per model.
pub async fn scores(db: &Db, person: PersonId) -> Result<Vec<Score>> {
    db.read_all(SELECT.query().bind(person)).await
}

/// The scores of some persons, as a transaction sees them.
pub async fn scores_of(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<Score>> {
    let mut found = Vec::new();
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = SELECT_OF_PERSONS.query_rows(size);
        for person in chunk {
            query.push(*person);
        }
        found.extend(tx.fetch_all::<Score>(query).await?);
    }
    Ok(found)
}

/// Scores by person, after one, at most so many.
pub async fn score_page(db: &Db, after: PersonId, limit: usize) -> Result<Vec<Score>> {
    db.read_all(SELECT_PAGE.query().bind(after).bind(limit as i64)).await
}

/// The persons of whom a model expects most, highest first.
pub async fn top_scores(db: &Db, model: &str, limit: usize) -> Result<Vec<Score>> {
    db.read_all(SELECT_TOP.query().bind(model).bind(limit as i64)).await
}

/// The same, after the one with this value and person: the next page.
pub async fn next_top_scores(db: &Db, model: &str, after: (Minor, PersonId), limit: usize) -> Result<Vec<Score>> {
    db.read_all(SELECT_NEXT_TOP.query().bind(model).bind(after.0).bind(after.1).bind(limit as i64)).await
}

/// The band that a person was in, by which model and version of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Band {
    /// The person's id.
    pub person: Uuid,
    /// The model.
    pub model: String,
    /// Which fit of it.
    pub model_version: i64,
    /// The band; none where there is no forecast of the single customer.
    pub band: Option<String>,
}

/// The bands that persons are in. Persons without a score are missing.
pub async fn bands(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<Band>> {
    let mut found = Vec::with_capacity(persons.len());
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_BANDS.query_rows(size);
        for person in chunk {
            select.push(*person);
        }
        found.extend(tx.fetch_all::<Band>(select).await?);
    }
    Ok(found)
}

/// Deletes all scores of persons. For `measure` alone.
pub async fn delete_scores(tx: &mut Tx, persons: &[PersonId]) -> Result<()> {
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut delete = DELETE.query_rows(size);
        for person in chunk {
            delete.push(*person);
        }
        tx.execute(delete).await?;
    }
    Ok(())
}
