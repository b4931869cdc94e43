//! Bodies of Shopify's webhooks.

use clove_connect::sources::shop::{Delivery, Hints, KnownOrder, PrivacyKind};
use clove_connect::sources::shopify::{Topic, delivery};
use clove_connect::sources::{RefusalKind, Taken, VersionRank};
use clove_core::fact::OrderStatus;
use clove_core::{Fact, FactBody};
use proptest::prelude::*;

use crate::{NOW, handles, intake, only, order_of, refund_of};

const ORDER: &str = include_str!("bodies/shopify_order.json");
const REFUND: &str = include_str!("bodies/shopify_refund.json");

fn read_with(topic: &str, hints: &Hints<'_>, body: &str) -> Delivery {
    let topic = Topic::from_header(topic).unwrap();
    intake("shopify:my-shop", |intake| delivery(intake, topic, hints, body.as_bytes()).unwrap())
}

fn read(topic: &str, body: &str) -> Delivery {
    read_with(topic, &Hints { moment: NOW, order: None }, body)
}

fn take(topic: &str, body: &str) -> Taken {
    match read(topic, body) {
        Delivery::Facts(taken) => taken,
        other => panic!("{other:?}"),
    }
}

fn known(order: &Fact) -> KnownOrder {
    KnownOrder {
        external_id: order.external_id.clone(),
        order: order_of(order).clone(),
        personal: order.personal.clone().unwrap(),
    }
}

#[test]
fn an_order_is_its_number_with_exact_amounts_without_tax() {
    let fact = only(take("orders/create", ORDER));
    let order = order_of(&fact);
    assert_eq!((fact.external_id.as_str(), order.internal_id.as_deref()), ("1001", Some("5678901234567")));
    assert!(fact.version.starts_with("2026-09-19T08:31:05.000000Z.1."), "{}", fact.version);
    assert_eq!(order.currency, "EUR", "the shop's, not what the customer was shown");
    assert_eq!(order.attributes["presentment_currency"], "CHF");
    // Prices hold the tax: 92.00 - 6.85 - 8.08, and 5.90 - 1.07 of shipping.
    assert_eq!((order.gross, order.discount, order.tax, order.shipping), (7_707, 920, 1_600, 483));
    assert_eq!(order.gross - order.discount + order.tax + order.shipping, 8_870, "what was paid");
    let lines: Vec<(&str, i64, i64, i64)> =
        order.lines.iter().map(|line| (line.product.as_str(), line.quantity, line.gross, line.discount)).collect();
    assert_eq!(lines, [("TEA-1", 2, 3_535, 422), ("Teiera", 1, 4_172, 498)]);
    assert_eq!((order.channel.as_deref(), order.country.as_deref()), (Some("web"), Some("IT")));
    assert_eq!(order.discount_codes, ["BENVENUTO"]);
    assert_eq!(
        handles(&fact)[..3],
        ["email::giulia.rossi@example.it", "phone::+393331234567", "shopify:my-shop:207119551"]
    );
    assert!(handles(&fact)[3].starts_with("anonymous:shopify:my-shop:c1-"), "the cart leads to the customer");
    let personal = fact.personal.unwrap();
    assert_eq!(personal.fields["note"], "Citofonare «Rossi» – 2° piano");
    assert_eq!(personal.last_name.as_deref(), Some("Rossi"));
}

#[test]
fn states_tests_gift_cards_and_wholesale() {
    let order = |from: &str, to: &str| {
        let body = ORDER.replace(from, to);
        assert_ne!(body, ORDER, "{from}");
        order_of(&take("orders/updated", &body).facts[0]).clone()
    };
    let paid = "\"financial_status\": \"paid\"";
    assert_eq!(order(paid, "\"financial_status\": \"pending\"").status, OrderStatus::Pending);
    assert_eq!(order(paid, "\"financial_status\": \"voided\"").status, OrderStatus::Cancelled);
    let cancelled = order("\"cancelled_at\": null", "\"cancelled_at\": \"2026-09-20T10:00:00Z\"");
    assert_eq!((cancelled.status, cancelled.cancelled_at), (OrderStatus::Cancelled, Some(1_789_898_400_000_000)));
    assert!(order("\"test\": false", "\"test\": true").test);
    assert!(order("\"tags\": \"estate, VIP\"", "\"tags\": \"estate, Wholesale\"").wholesale);
    // One gift card among other things: what it cost is no sale.
    let mixed = ORDER.replacen("\"gift_card\": false", "\"gift_card\": true", 1);
    let mixed = order_of(&only(take("orders/create", &mixed))).clone();
    assert_eq!((mixed.gift_card, mixed.lines.len()), (false, 1));
    let all = order("\"gift_card\": false", "\"gift_card\": true");
    assert_eq!((all.gift_card, all.lines.len(), all.gross), (true, 2, 7_707));
}

#[test]
fn taxes_beside_prices_stay_beside_them_and_currencies_without_cents_are_whole() {
    let body = ORDER
        .replace("\"taxes_included\": true", "\"taxes_included\": false")
        .replace("\"total_price\": \"88.70\"", "\"total_price\": \"104.70\"");
    let order = only(take("orders/create", &body));
    let order = order_of(&order);
    assert_eq!((order.gross, order.discount, order.tax, order.shipping), (9_200, 920, 1_600, 590));
    let yen = ORDER.replace("\"currency\": \"EUR\",\n  \"current", "\"currency\": \"JPY\",\n  \"current");
    let yen = only(take("orders/create", &yen));
    assert_eq!((order_of(&yen).currency.as_str(), order_of(&yen).shipping), ("JPY", 5), "5.90 - 1.07, each rounded");
}

#[test]
fn later_states_outrank_earlier_ones_however_they_arrive() {
    let first = only(take("orders/create", &ORDER.replace("\"paid\"", "\"pending\"")));
    let paid = only(take("orders/paid", ORDER));
    let later = only(take("orders/updated", &ORDER.replace("10:31:05", "10:31:06")));
    let rank = |fact: &Fact| VersionRank::of(&fact.version, fact.received_at);
    assert!(rank(&first) < rank(&paid) && rank(&paid) < rank(&later));
    assert_eq!(take("orders/paid", ORDER).facts[0].version, paid.version, "a repetition is the same version");
}

#[test]
fn a_refund_within_an_order_and_alone_is_the_same_fact() {
    let with_refund = ORDER.replace("\"refunds\": []", &format!("\"refunds\": [{REFUND}]"));
    let within = take("orders/updated", &with_refund).facts;
    let [order, refund, retired] = &within[..] else { panic!("{within:?}") };
    // 44.82 - 8.08 of tax in it; 8.08 of tax, and shipping of 4.83 with 1.07 of tax: 50.72 in all.
    assert_eq!(
        (refund_of(refund).order.as_str(), refund_of(refund).items, refund_of(refund).tax_and_shipping),
        ("1001", 3_674, 1_398)
    );
    assert_eq!((refund.external_id.as_str(), refund.version.as_str()), ("929361464", "2026-09-20T07:00:00.000000Z"));
    assert_eq!(refund_of(refund).lines[0].product, "Teiera");
    assert_eq!((retired.external_id.as_str(), refund_of(retired).items), ("file-1-1001", 0));

    assert_eq!(read("refunds/create", REFUND), Delivery::NeedsOrder { internal_id: "5678901234567".to_owned() });
    let known = known(order);
    let alone = read_with("refunds/create", &Hints { moment: NOW, order: Some(&known) }, REFUND);
    let Delivery::Facts(alone) = alone else { panic!("{alone:?}") };
    let key = |fact: &Fact| (fact.body.kind(), fact.external_id.clone(), fact.version.clone(), fact.body.clone());
    assert_eq!(alone.facts.iter().map(key).collect::<Vec<_>>(), within[1..].iter().map(key).collect::<Vec<_>>());
}

#[test]
fn money_given_back_without_goods_is_a_refund_too() {
    let body = r#"{"id": 5, "created_at": "2026-09-20T07:00:00Z", "refund_line_items": [],
        "order_adjustments": [{"kind": "refund_discrepancy", "amount": "-10.00", "tax_amount": "0.00"}],
        "transactions": [{"kind": "refund", "status": "success", "amount": "10.00", "currency": "EUR"}]}"#;
    let with = |refund: &str| {
        let facts =
            take("orders/updated", &ORDER.replace("\"refunds\": []", &format!("\"refunds\": [{refund}]"))).facts;
        refund_of(&facts[1]).clone()
    };
    assert_eq!(with(body).items, 1_000);
    let bare = r#"{"id": 6, "created_at": "2026-09-20T07:00:00Z", "transactions": [
        {"kind": "refund", "status": "failure", "amount": "3.00"}, {"kind": "refund", "status": "success", "amount": "7.00"}]}"#;
    assert_eq!(with(bare).items, 700);
}

#[test]
fn customers_bring_their_consent_and_deletions_their_moment() {
    let body = r#"{"id": 207119551, "email": "Giulia.Rossi@Example.it", "first_name": "Giulia", "last_name": "Rossi",
        "phone": "+39 333 1234567", "created_at": "2025-01-01T00:00:00Z", "updated_at": "2026-09-19T10:00:00Z", "tags": "VIP, estate",
        "default_address": {"country_code": "IT", "city": "Torino"},
        "email_marketing_consent": {"state": "subscribed", "opt_in_level": "confirmed_opt_in", "consent_updated_at": "2026-01-02T00:00:00Z"},
        "sms_marketing_consent": {"state": "not_subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": null}}"#;
    let facts = take("customers/update", body).facts;
    let [profile, consent] = &facts[..] else { panic!("{facts:?}") };
    let FactBody::CustomerProfile(customer) = &profile.body else { panic!() };
    assert_eq!((customer.country.as_deref(), customer.tags.len(), customer.deleted), (Some("IT"), 2, false));
    let FactBody::ConsentGranted(change) = &consent.body else { panic!("{consent:?}") };
    assert_eq!((change.channel.as_str(), change.method.as_str()), ("email", "double_opt_in"));
    assert_eq!(
        (consent.external_id.as_str(), consent.version.as_str()),
        ("207119551-email", "2026-01-02T00:00:00.000000Z")
    );
    let sms = r#"{"id": 207119551, "phone": "+39 333 1234567", "sms_marketing_consent": {"state": "unsubscribed",
        "opt_in_level": "single_opt_in", "consent_updated_at": "2026-03-02T00:00:00Z", "consent_collected_from": "OTHER"}}"#;
    let withdrawn = only(take("customers_marketing_consent/update", sms));
    assert!(matches!(&withdrawn.body, FactBody::ConsentWithdrawn(change) if change.channel == "sms"));
    let deleted = only(take("customers/delete", r#"{"id": 207119551}"#));
    assert!(matches!(&deleted.body, FactBody::CustomerProfile(customer) if customer.deleted));
    assert_eq!((deleted.occurred_at, handles(&deleted)), (NOW, vec!["shopify:my-shop:207119551".to_owned()]));
}

#[test]
fn carts_checkouts_and_products() {
    let checkout = r#"{"id": 901414060, "token": "bd5a8aa1", "cart_token": "c1-687", "email": "giulia@example.it",
        "created_at": "2026-09-19T10:00:00Z", "updated_at": "2026-09-19T10:05:00Z", "completed_at": null, "currency": "EUR",
        "total_price": "88.70", "abandoned_checkout_url": "https://shop.example/checkouts/x",
        "line_items": [{"product_id": 1, "variant_id": 2, "sku": "TEA-1", "title": "Tè", "quantity": 2, "price": "21.10"}]}"#;
    let fact = only(take("checkouts/create", checkout));
    let FactBody::Track(track) = &fact.body else { panic!() };
    assert_eq!((track.event.as_str(), &track.properties["value"]), ("Checkout Started", &serde_json::json!("88.70")));
    assert_eq!(
        handles(&fact),
        ["email::giulia@example.it", "anonymous:shopify:my-shop:bd5a8aa1", "anonymous:shopify:my-shop:c1-687"]
    );
    let cart = only(take(
        "carts/update",
        r#"{"id": "c1-687", "token": "c1-687", "updated_at": "2026-09-19T10:00:00Z", "line_items": []}"#,
    ));
    assert_eq!(handles(&cart), ["anonymous:shopify:my-shop:c1-687"]);

    let product = r#"{"id": 632910392, "title": "Tè verde", "product_type": "Tè", "handle": "te-verde", "status": "active",
        "updated_at": "2026-09-19T10:00:00Z", "image": {"src": "https://cdn.example/te.jpg"},
        "variants": [{"id": 1, "title": "100 g", "sku": "TEA-1", "price": "21.10"}, {"id": 2, "title": "250 g", "sku": "TEA-2", "price": "45.00"}]}"#;
    let facts = take("products/update", product).facts;
    let ids: Vec<&str> = facts.iter().map(|fact| fact.external_id.as_str()).collect();
    assert_eq!(ids, ["632910392", "632910392-1", "632910392-2"]);
    assert!(
        matches!(&facts[1].body, FactBody::Product(product) if product.title == "Tè verde - 100 g" && product.sku.as_deref() == Some("TEA-1"))
    );
    let deleted = only(take("products/delete", r#"{"id": 632910392}"#));
    assert!(matches!(&deleted.body, FactBody::Product(product) if product.deleted));
}

#[test]
fn requests_about_personal_data_name_the_person() {
    let redact = r#"{"shop_id": 954889, "shop_domain": "my-shop.myshopify.com",
        "customer": {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"}, "orders_to_redact": [299938, 280263]}"#;
    let Delivery::Privacy(request) = read("customers/redact", redact) else { panic!() };
    assert_eq!((request.kind, request.source.as_str()), (PrivacyKind::Redact, "shopify:my-shop"));
    assert_eq!((request.customer_id.as_deref(), request.orders.len()), (Some("191167"), 2));
    let asked = redact
        .replace("orders_to_redact", "orders_requested")
        .replace("\"shop_id\"", "\"data_request\": {\"id\": 9999}, \"shop_id\"");
    let Delivery::Privacy(request) = read("customers/data_request", &asked) else { panic!() };
    assert_eq!((request.kind, request.request_id.as_str()), (PrivacyKind::DataRequest, "9999"));
    let json = serde_json::to_value(&request).unwrap();
    assert_eq!(
        (&json["kind"], &json["email"]),
        (&serde_json::json!("data_request"), &serde_json::json!("john@example.com"))
    );
    let Delivery::Privacy(request) = read("shop/redact", r#"{"shop_id": 954889, "shop_domain": "x"}"#) else {
        panic!()
    };
    assert_eq!(request.kind, PrivacyKind::ShopRedact);
    assert_eq!(read("app/uninstalled", "{}"), Delivery::Disconnected);
}

#[test]
fn what_cannot_be_read_names_its_place_and_what_makes_no_sense_is_kept_apart() {
    let refused = |body: &str| {
        intake("shopify:my-shop", |intake| {
            delivery(intake, Topic::Order, &Hints { moment: NOW, order: None }, body.as_bytes()).unwrap_err()
        })
    };
    assert_eq!(refused("[]").kind, RefusalKind::Invalid);
    assert_eq!(refused(&ORDER[..ORDER.len() - 3]).kind, RefusalKind::Malformed);
    assert_eq!(refused(&format!("{{\"id\": {}1}}", "[".repeat(40))).kind, RefusalKind::TooLarge);
    let refusal = refused(&ORDER.replace("\"price\": \"49.80\"", "\"price\": \"gratis\""));
    assert_eq!(refusal.problems[0].pointer, "/line_items/1/price");
    let refusal = refused("{}");
    let places: Vec<&str> = refusal.problems.iter().map(|problem| problem.pointer.as_str()).collect();
    assert_eq!(places, ["/id", "/currency", "/created_at"]);
    let taken = take("orders/create", &ORDER.replace("2026-09-19T10:29:58+02:00", "2036-09-19T10:29:58+02:00"));
    assert!(taken.facts.is_empty() && taken.quarantined.len() == 1);
    assert!(Topic::from_header("themes/publish").is_none());
}

proptest! {
    #[test]
    fn broken_bodies_never_panic(at in 0..ORDER.len(), byte in any::<u8>(), cut in 0..REFUND.len()) {
        let (mut order, mut refund) = (ORDER.as_bytes().to_vec(), REFUND.as_bytes().to_vec());
        order[at] = byte;
        refund[cut] = byte;
        let known = known(&take("orders/create", ORDER).facts[0]);
        let hints = Hints { moment: NOW, order: Some(&known) };
        intake("shopify:my-shop", |intake| {
            for topic in [Topic::Order, Topic::Customer, Topic::Product, Topic::Cart, Topic::EmailConsent, Topic::CustomerRedact] {
                let _ = delivery(intake, topic, &hints, &order);
            }
            let _ = delivery(intake, Topic::Refund, &hints, &refund);
            let _ = delivery(intake, Topic::Refund, &hints, &refund[..cut]);
            let _ = delivery(intake, Topic::OrderDeleted, &hints, &order);
        });
    }
}
