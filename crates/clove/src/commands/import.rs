//! `clove import`: files into the server's data.

mod upload;

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use clove_connect::sources::files::{ReadFiles, read_files};
use clove_core::clock::Clock as _;
use clove_core::{ImportId, Source};
use clove_server::imports::{
    ImportError, ImportFile, ImportOptions, ImportPlan, Surroundings, create, harmless, run as run_import,
};
use clove_store::import::{ImportState, StoredImport, find, rejects};
use clove_store::{DatabaseUrl, Db, Environment, StoreError, SystemClock};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::arguments::ReadingArguments;
use crate::output::{is_interactive, note, print_facts, thousands};
use crate::{DataError, UsageError};
use crate::{load, stored};

/// Rejected rows read at a time.
const PAGE: usize = 1_000;

/// What to take in, and where to.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Order files, as for the other commands, and tables of customers
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    #[command(flatten)]
    reading: ReadingArguments,
    /// The data folder, a postgres:// address, or the http:// address of a running server
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL")]
    data: String,
    /// A key of the running server that may ingest
    #[arg(long, env = "CLOVE_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
    /// Read the files and say what would be taken in, but change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// Takes files in.
pub fn run(arguments: &ImportArguments) -> anyhow::Result<()> {
    let named = arguments.reading.source.as_deref();
    let source = named.map(str::parse::<Source>).transpose().map_err(|error| UsageError(error.to_string()))?;
    if arguments.dry_run {
        return dry_run(arguments);
    }
    let source = source.ok_or_else(|| {
        UsageError(
            "name the system that the files come from: --source shopify:my-shop (or woocommerce:..., till:...)"
                .to_owned(),
        )
    })?;
    let plan = plan(arguments)?;
    let runtime = tokio::runtime::Runtime::new().context("the threads cannot be started")?;
    let begun = Instant::now();
    let stored = runtime.block_on(async {
        if stored::is_server_address(&arguments.data) {
            let key = arguments.key.as_deref().ok_or_else(|| {
                UsageError("a running server asks for a key: --key clove_... (or CLOVE_KEY)".to_owned())
            })?;
            return upload::send(&arguments.data, key, &source, &plan).await.map(Ended::Remote);
        }
        take_in(arguments, &source, &plan).await.map(Ended::Here)
    })?;
    let answer = match stored {
        Ended::Here(stored) => body_of(&stored),
        Ended::Remote(body) => body,
    };
    print(arguments, &answer, begun.elapsed())
}

enum Ended {
    Here(Box<StoredImport>),
    Remote(Value),
}

/// The files and options of the flags.
fn plan(arguments: &ImportArguments) -> anyhow::Result<ImportPlan> {
    let inputs = load::inputs(&arguments.files, &arguments.reading);
    let reading = &arguments.reading;
    let mut files = Vec::new();
    let mut add = |kind: &str, name: &String| {
        let bytes = std::fs::metadata(name).map_or(0, |data| data.len());
        files.push(ImportFile { kind: kind.to_owned(), name: name.clone(), place: name.clone(), bytes });
    };
    inputs.orders.iter().for_each(|name| add("orders", name));
    for (kind, name) in
        [("refunds", &inputs.refunds), ("spend", &inputs.spend), ("costs", &inputs.costs), ("rates", &inputs.rates)]
    {
        if let Some(name) = name {
            add(kind, name);
        }
    }
    // The flags are checked as for the commands that read files.
    let checked = load::read_options(reading)?;
    let options = ImportOptions {
        time_zone: reading.tz.clone(),
        currency: reading.currency.map(|currency| currency.code().to_owned()),
        date_order: reading.date_order.map(|order| order.name().to_owned()),
        map: checked.map.map(|map| map.to_toml()),
        wholesale_tags: reading.wholesale_tags.clone(),
    };
    Ok(ImportPlan { files, options })
}

/// Takes the files into a database of this machine or a PostgreSQL server.
async fn take_in(arguments: &ImportArguments, source: &Source, plan: &ImportPlan) -> anyhow::Result<Box<StoredImport>> {
    let Ok(database) = arguments.data.parse::<DatabaseUrl>();
    let db = match Db::open(&database, Environment::system()).await {
        Ok(db) => db,
        Err(StoreError::InUse { folder }) => {
            return Err(UsageError(format!(
                "a server is running on {folder}: let it take the files in, with --data http://127.0.0.1:8080 --key clove_... \
                 (or POST /api/v1/imports), or stop it first"
            ))
            .into());
        }
        Err(error) => return Err(error).context("the database cannot be used"),
    };
    let id = ImportId(db.ids().uuid(db.now()));
    let mut tx = db.begin().await?;
    create(&mut tx, id, source, plan).await?;
    tx.commit().await?;
    let object_stores = load::object_stores();
    let around = Surroundings { object_stores: Some(&object_stores), ..Surroundings::default() };
    let bar = tokio::spawn(follow(db.clone(), id));
    let outcome = run_import(&db, id, around).await;
    bar.abort();
    let outcome = match outcome {
        Ok(stored) => write_rejects(arguments, &db, id).await.map(|()| Box::new(stored)),
        Err(error) => {
            let mut tx = db.begin().await?;
            clove_store::import::fail(&mut tx, id, &error.to_string()).await?;
            tx.commit().await?;
            Err(match error {
                ImportError::Read(error) => error.into(),
                ImportError::Options(error) => UsageError(error).into(),
                other => other.into(),
            })
        }
    };
    db.close().await;
    outcome
}

/// Shows how far the import is, on a terminal.
async fn follow(db: Db, id: ImportId) {
    if !is_interactive() {
        return;
    }
    let style =
        |template: &str| ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::no_length().with_style(style("reading {bar:30} {bytes}/{total_bytes}"));
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let Ok(Some(stored)) = find(&db, id).await else { continue };
        let length = |count: i64| u64::try_from(count).unwrap_or(0);
        if stored.state == ImportState::Writing {
            bar.set_style(style("writing {bar:30} {pos}/{len}"));
            bar.set_length(length(stored.facts_total));
            bar.set_position(length(stored.position));
        } else {
            bar.set_length(length(stored.bytes_total));
            bar.set_position(length(stored.bytes_read));
        }
        if stored.state.is_over() {
            bar.finish_and_clear();
            return;
        }
    }
}

/// Writes the rows that could not be taken to the file that the flag names.
async fn write_rejects(arguments: &ImportArguments, db: &Db, id: ImportId) -> anyhow::Result<()> {
    let Some(path) = &arguments.reading.rejects else { return Ok(()) };
    let shown = path.display();
    let mut out =
        std::io::BufWriter::new(std::fs::File::create(path).with_context(|| format!("cannot write '{shown}'"))?);
    out.write_all(b"file,line,column,value,reason,remedy\r\n")?;
    let mut after = 0;
    loop {
        let page = rejects(db, id, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, reject) in &page {
            let line = reject.line.to_string();
            let cells = [&reject.file, &line, &reject.column, &reject.value, &reject.reason, &reject.remedy];
            writeln!(out, "{}\r", cells.map(|cell| harmless(cell)).join(","))?;
        }
    }
    out.flush().with_context(|| format!("cannot write '{shown}'"))
}

/// An import as the server's interface shows it.
fn body_of(stored: &StoredImport) -> Value {
    json!({
        "id": stored.id.to_string(),
        "source": stored.source.as_str(),
        "state": stored.state.name(),
        "rows_read": stored.rows_read,
        "rows_rejected": stored.rows_rejected,
        "facts_total": stored.facts_total,
        "facts_done": stored.position,
        "facts_new": stored.facts_new,
        "summary": stored.summary.as_deref().and_then(|json| serde_json::from_str::<Value>(json).ok()),
    })
}

/// Reads the files and says what would be taken in.
fn dry_run(arguments: &ImportArguments) -> anyhow::Result<()> {
    let mut options = load::read_options(&arguments.reading)?;
    options.order_numbers = true;
    let inputs = load::inputs(&arguments.files, &arguments.reading);
    let ReadFiles { facts, rejects, format, .. } = read_files(&inputs, &[], &options, SystemClock.now())?;
    if let Some(path) = &arguments.reading.rejects {
        load::write_rejects(path, &rejects)?;
    }
    let health = &facts.shop().health;
    let (rows, count) = (health.rows, health.rejected.max(rejects.len() as u64));
    let [orders, refunds, spend, customers] = facts.counts();
    let left_out: serde_json::Map<String, Value> =
        facts.left_out().iter().map(|(reason, tally)| ((*reason).to_owned(), json!(tally.count))).collect();
    let answer = json!({
        "state": "dry_run",
        "rows_read": rows,
        "rows_rejected": count,
        "facts_total": facts.len(),
        "facts_done": 0,
        "facts_new": 0,
        "summary": {
            "format": format, "currency": facts.shop().currency.code(), "orders": orders, "refunds": refunds, "spend": spend,
            "customers": customers, "orders_left_out": left_out, "warnings": facts.shop().health.warnings,
        },
    });
    print(arguments, &answer, Duration::ZERO)
}

fn print(arguments: &ImportArguments, answer: &Value, elapsed: Duration) -> anyhow::Result<()> {
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(answer)?);
    } else {
        let number = |value: &Value| thousands(value.as_i64().unwrap_or(0));
        let summary = &answer["summary"];
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let left_out = |value: &Value| {
            let reasons = value.as_object().into_iter().flatten();
            reasons
                .map(|(reason, count)| format!("{} {}", number(count), reason.replace('_', " ")))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut facts = vec![
            ("Format", text(&summary["format"])),
            ("Rows read", number(&answer["rows_read"])),
            ("Rows rejected", number(&answer["rows_rejected"])),
            ("Orders", number(&summary["orders"])),
            ("Refunds", number(&summary["refunds"])),
            ("Costs", number(&summary["spend"])),
            ("Customers", number(&summary["customers"])),
        ];
        let reasons = left_out(&summary["orders_left_out"]);
        if !reasons.is_empty() {
            facts.push(("Left out", reasons));
        }
        if arguments.dry_run {
            facts.push(("Taken in", "nothing: this was a dry run".to_owned()));
        } else {
            let (done, new) = (answer["facts_done"].as_i64().unwrap_or(0), answer["facts_new"].as_i64().unwrap_or(0));
            facts.push(("New", thousands(new)));
            facts.push(("Known before", thousands(done - new)));
            facts.push(("Time", format!("{:.1} s", elapsed.as_secs_f64())));
        }
        print!("{}", print_facts(&facts));
        for warning in summary["warnings"].as_array().into_iter().flatten() {
            note(&format!("note: {}", text(warning)));
        }
    }
    if answer["state"] == "failed" {
        return Err(DataError(answer["error"].as_str().unwrap_or("the import was given up").to_owned()).into());
    }
    Ok(())
}
