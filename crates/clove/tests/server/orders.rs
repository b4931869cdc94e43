//! Orders in by HTTP: durable, joined to a person, there again after a kill.

use serde_json::json;

use crate::{Server, data_folder};

fn order(id: u32, email: &str) -> serde_json::Value {
    json!({
        "id": id.to_string(),
        "placed_at": format!("2026-03-{:02}T10:00:00Z", 1 + id % 28),
        "updated_at": format!("2026-03-{:02}T10:05:00Z", 1 + id % 28),
        "status": "paid",
        "currency": "EUR",
        "customer": {"email": email},
        "gross": "12.50"
    })
}

#[test]
fn an_accepted_order_survives_a_kill_and_is_one_order_however_often_it_comes() {
    let folder = data_folder("kill");
    let server = Server::start(&folder);
    let key = server.owner_key.clone().expect("the first start shows a key");
    let path = "/api/v1/orders?source=shopify:brezza";

    for id in 1..=5 {
        let (status, body) = server.send("POST", path, &key, &order(id, "Ann@Example.org").to_string());
        assert_eq!((status, &body["new"]), (200, &json!(1)), "{body}");
    }
    server.kill();

    let server = Server::start(&folder);
    assert!(server.owner_key.is_none(), "the key is shown once");
    let again = server.send("POST", path, &key, &order(3, "ann@example.org").to_string());
    assert_eq!((again.0, &again.1["new"], &again.1["known"]), (200, &json!(0), &json!(1)), "{}", again.1);
    let later = json!([order(6, "ann@example.org"), order(7, "bob@example.org")]);
    assert_eq!(server.send("POST", path, &key, &later.to_string()).1["new"], 2);

    server.get_when_there("/api/v1/customers?email=bob@example.org", &key);
    let ann = server.get_when_there("/api/v1/customers?email=ANN@example.org", &key);
    let numbers: Vec<&str> =
        ann["orders"].as_array().unwrap().iter().filter_map(|order| order["id"].as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(ann["orders"][0]["gross"], 1250);
    let same = server.get_when_there(&format!("/api/v1/customers/{}", ann["id"].as_str().unwrap()), &key);
    // What is computed of the orders may have come meanwhile.
    assert_eq!((&same["id"], &same["orders"]), (&ann["id"], &ann["orders"]));
}

#[test]
fn wrong_calls_are_told_what_is_wrong_and_keys_cannot_do_more_than_they_may() {
    let server = Server::start(&data_folder("refusals"));
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let storefront = json!({"name": "storefront", "scopes": ["ingest"], "source": "web:shop"});
    let (status, made) = server.send("POST", "/api/v1/keys", &owner, &storefront.to_string());
    assert_eq!(status, 201, "{made}");
    let key = made["key"].as_str().unwrap().to_owned();

    let (status, problem) = server.send("POST", "/api/v1/orders", &key, r#"[{"id": "1", "currency": "EUR"}]"#);
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{problem}");
    let pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().filter_map(|error| error["pointer"].as_str()).collect();
    assert!(pointers.iter().any(|pointer| pointer.starts_with("/0/placed_at")), "{pointers:?}");

    assert_eq!(server.send("POST", "/api/v1/orders", &key, "[").1["code"], "invalid_json");
    assert_eq!(server.send("POST", "/api/v1/orders", "clove_x_y", "[]").1["code"], "unauthenticated");
    assert_eq!(server.send("POST", "/api/v1/orders?source=shopify:other", &key, "[]").1["code"], "forbidden");
    assert_eq!(server.send("GET", "/api/v1/keys", &key, "").1["code"], "forbidden");
    assert_eq!(server.send("GET", "/api/v1/customers?email=a@b.c", &key, "").1["code"], "forbidden");
    assert_eq!(server.send("GET", "/api/v1/customers?email=a@b.c", &owner, "").1["code"], "not_found");
    assert_eq!(server.send("GET", "/nowhere", &owner, "").1["code"], "not_found");
    assert_eq!(server.send("PUT", "/health", &owner, "").1["code"], "method_not_allowed");
    let large = format!("[\"{}\"]", "x".repeat(2 << 20));
    assert_eq!(server.send("POST", "/api/v1/orders", &key, &large).1["code"], "too_large");

    let id = made["id"].as_str().unwrap();
    assert_eq!(server.send("DELETE", &format!("/api/v1/keys/{id}"), &owner, "").0, 204);
    assert_eq!(server.send("POST", "/api/v1/orders", &key, "[]").1["code"], "unauthenticated");
    assert_eq!(server.send("GET", "/ready", "", "").0, 200);
    assert!(server.send("GET", "/api/v1/openapi.json", "", "").1["paths"]["/api/v1/orders"].is_object());
}
