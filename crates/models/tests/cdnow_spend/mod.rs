//! Spend of the CDNOW sample, from the folder named by `CLOVE_TEST_DATA`.

use clove_models::gamma_gamma::SpendObservation;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLOVE_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        // Straight to the terminal: what tests print with macros is shown only when they fail.
        let line = format!("SKIPPED {test}: CLOVE_TEST_DATA is not set\n");
        std::io::stderr().write_all(line.as_bytes()).expect("standard error is writable");
    }
    folder
}

/// The published summary: one observation per customer, with frequency 0 too.
pub fn summary(test: &str) -> Option<Vec<SpendObservation>> {
    let path = folder(test)?.join("cdnow/cdnow_customers_summary_with_transactions.csv");
    let text = std::fs::read_to_string(path).expect("the summary is readable");
    let observations = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let number = |i: usize| fields[i].trim().parse::<f64>().expect("a number");
            SpendObservation { frequency: number(1) as u32, mean: number(4), count: 1.0 }
        })
        .collect();
    Some(observations)
}

/// Amounts of each customer of the CDNOW sample by day, customers and days in order.
pub fn amounts_by_day(folder: &Path) -> Vec<BTreeMap<String, f64>> {
    let text = std::fs::read_to_string(folder.join("cdnow/CDNOW_sample.csv")).expect("the sample is readable");
    let mut days: BTreeMap<&str, BTreeMap<String, f64>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let amount = fields[3].parse::<f64>().expect("an amount");
        *days.entry(fields[0]).or_default().entry(fields[1].to_owned()).or_default() += amount;
    }
    days.into_values().collect()
}

/// The transactions up to 1997-09-30, merged to customer-days; the mean is taken over repeat days with value.
pub fn exact_days(test: &str) -> Option<Vec<SpendObservation>> {
    let customers = amounts_by_day(&folder(test)?);
    let observations = customers.iter().map(|days| {
        let repeat: Vec<f64> =
            days.iter().filter(|(day, _)| day.as_str() <= "1997-09-30").map(|(_, amount)| *amount).skip(1).collect();
        let mean = repeat.iter().sum::<f64>() / (repeat.len() as f64).max(1.0);
        SpendObservation { frequency: repeat.len() as u32, mean, count: 1.0 }
    });
    Some(observations.filter(|o| o.frequency == 0 || o.mean > 0.0).collect())
}
