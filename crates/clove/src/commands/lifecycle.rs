//! `clove lifecycle`: active, at risk, lapsed; new, returning, resurrected, dormant.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::explain::with_excluded;
use clove_measure::lifecycle::{FlowPeriod, Lifecycle, StageThresholds, lifecycle};
use clove_measure::period::Interval;

use super::answers::{column, no_buyers, rate};
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, Shown, print_facts};

/// What to compute.
#[derive(Debug, Args)]
pub struct LifecycleArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// Length of the periods of the flow
    #[arg(long, default_value = "month", value_name = "day|week|month|quarter|year")]
    period: Interval,
    /// Days over which churn is told, up to the as-of
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..))]
    churn_days: u16,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes and prints stages, churn and flow. CSV and Parquet hold the flow.
pub fn run(arguments: &LifecycleArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let answer =
        lifecycle(loaded.shop(), loaded.persons(), loaded.as_of, arguments.period, i32::from(arguments.churn_days));
    if answer.stages.values().all(|rate| rate.denominator == 0) {
        return Err(no_buyers(&ledger).into());
    }
    let table = flow(&answer.flow);
    let text = text(&answer, &table);
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn text(answer: &Lifecycle, table: &Table) -> String {
    let thresholds = |one: &StageThresholds| {
        let origin =
            if one.own { format!("from {} gaps", one.gaps) } else { "too few gaps, the usual ones".to_owned() };
        format!("active up to {} days, at risk up to {} ({origin})", one.active_days, one.at_risk_days)
    };
    let stage = |name: &str| answer.stages.get(name).map_or_else(|| "-".to_owned(), rate);
    let facts = print_facts(&[
        ("As of", answer.as_of.clone()),
        ("After the first purchase", thresholds(&answer.thresholds.after_first)),
        ("After later ones", thresholds(&answer.thresholds.after_later)),
        ("Active", stage("active")),
        ("At risk", stage("at_risk")),
        ("Lapsed", stage("lapsed")),
        ("Churn", format!("{}, {} to {}", rate(&answer.churn.rate), answer.churn.start, answer.churn.end)),
        ("No purchase in 12 months", rate(&answer.no_purchase_in_12_months)),
        ("Loyalty rate", rate(&answer.loyalty_rate)),
    ]);
    format!("{facts}\n{}", Shown::new(table).most(60).drop_first(&["complete"]).text())
}

fn flow(periods: &[FlowPeriod]) -> Table {
    Table::new()
        .with("start", Values::Text(periods.iter().map(|period| Some(period.start.clone())).collect()))
        .with("complete", Values::Bool(periods.iter().map(|period| Some(period.complete)).collect()))
        .with("active", column(periods, |period| Some(period.active as i64)))
        .with("new", column(periods, |period| Some(period.new as i64)))
        .with("returning", column(periods, |period| Some(period.returning as i64)))
        .with("resurrected", column(periods, |period| Some(period.resurrected as i64)))
        .with("dormant", column(periods, |period| Some(period.dormant as i64)))
}
