//! Value bases: what "value" means in a figure. Always printed next to the number.

use std::fmt;
use std::str::FromStr;

/// The basis on which value is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Basis {
    /// Unit price without tax times quantity, before discounts.
    Gross,
    /// Gross minus discounts.
    Placed,
    /// Placed minus returned items.
    #[default]
    Net,
    /// Net plus tax and shipping, minus refunded tax and shipping: what the customer paid.
    Total,
    /// Net minus cost of goods; costs are given back only for restocked items.
    Margin,
    /// Margin plus shipping charged minus shipping cost, payment fees and packaging.
    Contribution,
}

impl Basis {
    /// All bases, in the order in which help texts list them.
    pub const ALL: [Basis; 6] =
        [Basis::Gross, Basis::Placed, Basis::Net, Basis::Total, Basis::Margin, Basis::Contribution];

    /// The name in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Gross => "gross",
            Basis::Placed => "placed",
            Basis::Net => "net",
            Basis::Total => "total",
            Basis::Margin => "margin",
            Basis::Contribution => "contribution",
        }
    }

    /// Whether the basis needs the cost of goods.
    pub fn needs_costs(self) -> bool {
        matches!(self, Basis::Margin | Basis::Contribution)
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Basis {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Basis::ALL.into_iter().find(|basis| basis.name() == text).ok_or_else(|| {
            format!("'{text}' is no value basis; choose gross, placed, net, total, margin or contribution")
        })
    }
}

/// The day on which a refund lowers value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RefundDate {
    /// On the day of the order it belongs to (default for lifetime value and cohorts).
    #[default]
    Order,
    /// On the day it was paid back (default for money reports of a period).
    Event,
}

impl FromStr for RefundDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "order" => Ok(RefundDate::Order),
            "event" => Ok(RefundDate::Event),
            other => Err(format!("'{other}' is no refund date rule; choose order or event")),
        }
    }
}

impl fmt::Display for RefundDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RefundDate::Order => "order",
            RefundDate::Event => "event",
        })
    }
}
