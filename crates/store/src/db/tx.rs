//! Transactions.

use clove_core::Fact;
use sqlx::{Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::{Db, Engine};
use crate::error::{Result, StoreError};
use crate::fact::{AppendedRange, Erasing, Outcome, Prepared, append};
use crate::sql::{EngineKind, Query, Record};

/// When a transaction survives a power loss. It survives the end of the process at its commit either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durable {
    /// When its commit returns.
    AtCommit,
    /// With the next transaction that is durable at its commit, at the latest: the log of changes is flushed in its order, so that
    /// nothing that was committed later survives without it.
    WithTheNext,
}

/// A transaction on either engine (its queries' futures are boxed: they are large, and callers' futures hold them), without the notes that [`Tx`] keeps.
pub(super) enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Connection {
    pub(super) async fn begin(engine: &Engine, durable: Durable) -> Result<Connection> {
        match engine {
            Engine::Sqlite { writer, .. } => begin_sqlite(writer, durable).await.map(Connection::Sqlite),
            Engine::Postgres(pool) => match durable {
                Durable::AtCommit => pool.begin().await,
                Durable::WithTheNext => pool.begin_with("BEGIN; SET LOCAL synchronous_commit = off").await,
            }
            .map(Connection::Postgres),
        }
        .map_err(|source| StoreError::Sql { statement: "BEGIN", source })
    }

    pub(super) async fn execute(&mut self, query: Query) -> Result<u64> {
        let statement = query.text.name;
        match self {
            Connection::Sqlite(connection) => match query.sqlite() {
                Ok((text, arguments)) => {
                    let connection: &mut SqliteConnection = connection;
                    Box::pin(sqlx::query_with(text, arguments).execute(connection))
                        .await
                        .map(|done| done.rows_affected())
                }
                Err(error) => Err(error),
            },
            Connection::Postgres(connection) => match query.postgres() {
                Ok((text, arguments)) => Box::pin(sqlx::query_with(text, arguments).execute(&mut **connection))
                    .await
                    .map(|done| done.rows_affected()),
                Err(error) => Err(error),
            },
        }
        .map_err(|source| StoreError::Sql { statement, source })
    }

    /// Runs several statements of a migration.
    pub(super) async fn execute_script(&mut self, statement: &'static str, script: &'static str) -> Result<()> {
        match self {
            Connection::Sqlite(connection) => sqlx::raw_sql(script).execute(&mut **connection).await.map(drop),
            Connection::Postgres(connection) => sqlx::raw_sql(script).execute(&mut **connection).await.map(drop),
        }
        .map_err(|source| StoreError::Sql { statement, source })
    }

    pub(super) async fn fetch_all<T: Record>(&mut self, query: Query) -> Result<Vec<T>> {
        let statement = query.text.name;
        match self {
            Connection::Sqlite(connection) => match query.sqlite() {
                Ok((text, arguments)) => {
                    Box::pin(sqlx::query_as_with(text, arguments).fetch_all(&mut **connection)).await
                }
                Err(error) => Err(error),
            },
            Connection::Postgres(connection) => match query.postgres() {
                Ok((text, arguments)) => {
                    Box::pin(sqlx::query_as_with(text, arguments).fetch_all(&mut **connection)).await
                }
                Err(error) => Err(error),
            },
        }
        .map_err(|source| StoreError::Sql { statement, source })
    }

    pub(super) async fn commit(self) -> Result<()> {
        match self {
            Connection::Sqlite(connection) => connection.commit().await,
            Connection::Postgres(connection) => connection.commit().await,
        }
        .map_err(|source| StoreError::Sql { statement: "COMMIT", source })
    }

    async fn rollback(self) -> Result<()> {
        match self {
            Connection::Sqlite(connection) => connection.rollback().await,
            Connection::Postgres(connection) => connection.rollback().await,
        }
        .map_err(|source| StoreError::Sql { statement: "ROLLBACK", source })
    }
}

/// The write lock is taken at once: a transaction that reads first and writes later could fail in between.
///
/// When the disk fails or is full, SQLite takes the transaction back by itself; the connection still counts it as open, and would
/// refuse every transaction from then on. It is replaced by a new one, which also knows nothing of pages that were not flushed.
///
/// How it is flushed is said anew each time: the connection may have been left in the other way, or be a new one.
async fn begin_sqlite(writer: &SqlitePool, durable: Durable) -> sqlx::Result<Transaction<'static, Sqlite>> {
    let begin = match durable {
        Durable::AtCommit => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        Durable::WithTheNext => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    };
    match writer.begin_with(begin).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            tracing::warn!("the connection that writes is opened anew after a failure of the disk");
            writer.acquire().await?.close().await?;
            writer.begin_with(begin).await
        }
        begun => begun,
    }
}

/// A transaction that may write. Dropped without [`Tx::commit`], it leaves nothing behind.
///
/// Never wait for the network outside the database while one is open: on SQLite nobody else can write meanwhile.
pub struct Tx {
    connection: Connection,
    db: Db,
    appended: i64,
    /// What it appended, for memory to learn at the commit.
    ranges: Vec<AppendedRange>,
    /// What is to be done when it is committed.
    then: Vec<Box<dyn FnOnce() + Send>>,
    emitted: Vec<Fact>,
    rebuilding: bool,
    /// It wrote suppressions: memory must not learn of them before the commit.
    suppressing: bool,
    /// It changes facts that were there.
    erasing: Option<Erasing>,
}

impl Tx {
    pub(super) async fn begin(db: Db, durable: Durable) -> Result<Tx> {
        let connection = Connection::begin(&db.0.engine, durable).await?;
        Ok(Tx {
            connection,
            db,
            appended: 0,
            ranges: Vec::new(),
            then: Vec::new(),
            emitted: Vec::new(),
            rebuilding: false,
            suppressing: false,
            erasing: None,
        })
    }

    /// The database that it belongs to.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> EngineKind {
        self.db.engine()
    }

    /// Whether facts are being replayed to rebuild a projection: effects on the outside must not happen again.
    pub fn is_rebuilding(&self) -> bool {
        self.rebuilding
    }

    pub(crate) fn set_rebuilding(&mut self, rebuilding: bool) {
        self.rebuilding = rebuilding;
    }

    pub(crate) fn is_suppressing(&self) -> bool {
        self.suppressing
    }

    pub(crate) fn note_suppressing(&mut self) {
        self.suppressing = true;
    }

    pub(crate) fn is_erasing(&self) -> bool {
        self.erasing.is_some()
    }

    pub(crate) fn note_erasing(&mut self) {
        if self.erasing.is_none() {
            self.erasing = Erasing::begin(&self.db);
        }
    }

    pub(crate) fn note_appended(&mut self, range: AppendedRange) {
        self.ranges.push(range);
    }

    /// Runs a query; returns how many rows it changed.
    pub async fn execute(&mut self, query: Query) -> Result<u64> {
        self.connection.execute(query).await
    }

    /// Runs a query and returns its rows.
    pub async fn fetch_all<T: Record>(&mut self, query: Query) -> Result<Vec<T>> {
        self.connection.fetch_all(query).await
    }

    /// Runs a query and returns its first row, if it has one.
    pub async fn fetch_optional<T: Record>(&mut self, query: Query) -> Result<Option<T>> {
        Ok(self.fetch_all(query).await?.into_iter().next())
    }

    /// Runs a query and returns its only row.
    pub async fn fetch_one<T: Record>(&mut self, query: Query) -> Result<T> {
        let statement = query.text.name;
        self.fetch_optional(query).await?.ok_or(StoreError::Sql { statement, source: sqlx::Error::RowNotFound })
    }

    /// Appends facts to the log now, and says for each whether it is new. On PostgreSQL the log is locked from here to the
    /// end of the transaction: for facts that a subscriber derives, [`Tx::emit`] is better.
    pub async fn append(&mut self, facts: Vec<Fact>) -> Result<Vec<Outcome>> {
        let hash_key = self.db.hash_key().clone();
        let prepared: Vec<Prepared> =
            facts.into_iter().map(|fact| Prepared::new(&self.db, &hash_key, fact)).collect::<Result<_>>()?;
        self.append_prepared(&prepared).await
    }

    pub(crate) async fn append_prepared(&mut self, facts: &[Prepared]) -> Result<Vec<Outcome>> {
        let outcomes = append(self, facts).await?;
        let newest = outcomes.iter().filter_map(Outcome::seq).max().unwrap_or(0);
        self.appended = self.appended.max(newest);
        Ok(outcomes)
    }

    /// Appends a fact as the last thing before the commit.
    pub fn emit(&mut self, fact: Fact) {
        self.emitted.push(fact);
    }

    /// Does something once the commit has succeeded, and nothing otherwise: for memory that must not run ahead of the tables.
    pub fn after_commit(&mut self, then: impl FnOnce() + Send + 'static) {
        self.then.push(Box::new(then));
    }

    /// Makes everything durable: when this returns, it survives a crash and a power loss.
    pub async fn commit(mut self) -> Result<()> {
        if !self.emitted.is_empty() {
            let facts = std::mem::take(&mut self.emitted);
            self.append(facts).await?;
        }
        self.connection.commit().await?;
        if let Some(recent) = self.db.recent() {
            let now = self.db.now();
            self.ranges.into_iter().for_each(|range| recent.extend(range, now));
        }
        self.then.into_iter().for_each(|then| then());
        if self.appended > 0 {
            self.db.note_appended(self.appended);
        }
        Ok(())
    }

    /// Takes everything back. Dropping does the same, later.
    pub async fn rollback(self) -> Result<()> {
        self.connection.rollback().await
    }
}
