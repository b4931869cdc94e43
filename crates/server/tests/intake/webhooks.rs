//! Webhooks: forged, replayed, broken, early and late.

use clove_connect::sources::shop::{PrivacyKind, PrivacyRequest};
use clove_core::clock::SECOND;
use clove_core::fact::{FactBody, Handle, OrderStatus};
use clove_core::{FactKind, PersonId};
use clove_store::delivery::DeliveryEraser;
use clove_store::erasure::{Eraser as _, Target};
use clove_store::job::claim;
use serde_json::{Value, json};

use crate::shop::{ORDER, REFUND, Shop, WOO_ORDER, sign};
use crate::support::{World, on_both};

#[tokio::test]
async fn only_the_shop_s_own_signature_over_the_bytes_as_they_came_is_taken() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let odd = format!("\r\n\t {} \n\n", ORDER.replace("\"note\":", "\"note\" :\t\t"));
        let send = async |path: &str, topic: Option<&str>, signature: Option<&str>, body: &[u8]| {
            let mut headers = vec![("content-type", "application/json"), ("x-shopify-webhook-id", "w-1")];
            headers.extend(topic.map(|topic| ("x-shopify-topic", topic)));
            headers.extend(signature.map(|signature| ("x-shopify-hmac-sha256", signature)));
            let (status, answer) = shop.request("POST", path, &headers, body).await;
            (status, answer["code"].as_str().or(answer["result"].as_str()).unwrap_or("").to_owned())
        };
        let path = "/webhooks/shopify/my-shop";
        let (good, topic) = (sign(odd.as_bytes()), Some("orders/create"));
        let refused = (401, "invalid_signature".to_owned());
        assert_eq!(send(path, topic, None, odd.as_bytes()).await, refused);
        assert_eq!(send(path, topic, Some("not base64!"), odd.as_bytes()).await, refused);
        assert_eq!(send(path, topic, Some(&sign(b"other")), odd.as_bytes()).await, refused);
        assert_eq!(send(path, topic, Some(&good), odd.trim().as_bytes()).await, refused, "the same JSON, other bytes");
        assert_eq!(send(path, topic, Some(&good), &odd.as_bytes()[..odd.len() - 9]).await, refused, "cut off");
        assert_eq!(send("/webhooks/shopify/nobody", topic, Some(&good), odd.as_bytes()).await, refused);
        assert_eq!(send("/webhooks/shopify/woocommerce:ceai", topic, Some(&good), odd.as_bytes()).await, refused);
        assert_eq!(send("/webhooks/woocommerce/my-shop", topic, Some(&good), odd.as_bytes()).await, refused);
        assert_eq!(send(path, None, Some(&good), odd.as_bytes()).await, (400, "invalid_parameter".to_owned()));
        let large = vec![b' '; 5_000_001];
        assert_eq!(send(path, topic, Some(&sign(&large)), &large).await, (413, "too_large".to_owned()));
        assert!(shop.facts(&FactKind::Order).await.is_empty());

        assert_eq!(send(path, topic, Some(&good), odd.as_bytes()).await, (200, "taken".to_owned()));
        assert_eq!(send(path, topic, Some(&good), odd.as_bytes()).await, (200, "known".to_owned()), "a replay");
        let by_full_name = send("/webhooks/shopify/shopify:my-shop", topic, Some(&good), odd.as_bytes()).await;
        assert_eq!(by_full_name, (200, "known".to_owned()));
        assert_eq!(shop.facts(&FactKind::Order).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_signed_and_cannot_be_taken_is_kept_shown_and_tried_again() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let future = ORDER.replace("2026-09-19T10:29:58+02:00", "2026-10-03T10:29:58+02:00");
        for (id, body) in [
            ("w-1", "{\"id\": 1, \"na"),
            ("w-2", &format!("{}1{}", "[".repeat(40), "]".repeat(40))),
            ("w-3", "{\"id\": 1}"),
            ("w-4", "\u{0}\u{ffff}"),
            ("w-5", &future),
        ] {
            assert_eq!(shop.shopify("orders/create", id, body.as_bytes()).await, "kept", "{id}");
            // Ids are in the order of their milliseconds.
            shop.world.clock.advance(SECOND);
        }
        assert_eq!(shop.shopify("orders/create", "w-1", b"{\"id\": 1, \"na").await, "known", "kept once");
        assert_eq!(shop.shopify("themes/publish", "w-6", b"{}").await, "ignored");

        let (_, first) = shop.send("GET", "/api/v1/deliveries?limit=2", b"").await;
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let next = format!("/api/v1/deliveries?limit=10&cursor={}", first["next"].as_str().unwrap());
        let (_, rest) = shop.send("GET", &next, b"").await;
        let items: Vec<&Value> = rest["items"].as_array().unwrap().iter().collect();
        assert_eq!(items.len(), 3, "{rest}");
        assert_eq!(items[0]["problems"][0]["pointer"], "/created_at", "the source gives the currency");
        assert!(items[0]["body"].is_null(), "lists hold no personal data");
        let path = |item: &Value| format!("/api/v1/deliveries/{}", item["id"].as_str().unwrap());
        let (_, shown) = shop.send("GET", &path(items[2]), b"").await;
        assert_eq!(shown["body"], future);

        // What lies in the future today does not in three days.
        let (status, problem) = shop.send("POST", &format!("{}/retry", path(items[2])), b"").await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/created_at")), "{problem}");
        shop.world.clock.advance(3 * 86_400 * SECOND);
        let (status, settled) = shop.send("POST", &format!("{}/retry", path(items[2])), b"").await;
        assert_eq!((status, &settled["state"]), (200, &json!("settled")), "{settled}");
        let (status, problem) = shop.send("POST", &format!("{}/retry", path(items[0])), b"").await;
        assert_eq!((status, problem["errors"].as_array().unwrap().len()), (422, 1), "{problem}");
        assert_eq!(shop.send("DELETE", &path(items[0]), b"").await.0, 204);
        assert_eq!(shop.send("DELETE", &path(items[0]), b"").await.0, 409);
        let (_, gone) = shop.send("GET", &path(items[0]), b"").await;
        assert_eq!((&gone["state"], &gone["body"]), (&json!("discarded"), &Value::Null));
        assert_eq!(shop.send("GET", "/api/v1/deliveries?state=lost", b"").await.0, 400);
        assert_eq!(shop.send("GET", "/api/v1/deliveries/dlv_1", b"").await.0, 404);
    })
    .await;
}

#[tokio::test]
async fn erasure_reaches_what_is_kept() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let broken = "{\"id\": 1, \"email\": \"Giulia.Rossi@Example.it\", ";
        assert_eq!(shop.shopify("orders/create", "w-1", broken.as_bytes()).await, "kept");
        assert_eq!(shop.shopify("orders/create", "w-2", b"{\"id\": 2, ").await, "kept");
        assert_eq!(shop.shopify("orders/create", "o-1", ORDER.as_bytes()).await, "taken");
        let db = &shop.world.db;
        let subject = db.hash_key().subject(&Handle::email("giulia.rossi@example.it").unwrap());
        let target = Target {
            erasure: uuid::Uuid::from_u128(1),
            person: PersonId(subject.0),
            subjects: vec![subject],
            records: Vec::new(),
        };
        let mut tx = db.begin().await.unwrap();
        let deleted = DeliveryEraser.erase(&mut tx, &target).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(deleted[0].count, 1);
        let (_, open) = shop.send("GET", "/api/v1/deliveries", b"").await;
        assert_eq!(open["items"].as_array().unwrap().len(), 1, "the other one stays");
    })
    .await;
}

#[tokio::test]
async fn a_delivery_is_taken_once_its_source_has_what_was_missing() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let no_currency = ORDER.replacen("\"currency\": \"EUR\",", "", 1);
        shop.send("PATCH", "/api/v1/sources/shopify:my-shop", br#"{"currency": null}"#).await;
        assert_eq!(shop.shopify("orders/create", "w-1", no_currency.as_bytes()).await, "kept");
        let (_, list) = shop.send("GET", "/api/v1/deliveries", b"").await;
        let retry = format!("/api/v1/deliveries/{}/retry", list["items"][0]["id"].as_str().unwrap());
        assert_eq!(shop.send("POST", &retry, b"").await.0, 422);
        shop.send("PATCH", "/api/v1/sources/shopify:my-shop", br#"{"currency": "EUR"}"#).await;
        let (status, settled) = shop.send("POST", &retry, b"").await;
        assert_eq!((status, &settled["state"]), (200, &json!("settled")), "{settled}");
        assert_eq!(shop.send("POST", &retry, b"").await.0, 409);
        assert_eq!(shop.facts(&FactKind::Order).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_comes_before_its_order_waits_for_it_and_is_one_refund() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        assert_eq!(shop.shopify("refunds/create", "r-1", REFUND.as_bytes()).await, "waiting");
        assert_eq!(shop.shopify("refunds/create", "r-1", REFUND.as_bytes()).await, "known");
        shop.world.clock.advance(2 * SECOND);
        assert_eq!(shop.work_deliveries().await, 1, "in vain");
        assert!(shop.facts(&FactKind::Refund).await.is_empty());

        assert_eq!(shop.shopify("orders/create", "o-1", ORDER.as_bytes()).await, "taken");
        shop.know_orders().await;
        shop.world.clock.advance(10 * SECOND);
        assert_eq!(shop.work_deliveries().await, 1);
        let refunds = shop.newest(&FactKind::Refund).await;
        let FactBody::Refund(refund) = &refunds["929361464"] else { panic!() };
        assert_eq!((refund.order.as_str(), refund.items, refund.tax_and_shipping), ("1001", 3_674, 1_398));

        let with_refund = ORDER
            .replace("\"refunds\": []", &format!("\"refunds\": [{REFUND}]"))
            .replace("10:31:05", "10:45:00")
            .replace("\"financial_status\": \"paid\"", "\"financial_status\": \"partially_refunded\"");
        assert_eq!(shop.shopify("orders/updated", "o-2", with_refund.as_bytes()).await, "taken");
        assert_eq!(shop.shopify("refunds/create", "r-2", REFUND.as_bytes()).await, "known", "another delivery of it");
        assert_eq!(shop.facts(&FactKind::Refund).await.len(), 2, "the refund, and nothing in place of a file's");
        let (_, waiting) = shop.send("GET", "/api/v1/deliveries?state=waiting", b"").await;
        assert!(waiting["items"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_refund_whose_order_never_comes_ends_with_a_person() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        assert_eq!(shop.shopify("refunds/create", "r-1", REFUND.as_bytes()).await, "waiting");
        for _ in 0..20 {
            shop.world.clock.advance(3_601 * SECOND);
            shop.work_deliveries().await;
        }
        let (_, open) = shop.send("GET", "/api/v1/deliveries", b"").await;
        assert_eq!(open["items"][0]["topic"], "refunds/create", "{open}");
        assert!(open["items"][0]["problems"][0]["remedy"].as_str().unwrap().contains("orders/updated"));
    })
    .await;
}

#[tokio::test]
async fn out_of_order_states_end_with_the_newest() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let at = |time: &str, state: &str| {
            ORDER
                .replace("10:31:05", time)
                .replace("\"financial_status\": \"paid\"", &format!("\"financial_status\": \"{state}\""))
        };
        assert_eq!(shop.shopify("orders/cancelled", "3", at("11:00:00", "voided").as_bytes()).await, "taken");
        assert_eq!(shop.shopify("orders/create", "1", at("10:30:00", "pending").as_bytes()).await, "taken");
        assert_eq!(shop.shopify("orders/paid", "2", at("10:31:00", "paid").as_bytes()).await, "taken");
        let orders = shop.newest(&FactKind::Order).await;
        let FactBody::Order(order) = &orders["1001"] else { panic!() };
        assert_eq!((orders.len(), order.status), (1, OrderStatus::Cancelled));
    })
    .await;
}

#[tokio::test]
async fn requests_about_personal_data_become_jobs_once() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let redact = br#"{"shop_id": 1, "customer": {"id": 7, "email": "ann@example.org", "phone": null}, "orders_to_redact": [5678901234567]}"#;
        assert_eq!(shop.shopify("customers/redact", "p-1", redact).await, "taken");
        assert_eq!(shop.shopify("customers/redact", "p-1", redact).await, "known");
        let data = br#"{"shop_id": 1, "customer": {"id": 7, "email": "ann@example.org"}, "orders_requested": [], "data_request": {"id": 99}}"#;
        assert_eq!(shop.shopify("customers/data_request", "p-2", data).await, "taken");
        assert_eq!(shop.shopify("customers/data_request", "p-3", data).await, "known", "the request is told by its own number");
        assert_eq!(shop.shopify("shop/redact", "p-4", br#"{"shop_id": 1, "shop_domain": "x"}"#).await, "taken");
        let jobs = claim(&shop.world.db, PrivacyRequest::QUEUE, 10, SECOND).await.unwrap();
        let mut kinds: Vec<PrivacyKind> = jobs
            .iter()
            .map(|job| serde_json::from_str::<PrivacyRequest>(&job.payload).unwrap().kind)
            .collect();
        kinds.sort_by_key(|kind| format!("{kind:?}"));
        assert_eq!(kinds, [PrivacyKind::DataRequest, PrivacyKind::Redact, PrivacyKind::ShopRedact]);

        assert_eq!(shop.shopify("app/uninstalled", "u-1", b"{}").await, "taken");
        let (_, list) = shop.send("GET", "/api/v1/sources", b"").await;
        assert!(list[0]["disconnected_at"].is_i64(), "{list}");
    })
    .await;
}

#[tokio::test]
async fn woocommerce_is_answered_from_its_ping_on() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let path = "/webhooks/woocommerce/ceai";
        let form = [("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(shop.request("POST", path, &form, b"webhook_id=17").await.0, 200);
        assert_eq!(shop.request("POST", path, &form, b"webhook_id=17&evil=1").await.0, 401);
        let deliver = async |topic: &str, id: &str, body: &str| {
            let signature = sign(body.as_bytes());
            let headers = [
                ("content-type", "application/json"),
                ("x-wc-webhook-source", "https://ceai.example/"),
                ("x-wc-webhook-topic", topic),
                ("x-wc-webhook-resource", "order"),
                ("x-wc-webhook-event", "updated"),
                ("x-wc-webhook-signature", signature.as_str()),
                ("x-wc-webhook-id", "17"),
                ("x-wc-webhook-delivery-id", id),
            ];
            let (status, answer) = shop.request("POST", path, &headers, body.as_bytes()).await;
            assert_eq!(status, 200, "{answer}");
            answer["result"].as_str().unwrap().to_owned()
        };
        assert_eq!(deliver("order.created", "d1", WOO_ORDER).await, "taken");
        assert_eq!(deliver("order.created", "d1", WOO_ORDER).await, "known");
        assert_eq!(deliver("coupon.created", "d2", r#"{"id": 1, "code": "bun10"}"#).await, "ignored");
        assert_eq!(deliver("action.wp_login", "d3", "{}").await, "ignored");
        assert_eq!(deliver("order.updated", "d4", "{}").await, "kept");
        assert_eq!(deliver("order.deleted", "d5", r#"{"id": 727}"#).await, "waiting", "the projection has not seen it");
        shop.know_orders().await;
        shop.world.clock.advance(2 * SECOND);
        assert_eq!(shop.work_deliveries().await, 1);
        let orders = shop.newest(&FactKind::Order).await;
        let FactBody::Order(order) = &orders["R-2026-0727"] else { panic!("{orders:?}") };
        assert_eq!((order.status, order.gross), (OrderStatus::Cancelled, 10_000));
    })
    .await;
}
