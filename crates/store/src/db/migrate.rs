//! Migrations: append-only, one folder per engine, run in one transaction at start.

use clove_core::Micros;

use super::tx::Connection;
use super::{Engine, EngineKind};
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
    migration!(7, "0007_people"),
];

const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    version bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)";

crate::statements! {
    /// Two processes that start together must not both migrate. SQLite's folder is locked already.
    LOCK_MIGRATIONS = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4716)");
    SELECT_MIGRATIONS = both("SELECT version, name, checksum FROM migration ORDER BY version");
    INSERT_MIGRATION = both("INSERT INTO migration (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)");
}

pub(super) async fn run(engine: &Engine, now: Micros) -> Result<()> {
    let kind = match engine {
        Engine::Sqlite { .. } => EngineKind::Sqlite,
        Engine::Postgres(_) => EngineKind::Postgres,
    };
    let mut connection = Connection::begin(engine).await?;
    connection.execute(LOCK_MIGRATIONS.query()).await?;
    connection.execute_script("CREATE TABLE migration", CREATE_TABLE).await?;
    let applied: Vec<(i64, String, String)> = connection.fetch_all(SELECT_MIGRATIONS.query()).await?;
    for (version, name, _) in &applied {
        if !MIGRATIONS.iter().any(|migration| migration.version == *version) {
            return Err(StoreError::Migration {
                reason: format!(
                    "it has the migration {name} of a newer version of Clove; use that version, or restore a backup"
                ),
            });
        }
    }
    for migration in MIGRATIONS {
        let script = match kind {
            EngineKind::Sqlite => migration.sqlite,
            EngineKind::Postgres => migration.postgres,
        };
        let checksum = blake3::hash(script.as_bytes()).to_hex().to_string();
        match applied.iter().find(|(version, ..)| *version == migration.version) {
            Some((_, _, before)) if *before != checksum => {
                return Err(StoreError::Migration {
                    reason: format!("the migration {} was changed after it had been applied", migration.name),
                });
            }
            Some(_) => {}
            None => {
                connection.execute_script(migration.name, script).await?;
                let row =
                    INSERT_MIGRATION.query().bind(migration.version).bind(migration.name).bind(checksum).bind(now);
                connection.execute(row).await?;
                tracing::info!(migration = migration.name, "migrated the database");
            }
        }
    }
    connection.commit().await
}
