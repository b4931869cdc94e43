//! Whether the horizon lies in a season: the forecast knows of none.
//!
//! The index is the ratio to the centred moving average of classical decomposition: purchases per day in the same days a year ago
//! over purchases per day in the year around them. A steady growth or fall of the shop cancels out.

use clove_core::Day;
use clove_models::history::Histories;

const DAYS_PER_YEAR: i32 = 365;
/// Days of history, two years or nearly so, before the seasons of a year can be told from its course.
const DAYS_NEEDED: i32 = 720;

/// How busy the days of the horizon were a year ago.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Season {
    /// Purchases per day then over purchases per day in the year around: 1 without seasons.
    pub index: f64,
    /// Purchases then.
    pub purchases: u32,
}

impl Season {
    /// Whether a horizon is shorter than the year that holds every season.
    pub fn can_matter(horizon_days: u32) -> bool {
        horizon_days < DAYS_PER_YEAR as u32
    }

    /// Looks at the purchase days of all customers up to the as-of day. `None` for a horizon of a year or more, which holds every
    /// season, for less than two years of history, and where nothing was bought.
    pub fn new(purchases: &Histories, as_of: Day, horizon_days: u32) -> Option<Season> {
        let horizon = i32::try_from(horizon_days).ok().filter(|days| *days < DAYS_PER_YEAR)?;
        let (first, _) = purchases.span()?;
        if as_of.0 - first < DAYS_NEEDED {
            return None;
        }
        let from = as_of.0 - DAYS_PER_YEAR;
        // The year around the window begins this many days before it.
        let before = (DAYS_PER_YEAR - horizon) / 2;
        let count = |from: i32, until: i32| -> u32 {
            (0..purchases.len()).map(|customer| purchases.purchases_between(customer, from, until)).sum()
        };
        let then = count(from, from + horizon);
        let around = count(from - before, from - before + DAYS_PER_YEAR);
        (around > 0).then(|| Season {
            index: f64::from(then) / f64::from(horizon) / (f64::from(around) / f64::from(DAYS_PER_YEAR)),
            purchases: then,
        })
    }

    /// Whether the season matters: a tenth or more, and more than twice what chance does to so many purchases.
    pub fn matters(&self) -> bool {
        let chance = 2.0 / f64::from(self.purchases.max(1)).sqrt();
        (self.index - 1.0).abs() > chance.max(0.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shop of three years with one purchase a day, and a second one in the first 30 days of each year.
    fn shop(growth: usize) -> Histories {
        let (mut customer, mut day) = (Vec::new(), Vec::new());
        for d in 0..3 * DAYS_PER_YEAR {
            for c in 0..(10 + d as usize * growth / 365) * if d % DAYS_PER_YEAR < 30 { 2 } else { 1 } {
                customer.push(c as u32);
                day.push(d + 1);
            }
        }
        Histories::from_purchases(200, &customer, &day, None).expect("valid")
    }

    #[test]
    fn a_busy_month_is_seen_and_growth_is_not_taken_for_one() {
        let end = Day(3 * DAYS_PER_YEAR);
        for growth in [0, 10] {
            let busy = Season::new(&shop(growth), end, 30).expect("three years");
            assert!((busy.index - 2.0 / (395.0 / 365.0)).abs() < 0.06, "{busy:?}");
            assert!(busy.matters());
            let quiet = Season::new(&shop(growth), Day(end.0 - 200), 100).expect("two years");
            assert!((quiet.index - 1.0 / (395.0 / 365.0)).abs() < 0.06 && !quiet.matters(), "{quiet:?}");
        }
        assert_eq!(Season::new(&shop(0), end, 365), None);
        assert_eq!(Season::new(&shop(0), Day(700), 30), None);
        assert!(!Season { index: 1.5, purchases: 9 }.matters());
    }
}
