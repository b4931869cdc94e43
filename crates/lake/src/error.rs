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
