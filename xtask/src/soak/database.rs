//! The database under the server: a folder, or a PostgreSQL server of our own that can be killed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// The database.
pub enum Database {
    /// SQLite in a folder.
    Folder(String),
    /// PostgreSQL.
    Postgres(Postgres),
}

/// A PostgreSQL server in a folder.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    url: String,
}

impl Database {
    /// A data folder within the work folder.
    pub fn folder(work: &Path) -> anyhow::Result<Database> {
        let folder = work.join("data");
        Ok(Database::Folder(folder.to_str().context("the work folder is no text")?.to_owned()))
    }

    /// A new PostgreSQL server within the work folder, with flushing on.
    pub fn postgres(work: &Path) -> anyhow::Result<Database> {
        let programs = programs()?;
        let folder = work.join("postgres");
        std::fs::create_dir_all(&folder)?;
        if nix::unistd::Uid::effective().is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
            // The server's user must reach the folder.
            run(Command::new("chmod").arg("a+rx").arg(work))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Postgres { url: format!("postgres://clove@127.0.0.1:{port}/postgres"), programs, folder, port };
        server.command("initdb", &["-U", "clove", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])?;
        server.start()?;
        Ok(Database::Postgres(server))
    }

    /// Its address for `clove serve --data`.
    pub fn url(&self) -> &str {
        match self {
            Database::Folder(folder) => folder,
            Database::Postgres(server) => &server.url,
        }
    }

    /// `kill -9` of every process of the database.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        match self {
            Database::Folder(_) => bail!("SQLite has no process of its own"),
            Database::Postgres(server) => server.kill(),
        }
    }

    /// Starts it again.
    pub fn start(&mut self) -> anyhow::Result<()> {
        match self {
            Database::Folder(_) => Ok(()),
            Database::Postgres(server) => server.start(),
        }
    }

    /// Stops it.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        match self {
            Database::Folder(_) => Ok(()),
            Database::Postgres(server) => server.command("pg_ctl", &["-m", "fast", "-w", "stop"]),
        }
    }
}

impl Postgres {
    fn start(&self) -> anyhow::Result<()> {
        let options = format!(
            "-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on -c recovery_init_sync_method=syncfs -c max_connections=200",
            self.port
        );
        let log = self.folder.join("server.log");
        let log = log.to_str().context("the work folder is no text")?;
        let begun = Instant::now();
        loop {
            match self.command("pg_ctl", &["-l", log, "-w", "-t", "120", "-o", &options, "start"]) {
                // A process that the kill missed holds the shared memory until it notices that its leader is gone.
                Err(_) if begun.elapsed() < Duration::from_mins(3) => std::thread::sleep(Duration::from_millis(500)),
                outcome => return outcome,
            }
        }
    }

    fn kill(&self) -> anyhow::Result<()> {
        let file = self.data().join("postmaster.pid");
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let leader: i32 = text.lines().next().context("no process in postmaster.pid")?.trim().parse()?;
        let mut processes = children(leader)?;
        processes.push(leader);
        for process in &processes {
            // A child may have ended meanwhile.
            let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(*process), nix::sys::signal::Signal::SIGKILL);
        }
        let begun = Instant::now();
        while processes.iter().any(|process| {
            Path::new(&format!("/proc/{process}/fd")).read_dir().is_ok_and(|mut open| open.next().is_some())
        }) {
            if begun.elapsed() > Duration::from_secs(20) {
                bail!("PostgreSQL survives its kill");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // The new server would take the dead one's file for a living one if the number was given out again.
        std::fs::remove_file(&file).with_context(|| format!("cannot delete {}", file.display()))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Runs one of PostgreSQL's programs on the data folder. They refuse to work for root.
    fn command(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let path = self.programs.join(program);
        let mut command = if nix::unistd::Uid::effective().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.env("HOME", std::env::temp_dir()).current_dir(std::env::temp_dir());
        run(command.arg("-D").arg(self.data()).args(arguments))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It has stopped already when all went well.
        if self.data().join("postmaster.pid").exists() {
            let _ = self.command("pg_ctl", &["-m", "immediate", "-w", "stop"]);
        }
    }
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// The newest PostgreSQL of the machine.
fn programs() -> anyhow::Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        for version in versions {
            let folder = version?.path();
            let number = folder.file_name().and_then(|name| name.to_str()?.parse().ok());
            if let Some(number) = number
                && folder.join("bin/initdb").exists()
            {
                found.push((number, folder.join("bin")));
            }
        }
    }
    found.sort();
    found
        .pop()
        .map(|(_, folder)| folder)
        .context("no PostgreSQL is installed; scripts/test-postgres start installs one")
}

/// All processes below one.
fn children(parent: i32) -> anyhow::Result<Vec<i32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // It may have ended meanwhile.
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { continue };
        let of = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1))
            .and_then(|of| of.parse::<i32>().ok());
        if of == Some(parent) {
            found.push(process);
        }
    }
    Ok(found)
}
