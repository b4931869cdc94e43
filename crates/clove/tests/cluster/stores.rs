//! Tables in an object store: a real S3 server (moto).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clove_lake::cluster::ClusterOptions;
use clove_lake::{Lake, LakeError, Parameter, Query};

use super::nodes::{Cluster, free_port, wait_for};
use super::shop::{LAST_DAY, shop};

const HOW_TO_INSTALL: &str = "moto_server is missing; install it with: python3 -m pip install --user 'moto[server]' \
                              (scripts/install-ci-tools does)";

/// A server that speaks S3, on a free port, until it is dropped.
struct Moto {
    server: Child,
    port: u16,
}

impl Moto {
    /// Starts a server; `None` (and a word about it) where none is installed and the test may be left out.
    fn start() -> Option<Moto> {
        let port = free_port();
        let mut programs = vec!["moto_server".to_owned()];
        if let Some(home) = std::env::var_os("HOME") {
            programs.push(format!("{}/.local/bin/moto_server", home.to_string_lossy()));
        }
        let started = programs.iter().find_map(|program| {
            let mut command = Command::new(program);
            command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        });
        let Some(server) = started else {
            assert!(std::env::var_os("CLOVE_TEST_DATA").is_none(), "{HOW_TO_INSTALL}");
            // Straight to standard error: the test harness hides what passing tests print.
            let _ = writeln!(std::io::stderr(), "SKIPPED object store: {HOW_TO_INSTALL}");
            return None;
        };
        let moto = Moto { server, port };
        wait_for(port);
        Some(moto)
    }

    fn settings(&self) -> Vec<(String, String)> {
        let settings = [
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "testing".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "testing".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ];
        settings.map(|(name, value)| (name.to_owned(), value)).into()
    }

    /// Sends a request without a body; gives the answer.
    fn send(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: s3.amazonaws.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // The server may have ended by itself.
        if self.server.kill().is_ok() {
            self.server.wait().ok();
        }
    }
}

#[test]
fn tables_in_an_object_store_are_asked_like_those_on_a_disk() {
    let Some(moto) = Moto::start() else { return };
    moto.send("PUT", "/lake");
    let cluster = Cluster::start_with("stores", 2, &moto.settings());
    let options = ClusterOptions { shared: Some("s3://lake/asked".to_owned()), attempts: 2, ..cluster.options() };
    let (shop, persons) = shop(2_000);
    let (mut here, mut there) = (Lake::embedded().unwrap(), Lake::cluster(&options).unwrap());
    for lake in [&mut here, &mut there] {
        lake.register_shop(&shop, &persons, LAST_DAY).unwrap();
    }
    assert!(moto.send("GET", "/lake?list-type=2&prefix=asked/").contains("orders-0.parquet"));
    let parameters = [("by", Parameter::Column("channel".into())), ("value", Parameter::Column("net".into()))];
    let ages = ("ages", Parameter::IntRows(vec![0, 90, 365]));
    let parameters = [parameters[0].clone(), parameters[1].clone(), ages];
    let ask = |lake: &Lake| lake.query(Query::CohortLtv, &parameters).map(|answer| answer.table);
    assert_eq!(ask(&there).unwrap(), ask(&here).unwrap());
    assert_eq!(there.query(Query::Rfm, &[]).unwrap().table, here.query(Query::Rfm, &[]).unwrap().table);

    drop(there);
    let left = moto.send("GET", "/lake?list-type=2&prefix=asked/");
    assert!(!left.contains("parquet"), "{left}");

    // A store that is gone is an error that says so; never an answer.
    let mut there = Lake::cluster(&options).unwrap();
    there.register_shop(&shop, &persons, LAST_DAY).unwrap();
    drop(moto);
    std::thread::sleep(Duration::from_millis(200));
    let error = ask(&there).unwrap_err();
    assert!(matches!(error, LakeError::Cluster { .. } | LakeError::Sql(_)), "{error}");
    assert!(error.to_string().contains("/asked/"), "{error}");
}
