//! A person's orders in a few numbers, per currency.

use clove_core::{Micros, Minor, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    UPSERT = rows(18, "INSERT INTO person_statistics (person, currency, first_order_day, first_purchase_day, last_purchase_day, \
        purchase_days, orders, gross_minor, discount_minor, refunded_minor, net_minor, sum_log_gaps, last_order_at, updated_at, \
        purchase_placed_minor, first_placed_minor, identified, changed_seq) VALUES {rows} ON CONFLICT (person, currency) DO UPDATE SET first_order_day = excluded.first_order_day, \
        first_purchase_day = excluded.first_purchase_day, last_purchase_day = excluded.last_purchase_day, \
        purchase_days = excluded.purchase_days, orders = excluded.orders, gross_minor = excluded.gross_minor, \
        discount_minor = excluded.discount_minor, refunded_minor = excluded.refunded_minor, net_minor = excluded.net_minor, \
        sum_log_gaps = excluded.sum_log_gaps, last_order_at = excluded.last_order_at, updated_at = excluded.updated_at, \
        purchase_placed_minor = excluded.purchase_placed_minor, first_placed_minor = excluded.first_placed_minor, \
        identified = excluded.identified, changed_seq = excluded.changed_seq");
    SELECT_CHANGED = rows(1, "SELECT person, currency, changed_seq FROM person_statistics WHERE person IN ({rows})");
    SELECT_UNIDENTIFIED = rows(1, "SELECT person FROM person_statistics WHERE person IN ({rows}) AND NOT identified");
    DELETE = rows(1, "DELETE FROM person_statistics WHERE person IN ({rows})");
    SELECT = both("SELECT person, currency, first_order_day, first_purchase_day, last_purchase_day, purchase_days, orders, \
        gross_minor, discount_minor, refunded_minor, net_minor, sum_log_gaps, last_order_at, updated_at, \
        purchase_placed_minor, first_placed_minor, identified, changed_seq FROM person_statistics \
        WHERE person = $1 ORDER BY currency");
}

/// A person's orders in one currency. Days count from 1970-01-01 in the shop's time zone; amounts are minor units.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Statistics {
    /// The person's id; see [`Statistics::person`].
    #[sqlx(rename = "person")]
    pub person_uuid: Uuid,
    /// ISO 4217 code.
    pub currency: String,
    /// First day with an order that counts.
    pub first_order_day: Option<i64>,
    /// First purchase day.
    pub first_purchase_day: Option<i64>,
    /// Last purchase day.
    pub last_purchase_day: Option<i64>,
    /// Days with purchases.
    pub purchase_days: i64,
    /// Orders that count, refunded ones included.
    pub orders: i64,
    /// Value before discounts.
    pub gross_minor: Minor,
    /// Discounts, positive.
    pub discount_minor: Minor,
    /// Returned items, positive.
    pub refunded_minor: Minor,
    /// Gross minus discounts minus returned items.
    pub net_minor: Minor,
    /// Sum of the natural logarithms of the gaps in days between purchase days.
    pub sum_log_gaps: f64,
    /// When the last order was placed.
    pub last_order_at: Option<Micros>,
    /// When this row was written.
    pub updated_at: Micros,
    /// Placed value of all purchase days.
    pub purchase_placed_minor: Minor,
    /// Placed value of the first purchase day.
    pub first_placed_minor: Minor,
    /// Whether the person has a handle; guests cannot be recognised again.
    pub identified: bool,
    /// The last fact that changed the row.
    pub changed_seq: i64,
}

impl Statistics {
    /// The person.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_uuid)
    }
}

/// Writes rows, over what was there. For `measure` alone.
pub async fn put_statistics(tx: &mut Tx, rows: &[Statistics]) -> Result<()> {
    let mut rest = rows;
    for size in row_chunks(rows.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut upsert = UPSERT.query_rows(size);
        for row in chunk {
            upsert.push(row.person_uuid);
            upsert.push(row.currency.as_str());
            upsert.push(row.first_order_day);
            upsert.push(row.first_purchase_day);
            upsert.push(row.last_purchase_day);
            upsert.push(row.purchase_days);
            upsert.push(row.orders);
            upsert.push(row.gross_minor);
            upsert.push(row.discount_minor);
            upsert.push(row.refunded_minor);
            upsert.push(row.net_minor);
            upsert.push(row.sum_log_gaps);
            upsert.push(row.last_order_at);
            upsert.push(row.updated_at);
            upsert.push(row.purchase_placed_minor);
            upsert.push(row.first_placed_minor);
            upsert.push(row.identified);
            upsert.push(row.changed_seq);
        }
        tx.execute(upsert).await?;
    }
    Ok(())
}

/// The person's statistics, one row per currency.
pub async fn statistics(db: &Db, person: PersonId) -> Result<Vec<Statistics>> {
    db.read_all(SELECT.query().bind(person)).await
}

/// The facts that changed persons' statistics last, with the currency. Persons without orders are missing.
pub async fn changed(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<(PersonId, String, i64)>> {
    let mut found = Vec::with_capacity(persons.len());
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_CHANGED.query_rows(size);
        for person in chunk {
            select.push(*person);
        }
        let rows: Vec<(Uuid, String, i64)> = tx.fetch_all(select).await?;
        found.extend(rows.into_iter().map(|(person, currency, seq)| (PersonId(person), currency, seq)));
    }
    Ok(found)
}

/// Those of some persons who have orders and were unknown when their statistics were written.
pub async fn unidentified(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut found = Vec::new();
    let mut rest = persons;
    for size in row_chunks(persons.len(), 256) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut select = SELECT_UNIDENTIFIED.query_rows(size);
        for person in chunk {
            select.push(*person);
        }
        let rows: Vec<(Uuid,)> = tx.fetch_all(select).await?;
        found.extend(rows.into_iter().map(|(person,)| PersonId(person)));
    }
    Ok(found)
}

/// Deletes the statistics of persons, who have no orders any more. For `measure` alone.
pub async fn delete_statistics(tx: &mut Tx, persons: &[PersonId]) -> Result<()> {
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
