//! Metrics by name: what each means, and its value for any span, basis, group of customers and as-of.
//!
//! A metric is one entry of the [`catalogue`]. It is computed from sums that one pass over the shop makes for all groups at once:
//! [`span`] sums what was ordered within a span of days, [`state`] what customers are as of a day. [`query`] puts spans,
//! comparisons, breakdowns and series together; whoever asks by HTTP or by command gets the same answer.

pub mod catalogue;
pub mod groups;
pub mod names;
pub mod query;
pub mod span;
pub mod state;

pub use catalogue::{METRICS, Metric, Unit, metric};
pub use query::{Breakdown, MetricAnswer, MetricOptions, QueryError, query};

use crate::answer::{MoneyPer, MoneyShare, Rate, SMALL_N};
use crate::kpi_comparison::Figure;
use clove_core::{Currency, RefundDate};

/// A figure with what it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// The figure; `None` where there is nothing to tell it by.
    pub value: Option<Figure>,
    /// Of how many or how much; `None` for figures that are no quotients.
    pub numerator: Option<Figure>,
    /// Out of how many or how much.
    pub denominator: Option<Figure>,
    /// How many orders or customers it rests on.
    pub n: u64,
}

impl Measured {
    /// Whether it rests on too few to rank by.
    pub fn is_small(&self) -> bool {
        self.n < SMALL_N
    }

    /// Whether it is an amount that rests on nobody, such as a cost that brought no customer: worth showing all the same.
    fn is_money_of_nobody(&self) -> bool {
        self.n == 0 && matches!(self.value, Some(Figure::Money(amount)) if amount.minor != 0)
    }

    fn count(count: u64) -> Measured {
        Measured { value: Some(Figure::Count(count as i64)), n: count, ..Measured::default() }
    }

    fn figure(value: Option<Figure>, n: u64) -> Measured {
        Measured { value, n, ..Measured::default() }
    }

    fn average(average: &MoneyPer) -> Measured {
        Measured {
            value: average.value.map(Figure::Average),
            numerator: average.numerator.map(Figure::Money),
            denominator: Some(Figure::Count(average.denominator as i64)),
            n: average.denominator,
        }
    }

    fn parts(value: Option<Figure>, numerator: u64, denominator: u64) -> Measured {
        let count = |count: u64| Some(Figure::Count(count as i64));
        Measured { value, numerator: count(numerator), denominator: count(denominator), n: denominator }
    }

    fn share(rate: Rate) -> Measured {
        Measured::parts(rate.value.map(Figure::Share), rate.numerator, rate.denominator)
    }

    fn per_head(rate: Rate) -> Measured {
        Measured::parts(rate.value.map(Figure::PerHead), rate.numerator, rate.denominator)
    }

    fn money_share(share: &MoneyShare, n: u64) -> Measured {
        Measured {
            value: share.value.map(Figure::Share),
            numerator: share.numerator.map(Figure::Money),
            denominator: share.denominator.map(Figure::Money),
            n,
        }
    }
}

/// What turns sums into figures.
#[derive(Debug, Clone, Copy)]
pub struct Units {
    /// The currency of amounts.
    pub currency: Currency,
    /// Whether amounts are known at all.
    pub has_amounts: bool,
    /// The day on which refunds lower net sales of a span.
    pub refund_date: RefundDate,
}
