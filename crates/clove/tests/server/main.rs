//! `clove serve`, run as a program and spoken to over HTTP.

mod access;
mod hostile;
mod imports;
mod metrics;
mod openapi;
mod operations;
mod orders;
mod people;
mod quarantine;
mod raw;
mod records;
mod segment;
mod segments;
mod stored;
mod value;
mod web;
mod worker;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running server. Dropped, it is killed.
struct Server {
    process: Child,
    address: String,
    /// The owner's key, at the first start on a folder.
    owner_key: Option<String>,
}

impl Server {
    /// Starts a server on a data folder and a free port.
    fn start(folder: &Path) -> Server {
        Server::start_with(folder, &[])
    }

    /// The same with further arguments.
    fn start_with(folder: &Path, arguments: &[&str]) -> Server {
        Server::start_on(folder.to_str().expect("a path as text"), folder, arguments)
    }

    /// The same on a folder or a database; `notes` is a folder that remembers whether the owner's key was seen.
    fn start_on(data: &str, notes: &Path, arguments: &[&str]) -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_clove"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .env("CLOVE_LOG", std::env::var("CLOVE_LOG").unwrap_or_else(|_| "warn".to_owned()))
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stderr.take().expect("stderr is piped")).lines();
        let mut next = || lines.next().expect("the server speaks").expect("as text");
        let first = next();
        let address = first.strip_prefix("Clove listens on http://").unwrap_or_else(|| panic!("{first}")).to_owned();
        let owner_key = if notes.join("owner-key-seen").exists() {
            None
        } else {
            std::fs::write(notes.join("owner-key-seen"), "").expect("a note in the folder");
            next().rsplit(' ').next().map(str::to_owned)
        };
        // The rest of the log is read on, so that the server never waits for its reader.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        Server { process, address, owner_key }
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.process.kill().expect("it is ours to kill");
        self.process.wait().expect("it ends");
    }

    /// Sends a request; returns the status and the body.
    fn send(&self, method: &str, path: &str, key: &str, body: &str) -> (u16, Value) {
        self.send_with(method, path, key, "", body)
    }

    /// As [`Server::send`], with further headers, each ended by a line break.
    fn send_with(&self, method: &str, path: &str, key: &str, headers: &str, body: &str) -> (u16, Value) {
        let (status, body) = self.exchange(method, path, key, headers, body);
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// The text at an address.
    fn text(&self, path: &str, key: &str) -> String {
        self.exchange("GET", path, key, "", "").1
    }

    fn exchange(&self, method: &str, path: &str, key: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the answer is read");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, body.to_owned())
    }

    /// How many facts the log holds.
    fn facts(&self) -> i64 {
        self.send("GET", "/ready", "", "").1["facts"].as_i64().expect("a number of facts")
    }

    /// Makes a key that is bound to a source and may hand in.
    fn ingest_key(&self, owner: &str, source: &str) -> String {
        let wanted = serde_json::json!({"name": source, "scopes": ["ingest"], "source": source});
        let (status, made) = self.send("POST", "/api/v1/keys", owner, &wanted.to_string());
        assert_eq!(status, 201, "{made}");
        made["key"].as_str().expect("a key").to_owned()
    }

    /// Asks again until the answer is 200, for what happens after an order was accepted.
    fn get_when_there(&self, path: &str, key: &str) -> Value {
        let begun = Instant::now();
        loop {
            let (status, body) = self.send("GET", path, key, "");
            if status == 200 {
                return body;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{path} stays {status}: {body}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A fresh data folder for one test.
fn data_folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("server").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the old folder goes");
    }
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}
