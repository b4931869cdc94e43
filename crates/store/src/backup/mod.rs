//! Backups: everything of a shop in one folder, made while the server runs, with checksums and counts.
//!
//! SQLite is copied by `VACUUM INTO`, PostgreSQL table by table by `COPY`, each within one snapshot. The manifest is written
//! last: a folder without one is no backup. Restoring checks every checksum first, counts every row after, and refuses to
//! write over anything.

mod manifest;
mod postgres;
mod sqlite;

use std::path::Path;

use clove_core::Micros;

pub use manifest::{BackedUpFile, BackedUpTable, Manifest};

use crate::db::{self, DatabaseUrl, Db};
use crate::environment::Environment;
use crate::error::{Result, StoreError};

/// Makes a backup in a folder that is empty or does not exist. A server may run on the data meanwhile.
///
/// # Errors
/// If the folder holds something, the data cannot be read, or the backup cannot be written.
pub async fn back_up(url: &DatabaseUrl, to: &Path, version: &str, now: Micros) -> Result<Manifest> {
    manifest::make_folder(to)?;
    let copied = match url {
        DatabaseUrl::Folder(folder) => sqlite::back_up(folder, to).await?,
        DatabaseUrl::Postgres(url) => postgres::back_up(url, to).await?,
    };
    let manifest = Manifest { version: version.to_owned(), made_at: now, ..copied };
    manifest::write(to, &manifest)?;
    Ok(manifest)
}

/// Restores a backup into a folder or database that holds no data yet, brings it up to this version, and counts.
///
/// # Errors
/// If the backup is damaged or of a newer version, the target holds data, or the counts differ.
pub async fn restore(from: &Path, url: &DatabaseUrl, environment: Environment) -> Result<(Db, Manifest)> {
    let manifest = manifest::read(from)?;
    db::must_know_migrations(&manifest.migrations)?;
    manifest::verify(from, &manifest)?;
    match url {
        DatabaseUrl::Folder(folder) => sqlite::restore(from, &manifest, folder)?,
        DatabaseUrl::Postgres(url) => postgres::restore(from, &manifest, url, environment.clock.now()).await?,
    }
    let counted = match url {
        DatabaseUrl::Folder(folder) => sqlite::look_at(&folder.join(crate::DATABASE_FILE)).await?,
        DatabaseUrl::Postgres(url) => postgres::count(url).await?,
    };
    for table in &manifest.tables {
        let found = counted.iter().find(|counted| counted.name == table.name).map_or(0, |counted| counted.rows);
        // Applying migrations writes their own list.
        if found != table.rows && table.name != "migration" {
            return Err(StoreError::Backup(format!(
                "the table {} has {found} rows after restoring, the backup has {}",
                table.name, table.rows
            )));
        }
    }
    let db = Db::open(url, environment).await?;
    let head = db.head().await?;
    if head != manifest.head {
        return Err(StoreError::Backup(format!(
            "the log ends at {head} after restoring, in the backup at {}",
            manifest.head
        )));
    }
    Ok((db, manifest))
}
