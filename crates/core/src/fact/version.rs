//! Versions of things, and which of two is the newer one.

use jiff::Timestamp;
use uuid::Uuid;

use super::OrderStatus;
use crate::clock::Micros;

/// The version of a thing whose source says when it last changed: the moment in UTC, in a form that sorts as text.
/// A moment beyond the calendar is given as the number of microseconds.
pub fn moment_version(updated_at: Micros) -> String {
    Timestamp::from_microsecond(updated_at)
        .map_or_else(|_| updated_at.to_string(), |moment| moment.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string())
}

/// The version of an order: its moment, then how far it has come, then a short hash of what it says.
///
/// Shops state moments in whole seconds and may change an order several times within one. Of two states of the same second the
/// one that came further is newer; the hash keeps two states of the same second and stage apart, so that neither is lost, while
/// the same state delivered twice stays one fact.
pub fn order_version(updated_at: Micros, status: OrderStatus, content: Uuid) -> String {
    let stage = match status {
        OrderStatus::Pending => 0,
        OrderStatus::Paid => 1,
        OrderStatus::Cancelled => 2,
    };
    let content = &content.simple().to_string()[..12];
    format!("{}.{stage}.{content}", moment_version(updated_at))
}

/// The version of a thing that has no stages: its moment, if its source says one, and a hash of what it says.
pub fn changed_version(updated_at: Option<Micros>, content: Uuid) -> String {
    match updated_at {
        Some(updated_at) => format!("{}.0.{}", moment_version(updated_at), &content.simple().to_string()[..12]),
        None => format!("content-{}", content.simple()),
    }
}

/// Which of two versions of the same thing is newer: the greater one.
///
/// A version with a moment outranks one without (a file or event that does not say when its row last changed never hides what the
/// shop itself stated). Among versions with a moment the later moment is newer, then the further stage, then the one received
/// later. Among versions without, the one received later is newer. What is still equal is told apart by the version's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionRank {
    /// The moment, [`Micros::MIN`] if the version has none.
    pub moment: Micros,
    /// How far the thing had come at that moment, 0 where it is not said.
    pub stage: u8,
    /// When it was received.
    pub received_at: Micros,
    /// The version's text.
    pub text: String,
}

impl VersionRank {
    /// The rank of a fact's version.
    pub fn of(version: &str, received_at: Micros) -> VersionRank {
        let moment = version
            .get(..27)
            .filter(|text| text.ends_with('Z'))
            .and_then(|text| text.parse::<Timestamp>().ok())
            .map(Timestamp::as_microsecond);
        let stage = moment.and_then(|_| version[27..].strip_prefix('.')?.split('.').next()?.parse().ok());
        VersionRank {
            moment: moment.unwrap_or(Micros::MIN),
            stage: stage.unwrap_or(0),
            received_at,
            text: version.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_moments_further_stages_and_later_receipts_are_newer() {
        let at = 1_790_000_000_000_000;
        let (one, other) = (Uuid::from_u128(1 << 100), Uuid::from_u128(2 << 100));
        let pending = order_version(at, OrderStatus::Pending, other);
        let paid = order_version(at, OrderStatus::Paid, one);
        let changed = order_version(at, OrderStatus::Paid, other);
        let later = order_version(at + 1, OrderStatus::Pending, one);
        let rank = |version: &str, received| VersionRank::of(version, received);
        assert_eq!((rank(&pending, 7).moment, rank(&paid, 7).stage), (at, 1));
        assert!(rank(&pending, 9) < rank(&paid, 1) && rank(&paid, 9) < rank(&later, 1));
        assert_ne!(paid, changed, "two changes within a second are two versions");
        assert!(rank(&changed, 1) < rank(&paid, 2) && rank(&paid, 1) < rank(&changed, 2), "the later one counts");
        assert!(rank(&paid, 1) != rank(&changed, 1), "and some order there is always");
        assert!(rank("content-ff", 5) < rank("content-aa", 6));
        assert!(rank("content-ff", i64::MAX) < rank(&pending, 0));
        assert!(pending < paid && paid < later, "as text too");
        assert_eq!(rank("2026-09-19T09:00:00.000000Z", 1).stage, 0);
    }
}
