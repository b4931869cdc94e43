//! Segments by HTTP: tried, saved, changed, used by metrics and by each other, their members paged, their history.

use serde_json::{Value, json};

use crate::metrics::shop;
use crate::people::until;
use crate::worker::database;
use crate::{Server, data_folder};

struct Client<'s> {
    server: &'s Server,
    key: &'s str,
}

impl Client<'_> {
    fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.server.send(method, &format!("/api/v1/segments{path}"), self.key, &body)
    }

    fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(method, path, body);
        assert!((200..300).contains(&status), "{method} {path} {body}: {status} {answer}");
        answer
    }

    fn count(&self, definition: &Value) -> u64 {
        let preview = self.ok("POST", "/preview", &json!({"definition": definition, "as_of": "2026-06-30"}));
        preview["customers"]["numerator"].as_u64().expect("a count")
    }
}

fn segments_live(server: &Server, key: &str) {
    let client = Client { server, key };
    let listed = client.ok("GET", "?figures=true&as_of=2026-06-30", &Value::Null);
    let ready = listed["items"].as_array().expect("a list");
    assert_eq!(ready.len(), 14);
    let first_time = ready.iter().find(|one| one["id"] == "first_time").expect("first-time buyers");
    assert!(first_time["figures"]["customers"]["denominator"] == 5 && first_time["words"].is_string(), "{first_time}");

    let carts = ready.iter().find(|one| one["id"] == "cart_abandoner").expect("cart abandoners");
    assert!(
        carts["figures"].is_null() && carts["unavailable"].as_str().is_some_and(|why| why.contains("Checkout Started"))
    );

    // Of five identified customers two bought twice, one thrice, one once, one sent everything back.
    assert_eq!(client.count(&json!({"figure": {"name": "orders", "at_least": 1}})), 5);
    assert_eq!(client.count(&json!({"figure": {"name": "purchases", "at_least": 2}})), 3);
    assert_eq!(client.count(&json!({"figure": {"name": "purchases", "at_most": 0}})), 1);
    let good = json!({"figure": {"name": "value", "at_least": 90}});
    let some = client.count(&good);
    let body = json!({"name": "Good ones", "note": "worth a call", "definition": good});
    let saved = client.ok("POST", "", &body);
    let id = saved["id"].as_str().expect("an id").to_owned();
    assert_eq!((&saved["version"], &saved["kind"]), (&json!(1), &json!("saved")));
    let (status, again) = client.send("POST", "", &body);
    assert_eq!((status, &again["code"]), (409, &json!("conflict")), "{again}");

    // Metrics of a segment, by id and by definition.
    let ask = |segment: &Value| {
        let question = json!({"as_of": "2026-06-30", "segment": segment}).to_string();
        let (status, body) = server.send("POST", "/api/v1/metrics/historic_clv/query", key, &question);
        assert_eq!(status, 200, "{body}");
        body
    };
    let by_id = ask(&json!(id));
    assert_eq!(by_id, ask(&good));
    assert_eq!(by_id["n"], json!(some));
    let shown = client.ok("GET", &format!("/{id}?as_of=2026-06-30"), &Value::Null);
    assert_eq!(shown["figures"]["value_per_customer"]["value"], by_id["value"]);

    // Members page by page are the export.
    let (mut cursor, mut paged) = (String::new(), Vec::new());
    loop {
        let page = client.ok("GET", &format!("/{id}/members?as_of=2026-06-30&limit=1{cursor}"), &Value::Null);
        paged.extend(page["items"].as_array().expect("items").clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged.len() as u64, some);
    let customer = paged[0]["customer"].as_str().expect("a person");
    assert_eq!(server.send("GET", &format!("/api/v1/customers/{customer}/clv"), key, "").0, 200);
    let worth = |row: &Value| row["value"].as_str().and_then(|value| value.parse::<f64>().ok()).expect("an amount");
    assert!(paged.windows(2).all(|pair| worth(&pair[0]) >= worth(&pair[1])), "{paged:?}");
    let csv = server.text(&format!("/api/v1/segments/{id}/export?as_of=2026-06-30"), key);
    assert_eq!(csv.lines().count() as u64, 1 + some, "{csv}");
    assert!(csv.lines().nth(1).is_some_and(|line| line.starts_with(customer)), "{csv}");

    // A segment over time: everyone in it entered once.
    let history = client.ok("GET", &format!("/{id}/history?from=2025-12-01&until=2026-06-30"), &Value::Null);
    let steps = history["steps"].as_array().expect("steps");
    let sum = |name: &str| steps.iter().filter_map(|step| step[name].as_u64()).sum::<u64>();
    assert_eq!((steps.len(), steps[0]["customers"].as_u64(), steps[0]["entered"].is_null()), (7, Some(0), true));
    assert_eq!(sum("entered") - sum("left"), some);
    assert_eq!(steps[6]["customers"], json!(some));

    // A segment of segments; what others need is not deleted, nothing names itself.
    let other =
        json!({"name": "Good and late", "definition": {"all": [{"segment": id}, {"not": {"segment": "active"}}]}});
    let second = client.ok("POST", "", &other)["id"].as_str().expect("an id").to_owned();
    assert_eq!(client.send("DELETE", &format!("/{id}"), &Value::Null).0, 409);
    let circle = json!({"name": "Good ones", "definition": {"segment": second}});
    assert_eq!(client.send("PUT", &format!("/{id}"), &circle).0, 422);
    let narrower =
        json!({"name": "Better ones", "definition": {"figure": {"name": "value", "at_least": 200}}, "version": 1});
    assert_eq!(client.ok("PUT", &format!("/{id}"), &narrower)["version"], 2);
    assert_eq!(client.send("PUT", &format!("/{id}"), &narrower).0, 409, "it is at version 2 now");
    assert!(client.count(&json!({"segment": id})) < some);
    client.ok("DELETE", &format!("/{second}"), &Value::Null);
    client.ok("DELETE", &format!("/{id}"), &Value::Null);
    assert_eq!(client.send("GET", &format!("/{id}"), &Value::Null).0, 404);

    for (definition, pointer) in [
        (json!({"figure": {"name": "orders"}}), "/definition/figure"),
        (json!({"figure": {"name": "order", "at_least": 1}}), "/definition/figure/name"),
        (json!({"all": [{"stage": ["gone"]}]}), "/definition/all/0/stage/0"),
        (json!({"orders": {"columns": {"shelf": ["a"]}}}), "/definition"),
        (json!({"segment": "nobody"}), "/definition"),
    ] {
        let (status, body) = client.send("POST", "/preview", &json!({"definition": definition}));
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{definition}: {body}");
    }
    assert_eq!(client.send("PUT", "/vip", &other).0, 409, "ready-made ones stay");
}

/// What customers do beside buying counts, at once and by itself; segments are held against each other.
fn events_count(server: &Server, key: &str) {
    let client = Client { server, key };
    let definition = json!({"events": {"name": "Product Viewed", "at_least": 2, "products": ["TEA-1"],
        "properties": {"colour": ["green"]}, "when": {"within_days": 7}}});
    let saved = client.ok("POST", "", &json!({"name": "Looks at green tea", "definition": definition}));
    let id = saved["id"].as_str().expect("an id").to_owned();
    let count = || {
        let preview = client.ok("POST", "/preview", &json!({"definition": {"segment": id}}));
        preview["customers"]["numerator"].as_u64().expect("a count")
    };
    let view = |message: &str, colour: &str| {
        let event = json!({"type": "track", "event": "product_viewed", "messageId": message, "userId": "u-tea",
            "context": {"traits": {"email": "tea@example.org"}}, "properties": {"sku": "TEA-1", "colour": colour}});
        let (status, body) = server.send("POST", "/v1/track?source=storefront:1", key, &event.to_string());
        assert_eq!(status, 200, "{body}");
    };
    let order = json!({"id": "tea-1", "placed_at": "2026-06-30T08:00:00Z", "status": "paid", "currency": "EUR",
        "customer": {"email": "tea@example.org"}, "gross": "10.00"});
    assert_eq!(server.send("POST", "/api/v1/orders?source=till:1", key, &order.to_string()).0, 200);
    view("m-1", "green");
    view("m-1", "green");
    view("m-2", "black");
    assert_eq!(count(), 0, "the same message twice is one event");
    view("m-3", "green");
    assert_eq!(count(), 1);
    let members = client.ok("GET", &format!("/{id}/members"), &Value::Null);
    let customer = members["items"][0]["customer"].as_str().expect("who looked").to_owned();
    let is_in = |shown: &Value| shown["segments"].as_array().is_some_and(|all| all.contains(&json!(id)));
    until(server, &format!("/api/v1/customers/{customer}"), key, is_in);

    // Contacts: who looked and bought is converted, a visitor without a name is aware.
    let page = json!({"type": "page", "messageId": "m-9", "anonymousId": "v-9", "name": "Home"});
    assert_eq!(server.send("POST", "/v1/page?source=storefront:1", key, &page.to_string()).0, 200);
    let (status, names) = server.send("GET", "/api/v1/event-names", key, "");
    assert_eq!(status, 200, "{names}");
    let stages = until(server, "/api/v1/contact-stages?period=month", key, |told| {
        told["stages"][0]["standing"]["numerator"] == 1
    });
    assert_eq!(stages["stages"][2]["standing"]["numerator"], json!(3), "{stages}");
    let (status, own) = server.send("GET", &format!("/api/v1/customers/{customer}/stages"), key, "");
    assert_eq!((status, &own["stage"]), (200, &json!("conversion")), "{own}");
    assert_eq!(own["stages"][2]["on"], "2026-06-30", "{own}");
    assert!(own["stages"][3]["on"].is_null());

    let path = format!("/api/v1/segment-overlap?segments={id},at_risk");
    let (status, overlap) = server.send("GET", &path, key, "");
    assert_eq!(status, 200, "{overlap}");
    let pairs = overlap["pairs"].as_array().expect("pairs");
    let shared = |at: usize| (pairs[at]["shared"]["numerator"].as_u64(), pairs[at]["shared"]["denominator"].as_u64());
    assert_eq!((pairs.len(), shared(0), shared(1)), (4, (Some(1), Some(1)), (Some(1), Some(1))), "{overlap}");
    assert!(shared(2).0 == Some(1) && pairs[1]["lift"].as_f64() >= Some(1.0), "{overlap}");
    assert_eq!(server.send("GET", "/api/v1/segment-overlap?segments=nobody", key, "").0, 404);
}

/// A customer is in the segments that the definitions say, and moves with the next order, which the timeline tells.
fn members_move(server: &Server, key: &str) {
    let client = Client { server, key };
    let definition = json!({"all": [{"figure": {"name": "purchases", "at_least": 1}},
        {"not": {"consent": {"channel": "email", "purpose": "marketing"}}}]});
    let saved = client.ok("POST", "", &json!({"name": "Buyers who may not be written to", "definition": definition}));
    let id = saved["id"].as_str().expect("an id").to_owned();
    let buyer = client.ok("GET", &format!("/{id}/members?limit=1"), &Value::Null);
    let customer = buyer["items"][0]["customer"].as_str().expect("a buyer").to_owned();
    let path = format!("/api/v1/customers/{customer}");
    let is_in = |shown: &Value| shown["segments"].as_array().is_some_and(|all| all.contains(&json!(id)));
    until(server, &path, key, is_in);
    let consent = json!({"channel": "email", "purpose": "marketing", "method": "form"}).to_string();
    let (status, body) = server.send("POST", &format!("{path}/consents"), key, &consent);
    assert!((200..300).contains(&status), "{status} {body}");
    until(server, &path, key, |shown| !is_in(shown));
    assert!(!client.ok("GET", &format!("/{id}/members"), &Value::Null).to_string().contains(&customer));
    let told = |timeline: &Value| {
        timeline["items"].as_array()?.iter().find(|entry| entry["data"]["segment"] == json!(id)).cloned()
    };
    let path = format!("{path}/timeline?kinds=segment");
    let entry = told(&until(server, &path, key, |timeline| told(timeline).is_some())).expect("it was there");
    let data = &entry["data"];
    assert_eq!((&data["reason"], &data["definition_version"]), (&json!("fact"), &json!(1)), "{entry}");
}

#[test]
fn segments_are_tried_saved_and_used() {
    let folder = data_folder("segments");
    let (server, key) = shop(&folder.join("data").display().to_string(), &folder);
    segments_live(&server, &key);
    members_move(&server, &key);
    events_count(&server, &key);
}

#[test]
fn segments_are_tried_saved_and_used_on_postgresql() {
    let Some(database) = database("segments") else { return };
    let (server, key) = shop(&database, &data_folder("segments-postgresql"));
    segments_live(&server, &key);
    members_move(&server, &key);
    events_count(&server, &key);
}
