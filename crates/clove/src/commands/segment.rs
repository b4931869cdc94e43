//! `clove segment`: who a definition names, how many they are, what they are worth.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use clove_core::segment::Condition;
use clove_core::{Table, Values};
use clove_measure::ledger::Ledger;
use clove_measure::lifecycle::Stage;
use clove_measure::segment::{Members, READY, Segmenter, ready};
use serde_json::json;

use super::answers::{amount, average, rate};
use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::output::{Answer, print_facts, thousands};
use crate::{DataError, UsageError, load};

/// What to find.
#[derive(Debug, Args)]
pub struct SegmentArguments {
    /// A ready-made segment (first_time, vip, at_risk, ...), a JSON file with a definition, or the definition itself
    segment: String,
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Reads a segment as people name it: a ready-made one, a file, JSON.
pub fn definition(segment: &str) -> anyhow::Result<Condition> {
    if let Some(known) = ready(&segment.replace('-', "_")) {
        return Ok(known.definition.clone());
    }
    let text = if segment.trim_start().starts_with('{') {
        segment.to_owned()
    } else if Path::new(segment).exists() {
        std::fs::read_to_string(segment).with_context(|| format!("reading {segment}"))?
    } else {
        let known: Vec<&str> = READY.iter().map(|one| one.id).collect();
        let known = known.join(", ");
        return Err(UsageError(format!("'{segment}' is neither a ready-made segment ({known}) nor a file")).into());
    };
    let definition: Condition = serde_json::from_str(&text)
        .map_err(|error| UsageError(format!("the definition cannot be read: {error}; docs/segments.md shows some")))?;
    if let Some(problem) = definition.problems().first() {
        let place = if problem.pointer.is_empty() { "the definition" } else { &problem.pointer };
        return Err(UsageError(format!("{place}: {}", problem.detail)).into());
    }
    Ok(definition)
}

/// The members of a definition; segments within it are ready-made ones.
pub fn members(segmenter: &Segmenter<'_, '_>, definition: &Condition) -> anyhow::Result<Members> {
    let find = |id: &str| ready(id).map(|segment| segment.definition.clone());
    segmenter.members(definition, &find).map_err(|error| DataError(error.to_string()).into())
}

/// Finds and prints the segment. CSV and Parquet hold one row per customer.
pub fn run(arguments: &SegmentArguments) -> anyhow::Result<()> {
    let definition = definition(&arguments.segment)?;
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let segmenter = Segmenter::new(&ledger);
    let members = members(&segmenter, &definition)?;
    let figures = segmenter.summary(&members);
    let mut facts = vec![
        ("Customers", rate(&figures.customers)),
        ("Orders", thousands(figures.orders as i64)),
        ("Value so far", amount(figures.value)),
        ("  per customer", average(&figures.value_per_customer, ledger.currency())),
        ("  last 12 months", average(&figures.clv_12m, ledger.currency())),
        ("Bought twice or more", rate(&figures.repeat_purchase_rate)),
    ];
    let cuts: Vec<(String, String)> = figures
        .cuts
        .iter()
        .map(|cut| {
            let value = cut.value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
            (format!("{} % of {}", cut.percentile, cut.figure.words()), value)
        })
        .collect();
    facts.extend(cuts.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let text = format!("{}\nAs of {}\n{}", definition.words(), figures.as_of, print_facts(&facts));
    let mut json = serde_json::to_value(&figures)?;
    if let serde_json::Value::Object(object) = &mut json {
        object.insert("words".into(), definition.words().into());
        object.insert("definition".into(), serde_json::to_value(&definition)?);
        object.insert("identified_share".into(), json!(ledger.identified_share()));
    }
    let table = match arguments.output.format {
        Format::Csv | Format::Parquet => table(&ledger, &segmenter, &members),
        _ => Table::new(),
    };
    Answer { json, table, text: Some(text) }.write(&arguments.output)
}

fn table(ledger: &Ledger<'_>, segmenter: &Segmenter<'_, '_>, members: &Members) -> Table {
    let customers = ledger.customers().iter().zip(segmenter.figures()).zip(&members.inside);
    let rows: Vec<_> = customers.filter(|(_, inside)| **inside).map(|(row, _)| row).collect();
    let currency = ledger.currency();
    let known = |amount| ledger.shop().has_amounts.then_some(amount);
    let stage = |stage: Option<Stage>| stage.map(|stage| stage.name().to_owned());
    Table::new()
        .with("customer_id", Values::Text(rows.iter().map(|(customer, _)| Some(ledger.label(customer))).collect()))
        .with("stage", Values::Text(rows.iter().map(|(_, own)| stage(own.stage)).collect()))
        .with("orders", Values::Int(rows.iter().map(|(_, own)| Some(i64::from(own.orders))).collect()))
        .with("purchases", Values::Int(rows.iter().map(|(_, own)| Some(i64::from(own.purchases))).collect()))
        .with("value", Values::Money(rows.iter().map(|(_, own)| known(own.value)).collect(), currency))
        .with("value_12m", Values::Money(rows.iter().map(|(_, own)| known(own.value_12_months)).collect(), currency))
        .with("first_order", Values::Date(rows.iter().map(|(_, own)| Some(own.first_order)).collect()))
        .with("last_purchase", Values::Date(rows.iter().map(|(_, own)| own.purchased.map(|(_, last)| last)).collect()))
}
