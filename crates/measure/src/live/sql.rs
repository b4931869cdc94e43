//! The tables of orders, refunds and costs: reading and writing many rows at a time.

use clove_core::{Micros, PersonId};
use clove_store::{Db, Query, Record, Result, SqlText, Tx, row_chunks};
use sqlx::FromRow;
use uuid::Uuid;

use super::rows::{OrderRow, RefundRow, SpendStateRow};

clove_store::statements! {
    SELECT_ORDER_VERSIONS = rows(1, "SELECT order_key AS key, version, received_at, subject AS other FROM order_state \
        WHERE order_key IN ({rows})");
    SELECT_REFUND_VERSIONS = rows(1, "SELECT refund_key AS key, version, received_at, order_key AS other FROM refund_state \
        WHERE refund_key IN ({rows})");
    SELECT_SPEND_VERSIONS = rows(1, "SELECT spend_key AS key, version, received_at, spend_key AS other FROM spend_state \
        WHERE spend_key IN ({rows})");
    UPSERT_ORDERS = rows(22, "INSERT INTO order_state (order_key, source, external_id, subject, seq, version, received_at, placed_at, \
        day, currency, exchange_rate, exclusion, gross, discount, tax, shipping, cost, payment_fee, shipping_cost, packaging_cost, \
        channel, country) VALUES {rows} ON CONFLICT (order_key) DO UPDATE SET source = excluded.source, \
        external_id = excluded.external_id, subject = excluded.subject, seq = excluded.seq, version = excluded.version, \
        received_at = excluded.received_at, placed_at = excluded.placed_at, day = excluded.day, currency = excluded.currency, \
        exchange_rate = excluded.exchange_rate, exclusion = excluded.exclusion, gross = excluded.gross, \
        discount = excluded.discount, tax = excluded.tax, shipping = excluded.shipping, cost = excluded.cost, \
        payment_fee = excluded.payment_fee, shipping_cost = excluded.shipping_cost, packaging_cost = excluded.packaging_cost, \
        channel = excluded.channel, country = excluded.country");
    UPSERT_REFUNDS = rows(15, "INSERT INTO refund_state (refund_key, source, external_id, order_key, order_external_id, subject, seq, \
        version, received_at, refunded_at, day, currency, items, tax_and_shipping, restocked_cost) VALUES {rows} \
        ON CONFLICT (refund_key) DO UPDATE SET source = excluded.source, external_id = excluded.external_id, \
        order_key = excluded.order_key, order_external_id = excluded.order_external_id, subject = excluded.subject, \
        seq = excluded.seq, version = excluded.version, received_at = excluded.received_at, refunded_at = excluded.refunded_at, \
        day = excluded.day, currency = excluded.currency, items = excluded.items, \
        tax_and_shipping = excluded.tax_and_shipping, restocked_cost = excluded.restocked_cost");
    UPSERT_SPEND = rows(9, "INSERT INTO spend_state (spend_key, version, received_at, from_day, until_day, channel, kind, currency, \
        amount) VALUES {rows} ON CONFLICT (spend_key) DO UPDATE SET version = excluded.version, \
        received_at = excluded.received_at, from_day = excluded.from_day, until_day = excluded.until_day, \
        channel = excluded.channel, kind = excluded.kind, currency = excluded.currency, amount = excluded.amount");
    SELECT_SUBJECTS_OF_ORDERS = rows(1, "SELECT order_key, subject FROM order_state WHERE order_key IN ({rows})");
    SELECT_SUBJECTS_WITH_ORDERS = rows(1, "SELECT DISTINCT subject FROM order_state WHERE subject IN ({rows})");
    SELECT_ORDERS = rows(1, "SELECT order_key, source, external_id, subject, seq, version, received_at, placed_at, day, currency, \
        exchange_rate, exclusion, gross, discount, tax, shipping, cost, payment_fee, shipping_cost, packaging_cost, channel, country \
        FROM order_state WHERE subject IN ({rows})");
    SELECT_REFUNDS = rows(1, "SELECT r.refund_key, r.source, r.external_id, r.order_key, r.order_external_id, r.subject, r.seq, \
        r.version, r.received_at, r.refunded_at, r.day, r.currency, r.items, r.tax_and_shipping, r.restocked_cost \
        FROM order_state AS o JOIN refund_state AS r ON r.order_key = o.order_key WHERE o.subject IN ({rows})");
    SELECT_ORDERS_TO_ERASE = rows(1, "SELECT order_key FROM order_state WHERE subject IN ({rows})");
    SELECT_REFUNDS_TO_ERASE = rows(1, "SELECT refund_key, order_key FROM refund_state WHERE subject IN ({rows})");
    ERASE_ORDER = both("UPDATE order_state SET external_id = $1 WHERE order_key = $2");
    ERASE_REFUND = both("UPDATE refund_state SET external_id = $1, order_external_id = $2 WHERE refund_key = $3");
    RESET_ORDERS = both("DELETE FROM order_state");
    RESET_REFUNDS = both("DELETE FROM refund_state");
    RESET_SPEND = both("DELETE FROM spend_state");
    /// Persons whom the lake must write anew although their statistics do not say so.
    TOUCH_LAKE = rows(2, "INSERT INTO lake_touched (person, seq) VALUES {rows} ON CONFLICT (person) DO UPDATE SET seq = excluded.seq");
    RESET_LAKE_TOUCHED = both("DELETE FROM lake_touched");
    RESET_STATISTICS = both("DELETE FROM person_statistics");
    RESET_SCORES = both("DELETE FROM person_score");
}

/// Rows of one statement at most.
const LARGEST_CHUNK: usize = 256;

/// One query per chunk of ids.
async fn for_ids<T: Record>(tx: &mut Tx, text: SqlText, ids: &[Uuid]) -> Result<Vec<T>> {
    let mut found = Vec::new();
    let mut rest = ids;
    for size in row_chunks(ids.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = text.query_rows(size);
        for id in chunk {
            query.push(*id);
        }
        found.extend(tx.fetch_all::<T>(query).await?);
    }
    Ok(found)
}

/// The same outside of a transaction.
pub(super) async fn read_for_ids<T: Record>(db: &Db, text: SqlText, ids: &[Uuid]) -> Result<Vec<T>> {
    let mut found = Vec::new();
    let mut rest = ids;
    for size in row_chunks(ids.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = text.query_rows(size);
        for id in chunk {
            query.push(*id);
        }
        found.extend(db.read_all::<T>(query).await?);
    }
    Ok(found)
}

/// One statement per chunk of rows; how many rows they changed.
pub(super) async fn for_rows<T: Sync>(
    tx: &mut Tx,
    text: SqlText,
    rows: &[T],
    push: impl Fn(&mut Query, &T) + Send,
) -> Result<u64> {
    let mut changed = 0;
    let mut rest = rows;
    for size in row_chunks(rows.len(), LARGEST_CHUNK) {
        let (chunk, remainder) = rest.split_at(size);
        rest = remainder;
        let mut query = text.query_rows(size);
        for row in chunk {
            push(&mut query, row);
        }
        changed += tx.execute(query).await?;
    }
    Ok(changed)
}

/// The version that a table has of a thing, and what the thing belonged to: an order's subject, a refund's order.
#[derive(Debug, Clone, FromRow)]
pub(super) struct KnownVersion {
    pub key: Uuid,
    pub version: String,
    pub received_at: Micros,
    pub other: Uuid,
}

pub(super) async fn order_versions(tx: &mut Tx, keys: &[Uuid]) -> Result<Vec<KnownVersion>> {
    for_ids(tx, SELECT_ORDER_VERSIONS, keys).await
}

pub(super) async fn refund_versions(tx: &mut Tx, keys: &[Uuid]) -> Result<Vec<KnownVersion>> {
    for_ids(tx, SELECT_REFUND_VERSIONS, keys).await
}

pub(super) async fn spend_versions(tx: &mut Tx, keys: &[Uuid]) -> Result<Vec<KnownVersion>> {
    for_ids(tx, SELECT_SPEND_VERSIONS, keys).await
}

pub(super) async fn put_orders(tx: &mut Tx, rows: &[OrderRow]) -> Result<()> {
    for_rows(tx, UPSERT_ORDERS, rows, |query, row| {
        query.push(row.order_key);
        query.push(row.source.as_str());
        query.push(row.external_id.as_str());
        query.push(row.subject);
        query.push(row.seq);
        query.push(row.version.as_str());
        query.push(row.received_at);
        query.push(row.placed_at);
        query.push(row.day);
        query.push(row.currency.as_str());
        query.push(row.exchange_rate.clone());
        query.push(row.exclusion.as_str());
        query.push(row.gross);
        query.push(row.discount);
        query.push(row.tax);
        query.push(row.shipping);
        query.push(row.cost);
        query.push(row.payment_fee);
        query.push(row.shipping_cost);
        query.push(row.packaging_cost);
        query.push(row.channel.clone());
        query.push(row.country.clone());
    })
    .await
    .map(drop)
}

/// Notes persons whom the lake must write anew, and at which fact.
pub(super) async fn touch_lake(tx: &mut Tx, persons: &[PersonId], seq: i64) -> Result<()> {
    for_rows(tx, TOUCH_LAKE, persons, |query, person| {
        query.push(*person);
        query.push(seq);
    })
    .await
    .map(drop)
}

pub(super) async fn put_refunds(tx: &mut Tx, rows: &[RefundRow]) -> Result<()> {
    for_rows(tx, UPSERT_REFUNDS, rows, |query, row| {
        query.push(row.refund_key);
        query.push(row.source.as_str());
        query.push(row.external_id.as_str());
        query.push(row.order_key);
        query.push(row.order_external_id.as_str());
        query.push(row.subject);
        query.push(row.seq);
        query.push(row.version.as_str());
        query.push(row.received_at);
        query.push(row.refunded_at);
        query.push(row.day);
        query.push(row.currency.as_str());
        query.push(row.items);
        query.push(row.tax_and_shipping);
        query.push(row.restocked_cost);
    })
    .await
    .map(drop)
}

pub(super) async fn put_spend(tx: &mut Tx, rows: &[SpendStateRow]) -> Result<()> {
    for_rows(tx, UPSERT_SPEND, rows, |query, row| {
        query.push(row.spend_key);
        query.push(row.version.as_str());
        query.push(row.received_at);
        query.push(row.from_day.as_str());
        query.push(row.until_day.as_str());
        query.push(row.channel.clone());
        query.push(row.kind.as_str());
        query.push(row.currency.as_str());
        query.push(row.amount);
    })
    .await
    .map(drop)
}

/// The subjects of orders that are known: (order, subject).
pub(super) async fn subjects_of_orders(tx: &mut Tx, orders: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    for_ids(tx, SELECT_SUBJECTS_OF_ORDERS, orders).await
}

/// Those of some subjects that have orders.
pub(super) async fn subjects_with_orders(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = for_ids(tx, SELECT_SUBJECTS_WITH_ORDERS, subjects).await?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

pub(super) async fn orders_of(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<OrderRow>> {
    for_ids(tx, SELECT_ORDERS, subjects).await
}

/// Refunds of the orders of some subjects.
pub(super) async fn refunds_of(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<RefundRow>> {
    for_ids(tx, SELECT_REFUNDS, subjects).await
}

/// Takes the source's ids out of the rows of erased subjects; money, days and products stay. The log does the same to its facts.
pub(super) async fn erase(tx: &mut Tx, subjects: &[Uuid]) -> Result<()> {
    let stand_in = |key: Uuid| format!("erased-{}", key.simple());
    let orders: Vec<(Uuid,)> = for_ids(tx, SELECT_ORDERS_TO_ERASE, subjects).await?;
    for (order,) in orders {
        tx.execute(ERASE_ORDER.query().bind(stand_in(order)).bind(order)).await?;
    }
    let refunds: Vec<(Uuid, Uuid)> = for_ids(tx, SELECT_REFUNDS_TO_ERASE, subjects).await?;
    for (refund, order) in refunds {
        tx.execute(ERASE_REFUND.query().bind(stand_in(refund)).bind(stand_in(order)).bind(refund)).await?;
    }
    Ok(())
}

pub(super) async fn reset(tx: &mut Tx) -> Result<()> {
    for text in [RESET_ORDERS, RESET_REFUNDS, RESET_SPEND, RESET_STATISTICS, RESET_SCORES, RESET_LAKE_TOUCHED] {
        tx.execute(text.query()).await?;
    }
    super::lake::forget(tx).await
}
