//! Segment's API: its official clients, unchanged, and what they do not send.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::{Server, data_folder};

/// Folder of the official clients, or a visible skip.
fn clients() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let folder = std::env::var_os("CLOVE_SEGMENT_CLIENTS")
        .map_or_else(|| home.join(".cache/clove-tools/segment-clients"), PathBuf::from);
    if folder.join("node_modules/jsdom").is_dir() && folder.join("python/segment").is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CLOVE_TEST_DATA").is_err(), "the clients are missing; see scripts/install-segment-clients");
    eprintln!("SKIPPED: Segment's clients are missing (scripts/install-segment-clients)");
    None
}

/// Runs a story with a client; it ends well only if the client reports no error.
fn tell(program: &str, story: &str, clients: &Path, server: &Server, key: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/clients").join(story);
    let output = Command::new(program)
        .arg(script)
        .env("CLOVE_SEGMENT_CLIENTS", clients)
        .env("PYTHONPATH", clients.join("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("CLOVE_HOST", format!("http://{}", server.address))
        .env("CLOVE_WRITE_KEY", key)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.trim() == "sent", "{story}: {out} {err}");
}

fn order_of(customer: &Value, number: &str) -> Value {
    let orders = customer["orders"].as_array().expect("a list of orders");
    orders.iter().find(|order| order["id"] == number).unwrap_or_else(|| panic!("{number} in {customer}")).clone()
}

#[test]
fn the_official_client_for_node_works_unchanged() {
    let Some(clients) = clients() else { return };
    let folder = data_folder("segment-node");
    let server = Server::start(&folder);
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "web:shop");
    tell("node", "node.cjs", &clients, &server, &key);
    // Identify, page, screen, group, two of alias, viewed, order.
    assert_eq!(server.facts(), 8);
    server.kill();

    let server = Server::start(&folder);
    assert_eq!(server.facts(), 8, "what the client was told is there after a kill");
    let nora = server.get_when_there("/api/v1/customers?email=nora@example.org", &owner);
    let order = order_of(&nora, "N-1001");
    assert_eq!(
        (&order["gross"], &order["source"], &order["status"]),
        (&json!(2480), &json!("web:shop"), &json!("paid"))
    );
    tell("node", "node.cjs", &clients, &server, &key);
    assert_eq!(server.facts(), 8, "a repeated message is the same fact");
}

#[test]
fn the_official_client_for_python_works_unchanged_with_and_without_gzip() {
    let Some(clients) = clients() else { return };
    let server = Server::start(&data_folder("segment-python"));
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "web:shop");
    tell("python3", "python.py", &clients, &server, &key);
    assert_eq!(server.facts(), 8, "told one by one and in batches, each message is one fact");
    let piero = server.get_when_there("/api/v1/customers?email=piero@example.org", &owner);
    assert_eq!(order_of(&piero, "P-2001")["gross"], 2500);
}

#[test]
fn the_official_client_for_browsers_works_unchanged_from_another_origin() {
    let Some(clients) = clients() else { return };
    let server = Server::start(&data_folder("segment-browser"));
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "web:shop");
    tell("node", "browser.cjs", &clients, &server, &key);
    assert_eq!(server.facts(), 2, "nobody consented: of what a browser tells, orders alone are kept");
    let settled = json!({"name": "web:shop", "tracking_policy": "granted"}).to_string();
    assert_eq!(server.send("POST", "/api/v1/sources", &owner, &settled).0, 201);
    tell("node", "browser.cjs", &clients, &server, &key);
    assert_eq!(server.facts(), 10, "four messages one by one, four in batches");
    let bianca = server.get_when_there("/api/v1/customers?email=bianca@example.org", &owner);
    assert_eq!(order_of(&bianca, "B-3001")["gross"], 1200);
}

/// Sends bytes as they are; returns the status and the whole answer.
fn raw(server: &Server, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    write!(stream, "{head}\r\nHost: shop\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    (status, answer)
}

#[test]
fn a_beacon_with_its_key_in_the_body_is_taken_and_only_what_is_no_json_or_too_large_is_refused() {
    let server = Server::start(&data_folder("segment-beacon"));
    let owner = server.owner_key.clone().unwrap();
    let key = server.ingest_key(&owner, "web:shop");
    let beacon = json!({"writeKey": key, "messageId": "m-1", "anonymousId": "a", "event": "Product Viewed"});
    let mut consented = beacon.clone();
    consented["context"] = json!({"consent": {"categoryPreferences": {"analytics": true}}});
    let head = "POST /v1/t HTTP/1.1\r\nOrigin: http://shop.example\r\nContent-Type: text/plain;charset=UTF-8";
    let (status, unkept) = raw(&server, head, beacon.to_string().as_bytes());
    assert!(status == 200 && unkept.ends_with("{\"success\":true}"), "{unkept}");
    assert_eq!(server.facts(), 0, "a visitor without consent");
    let (status, answer) = raw(&server, head, consented.to_string().as_bytes());
    assert!(status == 200 && answer.ends_with("{\"success\":true}"), "{answer}");
    assert!(answer.to_ascii_lowercase().contains("access-control-allow-origin: *"), "{answer}");
    assert_eq!(server.facts(), 1);

    // Other routes are not for pages of other origins.
    let head = "OPTIONS /api/v1/orders HTTP/1.1\r\nOrigin: http://shop.example\r\nAccess-Control-Request-Method: POST";
    assert!(!raw(&server, head, b"").1.to_ascii_lowercase().contains("access-control-allow-origin"));

    let send = |path: &str, key: &str, body: &str| {
        let (status, answer) = server.send("POST", path, key, body);
        (status, answer["code"].as_str().unwrap_or("").to_owned())
    };
    let code = |status: u16, code: &str| (status, code.to_owned());
    assert_eq!(send("/v1/track", &key, "{\"event\":"), code(400, "invalid_json"));
    assert_eq!(send("/v1/track", &key, "[]"), code(400, "invalid_json"));
    assert_eq!(send("/v1/batch", &key, "{}"), code(400, "invalid_json"));
    let large = json!({"userId": "1", "event": "x".repeat(40_000)}).to_string();
    assert_eq!(send("/v1/track", &key, &large), code(400, "message_too_large"));
    assert_eq!(
        send("/v1/batch", &key, &format!("{{\"batch\":[\"{}\"]}}", "x".repeat(600_000))),
        code(400, "message_too_large")
    );
    assert_eq!(send("/v1/batch", &key, &"x".repeat(3 << 20)), code(400, "message_too_large"));
    let deep = format!("{{\"batch\": {}", "[".repeat(50_000));
    assert_eq!(send("/v1/batch", &key, &deep).0, 400);
    assert_eq!(send("/v1/dance", &key, "{}"), code(404, "not_found"));
    assert_eq!(send("/v1/track", "clove_no_key", "{}"), code(401, "unauthenticated"));
    let (status, answer) = raw(&server, "POST /v1/track HTTP/1.1\r\nContent-Type: text/plain", b"{\"event\": \"x\"}");
    assert!(status == 401 && answer.contains("writeKey"), "{answer}");
    let head = format!("POST /v1/track HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Encoding: gzip");
    assert_eq!(raw(&server, &head, b"this is no gzip").0, 400);
    let (status, answer) = raw(&server, &head.replace("gzip", "br"), b"{}");
    assert!(status == 415 && answer.contains("unsupported_encoding"), "{answer}");

    // One message too large or senseless in a batch: the others are taken, and the answer is Segment's.
    let batch = json!({"batch": [
        {"type": "track", "messageId": "m-2", "userId": "1", "event": "Cart Viewed"},
        {"type": "track", "messageId": "m-3", "userId": "1", "event": "x".repeat(40_000)},
        {"type": "track", "messageId": "m-4", "event": "Nobody's"},
        7,
    ]});
    assert_eq!(server.send("POST", "/v1/batch", &key, &batch.to_string()), (200, json!({"success": true})));
    assert_eq!(server.facts(), 2);
}
