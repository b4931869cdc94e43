//! The commands over files, asked of a server's data: with the server stopped, and while it runs.

use std::process::Command;

use serde_json::Value;

use crate::{Server, data_folder};

fn golden(file: &str) -> String {
    format!("{}/../measure/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn clove(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&clove(arguments)).expect("JSON")
}

/// What a command says of the golden shop's files, and of the server's data.
fn both(command: &[&str], data: &str) -> (Value, Value) {
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let common = ["--as-of", "2026-06-30", "--format", "json"];
    let files = ["--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome"];
    let of_files = [command, &[orders.as_str()], &files, &common].concat();
    let of_data = [command, &["--data", data], &common].concat();
    (json(&of_files), json(&of_data))
}

#[test]
fn the_golden_shop_says_the_same_from_files_and_from_a_servers_data() {
    let folder = data_folder("stored");
    let data = folder.join("data").display().to_string();
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let importing = ["import", &orders, "--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome"];
    clove(&[&importing[..], &["--source", "file:golden", "--data", &data]].concat());
    // A shop counts days in its own zone: the server is told once, and what it computed is computed anew.
    drop(Server::start_with(&folder.join("data"), &["--tz", "Europe/Rome"]));
    clove(&["rebuild", "--data", &data]);

    let same = || {
        let (files, stored) = both(&["kpis"], &data);
        for key in [
            "orders",
            "customers",
            "identified_customers",
            "gross_sales",
            "discounts",
            "returns",
            "net_sales",
            "gross_margin",
        ] {
            assert!(!files[key].is_null(), "{files}");
            assert_eq!(files[key], stored[key], "{key}: {files} {stored}");
        }
        let (files, stored) = both(&["cohorts", "--ages", "30,60,90"], &data);
        assert_eq!(files["cohorts"], stored["cohorts"], "{files} {stored}");
        let (files, stored) = both(&["repeat"], &data);
        assert_eq!(files["repeat_purchase_rate"], stored["repeat_purchase_rate"]);
    };
    same();
    let server = Server::start_with(&folder.join("data"), &["--tz", "Europe/Rome"]);
    same();
    drop(server);

    let sql = "select count(*) as orders, sum(net) as net from order_values where is_order";
    let files = clove(&[
        "sql",
        sql,
        &orders,
        "--refunds",
        &refunds,
        "--tz",
        "Europe/Rome",
        "--as-of",
        "2026-06-30",
        "--format",
        "csv",
    ]);
    assert_eq!(clove(&["sql", sql, "--data", &data, "--as-of", "2026-06-30", "--format", "csv"]), files);
    assert!(clove(&["lake", "flush", "--data", &data]).starts_with("generation 1"));
    assert!(folder.join("data/lake/orders-1.parquet").exists());
    assert!(clove(&["lake", "flush", "--data", &data]).contains("0 customers written"));
}

/// Clients that take gzip get the last chunk too.
fn a_compressed_answer_comes_to_its_end(server: &Server, key: &str) {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(&server.address).expect("the server listens");
    write!(
        stream,
        "GET /api/v1/shop-data HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nAccept-Encoding: gzip\r\n\
        Connection: close\r\n\r\n",
        server.address
    )
    .expect("the request is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the answer ends");
    let head = String::from_utf8_lossy(&answer[..answer.len().min(2_000)]).to_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-encoding: gzip"), "{head}");
    assert!(answer.ends_with(b"0\r\n\r\n"), "the answer broke off after {} bytes", answer.len());
}

/// A command that must not work: its exit code and what it says.
fn refused(arguments: &[&str], key: Option<&str>) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clove"));
    command.args(arguments).env_remove("CLOVE_KEY");
    if let Some(key) = key {
        command.env("CLOVE_KEY", key);
    }
    let output = command.output().expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_running_server_says_over_http_what_its_folder_says() {
    let folder = data_folder("stored-remote");
    let data = folder.display().to_string();
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    clove(&["import", &orders, "--refunds", &refunds, "--spend", &spend, "--source", "file:golden", "--data", &data]);
    let server = Server::start(&folder);
    let owner = server.owner_key.clone().expect("the first start shows a key");
    // Accepted a moment before the question: it is in the answer.
    let order = serde_json::json!({
        "id": "N-1", "placed_at": "2026-06-01T10:00:00Z", "status": "paid", "currency": "EUR", "gross": "12.50", "channel": "web",
        "customer": {"email": "new@example.org"}, "attributes": {"note": "says \"hé\"\nthere"},
        "discount_codes": ["SPRING"], "lines": [{"product": "tea", "quantity": 2, "gross": "12.50"}]
    });
    let (status, body) = server.send("POST", "/api/v1/orders?source=till", &owner, &order.to_string());
    assert_eq!(status, 200, "{body}");
    let address = format!("http://{}", server.address);
    let commands: [&[&str]; 14] = [
        &["clv"],
        &["clv", "--by", "channel"],
        &["kpis"],
        &["cohorts", "--ages", "30,60,90"],
        &["cohorts", "--by", "discount-code"],
        &["cohorts", "--by", "first-product"],
        &["rfm"],
        &["repeat"],
        &["lifecycle"],
        &["segments"],
        &["payback"],
        &["affinity"],
        &["explain", "net_sales"],
        &["sql", "select * from order_values order by order_id"],
    ];
    for command in commands {
        let common = ["--as-of", "2026-06-30", "--format", "json"];
        let of_folder = clove(&[command, &["--data", &data], &common].concat());
        let of_server = clove(&[command, &["--data", &address, "--key", &owner], &common].concat());
        assert_eq!(of_server, of_folder, "{command:?}");
    }
    let counting = "select count(*) as n from order_values where order_id = 'N-1'";
    let counted = clove(&["sql", counting, "--data", &address, "--key", &owner, "--format", "csv"]);
    assert_eq!(counted, "n\n1\n", "what was accepted a moment before is in it");
    a_compressed_answer_comes_to_its_end(&server, &owner);

    let asked = ["kpis", "--data", address.as_str()];
    let (code, said) = refused(&asked, None);
    assert!(code == Some(2) && said.contains("--key"), "{said}");
    let (code, said) = refused(&asked, Some("clove_wrong"));
    assert!(code == Some(1) && said.contains("does not know this key"), "{said}");
    let ingest = server.ingest_key(&owner, "web:shop");
    let (code, said) = refused(&asked, Some(&ingest));
    assert!(code == Some(1) && said.contains("may not read") && !said.contains(&ingest), "{said}");
    let (code, said) = refused(&["check", "--data", data.as_str()], None);
    assert!(code == Some(2) && said.contains("clove doctor"), "{said}");
    let (code, said) = refused(&["kpis", "--data", address.as_str(), "--spend", "x.csv"], Some(&owner));
    assert!(code == Some(2) && said.contains("--spend"), "{said}");
    server.kill();
    let (code, said) = refused(&asked, Some(&owner));
    assert!(code == Some(1) && said.contains("cannot be reached"), "{said}");
}

#[test]
fn what_is_no_server_of_clove_is_told_from_one_that_breaks_off() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answers = [
        ("404 Not Found", "<html>"),
        ("200 OK", "<html>\n"),
        ("200 OK", "{\"shop\":{\"form\":99,\"currency\":\"EUR\",\"time_zone\":\"UTC\",\"position\":1}}\n"),
        ("200 OK", "{\"shop\":{\"form\":2,\"currency\":\"EUR\",\"time_zone\":\"UTC\",\"position\":1}}\n"),
    ];
    std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = [0; 4_096];
            assert!(stream.read(&mut head).unwrap() > 0);
            let kind = if body.starts_with('<') { "text/html" } else { "application/x-ndjson" };
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    for said_in in
        ["is no server of Clove", "is no server of Clove", "use the clove of the server's version", "broke off"]
    {
        let (code, said) = refused(&["kpis", "--data", &address], Some("clove_key"));
        assert!(code == Some(3) && said.contains(said_in), "{said_in}: {said}");
    }
}
