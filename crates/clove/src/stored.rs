//! A shop's orders from a server's data, as if they had been read from files.

use std::time::Duration;

use anyhow::Context as _;
use clove_core::{Day, Persons, ShopData};
use clove_measure::live::{LoadOptions, LoadedShop, ValueSubscriber, load as load_shop};
use clove_store::subscriber::wait_until;
use clove_store::{DatabaseUrl, Db, Environment, StoreError};
use jiff::tz::TimeZone;

use crate::arguments::ReadingArguments;
use crate::commands::store::catch_up;
use crate::{DataError, UsageError, output, remote};

/// How long a running server may take to handle what it has accepted.
const PATIENCE: Duration = Duration::from_mins(1);

/// A shop as a server has it.
pub struct Stored {
    /// Its orders, in its currency.
    pub shop: ShopData,
    /// Who placed each order.
    pub persons: Persons,
    /// The name of its time zone.
    pub time_zone: String,
    /// The local day of now: the default as-of of live data.
    pub today: Day,
}

/// Whether data is named by the address of a running server; a scheme may be in capitals.
pub fn is_server_address(data: &str) -> bool {
    data.split_once("://")
        .is_some_and(|(scheme, _)| ["http", "https"].iter().any(|ours| scheme.eq_ignore_ascii_case(ours)))
}

/// Reads the data of a folder, whether a server runs on it or not, of a `postgres://` address, or of a running server at `http://` or
/// `https://`. What was accepted before is in it.
pub fn load(data: &str, key: Option<&str>, reading: &ReadingArguments) -> anyhow::Result<Stored> {
    refuse_flags_for_files(reading)?;
    let loaded = if is_server_address(data) {
        let key = key.ok_or_else(|| {
            UsageError("a running server asks for a key that may read: --key clove_... (or CLOVE_KEY)".to_owned())
        })?;
        remote::load(data, key)?
    } else {
        from_database(data)?
    };
    if loaded.shop.orders.is_empty() {
        return Err(DataError(format!("{data} holds no orders yet; `clove import` or the API take them in")).into());
    }
    let zone = TimeZone::get(&loaded.time_zone).unwrap_or(TimeZone::UTC);
    let today = Day::of_moment(jiff::Timestamp::now().as_microsecond(), &zone);
    output::note(&format!(
        "{} orders, time zone {}",
        output::thousands(loaded.shop.orders.len() as i64),
        loaded.time_zone
    ));
    Ok(Stored { shop: loaded.shop, persons: loaded.persons, time_zone: loaded.time_zone, today })
}

fn from_database(data: &str) -> anyhow::Result<LoadedShop> {
    let Ok(url) = data.parse::<DatabaseUrl>();
    if let DatabaseUrl::Folder(folder) = &url
        && !folder.is_dir()
    {
        return Err(UsageError(format!(
            "--data {data}: there is no such folder; `clove serve --data {data}` makes one"
        ))
        .into());
    }
    let runtime = tokio::runtime::Runtime::new().context("threads cannot be started")?;
    runtime.block_on(async {
        let db = match Db::open(&url, Environment::system()).await {
            Ok(db) => {
                catch_up(&db).await?;
                db
            }
            // A server runs on the folder: it does the work, we look on.
            Err(StoreError::InUse { .. }) => {
                let db = Db::open_read_only(&url, Environment::system()).await?;
                let migrations = db.migrations().await?;
                if !(migrations.pending.is_empty() && migrations.unknown.is_empty()) {
                    return Err(DataError(
                        "the server that runs on this folder is of another version of Clove: ask with that one".into(),
                    )
                    .into());
                }
                let head = db.head().await?;
                tokio::time::timeout(PATIENCE, wait_until(&db, ValueSubscriber::NAME, head)).await.map_err(
                    |_| {
                        DataError(
                            "the server has not yet handled what it accepted; `clove doctor` says what it waits for"
                                .into(),
                        )
                    },
                )??;
                db
            }
            Err(error) => return Err(error.into()),
        };
        let loaded = load_shop(&db, LoadOptions { details: true }).await?;
        db.close().await;
        anyhow::Ok(loaded)
    })
}

/// Flags that say how files are read mean nothing here, and saying nothing would mislead.
fn refuse_flags_for_files(reading: &ReadingArguments) -> anyhow::Result<()> {
    let given = [
        ("--refunds", reading.refunds.is_some()),
        ("--spend", reading.spend.is_some()),
        ("--costs", reading.costs.is_some()),
        ("--rates", reading.rates.is_some()),
        ("--map", reading.map.is_some()),
        ("--rejects", reading.rejects.is_some()),
        ("--tz", reading.tz != "UTC"),
        ("--currency", reading.currency.is_some()),
        ("--date-order", reading.date_order.is_some()),
        ("--source", reading.source.is_some()),
        ("--wholesale-tags", reading.wholesale_tags.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((flag, _)) => {
            Err(UsageError(format!("{flag} says how files are read; a server's data has its own (--data)")).into())
        }
        None => Ok(()),
    }
}
