//! What to read and how.

use std::collections::BTreeMap;
use std::sync::Arc;

use clove_core::Currency;
use jiff::tz::TimeZone;

use crate::date::DateOrder;
use crate::mapping::Mapping;

/// The files of a shop. Each name is a path, a glob, a folder, `-` for standard input, a `file://` or web URL, or a URL of
/// an object store (`s3://`, `gs://`, `az://`, `abfs://`): one object, a pattern or a prefix.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Tables of orders or order lines.
    pub orders: Vec<String>,
    /// Refunds with their own dates.
    pub refunds: Option<String>,
    /// Marketing and sales costs.
    pub spend: Option<String>,
    /// Costs of goods by product or by order.
    pub costs: Option<String>,
    /// Exchange rates by day.
    pub rates: Option<String>,
}

impl Inputs {
    /// One table of orders and nothing else.
    pub fn orders(name: &str) -> Inputs {
        Inputs { orders: vec![name.to_owned()], ..Inputs::default() }
    }
}

/// Told how far a long reading has come.
pub trait Progress: Send + Sync {
    /// `bytes_done` of `bytes_total` bytes of the order files are read (0 of 0 if unknown), which gave `rows` rows.
    fn advance(&self, bytes_done: u64, bytes_total: u64, rows: u64);
}

/// How to read.
#[derive(Clone)]
pub struct ReadOptions {
    /// Names of columns where guessing does not do.
    pub map: Option<Mapping>,
    /// The shop's time zone: where its days begin, and what times without zone mean.
    pub time_zone: TimeZone,
    /// The currency of the figures; default: the only one in the data.
    pub currency: Option<Currency>,
    /// Whether the day or the month comes first in `03/04/2026`; default: what the column itself shows.
    pub date_order: Option<DateOrder>,
    /// A name for where the files come from; it goes before the recognised format.
    pub source: Option<String>,
    /// How many rejected rows are kept in full (all are counted).
    pub keep_rejects: usize,
    /// Orders with one of these tags are wholesale and do not count.
    pub wholesale_tags: Vec<String>,
    /// Whether every returned item gives its cost of goods back (where a costs file or column is known).
    pub costs_restocked_always: bool,
    /// Whether orders are told by the number that people see (`#1001`) where a file also has the id by which the shop's programs
    /// know them. Side tables such as refunds have to name the same.
    pub order_numbers: bool,
    /// Credentials and endpoints of object stores by the names of their environment variables: `AWS_ACCESS_KEY_ID`,
    /// `AWS_ENDPOINT_URL`, `GOOGLE_APPLICATION_CREDENTIALS`, `AZURE_STORAGE_ACCOUNT_NAME`, ...
    pub object_stores: BTreeMap<String, String>,
    /// Told how far the reading is.
    pub progress: Option<Arc<dyn Progress>>,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            map: None,
            time_zone: TimeZone::UTC,
            currency: None,
            date_order: None,
            source: None,
            keep_rejects: 1_000,
            wholesale_tags: ["wholesale", "b2b"].map(str::to_owned).to_vec(),
            costs_restocked_always: false,
            order_numbers: false,
            object_stores: BTreeMap::new(),
            progress: None,
        }
    }
}

impl std::fmt::Debug for ReadOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadOptions")
            .field("map", &self.map)
            .field("time_zone", &self.time_zone.iana_name())
            .field("currency", &self.currency)
            .field("date_order", &self.date_order)
            .field("source", &self.source)
            .field("keep_rejects", &self.keep_rejects)
            .field("wholesale_tags", &self.wholesale_tags)
            .field("costs_restocked_always", &self.costs_restocked_always)
            .field("order_numbers", &self.order_numbers)
            .finish_non_exhaustive()
    }
}
