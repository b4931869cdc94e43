//! The web app as the program serves it: its page at every address that is no endpoint's, its files, what it may load; and the stream that
//! tells it of changes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::{Server, data_folder};

const PAGE: [(&str, &str); 1] = [("Accept", "text/html,application/xhtml+xml")];

#[test]
fn the_page_stands_at_every_address_that_is_no_endpoints() {
    let server = Server::start(&data_folder("web"));
    let page = server.ask("GET", "/", &PAGE, "");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'self';") && !policy.contains("script-src 'self' 'unsafe"), "{policy}");
    let text = page.text();
    assert!(text.contains("<div id=\"root\">"), "{text}");
    assert!(!text.contains("<script>"), "no script stands in the page itself: {text}");
    assert_eq!(server.ask("GET", "/segments/seg_1?asOf=2026-06-30", &PAGE, "").text(), text);

    let script = text.split('"').find(|part| part.starts_with("/assets/index-")).expect("a script");
    let answer = server.ask("GET", script, &[], "");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(answer.header("etag").is_some());

    // Programs get problems, not pages.
    for (method, path, headers) in [
        ("GET", "/api/v1/nothing", &PAGE[..]),
        ("GET", "/assets/nothing.js", &PAGE[..]),
        ("GET", "/somewhere", &[]),
        ("POST", "/somewhere", &PAGE[..]),
        ("GET", "/../Cargo.toml", &PAGE[..]),
    ] {
        let answer = server.ask(method, path, headers, "");
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{method} {path}");
    }
}

#[test]
fn browsers_are_told_when_orders_were_counted() {
    let server = Server::start(&data_folder("changes"));
    let key = server.owner_key.clone().expect("the first start shows a key");
    assert_eq!(server.send("GET", "/api/v1/changes", "clove_a_b", "").0, 401);
    let (_, made) = server.send("POST", "/api/v1/keys", &key, r#"{"name": "till", "scopes": ["ingest"]}"#);
    assert_eq!(server.send("GET", "/api/v1/changes", made["key"].as_str().expect("a key"), "").0, 403);
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let head =
        format!("GET /api/v1/changes HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\n\r\n", server.address);
    stream.write_all(head.as_bytes()).expect("the request goes out");
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("the stream goes on"));
    assert!(lines.next().is_some_and(|line| line.contains("200")));
    let order = r#"{"id": "1", "placed_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-05T10:00:00Z", "status": "paid",
        "currency": "EUR", "customer": {"email": "ann@example.org"}, "gross": "12.50"}"#;
    let (status, body) = server.send("POST", "/api/v1/orders?source=till:x", &key, order);
    assert!((200..300).contains(&status), "{status} {body}");
    assert!(lines.any(|line| line == "event: changed"));
    assert!(lines.next().is_some_and(|line| line.strip_prefix("data: ").is_some_and(|seq| seq.parse::<i64>().is_ok())));
}
