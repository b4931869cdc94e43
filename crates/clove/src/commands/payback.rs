//! `clove payback`: what a new customer costs, and when it is earned back.

use clap::Args;
use clove_core::{Basis, Currency, RefundDate, Table, Values};
use clove_measure::answer::MoneyPer;
use clove_measure::explain::with_excluded;
use clove_measure::ledger::Ledger;
use clove_measure::payback::{Payback, PaybackRow, payback};

use super::answers::{amounts, column, texts};
use crate::arguments::{FileArguments, OutputArguments};
use crate::output::{Answer, Shown};
use crate::{DataError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct PaybackArguments {
    #[command(flatten)]
    files: FileArguments,
    /// Count what happened up to the end of this day [default: the last date in the files]
    #[arg(long, value_name = "DATE")]
    as_of: Option<clove_core::Day>,
    /// On which value cost is earned back [default: contribution where costs of goods are known, else net]
    #[arg(long)]
    basis: Option<Basis>,
    /// When a refund counts: on the day of its order, or on its own
    #[arg(long, default_value = "order", value_name = "order|event")]
    refund_date: RefundDate,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes and prints cost per customer and payback, by month and by channel.
pub fn run(arguments: &PaybackArguments) -> anyhow::Result<()> {
    let counting = crate::arguments::CountingArguments {
        as_of: arguments.as_of,
        basis: arguments.basis.unwrap_or_default(),
        refund_date: Some(arguments.refund_date),
    };
    let loaded = load::load(&arguments.files, &counting)?;
    if loaded.shop().spend.is_empty() {
        return Err(DataError(
            "payback needs what was spent: add --spend FILE (date or month, channel, amount)".into(),
        )
        .into());
    }
    let ledger = loaded.ledger()?;
    let has_costs = (0..loaded.shop().orders.len()).any(|order| loaded.shop().orders.cost_of(order).is_some());
    let basis = arguments.basis.unwrap_or(if has_costs { Basis::Contribution } else { Basis::Net });
    let answer = payback(&ledger, basis, arguments.refund_date);
    let rows: Vec<&PaybackRow> = answer
        .months
        .iter()
        .chain(&answer.channels)
        .chain(&answer.months_and_channels)
        .chain(std::iter::once(&answer.total))
        .collect();
    let table = table(&rows, ledger.currency());
    let text = text(&answer, &ledger);
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn text(answer: &Payback, ledger: &Ledger<'_>) -> String {
    let mut text = format!("Cost per new customer and payback on {} value, as of {}\n", answer.basis, answer.as_of);
    if let Some(note) = &answer.basis_note {
        text += &format!("Note: {note}.\n");
    }
    let months: Vec<&PaybackRow> = answer.months.iter().chain(std::iter::once(&answer.total)).collect();
    let months = table(&months, ledger.currency());
    text += &shown(&without(&months, "channel"));
    if !answer.channels.is_empty() {
        let channels: Vec<&PaybackRow> = answer.channels.iter().collect();
        text += &format!("\n\n{}", shown(&without(&table(&channels, ledger.currency()), "month")));
    }
    text
}

fn shown(table: &Table) -> String {
    Shown::new(table).most(60).drop_first(&["paid_customers", "media", "paid_cac", "roi", "cost", "value"]).text()
}

fn without(table: &Table, name: &str) -> Table {
    Table { columns: table.columns.iter().filter(|column| column.name != name).cloned().collect() }
}

fn table(rows: &[&PaybackRow], currency: Currency) -> Table {
    let float = |of: fn(&PaybackRow) -> Option<f64>, decimals| {
        Values::Float(rows.iter().map(|row| of(row)).collect(), decimals)
    };
    Table::new()
        .with(
            "month",
            texts(rows, |row| row.month.clone().or_else(|| row.channel.is_none().then(|| "total".to_owned()))),
        )
        .with("channel", texts(rows, |row| row.channel.clone()))
        .with("new_customers", column(rows, |row| Some(row.new_customers as i64)))
        .with("paid_customers", column(rows, |row| row.paid_customers.map(|count| count as i64)))
        .with("media", amounts(rows, currency, |row| Some(row.media.minor)))
        .with("cost", amounts(rows, currency, |row| Some(row.cost.minor)))
        .with("paid_cac", float(|row| row.paid_cac.as_ref().and_then(MoneyPer::as_f64), 2))
        .with("blended_cac", float(|row| row.blended_cac.as_f64(), 2))
        .with("value", amounts(rows, currency, |row| row.value.map(|value| value.minor)))
        .with("roi", Values::Share(rows.iter().map(|row| row.roi).collect()))
        .with("payback_days", float(|row| row.payback_days, 1))
}
