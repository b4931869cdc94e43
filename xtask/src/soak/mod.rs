//! The fault harness: clients stream numbered orders and events while the server is killed at random, again and again.
//! Afterwards everything that was acknowledged must be there, once, with the right amounts.
//!
//! What was acknowledged is written down here, outside of the process that is killed.

mod check;
mod client;
mod database;
mod ledger;
mod power;
mod random;
mod server;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use client::Client;
use database::Database;
use ledger::Ledger;
use random::Random;
use server::{Server, ServerOptions};

/// Where the server keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// SQLite in a folder.
    Sqlite,
    /// A private PostgreSQL server, which is killed as well.
    Postgres,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fault {
    /// `kill -9` of the server (and of PostgreSQL).
    Kill,
    /// The power fails: what was not flushed to the disk is gone. SQLite only.
    Power,
    /// The disk refuses to flush: nothing may be acknowledged. SQLite only.
    Flush,
}

/// How to test.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The clove program to test
    #[arg(long, env = "CLOVE_BINARY", value_name = "PATH")]
    binary: PathBuf,
    /// The database
    #[arg(long, default_value = "sqlite")]
    engine: Engine,
    /// What goes wrong
    #[arg(long, default_value = "kill")]
    fault: Fault,
    /// How often
    #[arg(long, default_value_t = 200)]
    times: u32,
    /// Clients that stream at the same time
    #[arg(long, default_value_t = 4)]
    clients: u64,
    /// Seed of all random choices; the moments of kills also depend on the machine
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Forget nearly every flush of the write-ahead log: a disk that lies, to see that losses are noticed
    #[arg(long)]
    forget: bool,
    /// Folder for data and logs; a temporary one if not given, deleted when all went well
    #[arg(long, value_name = "FOLDER")]
    work: Option<PathBuf>,
}

/// Runs the harness and prints one line of result.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.engine == Engine::Postgres && arguments.fault != Fault::Kill {
        bail!("power and flush faults are made below SQLite; PostgreSQL makes its own promises: use --fault kill");
    }
    let work = match &arguments.work {
        Some(folder) => folder.clone(),
        None => std::env::temp_dir().join(format!("clove-soak-{}", std::process::id())),
    };
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let begun = Instant::now();
    let report = match arguments.fault {
        Fault::Kill => kill(arguments, &work),
        Fault::Power => power::power(arguments, &work),
        Fault::Flush => power::flush(arguments, &work),
    };
    let report = report.with_context(|| format!("data and logs are in {}", work.display()))?;
    println!("{report} in {} s", begun.elapsed().as_secs());
    if arguments.work.is_none() {
        std::fs::remove_dir_all(&work).with_context(|| format!("cannot delete {}", work.display()))?;
    }
    Ok(())
}

fn kill(arguments: &Arguments, work: &std::path::Path) -> anyhow::Result<String> {
    let mut random = Random::new(arguments.seed);
    let mut database = match arguments.engine {
        Engine::Sqlite => Database::folder(work)?,
        Engine::Postgres => Database::postgres(work)?,
    };
    let mut server = Server::start(&ServerOptions::new(&arguments.binary, database.url(), work))?;
    server.wait_until_ready(Duration::from_mins(1))?;
    let ledger = Arc::new(Ledger::create(&work.join("acknowledged.log"))?);
    let access = server.make_key()?;
    let stopping = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..arguments.clients)
        .map(|number| {
            let client = Client::new(&access, number, arguments.clients, arguments.seed, Arc::clone(&ledger));
            let stopping = Arc::clone(&stopping);
            std::thread::spawn(move || client.stream(&stopping))
        })
        .collect();

    let mut database_kills = 0;
    for kill in 0..arguments.times {
        // Now and then while it is starting.
        if !random.one_in(10) {
            server.wait_until_ready(Duration::from_mins(1)).with_context(|| format!("after {kill} kills"))?;
        }
        std::thread::sleep(Duration::from_millis(random.between(20, 1_000)));
        if clients.iter().any(std::thread::JoinHandle::is_finished) {
            break;
        }
        let database_too = arguments.engine == Engine::Postgres && random.one_in(3);
        let server_too = !database_too || random.one_in(2);
        if database_too {
            database.kill()?;
            database_kills += 1;
        }
        if server_too {
            server.kill()?;
        }
        if database_too {
            database.start()?;
        }
        if server_too {
            server.start_again()?;
        }
    }
    server.wait_until_ready(Duration::from_mins(1))?;
    stopping.store(true, Ordering::SeqCst);
    for client in clients {
        match client.join() {
            Ok(outcome) => outcome?,
            Err(_) => bail!("a client panicked"),
        }
    }
    let found = check::check(&access, &ledger)?;
    server.stop_softly()?;
    database.stop()?;
    let killed = match arguments.engine {
        Engine::Sqlite => format!("SQLite, {} kills", arguments.times),
        Engine::Postgres => format!("PostgreSQL, {} kills ({database_kills} of them of the database)", arguments.times),
    };
    Ok(format!("{killed}: {found}"))
}
