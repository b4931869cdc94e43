//! The lake on disk: a shop's tables as Parquet files, written in generations.
//!
//! A generation is written at once: a **base** holds everyone, a **delta** restates some persons whole. A row counts if it belongs to
//! the newest generation that holds or restates its person; older ones of that person are covered. Files never change. Which
//! files are live is a list that the caller keeps and changes in one transaction after the files are durable: a file that is
//! in no list is harmless.
//!
//! Anyone can read the files; `restated-N.parquet` says whom a delta covers.

mod compact;
mod open;
mod write;

pub use compact::compact;
pub use write::{Piece, write_base, write_delta};

use std::path::{Path, PathBuf};

/// The tables whose rows belong to persons.
pub(crate) const PERSON_TABLES: [&str; 3] = ["orders", "order_adjustments", "order_lines"];
/// The table that each base and delta holds whole.
pub(crate) const WHOLE_TABLE: &str = "spend";
/// Whom a delta covers.
pub(crate) const RESTATED: &str = "restated";

/// A live file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFile {
    /// The table that it is part of, or `restated`.
    pub table: String,
    /// The generation that it was written in.
    pub generation: i64,
    /// Its name within the lake's folder.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

/// The live files of a lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeFiles {
    /// The folder that they lie in.
    pub folder: PathBuf,
    /// The files; the base is the generation without `restated`.
    pub files: Vec<LakeFile>,
    /// Whether the shop's orders carry amounts of money.
    pub has_amounts: bool,
}

impl LakeFiles {
    /// The live generations, oldest first. The first one is the base.
    pub fn generations(&self) -> Vec<i64> {
        let mut found: Vec<i64> = self.files.iter().map(|file| file.generation).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Rows of a table in the base, and in all deltas together.
    pub fn rows(&self, table: &str) -> (u64, u64) {
        let base = self.generations().first().copied();
        let of_table = self.files.iter().filter(|file| file.table == table);
        of_table.fold((0, 0), |(in_base, in_deltas), file| {
            if Some(file.generation) == base {
                (in_base + file.rows, in_deltas)
            } else {
                (in_base, in_deltas + file.rows)
            }
        })
    }

    pub(crate) fn of(&self, table: &str) -> impl Iterator<Item = &LakeFile> {
        self.files.iter().filter(move |file| file.table == table)
    }

    pub(crate) fn path(&self, file: &LakeFile) -> PathBuf {
        self.folder.join(&file.name)
    }
}

/// The name of a table's file in a generation.
fn file_name(table: &str, generation: i64) -> String {
    format!("{table}-{generation}.parquet")
}

/// Makes names within a folder durable.
fn flush_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
