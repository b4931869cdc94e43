//! The SQL that `explain` shows gives the numbers that the commands show: on the golden shop and on random ones.

mod common;

use clove_core::{Basis, Day, Orders, Persons, RefundDate, ShopData, SpendKind, Table, Values};
use clove_lake::{Lake, Parameter, Query};
use clove_measure::affinity::{Basket, affinity};
use clove_measure::cohorts::{CohortOptions, cohorts};
use clove_measure::comparison::{RawFigures, definitions};
use clove_measure::explain::{ExplainOptions, explain};
use clove_measure::kpis::{KpiOptions, kpis};
use clove_measure::ledger::Ledger;
use clove_measure::metrics::METRICS;
use clove_measure::repeat::{gaps, repeat_purchase_rate, returning_customer_rate};
use clove_measure::rfm::rfm;
use common::{Row, ShopBuilder, day};

fn ints(table: &Table, column: &str) -> Vec<i64> {
    match &table.column(column).unwrap_or_else(|| panic!("no {column} in {table:?}")).values {
        Values::Int(values) => values.iter().map(|value| value.unwrap_or(0)).collect(),
        other => panic!("{column} is {other:?}"),
    }
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    match &table.column(column).unwrap().values {
        Values::Text(values) => values.iter().map(|text| text.clone().unwrap_or_default()).collect(),
        other => panic!("{column} is {other:?}"),
    }
}

/// A shop of 60 orders without any rhythm, from a fixed sequence.
fn irregular_shop(seed: u64) -> (ShopData, Persons) {
    let mut builder = ShopBuilder::default();
    let mut state = seed;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for number in 0..60 {
        let customer = match next(9) {
            0 => format!("guest{number}"),
            other => format!("c{other}"),
        };
        let gross = 100 + next(9_000) as i64;
        let on = day("2025-09-15").0 + next(300) as i32;
        let cost = if next(3) == 0 { Orders::UNKNOWN_COST } else { gross / 3 };
        let id = format!("o{number:03}");
        let discount = if next(3) == 0 { gross / 10 } else { 0 };
        let order = builder.order(Row { id: &id, customer: &customer, day: Day(on), gross, discount, cost });
        builder.attribute(order, "channel", ["ads", "search", "post"][next(3) as usize]);
        for _ in 0..=next(3) {
            builder.line(order, ["cup", "jug", "pan", "pot"][next(4) as usize], 1 + next(2) as i32, gross / 2);
        }
        if next(4) == 0 {
            let back = if next(2) == 0 { gross - discount } else { gross / 4 };
            builder.refund(order, &Day(on + next(80) as i32).to_string(), back);
        }
    }
    builder.handling(|order| [order as i64 % 7, 30, i64::from(order % 2 == 0) * 12]);
    builder.spend("2025-09-10", "2025-11-20", Some("ads"), SpendKind::Media, 123_457);
    builder.spend("2026-01-01", "2026-12-31", None, SpendKind::Tools, 77_777);
    builder.build()
}

fn agree(shop: &ShopData, persons: &Persons, as_of: Day) {
    let ledger = Ledger::new(shop, persons, as_of);
    let mut lake = Lake::embedded().unwrap();
    lake.register_shop(shop, persons, as_of).unwrap();
    let (from, until) = (day("2026-01-10"), day("2026-03-31"));
    let span = [("from", Parameter::Day(from)), ("until", Parameter::Day(until))];
    let ask = |query, parameters: &[(&str, Parameter)]| lake.query(query, parameters).unwrap().table;

    for options in [
        KpiOptions { from: Some(from), until: Some(until), refund_date: RefundDate::Event },
        KpiOptions { from: Some(day("1999-01-01")), until: None, refund_date: RefundDate::Order },
    ] {
        let figures = kpis(&ledger, &options);
        let span = [
            ("from", Parameter::Day(options.from.unwrap())),
            ("until", Parameter::Day(options.until.unwrap_or(as_of))),
        ];
        let sums = ask(Query::Kpis, &span);
        let sum = |column: &str| ints(&sums, column)[0];
        assert_eq!(sum("orders") as u64, figures.orders);
        assert_eq!(sum("customers") as u64, figures.customers);
        assert_eq!(sum("identified_customers") as u64, figures.identified_customers);
        assert_eq!(sum("gross"), figures.gross_sales.unwrap().minor);
        assert_eq!(sum("discounts"), figures.discounts.unwrap().minor);
        assert_eq!(sum("returns"), figures.returns.unwrap().minor);
        assert_eq!(sum("placed"), figures.aov_placed.numerator.unwrap().minor);
        assert_eq!(sum("net"), figures.aov_net.numerator.unwrap().minor);
        assert_eq!(sum("margin"), figures.gross_margin.map_or(0, |margin| margin.minor));
        assert_eq!(sum("net_with_known_cost"), figures.cost_coverage.numerator.unwrap().minor);
        assert_eq!(sum("discounted_orders") as u64, figures.discount_share_orders.numerator);
        assert_eq!(sum("returned_orders") as u64, figures.refund_rate_orders.numerator);
        let money = ask(Query::PeriodMoney, &span);
        assert_eq!(ints(&money, "net_order_date")[0], figures.net_order_basis.unwrap().minor);
        assert_eq!(ints(&money, "net_event_date")[0], figures.net_event_basis.unwrap().minor);
    }

    let repeat = ask(Query::RepeatPurchaseRate, &[]);
    let rate = repeat_purchase_rate(&ledger);
    assert_eq!(
        (ints(&repeat, "numerator")[0] as u64, ints(&repeat, "denominator")[0] as u64),
        (rate.numerator, rate.denominator)
    );
    let days: Vec<i64> = gaps(&ledger).days().map(i64::from).collect();
    assert_eq!(ints(&ask(Query::PurchaseGaps, &[]), "gap_days"), days);
    let returning = ask(Query::ReturningCustomers, &span);
    let rate = returning_customer_rate(&ledger, from, until);
    assert_eq!(
        (ints(&returning, "numerator")[0] as u64, ints(&returning, "denominator")[0] as u64),
        (rate.numerator, rate.denominator)
    );

    let ages = vec![0, 30, 60, 90, 180];
    for (basis, refund_date) in [
        (Basis::Net, RefundDate::Order),
        (Basis::Net, RefundDate::Event),
        (Basis::Margin, RefundDate::Order),
        (Basis::Total, RefundDate::Order),
        (Basis::Contribution, RefundDate::Order),
    ] {
        let options = CohortOptions { basis, refund_date, ages: ages.clone(), ..CohortOptions::default() };
        let answer = cohorts(&ledger, &options).unwrap();
        let query = if refund_date == RefundDate::Event { Query::CohortLtvEvent } else { Query::CohortLtv };
        let parameters = [
            ("by", Parameter::Column("cohort_month".into())),
            ("value", Parameter::Column(basis.name().into())),
            ("ages", Parameter::IntRows(ages.iter().map(|&age| i64::from(age)).collect())),
        ];
        let table = ask(query, &parameters);
        let cells: Vec<(String, i64, u64, i64)> = answer
            .cohorts
            .iter()
            .flat_map(|cohort| {
                cohort.ltv.iter().map(|cell| {
                    let sum = cell.ltv.numerator.map_or(0, |sum| sum.minor);
                    (cohort.cohort.clone(), i64::from(cell.age), cohort.customers, sum)
                })
            })
            .collect();
        let (names, values) = (texts(&table, "cohort"), ints(&table, "value"));
        let (sizes, told_ages) = (ints(&table, "customers"), ints(&table, "age"));
        let told: Vec<(String, i64, u64, i64)> =
            (0..names.len()).map(|row| (names[row].clone(), told_ages[row], sizes[row] as u64, values[row])).collect();
        assert_eq!(told, cells, "{basis} by {refund_date}");
    }

    let answer = cohorts(&ledger, &CohortOptions::default()).unwrap();
    let expected: Vec<(String, i64, u64)> = answer
        .cohorts
        .iter()
        .flat_map(|cohort| {
            cohort.retention.iter().map(|cell| (cohort.cohort.clone(), i64::from(cell.period), cell.retained.numerator))
        })
        .filter(|(.., retained)| *retained > 0)
        .collect();
    let table = ask(Query::CohortRetention, &[]);
    let (names, periods, retained) = (texts(&table, "cohort_month"), ints(&table, "k"), ints(&table, "retained"));
    let told: Vec<(String, i64, u64)> =
        (0..names.len()).map(|row| (names[row].clone(), periods[row], retained[row] as u64)).collect();
    assert_eq!(told, expected);

    let costs = ask(Query::AcquisitionCost, &[]);
    let (months, spent) = (texts(&costs, "month"), ints(&costs, "spend"));
    for cohort in &answer.cohorts {
        let row = months.iter().position(|month| *month == cohort.cohort).unwrap();
        assert_eq!(cohort.cac.as_ref().unwrap().numerator.unwrap().minor, spent[row]);
    }

    let scores = rfm(&ledger, Basis::Net);
    if scores.frequency_cuts == "quintiles" {
        let table = ask(Query::Rfm, &[]);
        let column =
            |of: fn(&clove_measure::rfm::RfmCustomer) -> i64| scores.customers.iter().map(of).collect::<Vec<_>>();
        assert_eq!(ints(&table, "person"), column(|one| i64::from(one.person)));
        assert_eq!(ints(&table, "recency_score"), column(|one| i64::from(one.recency_score)));
        assert_eq!(ints(&table, "frequency_score"), column(|one| i64::from(one.frequency_score)));
        assert_eq!(ints(&table, "monetary"), column(|one| one.monetary.unwrap().minor));
    }

    if shop.lines.is_some() {
        for (basket, column) in [(Basket::Customer, "person"), (Basket::Order, "order_number")] {
            let pairs = affinity(&ledger, basket, 2).unwrap().pairs;
            let table = ask(
                Query::Affinity,
                &[("basket", Parameter::Column(column.into())), ("minimum_support", Parameter::Int(2))],
            );
            let together: Vec<i64> = pairs.iter().map(|pair| pair.together as i64).collect();
            assert_eq!(ints(&table, "together"), together);
            assert_eq!(texts(&table, "product_a"), pairs.iter().map(|pair| pair.product_a.clone()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn the_sql_agrees_on_the_golden_shop() {
    let (shop, persons) = common::golden();
    agree(&shop, &persons, day("2026-06-30"));
    agree(&shop, &persons, day("2026-03-09"));
}

#[test]
fn the_sql_agrees_on_irregular_shops() {
    for seed in [1, 2, 3] {
        let (shop, persons) = irregular_shop(seed);
        agree(&shop, &persons, day("2026-05-15"));
    }
}

#[test]
fn one_file_has_many_values_per_customer() {
    let (mut shop, persons) = common::golden();
    let emails = ["ann", "ann", "bob", "bob", "cat", "dan", "", "eva", "test", "fay", "gil", "", "hal", "ann"];
    for email in emails {
        let number = if email.is_empty() { clove_core::NONE } else { shop.orders.emails.intern(email) };
        shop.orders.email.push(number);
    }
    let ledger = Ledger::new(&shop, &persons, day("2026-06-30"));
    let raw = RawFigures { gross: 182_400, emails: 11 };
    let told: Vec<(&str, String)> = definitions(&ledger, Some(raw))
        .iter()
        .map(|one| (one.name, format!("{:.2}", one.value.as_f64().unwrap())))
        .collect();
    let expected = [
        ("naive", "165.82"),
        ("total", "131.03"),
        ("net", "102.35"),
        ("net_email_only", "87.73"),
        ("shopify_style", "64.41"),
        ("margin", "56.68"),
    ];
    assert_eq!(told, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn every_metric_is_explained_with_the_sql_that_ran() {
    let (shop, persons) = irregular_shop(7);
    let as_of = day("2026-05-15");
    let ledger = Ledger::new(&shop, &persons, as_of);
    let mut lake = Lake::embedded().unwrap();
    lake.register_shop(&shop, &persons, as_of).unwrap();
    let options = ExplainOptions {
        basis: Basis::Net,
        refund_date: RefundDate::Order,
        from: None,
        until: None,
        ages: vec![0, 30],
        minimum_support: 1,
        sample_rows: 3,
        raw: None,
    };
    for metric in METRICS {
        let explanation = explain(&lake, &ledger, metric, &options).unwrap();
        assert!(!explanation.value.is_null(), "{}", metric.id);
        assert_eq!(explanation.sql.is_some(), metric.query.is_some(), "{}", metric.id);
        assert_eq!(explanation.samples.rows(), 3);
        assert!(explanation.order_values_sql.contains("date '2026-05-15'"));
        if let Some(sql) = &explanation.sql {
            assert!(explanation.rows.rows() > 0 && sql.contains("select"), "{}", metric.id);
            assert_eq!(lake.sql(sql).unwrap(), explanation.rows, "the SQL runs again by itself");
        }
    }
}
