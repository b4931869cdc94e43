//! Outcome intervals of the CDNOW customers: the quick ones against exact ones.

#[expect(dead_code, reason = "the outcomes need the amounts by day only")]
mod cdnow_spend;
mod support;

use clove_models::accuracy::{coverage, uniform_distance};
use clove_models::customer_outcome::unit_outcome_intervals;
use clove_models::gamma_gamma::SpendModel;
use clove_models::outcome::{OutcomeTable, outcome_probability, outcome_quantile};
use clove_models::purchase::{CustomerSummary, PurchaseModel, PurchaseModelKind};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn models() -> Vec<Box<dyn PurchaseModel>> {
    [
        (PurchaseModelKind::BgNbd, vec![0.2426, 4.4135, 0.7929, 2.4258]),
        (PurchaseModelKind::ParetoNbd, vec![0.5533, 10.578, 0.606, 11.668]),
        (PurchaseModelKind::MbgCnbdK, vec![1.3292, 2.8126, 0.4247, 0.79, 2.0]),
    ]
    .into_iter()
    .map(|(kind, parameters)| kind.model(&parameters).unwrap())
    .collect()
}

#[test]
fn quick_intervals_agree_with_exact_ones() {
    let Some(folder) = support::data_folder("quick_intervals_agree_with_exact_ones") else { return };
    let customers = support::cdnow_sample(&folder);
    let spend = SpendModel::new(6.25, 3.74, 15.44).unwrap();
    let table = OutcomeTable::new(spend, customers.iter().map(|c| c.frequency), 200);
    for model in models() {
        for horizon in [13.0, 52.0] {
            let predictions = model.predict_many(&customers, &[horizon]);
            let got = unit_outcome_intervals(
                &table,
                |customer, most| model.purchase_probabilities(customer, horizon, most),
                &customers,
                &predictions.probability_of_purchase[0],
                &predictions.expected_purchases[0],
                0.8,
            );
            let (mut errors, mut low_errors) = (Vec::new(), Vec::new());
            for (customer, interval) in customers.iter().zip(&got).step_by(5) {
                let counts = model.purchase_probabilities(customer, horizon, 250);
                let rate = spend.posterior(customer.frequency, 30.0).rate;
                let want = |p| outcome_quantile(&spend, customer.frequency, 30.0, &counts, p) / rate;
                let (low, high) = (want(0.1), want(0.9));
                if high > 0.0 {
                    errors.push((interval.high / high - 1.0).abs());
                } else {
                    assert!(interval.high < 1e-6, "{customer:?}");
                }
                if low > 0.0 {
                    low_errors.push((interval.low / low - 1.0).abs());
                } else {
                    assert_eq!(interval.low, 0.0);
                }
            }
            errors.sort_by(f64::total_cmp);
            let at = |share: f64| errors[((errors.len() - 1) as f64 * share) as usize];
            println!(
                "{} over {horizon} weeks: {} upper ends, error median {:.4}, 95 % {:.4}, largest {:.4}; {} lower ends, largest {:.4}",
                model.kind(),
                errors.len(),
                at(0.5),
                at(0.95),
                at(1.0),
                low_errors.len(),
                low_errors.iter().copied().fold(0.0, f64::max)
            );
            assert!(at(0.5) < 0.01 && at(0.95) < 0.03 && at(1.0) < 0.15);
            assert!(low_errors.iter().all(|e| *e < 0.01));
        }
    }
}

/// What the customers of the sample spent in the 39 weeks after 1997-09-30, against the distributions forecast from the days before.
#[test]
fn outcomes_of_the_holdout() {
    let Some(folder) = support::data_folder("outcomes_of_the_holdout") else { return };
    let spend = SpendModel::new(6.2496, 3.7442, 15.4435).unwrap();
    let end = support::day("1997-09-30");
    let mut rng = StdRng::seed_from_u64(39);
    for model in &models()[..2] {
        let (mut actual, mut low, mut high, mut pit) = (vec![], vec![], vec![], vec![]);
        for days in cdnow_spend::amounts_by_day(&folder) {
            let (past, future): (Vec<_>, Vec<_>) = days.iter().partition(|(day, _)| day.as_str() <= "1997-09-30");
            let spent: f64 = future.iter().map(|(_, amount)| **amount).sum();
            let first = support::day(past[0].0);
            let weeks = |day: i64| (day - first) as f64 / 7.0;
            let frequency = (past.len() - 1) as u32;
            let mean = past.iter().skip(1).map(|(_, amount)| **amount).sum::<f64>() / f64::from(frequency.max(1));
            let customer = CustomerSummary::new(frequency, weeks(support::day(past[past.len() - 1].0)), weeks(end));
            let counts = model.purchase_probabilities(&customer, 39.0, 80);
            let quantile = |p| outcome_quantile(&spend, frequency, mean, &counts, p);
            let at = outcome_probability(&spend, frequency, mean, &counts, spent);
            pit.push(if spent > 0.0 { at } else { at * rng.random::<f64>() });
            actual.push(spent);
            low.push(quantile(0.1));
            high.push(quantile(0.9));
        }
        let covered = coverage(&actual, &low, &high).unwrap();
        let some: Vec<usize> = (0..actual.len()).filter(|i| high[*i] > 0.0).collect();
        let of = |v: &[f64]| some.iter().map(|i| v[*i]).collect::<Vec<f64>>();
        let covered_some = coverage(&of(&actual), &of(&low), &of(&high)).unwrap();
        let distance = uniform_distance(&pit).unwrap();
        println!(
            "{}: {covered:.3} of {} inside 80 % intervals, {covered_some:.3} of the {} whose interval is more than zero, KS distance {distance:.3}",
            model.kind(),
            actual.len(),
            some.len()
        );
        assert!(covered > 0.8 && distance < 0.1);
    }
}
