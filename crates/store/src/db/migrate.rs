//! Migrations: append-only, one folder per engine, run in one transaction at start.

use clove_core::Micros;

use super::tx::{Connection, Durable};
use super::{Db, Engine, EngineKind};
use crate::error::{Result, StoreError};

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// Every change of the tables, oldest first. A published entry is never edited.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_store"),
    migration!(2, "0002_identity"),
    migration!(3, "0003_access"),
    migration!(4, "0004_value"),
    migration!(5, "0005_intake"),
    migration!(6, "0006_sources"),
    migration!(7, "0007_people"),
    migration!(8, "0008_access"),
    migration!(9, "0009_lake"),
    migration!(10, "0010_segments"),
    migration!(11, "0011_memberships"),
    migration!(12, "0012_interactions"),
];

const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    version bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)";

crate::statements! {
    /// Two processes that start together must not both migrate. SQLite's folder is locked already.
    LOCK_MIGRATIONS = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4716)");
    SELECT_MIGRATIONS = both("SELECT version, name, checksum FROM migration ORDER BY version");
    INSERT_MIGRATION = both("INSERT INTO migration (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)");
}

/// How a database's migrations stand beside those of this program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// Known here and applied there.
    pub applied: Vec<String>,
    /// Known here, and applied by the next start.
    pub pending: Vec<String>,
    /// Applied there by a newer version; this program cannot use the database.
    pub unknown: Vec<String>,
    /// Applied there in another form than this program has.
    pub changed: Vec<String>,
}

impl MigrationReport {
    /// Goes on if this program can use the database.
    fn usable(&self) -> Result<()> {
        if let Some(name) = self.unknown.first() {
            return Err(StoreError::Migration {
                reason: format!(
                    "it has the migration {name} of a newer version of Clove; use that version, or restore a backup"
                ),
            });
        }
        match self.changed.first() {
            None => Ok(()),
            Some(name) => Err(StoreError::Migration {
                reason: format!("the migration {name} was changed after it had been applied"),
            }),
        }
    }
}

fn report(kind: EngineKind, applied: &[(i64, String, String)]) -> MigrationReport {
    let mut report = MigrationReport::default();
    for (version, name, _) in applied {
        if !MIGRATIONS.iter().any(|migration| migration.version == *version) {
            report.unknown.push(name.clone());
        }
    }
    for migration in MIGRATIONS {
        let name = migration.name.to_owned();
        match applied.iter().find(|(version, ..)| *version == migration.version) {
            Some((_, _, before)) if *before != migration.checksum(kind) => report.changed.push(name),
            Some(_) => report.applied.push(name),
            None => report.pending.push(name),
        }
    }
    report
}

impl Migration {
    fn script(&self, kind: EngineKind) -> &'static str {
        match kind {
            EngineKind::Sqlite => self.sqlite,
            EngineKind::Postgres => self.postgres,
        }
    }

    fn checksum(&self, kind: EngineKind) -> String {
        blake3::hash(self.script(kind).as_bytes()).to_hex().to_string()
    }
}

/// How the migrations of an open database stand, without changing anything.
pub(super) async fn inspect(db: &Db) -> Result<MigrationReport> {
    Ok(report(db.engine(), &db.read_all(SELECT_MIGRATIONS.query()).await?))
}

/// Applies what is missing.
pub(super) async fn run(engine: &Engine, now: Micros) -> Result<()> {
    apply(engine, now, |_| true).await
}

/// Goes on if this program knows all migrations with these names.
pub(super) fn must_know(names: &[String]) -> Result<()> {
    match names.iter().find(|name| !MIGRATIONS.iter().any(|migration| migration.name == **name)) {
        None => Ok(()),
        Some(name) => Err(StoreError::Backup(format!(
            "the backup has the migration {name} of a newer version of Clove; use that version"
        ))),
    }
}

/// Applies the migrations with these names alone: the tables that a backup was made of.
pub(super) async fn run_named(engine: &Engine, now: Micros, names: &[String]) -> Result<()> {
    apply(engine, now, |name| names.iter().any(|wanted| wanted == name)).await
}

async fn apply(engine: &Engine, now: Micros, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let kind = match engine {
        Engine::Sqlite { .. } => EngineKind::Sqlite,
        Engine::Postgres(_) => EngineKind::Postgres,
    };
    let mut connection = Connection::begin(engine, Durable::AtCommit).await?;
    connection.execute(LOCK_MIGRATIONS.query()).await?;
    connection.execute_script("CREATE TABLE migration", CREATE_TABLE).await?;
    let applied: Vec<(i64, String, String)> = connection.fetch_all(SELECT_MIGRATIONS.query()).await?;
    let report = report(kind, &applied);
    report.usable()?;
    for migration in MIGRATIONS.iter().filter(|migration| wanted(migration.name)) {
        if !report.pending.iter().any(|pending| pending == migration.name) {
            continue;
        }
        connection.execute_script(migration.name, migration.script(kind)).await?;
        let row = INSERT_MIGRATION
            .query()
            .bind(migration.version)
            .bind(migration.name)
            .bind(migration.checksum(kind))
            .bind(now);
        connection.execute(row).await?;
        tracing::info!(migration = migration.name, "migrated the database");
    }
    connection.commit().await
}
