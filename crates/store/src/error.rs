//! What can go wrong in the store.

use clove_core::fact::FactError;
use thiserror::Error;

/// Short for results of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// An error of the store.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refused a statement, or is not there.
    #[error("the database failed at {statement}")]
    Sql {
        /// Name of the SQL text, or what was being done.
        statement: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// The data folder cannot be used.
    #[error("the data folder {folder} cannot be used")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Another process has the data folder open.
    #[error("another process is using the data folder {folder}; stop it, or give this one a folder of its own")]
    InUse {
        /// The folder.
        folder: String,
    },
    /// The database is set up so that accepted data could be lost.
    #[error("the PostgreSQL server has {setting} = off: data that was accepted could be lost; turn it on")]
    NotDurable {
        /// The setting.
        setting: &'static str,
    },
    /// The database was made by a newer version, or its migrations were changed.
    #[error("the database does not fit this version: {reason}")]
    Migration {
        /// What does not fit.
        reason: String,
    },
    /// A backup cannot be made or used.
    #[error("{0}")]
    Backup(String),
    /// A fact cannot be kept as it is.
    #[error("the fact cannot be kept")]
    Fact(#[from] FactError),
    /// The intake queue is full.
    #[error("too much is waiting to be written; try again in {retry_after_ms} ms")]
    Busy {
        /// When to try again.
        retry_after_ms: u64,
    },
    /// The database cannot be written to at the moment. What was handed in may or may not be kept: hand it in again.
    #[error("the database cannot be written to at the moment ({reason}); try again")]
    Unavailable {
        /// What the database said.
        reason: String,
    },
    /// The part that was to do it has stopped.
    #[error("the {0} has stopped")]
    Stopped(&'static str),
    /// Someone else has taken over: nothing was changed.
    #[error("the lease on {0} was lost to another holder; nothing was changed")]
    Fenced(String),
    /// What was asked for does not exist.
    #[error("there is no {0}")]
    NotFound(String),
    /// A job with the same unique key is live.
    #[error("a job with the same unique key is waiting already")]
    AlreadyLive,
    /// A subscriber could not handle facts.
    #[error("the subscriber could not handle the facts")]
    Subscriber(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// Wraps an error of a capability's own.
    pub fn subscriber(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError::Subscriber(error.into())
    }

    /// Whether the same call may succeed later: the connection broke, a deadlock was resolved against us, the pool was full.
    pub fn is_transient(&self) -> bool {
        match self {
            StoreError::Busy { .. } | StoreError::Unavailable { .. } | StoreError::Fenced(_) => true,
            StoreError::Sql { source, .. } => match source {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                sqlx::Error::Database(error) => error.code().is_some_and(|code| {
                    // PostgreSQL: connection, resources, operator intervention, deadlock, serialization. SQLite: busy, full disk.
                    ["08", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                        || ["40P01", "40001", "5", "13", "517", "261"].contains(&code.as_ref())
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a text could not be stored because it holds U+0000, which PostgreSQL refuses.
    pub fn is_unstorable_text(&self) -> bool {
        let StoreError::Sql { source: sqlx::Error::Database(error), .. } = self else { return false };
        error.code().is_some_and(|code| ["22021", "22P05"].contains(&code.as_ref()))
    }

    /// The error and its causes on one line.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
