//! How long an accepted order takes until its customer's new score can be read, under a steady stream of orders, and how fast
//! everyone is scored anew.
//!
//! ```sh
//! cargo run --release -p clove -p clove-measure --example value_speed -- [customers] [orders per second] [seconds] [postgres://...]
//! ```
//!
//! The orders go through the group commit that the server uses, the subscribers run as in the server. An order's time begins when
//! the writer has answered that it is durable, and ends when its customer's score has been read back with the order in it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clove_core::{Fact, SubjectId};
use clove_measure::live::{ValueSubscriber, refit};
use clove_people::identity::live::IdentitySubscriber;
use clove_store::customer_view::{person_of, scores, statistics};
use clove_store::subscriber::{position, wait_until};
use clove_store::{
    DatabaseUrl, Db, DriverOptions, Environment, FactWriter, Runner, StoreError, Subscriber, WriterOptions,
};
use tokio_util::sync::CancellationToken;

mod stream;

use stream::{Numbers, order, preload};

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (customers, rate, seconds) = (number(100_000), number(500), number(20));
    let folder = std::env::temp_dir().join(format!("clove-value-speed-{}", std::process::id()));
    let url = arguments.next().map_or_else(|| DatabaseUrl::Folder(folder.clone()), DatabaseUrl::Postgres);
    let db = Db::open(&url, Environment::system()).await?;

    let stop = CancellationToken::new();
    let subscribers: Vec<Arc<dyn Subscriber>> =
        vec![Arc::new(IdentitySubscriber::default()), Arc::new(ValueSubscriber::default())];
    let running = tokio::spawn(Runner::new(db.clone(), subscribers, DriverOptions::default()).run(stop.clone()));
    let (writer, task) = FactWriter::start(db.clone(), WriterOptions::default());

    let begun = Instant::now();
    let orders = preload(&db, &writer, customers).await?;
    println!("{orders} orders of {customers} customers taken in {:.1} s", begun.elapsed().as_secs_f64());
    wait_until(&db, ValueSubscriber::NAME, db.head().await?).await?;
    println!("identity and value caught up after {:.1} s", begun.elapsed().as_secs_f64());

    if let Some(fitted) = refit(&db).await? {
        let written = fitted.written.as_secs_f64();
        println!(
            "model {}: read in {:.2} s, fitted and forecast in {:.2} s, {} scores written in {:.2} s ({:.0} rows/s)",
            fitted.model,
            fitted.read.as_secs_f64(),
            fitted.fitted.as_secs_f64(),
            fitted.rescored.scored,
            written,
            fitted.rescored.scored as f64 / written,
        );
    }

    for round in 1..=3 {
        let mut times = send(&db, &writer, customers, rate, seconds, round).await?;
        times.sort_unstable();
        let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)].as_secs_f64() * 1e3;
        println!(
            "round {round}: {} orders at {rate}/s, accepted to score visible: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            times.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0),
        );
    }

    drop(writer);
    task.await.map_err(StoreError::subscriber)?;
    stop.cancel();
    running.await.map_err(StoreError::subscriber)?;
    db.close().await;
    if matches!(url, DatabaseUrl::Folder(_))
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        eprintln!("{} is left behind: {error}", folder.display());
    }
    Ok(())
}

/// Sends orders at a steady pace, each on its own; the times from accepted to visible. One task reads how far `value` has come, a
/// hundredth of the orders are read back with their score as soon as they should be visible.
async fn send(
    db: &Db,
    writer: &FactWriter,
    customers: u64,
    rate: u64,
    seconds: u64,
    round: u64,
) -> Result<Vec<Duration>, StoreError> {
    let mut numbers = Numbers(100 + round);
    let seen = Arc::new(tokio::sync::watch::Sender::new(0_i64));
    let watching = tokio::spawn(watch(db.clone(), Arc::clone(&seen)));
    let begun = tokio::time::Instant::now();
    let mut tasks = Vec::new();
    for number in 0..rate * seconds {
        let due = begun + Duration::from_micros(number * 1_000_000 / rate);
        let customer = numbers.next(customers);
        let gross = 1_000 + numbers.next(9_000) as i64;
        let fact = order(db, customer, format!("round-{round}-{number}"), db.now(), gross)?;
        let read_back = (number % 100 == 0).then(|| db.clone());
        let (writer, seen) = (writer.clone(), seen.subscribe());
        tokio::time::sleep_until(due).await;
        tasks.push(tokio::spawn(one(writer, seen, fact, read_back)));
    }
    let mut times = Vec::with_capacity(tasks.len());
    for task in tasks {
        times.push(task.await.map_err(StoreError::subscriber)??);
    }
    watching.abort();
    Ok(times)
}

/// Tells how far `value` has come: its position commits together with the scores.
async fn watch(db: Db, seen: Arc<tokio::sync::watch::Sender<i64>>) -> Result<(), StoreError> {
    loop {
        let now = position(&db, ValueSubscriber::NAME).await?.unwrap_or(0);
        seen.send_if_modified(|before| std::mem::replace(before, now) != now);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

async fn one(
    writer: FactWriter,
    mut seen: tokio::sync::watch::Receiver<i64>,
    fact: Fact,
    read_back: Option<Db>,
) -> Result<Duration, StoreError> {
    let subject: SubjectId = fact.subject;
    let outcomes = writer.append(vec![fact]).await?;
    let accepted = Instant::now();
    let seq = outcomes[0].seq().ok_or_else(|| StoreError::NotFound("new order".to_owned()))?;
    seen.wait_for(|position| *position >= seq).await.map_err(StoreError::subscriber)?;
    let Some(db) = read_back else { return Ok(accepted.elapsed()) };
    let person = person_of(&db, subject).await?.ok_or_else(|| StoreError::NotFound("person".to_owned()))?;
    let scores = scores(&db, person).await?;
    let elapsed = accepted.elapsed();
    let rows = statistics(&db, person).await?;
    if scores.is_empty() || !rows.iter().any(|row| row.changed_seq >= seq) {
        return Err(StoreError::NotFound(format!("score of {person} after the fact {seq}")));
    }
    Ok(elapsed)
}
