//! The same SQL on several machines: Apache DataFusion Ballista.
//!
//! A scheduler plans and hands out work, executors do it. This process is their client: it plans the question, sends the plan,
//! waits for the rows. Tables lie in Parquet files at a place that all of them reach under one name: a shared folder or
//! an object store. The network is trusted: there are no passwords between these processes.

mod client;
mod nodes;
mod place;
mod stores;

pub(crate) use client::Connection;
pub use nodes::{ExecutorOptions, SchedulerOptions, run_executor, run_scheduler};
pub use stores::StoreSettings;

use std::time::Duration;

/// The cluster that a lake's questions run on.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The scheduler: `host:port`, `host`, or a URL of both.
    pub scheduler: String,
    /// The folder or the URL (`s3://bucket/prefix`) where tables lie while they are asked; client, scheduler and executors
    /// reach it under this name. A lake without it asks files that are there already.
    pub shared: Option<String>,
    /// Settings of object stores by the names of their environment variables.
    pub stores: StoreSettings,
    /// Parts that the work is divided in: a few for every core of the executors together.
    pub partitions: usize,
    /// After this time without all rows, a question is cancelled and asked again.
    pub time_limit: Duration,
    /// How often a question is asked before it fails.
    pub attempts: u32,
}

impl ClusterOptions {
    /// Parts that the work is divided in, where nobody said otherwise.
    pub const PARTITIONS: usize = 8;
    /// Time that a question may take.
    pub const TIME_LIMIT: Duration = Duration::from_mins(10);
    /// How often a question is asked.
    pub const ATTEMPTS: u32 = 3;

    /// The cluster of a scheduler, with usual limits.
    pub fn new(scheduler: &str) -> ClusterOptions {
        ClusterOptions {
            scheduler: scheduler.to_owned(),
            shared: None,
            stores: StoreSettings::new(),
            partitions: ClusterOptions::PARTITIONS,
            time_limit: ClusterOptions::TIME_LIMIT,
            attempts: ClusterOptions::ATTEMPTS,
        }
    }
}

/// The port of a scheduler.
pub const SCHEDULER_PORT: u16 = 50_050;

/// Host and port of `host:port`, `host` or `scheme://host:port`.
fn host_and_port(address: &str, usual_port: u16) -> Option<(String, u16)> {
    let url = if address.contains("://") { address.to_owned() } else { format!("df://{address}") };
    let url = url::Url::parse(&url).ok()?;
    Some((url.host_str()?.to_owned(), url.port().unwrap_or(usual_port)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedulers_are_named_in_several_ways() {
        let known = |address| host_and_port(address, SCHEDULER_PORT);
        assert_eq!(known("10.0.0.7"), Some(("10.0.0.7".into(), 50_050)));
        assert_eq!(known("scheduler:60000"), Some(("scheduler".into(), 60_000)));
        assert_eq!(known("df://scheduler:1/"), Some(("scheduler".into(), 1)));
        assert_eq!(known(""), None);
    }
}
