//! `clove lake`: the Parquet files of a server's data.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use clove_core::{Table, Values};
use clove_measure::live::lake::{Flushed, flush, live_files, rewrite};
use clove_server::lake_folder;
use clove_store::{DatabaseUrl, Db, Environment};
use serde_json::json;

use super::store::catch_up;
use crate::UsageError;
use crate::arguments::OutputArguments;
use crate::output::{Answer, table_rows, terminal_table, thousands};

/// What to do with the files.
#[derive(Debug, Args)]
pub struct LakeArguments {
    #[command(subcommand)]
    command: LakeCommand,
}

#[derive(Debug, Subcommand)]
enum LakeCommand {
    /// Bring the files up to everything that was accepted
    Flush(FolderArguments),
    /// Write base and deltas as one new base, and delete what is no longer live
    Compact(FolderArguments),
    /// List the live files
    Files {
        #[command(flatten)]
        folders: FolderArguments,
        #[command(flatten)]
        output: OutputArguments,
    },
}

#[derive(Debug, Args)]
struct FolderArguments {
    /// The data folder of a server that is stopped, or a postgres:// address
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL")]
    data: String,
    /// The folder of the files [default: lake in the data folder]
    #[arg(long, env = "CLOVE_LAKE", value_name = "FOLDER")]
    lake: Option<PathBuf>,
}

impl FolderArguments {
    fn places(&self) -> anyhow::Result<(DatabaseUrl, PathBuf)> {
        let Ok(url) = self.data.parse::<DatabaseUrl>();
        let folder = lake_folder(&url, self.lake.clone())
            .ok_or_else(|| UsageError("with PostgreSQL, --lake names the folder of the files".to_owned()))?;
        Ok((url, folder))
    }
}

/// Does it.
pub fn run(arguments: &LakeArguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("threads cannot be started")?;
    runtime.block_on(async {
        let folders = match &arguments.command {
            LakeCommand::Flush(folders) | LakeCommand::Compact(folders) | LakeCommand::Files { folders, .. } => folders,
        };
        let (url, folder) = folders.places()?;
        let db = Db::open(&url, Environment::system()).await?;
        match &arguments.command {
            LakeCommand::Flush(_) => {
                catch_up(&db).await?;
                tell(flush(&db, &folder).await?);
            }
            LakeCommand::Compact(_) => {
                catch_up(&db).await?;
                tell(rewrite(&db, &folder).await?);
            }
            LakeCommand::Files { output, .. } => {
                let files = live_files(&db, &folder).await?.map(|files| files.files).unwrap_or_default();
                let text = |of: fn(&clove_lake::files::LakeFile) -> &str| {
                    Values::Text(files.iter().map(|file| Some(of(file).to_owned())).collect())
                };
                let number = |of: fn(&clove_lake::files::LakeFile) -> i64| {
                    Values::Int(files.iter().map(|file| Some(of(file))).collect())
                };
                let table = Table::new()
                    .with("table", text(|file| &file.table))
                    .with("generation", number(|file| file.generation))
                    .with("rows", number(|file| file.rows as i64))
                    .with("bytes", number(|file| file.bytes as i64))
                    .with("file", text(|file| &file.name));
                let text = terminal_table(&table, usize::MAX);
                let json = json!({"folder": folder.display().to_string(), "files": table_rows(&table)});
                Answer { json, table, text: Some(text) }.write(output)?;
            }
        }
        db.close().await;
        Ok(())
    })
}

fn tell(flushed: Flushed) {
    println!(
        "generation {}, every fact up to {}; {} customers written{}",
        flushed.generation,
        thousands(flushed.position),
        thousands(flushed.persons as i64),
        if flushed.compacted { ", a new base" } else { "" },
    );
}
