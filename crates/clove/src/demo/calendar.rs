//! The demo shop's year: seasons, sale windows, the rhythm of the week, growth.

use clove_core::{Day, Month};
use jiff::civil::Weekday;

/// Relative demand by calendar month.
const MONTHS: [f64; 12] = [0.86, 0.84, 0.88, 0.92, 0.95, 0.84, 0.80, 0.58, 0.95, 1.06, 1.28, 1.70];

/// Relative demand by weekday, Monday first.
const WEEKDAYS: [f64; 7] = [1.08, 1.02, 0.99, 1.00, 0.90, 0.86, 1.15];

/// Growth of the number of new customers in a year.
const GROWTH: f64 = 1.28;

/// A sale with its code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sale {
    /// The code that shoppers type.
    pub code: &'static str,
    /// Discount in percent.
    pub percent: i64,
    /// Factor on demand.
    pub lift: f64,
}

/// The sale that runs on a day, if any.
pub fn sale_on(day: Day) -> Option<Sale> {
    let date = day.date();
    let black_friday = black_friday(i32::from(date.year()));
    if (-4..=3).contains(&day.since(black_friday)) {
        let lift = if day == black_friday { 3.4 } else { 2.0 };
        return Some(Sale { code: "BLACKFRIDAY", percent: 25, lift });
    }
    match (date.month(), date.day()) {
        (1, 3..=20) => Some(Sale { code: "WINTER20", percent: 20, lift: 1.3 }),
        (4, 10..=16) => Some(Sale { code: "SPRING10", percent: 10, lift: 1.25 }),
        (7, 1..=14) => Some(Sale { code: "ESTATE15", percent: 15, lift: 1.3 }),
        _ => None,
    }
}

/// The Friday after the fourth Thursday of November.
pub fn black_friday(year: i32) -> Day {
    let first = Month(year * 12 + 10).first_day();
    let weekday = i32::from(first.date().weekday().to_monday_zero_offset());
    let thursday = i32::from(Weekday::Thursday.to_monday_zero_offset());
    Day(first.0 + (thursday - weekday).rem_euclid(7) + 22)
}

/// Whether gifts are bought: from late November until the last posting day before Christmas.
pub fn is_gift_season(day: Day) -> bool {
    let date = day.date();
    matches!((date.month(), date.day()), (11, 20..) | (12, ..=20))
}

/// Demand on a day relative to an average day of the first year, growth left out.
pub fn demand(day: Day) -> f64 {
    let date = day.date();
    let mut demand = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    demand *= WEEKDAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
    if let Some(sale) = sale_on(day) {
        demand *= sale.lift;
    }
    if date.month() == 12 && date.day() > 20 {
        demand *= 0.45;
    }
    demand
}

/// Growth of the number of new customers since the first day.
pub fn growth(days_since_start: i32) -> f64 {
    GROWTH.powf(f64::from(days_since_start) / 365.25)
}

/// A clock that runs faster on busy days. A customer who buys at a constant rate on this clock buys with the season on
/// the calendar.
#[derive(Debug, Clone)]
pub struct Clock {
    start: Day,
    /// Ticks elapsed at the beginning of each day since `start`, and at the end of the last.
    elapsed: Vec<f64>,
}

impl Clock {
    /// A clock over `start..=until` whose speed on each day is `speed`.
    pub fn new(start: Day, until: Day, speed: impl Fn(Day) -> f64) -> Clock {
        let mut elapsed = vec![0.0];
        for day in start.0..=until.0 {
            elapsed.push(elapsed[elapsed.len() - 1] + speed(Day(day)));
        }
        Clock { start, elapsed }
    }

    /// Ticks over the whole period.
    pub fn total(&self) -> f64 {
        self.elapsed[self.elapsed.len() - 1]
    }

    /// Ticks elapsed at a calendar time, in days since the start.
    pub fn ticks_at(&self, time: f64) -> f64 {
        let day = (time as usize).min(self.elapsed.len() - 2);
        let within = (time - day as f64).clamp(0.0, 1.0);
        self.elapsed[day] + within * (self.elapsed[day + 1] - self.elapsed[day])
    }

    /// The calendar time in days since the start at which the clock shows `ticks`; `None` after the end.
    pub fn time_of(&self, ticks: f64) -> Option<f64> {
        if ticks >= self.total() {
            return None;
        }
        let day = self.elapsed.partition_point(|&elapsed| elapsed <= ticks) - 1;
        let within = (ticks - self.elapsed[day]) / (self.elapsed[day + 1] - self.elapsed[day]);
        Some(day as f64 + within)
    }

    /// The calendar day of a time in days since the start.
    pub fn day(&self, time: f64) -> Day {
        Day(self.start.0 + time as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn black_friday_follows_the_fourth_thursday() {
        for date in ["2021-11-26", "2022-11-25", "2023-11-24", "2024-11-29", "2025-11-28"] {
            assert_eq!(black_friday(date[..4].parse().unwrap()).to_string(), date);
        }
    }

    #[test]
    fn december_is_busier_than_august() {
        let mean = |from: &str, until: &str| {
            let days = day(from).0..=day(until).0;
            days.clone().map(|d| demand(Day(d))).sum::<f64>() / days.count() as f64
        };
        assert!(mean("2025-12-01", "2025-12-20") > 2.0 * mean("2025-08-01", "2025-08-31"));
    }

    #[test]
    fn the_clock_and_its_inverse_agree() {
        let clock = Clock::new(day("2024-01-01"), day("2024-12-31"), demand);
        for time in [0.0, 0.25, 31.5, 200.75, 365.9] {
            let back = clock.time_of(clock.ticks_at(time)).unwrap();
            assert!((back - time).abs() < 1e-9, "{time} {back}");
        }
        assert_eq!(clock.time_of(clock.total()), None);
        assert_eq!(clock.day(31.5).to_string(), "2024-02-01");
    }
}
