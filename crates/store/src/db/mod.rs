//! The database: SQLite in a folder, or PostgreSQL.

mod leases;
mod migrate;
mod postgres;
mod sqlite;
mod tx;

pub(crate) use leases::STATEMENTS as LEASE_STATEMENTS;
pub use migrate::MigrationReport;
pub(crate) use migrate::STATEMENTS as MIGRATE_STATEMENTS;
pub use sqlite::FILE as DATABASE_FILE;
pub use tx::Tx;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use clove_core::{Clock, HashKey, IdGenerator, Micros};
use sqlx::{PgPool, SqlitePool};
use tokio::sync::watch;

use crate::environment::Environment;
use crate::erasure::Suppressions;
use crate::error::{Result, StoreError};
use crate::fact::Recent;
use crate::sql::{EngineKind, Query, Record, SqlText};

crate::statements! {
    SELECT_HASH_KEY = both("SELECT hash_key FROM installation WHERE one = 1");
    INSERT_INSTALLATION = both(
        "INSERT INTO installation (one, hash_key, created_at) VALUES (1, $1, $2) ON CONFLICT (one) DO NOTHING"
    );
    SELECT_SIZE = each(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "SELECT pg_database_size(current_database())",
    );
    CHECK_QUICKLY = each("SELECT quick_check FROM pragma_quick_check()", "SELECT 'ok'::text");
    CHECK_THOROUGHLY = each("SELECT integrity_check FROM pragma_integrity_check()", "SELECT 'ok'::text");
    SELECT_CLOCK = each(
        "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
    );
    SELECT_NEWEST = both("SELECT received_at FROM fact ORDER BY seq DESC LIMIT 1");
    SELECT_HEAD = both("SELECT coalesce(max(seq), 0) FROM fact");
}

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A folder on the local disk, with SQLite in it.
    Folder(PathBuf),
    /// A `postgres://user:password@host:port/database` address.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    /// `postgres://` and `postgresql://` addresses are PostgreSQL, everything else is a folder.
    fn from_str(text: &str) -> Result<DatabaseUrl, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(DatabaseUrl::Postgres(text.to_owned()))
        } else {
            Ok(DatabaseUrl::Folder(PathBuf::from(text)))
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Folder(folder) => write!(f, "Folder({})", folder.display()),
            DatabaseUrl::Postgres(_) => f.write_str("Postgres(..)"), // holds a password
        }
    }
}

enum Engine {
    /// Without the lock everything is read-only.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        _lock: Option<std::fs::File>,
    },
    Postgres(PgPool),
}

/// The database of one shop. Cheap to clone; all clones are the same database.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    environment: Environment,
    hash_key: HashKey,
    /// Where it is, if it is a folder.
    folder: Option<PathBuf>,
    /// What erased persons were known by.
    suppressions: RwLock<Suppressions>,
    /// The end of the log; used where this process alone appends.
    recent: Recent,
    /// Highest `seq` that this process has committed.
    appended: watch::Sender<i64>,
    /// Counts the batches that subscribers of this process have committed.
    progress: watch::Sender<u64>,
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({:?})", self.engine())
    }
}

impl Db {
    /// Opens the database, makes it if it does not exist, and brings it up to date.
    ///
    /// A folder is locked against other processes; what a process that is gone still held is free at once. PostgreSQL is refused when it could lose what it has committed.
    pub async fn open(url: &DatabaseUrl, environment: Environment) -> Result<Db> {
        let engine = match url {
            DatabaseUrl::Folder(folder) => sqlite::open(folder).await?,
            DatabaseUrl::Postgres(url) => Engine::Postgres(postgres::open(url).await?),
        };
        migrate::run(&engine, environment.clock.now()).await?;
        if matches!(engine, Engine::Sqlite { .. }) {
            leases::give_back(&engine, environment.clock.now()).await?;
        }
        let hash_key = hash_key(&engine, &environment).await?;
        let folder = match url {
            DatabaseUrl::Folder(folder) => Some(folder.clone()),
            DatabaseUrl::Postgres(_) => None,
        };
        let db = Db::over(engine, environment, hash_key, folder);
        db.0.appended.send_replace(db.head().await?);
        crate::erasure::load_suppressions(&db).await?;
        Ok(db)
    }

    /// Opens a database that exists to look at it: nothing is migrated, a folder is not locked, so that a server may have it
    /// open, and writing to a folder fails.
    ///
    /// # Errors
    /// If it cannot be read, or was never migrated by any version of Clove.
    pub async fn open_read_only(url: &DatabaseUrl, environment: Environment) -> Result<Db> {
        let engine = match url {
            DatabaseUrl::Folder(folder) => sqlite::open_read_only(folder),
            DatabaseUrl::Postgres(url) => Engine::Postgres(postgres::open(url).await?),
        };
        // The secret is looked up by the database itself, which must exist before.
        let probe = Db::over(engine, environment, HashKey::new([0; 32]), None);
        let (bytes,): (Vec<u8>,) = probe.read_one(SELECT_HASH_KEY.query()).await?;
        let hash_key = secret(&bytes)?;
        let inner = Arc::try_unwrap(probe.0).map_err(|_| StoreError::Stopped("opening of the database"))?;
        let db = Db::over(inner.engine, inner.environment, hash_key, None);
        db.0.appended.send_replace(db.head().await?);
        Ok(db)
    }

    fn over(engine: Engine, environment: Environment, hash_key: HashKey, folder: Option<PathBuf>) -> Db {
        let (appended, progress) = (watch::Sender::new(0), watch::Sender::new(0));
        let suppressions = RwLock::default();
        Db(Arc::new(Inner {
            engine,
            environment,
            hash_key,
            folder,
            suppressions,
            recent: Recent::default(),
            appended,
            progress,
        }))
    }

    /// How the migrations of the database stand beside those of this program.
    pub async fn migrations(&self) -> Result<MigrationReport> {
        migrate::inspect(self).await
    }

    /// Looks for damage in the file, thoroughly or quickly; empty if there is none. PostgreSQL looks after its files itself.
    pub async fn damage(&self, thoroughly: bool) -> Result<Vec<String>> {
        let text = if thoroughly { CHECK_THOROUGHLY } else { CHECK_QUICKLY };
        let found: Vec<(String,)> = self.read_all(text.query()).await?;
        Ok(found.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect())
    }

    /// What time the database has. A server of its own may differ from this machine.
    pub async fn database_clock(&self) -> Result<Micros> {
        let (now,) = self.read_one::<(i64,)>(SELECT_CLOCK.query()).await?;
        Ok(now)
    }

    /// When the newest fact of the log was received, if there is one.
    pub async fn newest_received_at(&self) -> Result<Option<Micros>> {
        Ok(self.read_optional::<(i64,)>(SELECT_NEWEST.query()).await?.map(|(at,)| at))
    }

    /// Bytes that the database takes.
    pub async fn size(&self) -> Result<i64> {
        let (bytes,) = self.read_one::<(i64,)>(SELECT_SIZE.query()).await?;
        Ok(bytes)
    }

    /// Which engine it is.
    pub fn engine(&self) -> EngineKind {
        match self.0.engine {
            Engine::Sqlite { .. } => EngineKind::Sqlite,
            Engine::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// What the time is.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.environment.clock
    }

    /// The current moment.
    pub fn now(&self) -> Micros {
        self.0.environment.clock.now()
    }

    /// Where ids come from.
    pub fn ids(&self) -> &IdGenerator {
        &self.0.environment.ids
    }

    /// The installation's secret for keyed hashes.
    pub fn hash_key(&self) -> &HashKey {
        &self.0.hash_key
    }

    /// The data folder; `None` on PostgreSQL.
    pub fn folder(&self) -> Option<&Path> {
        self.0.folder.as_deref()
    }

    /// The end of the log in memory, where this process is the only one that appends and erases.
    pub(crate) fn recent(&self) -> Option<&Recent> {
        matches!(self.0.engine, Engine::Sqlite { _lock: Some(_), .. }).then_some(&self.0.recent)
    }

    pub(crate) fn suppressions(&self) -> RwLockReadGuard<'_, Suppressions> {
        self.0.suppressions.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn suppressions_mut(&self) -> RwLockWriteGuard<'_, Suppressions> {
        self.0.suppressions.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the log of changes back into the file and empties it, so that nothing deleted before remains on the disk. Returns
    /// whether it is empty: a reader that is at work keeps it from being so. PostgreSQL does as much with its next vacuum.
    pub async fn write_back(&self) -> Result<bool> {
        let Engine::Sqlite { writer, .. } = &self.0.engine else { return Ok(true) };
        let failed = |source| StoreError::Sql { statement: "wal_checkpoint", source };
        let (busy, _, _): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(writer).await.map_err(failed)?;
        Ok(busy == 0)
    }

    /// The highest number of the log that is committed, 0 for an empty log. Every fact up to it is visible: no fact commits
    /// later under a lower number.
    pub async fn head(&self) -> Result<i64> {
        let (head,) = self.read_one::<(i64,)>(SELECT_HEAD.query()).await?;
        Ok(head)
    }

    /// Begins a transaction that may write. On SQLite there is one at a time, others wait.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self.clone(), tx::Durable::AtCommit).await
    }

    /// Begins a transaction for a subscriber's effects and cursor. It does not wait for the disk: after a power loss both may be
    /// gone, together with all that was committed later, and the subscriber does the same facts again. Nothing that the outside is
    /// told, or does, may rest on it alone.
    pub(crate) async fn begin_replayable(&self) -> Result<Tx> {
        Tx::begin(self.clone(), tx::Durable::WithTheNext).await
    }

    /// Reads all rows of a query, outside of a transaction.
    pub async fn read_all<T: Record>(&self, query: Query) -> Result<Vec<T>> {
        let statement = query.text.name;
        match &self.0.engine {
            Engine::Sqlite { readers, .. } => match query.sqlite() {
                Ok((text, arguments)) => Box::pin(sqlx::query_as_with(text, arguments).fetch_all(readers)).await,
                Err(error) => Err(error),
            },
            Engine::Postgres(pool) => match query.postgres() {
                Ok((text, arguments)) => Box::pin(sqlx::query_as_with(text, arguments).fetch_all(pool)).await,
                Err(error) => Err(error),
            },
        }
        .map_err(|source| StoreError::Sql { statement, source })
    }

    /// Reads the first row of a query, if it has one.
    pub async fn read_optional<T: Record>(&self, query: Query) -> Result<Option<T>> {
        Ok(self.read_all(query).await?.into_iter().next())
    }

    /// Reads the only row of a query.
    pub async fn read_one<T: Record>(&self, query: Query) -> Result<T> {
        let statement = query.text.name;
        self.read_optional(query).await?.ok_or(StoreError::Sql { statement, source: sqlx::Error::RowNotFound })
    }

    /// Asks the engine to prepare a text, without running it: every SQL text is checked so by a test, on both engines.
    pub async fn prepare(&self, text: SqlText) -> Result<()> {
        use sqlx::Executor as _;
        let expanded = text.expand(self.engine(), 2);
        match &self.0.engine {
            Engine::Sqlite { writer, .. } => match writer.acquire().await {
                Ok(mut connection) => connection.prepare(expanded).await.map(drop),
                Err(error) => Err(error),
            },
            Engine::Postgres(pool) => match pool.acquire().await {
                Ok(mut connection) => connection.prepare(expanded).await.map(drop),
                Err(error) => Err(error),
            },
        }
        .map_err(|source| StoreError::Sql { statement: text.name, source })
    }

    /// Closes all connections and, for a folder, writes the log of changes back into the file. Waits for running transactions.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    /// Tells the highest number of the log that this process has committed, as it grows.
    pub fn watch_appended(&self) -> watch::Receiver<i64> {
        self.0.appended.subscribe()
    }

    pub(crate) fn note_appended(&self, seq: i64) {
        self.0.appended.send_if_modified(|head| {
            let grows = seq > *head;
            *head = seq.max(*head);
            grows
        });
    }

    /// Makes idle subscribers of this process look again.
    pub fn wake_subscribers(&self) {
        self.0.appended.send_modify(|_| ());
    }

    pub(crate) fn watch_progress(&self) -> watch::Receiver<u64> {
        self.0.progress.subscribe()
    }

    pub(crate) fn note_progress(&self) {
        self.0.progress.send_modify(|count| *count += 1);
    }
}

async fn hash_key(engine: &Engine, environment: &Environment) -> Result<HashKey> {
    let mut fresh = [0_u8; 32];
    environment.ids.fill(&mut fresh);
    let mut connection = tx::Connection::begin(engine, tx::Durable::AtCommit).await?;
    connection.execute(INSERT_INSTALLATION.query().bind(fresh.to_vec()).bind(environment.clock.now())).await?;
    let rows: Vec<(Vec<u8>,)> = connection.fetch_all(SELECT_HASH_KEY.query()).await?;
    connection.commit().await?;
    secret(rows.first().map_or(&[], |(key,)| key))
}

fn secret(bytes: &[u8]) -> Result<HashKey> {
    <[u8; 32]>::try_from(bytes)
        .map(HashKey::new)
        .map_err(|_| StoreError::Migration { reason: "its hash key is not 32 bytes long".to_owned() })
}

/// Goes on if this program knows all migrations with these names.
pub(crate) fn must_know_migrations(names: &[String]) -> Result<()> {
    migrate::must_know(names)
}

/// Makes the tables of these migrations in a PostgreSQL database, for a backup to be restored into.
pub(crate) async fn make_tables(url: &str, migrations: &[String], now: Micros) -> Result<()> {
    let engine = Engine::Postgres(postgres::open(url).await?);
    migrate::run_named(&engine, now, migrations).await?;
    if let Engine::Postgres(pool) = engine {
        pool.close().await;
    }
    Ok(())
}
