//! Webhooks of shops. The first byte of an input chooses the topic.

use clove_connect::sources::shop::{Delivery, Hints};
use clove_connect::sources::{Intake, Refusal, shopify, verify_webhook, woocommerce};

use crate::{NOW, check, deliveries, fuzz, intake};

const SHOPIFY: [&str; 16] = [
    "orders/create",
    "orders/updated",
    "orders/cancelled",
    "orders/delete",
    "refunds/create",
    "customers/create",
    "customers/update",
    "customers/delete",
    "customers/data_request",
    "customers/redact",
    "shop/redact",
    "app/uninstalled",
    "products/update",
    "products/delete",
    "carts/update",
    "checkouts/update",
];
const WOOCOMMERCE: [&str; 6] =
    ["order.created", "order.deleted", "customer.updated", "customer.deleted", "product.updated", "product.deleted"];

fn told_twice_is_the_same(intake: &Intake<'_>, read: impl Fn() -> Result<Delivery, Refusal>) {
    match (read(), read()) {
        (Ok(Delivery::Facts(first)), Ok(Delivery::Facts(again))) => {
            check(intake, &first);
            assert_eq!(deliveries(&first), deliveries(&again));
        }
        (first, again) => assert_eq!(first, again),
    }
}

#[test]
fn of_shopify() {
    fuzz!("shopify", |bytes: &[u8]| {
        let Some((choice, body)) = bytes.split_first() else { return };
        let name = SHOPIFY[usize::from(*choice) % SHOPIFY.len()];
        let Some(topic) = shopify::Topic::from_header(name) else { return };
        let hints = Hints { moment: NOW, order: None };
        intake(|intake| told_twice_is_the_same(intake, || shopify::delivery(intake, topic, &hints, body)));
    });
}

#[test]
fn of_woocommerce() {
    fuzz!("woocommerce", |bytes: &[u8]| {
        let Some((choice, body)) = bytes.split_first() else { return };
        let topic = woocommerce::Topic::from_header(WOOCOMMERCE[usize::from(*choice) % WOOCOMMERCE.len()]);
        let (topic, hints) = (topic.expect("a topic"), Hints { moment: NOW, order: None });
        intake(|intake| told_twice_is_the_same(intake, || woocommerce::delivery(intake, topic, &hints, body)));
        assert!(!woocommerce::is_ping(body) || body.len() <= 31);
    });
}

/// Only the right signature passes, and it always does.
#[test]
fn signatures() {
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit as _, Mac as _};

    fuzz!("signatures", |bytes: &[u8]| {
        let (secret, rest) = bytes.split_at(bytes.len().min(8));
        let (claimed, body) = rest.split_at(rest.len() / 2);
        let claimed = String::from_utf8_lossy(claimed);
        let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(secret) else { return };
        mac.update(body);
        let right = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(verify_webhook(secret, body, &right).is_ok(), !secret.is_empty());
        assert!(verify_webhook(secret, body, &claimed).is_err() || claimed.trim() == right);
    });
}
