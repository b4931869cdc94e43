//! Databases, facts and a small projection for the stories.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clove_core::clock::SECOND;
use clove_core::fact::{Handle, Order, OrderStatus, Personal, Track};
use clove_core::{Fact, FactBody, FactId, IdGenerator, ManualClock, SubjectId};
use clove_store::{DatabaseUrl, Db, Environment};
use uuid::Uuid;

/// 2026-01-01 00:00 UTC.
pub const START: i64 = 1_767_225_600 * SECOND;

/// A database of a test's own, with a clock that the test moves.
pub struct World {
    pub db: Db,
    pub clock: Arc<ManualClock>,
    pub url: DatabaseUrl,
}

impl World {
    /// Another process's view of the same PostgreSQL database.
    pub async fn other_process(&self) -> Db {
        Db::open(&self.url, Environment::new(Arc::clone(&self.clock) as _, [9; 32])).await.unwrap()
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.url, DatabaseUrl::Postgres(_))
    }
}

/// Address of the PostgreSQL server of the tests, or a visible skip.
pub fn postgres_server() -> Option<String> {
    let url = std::env::var("CLOVE_TEST_POSTGRES").ok();
    if url.is_none() {
        assert!(std::env::var("CLOVE_TEST_DATA").is_err(), "CLOVE_TEST_POSTGRES is not set; see scripts/test-postgres");
        eprintln!("SKIPPED on PostgreSQL: CLOVE_TEST_POSTGRES is not set (scripts/test-postgres)");
    }
    url
}

/// A fresh, empty PostgreSQL database.
pub async fn postgres_database(server: &str) -> DatabaseUrl {
    use sqlx::Connection as _;
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("clove_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    DatabaseUrl::Postgres(format!("{address}/{name}"))
}

async fn world(url: DatabaseUrl) -> World {
    let clock = Arc::new(ManualClock::new(START));
    let db = Db::open(&url, Environment::new(Arc::clone(&clock) as _, [1; 32])).await.unwrap();
    World { db, clock, url }
}

/// Tells a story on SQLite, then on PostgreSQL.
pub async fn on_both<F, S>(story: F)
where
    F: Fn(World) -> S,
    S: Future<Output = ()>,
{
    let folder = tempfile::tempdir().unwrap();
    Box::pin(story(world(DatabaseUrl::Folder(folder.path().to_owned())).await)).await;
    drop(folder);
    if let Some(server) = postgres_server() {
        Box::pin(story(world(postgres_database(&server).await).await)).await;
    }
}

/// Tells a story on PostgreSQL alone.
pub async fn on_postgres<F, S>(story: F)
where
    F: Fn(World) -> S,
    S: Future<Output = ()>,
{
    if let Some(server) = postgres_server() {
        Box::pin(story(world(postgres_database(&server).await).await)).await;
    }
}

pub fn subject(number: u64) -> SubjectId {
    SubjectId(Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | number))
}

/// An event of a subject. The same number is the same delivery, whoever hands it in.
pub fn event(ids: &IdGenerator, number: u64) -> Fact {
    Fact {
        id: FactId(ids.uuid(START)),
        subject: subject(number % 97),
        source: "test:shop".parse().unwrap(),
        external_id: format!("event-{number}"),
        version: "1".to_owned(),
        occurred_at: START + number as i64,
        received_at: START + number as i64,
        cause: None,
        body: FactBody::Track(Track { event: "Product Viewed".to_owned(), properties: serde_json::Map::new() }),
        personal: None,
    }
}

/// An order of a subject, with an e-mail address.
pub fn order(ids: &IdGenerator, number: u64, gross: i64) -> Fact {
    let body = Order {
        placed_at: START,
        currency: "EUR".to_owned(),
        exchange_rate: None,
        status: OrderStatus::Paid,
        cancelled_at: None,
        test: false,
        wholesale: false,
        gift_card: false,
        gross,
        discount: 0,
        tax: 0,
        shipping: 0,
        cost: None,
        payment_fee: None,
        shipping_cost: None,
        packaging_cost: None,
        channel: None,
        country: None,
        discount_codes: Vec::new(),
        lines: Vec::new(),
        attributes: std::iter::once(("note".to_owned(), "for Ann".to_owned())).collect(),
        internal_id: None,
    };
    let email = format!("ann{}@example.org", number % 97);
    let handle = Handle { channel: "email".to_owned(), scope: String::new(), external_id: email.clone() };
    let personal = Personal { handles: vec![handle], email: Some(email), ..Personal::default() };
    Fact {
        external_id: format!("order-{number}"),
        body: FactBody::Order(body),
        personal: Some(personal),
        ..event(ids, number)
    }
}

pub async fn append(db: &Db, facts: &[Fact]) -> Vec<clove_store::Outcome> {
    let mut tx = db.begin().await.unwrap();
    let outcomes = tx.append(facts.to_vec()).await.unwrap();
    tx.commit().await.unwrap();
    outcomes
}
