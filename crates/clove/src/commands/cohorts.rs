//! `clove cohorts`: what customers acquired together are worth at each age, and how many come back.

use clap::{Args, ValueEnum};
use clove_core::{Basis, Currency, RefundDate, Table, Values};
use clove_measure::answer::MoneyPer;
use clove_measure::cohorts::{Cohort, CohortBy, CohortOptions, Cohorts, Grain, LtvCell, cohorts};
use clove_measure::explain::with_excluded;

use crate::arguments::{CountingArguments, FileArguments, Format, OutputArguments};
use crate::output::{Answer, Shown, grouped_money};
use crate::{UsageError, load};

/// What to compute.
#[derive(Debug, Args)]
pub struct CohortsArguments {
    #[command(flatten)]
    files: FileArguments,
    #[command(flatten)]
    counting: CountingArguments,
    /// Group customers by month, first-product, discount-code, channel, or any column, of their first order
    #[arg(long, default_value = "month", value_name = "COLUMN")]
    by: String,
    /// What the triangle shows
    #[arg(long, default_value = "ltv")]
    show: Show,
    /// Ages in days
    #[arg(long, default_value = "0,30,60,90,180,365", value_name = "DAYS", value_delimiter = ',')]
    ages: Vec<u16>,
    /// Periods of retention: calendar months, or 30 days of age
    #[arg(long, default_value = "calendar")]
    grain: GrainArgument,
    /// Show retention as the share that came back by the end of each period
    #[arg(long)]
    cumulative: bool,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Show {
    /// Value per customer on the chosen basis
    Ltv,
    /// Share of customers with a purchase in each period
    Retention,
    /// Margin per customer
    Margin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GrainArgument {
    /// Calendar months after the month of the first order
    Calendar,
    /// 30 days each, from the first order on
    Age,
}

/// Computes and prints the cohorts.
pub fn run(arguments: &CohortsArguments) -> anyhow::Result<()> {
    if arguments.ages.is_empty() {
        return Err(UsageError("--ages needs at least one age in days, for instance 0,30,90".into()).into());
    }
    let loaded = load::load(&arguments.files, &arguments.counting)?;
    let ledger = loaded.ledger()?;
    let options = CohortOptions {
        by: match arguments.by.as_str() {
            "month" | "cohort" => CohortBy::Month,
            "first-product" | "first_product" => CohortBy::FirstProduct,
            column => CohortBy::Attribute(column.replace('-', "_")),
        },
        basis: if arguments.show == Show::Margin { Basis::Margin } else { arguments.counting.basis },
        refund_date: arguments.counting.refund_date.unwrap_or(RefundDate::Order),
        ages: arguments.ages.iter().map(|&age| i32::from(age)).collect(),
        grain: match arguments.grain {
            GrainArgument::Calendar => Grain::Calendar,
            GrainArgument::Age => Grain::Age,
        },
    };
    let answer = cohorts(&ledger, &options).map_err(UsageError)?;
    let currency = ledger.currency();
    let is_retention = arguments.show == Show::Retention;
    let is_wide = arguments.output.format == Format::Table;
    let table = match (is_retention, is_wide) {
        (true, true) => retention_triangle(&answer, arguments.cumulative),
        (true, false) => retention_rows(&answer),
        (false, true) => ltv_triangle(&answer, currency),
        (false, false) => ltv_rows(&answer, currency),
    };
    let text = text(&answer, &table, is_retention, loaded.shop().has_amounts);
    Answer { json: with_excluded(&ledger, &answer)?, table, text: Some(text) }.write(&arguments.output)
}

fn names(answer: &Cohorts) -> Values {
    Values::Text(answer.cohorts.iter().map(|cohort| Some(cohort.cohort.clone())).collect())
}

fn sizes(answer: &Cohorts) -> Values {
    Values::Int(answer.cohorts.iter().map(|cohort| Some(cohort.customers as i64)).collect())
}

/// One row per cohort. Cells that will still grow carry a `+`, cells with young orders a `~`.
fn ltv_triangle(answer: &Cohorts, currency: Currency) -> Table {
    let cac = answer.cohorts.iter().map(|cohort| cohort.cac.as_ref().and_then(MoneyPer::rounded)).collect();
    let mut table = Table::new().with("cohort", names(answer)).with("customers", sizes(answer));
    table = table.with("cac", Values::Money(cac, currency));
    for (index, age) in answer.ages.iter().enumerate() {
        let cell = |cohort: &Cohort| {
            let cell = &cohort.ltv[index];
            cell.ltv.rounded().map(|value| format!("{}{}", grouped_money(currency, value), marks(cell)))
        };
        table = table.with(&format!("d{age}"), Values::Text(answer.cohorts.iter().map(cell).collect()));
    }
    table
}

fn marks(cell: &LtvCell) -> &'static str {
    match (cell.complete, cell.provisional) {
        (false, _) => " +",
        (true, true) => " ~",
        (true, false) => "  ",
    }
}

fn ltv_rows(answer: &Cohorts, currency: Currency) -> Table {
    let rows: Vec<(&Cohort, &LtvCell)> =
        answer.cohorts.iter().flat_map(|cohort| cohort.ltv.iter().map(move |cell| (cohort, cell))).collect();
    let all = rows.iter();
    Table::new()
        .with("cohort", Values::Text(all.clone().map(|row| Some(row.0.cohort.clone())).collect()))
        .with("age_days", Values::Int(all.clone().map(|row| Some(i64::from(row.1.age))).collect()))
        .with("customers", Values::Int(all.clone().map(|row| Some(row.0.customers as i64)).collect()))
        .with("complete", Values::Bool(all.clone().map(|row| Some(row.1.complete)).collect()))
        .with("provisional", Values::Bool(all.clone().map(|row| Some(row.1.provisional)).collect()))
        .with(
            "value",
            Values::Money(all.clone().map(|row| row.1.ltv.numerator.map(|sum| sum.minor)).collect(), currency),
        )
        .with("ltv", Values::Float(all.clone().map(|row| row.1.ltv.as_f64()).collect(), 4))
        .with("cac", Values::Float(all.clone().map(|row| row.0.cac.as_ref().and_then(MoneyPer::as_f64)).collect(), 4))
        .with("ltv_to_cac", Values::Float(all.clone().map(|row| row.1.ltv_to_cac).collect(), 4))
        .with("lift", Values::Float(all.clone().map(|row| row.1.lift.map(|lift| lift.value)).collect(), 4))
        .with("lift_low", Values::Float(all.clone().map(|row| row.1.lift.map(|lift| lift.low)).collect(), 4))
        .with("lift_high", Values::Float(all.map(|row| row.1.lift.map(|lift| lift.high)).collect(), 4))
}

fn retention_triangle(answer: &Cohorts, cumulative: bool) -> Table {
    let mut table = Table::new().with("cohort", names(answer)).with("customers", sizes(answer));
    let periods = answer.cohorts.iter().map(|cohort| cohort.retention.len()).max().unwrap_or(0);
    for period in 0..periods {
        let cell = |cohort: &Cohort| {
            let cell = cohort.retention.get(period)?;
            if cumulative { cell.returned_by.value } else { cell.retained.value }
        };
        table = table.with(&format!("p{period}"), Values::Share(answer.cohorts.iter().map(cell).collect()));
    }
    table
}

fn retention_rows(answer: &Cohorts) -> Table {
    let rows: Vec<_> =
        answer.cohorts.iter().flat_map(|cohort| cohort.retention.iter().map(move |cell| (cohort, cell))).collect();
    let all = rows.iter();
    Table::new()
        .with("cohort", Values::Text(all.clone().map(|row| Some(row.0.cohort.clone())).collect()))
        .with("period", Values::Int(all.clone().map(|row| Some(i64::from(row.1.period))).collect()))
        .with("customers", Values::Int(all.clone().map(|row| Some(row.0.customers as i64)).collect()))
        .with("complete", Values::Bool(all.clone().map(|row| Some(row.1.complete)).collect()))
        .with("retained", Values::Int(all.clone().map(|row| Some(row.1.retained.numerator as i64)).collect()))
        .with("retention", Values::Share(all.clone().map(|row| row.1.retained.value).collect()))
        .with("returned_by", Values::Share(all.map(|row| row.1.returned_by.value).collect()))
}

/// The triangle, as many ages as fit.
fn shown(table: &Table, is_retention: bool) -> String {
    let ages: Vec<usize> = if is_retention { Vec::new() } else { (3..table.columns.len()).collect() };
    Shown::new(table).right(&ages).drop_first(&["cac"]).text()
}

fn text(answer: &Cohorts, table: &Table, is_retention: bool, has_amounts: bool) -> String {
    let what = if is_retention {
        format!("Share of customers with a purchase, by {} period", answer.grain)
    } else if !has_amounts {
        "Value per customer".to_owned()
    } else {
        format!("{} value per customer in {}, refunds by {} date", answer.basis, answer.currency, answer.refund_date)
    };
    let mut text = format!("{what}, as of {}\n{}", answer.as_of, shown(table, is_retention));
    if !has_amounts && !is_retention {
        text += "\nNote: the files have no amounts, so that value is not known; --show retention needs none.";
    } else if !is_retention {
        text += "\n+ not every customer has reached the age yet   ~ orders in it are young enough to come back";
    }
    if let Some(coverage) = answer.cost_coverage.filter(|&coverage| coverage < 0.8) {
        text += &format!("\nNote: the cost of goods is known for {:.0} % of the orders only.", coverage * 100.0);
    }
    text
}
