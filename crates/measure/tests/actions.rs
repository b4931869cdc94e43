//! What is worth doing next: the arithmetic by hand, and what must hold of any shop.

mod common;

use clove_core::{Orders, Persons, ShopData};
use clove_measure::actions::{Action, ActionOptions, actions};
use clove_measure::headlines::Expectation;
use clove_measure::ledger::Ledger;
use common::{Row, ShopBuilder, day};

/// Ten who bought once in May for 50.00, four who bought thrice at full price, and orders of others with discounts.
fn shop() -> (ShopData, Persons) {
    let mut builder = ShopBuilder::default();
    let mut number = 0;
    let mut order = |customer: &str, on: &str, gross: i64, discount: i64| {
        number += 1;
        let (id, cost) = (format!("o{number}"), Orders::UNKNOWN_COST);
        builder.order(Row { id: &id, customer, day: day(on), gross, discount, cost });
    };
    for once in 0..10 {
        order(&format!("once{once}"), "2026-05-01", 5_000, 0);
    }
    for regular in 0..4 {
        for month in ["2026-01-05", "2026-02-05", "2026-05-05"] {
            order(&format!("regular{regular}"), month, 10_000, 0);
        }
    }
    for other in 0..6 {
        order(&format!("other{other}"), "2026-04-20", 6_000, 1_000);
        order(&format!("other{other}"), "2026-05-20", 6_000, 2_000);
    }
    builder.build()
}

fn found<'a>(all: &'a [Action], id: &str) -> &'a Action {
    all.iter().find(|action| action.id == id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn gains_are_reach_times_answers_times_what_one_answer_brings() {
    let (shop, persons) = shop();
    let ledger = Ledger::new(&shop, &persons, day("2026-05-31"));
    let answer = actions(&ledger, None, ActionOptions::default());
    assert!(!answer.has_forecasts);
    let second = found(&answer.actions, "win_second_order");
    // 10 x 5 % x 50.00, and 10 messages of 0.02.
    assert_eq!((second.reach, second.gain.minor, second.cost.minor, second.net.minor), (10, 2_500, 20, 2_480));
    let apart = second.hold_out.unwrap();
    assert_eq!((apart.customers, apart.expected_share, apart.smallest_effect), (2, None, 1.0));

    // Who answers is a customer again: 20.00 more in the year after.
    let expected: Vec<Expectation> = (0..persons.len() as u32)
        .map(|person| Expectation {
            person,
            now: 1_000.0,
            if_active: 3_000.0,
            purchases: 2.0,
            probability_of_purchase: Some(0.2),
        })
        .collect();
    let options = ActionOptions { answer_share: 0.1, contact_cost: 1.0, ..ActionOptions::default() };
    let answer = actions(&ledger, Some(&expected), options);
    let second = found(&answer.actions, "win_second_order");
    assert_eq!((second.gain.minor, second.cost.minor, second.net.minor), (7_000, 1_000, 6_000));
    let share = second.hold_out.unwrap().expected_share.unwrap();
    assert!((share - 0.2).abs() < 1e-12);
    let sources: Vec<&str> = second.arithmetic.iter().map(|line| line.source).collect();
    assert_eq!(sources, ["measured", "assumed", "measured", "model", "result", "assumed", "result"]);

    // 4 customers x 2 purchases x 12 of 34 purchases discounted x 15.00 each.
    let spared = found(&answer.actions, "spare_discounts");
    assert_eq!((spared.reach, spared.cost.minor), (4, 0));
    assert_eq!(spared.gain.minor, (4.0 * 2.0 * 12.0 / 34.0 * 1_500.0_f64).round() as i64);
    assert!(answer.actions.windows(2).all(|pair| pair[0].net.minor >= pair[1].net.minor));
}

#[test]
fn what_is_not_known_brings_no_action() {
    let (mut shop, persons) = shop();
    shop.has_amounts = false;
    let ledger = Ledger::new(&shop, &persons, day("2026-05-31"));
    assert!(actions(&ledger, None, ActionOptions::default()).actions.is_empty());
    let (shop, persons) = ShopBuilder::default().build();
    let ledger = Ledger::new(&shop, &persons, day("2026-05-31"));
    assert!(actions(&ledger, None, ActionOptions::default()).actions.is_empty());
}
