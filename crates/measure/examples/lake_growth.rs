//! How the lake's files grow under a steady stream of orders, and what flushing and compacting them costs.
//!
//! ```sh
//! cargo run -p clove -p clove-measure --example lake_growth -- [customers] [orders per second] [flushes] [seconds between them]
//! ```
//!
//! The lake is flushed as the server does it; a question (orders and value of all persons) is asked of the files after each flush. CPU
//! seconds are those of the whole process: of flushes and compaction while the stream pauses.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clove_core::Day;
use clove_lake::Lake;
use clove_lake::files::LakeFiles;
use clove_measure::live::ValueSubscriber;
use clove_measure::live::lake::{flush, live_files, rewrite};
use clove_people::identity::live::IdentitySubscriber;
use clove_store::subscriber::wait_until;
use clove_store::{
    DatabaseUrl, Db, DriverOptions, Environment, FactWriter, Runner, StoreError, Subscriber, WriterOptions,
};
use tokio_util::sync::CancellationToken;

mod stream;

use stream::{Numbers, order, preload};

/// An as-of after every order.
const LATER: Day = Day(40_000);
/// What is asked after each flush.
const QUESTION: &str = "select count(*), sum(gross), count(distinct person) from orders";

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (customers, rate, flushes, seconds) = (number(100_000), number(500), number(10), number(30));
    let root = std::env::temp_dir().join(format!("clove-lake-growth-{}", std::process::id()));
    let lake = root.join("lake");
    let db = Db::open(&DatabaseUrl::Folder(root.clone()), Environment::system()).await?;

    let stop = CancellationToken::new();
    let subscribers: Vec<Arc<dyn Subscriber>> =
        vec![Arc::new(IdentitySubscriber::default()), Arc::new(ValueSubscriber::default())];
    let running = tokio::spawn(Runner::new(db.clone(), subscribers, DriverOptions::default()).run(stop.clone()));
    let (writer, task) = FactWriter::start(db.clone(), WriterOptions::default());

    let orders = preload(&db, &writer, customers).await?;
    wait_until(&db, ValueSubscriber::NAME, db.head().await?).await?;
    println!("{orders} orders of {customers} customers; then {rate} orders/s, a flush every {seconds} s");
    println!(
        "{:<12} {:>9} {:>9} {:>8} {:>10} {:>10} {:>10} {:>11}",
        "", "persons", "wall s", "CPU s", "base rows", "delta rows", "MB", "question ms"
    );
    measured("first base", &db, &lake, flush(&db, &lake)).await?;

    for round in 1..=flushes {
        send(&db, &writer, customers, rate, seconds, round).await?;
        wait_until(&db, ValueSubscriber::NAME, db.head().await?).await?;
        measured(&format!("flush {round}"), &db, &lake, flush(&db, &lake)).await?;
    }
    measured("compaction", &db, &lake, rewrite(&db, &lake)).await?;

    drop(writer);
    task.await.map_err(StoreError::subscriber)?;
    stop.cancel();
    running.await.map_err(StoreError::subscriber)?;
    db.close().await;
    std::fs::remove_dir_all(&root).map_err(StoreError::subscriber)
}

/// Does a piece of work on the files and prints what it cost and what is there afterwards.
async fn measured(
    name: &str,
    db: &Db,
    lake: &Path,
    work: impl Future<Output = Result<clove_measure::live::lake::Flushed, StoreError>>,
) -> Result<(), StoreError> {
    let (begun, before) = (Instant::now(), cpu_seconds());
    let flushed = work.await?;
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds() - before);
    let files = live_files(db, lake).await?.ok_or_else(|| StoreError::NotFound("files of the lake".to_owned()))?;
    let (base, deltas) = files.rows("orders");
    let megabytes = files.files.iter().map(|file| file.bytes).sum::<u64>() as f64 / 1e6;
    let question = ask(files).await?;
    let name = if flushed.compacted { format!("{name}, new base") } else { name.to_owned() };
    println!(
        "{name:<12} {:>9} {wall:>9.2} {cpu:>8.2} {base:>10} {deltas:>10} {megabytes:>10.1} {:>11.0}",
        flushed.persons,
        question.as_secs_f64() * 1e3
    );
    Ok(())
}

/// How long a question over all orders takes, opening the files included.
async fn ask(files: LakeFiles) -> Result<Duration, StoreError> {
    let asked = tokio::task::spawn_blocking(move || {
        let begun = Instant::now();
        let mut lake = Lake::embedded()?;
        lake.register_files(&files, LATER)?;
        let answer = lake.sql(QUESTION)?;
        assert_eq!(answer.rows(), 1, "one answer");
        Ok::<Duration, clove_lake::LakeError>(begun.elapsed())
    });
    asked.await.map_err(StoreError::subscriber)?.map_err(StoreError::subscriber)
}

/// Sends orders at a steady pace.
async fn send(
    db: &Db,
    writer: &FactWriter,
    customers: u64,
    rate: u64,
    seconds: u64,
    round: u64,
) -> Result<(), StoreError> {
    let mut numbers = Numbers(500 + round);
    let begun = tokio::time::Instant::now();
    let mut tasks = Vec::new();
    for number in 0..rate * seconds {
        let customer = numbers.next(customers);
        let gross = 1_000 + numbers.next(9_000) as i64;
        let fact = order(db, customer, format!("round-{round}-{number}"), db.now(), gross)?;
        let writer = writer.clone();
        tokio::time::sleep_until(begun + Duration::from_micros(number * 1_000_000 / rate)).await;
        tasks.push(tokio::spawn(async move { writer.append(vec![fact]).await }));
    }
    for task in tasks {
        task.await.map_err(StoreError::subscriber)??;
    }
    Ok(())
}

/// CPU seconds of this process so far, user and system.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}
