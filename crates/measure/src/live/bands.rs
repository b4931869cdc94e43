//! Bands of predicted value: who is among the best half, quarter, tenth of the shop's customers.

use clove_core::Minor;
use serde::{Deserialize, Serialize};

/// The bands from the lowest to the highest, each with the share of customers below it.
const BANDS: [(&str, f64); 4] = [("low", 0.0), ("middle", 0.5), ("high", 0.75), ("top", 0.9)];

/// Where the bands begin: cut-offs of one fit, which hold until the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandCuts {
    /// The least values of `middle`, `high` and `top`, ascending, in minor units; empty if customers cannot be told apart.
    pub cuts: Vec<Minor>,
}

impl BandCuts {
    /// The quantiles of predicted values; no bands where all are equal.
    pub fn of(mut values: Vec<Minor>) -> BandCuts {
        values.sort_unstable();
        if values.first() == values.last() {
            return BandCuts::default();
        }
        let at = |share: f64| values[((values.len() as f64 * share) as usize).min(values.len() - 1)];
        BandCuts { cuts: BANDS[1..].iter().map(|(_, share)| at(*share)).collect() }
    }

    /// The band of a value.
    pub fn band(&self, value: Minor) -> Option<&'static str> {
        if self.cuts.is_empty() {
            return None;
        }
        let place = self.cuts.iter().filter(|&&cut| value >= cut).count();
        BANDS.get(place).map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_top_and_half_is_low() {
        let cuts = BandCuts::of((0..1_000).rev().collect());
        let count = |name| (0..1_000).filter(|&value| cuts.band(value) == Some(name)).count();
        assert_eq!(["low", "middle", "high", "top"].map(count), [500, 250, 150, 100]);
        assert_eq!(BandCuts::of(vec![7; 10]).band(7), None);
        assert_eq!(BandCuts::of(Vec::new()).band(7), None);
    }
}
