//! `clove kpis`: the key figures of the shop, over its whole history or a span of days, also beside another span.

use clap::Args;
use clove_core::{Currency, RefundDate, Table, Values};
use clove_measure::explain::with_excluded;
use clove_measure::kpi_comparison::{Change, Comparison, Figure, compare};
use clove_measure::kpis::{KpiOptions, Kpis, kpis};
use clove_measure::period::{Compare, Span};

use super::answers::{amount, average, rate};
use crate::arguments::{FileArguments, OutputArguments, PeriodArguments};
use crate::output::{Answer, Shown, grouped_money, print_facts, thousands};
use crate::{UsageError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct KpisArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    period: PeriodArguments,
    /// Show the span of --from and --until beside the one before it, or the same dates a year before
    #[arg(long, value_name = "previous|year", requires = "from", help_heading = "Span")]
    compare: Option<Compare>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Computes and prints the key figures. Money of a span counts refunds on their own day, unless told otherwise.
pub fn run(arguments: &KpisArguments) -> anyhow::Result<()> {
    let PeriodArguments { counting, from, until } = &arguments.period;
    let loaded = load::load(&arguments.files, counting)?;
    arguments.period.check(loaded.as_of)?;
    let ledger = loaded.ledger()?;
    let refund_date = counting.refund_date.unwrap_or(RefundDate::Event);
    let answer = kpis(&ledger, &KpiOptions { from: *from, until: *until, refund_date });
    let comparison = match (arguments.compare, from) {
        (None, _) => None,
        (Some(_), None) => return Err(UsageError("--compare needs --from, the first day of the span".into()).into()),
        (Some(with), Some(from)) => {
            let span = Span { from: *from, until: until.unwrap_or(loaded.as_of) };
            Some(compare(&ledger, span, with, refund_date))
        }
    };
    let currency = ledger.currency();
    let mut text = facts(&answer, currency);
    if let Some(comparison) = &comparison {
        text = format!("{}\n{}", heading(&answer), side_by_side(comparison));
    }
    for note in answer.warnings.iter().chain(comparison.iter().flat_map(|comparison| &comparison.notes)) {
        text += &format!("Note: {note}.\n");
    }
    let mut json = with_excluded(&ledger, &answer)?;
    let table = figures_table(&json, comparison.as_ref());
    if let (Some(comparison), serde_json::Value::Object(object)) = (&comparison, &mut json) {
        object.insert("comparison".to_owned(), serde_json::to_value(comparison)?);
    }
    Answer { json, table, text: Some(text) }.write(&arguments.output)
}

fn heading(answer: &Kpis) -> String {
    let from = answer.from.as_deref().unwrap_or("From the first order");
    format!("{from} to {}, as of {}", answer.until, answer.as_of)
}

fn facts(answer: &Kpis, currency: Currency) -> String {
    let percent = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{:.1} %", value * 100.0));
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let mut facts = vec![
        ("Orders", thousands(answer.orders as i64)),
        ("Customers", thousands(answer.customers as i64)),
        ("  new", thousands(answer.new_customers as i64)),
        ("  identified", rate(&answer.identified_share)),
        ("Gross sales", amount(answer.gross_sales)),
        ("Discounts", amount(answer.discounts)),
        ("Returns", amount(answer.returns)),
        ("Net sales", amount(answer.net_sales)),
        ("Gross margin", amount(answer.gross_margin)),
        ("Cost of goods known for", percent(answer.cost_coverage.value)),
        ("Average order, placed", average(&answer.aov_placed, currency)),
        ("Average order, net", average(&answer.aov_net, currency)),
        ("Orders per customer", number(answer.transaction_frequency.value)),
        ("Discounted orders", rate(&answer.discount_share_orders)),
        ("Effective discount rate", percent(answer.effective_discount_rate.value)),
        ("Returned value", percent(answer.refund_rate_value.value)),
    ];
    if let Some(returning) = &answer.returning_customer_rate {
        facts.push(("Had ordered before", rate(returning)));
    }
    let whole_history = if answer.from.is_some() { "  (whole history)" } else { "" };
    facts.push(("Repeat purchase rate", rate(&answer.repeat_purchase_rate) + whole_history));
    facts.push(("Median gap in days", number(answer.gaps.median) + whole_history));
    format!("{}\n{}", heading(answer), print_facts(&facts))
}

/// The figures of both spans, line by line.
fn side_by_side(comparison: &Comparison) -> String {
    let rows = &comparison.figures;
    let column = |of: &dyn Fn(&Change) -> String| rows.iter().map(|(_, change)| Some(of(change))).collect();
    let shown = |figure: Option<Figure>| figure.map_or_else(|| "-".to_owned(), show);
    let ratio = |change: &Change| {
        change.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{:+.1} %", (ratio - 1.0) * 100.0))
    };
    let difference = |change: &Change| match change.difference {
        None => "-".to_owned(),
        // Two shares differ by percentage points.
        Some(Figure::Share(points)) => format!("{:+.1} points", points * 100.0),
        Some(figure) => {
            let text = show(figure);
            if text.starts_with('-') { text } else { format!("+{text}") }
        }
    };
    let table = Table::new()
        .with("figure", Values::Text(rows.iter().map(|(name, _)| Some(name.replace('_', " "))).collect()))
        .with(
            &format!("{} to {}", comparison.span_from, comparison.span_until),
            Values::Text(column(&|change| shown(change.value))),
        )
        .with(
            &format!("{} to {}", comparison.from, comparison.until),
            Values::Text(column(&|change| shown(change.before))),
        )
        .with("difference", Values::Text(column(&difference)))
        .with("change", Values::Text(column(&ratio)));
    Shown::new(&table).right(&[1, 2, 3, 4]).drop_first(&["difference"]).text() + "\n"
}

fn show(figure: Figure) -> String {
    match figure {
        Figure::Count(count) => thousands(count),
        Figure::Money(amount) => grouped_money(amount.currency, amount.minor),
        Figure::Average(quotient) => grouped_money(quotient.currency(), quotient.rounded()),
        Figure::Share(share) => format!("{:.1} %", share * 100.0),
        Figure::PerHead(value) => format!("{value:.2}"),
    }
}

/// One row per figure for machines: the plain value as JSON has it, empty where there is none.
fn figures_table(answer: &serde_json::Value, comparison: Option<&Comparison>) -> Table {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (name, figure) in answer.as_object().into_iter().flatten() {
        // Lists and nested answers have commands of their own.
        if plain_value(figure).is_array() || plain_value(figure).is_object() {
            continue;
        }
        names.push(Some(name.clone()));
        values.push(plain(figure));
    }
    let table = |names, values| Table::new().with("figure", Values::Text(names)).with("value", Values::Text(values));
    let Some(comparison) = comparison else { return table(names, values) };
    let changes: Vec<Option<&Change>> = names
        .iter()
        .flatten()
        .map(|name| comparison.figures.iter().find(|(known, _)| known == name).map(|(_, change)| change))
        .collect();
    let column = |of: fn(&Change) -> serde_json::Value| {
        Values::Text(changes.iter().map(|change| change.and_then(|change| plain(&of(change)))).collect())
    };
    // The repeat purchase rate of a span is that of its last day: both columns are of the comparison where there is one.
    let compared = column(|change| serde_json::json!(change.value));
    if let Values::Text(compared) = compared {
        for (value, compared) in values.iter_mut().zip(compared) {
            *value = compared.or(value.take());
        }
    }
    table(names, values)
        .with("before", column(|change| serde_json::json!(change.before)))
        .with("difference", column(|change| serde_json::json!(change.difference)))
        .with("ratio", column(|change| serde_json::json!(change.ratio)))
}

/// A figure's value, where it comes with its parts.
fn plain_value(figure: &serde_json::Value) -> &serde_json::Value {
    figure.get("value").unwrap_or(figure)
}

/// A figure as text, if it has a value.
fn plain(figure: &serde_json::Value) -> Option<String> {
    match plain_value(figure) {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
