//! Settings of the shop: currency, time zone, whatever else is decided once and read by many.
//!
//! A setting is a [`Key`] with a type. It is read and written in one place each, and kept as text, one row per setting.

use std::collections::BTreeMap;

use clove_core::Currency;
use jiff::tz::TimeZone;

use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    SELECT = both("SELECT key, value FROM setting");
    UPSERT = both("INSERT INTO setting (key, value, changed_at) VALUES ($1, $2, $3) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at");
}

/// A setting: its name, and how its value is read from text and written as text.
#[derive(Debug, Clone, Copy)]
pub struct Key<T> {
    /// The name in the table. Never changed.
    pub name: &'static str,
    /// From text; `None` for what is no such value.
    pub read: fn(&str) -> Option<T>,
    /// To text.
    pub write: fn(&T) -> String,
}

/// The currency that the shop keeps its books in. Unset until somebody sets it or the first order comes in.
pub const CURRENCY: Key<Currency> =
    Key { name: "currency", read: |text| text.parse().ok(), write: |currency| currency.code().to_owned() };

/// The shop's time zone: what a day is. UTC unless set.
pub const TIME_ZONE: Key<TimeZone> = Key { name: "time_zone", read: time_zone, write: time_zone_name };

/// Whether the shop was made up, for people to look round. Unset otherwise.
pub const DEMO: Key<bool> = Key { name: "demo", read: |text| text.parse().ok(), write: |is_demo| is_demo.to_string() };

/// The time zone of an IANA name such as `Europe/Rome`; `None` for what is no name of one.
pub fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name.trim()).ok().filter(|zone| zone.iana_name().is_some())
}

/// The IANA name of a time zone.
pub fn time_zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// All settings, as they were read at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Reads them.
    pub async fn read(db: &Db) -> Result<Settings> {
        Ok(Settings(db.read_all::<(String, String)>(SELECT.query()).await?.into_iter().collect()))
    }

    /// Reads them as a transaction sees them.
    pub async fn read_in(tx: &mut Tx) -> Result<Settings> {
        Ok(Settings(tx.fetch_all::<(String, String)>(SELECT.query()).await?.into_iter().collect()))
    }

    /// The value of a setting, if it is set.
    ///
    /// # Errors
    /// If the table holds what is no such value.
    pub fn get<T>(&self, key: &Key<T>) -> Result<Option<T>> {
        let Some(text) = self.0.get(key.name) else { return Ok(None) };
        let unusable =
            || StoreError::subscriber(format!("the setting {} holds '{text}', which cannot be used", key.name));
        (key.read)(text).ok_or_else(unusable).map(Some)
    }

    /// The shop's currency, if it is set.
    ///
    /// # Errors
    /// As [`Settings::get`].
    pub fn currency(&self) -> Result<Option<Currency>> {
        self.get(&CURRENCY)
    }

    /// The shop's time zone; UTC if none is set.
    ///
    /// # Errors
    /// As [`Settings::get`].
    pub fn time_zone(&self) -> Result<TimeZone> {
        Ok(self.get(&TIME_ZONE)?.unwrap_or(TimeZone::UTC))
    }
}

/// Writes a setting within the caller's transaction.
pub async fn put<T>(tx: &mut Tx, key: &Key<T>, value: &T) -> Result<()> {
    let now = tx.db().now();
    let text = (key.write)(value);
    tx.execute(UPSERT.query().bind(key.name).bind(text).bind(now)).await.map(drop)
}
