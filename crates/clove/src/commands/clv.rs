//! `clove clv`: what each customer is worth, so far and in future.

use std::path::{Path, PathBuf};

use clap::Args;
use clove_core::{Basis, Currency, Day, Minor, Table, Values};
use clove_measure::value::{
    CustomerValues, GroupBy, GroupTotals, ModelChoice, ValueOptions, customer_values, totals_by,
};
use serde_json::{Map, Value, json};

use super::customer_rows::CustomerRows;
use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments, ReadingArguments, TimeUnit};
use crate::commands::clv_summary::{self, SummaryRequest};
use crate::demo::DemoFiles;
use crate::gather::report_data;
use crate::output::{Answer, Shown, grouped_money, money, note, print_facts, thousands, write_file, write_rows};
use crate::{DataError, UsageError, load, report};

/// What to compute.
#[derive(Debug, Args)]
pub struct ClvArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// Days to look ahead
    #[arg(long, default_value_t = 365, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    horizon: u32,
    /// Yearly discount rate of future value, for instance 0.1
    #[arg(long, default_value_t = 0.0, allow_negative_numbers = true)]
    discount_rate: f64,
    /// The purchase model: auto (the one that predicts this shop best), bg-nbd, mbg-nbd, bg-cnbd-k, mbg-cnbd-k, pareto-nbd
    #[arg(long, default_value = "auto")]
    model: String,
    /// Break totals down by cohort, channel, first-product, or any column
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// The file is a summary (frequency, recency, T, monetary value) instead of orders
    #[arg(long)]
    from_summary: bool,
    /// The unit of recency and T in a summary
    #[arg(long, default_value = "day")]
    summary_unit: TimeUnit,
    /// Also write a page for people to this HTML file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The shop's name in the report [default: the file's name]
    #[arg(long, value_name = "NAME")]
    shop: Option<String>,
    #[arg(skip)]
    is_demo: bool,
    #[command(flatten)]
    output: OutputArguments,
}

impl ClvArguments {
    /// A summary has neither orders nor dates: flags that need them are refused rather than ignored.
    fn refuse_flags_for_orders(&self) -> anyhow::Result<()> {
        let reading = &self.files.reading;
        let given = [
            ("--by", self.by.is_some()),
            ("--report", self.report.is_some()),
            ("--discount-rate", self.discount_rate != 0.0),
            ("--as-of", self.counting.as_of.is_some()),
            ("--basis", self.counting.basis != Basis::Net),
            ("--refund-date", self.counting.refund_date.is_some()),
            ("--rejects", reading.rejects.is_some()),
            ("--refunds", reading.refunds.is_some()),
            ("--costs", reading.costs.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((flag, _)) => {
                Err(UsageError(format!("{flag} needs orders; --from-summary has only what the summary says")).into())
            }
            None => Ok(()),
        }
    }

    /// The call that values the demo shop and writes its report.
    pub fn for_demo(files: &DemoFiles, as_of: Day, report: PathBuf) -> ClvArguments {
        let name = |path: &Path| path.display().to_string();
        ClvArguments {
            files: FileArguments {
                files: vec![name(&files.orders)],
                data: None,
                key: None,
                reading: ReadingArguments {
                    refunds: Some(name(&files.refunds)),
                    spend: Some(name(&files.spend)),
                    tz: "Europe/Rome".to_owned(),
                    ..ReadingArguments::default()
                },
            },
            counting: CountingArguments { as_of: Some(as_of), basis: Basis::Net, refund_date: None },
            horizon: 365,
            discount_rate: 0.0,
            model: "auto".to_owned(),
            by: None,
            from_summary: false,
            summary_unit: TimeUnit::default(),
            report: Some(report),
            shop: Some("Brezza".to_owned()),
            is_demo: true,
            output: OutputArguments { format: Format::Table, out: None },
        }
    }
}

/// Computes and prints customer values.
pub fn run(arguments: &ClvArguments) -> anyhow::Result<()> {
    let model = match arguments.model.as_str() {
        "auto" => ModelChoice::Auto,
        name => ModelChoice::Fixed(name.parse().map_err(|error| UsageError(format!("{error}")))?),
    };
    if arguments.from_summary {
        arguments.refuse_flags_for_orders()?;
        let [file] = arguments.files.files.as_slice() else {
            return Err(UsageError("--from-summary takes exactly one file".into()).into());
        };
        return clv_summary::run(&SummaryRequest {
            file,
            reading: &arguments.files.reading,
            unit: arguments.summary_unit,
            model: if let ModelChoice::Fixed(kind) = model { Some(kind) } else { None },
            horizon_days: arguments.horizon,
            output: &arguments.output,
        });
    }
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let mut options = ValueOptions::new(loaded.as_of);
    options.counting = arguments.counting.resolve(loaded.as_of);
    options.horizon_days = arguments.horizon;
    options.discount_rate = arguments.discount_rate;
    if !(options.discount_rate.is_finite() && options.discount_rate > -1.0) {
        return Err(UsageError("--discount-rate is a yearly rate above -1, for instance 0.1".into()).into());
    }
    options.model = model;
    let values = customer_values(loaded.shop(), loaded.persons(), &options);
    if values.orders.is_empty() {
        return Err(loaded.nothing_counts().into());
    }
    if options.counting.basis.needs_costs() && values.conversion.ratio.is_none() {
        return Err(DataError(format!(
            "the {} basis needs the cost of goods, and no order has one: add --costs FILE or a cost column",
            options.counting.basis
        ))
        .into());
    }
    let by = match arguments.by.as_deref() {
        None => GroupBy::Everyone,
        Some("cohort" | "month") => GroupBy::Cohort,
        Some(column) => GroupBy::Attribute(column.replace('-', "_")),
    };
    let is_per_customer = by == GroupBy::Everyone && matches!(arguments.output.format, Format::Csv | Format::Parquet);
    if is_per_customer {
        write_rows(&arguments.output, &CustomerRows::new(&values))?;
        if arguments.output.out.is_some() {
            let customers = thousands(values.customers().len() as i64);
            note(&format!("{customers} rows, as of {}, model {}", loaded.as_of, values.model_name()));
        }
        if arguments.report.is_none() {
            return Ok(());
        }
    }
    let everyone = totals_by(&values, &GroupBy::Everyone).map_err(UsageError)?;
    if let Some(path) = &arguments.report {
        write_report(path, arguments, &loaded, &values, &everyone[0])?;
    }
    if is_per_customer {
        return Ok(());
    }
    let groups = if by == GroupBy::Everyone { None } else { Some(totals_by(&values, &by).map_err(UsageError)?) };
    let table = groups.as_ref().map_or_else(Table::new, |groups| groups_table(groups, &values));
    let json = json(&values, &everyone[0], groups.as_deref(), &loaded);
    let text = text(&values, &everyone[0], groups.as_deref());
    Answer { json, table, text: Some(text) }.write(&arguments.output)?;
    Ok(())
}

fn write_report(
    path: &Path,
    arguments: &ClvArguments,
    loaded: &load::Loaded,
    values: &CustomerValues<'_>,
    everyone: &GroupTotals,
) -> anyhow::Result<()> {
    let files = arguments.files.files.join(" ");
    let name = arguments.shop.clone().unwrap_or_else(|| {
        Path::new(&arguments.files.files[0])
            .file_stem()
            .map_or_else(|| files.clone(), |stem| stem.to_string_lossy().into_owned())
    });
    let data = report_data(loaded, values, everyone, &name, &files, arguments.is_demo);
    write_file(path, |writer| Ok(writer.write_all(report::render(&data).as_bytes())?))
}

/// Minor units of an expected amount.
pub fn round(amount: f64) -> Minor {
    clove_core::round_half_even(amount)
}

fn optional_money(currency: Currency, amount: Option<f64>) -> Value {
    amount.map_or(Value::Null, |amount| money(currency, round(amount)))
}

fn totals_json(totals: &GroupTotals, values: &CustomerValues<'_>) -> Map<String, Value> {
    let currency = values.currency;
    let has_amounts = values.shop.has_amounts;
    let so_far = |amount| has_amounts.then(|| money(currency, amount));
    let bound = |of: fn(&clove_measure::value::TotalInterval) -> f64| {
        optional_money(currency, totals.interval.as_ref().map(of))
    };
    let json = json!({
        "customers": totals.customers,
        "identified_customers": totals.identified,
        "predicted_customers": totals.predicted_customers,
        "orders": totals.orders,
        "value": so_far(totals.value),
        "value_12m": so_far(totals.value_12_months),
        "value_24m": so_far(totals.value_24_months),
        "expected_purchases": totals.expected_purchases,
        "predicted_value": optional_money(currency, totals.predicted_value.filter(|_| has_amounts)),
        "predicted_low": bound(|interval| interval.outcome.0),
        "predicted_high": bound(|interval| interval.outcome.1),
        "mean_low": bound(|interval| interval.mean.0),
        "mean_high": bound(|interval| interval.mean.1),
    });
    match json {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn json(
    values: &CustomerValues<'_>,
    everyone: &GroupTotals,
    groups: Option<&[GroupTotals]>,
    loaded: &load::Loaded,
) -> Value {
    let currency = values.currency;
    let health = clove_measure::health::health_as_of(values.shop, values.persons, values.options.counting.as_of);
    let mut totals = totals_json(everyone, values);
    totals
        .insert("identified_share".into(), crate::output::share(everyone.identified as f64, everyone.customers as f64));
    totals.insert(
        "gate".into(),
        json!({
            "open": values.gate.is_open(),
            "reason": values.gate.reason,
            "customers": values.gate.customers,
            "days": values.gate.days,
            "most_purchases": values.gate.most_purchases,
            "model_not_used": match values.options.model {
                ModelChoice::Fixed(kind) if !values.gate.is_open() => Some(kind.name()),
                _ => None,
            },
        }),
    );
    totals.insert(
        "season".into(),
        json!(values.season.map(|season| json!({"index": season.index, "matters": season.matters()}))),
    );
    totals.insert(
        "cost_coverage".into(),
        json!(values.options.counting.basis.needs_costs().then_some(values.conversion.coverage)),
    );
    let mut excluded: Map<String, Value> = health
        .excluded
        .iter()
        .map(|(reason, sum)| ((*reason).to_owned(), json!({"count": sum.count, "amount": currency.format(sum.amount)})))
        .collect();
    for (reason, sum) in &values.shop.health.rows_left_out {
        excluded.insert((*reason).to_owned(), json!({"rows": sum.count, "amount": currency.format(sum.amount)}));
    }
    if values.shop.health.rejected > 0 {
        excluded.insert("rejected_rows".into(), json!({"rows": values.shop.health.rejected}));
    }
    let mut json = json!({
        "as_of": values.options.counting.as_of.to_string(),
        "currency": currency.code(),
        "basis": values.options.counting.basis.name(),
        "refund_date": values.options.counting.refund_date.to_string(),
        "model": values.model_name(),
        "horizon_days": values.options.horizon_days,
        "discount_rate": values.options.discount_rate,
        "interval_level": values.options.level,
        "totals": totals,
        "excluded": excluded,
        "warnings": loaded.shop().health.warnings,
    });
    if let (Some(groups), Value::Object(map)) = (groups, &mut json) {
        let rows = groups.iter().map(|group| {
            let mut row = Map::from_iter([("group".to_owned(), Value::from(group.name.clone()))]);
            row.extend(totals_json(group, values));
            Value::Object(row)
        });
        map.insert("groups".into(), rows.collect());
    }
    json
}

fn groups_table(groups: &[GroupTotals], values: &CustomerValues<'_>) -> Table {
    let currency = values.currency;
    let has_amounts = values.shop.has_amounts;
    let int = |of: fn(&GroupTotals) -> u64| Values::Int(groups.iter().map(|group| Some(of(group) as i64)).collect());
    let amount = |of: &dyn Fn(&GroupTotals) -> Option<f64>| {
        Values::Money(groups.iter().map(|group| of(group).filter(|_| has_amounts).map(round)).collect(), currency)
    };
    let interval = |of: fn(&clove_measure::value::TotalInterval) -> f64| {
        amount(&|group: &GroupTotals| group.interval.as_ref().map(of))
    };
    Table::new()
        .with("group", Values::Text(groups.iter().map(|group| Some(group.name.clone())).collect()))
        .with("customers", int(|group| group.customers))
        .with("orders", int(|group| group.orders))
        .with("value", amount(&|group| Some(group.value as f64)))
        .with("value_per_customer", amount(&|group| Some(group.value as f64 / group.customers as f64)))
        .with("predicted_value", amount(&|group| group.predicted_value))
        .with("predicted_low", interval(|interval| interval.outcome.0))
        .with("predicted_high", interval(|interval| interval.outcome.1))
}

fn shown_groups(groups: &Table) -> String {
    Shown::new(groups).most(60).drop_first(&["orders", "value_per_customer", "predicted_low predicted_high"]).text()
}

fn text(values: &CustomerValues<'_>, everyone: &GroupTotals, groups: Option<&[GroupTotals]>) -> String {
    let currency = values.currency;
    let has_amounts = values.shop.has_amounts;
    let amount = |value: f64| format!("{} {currency}", grouped_money(currency, round(value)));
    let so_far =
        |value: f64| if has_amounts { amount(value) } else { "not known: the files have no amounts".to_owned() };
    let customers = everyone.customers.max(1) as f64;
    let mut facts = vec![
        (
            "As of",
            format!(
                "{}, basis {}, model {}",
                values.options.counting.as_of,
                values.options.counting.basis,
                values.model_name()
            ),
        ),
        (
            "Customers",
            format!("{}, {} identified", thousands(everyone.customers as i64), thousands(everyone.identified as i64)),
        ),
        ("Orders", thousands(everyone.orders as i64)),
        ("Value so far", so_far(everyone.value as f64)),
    ];
    if has_amounts {
        facts.push(("  per customer", amount(everyone.value as f64 / customers)));
        facts.push(("  last 12 months", amount(everyone.value_12_months as f64)));
    }
    if everyone.expected_purchases.is_some() {
        let first = Day(values.options.counting.as_of.0 + 1);
        facts.push(("Forecast", format!("{} days from {first}", thousands(i64::from(values.options.horizon_days)))));
    }
    if let Some(predicted) = everyone.predicted_value.filter(|_| has_amounts) {
        facts.push(("  expected value", amount(predicted)));
        if let Some(interval) = &everyone.interval {
            facts
                .push(("  80 % interval", format!("{} to {}", amount(interval.outcome.0), amount(interval.outcome.1))));
        }
        let predicted_customers = everyone.predicted_customers.max(1) as f64;
        facts.push(("  per customer", amount(predicted / predicted_customers)));
    }
    if let Some(purchases) = everyone.expected_purchases {
        facts.push(("  purchases", thousands(purchases.round() as i64)));
    }
    let mut text = print_facts(&facts);
    if let Some(reason) = &values.gate.reason {
        let asked = match values.options.model {
            ModelChoice::Auto => String::new(),
            ModelChoice::Fixed(kind) => format!(
                " --model {} was not used; `clove models fit FILE --model {}` fits it all the same.",
                kind.name(),
                kind.name()
            ),
        };
        text += &format!("\nNo forecast of single customers yet ({reason}); averages stand in.{asked}\n");
    }
    if let Some(season) = values.season.filter(clove_measure::value::Season::matters) {
        let (amount, likely) = if season.index > 1.0 { ("more", "low") } else { ("fewer", "high") };
        text += &format!(
            "\nThe forecast knows of no seasons: a year ago the same {} days had {:.0} % {amount} purchases a day than the year around \
             them, so the total is likely to be too {likely}. A horizon of 365 days holds every season.\n",
            values.options.horizon_days,
            100.0 * (season.index - 1.0).abs(),
        );
    }
    if let Some(groups) = groups {
        text += &format!("\n{}\n", shown_groups(&groups_table(groups, values)));
    }
    let health = &values.shop.health;
    let left_out: u64 = health.rows_left_out.values().map(|sum| sum.count).sum();
    let excluded =
        clove_measure::health::health_as_of(values.shop, values.persons, values.options.counting.as_of).excluded;
    let excluded: u64 = excluded.values().map(|sum| sum.count).sum();
    if health.rejected + left_out + excluded > 0 {
        text += &format!(
            "\nLeft out: {} orders, {} rows; rejected: {} rows. `clove check` says why, with sums.\n",
            thousands(excluded as i64),
            thousands(left_out as i64),
            thousands(health.rejected as i64),
        );
    }
    if let Some(coverage) =
        values.conversion.coverage.filter(|share| values.options.counting.basis.needs_costs() && *share < 1.0)
    {
        text += &format!("Costs are known for {:.1} % of orders; the others are not in the value.\n", coverage * 100.0);
    }
    for warning in &health.warnings {
        text += &format!("Note: {warning}\n");
    }
    text += "\n--format csv|parquet --out FILE writes one row per customer; --report report.html a page to read.\n";
    text
}
