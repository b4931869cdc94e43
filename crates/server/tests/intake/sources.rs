//! The registry of sources.

use clove_core::TrackingPolicy;
use serde_json::json;

use crate::shop::{SECRET, Shop};
use crate::support::{World, on_both};

#[tokio::test]
async fn a_source_is_added_changed_and_never_shows_its_secret() {
    on_both(|world: World| async move {
        let shop = Shop::open(world).await;
        let body = json!({"name": "web:shop", "tracking_policy": "granted"}).to_string();
        let (status, added) = shop.send("POST", "/api/v1/sources", body.as_bytes()).await;
        assert_eq!((status, &added["system"], &added["has_webhook_secret"]), (201, &json!("web"), &json!(false)));
        assert_eq!(shop.send("POST", "/api/v1/sources", body.as_bytes()).await.0, 409);
        let source = "web:shop".parse().unwrap();
        assert_eq!(shop.services.sources.tracking_policy(&source).await.unwrap(), Some(TrackingPolicy::Granted));

        let change = json!({"tracking_policy": null, "currency": "CHF"}).to_string();
        let (status, changed) = shop.send("PATCH", "/api/v1/sources/web:shop", change.as_bytes()).await;
        assert_eq!((status, &changed["tracking_policy"], &changed["currency"]), (200, &json!(null), &json!("CHF")));
        assert_eq!(shop.services.sources.tracking_policy(&source).await.unwrap(), None);
        assert_eq!(shop.services.sources.currency(&source).await.unwrap().unwrap().code(), "CHF");

        let (_, list) = shop.send("GET", "/api/v1/sources", b"").await;
        assert_eq!(list.as_array().unwrap().len(), 3);
        assert_eq!(list[0]["webhook_path"], "/webhooks/shopify/shopify:my-shop");
        assert!(list[0]["has_webhook_secret"] == true && !list.to_string().contains(SECRET));
        assert!(!format!("{:?}", shop.services.sources.list().await.unwrap()).contains(SECRET));

        for (body, pointer) in [
            (json!({"name": ""}), "/name"),
            (json!({"name": "x", "system": "magento"}), "/system"),
            (json!({"name": "x", "currency": "EURO"}), "/currency"),
            (json!({"name": "x", "webhook_secret": "  "}), "/webhook_secret"),
            (json!({"name": "x", "tracking_policy": "always"}), "/tracking_policy"),
        ] {
            let (status, problem) = shop.send("POST", "/api/v1/sources", body.to_string().as_bytes()).await;
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
        }
        assert_eq!(shop.send("PATCH", "/api/v1/sources/nobody", b"{}").await.0, 404);
        assert_eq!(shop.request("GET", "/api/v1/sources", &[], b"").await.0, 401);
    })
    .await;
}
