//! Whether what a visitor does may be kept: asked before a message is accepted. Orders are contract data and exempt.
//!
//! | policy of the source | kept |
//! |---|---|
//! | `required` (browsers) | only with a yes: of the message itself ([`clove_core::consent::preference`]), else of the person |
//! | `asserted` (server keys) | unless there is a no, of the message or of the person: the sender vouches for the rest |
//! | `granted` | unless the message itself says no: the shop vouches for all of the source |
//!
//! What is not kept is counted, never stored, and answered like everything else.

use std::collections::HashMap;

use clove_core::{FactKind, SubjectId};
use clove_store::{Db, Result};

use super::sql;

/// The channel that consent to tracking is kept under.
pub const CHANNEL: &str = "tracking";
/// The purpose that consent to tracking is kept under.
pub const PURPOSE: &str = "analytics";

pub use clove_core::TrackingPolicy;

/// Whether facts of a kind are kept whatever was consented to.
pub fn is_exempt(kind: &FactKind) -> bool {
    !matches!(
        kind,
        FactKind::Identify
            | FactKind::Track
            | FactKind::Page
            | FactKind::Screen
            | FactKind::Group
            | FactKind::Merge
            | FactKind::Unmerge
    )
}

/// Whether one message may be kept. `said` is what the message itself says, `stored` what its person said before.
pub fn may_keep(policy: TrackingPolicy, said: Option<bool>, stored: Option<bool>) -> bool {
    match policy {
        TrackingPolicy::Required => said.or(stored).unwrap_or(false),
        TrackingPolicy::Asserted => said.or(stored).unwrap_or(true),
        TrackingPolicy::Granted => said.unwrap_or(true),
    }
}

/// A message that asks to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Who it is about.
    pub subject: SubjectId,
    /// Its kind.
    pub kind: FactKind,
    /// What it says itself.
    pub said: Option<bool>,
}

/// Which of some messages may be kept, in their order. Looks into the database only for those whose own word does not decide: one
/// statement for all of them.
pub async fn allowed(db: &Db, policy: TrackingPolicy, asking: &[Asking]) -> Result<Vec<bool>> {
    let open =
        |message: &&Asking| policy != TrackingPolicy::Granted && message.said.is_none() && !is_exempt(&message.kind);
    let mut subjects: Vec<SubjectId> = asking.iter().filter(open).map(|message| message.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let stored: HashMap<SubjectId, bool> = if subjects.is_empty() {
        HashMap::new()
    } else {
        sql::tracking_of(db, &subjects).await?.into_iter().map(|(subject, yes)| (SubjectId(subject), yes)).collect()
    };
    let kept = |message: &Asking| {
        is_exempt(&message.kind) || may_keep(policy, message.said, stored.get(&message.subject).copied())
    };
    Ok(asking.iter().map(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_decides_before_the_person_before_the_policy() {
        use TrackingPolicy::{Asserted, Granted, Required};
        for (policy, said, stored, kept) in [
            (Required, None, None, false),
            (Required, Some(true), Some(false), true),
            (Required, None, Some(true), true),
            (Required, Some(false), Some(true), false),
            (Asserted, None, None, true),
            (Asserted, None, Some(false), false),
            (Granted, None, Some(false), true),
            (Granted, Some(false), None, false),
        ] {
            assert_eq!(may_keep(policy, said, stored), kept, "{policy:?} {said:?} {stored:?}");
        }
    }
}
