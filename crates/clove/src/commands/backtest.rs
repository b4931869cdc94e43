//! `clove backtest`: hide the last part of the history, predict it, compare.

use clap::Args;
use clove_core::{Day, Table, Values};
use clove_measure::backtest::{Backtest, BacktestError, ModelScore, backtest};
use clove_models::accuracy::Accuracy;
use serde_json::{Value, json};

use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::output::{Answer, terminal_table, thousands};
use crate::{DataError, UsageError, load};

/// Probability that the interval of the total covers.
const LEVEL: f64 = 0.8;
/// The last row of the table by frequency holds this many or more.
const LAST_FREQUENCY: u32 = 7;

/// What to hide.
#[derive(Debug, Args)]
pub struct BacktestArguments {
    #[command(flatten)]
    files: FileArguments,
    /// Fit on purchases up to and including this day [default: leaves the last third of the history hidden]
    #[arg(long, value_name = "DATE")]
    calibrate_until: Option<Day>,
    /// Compare with purchases up to this day [default: the last date in the files]
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    #[command(flatten)]
    counting: CountingArguments,
    /// Also draw actual against expected, by frequency and over time
    #[arg(long)]
    plots: bool,
    #[command(flatten)]
    output: OutputArguments,
}

/// Runs the back-test.
pub fn run(arguments: &BacktestArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let until = arguments.until.unwrap_or(loaded.as_of);
    let calibrate_until = match arguments.calibrate_until {
        Some(day) => day,
        None => last_third(loaded.shop().orders.day.iter().copied().min().unwrap_or(until), until)?,
    };
    let report =
        backtest(loaded.shop(), loaded.persons(), calibrate_until, until, LEVEL).map_err(|error| match error {
            BacktestError::NoHoldout { .. } => anyhow::Error::from(UsageError(error.to_string())),
            error => DataError(error.to_string()).into(),
        })?;
    Answer { json: json(&report), table: models_table(&report), text: Some(text(&report, arguments.plots)) }
        .write(&arguments.output)
}

/// The day after which the last third of the history lies.
fn last_third(first: Day, until: Day) -> anyhow::Result<Day> {
    if first > until {
        return Err(UsageError(format!("the first order is of {first}, after the end of the test on {until}")).into());
    }
    let hidden = until.since(first) / 3;
    if hidden == 0 {
        let span = if first == until { format!("on {first}") } else { format!("from {first} to {until}") };
        return Err(DataError(format!(
            "all orders are {span}: too short a history to hide its last third and predict it; a back-test needs months"
        ))
        .into());
    }
    Ok(Day(until.0 - hidden))
}

fn models_table(report: &Backtest) -> Table {
    let float =
        |of: fn(&ModelScore) -> Option<f64>, decimals| Values::Float(report.models.iter().map(of).collect(), decimals);
    Table::new()
        .with("model", Values::Text(report.models.iter().map(|score| Some(score.model.to_owned())).collect()))
        .with("mae", float(|score| Some(score.accuracy.mae), 4))
        .with("rmse", float(|score| Some(score.accuracy.rmse), 4))
        .with("bias_percent", float(|score| score.accuracy.bias_percent, 1))
        .with("spearman", float(|score| score.accuracy.spearman, 3))
        .with("top10_capture", float(|score| score.accuracy.top10_capture, 3))
        .with("chosen", Values::Bool(report.models.iter().map(|score| Some(score.model == report.chosen)).collect()))
}

fn json(report: &Backtest) -> Value {
    let accuracy = |name: &str, accuracy: &Accuracy| {
        json!({
            "model": name,
            "mae": accuracy.mae,
            "rmse": accuracy.rmse,
            "bias_percent": accuracy.bias_percent,
            "spearman": accuracy.spearman,
            "top10_capture": accuracy.top10_capture,
        })
    };
    let models: Vec<Value> = report.models.iter().map(|score| accuracy(score.model, &score.accuracy)).collect();
    let windows: Vec<Value> = report
        .windows
        .iter()
        .map(|window| {
            let scores: Vec<Value> =
                window.scores.iter().map(|score| accuracy(score.kind.name(), &score.accuracy)).collect();
            json!({
                "calibrate_until": Day(window.window.origin).to_string(),
                "until": Day(window.window.until()).to_string(),
                "purchases": window.purchases,
                "models": scores,
            })
        })
        .collect();
    let by_frequency: Vec<Value> = report
        .by_frequency
        .iter()
        .map(|row| json!({"frequency": row.frequency, "customers": row.customers, "actual": row.actual, "expected": row.expected}))
        .collect();
    let tracking: Vec<Value> = report
        .tracking
        .iter()
        .map(|step| {
            json!({
                "day": step.day.to_string(),
                "actual": step.actual,
                "expected": step.expected,
                "cumulative_actual": step.cumulative_actual,
                "cumulative_expected": step.cumulative_expected,
            })
        })
        .collect();
    let interval = &report.total_interval;
    json!({
        "calibrate_until": report.calibrate_until.to_string(),
        "until": report.until.to_string(),
        "customers": report.customers,
        "holdout_purchases": report.holdout_purchases,
        "models": models,
        "chosen": report.chosen,
        "reason": report.reason,
        "gate": {"open": report.too_few.is_none(), "reason": report.too_few},
        "shares": report.shares.iter().map(|(name, share)| json!({"model": name, "share": share})).collect::<Vec<_>>(),
        "sampled": report.sampled,
        "pit_ks": report.pit_ks,
        "total_interval": {
            "level": interval.level,
            "expected": interval.expected,
            "low": interval.low,
            "high": interval.high,
            "covers": (interval.low..=interval.high).contains(&report.holdout_purchases),
        },
        "windows": windows,
        "by_frequency": by_frequency,
        "tracking": tracking,
    })
}

fn text(report: &Backtest, plots: bool) -> String {
    let interval = &report.total_interval;
    let mut text = format!(
        "{} customers known on {}; they bought {} times until {}.\n{}\n\nChosen before looking at that: {} ({}).\n\
         Expected purchases {:.0}, {:.0} % interval {:.0} to {:.0}.\n",
        thousands(report.customers as i64),
        report.calibrate_until,
        thousands(report.holdout_purchases as i64),
        report.until,
        terminal_table(&models_table(report), usize::MAX),
        report.chosen,
        report.reason,
        interval.expected,
        interval.level * 100.0,
        interval.low,
        interval.high,
    );
    if let Some(too_few) = &report.too_few {
        text += &format!(
            "\nThat choice means little ({too_few}). On that day `clove clv` would have given every customer the average.\n"
        );
    }
    if plots {
        text += &plot_by_frequency(report);
        text += &plot_tracking(report);
    }
    text
}

/// Bars of actual and expected purchases side by side.
fn plot_by_frequency(report: &Backtest) -> String {
    let mut text = String::from("\nPurchases per customer, by repeat purchases before (A actual, E expected)\n");
    let most = report.by_frequency.iter().map(|row| row.actual.max(row.expected)).fold(0.0, f64::max);
    for row in &report.by_frequency {
        let name =
            if row.frequency == LAST_FREQUENCY { format!("{}+", row.frequency) } else { row.frequency.to_string() };
        text += &format!("{name:>3} A {} {:.2}\n", bar(row.actual, most), row.actual);
        text += &format!(
            "    E {} {:.2}   n = {}\n",
            bar(row.expected, most),
            row.expected,
            thousands(row.customers as i64)
        );
    }
    text
}

fn plot_tracking(report: &Backtest) -> String {
    let mut text = String::from("\nPurchases per step and in total (A actual, E expected)\n");
    let most = report.tracking.iter().map(|step| step.actual.max(step.expected)).fold(0.0, f64::max);
    for step in &report.tracking {
        text += &format!(
            "{} A {} {:>7.0}   total {:>9.0}\n           E {} {:>7.0}   total {:>9.0}\n",
            step.day,
            bar(step.actual, most),
            step.actual,
            step.cumulative_actual,
            bar(step.expected, most),
            step.expected,
            step.cumulative_expected,
        );
    }
    text
}

fn bar(value: f64, most: f64) -> String {
    const WIDTH: f64 = 48.0;
    let length = if most > 0.0 { (value / most * WIDTH).round() as usize } else { 0 };
    format!("{:<48}", "█".repeat(length))
}
