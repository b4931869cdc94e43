//! `clove backup` and `clove restore`: everything of a shop in one folder, and back.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use clove_core::Clock as _;
use clove_measure::live::lake::forget_files;
use clove_people::privacy::replay;
use clove_store::erasure::read_list;
use clove_store::{DatabaseUrl, Environment, SystemClock, backup};

use super::data::{DataArguments, must_hold_data, runtime};
use crate::output::thousands;

/// What to back up, and where to.
#[derive(Debug, Args)]
pub struct BackupArguments {
    #[command(flatten)]
    data: DataArguments,
    /// The folder to make the backup in: new, or empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Makes a backup. The server may run meanwhile.
pub fn back_up(arguments: &BackupArguments) -> anyhow::Result<()> {
    let url = arguments.data.url();
    if let DatabaseUrl::Folder(folder) = &url {
        must_hold_data(folder)?;
    }
    let version = env!("CARGO_PKG_VERSION");
    let manifest = runtime()?.block_on(backup::back_up(&url, &arguments.to, version, SystemClock.now()))?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    println!(
        "{}: {} facts, {} tables, {} bytes. It holds everything about every customer: keep it as safe as the data.",
        arguments.to.display(),
        thousands(manifest.head),
        manifest.tables.len(),
        thousands(i64::try_from(bytes).unwrap_or(i64::MAX)),
    );
    Ok(())
}

/// Which backup to restore, and where to.
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The folder of the backup
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
    #[command(flatten)]
    data: DataArguments,
    /// The list of erasures, which may be newer than the backup: erasures.jsonl of the old folder, or what clove forget --list printed
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Restores a backup into a folder or database that holds nothing.
pub fn restore(arguments: &RestoreArguments) -> anyhow::Result<()> {
    // Read first: what cannot be read must not be noticed after everybody is back.
    let erasures = match &arguments.erasures {
        None => None,
        Some(path) => {
            let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Some(read_list(file)?)
        }
    };
    runtime()?.block_on(async {
        let url = arguments.data.url();
        let (db, manifest) = backup::restore(&arguments.from, &url, Environment::system()).await?;
        // A backup has no files of the lake: they are written anew.
        forget_files(&db).await?;
        let erased_again = replay(&db, &clove_server::erasers(None), erasures).await?;
        db.close().await;
        if erased_again > 0 {
            println!("{erased_again} erasures that the backup does not know were done again.");
        }
        println!(
            "Restored {} facts and {} tables of the backup made by Clove {}. Start the server on it with clove serve.",
            thousands(manifest.head),
            manifest.tables.len(),
            manifest.version,
        );
        Ok(())
    })
}
