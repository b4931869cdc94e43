//! Local calendar days and months, as plain numbers.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::Micros;

/// A local calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date.
    pub fn from_date(date: Date) -> Day {
        Day(days_from_civil(i32::from(date.year()), date.month() as u32, date.day() as u32))
    }

    /// The local day of a moment in a time zone; moments beyond the calendar fall on its first or last day.
    pub fn of_moment(moment: Micros, zone: &TimeZone) -> Day {
        let beyond = if moment < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let timestamp = Timestamp::from_microsecond(moment).unwrap_or(beyond);
        Day::from_date(timestamp.to_zoned(zone.clone()).date())
    }

    /// The moment of a local time of this day; in the gap of a clock change the later one, in its overlap the earlier one.
    pub fn at(self, hour: i8, minute: i8, zone: &TimeZone) -> Micros {
        let local = self.date().at(hour, minute, 0, 0);
        let utc = i64::from(self.0) * 86_400_000_000;
        zone.to_ambiguous_zoned(local).compatible().map_or(utc, |zoned| zoned.timestamp().as_microsecond())
    }

    /// The civil date of this day; days outside years -9999..=9999 are clamped.
    pub fn date(self) -> Date {
        let (year, month, day) = civil_from_days(self.0);
        Date::new(year.clamp(-9999, 9999) as i16, month as i8, day as i8).unwrap_or(Date::ZERO)
    }

    /// The calendar month that this day lies in.
    pub fn month(self) -> Month {
        let (year, month, _) = civil_from_days(self.0);
        Month(year * 12 + month as i32 - 1)
    }

    /// Where the day begins in UTC, microseconds since 1970; days that microseconds do not reach are cut off.
    pub fn start_utc(self) -> i64 {
        i64::from(self.0).saturating_mul(86_400_000_000)
    }

    /// Days from `earlier` to this day; negative if `earlier` is later.
    pub fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.trim()
            .parse::<Date>()
            .map(Day::from_date)
            .map_err(|_| format!("'{text}' is not a date; write it as 2026-06-30"))
    }
}

/// A calendar month: `year * 12 + month - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The first day of the month.
    pub fn first_day(self) -> Day {
        Day(days_from_civil(self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1, 1))
    }

    /// The last day of the month.
    pub fn last_day(self) -> Day {
        Day(Month(self.0 + 1).first_day().0 - 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.trim().split_once('-').and_then(|(year, month)| {
            let year: i32 = year.parse().ok().filter(|year| (1..=9999).contains(year))?;
            let month: i32 = month.parse().ok().filter(|month| (1..=12).contains(month))?;
            Some(Month(year * 12 + month - 1))
        });
        parsed.ok_or_else(|| format!("'{text}' is not a month; write it as 2026-06"))
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
pub fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    // Years start in March so that the leap day is the last of its year.
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month (1..=12) and day (1..=31) of a day counted from 1970-01-01.
pub fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_centuries_agrees_with_the_calendar_library() {
        let mut date = Date::new(1600, 1, 1).unwrap();
        let mut day = Day::from_date(date);
        while date.year() < 2400 {
            assert_eq!(Day::from_date(date), day);
            assert_eq!(day.date(), date);
            date = date.tomorrow().unwrap();
            day = Day(day.0 + 1);
        }
    }

    #[test]
    fn a_moment_falls_on_the_local_day_and_local_times_lead_back_to_moments() {
        let rome = TimeZone::get("Europe/Rome").unwrap();
        let late = "2026-01-31T23:30:00Z".parse::<Timestamp>().unwrap().as_microsecond();
        assert_eq!(Day::of_moment(late, &rome).to_string(), "2026-02-01");
        assert_eq!(Day::of_moment(late, &TimeZone::UTC).to_string(), "2026-01-31");
        let day: Day = "2026-02-01".parse().unwrap();
        assert_eq!(day.at(0, 30, &rome), late);
        // 02:30 does not exist on the day on which clocks go forward.
        let change: Day = "2026-03-29".parse().unwrap();
        assert_eq!(change.at(2, 30, &rome), "2026-03-29T01:30:00Z".parse::<Timestamp>().unwrap().as_microsecond());
        assert_eq!(Day::of_moment(i64::MAX, &rome).date().year(), 9999);
    }

    #[test]
    fn months_know_their_first_and_last_day() {
        let month = "2024-02".parse::<Month>().unwrap();
        assert_eq!(month.first_day().to_string(), "2024-02-01");
        assert_eq!(month.last_day().to_string(), "2024-02-29");
        assert_eq!("2024-02-10".parse::<Day>().unwrap().month(), month);
        assert!("2024-13".parse::<Month>().is_err());
    }
}
