//! Versions of things, and which of two is the newer one.

use jiff::Timestamp;

use super::OrderStatus;
use crate::clock::Micros;

/// The version of a thing whose source says when it last changed: the moment in UTC, in a form that sorts as text.
/// A moment beyond the calendar is given as the number of microseconds.
pub fn moment_version(updated_at: Micros) -> String {
    Timestamp::from_microsecond(updated_at)
        .map_or_else(|_| updated_at.to_string(), |moment| moment.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string())
}

/// The version of an order: its moment, then how far it has come. Shops state moments in whole seconds and may place and pay an
/// order within one: the order that came further is the newer one.
pub fn order_version(updated_at: Micros, status: OrderStatus) -> String {
    let stage = match status {
        OrderStatus::Pending => 0,
        OrderStatus::Paid => 1,
        OrderStatus::Cancelled => 2,
    };
    format!("{}.{stage}", moment_version(updated_at))
}

/// Which of two versions of the same thing is newer: the greater one.
///
/// A version with a moment outranks one without (a file or event that does not say when its row last changed never hides what the
/// shop itself stated). Among versions with a moment the later moment is newer, then the further stage. Among versions
/// without, the one received later is newer. What is still equal is told apart by the version's text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionRank {
    /// The moment, [`Micros::MIN`] if the version has none.
    pub moment: Micros,
    /// When it was received, for versions without a moment; else 0.
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
        VersionRank {
            moment: moment.unwrap_or(Micros::MIN),
            received_at: if moment.is_some() { 0 } else { received_at },
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
        let pending = order_version(at, OrderStatus::Pending);
        let paid = order_version(at, OrderStatus::Paid);
        let later = order_version(at + 1, OrderStatus::Pending);
        let rank = |version: &str, received| VersionRank::of(version, received);
        assert_eq!(rank(&pending, 7).moment, at);
        assert!(rank(&pending, 9) < rank(&paid, 1) && rank(&paid, 9) < rank(&later, 1));
        assert!(rank("content-ff", 5) < rank("content-aa", 6));
        assert!(rank("content-ff", i64::MAX) < rank(&pending, 0));
        assert!(pending < paid && paid < later, "as text too");
    }
}
