//! The worked examples of the metric definitions, on shops small enough to check by hand.

mod common;

use clove_core::{Basis, Day, RefundDate, SpendKind};
use clove_measure::affinity::{Basket, affinity};
use clove_measure::answer::MoneyPer;
use clove_measure::cohorts::{CohortBy, CohortOptions, Grain, cohorts};
use clove_measure::concentration::concentration;
use clove_measure::headlines::{Expectation, headlines, worth};
use clove_measure::ledger::Ledger;
use clove_measure::lifecycle::{Stage, ThresholdSnapshot, lifecycle};
use clove_measure::migration::{MigrationBy, MigrationCell, migration};
use clove_measure::payback::payback;
use clove_measure::period::Interval;
use clove_measure::personas::personas;
use clove_measure::preferences::preferences;
use clove_measure::repeat::{repeat, returning_customer_rate};
use clove_measure::rfm::rfm;
use clove_measure::segments::{Segment, segments};
use common::{Row, ShopBuilder, day};

#[test]
fn lift_of_six_pairs_in_a_hundred_orders_is_three() {
    let mut builder = ShopBuilder::default();
    for number in 0..100 {
        let order = builder.sale(&format!("c{number}"), "2026-01-10", 1_000);
        if number < 20 {
            builder.line(order, "A", 1, 500);
        }
        if (14..24).contains(&number) {
            builder.line(order, "B", 1, 500);
        }
        builder.line(order, "filler", 1, 100);
    }
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    for basket in [Basket::Customer, Basket::Order] {
        let answer = affinity(&ledger, basket, 1).unwrap();
        let pair = answer.pairs.iter().find(|pair| pair.product_a == "A" && pair.product_b == "B").unwrap();
        assert_eq!((pair.together, pair.count_a, pair.count_b, answer.baskets), (6, 20, 10, 100));
        assert!((pair.lift - 3.0).abs() < 1e-12);
    }
    assert_eq!(affinity(&ledger, Basket::Order, 7).unwrap().pairs.len(), 2, "A and B together fall below the support");
}

#[test]
fn equal_customers_get_equal_scores_and_ties_in_frequency_use_fixed_cuts() {
    let mut builder = ShopBuilder::default();
    for customer in ["a", "b", "c", "d"] {
        builder.sale(customer, "2026-01-10", 1_000);
    }
    for month in 1..=6 {
        builder.sale("e", &format!("2026-0{month}-10"), 1_000);
    }
    builder.sale("guest-1", "2026-06-10", 9_900);
    let (shop, persons) = builder.build();
    let answer = rfm(&Ledger::new(&shop, &persons, day("2026-06-30")), Basis::Net);
    assert_eq!((answer.n, answer.frequency_cuts), (5, "fixed"));
    let scores: Vec<(u8, u8, Option<u8>)> =
        answer.customers.iter().map(|one| (one.recency_score, one.frequency_score, one.monetary_score)).collect();
    let (low, high) = ((1, 1, Some(1)), (5, 5, Some(5)));
    assert_eq!(scores, [low, low, low, low, high]);
}

/// 40 customers who come every 30 days three times, and 40 who never return.
fn rhythmic_shop() -> ShopBuilder {
    let mut builder = ShopBuilder::default();
    let start = day("2025-01-01").0;
    for number in 0..40 {
        for visit in 0..4 {
            let on = Day(start + number + visit * (20 + number % 11)).to_string();
            builder.sale(&format!("r{number}"), &on, 2_000);
        }
        builder.sale(&format!("once{number}"), &Day(start + 300 + number).to_string(), 500);
    }
    builder
}

#[test]
fn thresholds_come_from_the_shop_s_own_gaps_and_from_habit_when_there_are_too_few() {
    let (shop, persons) = rhythmic_shop().build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let snapshot = ThresholdSnapshot::take(&ledger);
    assert!(snapshot.after_first.own && snapshot.after_later.own);
    assert_eq!((snapshot.after_first.gaps, snapshot.after_later.gaps), (40, 80));
    // Gaps are 20 to 30 days, so three quarters of those who return have done so after 28 days.
    assert!((27..=28).contains(&snapshot.after_first.active_days), "{snapshot:?}");
    assert!((29..=30).contains(&snapshot.after_first.at_risk_days), "{snapshot:?}");
    assert_eq!(snapshot.stage(1, snapshot.after_first.active_days), Stage::Active);
    assert_eq!(snapshot.stage(1, snapshot.after_first.at_risk_days), Stage::AtRisk);
    assert_eq!(snapshot.stage(1, snapshot.after_first.at_risk_days + 1), Stage::Lapsed);

    let (shop, persons) = common::golden();
    let golden = ThresholdSnapshot::take(&Ledger::new(&shop, &persons, day("2026-06-30")));
    assert!(!golden.after_first.own);
    assert_eq!((golden.after_first.active_days, golden.after_first.at_risk_days), (90, 180));
}

#[test]
fn churn_counts_those_not_lapsed_at_the_start_only() {
    let (shop, persons) = rhythmic_shop().build();
    let answer = lifecycle(&shop, &persons, day("2025-12-31"), Interval::Month, 90);
    // At the start (2 October) every regular has lapsed and no one-time customer of November has come yet.
    assert_eq!(answer.churn.rate.denominator, 0);
    assert_eq!(answer.churn.rate.value, None);
    let early = lifecycle(&shop, &persons, day("2025-06-29"), Interval::Month, 90);
    assert_eq!(early.churn.start, "2025-03-31");
    assert!(early.churn.rate.denominator > 0);
    assert_eq!(early.churn.rate.numerator, early.churn.rate.denominator, "nobody bought after June");
    assert_eq!(answer.n, 80);
    assert_eq!(answer.stages.values().map(|rate| rate.numerator).sum::<u64>(), 80);
}

#[test]
fn cost_per_customer_and_payback_by_channel() {
    let mut builder = ShopBuilder::default();
    for (customer, channel) in [("a", "ads"), ("b", "ads"), ("c", "organic")] {
        let order =
            builder.order(Row { id: customer, customer, day: day("2025-01-10"), gross: 1_000, discount: 0, cost: 400 });
        builder.attribute(order, "channel", channel);
        for month in 2..=9 {
            let id = format!("{customer}{month}");
            builder.order(Row {
                id: &id,
                customer,
                day: day(&format!("2025-0{month}-10")),
                gross: 500,
                discount: 0,
                cost: 100,
            });
        }
    }
    builder.spend("2025-01-01", "2025-01-31", Some("ads"), SpendKind::Media, 4_000);
    builder.spend("2025-01-01", "2025-01-31", None, SpendKind::Salaries, 2_000);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let answer = payback(&ledger, Basis::Contribution, RefundDate::Order);
    let january = &answer.months[0];
    assert_eq!(january.paid_customers, Some(2));
    assert_eq!(january.paid_cac.as_ref().and_then(MoneyPer::as_f64), Some(20.0));
    assert_eq!(january.blended_cac.as_f64(), Some(20.0));
    // 6.00 on day 0, then 4.00 a month: 20.00 is reached with the fourth repeat order, of 10 May, in the period that
    // ends at age 120 (day 31, 59, 90, 120 after the first order).
    let curve: Vec<f64> = january.curve.iter().take(5).map(|point| point.1).collect();
    assert_eq!(curve, [6.0, 6.0, 14.0, 18.0, 22.0]);
    assert_eq!(january.payback_days, Some(105.0));
    let organic = answer.channels.iter().find(|row| row.channel.as_deref() == Some("organic")).unwrap();
    assert_eq!(organic.cost.minor, 0);
    assert_eq!(organic.paid_cac.as_ref().unwrap().value, None, "no customer of a paid channel");
    assert_eq!(organic.payback_days, None);
    assert_eq!(answer.total.roi, Some((3.0 * 38.0 - 60.0) / 60.0));
}

#[test]
fn margin_without_costs_is_null_and_says_so() {
    let mut builder = ShopBuilder::default();
    builder.sale("a", "2026-01-10", 1_000);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let options = CohortOptions { basis: Basis::Margin, ..CohortOptions::default() };
    let answer = cohorts(&ledger, &options).unwrap();
    assert_eq!(answer.cost_coverage, Some(0.0));
    assert!(answer.cohorts[0].ltv.iter().all(|cell| cell.ltv.value.is_none()));
    assert!(payback(&ledger, Basis::Contribution, RefundDate::Order).basis_note.is_some());
}

#[test]
fn contribution_is_margin_plus_shipping_charged_minus_all_handling() {
    let mut builder = ShopBuilder::default();
    builder.order(Row { id: "1", customer: "a", day: day("2026-01-10"), gross: 10_000, discount: 1_000, cost: 4_000 });
    let (mut shop, persons) = builder.build();
    shop.orders.shipping[0] = 600;
    let contribution = |shop: &clove_core::ShopData| {
        let ledger = Ledger::new(shop, &persons, day("2026-06-30"));
        let note = payback(&ledger, Basis::Contribution, RefundDate::Order).basis_note;
        (ledger.values().value(0, Basis::Contribution), note)
    };
    let (value, note) = contribution(&shop);
    assert_eq!(value, Some(5_600));
    assert!(note.unwrap().contains("no shipping cost, no payment fees, no packaging"));
    shop.orders.payment_fee = vec![251];
    shop.orders.shipping_cost = vec![480];
    shop.orders.packaging_cost = vec![95];
    assert_eq!(contribution(&shop), (Some(5_600 - 251 - 480 - 95), None));
}

#[test]
fn retention_by_calendar_and_by_age() {
    let mut builder = ShopBuilder::default();
    builder.sale("a", "2026-01-31", 1_000);
    builder.sale("a", "2026-01-31", 1_000);
    builder.sale("a", "2026-02-01", 1_000);
    builder.sale("b", "2026-01-01", 1_000);
    builder.sale("b", "2026-03-02", 1_000);
    builder.sale("b", "2026-03-03", 1_000);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-03-31"));
    let retained = |grain| {
        let answer = cohorts(&ledger, &CohortOptions { grain, ..CohortOptions::default() }).unwrap();
        let cells = answer.cohorts[0].retention.iter();
        cells.map(|cell| (cell.retained.numerator, cell.returned_by.numerator, cell.complete)).collect::<Vec<_>>()
    };
    assert_eq!(retained(Grain::Calendar), [(1, 1, true), (1, 1, true), (1, 2, true)]);
    // a is 0 and 1 days old, b 60 and 61; a reaches age 59 on 31 March, b 89 on the same day.
    assert_eq!(retained(Grain::Age), [(1, 1, true), (0, 1, true), (1, 2, false)]);
}

#[test]
fn cohorts_by_first_product_take_the_most_valuable_line_of_the_first_order() {
    let mut builder = ShopBuilder::default();
    let order = builder.sale("a", "2026-01-01", 3_000);
    builder.line(order, "socks", 2, 1_000);
    builder.line(order, "boots", 1, 2_000);
    let later = builder.sale("a", "2026-02-01", 1_000);
    builder.line(later, "socks", 2, 1_000);
    builder.sale("b", "2026-01-01", 500);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let by = |by| cohorts(&ledger, &CohortOptions { by, ..CohortOptions::default() });
    let names: Vec<String> =
        by(CohortBy::FirstProduct).unwrap().cohorts.into_iter().map(|cohort| cohort.cohort).collect();
    assert_eq!(names, ["(none)", "boots"]);
    assert!(by(CohortBy::Attribute("planet".into())).unwrap_err().contains("planet"));
}

#[test]
fn lift_of_a_first_product_comes_with_an_interval_and_only_where_it_may() {
    let mut builder = ShopBuilder::default();
    for number in 0..80 {
        // Forty customers of A bring 10 or 30, thirty-nine of B bring 10, one of C brings 10.
        let (product, net) = match number {
            0..40 => ("A", if number % 2 == 0 { 1_000 } else { 3_000 }),
            40..79 => ("B", 1_000),
            _ => ("C", 1_000),
        };
        let order = builder.sale(&format!("c{number}"), "2026-01-10", net);
        builder.line(order, product, 1, net);
    }
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let options = CohortOptions { by: CohortBy::FirstProduct, ages: vec![90, 365], ..CohortOptions::default() };
    let answer = cohorts(&ledger, &options).unwrap();
    let lift = answer.cohorts[0].ltv[0].lift.unwrap();
    // Mean of A 20, of all 15; the deviation within A is 10 x sqrt(40 / 39).
    let margin = 1.96 * 10.0 * (40.0_f64 / 39.0).sqrt() / 40.0_f64.sqrt() / 15.0;
    assert!((lift.value - 20.0 / 15.0).abs() < 1e-12);
    assert!((lift.high - lift.value - margin).abs() < 1e-4 && (lift.value - lift.low - margin).abs() < 1e-4);
    assert!(answer.cohorts[0].ltv[1].lift.is_none(), "not complete at 365 days");
    assert!(answer.cohorts[1].ltv[0].lift.is_some_and(|lift| lift.low == lift.high));
    assert!(answer.cohorts[2].ltv[0].lift.is_none(), "one customer is no driver");
    assert!(cohorts(&ledger, &CohortOptions::default()).unwrap().cohorts[0].ltv[0].lift.is_none());
}

#[test]
fn segments_overlap_and_name_their_rules() {
    let mut builder = rhythmic_shop();
    for number in 0..40 {
        let on = Day(day("2025-12-01").0 + number / 4).to_string();
        let order = builder.sale("collector", &on, 50_000);
        builder.shop.orders.discount[order as usize] = 100;
    }
    builder.sale("newcomer", "2025-12-29", 700);
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2025-12-31"));
    let answer = segments(&ledger);
    let of = |name: &str| {
        let member = answer.members.iter().find(|member| member.customer == name).unwrap();
        (member.stage, member.segments.clone())
    };
    assert_eq!(of("newcomer"), (Stage::Active, vec![Segment::FirstTime]));
    let (stage, collector) = of("collector");
    assert_eq!(stage, Stage::Active);
    for segment in [Segment::Vip, Segment::Regular, Segment::BigSpender, Segment::HighAov, Segment::DiscountBuyer] {
        assert!(collector.contains(&segment), "{segment:?}");
    }
    assert_eq!(of("r1").0, Stage::Lapsed);
    assert!(of("r1").1.contains(&Segment::FullPrice));
    let carts = answer.segments.iter().find(|one| one.segment == "cart_abandoner").unwrap();
    assert!(!carts.available && carts.share.is_none(), "no checkout data is not zero");
    let one_time: u64 = answer.one_time.iter().map(|one| one.share.numerator).sum();
    let lapsed_once =
        answer.members.iter().filter(|one| one.customer.starts_with("once") && one.stage == Stage::Lapsed).count();
    assert_eq!(one_time, lapsed_once as u64);
}

#[test]
fn concentration_of_ten_customers() {
    let mut builder = ShopBuilder::default();
    for number in 0..9 {
        builder.sale(&format!("c{number}"), "2026-01-01", 1_000);
    }
    builder.sale("whale", "2026-01-01", 91_000);
    let (shop, persons) = builder.build();
    let answer = concentration(&Ledger::new(&shop, &persons, day("2026-06-30")), Basis::Net);
    let shares: Vec<(u64, f64)> = answer.top.iter().map(|top| (top.customers, top.share.value.unwrap())).collect();
    assert_eq!(shares, [(1, 0.91), (1, 0.91), (2, 0.92)]);
    assert_eq!(answer.curve.first(), Some(&(0.0, 0.0)));
    assert_eq!(answer.curve.last(), Some(&(1.0, 1.0)));
}

#[test]
fn headlines_take_customers_old_enough_and_value_at_risk_from_expectations() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    // All six customers are 90 to 455 days old: 150 + 80+99-9.90 ... = what they bought within 90 days.
    let pooled = worth(&ledger, Basis::Net, 90, false);
    assert_eq!((pooled.numerator.unwrap().minor, pooled.denominator), (52_410, 6));
    assert_eq!(worth(&ledger, Basis::Net, 90, true).denominator, 5);
    let answer = headlines(&ledger, Basis::Net, None);
    assert_eq!(answer.value_at_risk, None);
    let everyone: Vec<Expectation> = (0..20)
        .map(|person| Expectation {
            person,
            now: 100.0,
            if_active: 350.0,
            purchases: 1.0,
            probability_of_purchase: Some(0.5),
        })
        .collect();
    let answer = headlines(&ledger, Basis::Net, Some(&everyone));
    assert_eq!(answer.value_at_risk.unwrap().minor, 250 * answer.late_good_customers as i64);
}

#[test]
fn returning_customers_are_another_figure_than_repeat_customers() {
    let (shop, persons) = common::golden();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let rate = returning_customer_rate(&ledger, day("2026-03-01"), day("2026-06-30"));
    assert_eq!((rate.numerator, rate.denominator), (2, 3), "ann and eva of ann, eva and a guest");
    let answer = repeat(&ledger, None, None);
    assert_eq!(answer.first_to_second.n, 4, "cat has no purchase");
    assert_eq!(answer.buys_again.denominator, 0, "nobody is 180 days old");
    assert_eq!(answer.buys_again.value, None);
}

#[test]
fn a_refund_after_the_as_of_is_not_known_yet() {
    let (shop, persons) = common::golden();
    let options = CohortOptions { ages: vec![30], ..CohortOptions::default() };
    let before = cohorts(&Ledger::new(&shop, &persons, day("2026-03-09")), &options).unwrap();
    let after = cohorts(&Ledger::new(&shop, &persons, day("2026-03-10")), &options).unwrap();
    assert_eq!(before.cohorts[1].ltv[0].ltv.numerator.unwrap().minor, 35_910 + 4_000 - 4_000);
    assert_eq!(after.cohorts[1].ltv[0].ltv.numerator.unwrap().minor, 35_910 - 5_000);
}

#[test]
fn customers_move_between_stages_and_bring_value_on_the_way() {
    let mut builder = ShopBuilder::default();
    builder.sale("stays", "2026-01-10", 1_000);
    builder.sale("stays", "2026-06-01", 700);
    builder.sale("slips", "2026-01-10", 1_000);
    builder.sale("comes", "2026-05-01", 300);
    builder.sale("guest-1", "2026-05-01", 9_900);
    let (shop, persons) = builder.build();
    let (start, end) =
        (Ledger::new(&shop, &persons, day("2026-02-01")), Ledger::new(&shop, &persons, day("2026-06-30")));
    // With so few gaps the thresholds are the usual 90 and 180 days.
    let told = |by, only: Option<&[bool]>| {
        let answer = migration(&start, &end, by, only).unwrap();
        let cell = |cell: &MigrationCell| (cell.from, cell.to, cell.customers.numerator, cell.value.unwrap().minor);
        (answer.n, answer.cells.iter().map(cell).collect::<Vec<_>>())
    };
    assert_eq!(
        told(MigrationBy::Stage, None),
        (3, vec![("active", "active", 1, 700), ("active", "at_risk", 1, 0), ("none", "active", 1, 300)])
    );
    let only: Vec<bool> = (0..persons.len()).map(|person| person == end.customers()[0].person as usize).collect();
    assert_eq!(told(MigrationBy::Stage, Some(&only)).0, 1);
    assert_eq!(
        told(MigrationBy::Recency, None).1.iter().filter(|cell| cell.0 == "none").count(),
        1,
        "who comes has no score before"
    );
    assert!(migration(&end, &start, MigrationBy::Stage, None).is_err(), "days the wrong way round");
}

#[test]
fn customers_who_buy_alike_are_one_persona_and_a_habit_is_told_from_chance() {
    let mut builder = ShopBuilder::default();
    let start = day("2026-01-01").0;
    for number in 0..40 {
        for visit in 0..6 {
            let order =
                builder.sale(&format!("often{number}"), &Day(start + number % 9 + 25 * visit).to_string(), 9_000);
            builder.line(order, "TEA", 1, 9_000);
        }
        let order = builder.sale(&format!("once{number}"), &Day(start + number % 11).to_string(), 900);
        builder.line(order, "CUP", 1, 900);
    }
    let (shop, persons) = builder.build();
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let found = personas(&ledger);
    assert_eq!((found.n, found.note), (80, None));
    let best = &found.personas[0];
    assert!(best.words.contains("buy often") && best.words.contains("were here lately"), "{}", best.words);
    assert_eq!(best.products[0].product, "TEA");
    let last = found.personas.last().unwrap();
    assert!(last.words.contains("bought once or seldom") && last.products[0].product == "CUP", "{}", last.words);
    // No persona has both kinds of customers.
    assert_eq!(found.personas.iter().map(|one| one.customers.numerator).sum::<u64>(), 80);
    assert!(found.personas.iter().all(|one| one.products.len() == 1), "{:?}", found.personas);
    assert_eq!(personas(&ledger), found, "nothing is left to chance");

    let often = ledger.customers().iter().find(|customer| ledger.orders_of(customer).len() == 6).unwrap();
    let told = preferences(&ledger, often, &jiff::tz::TimeZone::UTC);
    let of = |kind: &str| told.found.iter().find(|one| one.kind == kind).unwrap();
    assert_eq!((of("product").value.as_str(), of("product").orders.numerator, told.orders), ("TEA", 6, 6));
    assert_eq!(of("product").usual.numerator, 240);
    assert!(!of("product").clear, "six of seven orders in the shop are of tea: six of six is no habit");
    assert!(!of("weekday").clear || of("weekday").lift > Some(1.0));
    let few = ShopBuilder::default().build();
    assert!(personas(&Ledger::new(&few.0, &few.1, day("2026-06-30"))).note.is_some());
}
