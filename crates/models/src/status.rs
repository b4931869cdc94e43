//! How to read a fit.

/// What a fit says about its own parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FitStatus {
    /// An interior optimum with a positive definite information matrix.
    Ok,
    /// A parameter lies on the edge of what is possible; predictions are usable, standard errors are not given.
    Boundary,
    /// The data do not tell the parameters apart.
    Unidentified,
}
