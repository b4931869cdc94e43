//! Predictions of the purchase models against quadrature in 25-digit arithmetic, done another way (over the latent rate and
//! the number of purchases), and against each other.

mod support;

use clove_models::purchase::{CustomerSummary, PurchaseModel, PurchaseModelKind};
use support::assert_close;

struct Point {
    parameters: [f64; 5],
    modified: bool,
    customer: CustomerSummary,
    horizon: f64,
    rate: f64,
    p_alive: f64,
    expected: f64,
    /// Of 0 to 4 purchases.
    probabilities: [f64; 5],
    dert: f64,
}

fn bg_points() -> Vec<Point> {
    vec![
        Point {
            parameters: [0.243, 4.414, 0.793, 2.426, 1.0],
            modified: false,
            customer: CustomerSummary::new(2, 30.43, 38.86),
            horizon: 39.0,
            rate: 0.0027,
            p_alive: 0.72657857008067,
            expected: 1.2260281747454,
            probabilities: [0.445372862083, 0.23931893743503, 0.14418322186458, 0.080850055995755, 0.043544969091644],
            dert: 5.156379826154,
        },
        Point {
            parameters: [0.525, 6.183, 0.891, 1.614, 1.0],
            modified: true,
            customer: CustomerSummary::new(0, 0.0, 38.86),
            horizon: 39.0,
            rate: 0.0027,
            p_alive: 0.38973508091876,
            expected: 0.15401274667514,
            probabilities: [
                0.89117060122253,
                0.078704132912309,
                0.020445791233199,
                0.0063092907224513,
                0.0021354343783868,
            ],
            dert: 0.72283633828684,
        },
        Point {
            parameters: [1.3292, 2.8126, 0.4247, 0.79, 2.0],
            modified: true,
            customer: CustomerSummary::new(5, 30.0, 50.0),
            horizon: 20.0,
            rate: 0.0027,
            p_alive: 0.24720019136904,
            expected: 0.57210460934975,
            probabilities: [
                0.76167660656165,
                0.06205913153393,
                0.078874427172964,
                0.056329127178601,
                0.027172711413325,
            ],
            dert: 5.4796788050437,
        },
        Point {
            parameters: [1.3292, 2.8126, 0.4247, 0.79, 3.0],
            modified: false,
            customer: CustomerSummary::new(1, 10.0, 50.0),
            horizon: 40.0,
            rate: 0.0027,
            p_alive: 0.042190041794083,
            expected: 0.062092837054116,
            probabilities: [
                0.9622949557096,
                0.020374070565155,
                0.01188280445136,
                0.0041480493908478,
                0.0010437124409607,
            ],
            dert: 0.2806504411964,
        },
        Point {
            parameters: [1.3, 2.8, 1.0, 0.79, 4.0],
            modified: true,
            customer: CustomerSummary::new(0, 0.0, 3.0),
            horizon: 10.0,
            rate: 0.01,
            p_alive: 0.41349311594383,
            expected: 0.29688317350177,
            probabilities: [
                0.78183318958106,
                0.15953970434545,
                0.043381099261543,
                0.011511867504497,
                0.0028684392760461,
            ],
            dert: 1.1146565028869,
        },
    ]
}

#[test]
fn bg_family_matches_exact_arithmetic() {
    for point in bg_points() {
        let kind = if point.modified { PurchaseModelKind::MbgCnbdK } else { PurchaseModelKind::BgCnbdK };
        let model = kind.model(&point.parameters).unwrap();
        let c = &point.customer;
        let what = format!("{kind} {:?} {c:?}", point.parameters);
        assert_close(&what, model.p_alive(c), point.p_alive, 1e-12);
        assert_close(&what, model.expected_purchases(c, point.horizon), point.expected, 1e-10);
        let probabilities = model.purchase_probabilities(c, point.horizon, 4);
        for (ours, exact) in probabilities.iter().zip(point.probabilities) {
            assert_close(&what, *ours, exact, 1e-10);
        }
        let some = model.probability_of_purchase(c, point.horizon);
        assert_close(&what, some, 1.0 - point.probabilities[0], 1e-9);
        assert_close(&what, model.dert(c, point.rate, None), point.dert, 1e-9);
        // A horizon far beyond the discounting is no horizon.
        let far = 36.0 / point.rate;
        assert_close(&what, model.dert(c, point.rate, Some(far)), point.dert, 1e-8);
        let bulk = model.predict_many(&[*c], &[point.horizon]);
        assert_close(&what, bulk.expected_purchases[0][0], point.expected, 1e-10);
        assert_close(&what, bulk.probability_of_purchase[0][0], some, 1e-12);
        let many = model.purchase_probabilities_many(&[*c, *c], point.horizon, 4);
        assert_eq!(many, [&probabilities[..], &probabilities[..]].concat());
    }
}

struct ParetoPoint {
    parameters: [f64; 4],
    customer: CustomerSummary,
    horizon: f64,
    rate: f64,
    year: f64,
    log_likelihood: f64,
    p_alive: f64,
    expected: f64,
    /// Of 0, 1, 2 and 5 purchases.
    probabilities: [f64; 4],
    median: f64,
    dert: f64,
    dert_forever: f64,
}

fn pareto_points() -> Vec<ParetoPoint> {
    vec![
        ParetoPoint {
            parameters: [0.553, 10.578, 0.606, 11.669],
            customer: CustomerSummary::new(2, 30.43, 38.86),
            horizon: 39.0,
            rate: 0.0027,
            year: 52.0,
            log_likelihood: -9.5542832451504,
            p_alive: 0.86916755915301,
            expected: 1.4551231932576,
            probabilities: [0.40806272360646, 0.21928749790096, 0.1517565207573, 0.031981970261185],
            median: 12.168286885533,
            dert: 1.7353722694302,
            dert_forever: 6.4837735677307,
        },
        ParetoPoint {
            parameters: [0.553, 10.578, 0.606, 11.669],
            customer: CustomerSummary::new(0, 0.0, 38.86),
            horizon: 39.0,
            rate: 0.0027,
            year: 52.0,
            log_likelihood: -0.52104629408089,
            p_alive: 0.29528660461689,
            expected: 0.10708146821531,
            probabilities: [0.93071481594568, 0.04589812412581, 0.014677144710535, 0.0008056916079821],
            median: 40.717571327239,
            dert: 0.12770479597312,
            dert_forever: 0.4771362290322,
        },
        ParetoPoint {
            parameters: [0.3, 2.0, 3.0, 150.0],
            customer: CustomerSummary::new(40, 20.0, 50.0),
            horizon: 30.0,
            rate: 0.0027,
            year: 52.0,
            log_likelihood: -22.727302641412,
            p_alive: 5.5470530581591e-14,
            expected: 1.0483301124564e-12,
            probabilities: [0.99999999999995, 1.0441147709079e-15, 1.0171345485814e-15, 9.4398130109216e-16],
            median: 0.88443002544919,
            dert: 1.4964891850045e-12,
            dert_forever: 3.0832235366008e-12,
        },
        ParetoPoint {
            parameters: [2.5, 40.0, 0.2, 0.5],
            customer: CustomerSummary::new(3, 5.0, 50.0),
            horizon: 30.0,
            rate: 0.0027,
            year: 52.0,
            log_likelihood: -10.341799200909,
            p_alive: 0.087611031653986,
            expected: 0.15280501251108,
            probabilities: [0.9328448137157, 0.024649285660956, 0.01929725286243, 0.0029524748451348],
            median: 11.401811698433,
            dert: 0.24058925072681,
            dert_forever: 1.4113714277371,
        },
        ParetoPoint {
            parameters: [0.8, 9.0, 1.0, 12.0],
            customer: CustomerSummary::new(6, 33.0, 36.0),
            horizon: 26.0,
            rate: 0.01,
            year: 26.0,
            log_likelihood: -19.376257254437,
            p_alive: 0.92143324857829,
            expected: 2.8930308600461,
            probabilities: [0.21448063136169, 0.14484224146217, 0.14880342811907, 0.08551943083785],
            median: 4.2121427958946,
            dert: 2.5713990693342,
            dert_forever: 6.3162397150707,
        },
        ParetoPoint {
            parameters: [3.0, 1.0, 8.0, 4000.0],
            customer: CustomerSummary::new(300, 100.0, 104.0),
            horizon: 52.0,
            rate: 0.0027,
            year: 52.0,
            log_likelihood: 19.727547312399,
            p_alive: 0.011647830523327,
            expected: 1.662519160926,
            probabilities: [0.98836005767748, 7.8821720477528e-6, 7.8761484282478e-6, 7.8581083359287e-6],
            median: 0.24031124647895,
            dert: 1.5529134541114,
            dert_forever: 7.3823266147377,
        },
        ParetoPoint {
            parameters: [0.02, 0.001, 0.05, 900.0],
            customer: CustomerSummary::new(1, 0.5, 300.0),
            horizon: 1000.0,
            rate: 0.0001,
            year: 1000.0,
            log_likelihood: -9.777923261927,
            p_alive: 0.90077436787515,
            expected: 3.0120902818112,
            probabilities: [0.30766342596924, 0.15925424324442, 0.12247469715671, 0.055976498205073],
            median: 281.90383644169,
            dert: 2.8670991110678,
            dert_forever: 27.917836598964,
        },
    ]
}

#[test]
fn pareto_nbd_matches_exact_arithmetic() {
    for point in pareto_points() {
        let model = PurchaseModelKind::ParetoNbd.model(&point.parameters).unwrap();
        let c = &point.customer;
        let what = format!("{:?} {c:?}", point.parameters);
        assert_close(&what, model.log_likelihood(c), point.log_likelihood, 1e-11);
        assert_close(&what, model.p_alive(c), point.p_alive, 1e-10);
        assert_close(&what, model.expected_purchases(c, point.horizon), point.expected, 1e-10);
        let probabilities = model.purchase_probabilities(c, point.horizon, 5);
        for (n, exact) in [0, 1, 2, 5].into_iter().zip(point.probabilities) {
            assert_close(&format!("{what} n = {n}"), probabilities[n], exact, 1e-8);
        }
        let many = model.purchase_probabilities_many(&[*c, *c], point.horizon, 5);
        assert_eq!(many, [&probabilities[..], &probabilities[..]].concat());
        assert_close(&what, model.time_to_next_purchase(c, 0.5), point.median, 1e-9);
        assert_close(&what, model.dert(c, point.rate, Some(point.year)), point.dert, 1e-10);
        assert_close(&what, model.dert(c, point.rate, None), point.dert_forever, 1e-10);
        assert_close(&what, model.dert_many(&[*c], point.rate, None)[0], point.dert_forever, 1e-10);
    }
}

fn example_models() -> Vec<Box<dyn PurchaseModel>> {
    let model = |kind: PurchaseModelKind, parameters: &[f64]| kind.model(parameters).unwrap();
    vec![
        model(PurchaseModelKind::BgNbd, &[0.243, 4.414, 0.793, 2.426]),
        model(PurchaseModelKind::MbgNbd, &[0.525, 6.183, 0.891, 1.614]),
        model(PurchaseModelKind::BgCnbdK, &[1.4, 3.0, 0.5, 1.8, 3.0]),
        model(PurchaseModelKind::MbgCnbdK, &[1.3292, 2.8126, 0.4247, 0.79, 2.0]),
        model(PurchaseModelKind::ParetoNbd, &[0.553, 10.578, 0.606, 11.669]),
    ]
}

fn example_customers() -> Vec<CustomerSummary> {
    vec![
        CustomerSummary::NEW,
        CustomerSummary::new(0, 0.0, 38.86),
        CustomerSummary::new(2, 30.43, 38.86),
        CustomerSummary::new(9, 36.0, 36.0),
        CustomerSummary::new(25, 20.0, 30.0),
    ]
}

#[test]
fn gradients_are_the_derivatives_of_the_predictions() {
    for model in example_models() {
        let customers = example_customers();
        let gradients = model.expected_purchases_gradients(&customers, 26.0);
        for (customer, gradient) in customers.iter().zip(gradients) {
            for (i, slope) in gradient.into_iter().enumerate() {
                let moved = |step: f64| {
                    let mut parameters = model.parameters();
                    parameters[i] *= step.exp();
                    model.kind().model(&parameters).unwrap().expected_purchases(customer, 26.0)
                };
                let reference = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                let scale = model.expected_purchases(customer, 26.0).max(1e-3);
                assert!(
                    (slope - reference).abs() < 1e-6 * scale,
                    "{} {customer:?} {i}: {slope}, {reference}",
                    model.kind()
                );
            }
        }
    }
}

#[test]
fn very_long_windows_use_another_sum_that_agrees() {
    // Beyond 40,000 terms another method takes over: the expectation must pass through the change smoothly and keep growing.
    for parameters in [[0.3, 0.001, 0.6, 2.0], [2.0, 0.01, 1.0, 0.5], [0.8, 0.02, 1.7, 1.0]] {
        let model = PurchaseModelKind::BgNbd.model(&parameters).unwrap();
        let customer = CustomerSummary::new(1, 0.01, 0.05);
        let mut last: Option<(f64, f64)> = None;
        for i in 0..60 {
            let horizon = 2.0 * 1.35_f64.powi(i);
            let expected = model.expected_purchases(&customer, horizon);
            // Closed form by the hypergeometric function (Fader, Hardie & Lee 2005, equation 10).
            let [r, alpha, a, b] = parameters;
            if a != 1.0 {
                let (shape, scale) = (r + 1.0, alpha + customer.age);
                let z = horizon / (scale + horizon);
                let ln = shape * (scale / (scale + horizon)).ln()
                    + clove_models::special::ln_hyp2f1(shape, b + 1.0, a + b, z);
                let closed = model.p_alive(&customer) * (a + b) / (a - 1.0) * (1.0 - ln.exp());
                if closed.is_finite() {
                    assert_close(&format!("{parameters:?} {horizon}"), expected, closed, 1e-6);
                }
            }
            if let Some((before, growth)) = last {
                assert!(expected > before && expected - before < 3.0 * growth, "{parameters:?} {horizon}");
            }
            last = Some((expected, last.map_or(expected, |(before, _)| expected - before)));
        }
    }
}

#[test]
fn discounting_nothing_is_counting() {
    for model in example_models() {
        for customer in example_customers() {
            let expected = model.expected_purchases(&customer, 52.0);
            let what = format!("{} {customer:?}", model.kind());
            assert_close(&what, model.dert(&customer, 0.0, Some(52.0)), expected, 1e-12);
            assert_close(&what, model.dert(&customer, 1e-9, Some(52.0)), expected, 1e-6);
            // a and s below 1: the undiscounted sum has no finite expectation.
            assert_eq!(model.dert(&customer, 0.0, None), f64::INFINITY);
            assert!(model.dert(&customer, 0.01, None) > model.dert(&customer, 0.01, Some(200.0)));
        }
    }
    let finite = PurchaseModelKind::MbgCnbdK.model(&[1.0, 2.0, 1.8, 3.0, 2.0]).unwrap();
    let customer = CustomerSummary::new(2, 5.0, 9.0);
    assert_close("E[1/p]", finite.dert(&customer, 0.0, None), finite.p_alive(&customer) * 6.8 / 0.8, 1e-12);
    let finite = PurchaseModelKind::ParetoNbd.model(&[1.0, 2.0, 1.8, 3.0]).unwrap();
    let limit = finite.dert(&customer, 0.0, None);
    assert_close("lifetime", finite.expected_purchases(&customer, 1e9), limit, 1e-6);
}
