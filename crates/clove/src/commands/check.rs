//! `clove check`: what a file holds, how it was understood, what is left out.

use std::path::PathBuf;

use clap::Args;
use clove_core::{Table, Values};
use clove_people::IdentityOptions;
use serde_json::{Map, Value, json};

use crate::arguments::{FileArguments, OutputArguments};
use crate::output::{Answer, grouped_money, money, note, print_facts, terminal_table, thousands};
use crate::{UsageError, load, output};

/// What to check.
#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    files: FileArguments,
    /// Write the mapping that was guessed, to be edited and given to --map
    #[arg(long, value_name = "FILE")]
    write_map: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

/// Characters of a sample that are shown.
const SAMPLE: usize = 20;

/// The beginning of a long sample.
fn shortened(sample: &str) -> String {
    match sample.char_indices().nth(SAMPLE) {
        Some((end, _)) => format!("{}…", &sample[..end]),
        None => sample.to_owned(),
    }
}

/// Reads the files and reports.
pub fn run(arguments: &CheckArguments) -> anyhow::Result<()> {
    if let Some(data) = &arguments.files.data {
        let detail = format!("`clove check` looks at files; `clove doctor --data {data}` looks at a server's data");
        return Err(UsageError(detail).into());
    }
    let import = load::read(&arguments.files)?;
    if let Some(path) = &arguments.write_map {
        output::write_file(path, |writer| Ok(writer.write_all(import.to_mapping().to_toml().as_bytes())?))?;
        note(&format!("mapping written to {}; edit it and pass --map {}", path.display(), path.display()));
    }
    let identity = clove_people::resolve(&import.shop.orders, &IdentityOptions::default());
    let health = clove_measure::health::health(&import.shop, &identity.persons);
    let shop = &import.shop;
    let currency = shop.currency;
    let known = |amount: clove_core::Minor| shop.has_amounts.then_some(amount);
    let tally = |tally: &clove_core::Tally| json!({"count": tally.count, "amount": known(tally.amount).map(|amount| currency.format(amount))});
    let mut excluded = Map::new();
    for (reason, sum) in &health.excluded {
        excluded.insert((*reason).to_owned(), tally(sum));
    }
    let left_out: Map<String, Value> =
        shop.health.rows_left_out.iter().map(|(reason, sum)| ((*reason).to_owned(), tally(sum))).collect();
    let mapping: Vec<Value> = import
        .mapping
        .iter()
        .map(|column| {
            json!({
                "file": column.file, "table": column.table, "column": column.column,
                "field": column.field, "how": column.how, "sample": column.sample,
            })
        })
        .collect();
    let json = json!({
        "format": import.format.to_string(),
        "mapping": mapping,
        "unmapped": import.unmapped,
        "rows": shop.health.rows,
        "orders": health.orders,
        "customers": health.customers,
        "identified_customers": health.identified,
        "guests": health.customers - health.identified,
        "currency": currency.code(),
        "first_day": health.first_day.map(|day| day.to_string()),
        "last_day": health.last_day.map(|day| day.to_string()),
        "gross": known(health.gross).map(|amount| money(currency, amount)),
        "discounts": known(health.discounts).map(|amount| money(currency, amount)),
        "returns": known(health.returns).map(|amount| money(currency, amount)),
        "net": known(health.net).map(|amount| money(currency, amount)),
        "excluded": excluded,
        "rows_left_out": left_out,
        "rejected": shop.health.rejected,
        "merges": identity.merges.len(),
        "shared_handles": identity.shared_handles,
        "warnings": shop.health.warnings,
    });
    let mut reasons: Vec<(String, &clove_core::Tally)> =
        health.excluded.iter().map(|(reason, sum)| (format!("order: {reason}"), sum)).collect();
    reasons.extend(shop.health.rows_left_out.iter().map(|(reason, sum)| (format!("row: {reason}"), sum)));
    let table = Table::new()
        .with("left_out", Values::Text(reasons.iter().map(|(reason, _)| Some(reason.clone())).collect()))
        .with("count", Values::Int(reasons.iter().map(|(_, sum)| Some(sum.count as i64)).collect()))
        .with("amount", Values::Money(reasons.iter().map(|(_, sum)| known(sum.amount)).collect(), currency));
    let amount = |value| match known(value) {
        Some(value) => format!("{} {currency}", grouped_money(currency, value)),
        None => "- (the files have no amounts)".to_owned(),
    };
    let mut text = print_facts(&[
        ("Format", import.format.to_string()),
        ("Rows", thousands(shop.health.rows as i64)),
        ("Orders", thousands(health.orders as i64)),
        (
            "Customers",
            format!("{}, {} identified", thousands(health.customers as i64), thousands(health.identified as i64)),
        ),
        (
            "Period",
            match (health.first_day, health.last_day) {
                (Some(first), Some(last)) => format!("{first} to {last}"),
                _ => "no orders".to_owned(),
            },
        ),
        ("Gross", amount(health.gross)),
        ("Discounts", amount(health.discounts)),
        ("Returns", amount(health.returns)),
        ("Net", amount(health.net)),
        ("Rows rejected", thousands(shop.health.rejected as i64)),
    ]);
    let column =
        |of: fn(&clove_connect::MappedColumn) -> Option<String>| Values::Text(import.mapping.iter().map(of).collect());
    let mapping = Table::new()
        .with("column", column(|mapped| Some(mapped.column.clone())))
        .with("understood_as", column(|mapped| Some(format!("{}: {}", mapped.table, mapped.field))))
        .with("read_as", column(|mapped| Some(mapped.how.clone())))
        .with("sample", column(|mapped| mapped.sample.as_deref().map(shortened)));
    text += &format!("\n{}\n", terminal_table(&mapping, usize::MAX));
    if !import.unmapped.is_empty() {
        text += &format!("\nNot used: {}\n", import.unmapped.join(", "));
    }
    if table.rows() > 0 {
        text += &format!("\n{}\n", terminal_table(&table, usize::MAX));
    }
    for reject in shop.health.rejects.iter().take(5) {
        let column = if reject.column.is_empty() { String::new() } else { format!(", {}", reject.column) };
        text += &format!("\n{} line {}{column}: {}. {}", reject.file, reject.line, reject.reason, reject.remedy);
    }
    if shop.health.rejected > 5 {
        text += "\n--rejects FILE writes all rejected rows.";
    }
    for warning in &shop.health.warnings {
        text += &format!("\nNote: {warning}");
    }
    Answer { json, table, text: Some(text) }.write(&arguments.output)
}
