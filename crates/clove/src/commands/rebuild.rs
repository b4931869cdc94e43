//! `clove rebuild`: compute every projection anew from the log.

use clap::Args;
use clove_server::subscribers;
use clove_store::subscriber::rebuild;
use clove_store::{Db, Environment};

use super::store::{StoreArguments, catch_up};

/// Where the data is.
#[derive(Debug, Args)]
pub struct RebuildArguments {
    #[command(flatten)]
    store: StoreArguments,
}

/// Empties all projections and replays the log. A crash in between loses nothing: the next start goes on.
pub fn run(arguments: &RebuildArguments) -> anyhow::Result<()> {
    arguments.store.block_on(async |url| {
        let db = Db::open(&url, Environment::system()).await?;
        let begun = std::time::Instant::now();
        let mut rebuilt = Vec::new();
        for subscriber in subscribers() {
            if !subscriber.tables().is_empty() {
                rebuild(&db, &subscriber).await?;
                rebuilt.push(subscriber.name());
            }
        }
        catch_up(&db).await?;
        println!(
            "{} rebuilt from {} facts in {:.1} s",
            rebuilt.join(", "),
            crate::output::thousands(db.head().await?),
            begun.elapsed().as_secs_f64()
        );
        db.close().await;
        Ok(())
    })
}
