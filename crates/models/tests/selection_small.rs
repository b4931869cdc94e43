//! Shops with hardly any history: an answer each time, said to be what it is.

use clove_models::backtest::{BacktestError, backtest};
use clove_models::blend::UNIT_DAYS;
use clove_models::candidate::CandidateKind;
use clove_models::history::Histories;
use clove_models::purchase::ModelError;
use clove_models::select::{SelectOptions, Selection, choose};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

/// Chooses and checks that every number is one.
fn choose_soundly(histories: &Histories, day: i32, horizon: i32) -> Selection {
    let selection = choose(histories, day, horizon, &SelectOptions::default()).expect("there are customers");
    let groups = histories.groups(day, UNIT_DAYS);
    let weeks = f64::from(horizon) / UNIT_DAYS;
    let forecast = selection.predict(&groups.summaries, weeks);
    assert!(forecast.expected.iter().all(|e| e.is_finite() && *e >= 0.0), "{selection:?}");
    assert_eq!(forecast.expected.len(), groups.summaries.len());
    for probabilities in selection.probabilities(&groups.summaries, weeks, 30) {
        assert!(
            probabilities.iter().all(|p| (0.0..=1.0 + 1e-9).contains(p))
                && probabilities.iter().sum::<f64>() < 1.0 + 1e-9
        );
    }
    let mut rng = SmallRng::seed_from_u64(3);
    let interval = selection.total(&groups.summaries, &groups.counts, weeks, &mut rng).interval(0.8, &mut rng);
    assert!(interval.low <= interval.expected && interval.expected <= interval.high && interval.high.is_finite());
    assert!(selection.shocks.common.is_finite() && !selection.reason.is_empty());
    let total: f64 = selection.blend.members.iter().map(|m| m.weight).sum();
    assert!(selection.blend.members.is_empty() || (total - 1.0).abs() < 1e-9);
    selection
}

#[test]
fn no_customers_is_an_error() {
    let histories = Histories::from_purchases(1, &[0], &[50], None).expect("valid");
    assert_eq!(choose(&histories, 49, 30, &SelectOptions::default()), Err(ModelError::NoCustomers));
    let mut rng = SmallRng::seed_from_u64(1);
    let empty = backtest(&histories, 50, 50, 0.8, &SelectOptions::default(), &mut rng);
    assert_eq!(empty, Err(BacktestError::EmptyHoldOut));
}

#[test]
fn one_customer_and_no_time_are_answered() {
    let one = Histories::from_purchases(1, &[0, 0], &[0, 9], None).expect("valid");
    let selection = choose_soundly(&one, 12, 365);
    assert_eq!(selection.chosen, CandidateKind::Blend);
    assert!(selection.reason.contains("too short"));
    assert!(selection.windows.is_empty() && selection.blend.bands.is_none());
    choose_soundly(&one, 0, 365);
    choose_soundly(&one, 3000, 365);
}

#[test]
fn one_time_buyers_alone_are_answered() {
    let (customer, day): (Vec<u32>, Vec<i32>) = (0..300).map(|i| (i, i as i32 % 90)).unzip();
    let histories = Histories::from_purchases(300, &customer, &day, None).expect("valid");
    let selection = choose_soundly(&histories, 200, 365);
    let groups = histories.groups(200, UNIT_DAYS);
    let expected = selection.predict(&groups.summaries, 52.0).expected;
    assert!(expected.iter().all(|e| *e < 0.5), "nobody has come back in half a year: {expected:?}");
}

#[test]
fn random_small_shops_are_answered() {
    let mut rng = SmallRng::seed_from_u64(8);
    for round in 0..60 {
        let customers = 2 + round * round / 12;
        let (mut customer, mut day) = (Vec::new(), Vec::new());
        for c in 0..customers as u32 {
            let purchases = (1.0 / rng.random_range(0.02..1.0_f64)) as i32;
            let from = rng.random_range(0..200);
            for _ in 0..purchases {
                customer.push(c);
                day.push(from + rng.random_range(0..200));
            }
        }
        let histories = Histories::from_purchases(customers, &customer, &day, None).expect("valid");
        let until = day.iter().copied().min().expect("purchases") + rng.random_range(0..420);
        choose_soundly(&histories, until, [1, 30, 365, 1000][round % 4]);
    }
}

#[test]
fn steady_buyers_are_left_to_the_model_that_keeps_them() {
    // Everybody buys once a week, give or take, and never leaves: purchase models and the naive rate agree.
    let mut rng = SmallRng::seed_from_u64(5);
    let (mut customer, mut day) = (Vec::new(), Vec::new());
    for c in 0..400 {
        let every = rng.random_range(4.0..20.0);
        let mut at: f64 = rng.random_range(0.0..60.0);
        while at < 730.0 {
            customer.push(c);
            day.push(at as i32);
            at += every * rng.random_range(0.5..1.5);
        }
    }
    let histories = Histories::from_purchases(400, &customer, &day, None).expect("valid");
    let mut rng = SmallRng::seed_from_u64(6);
    let test = backtest(&histories, 365, 730, 0.8, &SelectOptions::default(), &mut rng).expect("customers");
    let chosen = test.models.iter().find(|m| m.kind == test.selection.chosen).expect("fitted").accuracy;
    assert!(chosen.bias_percent.expect("purchases").abs() < 8.0, "{chosen:?} {}", test.selection.reason);
    assert!(chosen.spearman.expect("not constant") > 0.9);
    let rmse = |kind| test.models.iter().find(|m| m.kind == kind).expect("fitted").accuracy.rmse;
    assert!(chosen.rmse < 2.0 * rmse(CandidateKind::NaiveRate), "{} {}", chosen.rmse, rmse(CandidateKind::NaiveRate));
    assert!(test.total_interval.low <= test.holdout_purchases && test.holdout_purchases <= test.total_interval.high);
}

#[test]
fn a_single_model_that_proves_better_takes_the_place_of_the_blend() {
    // Most customers stop early. The worst members are given the weight, so that the blend has to lose.
    let mut rng = SmallRng::seed_from_u64(7);
    let (mut customer, mut day) = (Vec::new(), Vec::new());
    for c in 0..1500 {
        let every = rng.random_range(6.0..30.0);
        let mut at: f64 = rng.random_range(0.0..250.0);
        while at < 500.0 {
            customer.push(c);
            day.push(at as i32);
            at += every * -(1.0 - rng.random::<f64>()).ln();
            if rng.random::<f64>() < 0.25 {
                break;
            }
        }
    }
    let histories = Histories::from_purchases(1500, &customer, &day, None).expect("valid");
    let mut options = SelectOptions::default();
    assert_eq!(choose_soundly(&histories, 400, 100).chosen, CandidateKind::Blend);
    options.settings.sharpness = -20.0;
    let selection = choose(&histories, 400, 100, &options).expect("customers");
    assert!(matches!(selection.chosen, CandidateKind::Purchase(_)), "{}", selection.reason);
    assert!(selection.reason.contains("less error than the blend"));
    let groups = histories.groups(400, UNIT_DAYS);
    let alone = selection.expected_by(selection.chosen, &groups.summaries, 14.0).expect("fitted");
    assert_eq!(selection.predict(&groups.summaries, 14.0).expected, alone);
    assert_eq!(selection.fits().len(), 1);
}
