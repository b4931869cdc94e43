//! A shop's data in pieces: what [`load`](super::load) puts together, whether it comes from the database or, as JSON lines, from a server.
//!
//! The lines are for the `clove` command of the same version: their form may change with any version, and says which it is.

use std::collections::HashMap;
use std::time::Duration;

use clove_core::fact::Order;
use clove_core::{Currency, FactBody};
use clove_store::fact::read_facts;
use clove_store::settings::Settings;
use clove_store::subscriber::position;
use clove_store::{Db, Result, StoreError};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use thiserror::Error;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::ValueSubscriber;
use super::checkouts::{CHECKOUT_STARTED, CheckoutStart};
use super::interaction::sql::each_named;
use super::load::{Building, LoadOptions, LoadedShop};
use super::rows::{OrderRow, RefundRow, SpendStateRow};

clove_store::statements! {
    /// Orders in the order of their days, each with its person.
    SELECT_PAGE = both("SELECT o.order_key, o.source, o.external_id, o.subject, o.seq, o.version, o.received_at, o.placed_at, o.day, \
        o.currency, o.exchange_rate, o.exclusion, o.gross, o.discount, o.tax, o.shipping, o.cost, o.payment_fee, o.shipping_cost, \
        o.packaging_cost, o.channel, o.country, p.person, p.shared \
        FROM order_state AS o LEFT JOIN person_subject AS p ON p.subject = o.subject \
        WHERE (o.day, o.order_key) > ($1, $2) ORDER BY o.day, o.order_key LIMIT $3");
    SELECT_REFUND_PAGE = both("SELECT refund_key, source, external_id, order_key, order_external_id, subject, seq, version, received_at, \
        refunded_at, day, currency, items, tax_and_shipping, restocked_cost FROM refund_state WHERE refund_key > $1 \
        ORDER BY refund_key LIMIT $2");
    SELECT_SPEND = both("SELECT spend_key, version, received_at, from_day, until_day, channel, kind, currency, amount FROM spend_state \
        ORDER BY from_day, until_day, spend_key");
    /// Persons with a handle that names them.
    SELECT_NAMED_PAGE = both("SELECT DISTINCT person FROM person_subject WHERE person > $1 AND NOT shared \
        AND channel <> '' AND channel <> 'anonymous' ORDER BY person LIMIT $2");
}

/// Rows of a piece.
const PAGE: i64 = 2_000;
/// Pieces that may wait for their reader.
const WAITING: usize = 2;
/// How long a client may take for a piece before it is given up.
const PATIENCE: Duration = Duration::from_secs(15);
/// The form of the lines.
const FORM: u32 = 2;

/// An order with its person.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub(super) struct PlacedOrder {
    #[sqlx(flatten)]
    pub order: OrderRow,
    pub person: Option<Uuid>,
    pub shared: Option<bool>,
}

/// A part of a shop's data, in the order in which they come.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Piece {
    /// What holds of all.
    Shop { form: u32, currency: String, time_zone: String, position: i64 },
    /// Persons with a handle.
    Named { persons: Vec<Uuid> },
    /// Orders in the order of their days, and what the facts of some know beyond their rows, by number of the fact.
    Orders { orders: Vec<PlacedOrder>, bodies: HashMap<i64, Order> },
    /// Refunds.
    Refunds { refunds: Vec<RefundRow> },
    /// Costs.
    Spend { rows: Vec<SpendStateRow> },
    /// Starts of checkouts, in the order of the log.
    Checkouts { starts: Vec<CheckoutStart> },
    /// There is no more.
    End,
}

/// Bodies of the orders of rows, by number of the fact.
pub(super) async fn bodies(db: &Db, orders: &[PlacedOrder], options: LoadOptions) -> Result<HashMap<i64, Order>> {
    if !options.details {
        return Ok(HashMap::new());
    }
    let seqs: Vec<i64> = orders.iter().map(|row| row.order.seq).collect();
    let facts = read_facts(db, &seqs).await?.into_iter();
    Ok(facts
        .filter_map(|fact| match (fact.seq, fact.into_body()) {
            (seq, FactBody::Order(order)) => Some((seq, order)),
            _ => None,
        })
        .collect())
}

/// All costs.
pub(super) async fn spend(db: &Db) -> Result<Vec<SpendStateRow>> {
    db.read_all(SELECT_SPEND.query()).await
}

/// Reads the shop's pieces into a channel, until all are read or nobody listens.
async fn read_into(db: &Db, options: LoadOptions, pieces: &mpsc::Sender<Piece>) -> Result<()> {
    let position = position(db, ValueSubscriber::NAME).await?.unwrap_or(0);
    let settings = Settings::read(db).await?;
    let time_zone = clove_store::settings::time_zone_name(&settings.time_zone()?);
    let currency = settings.currency()?.unwrap_or(Currency::EUR);
    let send = async |piece: Piece| pieces.send(piece).await.map_err(|_| StoreError::Stopped("reader of the shop"));
    send(Piece::Shop { form: FORM, currency: currency.code().to_owned(), time_zone, position }).await?;
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<(Uuid,)> = db.read_all(SELECT_NAMED_PAGE.query().bind(after).bind(PAGE)).await?;
        let Some(&(last,)) = rows.last() else { break };
        after = last;
        send(Piece::Named { persons: rows.into_iter().map(|(person,)| person).collect() }).await?;
    }
    let (mut day, mut key) = (i64::MIN, Uuid::nil());
    loop {
        let query = SELECT_PAGE.query().bind(day).bind(key).bind(PAGE);
        let orders: Vec<PlacedOrder> = db.read_all(query).await?;
        let Some(last) = orders.last() else { break };
        (day, key) = (last.order.day, last.order.order_key);
        let bodies = bodies(db, &orders, options).await?;
        send(Piece::Orders { orders, bodies }).await?;
    }
    let mut after = Uuid::nil();
    loop {
        let refunds: Vec<RefundRow> = db.read_all(SELECT_REFUND_PAGE.query().bind(after).bind(PAGE)).await?;
        let Some(last) = refunds.last() else { break };
        after = last.refund_key;
        send(Piece::Refunds { refunds }).await?;
    }
    send(Piece::Spend { rows: spend(db).await? }).await?;
    let mut starts = Vec::new();
    each_named(db, CHECKOUT_STARTED, &mut |person, one| starts.push(CheckoutStart::of(person, &one, currency))).await?;
    for starts in starts.chunks(PAGE as usize) {
        send(Piece::Checkouts { starts: starts.to_vec() }).await?;
    }
    send(Piece::End).await
}

/// Reads the shop. Not from one snapshot: what changes meanwhile may be seen or not, person by person.
///
/// A shop without a currency (nobody set one, and no order came yet) is empty.
pub async fn load(db: &Db, options: LoadOptions) -> Result<LoadedShop> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let reading = async {
        let read = read_into(db, options, &sender).await;
        drop(sender);
        read
    };
    // It owns its end of the channel: if it stops, reading stops.
    let assembling = async move {
        let mut assembling = Assembling { options, ..Assembling::default() };
        while let Some(piece) = receiver.recv().await {
            assembling.take(piece)?;
        }
        Ok::<Assembling, PieceError>(assembling)
    };
    let (read, assembled) = tokio::join!(reading, assembling);
    read?;
    assembled.and_then(Assembling::finish).map_err(StoreError::subscriber)
}

/// The shop's pieces as lines of JSON, each with its line break: read as fast as the receiver takes them. After a failure of the
/// database they end without the last one, which tells the reader. `held` is dropped when all are read or the reader is given up.
pub fn lines(db: Db, options: LoadOptions, held: impl Send + 'static) -> mpsc::Receiver<Result<String>> {
    let (line_sender, lines) = mpsc::channel(WAITING);
    let (sender, mut pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        let reading = async {
            let read = read_into(&db, options, &sender).await;
            drop(sender);
            read
        };
        let writing = async {
            while let Some(piece) = pieces.recv().await {
                let line = serde_json::to_string(&piece).map(|line| line + "\n").map_err(StoreError::subscriber);
                // A client that has gone away, or stands still, keeps nothing in memory for longer.
                if line_sender.send_timeout(line, PATIENCE).await.is_err() {
                    pieces.close();
                    break;
                }
            }
        };
        let (read, ()) = tokio::join!(reading, writing);
        match read {
            Ok(()) | Err(StoreError::Stopped(_)) => {}
            Err(error) => {
                tracing::error!(error = error.chain(), "a shop could not be read to its end");
                // Whoever still reads is told; nobody else is there to be.
                let _ = line_sender.try_send(Err(error));
            }
        }
        drop(held);
    });
    lines
}

/// Why pieces make no shop.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PieceError {
    /// A line is none that this version knows.
    #[error("the data are in a form that this version of clove does not know: use the clove of the server's version")]
    Form,
    /// The last piece is missing.
    #[error("the data broke off before their end: ask again; the server's log says more")]
    BrokenOff,
}

/// Puts pieces together.
#[derive(Default)]
pub struct Assembling {
    options: LoadOptions,
    shop: Option<(Building, String, i64)>,
    spend: Vec<SpendStateRow>,
    ended: bool,
}

impl Assembling {
    /// From lines of a server, which hold everything.
    pub fn lines() -> Assembling {
        Assembling { options: LoadOptions { details: true }, ..Assembling::default() }
    }

    /// Takes the next line. Returns how many orders there are so far.
    ///
    /// # Errors
    /// [`PieceError::Form`].
    pub fn line(&mut self, line: &str) -> Result<usize, PieceError> {
        self.take(serde_json::from_str(line).map_err(|_| PieceError::Form)?)?;
        Ok(self.shop.as_ref().map_or(0, |(building, ..)| building.len()))
    }

    fn take(&mut self, piece: Piece) -> Result<(), PieceError> {
        match (piece, &mut self.shop) {
            (Piece::Shop { form: FORM, currency, time_zone, position }, shop @ None) => {
                let currency = currency.parse().map_err(|_| PieceError::Form)?;
                *shop = Some((Building::new(currency), time_zone, position));
            }
            (Piece::Named { persons }, Some((building, ..))) => building.name(persons),
            (Piece::Orders { orders, bodies }, Some((building, ..))) => building.orders(&orders, &bodies),
            (Piece::Refunds { refunds }, Some((building, ..))) => building.refunds(&refunds),
            (Piece::Spend { rows }, Some(_)) => self.spend.extend(rows),
            (Piece::Checkouts { starts }, Some((building, ..))) => building.checkouts(starts),
            (Piece::End, Some(_)) => self.ended = true,
            _ => return Err(PieceError::Form),
        }
        Ok(())
    }

    /// The shop.
    ///
    /// # Errors
    /// [`PieceError::BrokenOff`].
    pub fn finish(self) -> Result<LoadedShop, PieceError> {
        match self.shop {
            Some((building, time_zone, position)) if self.ended => {
                Ok(building.finish(&self.spend, self.options, time_zone, position))
            }
            _ => Err(PieceError::BrokenOff),
        }
    }
}
