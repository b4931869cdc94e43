//! `clove features`: one row of features per customer, in one pass over the orders.

use std::path::Path;

use clap::Args;
use clove_core::Day;
use clove_lake::features::{FeatureColumns, Features, of_parquet, of_shop};
use serde_json::{Map, Value, json};

use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::load;
use crate::output::{Answer, Shown, note, thousands};

/// What to compute.
#[derive(Debug, Args)]
pub struct FeaturesArguments {
    #[command(flatten)]
    files: FileArguments,
    /// The day that ages are told at [default: the day after the last order]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes the features. One Parquet file with the columns customer_id, ordered_at, amount and discount is read directly;
/// everything else as a shop's orders.
pub fn run(arguments: &FeaturesArguments) -> anyhow::Result<()> {
    let features = if let Some(path) = direct(arguments) {
        let currency = match arguments.files.reading.currency {
            Some(currency) => currency,
            None => "XXX".parse()?,
        };
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

/// The file, if it is one local Parquet file with the columns of an order table and nothing changes how it is read.
fn direct(arguments: &FeaturesArguments) -> Option<&Path> {
    let reading = &arguments.files.reading;
    let plain = reading.map.is_none()
        && reading.refunds.is_none()
        && reading.costs.is_none()
        && reading.rates.is_none()
        && reading.tz == "UTC";
    match arguments.files.files.as_slice() {
        [file] if plain => {
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
