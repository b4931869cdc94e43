//! Power failures and disks that refuse: a small library below the server keeps what was flushed apart from what was only
//! written.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, bail};

use super::Arguments;
use super::check;
use super::client::Client;
use super::ledger::Ledger;
use super::random::Random;
use super::server::{Access, Server, ServerOptions};

/// The library's source, compiled when it is needed.
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fault/lost_writes.c");

/// A server on a disk whose unflushed writes can be lost.
struct Rig {
    data: PathBuf,
    shadow: PathBuf,
    refuse: PathBuf,
    options: ServerOptions,
}

impl Rig {
    fn new(arguments: &Arguments, work: &Path) -> anyhow::Result<Rig> {
        let work = work.canonicalize()?;
        let library = work.join("lost_writes.so");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-Wall", "-o"])
            .arg(&library)
            .args([SOURCE, "-ldl", "-lpthread"])
            .status()
            .context("a C compiler is needed (cc)")?;
        if !status.success() {
            bail!("{SOURCE} does not compile");
        }
        let (data, shadow, refuse) = (work.join("data"), work.join("flushed"), work.join("refuse"));
        std::fs::create_dir_all(&data)?;
        std::fs::create_dir_all(&shadow)?;
        let text = |path: &Path| path.to_str().map(str::to_owned).context("the work folder is no text");
        let mut options = ServerOptions::new(&arguments.binary, &text(&data)?, &work)
            .with("LD_PRELOAD", text(&library)?)
            .with("CLOVE_FAULT_DATA", text(&data)?)
            .with("CLOVE_FAULT_SHADOW", text(&shadow)?)
            .with("CLOVE_FAULT_REFUSE", text(&refuse)?);
        if arguments.forget {
            options = options.with("CLOVE_FAULT_FORGET", "1");
        }
        Ok(Rig { data, shadow, refuse, options })
    }

    /// The power fails: the server is gone, and of its data only what was flushed is left.
    fn fail(&self, server: &mut Server) -> anyhow::Result<()> {
        server.kill()?;
        std::fs::remove_dir_all(&self.data)?;
        copy_folder(&self.shadow, &self.data)
    }
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if entry.path().extension().is_none_or(|extension| extension != "fresh") {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

struct Clients {
    stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Clients {
    fn start(arguments: &Arguments, access: &Access, ledger: &Arc<Ledger>) -> Clients {
        let stopping = Arc::new(AtomicBool::new(false));
        let threads = (0..arguments.clients)
            .map(|number| {
                let client = Client::new(access, number, arguments.clients, arguments.seed, Arc::clone(ledger));
                let stopping = Arc::clone(&stopping);
                std::thread::spawn(move || client.stream(&stopping))
            })
            .collect();
        Clients { stopping, threads }
    }

    fn stop(self) -> anyhow::Result<()> {
        self.stopping.store(true, Ordering::SeqCst);
        for thread in self.threads {
            match thread.join() {
                Ok(outcome) => outcome?,
                Err(_) => bail!("a client panicked"),
            }
        }
        Ok(())
    }
}

/// The power fails again and again.
pub fn power(arguments: &Arguments, work: &Path) -> anyhow::Result<String> {
    let rig = Rig::new(arguments, work)?;
    let mut random = Random::new(arguments.seed);
    let mut server = Server::start(&rig.options)?;
    server.wait_until_ready(Duration::from_mins(1))?;
    let ledger = Arc::new(Ledger::create(&work.join("acknowledged.log"))?);
    let access = server.make_key()?;
    let clients = Clients::start(arguments, &access, &ledger);
    for failure in 0..arguments.times {
        server.wait_until_ready(Duration::from_mins(1)).with_context(|| format!("after {failure} power failures"))?;
        std::thread::sleep(Duration::from_millis(random.between(100, 1_000)));
        rig.fail(&mut server)?;
        server.start_again()?;
    }
    server.wait_until_ready(Duration::from_mins(1))?;
    clients.stop()?;
    // Once more, so that what was accepted last is tested, too.
    rig.fail(&mut server)?;
    server.start_again()?;
    server.wait_until_ready(Duration::from_mins(1))?;
    let found = check::check(&access, &ledger)?;
    server.stop_softly()?;
    Ok(format!("SQLite, {} power failures: {found}", arguments.times + 1))
}

/// The disk refuses to flush for a while: nothing may be acknowledged meanwhile, and nothing acknowledged may be lost.
pub fn flush(arguments: &Arguments, work: &Path) -> anyhow::Result<String> {
    let rig = Rig::new(arguments, work)?;
    let mut random = Random::new(arguments.seed);
    let mut server = Server::start(&rig.options)?;
    server.wait_until_ready(Duration::from_mins(1))?;
    let ledger = Arc::new(Ledger::create(&work.join("acknowledged.log"))?);
    let access = server.make_key()?;
    let clients = Clients::start(arguments, &access, &ledger);
    let known = || ledger.orders().len() + ledger.events().len();
    for refusal in 0..arguments.times {
        std::thread::sleep(Duration::from_millis(random.between(300, 1_000)));
        std::fs::write(&rig.refuse, "")?;
        // Answers to what was flushed before may be under way.
        std::thread::sleep(Duration::from_millis(500));
        let before = known();
        std::thread::sleep(Duration::from_secs(1));
        let after = known();
        if after > before {
            bail!("{} things were acknowledged while nothing could be flushed", after - before);
        }
        std::fs::remove_file(&rig.refuse)?;
        if server.has_ended()? {
            server.start_again()?;
        }
        server.wait_until_ready(Duration::from_mins(1)).with_context(|| format!("after {refusal} refusals"))?;
        std::thread::sleep(Duration::from_millis(300));
        if known() == before {
            std::thread::sleep(Duration::from_secs(10));
        }
        if known() == before {
            bail!("the server accepts nothing although the disk works again");
        }
        rig.fail(&mut server)?;
        server.start_again()?;
    }
    server.wait_until_ready(Duration::from_mins(1))?;
    clients.stop()?;
    let found = check::check(&access, &ledger)?;
    server.stop_softly()?;
    Ok(format!("SQLite, {} times a disk that refuses to flush, then a power failure: {found}", arguments.times))
}
