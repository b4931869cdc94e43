//! Hostile input at the edge: never a 5xx, never a server that stops answering.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::raw::parse;
use crate::{Server, data_folder};

/// An order whose body is this JSON text.
fn post(path: &str, key: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

#[test]
fn bodies_that_are_too_large_too_deep_cut_off_or_no_text_are_refused() {
    let server = Server::start(&data_folder("hostile-bodies"));
    let key = server.owner_key.clone().expect("the first start shows a key");
    let path = "/api/v1/orders?source=shopify:brezza";
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let deep_field = format!("{{\"id\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
    let large = [b"[\"".to_vec(), vec![b'x'; 3 << 20], b"\"]".to_vec()].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("deep", deep),
        ("a deep field", deep_field),
        ("large", large),
        ("bad UTF-8", b"[{\"id\": \"\xff\xfe\xc0\"}]".to_vec()),
        ("lone surrogate", br#"[{"id": "\ud800"}]"#.to_vec()),
        ("cut off", br#"[{"id": "1", "placed_at": "2026"#.to_vec()),
        ("not JSON", b"<order/>".to_vec()),
        ("huge number", br#"[{"id": "1", "placed_at": "2026-03-01T10:00:00Z", "currency": "EUR", "gross": 1e400}]"#.to_vec()),
        ("overflowing money", br#"[{"id": "1", "placed_at": "2026-03-01T10:00:00Z", "currency": "EUR", "gross": "99999999999999999999999"}]"#.to_vec()),
        ("a day that is none", br#"[{"id": "1", "placed_at": "2026-02-31T10:00:00Z", "currency": "EUR", "gross": "1.00"}]"#.to_vec()),
        ("empty", Vec::new()),
    ];
    for (name, body) in cases {
        // A server that refuses a large body by its length may close before the client has sent all of it.
        let Some(answer) = server.bytes(&post(path, &key, &body)) else {
            assert_eq!(name, "large");
            continue;
        };
        assert!((400..500).contains(&answer.status), "{name}: {} {}", answer.head, answer.text());
        assert!(!answer.code().is_empty(), "{name}: {}", answer.text());
    }
    // A body shorter than its length says, and then nothing: the client goes away.
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(b"POST /api/v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\n[{").unwrap();
    drop(stream);
    // A compressed body that grows without end.
    let bomb = gzip_of_zeros();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nAuthorization: Bearer {key}\r\nContent-Encoding: gzip\r\n\
         Content-Length: {}\r\n\r\n",
        bomb.len()
    )
    .into_bytes();
    request.extend_from_slice(&bomb);
    let answer = server.bytes(&request).unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"), "{}", answer.head);
    assert_eq!(server.send("GET", "/health", "", "").0, 200);
}

/// 64 MiB of zeros, compressed to about 64 KiB.
fn gzip_of_zeros() -> Vec<u8> {
    use std::process::{Command, Stdio};
    let mut gzip = Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip");
    let mut input = gzip.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        for _ in 0..64 {
            input.write_all(&vec![0_u8; 1 << 20]).unwrap();
        }
    });
    let mut output = Vec::new();
    gzip.stdout.take().unwrap().read_to_end(&mut output).unwrap();
    writer.join().unwrap();
    gzip.wait().unwrap();
    output
}

#[test]
fn heads_that_are_too_long_or_malformed_are_refused() {
    let server = Server::start(&data_folder("hostile-heads"));
    let many = (0..500).map(|line| format!("X-{line}: y\r\n")).collect::<Vec<_>>().concat();
    let long = format!("X-Long: {}\r\n", "y".repeat(200 << 10));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("many headers", format!("GET /health HTTP/1.1\r\nHost: shop\r\n{many}\r\n").into_bytes()),
        ("a long header", format!("GET /health HTTP/1.1\r\nHost: shop\r\n{long}\r\n").into_bytes()),
        (
            "a long address",
            format!("GET /{} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", "x".repeat(100 << 10)).into_bytes(),
        ),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        (
            "two lengths",
            b"POST /api/v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
                .to_vec(),
        ),
        ("bad length", b"POST /api/v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: -1\r\n\r\n".to_vec()),
        (
            "a line feed in a header",
            b"GET /health HTTP/1.1\r\nHost: shop\r\nX: a\nSet-Cookie: b\r\nConnection: close\r\n\r\n".to_vec(),
        ),
    ];
    for (name, request) in cases {
        if let Some(answer) = server.bytes(&request) {
            let harmless =
                (400..500).contains(&answer.status) || (name == "a line feed in a header" && answer.status == 200);
            assert!(harmless, "{name}: {}", answer.head);
        }
    }
    for authorization in
        ["Bearer", "Bearer ", "Basic %%%", "Bearer clove__", "Bearer clove_0123456789ab_\u{e9}", "Digest a=b"]
    {
        let answer = server.ask("GET", "/api/v1/keys", &[("Authorization", authorization)], "");
        assert_eq!(answer.status, 401, "{authorization}: {}", answer.head);
    }
    assert_eq!(server.send("GET", "/health", "", "").0, 200);
}

#[test]
fn addresses_lead_nowhere_but_to_endpoints() {
    let server = Server::start(&data_folder("hostile-paths"));
    let key = server.owner_key.clone().expect("the first start shows a key");
    let bearer = format!("Bearer {key}");
    for path in [
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/api/v1/customers/..%2f..%2fkeys",
        "/api/v1/customers/%00",
        "/api/v1/customers/%ff%fe",
        "/api/v1/users/'%20OR%201=1--",
        "/api/v1/users/usr_%27",
        "/api/v1/dead-letters/fact.identity.99999999999999999999/retry",
        "/api/v1/customers?email=%00@b.c",
        "/api/v1/customers?email=%ff",
        "/api/v1/customers?subject=sub_zz",
        "/api/v1/audit?cursor=AAAA",
        "/api/v1/audit?cursor=bnVsbA&action=%00",
        "/api/v1/audit?limit=99999999999",
        "/api/v1/audit?limit=-1",
        "//api//v1//keys",
        "/api/v1/keys/%2e%2e",
    ] {
        for method in ["GET", "POST", "DELETE", "PATCH", "BREW"] {
            let answer = server.ask(method, path, &[("Authorization", &bearer)], "");
            assert!((400..500).contains(&answer.status), "{method} {path}: {} {}", answer.head, answer.text());
            assert!(!answer.text().contains("root:"), "{path}");
            assert!(!answer.code().is_empty(), "{method} {path}: every error has a public code: {}", answer.text());
        }
    }
}

#[test]
fn slow_clients_are_given_up_and_others_answered_meanwhile() {
    let server = Server::start(&data_folder("slow"));
    let begun = Instant::now();
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).unwrap();
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: shop\r\n").unwrap();
            stream
        })
        .collect();
    assert_eq!(server.send("GET", "/health", "", "").0, 200);
    // Each drips on, and is closed all the same.
    let mut first = slow.swap_remove(0);
    first.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let mut answer = Vec::new();
    loop {
        if first.write_all(b"X: y\r\n").is_err() {
            break;
        }
        let mut buffer = [0_u8; 1024];
        match first.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
        assert!(begun.elapsed() < Duration::from_secs(40), "the connection stays open");
    }
    if let Some(answer) = parse(&answer) {
        assert!((400..500).contains(&answer.status), "{}", answer.head);
    }
    assert!(begun.elapsed() >= Duration::from_secs(5), "a slow client has some time");
    assert_eq!(server.send("GET", "/health", "", "").0, 200);
}

#[test]
fn nobody_reads_more_than_their_key_allows_and_floods_are_slowed_down() {
    let server = Server::start_with(&data_folder("floods"), &["--limit-keys", "5/20", "--limit-addresses", "5/30"]);
    let owner = server.owner_key.clone().expect("the first start shows a key");
    let (_, made) =
        server.send("POST", "/api/v1/keys", &owner, &json!({"name": "reports", "scopes": ["read"]}).to_string());
    let key = format!("Bearer {}", made["key"].as_str().unwrap());
    let answers: Vec<_> = (0..40).map(|_| server.ask("GET", "/api/v1/me", &[("Authorization", &key)], "")).collect();
    let first = &answers[0];
    assert_eq!((first.status, first.header("ratelimit-limit")), (200, Some("20")), "{}", first.head);
    let refused = answers.iter().find(|answer| answer.status == 429).expect("40 at once are too many");
    assert_eq!(refused.code(), "rate_limited");
    assert!(
        refused.header("retry-after").is_some() && refused.header("ratelimit-remaining") == Some("0"),
        "{}",
        refused.head
    );
    // Others are answered meanwhile.
    assert_eq!(server.send("GET", "/api/v1/keys", &owner, "").0, 200);
    // Guessing keys is counted by address.
    let guesses: Vec<u16> =
        (0..60).map(|guess| server.send("GET", "/api/v1/me", &format!("clove_{guess:012x}_secret"), "").0).collect();
    assert!(guesses.contains(&429) && guesses.iter().all(|status| [401, 429].contains(status)), "{guesses:?}");
    assert_eq!(server.send("GET", "/api/v1/keys", &owner, "").0, 200);
}
