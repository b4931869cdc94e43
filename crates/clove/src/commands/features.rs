//! `clove features`: one row of features per customer, in one pass over the orders.

use std::path::Path;

use clap::Args;
use clove_core::{Currency, Day};
use clove_lake::features::{FeatureColumns, Features, of_files, of_parquet, of_shop};
use serde_json::{Map, Value, json};

use super::cluster::{OnCluster, usage};
use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::output::{Answer, Shown, note, thousands};
use crate::{UsageError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct FeaturesArguments {
    #[command(flatten)]
    files: FileArguments,
    /// The day that ages are told at [default: the day after the last order]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    #[command(flatten)]
    cluster: OnCluster,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes the features. One Parquet file with the columns customer_id, ordered_at, amount and discount is read directly;
/// everything else as a shop's orders. On a cluster, Parquet files with these columns are read by its executors.
pub fn run(arguments: &FeaturesArguments) -> anyhow::Result<()> {
    let features = if arguments.cluster.is_asked() {
        if !is_plain(arguments) || arguments.files.files.is_empty() {
            let wanted = "on a cluster, features are computed of Parquet files with the columns customer_id, ordered_at, amount and discount, without further flags of reading";
            return Err(UsageError(wanted.to_owned()).into());
        }
        let lake = arguments.cluster.lake()?;
        let columns = FeatureColumns::default();
        of_files(&lake, &arguments.files.files, &columns, currency(arguments)?, arguments.as_of).map_err(usage)?
    } else if let Some(path) = direct(arguments) {
        let currency = currency(arguments)?;
        of_parquet(path, &FeatureColumns::default(), currency, arguments.as_of)?
    } else {
        let counting =
            CountingArguments { as_of: arguments.as_of, basis: clove_core::Basis::default(), refund_date: None };
        let loaded = load::load(&arguments.files, &counting)?;
        of_shop(loaded.shop(), loaded.persons(), arguments.as_of)?
    };
    let summary = summary(&features);
    if let (Format::Parquet, Some(path)) = (arguments.output.format, &arguments.output.out) {
        features.write_parquet(path)?;
        note(&format!("{} customers, as of {}", thousands(features.customers.len() as i64), features.as_of));
        println!("{summary}");
        return Ok(());
    }
    let table = features.table();
    let mut least = Features::FLAGS.to_vec();
    least.extend(["share_disc", "disc_total", "days", "t", "first_day", "recency", "frequency", "monetary", "aov"]);
    let shown = Shown::new(&table).most(20).drop_first(&least).text();
    let text = format!("As of {}\n{shown}", features.as_of);
    Answer { json: summary, table, text: Some(text) }.write(&arguments.output)
}

/// The currency that was named, or none in particular.
fn currency(arguments: &FeaturesArguments) -> anyhow::Result<Currency> {
    match arguments.files.reading.currency {
        Some(currency) => Ok(currency),
        None => Ok("XXX".parse()?),
    }
}

/// Whether nothing changes how files are read.
fn is_plain(arguments: &FeaturesArguments) -> bool {
    let reading = &arguments.files.reading;
    reading.map.is_none()
        && reading.refunds.is_none()
        && reading.costs.is_none()
        && reading.rates.is_none()
        && reading.tz == "UTC"
}

/// The file, if it is one local Parquet file with the columns of an order table and nothing changes how it is read.
fn direct(arguments: &FeaturesArguments) -> Option<&Path> {
    match arguments.files.files.as_slice() {
        [file] if is_plain(arguments) => {
            let path = Path::new(file);
            let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
            (is_parquet && clove_lake::features::has_columns(path, &FeatureColumns::default())).then_some(path)
        }
        _ => None,
    }
}

/// The checksums by which engines are compared, and the quantiles.
fn summary(features: &Features) -> Value {
    let sums = features.checksums();
    let scale = features.currency.minor_per_major() as f64;
    let mut json = json!({
        "as_of": features.as_of.to_string(),
        "currency": features.currency.code(),
        "rows": sums.rows,
        "freq": sums.frequency,
        "rec": sums.recency,
        "T": sums.age,
        "mon": sums.monetary,
        "tot": sums.total,
        "p90_total": features.p90_total / scale,
        "p90_aov": features.p90_average_order / scale,
    });
    if let Value::Object(object) = &mut json {
        let flags: Map<String, Value> =
            Features::FLAGS.into_iter().zip(sums.flags).map(|(flag, count)| (flag.to_owned(), count.into())).collect();
        object.extend(flags);
    }
    json
}
