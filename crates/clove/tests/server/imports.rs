//! `clove import`, run as a program: into a folder, beside a running server, through it, and across a kill.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Server, data_folder};

fn import(data: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clove"))
        .args(["import", "--data", data, "--json"])
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn json_of(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}

/// A table of so many orders.
fn write_orders(path: &Path, count: u32) {
    let mut file = "order_id,email,date,total,currency\n".to_owned();
    for order in 1..=count {
        let (customer, day) = (order % (count / 5 + 1), 1 + order % 28);
        writeln!(file, "{order},c{customer}@example.org,2026-01-{day:02},{}.50,EUR", 10 + order % 90).unwrap();
    }
    std::fs::write(path, file).expect("a table");
}

#[test]
fn a_folder_takes_files_in_once_and_a_running_server_takes_them_itself() {
    let folder = data_folder("import");
    let data = folder.join("data");
    let data_text = data.display().to_string();
    let file = folder.join("orders.csv");
    write_orders(&file, 3_000);
    let file_text = file.display().to_string();
    let source = ["--source", "till:turin"];

    let dry = import(&data_text, &[&file_text, "--dry-run"]);
    assert_eq!((&json_of(&dry)["facts_total"], data.exists()), (&json!(3_000), false));
    let nameless = import(&data_text, &[&file_text]);
    assert_eq!(nameless.status.code(), Some(2), "{nameless:?}");
    assert!(String::from_utf8_lossy(&nameless.stderr).contains("--source shopify:my-shop"));

    let first = json_of(&import(&data_text, &[&file_text, source[0], source[1]]));
    assert_eq!((&first["facts_new"], &first["state"]), (&json!(3_000), &json!("done")), "{first}");
    let again = json_of(&import(&data_text, &[&file_text, source[0], source[1]]));
    assert_eq!((&again["facts_new"], &again["facts_done"]), (&json!(0), &json!(3_000)), "{again}");

    let server = Server::start(&data);
    let key = server.owner_key.clone().expect("the first server on this folder shows a key");
    let beside = import(&data_text, &[&file_text, source[0], source[1]]);
    let said = String::from_utf8_lossy(&beside.stderr).into_owned();
    assert_eq!(beside.status.code(), Some(2), "{said}");
    assert!(said.contains("a server is running") && said.contains("--key"), "{said}");

    write_orders(&file, 3_500);
    let address = format!("http://{}", server.address);
    let through = import(&address, &[&file_text, source[0], source[1], "--key", &key]);
    let through = json_of(&through);
    // Each customer of the longer table is another one: all orders differ, 500 are new besides.
    assert_eq!((&through["state"], &through["facts_done"]), (&json!("done"), &json!(3_500)), "{through}");
    let refused = import(&address, &[&file_text, source[0], source[1], "--key", "clove_a_b"]);
    assert_eq!(refused.status.code(), Some(1));
    let customer = server.get_when_there("/api/v1/customers?email=c7@example.org", &key);
    assert!(!customer["orders"].as_array().unwrap().is_empty());
}

/// A server that says no before it has read everything closes the connection: the import failed, and the command says so.
#[test]
fn an_upload_that_breaks_off_is_a_failure() {
    use std::io::{Read as _, Write as _};
    let folder = data_folder("import-broken");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("orders.csv");
    write_orders(&file, 300_000);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 1_000];
        let read = stream.read(&mut head).unwrap();
        assert!(head[..read].starts_with(b"POST /api/v1/imports"));
        stream.write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    });
    let refused = import(&address, &[&file.display().to_string(), "--source", "till:turin", "--key", "clove_a_b"]);
    server.join().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("error: "), "{said}");
}

#[test]
fn an_import_goes_on_after_the_server_was_killed() {
    let folder = data_folder("import-killed");
    let data = folder.join("data");
    let file = folder.join("orders.csv");
    write_orders(&file, 60_000);
    let server = Server::start(&data);
    let key = server.owner_key.clone().expect("the first start shows a key");
    let body = std::fs::read_to_string(&file).unwrap();
    let (status, import) = server.send("POST", "/api/v1/imports?source=till:turin&name=orders.csv", &key, &body);
    assert_eq!(status, 202, "{import}");
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap());
    let begun = Instant::now();
    let mut server = server;
    let mut kills = 0;
    let mut last = 0;
    let done = loop {
        let (_, now) = server.send("GET", &path, &key, "");
        assert!(begun.elapsed() < Duration::from_mins(3), "{now}");
        assert_ne!(now["state"], "failed", "{now}");
        let position = now["facts_done"].as_i64().unwrap_or(0);
        if now["state"] == "done" {
            break now;
        }
        if position > last && kills < 3 {
            last = position;
            kills += 1;
            server.kill();
            server = Server::start(&data);
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert_eq!((&done["facts_new"], &done["facts_total"]), (&json!(60_000), &json!(60_000)), "none lost, none twice");
    assert!(kills > 0, "it was too quick to be killed");
    let (_, ready) = server.send("GET", "/ready", "", "");
    assert!(ready["facts"].as_i64().unwrap() >= 60_000, "{ready}");
    // The file goes after the state was written.
    let begun = Instant::now();
    while std::fs::read_dir(data.join("imports")).unwrap().count() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "the upload stays");
        std::thread::sleep(Duration::from_millis(10));
    }
}
