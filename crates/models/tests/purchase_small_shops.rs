//! Shops of 2 to 1,000 customers: a fit always comes back, and what it predicts is always finite.

mod support;

use clove_models::purchase::{
    CustomerSummary, FitOptions, FitStatus, Prior, PurchaseFit, PurchaseModelKind, SummaryGroups, fit_purchase_model,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// Everything a shop asks of a fit, with the rules a failure would break.
fn check(fit: &PurchaseFit, groups: &SummaryGroups) -> Result<(), String> {
    if !fit.parameters.iter().all(|p| p.is_finite() && *p > 0.0) || !fit.log_likelihood.is_finite() {
        return Err(format!("parameters {:?}", fit.parameters));
    }
    let ok = fit.status == FitStatus::Ok;
    if ok != fit.standard_errors.is_some() || ok != fit.log_covariance.is_some() {
        return Err("status and standard errors disagree".into());
    }
    if let Some(errors) = &fit.standard_errors
        && !errors.iter().all(|e| e.is_finite() && *e > 0.0)
    {
        return Err(format!("standard errors {errors:?}"));
    }
    let model = fit.model();
    let bulk = model.predict_many(&groups.summaries, &[4.0, 52.0]);
    let unit = |p: f64| (0.0..=1.0 + 1e-12).contains(&p);
    for (i, customer) in groups.summaries.iter().enumerate() {
        let mut numbers = vec![bulk.expected_purchases[0][i], bulk.expected_purchases[1][i]];
        if !(unit(bulk.p_alive[i]) && bulk.probability_of_purchase.iter().all(|p| unit(p[i]))) {
            return Err(format!("probabilities of {customer:?}"));
        }
        if numbers[0] > numbers[1] * (1.0 + 1e-9) {
            return Err(format!("expected purchases fall with the horizon: {customer:?} {numbers:?}"));
        }
        if i % 16 == 0 {
            let probabilities = model.purchase_probabilities(customer, 52.0, 8);
            if !probabilities.iter().all(|p| unit(*p)) || probabilities.iter().sum::<f64>() > 1.0 + 1e-9 {
                return Err(format!("distribution of {customer:?}: {probabilities:?}"));
            }
        }
        if i % 64 == 0 {
            numbers.push(model.dert(customer, 0.002, Some(52.0)));
            numbers.push(model.dert(customer, 0.002, None));
            let median = model.time_to_next_purchase(customer, 0.5);
            // A boundary fit may say "not in a lifetime"; it may not say nothing.
            if !median.is_finite() || median <= 0.0 {
                return Err(format!("median time to the next purchase of {customer:?}: {median}"));
            }
        }
        if !numbers.iter().all(|n| n.is_finite() && *n >= 0.0) {
            return Err(format!("{customer:?}: {numbers:?}"));
        }
    }
    Ok(())
}

fn check_both(kind: PurchaseModelKind, customers: &[CustomerSummary], what: &str) -> [FitStatus; 2] {
    let groups = SummaryGroups::from_customers(customers);
    [Prior::None, Prior::Weak].map(|prior| {
        let fit = fit_purchase_model(kind, &groups, &FitOptions { prior, ..FitOptions::default() })
            .unwrap_or_else(|e| panic!("{kind} {prior:?} {what}: {e}"));
        if let Err(problem) = check(&fit, &groups) {
            panic!("{kind} {prior:?} {what}: {problem}\n{fit:?}");
        }
        if prior == Prior::Weak {
            let errors = fit.expected_purchases_errors(&groups.summaries, 52.0);
            let usable = errors.is_some_and(|e| e.iter().all(|v| v.is_finite() && *v >= 0.0));
            assert!(usable, "{kind} {what}: a prediction without an interval, {:?}", fit.status);
        }
        fit.status
    })
}

/// 1,000 random sub-samples of CDNOW, n from 2 to 1,000 (as many small as large), with a given model.
fn thousand_samples(kind: PurchaseModelKind) {
    let Some(folder) = support::data_folder(&format!("a thousand small shops, {kind}")) else { return };
    let customers = support::cdnow_sample(&folder);
    let mut rng = StdRng::seed_from_u64(20_260_101);
    let mut ok = [0, 0];
    for round in 0..1000 {
        let n = (2.0 * 500_f64.powf(rng.random::<f64>())).round() as usize;
        let sample: Vec<CustomerSummary> = customers.sample(&mut rng, n).copied().collect();
        for (count, status) in ok.iter_mut().zip(check_both(kind, &sample, &format!("round {round}, n = {n}"))) {
            *count += usize::from(status == FitStatus::Ok);
        }
    }
    println!("{kind}: interior optimum in {} (maximum likelihood) and {} (weak priors) of 1000", ok[0], ok[1]);
    assert_eq!(ok[1], 1000, "weak priors always give an interior optimum");
}

#[test]
fn a_thousand_small_shops_bg_nbd() {
    thousand_samples(PurchaseModelKind::BgNbd);
}

#[test]
fn a_thousand_small_shops_mbg_nbd() {
    thousand_samples(PurchaseModelKind::MbgNbd);
}

#[test]
fn a_thousand_small_shops_pareto_nbd() {
    thousand_samples(PurchaseModelKind::ParetoNbd);
}

#[test]
fn a_thousand_small_shops_bg_cnbd_k() {
    thousand_samples(PurchaseModelKind::BgCnbdK);
}

#[test]
fn a_thousand_small_shops_mbg_cnbd_k() {
    thousand_samples(PurchaseModelKind::MbgCnbdK);
}

#[test]
fn degenerate_shops() {
    let gap = |x: u32, t_x: f64, age: f64| CustomerSummary {
        sum_log_gaps: if x > 0 { f64::from(x) * (t_x / f64::from(x)).ln() } else { 0.0 },
        ..CustomerSummary::new(x, t_x, age)
    };
    let shops: Vec<(&str, Vec<CustomerSummary>, Option<FitStatus>)> = vec![
        ("one new customer", vec![gap(0, 0.0, 0.0)], Some(FitStatus::Unidentified)),
        ("one customer", vec![gap(0, 0.0, 10.0)], Some(FitStatus::Unidentified)),
        ("one loyal customer", vec![gap(12, 50.0, 51.0)], None),
        (
            "nobody came back",
            (0..200).map(|i| gap(0, 0.0, f64::from(i) / 4.0)).collect(),
            Some(FitStatus::Unidentified),
        ),
        ("everybody is new", vec![gap(0, 0.0, 0.0); 50], Some(FitStatus::Unidentified)),
        ("everybody is the same", vec![gap(3, 20.0, 30.0); 100], None),
        ("last seen today", (1..80).map(|i| gap(i % 7 + 1, f64::from(i), f64::from(i))).collect(), None),
        ("nobody has left", (1..80).map(|i| gap(i, f64::from(i), f64::from(i) + 0.5)).collect(), None),
        ("a reseller", vec![gap(5000, 51.9, 52.0), gap(0, 0.0, 52.0), gap(1, 3.0, 40.0)], None),
        ("everything in the first week", (1..60).map(|i| gap(i % 5 + 1, 0.9, 52.0)).collect(), None),
        ("tiny times", (1..60).map(|i| gap(i % 3, if i % 3 == 0 { 0.0 } else { 1e-6 }, 2e-6)).collect(), None),
        ("huge times", (1..60).map(|i| gap(i % 3, if i % 3 == 0 { 0.0 } else { 1e6 }, 2e6)).collect(), None),
    ];
    for kind in PurchaseModelKind::ALL {
        for (what, customers, expected) in &shops {
            let [mle, map] = check_both(kind, customers, what);
            if let Some(expected) = expected {
                assert_eq!(mle, *expected, "{kind}: {what}");
            }
            assert_eq!(map, FitStatus::Ok, "{kind}: {what}");
        }
    }
}

#[test]
fn impossible_input_is_an_error_that_says_so() {
    let kind = PurchaseModelKind::MbgCnbdK;
    let fit = |customers: &[CustomerSummary], options: &FitOptions| {
        fit_purchase_model(kind, &SummaryGroups::from_customers(customers), options).unwrap_err().to_string()
    };
    let options = FitOptions::default();
    assert!(fit(&[], &options).contains("no customers"));
    assert!(fit(&[CustomerSummary::new(1, 3.0, 2.0)], &options).contains("recency must not exceed age"));
    let unknown = CustomerSummary { sum_log_gaps: f64::NAN, ..CustomerSummary::new(1, 3.0, 4.0) };
    assert!(fit(&[unknown], &options).contains("gaps"));
    let k = FitOptions { k: Some(0), ..options };
    assert!(fit(&[CustomerSummary::new(1, 3.0, 4.0)], &k).contains("between 1 and 60"));
}
