//! How many events a second `clove serve` takes over HTTP, beside what the disk and the web server allow in the same run.
//!
//! ```sh
//! cargo build -p clove && cargo run -p clove --example intake_load -- [seconds a measurement] [connections] [batch]
//! ```
//!
//! With `batch` only batches to Clove are measured: for long runs, to see its memory.
//!
//! - *bare writer*: one table of three columns with one unique key, on the same disk with the same settings, written in groups as
//!   large as the server's; no HTTP.
//! - *bare server*: axum with that writer behind it, one row a request.
//! - *clove*: the program itself, in a process of its own: `POST /v1/batch` with 50 events a request, and `POST /v1/track`.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use axum::extract::State;
use axum::routing::post;
use clove_core::HashKey;
use clove_store::{DatabaseUrl, Db, Environment, SqlText};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

const CREATE: SqlText = SqlText::both("CREATE", "CREATE TABLE bare (id BLOB PRIMARY KEY, at INTEGER, body TEXT)");
const INSERT: SqlText =
    SqlText::rows("INSERT", 3, "INSERT INTO bare (id, at, body) VALUES {rows} ON CONFLICT (id) DO NOTHING");
/// Rows of a group at most, as in the server.
const LARGEST_GROUP: usize = 2_048;
/// Events of a request.
const BATCH: u64 = 50;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, folder] = &arguments[..]
        && mode == "bare-server"
    {
        return bare_server(Path::new(folder)).await;
    }
    let number = |index: usize, default: u64| arguments.get(index).map_or(Ok(default), |text| text.parse());
    let (seconds, connections) = (number(0, 10)?, number(1, 64)?);
    let root = std::env::temp_dir().join(format!("clove-intake-load-{}", std::process::id()));
    std::fs::create_dir_all(&root)?;
    println!("load of the machine at the start: {}", load());

    let batches_only = arguments.get(2).is_some_and(|only| only == "batch");
    if batches_only {
        let clove = Server::clove(&root.join("clove-batch"))?;
        let measured = drive(&clove, seconds, connections, &Call::Batch).await?;
        println!("clove, POST /v1/batch of {BATCH}: {measured}");
        println!("  RSS of the server: {}", measured.memory);
        println!("  {}", groups(&clove)?);
        println!("  then {:.1} s until every event belonged to a person", caught_up(&clove).await?);
        drop(clove);
        return std::fs::remove_dir_all(&root).with_context(|| format!("{} is left behind", root.display()));
    }

    let rows = bare_writer(&root.join("bare-writer"), seconds, connections).await?;
    println!("bare writer, {BATCH} rows a request: {rows:.0} rows/s");

    let clove = Server::clove(&root.join("clove-batch"))?;
    let measured = drive(&clove, seconds, connections, &Call::Batch).await?;
    let share = 100.0 * measured.events_a_second / rows;
    println!("clove, POST /v1/batch of {BATCH}: {measured}, {share:.0} % of the bare writer");
    println!("  RSS of the server: {}", measured.memory);
    println!("  {}", groups(&clove)?);
    println!("  then {:.1} s until every event belonged to a person", caught_up(&clove).await?);
    drop(clove);

    let bare = Server::bare(&root.join("bare-server"))?;
    let single = drive(&bare, seconds, connections, &Call::Bare).await?;
    println!("bare server, one row a request: {single}");
    drop(bare);

    let clove = Server::clove(&root.join("clove-single"))?;
    let measured = drive(&clove, seconds, connections, &Call::Track).await?;
    let share = 100.0 * measured.events_a_second / single.events_a_second;
    println!("clove, POST /v1/track: {measured}, {share:.0} % of the bare server");
    println!("  RSS of the server: {}", measured.memory);
    println!("  {}", groups(&clove)?);
    println!("  then {:.1} s until every event belonged to a person", caught_up(&clove).await?);
    drop(clove);
    println!("load of the machine at the end: {}", load());
    std::fs::remove_dir_all(&root).with_context(|| format!("{} is left behind", root.display()))
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// An event as a storefront sends it: about 600 bytes.
fn event(number: u64) -> String {
    let visitor = number % 20_000;
    let sku = number % 5_000;
    format!(
        "{{\"type\":\"track\",\"messageId\":\"load-{number}\",\"anonymousId\":\"visitor-{visitor}\",\"event\":\"Product Viewed\",\
         \"timestamp\":\"2026-03-01T10:00:00.000Z\",\"properties\":{{\"product_id\":\"sku-{sku}\",\"name\":\"Linen shirt, long sleeves\",\
         \"category\":\"Shirts\",\"price\":49.9,\"currency\":\"EUR\",\"position\":{},\"url\":\"https://shop.example.org/products/linen-shirt\"}},\
         \"context\":{{\"traits\":{{\"email\":\"visitor-{visitor}@example.org\"}},\"page\":{{\"path\":\"/products/linen-shirt\",\
         \"title\":\"Linen shirt\"}},\"userAgent\":\"Mozilla/5.0 (X11; Linux x86_64)\",\"ip\":\"192.0.2.7\",\"locale\":\"it-IT\",\
         \"library\":{{\"name\":\"analytics.js\",\"version\":\"1.84.3\"}}}},\"integrations\":{{}}}}",
        number % 40
    )
}

/// One table, group commit: what a writer must do at least.
struct BareWriter(mpsc::UnboundedSender<(Vec<String>, oneshot::Sender<()>)>);

impl BareWriter {
    async fn start(folder: &Path) -> Result<BareWriter> {
        let db = Db::open(&DatabaseUrl::Folder(folder.to_owned()), Environment::system()).await?;
        let mut tx = db.begin().await?;
        tx.execute(CREATE.query()).await?;
        tx.commit().await?;
        let (sender, mut queue) = mpsc::unbounded_channel::<(Vec<String>, oneshot::Sender<()>)>();
        tokio::spawn(async move {
            let key = HashKey::new([0; 32]);
            let mut number = 0_u64;
            let mut waiting = VecDeque::new();
            loop {
                if waiting.is_empty() {
                    match queue.recv().await {
                        Some(request) => waiting.push_back(request),
                        None => return,
                    }
                }
                while let Ok(request) = queue.try_recv() {
                    waiting.push_back(request);
                }
                let (mut rows, mut answers) = (Vec::new(), Vec::new());
                while let Some((own, _)) = waiting.front()
                    && (rows.is_empty() || rows.len() + own.len() <= LARGEST_GROUP)
                    && let Some((own, answer)) = waiting.pop_front()
                {
                    rows.extend(own);
                    answers.push(answer);
                }
                let mut tx = db.begin().await.expect("a transaction");
                let mut rows = rows.into_iter();
                for size in clove_store::row_chunks(rows.len(), 1_024).collect::<Vec<_>>() {
                    let mut insert = INSERT.query_rows(size);
                    for body in rows.by_ref().take(size) {
                        number += 1;
                        // Keys without order, as delivery keys are.
                        insert.push(key.hash("bare", &[&number.to_string()]));
                        insert.push(0_i64);
                        insert.push(body);
                    }
                    tx.execute(insert).await.expect("an insert");
                }
                tx.commit().await.expect("a commit");
                for answer in answers {
                    let _ = answer.send(());
                }
            }
        });
        Ok(BareWriter(sender))
    }

    async fn write(&self, rows: Vec<String>) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.0.send((rows, answer)).ok().context("the bare writer has stopped")?;
        Ok(answered.await?)
    }
}

async fn bare_writer(folder: &Path, seconds: u64, callers: u64) -> Result<f64> {
    let writer = Arc::new(BareWriter::start(folder).await?);
    let end = Instant::now() + Duration::from_secs(seconds);
    let begun = Instant::now();
    let written = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for caller in 0..callers {
        let (writer, written) = (Arc::clone(&writer), Arc::clone(&written));
        tasks.push(tokio::spawn(async move {
            while Instant::now() < end {
                let rows = (0..BATCH).map(|row| event(caller * BATCH + row)).collect();
                writer.write(rows).await?;
                written.fetch_add(BATCH, Ordering::Relaxed);
            }
            Ok::<(), anyhow::Error>(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(written.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

async fn bare_server(folder: &Path) -> Result<()> {
    let writer = Arc::new(BareWriter::start(folder).await?);
    let app = axum::Router::new()
        .route(
            "/v1/track",
            post(|State(writer): State<Arc<BareWriter>>, body: String| async move {
                match writer.write(vec![body]).await {
                    Ok(()) => "{\"success\":true}",
                    Err(_) => "{\"success\":false}",
                }
            }),
        )
        .with_state(writer);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("Clove listens on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

/// A server in a process of its own.
struct Server {
    process: Child,
    address: SocketAddr,
    key: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn clove(folder: &Path) -> Result<Server> {
        let examples = std::env::current_exe()?;
        let program: PathBuf = examples.parent().and_then(Path::parent).context("a folder of examples")?.join("clove");
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(folder);
        let mut server = Server::start(command, true)?;
        let wanted = r#"{"name": "load", "scopes": ["admin"], "source": "web:load"}"#;
        let answer = server.once("POST", "/api/v1/keys", wanted)?;
        let made: serde_json::Value = serde_json::from_str(&answer)?;
        made["key"].as_str().context("a key")?.clone_into(&mut server.key);
        Ok(server)
    }

    fn bare(folder: &Path) -> Result<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare-server").arg(folder);
        Server::start(command, false)
    }

    fn start(mut command: Command, with_key: bool) -> Result<Server> {
        let mut process = command.stderr(Stdio::piped()).spawn().context("the server starts")?;
        let mut lines = BufReader::new(process.stderr.take().context("its output")?).lines();
        let first = lines.next().context("the server speaks")??;
        let address = first.rsplit('/').next().context("an address")?.parse()?;
        let key = if with_key {
            lines.next().context("the owner's key")??.rsplit(' ').next().unwrap_or_default().to_owned()
        } else {
            String::new()
        };
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("server: {line}")));
        Ok(Server { process, address, key })
    }

    fn once(&self, method: &str, path: &str, body: &str) -> Result<String> {
        use std::io::{Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(self.address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: load\r\nConnection: close\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).context("a body")
    }

    fn rss_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1_024
    }

    fn cpu_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap_or_default();
        let ticks = |index: usize| -> f64 {
            let rest = stat.rsplit(')').next().unwrap_or_default();
            rest.split_whitespace().nth(index).and_then(|ticks| ticks.parse().ok()).unwrap_or(0.0)
        };
        (ticks(11) + ticks(12)) / 100.0
    }
}

/// What is sent.
enum Call {
    Batch,
    Track,
    Bare,
}

struct Measured {
    events_a_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    cpu_a_second: f64,
    memory: String,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.0} events/s, p50 {:.1} ms, p99 {:.1} ms, {:.2} cores of the server",
            self.events_a_second, self.p50_ms, self.p99_ms, self.cpu_a_second
        )
    }
}

async fn drive(server: &Server, seconds: u64, connections: u64, call: &Call) -> Result<Measured> {
    let numbers = Arc::new(AtomicU64::new(0));
    let (begun, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let cpu = server.cpu_seconds();
    let batch = matches!(call, Call::Batch);
    let path = if batch { "/v1/batch" } else { "/v1/track" };
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: load\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: ",
        server.key
    );
    let mut tasks = Vec::new();
    for _ in 0..connections {
        let (numbers, head, address) = (Arc::clone(&numbers), head.clone(), server.address);
        tasks.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut latencies = Vec::new();
            let mut answer = vec![0; 4_096];
            while Instant::now() < end {
                let body = if batch {
                    let first = numbers.fetch_add(BATCH, Ordering::Relaxed);
                    let events: Vec<String> = (first..first + BATCH).map(event).collect();
                    format!("{{\"batch\":[{}]}}", events.join(","))
                } else {
                    event(numbers.fetch_add(1, Ordering::Relaxed))
                };
                let request = format!("{head}{}\r\n\r\n{body}", body.len());
                let sent = Instant::now();
                stream.write_all(request.as_bytes()).await?;
                let mut filled = 0;
                loop {
                    let read = stream.read(&mut answer[filled..]).await?;
                    filled += read;
                    if read == 0 || answer[..filled].ends_with(b"{\"success\":true}") {
                        break;
                    }
                    if answer[..filled].starts_with(b"HTTP/1.1 ") && !answer[..filled].starts_with(b"HTTP/1.1 200") {
                        bail!("refused: {}", String::from_utf8_lossy(&answer[..filled]));
                    }
                }
                latencies.push(sent.elapsed());
            }
            Ok(latencies)
        }));
    }
    let mut memory = Vec::new();
    while Instant::now() < end {
        tokio::time::sleep(Duration::from_secs(1).min(end.saturating_duration_since(Instant::now()))).await;
        memory.push(server.rss_mib());
    }
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let elapsed = begun.elapsed().as_secs_f64();
    let cpu_a_second = (server.cpu_seconds() - cpu) / elapsed;
    latencies.sort_unstable();
    let quantile = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let events = latencies.len() as u64 * if batch { BATCH } else { 1 };
    let step = memory.len().div_ceil(12).max(1);
    let shown: Vec<String> = memory.iter().step_by(step).map(|mib| format!("{mib}")).collect();
    Ok(Measured {
        events_a_second: events as f64 / elapsed,
        p50_ms: quantile(0.5),
        p99_ms: quantile(0.99),
        cpu_a_second,
        memory: format!("{} MiB, every {step} s; largest {}", shown.join(", "), memory.iter().max().unwrap_or(&0)),
    })
}

/// How the server wrote: facts of a commit, and what a commit took with its wait for the one that writes.
fn groups(clove: &Server) -> Result<String> {
    let metrics = clove.once("GET", "/metrics", "")?;
    let value = |name: &str| -> Result<f64> {
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name}"))?;
        Ok(line.trim().parse()?)
    };
    let commits = value("clove_intake_commit_seconds_count ")?;
    let mut said = format!(
        "{:.0} facts and {:.1} ms a commit",
        value("clove_intake_batch_facts_sum ")? / commits,
        1_000.0 * value("clove_intake_commit_seconds_sum ")? / commits
    );
    for name in ["identity", "value", "known-orders", "profile", "consent", "interactions"] {
        let count = value(&format!("clove_subscriber_commit_seconds_count{{subscriber=\"{name}\"}} "))?;
        let seconds = value(&format!("clove_subscriber_commit_seconds_sum{{subscriber=\"{name}\"}} "))?;
        said += &format!("; {name} {count:.0} transactions, {seconds:.1} s");
    }
    Ok(said)
}

/// Seconds until the subscribers have come as far as the log: what was taken last belongs to a person.
async fn caught_up(server: &Server) -> Result<f64> {
    let begun = Instant::now();
    loop {
        let metrics = server.once("GET", "/metrics", "")?;
        let lag =
            metrics.lines().find_map(|line| line.strip_prefix("clove_subscriber_behind{subscriber=\"identity\"} "));
        match lag.and_then(|lag| lag.trim().parse::<f64>().ok()) {
            Some(lag) if lag < 1.0 => return Ok(begun.elapsed().as_secs_f64()),
            Some(_) => {}
            None => bail!("the server does not say how far its subscribers are"),
        }
        if begun.elapsed() > Duration::from_mins(10) {
            bail!("the subscribers do not catch up");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
