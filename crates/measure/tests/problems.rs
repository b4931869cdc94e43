//! Problems: each rule finds what it looks for, and a shop in which nothing changes is told of nothing.

mod common;

use clove_core::{Day, Orders, Persons, ShopData, SpendKind};
use clove_measure::ledger::Ledger;
use clove_measure::problems::{Problem, Problems, problems};
use common::{Row, ShopBuilder, day};

const AS_OF: &str = "2026-06-30";

/// Numbers without rhythm, from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

struct Plan {
    builder: ShopBuilder,
    orders: u32,
}

impl Plan {
    fn new() -> Plan {
        Plan { builder: ShopBuilder::default(), orders: 0 }
    }

    fn order(&mut self, customer: &str, days_ago: i32, gross: i64, discount: i64) -> u32 {
        self.orders += 1;
        let (id, on) = (format!("o{:05}", self.orders), Day(day(AS_OF).0 - days_ago));
        self.builder.order(Row { id: &id, customer, day: on, gross, discount, cost: Orders::UNKNOWN_COST })
    }

    fn answer(self) -> Problems {
        let (shop, persons): (ShopData, Persons) = self.builder.build();
        problems(&Ledger::new(&shop, &persons, day(AS_OF)))
    }
}

fn found<'p>(problems: &'p Problems, rule: &str) -> &'p Problem {
    problems.found.iter().find(|one| one.rule == rule).unwrap_or_else(|| panic!("{rule}: {:?}", problems.checked))
}

/// Two and a half years of a shop of which nothing ever changes.
fn even_shop(seed: u64) -> Plan {
    let (mut plan, mut chance) = (Plan::new(), Chance(seed));
    for customer in 0..900 {
        let mut days_ago = chance.below(900) as i32;
        let name = format!("c{customer}");
        while days_ago >= 0 {
            let gross = 2_000 + chance.below(4_000) as i64;
            let discount = if chance.below(4) == 0 { gross / 10 } else { 0 };
            let order = plan.order(&name, days_ago, gross, discount);
            if chance.below(10) == 0 && days_ago > 20 {
                let on = Day(day(AS_OF).0 - days_ago + 1 + chance.below(20) as i32).to_string();
                plan.builder.refund(order, &on, gross / 2);
            }
            if chance.below(2) == 0 {
                break;
            }
            days_ago -= 10 + chance.below(120) as i32;
        }
    }
    plan
}

#[test]
fn a_shop_in_which_nothing_changes_is_hardly_ever_told_of_a_change() {
    let rules = ["second_purchase_gap", "cohort_decay", "discount_dependency", "returns_rise", "orders_pause"];
    let mut alarms = 0;
    for seed in 0..60 {
        let answer = even_shop(seed * 7_919 + 1).answer();
        for rule in rules {
            let checked = answer.checked.iter().find(|one| one.rule == rule).unwrap();
            assert_ne!(checked.outcome, "too_little", "{rule}: {:?}", checked.note);
            alarms += usize::from(checked.outcome == "found");
        }
    }
    // 300 looks at one chance in two hundred each: one or two are to be expected.
    assert!(alarms <= 6, "{alarms} false alarms");
}

#[test]
fn fewer_second_purchases_and_lower_values_are_found() {
    let mut plan = Plan::new();
    for customer in 0..200 {
        let earlier = format!("e{customer}");
        let won = 400 + customer;
        plan.order(&earlier, won, 9_000, 0);
        if customer % 2 == 0 {
            plan.order(&earlier, won - 60, 9_000, 0);
        }
        plan.order(&format!("l{customer}"), 100 + customer, 3_000 + i64::from(customer), 0);
    }
    let answer = plan.answer();
    let second = found(&answer, "second_purchase_gap");
    assert!(second.value < 0.01 && second.usual.is_some_and(|usual| usual > 0.4), "{second:?}");
    let decay = found(&answer, "cohort_decay");
    assert!(decay.value < 33.0 && decay.usual.is_some_and(|usual| usual > 90.0), "{decay:?}");
    assert_eq!(decay.reach, Some(decay.n), "the segment names the customers that the figure rests on");
    assert!(decay.at_stake.is_some_and(|lost| lost.minor > 0) && answer.found[0].at_stake.is_some());
}

#[test]
fn discounts_returns_and_pauses_are_found() {
    let mut plan = Plan::new();
    for days_ago in 0..700 {
        if (200..225).contains(&days_ago) {
            continue;
        }
        for part in 0..2 {
            let discount = if days_ago < 90 && part == 0 { 500 } else { 0 };
            let order = plan.order(&format!("c{}", (days_ago * 2 + part) % 300), days_ago, 5_000, discount);
            if days_ago > 5 && days_ago < 95 && part == 1 {
                plan.builder.refund(order, &Day(day(AS_OF).0 - days_ago + 2).to_string(), 1_000);
            }
        }
    }
    let answer = plan.answer();
    let discounts = found(&answer, "discount_dependency");
    assert_eq!((discounts.value, discounts.usual, discounts.n), (0.5, Some(0.0), 180));
    assert_eq!(discounts.at_stake.map(|amount| amount.minor), Some(90 * 500));
    assert!(discounts.reach.is_some_and(|reach| reach > 0));
    assert!(found(&answer, "returns_rise").value > 0.3);
    let pause = found(&answer, "orders_pause");
    assert!(pause.value == 25.0 && pause.evidence.contains("2025-11-18 to 2025-12-12"), "{}", pause.evidence);
}

#[test]
fn a_channel_that_costs_more_than_it_brings_is_found() {
    let mut plan = Plan::new();
    for customer in 0..120 {
        let channel = if customer % 2 == 0 { "ads" } else { "post" };
        let order = plan.order(&format!("c{customer}"), 120 + customer % 60, 4_000, 0);
        plan.builder.attribute(order, "channel", channel);
    }
    plan.builder.spend("2026-01-01", "2026-03-31", Some("ads"), SpendKind::Media, 60 * 9_000);
    plan.builder.spend("2026-01-01", "2026-03-31", Some("post"), SpendKind::Media, 60 * 1_000);
    let answer = plan.answer();
    let losing = found(&answer, "channel_below_cost");
    assert!(losing.evidence.contains("from ads") && losing.value > 40.0, "{}", losing.evidence);
    assert_eq!(losing.reach, Some(60));
}

#[test]
fn a_small_shop_is_told_what_is_missing() {
    let mut plan = Plan::new();
    for customer in 0..5 {
        plan.order(&format!("c{customer}"), 10 * customer, 1_000, 0);
    }
    let answer = plan.answer();
    assert!(answer.found.is_empty());
    assert!(answer.checked.iter().all(|one| one.outcome == "too_little" && one.note.is_some()), "{:?}", answer.checked);
}
