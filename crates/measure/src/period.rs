//! Spans of days, and the spans that they are compared with.

use std::str::FromStr;

use clove_core::{Day, Month};

/// Days from the first to the last, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
}

/// What a span is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// The span just before it: as many whole months before whole months, else as many days.
    Previous,
    /// The same dates a year before.
    Year,
}

impl Compare {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Compare::Previous => "previous",
            Compare::Year => "year",
        }
    }
}

/// The length of the steps of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Days.
    Day,
    /// Weeks, Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
}

impl FromStr for Compare {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = [Compare::Previous, Compare::Year].into_iter().find(|compare| compare.name() == text);
        known.ok_or_else(|| format!("'{text}' is no comparison; choose previous or year"))
    }
}

impl FromStr for Interval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Interval::ALL.into_iter().find(|interval| interval.name() == text);
        known.ok_or_else(|| format!("'{text}' is no length of time; choose day, week, month, quarter or year"))
    }
}

impl Interval {
    /// All of them, shortest first.
    pub const ALL: [Interval; 5] = [Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Quarter => "quarter",
            Interval::Year => "year",
        }
    }

    /// The number of the step that a day lies in.
    pub fn of(self, day: Day) -> i32 {
        match self {
            Interval::Day => day.0,
            // 1970-01-01 was a Thursday: day -3 began its week.
            Interval::Week => (day.0 + 3).div_euclid(7),
            Interval::Month => day.month().0,
            Interval::Quarter => day.month().0.div_euclid(3),
            Interval::Year => day.month().0.div_euclid(12),
        }
    }

    /// The first day of a step.
    pub fn first_day(self, number: i32) -> Day {
        match self {
            Interval::Day => Day(number),
            Interval::Week => Day(number * 7 - 3),
            Interval::Month => Month(number).first_day(),
            Interval::Quarter => Month(number * 3).first_day(),
            Interval::Year => Month(number * 12).first_day(),
        }
    }
}

impl Span {
    /// How many days it has.
    pub fn days(self) -> i32 {
        self.until.since(self.from) + 1
    }

    /// Whether a day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.until
    }

    /// The span that it is compared with, when only its days up to `last` have come: as much of the other span as has come of
    /// this one. A last day of a month stays one, so that February of any year is compared with a whole February.
    #[must_use]
    pub fn compared(self, with: Compare, last: Day) -> Span {
        let come = Span { until: self.until.min(last), ..self };
        match with {
            Compare::Year => Span { from: year_before(self.from), until: year_before_end(come.until) },
            Compare::Previous => {
                let before = Day(self.from.0 - 1);
                let whole = match self.whole_months() {
                    Some(months) => Span { from: Month(self.from.month().0 - months).first_day(), until: before },
                    None => Span { from: Day(self.from.0 - self.days()), until: before },
                };
                let until = if come == self { whole.until } else { Day(whole.from.0 + come.days() - 1) };
                Span { until: until.min(whole.until), ..whole }
            }
        }
    }

    /// How many calendar months it is, if it starts and ends with one.
    fn whole_months(self) -> Option<i32> {
        let (first, last) = (self.from.month(), self.until.month());
        let whole = self.from == first.first_day() && self.until == last.last_day();
        whole.then_some(last.0 - first.0 + 1)
    }
}

/// The same date a year before; 28 February for 29 February.
fn year_before(day: Day) -> Day {
    let month = Month(day.month().0 - 12);
    Day((month.first_day().0 + day.since(day.month().first_day())).min(month.last_day().0))
}

fn year_before_end(day: Day) -> Day {
    if day == day.month().last_day() { Month(day.month().0 - 12).last_day() } else { year_before(day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(from: &str, until: &str, with: Compare, last: &str) -> (String, String) {
        let span = Span { from: from.parse().unwrap(), until: until.parse().unwrap() };
        let other = span.compared(with, last.parse().unwrap());
        (other.from.to_string(), other.until.to_string())
    }

    fn days(from: &str, until: &str) -> (String, String) {
        (from.to_owned(), until.to_owned())
    }

    #[test]
    fn whole_months_are_compared_with_whole_months() {
        let of = |from, until, with| compared(from, until, with, "2030-01-01");
        assert_eq!(of("2026-03-01", "2026-03-31", Compare::Previous), days("2026-02-01", "2026-02-28"));
        assert_eq!(of("2026-01-01", "2026-03-31", Compare::Previous), days("2025-10-01", "2025-12-31"));
        assert_eq!(of("2026-03-02", "2026-03-31", Compare::Previous), days("2026-01-31", "2026-03-01"));
        assert_eq!(of("2025-02-01", "2025-02-28", Compare::Year), days("2024-02-01", "2024-02-29"));
        assert_eq!(of("2024-02-29", "2024-03-10", Compare::Year), days("2023-02-28", "2023-03-10"));
    }

    #[test]
    fn a_span_that_is_not_over_is_compared_with_as_many_days() {
        let of = |with| compared("2026-06-01", "2026-06-30", with, "2026-06-20");
        assert_eq!(of(Compare::Previous), days("2026-05-01", "2026-05-20"));
        assert_eq!(of(Compare::Year), days("2025-06-01", "2025-06-20"));
        let march = compared("2026-03-01", "2026-03-31", Compare::Previous, "2026-03-30");
        assert_eq!(march, days("2026-02-01", "2026-02-28"), "February has no 30 days");
    }
}
