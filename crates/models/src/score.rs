//! What the chosen candidate says of single customers, beside expected purchases.
//!
//! For the blend every figure is the mixture of its members' (weights and clocks as in [`crate::blend`]); the naive rate, which
//! knows of no leaving, has no part in P(alive) and in the time to the next purchase.

use crate::blend::Member;
use crate::candidate::{Candidate, CandidateKind};
use crate::purchase::{CustomerSummary, PurchaseFit};
use crate::select::Selection;

/// Figures of many customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// `expected[h][i]`: expected purchases of customer i in horizon h, as [`Selection::predict`] gives them.
    pub expected: Vec<Vec<f64>>,
    /// `errors[h][i]`: standard error of the expectation from uncertain parameters. Members share their data, so their errors are
    /// taken to move together. Members whose parameters have no covariance add nothing.
    pub errors: Vec<Vec<f64>>,
    /// `probability_of_purchase[h][i]`: P(at least one purchase).
    pub probability_of_purchase: Vec<Vec<f64>>,
    /// P(alive) of each customer; `None` when a baseline was chosen.
    pub p_alive: Option<Vec<f64>>,
}

impl Selection {
    /// Scores customers for several horizons (weeks).
    pub fn score(&self, customers: &[CustomerSummary], horizons: &[f64]) -> Scores {
        let zeros = || vec![vec![0.0; customers.len()]; horizons.len()];
        let (mut expected, mut probabilities, mut errors) = (zeros(), zeros(), zeros());
        let mut alive = vec![0.0; customers.len()];
        let mut alive_weight = 0.0;
        for member in self.members() {
            let scaled: Vec<f64> = horizons.iter().map(|h| h * member.clock).collect();
            if let Candidate::Purchase(fit) = &member.candidate {
                let predictions = fit.model().predict_many(customers, &scaled);
                add(&mut alive, &predictions.p_alive, member.weight);
                for (sum, one) in expected.iter_mut().zip(&predictions.expected_purchases) {
                    add(sum, one, member.weight);
                }
                alive_weight += member.weight;
                for (sum, one) in probabilities.iter_mut().zip(&predictions.probability_of_purchase) {
                    add(sum, one, member.weight);
                }
                for (sum, horizon) in errors.iter_mut().zip(&scaled) {
                    if let Some(one) = fit.expected_purchases_errors(customers, *horizon) {
                        add(sum, &one, member.weight);
                    }
                }
            } else {
                for ((sum, expected), horizon) in probabilities.iter_mut().zip(&mut expected).zip(&scaled) {
                    let mut one = member.candidate.expected(customers, *horizon);
                    add(expected, &one, member.weight);
                    for mean in &mut one {
                        *mean = -(-*mean).exp_m1();
                    }
                    add(sum, &one, member.weight);
                }
            }
        }
        for p in &mut alive {
            *p = (*p / alive_weight).min(1.0);
        }
        if self.chosen == CandidateKind::Blend {
            for (expected, horizon) in expected.iter_mut().zip(horizons) {
                self.blend.adjust(customers, expected, *horizon);
            }
        }
        Scores {
            expected,
            errors,
            probability_of_purchase: probabilities,
            p_alive: (alive_weight > 0.0).then_some(alive),
        }
    }

    /// Expected sum of `e^(-discount_rate t)` over the purchases at time t (weeks) from now, up to `horizon` or over all time.
    /// The rate is continuous, per week. `None` when a member has no such value: the naive rate over all time without discount.
    pub fn discounted_purchases(
        &self,
        customers: &[CustomerSummary],
        discount_rate: f64,
        horizon: Option<f64>,
    ) -> Option<Vec<f64>> {
        let mut sums = vec![0.0; customers.len()];
        for Member { candidate, weight, clock } in self.members() {
            let one = if let Candidate::Purchase(fit) = &candidate {
                // On the member's clock time runs `clock` times as fast, so the rate per unit of it is lower.
                fit.model().dert_many(customers, discount_rate / clock, horizon.map(|h| h * clock))
            } else {
                // A constant rate over the discounted length of the horizon.
                let length = match (horizon, discount_rate > 0.0) {
                    (Some(h), true) => -(-discount_rate * h).exp_m1() / discount_rate,
                    (Some(h), false) => h,
                    (None, true) => 1.0 / discount_rate,
                    (None, false) => return None,
                };
                candidate.expected(customers, length * clock)
            };
            add(&mut sums, &one, weight);
        }
        Some(sums)
    }

    /// Quantile of the time (weeks) to the customer's next purchase, given that there is one: the mean of the members'
    /// quantiles. `None` when a baseline was chosen.
    pub fn time_to_next_purchase(&self, customer: &CustomerSummary, quantile: f64) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for member in self.members() {
            if let Candidate::Purchase(fit) = &member.candidate {
                sum += member.weight * fit.model().time_to_next_purchase(customer, quantile) / member.clock;
                weights += member.weight;
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }

    /// The fitted purchase models that predict, with weight and clock: one, or the members of the blend.
    pub fn fits(&self) -> Vec<(PurchaseFit, f64, f64)> {
        let purchase = |member: Member| match member.candidate {
            Candidate::Purchase(fit) => Some((fit, member.weight, member.clock)),
            _ => None,
        };
        self.members().into_iter().filter_map(purchase).collect()
    }
}

fn add(sums: &mut [f64], values: &[f64], weight: f64) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += weight * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blend::UNIT_DAYS;
    use crate::history::Histories;
    use crate::select::{SelectOptions, choose};

    /// A shop of 300 with repeat buyers and some who leave.
    fn selection() -> (Selection, Vec<CustomerSummary>) {
        let (mut customer, mut day) = (Vec::new(), Vec::new());
        for c in 0..300_u32 {
            let (from, every, purchases) = (c as i32 * 7 % 80, 5 + c as i32 * 13 % 60, 1 + c as i32 * c as i32 % 11);
            for i in 0..purchases {
                customer.push(c);
                day.push(from + i * every + (c as i32 * (i + 3)) % 5);
            }
        }
        let histories = Histories::from_purchases(300, &customer, &day, None).expect("valid");
        let selection = choose(&histories, 300, 180, &SelectOptions::default()).expect("customers");
        let summaries = histories.groups(300, UNIT_DAYS).summaries;
        (selection, summaries)
    }

    #[test]
    fn scores_agree_with_forecasts_and_probabilities() {
        let (selection, customers) = selection();
        let scores = selection.score(&customers, &[26.0, 52.0]);
        let forecast = selection.predict(&customers, 26.0).expected;
        let alive = scores.p_alive.expect("a purchase model takes part");
        for i in 0..customers.len() {
            assert!((scores.expected[0][i] - forecast[i]).abs() < 1e-9 * (1.0 + forecast[i]));
            assert!((0.0..=1.0).contains(&alive[i]));
            assert!(scores.expected[0][i] <= scores.expected[1][i]);
            assert!(scores.errors[0][i] >= 0.0 && scores.errors[0][i].is_finite());
            let none = selection.probabilities(&customers[i..=i], 26.0, 0)[0][0];
            assert!((scores.probability_of_purchase[0][i] + none - 1.0).abs() < 1e-8);
            let (soon, late) =
                [0.5, 0.9].map(|q| selection.time_to_next_purchase(&customers[i], q).expect("a model")).into();
            assert!(0.0 < soon && soon < late);
        }
        assert!(!selection.fits().is_empty());
    }

    #[test]
    fn without_a_rate_discounted_purchases_are_expected_purchases() {
        let (mut selection, customers) = selection();
        selection.blend.bands = None;
        selection.blend.class_levels = [1.0; crate::shock::CLASSES];
        let expected = selection.predict(&customers, 52.0).expected;
        let plain = selection.discounted_purchases(&customers, 0.0, Some(52.0)).expect("a horizon");
        let discounted = selection.discounted_purchases(&customers, 0.003, Some(52.0)).expect("a horizon");
        for i in 0..customers.len() {
            assert!((plain[i] - expected[i]).abs() < 1e-6 * (1.0 + expected[i]), "{} {}", plain[i], expected[i]);
            assert!(discounted[i] <= plain[i] && discounted[i] >= plain[i] * (-0.003_f64 * 52.0).exp() - 1e-9);
        }
        assert!(selection.discounted_purchases(&customers, 0.003, None).is_some());
    }
}
