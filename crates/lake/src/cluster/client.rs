//! Asking a cluster: sending plans, waiting with a limit, asking again.

use std::sync::Arc;
use std::time::Duration;

use ballista::extension::SessionContextExt as _;
use ballista_core::execution_plans::DistributedQueryExec;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::serde::protobuf::CancelJobParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::dataframe::DataFrame;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion_proto::protobuf::LogicalPlanNode;

use super::place::Place;
use super::{ClusterOptions, SCHEDULER_PORT, host_and_port, stores};
use crate::error::LakeError;
use crate::functions;
use crate::words::plain;

/// Waiting before a question is asked again, times the number of attempts made.
const PAUSE: Duration = Duration::from_secs(3);
/// A scheduler that does not take back a question within this time is gone.
const CANCEL_TIME: Duration = Duration::from_secs(5);

/// The way to a cluster.
pub(crate) struct Connection {
    scheduler: String,
    time_limit: Duration,
    attempts: u32,
    place: Option<Place>,
}

/// Why an attempt gave no rows.
enum Failure {
    /// The same question will fail again.
    Lasting(String),
    /// It may work the next time.
    Passing(String),
    TooLate,
}

impl Connection {
    /// A session whose questions run on the cluster, and the way to it.
    pub(crate) async fn open(options: &ClusterOptions) -> Result<(SessionContext, Connection), LakeError> {
        let (host, port) = host_and_port(&options.scheduler, SCHEDULER_PORT)
            .ok_or_else(|| LakeError::Scheduler { scheduler: options.scheduler.clone() })?;
        let scheduler = format!("http://{host}:{port}");
        // Ballista's adaptive planner loses the work of an executor that is killed: the question hangs for ever.
        let config = SessionConfig::new_with_ballista()
            .with_ballista_adaptive_query_planner(false)
            .with_ballista_job_name("clove")
            .with_information_schema(false)
            .with_target_partitions(options.partitions.max(1))
            .with_batch_size(crate::engine::BATCH_ROWS);
        let failed = |error: DataFusionError| LakeError::Sql(plain(&error.strip_backtrace()));
        let surroundings = stores::surroundings(&options.stores, None).map_err(failed)?;
        let place = options.shared.as_deref().map(|shared| Place::new(shared, &surroundings)).transpose()?;
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(config)
            .with_runtime_env(surroundings)
            .build();
        let session = SessionContext::remote_with_state(&scheduler, state).await.map_err(failed)?;
        session.remove_optimizer_rule(crate::engine::RULE_THAT_LOSES_SORT_KEYS);
        functions::register(&session);
        let connection =
            Connection { scheduler, time_limit: options.time_limit, attempts: options.attempts.max(1), place };
        Ok((session, connection))
    }

    /// Writes a table where the executors find it; gives its URL.
    pub(crate) async fn put(&self, table: &str, batches: &[RecordBatch]) -> Result<String, LakeError> {
        let place = self.place.as_ref().ok_or(LakeError::NoPlace)?;
        place.put(table, batches).await
    }

    /// All rows of a question, after as many attempts as it takes. An attempt that fails gives none of its rows: answers are
    /// whole or not at all.
    pub(crate) async fn collect(
        &self,
        session: &SessionContext,
        frame: DataFrame,
    ) -> Result<Vec<RecordBatch>, LakeError> {
        if let LogicalPlan::EmptyRelation(_) = frame.logical_plan() {
            return Ok(Vec::new());
        }
        let mut attempt = 1;
        loop {
            let failure = match self.attempt(session, frame.clone()).await {
                Ok(batches) => return Ok(batches),
                Err(failure) => failure,
            };
            let (again, message) = match failure {
                Failure::Lasting(message) => (false, message),
                Failure::Passing(message) => (true, message),
                Failure::TooLate => (true, format!("no answer within {} seconds", self.time_limit.as_secs())),
            };
            if !again || attempt >= self.attempts {
                return Err(LakeError::Cluster { scheduler: self.scheduler.clone(), attempts: attempt, message });
            }
            tokio::time::sleep(PAUSE * attempt).await;
            attempt += 1;
        }
    }

    async fn attempt(&self, session: &SessionContext, frame: DataFrame) -> Result<Vec<RecordBatch>, Failure> {
        let plan = frame.create_physical_plan().await.map_err(|error| failure(&error))?;
        let rows = collect(Arc::clone(&plan), session.task_ctx());
        match tokio::time::timeout(self.time_limit, rows).await {
            Ok(rows) => rows.map_err(|error| failure(&error)),
            Err(_) => {
                self.cancel(&plan).await;
                Err(Failure::TooLate)
            }
        }
    }

    /// Tells the scheduler that nobody waits any longer. Whether it hears does not matter.
    async fn cancel(&self, plan: &Arc<dyn ExecutionPlan>) {
        let job = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>().and_then(DistributedQueryExec::job_id);
        let Some(job) = job else { return };
        let tell = async {
            if let Ok(mut scheduler) = SchedulerGrpcClient::connect(self.scheduler.clone()).await {
                let _ = scheduler.cancel_job(CancelJobParams { job_id: job.to_string() }).await;
            }
        };
        let _ = tokio::time::timeout(CANCEL_TIME, tell).await;
    }

    /// Deletes the tables that were written for the cluster.
    pub(crate) async fn clear(&self) {
        if let Some(place) = &self.place {
            // What stays behind is harmless: nobody reads it.
            let _ = place.clear().await;
        }
    }
}

/// How executors tell that a question cannot be answered, and how people do.
const WRONG_QUESTIONS: [(&str, &str); 8] = [
    ("DivideByZero", "a division by zero"),
    ("Divide by zero", "a division by zero"),
    ("ArithmeticOverflow", "a number that is too large"),
    ("CastError", "a value that cannot be cast"),
    ("Cast error", "a value that cannot be cast"),
    ("ParseError", "a value that cannot be read"),
    ("not implemented", "something that the engine cannot do"),
    ("NotImplemented", "something that the engine cannot do"),
];

/// What an error of the engine means. Wrong questions stay wrong; of everything else it is safe to ask again.
fn failure(error: &DataFusionError) -> Failure {
    let message = error.strip_backtrace();
    if let Some((_, words)) = WRONG_QUESTIONS.iter().find(|(known, _)| message.contains(known)) {
        return Failure::Lasting(format!("{words}: {}", plain(&message)));
    }
    match error.find_root() {
        DataFusionError::Plan(_) | DataFusionError::SchemaError(..) => Failure::Lasting(plain(&message)),
        _ => Failure::Passing(plain(&message)),
    }
}
