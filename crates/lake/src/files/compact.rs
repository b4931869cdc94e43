//! Compaction: base and deltas become one new base. What was covered is gone from it.

use std::sync::Arc;

use clove_core::Day;
use futures::StreamExt as _;

use super::write::LakeFileWriter;
use super::{LakeFile, LakeFiles, WHOLE_TABLE, flush_folder};
use crate::engine::Lake;
use crate::error::LakeError;
use crate::words::sql_error;

/// What each table is sorted by: persons stand together, as in every base.
const SORTED: [(&str, &str); 3] = [
    ("orders", "owner, person, local_date, placed_at, order_number"),
    ("order_adjustments", "owner, person, order_number, local_date"),
    ("order_lines", "owner, person, order_number"),
];

/// Writes a new base of everything that counts in the live files. The caller puts its files into the list in place of all others,
/// and deletes those afterwards.
///
/// # Errors
/// If a file cannot be read or written; the live files stay as they are.
pub fn compact(files: &LakeFiles, generation: i64) -> Result<Vec<LakeFile>, LakeError> {
    let mut lake = Lake::embedded()?;
    lake.register_files(files, Day(0))?;
    let mut written = Vec::new();
    for (table, order) in SORTED {
        let sql = format!("select * from lake_live_{table} order by {order}");
        written.push(copy(&lake, files, table, generation, &sql)?);
    }
    written.push(copy(&lake, files, WHOLE_TABLE, generation, &format!("select * from {WHOLE_TABLE}"))?);
    flush_folder(&files.folder).map_err(|error| LakeError::file(&files.folder, &error))?;
    Ok(written)
}

/// Writes the rows of a question as a file, as they come.
fn copy(lake: &Lake, files: &LakeFiles, table: &str, generation: i64, sql: &str) -> Result<LakeFile, LakeError> {
    lake.block_on(async {
        let frame = lake.session().sql(sql).await.map_err(|error| sql_error(&error))?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        let mut file = LakeFileWriter::create(&files.folder, table, generation, &schema)?;
        let mut rows = frame.execute_stream().await.map_err(|error| sql_error(&error))?;
        while let Some(batch) = rows.next().await {
            file.write(&batch.map_err(|error| sql_error(&error))?)?;
        }
        file.finish()
    })
}
