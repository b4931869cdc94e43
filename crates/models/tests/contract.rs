//! The contract models against the published curves of Fader & Hardie (2007).

use clove_models::bdw::{Bdw, fit_bdw};
use clove_models::contract::{Cohort, ContractError, ContractModel};
use clove_models::sbg::{Sbg, fit_sbg};
use clove_models::status::FitStatus;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution};

const REGULAR: [f64; 8] = [1000.0, 631.0, 468.0, 382.0, 326.0, 289.0, 262.0, 241.0];
const HIGH_END: [f64; 8] = [1000.0, 869.0, 743.0, 653.0, 593.0, 551.0, 517.0, 491.0];

fn cohort(survivors: &[f64]) -> Cohort {
    Cohort { survivors: survivors.to_vec() }
}

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs(), "{got} is not {want} within {tolerance}");
}

#[test]
fn published_sbg_fits_and_forecasts() {
    for (curve, alpha, beta, log_likelihood, forecast) in [
        (REGULAR, 0.7041, 1.1820, -1680.265, [0.2201, 0.2044, 0.1912, 0.1799, 0.1700]),
        (HIGH_END, 0.6681, 3.8061, -1611.158, [0.4604, 0.4358, 0.4142, 0.3951, 0.3780]),
    ] {
        let fit = fit_sbg(&[cohort(&curve)]).unwrap();
        println!("{fit:?}");
        assert_eq!((fit.status, fit.customers), (FitStatus::Ok, 1000.0));
        let [a, b] = fit.model.parameters();
        assert!((a - alpha).abs() < 5e-5 && (b - beta).abs() < 5e-5, "{a} {b}");
        assert!((fit.log_likelihood - log_likelihood).abs() < 1e-3);
        for (t, want) in (8..).zip(forecast) {
            assert!((fit.model.survival(t) - want).abs() < 5.1e-5, "{t} {}", fit.model.survival(t));
            let interval = fit.survival_interval(t, 0.8).unwrap();
            assert!(interval.low < want && want < interval.high && interval.high - interval.low < 0.1);
        }
        let errors = fit.standard_errors.unwrap();
        assert!(errors[0] > 0.01 && errors[0] < 0.2 && errors[1] > 0.01 && errors[1] < 1.0);
    }
}

#[test]
fn discounted_lifetimes() {
    let model = Sbg::new(0.6681, 3.8061).unwrap();
    // Published: 7.5296.
    close(model.discounted_residual_lifetime(8, 0.1, None).unwrap(), 7.529_584_366_743_534, 1e-10);
    close(model.discounted_lifetime(0.1, None).unwrap(), 5.922_204_559_206_97, 1e-10);
    // The beta-discrete-Weibull with c = 1 sums the same series term by term.
    let same = Bdw::new(0.6681, 3.8061, 1.0).unwrap();
    for rate in [0.5, 0.1, 0.01] {
        close(same.discounted_lifetime(rate, None).unwrap(), model.discounted_lifetime(rate, None).unwrap(), 1e-10);
        for periods in [1, 12] {
            let of = |m: &dyn Fn() -> Option<f64>| m().unwrap();
            close(
                of(&|| same.discounted_residual_lifetime(3, rate, Some(periods))),
                of(&|| model.discounted_residual_lifetime(3, rate, Some(periods))),
                1e-12,
            );
        }
    }
    // Without discount: infinite for alpha <= 1, else finite.
    assert_eq!((model.discounted_lifetime(0.0, None), same.discounted_lifetime(0.0, None)), (None, None));
    let short = Sbg::new(2.5, 4.0).unwrap();
    close(short.discounted_lifetime(0.0, None).unwrap(), 5.5 / 1.5, 1e-12);
    close(Bdw::new(2.5, 4.0, 1.0).unwrap().discounted_lifetime(0.0, None).unwrap(), 5.5 / 1.5, 1e-8);
    assert_eq!(model.discounted_lifetime(-0.1, None), None);
}

#[test]
fn rates_and_shares_agree() {
    let sbg = Sbg::new(0.6681, 3.8061).unwrap();
    let bdw = Bdw::new(0.26, 1.7, 1.6).unwrap();
    let models: [&dyn ContractModel; 2] = [&sbg, &bdw];
    for model in models {
        let mut share = 1.0;
        let mut lost = 0.0;
        for t in 1..=30 {
            share *= model.retention_rate(t);
            lost += model.churn_probability(t);
            close(model.survival(t), share, 1e-12);
            close(1.0 - lost, share, 1e-11);
        }
    }
    let forecast = sbg.forecast(&cohort(&HIGH_END), 2);
    close(forecast[0], 491.0 * sbg.retention_rate(8), 1e-12);
    close(forecast[1], forecast[0] * sbg.retention_rate(9), 1e-12);
}

/// The estimates were found independently with scipy's Nelder-Mead on the textbook likelihood.
#[test]
fn bdw_on_the_published_curves() {
    for (curve, parameters, log_likelihood, forecast) in [
        (
            REGULAR,
            [0.45561395, 0.77932545, 1.28345135],
            -1679.60283291,
            [0.223353, 0.208945, 0.196796, 0.186381, 0.177331],
        ),
        (
            HIGH_END,
            [0.21425334, 1.42657492, 1.72356484],
            -1605.31421341,
            [0.467752, 0.448338, 0.431582, 0.416916, 0.40393],
        ),
    ] {
        let fit = fit_bdw(&[cohort(&curve)]).unwrap();
        assert_eq!(fit.status, FitStatus::Ok);
        for (got, want) in fit.model.parameters().iter().zip(parameters) {
            close(*got, want, 1e-5);
        }
        assert!((fit.log_likelihood - log_likelihood).abs() < 1e-6);
        for (t, want) in (8..).zip(forecast) {
            close(fit.model.survival(t), want, 1e-5);
        }
    }
}

fn simulate(model: &Bdw, customers: usize, periods: usize, rng: &mut StdRng) -> Cohort {
    let [alpha, beta, c] = model.parameters();
    let leaves = Beta::new(alpha, beta).unwrap();
    let mut survivors = vec![0.0; periods + 1];
    for _ in 0..customers {
        let stay = 1.0 - leaves.sample(rng);
        let u: f64 = rng.random();
        for (t, count) in survivors.iter_mut().enumerate() {
            if t == 0 || u < stay.powf((t as f64).powf(c)) {
                *count += 1.0;
            }
        }
    }
    Cohort { survivors }
}

#[test]
fn known_parameters_are_recovered_from_cohorts_of_different_age() {
    let mut rng = StdRng::seed_from_u64(4);
    let truth = Bdw::new(0.8, 3.0, 1.3).unwrap();
    let cohorts: Vec<Cohort> = [12, 9, 6, 3].iter().map(|p| simulate(&truth, 20_000, *p, &mut rng)).collect();
    let fit = fit_bdw(&cohorts).unwrap();
    let errors = fit.standard_errors.unwrap();
    for (i, (got, want)) in fit.model.parameters().iter().zip(truth.parameters()).enumerate() {
        assert!((got - want).abs() < 3.5 * errors[i], "{got} {want} {}", errors[i]);
    }
    assert_eq!(fit.customers, 80_000.0);
}

#[test]
fn small_cohorts_never_fail() {
    let mut rng = StdRng::seed_from_u64(9);
    let truth = Bdw::new(0.7, 2.0, 1.0).unwrap();
    let mut counts = [0; 3];
    for _ in 0..500 {
        let customers = rng.random_range(1..=1000);
        let periods = rng.random_range(1..=10);
        let data = [simulate(&truth, customers, periods, &mut rng)];
        let (sbg, bdw) = (fit_sbg(&data).unwrap(), fit_bdw(&data).unwrap());
        counts[bdw.status as usize] += 1;
        let models: [&dyn ContractModel; 2] = [&sbg.model, &bdw.model];
        for model in models {
            for t in 1..=24 {
                assert!((0.0..=1.0).contains(&model.survival(t)) && (0.0..=1.0).contains(&model.retention_rate(t)));
            }
            let residual = model.discounted_residual_lifetime(periods as u32, 0.1, None).unwrap();
            assert!((0.0..=11.0 + 1e-9).contains(&residual), "{sbg:?} {bdw:?} {residual}");
        }
        assert!(sbg.log_likelihood.is_finite() && bdw.log_likelihood >= sbg.log_likelihood - 1e-3, "{sbg:?} {bdw:?}");
    }
    println!("bdw: ok {}, boundary {}, unidentified {}", counts[0], counts[1], counts[2]);
}

#[test]
fn odd_data_get_a_clear_answer() {
    assert_eq!(fit_sbg(&[]), Err(ContractError::NoRenewals));
    assert_eq!(fit_sbg(&[cohort(&[100.0])]), Err(ContractError::NoRenewals));
    assert_eq!(fit_sbg(&[cohort(&[0.0, 0.0])]), Err(ContractError::NoRenewals));
    assert_eq!(
        fit_sbg(&[cohort(&[10.0, 8.0]), cohort(&[10.0, 8.0, 9.0])]),
        Err(ContractError::BadCohort { cohort: 1, period: 2 })
    );
    assert!(fit_sbg(&[cohort(&[10.0, f64::NAN])]).is_err());
    // Nobody leaves, everybody leaves, the same share leaves each time.
    for curve in [vec![50.0; 5], vec![50.0, 0.0], vec![1000.0, 500.0, 250.0, 125.0]] {
        let fit = fit_sbg(&[cohort(&curve)]).unwrap();
        assert_ne!(fit.status, FitStatus::Ok, "{fit:?}");
        assert_eq!(fit.standard_errors, None);
        let next = fit.model.retention_rate(curve.len() as u32);
        assert!((0.0..=1.0).contains(&next));
    }
}
