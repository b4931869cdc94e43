//! Times the purchase models: `cargo run --release -p clove-models --example purchase_bench -- [CUSTOMERS]`.
//!
//! A synthetic shop (BG/NBD, CDNOW-like, whole days, acquired within 12 weeks, seen for 66 to 78), then with `CLOVE_TEST_DATA` set also Pareto/NBD on all CDNOW
//! customers. One thread.

use std::time::Instant;

#[path = "../tests/support/mod.rs"]
mod support;

use clove_models::purchase::{CustomerSummary, FitOptions, PurchaseModelKind, SummaryGroups, fit_purchase_model};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn timed<T>(what: &str, f: impl FnOnce() -> T) -> T {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let value = f();
    let cpu = cpu.zip(cpu_seconds()).map(|(before, after)| format!(", {:.4} CPU s", after - before));
    println!("  {what}: {:.4} s{}", start.elapsed().as_secs_f64(), cpu.unwrap_or_default());
    value
}

/// CPU time of this thread, where the system tells it.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

/// Customers of a shop of exponential gaps and geometric dropout, by whole days, in weeks.
fn shop(customers: usize) -> Vec<CustomerSummary> {
    let mut rng = StdRng::seed_from_u64(7);
    let gamma = rand_distr::Gamma::new(0.25, 1.0 / 4.4).expect("a positive shape");
    let beta = rand_distr::Beta::new(0.8, 2.4).expect("positive shapes");
    (0..customers)
        .map(|_| {
            let age = 468.0 + (rng.random::<f64>() * 84.0).floor();
            let (rate, leave): (f64, f64) = (rng.sample(gamma), rng.sample(beta));
            let (mut time, mut last, mut frequency) = (0.0, 0.0, 0);
            loop {
                let exponential: f64 = rng.sample(rand_distr::Exp1);
                time += 7.0 * exponential / rate;
                if time > age {
                    break;
                }
                if time.floor() > last {
                    last = time.floor();
                    frequency += 1;
                }
                if rng.random::<f64>() < leave {
                    break;
                }
            }
            CustomerSummary::new(frequency, last / 7.0, age / 7.0)
        })
        .collect()
}

fn run(kind: PurchaseModelKind, groups: &SummaryGroups) {
    println!(" {kind}");
    let fit = timed("fit", || fit_purchase_model(kind, groups, &FitOptions::default())).expect("a fit");
    println!("  {:?} log-likelihood {:.4} {}", fit.parameters, fit.log_likelihood, fit.status.name());
    let model = fit.model();
    let bulk = timed("P(alive), E[X], P(purchase)", || model.predict_many(&groups.summaries, &[39.0]));
    let total: f64 = bulk.expected_purchases[0].iter().zip(&groups.counts).map(|(e, c)| e * c).sum();
    println!("  expected purchases in 39 weeks: {total:.2}");
    timed("standard errors of E[X]", || fit.expected_purchases_errors(&groups.summaries, 39.0));
    timed("P(X = 0..20)", || model.purchase_probabilities_many(&groups.summaries, 39.0, 20));
    timed("DERT, 1 year", || model.dert_many(&groups.summaries, 0.002, Some(52.0)));
}

fn main() {
    let customers = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let shop = shop(customers);
    println!("synthetic shop of {customers} customers");
    let groups = timed("group", || SummaryGroups::from_customers(&shop));
    println!("  {} groups", groups.summaries.len());
    run(PurchaseModelKind::BgNbd, &groups);
    run(PurchaseModelKind::MbgNbd, &groups);
    run(PurchaseModelKind::ParetoNbd, &groups);
    run(PurchaseModelKind::MbgCnbdK, &groups);
    if let Some(folder) = support::data_folder("CDNOW") {
        let (customers, _) = support::cdnow_full(&folder);
        println!("CDNOW, {} customers", customers.len());
        let groups = timed("group", || SummaryGroups::from_customers(&customers));
        println!("  {} groups", groups.summaries.len());
        for kind in PurchaseModelKind::ALL {
            run(kind, &groups);
        }
    }
}
