//! Orders and refunds of a shop, what the tables say, and running both subscribers.

use std::collections::BTreeMap;
use std::sync::Arc;

use clove_core::clock::SECOND;
use clove_core::fact::{Order, OrderLine, OrderStatus, Refund, Track, order_version};
use clove_core::{Fact, FactBody, PersonId};
use clove_measure::live::ValueSubscriber;
use clove_people::identity::live::IdentitySubscriber;
use clove_store::customer_view::{Score, Statistics, scores, statistics};
use clove_store::{Db, SqlText};

use crate::facts::{person_of, personal, run, seen};
use crate::support::{START, event};

pub const DAY: i64 = 86_400 * SECOND;

pub const BANDS_CHANGED: SqlText =
    SqlText::both("BANDS_CHANGED", "SELECT subject, body FROM fact WHERE kind LIKE 'score_band_changed%' ORDER BY seq");

/// Everything that is kept per person, to compare whole tables. The moments and facts of writing are left out.
pub const STATISTICS: SqlText = SqlText::both(
    "STATISTICS",
    "SELECT person, orders, purchase_days, gross_minor, discount_minor, refunded_minor, net_minor, \
     purchase_placed_minor, first_placed_minor, first_purchase_day, last_purchase_day, identified \
     FROM person_statistics ORDER BY person, currency",
);
pub type StatisticsRow = (uuid::Uuid, i64, i64, i64, i64, i64, i64, i64, i64, Option<i64>, Option<i64>, bool);

/// An order as tests write it.
#[derive(Debug, Clone)]
pub struct Sale {
    pub number: u64,
    /// Days before the first moment of the tests.
    pub days_ago: i64,
    pub gross: i64,
    pub discount: i64,
    pub status: OrderStatus,
    pub currency: &'static str,
    pub rate: Option<&'static str>,
    /// Which version of the order, by moment.
    pub version: i64,
}

impl Sale {
    pub fn new(number: u64, days_ago: i64, gross: i64) -> Sale {
        let status = OrderStatus::Paid;
        Sale { number, days_ago, gross, discount: 0, status, currency: "EUR", rate: None, version: 0 }
    }

    /// The fact of it. `tag` makes it a fact of its own; handles say who bought.
    pub fn fact(&self, db: &Db, tag: u64, handles: &[&str]) -> Fact {
        let placed_at = START - self.days_ago * DAY;
        let body = Order {
            placed_at,
            currency: self.currency.to_owned(),
            exchange_rate: self.rate.map(str::to_owned),
            status: self.status,
            cancelled_at: None,
            test: false,
            wholesale: false,
            gift_card: false,
            gross: self.gross,
            discount: self.discount,
            tax: 0,
            shipping: 0,
            cost: None,
            payment_fee: None,
            shipping_cost: None,
            packaging_cost: None,
            channel: Some("web".to_owned()),
            country: None,
            discount_codes: vec!["SPRING".to_owned()],
            lines: vec![OrderLine {
                external_id: None,
                product: format!("sku-{}", self.number % 3),
                title: None,
                quantity: 1,
                gross: self.gross,
                discount: 0,
                cost: None,
            }],
            attributes: BTreeMap::from([("colour".to_owned(), "blue".to_owned())]),
            internal_id: None,
        };
        let mut fact = crate::facts::seen(db, tag, handles);
        if handles.is_empty() {
            fact.personal = None;
        }
        Fact {
            external_id: format!("order-{}", self.number),
            version: order_version(START + self.version * SECOND, self.status, uuid::Uuid::nil()),
            occurred_at: placed_at,
            body: FactBody::Order(body),
            ..fact
        }
    }
}

/// Money given back for an order. The refund stands under a subject of its own, as our own JSON refunds do.
pub fn refund(tag: u64, order: u64, days_ago: i64, items: i64) -> Fact {
    let body = Refund {
        order: format!("order-{order}"),
        currency: "EUR".to_owned(),
        items,
        tax_and_shipping: 0,
        restocked_cost: 0,
        lines: Vec::new(),
    };
    let ids = clove_core::IdGenerator::new([tag as u8; 32]);
    let fact = event(&ids, 1_000_000 + tag);
    Fact {
        external_id: format!("refund-{tag}"),
        occurred_at: START - days_ago * DAY,
        body: FactBody::Refund(body),
        personal: Some(personal(&[])),
        ..fact
    }
}

/// An event about a product, so many days ago.
pub fn did(db: &Db, tag: u64, handles: &[&str], (event, days_ago): (&str, i64), sku: &str) -> Fact {
    let properties = serde_json::json!({"sku": sku, "price": 12.5, "gift": tag.is_multiple_of(2)});
    let properties = properties.as_object().cloned().unwrap();
    let body = FactBody::Track(Track { event: event.to_owned(), properties });
    Fact { occurred_at: START - days_ago * DAY, body, ..seen(db, tag, handles) }
}

/// Lets identity and value handle everything that is in the log.
pub async fn run_all(db: &Db, batch: usize) {
    run(db, Arc::new(IdentitySubscriber::default()), batch).await;
    run(db, Arc::new(ValueSubscriber::default()), batch).await;
}

pub async fn value_of(db: &Db, handle: &str) -> Option<Statistics> {
    let person: PersonId = person_of(db, handle).await?;
    statistics(db, person).await.unwrap().into_iter().next()
}

pub async fn score_of(db: &Db, handle: &str) -> Option<Score> {
    let person: PersonId = person_of(db, handle).await?;
    scores(db, person).await.unwrap().into_iter().next()
}
