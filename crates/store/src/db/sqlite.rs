//! SQLite in a folder: one writer, read-only readers, write-ahead log, `synchronous = FULL`.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Engine;
use crate::error::{Result, StoreError};

/// Name of the database file within the data folder.
pub const FILE: &str = "clove.db";
/// Name of the file that is locked while a process uses the folder.
const LOCK: &str = "clove.lock";
/// How long a connection waits for another one's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Read-only connections.
const READERS: u32 = 4;

pub(super) async fn open(folder: &Path) -> Result<Engine> {
    let lock = lock(folder)?;
    let file = folder.join(FILE);
    let fresh = !file.exists();
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .statement_cache_capacity(600)
        // Rows are handed over in bulk: each handing over may put a thread to sleep.
        .row_buffer_size(1_024);
    let failed = |source| StoreError::Sql { statement: "opening the database file", source };

    let writing = options
        .clone()
        .create_if_missing(true)
        // Deleted rows are overwritten, so that erasure leaves nothing behind in the file.
        .pragma("secure_delete", "ON")
        // What a statement may have to take back is kept in memory.
        .pragma("temp_store", "MEMORY")
        // 32 MiB of pages: delivery keys and subjects are written all over their indexes.
        .pragma("cache_size", "-32768")
        // Changes are written back every 64 MiB: a page that changes often is written back once.
        .pragma("wal_autocheckpoint", "16384")
        .pragma("journal_size_limit", "134217728");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_mins(1))
        .connect_with(writing)
        .await
        .map_err(failed)?;
    if fresh {
        // The file's own name must survive a power loss too.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| unusable(folder, source))?;
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options.read_only(true));
    Ok(Engine::Sqlite { writer, readers, _lock: Some(lock) })
}

/// Opens the file to look at it, whoever else has it open.
pub(super) fn open_read_only(folder: &Path) -> Engine {
    let options = SqliteConnectOptions::new().filename(folder.join(FILE)).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let pool = |most| SqlitePoolOptions::new().max_connections(most).connect_lazy_with(options.clone());
    Engine::Sqlite { writer: pool(1), readers: pool(READERS), _lock: None }
}

/// Locks the folder for this process. The system frees the lock however the process ends.
fn lock(folder: &Path) -> Result<File> {
    create_private(folder).map_err(|source| unusable(folder, source))?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(|source| unusable(folder, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { folder: folder.display().to_string() }),
        Err(TryLockError::Error(source)) => Err(unusable(folder, source)),
    }
}

/// Makes a folder that only its owner can look into, if it is missing: what lies in it is personal.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn unusable(folder: &Path, source: std::io::Error) -> StoreError {
    StoreError::Folder { folder: folder.display().to_string(), source }
}
