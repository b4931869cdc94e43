//! From the files named on the command line to orders with persons.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clove_connect::{
    CustomerFormat, Import, Inputs, Mapping, Progress, RawTable, ReadError, ReadOptions, read_customers, read_shop,
    read_table,
};
use clove_core::{Currency, Day, Persons, Reject, ShopData};
use clove_measure::comparison::RawFigures;
use clove_measure::ledger::Ledger;
use clove_people::IdentityOptions;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

use crate::arguments::{CountingArguments, FileArguments, ReadingArguments};
use crate::{DataError, UsageError, output, stored};

/// How many rejected rows are kept in full for `--rejects`; all of them are counted.
const KEPT_REJECTS: usize = 100_000;

/// A shop's orders, joined to persons.
pub struct Loaded {
    shop: ShopData,
    persons: Persons,
    /// The last day that counts.
    pub as_of: Day,
    /// The shop's time zone.
    pub time_zone: String,
}

impl Loaded {
    /// The shop's data.
    pub fn shop(&self) -> &ShopData {
        &self.shop
    }

    /// The persons of its orders.
    pub fn persons(&self) -> &Persons {
        &self.persons
    }

    /// Every customer's orders up to the as-of.
    ///
    /// # Errors
    /// If no order counts; the message says what was left out.
    pub fn ledger(&self) -> Result<Ledger<'_>, DataError> {
        let ledger = Ledger::new(self.shop(), self.persons(), self.as_of);
        if ledger.customers().is_empty() { Err(self.nothing_counts()) } else { Ok(ledger) }
    }

    /// That no order counts up to the as-of, and why.
    pub fn nothing_counts(&self) -> DataError {
        let health = clove_measure::health::health_as_of(self.shop(), self.persons(), self.as_of);
        let orders = &self.shop().orders.day;
        let later = orders.iter().filter(|&&day| day > self.as_of).count();
        let mut reasons: Vec<String> = health
            .excluded
            .iter()
            .map(|(reason, sum)| format!("{} {}", output::thousands(sum.count as i64), reason.replace('_', " ")))
            .collect();
        if later > 0 {
            let first = orders.iter().min().map_or_else(String::new, |day| format!(" (the first on {day})"));
            reasons.push(format!("{} later{first}", output::thousands(later as i64)));
        }
        let left_out = if reasons.is_empty() { String::new() } else { format!(" (left out: {})", reasons.join(", ")) };
        DataError(format!("no order counts up to {}{left_out}; `clove check FILE` says more", self.as_of))
    }
}

/// Reads the files and resolves persons, or takes both from a server's data.
pub fn load(files: &FileArguments, counting: &CountingArguments) -> anyhow::Result<Loaded> {
    if let Some(data) = &files.data {
        let stored = stored::load(data, files.key.as_deref(), &files.reading)?;
        let as_of = counting.as_of.unwrap_or(stored.today);
        return Ok(Loaded { shop: stored.shop, persons: stored.persons, as_of, time_zone: stored.time_zone });
    }
    let import = read(files).map_err(|error| with_hint(error, files))?;
    let identity = clove_people::resolve(&import.shop.orders, &IdentityOptions::default());
    let last_day = last_day(&import.shop)
        .ok_or_else(|| DataError("the files hold no usable order; `clove check FILE` shows why".into()))?;
    let as_of = counting.as_of.unwrap_or(last_day);
    Ok(Loaded { shop: import.shop, persons: identity.persons, as_of, time_zone: files.reading.tz.clone() })
}

/// Adds what to do where the file is a table of customers rather than of orders.
fn with_hint(error: anyhow::Error, files: &FileArguments) -> anyhow::Error {
    let [file] = files.files.as_slice() else { return error };
    let is_data = error.downcast_ref::<clove_connect::ReadError>().is_some_and(ReadError::is_data_problem);
    if !is_data || file == "-" {
        return error;
    }
    let Ok(options) = read_options(&files.reading) else { return error };
    if let Some(model) = read_table(file, &options).ok().and_then(|table| model_of(&table)) {
        return DataError(format!(
            "'{file}' is no table of orders, but one that a model of its own reads: `clove models fit --model {model} {file}`"
        ))
        .into();
    }
    let customers = read_customers(file, &options).ok();
    match customers.map(|customers| customers.format) {
        Some(CustomerFormat::Summary) => DataError(format!(
            "'{file}' is a summary of customers (frequency, recency, T), not a table of orders: `clove clv {file} --from-summary` forecasts from it, `clove compare {file} ORDERS` checks it against orders"
        ))
        .into(),
        Some(format @ (CustomerFormat::KlaviyoProfiles | CustomerFormat::ShopifyCustomers | CustomerFormat::WooCustomers)) => {
            DataError(format!(
                "'{file}' is a table of customers ({}), not of orders: export the orders; `clove compare {file} ORDERS` shows its figures beside ours",
                format.name()
            ))
            .into()
        }
        _ => error,
    }
}

/// The model whose own table this is: trials and recency in periods, or survivors of a cohort.
fn model_of(table: &RawTable) -> Option<&'static str> {
    let has = |name: &str| table.position(&[name]).is_some();
    match () {
        () if has("frequency") && has("recency") && has("periods") => Some("bg-bb"),
        () if has("period") && has("survivors") => Some("sbg"),
        () => None,
    }
}

/// Reads the files without looking at persons.
pub fn read(files: &FileArguments) -> anyhow::Result<Import> {
    let options = read_options(&files.reading)?;
    let import = read_shop(&inputs(&files.files, &files.reading), &options)?;
    let rejected = import.shop.health.rejected;
    match &files.reading.rejects {
        Some(path) => write_rejects(path, &import.shop.health.rejects)?,
        None if rejected > 0 => {
            let rows = output::thousands(rejected as i64);
            output::note(&format!(
                "{rows} rows could not be taken: `clove check` says why, --rejects FILE lists them all"
            ));
        }
        None => {}
    }
    Ok(import)
}

/// What a tool without rules would make of the order files, which are read again for it. Nothing of a server's data: rows of files
/// are not kept there.
pub fn raw_figures(files: &FileArguments, currency: Currency) -> anyhow::Result<Option<RawFigures>> {
    if files.data.is_some() {
        return Ok(None);
    }
    let found = clove_connect::read_raw_figures(
        &inputs(&files.files, &files.reading),
        &read_options(&files.reading)?,
        currency,
    )?;
    Ok(found.map(|raw| RawFigures { gross: raw.gross, emails: raw.emails }))
}

/// The files that the flags name.
pub fn inputs(orders: &[String], reading: &ReadingArguments) -> Inputs {
    Inputs {
        orders: orders.to_vec(),
        refunds: reading.refunds.clone(),
        spend: reading.spend.clone(),
        costs: reading.costs.clone(),
        rates: reading.rates.clone(),
    }
}

/// The reader's options for the flags.
pub fn read_options(reading: &ReadingArguments) -> anyhow::Result<ReadOptions> {
    let time_zone = TimeZone::get(&reading.tz)
        .map_err(|_| UsageError(format!("'{}' is no time zone; write for instance Europe/Rome or UTC", reading.tz)))?;
    let object_stores = object_stores();
    let map = match &reading.map {
        None => None,
        Some(name) => Some(Mapping::read(name, &object_stores)?),
    };
    let mut options = ReadOptions {
        map,
        time_zone,
        currency: reading.currency,
        date_order: reading.date_order,
        source: reading.source.clone(),
        keep_rejects: KEPT_REJECTS,
        object_stores,
        ..ReadOptions::default()
    };
    if let Some(tags) = &reading.wholesale_tags {
        options.wholesale_tags.clone_from(tags);
    }
    if output::is_interactive() {
        options.progress = Some(Arc::new(Bar::new()));
    }
    Ok(options)
}

/// Credentials and endpoints of object stores from the environment.
pub fn object_stores() -> BTreeMap<String, String> {
    let wanted = ["AWS_", "GOOGLE_", "AZURE_"];
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| wanted.iter().any(|prefix| name.starts_with(prefix)))
        .collect()
}

/// The last local day on which anything in the files happened; spend and refunds of the future do not move it.
fn last_day(shop: &ShopData) -> Option<Day> {
    let orders = shop.orders.day.iter().copied().max()?;
    let adjustments = shop.adjustments.iter().map(|adjustment| adjustment.day).max();
    Some(adjustments.map_or(orders, |day| day.max(orders)))
}

/// Writes rejected rows as a table.
pub fn write_rejects(path: &std::path::Path, rejects: &[Reject]) -> anyhow::Result<()> {
    let column =
        |of: fn(&Reject) -> String| clove_core::Values::Text(rejects.iter().map(|reject| Some(of(reject))).collect());
    let table = clove_core::Table::new()
        .with("file", column(|reject| reject.file.clone()))
        .with("line", clove_core::Values::Int(rejects.iter().map(|reject| Some(reject.line as i64)).collect()))
        .with("column", column(|reject| reject.column.clone()))
        .with("value", column(|reject| reject.value.clone()))
        .with("reason", column(|reject| reject.reason.clone()))
        .with("remedy", column(|reject| reject.remedy.clone()));
    output::write_csv_file(path, &table)
}

/// A progress bar on standard error, shown only when reading takes longer than a moment.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::no_length().with_style(
            ProgressStyle::with_template("reading {bar:30} {bytes}/{total_bytes} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        bar.enable_steady_tick(Duration::from_millis(500));
        Bar(bar)
    }
}

impl Progress for Bar {
    fn advance(&self, bytes_done: u64, bytes_total: u64, rows: u64) {
        if bytes_total > 0 {
            self.0.set_length(bytes_total);
        }
        self.0.set_position(bytes_done);
        self.0.set_message(format!("{} rows", output::thousands(rows as i64)));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
