//! A person's orders in a few numbers, per currency.

use clove_core::{Micros, Minor, PersonId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::sql::row_chunks;

crate::statements! {
    UPSERT = rows(14, "INSERT INTO person_statistics (person, currency, first_order_day, first_purchase_day, last_purchase_day, \
        purchase_days, orders, gross_minor, discount_minor, refunded_minor, net_minor, sum_log_gaps, last_order_at, updated_at) \
        VALUES {rows} ON CONFLICT (person, currency) DO UPDATE SET first_order_day = excluded.first_order_day, \
        first_purchase_day = excluded.first_purchase_day, last_purchase_day = excluded.last_purchase_day, \
        purchase_days = excluded.purchase_days, orders = excluded.orders, gross_minor = excluded.gross_minor, \
        discount_minor = excluded.discount_minor, refunded_minor = excluded.refunded_minor, net_minor = excluded.net_minor, \
        sum_log_gaps = excluded.sum_log_gaps, last_order_at = excluded.last_order_at, updated_at = excluded.updated_at");
    SELECT = both("SELECT person, currency, first_order_day, first_purchase_day, last_purchase_day, purchase_days, orders, \
        gross_minor, discount_minor, refunded_minor, net_minor, sum_log_gaps, last_order_at, updated_at FROM person_statistics \
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
        }
        tx.execute(upsert).await?;
    }
    Ok(())
}

/// The person's statistics, one row per currency.
pub async fn statistics(db: &Db, person: PersonId) -> Result<Vec<Statistics>> {
    db.read_all(SELECT.query().bind(person)).await
}
