//! Services on both engines, with a clock that the test moves.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use clove_core::ManualClock;
use clove_core::clock::SECOND;
use clove_http::access::KeyRing;
use clove_http::rate::{RateLimits, RateSettings};
use clove_http::{Client, Services, SourceRegistry};
use clove_store::{DatabaseUrl, Db, Environment, FactWriter, WriterOptions};

/// 2026-01-01 00:00 UTC.
pub const START: i64 = 1_767_225_600 * SECOND;

/// A shop of a test's own.
pub struct World {
    pub services: Services,
    pub clock: Arc<ManualClock>,
    pub url: DatabaseUrl,
}

impl World {
    pub fn db(&self) -> &Db {
        &self.services.db
    }

    /// Another process's view of the same PostgreSQL database.
    pub async fn other_process(&self, seed: u8) -> Db {
        Db::open(&self.url, Environment::new(Arc::clone(&self.clock) as _, [seed; 32])).await.unwrap()
    }
}

/// Somebody at the machine itself.
pub fn at_the_machine() -> Client {
    Client {
        address: Some("127.0.0.1".parse().unwrap()),
        local: true,
        host: Some("localhost:8080".to_owned()),
        ..Client::default()
    }
}

/// Somebody far away, behind TLS.
pub fn far_away(last: u8) -> Client {
    Client {
        address: Some(std::net::IpAddr::from([203, 0, 113, last])),
        secure: true,
        local: false,
        host: Some("clove.example".to_owned()),
    }
}

fn postgres_server() -> Option<String> {
    let url = std::env::var("CLOVE_TEST_POSTGRES").ok();
    if url.is_none() {
        assert!(std::env::var("CLOVE_TEST_DATA").is_err(), "CLOVE_TEST_POSTGRES is not set; see scripts/test-postgres");
        eprintln!("SKIPPED on PostgreSQL: CLOVE_TEST_POSTGRES is not set (scripts/test-postgres)");
    }
    url
}

async fn postgres_database(server: &str) -> DatabaseUrl {
    use sqlx::Connection as _;
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("clove_http_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    DatabaseUrl::Postgres(format!("{address}/{name}"))
}

async fn world(url: DatabaseUrl) -> World {
    let clock = Arc::new(ManualClock::new(START));
    let db = Db::open(&url, Environment::new(Arc::clone(&clock) as _, [1; 32])).await.unwrap();
    let keys = KeyRing::open(db.clone()).await.unwrap();
    let (writer, _task) = FactWriter::start(db.clone(), WriterOptions::default());
    let sources = SourceRegistry::open(db.clone()).await.unwrap();
    let limits = RateLimits::new(&db, &RateSettings::default());
    World {
        services: Services {
            db,
            writer,
            keys,
            trusted_proxies: Vec::new(),
            limits,
            sources,
            files: PathBuf::new(),
            lake: None,
        },
        clock,
        url,
    }
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
    on_postgres(story).await;
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
