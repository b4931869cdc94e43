//! Quarantine over HTTP: what makes no sense is kept, shown without personal data, mended, discarded.

use serde_json::{Value, json};

use crate::{Server, data_folder};

fn order_completed(id: &str, properties: &Value) -> Value {
    json!({"type": "track", "messageId": id, "userId": "77", "event": "Order Completed", "properties": properties,
        "context": {"traits": {"email": "quentin@example.org"}}})
}

#[test]
fn senseless_messages_are_kept_through_a_kill_listed_mended_and_discarded() {
    let folder = data_folder("quarantine");
    let server = Server::start(&folder);
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "web:shop");
    let batch = json!({"batch": [
        order_completed("q-1", &json!({"order_id": "Q-1", "revenue": 12})),
        order_completed("q-2", &json!({"order_id": "Q-2", "currency": "quentin@example.org", "revenue": 12})),
        {"type": "track", "messageId": "q-3", "userId": "77", "event": "Cart Viewed"},
        order_completed("q-4", &json!({"currency": "EUR", "revenue": 12})),
    ]})
    .to_string();
    for _ in 0..2 {
        assert_eq!(server.send("POST", "/v1/batch", &key, &batch).0, 200);
    }
    assert_eq!(server.facts(), 1);
    server.kill();
    let server = Server::start(&folder);

    // Who may read, but not people's data, sees what is wrong and not with whom.
    let wanted = json!({"name": "analyst", "scopes": ["read"]}).to_string();
    let analyst = server.send("POST", "/api/v1/keys", &owner, &wanted).1["key"].as_str().unwrap().to_owned();
    let (status, page) = server.send("GET", "/api/v1/quarantine?state=open&limit=2", &analyst, "");
    assert_eq!((status, page["items"].as_array().unwrap().len()), (200, 2), "{page}");
    let next = page["next"].as_str().unwrap();
    let (_, second) = server.send("GET", &format!("/api/v1/quarantine?state=open&limit=2&cursor={next}"), &analyst, "");
    let items: Vec<&Value> =
        page["items"].as_array().unwrap().iter().chain(second["items"].as_array().unwrap()).collect();
    assert_eq!((items.len(), &second["next"]), (3, &Value::Null), "a repeated delivery adds nothing");
    assert!(!page.to_string().contains("quentin") && !second.to_string().contains("quentin"));
    let by_pointer = |pointer: &str| -> String {
        let mut found = items.iter().filter(|item| item["pointer"] == pointer).map(|item| item["id"].as_str().unwrap());
        found.next_back().unwrap_or_else(|| panic!("{pointer} in {items:?}")).to_owned()
    };
    let (no_currency, no_number) =
        (by_pointer("/batch/0/properties/currency"), by_pointer("/batch/3/properties/order_id"));
    let strange_currency = by_pointer("/batch/1/properties/currency");

    let at = |id: &str, call: &str| format!("/api/v1/quarantine/{id}{call}");
    for (method, call) in [("GET", ""), ("DELETE", ""), ("POST", "/retry")] {
        assert_eq!(server.send(method, &at(&no_currency, call), &analyst, "").1["code"], "forbidden");
        assert_eq!(server.send(method, &at(&no_currency, call), &key, "").1["code"], "forbidden");
        assert_eq!(server.send(method, &at("qua_0", call), &owner, "").1["code"], "not_found");
    }
    let whole = server.send("GET", &at(&no_currency, ""), &owner, "").1;
    assert_eq!(whole["record"]["properties"]["order_id"], "Q-1");
    assert_eq!(whole["record"]["type"], "track");

    // As it is it makes no more sense; mended it does, once.
    let (status, problem) = server.send("POST", &at(&no_currency, "/retry"), &owner, "");
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/properties/currency")), "{problem}");
    let mut mended = whole["record"].clone();
    mended["properties"]["currency"] = json!("EUR");
    let (status, answer) = server.send("POST", &at(&no_currency, "/retry"), &owner, &mended.to_string());
    assert_eq!((status, answer), (200, json!({"new": 1, "known": 0})));
    assert_eq!(server.send("POST", &at(&no_currency, "/retry"), &owner, &mended.to_string()).1["code"], "conflict");
    assert_eq!(server.send("POST", &at(&no_number, "/retry"), &owner, "[[").1["code"], "invalid_json");
    let customer = server.get_when_there("/api/v1/customers?email=quentin@example.org", &owner);
    assert_eq!((&customer["orders"][0]["id"], &customer["orders"][0]["gross"]), (&json!("Q-1"), &json!(1200)));

    assert_eq!(server.send("DELETE", &at(&no_number, ""), &owner, "").0, 204);
    assert_eq!(server.send("DELETE", &at(&no_number, ""), &owner, "").1["code"], "conflict");
    assert_eq!(server.send("POST", "/v1/batch", &key, &batch).0, 200);
    let states = |state: &str| {
        let (_, page) = server.send("GET", &format!("/api/v1/quarantine?state={state}"), &owner, "");
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states("discarded"), vec![no_number.clone()], "delivered again it stays discarded");
    assert_eq!((states("taken"), states("open")), (vec![no_currency], vec![strange_currency]));
    assert!(server.send("GET", &at(&no_number, ""), &owner, "").1["record"].is_null());
    assert_eq!(server.send("GET", "/api/v1/quarantine?state=odd", &owner, "").1["code"], "invalid_parameter");
    let metrics = server.text("/metrics", &owner);
    assert!(metrics.lines().any(|line| line == "clove_quarantine_open 1"), "{metrics}");
}
