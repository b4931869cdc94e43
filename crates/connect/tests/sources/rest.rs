//! Our own orders.

use clove_connect::sources::segment::{self, Endpoint};
use clove_connect::sources::{self, RecordFormat, RefusalKind, rest};
use clove_core::FactBody;
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
    assert_eq!(fact.external_id, "1001");
    assert!(fact.version.starts_with("2026-09-19T09:00:00.000000Z.1."), "{}", fact.version);
    let take =
        |body: &str| intake("shopify:my-shop", |intake| only(rest::orders(intake, body.as_bytes()).unwrap())).version;
    assert_eq!(take(ORDER), fact.version, "the same state is the same version");
    assert_ne!(
        take(&ORDER.replace("4.90, \"total\": \"97.01\"", "5.90")),
        fact.version,
        "another state of the same second is not"
    );
    assert_ne!(take(&ORDER.replace("Ann@", "Anne@")), fact.version, "whom it names counts too");
    assert_eq!(take(&ORDER.replace("Ann@", "ANN@")), fact.version, "but not how an address is spelled");
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

#[test]
fn products_costs_and_customers_become_facts() {
    let body = r#"[{"id": "p1", "title": "<b>Tea</b>", "sku": "TEA-1", "currency": "EUR", "price": "14.90", "cost": 6,
        "updated_at": "2026-03-01T10:00:00Z"}, {"id": 2, "title": "=1+1", "deleted": true}]"#;
    let taken = intake("shopify:my-shop", |intake| rest::products(intake, body.as_bytes()).unwrap());
    let [tea, other] = &taken.facts[..] else { panic!("{:?}", taken.quarantined) };
    let FactBody::Product(product) = &tea.body else { panic!() };
    assert_eq!((product.title.as_str(), product.price, product.cost), ("<b>Tea</b>", Some(1_490), Some(600)));
    assert!(tea.version.starts_with("2026-03-01T10:00:00.000000Z.0.") && other.version.starts_with("content-"));
    assert!(tea.personal.is_none());

    let body = r#"[{"from": "2026-02-01", "until": "2026-02-28", "channel": "google", "kind": "media", "currency": "EUR", "amount": "1000"},
        {"from": "2026-02-01", "until": "2026-02-28", "channel": "google", "kind": "media", "currency": "EUR", "amount": "1200.50"},
        {"from": "2026-02-01", "kind": "salaries", "currency": "EUR", "amount": 50}]"#;
    let facts = intake("ads:all", |intake| rest::spend(intake, body.as_bytes()).unwrap()).facts;
    assert_eq!(facts[0].external_id, facts[1].external_id, "the same cost, told anew");
    assert_ne!(facts[0].version, facts[1].version);
    assert_ne!(facts[0].external_id, facts[2].external_id);
    let FactBody::Spend(spend) = &facts[1].body else { panic!() };
    assert_eq!((spend.until.as_str(), spend.amount), ("2026-02-28", 120_050));

    let body = r#"[{"id": "77", "email": "Ann@Example.org", "first_name": "Robert'); DROP TABLE fact;--", "country": "it",
        "tags": ["vip"], "created_at": "2025-01-01"}, {"email": "bob@example.org"}]"#;
    let facts = intake("shopify:my-shop", |intake| rest::customers(intake, body.as_bytes()).unwrap()).facts;
    assert_eq!(handles(&facts[0]), ["email::ann@example.org", "shopify:my-shop:77"]);
    let FactBody::CustomerProfile(profile) = &facts[0].body else { panic!() };
    assert_eq!((profile.country.as_deref(), &profile.tags[..]), (Some("IT"), &["vip".to_owned()][..]));
    assert_eq!(facts[1].external_id, facts[1].subject.to_string(), "no e-mail address in the log itself");
}

#[test]
fn every_problem_of_products_costs_and_customers_is_told() {
    type Parser = fn(
        &clove_connect::sources::Intake<'_>,
        &[u8],
    ) -> Result<clove_connect::sources::Taken, clove_connect::sources::Refusal>;
    for (parse, body, expected) in [
        (
            rest::products as Parser,
            r#"{"id": "1", "price": "1.999", "currency": "eur", "x": 1}"#,
            &["/currency", "/title", "/x"][..],
        ),
        (rest::products, r#"{"id": "1", "title": "t", "price": "1"}"#, &["/currency"]),
        (
            rest::spend,
            r#"[{"from": "2026-02-30", "kind": "bribes", "currency": "EUR"}]"#,
            &["/0/amount", "/0/from", "/0/kind"],
        ),
        (rest::spend, r#"{"from": "2026-02-02", "until": "2026-02-01", "currency": "EUR", "amount": 1}"#, &["/until"]),
        (rest::customers, r#"{"first_name": "Ann", "tags": [{}]}"#, &["", "/tags/0"]),
    ] {
        let refusal = intake("s:1", |intake| parse(intake, body.as_bytes()).unwrap_err());
        let mut places: Vec<&str> = refusal.problems.iter().map(|problem| problem.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, expected, "{refusal}");
    }
    let negative = r#"{"from": "2026-02-02", "currency": "EUR", "amount": -1}"#;
    let taken = intake("s:1", |intake| rest::spend(intake, negative.as_bytes()).unwrap());
    assert_eq!(taken.quarantined[0].problem.pointer, "/amount");
}

/// What is kept apart can be read again by itself, and mended.
#[test]
fn a_record_kept_apart_can_be_read_again() {
    let body = ORDER.replace("2026-09-19T10:30:00+02:00", "2036-09-19T10:30:00+02:00");
    let taken = intake("shopify:my-shop", |intake| rest::orders(intake, body.as_bytes()).unwrap());
    let kept = &taken.quarantined[0];
    let record = kept.record.as_ref().unwrap();
    assert_eq!((record.format, kept.subjects.len()), (RecordFormat::Order, 3));
    let again =
        intake("shopify:my-shop", |intake| sources::record(intake, record.format, record.json.as_bytes()).unwrap());
    assert_eq!(again.quarantined.len(), 1, "as it is it makes no more sense");
    let mended = record.json.replace("2036", "2026");
    let fact =
        intake("shopify:my-shop", |intake| only(sources::record(intake, record.format, mended.as_bytes()).unwrap()));
    let plain = intake("shopify:my-shop", |intake| only(rest::orders(intake, ORDER.as_bytes()).unwrap()));
    assert_eq!((fact.external_id, fact.version, fact.body), (plain.external_id, plain.version, plain.body));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        "\\PC{0,12}|2026-01-0[1-9](T10:00:00Z)?|EUR|-?[0-9]{1,25}(\\.[0-9]{1,4})?|'; DROP TABLE fact; --|=cmd\\|' /C calc'!A0"
            .prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let name = proptest::sample::select(NAMES);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::vec((name, inner), 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

const NAMES: &[&str] = &[
    "id",
    "placed_at",
    "updated_at",
    "status",
    "currency",
    "customer",
    "gross",
    "discount",
    "total",
    "lines",
    "product",
    "quantity",
    "price",
    "title",
    "email",
    "phone",
    "tags",
    "attributes",
    "from",
    "until",
    "amount",
    "kind",
    "order",
    "refunded_at",
    "items",
    "batch",
    "type",
    "event",
    "properties",
    "products",
    "order_id",
    "revenue",
    "traits",
    "context",
    "userId",
    "anonymousId",
    "messageId",
    "timestamp",
    "sentAt",
    "groupId",
    "previousId",
    "writeKey",
    "sku",
    "",
    "\u{7}",
];

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

    /// Whatever JSON comes: no reader panics, and what one keeps apart it can read again without a panic.
    #[test]
    fn any_json_is_taken_kept_apart_or_refused(value in json(), kind in proptest::sample::select(&["track", "identify", "page", "group", "alias", "order"][..])) {
        let bytes = serde_json::to_vec(&value).unwrap();
        let mut message = value.clone();
        if let Some(members) = message.as_object_mut() {
            members.insert("type".to_owned(), kind.into());
            members.insert("event".to_owned(), "Order Completed".into());
        }
        let batch = serde_json::to_vec(&serde_json::json!({"batch": [message, value]})).unwrap();
        intake("s:1", |intake| {
            let mut all = vec![
                rest::orders(intake, &bytes), rest::refunds(intake, &bytes), rest::products(intake, &bytes),
                rest::spend(intake, &bytes), rest::customers(intake, &bytes), segment::events(intake, &bytes),
                segment::messages(intake, Endpoint::Batch, &batch),
            ];
            all.extend(["track", "identify", "alias"].map(|call| segment::messages(intake, Endpoint::from_name(call).unwrap(), &bytes)));
            for taken in all.into_iter().flatten() {
                assert!(taken.facts.iter().all(|fact| fact.validate().is_ok()));
                for kept in taken.quarantined {
                    let record = kept.record.expect("a record");
                    assert!(record.key.chars().count() <= 300);
                    let again = sources::record(intake, record.format, record.json.as_bytes());
                    assert!(again.is_err() || again.unwrap().facts.len() <= 2, "{}", record.json);
                }
            }
        });
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
