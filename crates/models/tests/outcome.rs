//! Outcome intervals of the CDNOW customers: the quick ones against exact ones.

mod support;

use clove_models::customer_outcome::unit_outcome_intervals;
use clove_models::gamma_gamma::SpendModel;
use clove_models::outcome::{OutcomeTable, outcome_quantile};
use clove_models::purchase::{PurchaseModel, PurchaseModelKind};

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
                model.as_ref(),
                &customers,
                horizon,
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
