//! The kinds of facts: a closed, versioned list.

use std::fmt;

/// What sort of fact it is. Each kind carries the version of its body's shape in its name: a shape that changes gets a new
/// kind, and old ones stay readable for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKind {
    /// The state of an order, as placed or updated. The newest version of (source, external id) counts.
    Order,
    /// Money or goods given back for an order.
    Refund,
    /// Marketing or sales cost.
    Spend,
    /// A product of the catalogue.
    Product,
    /// What a source knows of a customer.
    CustomerProfile,
    /// A visitor made known (Segment `identify`).
    Identify,
    /// Something done (Segment `track`).
    Track,
    /// A page seen (Segment `page`).
    Page,
    /// A screen seen (Segment `screen`).
    Screen,
    /// A member of an account or group (Segment `group`).
    Group,
    /// Two subjects are one person.
    Merge,
    /// A merge taken back.
    Unmerge,
    /// Consent asked for, which the person has yet to confirm (double opt-in).
    ConsentRequested,
    /// Consent given for a channel and purpose.
    ConsentGranted,
    /// Consent taken back.
    ConsentWithdrawn,
    /// What identified a person was deleted.
    Erased,
    /// Derived: a score moved to another band.
    ScoreBandChanged,
    /// Derived: a person came into a segment.
    SegmentEntered,
    /// Derived: a person left a segment.
    SegmentLeft,
    /// A kind of a newer version of the program, kept raw.
    Unknown(String),
}

impl FactKind {
    /// Every kind that this version knows.
    pub const KNOWN: [FactKind; 19] = [
        FactKind::Order,
        FactKind::Refund,
        FactKind::Spend,
        FactKind::Product,
        FactKind::CustomerProfile,
        FactKind::Identify,
        FactKind::Track,
        FactKind::Page,
        FactKind::Screen,
        FactKind::Group,
        FactKind::Merge,
        FactKind::Unmerge,
        FactKind::ConsentRequested,
        FactKind::ConsentGranted,
        FactKind::ConsentWithdrawn,
        FactKind::Erased,
        FactKind::ScoreBandChanged,
        FactKind::SegmentEntered,
        FactKind::SegmentLeft,
    ];

    /// The stable name with the version of the body's shape.
    pub fn name(&self) -> &str {
        match self {
            FactKind::Order => "order.v1",
            FactKind::Refund => "refund.v1",
            FactKind::Spend => "spend.v1",
            FactKind::Product => "product.v1",
            FactKind::CustomerProfile => "customer_profile.v1",
            FactKind::Identify => "identify.v1",
            FactKind::Track => "track.v1",
            FactKind::Page => "page.v1",
            FactKind::Screen => "screen.v1",
            FactKind::Group => "group.v1",
            FactKind::Merge => "merge.v1",
            FactKind::Unmerge => "unmerge.v1",
            FactKind::ConsentRequested => "consent_requested.v1",
            FactKind::ConsentGranted => "consent_granted.v1",
            FactKind::ConsentWithdrawn => "consent_withdrawn.v1",
            FactKind::Erased => "erased.v1",
            FactKind::ScoreBandChanged => "score_band_changed.v1",
            FactKind::SegmentEntered => "segment_entered.v1",
            FactKind::SegmentLeft => "segment_left.v1",
            FactKind::Unknown(name) => name,
        }
    }

    /// The kind of a name; [`FactKind::Unknown`] if this version does not know it.
    pub fn from_name(name: &str) -> FactKind {
        FactKind::KNOWN
            .into_iter()
            .find(|kind| kind.name() == name)
            .unwrap_or_else(|| FactKind::Unknown(name.to_owned()))
    }

    /// Whether this version knows the kind.
    pub fn is_known(&self) -> bool {
        !matches!(self, FactKind::Unknown(_))
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
