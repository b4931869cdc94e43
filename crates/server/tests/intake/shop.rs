//! A server without a port: requests go to its routes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clove_connect::sources::VersionRank;
use clove_core::clock::SECOND;
use clove_core::fact::FactBody;
use clove_core::{FactKind, Micros};
use clove_http::access::KeyRing;
use clove_http::rate::{RateLimits, RateSettings};
use clove_http::{Actor, Scope, Services, SourceRegistry};
use clove_measure::live::CurrentShop;
use clove_server::imports::Imports;
use clove_server::{Deliveries, router};
use clove_store::job::{JobHandler, JobWorker, WorkerSettings};
use clove_store::known_order::KnownOrders;
use clove_store::{Driver, DriverOptions, FactWriter, SqlText, Step, Subscriber, WriterOptions};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::support::{START, World};

pub const SECRET: &str = "shpss_geheim";
/// 2026-10-01T00:00:00Z
pub const NOW: Micros = START + 273 * 86_400 * SECOND;

const FACTS: SqlText =
    SqlText::both("FACTS", "SELECT kind, external_id, version, received_at, body FROM fact ORDER BY seq");

pub struct Shop {
    pub world: World,
    pub services: Arc<Services>,
    pub key: String,
    app: axum::Router,
    pub files: tempfile::TempDir,
}

impl Shop {
    /// A server on a database, at [`NOW`], with the sources `shopify:my-shop` and `woocommerce:ceai`.
    pub async fn open(world: World) -> Shop {
        if world.db.now() < NOW {
            world.clock.advance(NOW - world.db.now());
        }
        let db = world.db.clone();
        let keys = KeyRing::open(db.clone()).await.unwrap();
        let key = keys.create(&Actor::command("test"), "owner", &[Scope::Admin], None).await.unwrap().key;
        let sources = SourceRegistry::open(db.clone()).await.unwrap();
        let (writer, _) = FactWriter::start(db.clone(), WriterOptions::default());
        let files = tempfile::tempdir().unwrap();
        let services = Arc::new(Services {
            limits: RateLimits::new(&db, &RateSettings::default()),
            trusted_proxies: Vec::new(),
            db,
            writer,
            keys,
            sources,
            files: files.path().to_owned(),
            lake: None,
        });
        let shop = CurrentShop::new(services.db.clone());
        let app = router(Arc::clone(&services), shop, CancellationToken::new(), None);
        let shop = Shop { world, services, key, app, files };
        for (name, currency) in [("shopify:my-shop", "EUR"), ("woocommerce:ceai", "RON")] {
            let body = json!({"name": name, "currency": currency, "webhook_secret": SECRET});
            let (status, answer) = shop.send("POST", "/api/v1/sources", body.to_string().as_bytes()).await;
            assert!(status == 201 || status == 409, "{answer}");
        }
        shop
    }

    /// A request with the owner's key.
    pub async fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.key);
        self.request(method, path, &[("authorization", &bearer), ("content-type", "application/json")], body).await
    }

    /// A request with headers of the test's own. The answer's body as JSON, or as text where it is none.
    pub async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.app.clone().oneshot(request.body(Body::from(body.to_vec())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// A webhook of Shopify, signed over these bytes; the result that it is answered with.
    pub async fn shopify(&self, topic: &str, id: &str, body: &[u8]) -> String {
        let signature = sign(body);
        let headers = [
            ("x-shopify-topic", topic),
            ("x-shopify-hmac-sha256", &signature),
            ("x-shopify-webhook-id", id),
            ("x-shopify-shop-domain", "my-shop.myshopify.com"),
            ("content-type", "application/json"),
        ];
        let (status, answer) = self.request("POST", "/webhooks/shopify/my-shop", &headers, body).await;
        assert_eq!(status, 200, "{answer}");
        answer["result"].as_str().unwrap().to_owned()
    }

    /// Lets the projection of order numbers handle everything.
    pub async fn know_orders(&self) {
        let subscriber: Arc<dyn Subscriber> = Arc::new(KnownOrders);
        let mut driver = Driver::new(self.world.db.clone(), subscriber, DriverOptions::default()).await.unwrap();
        while matches!(driver.step().await.unwrap(), Step::Applied { .. }) {}
        driver.stop().await.unwrap();
    }

    /// Works off what is due of the queue of deliveries.
    pub async fn work_deliveries(&self) -> usize {
        self.work(Arc::new(Deliveries::new(Arc::clone(&self.services)))).await
    }

    /// Works off what is due of the queue of imports.
    pub async fn work_imports(&self) -> usize {
        self.work(Arc::new(Imports::new(self.services.files.clone(), CancellationToken::new()))).await
    }

    async fn work(&self, handler: Arc<dyn JobHandler>) -> usize {
        JobWorker::new(self.world.db.clone(), handler, WorkerSettings::default()).work_once().await.unwrap()
    }

    /// Every fact of a kind: external id, version, body.
    pub async fn facts(&self, kind: &FactKind) -> Vec<(String, String, FactBody)> {
        let rows: Vec<(String, String, String, i64, String)> = self.world.db.read_all(FACTS.query()).await.unwrap();
        rows.into_iter()
            .filter(|row| row.0 == kind.name())
            .map(|(_, id, version, _, body)| (id, version, FactBody::parse(kind, &body).unwrap()))
            .collect()
    }

    /// The newest state of each thing of a kind, by its external id.
    pub async fn newest(&self, kind: &FactKind) -> BTreeMap<String, FactBody> {
        let rows: Vec<(String, String, String, i64, String)> = self.world.db.read_all(FACTS.query()).await.unwrap();
        let mut newest: BTreeMap<String, (VersionRank, FactBody)> = BTreeMap::new();
        for (_, id, version, received_at, body) in rows.into_iter().filter(|row| row.0 == kind.name()) {
            let rank = VersionRank::of(&version, received_at);
            if newest.get(&id).is_none_or(|(known, _)| *known < rank) {
                newest.insert(id, (rank, FactBody::parse(kind, &body).unwrap()));
            }
        }
        newest.into_iter().map(|(id, (_, body))| (id, body)).collect()
    }

    /// Hands a file in and works it off; what the server says of it then.
    pub async fn import(&self, source: &str, name: &str, file: &[u8]) -> Value {
        let path = format!("/api/v1/imports?source={source}&name={name}");
        let (status, answer) = self.send("POST", &path, file).await;
        assert_eq!((status, &answer["state"]), (202, &json!("waiting")), "{answer}");
        assert_eq!(self.work_imports().await, 1);
        let (status, answer) =
            self.send("GET", &format!("/api/v1/imports/{}", answer["id"].as_str().unwrap()), b"").await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Files that lie in the folder of uploads.
    pub fn uploads(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.files.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

/// The signature of a body.
pub fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

pub const ORDER: &str = include_str!("../../../connect/tests/sources/bodies/shopify_order.json");
pub const REFUND: &str = include_str!("../../../connect/tests/sources/bodies/shopify_refund.json");
pub const WOO_ORDER: &str = include_str!("../../../connect/tests/sources/bodies/woocommerce_order.json");

/// The order of [`ORDER`] as Shopify's export has it, with these financial status and refunded amount.
pub fn shopify_csv(status: &str, refunded: &str) -> String {
    format!(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Country,Cancelled at,Refunded Amount,Id,Tags,Source,Phone\n\
         #1001,giulia.rossi@example.it,{status},2026-09-19 10:31:00 +0200,,yes,EUR,82.80,5.90,16.00,88.70,BENVENUTO,9.20,2026-09-19 10:29:58 +0200,2,Tè verde - 100 g,21.10,TEA-1,IT,,{refunded},5678901234567,\"estate, VIP\",web,+39 333 1234567\n\
         #1001,giulia.rossi@example.it,,,,,,,,,,,,,1,Teiera,49.80,,,,,,,,\n\
         #1002,ann@example.org,paid,2026-09-20 10:31:00 +0200,,no,EUR,10.00,0.00,0.00,10.00,,0.00,2026-09-20 10:29:58 +0200,1,Tazza,10.00,CUP-1,FR,,0.00,5678901234568,,web,\n"
    )
}
