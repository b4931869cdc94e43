//! PostgreSQL: every table by `COPY`, all within one snapshot. Needs no program beside Clove.

use std::path::Path;

use clove_core::Micros;
use futures::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::manifest::{BackedUpTable, Manifest, describe, unusable};
use crate::db;
use crate::error::{Result, StoreError};

fn failed(source: sqlx::Error) -> StoreError {
    StoreError::Sql { statement: "the backup", source }
}

/// A name of the catalogue as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Connects, and looks at one moment from here on.
async fn snapshot(url: &str) -> Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await.map_err(failed)?;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut connection).await.map_err(failed)?;
    Ok(connection)
}

/// Tables with their columns and numbers of rows.
async fn tables(connection: &mut PgConnection) -> Result<Vec<BackedUpTable>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' \
         ORDER BY table_name",
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 \
             ORDER BY ordinal_position",
        )
        .bind(&name)
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {}", quoted(&name)));
        let rows = sqlx::query_scalar(count).fetch_one(&mut *connection).await.map_err(failed)?;
        tables.push(BackedUpTable { name, rows, columns });
    }
    Ok(tables)
}

fn copy_of(table: &BackedUpTable) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(column)).collect();
    format!("COPY {} ({})", quoted(&table.name), columns.join(", "))
}

/// Copies all tables.
pub(super) async fn back_up(url: &str, to: &Path) -> Result<Manifest> {
    let mut connection = snapshot(url).await?;
    let mut manifest = Manifest::new("postgres");
    manifest.tables = tables(&mut connection).await?;
    if !manifest.tables.iter().any(|table| table.name == "installation") {
        return Err(StoreError::Backup("the database holds no data of Clove".to_owned()));
    }
    manifest.head = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM fact")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    manifest.migrations = sqlx::query_scalar("SELECT name FROM migration ORDER BY version")
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
    for table in &manifest.tables {
        let path = format!("{}.copy", table.name);
        let mut file = File::create(to.join(&path)).await.map_err(|error| unusable(to, error))?;
        let mut rows = connection.copy_out_raw(&format!("{} TO STDOUT", copy_of(table))).await.map_err(failed)?;
        while let Some(chunk) = rows.try_next().await.map_err(failed)? {
            file.write_all(&chunk).await.map_err(|error| unusable(to, error))?;
        }
        drop(rows);
        file.flush().await.map_err(|error| unusable(to, error))?;
        manifest.files.push(describe(to, &path)?);
    }
    sqlx::raw_sql("COMMIT").execute(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(manifest)
}

/// Numbers of rows now.
pub(super) async fn count(url: &str) -> Result<Vec<BackedUpTable>> {
    let mut connection = snapshot(url).await?;
    let tables = tables(&mut connection).await?;
    connection.close().await.map_err(failed)?;
    Ok(tables)
}

/// Makes the tables of the backup in an empty database and fills them, in one transaction.
pub(super) async fn restore(from: &Path, manifest: &Manifest, url: &str, now: Micros) -> Result<()> {
    if manifest.engine != "postgres" {
        return Err(StoreError::Backup("the backup is one of a data folder: restore it to a folder".to_owned()));
    }
    let mut connection = PgConnection::connect(url).await.map_err(failed)?;
    if !tables(&mut connection).await?.is_empty() {
        return Err(StoreError::Backup(
            "the database is not empty; nothing is written over: restore to a new database (createdb)".to_owned(),
        ));
    }
    db::make_tables(url, &manifest.migrations, now).await?;
    let mut all = connection.begin().await.map_err(failed)?;
    for table in manifest.tables.iter().filter(|table| table.name != "migration") {
        let path = from.join(format!("{}.copy", table.name));
        let file = File::open(&path).await.map_err(|error| unusable(&path, error))?;
        let mut copy = all.copy_in_raw(&format!("{} FROM STDIN", copy_of(table))).await.map_err(failed)?;
        copy.read_from(file).await.map_err(failed)?;
        copy.finish().await.map_err(failed)?;
    }
    all.commit().await.map_err(failed)?;
    connection.close().await.map_err(failed)
}
