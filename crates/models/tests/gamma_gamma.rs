//! The Gamma-Gamma model against published and exact values, on real data, on small shops and on simulated ones.

mod cdnow_spend;

use clove_models::gamma_gamma::{SpendError, SpendModel, SpendObservation, SpendOptions, fit_spend_model};
use clove_models::status::FitStatus;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const MLE: SpendOptions = SpendOptions { weak_prior: false, typical_value: None };
const MAP: SpendOptions = SpendOptions { weak_prior: true, typical_value: None };

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{got} is not {want} within {tolerance}");
}

fn observation(frequency: u32, mean: f64) -> SpendObservation {
    SpendObservation { frequency, mean, count: 1.0 }
}

#[test]
fn cdnow_published_summary() {
    let Some(data) = cdnow_spend::summary("cdnow_published_summary") else { return };
    let fit = fit_spend_model(&data, &MLE).unwrap();
    println!("{fit:?}");
    assert_eq!((fit.status, fit.customers), (FitStatus::Ok, 946.0));
    close(fit.model.p(), 6.248804, 1e-4);
    close(fit.model.q(), 3.744588, 1e-4);
    close(fit.model.gamma(), 15.447741, 1e-4);
    assert!((fit.log_likelihood - -4055.9232).abs() < 1e-3, "{}", fit.log_likelihood);
    let by_customer: f64 =
        data.iter().filter(|o| o.frequency > 0).map(|o| fit.model.log_likelihood(o.frequency, o.mean)).sum();
    assert!((fit.log_likelihood - by_customer).abs() < 1e-8);
    // Expected spend of the first customers, as lifetimes 0.11.3 gives it.
    let expected = [
        24.658616189237748,
        18.911479869932435,
        35.171002152506716,
        35.171002152506716,
        35.171002152506716,
        71.4628508045331,
    ];
    for (o, want) in data.iter().zip(expected) {
        close(fit.model.expected_spend(o.frequency, o.mean).unwrap(), want, 1e-6);
    }
}

#[test]
fn cdnow_exact_days() {
    let Some(data) = cdnow_spend::exact_days("cdnow_exact_days") else { return };
    let fit = fit_spend_model(&data, &MLE).unwrap();
    println!("{fit:?}");
    assert_eq!((fit.status, data.len()), (FitStatus::Ok, 2357));
    close(fit.model.p(), 6.2496, 1e-4);
    close(fit.model.q(), 3.7442, 1e-4);
    close(fit.model.gamma(), 15.4435, 1e-4);
    assert!((fit.log_likelihood - -4055.918).abs() < 1e-3, "{}", fit.log_likelihood);
    // The weak prior hardly moves 946 repeat customers.
    let map = fit_spend_model(&data, &MAP).unwrap();
    println!("{map:?}");
    close(map.model.expected_spend_new().unwrap(), fit.model.expected_spend_new().unwrap(), 0.01);
    assert!(fit.log_likelihood - map.log_likelihood < 0.2);
}

/// The expectation is the weighted mean of the population and of the customer, and its gradient is its derivative.
#[test]
fn expected_spend_is_a_weighted_mean() {
    let model = SpendModel::new(6.25, 3.74, 15.44).unwrap();
    close(model.expected_spend_new().unwrap(), 6.25 * 15.44 / 2.74, 1e-14);
    // Weighted mean of the population's and the customer's mean.
    let (population, weight) = (model.expected_spend_new().unwrap(), 2.0 * 6.25 / (2.0 * 6.25 + 3.74 - 1.0));
    close(model.expected_spend(2, 22.35).unwrap(), weight * 22.35 + (1.0 - weight) * population, 1e-13);
    // Numerical derivative.
    let gradient = model.expected_spend_gradient(2, 22.35).unwrap();
    for (i, slope) in gradient.iter().enumerate() {
        let at = |h: f64| {
            let mut v = [6.25, 3.74, 15.44];
            v[i] += h;
            SpendModel::new(v[0], v[1], v[2]).unwrap().expected_spend(2, 22.35).unwrap()
        };
        close(*slope, (at(1e-5) - at(-1e-5)) / 2e-5, 1e-7);
    }
}

#[test]
fn small_shops_never_fail() {
    let Some(data) = cdnow_spend::exact_days("small_shops_never_fail") else { return };
    let mut rng = StdRng::seed_from_u64(20260630);
    let mut counts = [0_usize; 4];
    for _ in 0..1000 {
        let n = rng.random_range(2..=1000);
        let sample: Vec<SpendObservation> = (0..n).map(|_| data[rng.random_range(0..data.len())]).collect();
        let any = sample.iter().any(|o| o.frequency > 0);
        match fit_spend_model(&sample, &MLE) {
            Ok(fit) => {
                counts[fit.status as usize] += 1;
                assert!(fit.log_likelihood.is_finite() && fit.model.gamma().is_finite());
                assert_eq!(fit.status == FitStatus::Ok, fit.standard_errors.is_some());
                if let Some(errors) = fit.standard_errors {
                    assert!(errors.iter().all(|e| e.is_finite() && *e > 0.0));
                }
            }
            Err(error) => {
                counts[3] += 1;
                assert_eq!((error, any), (SpendError::NoRepeatPurchases, false));
            }
        }
        let options = SpendOptions { weak_prior: true, typical_value: Some(35.0) };
        let fit = fit_spend_model(&sample, &options).unwrap();
        assert_ne!(fit.status, FitStatus::Unidentified, "{fit:?}");
        let new = fit.model.expected_spend_new().unwrap();
        assert!(new.is_finite() && new > 1.0 && new < 1000.0, "{new} {fit:?}");
        for o in sample.iter().take(20) {
            let expected = fit.model.expected_spend(o.frequency, o.mean).unwrap();
            let interval = fit.model.spend_interval(o.frequency, o.mean, 0.8);
            assert!(
                expected.is_finite() && 0.0 < interval.low && interval.low < interval.high && interval.high.is_finite()
            );
            assert!(fit.expected_spend_error(o.frequency, o.mean).is_none_or(f64::is_finite));
        }
    }
    println!(
        "MLE: ok {}, boundary {}, unidentified {}, no repeat purchases {}",
        counts[0], counts[1], counts[2], counts[3]
    );
}

#[test]
fn odd_shops_get_a_clear_answer() {
    // Everybody always spends the same.
    let same: Vec<SpendObservation> = (0..50).map(|i| observation(1 + i % 4, 19.9)).collect();
    let fit = fit_spend_model(&same, &MLE).unwrap();
    assert_ne!(fit.status, FitStatus::Ok);
    assert_eq!(fit.standard_errors, None);
    close(fit.model.expected_spend_new().unwrap(), 19.9, 1e-3);
    let fit = fit_spend_model(&same, &MAP).unwrap();
    close(fit.model.expected_spend_new().unwrap(), 19.9, 0.05);
    // One customer.
    let one = [observation(3, 1200.0)];
    assert_ne!(fit_spend_model(&one, &MLE).unwrap().status, FitStatus::Ok);
    let fit = fit_spend_model(&one, &MAP).unwrap();
    close(fit.model.expected_spend(3, 1200.0).unwrap(), 1200.0, 0.2);
    // No repeat customers at all.
    let none = [observation(0, 0.0), observation(0, 0.0)];
    assert_eq!(fit_spend_model(&none, &MLE), Err(SpendError::NoRepeatPurchases));
    assert_eq!(fit_spend_model(&none, &MAP), Err(SpendError::NoRepeatPurchases));
    assert_eq!(fit_spend_model(&[], &MAP), Err(SpendError::NoRepeatPurchases));
    let fit = fit_spend_model(&none, &SpendOptions { weak_prior: true, typical_value: Some(50.0) }).unwrap();
    close(fit.model.expected_spend_new().unwrap(), 50.0, 1e-6);
    // Values that are not positive.
    for mean in [0.0, -3.0, f64::NAN, f64::INFINITY] {
        let error = fit_spend_model(&[observation(1, 5.0), observation(2, mean)], &MAP).unwrap_err();
        assert!(matches!(error, SpendError::NotPositive { frequency: 2, .. }));
        assert!(error.to_string().contains("leave out"));
    }
}

#[test]
fn an_infinite_mean_is_said() {
    // Spend so unequal that q falls below 1.
    let mut rng = StdRng::seed_from_u64(3);
    let truth = SpendModel::new(2.0, 0.7, 10.0).unwrap();
    let data = simulate(&truth, 3000, &mut rng);
    let fit = fit_spend_model(&data, &MLE).unwrap();
    assert!(fit.model.q() < 1.0);
    assert_eq!((fit.status, fit.model.expected_spend_new()), (FitStatus::Boundary, None));
    assert!(fit.model.spend_interval(0, 0.0, 0.8).high.is_finite());
    let fit = fit_spend_model(&data, &MAP).unwrap();
    assert!(fit.model.q() > 1.0 && fit.model.expected_spend_new().unwrap().is_finite());
}

fn simulate(model: &SpendModel, customers: usize, rng: &mut StdRng) -> Vec<SpendObservation> {
    (0..customers)
        .map(|_| {
            let frequency = 1 + (rng.random::<f64>().powi(3) * 9.0) as u32;
            let rate = model.draw_rate(0, 0.0, rng);
            observation(frequency, model.draw_total(rate, frequency, rng) / f64::from(frequency))
        })
        .collect()
}

#[test]
fn the_moments_agree_with_draws() {
    let model = SpendModel::new(2.5, 6.0, 40.0).unwrap();
    let mut rng = StdRng::seed_from_u64(11);
    let draws = 400_000;
    let (mut sum, mut square, mut inside) = (0.0, 0.0, 0);
    let interval = model.spend_interval(2, 31.0, 0.8);
    for _ in 0..draws {
        let rate = model.draw_rate(2, 31.0, &mut rng);
        let value = model.draw_total(rate, 1, &mut rng);
        sum += value;
        square += value * value;
        inside += usize::from((interval.low..=interval.high).contains(&(model.p() / rate)));
    }
    let mean = sum / f64::from(draws);
    close(mean, model.expected_spend(2, 31.0).unwrap(), 0.005);
    close(square / f64::from(draws) - mean * mean, model.transaction_variance(2, 31.0).unwrap(), 0.03);
    close(inside as f64 / f64::from(draws), 0.8, 0.005);
}

/// Binned statistics of many customers give the likelihood that the customers give one by one.
#[test]
fn many_customers_are_fitted_exactly() {
    let truth = SpendModel::new(3.0, 4.0, 30.0).unwrap();
    let data = simulate(&truth, 40_000, &mut StdRng::seed_from_u64(5));
    let fit = fit_spend_model(&data, &MLE).unwrap();
    let by_customer: f64 = data.iter().map(|o| fit.model.log_likelihood(o.frequency, o.mean)).sum();
    assert!((fit.log_likelihood - by_customer).abs() < 1e-6, "{} {by_customer}", fit.log_likelihood);
    let errors = fit.standard_errors.unwrap();
    for (i, (got, want)) in [(fit.model.p(), 3.0), (fit.model.q(), 4.0), (fit.model.gamma(), 30.0)].iter().enumerate() {
        assert!((got - want).abs() < 3.5 * errors[i], "{got} {want} {}", errors[i]);
    }
    // The parameters drawn have the spread that the standard errors tell.
    let mut rng = StdRng::seed_from_u64(6);
    let (mut sum, mut square) = (0.0, 0.0);
    for _ in 0..4000 {
        let p = fit.draw_parameters(&mut rng).p();
        sum += p;
        square += p * p;
    }
    close((square / 4000.0 - (sum / 4000.0_f64).powi(2)).sqrt(), errors[0], 0.06);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Cents or euros, the answer is the same.
    #[test]
    fn the_currency_unit_does_not_matter(seed in 0_u64..1000, power in -6.0_f64..6.0, weak_prior: bool) {
        let truth = SpendModel::new(3.0, 3.5, 20.0).unwrap();
        let data = simulate(&truth, 150, &mut StdRng::seed_from_u64(seed));
        let unit = 10_f64.powf(power);
        let scaled: Vec<_> = data.iter().map(|o| observation(o.frequency, o.mean * unit)).collect();
        let options = SpendOptions { weak_prior, typical_value: None };
        let (a, b) = (fit_spend_model(&data, &options).unwrap(), fit_spend_model(&scaled, &options).unwrap());
        prop_assert_eq!(a.status, b.status);
        if a.status == FitStatus::Ok {
            prop_assert!((a.model.p() / b.model.p() - 1.0).abs() < 1e-6);
            prop_assert!((a.model.q() / b.model.q() - 1.0).abs() < 1e-6);
            prop_assert!((a.model.gamma() * unit / b.model.gamma() - 1.0).abs() < 1e-6);
        }
        prop_assert!((a.log_likelihood - b.log_likelihood - 150.0 * unit.ln()).abs() < 1e-6);
    }

    /// Equal observations counted together or one by one, in any order, are the same data.
    #[test]
    fn counts_are_repetitions(seed in 0_u64..1000) {
        let truth = SpendModel::new(3.0, 3.5, 20.0).unwrap();
        let data = simulate(&truth, 60, &mut StdRng::seed_from_u64(seed));
        let counted: Vec<_> = data.iter().map(|o| SpendObservation { count: 2.0, ..*o }).collect();
        let repeated: Vec<_> = data.iter().rev().chain(data.iter()).copied().collect();
        let (a, b) = (fit_spend_model(&counted, &MAP).unwrap(), fit_spend_model(&repeated, &MAP).unwrap());
        prop_assert!((a.model.p() / b.model.p() - 1.0).abs() < 1e-6 && (a.model.q() / b.model.q() - 1.0).abs() < 1e-6);
    }
}

/// Prints what a fit of a million customers costs; run with `--ignored --nocapture`.
#[test]
#[ignore = "slow: a million simulated customers, for the timing only"]
fn a_million_customers() {
    let truth = SpendModel::new(6.25, 3.74, 15.44).unwrap();
    let mut rng = StdRng::seed_from_u64(1);
    let mut data = simulate(&truth, 400_000, &mut rng);
    data.extend((0..600_000).map(|_| observation(0, 0.0)));
    let start = std::time::Instant::now();
    let fit = fit_spend_model(&data, &MLE).unwrap();
    println!("fit of {} customers with repeats: {:?}", fit.customers, start.elapsed());
    close(fit.model.p(), 6.25, 0.02);
}
