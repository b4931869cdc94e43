//! An order by HTTP becomes value: statistics and score of its customer, there again after a kill.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Server, data_folder};

const ORDERS: &str = "/api/v1/orders?source=shopify:brezza";

fn order(id: u32, customer: u32, placed_at: &str, gross: &str) -> Value {
    json!({
        "id": id.to_string(),
        "placed_at": placed_at,
        "updated_at": placed_at,
        "status": "paid",
        "currency": "EUR",
        "customer": {"email": format!("customer-{customer}@example.org")},
        "gross": gross
    })
}

/// Asks until the answer is as it should be.
fn until(server: &Server, key: &str, path: &str, is_right: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let (status, body) = server.send("GET", path, key, "");
        if status == 200 && is_right(&body) {
            return body;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{path} stays {status}: {body}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn clv_of(server: &Server, key: &str, customer: u32) -> String {
    let path = format!("/api/v1/customers?email=customer-{customer}@example.org");
    format!("/api/v1/customers/{}/clv", server.get_when_there(&path, key)["id"].as_str().expect("an id"))
}

#[test]
fn an_order_is_worth_something_at_once_and_still_is_after_a_kill() {
    let folder = data_folder("value");
    let server = Server::start(&folder);
    let key = server.owner_key.clone().expect("the first start shows a key");
    let first = order(1, 0, "2026-03-01T10:00:00Z", "12.50");
    assert_eq!(server.send("POST", ORDERS, &key, &first.to_string()).0, 200);
    let path = clv_of(&server, &key, 0);
    let value = until(&server, &key, &path, |body| body["statistics"][0]["orders"] == 1);
    assert_eq!(value["statistics"][0]["net"], "12.50");
    assert_eq!((value["statistics"][0]["currency"].as_str(), value["score"].is_null()), (Some("EUR"), true));
    assert!(value["reason"].as_str().is_some_and(|reason| reason.contains("refit")), "{value}");

    // Enough customers for a forecast of each: they came over half a year, and some came back.
    let mut list = Vec::new();
    for customer in 1..=150_u32 {
        for purchase in 0..=customer % 4 {
            let (month, day) = (1 + (customer + 2 * purchase) % 9, 1 + (customer * 7 + purchase) % 28);
            let gross = format!("{}.00", 20 + customer % 60);
            list.push(order(
                1_000 + 10 * customer + purchase,
                customer,
                &format!("2026-{month:02}-{day:02}T12:00:00Z"),
                &gross,
            ));
        }
    }
    let (status, body) = server.send("POST", ORDERS, &key, &json!(list).to_string());
    assert_eq!((status, &body["new"]), (200, &json!(list.len())), "{body}");
    until(&server, &key, &clv_of(&server, &key, 150), |body| body["statistics"][0]["orders"] == 3);
    assert_eq!(server.send("POST", "/api/v1/models/refit", &key, "").0, 202);
    let models = until(&server, &key, "/api/v1/models", |body| body["items"][0]["scored_at"].is_i64());
    assert!(models["items"][0]["members"][0]["share"].is_f64(), "{models}");
    let path = clv_of(&server, &key, 147);
    let before = until(&server, &key, &path, |body| body["score"]["predicted_value"].is_string());
    server.kill();

    // The model is a row: a process that starts scores by it without a fit.
    let server = Server::start(&folder);
    assert_eq!(server.send("GET", &path, &key, "").1, before);
    let late = order(9_000, 147, "2026-11-20T10:00:00Z", "80.00");
    assert_eq!(server.send("POST", ORDERS, &key, &late.to_string()).0, 200);
    let after = until(&server, &key, &path, |body| body["statistics"][0] != before["statistics"][0]);
    assert_ne!(after["score"]["predicted_value"], before["score"]["predicted_value"]);
    assert_eq!(after["score"]["model_version"], before["score"]["model_version"]);
    assert_eq!((after["score"]["basis"].as_str(), after["score"]["horizon_days"].as_i64()), (Some("net"), Some(365)));

    // The ranking, page by page.
    let mut seen: Vec<String> = Vec::new();
    let mut values: Vec<f64> = Vec::new();
    let mut path = "/api/v1/customers/top?by=predicted_value&limit=40".to_owned();
    loop {
        let (status, page) = server.send("GET", &path, &key, "");
        assert_eq!(status, 200, "{page}");
        for item in page["items"].as_array().expect("items") {
            seen.push(item["customer"].as_str().expect("an id").to_owned());
            values.push(item["predicted_value"].as_str().and_then(|value| value.parse().ok()).expect("a value"));
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/customers/top?by=predicted_value&limit=40&cursor={next}");
    }
    assert_eq!(seen.len(), 151);
    assert!(values.is_sorted_by(|a, b| a >= b));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 151);
    assert_eq!(server.send("GET", "/api/v1/customers/top?by=shoe_size", &key, "").1["code"], "invalid_parameter");

    // Another time zone: everything is computed anew, an order late in the evening falls on the next day.
    let evening = order(9_001, 200, "2026-06-30T22:30:00Z", "10.00");
    server.send("POST", ORDERS, &key, &evening.to_string());
    let path = clv_of(&server, &key, 200);
    until(&server, &key, &path, |body| body["statistics"][0]["first_order"] == "2026-06-30");
    let wrong = server.send("PATCH", "/api/v1/settings", &key, r#"{"time_zone": "Mars/Olympus"}"#);
    assert_eq!((wrong.0, &wrong.1["code"]), (422, &json!("invalid_body")));
    let changed = server.send("PATCH", "/api/v1/settings", &key, r#"{"time_zone": "Europe/Rome"}"#);
    assert_eq!((changed.0, &changed.1["rebuilding"]), (200, &json!(true)), "{}", changed.1);
    until(&server, &key, &path, |body| body["statistics"][0]["first_order"] == "2026-07-01");
    until(&server, &key, "/api/v1/models", |body| {
        body["items"][0]["version"].as_i64() > Some(1) && body["items"][0]["scored_at"].is_i64()
    });
    let same = server.send("PATCH", "/api/v1/settings", &key, r#"{"time_zone": "Europe/Rome"}"#);
    assert_eq!(same.1["rebuilding"], false);
    assert_eq!(server.send("GET", "/api/v1/settings", &key, "").1["time_zone"], "Europe/Rome");
}
