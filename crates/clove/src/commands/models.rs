//! `clove models fit`: one model, raw parameters, no priors and no gate.

use clap::{Args, Subcommand};
use clove_core::{Table, Values};
use clove_measure::fitting::{self, ByCohort, FitReport, ModelName};
use serde_json::{Map, Value, json};

use crate::arguments::{CountingArguments, FileArguments, OutputArguments, TimeUnit};
use crate::load;
use crate::output::Answer;
use crate::{DataError, UsageError};

/// Subcommands of `clove models`.
#[derive(Debug, Args)]
pub struct ModelsArguments {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Debug, Subcommand)]
enum ModelsCommand {
    /// Fit one model by maximum likelihood and print its parameters
    Fit(FitArguments),
}

/// What to fit.
#[derive(Debug, Args)]
struct FitArguments {
    #[command(flatten)]
    files: FileArguments,
    /// The model: bg-nbd, mbg-nbd, bg-cnbd-k, mbg-cnbd-k, pareto-nbd, gamma-gamma; bg-bb, sbg and bdw read their own tables
    #[arg(long)]
    model: ModelName,
    /// The unit of time of alpha and beta
    #[arg(long, default_value = "week")]
    unit: TimeUnit,
    /// Regularity k of the CNBD-k models [default: found from the data]
    #[arg(long)]
    k: Option<u32>,
    #[command(flatten)]
    counting: CountingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// Runs `clove models ...`.
pub fn run(arguments: &ModelsArguments) -> anyhow::Result<()> {
    let ModelsCommand::Fit(arguments) = &arguments.command;
    let report = if arguments.model.reads_own_table() {
        let [file] = arguments.files.files.as_slice() else {
            return Err(UsageError(format!("{} reads exactly one table", arguments.model)).into());
        };
        let table = clove_connect::read_table(file, &load::read_options(&arguments.files.reading)?)?;
        fitting::fit_table(arguments.model, &table).map_err(|error| DataError(error.to_string()))?
    } else {
        let loaded = load::load(&arguments.files, &arguments.counting)?;
        fitting::fit_orders(
            arguments.model,
            loaded.shop(),
            loaded.persons(),
            loaded.as_of,
            arguments.unit.days(),
            arguments.k,
        )
        .map_err(|error| DataError(error.to_string()))?
    };
    answer(&report, arguments).write(&arguments.output)
}

fn standard_error(report: &FitReport, index: usize) -> Option<f64> {
    report.standard_errors.as_ref().and_then(|errors| errors.get(index).copied().flatten())
}

/// The keys that every fit has.
fn keys(report: &FitReport) -> Map<String, Value> {
    let object = |of: &dyn Fn(usize) -> Value| -> Value {
        let named = report.names.iter().enumerate().map(|(index, name)| ((*name).to_owned(), of(index)));
        named.collect::<Map<_, _>>().into()
    };
    [
        ("status", json!(report.status)),
        ("customers", json!(report.customers)),
        ("parameters", object(&|index| json!(report.parameters[index]))),
        ("standard_errors", object(&|index| json!(standard_error(report, index)))),
        ("log_likelihood", json!(report.log_likelihood)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

/// The fits of single cohorts, for JSON.
fn cohort_keys(by_cohort: &ByCohort) -> Value {
    let fits: Vec<Value> = by_cohort
        .fits
        .iter()
        .map(|(name, fit)| {
            let mut object = Map::from_iter([("cohort".to_owned(), json!(name))]);
            match fit {
                Ok(fit) => object.extend(keys(fit)),
                Err(reason) => object.extend([("reason".to_owned(), json!(reason))]),
            }
            object.into()
        })
        .collect();
    json!({
        "fits": fits,
        "likelihood_ratio": by_cohort.likelihood_ratio,
        "degrees_of_freedom": by_cohort.degrees_of_freedom,
        "differ": by_cohort.differ,
    })
}

/// The fits of single cohorts, for people.
fn cohort_text(by_cohort: &ByCohort) -> String {
    let verdict = if by_cohort.differ {
        "The cohorts differ by more than chance: use their own fits, not the common one."
    } else {
        "The cohorts do not differ by more than chance: the common fit serves all."
    };
    let mut text = format!(
        "\n{verdict} Likelihood ratio {:.1}, {} degrees of freedom.\n",
        by_cohort.likelihood_ratio, by_cohort.degrees_of_freedom
    );
    for (name, fit) in &by_cohort.fits {
        text += &match fit {
            Ok(fit) => {
                let values = fit.names.iter().zip(&fit.parameters).map(|(name, value)| format!("{name} {value:.4}"));
                let values: Vec<String> = values.collect();
                format!("  {name}: {}, status {}, {} customers\n", values.join(", "), fit.status, fit.customers)
            }
            Err(reason) => format!("  {name}: no fit ({reason})\n"),
        };
    }
    text
}

fn answer(report: &FitReport, arguments: &FitArguments) -> Answer {
    let errors = |index: usize| standard_error(report, index);
    let unit = if arguments.model.reads_own_table() { "period" } else { arguments.unit.name() };
    let mut json = Map::from_iter([("model".to_owned(), json!(report.model)), ("unit".to_owned(), json!(unit))]);
    json.extend(keys(report));
    if let Some(by_cohort) = &report.by_cohort {
        json.insert("cohorts".to_owned(), cohort_keys(by_cohort));
    }
    let table = Table::new()
        .with("parameter", Values::Text(report.names.iter().map(|name| Some((*name).to_owned())).collect()))
        .with("estimate", Values::Float(report.parameters.iter().copied().map(Some).collect(), 6))
        .with("standard_error", Values::Float((0..report.names.len()).map(errors).collect(), 6));
    let text = format!(
        "{} fitted to {} customers, unit {unit}, status {}, log-likelihood {:.4}\n{}{}",
        report.model,
        report.customers,
        report.status,
        report.log_likelihood,
        crate::output::terminal_table(&table, usize::MAX),
        report.by_cohort.as_ref().map_or_else(String::new, cohort_text),
    );
    Answer { json: json.into(), table, text: Some(text) }
}
