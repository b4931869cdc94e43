//! The BG/BB model against the published donations data (Fader, Hardie & Shang 2010) and exact sums.

use clove_models::bg_bb::{BgBb, BgBbError, PeriodSummary, fit_bg_bb};
use clove_models::status::FitStatus;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution};

/// Frequency, recency and number of donors of the 1995 cohort over six opportunities.
const DONATIONS: [(u32, u32, f64); 22] = [
    (0, 0, 3464.0),
    (1, 1, 1091.0),
    (1, 2, 277.0),
    (1, 3, 129.0),
    (1, 4, 78.0),
    (1, 5, 119.0),
    (1, 6, 129.0),
    (2, 2, 613.0),
    (2, 3, 255.0),
    (2, 4, 155.0),
    (2, 5, 173.0),
    (2, 6, 234.0),
    (3, 3, 322.0),
    (3, 4, 181.0),
    (3, 5, 225.0),
    (3, 6, 357.0),
    (4, 4, 240.0),
    (4, 5, 284.0),
    (4, 6, 512.0),
    (5, 5, 335.0),
    (5, 6, 728.0),
    (6, 6, 1203.0),
];

fn donations() -> Vec<PeriodSummary> {
    DONATIONS
        .iter()
        .map(|&(frequency, recency, count)| PeriodSummary { frequency, recency, periods: 6, count })
        .collect()
}

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{got} is not {want} within {tolerance}");
}

#[test]
fn donations_parameters_and_forecasts() {
    let data = donations();
    let fit = fit_bg_bb(&data).unwrap();
    println!("{fit:?}");
    assert_eq!((fit.status, fit.customers), (FitStatus::Ok, 11_104.0));
    for (got, want) in fit.model.parameters().iter().zip([1.20352, 0.74972, 0.65672, 2.78344]) {
        close(*got, want, 1e-5);
    }
    assert!((fit.log_likelihood - -33225.581).abs() < 1e-3);
    assert!(fit.standard_errors.unwrap().iter().all(|e| *e > 0.0 && *e < 0.5));
    let total: f64 = data.iter().map(|s| s.count * fit.model.expected_purchases(s, 5)).sum();
    assert!((total - 12_884.157).abs() < 5e-3, "{total}");
}

#[test]
fn probabilities_expectations_and_discounting_agree() {
    let model = BgBb::new(1.20352, 0.74972, 0.65672, 2.78344).unwrap();
    let pasts: Vec<PeriodSummary> = donations().into_iter().chain([PeriodSummary::one(0, 0, 0)]).collect();
    for past in &pasts {
        for horizon in [1, 5, 30] {
            let probabilities: Vec<f64> = (0..=horizon).map(|k| model.purchase_probability(past, horizon, k)).collect();
            close(probabilities.iter().sum(), 1.0, 1e-10);
            let mean: f64 = probabilities.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
            close(mean, model.expected_purchases(past, horizon), 1e-9);
            let next: f64 = (1..=horizon).map(|k| model.next_purchase_probability(past, k)).sum();
            close(next, 1.0 - probabilities[0], 1e-9);
        }
        assert_eq!(model.purchase_probability(past, 3, 4), 0.0);
        let alive = model.p_alive(past, 1);
        assert!(alive > 0.0 && alive < model.p_alive(past, 0) && model.p_alive(past, 0) <= 1.0);
        for rate in [0.1, 0.01, 0.0002] {
            close(model.dert(past, rate).unwrap(), model.discounted_purchases(past, rate, 1_000_000), 1e-8);
        }
        assert_eq!(model.dert(past, 0.0), None);
        let mortal = BgBb::new(1.2, 0.7, 1.5, 2.8).unwrap();
        let long = mortal.discounted_purchases(past, 0.0, 4_000_000);
        close(mortal.dert(past, 0.0).unwrap(), long, 2e-3);
    }
}

/// Values of lifetimes 0.11.3 at the same parameters: alive in the next period, expected purchases in five.
#[test]
fn predictions_agree_with_lifetimes() {
    let model = BgBb::new(1.20352, 0.74972, 0.65672, 2.78344).unwrap();
    for (past, alive, expected) in [
        (PeriodSummary::one(0, 0, 6), 0.108133453898, 0.0728632793773),
        (PeriodSummary::one(1, 6, 6), 0.930433382485, 1.14788295606),
        (PeriodSummary::one(3, 4, 6), 0.439593660092, 1.03456996332),
        (PeriodSummary::one(6, 6, 6), 0.930433382485, 3.75254040428),
    ] {
        close(model.p_alive(&past, 1), alive, 1e-9);
        close(model.expected_purchases(&past, 5), expected, 1e-9);
    }
}

#[test]
fn time_to_the_next_purchase() {
    let model = BgBb::new(1.20352, 0.74972, 0.65672, 2.78344).unwrap();
    for past in [PeriodSummary::one(0, 0, 6), PeriodSummary::one(3, 4, 6), PeriodSummary::one(6, 6, 6)] {
        let (mut chance, mut time, mut power) = (0.0, 0.0, 0.0);
        let last = 100_000_u32;
        for k in 1..=last {
            let p = model.next_purchase_probability(&past, k);
            chance += p;
            time += f64::from(k) * p;
            power = p;
        }
        // What is left of a sum whose terms fall as a known power.
        let s = 1.20352 + f64::from(past.frequency) + 0.65672;
        time += power * f64::from(last).powi(2) / (s - 1.0);
        close(model.expected_time_to_next_purchase(&past).unwrap(), time / chance, 1e-5);
    }
    let rare = BgBb::new(0.3, 2.0, 0.4, 3.0).unwrap();
    assert_eq!(rare.expected_time_to_next_purchase(&PeriodSummary::one(0, 0, 6)), None);
    assert!(rare.expected_time_to_next_purchase(&PeriodSummary::one(1, 2, 6)).unwrap() > 1.0);
}

#[test]
fn known_parameters_are_recovered() {
    let mut rng = StdRng::seed_from_u64(8);
    let truth = [1.5, 2.0, 0.8, 3.0];
    let mut data = std::collections::BTreeMap::new();
    for _ in 0..30_000 {
        let buys = Beta::new(truth[0], truth[1]).unwrap().sample(&mut rng);
        let leaves = Beta::new(truth[2], truth[3]).unwrap().sample(&mut rng);
        let (mut frequency, mut recency) = (0, 0);
        for period in 1..=10 {
            if rng.random::<f64>() < leaves {
                break;
            }
            if rng.random::<f64>() < buys {
                (frequency, recency) = (frequency + 1, period);
            }
        }
        *data.entry((frequency, recency)).or_insert(0.0) += 1.0;
    }
    let data: Vec<PeriodSummary> = data
        .into_iter()
        .map(|((frequency, recency), count)| PeriodSummary { frequency, recency, periods: 10, count })
        .collect();
    let fit = fit_bg_bb(&data).unwrap();
    let errors = fit.standard_errors.unwrap();
    for (i, (got, want)) in fit.model.parameters().iter().zip(truth).enumerate() {
        assert!((got - want).abs() < 3.5 * errors[i], "{got} {want} {}", errors[i]);
    }
}

#[test]
fn small_shops_never_fail() {
    let data = donations();
    let mut rng = StdRng::seed_from_u64(20);
    let mut counts = [0; 3];
    for _ in 0..300 {
        let n = rng.random_range(2..=1000);
        let sample: Vec<PeriodSummary> = (0..n)
            .map(|_| {
                let mut at = rng.random_range(0.0..11_104.0);
                let chosen = data.iter().find(|s| {
                    at -= s.count;
                    at < 0.0
                });
                PeriodSummary { count: 1.0, ..*chosen.unwrap_or(&data[0]) }
            })
            .collect();
        let mut grouped: Vec<PeriodSummary> = Vec::new();
        for one in sample {
            match grouped.iter_mut().find(|g| (g.frequency, g.recency) == (one.frequency, one.recency)) {
                Some(group) => group.count += 1.0,
                None => grouped.push(one),
            }
        }
        let fit = fit_bg_bb(&grouped).unwrap();
        counts[fit.status as usize] += 1;
        assert!(fit.log_likelihood.is_finite());
        for past in &grouped {
            let alive = fit.model.p_alive(past, 1);
            let expected = fit.model.expected_purchases(past, 5);
            let none = fit.model.purchase_probability(past, 5, 0);
            let dert = fit.model.dert(past, 0.1).unwrap();
            assert!((0.0..=1.0).contains(&alive) && (0.0..=5.0 + 1e-9).contains(&expected), "{fit:?} {past:?}");
            assert!((0.0..=1.0).contains(&none) && dert.is_finite() && dert >= 0.0, "{fit:?} {past:?} {dert}");
            let wait = fit.model.expected_time_to_next_purchase(past);
            assert!(wait.is_none_or(|w| w.is_finite() && w >= 1.0 - 1e-9), "{fit:?} {past:?} {wait:?}");
        }
    }
    println!("ok {}, boundary {}, unidentified {}", counts[0], counts[1], counts[2]);
}

#[test]
fn odd_data_get_a_clear_answer() {
    assert_eq!(fit_bg_bb(&[]), Err(BgBbError::NoPeriods));
    assert_eq!(fit_bg_bb(&[PeriodSummary::one(0, 0, 0)]), Err(BgBbError::NoPeriods));
    for bad in [PeriodSummary::one(3, 2, 6), PeriodSummary::one(0, 2, 6), PeriodSummary::one(1, 7, 6)] {
        assert!(matches!(fit_bg_bb(&[bad]), Err(BgBbError::BadSummary { .. })));
    }
    for single in [PeriodSummary::one(0, 0, 5), PeriodSummary::one(5, 5, 5), PeriodSummary::one(2, 3, 5)] {
        let fit = fit_bg_bb(&[single]).unwrap();
        assert_ne!(fit.status, FitStatus::Ok);
        assert!(fit.standard_errors.is_none() && fit.model.expected_purchases(&single, 10).is_finite());
    }
    assert_eq!(BgBb::new(1.0, 0.0, 1.0, 1.0), Err(BgBbError::BadParameters));
}
