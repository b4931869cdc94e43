//! A process that writes is killed at random moments: what it acknowledged is there, nothing is there twice.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clove_core::clock::SECOND;
use clove_core::{IdGenerator, ManualClock};
use clove_store::job::{NewJob, claim, enqueue, fail};
use clove_store::{
    DatabaseUrl, Db, Driver, DriverOptions, Environment, FactWriter, Result, SqlText, Step, StoredFact, Subscriber, Tx,
    WriterOptions,
};
use futures::future::BoxFuture;

use crate::support::{START, append, event, postgres_database, postgres_server};

/// Address of the child's database, and the first number that it writes.
const CHILD: &str = "CLOVE_TEST_KILLED_CHILD";
/// How often a child is killed in this test.
const KILLS: u64 = 12;
const EXTERNAL_IDS: SqlText = SqlText::both("EXTERNAL_IDS", "SELECT external_id FROM fact");

/// The child: not a test of its own, it does nothing unless it is started by the tests below.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let (start, url) = order.split_once(' ').unwrap();
    let (start, url): (u64, DatabaseUrl) = (start.parse().unwrap(), url.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async move {
        let db = Db::open(&url, Environment::system()).await.unwrap();
        let (writer, _task) = FactWriter::start(db.clone(), WriterOptions::default());
        let mut callers = Vec::new();
        for caller in 0..8 {
            let (writer, db) = (writer.clone(), db.clone());
            callers.push(tokio::spawn(async move {
                // Each caller has its own numbers, two a request, and hands each request in twice, as an impatient client does.
                for request in 0.. {
                    let numbers = [0, 1].map(|half| start + (request * 8 + caller) * 2 + half);
                    for _ in 0..2 {
                        writer.append(numbers.map(|number| event(db.ids(), number)).to_vec()).await.unwrap();
                    }
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "acknowledged {} {}", numbers[0], numbers[1]).unwrap();
                    out.flush().unwrap();
                }
            }));
        }
        for caller in callers {
            caller.await.unwrap();
        }
    });
}

/// Starts the child again and again, kills it, and returns what it acknowledged.
fn kill_repeatedly(url: &str) -> HashSet<u64> {
    let random = IdGenerator::new([77; 32]);
    let mut acknowledged = HashSet::new();
    for round in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child_that_writes_until_it_is_killed", "--nocapture"])
            .env(CHILD, format!("{} {url}", round * 1_000_000))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reader = std::thread::spawn(move || {
            let mut numbers = Vec::new();
            // The last line may be cut in the middle by the kill.
            for line in output.lines().map_while(Result::ok) {
                if let Some(list) = line.split("acknowledged ").nth(1)
                    && let [first, second] = list.split(' ').collect::<Vec<_>>()[..]
                    && let (Ok(first), Ok(second)) = (first.parse::<u64>(), second.parse::<u64>())
                    && second == first + 1
                {
                    numbers.extend([first, second]);
                }
            }
            numbers
        });
        let mut byte = [0];
        random.fill(&mut byte);
        let deadline = Instant::now() + Duration::from_millis(300 + u64::from(byte[0]) * 2);
        while Instant::now() < deadline {
            assert!(child.try_wait().unwrap().is_none(), "the child ended by itself");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(reader.join().unwrap());
    }
    acknowledged
}

async fn check(url: &DatabaseUrl, acknowledged: &HashSet<u64>) {
    let db = Db::open(url, Environment::system()).await.unwrap();
    let rows: Vec<(String,)> = db.read_all(EXTERNAL_IDS.query()).await.unwrap();
    let found: HashSet<u64> = rows.iter().map(|row| row.0["event-".len()..].parse().unwrap()).collect();
    assert_eq!(found.len(), rows.len(), "a fact is there twice");
    let missing: Vec<&u64> = acknowledged.difference(&found).collect();
    assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");
    assert!(acknowledged.len() > 100, "the children hardly wrote: {}", acknowledged.len());
    for number in &found {
        assert!(found.contains(&(number ^ 1)), "half a request is there: {number}");
    }
    println!("{} kills: {} acknowledged, {} found, 0 lost, 0 doubled", KILLS, acknowledged.len(), found.len());
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_or_doubled_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap().to_owned();
    let acknowledged = tokio::task::spawn_blocking({
        let path = path.clone();
        move || kill_repeatedly(&path)
    })
    .await
    .unwrap();
    check(&path.parse().unwrap(), &acknowledged).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_or_doubled_on_postgres() {
    let Some(server) = postgres_server() else { return };
    let url = postgres_database(&server).await;
    let DatabaseUrl::Postgres(address) = url.clone() else { panic!("an address") };
    let acknowledged = tokio::task::spawn_blocking(move || kill_repeatedly(&address)).await.unwrap();
    check(&url, &acknowledged).await;
}

/// A process that is killed while it holds partitions and a job: who opens the folder next need not wait for its leases.
#[tokio::test]
async fn leases_of_a_dead_process_are_free_at_once_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Folder(folder.path().to_owned());
    let clock = Arc::new(ManualClock::new(START));
    let open = || Db::open(&url, Environment::new(Arc::clone(&clock) as _, [1; 32]));
    let db = open().await.unwrap();
    let subscriber: Arc<dyn Subscriber> = Arc::new(Counter);
    let mut dead = Driver::new(db.clone(), Arc::clone(&subscriber), DriverOptions::default()).await.unwrap();
    append(&db, &[event(db.ids(), 1)]).await;
    assert!(matches!(dead.step().await.unwrap(), Step::Applied { facts: 1 }));
    append(&db, &[event(db.ids(), 2)]).await;
    let mut tx = db.begin().await.unwrap();
    for key in ["held", "failed"] {
        enqueue(&mut tx, NewJob::new("mail", "{}", START).unique(key)).await.unwrap();
    }
    enqueue(&mut tx, NewJob::new("mail", "{}", START + 3_600 * SECOND).unique("timer")).await.unwrap();
    tx.commit().await.unwrap();
    let claimed = claim(&db, "mail", 10, 120 * SECOND).await.unwrap();
    assert_eq!(claimed.len(), 2);
    let failing = claimed.iter().find(|job| job.unique_key.as_deref() == Some("failed")).unwrap();
    let mut tx = db.begin().await.unwrap();
    fail(&mut tx, failing, "not today").await.unwrap();
    tx.commit().await.unwrap();
    // Neither gives anything back: the folder is free, as after a kill.
    db.close().await;
    drop((dead, db));

    let db = open().await.unwrap();
    let again = claim(&db, "mail", 10, 120 * SECOND).await.unwrap();
    let keys: Vec<_> = again.iter().filter_map(|job| job.unique_key.as_deref()).collect();
    assert_eq!(keys, ["held"], "not the timer, nor what waits after a failure");
    assert_eq!(again[0].attempts, 2);
    let mut driver = Driver::new(db.clone(), subscriber, DriverOptions::default()).await.unwrap();
    assert!(matches!(driver.step().await.unwrap(), Step::Applied { facts: 1 }));
}

struct Counter;

impl Subscriber for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn apply<'a>(&'a self, _tx: &'a mut Tx, _facts: &'a [StoredFact]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
