//! The list of erasures: a row each in the database, and a line each in a file beside it, so that a restored backup can be
//! brought up to what was erased since. Keyed hashes alone.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;

use clove_core::{Micros, PersonId, SubjectId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Deleted, Suppressed, Target};
use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    INSERT_ERASURE = both("INSERT INTO erasure (id, erased_at, line, deleted) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING");
    SELECT_ERASURES = both("SELECT line, deleted FROM erasure ORDER BY erased_at, id");
    SELECT_ERASURE = both("SELECT line, deleted FROM erasure WHERE id = $1");
}

/// Name of the list within the data folder.
const FILE: &str = "erasures.jsonl";

/// An erasure that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Its id: that of the request.
    pub id: Uuid,
    /// When it was done.
    pub erased_at: Micros,
    /// Fingerprint of the key that the hashes were made with.
    pub key: Uuid,
    /// The person.
    pub person: PersonId,
    /// The person's subjects.
    pub subjects: Vec<SubjectId>,
    /// Subjects of records that belong to the person's orders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<SubjectId>,
    /// Handles that stay shared without the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<SubjectId>,
    /// What is not to come back.
    pub suppressed: Vec<Suppressed>,
    /// Who asked.
    pub requested_by: String,
}

impl Erasure {
    /// Who was erased.
    pub fn target(&self) -> Target {
        Target { erasure: self.id, person: self.person, subjects: self.subjects.clone(), records: self.records.clone() }
    }

    /// Writes the row; nothing if it is there. What was deleted goes with it, for the receipt.
    pub async fn record(&self, tx: &mut Tx, deleted: &[Deleted]) -> Result<()> {
        let line = serde_json::to_string(self).map_err(StoreError::subscriber)?;
        let deleted = serde_json::to_string(deleted).map_err(StoreError::subscriber)?;
        tx.execute(INSERT_ERASURE.query().bind(self.id).bind(self.erased_at).bind(line).bind(deleted)).await?;
        Ok(())
    }

    /// The erasure of an id, with what was deleted, if it was done.
    pub async fn find(db: &Db, id: Uuid) -> Result<Option<(Erasure, Vec<Deleted>)>> {
        let row: Option<(String, String)> = db.read_optional(SELECT_ERASURE.query().bind(id)).await?;
        row.map(|(line, deleted)| Ok((parse(&line)?, serde_json::from_str(&deleted).map_err(StoreError::subscriber)?)))
            .transpose()
    }
}

fn parse(line: &str) -> Result<Erasure> {
    serde_json::from_str(line)
        .map_err(|error| StoreError::Migration { reason: format!("an erasure cannot be read: {error}") })
}

/// Every erasure of the database, oldest first.
pub async fn erasures(db: &Db) -> Result<Vec<Erasure>> {
    let rows: Vec<(String, String)> = db.read_all(SELECT_ERASURES.query()).await?;
    rows.iter().map(|(line, _)| parse(line)).collect()
}

/// The erasures of a list, one JSON line each.
pub fn read_list(list: impl std::io::Read) -> Result<Vec<Erasure>> {
    let mut found = Vec::new();
    for line in BufReader::new(list).lines() {
        let line = line.map_err(StoreError::subscriber)?;
        match parse(&line) {
            Ok(erasure) => found.push(erasure),
            Err(_) if line.trim().is_empty() => {}
            // A line that was cut by a power loss: its erasure is in the database, or was never answered.
            Err(error) => tracing::warn!(error = error.chain(), "a line of the list of erasures is left out"),
        }
    }
    Ok(found)
}

fn path(db: &Db) -> Option<PathBuf> {
    db.folder().map(|folder| folder.join(FILE))
}

/// Brings the file beside the database up to date: erasures of the database that it lacks are appended and flushed. Returns how many.
/// PostgreSQL has no such file: keep the output of `clove forget --list` with the backups.
pub async fn append_to_list(db: &Db) -> Result<usize> {
    let Some(path) = path(db) else { return Ok(0) };
    let unusable = |source| StoreError::Folder { folder: path.display().to_string(), source };
    let listed: HashSet<Uuid> = match File::open(&path) {
        Ok(file) => read_list(file)?.into_iter().map(|erasure| erasure.id).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => HashSet::new(),
        Err(error) => return Err(unusable(error)),
    };
    let mut text = String::new();
    let mut added = 0;
    for erasure in erasures(db).await?.iter().filter(|erasure| !listed.contains(&erasure.id)) {
        // A line that was cut short must not swallow this one.
        text.push('\n');
        text.push_str(&serde_json::to_string(erasure).map_err(StoreError::subscriber)?);
        text.push('\n');
        added += 1;
    }
    if added > 0 {
        let fresh = listed.is_empty();
        let mut file = File::options().create(true).append(true).open(&path).map_err(unusable)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unusable)?;
        if let (true, Some(folder)) = (fresh, db.folder()) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)?;
        }
    }
    Ok(added)
}

/// Erasures of a list (without one, of the file beside the database) that the database does not know: it is an older backup. Those of
/// another installation are left out: their hashes mean nothing here.
pub async fn missing_from_database(db: &Db, list: Option<Vec<Erasure>>) -> Result<Vec<Erasure>> {
    let listed = match (list, path(db)) {
        (Some(list), _) => list,
        (None, None) => return Ok(Vec::new()),
        (None, Some(path)) => match File::open(&path) {
            Ok(file) => read_list(file)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(StoreError::Folder { folder: path.display().to_string(), source }),
        },
    };
    let known: HashSet<Uuid> = erasures(db).await?.into_iter().map(|erasure| erasure.id).collect();
    let own = db.hash_key().fingerprint();
    Ok(listed.into_iter().filter(|erasure| erasure.key == own && !known.contains(&erasure.id)).collect())
}
