//! A server that only answers, and workers beside it, over one PostgreSQL database.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::{Server, data_folder};

/// A fresh database on the server of the tests, or a visible skip.
pub fn database(name: &str) -> Option<String> {
    use sqlx::Connection as _;
    let Ok(server) = std::env::var("CLOVE_TEST_POSTGRES") else {
        assert!(std::env::var("CLOVE_TEST_DATA").is_err(), "CLOVE_TEST_POSTGRES is not set; see scripts/test-postgres");
        eprintln!("SKIPPED: CLOVE_TEST_POSTGRES is not set (scripts/test-postgres)");
        return None;
    };
    let name = format!("clove_{name}_{}", std::process::id());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    });
    let (address, _) = server.rsplit_once('/').expect("an address with a database");
    Some(format!("{address}/{name}"))
}

/// A running worker. Dropped, it is killed.
struct Worker(Child);

impl Worker {
    fn start(database: &str) -> Worker {
        let mut process = Command::new(env!("CARGO_BIN_EXE_clove"))
            .args(["worker", "--log", "warn", "--data", database])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stderr.take().expect("stderr is piped")).lines();
        assert_eq!(lines.next().expect("the worker speaks").expect("as text"), "Clove works");
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("worker: {line}")));
        Worker(process)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn order(number: u32) -> String {
    json!({
        "id": number.to_string(),
        "placed_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-01T10:00:00Z",
        "status": "paid",
        "currency": "EUR",
        "customer": {"email": format!("customer-{number}@example.org")},
        "gross": "10.00"
    })
    .to_string()
}

fn customer(number: u32) -> String {
    format!("/api/v1/customers?email=customer-{number}@example.org")
}

#[test]
fn workers_do_what_a_server_leaves_and_one_takes_over_from_another() {
    let Some(database) = database("worker") else { return };
    let folder = data_folder("worker");
    let server = Server::start_on(&database, &folder, &["--no-work"]);
    let key = server.owner_key.clone().expect("the first start shows a key");
    let take = |number: u32| assert_eq!(server.send("POST", "/api/v1/orders?source=till", &key, &order(number)).0, 200);
    take(1);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(server.send("GET", &customer(1), &key, "").0, 404, "nobody works yet");
    let (status, ready) = server.send("GET", "/ready", "", "");
    assert!(status == 200 && ready["facts"] == 1, "{ready}");

    let first = Worker::start(&database);
    server.get_when_there(&customer(1), &key);
    // The second gets its share of the partitions; killed, the first leaves its own to it when its leases run out.
    let second = Worker::start(&database);
    for number in 2..40 {
        take(number);
    }
    (2..40).for_each(|number| drop(server.get_when_there(&customer(number), &key)));
    drop(first);
    for number in 40..60 {
        take(number);
    }
    (40..60).for_each(|number| drop(server.get_when_there(&customer(number), &key)));
    drop(second);
}

#[test]
fn a_worker_ends_softly_and_a_folder_needs_none() {
    let folder = data_folder("worker-folder");
    for arguments in [&["worker"][..], &["serve", "--no-work", "--listen", "127.0.0.1:0"]] {
        let refused =
            Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).arg("--data").arg(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(refused.status.code() == Some(2) && said.contains("one process"), "{said}");
    }
    let Some(database) = database("worker_stop") else { return };
    let mut worker = Worker::start(&database);
    let stop = Command::new("kill").arg(worker.0.id().to_string()).status().unwrap();
    assert!(stop.success());
    let begun = Instant::now();
    while worker.0.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(worker.0.wait().unwrap().success());
}
