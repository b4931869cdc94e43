//! Models that read a table of their own instead of orders: BG/BB (frequency, recency, periods), sBG and BdW (cohorts).

use std::collections::BTreeMap;
use std::fmt;

use clove_connect::RawTable;
use clove_models::bdw::fit_bdw;
use clove_models::bg_bb::{PeriodSummary, fit_bg_bb};
use clove_models::contract::{Cohort, ContractFit};
use clove_models::sbg::fit_sbg;

use super::{FitReport, FittingError, ModelName};

/// Fits BG/BB to columns `frequency, recency, periods[, weights]`, sBG or BdW to `period, survivors[, cohort]`.
pub fn fit_table(model: ModelName, table: &RawTable) -> Result<FitReport, FittingError> {
    match model {
        ModelName::BgBb => fit_periods(table),
        ModelName::Sbg => {
            let cohorts = cohorts(table)?;
            let fit = fit_sbg(&cohorts).map_err(|error| refused(&error))?;
            let parameters = fit.model.parameters().to_vec();
            Ok(contract_report("sbg", vec!["alpha", "beta"], parameters, fit))
        }
        ModelName::Bdw => {
            let cohorts = cohorts(table)?;
            let fit = fit_bdw(&cohorts).map_err(|error| refused(&error))?;
            let parameters = fit.model.parameters().to_vec();
            Ok(contract_report("bdw", vec!["alpha", "beta", "c"], parameters, fit))
        }
        other => Err(FittingError::Table(format!("{other} reads orders, not a table of its own"))),
    }
}

fn refused(error: &dyn fmt::Display) -> FittingError {
    FittingError::Model(error.to_string())
}

/// A column of numbers without empty cells; `None` if the table has no such column.
fn numbers(table: &RawTable, names: &[&str]) -> Option<Result<Vec<f64>, FittingError>> {
    let column = table.position(names)?;
    let cells = table.numbers(column).map_err(|error| FittingError::Table(error.to_string()));
    Some(cells.and_then(|cells| {
        cells
            .into_iter()
            .enumerate()
            .map(|(row, cell)| {
                cell.ok_or_else(|| FittingError::Table(format!("row {} has no {}; fill it in", row + 1, names[0])))
            })
            .collect()
    }))
}

fn required(table: &RawTable, names: &[&str]) -> Result<Vec<f64>, FittingError> {
    numbers(table, names).unwrap_or_else(|| {
        Err(FittingError::Table(format!("the table has no column '{}'; it has {}", names[0], table.columns_seen())))
    })
}

/// A whole number of at least 0.
fn whole(value: f64, column: &str) -> Result<u32, FittingError> {
    if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
        Ok(value as u32)
    } else {
        Err(FittingError::Table(format!("{value} in column {column} is not a whole number of at least 0")))
    }
}

fn fit_periods(table: &RawTable) -> Result<FitReport, FittingError> {
    let frequency = required(table, &["frequency", "x"])?;
    let recency = required(table, &["recency", "t_x"])?;
    let periods = required(table, &["periods", "n", "n_periods", "T"])?;
    let weights = numbers(table, &["weights", "weight", "count", "customers"])
        .unwrap_or_else(|| Ok(vec![1.0; frequency.len()]))?;
    let mut summaries = Vec::with_capacity(frequency.len());
    for row in 0..frequency.len() {
        summaries.push(PeriodSummary {
            frequency: whole(frequency[row], "frequency")?,
            recency: whole(recency[row], "recency")?,
            periods: whole(periods[row], "periods")?,
            count: weights[row],
        });
    }
    let fit = fit_bg_bb(&summaries).map_err(|error| refused(&error))?;
    Ok(FitReport {
        model: "bg-bb",
        status: fit.status.name(),
        customers: fit.customers as u64,
        names: vec!["alpha", "beta", "gamma", "delta"],
        parameters: fit.model.parameters().to_vec(),
        standard_errors: fit.standard_errors.map(|errors| errors.into_iter().map(Some).collect()),
        log_likelihood: fit.log_likelihood,
    })
}

/// One list of survivors per cohort, by period; without a cohort column the table is one cohort.
fn cohorts(table: &RawTable) -> Result<Vec<Cohort>, FittingError> {
    let periods = required(table, &["period", "year", "month", "t"])?;
    let survivors = required(table, &["survivors", "customers", "active"])?;
    let names = table.position(&["cohort", "group"]).map(|column| table.texts(column));
    let mut by_cohort: BTreeMap<String, BTreeMap<u32, f64>> = BTreeMap::new();
    for row in 0..periods.len() {
        let name = names.as_ref().and_then(|names| names[row].clone()).unwrap_or_default();
        let period = whole(periods[row], "period")?;
        if by_cohort.entry(name.clone()).or_default().insert(period, survivors[row]).is_some() {
            return Err(FittingError::Table(format!("cohort '{name}' has period {period} twice")));
        }
    }
    by_cohort
        .into_iter()
        .map(|(name, survivors)| {
            if survivors.keys().copied().eq(0..survivors.len() as u32) {
                Ok(Cohort { survivors: survivors.into_values().collect() })
            } else {
                Err(FittingError::Table(format!("cohort '{name}' must have every period from 0 on, once each")))
            }
        })
        .collect()
}

fn contract_report<M>(
    model: &'static str,
    names: Vec<&'static str>,
    parameters: Vec<f64>,
    fit: ContractFit<M>,
) -> FitReport {
    FitReport {
        model,
        status: fit.status.name(),
        customers: fit.customers as u64,
        names,
        parameters,
        standard_errors: fit.standard_errors.map(|errors| errors.into_iter().map(Some).collect()),
        log_likelihood: fit.log_likelihood,
    }
}
