//! `clove cluster`: the processes that share heavy questions, and the flags by which commands ask them.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clove_lake::{Lake, LakeError};

/// Where the SQL runs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster")]
pub struct OnCluster {
    /// Run the SQL on the cluster of this scheduler instead of in this process
    #[arg(long, env = "CLOVE_CLUSTER", value_name = "HOST:PORT", hide = !IS_BUILT)]
    cluster: Option<String>,
    /// A folder or URL (s3://bucket/prefix) that this machine and all of the cluster reach under this name: tables lie there while they are asked
    #[arg(long, env = "CLOVE_CLUSTER_SHARED", value_name = "FOLDER|URL", hide = !IS_BUILT)]
    cluster_shared: Option<String>,
    /// Parts that the work is divided in; a few for every core of the cluster [default: 8]
    #[arg(long, env = "CLOVE_CLUSTER_PARTITIONS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096), hide = !IS_BUILT)]
    cluster_partitions: Option<u16>,
    /// Seconds after which a question is cancelled and asked again [default: 600]
    #[arg(long, env = "CLOVE_CLUSTER_TIMEOUT", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..), hide = !IS_BUILT)]
    cluster_timeout: Option<u32>,
    /// How often a question is asked before it fails [default: 3]
    #[arg(long, env = "CLOVE_CLUSTER_ATTEMPTS", value_name = "N", value_parser = clap::value_parser!(u8).range(1..), hide = !IS_BUILT)]
    cluster_attempts: Option<u8>,
}

/// Whether this program can ask a cluster.
const IS_BUILT: bool = cfg!(feature = "cluster");

impl OnCluster {
    /// Whether a cluster is asked.
    pub fn is_asked(&self) -> bool {
        self.cluster.is_some()
    }

    /// The engine: on the cluster that was named, or in this process.
    pub fn lake(&self) -> anyhow::Result<Lake> {
        match &self.cluster {
            None => Ok(Lake::embedded()?),
            Some(scheduler) => self.on(scheduler),
        }
    }

    #[cfg(feature = "cluster")]
    fn on(&self, scheduler: &str) -> anyhow::Result<Lake> {
        let mut options = clove_lake::cluster::ClusterOptions::new(scheduler);
        options.shared.clone_from(&self.cluster_shared);
        options.stores = crate::load::object_stores();
        if let Some(partitions) = self.cluster_partitions {
            options.partitions = usize::from(partitions);
        }
        if let Some(seconds) = self.cluster_timeout {
            options.time_limit = Duration::from_secs(u64::from(seconds));
        }
        if let Some(attempts) = self.cluster_attempts {
            options.attempts = u32::from(attempts);
        }
        Lake::cluster(&options).map_err(usage)
    }

    #[cfg(not(feature = "cluster"))]
    fn on(&self, _: &str) -> anyhow::Result<Lake> {
        let _: (&Option<String>, Duration) = (&self.cluster_shared, Duration::ZERO);
        Err(not_built())
    }
}

/// What a lake says, as a wrong call where it is one.
pub fn usage(error: LakeError) -> anyhow::Error {
    let is_wrong_call = error.is_usage() || matches!(error, LakeError::NoPlace | LakeError::Scheduler { .. });
    match error {
        LakeError::NoPlace => crate::UsageError(
            "a cluster cannot see this process's memory: --cluster-shared names a folder or an object store that all its machines reach"
                .to_owned(),
        )
        .into(),
        error if is_wrong_call => crate::UsageError(error.to_string()).into(),
        error => error.into(),
    }
}

#[cfg(not(feature = "cluster"))]
fn not_built() -> anyhow::Error {
    crate::UsageError("this program was built without the cluster: build it with cargo build --features cluster".into())
        .into()
}

/// What to start. Without the feature, whatever is asked for is answered with how to get it.
#[cfg(not(feature = "cluster"))]
#[derive(Debug, Args)]
pub struct ClusterArguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<PathBuf>,
}

/// Says how to get it.
#[cfg(not(feature = "cluster"))]
pub fn run(arguments: &ClusterArguments) -> anyhow::Result<()> {
    let _ = &arguments.rest;
    Err(not_built())
}

#[cfg(feature = "cluster")]
pub use nodes::{ClusterArguments, run};

#[cfg(feature = "cluster")]
mod nodes {
    use std::net::SocketAddr;

    use anyhow::Context as _;
    use clap::{Args, Subcommand};
    use clove_lake::cluster::{ExecutorOptions, SchedulerOptions, run_executor, run_scheduler};

    use super::PathBuf;
    use crate::UsageError;
    use crate::commands::serve::{start_log, stop_signal};
    use crate::load::object_stores;

    /// What to start.
    #[derive(Debug, Args)]
    pub struct ClusterArguments {
        #[command(subcommand)]
        node: Node,
    }

    #[derive(Debug, Subcommand)]
    enum Node {
        /// Plan questions and give out their work. Anyone who reaches its port can ask: keep it in a private network
        Scheduler(SchedulerArguments),
        /// Do the work that a scheduler gives out
        Executor(ExecutorArguments),
    }

    #[derive(Debug, Args)]
    struct SchedulerArguments {
        /// The address to listen on
        #[arg(long, env = "CLOVE_SCHEDULER_LISTEN", default_value = "127.0.0.1:50050", value_name = "ADDRESS")]
        listen: SocketAddr,
        /// The name under which executors reach this machine [default: the address to listen on]
        #[arg(long, env = "CLOVE_ADVERTISE", value_name = "HOST")]
        advertise: Option<String>,
        /// Seconds without a word after which an executor is dead, and its work is done again by others
        #[arg(long, env = "CLOVE_EXECUTOR_TIMEOUT", default_value_t = 20, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(10..=3600))]
        executor_timeout: u64,
        /// What is logged: error, warn, info, debug, or a filter
        #[arg(long, env = "CLOVE_LOG", default_value = "warn", value_name = "FILTER")]
        log: String,
    }

    #[derive(Debug, Args)]
    struct ExecutorArguments {
        /// The scheduler
        #[arg(long, env = "CLOVE_CLUSTER", default_value = "127.0.0.1:50050", value_name = "HOST:PORT")]
        scheduler: String,
        /// The address that rows are fetched from
        #[arg(long, env = "CLOVE_EXECUTOR_LISTEN", default_value = "127.0.0.1:50051", value_name = "ADDRESS")]
        listen: SocketAddr,
        /// The name under which scheduler, clients and other executors reach this machine [default: the address to listen on]
        #[arg(long, env = "CLOVE_ADVERTISE", value_name = "HOST")]
        advertise: Option<String>,
        /// Tasks at a time [default: the machine's cores]
        #[arg(long, env = "CLOVE_EXECUTOR_CORES", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        cores: Option<u16>,
        /// Mebibytes that queries may hold before they use the disk [default: 70 % of the machine's memory]
        #[arg(long, env = "CLOVE_EXECUTOR_MEMORY", value_name = "MIB", value_parser = clap::value_parser!(u32).range(16..))]
        memory: Option<u32>,
        /// A folder for what lies between the stages of a question; a fast disk with room for the tables asked [default: one in the system's folder for temporary files]
        #[arg(long, env = "CLOVE_EXECUTOR_FOLDER", value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// What is logged: error, warn, info, debug, or a filter
        #[arg(long, env = "CLOVE_LOG", default_value = "warn", value_name = "FILTER")]
        log: String,
    }

    /// Runs it until it is told to stop.
    pub fn run(arguments: &ClusterArguments) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Runtime::new().context("threads cannot be started")?;
        match &arguments.node {
            Node::Scheduler(arguments) => {
                start_log(&arguments.log, false)?;
                runtime.block_on(scheduler(arguments))
            }
            Node::Executor(arguments) => {
                start_log(&arguments.log, false)?;
                runtime.block_on(executor(arguments))
            }
        }
    }

    async fn scheduler(arguments: &SchedulerArguments) -> anyhow::Result<()> {
        let options = SchedulerOptions {
            listen: arguments.listen,
            advertise: advertised(arguments.advertise.as_deref(), arguments.listen)?,
            executor_timeout: arguments.executor_timeout,
            stores: object_stores(),
        };
        eprintln!("Clove's scheduler listens on {}", options.listen);
        tokio::select! {
            ended = run_scheduler(&options) => Ok(ended?),
            () = stop_signal() => Ok(()),
        }
    }

    async fn executor(arguments: &ExecutorArguments) -> anyhow::Result<()> {
        let own = tempfolder(arguments.listen.port());
        let options = ExecutorOptions {
            scheduler: arguments.scheduler.clone(),
            listen: arguments.listen,
            advertise: advertised(arguments.advertise.as_deref(), arguments.listen)?,
            cores: arguments
                .cores
                .map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
            memory: arguments.memory.map(|mebibytes| u64::from(mebibytes) << 20),
            folder: arguments.folder.clone().unwrap_or_else(|| own.clone()),
            stores: object_stores(),
        };
        eprintln!("Clove's executor listens on {}, {} tasks at a time", options.listen, options.cores);
        let ended = run_executor(&options).await;
        if arguments.folder.is_none() {
            // What lay between stages is of no use to anyone.
            let _ = std::fs::remove_dir_all(&own);
        }
        Ok(ended?)
    }

    /// A folder of one executor's own.
    fn tempfolder(port: u16) -> PathBuf {
        std::env::temp_dir().join(format!("clove-executor-{port}-{}", std::process::id()))
    }

    fn advertised(name: Option<&str>, listen: SocketAddr) -> anyhow::Result<String> {
        match name {
            Some(name) => Ok(name.to_owned()),
            None if listen.ip().is_unspecified() => {
                Err(UsageError(format!("with --listen {listen}, --advertise names this machine as others reach it"))
                    .into())
            }
            None => Ok(listen.ip().to_string()),
        }
    }
}
