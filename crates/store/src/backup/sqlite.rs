//! SQLite: one file, copied by `VACUUM INTO` within one snapshot, beside the other files of the data folder.

use std::fs::{self, File};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use super::manifest::{BackedUpTable, Manifest, describe, make_folder, unusable};
use crate::DATABASE_FILE;
use crate::error::{Result, StoreError};

fn failed(source: sqlx::Error) -> StoreError {
    StoreError::Sql { statement: "the backup", source }
}

async fn connect(file: &Path) -> Result<SqliteConnection> {
    SqliteConnectOptions::new().filename(file).read_only(true).connect().await.map_err(failed)
}

/// Copies a data folder.
pub(super) async fn back_up(folder: &Path, to: &Path) -> Result<Manifest> {
    let copy = to.join(DATABASE_FILE);
    let target = copy.to_str().ok_or_else(|| StoreError::Backup("the folder's name is not UTF-8".to_owned()))?;
    let mut connection = connect(&folder.join(DATABASE_FILE)).await?;
    // One read transaction: writers go on meanwhile, and nothing of what they write gets in.
    sqlx::query("VACUUM INTO $1").bind(target).execute(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).map_err(|error| unusable(to, error))?;
    }
    let mut manifest = Manifest::new("sqlite");
    manifest.files.push(describe(to, DATABASE_FILE)?);
    manifest.tables = look_at(&copy).await?;
    let mut connection = connect(&copy).await?;
    manifest.head = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM fact")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    manifest.migrations = sqlx::query_scalar("SELECT name FROM migration ORDER BY version")
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(manifest)
}

/// Checks a database file, and counts the rows of its tables.
pub(super) async fn look_at(file: &Path) -> Result<Vec<BackedUpTable>> {
    let mut connection = connect(file).await?;
    let found: Vec<String> =
        sqlx::query_scalar("PRAGMA quick_check").fetch_all(&mut connection).await.map_err(failed)?;
    if found != ["ok"] {
        return Err(StoreError::Backup(format!("the database file is damaged: {}", found.join("; "))));
    }
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .fetch_all(&mut connection)
    .await
    .map_err(failed)?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        // The name comes from the catalogue, never from outside.
        let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\"")));
        let rows = sqlx::query_scalar(count).fetch_one(&mut connection).await.map_err(failed)?;
        tables.push(BackedUpTable { name, rows, columns: Vec::new() });
    }
    connection.close().await.map_err(failed)?;
    Ok(tables)
}

/// Puts the file of a backup into a data folder that holds none.
pub(super) fn restore(from: &Path, manifest: &Manifest, folder: &Path) -> Result<()> {
    if manifest.engine != "sqlite" {
        return Err(StoreError::Backup(
            "the backup is one of PostgreSQL: restore it to a postgres:// address".to_owned(),
        ));
    }
    make_folder(folder).map_err(|error| match error {
        StoreError::Backup(_) => StoreError::Backup(format!(
            "{} is not empty; nothing is written over: restore to a new folder",
            folder.display()
        )),
        other => other,
    })?;
    let failed = |error| unusable(folder, error);
    let draft = folder.join("clove.db.restoring");
    fs::copy(from.join(DATABASE_FILE), &draft).map_err(failed)?;
    File::options().write(true).open(&draft).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&draft, folder.join(DATABASE_FILE)).map_err(failed)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}
