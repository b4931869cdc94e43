//! What capabilities may read of a person without importing each other: subjects, statistics, scores, memberships, consents.
//!
//! Each table has exactly one writing capability; everyone else reads.
//!
//! | table | written by |
//! |---|---|
//! | `person_statistics`, `person_score`, `person_membership` | measure |
//! | `person_subject`, `person_change`, `person_consent` | people |

mod consent;
mod identity;
mod membership;
mod score;
mod statistics;

pub use consent::{Consent, consents, consents_of, put_consent, replace_consents, who_consents};
pub use identity::{Member, PersonChange, members_of, person_changes, person_of, persons, subjects, subjects_in};
pub use membership::{
    Membership, empty_segment, enter_segments, leave_segments, member_counts, members, memberships, memberships_of,
};
pub use score::{
    Band, Score, bands, delete_scores, next_top_scores, put_scores, score_page, scores, scores_of, top_scores,
};
pub use statistics::{Statistics, changed, delete_statistics, put_statistics, statistics, unidentified};

use clove_core::PersonId;

use crate::db::Tx;
use crate::error::Result;

crate::statements! {
    DELETE_STATISTICS = both("DELETE FROM person_statistics WHERE person = $1");
    DELETE_SCORES = both("DELETE FROM person_score WHERE person = $1");
    DELETE_MEMBERSHIPS = both("DELETE FROM person_membership WHERE person = $1");
    DELETE_CONSENTS = both("DELETE FROM person_consent WHERE person = $1");
}

pub(crate) const ALL_STATEMENTS: [&[crate::SqlText]; 6] = [
    STATEMENTS,
    consent::STATEMENTS,
    identity::STATEMENTS,
    membership::STATEMENTS,
    score::STATEMENTS,
    statistics::STATEMENTS,
];

/// Forgets what was computed of an erased person, and what they consented to. Statistics stay: money without a name. Returns how many
/// rows there were.
pub async fn forget_but_money(tx: &mut Tx, person: PersonId) -> Result<u64> {
    let mut rows = 0;
    for text in [DELETE_SCORES, DELETE_MEMBERSHIPS, DELETE_CONSENTS] {
        rows += tx.execute(text.query().bind(person)).await?;
    }
    Ok(rows)
}

/// Forgets a person: after an erasure, or after a merge that left the person without subjects.
pub async fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    for text in [DELETE_STATISTICS, DELETE_SCORES, DELETE_MEMBERSHIPS, DELETE_CONSENTS] {
        tx.execute(text.query().bind(person)).await?;
    }
    Ok(())
}
