//! `clove metric`: one figure of the catalogue for any span, beside another span, broken down, over time. `clove metrics` lists them.

use clap::Args;
use clove_core::{Currency, Placements, Table, Values};
use clove_measure::kpi_comparison::Figure;
use clove_measure::metrics::catalogue::Measure;
use clove_measure::metrics::groups::{Membership, mark};
use clove_measure::metrics::names::{Language, name};
use clove_measure::metrics::query::{FigureBody, STANDARD_AGE, Shop};
use clove_measure::metrics::{Breakdown, METRICS, Metric, MetricAnswer, MetricOptions, QueryError, metric, query};
use clove_measure::period::{Compare, Interval};
use clove_measure::segment::Segmenter;
use serde_json::json;

use super::segment;
use crate::arguments::{FileArguments, OutputArguments, PeriodArguments};
use crate::output::{Answer, Shown, grouped_money, thousands};
use crate::{UsageError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct MetricArguments {
    /// The metric: net_sales, repeat_purchase_rate, historic_clv, ... (`clove metrics` lists them)
    metric: String,
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    period: PeriodArguments,
    /// Show the span of --from and --until beside the one before it, or the same dates a year before
    #[arg(long, value_name = "previous|year", requires = "from", help_heading = "Span")]
    compare: Option<Compare>,
    /// Show it over time, in steps of this length
    #[arg(long, value_name = "day|week|month|quarter|year", help_heading = "Span")]
    interval: Option<Interval>,
    /// Break it down: cohort, stage, order-kind, channel, country, first-product, or any column
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Only these customers: a ready-made segment (vip, at_risk, ...), a JSON file with a definition, or the definition itself
    #[arg(long, value_name = "SEGMENT")]
    segment: Option<String>,
    /// The age in days of lifetime values
    #[arg(long, default_value_t = STANDARD_AGE as u16, value_parser = clap::value_parser!(u16).range(0..=3_650))]
    age: u16,
    #[command(flatten)]
    output: OutputArguments,
}

/// How to list the catalogue.
#[derive(Debug, Args)]
pub struct MetricsArguments {
    #[command(flatten)]
    output: OutputArguments,
}

/// The metric of a name, written with hyphens or underscores.
fn found(name: &str) -> Result<&'static Metric, UsageError> {
    metric(&name.replace('-', "_").to_lowercase()).ok_or_else(|| {
        let known: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
        UsageError(format!("no metric '{name}'; there are: {}", known.join(", ")))
    })
}

/// Computes and prints one metric.
pub fn run(arguments: &MetricArguments) -> anyhow::Result<()> {
    let metric = found(&arguments.metric)?;
    let PeriodArguments { counting, from, until } = &arguments.period;
    let loaded = load::load(&arguments.files, counting)?;
    arguments.period.check(loaded.as_of)?;
    let ledger = loaded.ledger()?;
    let inside = match &arguments.segment {
        None => None,
        Some(segment) => {
            let segmenter = Segmenter::new(&ledger);
            let members = segment::members(&segmenter, &segment::definition(segment)?)?;
            Some(mark(&ledger, loaded.persons(), |index, _| members.inside[index]))
        }
    };
    let placements = Placements::new(&loaded.shop().orders, loaded.persons());
    let shop = Shop { data: loaded.shop(), persons: loaded.persons(), placements: &placements };
    let options = MetricOptions {
        as_of: loaded.as_of,
        basis: counting.basis,
        refund_date: counting.refund_date,
        from: *from,
        until: *until,
        compare: arguments.compare,
        by: arguments.by.as_deref().map(Breakdown::parse),
        interval: arguments.interval,
        age: i32::from(arguments.age),
        members: inside.as_deref().map_or(Membership::EVERYONE, Membership::of),
    };
    let answer = query(shop, metric, &options).map_err(|error| match error {
        QueryError::Table(id) => {
            let command = if matches!(id, "retention" | "ltv") { "cohorts" } else { id };
            UsageError(format!("{id} is a table, not one figure: `clove {command}` shows it"))
        }
        error => UsageError(error.to_string()),
    })?;
    let currency = shop.data.currency;
    Answer {
        json: serde_json::to_value(&answer)?,
        table: table(&answer, currency),
        text: Some(text(&answer, currency)),
    }
    .write(&arguments.output)
}

/// Lists the catalogue.
pub fn list(arguments: &MetricsArguments) -> anyhow::Result<()> {
    let texts =
        |of: &dyn Fn(&'static Metric) -> String| Values::Text(METRICS.iter().map(|one| Some(of(one))).collect());
    let kind = |metric: &Metric| match metric.measure {
        Measure::Span(_) => "span",
        Measure::State(_) => "state",
        Measure::Table => "table",
    };
    let table = Table::new()
        .with("metric", texts(&|metric| metric.id.to_owned()))
        .with("name", texts(&|metric| metric.title.to_owned()))
        .with("unit", texts(&|metric| metric.unit.name().to_owned()))
        .with("of", texts(&|metric| kind(metric).to_owned()))
        .with("formula", texts(&|metric| metric.formula.to_owned()));
    let json = METRICS
        .iter()
        .map(|metric| {
            let names = Language::ALL.into_iter().map(|language| (language.code(), name(metric.id, language)));
            let names: std::collections::BTreeMap<_, _> = names.chain([("en", Some(metric.title))]).collect();
            json!({
                "metric": metric.id, "names": names, "unit": metric.unit.name(), "kind": kind(metric),
                "definition": metric.definition, "formula": metric.formula, "population": metric.population,
                "has_basis": metric.has_basis,
            })
        })
        .collect();
    let text = format!(
        "{}\n`clove metric NAME FILES` computes one, `clove explain NAME FILES` says how",
        Shown::new(&table).drop_first(&["of", "formula", "unit"]).text()
    );
    Answer { json, table, text: Some(text) }.write(&arguments.output)
}

/// A figure for people.
fn shown(figure: Option<Figure>, unit: &str, currency: Currency) -> String {
    match figure {
        None => "-".to_owned(),
        Some(Figure::Count(count)) => thousands(count),
        Some(Figure::Money(amount)) => format!("{} {currency}", grouped_money(currency, amount.minor)),
        Some(Figure::Average(quotient)) => format!("{} {currency}", grouped_money(currency, quotient.rounded())),
        Some(Figure::Share(share)) => format!("{:.1} %", share * 100.0),
        Some(Figure::PerHead(days)) if unit == "days" => format!("{days:.1} days"),
        Some(Figure::PerHead(number)) => format!("{number:.2}"),
    }
}

/// A figure as it stands in files: plain digits, amounts in major units.
fn plain(figure: Option<Figure>) -> Option<String> {
    figure.map(|figure| match figure {
        Figure::Count(count) => count.to_string(),
        Figure::Money(amount) => amount.currency.format(amount.minor),
        Figure::Average(quotient) => quotient.text(),
        Figure::Share(value) | Figure::PerHead(value) => value.to_string(),
    })
}

fn text(answer: &MetricAnswer, currency: Currency) -> String {
    let value = |figure: &FigureBody| {
        let parts = figure.numerator.zip(figure.denominator).map_or_else(String::new, |(part, whole)| {
            let part = shown(Some(part), answer.unit, currency);
            format!("  ({part} / {})", shown(Some(whole), answer.unit, currency))
        });
        let small = if figure.small { "  small n" } else { "" };
        format!("{}{parts}{small}", shown(figure.value, answer.unit, currency))
    };
    let from = answer.from.as_deref().unwrap_or("the first order");
    let basis = answer.basis.map_or_else(String::new, |basis| format!(", basis {basis}"));
    let mut text = format!(
        "{}: {}\nFrom {from} to {}, as of {}{basis}, refunds on the day of {}\n",
        answer.title,
        value(&answer.figure),
        answer.until,
        answer.as_of,
        if answer.refund_date == "event" { "their payment" } else { "their order" },
    );
    if let Some(before) = &answer.comparison {
        let change = before.ratio.map_or_else(String::new, |ratio| format!(", {:+.1} %", (ratio - 1.0) * 100.0));
        text += &format!("{} to {}: {}{change}\n", before.from, before.until, value(&before.before));
        for note in &before.notes {
            text += &format!("Note: {note}.\n");
        }
    }
    if let Some(breakdown) = &answer.breakdown {
        let rows = breakdown.groups.iter().map(|one| (one.group.clone(), one.figure));
        text += &format!("\n{}\n", figures(&breakdown.by, rows, answer.unit, currency));
        if breakdown.groups_left_out > 0 {
            text += &format!("and {} more groups\n", breakdown.groups_left_out);
        }
        if let Some(note) = breakdown.note {
            text += &format!("Note: {note}.\n");
        }
    }
    if let Some(series) = &answer.series {
        let rows = series.steps.iter().map(|step| {
            let mark = if step.complete { "" } else { " (not whole)" };
            (format!("{}{mark}", step.start), step.figure)
        });
        text += &format!("\n{}\n", figures(series.interval, rows, answer.unit, currency));
    }
    text
}

fn figures(
    head: &str,
    rows: impl Iterator<Item = (String, FigureBody)> + Clone,
    unit: &str,
    currency: Currency,
) -> String {
    let table = Table::new()
        .with(head, Values::Text(rows.clone().map(|(name, _)| Some(name)).collect()))
        .with("value", Values::Text(rows.clone().map(|(_, one)| Some(shown(one.value, unit, currency))).collect()))
        .with("n", Values::Int(rows.clone().map(|(_, one)| Some(one.n as i64)).collect()))
        .with(
            "small_n",
            Values::Text(rows.map(|(_, one)| Some(if one.small { "yes" } else { "" }.to_owned())).collect()),
        );
    Shown::new(&table).most(60).drop_first(&["small_n"]).text()
}

/// One row per figure: the whole, the other span, the groups, the steps.
fn table(answer: &MetricAnswer, currency: Currency) -> Table {
    let mut rows: Vec<(&str, String, FigureBody)> = vec![("all", answer.until.clone(), answer.figure)];
    rows.extend(answer.comparison.iter().map(|other| (other.with, other.until.clone(), other.before)));
    let groups = answer.breakdown.iter().flat_map(|breakdown| &breakdown.groups);
    rows.extend(groups.map(|one| ("group", one.group.clone(), one.figure)));
    let steps = answer.series.iter().flat_map(|series| &series.steps);
    rows.extend(steps.map(|step| ("step", step.start.clone(), step.figure)));
    let texts = |of: &dyn Fn(&FigureBody) -> Option<Figure>| {
        Values::Text(rows.iter().map(|(.., figure)| plain(of(figure))).collect())
    };
    Table::new()
        .with("metric", Values::Text(rows.iter().map(|_| Some(answer.metric.to_owned())).collect()))
        .with("part", Values::Text(rows.iter().map(|(part, ..)| Some((*part).to_owned())).collect()))
        .with("name", Values::Text(rows.iter().map(|(_, name, _)| Some(name.clone())).collect()))
        .with("value", texts(&|figure| figure.value))
        .with("numerator", texts(&|figure| figure.numerator))
        .with("denominator", texts(&|figure| figure.denominator))
        .with("n", Values::Int(rows.iter().map(|(.., figure)| Some(figure.n as i64)).collect()))
        .with("unit", Values::Text(rows.iter().map(|_| Some(answer.unit.to_owned())).collect()))
        .with("currency", Values::Text(rows.iter().map(|_| Some(currency.code().to_owned())).collect()))
}
