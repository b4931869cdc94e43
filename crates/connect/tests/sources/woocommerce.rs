//! Bodies of WooCommerce's webhooks.

use clove_connect::sources::shop::{Delivery, Hints, KnownOrder};
use clove_connect::sources::woocommerce::{Topic, delivery};
use clove_connect::sources::{Taken, VersionRank};
use clove_core::FactBody;
use clove_core::fact::OrderStatus;
use proptest::prelude::*;

use crate::{NOW, handles, intake, only, order_of, refund_of};

const ORDER: &str = include_str!("bodies/woocommerce_order.json");

fn read(topic: &str, hints: &Hints<'_>, body: &str) -> Delivery {
    let topic = Topic::from_header(topic).unwrap();
    intake("woocommerce:ceai", |intake| delivery(intake, topic, hints, body.as_bytes()).unwrap())
}

fn take(topic: &str, body: &str) -> Taken {
    match read(topic, &Hints { moment: NOW, order: None }, body) {
        Delivery::Facts(taken) => taken,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_is_read_in_utc_without_tax_whatever_prices_include() {
    let fact = only(take("order.created", ORDER));
    let order = order_of(&fact);
    assert_eq!((fact.external_id.as_str(), order.internal_id.as_deref()), ("R-2026-0727", Some("727")));
    assert!(fact.version.starts_with("2026-09-19T10:31:00.000000Z.1."), "{}", fact.version);
    assert_eq!((order.gross, order.discount, order.tax, order.shipping), (10_000, 1_000, 2_205, 1_500));
    assert_eq!(order.gross - order.discount + order.tax + order.shipping, 12_705, "what was paid");
    assert_eq!(
        (order.lines[0].product.as_str(), order.lines[0].gross, order.lines[0].discount),
        ("TEA-1", 10_000, 1_000)
    );
    assert_eq!(order.discount_codes, ["bun10"]);
    assert_eq!(order.attributes["utm_source"], "google");
    assert_eq!(handles(&fact), ["email::stefan@example.ro", "phone::+40721000111", "woocommerce:ceai:26"]);
    assert_eq!(fact.personal.unwrap().first_name.as_deref(), Some("Ștefan"));
}

#[test]
fn guests_states_and_fees() {
    let guest = only(take("order.created", &ORDER.replace("\"customer_id\": 26", "\"customer_id\": 0")));
    assert!(!handles(&guest).iter().any(|handle| handle.starts_with("woocommerce")));
    for (state, status) in [
        ("on-hold", OrderStatus::Pending),
        ("checkout-draft", OrderStatus::Pending),
        ("failed", OrderStatus::Cancelled),
        ("trash", OrderStatus::Cancelled),
        ("refunded", OrderStatus::Paid),
        ("completed", OrderStatus::Paid),
    ] {
        let fact = only(take("order.updated", &ORDER.replace("\"processing\"", &format!("\"{state}\""))));
        assert_eq!(order_of(&fact).status, status, "{state}");
    }
    // A fee is part of what was sold: it is in the total.
    let fee = only(take("order.updated", &ORDER.replace("\"total\": \"127.05\"", "\"total\": \"132.05\"")));
    assert_eq!(order_of(&fee).gross, 10_500);
}

#[test]
fn refunds_within_orders_are_one_fact_each_however_often_the_order_comes() {
    let with = |refunds: &str, at: &str| {
        take(
            "order.updated",
            &ORDER.replace("\"refunds\": []", &format!("\"refunds\": {refunds}")).replace("10:31:00", at),
        )
        .facts
    };
    let first = with(r#"[{"id": 735, "reason": "", "total": "-63.53"}]"#, "11:00:00");
    let [_, refund, retired] = &first[..] else { panic!("{first:?}") };
    // Half of the order, told apart as in the order: 9,000 of 12,705.
    assert_eq!((refund_of(refund).items, refund_of(refund).tax_and_shipping), (4_500, 1_853));
    assert_eq!(refund_of(retired).items, 0);
    let second = with(r#"[{"id": 735, "reason": "", "total": "-63.53"}, {"id": 740, "total": "-63.52"}]"#, "12:00:00");
    assert_eq!((&second[1].external_id, &second[1].version), (&refund.external_id, &refund.version));
    assert_eq!(second.len(), 5, "the order, two refunds, and two parts of files that give way");
    assert_ne!(second[0].version, first[0].version);
}

#[test]
fn a_deleted_order_is_its_last_state_cancelled() {
    let order = only(take("order.created", ORDER));
    let known = KnownOrder {
        external_id: order.external_id.clone(),
        order: order_of(&order).clone(),
        personal: order.personal.clone().unwrap(),
    };
    let body = r#"{"id": 727}"#;
    let unknown = read("order.deleted", &Hints { moment: NOW, order: None }, body);
    assert_eq!(unknown, Delivery::NeedsOrder { internal_id: "727".to_owned() });
    let Delivery::Facts(taken) = read("order.deleted", &Hints { moment: NOW, order: Some(&known) }, body) else {
        panic!()
    };
    let deleted = only(taken);
    assert_eq!((order_of(&deleted).status, order_of(&deleted).gross), (OrderStatus::Cancelled, 10_000));
    assert_eq!((&deleted.external_id, deleted.subject), (&order.external_id, order.subject));
    let rank = |fact: &clove_core::Fact| VersionRank::of(&fact.version, fact.received_at);
    assert!(rank(&deleted) > rank(&order));
}

#[test]
fn customers_and_products() {
    let customer = r#"{"id": 26, "date_created_gmt": "2026-03-21T16:09:28", "date_modified_gmt": "2026-03-21T16:09:30", "email": "stefan@example.ro",
        "first_name": "Ștefan", "last_name": "Țepeș", "role": "customer", "billing": {"country": "RO", "phone": "0721000111"}}"#;
    let fact = only(take("customer.updated", customer));
    assert!(matches!(&fact.body, FactBody::CustomerProfile(profile) if profile.country.as_deref() == Some("RO")));
    assert!(fact.version.starts_with("2026-03-21T16:09:30.000000Z."), "{}", fact.version);
    let product = r#"{"id": 93, "name": "Ceai verde", "sku": "TEA-1", "price": "50.00", "status": "publish", "permalink": "https://ceai.example/p/93",
        "date_created_gmt": "2026-03-21T16:09:28", "date_modified_gmt": "2026-03-22T16:09:28", "categories": [{"id": 9, "name": "Ceai"}], "images": []}"#;
    let fact = only(take("product.created", product));
    assert!(
        matches!(&fact.body, FactBody::Product(product) if product.category.as_deref() == Some("Ceai") && product.price.is_none())
    );
    let deleted = only(take("product.deleted", r#"{"id": 93}"#));
    assert!(matches!(&deleted.body, FactBody::Product(product) if product.deleted));
    assert!(Topic::from_header("coupon.created").is_none());
}

proptest! {
    #[test]
    fn broken_bodies_never_panic(at in 0..ORDER.len(), byte in any::<u8>()) {
        let mut order = ORDER.as_bytes().to_vec();
        order[at] = byte;
        intake("woocommerce:ceai", |intake| {
            for topic in [Topic::Order, Topic::OrderDeleted, Topic::Customer, Topic::Product] {
                let _ = delivery(intake, topic, &Hints { moment: NOW, order: None }, &order);
            }
        });
    }
}
