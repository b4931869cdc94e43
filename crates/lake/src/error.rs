//! What can go wrong in the lake.

use std::path::PathBuf;

use thiserror::Error;

/// An error of the lake. Each message says what is wrong; the source, if any, is kept behind it.
#[derive(Debug, Error)]
pub enum LakeError {
    /// The engine could not be started.
    #[error("the query engine cannot start")]
    Start(#[source] std::io::Error),
    /// The SQL text is not understood, or names a table or column that does not exist.
    #[error("the SQL cannot be run: {0}")]
    Sql(String),
    /// The SQL text would change something.
    #[error("only questions are allowed (SELECT, WITH, EXPLAIN, SHOW, DESCRIBE), nothing that changes data: {0}")]
    NotReadOnly(String),
    /// A query was asked without one of its parameters.
    #[error("the query '{query}' needs the parameter '{parameter}'")]
    MissingParameter {
        /// The query's name.
        query: &'static str,
        /// The parameter's name.
        parameter: String,
    },
    /// A query was asked before any shop was registered.
    #[error("no shop is registered in the lake yet")]
    NoShop,
    /// An identifier that is not made of letters, digits and underscores.
    #[error("'{0}' cannot be the name of a column")]
    Identifier(String),
    /// A column of the result has a type that tables do not carry.
    #[error("column '{column}' has the type {data_type}, which cannot be shown; cast it to text")]
    ResultType {
        /// The column's name.
        column: String,
        /// Its type in the engine.
        data_type: String,
    },
    /// Files of an order table could not be used.
    #[error("{files}: {message}")]
    Files {
        /// The files as they were named.
        files: String,
        /// What is wrong with them.
        message: String,
    },
    /// An address of a scheduler that is none.
    #[error("'{scheduler}' is no address of a scheduler; write for instance 10.0.0.7:50050")]
    Scheduler {
        /// What was given.
        scheduler: String,
    },
    /// Tables have nowhere to lie for the cluster.
    #[error("a cluster cannot see this process's memory: name a folder or an object store that all its machines reach")]
    NoPlace,
    /// The shared place of a cluster cannot be used.
    #[error("{place}: {message}")]
    Place {
        /// Its name.
        place: String,
        /// What is wrong with it.
        message: String,
    },
    /// The cluster gave no answer.
    #[error("the cluster of {scheduler} gave no answer ({attempts} {}): {message}", if *attempts == 1 { "attempt" } else { "attempts" })]
    Cluster {
        /// The scheduler.
        scheduler: String,
        /// How often it was asked.
        attempts: u32,
        /// The last reason.
        message: String,
    },
    /// A process of a cluster cannot go on.
    #[error("{0}")]
    Node(String),
    /// A file could not be read or written.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

impl LakeError {
    pub(crate) fn file(path: &std::path::Path, error: &impl std::fmt::Display) -> LakeError {
        LakeError::File { path: path.to_owned(), message: error.to_string() }
    }

    /// Whether the user's SQL is at fault.
    pub fn is_usage(&self) -> bool {
        matches!(self, LakeError::Sql(_) | LakeError::NotReadOnly(_) | LakeError::Identifier(_))
    }
}
