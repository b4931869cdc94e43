//! `clove repeat`: who buys again, and how soon.

use clap::Args;
use clove_core::{Table, Values};
use clove_measure::explain::with_excluded;
use clove_measure::repeat::{Repeat, repeat};
use clove_measure::survival::Survival;

use super::answers::rate;
use crate::arguments::{FileArguments, OutputArguments, PeriodArguments};
use crate::load;
use crate::output::{Answer, print_facts};

/// What to compute.
#[derive(Debug, Args)]
pub struct RepeatArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    period: PeriodArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes and prints rates and gaps. CSV and Parquet hold the curves of the time to the next purchase.
pub fn run(arguments: &RepeatArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.period.counting)?;
    arguments.period.check(loaded.as_of)?;
    let ledger = loaded.ledger()?;
    let answer = repeat(&ledger, arguments.period.from, arguments.period.until);
    let days = |days: Option<f64>| days.map_or_else(|| "-".to_owned(), |days| format!("{days:.0} days"));
    let within = |survival: &Survival, days| format!("{:.1} %", survival.returned_within(days) * 100.0);
    let text = print_facts(&[
        ("As of", answer.as_of.clone()),
        ("Identified customers", rate(&answer.identified_share)),
        ("Repeat purchase rate", rate(&answer.repeat_purchase_rate)),
        ("Buy again in 180 days", rate(&answer.buys_again)),
        (
            "Returning customer rate",
            format!(
                "{}, {} to {}",
                rate(&answer.returning_customer_rate),
                answer.returning_from,
                answer.returning_until
            ),
        ),
        ("Median gap", days(answer.gaps.median)),
        ("Middle half of gaps", format!("{} to {}", days(answer.gaps.p25), days(answer.gaps.p75))),
        ("Second purchase in 90 days", within(&answer.first_to_second, 90)),
        ("Next purchase in 90 days", within(&answer.later, 90)),
    ]);
    Answer { json: with_excluded(&ledger, &answer)?, table: curves(&answer), text: Some(text) }.write(&arguments.output)
}

fn curves(answer: &Repeat) -> Table {
    let curves = [("first_to_second", &answer.first_to_second), ("later", &answer.later)];
    let rows: Vec<_> =
        curves.iter().flat_map(|(name, curve)| curve.steps.iter().map(move |step| (*name, step))).collect();
    Table::new()
        .with("curve", Values::Text(rows.iter().map(|row| Some(row.0.to_owned())).collect()))
        .with("days", Values::Int(rows.iter().map(|row| Some(i64::from(row.1.days))).collect()))
        .with("at_risk", Values::Int(rows.iter().map(|row| Some(row.1.at_risk as i64)).collect()))
        .with("completed", Values::Int(rows.iter().map(|row| Some(row.1.completed as i64)).collect()))
        .with("waiting", Values::Share(rows.iter().map(|row| Some(row.1.waiting)).collect()))
}
