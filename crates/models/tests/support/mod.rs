//! Reads the public data sets that the reference values were computed on.
//!
//! They are not part of the project: `CLOVE_TEST_DATA` names the folder that holds them. Without it the tests that need
//! them say so and pass.
#![allow(dead_code, reason = "compiled into several test binaries, some of which use all of it")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clove_models::purchase::{CustomerSummary, SummaryGroups};

/// The data folder, or a visible note that the test is skipped.
pub fn data_folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLOVE_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        // Straight to the stream: what `eprintln!` writes is hidden when a test passes.
        let line = format!("SKIPPED {test}: CLOVE_TEST_DATA is not set\n");
        std::io::stderr().write_all(line.as_bytes()).expect("stderr takes a line");
    }
    folder
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The published CDNOW summary (weeks, rounded to two decimals); single gaps are not known.
pub fn cdnow_summary(folder: &Path) -> Vec<CustomerSummary> {
    rows(&folder.join("cdnow/cdnow_customers_summary.csv"))
        .iter()
        .map(|row| {
            let number = |i: usize| row[i].parse::<f64>().expect("a number");
            CustomerSummary::new(number(1) as u32, number(2), number(3))
        })
        .collect()
}

/// Days since 1970-01-01 of `YYYY-MM-DD...` (civil calendar).
pub fn day(date: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| date[range].parse::<i64>().expect("a date");
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Purchase days of each customer of a file with a customer column and a date column, sorted, distinct.
pub fn purchase_days(path: &Path, date_column: usize) -> Vec<Vec<i64>> {
    let mut days: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in rows(path) {
        days.entry(row[0].clone()).or_default().push(day(&row[date_column]));
    }
    days.into_values()
        .map(|mut days| {
            days.sort_unstable();
            days.dedup();
            days
        })
        .collect()
}

/// Summaries in weeks of the customers who bought until `end`, and their purchases after it.
pub fn calibrate(histories: &[Vec<i64>], end: i64) -> (Vec<CustomerSummary>, Vec<u32>) {
    histories
        .iter()
        .filter(|days| days[0] <= end)
        .map(|days| {
            let seen = days.partition_point(|d| *d <= end);
            let weeks = |days: i64| days as f64 / 7.0;
            let summary = CustomerSummary {
                frequency: seen as u32 - 1,
                recency: weeks(days[seen - 1] - days[0]),
                age: weeks(end - days[0]),
                sum_log_gaps: days[..seen].windows(2).map(|pair| weeks(pair[1] - pair[0]).ln()).sum(),
            };
            (summary, (days.len() - seen) as u32)
        })
        .unzip()
}

/// The CDNOW sample by exact days, calibrated until 1997-09-30.
pub fn cdnow_sample(folder: &Path) -> Vec<CustomerSummary> {
    calibrate(&purchase_days(&folder.join("cdnow/CDNOW_sample.csv"), 1), day("1997-09-30")).0
}

/// All 23,570 CDNOW customers, calibrated until 1997-09-30.
pub fn cdnow_full(folder: &Path) -> (Vec<CustomerSummary>, Vec<u32>) {
    calibrate(&purchase_days(&folder.join("cdnow/orders.csv"), 2), day("1997-09-30"))
}

/// The grocery retailer, calibrated until 2006-12-31.
pub fn grocery(folder: &Path) -> (Vec<CustomerSummary>, Vec<u32>) {
    calibrate(&purchase_days(&folder.join("grocery_elog/orders.csv"), 2), day("2006-12-31"))
}

pub fn groups(customers: &[CustomerSummary]) -> SummaryGroups {
    SummaryGroups::from_customers(customers)
}

/// Asserts equality to so many significant digits.
pub fn assert_digits(what: &str, ours: f64, reference: f64, digits: i32) {
    let tolerance = 0.5 * 10_f64.powi(reference.abs().log10().floor() as i32 - digits + 1);
    assert!((ours - reference).abs() <= tolerance, "{what}: {ours} against {reference} ({digits} digits)");
}

/// Asserts a relative difference of at most `tolerance`.
pub fn assert_close(what: &str, ours: f64, reference: f64, tolerance: f64) {
    let difference = (ours - reference).abs();
    assert!(difference <= tolerance * reference.abs(), "{what}: {ours} against {reference}");
}
