//! A cluster of real processes on free ports.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clove_lake::Lake;
use clove_lake::cluster::ClusterOptions;

/// A scheduler takes an executor for dead after this many seconds without a word.
const DEAD_AFTER: &str = "10";

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port()
}

/// Waits until something listens.
pub fn wait_for(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing listens on port {port}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process that is killed when it is dropped.
pub struct Node(Child);

impl Node {
    pub fn start(arguments: &[&str], settings: &[(String, String)]) -> Node {
        let process = Command::new(env!("CARGO_BIN_EXE_clove"))
            .arg("cluster")
            .args(arguments)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .env("CLOVE_LOG", std::env::var("CLOVE_LOG").unwrap_or_else(|_| "error".to_owned()))
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        Node(process)
    }

    /// `kill -9`, without a word to anyone.
    pub fn kill(&mut self) {
        self.0.kill().expect("it is ours to kill");
        self.0.wait().expect("it ends");
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("its state").is_some()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        if self.0.kill().is_ok() {
            self.0.wait().ok();
        }
    }
}

/// A scheduler, executors, and a folder that all of them reach.
pub struct Cluster {
    pub scheduler: Node,
    pub executors: Vec<Node>,
    pub port: u16,
    pub folder: PathBuf,
    settings: Vec<(String, String)>,
}

impl Cluster {
    /// A cluster with so many executors of one core.
    pub fn start(name: &str, executors: usize) -> Cluster {
        Cluster::start_with(name, executors, &[])
    }

    /// The same, its processes with settings in their environment.
    pub fn start_with(name: &str, executors: usize, settings: &[(String, String)]) -> Cluster {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let port = free_port();
        let scheduler = Cluster::scheduler_on(port, settings);
        let mut cluster = Cluster { scheduler, executors: Vec::new(), port, folder, settings: settings.to_vec() };
        for _ in 0..executors {
            cluster.add_executor();
        }
        cluster
    }

    fn scheduler_on(port: u16, settings: &[(String, String)]) -> Node {
        let node = Node::start(
            &["scheduler", "--listen", &format!("127.0.0.1:{port}"), "--executor-timeout", DEAD_AFTER],
            settings,
        );
        wait_for(port);
        node
    }

    /// Kills the scheduler; another one takes its place.
    pub fn restart_scheduler(&mut self) {
        self.scheduler.kill();
        std::thread::sleep(Duration::from_secs(1));
        self.scheduler = Cluster::scheduler_on(self.port, &self.settings);
    }

    pub fn add_executor(&mut self) {
        let port = free_port();
        let folder = self.folder.join(format!("executor-{}", self.executors.len()));
        let arguments = [
            "executor",
            "--scheduler",
            &self.address(),
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--cores",
            "1",
            "--memory",
            "512",
            "--folder",
            folder.to_str().expect("a path as text"),
        ];
        let node = Node::start(&arguments, &self.settings);
        wait_for(port);
        self.executors.push(node);
    }

    /// `host:port` of the scheduler.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The folder for tables.
    pub fn shared(&self) -> String {
        self.folder.join("shared").to_str().expect("a path as text").to_owned()
    }

    /// How the tests ask it.
    pub fn options(&self) -> ClusterOptions {
        ClusterOptions {
            shared: Some(self.shared()),
            stores: self.settings.iter().cloned().collect(),
            partitions: 3,
            time_limit: Duration::from_mins(2),
            ..ClusterOptions::new(&self.address())
        }
    }

    pub fn lake(&self) -> Lake {
        Lake::cluster(&self.options()).expect("a lake on the cluster")
    }
}
