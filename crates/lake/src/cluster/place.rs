//! Where a lake puts its tables for the cluster: a folder of its own in the shared place, deleted when the lake goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::record_batch::RecordBatch;
use datafusion::datasource::listing::ListingTableUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::LakeError;

/// Rows of a row group at most, so that several executors can share a file.
const GROUP_ROWS: usize = 131_072;
/// Bytes sent at a time.
const PART_BYTES: usize = 16 << 20;

pub(super) struct Place {
    store: Arc<dyn ObjectStore>,
    /// The lake's folder, with a slash at its end.
    folder: ListingTableUrl,
    written: AtomicUsize,
}

impl Place {
    pub(super) fn new(shared: &str, surroundings: &RuntimeEnv) -> Result<Place, LakeError> {
        if !shared.contains("://") {
            let there = std::fs::create_dir_all(shared);
            there.map_err(|error| LakeError::file(std::path::Path::new(shared), &error))?;
        }
        let name = format!("{}/clove-{}/", shared.trim_end_matches('/'), uuid::Uuid::now_v7());
        let wrong =
            |error: &dyn std::fmt::Display| LakeError::Place { place: shared.to_owned(), message: error.to_string() };
        let folder = ListingTableUrl::parse(&name).map_err(|error| wrong(&error))?;
        let store = surroundings.object_store(&folder).map_err(|error| wrong(&error))?;
        Ok(Place { store, folder, written: AtomicUsize::new(0) })
    }

    /// Writes a table. It is there whole or not at all. Gives its URL.
    pub(super) async fn put(&self, table: &str, batches: &[RecordBatch]) -> Result<String, LakeError> {
        // A name is never used twice: nobody may remember another file of the same name.
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let url = format!("{}{table}-{number}.parquet", self.folder.as_str());
        let wrong = |error: &dyn std::fmt::Display| LakeError::Place { place: url.clone(), message: error.to_string() };
        let path = ListingTableUrl::parse(&url).map_err(|error| wrong(&error))?.prefix().clone();
        let schema = batches.first().map(RecordBatch::schema).ok_or_else(|| wrong(&"a table without columns"))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let upload = self.store.put_multipart(&path).await.map_err(|error| wrong(&error))?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(|error| wrong(&error))?;
        for batch in batches {
            writer.write(batch).map_err(|error| wrong(&error))?;
            if writer.inner().len() >= PART_BYTES {
                upload.wait_for_capacity(2).await.map_err(|error| wrong(&error))?;
                upload.put(std::mem::take(writer.inner_mut()).into());
            }
        }
        let rest = writer.into_inner().map_err(|error| wrong(&error))?;
        upload.put(rest.into());
        upload.finish().await.map_err(|error| wrong(&error))?;
        Ok(url)
    }

    /// Deletes what was written.
    pub(super) async fn clear(&self) -> object_store::Result<()> {
        let prefix: &Path = self.folder.prefix();
        let files: Vec<_> = self.store.list(Some(prefix)).try_collect().await?;
        for file in files {
            self.store.delete(&file.location).await?;
        }
        if self.folder.scheme() == "file" {
            // An object store has no folders; a disk has.
            let _ = std::fs::remove_dir(format!("/{prefix}"));
        }
        Ok(())
    }
}
