//! What an import is to read, and how, as the store keeps it.

use std::path::PathBuf;

use clove_connect::{DateOrder, Inputs, Mapping, ReadOptions};
use clove_core::Currency;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Rejected rows that are kept in full; all are counted.
const KEPT_REJECTS: usize = 100_000;

/// A file of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFile {
    /// What it holds: `orders`, `customers`, `refunds`, `spend`, `costs` or `rates`.
    pub kind: String,
    /// Its name as people know it.
    pub name: String,
    /// Where it lies: a path or URL.
    pub place: String,
    /// Its size.
    pub bytes: u64,
}

impl ImportFile {
    /// Every kind.
    pub const KINDS: [&'static str; 6] = ["orders", "customers", "refunds", "spend", "costs", "rates"];
}

/// How files are read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// The shop's time zone; empty means UTC.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    /// The shop's currency; needed when the files hold several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Order of day and month: `dmy` or `mdy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<String>,
    /// Which column means what, as TOML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// Tags that mark wholesale orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wholesale_tags: Option<Vec<String>>,
}

impl ImportOptions {
    /// The reader's options.
    ///
    /// # Errors
    /// What is wrong, for people to read.
    pub fn to_reading(&self) -> Result<ReadOptions, String> {
        let mut options = ReadOptions {
            time_zone: self.zone()?,
            keep_rejects: KEPT_REJECTS,
            order_numbers: true,
            ..ReadOptions::default()
        };
        if let Some(code) = &self.currency {
            options.currency = Some(code.parse::<Currency>().map_err(|error| error.to_string())?);
        }
        if let Some(order) = &self.date_order {
            options.date_order = Some(order.parse::<DateOrder>().map_err(|error| error.clone())?);
        }
        if let Some(map) = &self.map {
            options.map = Some(Mapping::from_toml(map).map_err(|error| error.to_string())?);
        }
        if let Some(tags) = &self.wholesale_tags {
            options.wholesale_tags.clone_from(tags);
        }
        Ok(options)
    }

    /// The shop's time zone.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn zone(&self) -> Result<TimeZone, String> {
        if self.time_zone.is_empty() {
            return Ok(TimeZone::UTC);
        }
        TimeZone::get(&self.time_zone)
            .map_err(|_| format!("'{}' is no time zone; write for instance Europe/Rome or UTC", self.time_zone))
    }
}

/// An import as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPlan {
    /// The files.
    pub files: Vec<ImportFile>,
    /// How they are read.
    pub options: ImportOptions,
}

impl ImportPlan {
    /// What the reader is to read.
    pub fn inputs(&self) -> Inputs {
        let one = |kind: &str| self.files.iter().find(|file| file.kind == kind).map(|file| file.place.clone());
        Inputs {
            orders: self.files.iter().filter(|file| file.kind == "orders").map(|file| file.place.clone()).collect(),
            refunds: one("refunds"),
            spend: one("spend"),
            costs: one("costs"),
            rates: one("rates"),
        }
    }

    /// Tables of customers.
    pub fn customers(&self) -> Vec<String> {
        self.files.iter().filter(|file| file.kind == "customers").map(|file| file.place.clone()).collect()
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> i64 {
        let bytes: u64 = self.files.iter().map(|file| file.bytes).sum();
        i64::try_from(bytes).unwrap_or(i64::MAX)
    }

    /// The names by which the reader knows the files.
    pub fn places(&self) -> Vec<String> {
        self.files.iter().map(|file| file.place.clone()).collect()
    }

    /// A text of the reader with the names of files as people know them.
    pub fn shown(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for file in self.files.iter().filter(|file| file.place != file.name) {
            shown = shown.replace(&file.place, &file.name);
            // The reader may know the file by its last part.
            if let Some(last) = PathBuf::from(&file.place).file_name().and_then(|last| last.to_str()) {
                shown = shown.replace(last, &file.name);
            }
        }
        shown
    }
}
