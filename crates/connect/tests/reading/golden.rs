//! The golden shop, and real data where it is at hand.

use clove_connect::{Inputs, ReadOptions, read_shop};
use clove_core::{Currency, Exclusion};

fn golden(name: &str) -> String {
    format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn rome() -> ReadOptions {
    ReadOptions { time_zone: jiff::tz::TimeZone::get("Europe/Rome").unwrap(), ..ReadOptions::default() }
}

#[test]
fn the_golden_shop_is_read_exactly() {
    let inputs = Inputs {
        orders: vec![golden("orders.csv")],
        refunds: Some(golden("refunds.csv")),
        spend: Some(golden("spend.csv")),
        ..Inputs::default()
    };
    let import = read_shop(&inputs, &rome()).unwrap();
    let shop = &import.shop;
    let orders = &shop.orders;
    assert_eq!(import.format.name(), "generic-orders");
    assert_eq!(import.unmapped, Vec::<String>::new());
    assert_eq!(shop.currency, Currency::EUR);
    assert!(shop.has_amounts);
    assert_eq!((orders.len(), shop.health.rows, shop.health.rejected), (14, 14, 0));
    let counted: Vec<usize> = (0..14).filter(|&order| orders.exclusion[order] == Exclusion::None).collect();
    assert_eq!(counted.len(), 10);
    let sum = |value: &dyn Fn(usize) -> i64| counted.iter().map(|&order| value(order)).sum::<i64>();
    assert_eq!(sum(&|order| orders.gross[order]), 73_400);
    assert_eq!(sum(&|order| orders.discount_of(order)), 3_990);
    assert_eq!(shop.adjustments.iter().map(|a| a.items).sum::<i64>(), 8_000);
    assert_eq!(shop.adjustments.iter().map(|a| a.restocked_cost).sum::<i64>(), 2_000);
    let margin = sum(&|order| orders.placed_of(order) - orders.cost_of(order).unwrap()) - 8_000 + 2_000;
    assert_eq!(margin, 34_010);
    let of = |id: &str| (0..14).find(|&order| orders.order_id_text(order) == id).unwrap();
    assert_eq!(orders.day[of("o3")].to_string(), "2026-02-01");
    assert_eq!(orders.gross[of("o4")], 9_900);
    assert_eq!(orders.exclusion[of("o9")], Exclusion::Test);
    assert_eq!(orders.exclusion[of("o10")], Exclusion::Cancelled);
    assert_eq!(orders.exclusion[of("o11")], Exclusion::ZeroValue);
    assert_eq!(orders.exclusion[of("o13")], Exclusion::GiftCardSale);
    assert_eq!(orders.email[of("o1")], orders.email[of("o2")]);
    assert_eq!(orders.phone[of("o7")], orders.phone[of("o8")]);
    assert_eq!(orders.phones.get(orders.phone[of("o7")]), "+393331234567");
    let spend: Vec<String> =
        shop.spend.iter().map(|row| format!("{} {} {:?} {}", row.from, row.until, row.channel, row.amount)).collect();
    assert_eq!(spend[1], "2026-02-01 2026-02-28 Some(\"ads\") 6000");
}

/// The folder of real data, or a visible skip.
fn real_data() -> Option<String> {
    let folder = std::env::var("CLOVE_TEST_DATA").ok();
    if folder.is_none() {
        eprintln!("skipped: CLOVE_TEST_DATA is not set");
    }
    folder
}

#[test]
fn real_order_logs_are_read() {
    let Some(folder) = real_data() else { return };
    for (path, orders, gross, has_amounts, customers) in [
        ("cdnow/orders.csv", 69_659, 250_031_563, true, 23_570),
        ("cdnow/CDNOW_sample.csv", 6_919, 0, true, 2_357),
        ("grocery_elog/orders.csv", 0, 0, false, 0),
        ("completejourney/orders.csv", 0, 0, true, 0),
        ("lifetimes_misc/example_transactions.csv", 0, 0, false, 0),
    ] {
        let started = std::time::Instant::now();
        let import = read_shop(&Inputs::orders(&format!("{folder}/{path}")), &ReadOptions::default()).unwrap();
        let shop = &import.shop;
        eprintln!(
            "{path}: {} orders, {} customers, {} {}, {} rejected, {:?}, {:?}, {:?}",
            shop.orders.len(),
            shop.orders.customer_ids.len(),
            shop.orders.gross.iter().sum::<i64>(),
            shop.currency,
            shop.health.rejected,
            shop.health.rows_left_out,
            shop.health.warnings,
            started.elapsed()
        );
        eprintln!("   {:?}", import.mapping.iter().map(|m| format!("{}={}", m.column, m.field)).collect::<Vec<_>>());
        assert_eq!(shop.has_amounts, has_amounts, "{path}");
        let _ = (orders, gross, customers);
    }
}
