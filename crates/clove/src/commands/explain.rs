//! `clove explain`: what a number means, the SQL that computes it, and why other software shows another.

use clap::Args;
use clove_core::{RefundDate, Table};
use clove_measure::explain::{ExplainOptions, Explanation, explain};
use clove_measure::metrics::{METRICS, metric};
use serde_json::{Value, json};

use super::cluster::{OnCluster, usage};
use crate::arguments::{FileArguments, OutputArguments, PeriodArguments};
use crate::output::{Answer, Shown, table_rows};
use crate::{UsageError, load};

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The metric: ltv (or ltv90 for one age), net_sales, repeat_purchase_rate, ... (an unknown name lists them all)
    metric: String,
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    period: PeriodArguments,
    /// Ages in days, for lifetime values
    #[arg(long, default_value = "0,30,60,90,180,365", value_name = "DAYS", value_delimiter = ',')]
    ages: Vec<u16>,
    /// How many sample orders to show
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(0..=1_000))]
    rows: u16,
    #[command(flatten)]
    cluster: OnCluster,
    #[command(flatten)]
    output: OutputArguments,
}

/// Explains one metric.
pub fn run(arguments: &ExplainArguments) -> anyhow::Result<()> {
    let (name, age) = split_age(&arguments.metric);
    let Some(metric) = metric(&name) else {
        let known: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
        return Err(UsageError(format!("no metric '{}'; there are: {}", arguments.metric, known.join(", "))).into());
    };
    let PeriodArguments { counting, from, until } = &arguments.period;
    let loaded = load::load(&arguments.files, counting)?;
    arguments.period.check(loaded.as_of)?;
    let ledger = loaded.ledger()?;
    let mut lake = arguments.cluster.lake()?;
    lake.register_shop(loaded.shop(), loaded.persons(), loaded.as_of).map_err(usage)?;
    let options = ExplainOptions {
        basis: counting.basis,
        refund_date: counting.refund_date.unwrap_or(RefundDate::Order),
        from: *from,
        until: *until,
        ages: age.map_or_else(|| arguments.ages.clone(), |age| vec![age]).into_iter().map(i32::from).collect(),
        minimum_support: 1,
        sample_rows: usize::from(arguments.rows),
        raw: load::raw_figures(&arguments.files, loaded.shop().currency)?,
    };
    let explanation = explain(&lake, &ledger, metric, &options)?;
    let mut json = serde_json::to_value(&explanation)?;
    if let Value::Object(object) = &mut json {
        object.insert("rows".into(), table_rows(&explanation.rows));
        object.insert("samples".into(), table_rows(&explanation.samples));
        object.insert("rows_unit".into(), json!("amounts are whole minor units"));
    }
    let text = text(&explanation);
    Answer { json, table: explanation.rows, text: Some(text) }.write(&arguments.output)
}

/// The metric's id, and the age in names such as `ltv90`.
fn split_age(name: &str) -> (String, Option<u16>) {
    let name = name.replace('-', "_").to_lowercase();
    match name.strip_prefix("ltv").map(|age| age.trim_start_matches('_').parse()) {
        Some(Ok(age)) => ("ltv".to_owned(), Some(age)),
        _ => (name, None),
    }
}

fn text(explanation: &Explanation) -> String {
    let mut text = format!(
        "{}\n{}\n\nFormula     {}\nCounted     {}\nAs of       {}\nRefunds     by {} date\n",
        explanation.title,
        explanation.definition,
        explanation.formula,
        explanation.population,
        explanation.as_of,
        explanation.refund_date
    );
    if let Some(basis) = explanation.basis {
        text += &format!("Basis       {basis}\n");
    }
    text += "\nLeft out\n";
    if explanation.excluded.is_empty() {
        text += "  nothing\n";
    }
    for one in &explanation.excluded {
        let currency = one.placed.currency;
        text += &format!("  {}: {} orders, {} {currency}\n", one.reason, one.orders, currency.format(one.placed.minor));
    }
    text += &format!("\nWhy Shopify's figure can differ\n  {}\n", explanation.why_shopify_differs);
    text += "\nValue per customer under other definitions\n";
    for one in &explanation.definitions_compared {
        let value = one.value.value.map_or_else(|| "-".to_owned(), clove_measure::answer::Quotient::text);
        text += &format!("  {value} {}: {}\n", explanation.currency, one.how);
    }
    if let Some(sql) = &explanation.sql {
        text += &format!("\nSQL (amounts are minor units; run it with `clove sql`)\n{sql}\n");
    }
    text += &format!(
        "\n{}\n\nSample orders\n{}",
        Shown::new(&explanation.rows).most(30).plain().text(),
        Shown::new(&narrow(&explanation.samples))
            .most(30)
            .plain()
            .drop_first(&["cohort_month", "age_days", "placed"])
            .text()
    );
    text
}

/// The sample's columns that fit a terminal; JSON holds all of them.
fn narrow(samples: &Table) -> Table {
    let shown =
        ["order_id", "customer", "local_date", "cohort_month", "age_days", "placed", "returned", "net", "is_purchase"];
    let columns = samples.columns.iter().filter(|column| shown.contains(&column.name.as_str()));
    Table { columns: columns.cloned().collect() }
}
