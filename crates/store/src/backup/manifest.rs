//! What a backup says of itself, and the check that it is whole.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use clove_core::Micros;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};

/// Name of the file that makes a folder a backup.
const FILE: &str = "manifest.json";
/// The form of backups that this version writes.
const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// The version of Clove that made it.
    pub version: String,
    /// When it was made, microseconds since 1970.
    pub made_at: Micros,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Number of the last fact of the log.
    pub head: i64,
    /// Names of the migrations that its tables are made by.
    pub migrations: Vec<String>,
    /// Its tables.
    pub tables: Vec<BackedUpTable>,
    /// Its files.
    pub files: Vec<BackedUpFile>,
}

/// A table of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUpTable {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: i64,
    /// Its columns in the order of the file; empty where the file is a whole database.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUpFile {
    /// Path within the backup, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its content, hexadecimal.
    pub blake3: String,
}

impl Manifest {
    pub(super) fn new(engine: &str) -> Manifest {
        Manifest {
            format: FORMAT,
            version: String::new(),
            made_at: 0,
            engine: engine.to_owned(),
            head: 0,
            migrations: Vec::new(),
            tables: Vec::new(),
            files: Vec::new(),
        }
    }
}

pub(super) fn unusable(folder: &Path, source: std::io::Error) -> StoreError {
    StoreError::Folder { folder: folder.display().to_string(), source }
}

/// Makes the folder of a backup, for its owner alone: it holds everything about everybody.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unusable(folder, error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| unusable(folder, error))?;
    if entries.next().is_some() {
        return Err(StoreError::Backup(format!(
            "{} is not empty; give the backup a folder of its own",
            folder.display()
        )));
    }
    Ok(())
}

/// Length and checksum of a file of a backup, which is flushed to the disk before.
pub(super) fn describe(folder: &Path, path: &str) -> Result<BackedUpFile> {
    let full = folder.join(path);
    let (bytes, blake3) = checksum(&full)?;
    // A copy that only the memory has is no backup.
    File::options()
        .write(true)
        .open(&full)
        .and_then(|file| file.sync_all())
        .map_err(|error| unusable(folder, error))?;
    Ok(BackedUpFile { path: path.to_owned(), bytes, blake3 })
}

fn checksum(file: &Path) -> Result<(u64, String)> {
    let failed = |error| unusable(file, error);
    let mut reader = File::open(file).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0_u8; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = reader.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((bytes, hasher.finalize().to_hex().to_string()));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Writes the manifest, last of all.
pub(super) fn write(folder: &Path, manifest: &Manifest) -> Result<()> {
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| StoreError::Backup(error.to_string()))?;
    let failed = |error| unusable(folder, error);
    let (draft, file) = (folder.join("manifest.json.draft"), folder.join(FILE));
    let mut writer = File::create(&draft).map_err(failed)?;
    writer.write_all(&text).and_then(|()| writer.sync_all()).map_err(failed)?;
    fs::rename(&draft, &file).map_err(failed)?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

/// Reads the manifest of a backup.
pub(super) fn read(folder: &Path) -> Result<Manifest> {
    let text = fs::read(folder.join(FILE)).map_err(|_| {
        StoreError::Backup(format!(
            "{} holds no {FILE}: it is no backup, or one that was not finished",
            folder.display()
        ))
    })?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| StoreError::Backup(format!("the {FILE} of the backup cannot be read: {error}")))?;
    if manifest.format != FORMAT {
        return Err(StoreError::Backup(format!(
            "the backup has the form {} of a newer version of Clove; use that version",
            manifest.format
        )));
    }
    Ok(manifest)
}

/// Goes on if every file is there and as it was written.
pub(super) fn verify(folder: &Path, manifest: &Manifest) -> Result<()> {
    for file in &manifest.files {
        if file.path.split(['/', '\\']).any(|part| part == ".." || part.is_empty()) {
            return Err(StoreError::Backup(format!("the backup names a file outside of itself: {}", file.path)));
        }
        let (bytes, blake3) = checksum(&folder.join(&file.path))?;
        if (bytes, &blake3) != (file.bytes, &file.blake3) {
            return Err(StoreError::Backup(format!(
                "the file {} of the backup is damaged; nothing was restored",
                file.path
            )));
        }
    }
    Ok(())
}
