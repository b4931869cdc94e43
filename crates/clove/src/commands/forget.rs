//! `clove forget` and `clove export-person`: what a person may ask for, without a running server.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use clove_core::fact::Handle;
use clove_people::privacy::{About, PrivacyJobs, RequestKind, ask, document, replay, request};
use clove_store::erasure::{Erasers, erasures, read_list};
use clove_store::job::{JobWorker, WorkerSettings, dead_jobs};
use clove_store::subscriber::wait_until;
use clove_store::{DatabaseUrl, Db, DriverOptions, Environment, Runner};
use tokio_util::sync::CancellationToken;

use crate::UsageError;

/// How long the work of a command may take.
const PATIENCE: Duration = Duration::from_mins(30);

/// Where the data is.
#[derive(Debug, Args)]
struct DataArguments {
    /// The data folder, or a postgres:// address. A folder must not be in use: ask a running server by its API
    #[arg(long, env = "CLOVE_DATA", default_value = "clove-data", value_name = "FOLDER|URL")]
    data: String,
    /// The folder of the lake's files [default: lake in the data folder; none with PostgreSQL]
    #[arg(long, env = "CLOVE_LAKE", value_name = "FOLDER")]
    lake: Option<PathBuf>,
}

impl DataArguments {
    fn erasers(&self) -> Erasers {
        let Ok(url) = self.data.parse::<DatabaseUrl>();
        clove_server::erasers(clove_server::lake_folder(&url, self.lake.clone()))
    }
}

/// Who it is about.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct WhoArguments {
    /// The person's e-mail address, in any spelling
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// The person's phone number, with its country
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// The person's id (`per_...`)
    #[arg(long, value_name = "ID")]
    person: Option<String>,
}

impl WhoArguments {
    fn about(&self) -> anyhow::Result<Option<About>> {
        let wrong = |what: &str| UsageError(format!("this is no {what}"));
        Ok(match (&self.email, &self.phone, &self.person) {
            (Some(email), ..) => Some(About::Handle(Handle::email(email).ok_or_else(|| wrong("e-mail address"))?)),
            (_, Some(phone), _) => Some(About::Handle(Handle::phone(phone).ok_or_else(|| wrong("phone number"))?)),
            (.., Some(person)) => Some(About::Person(person.parse().map_err(|_| wrong("id of a person"))?)),
            _ => None,
        })
    }
}

/// Arguments of `clove forget`.
#[derive(Debug, Args)]
pub struct ForgetArguments {
    #[command(flatten)]
    who: WhoArguments,
    #[command(flatten)]
    data: DataArguments,
    /// Print the list of erasures instead, to be kept with the backups of PostgreSQL: keyed hashes, one line each
    #[arg(long, conflicts_with_all = ["email", "phone", "person", "replay"])]
    list: bool,
    /// Do the erasures of such a list again, after an older backup was restored
    #[arg(long, value_name = "FILE", conflicts_with_all = ["email", "phone", "person"])]
    replay: Option<PathBuf>,
}

/// Arguments of `clove export-person`.
#[derive(Debug, Args)]
pub struct ExportPersonArguments {
    #[command(flatten)]
    who: WhoArguments,
    #[command(flatten)]
    data: DataArguments,
    /// Write the document to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Erases a person, prints the receipt.
pub fn forget(arguments: &ForgetArguments) -> anyhow::Result<()> {
    let about = arguments.who.about()?;
    let runtime = tokio::runtime::Runtime::new().context("the program cannot start its threads")?;
    runtime.block_on(async {
        let db = open(&arguments.data).await?;
        if arguments.list {
            for erasure in erasures(&db).await? {
                println!("{}", serde_json::to_string(&erasure)?);
            }
        } else if let Some(path) = &arguments.replay {
            let file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let done = replay(&db, &arguments.data.erasers(), Some(read_list(file)?)).await?;
            println!("{done} erasures done again");
        } else {
            let about = about.ok_or_else(|| UsageError("name the person: --email, --phone or --person".to_owned()))?;
            let id = work(&db, &arguments.data, RequestKind::Erase, about).await?;
            let row = request(&db, id).await?.context("the request is gone")?;
            println!("{}", row.receipt.unwrap_or_default());
        }
        db.close().await;
        Ok(())
    })
}

/// Writes everything about a person.
pub fn export_person(arguments: &ExportPersonArguments) -> anyhow::Result<()> {
    let about =
        arguments.who.about()?.ok_or_else(|| UsageError("name the person: --email, --phone or --person".to_owned()))?;
    let runtime = tokio::runtime::Runtime::new().context("the program cannot start its threads")?;
    runtime.block_on(async {
        let db = open(&arguments.data).await?;
        let id = work(&db, &arguments.data, RequestKind::Export, about).await?;
        let text = document(&db, id).await?;
        clove_people::privacy::drop_document(&db, id).await?;
        db.close().await;
        let Some(text) = text else { bail!(crate::DataError("nobody is known by that".to_owned())) };
        match &arguments.out {
            None => println!("{text}"),
            Some(path) => {
                std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
            }
        }
        Ok(())
    })
}

async fn open(arguments: &DataArguments) -> anyhow::Result<Db> {
    let Ok(url) = arguments.data.parse::<DatabaseUrl>();
    if let DatabaseUrl::Folder(folder) = &url
        && !folder.join("clove.db").exists()
    {
        bail!(UsageError(format!("{} holds no data of Clove; --data names the folder", folder.display())));
    }
    let db = Db::open(&url, Environment::system()).await?;
    replay(&db, &arguments.erasers(), None).await?;
    Ok(db)
}

/// Asks, and works until it is done and everything that reads the log knows.
async fn work(db: &Db, data: &DataArguments, kind: RequestKind, about: About) -> anyhow::Result<uuid::Uuid> {
    let subscribers = clove_server::subscribers();
    let names: Vec<&'static str> = subscribers.iter().map(|subscriber| subscriber.name()).collect();
    let stop = CancellationToken::new();
    let runner = Runner::new(db.clone(), subscribers, DriverOptions::default());
    let running = tokio::spawn(runner.run(stop.clone()));
    let done = tokio::time::timeout(PATIENCE, async {
        // What was taken in before must show in the export.
        let head = db.head().await?;
        for name in &names {
            wait_until(db, name, head).await?;
        }
        let id = ask(db, kind, about, "command line").await?;
        let handler = std::sync::Arc::new(PrivacyJobs::new(data.erasers()));
        let worker = JobWorker::new(db.clone(), handler, WorkerSettings::default());
        loop {
            worker.work_once().await?;
            if request(db, id).await?.is_some_and(|row| row.state == "done") {
                break;
            }
            if let Some(dead) = dead_jobs(db, clove_people::privacy::QUEUE, 100).await?.into_iter().next_back()
                && dead.payload.contains(&id.to_string())
            {
                bail!("it failed: {}", dead.last_error.unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let head = db.head().await?;
        for name in &names {
            wait_until(db, name, head).await?;
        }
        Ok(id)
    })
    .await;
    stop.cancel();
    running.await.context("the subscribers ended badly")?;
    done.context("it took too long; what was asked for is done by the next server that runs on the data")?
}
