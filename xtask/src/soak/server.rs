//! The server under test: started, killed, started again.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::client::agent;

/// How to start it.
pub struct ServerOptions {
    binary: PathBuf,
    data: String,
    log: PathBuf,
    environment: Vec<(String, String)>,
}

impl ServerOptions {
    /// A server of this data, whose log goes to a file of the work folder.
    pub fn new(binary: &Path, data: &str, work: &Path) -> ServerOptions {
        ServerOptions {
            binary: binary.to_owned(),
            data: data.to_owned(),
            log: work.join("server.log"),
            environment: Vec::new(),
        }
    }

    /// Adds a variable of the environment.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> ServerOptions {
        self.environment.push((name.to_owned(), value.into()));
        self
    }
}

/// Where the server is, and a key for it.
#[derive(Clone)]
pub struct Access {
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    /// A key that may do everything.
    pub key: String,
}

/// A server process.
pub struct Server {
    binary: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    log: PathBuf,
    base: String,
    process: Child,
}

impl Server {
    /// Starts it on a free port, which it keeps.
    pub fn start(options: &ServerOptions) -> anyhow::Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let arguments: Vec<String> = ["serve", "--data", &options.data, "--listen", &listen, "--log", "info"]
            .into_iter()
            .map(str::to_owned)
            .collect();
        let process = spawn(&options.binary, &arguments, &options.environment, &options.log)?;
        Ok(Server {
            binary: options.binary.clone(),
            arguments,
            environment: options.environment.clone(),
            log: options.log.clone(),
            base: format!("http://{listen}"),
            process,
        })
    }

    /// Starts it again after a kill.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        self.process = spawn(&self.binary, &self.arguments, &self.environment, &self.log)?;
        Ok(())
    }

    /// Waits until it can work. If it ended by itself it is started again: a database that was killed may take it down.
    pub fn wait_until_ready(&mut self, limit: Duration) -> anyhow::Result<()> {
        let begun = Instant::now();
        let agent = agent();
        loop {
            if let Ok(answer) = agent.get(format!("{}/ready", self.base)).call()
                && answer.status() == 200
            {
                return Ok(());
            }
            if let Some(status) = self.process.try_wait()? {
                if begun.elapsed() > limit / 2 {
                    bail!("the server ended with {status}; see {}", self.log.display());
                }
                std::thread::sleep(Duration::from_millis(200));
                self.start_again()?;
            }
            if begun.elapsed() > limit {
                bail!("the server was not ready after {} s; see {}", limit.as_secs(), self.log.display());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.process.try_wait()?.is_some())
    }

    /// `kill -9`.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().context("the server cannot be killed")?;
        self.process.wait().context("the server does not end")?;
        Ok(())
    }

    /// Asks it to stop, and expects that it does so with success.
    pub fn stop_softly(&mut self) -> anyhow::Result<()> {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.process.id())?);
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM)?;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("the server did not stop well: {status}; see {}", self.log.display());
        }
        Ok(())
    }

    /// The owner's key, from the log of the first start.
    pub fn make_key(&self) -> anyhow::Result<Access> {
        let log = std::fs::read_to_string(&self.log)?;
        let owner = log
            .split_whitespace()
            .find(|word| word.starts_with("clove_") && word.len() > 40)
            .context("the server's log shows no owner's key")?;
        let agent = agent();
        let mut answer = agent
            .post(format!("{}/api/v1/keys", self.base))
            .header("Authorization", format!("Bearer {owner}"))
            .send_json(json!({"name": "soak", "scopes": ["admin"]}))?;
        let body: Value = answer.body_mut().read_json()?;
        let key = body["key"].as_str().with_context(|| format!("no key was made: {body}"))?;
        Ok(Access { base: self.base.clone(), key: key.to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already when all went well.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(binary: &Path, arguments: &[String], environment: &[(String, String)], log: &Path) -> anyhow::Result<Child> {
    let log: File = OpenOptions::new().create(true).append(true).open(log)?;
    Command::new(binary)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("cannot start {}", binary.display()))
}
