//! A data folder with the demo shop in it, for `clove serve --demo`.

use std::path::Path;

use anyhow::Context as _;
use clove_core::{Currency, Day, ImportId};
use clove_server::imports::{ImportFile, ImportOptions, ImportPlan, Surroundings, create, run as run_import};
use clove_store::settings::{self, Settings};
use clove_store::{DatabaseUrl, Db, Environment};

use super::{DemoOptions, write_demo};
use crate::UsageError;

/// Marks folders that hold nothing but a demo shop.
const MARK: &str = "demo-shop";
const ZONE: &str = "Europe/Rome";

/// Makes the folder and takes the demo shop in, with orders until yesterday. A folder that has it already stays as it is; what a killed
/// process left is finished.
///
/// # Errors
/// If the folder holds another shop, or cannot be written.
pub async fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let mark = folder.join(MARK);
    if !mark.exists() && folder.join("clove.db").exists() {
        let detail = format!("{} holds a shop already: name another folder with --data", folder.display());
        return Err(UsageError(detail).into());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    std::fs::write(&mark, "").with_context(|| format!("cannot write {}", mark.display()))?;
    let db = Db::open(&DatabaseUrl::Folder(folder.to_owned()), Environment::system()).await?;
    let done = fill(&db, folder).await;
    db.close().await;
    done
}

async fn fill(db: &Db, folder: &Path) -> anyhow::Result<()> {
    if Settings::read(db).await?.get(&settings::DEMO)?.unwrap_or(false) {
        return Ok(());
    }
    let zone = settings::time_zone(ZONE).context("the time zone of the demo shop is not known here")?;
    let today = Day::of_moment(db.now(), &zone);
    let files = folder.join("demo-files");
    let options = DemoOptions { until: Day(today.0 - 1), ..DemoOptions::default() };
    let written = write_demo(&files, &options).context("the demo shop cannot be written")?;
    let mut tx = db.begin().await?;
    settings::put(&mut tx, &settings::CURRENCY, &Currency::EUR).await?;
    settings::put(&mut tx, &settings::TIME_ZONE, &zone).await?;
    let file = |kind: &str, path: &Path| ImportFile {
        kind: kind.to_owned(),
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        place: path.display().to_string(),
        bytes: std::fs::metadata(path).map_or(0, |data| data.len()),
    };
    // The table of lines has the orders and their products.
    let plan = ImportPlan {
        files: vec![
            file("orders", &written.order_lines),
            file("refunds", &written.refunds),
            file("spend", &written.spend),
        ],
        options: ImportOptions {
            time_zone: ZONE.to_owned(),
            currency: Some(Currency::EUR.code().to_owned()),
            ..ImportOptions::default()
        },
    };
    let id = ImportId(db.ids().uuid(db.now()));
    create(&mut tx, id, &"demo:shop".parse()?, &plan).await?;
    tx.commit().await?;
    run_import(db, id, Surroundings::default()).await?;
    let mut tx = db.begin().await?;
    settings::put(&mut tx, &settings::DEMO, &true).await?;
    tx.commit().await?;
    // What was taken in is in the database.
    let _ = std::fs::remove_dir_all(&files);
    Ok(())
}
