//! What was taken from a shop's files: orders in columns, refunds, lines, spend.

use crate::day::Day;
use crate::exclusion::Exclusion;
use crate::health::DataHealth;
use crate::money::{Currency, Minor};
use crate::names::Names;

/// "No value" in columns of numbers given out by [`Names`] and in order indexes.
pub const NONE: u32 = u32::MAX;

/// A shop's data as one import gives it, before identity and as-of are applied.
#[derive(Debug, Clone)]
pub struct ShopData {
    /// The currency that all amounts below are in.
    pub currency: Currency,
    /// One entry per order, in order of first appearance.
    pub orders: Orders,
    /// Lines of products, where the files have them.
    pub lines: Option<OrderLines>,
    /// Refunds and restocks, each with its own date.
    pub adjustments: Vec<Adjustment>,
    /// Marketing and sales costs, where given.
    pub spend: Vec<SpendRow>,
    /// Carts that came as far as the checkout; `None` where nobody tells of checkouts.
    pub checkouts: Option<Vec<Checkout>>,
    /// What was left out, and why.
    pub health: DataHealth,
    /// What kind of file was recognised (`generic-orders`, `shopify-orders`, ...), for people to read.
    pub format: String,
    /// Whether the files carry amounts of money (a log of purchase dates alone has none).
    pub has_amounts: bool,
}

/// A cart that came as far as the checkout. Several starts of a person within a day are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkout {
    /// The local day on which it began.
    pub day: Day,
    /// The local day on which the time to order in is over.
    pub closes: Day,
    /// The number of the person, if they have ever ordered.
    pub person: Option<u32>,
    /// What lay in the cart, in minor units; 0 where it is not known.
    pub value: Minor,
    /// Whether the person ordered in time.
    pub ordered: bool,
}

/// Orders in columns. All columns that are present have the same length. Amounts are minor units of the shop's currency.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    /// The order's id in its source; a row number where the file has none.
    pub order_ids: Names,
    /// Number of the order's id in `order_ids` per order; empty when order ids are the row numbers.
    pub order_id: Vec<u32>,
    /// Customer ids of the source.
    pub customer_ids: Names,
    /// Number in `customer_ids`, or [`NONE`]; empty if no file has the column.
    pub customer_id: Vec<u32>,
    /// Normalised e-mail addresses (NFKC, trimmed, lower case).
    pub emails: Names,
    /// Number in `emails`, or [`NONE`]; empty if no file has the column.
    pub email: Vec<u32>,
    /// Normalised phone numbers (E.164 where the country is known, else the digits).
    pub phones: Names,
    /// Number in `phones`, or [`NONE`]; empty if no file has the column.
    pub phone: Vec<u32>,
    /// The moment of placement, microseconds since 1970 UTC; empty if that is the beginning of `day` in UTC for each order, as
    /// where files have dates without times. [`Orders::placed_at_of`] reads it either way.
    pub placed_at: Vec<i64>,
    /// The local calendar day of placement in the shop's time zone.
    pub day: Vec<Day>,
    /// When the order was last changed, microseconds since 1970 UTC, [`Orders::UNKNOWN_MOMENT`] where unknown; empty if no file has
    /// the column.
    pub updated_at: Vec<i64>,
    /// Whether and why the order does not count, refunds aside.
    pub exclusion: Vec<Exclusion>,
    /// Unit prices without tax times quantities, before discounts.
    pub gross: Vec<Minor>,
    /// Discounts, positive; empty if no file has the column.
    pub discount: Vec<Minor>,
    /// Tax; empty if no file has the column.
    pub tax: Vec<Minor>,
    /// Shipping charged, without tax; empty if no file has the column.
    pub shipping: Vec<Minor>,
    /// Cost of goods, [`Orders::UNKNOWN_COST`] where unknown; empty if no file has the column.
    pub cost: Vec<Minor>,
    /// Fees of payment providers, 0 where unknown; empty if no file has the column.
    pub payment_fee: Vec<Minor>,
    /// What the shop paid for shipping, 0 where unknown; empty if no file has the column.
    pub shipping_cost: Vec<Minor>,
    /// Cost of packaging, 0 where unknown; empty if no file has the column.
    pub packaging_cost: Vec<Minor>,
    /// Further columns to break figures down by: `channel`, `discount_code`, `first_product`, `country`, ...
    pub attributes: Vec<Attribute>,
}

impl Orders {
    /// Marks an unknown cost of goods.
    pub const UNKNOWN_COST: Minor = Minor::MIN;
    /// Marks an unknown moment.
    pub const UNKNOWN_MOMENT: i64 = i64::MIN;

    /// How many orders there are, excluded ones included.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// The moment of placement, microseconds since 1970 UTC.
    pub fn placed_at_of(&self, order: usize) -> i64 {
        self.placed_at.get(order).copied().unwrap_or_else(|| self.day[order].start_utc())
    }

    /// The order's id as text.
    pub fn order_id_text(&self, order: usize) -> String {
        match self.order_id.get(order) {
            Some(&number) => self.order_ids.get(number).to_owned(),
            None => (order + 1).to_string(),
        }
    }

    /// When an order was last changed, if known.
    pub fn updated_at_of(&self, order: usize) -> Option<i64> {
        self.updated_at.get(order).copied().filter(|&moment| moment != Orders::UNKNOWN_MOMENT)
    }

    /// Discount of an order, 0 if unknown.
    pub fn discount_of(&self, order: usize) -> Minor {
        self.discount.get(order).copied().unwrap_or(0)
    }

    /// Gross minus discounts.
    pub fn placed_of(&self, order: usize) -> Minor {
        self.gross[order] - self.discount_of(order)
    }

    /// Tax of an order, 0 if unknown.
    pub fn tax_of(&self, order: usize) -> Minor {
        self.tax.get(order).copied().unwrap_or(0)
    }

    /// Shipping charged, 0 if unknown.
    pub fn shipping_of(&self, order: usize) -> Minor {
        self.shipping.get(order).copied().unwrap_or(0)
    }

    /// Cost of goods, if known.
    pub fn cost_of(&self, order: usize) -> Option<Minor> {
        self.cost.get(order).copied().filter(|&cost| cost != Orders::UNKNOWN_COST)
    }

    /// Payment fee, shipping cost and packaging of an order together, as far as known.
    pub fn handling_of(&self, order: usize) -> Minor {
        let of = |column: &[Minor]| column.get(order).copied().unwrap_or(0);
        of(&self.payment_fee) + of(&self.shipping_cost) + of(&self.packaging_cost)
    }

    /// Which costs beside those of goods no file has, in words; contribution is too high by them.
    pub fn missing_handling(&self) -> Vec<&'static str> {
        [
            (&self.shipping_cost, "shipping cost"),
            (&self.payment_fee, "payment fees"),
            (&self.packaging_cost, "packaging"),
        ]
        .into_iter()
        .filter(|(column, _)| column.is_empty())
        .map(|(_, name)| name)
        .collect()
    }

    /// The attribute of this name, if some file has it.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// A column of texts with few distinct values.
#[derive(Debug, Clone, Default)]
pub struct Attribute {
    /// The column's canonical or original name.
    pub name: String,
    /// Its distinct values.
    pub values: Names,
    /// Number in `values` per order, or [`NONE`].
    pub codes: Vec<u32>,
}

impl Attribute {
    /// The value of an order, if it has one.
    pub fn value(&self, order: usize) -> Option<&str> {
        self.codes.get(order).filter(|&&code| code != NONE).map(|&code| self.values.get(code))
    }
}

/// Order lines in columns.
#[derive(Debug, Clone, Default)]
pub struct OrderLines {
    /// Index of the order in [`Orders`].
    pub order: Vec<u32>,
    /// Distinct products (SKU where known, else name).
    pub products: Names,
    /// Number in `products` per line.
    pub product: Vec<u32>,
    /// Units; negative for returned ones.
    pub quantity: Vec<i32>,
    /// Value of the line before discounts.
    pub gross: Vec<Minor>,
}

/// A dated change to an order after its placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adjustment {
    /// Index of the order in [`Orders`].
    pub order: u32,
    /// Local day on which it happened.
    pub day: Day,
    /// Value of the returned items without tax, positive, at the order's exchange rate.
    pub items: Minor,
    /// Tax and shipping paid back, positive.
    pub tax_and_shipping: Minor,
    /// Cost of goods given back because the items were restocked, positive.
    pub restocked_cost: Minor,
}

/// What kind of cost a spend row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum SpendKind {
    /// Advertising media.
    #[default]
    Media,
    /// Agencies and freelancers.
    Agency,
    /// Salaries of sales and marketing.
    Salaries,
    /// Software and tools.
    Tools,
    /// Rewards paid for referrals.
    ReferralReward,
    /// Discounts given for a first order.
    FirstOrderCoupon,
    /// Anything else.
    Other,
}

impl SpendKind {
    /// All of them.
    pub const ALL: [SpendKind; 7] = [
        SpendKind::Media,
        SpendKind::Agency,
        SpendKind::Salaries,
        SpendKind::Tools,
        SpendKind::ReferralReward,
        SpendKind::FirstOrderCoupon,
        SpendKind::Other,
    ];

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<SpendKind> {
        SpendKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The stable name in files.
    pub fn name(self) -> &'static str {
        match self {
            SpendKind::Media => "media",
            SpendKind::Agency => "agency",
            SpendKind::Salaries => "salaries",
            SpendKind::Tools => "tools",
            SpendKind::ReferralReward => "referral_reward",
            SpendKind::FirstOrderCoupon => "first_order_coupon",
            SpendKind::Other => "other",
        }
    }
}

/// One row of marketing or sales cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendRow {
    /// First day that the cost covers.
    pub from: Day,
    /// Last day that the cost covers (the same day, or the month's last).
    pub until: Day,
    /// Channel, if the cost belongs to one.
    pub channel: Option<String>,
    /// Kind of cost.
    pub kind: SpendKind,
    /// Cost in the shop's currency.
    pub amount: Minor,
}

impl SpendRow {
    /// The cost spread evenly over the days that it covers, to the last minor unit.
    pub fn by_day(&self) -> impl Iterator<Item = (Day, Minor)> + '_ {
        let days = i128::from(self.until.since(self.from).max(0)) + 1;
        let share = move |day: i128| (i128::from(self.amount) * day / days) as Minor;
        (0..days).map(move |day| (Day(self.from.0 + day as i32), share(day + 1) - share(day)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spend_is_spread_over_its_days_without_losing_a_cent() {
        let row = SpendRow {
            from: "2026-02-01".parse().unwrap(),
            until: "2026-02-28".parse().unwrap(),
            channel: None,
            kind: SpendKind::Media,
            amount: 1_001,
        };
        let days: Vec<(Day, Minor)> = row.by_day().collect();
        assert_eq!(days.len(), 28);
        assert_eq!(days.iter().map(|day| day.1).sum::<Minor>(), 1_001);
        assert!(days.iter().all(|day| (35..=36).contains(&day.1)));
    }
}
