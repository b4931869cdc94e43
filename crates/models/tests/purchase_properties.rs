//! What must hold for any parameters, customer and window.

mod support;

use clove_models::purchase::{
    CustomerSummary, FitOptions, FitStatus, Prior, PurchaseModel, PurchaseModelKind, SummaryGroups, fit_purchase_model,
};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Exp1, Gamma};

/// Log-uniform between e^low and e^high.
fn spread(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low..high).prop_map(f64::exp)
}

fn model(kind: PurchaseModelKind, four: [f64; 4], k: u32) -> Box<dyn PurchaseModel> {
    let mut parameters = four.to_vec();
    if kind.has_regularity() {
        parameters.push(f64::from(k));
    }
    kind.model(&parameters).unwrap()
}

fn any_kind() -> impl Strategy<Value = PurchaseModelKind> {
    proptest::sample::select(PurchaseModelKind::ALL.to_vec())
}

fn customer(frequency: u32, share: f64, age: f64) -> CustomerSummary {
    CustomerSummary::new(frequency, if frequency == 0 { 0.0 } else { share * age }, age)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn every_answer_is_finite_and_in_range(
        kind in any_kind(),
        four in [spread(-7.0, 7.0), spread(-7.0, 7.0), spread(-7.0, 7.0), spread(-7.0, 7.0)],
        k in 1..8_u32,
        frequency in prop_oneof![Just(0_u32), 1..5_u32, 5..300_u32, 300..5000_u32],
        share in prop_oneof![Just(1.0), Just(0.0), 0.0..1.0],
        age in prop_oneof![Just(0.0), spread(-6.0, 6.0)],
        horizon in prop_oneof![Just(0.0), spread(-6.0, 7.0)],
    ) {
        let model = model(kind, four, k);
        let customer = customer(frequency, share, age);
        let unit = |p: f64| (0.0..=1.0 + 1e-12).contains(&p);
        prop_assert!(model.log_likelihood(&customer).is_finite());
        prop_assert!(unit(model.p_alive(&customer)));
        let expected = model.expected_purchases(&customer, horizon);
        prop_assert!(expected.is_finite() && expected >= 0.0, "{expected}");
        let some = model.probability_of_purchase(&customer, horizon);
        prop_assert!(unit(some) && some <= expected * (1.0 + 1e-9) + 1e-12, "{some} {expected}");
        let probabilities = model.purchase_probabilities(&customer, horizon, 10);
        prop_assert!(probabilities.iter().all(|p| unit(*p)) && probabilities.iter().sum::<f64>() <= 1.0 + 1e-9);
        prop_assert!((probabilities[0] - (1.0 - some)).abs() < 1e-9, "{} {some}", probabilities[0]);
        for rate in [0.0, 0.003] {
            let dert = model.dert(&customer, rate, Some(horizon));
            prop_assert!(dert.is_finite() && dert >= 0.0 && dert <= expected * (1.0 + 1e-9) + 1e-300, "{dert} {expected}");
        }
        let forever = model.dert(&customer, 0.003, None);
        prop_assert!(forever.is_finite() && forever >= 0.0, "{forever}");
        let quartiles = [0.25, 0.5, 0.75].map(|q| model.time_to_next_purchase(&customer, q));
        prop_assert!(quartiles[0] > 0.0 && quartiles[0] <= quartiles[1] && quartiles[1] <= quartiles[2], "{quartiles:?}");
        let bulk = model.predict_many(&[customer, customer], &[horizon]);
        prop_assert!((bulk.expected_purchases[0][1] - expected).abs() <= 1e-9 * expected + 1e-290);
        prop_assert!((bulk.probability_of_purchase[0][1] - some).abs() <= 1e-9);
        let gradient = model.expected_purchases_gradients(&[customer], horizon)[0];
        prop_assert!(gradient.iter().all(|g| g.is_finite()), "{gradient:?}");
        let mut rng = StdRng::seed_from_u64(1);
        model.simulate_purchases(&customer, horizon, &mut rng);
    }

    #[test]
    fn the_distribution_adds_up_to_one_and_to_the_expectation(
        kind in any_kind(),
        four in [spread(-2.0, 2.0), spread(0.0, 3.0), spread(-1.5, 1.5), spread(-1.0, 3.0)],
        k in 1..5_u32,
        frequency in 0..30_u32,
        share in 0.0..1.0,
        age in spread(0.0, 4.5),
        horizon in spread(-1.0, 3.0),
    ) {
        let model = model(kind, four, k);
        let customer = customer(frequency, share, age);
        let expected = model.expected_purchases(&customer, horizon);
        let max = 4000;
        let probabilities = model.purchase_probabilities(&customer, horizon, max);
        let total: f64 = probabilities.iter().sum();
        prop_assert!((total - 1.0).abs() < 1e-9, "{total}");
        let mean: f64 = probabilities.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
        prop_assert!((mean - expected).abs() < 1e-8 * expected.max(1e-3), "{mean} {expected}");
    }

    #[test]
    fn the_unit_of_time_does_not_matter(
        kind in any_kind(),
        four in [spread(-2.0, 2.0), spread(0.0, 3.0), spread(-1.5, 1.5), spread(0.0, 3.0)],
        k in 1..5_u32,
        frequency in 0..30_u32,
        share in 0.0..1.0,
        age in spread(0.0, 4.5),
        horizon in spread(-1.0, 4.0),
    ) {
        let mut days = [four[0], four[1] * 7.0, four[2], four[3]];
        if kind == PurchaseModelKind::ParetoNbd {
            days[3] *= 7.0;
        }
        let (weeks, days) = (model(kind, four, k), model(kind, days, k));
        let (here, there) = (customer(frequency, share, age), customer(frequency, share, age * 7.0));
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs() + 1e-15;
        prop_assert!(close(weeks.p_alive(&here), days.p_alive(&there)));
        prop_assert!(close(weeks.expected_purchases(&here, horizon), days.expected_purchases(&there, horizon * 7.0)));
        prop_assert!(close(weeks.dert(&here, 0.007, Some(horizon)), days.dert(&there, 0.001, Some(horizon * 7.0))));
        prop_assert!(close(7.0 * weeks.time_to_next_purchase(&here, 0.3), days.time_to_next_purchase(&there, 0.3)));
    }
}

/// A shop made the way the model says, by its own random walk through time: purchases of each customer until the age.
fn walk(kind: PurchaseModelKind, four: [f64; 4], k: u32, age: f64, rng: &mut StdRng) -> Vec<f64> {
    let [first, second, third, fourth] = four;
    let rate: f64 = rng.sample(Gamma::new(first, 1.0 / second).unwrap());
    let mut times = vec![0.0];
    if kind == PurchaseModelKind::ParetoNbd {
        let death: f64 = rng.sample(Gamma::new(third, 1.0 / fourth).unwrap());
        let life = rng.sample::<f64, _>(Exp1) / death;
        loop {
            let next = times[times.len() - 1] + rng.sample::<f64, _>(Exp1) / rate;
            if next > age.min(life) {
                return times;
            }
            times.push(next);
        }
    }
    let leave: f64 = rng.sample(Beta::new(third, fourth).unwrap());
    let modified = matches!(kind, PurchaseModelKind::MbgNbd | PurchaseModelKind::MbgCnbdK);
    if modified && rng.random::<f64>() < leave {
        return times;
    }
    loop {
        let gap: f64 = (0..k).map(|_| rng.sample::<f64, _>(Exp1) / rate).sum();
        let next = times[times.len() - 1] + gap;
        if next > age {
            return times;
        }
        times.push(next);
        if rng.random::<f64>() < leave {
            return times;
        }
    }
}

fn summary(times: &[f64], age: f64) -> CustomerSummary {
    let seen = &times[..times.partition_point(|t| *t <= age)];
    CustomerSummary {
        frequency: seen.len() as u32 - 1,
        recency: seen[seen.len() - 1],
        age,
        sum_log_gaps: seen.windows(2).map(|pair| (pair[1] - pair[0]).ln()).sum(),
    }
}

const TRUTHS: [(PurchaseModelKind, [f64; 4], u32); 5] = [
    (PurchaseModelKind::BgNbd, [0.6, 5.0, 0.8, 2.4], 1),
    (PurchaseModelKind::MbgNbd, [0.8, 5.0, 0.7, 2.0], 1),
    (PurchaseModelKind::BgCnbdK, [1.2, 4.0, 0.6, 1.8], 3),
    (PurchaseModelKind::MbgCnbdK, [1.2, 4.0, 0.5, 1.6], 2),
    (PurchaseModelKind::ParetoNbd, [0.8, 8.0, 0.8, 20.0], 1),
];

#[test]
fn parameters_are_recovered_from_their_own_data() {
    for (kind, truth, k) in TRUTHS {
        let mut rng = StdRng::seed_from_u64(5);
        let customers: Vec<CustomerSummary> = (0..6000)
            .map(|_| {
                let age = 20.0 + 60.0 * rng.random::<f64>();
                summary(&walk(kind, truth, k, age, &mut rng), age)
            })
            .collect();
        let groups = SummaryGroups::from_customers(&customers);
        let fit = fit_purchase_model(kind, &groups, &FitOptions::default()).unwrap();
        assert_eq!(fit.status, FitStatus::Ok);
        if kind.has_regularity() {
            assert_eq!(fit.parameters[4], f64::from(k), "{kind}");
        }
        let errors = fit.standard_errors.clone().unwrap();
        for ((name, ours), (truth, error)) in fit.names().iter().zip(&fit.parameters).zip(truth.iter().zip(&errors)) {
            assert!((ours - truth).abs() < 4.0 * error, "{kind} {name}: {ours}, truth {truth}, error {error}");
            assert!(*error < 0.5 * truth, "{kind} {name}: error {error}");
        }
        // Draws of the parameters spread as the covariance says.
        let draws: Vec<Vec<f64>> = (0..4000).map(|_| fit.draw_parameters(&mut rng)).collect();
        let covariance = fit.log_covariance.as_ref().unwrap();
        for i in 0..4 {
            let logs: Vec<f64> = draws.iter().map(|d| (d[i] / fit.parameters[i]).ln()).collect();
            let variance = logs.iter().map(|l| l * l).sum::<f64>() / logs.len() as f64;
            assert!((variance / covariance.get(i, i) - 1.0).abs() < 0.12);
        }
    }
}

#[test]
fn a_fit_does_not_depend_on_the_unit_of_time() {
    for (kind, truth, k) in TRUTHS {
        let mut rng = StdRng::seed_from_u64(6);
        let customers: Vec<CustomerSummary> =
            (0..800).map(|_| summary(&walk(kind, truth, k, 50.0, &mut rng), 50.0)).collect();
        let days: Vec<CustomerSummary> = customers
            .iter()
            .map(|c| CustomerSummary {
                recency: c.recency * 7.0,
                age: c.age * 7.0,
                sum_log_gaps: c.sum_log_gaps + f64::from(c.frequency) * 7.0_f64.ln(),
                ..*c
            })
            .collect();
        for prior in [Prior::None, Prior::Weak] {
            let options = FitOptions { prior, k: Some(k), time_scale: 1.0 };
            let week = fit_purchase_model(kind, &SummaryGroups::from_customers(&customers), &options).unwrap();
            let options = FitOptions { time_scale: 7.0, ..options };
            let day = fit_purchase_model(kind, &SummaryGroups::from_customers(&days), &options).unwrap();
            for (i, (w, d)) in week.parameters.iter().zip(&day.parameters).enumerate() {
                let scale = if i == 1 || (i == 3 && kind == PurchaseModelKind::ParetoNbd) { 7.0 } else { 1.0 };
                assert!((w * scale / d - 1.0).abs() < 1e-5, "{kind} {prior:?} {i}: {w} {d}");
            }
            let purchases: f64 = customers.iter().map(|c| f64::from(c.frequency)).sum();
            let shifted = day.log_likelihood + purchases * 7.0_f64.ln();
            assert!((shifted - week.log_likelihood).abs() < 1e-6, "{kind}: {shifted} {}", week.log_likelihood);
        }
    }
}

#[test]
fn forecasts_average_to_what_happens() {
    // Tower property: over a shop, purchases so far plus conditional forecasts come to the forecast for a new customer, and to
    // what the shop then does; so expectations add up over windows.
    for (kind, truth, k) in TRUTHS {
        let mut rng = StdRng::seed_from_u64(9);
        let model = model(kind, truth, k);
        let (n, age, horizon) = (60_000, 20.0, 30.0);
        let (mut total, mut square, mut error_square, mut error) = (0.0, 0.0, 0.0, 0.0);
        let (mut none, mut predicted_none) = (0.0, 0.0);
        for _ in 0..n {
            let times = walk(kind, truth, k, age + horizon, &mut rng);
            let seen = summary(&times, age);
            let later = times.len() as f64 - 1.0 - f64::from(seen.frequency);
            let forecast = model.expected_purchases(&seen, horizon);
            let both = f64::from(seen.frequency) + forecast;
            total += both;
            square += both * both;
            error += later - forecast;
            error_square += (later - forecast).powi(2);
            none += f64::from(later == 0.0);
            predicted_none += 1.0 - model.probability_of_purchase(&seen, horizon);
        }
        let n = f64::from(n);
        let (mean, spread) = (total / n, ((square / n - (total / n).powi(2)) / n).sqrt());
        let expected = model.expected_purchases_new(age + horizon);
        assert!((mean - expected).abs() < 4.0 * spread, "{kind}: {mean} against {expected}");
        assert!((error / n).abs() < 4.0 * (error_square / n / n).sqrt(), "{kind}: bias {}", error / n);
        assert!((none - predicted_none).abs() < 4.0 * (0.25 * n).sqrt(), "{kind}: {none} against {predicted_none}");
    }
}

#[test]
fn simulated_purchases_follow_the_distribution() {
    let customers = [CustomerSummary::NEW, CustomerSummary::new(2, 30.43, 38.86), CustomerSummary::new(12, 36.0, 37.5)];
    for (kind, truth, k) in TRUTHS {
        let model = model(kind, truth, k);
        for customer in customers {
            let mut rng = StdRng::seed_from_u64(3);
            let n = 20_000;
            let mut counts = [0.0; 6];
            let mut total = 0.0;
            let mut square = 0.0;
            for _ in 0..n {
                let purchases = model.simulate_purchases(&customer, 26.0, &mut rng);
                total += f64::from(purchases);
                square += f64::from(purchases).powi(2);
                if let Some(count) = counts.get_mut(purchases as usize) {
                    *count += 1.0;
                }
            }
            let n = f64::from(n);
            let expected = model.expected_purchases(&customer, 26.0);
            let spread = ((square / n - (total / n).powi(2)) / n).sqrt();
            assert!((total / n - expected).abs() < 4.5 * spread, "{kind} {customer:?}: {} {expected}", total / n);
            for (count, p) in counts.iter().zip(model.purchase_probabilities(&customer, 26.0, 5)) {
                assert!((count / n - p).abs() < 4.5 * (p * (1.0 - p) / n).sqrt() + 1e-4, "{kind} {customer:?}");
            }
        }
    }
}
