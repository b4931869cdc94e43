//! Who is in a segment, as of a day: definitions of [`clove_core::segment`] held against a shop's customers.
//!
//! A definition is first bound to the shop (columns, products, percentiles, other segments), then asked of each customer. The same
//! evaluation serves a whole shop and a shop of one person.

mod beyond;
mod bound;
mod customer;
mod lines;
mod ready;
mod snapshot;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use clove_core::Currency;
use clove_core::segment::{Condition, FigureName};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Amount, MoneyPer, Rate, quantile};
use crate::ledger::Ledger;
use crate::lifecycle::ThresholdSnapshot;
use crate::rfm::RfmBounds;
use crate::thresholds::Thresholds;
pub use beyond::{Beyond, ConsentTo, Expected, Needs};
pub use bound::Bound;
pub use customer::CustomerFigures;
use lines::LinesByOrder;
pub use ready::{READY, ReadySegment, ready};
pub use snapshot::{Percentile, ShopSnapshot, percentiles};

/// Why a definition cannot be held against a shop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SegmentError {
    /// The definition itself is wrong.
    #[error("{detail}")]
    Definition {
        /// Where, within the definition.
        pointer: String,
        /// What is wrong.
        detail: String,
    },
    /// The orders have no such column.
    #[error("the orders have no column '{asked}'; there are: {known}")]
    NoColumn {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: String,
    },
    /// Products are not known.
    #[error("the orders have no lines: products are not known")]
    NoProducts,
    /// There is no such segment.
    #[error("there is no segment '{0}'")]
    NoSegment(String),
    /// Segments that name each other.
    #[error("the segments '{0}' and others name each other, or lie too deep within each other")]
    Circle(String),
    /// Amounts are not known.
    #[error("the files have no amounts: value is not known")]
    NoAmounts,
    /// Forecasts are not known.
    #[error("forecasts of customers are known to a server, for today only")]
    NoForecasts,
    /// Consents are not known.
    #[error("consents are known to a server only")]
    NoConsents,
    /// Events are not known.
    #[error("events (views, carts, checkouts, your own) are known to a server only")]
    NoEvents,
    /// The snapshot was taken before the definition was made.
    #[error("the shop's percentiles were taken before this definition was made")]
    NotTaken,
}

/// A percentile as the shop has it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Cut {
    /// The figure.
    #[schema(value_type = String, example = "value_24m")]
    pub figure: FigureName,
    /// The percentile.
    pub percentile: f64,
    /// Its value: money in major units, else a plain number; null if the shop has no buyers.
    pub value: Option<f64>,
}

/// Who is in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Members {
    /// Per customer of the ledger, in its order.
    pub inside: Vec<bool>,
    /// The percentiles that the definition was bound to.
    pub cuts: Vec<Cut>,
}

/// A segment in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SegmentFigures {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of amounts.
    pub currency: String,
    /// Its customers of all identified ones.
    #[schema(value_type = Object)]
    pub customers: Rate,
    /// Their orders.
    pub orders: u64,
    /// Their net value so far; null if the files have no amounts.
    #[schema(value_type = Option<String>, example = "614.10")]
    pub value: Option<Amount>,
    /// The same per customer.
    #[schema(value_type = Object)]
    pub value_per_customer: MoneyPer,
    /// Their net value of the last 12 months, per customer.
    #[schema(value_type = Object)]
    pub clv_12m: MoneyPer,
    /// Those with two purchases or more.
    #[schema(value_type = Object)]
    pub repeat_purchase_rate: Rate,
    /// Net value of all identified customers that is theirs.
    pub value_share: Option<f64>,
    /// The percentiles that the definition rests on.
    pub cuts: Vec<Cut>,
}

/// How definitions of other segments are found.
pub type FindSegment<'f> = dyn Fn(&str) -> Option<Condition> + 'f;

/// The customers of a shop as of a day, ready to be asked.
pub struct Segmenter<'l, 'a> {
    ledger: &'l Ledger<'a>,
    figures: Vec<CustomerFigures>,
    thresholds: Thresholds,
    /// What was taken from the whole shop; without it the ledger is the whole shop.
    snapshot: Option<&'l ShopSnapshot>,
    /// Whether the ledger holds some persons only, of whom nothing can be said about the shop.
    is_part: bool,
    beyond: Beyond,
    bounds: OnceCell<Option<RfmBounds>>,
    lines: OnceCell<LinesByOrder>,
    cuts: RefCell<BTreeMap<(FigureName, u64), Option<f64>>>,
}

impl<'l, 'a> Segmenter<'l, 'a> {
    /// Looks at every customer once. The ledger is the whole shop: percentiles and scores are its own.
    pub fn new(ledger: &'l Ledger<'a>) -> Segmenter<'l, 'a> {
        Segmenter::looking(ledger, ThresholdSnapshot::take(ledger).bare(), None, false)
    }

    /// The whole shop held against what was taken of it earlier.
    pub fn with_snapshot(ledger: &'l Ledger<'a>, snapshot: &'l ShopSnapshot) -> Segmenter<'l, 'a> {
        Segmenter::looking(ledger, snapshot.thresholds, Some(snapshot), false)
    }

    /// Some persons of a shop. A column or product that their orders do not have is no error: the others may have it.
    pub fn of_part(ledger: &'l Ledger<'a>, snapshot: &'l ShopSnapshot) -> Segmenter<'l, 'a> {
        Segmenter::looking(ledger, snapshot.thresholds, Some(snapshot), true)
    }

    fn looking(
        ledger: &'l Ledger<'a>,
        thresholds: Thresholds,
        snapshot: Option<&'l ShopSnapshot>,
        is_part: bool,
    ) -> Segmenter<'l, 'a> {
        Segmenter {
            ledger,
            figures: customer::figures(ledger, &thresholds),
            thresholds,
            snapshot,
            is_part,
            beyond: Beyond::default(),
            bounds: OnceCell::new(),
            lines: OnceCell::new(),
            cuts: RefCell::default(),
        }
    }

    /// The same with what is known beyond orders.
    #[must_use]
    pub fn knowing(self, beyond: Beyond) -> Segmenter<'l, 'a> {
        Segmenter { beyond, ..self }
    }

    /// Takes what definitions need of the whole shop.
    ///
    /// # Errors
    /// [`SegmentError::NoForecasts`] if percentiles of forecasts are asked for and none are known.
    pub fn snapshot(&self, asked: impl IntoIterator<Item = Percentile>) -> Result<ShopSnapshot, SegmentError> {
        let mut cuts: Vec<(FigureName, f64, Option<f64>)> = Vec::new();
        for (name, percentile) in asked {
            if name.is_forecast() && self.beyond.expected.is_none() {
                return Err(SegmentError::NoForecasts);
            }
            if !cuts.iter().any(|(known, at, _)| *known == name && at.to_bits() == percentile.to_bits()) {
                cuts.push((name, percentile, self.cut(name, percentile)));
            }
        }
        let scores = self.bounds();
        let all = self.ledger.customers().iter().zip(&self.figures);
        let buyers =
            all.filter(|(customer, figures)| customer.identified && figures.purchased.is_some()).count() as u64;
        Ok(ShopSnapshot { buyers, taken_on: self.ledger.as_of().0, thresholds: self.thresholds, scores, cuts })
    }

    /// What is known of each customer of the ledger, in its order.
    pub fn figures(&self) -> &[CustomerFigures] {
        &self.figures
    }

    /// Finds the members. Guests are never among them: they cannot be recognised.
    ///
    /// # Errors
    /// If the definition is wrong, or asks for what the shop does not have.
    pub fn members(&self, definition: &Condition, find: &FindSegment<'_>) -> Result<Members, SegmentError> {
        let mut cuts = Vec::new();
        let bound = self.bind(definition, find, &mut cuts)?;
        let inside = (0..self.figures.len()).map(|index| self.is_member(&bound, index)).collect();
        Ok(Members { inside, cuts })
    }

    /// Whether the customer at a place of the ledger is in a segment that was bound to this shop.
    pub fn is_member(&self, bound: &Bound<'_>, index: usize) -> bool {
        self.ledger.customers()[index].identified && self.holds(bound, index)
    }

    /// A segment in numbers.
    pub fn summary(&self, members: &Members) -> SegmentFigures {
        let currency = self.ledger.currency();
        let has_amounts = self.ledger.shop().has_amounts;
        let (mut count, mut orders, mut value, mut value_12, mut repeated) = (0, 0, 0, 0, 0);
        let (mut identified, mut all) = (0, 0);
        for ((figures, customer), &inside) in self.figures.iter().zip(self.ledger.customers()).zip(&members.inside) {
            if customer.identified {
                identified += 1;
                all += figures.value;
            }
            if inside {
                count += 1;
                orders += u64::from(figures.orders);
                value += figures.value;
                value_12 += figures.value_12_months;
                repeated += u64::from(figures.purchases >= 2);
            }
        }
        let per = |sum| MoneyPer::new(has_amounts.then_some(sum), count, currency);
        SegmentFigures {
            as_of: self.ledger.as_of().to_string(),
            currency: currency.code().to_owned(),
            customers: Rate::new(count, identified),
            orders,
            value: has_amounts.then(|| Amount::new(value, currency)),
            value_per_customer: per(value),
            clv_12m: per(value_12),
            repeat_purchase_rate: Rate::new(repeated, count),
            value_share: (has_amounts && all != 0).then(|| value as f64 / all as f64),
            cuts: members.cuts.clone(),
        }
    }

    /// A percentile of a figure among identified buyers; of shares and gaps among those with two purchases or more.
    fn cut(&self, name: FigureName, percentile: f64) -> Option<f64> {
        if let Some(snapshot) = self.snapshot {
            return snapshot.cut((name, percentile)).flatten();
        }
        let key = (name, percentile.to_bits());
        if let Some(&known) = self.cuts.borrow().get(&key) {
            return known;
        }
        let least = if matches!(name, FigureName::DiscountShare | FigureName::AverageGap) { 2 } else { 1 };
        let buyers = self
            .ledger
            .customers()
            .iter()
            .enumerate()
            .filter(|(index, customer)| customer.identified && self.figures[*index].purchases >= least);
        let mut values: Vec<f64> = buyers.filter_map(|(index, _)| self.figure(name, index)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let value = quantile(&values, percentile / 100.0);
        self.cuts.borrow_mut().insert(key, value);
        value
    }

    /// A figure of the customer at a place of the ledger; money in minor units.
    fn figure(&self, name: FigureName, index: usize) -> Option<f64> {
        if name.is_forecast() {
            let person = self.ledger.customers()[index].person;
            return self.beyond.expected.as_ref()?.get(&person)?.figure(name);
        }
        let which = match name {
            FigureName::RecencyScore => 0,
            FigureName::FrequencyScore => 1,
            FigureName::MonetaryScore => 2,
            name => return self.figures[index].figure(name, self.ledger.as_of()),
        };
        let (days, figures) = (self.figures[index].recency_days(self.ledger.as_of())?, &self.figures[index]);
        let scores = self.bounds()?.scores(days, figures.purchases, figures.value);
        Some(f64::from(scores[which]))
    }

    /// What scores are given by.
    fn bounds(&self) -> Option<RfmBounds> {
        if let Some(snapshot) = self.snapshot {
            return snapshot.scores;
        }
        *self.bounds.get_or_init(|| {
            let as_of = self.ledger.as_of();
            let all = self.ledger.customers().iter().zip(&self.figures);
            let buyers = all.filter(|(customer, _)| customer.identified).filter_map(|(_, figures)| {
                figures.recency_days(as_of).map(|days| (days, figures.purchases, figures.value))
            });
            let buyers: Vec<_> = buyers.collect();
            let recencies = buyers.iter().map(|&(days, purchases, _)| (days, purchases));
            (!buyers.is_empty()).then(|| RfmBounds::of(recencies, buyers.iter().map(|&(.., value)| value)))
        })
    }
}

fn scale(name: FigureName, currency: Currency) -> f64 {
    if name.is_money() { currency.minor_per_major() as f64 } else { 1.0 }
}
