//! The data that operations work on: the folder or database of a server.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use clove_store::{DatabaseUrl, Db, Environment};

use crate::DataError;

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DataArguments {
    /// The data folder, or a postgres:// address
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL", hide_env_values = true)]
    pub data: String,
}

impl DataArguments {
    /// The address.
    pub fn url(&self) -> DatabaseUrl {
        let Ok(url) = self.data.parse::<DatabaseUrl>();
        url
    }

    /// Opens data that exists, and brings it up to this version.
    ///
    /// A folder that a server has open is refused: its server can do what is asked for.
    pub async fn open(&self) -> anyhow::Result<Db> {
        let url = self.url();
        if let DatabaseUrl::Folder(folder) = &url {
            must_hold_data(folder)?;
        }
        Ok(Db::open(&url, Environment::system()).await?)
    }
}

/// Goes on if a folder holds a server's data: a slip of the pen must not make a new one.
pub fn must_hold_data(folder: &Path) -> anyhow::Result<()> {
    if folder.join(clove_store::DATABASE_FILE).exists() {
        return Ok(());
    }
    let folder = folder.display();
    Err(DataError(format!("{folder} holds no data of a Clove server; name the folder that clove serve was given"))
        .into())
}

/// A runtime for one command.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("the command cannot start")
}
