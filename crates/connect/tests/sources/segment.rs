//! Bodies as Segment's clients for browsers, Node.js and Python send them.

use clove_connect::sources::segment::{self, Endpoint, messages};
use clove_connect::sources::{self, RecordFormat, RefusalKind, Taken};
use clove_core::fact::OrderStatus;
use clove_core::{Fact, FactBody, Micros};
use proptest::prelude::*;

use crate::{NOW, handles, intake, only, order_of, refund_of};

fn take(endpoint: &str, body: &str) -> Taken {
    let endpoint = Endpoint::from_name(endpoint).unwrap();
    intake("shopify:my-shop", |intake| messages(intake, endpoint, body.as_bytes()).unwrap())
}

const SECOND: Micros = 1_000_000;

/// A client whose clock is an hour ahead: the messages happened 2 and 1 seconds before they were sent.
const BATCH: &str = r#"{"batch": [
    {"type": "identify", "messageId": "node-next-1", "userId": "77", "anonymousId": "anon-1",
     "timestamp": "2026-09-20T12:59:58.000Z",
     "traits": {"email": "Ann@Example.org", "firstName": "Ann", "plan": "gold", "address": {"city": "Turin"}},
     "context": {"library": {"name": "@segment/analytics-node", "version": "2.3.0"}, "ip": "192.0.2.7"},
     "integrations": {}, "_metadata": {"nodeVersion": "22.1.0"}},
    {"type": "track", "messageId": "node-next-2", "userId": 77, "event": "product_viewed",
     "timestamp": "2026-09-20T12:59:59.000Z", "properties": {"sku": "TEA-1", "price": 14.9}, "context": {}},
    {"type": "dance", "messageId": "node-next-3", "userId": "77"},
    {"type": "track", "messageId": "node-next-4", "event": "Nobody's"}
  ], "writeKey": "k", "sentAt": "2026-09-20T13:00:00.000Z"}"#;

#[test]
fn a_batch_is_taken_message_by_message_in_the_servers_time() {
    let taken = take("batch", BATCH);
    let [identify, track] = &taken.facts[..] else { panic!("{:?}", taken.facts) };
    assert_eq!((identify.occurred_at, track.occurred_at), (NOW - 2 * SECOND, NOW - SECOND));
    assert_eq!(identify.external_id, "node-next-1");
    assert_eq!(handles(identify), ["shopify:my-shop:77", "anonymous:shopify:my-shop:anon-1", "email::ann@example.org"]);
    let FactBody::Identify(body) = &identify.body else { panic!() };
    assert_eq!(body.traits.keys().collect::<Vec<_>>(), ["plan"]);
    let personal = identify.personal.as_ref().unwrap();
    assert_eq!(personal.first_name.as_deref(), Some("Ann"));
    assert_eq!(personal.ip_address.as_deref(), Some("192.0.2.7"));
    assert!(personal.fields.contains_key("address"));
    let FactBody::Track(body) = &track.body else { panic!() };
    assert_eq!((body.event.as_str(), &body.properties["price"]), ("Product Viewed", &serde_json::json!(14.9)));
    assert_eq!(track.subject, identify.subject);
    let places: Vec<&str> = taken.quarantined.iter().map(|kept| kept.problem.pointer.as_str()).collect();
    assert_eq!(places, ["/batch/2/type", "/batch/3"]);
}

#[test]
fn a_repeated_message_is_the_same_delivery_whenever_it_comes() {
    let first = take("batch", BATCH);
    let later = BATCH.replace("\"sentAt\": \"2026-09-20T13:00:00.000Z\"", "\"sentAt\": \"2026-09-20T13:07:00.000Z\"");
    let later = later.replace("12:59:59.000Z", "13:01:00.000Z");
    for (one, two) in first.facts.iter().zip(&take("batch", &later).facts) {
        assert_eq!((&one.external_id, &one.version, one.subject), (&two.external_id, &two.version, two.subject));
    }
}

const ORDER_COMPLETED: &str = r#"{"type": "track", "messageId": "ajs-1", "anonymousId": "anon-1", "userId": "77",
    "event": "Order Completed", "timestamp": "2026-09-20T11:59:00Z",
    "properties": {"order_id": "1001", "currency": "EUR", "revenue": 74.60000000000001, "shipping": 4.9, "tax": 17.51,
        "discount": 5, "total": 97.01, "coupon": "WELCOME",
        "products": [{"product_id": "p1", "sku": "TEA-1", "price": 14.9, "quantity": 2, "name": "Tea"},
                     {"product_id": "p2", "sku": "POT-9", "price": 49.8, "quantity": 1}]}}"#;

#[test]
fn an_order_seen_by_the_browser_is_the_shops_order_with_exact_amounts() {
    let fact = only(take("track", ORDER_COMPLETED));
    let order = order_of(&fact);
    assert_eq!((order.gross, order.discount, order.tax, order.shipping), (7_960, 500, 1_751, 490));
    assert_eq!((order.lines[0].gross, order.lines[0].quantity), (2_980, 2));
    assert_eq!((fact.external_id.as_str(), fact.source.as_str()), ("1001", "shopify:my-shop"));
    assert_eq!((order.status, &order.discount_codes[..]), (OrderStatus::Paid, &["WELCOME".to_owned()][..]));
    let cancelled = only(take("track", &ORDER_COMPLETED.replace("Order Completed", "Order Canceled")));
    assert_eq!(order_of(&cancelled).status, OrderStatus::Cancelled);
    let refunded = only(take("track", &ORDER_COMPLETED.replace("Order Completed", "Order Refunded")));
    let refund = refund_of(&refunded);
    assert_eq!((refund.order.as_str(), refund.items, refund.tax_and_shipping), ("1001", 7_460, 2_241));
    assert_eq!(refunded.external_id, "ajs-1");
}

#[test]
fn orders_that_cannot_be_valued_are_kept_apart() {
    for (from, to, place) in [
        ("\"currency\": \"EUR\", ", "", "/properties/currency"),
        ("\"order_id\": \"1001\", ", "", "/properties/order_id"),
        ("74.60000000000001", "-1", "/properties"),
        ("2026-09-20T11:59:00Z", "2036-09-20T11:59:00Z", "/timestamp"),
        ("\"price\": 14.9", "\"price\": \"€\"", "/properties/products/0/price"),
    ] {
        let taken = take("track", &ORDER_COMPLETED.replace(from, to));
        assert!(taken.facts.is_empty());
        assert_eq!(taken.quarantined[0].problem.pointer, place);
    }
}

#[test]
fn the_other_endpoints() {
    let page = only(take(
        "page",
        r#"{"anonymousId": "a", "name": "Home", "properties": {"path": "/"}, "context": {"page": {"title": "T"}, "userAgent": "UA"}}"#,
    ));
    assert!(
        matches!(&page.body, FactBody::Page(body) if body.name.as_deref() == Some("Home") && body.properties["context"]["page"]["title"] == "T")
    );
    assert_eq!(page.occurred_at, NOW);
    let screen = only(take("screen", r#"{"messageId": "s", "anonymousId": "a", "name": "Cart"}"#));
    assert!(matches!(screen.body, FactBody::Screen(_)));
    let group =
        only(take("group", r#"{"messageId": "g", "userId": "77", "groupId": "acme", "traits": {"name": "Acme"}}"#));
    assert!(matches!(&group.body, FactBody::Group(body) if body.group == "acme"));
    assert!(group.personal.unwrap().fields.is_empty(), "traits of a group are not the person's");
    let alias = take("alias", r#"{"messageId": "al", "userId": "77", "previousId": "anon-1"}"#).facts;
    let merged: Vec<_> = alias
        .iter()
        .map(|fact| match &fact.body {
            FactBody::Merge(merge) => merge.with,
            _ => panic!(),
        })
        .collect();
    assert_eq!(merged[0], page_subject("anon-1"));
}

/// Every event of Segment's e-commerce specification is known, and all but those of orders stay events.
#[test]
fn the_whole_e_commerce_specification_is_known_by_its_canonical_names() {
    let events = [
        "Products Searched",
        "Product List Viewed",
        "Product List Filtered",
        "Promotion Viewed",
        "Promotion Clicked",
        "Product Clicked",
        "Product Viewed",
        "Product Added",
        "Product Removed",
        "Cart Viewed",
        "Checkout Started",
        "Checkout Step Viewed",
        "Checkout Step Completed",
        "Payment Info Entered",
        "Coupon Entered",
        "Coupon Applied",
        "Coupon Denied",
        "Coupon Removed",
        "Product Added to Wishlist",
        "Product Removed from Wishlist",
        "Wishlist Product Added to Cart",
        "Product Shared",
        "Cart Shared",
        "Product Reviewed",
    ];
    for event in events {
        for written in [event.to_owned(), event.to_lowercase().replace(' ', "_"), event.replace(' ', "")] {
            let body = serde_json::json!({"messageId": "m", "userId": "1", "event": written, "properties": {"product_id": "p"}});
            let fact = only(take("track", &body.to_string()));
            let FactBody::Track(track) = &fact.body else { panic!("{event}: {:?}", fact.body) };
            assert_eq!((track.event.as_str(), &track.properties["product_id"]), (event, &serde_json::json!("p")));
        }
    }
    for (event, status) in [
        ("Order Completed", OrderStatus::Paid),
        ("order_updated", OrderStatus::Paid),
        ("Order Cancelled", OrderStatus::Cancelled),
    ] {
        let fact = only(take("track", &ORDER_COMPLETED.replace("Order Completed", event)));
        assert_eq!(order_of(&fact).status, status);
    }
}

#[test]
fn a_message_in_quarantine_stands_by_itself() {
    let body = r#"{"sentAt": "2026-09-20T13:00:00Z", "context": {"ip": "192.0.2.7"}, "batch": [
        {"type": "track", "messageId": "m-1", "userId": "77", "event": "Order Completed", "timestamp": "2026-09-20T12:59:00Z",
         "properties": {"order_id": "9", "revenue": 12.50}}]}"#;
    let taken = take("batch", body);
    let kept = &taken.quarantined[0];
    let record = kept.record.as_ref().unwrap();
    assert_eq!((record.key.as_str(), record.format), ("m-1", RecordFormat::SegmentMessage));
    assert!(record.json.contains("192.0.2.7") && record.json.contains("12.50"), "{}", record.json);
    assert_eq!(kept.subjects.len(), 1);
    let mended = record.json.replace("\"revenue\"", "\"currency\":\"EUR\",\"revenue\"");
    let fact =
        intake("shopify:my-shop", |intake| only(sources::record(intake, record.format, mended.as_bytes()).unwrap()));
    assert_eq!(
        (order_of(&fact).gross, fact.occurred_at),
        (1_250, NOW - 60 * SECOND),
        "the clock is corrected as it was"
    );
    let typeless = intake("s:1", |intake| sources::record(intake, record.format, b"{\"userId\": \"1\"}").unwrap_err());
    assert_eq!(typeless.kind, RefusalKind::Invalid);
}

#[test]
fn events_of_servers_name_their_type_or_are_tracked() {
    let body = r#"[{"userId": "1", "event": "Product Viewed", "messageId": "a"}, {"type": "page", "userId": "1", "messageId": "b"},
        {"type": "dance", "userId": "1"}, 7, {"userId": "1"}]"#;
    let taken = intake("s:1", |intake| segment::events(intake, body.as_bytes()).unwrap());
    assert!(matches!(taken.facts[..], [Fact { body: FactBody::Track(_), .. }, Fact { body: FactBody::Page(_), .. }]));
    let places: Vec<&str> = taken.quarantined.iter().map(|kept| kept.problem.pointer.as_str()).collect();
    assert_eq!(places, ["/2/type", "/3/type", "/4/event"]);
    assert_eq!(intake("s:1", |intake| segment::events(intake, b"[]").unwrap_err().kind), RefusalKind::Invalid);
}

fn page_subject(anonymous: &str) -> clove_core::SubjectId {
    only(take("page", &format!("{{\"anonymousId\": \"{anonymous}\"}}"))).subject
}

#[test]
fn only_what_is_no_json_or_too_large_is_refused() {
    let refused = |endpoint: Endpoint, body: &str| {
        intake("s:1", |intake| messages(intake, endpoint, body.as_bytes()).unwrap_err().kind)
    };
    assert_eq!(refused(Endpoint::Track, "{\"event\":"), RefusalKind::Malformed);
    assert_eq!(refused(Endpoint::Batch, "{}"), RefusalKind::Malformed);
    let large = format!("{{\"userId\": \"{}\"}}", "x".repeat(40_000));
    assert_eq!(refused(Endpoint::Track, &large), RefusalKind::TooLarge);
}

proptest! {
    #[test]
    fn broken_messages_never_panic(at in 0..BATCH.len(), byte in any::<u8>(), cut in 0..ORDER_COMPLETED.len(), other in any::<u8>()) {
        let (mut batch, mut order) = (BATCH.as_bytes().to_vec(), ORDER_COMPLETED.as_bytes().to_vec());
        batch[at] = byte;
        order[cut] = other;
        intake("s:1", |intake| {
            let _ = messages(intake, Endpoint::Batch, &batch);
            let _ = messages(intake, Endpoint::Track, &order);
            let _ = messages(intake, Endpoint::Track, &order[..cut]);
        });
    }
}
