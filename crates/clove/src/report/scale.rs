//! Scales and axis ticks.

/// Round tick values from 0 or below up to at least `high`: steps of 1, 2, 2.5 or 5 times a power of ten, at most
/// `wanted` + 1 of them. The last tick is the end of the axis. `low` is extended down to a tick too.
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let low = if low.is_finite() { low.min(0.0) } else { 0.0 };
    let high = if high.is_finite() && high > low { high } else { low + 1.0 };
    let step = round_step((high - low) / wanted.max(1) as f64);
    let first = (low / step + 1e-9).floor();
    let last = (high / step - 1e-9).ceil();
    let count = (last - first).round() as usize;
    (0..=count).map(|index| (first + index as f64) * step).collect()
}

/// The smallest round step that is not below `raw`.
fn round_step(raw: f64) -> f64 {
    let power = 10_f64.powf(raw.log10().floor());
    let scaled = raw / power;
    let nice = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|&nice| nice >= scaled - 1e-9).unwrap_or(10.0);
    nice * power
}

/// Decimals needed to tell ticks apart.
pub fn tick_decimals(ticks: &[f64]) -> usize {
    let step = if ticks.len() > 1 { ticks[1] - ticks[0] } else { 1.0 };
    (0..6)
        .find(|&decimals| {
            let scaled = step * 10_f64.powi(decimals as i32);
            (scaled - scaled.round()).abs() < 1e-6
        })
        .unwrap_or(6)
}

/// A straight map from values to positions.
#[derive(Debug, Clone, Copy)]
pub struct Linear {
    from: (f64, f64),
    to: (f64, f64),
}

impl Linear {
    /// Maps `from.0..from.1` to `to.0..to.1`. An empty range maps to the middle.
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Linear {
        Linear { from, to }
    }

    /// The position of a value.
    pub fn at(&self, value: f64) -> f64 {
        let range = self.from.1 - self.from.0;
        let share = if range == 0.0 { 0.5 } else { (value - self.from.0) / range };
        self.to.0 + share * (self.to.1 - self.to.0)
    }
}

/// Shares out labels along an axis: moves wished positions apart to at least `gap` while keeping their order, inside
/// `low..high` where there is room.
pub fn spread(wished: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wished.len()).collect();
    order.sort_by(|&a, &b| wished[a].total_cmp(&wished[b]));
    let mut placed: Vec<f64> = order.iter().map(|&index| wished[index].clamp(low, high)).collect();
    for index in 1..placed.len() {
        placed[index] = placed[index].max(placed[index - 1] + gap);
    }
    if let Some(last) = placed.last_mut() {
        *last = last.min(high);
    }
    for index in (1..placed.len()).rev() {
        placed[index - 1] = placed[index - 1].min(placed[index] - gap);
    }
    let mut result = vec![0.0; wished.len()];
    for (position, &index) in order.iter().enumerate() {
        result[index] = placed[position];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_cover_the_range_and_are_few() {
        for magnitude in -3..9 {
            for mantissa in 1..100 {
                let high = f64::from(mantissa) * 10_f64.powi(magnitude) / 7.0;
                for wanted in 2..8 {
                    let ticks = ticks(0.0, high, wanted);
                    assert_eq!(ticks[0], 0.0);
                    assert!(ticks[ticks.len() - 1] >= high * (1.0 - 1e-8), "{high} {ticks:?}");
                    assert!(ticks.len() <= wanted + 2 && ticks.len() >= 2, "{high} {wanted} {ticks:?}");
                    let step = ticks[1] - ticks[0];
                    let mantissa = step / 10_f64.powf(step.log10().floor() + 1e-12);
                    assert!(
                        [1.0, 2.0, 2.5, 5.0, 10.0].iter().any(|nice| (mantissa - nice).abs() < 1e-6),
                        "{high} {step}"
                    );
                }
            }
        }
    }

    #[test]
    fn degenerate_ranges_have_ticks() {
        for (low, high) in [(0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (-5.0, -1.0)] {
            let ticks = ticks(low, high, 4);
            assert!(ticks.len() >= 2 && ticks.iter().all(|tick| tick.is_finite()), "{low} {high} {ticks:?}");
        }
        assert!(ticks(-30.0, 50.0, 4)[0] <= -30.0);
    }

    #[test]
    fn decimals_tell_ticks_apart() {
        assert_eq!(tick_decimals(&[0.0, 20.0]), 0);
        assert_eq!(tick_decimals(&[0.0, 2.5]), 1);
        assert_eq!(tick_decimals(&[0.0, 0.25]), 2);
    }

    #[test]
    fn scales_hit_both_ends() {
        let scale = Linear::new((0.0, 50.0), (200.0, 0.0));
        assert_eq!((scale.at(0.0), scale.at(50.0), scale.at(25.0)), (200.0, 0.0, 100.0));
        assert_eq!(Linear::new((3.0, 3.0), (0.0, 10.0)).at(3.0), 5.0);
    }

    #[test]
    fn labels_keep_their_order_and_their_distance() {
        let placed = spread(&[10.0, 11.0, 90.0, 9.0, 99.0], 12.0, 0.0, 100.0);
        assert!(placed[3] < placed[0] && placed[0] < placed[1] && placed[1] < placed[2] && placed[2] < placed[4]);
        let mut sorted = placed.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= 12.0 - 1e-9), "{placed:?}");
        assert!(sorted[4] <= 100.0);
        assert!(spread(&[], 1.0, 0.0, 1.0).is_empty());
    }
}
