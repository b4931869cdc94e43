//! `clove segments`: the eight named segments, and why one-time customers came once.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::answer::MoneyPer;
use clove_measure::explain::with_excluded;
use clove_measure::ledger::Ledger;
use clove_measure::segments::{Segment, Segments, segments};

use super::answers::{no_buyers, rate};
use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::load;
use crate::output::{Answer, Shown, thousands};

/// What to compute.
#[derive(Debug, Args)]
pub struct SegmentsArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Finds and prints the segments. CSV and Parquet hold one row per customer.
pub fn run(arguments: &SegmentsArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let answer = segments(&ledger);
    if answer.n == 0 {
        return Err(no_buyers(&ledger).into());
    }
    let table = match arguments.output.format {
        Format::Table => summary(&answer, &ledger),
        _ => members(&answer, &ledger),
    };
    let mut text = format!(
        "{} identified customers with a purchase, as of {}; segments overlap\n{}\n\nOne-time customers who lapsed, by why they came:",
        thousands(answer.n as i64),
        answer.as_of,
        Shown::new(&table).drop_first(&["value_per_customer", "share", "value"]).text()
    );
    for one in &answer.one_time {
        text += &format!(
            "\n  {}: {}; of such first purchases {} led to a second",
            one.why,
            rate(&one.share),
            rate(&one.second_purchase_rate)
        );
    }
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn summary(answer: &Segments, ledger: &Ledger<'_>) -> Table {
    let rows = answer.segments.iter();
    let currency = ledger.currency();
    let average =
        |one: &clove_measure::segments::SegmentAnswer| one.value_per_customer.as_ref().and_then(MoneyPer::rounded);
    Table::new()
        .with("segment", Values::Text(rows.clone().map(|one| Some(one.segment.to_owned())).collect()))
        .with("customers", Values::Int(rows.clone().map(|one| one.share.map(|share| share.numerator as i64)).collect()))
        .with("share", Values::Share(rows.clone().map(|one| one.share.and_then(|share| share.value)).collect()))
        .with("value", Values::Money(rows.clone().map(|one| one.value.map(|value| value.minor)).collect(), currency))
        .with("value_per_customer", Values::Money(rows.clone().map(average).collect(), currency))
        .with("rule", Values::Text(rows.map(|one| Some(one.rule.clone())).collect()))
}

fn members(answer: &Segments, ledger: &Ledger<'_>) -> Table {
    let rows = answer.members.iter();
    let currency = ledger.currency();
    let known = |amount| ledger.shop().has_amounts.then_some(amount);
    let available = |name: &str| answer.segments.iter().any(|one| one.segment == name && one.available);
    let mut table = Table::new()
        .with("customer_id", Values::Text(rows.clone().map(|one| Some(one.customer.clone())).collect()))
        .with("stage", Values::Text(rows.clone().map(|one| Some(one.stage.name().to_owned())).collect()))
        .with("value", Values::Money(rows.clone().map(|one| known(one.net)).collect(), currency))
        .with("value_24m", Values::Money(rows.clone().map(|one| known(one.net_24_months)).collect(), currency));
    for segment in Segment::ALL.into_iter().filter(|&segment| segment != Segment::CartAbandoner) {
        let is_available = available(segment.name());
        let inside = rows.clone().map(|one| is_available.then(|| one.segments.contains(&segment))).collect();
        table = table.with(segment.name(), Values::Bool(inside));
    }
    table
}
