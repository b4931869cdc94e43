//! `clove models fit`: one model, raw parameters, no priors and no gate.

use clap::{Args, Subcommand};
use clove_core::{Table, Values};
use clove_measure::fitting::{self, FitReport, ModelName};
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

fn answer(report: &FitReport, arguments: &FitArguments) -> Answer {
    let errors = |index: usize| report.standard_errors.as_ref().and_then(|errors| errors.get(index).copied().flatten());
    let object = |of: &dyn Fn(usize) -> Value| -> Value {
        report
            .names
            .iter()
            .enumerate()
            .map(|(index, name)| ((*name).to_owned(), of(index)))
            .collect::<Map<_, _>>()
            .into()
    };
    let unit = if arguments.model.reads_own_table() { "period" } else { arguments.unit.name() };
    let json = json!({
        "model": report.model,
        "unit": unit,
        "status": report.status,
        "customers": report.customers,
        "parameters": object(&|index| json!(report.parameters[index])),
        "standard_errors": object(&|index| json!(errors(index))),
        "log_likelihood": report.log_likelihood,
    });
    let table = Table::new()
        .with("parameter", Values::Text(report.names.iter().map(|name| Some((*name).to_owned())).collect()))
        .with("estimate", Values::Float(report.parameters.iter().copied().map(Some).collect(), 6))
        .with("standard_error", Values::Float((0..report.names.len()).map(errors).collect(), 6));
    let text = format!(
        "{} fitted to {} customers, unit {unit}, status {}, log-likelihood {:.4}\n{}",
        report.model,
        report.customers,
        report.status,
        report.log_likelihood,
        crate::output::terminal_table(&table, usize::MAX),
    );
    Answer { json, table, text: Some(text) }
}
