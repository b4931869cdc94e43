//! The golden shop: what its reference script says is what we say.

mod common;

use clove_core::{Basis, RefundDate};
use clove_measure::answer::MoneyPer;
use clove_measure::cohorts::{CohortOptions, Cohorts, cohorts};
use clove_measure::kpis::{KpiOptions, kpis};
use clove_measure::ledger::Ledger;
use common::day;
use serde_json::Value;

fn expected() -> Value {
    serde_json::from_str(include_str!("golden/expected.json")).unwrap()
}

/// The same number up to the four decimals of the reference.
fn same(expected: &Value, actual: f64) {
    let expected = expected.as_f64().expect("a number in the reference");
    assert!((expected - actual).abs() < 5.01e-5, "expected {expected}, got {actual}");
}

fn serialised(value: &impl serde::Serialize) -> f64 {
    match serde_json::to_value(value).unwrap() {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

#[test]
fn key_figures() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let figures = kpis(&ledger, &KpiOptions::default());
    let expected = expected();
    same(&expected["orders"], figures.orders as f64);
    same(&expected["customers"], figures.customers as f64);
    same(&expected["identified_customers"], figures.identified_customers as f64);
    same(&expected["gross_sales"], serialised(&figures.gross_sales));
    same(&expected["discounts"], serialised(&figures.discounts));
    same(&expected["returns"], serialised(&figures.returns));
    same(&expected["net_sales"], serialised(&figures.net_sales));
    same(&expected["gross_margin"], serialised(&figures.gross_margin));
    same(&expected["aov_placed"], figures.aov_placed.as_f64().unwrap());
    same(&expected["aov_net"], figures.aov_net.as_f64().unwrap());
    same(&expected["transaction_frequency"], figures.transaction_frequency.value.unwrap());
    let repeat = figures.repeat_purchase_rate;
    assert_eq!((repeat.numerator, repeat.denominator), (3, 5));
    same(&expected["repeat_purchase_rate"][2], repeat.value.unwrap());
    let gaps: Vec<i32> = figures.gaps.days().collect();
    assert_eq!(expected["gaps_days"], serde_json::json!(gaps));
    same(&expected["median_gap"], figures.gaps.median.unwrap());
    let discounted = figures.discount_share_orders;
    assert_eq!(expected["discount_share_orders"], serde_json::json!([discounted.numerator, discounted.denominator]));
    same(&expected["effective_discount_rate"], figures.effective_discount_rate.value.unwrap());
    same(&expected["refund_rate_value"], figures.refund_rate_value.value.unwrap());
    assert_eq!(figures.cost_coverage.value, Some(1.0));
}

#[test]
fn money_of_march_depends_on_the_refund_date() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let march = KpiOptions { from: Some(day("2026-03-01")), until: Some(day("2026-03-31")), ..KpiOptions::default() };
    let figures = kpis(&ledger, &march);
    same(&expected()["march_net_event_basis"], serialised(&figures.net_event_basis));
    same(&expected()["march_net_order_basis"], serialised(&figures.net_order_basis));
    assert_eq!(figures.net_sales, figures.net_event_basis);
}

#[test]
fn the_cohort_triangle_on_both_refund_dates_and_on_margin() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let triangle = |basis, refund_date| {
        let ages = vec![0, 30, 60, 90, 180];
        cohorts(&ledger, &CohortOptions { basis, refund_date, ages, ..CohortOptions::default() }).unwrap()
    };
    let order = triangle(Basis::Net, RefundDate::Order);
    let event = triangle(Basis::Net, RefundDate::Event);
    let margin = triangle(Basis::Margin, RefundDate::Order);
    let expected = expected();
    let all = expected["cohorts"].as_object().unwrap();
    assert_eq!(order.cohorts.len(), all.len());
    for (index, (month, cohort)) in all.iter().enumerate() {
        let actual = &order.cohorts[index];
        assert_eq!(&actual.cohort, month);
        same(&cohort["customers"], actual.customers as f64);
        same(&cohort["cac"], actual.cac.as_ref().and_then(MoneyPer::as_f64).unwrap());
        for (cell, age) in [0, 30, 60, 90, 180].iter().enumerate() {
            let wanted = &cohort[format!("d{age}")];
            let value = |cohorts: &Cohorts| cohorts.cohorts[index].ltv[cell].ltv.as_f64().unwrap();
            assert_eq!(wanted["complete"], actual.ltv[cell].complete, "{month} d{age}");
            same(&wanted["ltv_net_order_basis"], value(&order));
            same(&wanted["ltv_net_event_basis"], value(&event));
            same(&wanted["ltv_margin"], value(&margin));
        }
    }
    same(&expected["feb_ltv90_cac_net"], order.cohorts[1].ltv[3].ltv_to_cac.unwrap());
    same(&expected["feb_ltv90_cac_margin"], margin.cohorts[1].ltv[3].ltv_to_cac.unwrap());
    let pooled: Vec<u64> = order.pooled.iter().map(|cell| cell.ltv.denominator).collect();
    assert_eq!(pooled, [6, 6, 6, 6, 0], "no cohort is complete at 180 days");
}

#[test]
fn bob_of_a_january_night_in_utc_belongs_to_february_in_rome() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let bob = ledger.customers().iter().find(|customer| ledger.label(customer) == "bob@x.it").unwrap();
    assert_eq!(bob.first_day, day("2026-02-01"));
}
