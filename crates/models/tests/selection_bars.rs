//! The chosen model on the last hold-out of two real shops, against the best figures of other software, and the rule that
//! nothing after the calibration day may matter.

mod shops;

use clove_models::accuracy::{self, Accuracy};
use clove_models::blend::UNIT_DAYS;
use clove_models::history::Histories;
use clove_models::select::{SelectOptions, Selection, choose};
use clove_models::window::{Outcomes, Window};
use shops::day;

/// The selection, and the accuracy of its forecast.
fn hold_out(histories: &Histories, calibrate_until: &str, until: &str) -> (Selection, Accuracy) {
    let (end, days) = (day(calibrate_until), day(until) - day(calibrate_until));
    let selection = choose(histories, end, days, &SelectOptions::default()).expect("there are customers");
    let groups = histories.groups(end, UNIT_DAYS);
    let outcomes = Outcomes::of(histories, &groups, Window { origin: end, days });
    let forecast = selection.predict(&groups.summaries, f64::from(days) / UNIT_DAYS);
    let accuracy =
        accuracy::measure(&outcomes.actual(), &outcomes.per_customer(&forecast.expected)).expect("customers");
    println!("{} ({}): {accuracy:?}", selection.chosen, selection.reason);
    (selection, accuracy)
}

#[test]
fn cdnow_is_forecast_better_than_by_other_software() {
    let Some(histories) = shops::histories("cdnow/orders.csv") else { return };
    let (_, accuracy) = hold_out(&histories, "1997-09-30", "1998-06-30");
    assert_eq!(accuracy.customers, 23_570);
    assert!(accuracy.rmse <= 1.7262);
    assert!(accuracy.bias_percent.expect("purchases").abs() <= 12.9);
    assert!(accuracy.spearman.expect("not constant") >= 0.485);
}

#[test]
fn grocery_is_forecast_better_than_by_other_software() {
    let Some(histories) = shops::histories("grocery_elog/orders.csv") else { return };
    let (_, accuracy) = hold_out(&histories, "2006-12-31", "2007-12-30");
    assert_eq!(accuracy.customers, 1_525);
    assert!(accuracy.rmse <= 3.1503);
    assert!(accuracy.bias_percent.expect("purchases").abs() <= 17.1);
    assert!(accuracy.spearman.expect("not constant") >= 0.645);
}

#[test]
fn later_purchases_change_neither_the_choice_nor_a_prediction() {
    let Some((count, customers, days)) = shops::purchases("grocery_elog/orders.csv") else { return };
    let end = day("2006-12-31");
    let run = |histories: &Histories, horizon: i32| {
        let selection = choose(histories, end, horizon, &SelectOptions::default()).expect("there are customers");
        let groups = histories.groups(end, UNIT_DAYS);
        let forecast = selection.predict(&groups.summaries, f64::from(horizon) / UNIT_DAYS);
        let of = |c: usize| forecast.expected[groups.group_of[c] as usize].to_bits();
        let bits: Vec<u64> = (0..count).map(of).collect();
        (selection, bits)
    };
    let whole = Histories::from_purchases(count, &customers, &days, None).expect("valid");
    let (cut, numbers) = whole.until(end);
    assert_eq!(numbers.len(), count);
    // Later purchases multiplied, moved and given to others.
    let mut mutated = (customers.clone(), days.clone());
    for (i, &d) in days.iter().enumerate().filter(|(_, d)| **d > end) {
        mutated.0[i] = (customers[i] * 7 + 3) % count as u32;
        mutated.0.push(i as u32 % 40);
        mutated.1.push(d + i as i32 % 300);
    }
    let mutated = Histories::from_purchases(count, &mutated.0, &mutated.1, None).expect("valid");
    let reference = run(&whole, 364);
    for other in [cut, mutated] {
        let (selection, bits) = run(&other, 364);
        assert_eq!(selection, reference.0);
        assert_eq!(bits, reference.1);
    }
}

#[test]
fn the_order_of_customers_does_not_matter() {
    let Some((count, customers, days)) = shops::purchases("grocery_elog/orders.csv") else { return };
    let end = day("2006-12-31");
    // 1,525 = 5 * 5 * 61, so that 7 permutes.
    let turned: Vec<u32> = customers.iter().map(|c| (c * 7 + 11) % count as u32).collect();
    // A sample of the customers, too, must not depend on their order.
    for most_customers in [30_000, 600] {
        let options = SelectOptions { most_customers, most_in_windows: 400, ..SelectOptions::default() };
        let run = |customers: &[u32]| {
            let histories = Histories::from_purchases(count, customers, &days, None).expect("valid");
            choose(&histories, end, 180, &options).expect("there are customers")
        };
        let (first, second) = (run(&customers), run(&turned));
        assert_eq!(first.sampled, (most_customers == 600).then_some(600));
        // Order-dependent figures: capture breaks ties by position.
        let figures = |s: &Selection| -> Vec<(String, u64)> {
            s.windows
                .iter()
                .flat_map(|w| &w.scores)
                .map(|s| (s.kind.to_string(), s.accuracy.rmse.to_bits() >> 12))
                .collect()
        };
        assert_eq!(figures(&first), figures(&second));
        let plain = |s: Selection| Selection { windows: Vec::new(), ..s };
        assert_eq!(plain(first), plain(second));
    }
}
