//! What can be wrong with the input of a purchase model.

/// Why a purchase model cannot be fitted or built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// There is nobody to fit to.
    #[error("there are no customers to fit the model to")]
    NoCustomers,
    /// A summary breaks the rules of [`crate::purchase::CustomerSummary`].
    #[error("customer summary {index}: {problem}")]
    InvalidSummary {
        /// Position in the slice that was given.
        index: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// No purchase model has this name.
    #[error("unknown purchase model `{0}`; known are bg-nbd, mbg-nbd, bg-cnbd-k, mbg-cnbd-k, pareto-nbd")]
    UnknownKind(String),
    /// The regularity k must lie between 1 and 60.
    #[error("k must be between 1 and 60, not {0}")]
    InvalidRegularity(u32),
    /// A parameter is missing, not finite or not positive.
    #[error("the parameters {0:?} do not fit the model: each must be positive and finite")]
    InvalidParameters(Vec<f64>),
    /// No starting point gives a finite likelihood.
    #[error("the likelihood is not finite for these customers")]
    NoFiniteLikelihood,
}
