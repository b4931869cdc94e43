//! Our own records over HTTP: refunds, products, costs, customers, events; and requests that are sent again.

use serde_json::{Value, json};

use crate::{Server, data_folder};

#[test]
fn each_kind_is_taken_whole_or_not_at_all_and_once() {
    let server = Server::start(&data_folder("records"));
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "shopify:brezza");
    let kinds = [
        (
            "refunds",
            json!({"id": "r1", "order": "1001", "refunded_at": "2026-03-04", "currency": "EUR", "items": "5"}),
            "/items",
        ),
        ("products", json!({"id": "p1", "title": "Tea"}), "/title"),
        ("spend", json!({"from": "2026-02-01", "channel": "google", "currency": "EUR", "amount": "10"}), "/amount"),
        ("customers", json!({"email": "rosa@example.org", "tags": ["vip"]}), "/tags"),
        ("events", json!({"userId": "1", "event": "Product Viewed", "messageId": "m"}), "/userId"),
    ];
    for (number, (kind, record, pointer)) in (1..).zip(&kinds) {
        let path = format!("/api/v1/{kind}");
        let (status, answer) = server.send("POST", &path, &key, &record.to_string());
        assert_eq!((status, &answer["new"], &answer["known"]), (200, &json!(1), &json!(0)), "{kind}: {answer}");
        assert!(answer["subjects"][0].as_str().unwrap().starts_with("sub_"));
        let again = server.send("POST", &path, &key, &json!([record, record]).to_string()).1;
        assert_eq!((&again["new"], &again["known"]), (&json!(0), &json!(2)), "{kind}: {again}");
        // One wrong record: nothing of the list is taken, and its place is named.
        let mut wrong = record.clone();
        wrong[&pointer[1..]] = json!({"nested": 1});
        let mut other = record.clone();
        for (field, value) in
            [("id", "other"), ("messageId", "other"), ("email", "other@example.org"), ("channel", "other")]
        {
            if other.get(field).is_some() {
                other[field] = json!(value);
            }
        }
        let (status, problem) = server.send("POST", &path, &key, &json!([other, wrong]).to_string());
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_body")), "{kind}: {problem}");
        let errors = problem["errors"].as_array().unwrap();
        assert!(
            errors.iter().any(|error| error["pointer"].as_str().unwrap().starts_with(&format!("/1{pointer}"))),
            "{problem}"
        );
        assert!(errors.iter().all(|error| error["remedy"].is_string()));
        assert_eq!(server.facts(), number, "{kind}");
        // Hostile bodies are answered, never by a failure of ours.
        for body in ["", "[", "7", "[]", "[null]", "{\"a\":\"\\u0000\"}", "\u{feff}{}"] {
            let status = server.send("POST", &path, &key, body).0;
            assert!((400..500).contains(&status), "{kind} {body:?}: {status}");
        }
        let many = Value::from(vec![record.clone(); 1_001]).to_string();
        assert_eq!(server.send("POST", &path, &key, &many).0, 422, "{kind}");
        let deep = "[".repeat(100_000);
        assert_eq!(server.send("POST", &path, &key, &deep).1["code"], "too_large", "{kind}");
        let reader = json!({"name": "reader", "scopes": ["read"]}).to_string();
        let reader = server.send("POST", "/api/v1/keys", &owner, &reader).1["key"].as_str().unwrap().to_owned();
        assert_eq!(server.send("POST", &path, &reader, &record.to_string()).1["code"], "forbidden", "{kind}");
        assert_eq!(server.send("POST", &path, &owner, &record.to_string()).1["code"], "invalid_parameter", "{kind}");
    }
    server.get_when_there("/api/v1/customers?email=rosa@example.org", &owner);
}

#[test]
fn two_changes_within_one_second_are_two_states_and_the_later_one_counts() {
    let server = Server::start(&data_folder("same-second"));
    let key = server.owner_key.clone().unwrap();
    let path = "/api/v1/orders?source=shopify:brezza";
    let order = |gross: &str| {
        json!({"id": "1", "placed_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T10:00:05Z", "currency": "EUR",
            "customer": {"email": "sara@example.org"}, "gross": gross})
        .to_string()
    };
    for (gross, new) in [("10.00", 1), ("12.00", 1), ("10.00", 0), ("12.00", 0)] {
        assert_eq!(server.send("POST", path, &key, &order(gross)).1["new"], new, "{gross}");
    }
    let sara = server.get_when_there("/api/v1/customers?email=sara@example.org", &key);
    assert_eq!((sara["orders"].as_array().unwrap().len(), &sara["orders"][0]["gross"]), (1, &json!(1200)));
}

#[test]
fn a_request_under_an_idempotency_key_is_carried_out_once_over_restarts() {
    let folder = data_folder("idempotency");
    let server = Server::start(&folder);
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "shopify:brezza");
    let other = server.ingest_key(&owner, "shopify:other");
    let post = |server: &Server, key: &str, named: &str, path: &str, body: &str| {
        server.send_with("POST", path, key, &format!("Idempotency-Key: {named}\r\n"), body)
    };
    // Without an id of their own, two events are two facts; under one key they are one.
    let event = r#"{"userId": "1", "event": "Product Viewed"}"#;
    let first = post(&server, &key, "k-1", "/api/v1/events", event);
    assert_eq!((first.0, &first.1["new"]), (200, &json!(1)), "{}", first.1);
    assert_eq!(post(&server, &key, "k-1", "/api/v1/events", event), first);
    assert_eq!(server.facts(), 1);
    server.kill();
    let server = Server::start(&folder);
    assert_eq!(post(&server, &key, "k-1", "/api/v1/events", event), first, "after a restart too");
    assert_eq!(server.facts(), 1);

    let (status, problem) = post(&server, &key, "k-1", "/api/v1/events", r#"{"userId": "2", "event": "x"}"#);
    assert_eq!((status, &problem["code"]), (409, &json!("idempotency_key_reused")));
    assert_eq!(post(&server, &key, "k-1", "/api/v1/orders", event).1["code"], "idempotency_key_reused");
    // Another caller's key of the same name is another key.
    assert_eq!(post(&server, &other, "k-1", "/api/v1/events", event).1["new"], 1);
    assert_eq!(server.facts(), 2);
    // What was refused has done nothing: the key takes the mended body.
    assert_eq!(post(&server, &key, "k-2", "/api/v1/events", "{}").0, 422);
    assert_eq!(post(&server, &key, "k-2", "/api/v1/events", event).1["new"], 1);
    // A secret is not kept.
    let wanted = json!({"name": "x", "scopes": ["read"]}).to_string();
    assert_eq!(post(&server, &owner, "k-3", "/api/v1/keys", &wanted).0, 201);
    let (status, problem) = post(&server, &owner, "k-3", "/api/v1/keys", &wanted);
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")));
    assert_eq!(post(&server, &key, &"k".repeat(300), "/api/v1/events", event).1["code"], "invalid_parameter");
    assert_eq!(post(&server, "clove_no_key", "k-4", "/api/v1/events", event).1["code"], "unauthenticated");

    // The same request several times at once: carried out once, the others get its answer or are told to come back.
    let facts = server.facts();
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..8).map(|_| scope.spawn(|| post(&server, &key, "k-5", "/api/v1/events", event))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    assert_eq!(server.facts(), facts + 1);
    for (status, answer) in answers {
        assert!(status == 200 || answer["code"] == "request_in_progress", "{status} {answer}");
    }
}
