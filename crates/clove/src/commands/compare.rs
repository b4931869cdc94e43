//! `clove compare`: another system's figures of the same customers beside ours.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::compare::{Comparison, Figure, UnitGuess, compare, guess_unit, has_figures};
use clove_measure::value::{ValueOptions, customer_values};
use serde_json::json;

use crate::arguments::{CountingArguments, FileArguments, OutputArguments, TimeUnit};
use crate::output::{Answer, terminal_table, thousands};
use crate::{DataError, UsageError, load};

/// What to compare.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The other system's table: a lifetimes summary, Klaviyo profiles, Shopify or WooCommerce customers
    #[arg(value_name = "SUMMARY")]
    theirs: String,
    #[command(flatten)]
    files: FileArguments,
    /// The unit of recency and T in the other table [default: the one in which they agree best with our days]
    #[arg(long)]
    unit: Option<TimeUnit>,
    /// Days to look ahead
    #[arg(long, default_value_t = 365)]
    horizon: u32,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Compares and prints.
pub fn run(arguments: &CompareArguments) -> anyhow::Result<()> {
    let theirs = clove_connect::read_customers(&arguments.theirs, &load::read_options(&arguments.files.reading)?)?;
    if !has_figures(&theirs) {
        return Err(UsageError(format!(
            "{} has customers but nothing to compare (its other columns: {}). The first file is the other system's table of customers, one \
             row each, with frequency, recency, T, orders or predicted value; files of orders come after it",
            arguments.theirs,
            theirs.unmapped.join(", ")
        ))
        .into());
    }
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let mut options = ValueOptions::new(loaded.as_of);
    options.counting = arguments.counting.resolve(loaded.as_of);
    options.horizon_days = arguments.horizon;
    let values = customer_values(loaded.shop(), loaded.persons(), &options);
    let guess = guess_unit(&theirs, &values, &TimeUnit::ALL.map(TimeUnit::days)).filter(|_| arguments.unit.is_none());
    let unit =
        arguments.unit.unwrap_or_else(|| guess.map_or_else(TimeUnit::default, |guess| TimeUnit::ALL[guess.unit]));
    let comparison = compare(&theirs, &values, unit.days());
    if comparison.matched == 0 {
        return Err(DataError(format!(
            "none of the {} customers of {} is in the orders; both need the same customer ids, e-mails or phones",
            comparison.customers, arguments.theirs
        ))
        .into());
    }
    let agreements: Vec<_> = comparison
        .agreements
        .iter()
        .map(|one| {
            json!({
                "figure": one.figure.name(), "n": one.n, "theirs": one.theirs, "ours": one.ours, "equal": one.equal,
                "mean_absolute_difference": one.mean_absolute_difference, "spearman": one.spearman,
            })
        })
        .collect();
    let json = json!({
        "format": theirs.format.name(),
        "as_of": loaded.as_of.to_string(),
        "unit": unit.name(),
        "unit_guessed": guess.is_some(),
        "model": values.model_name(),
        "horizon_days": options.horizon_days,
        "customers": comparison.customers,
        "matched": comparison.matched,
        "agreement": agreements,
    });
    let text = format!(
        "{} of {} customers of {} ({}) found among ours.\n{}{}",
        thousands(comparison.matched as i64),
        thousands(comparison.customers as i64),
        arguments.theirs,
        theirs.format.name(),
        guess.map_or_else(String::new, |guess| unit_sentence(guess, unit)),
        terminal_table(&agreement_table(&comparison), usize::MAX),
    );
    Answer { json, table: pairs_table(&comparison), text: Some(text) }.write(&arguments.output)
}

/// What was taken as their unit of time, and why.
fn unit_sentence(guess: UnitGuess, unit: TimeUnit) -> String {
    let unclear = if (guess.days / unit.days()).ln().abs() > 0.3 { ", which fits badly" } else { "" };
    format!(
        "Their times are taken as {}s{unclear}: one of them is {:.1} of our days (median of {} customers); --unit says otherwise.\n",
        unit.name(),
        guess.days,
        thousands(guess.customers as i64),
    )
}

fn agreement_table(comparison: &Comparison) -> Table {
    let rows = &comparison.agreements;
    let count = |of: fn(&clove_measure::compare::Agreement) -> usize| {
        Values::Int(rows.iter().map(|row| Some(of(row) as i64)).collect())
    };
    let float = |of: fn(&clove_measure::compare::Agreement) -> Option<f64>, decimals| {
        Values::Float(rows.iter().map(of).collect(), decimals)
    };
    Table::new()
        .with("figure", Values::Text(rows.iter().map(|row| Some(row.figure.name().to_owned())).collect()))
        .with("n", count(|row| row.n))
        .with("theirs", float(|row| Some(row.theirs), 2))
        .with("ours", float(|row| Some(row.ours), 2))
        .with("equal", count(|row| row.equal))
        .with("mean_difference", float(|row| Some(row.mean_absolute_difference), 3))
        .with("spearman", float(|row| row.spearman, 3))
}

fn pairs_table(comparison: &Comparison) -> Table {
    let pairs = &comparison.pairs;
    let mut table =
        Table::new().with("customer_id", Values::Text(pairs.iter().map(|pair| Some(pair.customer.clone())).collect()));
    for (position, figure) in Figure::ALL.into_iter().enumerate() {
        if pairs.iter().all(|pair| pair.figures[position].0.is_none()) {
            continue;
        }
        let theirs = pairs.iter().map(|pair| pair.figures[position].0).collect();
        let ours = pairs.iter().map(|pair| pair.figures[position].1).collect();
        table = table
            .with(&format!("{}_theirs", figure.name()), Values::Float(theirs, 2))
            .with(&format!("{}_ours", figure.name()), Values::Float(ours, 2));
    }
    table
}
