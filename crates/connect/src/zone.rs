//! Moments and local days of the shop's time zone, quickly: day boundaries are looked up once each.

use clove_core::Day;
use jiff::tz::TimeZone;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Days from 1970-01-01 whose boundaries are kept (until 2106).
const KEPT_DAYS: usize = 50_000;
/// First and last day that a date may have: years 1 and 9999, one day within.
const FIRST_DAY: i32 = -719_161;
const LAST_DAY: i32 = 2_932_895;

/// A time as a cell states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A pure date: that local day in any zone. Days since 1970-01-01.
    Date(i32),
    /// A time without zone: the shop's local time. Day and microseconds of the day.
    Local(i32, i64),
    /// A time with an offset or `Z`: microseconds since 1970 UTC.
    Instant(i64),
}

impl Moment {
    /// The moment as its column means it: in a column of UTC, a time without zone is an instant.
    pub fn in_column(self, utc: bool) -> Moment {
        match self {
            Moment::Local(day, micros) if utc => Moment::Instant(i64::from(day) * MICROS_PER_DAY + micros),
            other => other,
        }
    }
}

/// A moment and the local day it falls on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Microseconds since 1970 UTC.
    pub micros: i64,
    /// Local day in the shop's zone.
    pub day: Day,
}

impl Stamp {
    /// Marks a missing time in columns.
    pub const MISSING: Stamp = Stamp { micros: i64::MIN, day: Day(i32::MIN) };

    /// Whether this is no time at all.
    pub fn is_missing(self) -> bool {
        self.micros == i64::MIN
    }
}

/// The shop's time zone with the boundaries of the days met so far.
#[derive(Debug)]
pub struct Zone {
    rules: TimeZone,
    is_utc: bool,
    /// First instant of each local day since 1970-01-01, `i64::MIN` where not looked up yet.
    starts: Vec<i64>,
}

impl Zone {
    /// A zone without any boundary looked up.
    pub fn new(zone: &TimeZone) -> Zone {
        let is_utc = zone.iana_name() == Some("UTC") || *zone == TimeZone::UTC;
        Zone { rules: zone.clone(), is_utc, starts: Vec::new() }
    }

    /// The moment and local day of a cell; `None` beyond the years 1 to 9999.
    pub fn resolve(&mut self, moment: Moment) -> Option<Stamp> {
        let day = match moment {
            Moment::Date(day) | Moment::Local(day, _) => day,
            Moment::Instant(micros) => i32::try_from(micros.div_euclid(MICROS_PER_DAY)).ok()?,
        };
        if !(FIRST_DAY + 2..LAST_DAY - 2).contains(&day) {
            return None;
        }
        Some(match moment {
            Moment::Date(day) => Stamp { micros: self.start(day), day: Day(day) },
            Moment::Local(day, micros) => Stamp { micros: self.local(day, micros), day: Day(day) },
            Moment::Instant(micros) => {
                let mut local = day;
                if !self.is_utc {
                    while micros < self.start(local) {
                        local -= 1;
                    }
                    while micros >= self.start(local + 1) {
                        local += 1;
                    }
                }
                Stamp { micros, day: Day(local) }
            }
        })
    }

    /// The first instant of a local day.
    fn start(&mut self, day: i32) -> i64 {
        if self.is_utc {
            return i64::from(day) * MICROS_PER_DAY;
        }
        let index = usize::try_from(day).ok().filter(|&index| index < KEPT_DAYS);
        if let Some(index) = index {
            if self.starts.is_empty() {
                self.starts = vec![i64::MIN; KEPT_DAYS];
            }
            if self.starts[index] != i64::MIN {
                return self.starts[index];
            }
        }
        let midnight = Day(day).date().at(0, 0, 0, 0);
        let start = self
            .rules
            .to_ambiguous_zoned(midnight)
            .compatible()
            .map_or(i64::from(day) * MICROS_PER_DAY, |zoned| zoned.timestamp().as_microsecond());
        if let Some(index) = index {
            self.starts[index] = start;
        }
        start
    }

    /// The instant of a local time; in the gap of a clock change the later, in its overlap the earlier.
    fn local(&mut self, day: i32, micros: i64) -> i64 {
        let start = self.start(day);
        if self.is_utc || self.start(day + 1) - start == MICROS_PER_DAY {
            return start + micros;
        }
        let seconds = micros / MICROS_PER_SECOND;
        let time = Day(day).date().at(
            (seconds / 3_600).min(23) as i8,
            (seconds / 60 % 60) as i8,
            (seconds % 60) as i8,
            (micros % MICROS_PER_SECOND * 1_000) as i32,
        );
        self.rules
            .to_ambiguous_zoned(time)
            .compatible()
            .map_or(start + micros, |zoned| zoned.timestamp().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        text.parse::<Day>().unwrap().0
    }

    fn instant(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn rome() -> Zone {
        Zone::new(&TimeZone::get("Europe/Rome").unwrap())
    }

    #[test]
    fn an_instant_falls_on_the_shop_s_day() {
        let mut zone = rome();
        let stamp = zone.resolve(Moment::Instant(instant("2026-01-31T23:30:00Z"))).unwrap();
        assert_eq!(stamp.day.to_string(), "2026-02-01");
        let stamp = Zone::new(&TimeZone::UTC).resolve(Moment::Instant(instant("2026-01-31T23:30:00Z"))).unwrap();
        assert_eq!(stamp.day.to_string(), "2026-01-31");
    }

    #[test]
    fn days_with_a_clock_change_have_23_or_25_hours() {
        let mut zone = rome();
        assert_eq!(zone.start(day("2026-03-30")) - zone.start(day("2026-03-29")), 23 * 3_600 * MICROS_PER_SECOND);
        assert_eq!(zone.start(day("2026-10-26")) - zone.start(day("2026-10-25")), 25 * 3_600 * MICROS_PER_SECOND);
        let noon = zone.resolve(Moment::Local(day("2026-03-29"), 12 * 3_600 * MICROS_PER_SECOND)).unwrap();
        assert_eq!(noon.micros, instant("2026-03-29T10:00:00Z"));
        let early = zone.resolve(Moment::Instant(instant("2026-03-29T00:30:00Z"))).unwrap();
        assert_eq!(early.day.0, day("2026-03-29"));
    }

    #[test]
    fn every_instant_agrees_with_the_time_zone_library() {
        for name in
            ["Europe/Rome", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo", "America/New_York"]
        {
            let library = TimeZone::get(name).unwrap();
            let mut zone = Zone::new(&library);
            let mut micros = instant("2009-01-01T00:00:00Z");
            while micros < instant("2027-01-01T00:00:00Z") {
                let expected = jiff::Timestamp::from_microsecond(micros).unwrap().to_zoned(library.clone()).date();
                assert_eq!(
                    zone.resolve(Moment::Instant(micros)).unwrap().day,
                    Day::from_date(expected),
                    "{name} {micros}"
                );
                micros += 7 * 3_600 * MICROS_PER_SECOND + 13 * MICROS_PER_SECOND;
            }
        }
    }

    #[test]
    fn a_pure_date_is_that_day_in_any_zone() {
        let stamp = rome().resolve(Moment::Date(day("2026-05-01"))).unwrap();
        assert_eq!((stamp.day.0, stamp.micros), (day("2026-05-01"), instant("2026-04-30T22:00:00Z")));
        assert_eq!(rome().resolve(Moment::Date(i32::MAX)), None);
    }
}
