//! Our own orders.

use clove_connect::sources::{RefusalKind, rest};
use proptest::prelude::*;

use crate::{NOW, handles, intake, only, order_of, refund_of};

const ORDER: &str = r##"{
    "id": "#1001", "placed_at": "2026-09-19T10:30:00+02:00", "updated_at": "2026-09-19T11:00:00+02:00",
    "currency": "EUR", "customer": {"id": "77", "email": "Ann@Example.org ", "phone": "333 1234567"},
    "discount": 5, "tax": "17.51", "shipping": 4.90, "total": "97.01", "country": "IT",
    "discount_codes": ["WELCOME"],
    "lines": [
        {"product": "TEA-1", "quantity": 2, "gross": "29.80", "cost": "12.00"},
        {"product": "POT-9", "quantity": 1, "gross": 49.8, "cost": "20.00"}
    ]}"##;

#[test]
fn an_order_becomes_a_fact_with_exact_amounts() {
    let fact = intake("shopify:my-shop", |intake| only(rest::orders(intake, ORDER.as_bytes()).unwrap()));
    let order = order_of(&fact);
    assert_eq!((order.gross, order.discount, order.tax, order.shipping), (7_960, 500, 1_751, 490));
    assert_eq!((order.cost, order.lines.len()), (Some(3_200), 2));
    assert_eq!((fact.external_id.as_str(), fact.version.as_str()), ("1001", "2026-09-19T09:00:00.000000Z.1"));
    assert_eq!(handles(&fact), ["email::ann@example.org", "phone::+393331234567", "shopify:my-shop:77"]);
    assert_eq!(fact.received_at, NOW);
}

#[test]
fn every_problem_of_a_body_is_told_with_its_place() {
    let body = r#"[{"id": "1", "placed_at": "yesterday", "currency": "EURO", "gross": true, "shiping": 1},
        {"id": "2", "placed_at": "2026-01-01", "currency": "EUR", "status": "lost", "total": "9.00",
         "lines": [{"product": "a", "quantity": 1.5, "gross": "1.999"}], "tax": "1"}]"#;
    let refusal = intake("s:1", |intake| rest::orders(intake, body.as_bytes()).unwrap_err());
    assert_eq!(refusal.kind, RefusalKind::Invalid);
    let mut places: Vec<&str> = refusal.problems.iter().map(|problem| problem.pointer.as_str()).collect();
    places.sort_unstable();
    let expected = [
        "/0/currency",
        "/0/gross",
        "/0/gross",
        "/0/placed_at",
        "/0/shiping",
        "/1/lines/0/gross",
        "/1/lines/0/quantity",
        "/1/status",
        "/1/total",
    ];
    assert_eq!(places, expected, "{refusal}");
    for (body, kind) in [("{", RefusalKind::Malformed), ("7", RefusalKind::Invalid), ("[]", RefusalKind::Invalid)] {
        assert_eq!(intake("s:1", |intake| rest::orders(intake, body.as_bytes()).unwrap_err()).kind, kind);
    }
}

#[test]
fn what_makes_no_sense_is_kept_apart_and_the_rest_taken() {
    let body = r#"[{"id": "1", "placed_at": "2031-01-01", "currency": "EUR", "gross": "1"},
        {"id": "2", "placed_at": "2026-01-01", "currency": "EUR", "gross": "-1"},
        {"id": "3", "placed_at": "2026-01-01", "currency": "EUR", "lines": [{"product": "a", "quantity": -1, "gross": "1"}]},
        {"id": "4", "placed_at": "2026-01-01", "currency": "JPY", "gross": "1200"}]"#;
    let taken = intake("s:1", |intake| rest::orders(intake, body.as_bytes()).unwrap());
    let places: Vec<&str> = taken.quarantined.iter().map(|kept| kept.problem.pointer.as_str()).collect();
    assert_eq!(places, ["/0/placed_at", "/1/gross", "/2/lines/0/quantity"]);
    assert!(taken.quarantined.iter().all(|kept| kept.fact.is_some()));
    assert_eq!(taken.facts.len(), 1);
    assert_eq!(order_of(&taken.facts[0]).gross, 1_200);
}

#[test]
fn guests_are_one_person_each_and_orders_without_a_moment_are_told_by_content() {
    let body = r#"[{"id": "1", "placed_at": "2026-01-01", "currency": "EUR", "gross": "1"},
        {"id": "2", "placed_at": "2026-01-01", "currency": "EUR", "gross": "1"}]"#;
    let [first, again] = [0, 1].map(|_| intake("s:1", |intake| rest::orders(intake, body.as_bytes()).unwrap()));
    assert_ne!(first.facts[0].subject, first.facts[1].subject);
    assert!(first.facts[0].version.starts_with("content-"));
    assert_eq!(first, again);
}

#[test]
fn refunds_name_their_order() {
    let body = r##"{"id": "r1", "order": "#1001", "refunded_at": "2026-09-19T12:00:00Z", "currency": "EUR",
        "items": "14.90", "tax_and_shipping": 3.28}"##;
    let fact = intake("shopify:my-shop", |intake| only(rest::refunds(intake, body.as_bytes()).unwrap()));
    let refund = refund_of(&fact);
    assert_eq!((refund.order.as_str(), refund.items, refund.tax_and_shipping), ("1001", 1_490, 328));
    assert_eq!(fact.version, "2026-09-19T12:00:00.000000Z");
    let refusal = intake("s:1", |intake| rest::refunds(intake, br#"{"id": "r1"}"#).unwrap_err());
    assert_eq!(refusal.problems.len(), 4, "{refusal}");
    let taken = intake("s:1", |intake| rest::refunds(intake, body.replace("3.28", "-3.28").as_bytes()).unwrap());
    assert_eq!(taken.quarantined.len(), 1);
}

fn decimal() -> impl Strategy<Value = Option<clove_connect::sources::Decimal>> {
    proptest::option::of(
        (0_i64..10_000_000).prop_map(|minor| clove_connect::sources::Decimal::of(minor, clove_core::Currency::EUR)),
    )
}

proptest! {
    #[test]
    fn parsing_a_serialised_order_is_identity(
        id in "[a-zA-Z0-9#-]{1,12}",
        gross in 1_i64..1_000_000,
        (discount, tax, cost) in (decimal(), decimal(), decimal()),
        email in proptest::option::of("[a-z]{1,8}@[a-z]{1,8}\\.it"),
        titles in proptest::collection::vec("[a-zàü\"\\\\/]{1,10}", 0..4),
        (test, status) in (any::<bool>(), 0_usize..3),
    ) {
        let amount = |minor| clove_connect::sources::Decimal::of(minor, clove_core::Currency::EUR);
        let order = rest::Order {
            id, placed_at: "2026-03-04T10:00:00Z".to_owned(), currency: "EUR".to_owned(),
            customer: email.map(|email| rest::Customer { email: Some(email), ..rest::Customer::default() }),
            gross: Some(amount(gross)), discount, tax, cost, test,
            status: [rest::Status::Pending, rest::Status::Paid, rest::Status::Cancelled][status],
            lines: titles.into_iter().enumerate().map(|(index, title)| rest::Line {
                id: None, product: format!("sku-{index}"), title: Some(title), quantity: index as i64,
                gross: amount(gross), discount: None, cost: None,
            }).collect(),
            ..rest::Order::default()
        };
        let bytes = serde_json::to_vec(&order).unwrap();
        prop_assert_eq!(rest::order(&bytes).unwrap(), order);
    }

    #[test]
    fn broken_orders_never_panic(cut in 0..ORDER.len(), byte in any::<u8>(), at in 0..ORDER.len()) {
        let mut bytes = ORDER.as_bytes().to_vec();
        bytes[at] = byte;
        intake("s:1", |intake| {
            let _ = rest::orders(intake, &bytes);
            let _ = rest::orders(intake, &bytes[..cut]);
        });
    }
}
