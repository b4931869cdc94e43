//! The plots of a report.

use std::collections::BTreeMap;

use clove_core::{Day, Month};
use clove_measure::backtest::Backtest;
use clove_measure::cohorts::{Cohort, CohortBy, CohortOptions, Cohorts, Grain, cohorts};

use super::Measured;
use crate::report::{
    self, AliveCell, AliveRow, AliveTable, BacktestRow, CellKind, CohortCell, CohortRow, CohortTable, Concentration,
    Curve, Estimate, Forecast, LifetimeCurves, MonthEstimate, MonthValue, Tracking,
};

/// Cohorts shown in a table, the latest ones.
const TABLE_COHORTS: usize = 24;
/// Cohorts drawn as curves of their own.
const CURVES: usize = 6;
/// Customers below which a curve wobbles too much to be drawn.
const CURVE_CUSTOMERS: u64 = 30;
/// Days since the last purchase that bound the columns of the table of P(alive).
const RECENCY_BOUNDS: [i32; 7] = [30, 60, 90, 180, 270, 365, i32::MAX];
/// Purchases that bound its rows: from, to.
const PURCHASE_BOUNDS: [(u32, u32); 5] = [(2, 2), (3, 3), (4, 5), (6, 9), (10, u32::MAX)];

fn monthly(measured: &Measured<'_>, ages: Vec<i32>, grain: Grain) -> Option<Cohorts> {
    let counting = measured.values.options.counting;
    let options =
        CohortOptions { by: CohortBy::Month, basis: counting.basis, refund_date: counting.refund_date, ages, grain };
    // Months need no column of the data, so that this cannot fail.
    cohorts(&measured.ledger, &options).ok()
}

/// Whether anybody of a monthly cohort has reached an age.
fn is_reached(cohort: &Cohort, age: i32, as_of: Day) -> bool {
    cohort.cohort.parse::<Month>().is_ok_and(|month| as_of.since(month.first_day()) >= age)
}

/// Value per customer, and customers who came back, by cohort and age.
pub fn cohort_tables(measured: &Measured<'_>) -> Vec<CohortTable> {
    let as_of = measured.values.options.counting.as_of;
    let ages = vec![0, 30, 60, 90, 180, 270, 365, 540, 730];
    let Some(answer) = monthly(measured, ages, Grain::Age) else { return Vec::new() };
    let shown = &answer.cohorts[answer.cohorts.len().saturating_sub(TABLE_COHORTS)..];
    let used: Vec<usize> = (0..answer.ages.len())
        .filter(|&column| shown.iter().any(|cohort| is_reached(cohort, answer.ages[column], as_of)))
        .collect();
    let value_rows = shown
        .iter()
        .map(|cohort| {
            let cells = used.iter().map(|&column| {
                let cell = &cohort.ltv[column];
                let value = cell.ltv.as_f64().filter(|_| is_reached(cohort, cell.age, as_of))?;
                Some(CohortCell { value, complete: cell.complete })
            });
            CohortRow { cohort: cohort.cohort.clone(), customers: cohort.customers, cells: cells.collect() }
        })
        .collect();
    let mut tables = Vec::new();
    let values = CohortTable {
        title: "Value per customer".to_owned(),
        explanation: format!(
            "{} value per customer until each age in days, by month of the first order.",
            capitalised(answer.basis)
        ),
        kind: CellKind::Money,
        ages: used.iter().map(|&column| format!("day {}", answer.ages[column])).collect(),
        rows: value_rows,
        average: used.iter().map(|&column| answer.pooled[column].ltv.as_f64()).collect(),
    };
    if values.rows.iter().any(|row| row.cells.iter().any(Option::is_some)) {
        tables.push(values);
    }
    // A band is shown once the first customer of the cohort has been through all of it.
    let reached = |cohort: &Cohort, period: usize| is_reached(cohort, 30 * period as i32 + 29, as_of);
    let periods: Vec<usize> = (1..=12).filter(|&period| shown.iter().any(|cohort| reached(cohort, period))).collect();
    let retention_rows: Vec<CohortRow> = shown
        .iter()
        .map(|cohort| {
            let cells = periods.iter().map(|&period| {
                let cell = cohort.retention.iter().find(|cell| cell.period == period as i32)?;
                let value = cell.retained.value.filter(|_| reached(cohort, period))?;
                Some(CohortCell { value, complete: cell.complete })
            });
            CohortRow { cohort: cohort.cohort.clone(), customers: cohort.customers, cells: cells.collect() }
        })
        .collect();
    let average = |column: usize| {
        let complete = || {
            retention_rows
                .iter()
                .filter_map(|row| row.cells[column].filter(|cell| cell.complete).map(|cell| (row, cell)))
        };
        let customers: u64 = complete().map(|(row, _)| row.customers).sum();
        let sum: f64 = complete().map(|(row, cell)| cell.value * row.customers as f64).sum();
        (customers > 0).then(|| sum / customers as f64)
    };
    if retention_rows.iter().any(|row| row.cells.iter().any(Option::is_some)) {
        tables.push(CohortTable {
            title: "Customers who came back".to_owned(),
            explanation: "Share of the cohort with a purchase in each 30 days after the first order.".to_owned(),
            kind: CellKind::Share,
            ages: periods.iter().map(|period| format!("day {}–{}", period * 30, period * 30 + 29)).collect(),
            average: (0..periods.len()).map(average).collect(),
            rows: retention_rows,
        });
    }
    tables
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Cumulative value per customer by age: all together, and some cohorts.
pub fn curves(measured: &Measured<'_>) -> Option<LifetimeCurves> {
    let ages: Vec<i32> = (0..=24).map(|step| step * 30).collect();
    let answer = monthly(measured, ages.clone(), Grain::Age)?;
    let pooled: Vec<Option<f64>> = answer
        .pooled
        .iter()
        .map(|cell| cell.ltv.as_f64().filter(|_| cell.ltv.denominator >= CURVE_CUSTOMERS))
        .collect();
    let drawable: Vec<&Cohort> = answer
        .cohorts
        .iter()
        .filter(|cohort| {
            cohort.customers >= CURVE_CUSTOMERS && cohort.ltv.iter().filter(|cell| cell.complete).count() >= 3
        })
        .collect();
    let step = drawable.len().div_ceil(CURVES).max(1);
    let chosen = drawable.iter().rev().step_by(step).rev();
    let curves = chosen
        .map(|cohort| Curve {
            name: cohort.cohort.clone(),
            customers: cohort.customers,
            values: cohort.ltv.iter().map(|cell| cell.ltv.as_f64().filter(|_| cell.complete)).collect(),
        })
        .collect();
    pooled.iter().any(Option::is_some).then(|| LifetimeCurves {
        ages: ages.iter().map(|&age| age as u32).collect(),
        pooled,
        cohorts: curves,
        acquisition_cost: measured.payback.as_ref().and_then(|payback| payback.total.blended_cac.as_f64()),
        payback_days: measured.payback.as_ref().and_then(|payback| payback.total.payback_days),
    })
}

/// Value by month so far, and what is expected of today's customers.
pub fn forecast(measured: &Measured<'_>) -> Option<Forecast> {
    let counting = measured.values.options.counting;
    let interval = measured.totals.interval?;
    let forecast = measured.values.forecast.as_ref()?;
    let mut months: BTreeMap<Month, i64> = BTreeMap::new();
    for customer in measured.ledger.customers() {
        measured.ledger.movements(customer, counting.basis, counting.refund_date, |movement| {
            *months.entry(movement.day.month()).or_default() += movement.value.unwrap_or(0);
        });
    }
    let (first, last) = (*months.keys().next()?, counting.as_of.month());
    let history = (first.0..=last.0)
        .map(Month)
        .map(|month| MonthValue {
            month: month.to_string(),
            value: measured.major(months.get(&month).copied().unwrap_or(0)),
            complete: month.last_day() <= counting.as_of,
        })
        .collect();
    let horizon = measured.values.options.horizon_days as i32;
    let whole = forecast.expected_total(horizon);
    if whole <= 0.0 || interval.expected <= 0.0 {
        return None;
    }
    let (mut expected, mut before, mut month) = (Vec::new(), 0.0, Month(last.0 + 1));
    if month.first_day().0 > counting.as_of.0 + 1 {
        before = forecast.expected_total(month.first_day().0 - 1 - counting.as_of.0);
    }
    while month.last_day().0 - counting.as_of.0 <= horizon {
        let until = forecast.expected_total(month.last_day().0 - counting.as_of.0);
        let share = (until - before) / whole;
        let of = |value: f64| measured.major_of(value * share);
        let estimate =
            Estimate { value: of(interval.expected), low: of(interval.outcome.0), high: of(interval.outcome.1) };
        expected.push(MonthEstimate { month: month.to_string(), estimate });
        before = until;
        month = Month(month.0 + 1);
    }
    (!expected.is_empty()).then(|| Forecast {
        history,
        expected,
        covers: "today’s customers alone, without those still to be won and without the season".to_owned(),
    })
}

/// P(alive) by purchases and days since the last one.
pub fn alive(measured: &Measured<'_>) -> Option<AliveTable> {
    let values = measured.values;
    let as_of = values.options.counting.as_of;
    let mut cells = [[(0.0, 0_u64); RECENCY_BOUNDS.len()]; PURCHASE_BOUNDS.len()];
    for (index, history) in values.orders.histories().enumerate() {
        let Some(alive) = values.prediction_from(index, &history).and_then(|prediction| prediction.p_alive) else {
            continue;
        };
        let purchases = history.purchase_days;
        let row = PURCHASE_BOUNDS.iter().position(|&(from, to)| (from..=to).contains(&purchases));
        let days = as_of.0 - history.last_purchase;
        let column = RECENCY_BOUNDS.iter().position(|&bound| days < bound);
        if let (Some(row), Some(column)) = (row, column) {
            cells[row][column].0 += alive;
            cells[row][column].1 += 1;
        }
    }
    if cells.iter().flatten().all(|cell| cell.1 == 0) {
        return None;
    }
    let rows = PURCHASE_BOUNDS
        .iter()
        .zip(cells)
        .map(|(&(from, to), cells)| AliveRow {
            purchases: match to {
                u32::MAX => format!("{from}+"),
                to if to == from => from.to_string(),
                to => format!("{from}–{to}"),
            },
            cells: cells
                .into_iter()
                .map(|(sum, customers)| {
                    (customers > 0).then(|| AliveCell { probability: sum / customers as f64, customers })
                })
                .collect(),
        })
        .collect();
    let mut from = 0;
    let recency = RECENCY_BOUNDS
        .iter()
        .map(|&bound| {
            let name = if bound == i32::MAX { format!("{from}+") } else { format!("{from}–{}", bound - 1) };
            from = bound;
            name
        })
        .collect();
    Some(AliveTable { recency, rows })
}

/// Share of value by share of customers.
pub fn concentration(measured: &Measured<'_>) -> Option<Concentration> {
    let answer = clove_measure::concentration::concentration(&measured.ledger, measured.values.options.counting.basis);
    if answer.total.minor <= 0 {
        return None;
    }
    let named = answer.top.iter().filter_map(|top| Some((f64::from(top.percent) / 100.0, top.share.value?))).collect();
    Some(Concentration { points: answer.curve, named, customers: answer.n })
}

/// The back-test, best model first.
pub fn backtest_plot(tested: &Backtest) -> report::Backtest {
    let mut models: Vec<BacktestRow> = tested
        .models
        .iter()
        .map(|score| BacktestRow {
            model: score.model.to_owned(),
            baseline: score.model.starts_with("naive") || score.model == "zero",
            rmse: Some(score.accuracy.rmse),
            mae: Some(score.accuracy.mae),
            bias: score.accuracy.bias_percent.map(|percent| percent / 100.0),
            spearman: score.accuracy.spearman,
            top10_capture: score.accuracy.top10_capture,
        })
        .collect();
    models.sort_by(|a, b| a.rmse.unwrap_or(f64::MAX).total_cmp(&b.rmse.unwrap_or(f64::MAX)));
    report::Backtest {
        calibrated_until: tested.calibrate_until.to_string(),
        until: tested.until.to_string(),
        customers: tested.customers as u64,
        purchases: tested.holdout_purchases as u64,
        chosen: tested.chosen.to_owned(),
        models,
        tracking: tested
            .tracking
            .iter()
            .map(|step| Tracking {
                day: step.day.to_string(),
                actual: step.cumulative_actual,
                expected: step.cumulative_expected,
            })
            .collect(),
    }
}
