//! The demo shop is the same every time, adds up, and looks like a shop.

use std::collections::{HashMap, HashSet};

use clove_core::Day;

use super::basket::Line;
use super::simulate::{Order, Shop, simulate};
use super::{DemoOptions, files};

fn shop(options: &DemoOptions) -> Shop {
    simulate(options)
}

fn bytes(shop: &Shop) -> [Vec<u8>; 4] {
    let mut all = [(); 4].map(|()| Vec::new());
    files::write_orders(&mut all[0], shop).unwrap();
    files::write_lines(&mut all[1], shop).unwrap();
    files::write_refunds(&mut all[2], shop).unwrap();
    files::write_spend(&mut all[3], shop).unwrap();
    all
}

/// FNV-1a, 64 bits.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let options = DemoOptions { orders: 2_000, ..DemoOptions::default() };
    let first = bytes(&shop(&options));
    assert_eq!(first, bytes(&shop(&options)));
    assert_ne!(first, bytes(&shop(&DemoOptions { seed: 8, ..options })));
    let checksums = first.map(|file| format!("{:016x}", checksum(&file)));
    assert_eq!(checksums, CHECKSUMS, "the demo shop has changed: if that was meant, write down the new checksums");
}

const CHECKSUMS: [&str; 4] = ["4f9af4c42896dc13", "6b36344105f31944", "13d6f2733d78407e", "1fab633159775e2f"];

#[test]
fn orders_are_as_many_as_asked_for_and_inside_the_period() {
    let from: Day = "2021-03-01".parse().unwrap();
    let until: Day = "2024-02-29".parse().unwrap();
    let shop = shop(&DemoOptions { orders: 777, seed: 1, until });
    assert_eq!(shop.orders.len(), 777);
    assert!(shop.orders.iter().all(|order| order.day >= from && order.day <= until));
    assert!(shop.orders.is_sorted_by_key(|order| (order.day, order.second)));
    assert!(
        shop.orders.iter().flat_map(|order| order.refunds.iter().map(|it| order.day.0 + it.delay)).max()
            <= Some(until.0)
    );
    assert!(simulate(&DemoOptions { orders: 0, seed: 1, until }).orders.is_empty());
}

#[test]
fn lines_add_up_to_their_order_and_refunds_never_exceed_it() {
    for order in shop(&DemoOptions { orders: 3_000, ..DemoOptions::default() }).orders {
        if order.kind == "gift_card_sale" {
            assert!(order.lines.is_empty());
            continue;
        }
        assert!(!order.lines.is_empty());
        assert_eq!(order.gross, order.lines.iter().map(|line| line.quantity * line.unit_price).sum::<i64>());
        assert_eq!(order.discount, order.lines.iter().map(|line| line.discount).sum::<i64>());
        let placed = order.lines.iter().map(Line::placed).sum::<i64>();
        let refunded: i64 = order.refunds.iter().map(|refund| refund.items).sum();
        assert!(refunded <= placed);
        let expected = match order.status {
            "refunded" => refunded == placed,
            "partially_refunded" => refunded > 0 && refunded < placed,
            _ => refunded == 0,
        };
        assert!(expected, "{} {refunded} of {placed}", order.status);
    }
}

#[test]
fn every_row_has_the_columns_of_its_header() {
    for file in bytes(&shop(&DemoOptions { orders: 3_000, ..DemoOptions::default() })) {
        let text = String::from_utf8(file).unwrap();
        let columns = |row: &str| {
            let mut quoted = false;
            1 + row
                .chars()
                .filter(|&character| {
                    quoted ^= character == '"';
                    character == ',' && !quoted
                })
                .count()
        };
        let expected = columns(text.lines().next().unwrap());
        for row in text.lines() {
            assert_eq!(columns(row), expected, "{row}");
        }
    }
}

#[test]
fn the_shop_looks_like_a_shop() {
    let shop = shop(&DemoOptions::default());
    let share = |wanted: &dyn Fn(&Order) -> bool| {
        shop.orders.iter().filter(|order| wanted(order)).count() as f64 / shop.orders.len() as f64
    };
    let within =
        |share: f64, low: f64, high: f64| assert!((low..=high).contains(&share), "{share} not in {low}..{high}");
    within(share(&|order| order.code.is_empty()), 0.6, 0.8);
    within(share(&|order| !order.refunds.is_empty()), 0.06, 0.13);
    within(share(&|order| !order.handles.account), 0.1, 0.25);
    within(share(&|order| order.handles.email.is_empty() && order.handles.phone.is_empty()), 0.01, 0.05);
    within(share(&|order| order.status == "cancelled"), 0.01, 0.025);
    within(share(&|order| order.gross == 0), 0.002, 0.01);
    within(share(&|order| order.kind == "gift_card_sale"), 0.002, 0.01);
    within(share(&|order| order.cost.is_none()), 0.01, 0.1);
    within(share(&|order| order.rate.is_none()), 0.00001, 0.001);
    within(share(&|order| order.test), 0.0002, 0.002);
    let currencies: HashSet<usize> = shop.orders.iter().map(|order| order.country).collect();
    assert!(currencies.len() >= 6);

    let mut orders_of: HashMap<usize, usize> = HashMap::new();
    for order in shop.orders.iter().filter(|order| !order.test && order.kind == "sale" && order.gross > 0) {
        *orders_of.entry(order.customer).or_default() += 1;
    }
    let repeat = orders_of.values().filter(|&&orders| orders > 1).count() as f64 / orders_of.len() as f64;
    within(repeat, 0.25, 0.42);
    let loyal = orders_of.values().filter(|&&orders| orders >= 6).count() as f64 / orders_of.len() as f64;
    within(loyal, 0.04, 0.15);

    let sales_in = |month: &str| shop.orders.iter().filter(|order| order.day.month().to_string() == month).count();
    assert!(sales_in("2025-11") as f64 > 1.5 * sales_in("2025-09") as f64, "season");
    assert!(sales_in("2026-05") as f64 > 1.2 * sales_in("2025-05") as f64, "growth");
    let costs: i64 = shop.costs.iter().map(|cost| cost.amount).sum();
    within(costs as f64 / 100.0 / orders_of.len() as f64, 8.0, 30.0);
}
