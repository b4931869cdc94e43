//! Why an order does not count. Excluded orders are never hidden: data health lists each reason with count and sum.

/// The reason why an order is not an `is_order`, or that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exclusion {
    /// The order counts.
    None = 0,
    /// Marked as a test by the shop.
    Test = 1,
    /// Cancelled, voided, failed or fraud.
    Cancelled = 2,
    /// Not paid yet.
    Pending = 3,
    /// The sale of a gift card: a liability, not revenue.
    GiftCardSale = 4,
    /// Value at placement is zero (samples).
    ZeroValue = 5,
    /// Value at placement is negative and no sale is known that it takes back.
    ReturnWithoutSale = 6,
    /// Sold to a business under a wholesale tag.
    Wholesale = 7,
    /// Only lines that are no products (postage, bank charges, adjustments).
    NonProduct = 8,
    /// No exchange rate, or contradictory values: kept apart until mended.
    Quarantined = 9,
}

impl Exclusion {
    /// Every reason, without `None`.
    pub const REASONS: [Exclusion; 9] = [
        Exclusion::Test,
        Exclusion::Cancelled,
        Exclusion::Pending,
        Exclusion::GiftCardSale,
        Exclusion::ZeroValue,
        Exclusion::ReturnWithoutSale,
        Exclusion::Wholesale,
        Exclusion::NonProduct,
        Exclusion::Quarantined,
    ];

    /// The reason of a stable name.
    pub fn from_name(name: &str) -> Option<Exclusion> {
        std::iter::once(Exclusion::None).chain(Exclusion::REASONS).find(|reason| reason.name() == name)
    }

    /// The stable name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Exclusion::None => "none",
            Exclusion::Test => "test",
            Exclusion::Cancelled => "cancelled",
            Exclusion::Pending => "pending",
            Exclusion::GiftCardSale => "gift_card_sale",
            Exclusion::ZeroValue => "zero_value",
            Exclusion::ReturnWithoutSale => "return_without_sale",
            Exclusion::Wholesale => "wholesale",
            Exclusion::NonProduct => "non_product",
            Exclusion::Quarantined => "quarantined",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_reasons() {
        for reason in Exclusion::REASONS {
            assert_eq!(Exclusion::from_name(reason.name()), Some(reason));
        }
        assert_eq!(Exclusion::from_name("none"), Some(Exclusion::None));
        assert_eq!(Exclusion::from_name("weather"), None);
    }
}
