//! What a source may tell of visitors who have not been asked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// When events of a source (pages, views, carts) are taken in. Orders are contract data and always taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackingPolicy {
    /// Only with a known consent of the visitor; anything else is dropped before it is accepted, and counted.
    Required,
    /// The sender vouches that it asked.
    Asserted,
    /// The visitors of this source have all agreed.
    Granted,
}

impl TrackingPolicy {
    /// All of them.
    pub const ALL: [TrackingPolicy; 3] = [TrackingPolicy::Required, TrackingPolicy::Asserted, TrackingPolicy::Granted];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            TrackingPolicy::Required => "required",
            TrackingPolicy::Asserted => "asserted",
            TrackingPolicy::Granted => "granted",
        }
    }
}

impl fmt::Display for TrackingPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TrackingPolicy {
    type Err = String;

    fn from_str(text: &str) -> Result<TrackingPolicy, String> {
        TrackingPolicy::ALL
            .into_iter()
            .find(|policy| policy.name() == text)
            .ok_or_else(|| format!("'{text}' is no tracking policy; there are required, asserted, granted"))
    }
}
