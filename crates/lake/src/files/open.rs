//! Opening the lake: live files as the tables that the SQL knows.

use std::collections::HashMap;
use std::sync::Arc;

use clove_core::Day;
use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::execution::context::SQLOptions;

use super::{LakeFiles, PERSON_TABLES, RESTATED, WHOLE_TABLE};
use crate::engine::Lake;
use crate::error::LakeError;
use crate::words::sql_error;

impl Lake {
    /// Opens the tables of live files, and the views `order_values` and `customers` at the end of local day `as_of`. Whatever was
    /// registered before is replaced.
    ///
    /// # Errors
    /// If a file is missing or damaged.
    pub fn register_files(&mut self, files: &LakeFiles, as_of: Day) -> Result<(), LakeError> {
        let covered = self.covered(files)?;
        let (owners, generations): (Vec<i64>, Vec<i64>) = covered.into_iter().unzip();
        let columns: [(&str, ArrayRef); 2] =
            [("owner", Arc::new(Int64Array::from(owners))), ("generation", Arc::new(Int64Array::from(generations)))];
        let batch = RecordBatch::try_from_iter(columns).map_err(|error| LakeError::Sql(error.to_string()))?;
        self.register("lake_restated", vec![batch])?;
        for table in PERSON_TABLES {
            let live = format!("lake_live_{table}");
            self.replace_by_view(&live, &self.live_rows(files, table)?)?;
            self.replace_by_view(table, &format!("select * exclude (owner) from {live}"))?;
        }
        let newest = files.of(WHOLE_TABLE).max_by_key(|file| file.generation).ok_or(LakeError::NoShop)?;
        let name = self.register_file(files, newest)?;
        self.replace_by_view(WHOLE_TABLE, &format!("select * from {name}"))?;
        self.set_shop(as_of, files.has_amounts)
    }

    /// The newest generation that restates each person who was restated.
    fn covered(&self, files: &LakeFiles) -> Result<Vec<(i64, i64)>, LakeError> {
        let mut newest: HashMap<i64, i64> = HashMap::new();
        for file in files.of(RESTATED) {
            let name = self.register_file(files, file)?;
            for owner in self.whole_numbers(&format!("select owner from {name}"), "owner")? {
                let generation = newest.entry(owner).or_insert(file.generation);
                *generation = file.generation.max(*generation);
            }
        }
        let mut covered: Vec<(i64, i64)> = newest.into_iter().collect();
        covered.sort_unstable();
        Ok(covered)
    }

    /// The SQL of the rows of a table that count.
    fn live_rows(&self, files: &LakeFiles, table: &str) -> Result<String, LakeError> {
        let base = files.generations().first().copied().ok_or(LakeError::NoShop)?;
        let mut parts = Vec::new();
        for file in files.of(table) {
            let name = self.register_file(files, file)?;
            parts.push(if file.generation == base {
                format!("select * from {name} where owner not in (select owner from lake_restated)")
            } else {
                format!(
                    "select * from {name} where owner in (select owner from lake_restated where generation = {})",
                    file.generation
                )
            });
        }
        if parts.is_empty() {
            return Err(LakeError::NoShop);
        }
        // Attributes differ from file to file: what one does not have is null.
        Ok(parts.join("\nunion all by name\n"))
    }

    fn register_file(&self, files: &LakeFiles, file: &super::LakeFile) -> Result<String, LakeError> {
        let name = format!("lake_{}_{}", file.table, file.generation);
        let path = files.path(file);
        let text = path.to_str().ok_or_else(|| LakeError::file(&path, &"the path is no text"))?;
        self.register_parquet(&name, text).map_err(|error| LakeError::file(&path, &error))?;
        Ok(name)
    }

    fn replace_by_view(&self, name: &str, body: &str) -> Result<(), LakeError> {
        self.session().deregister_table(name).map_err(|error| sql_error(&error))?;
        self.run(&format!("create or replace view {name} as\n{body}"), SQLOptions::new()).map(drop)
    }
}
