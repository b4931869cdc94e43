//! Writing a generation: whole tables, sorted by person, durable before they are named to anyone.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clove_core::{Persons, ShopData};
use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{LakeFile, RESTATED, file_name, flush_folder};
use crate::error::LakeError;
use crate::tables::{LastingNumbers, build};

/// Rows of a row group at most: small enough to skip, large enough to compress.
const GROUP_ROWS: usize = 131_072;

/// What a generation is written of.
pub struct Piece<'a> {
    /// The orders of some persons, or of all.
    pub shop: &'a ShopData,
    /// Who placed them.
    pub persons: &'a Persons,
    /// How they are numbered in files.
    pub numbers: LastingNumbers<'a>,
}

/// Writes everyone as a new base.
///
/// # Errors
/// If a file cannot be written. What was written until then is harmless.
pub fn write_base(folder: &Path, generation: i64, piece: &Piece<'_>) -> Result<Vec<LakeFile>, LakeError> {
    std::fs::create_dir_all(folder).map_err(|error| LakeError::file(folder, &error))?;
    write(folder, generation, piece)
}

/// Writes persons anew. `owners` are the numbers of all whom this generation covers, those without any order left included.
///
/// # Errors
/// If a file cannot be written. What was written until then is harmless.
pub fn write_delta(
    folder: &Path,
    generation: i64,
    piece: &Piece<'_>,
    owners: &[i64],
) -> Result<Vec<LakeFile>, LakeError> {
    let mut files = write(folder, generation, piece)?;
    let column: ArrayRef = Arc::new(Int64Array::from(owners.to_vec()));
    let batch = RecordBatch::try_from_iter([("owner", column)]).map_err(|error| LakeError::Sql(error.to_string()))?;
    files.push(write_file(folder, RESTATED, generation, &[batch])?);
    flush_folder(folder).map_err(|error| LakeError::file(folder, &error))?;
    Ok(files)
}

fn write(folder: &Path, generation: i64, piece: &Piece<'_>) -> Result<Vec<LakeFile>, LakeError> {
    let mut files = Vec::new();
    for (table, batches) in build(piece.shop, piece.persons, Some(piece.numbers))? {
        files.push(write_file(folder, table, generation, &batches)?);
    }
    flush_folder(folder).map_err(|error| LakeError::file(folder, &error))?;
    Ok(files)
}

/// Writes batches as a file.
fn write_file(folder: &Path, table: &str, generation: i64, batches: &[RecordBatch]) -> Result<LakeFile, LakeError> {
    let Some(first) = batches.first() else {
        return Err(LakeError::Sql(format!("the table {table} has no columns")));
    };
    let mut file = LakeFileWriter::create(folder, table, generation, &first.schema())?;
    for batch in batches {
        file.write(batch)?;
    }
    file.finish()
}

/// A file that is being written.
pub(super) struct LakeFileWriter {
    path: PathBuf,
    file: File,
    writer: ArrowWriter<File>,
    written: LakeFile,
}

impl LakeFileWriter {
    /// Begins a file; one that lies there from an attempt before is overwritten.
    pub fn create(
        folder: &Path,
        table: &str,
        generation: i64,
        schema: &SchemaRef,
    ) -> Result<LakeFileWriter, LakeError> {
        let name = file_name(table, generation);
        let path = folder.join(&name);
        let file = File::create(&path).map_err(|error| LakeError::file(&path, &error))?;
        let handle = file.try_clone().map_err(|error| LakeError::file(&path, &error))?;
        let writer = ArrowWriter::try_new(handle, Arc::clone(schema), Some(properties()))
            .map_err(|error| LakeError::file(&path, &error))?;
        let written = LakeFile { table: table.to_owned(), generation, name, rows: 0, bytes: 0 };
        Ok(LakeFileWriter { path, file, writer, written })
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        self.written.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(|error| LakeError::file(&self.path, &error))
    }

    /// Ends the file and flushes it to the disk.
    pub fn finish(self) -> Result<LakeFile, LakeError> {
        let LakeFileWriter { path, file, writer, written } = self;
        writer.close().map_err(|error| LakeError::file(&path, &error))?;
        file.sync_all().map_err(|error| LakeError::file(&path, &error))?;
        let bytes = file.metadata().map_err(|error| LakeError::file(&path, &error))?.len();
        Ok(LakeFile { bytes, ..written })
    }
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build()
}
