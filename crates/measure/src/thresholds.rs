//! When a customer counts as active, at risk or lapsed.

/// Days since the last purchase that bound the stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Thresholds {
    /// For customers with one purchase: active up to, at risk up to.
    pub after_first: (i32, i32),
    /// For customers with more.
    pub after_later: (i32, i32),
}

impl Default for Thresholds {
    /// 90 and 180 days, until the shop has enough gaps of its own.
    fn default() -> Self {
        Thresholds { after_first: (90, 180), after_later: (90, 180) }
    }
}

impl Thresholds {
    /// Active up to, at risk up to, for a customer with this many purchases.
    pub fn for_purchases(&self, purchases: u32) -> (i32, i32) {
        if purchases <= 1 { self.after_first } else { self.after_later }
    }
}
