//! What definitions take from the whole shop, held from one day to the next taking: thresholds of stages, percentiles, scores.
//!
//! With a snapshot a customer can be looked at alone, and a segment changes only when somebody does something, time passes, or a new
//! snapshot is taken.

use clove_core::Day;
use clove_core::segment::{Condition, FigureName};
use serde::{Deserialize, Serialize};

use crate::rfm::RfmBounds;
use crate::thresholds::Thresholds;

/// A percentile of a figure.
pub type Percentile = (FigureName, f64);

/// The shop as definitions see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopSnapshot {
    /// The day that it was taken on, counted from 1970-01-01.
    pub taken_on: i32,
    /// Identified customers who had kept something.
    pub buyers: u64,
    /// When customers are at risk, and lapsed.
    pub thresholds: Thresholds,
    /// Where recency, frequency and monetary scores begin; none without buyers.
    pub scores: Option<RfmBounds>,
    /// Figure, percentile, and its value: money in minor units, else a plain number; null where there are no customers to count.
    pub cuts: Vec<(FigureName, f64, Option<f64>)>,
}

impl ShopSnapshot {
    /// The day that it was taken on.
    pub fn day(&self) -> Day {
        Day(self.taken_on)
    }

    /// The value of a percentile; outside `None` if it was not taken.
    pub fn cut(&self, (name, percentile): Percentile) -> Option<Option<f64>> {
        let known = self.cuts.iter().find(|(figure, at, _)| *figure == name && at.to_bits() == percentile.to_bits());
        known.map(|(.., value)| *value)
    }

    /// Whether it has all that a definition asks for.
    pub fn suffices(&self, definition: &Condition) -> bool {
        percentiles(definition).into_iter().all(|percentile| self.cut(percentile).is_some())
    }
}

/// The percentiles that a definition itself asks for.
pub fn percentiles(definition: &Condition) -> Vec<Percentile> {
    let mut found = Vec::new();
    definition.walk(&mut |one| {
        if let Condition::Figure(figure) = one {
            let asked = [figure.at_least_percentile, figure.below_percentile];
            found.extend(asked.into_iter().flatten().map(|percentile| (figure.name, percentile)));
        }
    });
    found
}
