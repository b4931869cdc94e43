//! Time to choose a model for a simulated shop: `cargo run --release -p clove-models --example selection_time -- 1000000`.
//!
//! Customers arrive over 12 weeks and buy as in BG/NBD with the parameters of the CDNOW sample, observed for 39 weeks.

use std::time::Instant;

use clove_models::blend::UNIT_DAYS;
use clove_models::history::Histories;
use clove_models::select::{SelectOptions, choose};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Exp1, Gamma};

const DAYS: f64 = 273.0;

fn main() {
    let customers: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut rng = SmallRng::seed_from_u64(42);
    let (rates, chances) = (Gamma::new(0.243, 1.0 / 4.414).expect("valid"), Beta::new(0.793, 2.426).expect("valid"));
    let (mut customer, mut day) = (Vec::new(), Vec::new());
    for i in 0..customers as u32 {
        let (rate, leave): (f64, f64) = (rng.sample(rates), rng.sample(chances));
        let mut at = rng.random_range(0.0..84.0);
        while at <= DAYS {
            customer.push(i);
            day.push(at as i32);
            let gap: f64 = rng.sample(Exp1);
            at += gap / rate * UNIT_DAYS;
            if day.len() > 1 && customer[customer.len() - 2..] == [i, i] && rng.random::<f64>() < leave {
                break;
            }
        }
    }
    let started = Instant::now();
    let histories = Histories::from_purchases(customers, &customer, &day, None).expect("valid");
    println!("{customers} customers, {} purchase days: histories {:.2?}", histories.purchases(), started.elapsed());
    let started = Instant::now();
    let selection = choose(&histories, DAYS as i32, 365, &SelectOptions::default()).expect("customers");
    println!(
        "choice {:.2?}: {} ({}), sampled {:?}",
        started.elapsed(),
        selection.chosen,
        selection.reason,
        selection.sampled
    );
    let started = Instant::now();
    let groups = histories.groups(DAYS as i32, UNIT_DAYS);
    println!("{} groups {:.2?}", groups.summaries.len(), started.elapsed());
    let started = Instant::now();
    let total: f64 =
        selection.predict(&groups.summaries, 52.0).expected.iter().zip(&groups.counts).map(|(e, n)| e * n).sum();
    println!("prediction {:.2?}: {total:.0} purchases in 52 weeks", started.elapsed());
}
