//! Customers over HTTP: found, joined and taken apart, consents, timeline, erased for good.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Server, data_folder};

const ORDERS: &str = "/api/v1/orders?source=shopify:brezza";

#[expect(clippy::needless_pass_by_value, reason = "it is written where it is used")]
fn order(id: u32, customer: Value) -> String {
    json!({
        "id": id.to_string(),
        "placed_at": format!("2026-03-{:02}T10:00:00Z", 1 + id % 28),
        "updated_at": format!("2026-03-{:02}T10:05:00Z", 1 + id % 28),
        "status": "paid",
        "currency": "EUR",
        "customer": customer,
        "gross": "12.50"
    })
    .to_string()
}

/// Asks again until the answer fits.
pub fn until(server: &Server, path: &str, key: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let (_, body) = server.send("GET", path, key, "");
        if fits(&body) {
            return body;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{path} stays {body}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn found(server: &Server, key: &str, search: &str, count: usize) -> Value {
    let path = format!("/api/v1/customers?q={search}");
    until(server, &path, key, |body| body["items"].as_array().is_some_and(|items| items.len() == count))
}

#[test]
fn customers_are_found_joined_taken_apart_and_looked_at() {
    let server = Server::start(&data_folder("people"));
    let key = server.owner_key.clone().expect("the first start shows a key");
    let stefan = json!({"id": "7", "email": "Stefan@Example.org", "first_name": "Ștefan", "last_name": "Brâncuși"});
    for (id, customer) in
        [(1, stefan.clone()), (2, stefan), (3, json!({"email": "other@example.org", "phone": "+39 333 1234567"}))]
    {
        assert_eq!(server.send("POST", ORDERS, &key, &order(id, customer)).0, 200);
    }
    let page = found(&server, &key, "stefan%20branc", 1);
    let first = page["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(page["items"][0]["profile"]["emails"], json!(["stefan@example.org"]));
    let second = found(&server, &key, "333%20123", 1)["items"][0]["id"].as_str().unwrap().to_owned();
    let all = server.send("GET", "/api/v1/customers?limit=1", &key, "").1;
    let next = format!("/api/v1/customers?limit=1&cursor={}", all["next"].as_str().unwrap());
    let last = server.send("GET", &next, &key, "").1;
    assert!(last["next"].is_null() && last["items"].as_array().unwrap().len() == 1, "{last}");
    assert_eq!(server.send("GET", "/api/v1/customers?q=x&email=a@b.c", &key, "").1["code"], "invalid_parameter");

    let timeline = format!("/api/v1/customers/{first}/timeline");
    assert_eq!(server.send("GET", &timeline, &key, "").1["items"].as_array().unwrap().len(), 2);
    let merge = json!({"with": second, "reason": "the same voice on the phone"}).to_string();
    let (status, merged) = server.send("POST", &format!("/api/v1/customers/{first}/merge"), &key, &merge);
    assert_eq!(status, 200, "{merged}");
    let person = merged["person"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/customers/{person}");
    assert_eq!(server.send("GET", &path, &key, "").1["orders"].as_array().unwrap().len(), 3);
    let again = server.send("POST", &format!("{path}/merge"), &key, &json!({"with": person}).to_string());
    assert_eq!(again.1["code"], "conflict");
    let page = server.send("GET", &format!("{path}/timeline?limit=2"), &key, "").1;
    let kinds: Vec<&str> = page["items"].as_array().unwrap().iter().filter_map(|item| item["kind"].as_str()).collect();
    assert_eq!(kinds, ["merge", "order"]);
    let rest = format!("{path}/timeline?limit=2&cursor={}", page["next"].as_str().unwrap());
    assert_eq!(server.send("GET", &rest, &key, "").1["items"].as_array().unwrap().len(), 2);
    let only = server.send("GET", &format!("{path}/timeline?kinds=order"), &key, "").1;
    assert_eq!(only["items"].as_array().unwrap().len(), 3);
    assert_eq!(server.send("GET", &format!("{path}/timeline?kinds=wish"), &key, "").1["code"], "invalid_parameter");

    let merges = server.send("GET", &format!("{path}/merges"), &key, "").1;
    let manual = merges.as_array().unwrap().iter().find(|row| row["automatic"] == json!(false)).unwrap();
    assert_eq!(manual["reason"], "the same voice on the phone");
    assert!(manual["by"].as_str().unwrap().starts_with("key "));
    let undo = format!("{path}/merges/{}", manual["merge"].as_str().unwrap());
    let (status, undone) = server.send("DELETE", &undo, &key, "");
    assert_eq!(status, 200, "{undone}");
    assert_ne!(undone["left"], undone["right"]);
    assert_eq!(
        server.send("GET", &format!("/api/v1/customers/{first}"), &key, "").1["orders"].as_array().unwrap().len(),
        2
    );

    let reader = json!({"name": "reader", "scopes": ["read"]}).to_string();
    let reader = server.send("POST", "/api/v1/keys", &key, &reader).1["key"].as_str().unwrap().to_owned();
    for (method, path, body) in [
        ("POST", format!("/api/v1/customers/{first}/merge"), merge.as_str()),
        ("POST", format!("/api/v1/customers/{first}/consents"), "{}"),
        ("POST", "/api/v1/privacy/requests".to_owned(), r#"{"kind": "erase", "email": "a@b.c"}"#),
        ("GET", "/api/v1/privacy/requests".to_owned(), ""),
        ("PUT", "/api/v1/consent-forms/x".to_owned(), "{}"),
    ] {
        let (status, body) = server.send(method, &path, &reader, body);
        assert!(status == 403 || body["code"] == "invalid_body", "{path}: {status} {body}");
        assert_ne!(status, 200, "{path}");
    }
}

#[test]
fn consents_are_asked_for_confirmed_and_taken_back() {
    let server = Server::start(&data_folder("consents"));
    let key = server.owner_key.clone().expect("the first start shows a key");
    let form = json!({"channel": "email", "purpose": "marketing", "text": "Yes.", "text_version": "1"}).to_string();
    assert_eq!(server.send("PUT", "/api/v1/consent-forms/news", &key, &form).0, 200);
    let storefront = json!({"name": "storefront", "scopes": ["ingest"], "source": "web:shop"}).to_string();
    let storefront = server.send("POST", "/api/v1/keys", &key, &storefront).1["key"].as_str().unwrap().to_owned();

    let filled_in = json!({"email": "eva@example.org", "form": "news", "ip": "192.0.2.7"}).to_string();
    let (status, by_storefront) = server.send("POST", "/api/v1/consents", &storefront, &filled_in);
    assert_eq!(
        (status, &by_storefront["state"], &by_storefront["token"]),
        (200, &json!("pending"), &Value::Null),
        "{by_storefront}"
    );
    let claimed = json!({"email": "eva@example.org", "channel": "email", "purpose": "marketing"}).to_string();
    assert_eq!(server.send("POST", "/api/v1/consents", &storefront, &claimed).1["code"], "forbidden");
    let asked = server.send("POST", "/api/v1/consents", &key, &filled_in).1;
    let token = asked["token"].as_str().unwrap().to_owned();
    let eva = server.get_when_there("/api/v1/customers?email=eva@example.org", &key);
    let path = format!("/api/v1/customers/{}/consents", eva["id"].as_str().unwrap());
    assert_eq!(server.send("GET", &path, &key, "").1["consents"][0]["state"], "pending");

    assert_eq!(server.send("POST", "/api/v1/consents/confirm", "", r#"{"token": "x"}"#).0, 404);
    let confirm = json!({"token": token}).to_string();
    assert_eq!(server.send("POST", "/api/v1/consents/confirm", "", &confirm).0, 200);
    let shown = until(&server, &path, &key, |body| body["consents"][0]["state"] == "granted");
    let evidence = shown["evidence"].as_array().unwrap();
    assert_eq!(
        (evidence.len(), &evidence[0]["method"], &evidence[0]["form"]),
        (3, &json!("double_opt_in"), &json!("news"))
    );
    assert!(evidence[2]["ip_hash"].is_string() && !shown.to_string().contains("192.0.2.7"));

    let stop = json!({"email": "EVA@example.org"}).to_string();
    assert_eq!(server.send("POST", "/api/v1/consents/unsubscribe", &storefront, &stop).1["state"], "withdrawn");
    assert_eq!(server.send("GET", &path, &key, "").1["consents"][0]["state"], "withdrawn");
    let imported = json!({"channel": "email", "purpose": "marketing", "method": "import"}).to_string();
    assert_eq!(server.send("POST", &path, &key, &imported).0, 200);
    assert_eq!(server.send("GET", &path, &key, "").1["consents"][0]["state"], "withdrawn", "a list is not the person");
}

#[test]
fn an_erased_customer_stays_erased_after_a_restart_and_a_new_version() {
    let folder = data_folder("erased");
    let server = Server::start(&folder);
    let key = server.owner_key.clone().expect("the first start shows a key");
    let ann = || json!({"id": "5", "email": "ann@example.org", "first_name": "Ann"});
    assert_eq!(server.send("POST", ORDERS, &key, &order(1, ann())).0, 200);
    assert_eq!(server.send("POST", ORDERS, &key, &order(2, json!({"email": "bob@example.org"}))).0, 200);
    let path = "/api/v1/customers?email=ann@example.org";
    let id = server.get_when_there(path, &key)["id"].as_str().unwrap().to_owned();

    let export =
        server.send("POST", "/api/v1/privacy/requests", &key, r#"{"kind": "export", "email": "ann@example.org"}"#).1;
    let export = format!("/api/v1/privacy/requests/{}", export["id"].as_str().unwrap());
    until(&server, &export, &key, |body| body["state"] == "done");
    let document = server.send("GET", &format!("{export}/document"), &key, "").1;
    assert_eq!(document["facts"][0]["personal"]["first_name"], "Ann", "{document}");

    let (status, asked) =
        server.send("POST", "/api/v1/privacy/requests", &key, &json!({"kind": "erase", "person": id}).to_string());
    assert_eq!((status, &asked["state"]), (202, &json!("waiting")), "{asked}");
    let request = format!("/api/v1/privacy/requests/{}", asked["id"].as_str().unwrap());
    let done = until(&server, &request, &key, |body| body["state"] == "done");
    assert_eq!(done["receipt"]["person_known"], json!(true), "{done}");
    assert_eq!(server.send("GET", path, &key, "").0, 404);
    assert_eq!(server.send("GET", &format!("{export}/document"), &key, "").0, 404);
    found(&server, &key, "ann", 0);
    server.kill();

    let server = Server::start(&folder);
    let again = server.send("POST", ORDERS, &key, &order(1, ann())).1;
    assert_eq!(again["known"], 1, "{again}");
    let newer = order(1, ann()).replace("10:05:00", "11:05:00").replace("12.50", "10.00");
    assert_eq!(server.send("POST", ORDERS, &key, &newer).1["new"], 1);
    let nameless = until(&server, &format!("/api/v1/customers/{id}"), &key, |body| body["orders"][0]["gross"] == 1000);
    assert_eq!(nameless["orders"].as_array().unwrap().len(), 1);
    assert!(nameless["orders"][0]["id"].as_str().unwrap().starts_with("erased-"), "{nameless}");
    assert_eq!(server.send("GET", path, &key, "").0, 404);
    drop(server);

    // And by the command line, on the folder that no server uses.
    let clove = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).arg("--data").arg(&folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(clove(&["export-person", "--email", "bob@example.org"]).contains("bob@example.org"));
    let receipt: Value = serde_json::from_str(&clove(&["forget", "--email", "Bob@Example.org"])).unwrap();
    assert_eq!(receipt["person_known"], json!(true));
    let list = clove(&["forget", "--list"]);
    assert_eq!(list.lines().count(), 2);
    let database = std::fs::read(folder.join("clove.db")).unwrap();
    for text in ["ann@example.org", "bob@example.org"] {
        assert!(!database.windows(text.len()).any(|window| window == text.as_bytes()), "{text} is in the file still");
    }
}
