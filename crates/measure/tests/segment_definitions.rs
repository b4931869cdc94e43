//! Definitions of segments: the ready-made ones name the same customers as the measure that they came from, and conditions mean what
//! they say.

mod common;

use clove_core::segment::Condition;
use clove_core::{Day, Orders, Persons, ShopData};
use clove_measure::ledger::Ledger;
use clove_measure::segment::{READY, SegmentError, Segmenter, ready};
use clove_measure::segments::{Segment, segments};
use common::{Row, ShopBuilder, day};
use proptest::prelude::*;

/// A shop without any rhythm, from a seed.
fn irregular_shop(seed: u64, orders: u64) -> (ShopData, Persons) {
    let mut builder = ShopBuilder::default();
    let mut state = seed;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for number in 0..orders {
        let customer = match next(12) {
            0 => format!("guest{number}"),
            other => format!("c{}", other * next(1 + orders / 30)),
        };
        let gross = 100 + next(9_000) as i64;
        let on = day("2024-01-15").0 + next(800) as i32;
        let id = format!("o{number:04}");
        let discount = if next(3) == 0 { gross / 10 } else { 0 };
        let row = Row { id: &id, customer: &customer, day: Day(on), gross, discount, cost: Orders::UNKNOWN_COST };
        let order = builder.order(row);
        builder.attribute(order, "channel", ["ads", "search", "post"][next(3) as usize]);
        for _ in 0..=next(3) {
            builder.line(order, ["cup", "jug", "pan", "pot"][next(4) as usize], 1 + next(2) as i32, gross / 2);
        }
        if next(4) == 0 {
            let back = if next(2) == 0 { gross - discount } else { gross / 4 };
            builder.refund(order, &Day(on + next(80) as i32).to_string(), back);
        }
    }
    builder.build()
}

fn read(text: &str) -> Condition {
    serde_json::from_str(text).unwrap()
}

fn find(name: &str) -> Option<Condition> {
    ready(name).map(|segment| segment.definition.clone())
}

fn inside(segmenter: &Segmenter<'_, '_>, definition: &Condition) -> Vec<bool> {
    segmenter.members(definition, &find).unwrap().inside
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn ready_made_segments_are_those_of_the_measure(seed in any::<u64>(), orders in 20_u64..300) {
        let (shop, persons) = irregular_shop(seed, orders);
        let ledger = Ledger::new(&shop, &persons, day("2026-05-15"));
        let known = segments(&ledger);
        let segmenter = Segmenter::new(&ledger);
        for segment in Segment::ALL.into_iter().filter(|&segment| segment != Segment::CartAbandoner) {
            let found = inside(&segmenter, &find(segment.name()).unwrap());
            for (customer, found) in ledger.customers().iter().zip(found) {
                let member = known.members.iter().find(|member| member.person == customer.person);
                let expected = member.is_some_and(|member| member.segments.contains(&segment));
                prop_assert_eq!(found, expected, "{} {}", segment.name(), customer.person);
            }
        }
    }

    #[test]
    fn a_shop_of_one_customer_says_the_same_of_that_customer(seed in any::<u64>(), orders in 20_u64..120) {
        let (shop, persons) = irregular_shop(seed, orders);
        let ledger = Ledger::new(&shop, &persons, day("2026-05-15"));
        let segmenter = Segmenter::new(&ledger);
        let definition = read(r#"{"any": [
            {"all": [{"figure": {"name": "value_12m", "at_least": 20.5}}, {"not": {"stage": ["lapsed"]}}]},
            {"orders": {"at_least": 2, "columns": {"channel": ["ads", "post"]}, "when": {"within_days": 400}}},
            {"orders": {"which": "last", "products": ["jug"], "discounted": true}},
            {"day": {"name": "first_purchase", "when": {"from": "2025-06-01"}}},
            {"all": [{"figure": {"name": "return_share", "above": 0.3, "below": 0.9}},
                {"figure": {"name": "value", "at_least_percentile": 40}}]},
            {"all": [{"figure": {"name": "recency_score", "at_least": 4}}, {"figure": {"name": "monetary_score", "at_most": 2}}]},
            {"segment": "one_time_bargain"}]}"#);
        let asked = clove_measure::segment::percentiles(&definition);
        let snapshot = segmenter.snapshot(asked).unwrap();
        let kept = inside(&Segmenter::with_snapshot(&ledger, &snapshot), &definition);
        let all = inside(&segmenter, &definition);
        prop_assert_eq!(&kept, &all);
        for (index, customer) in ledger.customers().iter().enumerate().step_by(3) {
            // A shop in which nobody else counts.
            let mut alone = shop.clone();
            for (order, &person) in persons.of_order.iter().enumerate() {
                if person != customer.person {
                    alone.orders.exclusion[order] = clove_core::Exclusion::Test;
                }
            }
            let ledger = Ledger::new(&alone, &persons, day("2026-05-15"));
            let segmenter = Segmenter::of_part(&ledger, &snapshot);
            prop_assert_eq!(inside(&segmenter, &definition), vec![all[index]]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_changes_before_its_day(seed in any::<u64>(), orders in 20_u64..80) {
        let (shop, persons) = irregular_shop(seed, orders);
        let today = day("2026-05-15");
        let ledger = Ledger::new(&shop, &persons, today);
        let definitions = [
            r#"{"figure": {"name": "days_since_last", "at_least": 31, "below": 200.5}}"#,
            r#"{"figure": {"name": "days_since_first", "above": 400, "at_most": 500}}"#,
            r#"{"figure": {"name": "value_12m", "above": 0}}"#,
            r#"{"figure": {"name": "value_24m", "at_least_percentile": 50}}"#,
            r#"{"figure": {"name": "recency_score", "at_least": 3}}"#,
            r#"{"figure": {"name": "days_since_last", "below_percentile": 30}}"#,
            r#"{"orders": {"at_least": 2, "when": {"within_days": 300, "more_than_days_ago": 20}}}"#,
            r#"{"not": {"stage": ["at_risk"]}}"#,
            r#"{"day": {"name": "first_order", "when": {"within_days": 90}}}"#,
        ].map(read);
        let asked = definitions.iter().flat_map(clove_measure::segment::percentiles);
        let snapshot = Segmenter::new(&ledger).snapshot(asked).unwrap();
        let segmenter = Segmenter::with_snapshot(&ledger, &snapshot);
        for definition in &definitions {
            let bound = segmenter.bind(definition, &find, &mut Vec::new()).unwrap();
            let before = inside(&segmenter, definition);
            // Refunds of days to come count from those days on: their customers are left out here.
            let waits = |index: usize| {
                let own = ledger.orders_of(&ledger.customers()[index]);
                shop.adjustments.iter().all(|refund| refund.day <= today || !own.contains(&refund.order))
            };
            let due: Vec<_> = (0..before.len()).map(|index| segmenter.next_change(&bound, index)).collect();
            for days in [1, 2, 5, 10, 20, 40, 80, 160, 320, 640] {
                let later = Day(today.0 + days);
                let ledger = Ledger::new(&shop, &persons, later);
                let after = inside(&Segmenter::with_snapshot(&ledger, &snapshot), definition);
                for (index, customer) in Ledger::new(&shop, &persons, today).customers().iter().enumerate() {
                    let place = ledger.customers().iter().position(|other| other.person == customer.person).unwrap();
                    if waits(index) && due[index].is_none_or(|due| due > later) {
                        prop_assert_eq!(before[index], after[place], "{:?} {} days later", definition, days);
                    }
                }
            }
        }
    }
}

#[test]
fn conditions_mean_what_they_say() {
    let mut builder = ShopBuilder::default();
    let mut order = |id: &str, customer: &str, on: &str, gross: i64, discount: i64| {
        builder.order(Row { id, customer, day: day(on), gross, discount, cost: Orders::UNKNOWN_COST })
    };
    let first = order("1", "ann", "2026-01-10", 5_000, 0);
    order("2", "ann", "2026-05-01", 3_000, 500);
    order("3", "bob", "2026-05-10", 9_990, 0);
    order("4", "cat", "2025-01-01", 1_000, 0);
    builder.attribute(first, "channel", "ads");
    builder.refund(first, "2026-02-01", 5_000);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-05-15"));
    let segmenter = Segmenter::new(&ledger);
    let says = |text: &str| {
        let found = inside(&segmenter, &read(text));
        let names = ledger.customers().iter().zip(found).filter(|(_, inside)| *inside);
        names.map(|(customer, _)| ledger.label(customer)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(says(r#"{"figure": {"name": "value", "at_least": 99.9}}"#), "bob", "to the cent");
    assert_eq!(says(r#"{"figure": {"name": "value", "above": 99.9}}"#), "");
    assert_eq!(says(r#"{"figure": {"name": "orders", "at_least": 2}}"#), "ann");
    assert_eq!(says(r#"{"figure": {"name": "purchases", "at_least": 2}}"#), "", "one of hers came back whole");
    assert_eq!(says(r#"{"orders": {"when": {"within_days": 5}}}"#), "bob");
    assert_eq!(says(r#"{"orders": {"at_most": 0, "when": {"within_days": 90}}}"#), "cat", "nothing for ninety days");
    assert_eq!(says(r#"{"orders": {"columns": {"channel": ["ads", "none"]}}}"#), "ann");
    assert_eq!(says(r#"{"orders": {"kept": false}}"#), "ann");
    assert_eq!(says(r#"{"orders": {"discounted": true, "value_at_least": 25}}"#), "ann");
    assert_eq!(says(r#"{"day": {"name": "last_order", "when": {"more_than_days_ago": 14}}}"#), "cat");
    assert_eq!(says(r#"{"day": {"name": "last_order", "when": {"more_than_days_ago": 13}}}"#), "ann cat");
    assert_eq!(says(r#"{"not": {"segment": "first_time"}}"#), "cat", "ann and bob bought once, not long ago");
    let wrong = |text: &str| segmenter.members(&read(text), &find).unwrap_err();
    assert_eq!(wrong(r#"{"segment": "nobody"}"#), SegmentError::NoSegment("nobody".to_owned()));
    assert!(matches!(wrong(r#"{"orders": {"columns": {"shelf": ["a"]}}}"#), SegmentError::NoColumn { .. }));
    assert!(matches!(wrong(r#"{"orders": {"products": ["cup"]}}"#), SegmentError::NoProducts));
    assert!(matches!(wrong(r#"{"all": []}"#), SegmentError::Definition { .. }));
    let circle = read(r#"{"segment": "self"}"#);
    let found = segmenter.members(&circle, &|_| Some(circle.clone()));
    assert_eq!(found.unwrap_err(), SegmentError::Circle("self".to_owned()));
    let summary = segmenter
        .summary(&segmenter.members(&read(r#"{"figure": {"name": "orders", "at_least": 1}}"#), &find).unwrap());
    assert_eq!((summary.customers.numerator, summary.customers.denominator, summary.orders), (3, 3, 4));
    assert_eq!(summary.value.map(|value| value.minor), Some(2_500 + 9_990 + 1_000));
    assert_eq!(READY.len(), 14);
}
