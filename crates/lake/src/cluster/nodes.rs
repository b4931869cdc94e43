//! The processes of a cluster.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::prelude::SessionConfig;

use super::stores::{StoreSettings, surroundings};
use super::{SCHEDULER_PORT, host_and_port};
use crate::engine::RULE_THAT_LOSES_SORT_KEYS;
use crate::error::LakeError;
use crate::functions;

/// Executors ask for work rather than being given it. A scheduler that gives it out counts the free cores itself, and never gets back those of
/// tasks that were cancelled (apache/datafusion-ballista issue 2418, open in 55.0): after a lost executor all questions hang.
const POLICY: TaskSchedulingPolicy = TaskSchedulingPolicy::PullStaged;
/// How often the scheduler looks for executors that are silent.
const LOOK_SECONDS: u64 = 2;
/// How long answers and what lies between the stages of a question are kept after it.
const KEPT_SECONDS: u64 = 600;
/// Messages between the processes: plans of wide tables with many files are large.
const MESSAGE_BYTES: u32 = 64 << 20;

/// A scheduler's settings.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The name under which executors reach it.
    pub advertise: String,
    /// An executor that has not said for this many seconds that it lives is dead, and its work is done again by others.
    pub executor_timeout: u64,
    /// Settings of object stores by the names of their environment variables.
    pub stores: StoreSettings,
}

/// An executor's settings.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// The scheduler: `host:port`.
    pub scheduler: String,
    /// The address that rows are fetched from.
    pub listen: SocketAddr,
    /// The name under which scheduler, clients and other executors reach it.
    pub advertise: String,
    /// Tasks at a time.
    pub cores: usize,
    /// Bytes that queries may hold in memory before they use the disk; without it, 70 % of the machine's.
    pub memory: Option<u64>,
    /// The folder for what lies between the stages of a question.
    pub folder: PathBuf,
    /// Settings of object stores by the names of their environment variables.
    pub stores: StoreSettings,
}

/// Runs a scheduler until the process ends. Its state is in memory: questions that run when it ends must be asked again.
///
/// # Errors
/// If the address is taken.
pub async fn run_scheduler(options: &SchedulerOptions) -> Result<(), LakeError> {
    let stores = options.stores.clone();
    let config = Arc::new(SchedulerConfig {
        bind_host: options.listen.ip().to_string(),
        bind_port: options.listen.port(),
        external_host: options.advertise.clone(),
        scheduling_policy: POLICY,
        executor_timeout_seconds: options.executor_timeout,
        expire_dead_executor_interval_seconds: LOOK_SECONDS,
        no_executors_grace_period_seconds: options.executor_timeout,
        finished_job_data_clean_up_interval_seconds: KEPT_SECONDS,
        finished_job_state_clean_up_interval_seconds: KEPT_SECONDS,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES,
        grpc_client_max_message_size: MESSAGE_BYTES,
        override_config_producer: Some(Arc::new(config)),
        override_session_builder: Some(Arc::new(move |config| planning(config, &stores))),
        ..SchedulerConfig::default()
    });
    let failed = |error: &dyn std::fmt::Display| LakeError::Node(error.to_string());
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(|error| failed(&error))?;
    start_server(cluster, options.listen, config).await.map_err(|error| failed(&error))
}

/// Runs an executor until it is told to stop. It waits for its scheduler, also when that one starts anew.
///
/// # Errors
/// If an address is taken or the folder cannot be used.
pub async fn run_executor(options: &ExecutorOptions) -> Result<(), LakeError> {
    let failed = |error: &dyn std::fmt::Display| LakeError::Node(error.to_string());
    let (scheduler_host, scheduler_port) = host_and_port(&options.scheduler, SCHEDULER_PORT)
        .ok_or_else(|| LakeError::Scheduler { scheduler: options.scheduler.clone() })?;
    std::fs::create_dir_all(&options.folder).map_err(|error| LakeError::file(&options.folder, &error))?;
    let mut registry = BallistaFunctionRegistry::default();
    registry.scalar_functions.extend(functions::scalars().into_iter().map(|one| (one.name().to_owned(), one)));
    registry.aggregate_functions.extend(functions::aggregates().into_iter().map(|one| (one.name().to_owned(), one)));
    let (stores, folder) = (options.stores.clone(), options.folder.clone());
    let config = ExecutorProcessConfig {
        bind_host: options.listen.ip().to_string(),
        port: options.listen.port(),
        // Nothing is sent there; what the scheduler tries all the same is refused at once.
        grpc_port: options.listen.port(),
        task_scheduling_policy: POLICY,
        external_host: Some(options.advertise.clone()),
        scheduler_host,
        scheduler_port,
        // Any number but 0 means: until it answers.
        scheduler_connect_timeout_seconds: 60,
        vcores: options.cores.max(1),
        memory_pool_size: options.memory,
        work_dir: Some(options.folder.display().to_string()),
        job_data_clean_up_interval_seconds: KEPT_SECONDS,
        job_data_ttl_seconds: 2 * KEPT_SECONDS,
        grpc_max_decoding_message_size: MESSAGE_BYTES,
        grpc_max_encoding_message_size: MESSAGE_BYTES,
        override_config_producer: Some(Arc::new(config)),
        override_function_registry: Some(Arc::new(registry)),
        override_runtime_producer: Some(Arc::new(move |_| surroundings(&stores, Some(&folder)))),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.map_err(|error| failed(&error))
}

fn config() -> SessionConfig {
    SessionConfig::new_with_ballista().with_ballista_adaptive_query_planner(false)
}

/// The session in which the scheduler plans a question.
fn planning(config: SessionConfig, stores: &StoreSettings) -> datafusion::common::Result<SessionState> {
    let rules = ballista_core::optimizer::ballista_default_optimizer_rules();
    let rules = rules.into_iter().filter(|rule| rule.name() != RULE_THAT_LOSES_SORT_KEYS).collect();
    let mut scalars = ballista_core::extension::ballista_scalar_functions();
    scalars.extend(functions::scalars());
    let mut aggregates = ballista_core::extension::ballista_aggregate_functions();
    aggregates.extend(functions::aggregates());
    Ok(SessionStateBuilder::new()
        .with_default_features()
        .with_config(config)
        .with_runtime_env(surroundings(stores, None)?)
        .with_optimizer_rules(rules)
        .with_scalar_functions(scalars)
        .with_aggregate_functions(aggregates)
        .with_window_functions(ballista_core::extension::ballista_window_functions())
        .build())
}
