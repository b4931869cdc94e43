//! Files in an object store (a real S3 server: moto) and on a web server.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use clove_connect::{Inputs, ReadOptions, read_shop};
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};

use crate::common::{Files, adjustments, lines};

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
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
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
        let mut moto = Moto { server, port };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = moto.server.try_wait().unwrap() {
                panic!("moto_server ended with {status}; {HOW_TO_INSTALL}");
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "moto_server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(moto)
    }

    fn settings(&self) -> BTreeMap<String, String> {
        let settings = [
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "testing".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "testing".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ];
        settings.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn create_bucket(&self, name: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "PUT /{name} HTTP/1.1\r\nHost: s3.amazonaws.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn put(&self, bucket: &str, objects: &[(&str, Vec<u8>)]) {
        let store = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_endpoint(format!("http://127.0.0.1:{}", self.port))
            .with_allow_http(true)
            .with_region("us-east-1")
            .with_access_key_id("testing")
            .with_secret_access_key("testing")
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (key, content) in objects {
            runtime.block_on(store.put(&Path::parse(key).unwrap(), content.clone().into())).unwrap();
        }
        let listed = runtime.block_on(store.list_with_delimiter(None)).unwrap();
        assert!(!listed.objects.is_empty() || !listed.common_prefixes.is_empty());
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

const FIRST: &str = "order_id,customer_id,date,amount\n1,ann,2026-01-05,10.00\n2,bob,2026-01-06,20.00\n";
const SECOND: &str = "order_id,customer_id,date,amount\n3,ann,2026-02-05,30.00\n4,cat,2026-02-06,40.00\n";
const REFUNDS: &str = "order_id,refunded_at,items\n2,2026-01-20,5.00\n";

fn parquet() -> Vec<u8> {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("order_id", Arc::new(StringArray::from(vec!["3", "4"]))),
        ("customer_id", Arc::new(StringArray::from(vec!["ann", "cat"]))),
        ("date", Arc::new(StringArray::from(vec!["2026-02-05", "2026-02-06"]))),
        ("amount", Arc::new(Float64Array::from(vec![30.0, 40.0]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn objects_of_a_store_are_read_like_local_files() {
    let Some(moto) = Moto::start() else { return };
    moto.create_bucket("shop");
    moto.put(
        "shop",
        &[
            ("exports/orders-1.csv", FIRST.into()),
            ("exports/orders-2.csv", SECOND.into()),
            ("exports/archive/orders-0.csv", FIRST.into()),
            ("packed/orders #2.csv.gz", gzip(SECOND)),
            ("packed/_SUCCESS", b"done".to_vec()),
            ("lake/part-1.parquet", parquet()),
            ("refunds.csv", REFUNDS.into()),
            ("notes.md", b"nothing to read".to_vec()),
        ],
    );
    let options = ReadOptions { object_stores: moto.settings(), ..ReadOptions::default() };
    let read = |orders: &[&str], refunds: &str| {
        let orders = orders.iter().map(|&name| name.to_owned()).collect();
        read_shop(&Inputs { orders, refunds: Some(refunds.to_owned()), ..Inputs::default() }, &options)
    };
    let files = Files::new();
    let local = read(&[&files.write("1.csv", FIRST), &files.write("2.csv", SECOND)], &files.write("r.csv", REFUNDS));
    let local = local.unwrap().shop;
    assert_eq!(local.orders.len(), 4);

    let refunds = "s3://shop/refunds.csv";
    for orders in [
        &["s3://shop/exports/orders*.csv"][..],
        &["s3://shop/exports/orders-1.csv", "s3://shop/exports/orders-2.csv"],
        &["s3://shop/exports/orders-1.csv", "s3://shop/lake/part-1.parquet"],
        &["s3://shop/exports/orders-1.csv", "s3://shop/lake"],
        &["s3://shop/exports/orders-1.csv", "s3://shop/packed/orders #2.csv.gz"],
        &["s3://shop/exports/orders-1.csv", "s3://shop/packed/"],
    ] {
        let shop = read(orders, refunds).unwrap().shop;
        assert_eq!(lines(&shop), lines(&local), "{orders:?}");
        assert_eq!(adjustments(&shop), adjustments(&local), "{orders:?}");
    }
    // A prefix goes down; the repeated export is seen as such.
    let below = read(&["s3://shop/exports/"], refunds).unwrap().shop;
    assert_eq!((below.orders.len(), below.health.rows_left_out["duplicate_row"].count), (4, 2));

    let message = |name: &str| read(&[name], refunds).unwrap_err().to_string();
    assert!(message("s3://shop/exports/orders-9.csv").contains("no such object"));
    assert!(message("s3://shop/none*.csv").contains("no object matches"));
    assert!(message("s3://nowhere/orders.csv").contains("no such bucket"), "{}", message("s3://nowhere/orders.csv"));
    assert!(
        read(&["s3://shop/exports/orders-1.csv"], "s3://shop/exports/").unwrap_err().to_string().contains("several")
    );
    // Without a signature the store gives nothing away.
    let denied = message(&format!("http://127.0.0.1:{}/shop/refunds.csv?signature=x", moto.port));
    assert!(denied.contains("403") && !denied.contains("signature=x"), "{denied}");
}

#[test]
fn a_file_of_a_web_server_is_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            BufReader::new(&stream).read_line(&mut request).unwrap();
            let (status, body) = if request.contains("orders.csv") { ("200 OK", FIRST) } else { ("404 Not Found", "") };
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
                .unwrap();
        }
    });
    let read =
        |path: &str| read_shop(&Inputs::orders(&format!("http://127.0.0.1:{port}/{path}")), &ReadOptions::default());
    assert_eq!(read("orders.csv?token=secret").unwrap().shop.orders.len(), 2);
    let message = read("other.csv").unwrap_err().to_string();
    assert!(message.contains("404") && message.contains("spelling"), "{message}");
    server.join().unwrap();
}
