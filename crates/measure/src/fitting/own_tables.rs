//! Models that read a table of their own instead of orders: BG/BB (frequency, recency, periods), sBG and BdW (cohorts).

use std::collections::BTreeMap;
use std::fmt;

use clove_connect::RawTable;
use clove_models::bdw::fit_bdw;
use clove_models::bg_bb::{PeriodSummary, fit_bg_bb};
use clove_models::contract::{Cohort, ContractFit};
use clove_models::sbg::fit_sbg;

use super::{ByCohort, FitReport, FittingError, ModelName};

/// Fits BG/BB to columns `frequency, recency, periods[, weights]`, sBG or BdW to `period, survivors[, cohort]`.
pub fn fit_table(model: ModelName, table: &RawTable) -> Result<FitReport, FittingError> {
    match model {
        ModelName::BgBb => fit_periods(table),
        ModelName::Sbg | ModelName::Bdw => fit_cohorts(model, &cohorts(table)?),
        other => Err(FittingError::Table(format!("{other} reads orders, not a table of its own"))),
    }
}

/// One fit to all cohorts: their log-likelihoods are added up, each cohort up to its own last period, with common parameters. Beside
/// it each cohort alone.
fn fit_cohorts(model: ModelName, cohorts: &[(String, Cohort)]) -> Result<FitReport, FittingError> {
    let fit = |cohorts: &[Cohort]| -> Result<FitReport, FittingError> {
        if model == ModelName::Sbg {
            let fit = fit_sbg(cohorts).map_err(|error| refused(&error))?;
            let parameters = fit.model.parameters().to_vec();
            Ok(contract_report("sbg", vec!["alpha", "beta"], parameters, fit))
        } else {
            let fit = fit_bdw(cohorts).map_err(|error| refused(&error))?;
            let parameters = fit.model.parameters().to_vec();
            Ok(contract_report("bdw", vec!["alpha", "beta", "c"], parameters, fit))
        }
    };
    let all: Vec<Cohort> = cohorts.iter().map(|(_, cohort)| cohort.clone()).collect();
    let mut report = fit(&all)?;
    if cohorts.len() < 2 {
        return Ok(report);
    }
    let fits: Vec<(String, Result<FitReport, String>)> = cohorts
        .iter()
        .map(|(name, cohort)| (name.clone(), fit(std::slice::from_ref(cohort)).map_err(|error| error.to_string())))
        .collect();
    // A cohort without a fit of its own has had no renewal, and so no part in the common fit's likelihood either.
    let fitted = || fits.iter().filter_map(|(_, fit)| fit.as_ref().ok());
    let apart: f64 = fitted().map(|fit| fit.log_likelihood).sum();
    let degrees_of_freedom = report.parameters.len() * fitted().count().saturating_sub(1);
    let likelihood_ratio = (2.0 * (apart - report.log_likelihood)).max(0.0);
    let differ = degrees_of_freedom > 0 && likelihood_ratio > chi_square_99(degrees_of_freedom as f64);
    report.by_cohort = Some(ByCohort { fits, likelihood_ratio, degrees_of_freedom, differ });
    Ok(report)
}

/// The 99 % point of the chi-square distribution, after Wilson & Hilferty (1931): within 1 %.
fn chi_square_99(degrees_of_freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * degrees_of_freedom);
    degrees_of_freedom * (1.0 - spread + 2.326_347_874 * spread.sqrt()).powi(3)
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
        by_cohort: None,
    })
}

/// One list of survivors per cohort, by period, in the order of the cohorts' names; without a cohort column the table is one cohort.
fn cohorts(table: &RawTable) -> Result<Vec<(String, Cohort)>, FittingError> {
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
                Ok((name, Cohort { survivors: survivors.into_values().collect() }))
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
        by_cohort: None,
    }
}
