//! How many facts a second the intake takes, beside a bare writer of one table with the same grouping, on the same disk.
//!
//! ```sh
//! cargo run --release -p clove-store --example intake_speed -- [rows] [rows per group] [postgres://...]
//! ```

use std::time::{Duration, Instant};

use clove_core::fact::{Handle, Track};
use clove_core::{Fact, FactBody, FactId, IdGenerator, Personal};
use clove_store::{DatabaseUrl, Db, Environment, FactWriter, SqlText, StoreError, WriterOptions};

/// One table with a unique key: what a writer must do at least.
const CREATE: SqlText = SqlText::each(
    "CREATE",
    "CREATE TABLE bare (id BLOB PRIMARY KEY, at INTEGER, body TEXT)",
    "CREATE TABLE bare (id uuid PRIMARY KEY, at bigint, body text)",
);
const INSERT: SqlText =
    SqlText::rows("INSERT", 3, "INSERT INTO bare (id, at, body) VALUES {rows} ON CONFLICT (id) DO NOTHING");
/// Requests of the writer's callers, in facts.
const REQUEST: usize = 50;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), StoreError> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (rows, group) = (number(100_000), number(500));
    let folder = std::env::temp_dir().join(format!("clove-intake-speed-{}", std::process::id()));
    let url = arguments.next().map_or_else(|| DatabaseUrl::Folder(folder.clone()), DatabaseUrl::Postgres);
    let db = Db::open(&url, Environment::system()).await?;

    // Three rounds, in turn, so that a busy machine disturbs both.
    for round in 1..=3 {
        let bare = bare(&db, rows, group, round).await?;
        let plain = intake(&db, rows, group, false).await?;
        let personal = intake(&db, rows, group, true).await?;
        let rate = |elapsed: Duration| rows as f64 / elapsed.as_secs_f64();
        println!(
            "round {round}: bare {:.0} rows/s, facts {:.0} rows/s ({:.0} %), facts with personal fields {:.0} rows/s ({:.0} %)",
            rate(bare),
            rate(plain),
            100.0 * rate(plain) / rate(bare),
            rate(personal),
            100.0 * rate(personal) / rate(bare),
        );
    }
    db.close().await;
    if matches!(url, DatabaseUrl::Folder(_))
        && let Err(error) = std::fs::remove_dir_all(&folder)
    {
        eprintln!("{} is left behind: {error}", folder.display());
    }
    Ok(())
}

fn body(number: usize) -> FactBody {
    let properties = serde_json::json!({
        "product_id": format!("sku-{}", number % 5_000), "name": "Linen shirt, long sleeves", "category": "Shirts",
        "price": 4_990, "currency": "EUR", "position": number % 40, "url": "https://shop.example.org/products/linen-shirt",
    });
    let serde_json::Value::Object(properties) = properties else { unreachable!("it is an object") };
    FactBody::Track(Track { event: "Product Viewed".to_owned(), properties })
}

async fn bare(db: &Db, rows: usize, group: usize, round: u32) -> Result<Duration, StoreError> {
    if round == 1 {
        let mut tx = db.begin().await?;
        tx.execute(CREATE.query()).await?;
        tx.commit().await?;
    }
    // Keys without order, as delivery keys are.
    let key = clove_core::HashKey::new([0; 32]);
    let groups: Vec<Vec<_>> = (0..rows)
        .collect::<Vec<usize>>()
        .chunks(group)
        .map(|numbers| {
            numbers
                .iter()
                .map(|&number| {
                    Ok((key.hash("bare", &[&round.to_string(), &number.to_string()]), body(number).to_json()?))
                })
                .collect()
        })
        .collect::<Result<_, StoreError>>()?;
    let begun = Instant::now();
    for rows in groups {
        let mut insert = INSERT.query_rows(rows.len());
        for (id, body) in rows {
            insert.push(id);
            insert.push(0_i64);
            insert.push(body);
        }
        let mut tx = db.begin().await?;
        tx.execute(insert).await?;
        tx.commit().await?;
    }
    Ok(begun.elapsed())
}

fn facts(ids: &IdGenerator, now: i64, rows: usize, personal: bool) -> Result<Vec<Fact>, StoreError> {
    let source: clove_core::Source = "site:shop".parse()?;
    let key = clove_core::HashKey::new([0; 32]);
    Ok((0..rows)
        .map(|number| {
            let visitor = format!("visitor-{}", number % 20_000);
            let handle = Handle { channel: "anonymous".to_owned(), scope: "shop".to_owned(), external_id: visitor };
            Fact {
                id: FactId(ids.uuid(now)),
                subject: key.subject(&handle),
                source: source.clone(),
                external_id: ids.uuid(now).to_string(),
                version: "1".to_owned(),
                occurred_at: now,
                received_at: now,
                cause: None,
                body: body(number),
                personal: personal.then(|| Personal { handles: vec![handle], ..Personal::default() }),
            }
        })
        .collect())
}

async fn intake(db: &Db, rows: usize, group: usize, personal: bool) -> Result<Duration, StoreError> {
    let (writer, task) =
        FactWriter::start(db.clone(), WriterOptions { batch_facts: group, ..WriterOptions::default() });
    let mut requests = facts(db.ids(), db.now(), rows, personal)?.into_iter();
    // As many callers as fill two groups, each waiting for its answer: what a server does with its connections.
    let callers = (2 * group / REQUEST).max(2);
    let share = rows / callers;
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for caller in 0..callers {
        let own: Vec<Fact> = requests.by_ref().take(if caller + 1 == callers { rows } else { share }).collect();
        let writer = writer.clone();
        tasks.push(tokio::spawn(async move {
            for request in own.chunks(REQUEST) {
                writer.append(request.to_vec()).await?;
            }
            Ok::<(), StoreError>(())
        }));
    }
    for task in tasks {
        task.await.map_err(StoreError::subscriber)??;
    }
    let elapsed = begun.elapsed();
    drop(writer);
    task.await.map_err(StoreError::subscriber)?;
    Ok(elapsed)
}
