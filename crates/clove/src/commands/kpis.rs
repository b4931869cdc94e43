//! `clove kpis`: the key figures of the shop, over its whole history or a span of days.

use clap::Args;
use clove_core::{Day, RefundDate, Table, Values};
use clove_measure::kpis::{KpiOptions, kpis};
use clove_measure::ledger::Ledger;

use super::answers::{amount, average, rate, with_excluded};
use crate::arguments::{CountingArguments, FileArguments, OutputArguments};
use crate::load;
use crate::output::{Answer, print_facts, thousands};

/// What to compute.
#[derive(Debug, Args)]
pub struct KpisArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// First day of the orders that are summed [default: the first order]
    #[arg(long, value_name = "DATE")]
    from: Option<Day>,
    /// Last day of the orders that are summed [default: the as-of]
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes and prints the key figures. Money of a span counts refunds on their own day, unless told otherwise.
pub fn run(arguments: &KpisArguments) -> anyhow::Result<()> {
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = Ledger::new(loaded.shop(), loaded.persons(), loaded.as_of);
    let options = KpiOptions {
        from: arguments.from,
        until: arguments.until,
        refund_date: arguments.counting.refund_date.unwrap_or(RefundDate::Event),
    };
    let answer = kpis(&ledger, &options);
    let currency = ledger.currency();
    let percent = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{:.1} %", value * 100.0));
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let from = answer.from.clone().unwrap_or_else(|| "the first order".to_owned());
    let facts = [
        ("Orders", thousands(answer.orders as i64)),
        ("Customers", thousands(answer.customers as i64)),
        ("Identified", rate(&answer.identified_share)),
        ("Gross sales", amount(answer.gross_sales)),
        ("Discounts", amount(answer.discounts)),
        ("Returns", amount(answer.returns)),
        ("Net sales", amount(answer.net_sales)),
        ("Gross margin", answer.gross_margin.map_or_else(|| "-".to_owned(), amount)),
        ("Cost of goods known for", percent(answer.cost_coverage.value)),
        ("Average order, placed", average(&answer.aov_placed, currency)),
        ("Average order, net", average(&answer.aov_net, currency)),
        ("Orders per customer", number(answer.transaction_frequency.value)),
        ("Repeat purchase rate", rate(&answer.repeat_purchase_rate)),
        ("Median gap in days", number(answer.gaps.median)),
        ("Discounted orders", rate(&answer.discount_share_orders)),
        ("Effective discount rate", percent(answer.effective_discount_rate.value)),
        ("Returned value", percent(answer.refund_rate_value.value)),
    ];
    let mut text = format!("{from} to {}, as of {}\n{}", answer.until, answer.as_of, print_facts(&facts));
    for warning in &answer.warnings {
        text += &format!("Note: {warning}.\n");
    }
    let json = with_excluded(&ledger, &answer)?;
    let table = figures_table(&json);
    Answer { json, table, text: Some(text) }.write(&arguments.output)
}

/// One row per figure for machines: the plain value as JSON has it, empty where there is none.
fn figures_table(answer: &serde_json::Value) -> Table {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (name, figure) in answer.as_object().into_iter().flatten() {
        let value = figure.get("value").unwrap_or(figure);
        let text = match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            // Lists and nested answers have commands of their own.
            _ => continue,
        };
        names.push(Some(name.clone()));
        values.push(text);
    }
    Table::new().with("figure", Values::Text(names)).with("value", Values::Text(values))
}
