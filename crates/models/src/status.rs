//! How to read a fit.

/// What a fit says about its own parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FitStatus {
    /// An interior optimum with a positive definite information matrix; standard errors are given.
    Ok,
    /// A parameter lies on the edge of what is possible: the likelihood keeps rising that way. Predictions are those of the
    /// limit and usable; standard errors are not given.
    Boundary,
    /// The data do not tell the parameters apart (nobody came back, a single customer, no time passed): the parameters are
    /// one choice among many. Standard errors are not given.
    Unidentified,
}

impl FitStatus {
    /// The name used in results: `ok`, `boundary`, `unidentified`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Boundary => "boundary",
            Self::Unidentified => "unidentified",
        }
    }
}
