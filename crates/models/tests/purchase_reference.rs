//! The purchase models against published values and exact arithmetic.

mod support;

use clove_models::purchase::{
    CustomerSummary, FitOptions, FitStatus, Prior, PurchaseFit, PurchaseModelKind, SummaryGroups, fit_purchase_model,
};
use support::{assert_close, assert_digits};

fn fit(kind: PurchaseModelKind, customers: &[CustomerSummary]) -> PurchaseFit {
    let fit = fit_purchase_model(kind, &SummaryGroups::from_customers(customers), &FitOptions::default()).unwrap();
    assert_eq!(fit.status, FitStatus::Ok);
    fit
}

fn check(what: &str, fit: &PurchaseFit, parameters: [f64; 4], log_likelihood: f64) {
    for ((name, ours), reference) in fit.names().iter().zip(&fit.parameters).zip(parameters) {
        assert_digits(&format!("{what}, {name}"), *ours, reference, 4);
    }
    assert!((fit.log_likelihood - log_likelihood).abs() < 1e-3, "{what}: {}", fit.log_likelihood);
}

const BG: [f64; 4] = [0.242593, 4.413531, 0.792886, 2.425754];
const MBG: [f64; 4] = [0.524838, 6.182991, 0.891356, 1.614000];
const PARETO: [f64; 4] = [0.553275, 10.57761, 0.606214, 11.66791];

#[test]
fn fits_of_the_published_cdnow_summary() {
    let Some(folder) = support::data_folder("fits_of_the_published_cdnow_summary") else { return };
    let customers = support::cdnow_summary(&folder);
    let bg = fit(PurchaseModelKind::BgNbd, &customers);
    check("BG/NBD", &bg, BG, -9582.4256);
    let errors = bg.standard_errors.as_ref().unwrap();
    for (ours, reference) in errors.iter().zip([0.012557, 0.378221, 0.185719, 0.705345]) {
        assert_digits("BG/NBD standard error", *ours, reference, 4);
    }
    check("MBG/NBD", &fit(PurchaseModelKind::MbgNbd, &customers), MBG, -9582.1327);
    let pareto = fit(PurchaseModelKind::ParetoNbd, &customers);
    check("Pareto/NBD", &pareto, PARETO, -9594.9739);
    // Published standard errors come from a numerical Hessian elsewhere.
    let errors = pareto.standard_errors.as_ref().unwrap();
    for (ours, reference) in errors.iter().zip([0.0476264, 0.8427222, 0.1872594, 6.2105448]) {
        assert_close("Pareto/NBD standard error", *ours, reference, 1e-3);
    }
}

#[test]
fn fits_of_cdnow_by_exact_days() {
    let Some(folder) = support::data_folder("fits_of_cdnow_by_exact_days") else { return };
    let customers = support::cdnow_sample(&folder);
    assert_eq!(customers.len(), 2357);
    for (kind, parameters, log_likelihood) in [
        (PurchaseModelKind::BgNbd, BG, -9582.4292),
        (PurchaseModelKind::MbgNbd, MBG, -9582.1357),
        (PurchaseModelKind::ParetoNbd, PARETO, -9594.9762),
    ] {
        let fit = fit(kind, &customers);
        for (ours, reference) in fit.parameters.iter().zip(parameters) {
            assert_close(kind.name(), *ours, reference, 6e-4);
        }
        assert!((fit.log_likelihood - log_likelihood).abs() < 1e-3, "{kind}: {}", fit.log_likelihood);
        let model = fit.model();
        let sum: f64 = customers.iter().map(|c| model.log_likelihood(c)).sum();
        assert!((sum - fit.log_likelihood).abs() < 1e-7, "{kind}: customer by customer {sum}");
    }
}

#[test]
fn the_regularity_of_grocery_shoppers_is_found() {
    let Some(folder) = support::data_folder("the_regularity_of_grocery_shoppers_is_found") else { return };
    let (customers, _) = support::grocery(&folder);
    assert_eq!(customers.len(), 1525);
    let regular = fit(PurchaseModelKind::MbgCnbdK, &customers);
    assert_eq!(regular.parameters[4], 2.0);
    assert!((regular.log_likelihood + 14978.21).abs() < 5e-3, "{}", regular.log_likelihood);
    for (ours, reference) in regular.parameters.iter().zip([1.3292, 2.8126, 0.4247, 0.7900]) {
        assert_digits("MBG/CNBD-2", *ours, reference, 4);
    }
    let model = regular.model();
    let sum: f64 = customers.iter().map(|c| model.log_likelihood(c)).sum();
    assert!((sum - regular.log_likelihood).abs() < 1e-7);
    let plain = fit(PurchaseModelKind::MbgNbd, &customers);
    assert!((plain.log_likelihood + 15781.94).abs() < 5e-3, "{}", plain.log_likelihood);
    let one = FitOptions { k: Some(1), ..FitOptions::default() };
    let one = fit_purchase_model(PurchaseModelKind::MbgCnbdK, &support::groups(&customers), &one).unwrap();
    assert!((one.log_likelihood - plain.log_likelihood).abs() < 1e-6);
}

#[test]
fn bg_nbd_predictions() {
    let model = PurchaseModelKind::BgNbd.model(&BG).unwrap();
    let customer = CustomerSummary::new(2, 30.43, 38.86);
    assert_digits("E[X(39)]", model.expected_purchases(&customer, 39.0), 1.22591, 6);
    assert_digits("P(alive)", model.p_alive(&customer), 0.726609, 6);
    let new = [(0.1429, 0.00782), (1.0, 0.05318), (3.0, 0.15063), (31.8571, 1.04049), (32.0, 1.04374), (78.0, 1.85797)];
    for (t, reference) in new {
        assert!((model.expected_purchases_new(t) - reference).abs() < 5.1e-6, "E[X({t})]");
    }
    assert_digits("P(X(39) = 0)", model.purchase_probabilities_new(39.0, 0)[0], 0.5743072, 6);
    let rounded = PurchaseModelKind::BgNbd.model(&[0.243, 4.414, 0.793, 2.426]).unwrap();
    assert_digits("P(X(39) = 0)", rounded.purchase_probabilities_new(39.0, 5)[0], 0.5737864, 7);
}

#[test]
fn bg_nbd_where_other_software_breaks() {
    let points = [
        ([0.11, 2.24, 0.31, 0.5], (0, 0.0, 1.0), 30.0, 0.564588615532785),
        ([0.243, 4.414, 1.0, 2.426], (2, 30.43, 38.86), 39.0, 1.10213678604),
        ([0.243, 4.414, 0.793, 2.426], (300, 38.0, 39.0), 39.0, 53.175121472424),
        ([0.243, 4.414, 0.793, 2.426], (1000, 38.0, 39.0), 39.0, 6.52488816e-5),
        ([0.243, 4.414, 0.793, 2.426], (5000, 38.9, 39.0), 39.0, 199.950592854),
    ];
    for (parameters, (x, t_x, age), horizon, exact) in points {
        let model = PurchaseModelKind::BgNbd.model(&parameters).unwrap();
        let customer = CustomerSummary::new(x, t_x, age);
        assert_close("E", model.expected_purchases(&customer, horizon), exact, 1e-9);
        let bulk = model.predict_many(&[customer], &[horizon]);
        assert_close("E in bulk", bulk.expected_purchases[0][0], exact, 1e-9);
        assert_close("P(alive) in bulk", bulk.p_alive[0], model.p_alive(&customer), 1e-13);
    }
}

#[test]
fn pareto_nbd_predictions() {
    let model = PurchaseModelKind::ParetoNbd.model(&PARETO).unwrap();
    let customer = CustomerSummary::new(26, 30.86, 31.0);
    // The published figure belongs to parameters that differ in the fifth digit; the other is exact for these.
    assert_close("E[X(52)]", model.expected_purchases(&customer, 52.0), 25.4568, 2e-5);
    assert_digits("E[X(52)]", model.expected_purchases(&customer, 52.0), 25.456543, 8);
    assert_digits("P(alive)", model.p_alive(&customer), 0.997918, 6);

    let model =
        PurchaseModelKind::ParetoNbd.model(&[0.5532700104, 10.5778006846, 0.6060199971, 11.6639145127]).unwrap();
    let rate = 1.15_f64.ln() / 52.0;
    let rows = [
        ((2, 30.428571, 38.857143), 0.86916549, 1.45532078, 6.50222842),
        ((0, 0.0, 38.857143), 0.29515762, 0.10709042, 0.47846936),
        ((4, 24.428571, 33.571429), 0.79152802, 2.60151392, 11.31623370),
    ];
    for ((x, t_x, age), p_alive, expected, dert) in rows {
        let customer = CustomerSummary::new(x, t_x, age);
        assert_digits("P(alive)", model.p_alive(&customer), p_alive, 7);
        assert_digits("E[X(39)]", model.expected_purchases(&customer, 39.0), expected, 7);
        assert_digits("DERT", model.dert(&customer, rate, None), dert, 7);
    }
    let Some(folder) = support::data_folder("sums of Pareto/NBD predictions") else { return };
    let groups = support::groups(&support::cdnow_sample(&folder));
    let sum = |values: &[f64]| values.iter().zip(&groups.counts).map(|(v, c)| v * c).sum::<f64>();
    let bulk = model.predict_many(&groups.summaries, &[39.0]);
    assert_digits("sum of P(alive)", sum(&bulk.p_alive), 1051.971, 7);
    assert_digits("sum of E[X(39)]", sum(&bulk.expected_purchases[0]), 1665.688, 7);
    assert_digits("sum of DERT", sum(&model.dert_many(&groups.summaries, rate, None)), 7207.835, 7);
}

#[test]
fn a_large_fit_by_way_of_a_sample_is_the_optimum_of_all() {
    let Some(folder) = support::data_folder("a_large_fit_by_way_of_a_sample_is_the_optimum_of_all") else { return };
    let (customers, _) = support::cdnow_full(&folder);
    let groups = support::groups(&customers);
    assert!(groups.summaries.len() > 8000);
    for kind in [PurchaseModelKind::BgNbd, PurchaseModelKind::MbgNbd, PurchaseModelKind::ParetoNbd] {
        let fit = fit_purchase_model(kind, &groups, &FitOptions::default()).unwrap();
        if kind == PurchaseModelKind::ParetoNbd {
            // The fit of lifetimes 0.11.3 to the same summary.
            for (ours, reference) in fit.parameters.iter().zip([0.597400, 11.585456, 0.522164, 8.827903]) {
                assert_close("Pareto/NBD on all of CDNOW", *ours, reference, 1e-4);
            }
        }
        // No direction leads up: half a hundredth of a standard error either way loses what the curvature says.
        let errors = fit.standard_errors.as_ref().unwrap();
        let at = |i: usize, step: f64| {
            let mut parameters = fit.parameters.clone();
            parameters[i] += step * errors[i];
            let model = kind.model(&parameters).unwrap();
            groups.summaries.iter().zip(&groups.counts).map(|(s, c)| c * model.log_likelihood(s)).sum::<f64>()
        };
        for i in 0..4 {
            let slope = (at(i, 0.01) - at(i, -0.01)) / 0.02;
            assert!(slope.abs() < 1e-3, "{kind} parameter {i}: {slope} per standard error");
        }
        assert!((at(0, 0.0) - fit.log_likelihood).abs() < 1e-6);
    }
}

#[test]
fn weak_priors_hardly_move_a_large_fit() {
    let Some(folder) = support::data_folder("weak_priors_hardly_move_a_large_fit") else { return };
    let groups = support::groups(&support::cdnow_sample(&folder));
    for kind in [PurchaseModelKind::BgNbd, PurchaseModelKind::MbgNbd, PurchaseModelKind::ParetoNbd] {
        let mle = fit_purchase_model(kind, &groups, &FitOptions::default()).unwrap();
        let weak = FitOptions { prior: Prior::Weak, ..FitOptions::default() };
        let map = fit_purchase_model(kind, &groups, &weak).unwrap();
        let errors = mle.standard_errors.clone().unwrap();
        for ((a, b), error) in mle.parameters.iter().zip(&map.parameters).zip(errors) {
            assert!((a - b).abs() < 0.5 * error, "{kind}: {a} against {b} (standard error {error})");
        }
        assert!(mle.log_likelihood - map.log_likelihood < 0.2);
    }
}
