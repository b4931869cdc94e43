//! Numbers as people of a language write them. The one place where the report formats a number.
//!
//! Separators, percent signs and minimum grouping follow the Unicode CLDR, version 48.

use serde::{Deserialize, Serialize};

use super::data::{Figure, Ground};
use super::scale::tick_decimals;

/// A language of the report. Words are English so far; numbers and the direction of the page follow each language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Italian.
    It,
    /// French.
    Fr,
    /// Arabic, with Latin digits.
    Ar,
    /// Romanian.
    Ro,
}

impl Language {
    /// The BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::It => "it",
            Language::Fr => "fr",
            Language::Ar => "ar",
            Language::Ro => "ro",
        }
    }

    /// Whether text runs from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Language::Ar
    }

    fn thousands(self) -> &'static str {
        match self {
            Language::En | Language::Ar => ",",
            Language::It | Language::Ro => ".",
            Language::Fr => "\u{202f}",
        }
    }

    fn decimal(self) -> &'static str {
        match self {
            Language::En | Language::Ar => ".",
            Language::It | Language::Fr | Language::Ro => ",",
        }
    }

    /// Digits before the decimal sign from which on thousands are set apart.
    fn grouping_from(self) -> usize {
        if self == Language::It { 5 } else { 4 }
    }

    fn percent(self) -> &'static str {
        match self {
            Language::En | Language::It => "%",
            Language::Fr | Language::Ro => "\u{a0}%",
            Language::Ar => "\u{200e}%\u{200e}",
        }
    }
}

/// What stands for an unknown figure.
pub const UNKNOWN: &str = "–";

/// Formats the numbers of one report.
#[derive(Debug, Clone)]
pub struct Format {
    language: Language,
    currency: String,
    currency_decimals: usize,
}

impl Format {
    /// A formatter for a report's language and currency.
    pub fn new(language: Language, ground: &Ground) -> Format {
        Format { language, currency: ground.currency.clone(), currency_decimals: ground.currency_decimals as usize }
    }

    /// A number with a fixed number of decimals, rounded half to even on its exact binary value.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return UNKNOWN.to_owned();
        }
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::with_capacity(plain.len() + 8);
        if value < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            text.push('\u{2212}');
        }
        for (position, digit) in whole.char_indices() {
            let left = whole.len() - position;
            if position > 0 && left % 3 == 0 && whole.len() >= self.language.grouping_from() {
                text.push_str(self.language.thousands());
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(self.language.decimal());
            text.push_str(fraction);
        }
        text
    }

    /// A count.
    pub fn count(&self, count: u64) -> String {
        self.number(count as f64, 0)
    }

    /// An amount with its currency: whole units from 100 on, else all decimals.
    pub fn money(&self, amount: f64) -> String {
        self.money_with(amount, self.money_decimals(amount))
    }

    /// An amount with its currency and the given decimals.
    pub fn money_with(&self, amount: f64, decimals: usize) -> String {
        self.with_currency(&self.amount(amount, decimals))
    }

    /// An amount with its currency in whole units, for sentences and axes.
    pub fn round_money(&self, amount: f64) -> String {
        self.with_currency(&self.number(amount, 0))
    }

    /// An amount without currency, with at most the currency's decimals.
    pub fn amount(&self, amount: f64, decimals: usize) -> String {
        self.number(amount, decimals.min(self.currency_decimals))
    }

    /// Decimals that suit amounts up to `largest`: none from 100 on, else those of the currency.
    pub fn money_decimals(&self, largest: f64) -> usize {
        if largest.abs() >= 99.995 { 0 } else { self.currency_decimals }
    }

    /// The currency's code.
    pub fn currency(&self) -> &str {
        &self.currency
    }

    fn with_currency(&self, amount: &str) -> String {
        if self.currency.is_empty() { amount.to_owned() } else { format!("{amount}\u{a0}{}", self.currency) }
    }

    /// Labels for ticks of a value axis, and what to write before the unit: large numbers are given in thousands or
    /// millions, so that they stay short.
    pub fn axis(&self, ticks: &[f64]) -> (Vec<(f64, String)>, &'static str) {
        let largest = ticks.iter().fold(0.0_f64, |largest, tick| largest.max(tick.abs()));
        let (divisor, word) = match largest {
            large if large >= 2_000_000.0 => (1_000_000.0, "million "),
            large if large >= 100_000.0 => (1_000.0, "thousand "),
            _ => (1.0, ""),
        };
        let scaled: Vec<f64> = ticks.iter().map(|tick| tick / divisor).collect();
        let decimals = tick_decimals(&scaled);
        (ticks.iter().zip(scaled).map(|(&tick, scaled)| (tick, self.number(scaled, decimals))).collect(), word)
    }

    /// A share as a percentage with the given decimals.
    pub fn percent(&self, share: f64, decimals: usize) -> String {
        if !share.is_finite() {
            return UNKNOWN.to_owned();
        }
        format!("{}{}", self.number(share * 100.0, decimals), self.language.percent())
    }

    /// A share as a percentage with its sign.
    pub fn signed_percent(&self, share: f64, decimals: usize) -> String {
        let text = self.percent(share, decimals);
        if share > 0.0 { format!("+{text}") } else { text }
    }

    /// A figure in the way it wants.
    pub fn figure(&self, figure: Figure) -> String {
        match figure {
            Figure::Money(amount) => self.money(amount),
            Figure::Count(count) => self.count(count),
            Figure::Share(share) => self.percent(share, 1),
            Figure::Days(days) => self.days(days),
            Figure::Ratio(ratio) => format!("{}\u{202f}×", self.number(ratio, 1)),
            Figure::Average(value) => self.number(value, 2),
            Figure::Number(value) => self.number(value, 3),
            Figure::Unknown => UNKNOWN.to_owned(),
        }
    }

    /// A number of days with its unit.
    pub fn days(&self, days: f64) -> String {
        let rounded = self.number(days, 0);
        let unit = if rounded == "1" { "day" } else { "days" };
        format!("{rounded}\u{a0}{unit}")
    }

    /// An optional number, or the sign for unknown.
    pub fn or_unknown<T>(&self, value: Option<T>, format: impl Fn(&Self, T) -> String) -> String {
        value.map_or_else(|| UNKNOWN.to_owned(), |value| format(self, value))
    }
}

/// The short name of a month given as `2026-06`, or the text itself if it is no month.
pub fn month_name(month: &str) -> String {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parsed = month.split_once('-').and_then(|(year, month)| {
        let month: usize = month.parse().ok().filter(|month| (1..=12).contains(month))?;
        year.parse::<u16>().ok().map(|year| format!("{} {year}", NAMES[month - 1]))
    });
    parsed.unwrap_or_else(|| month.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(language: Language) -> Format {
        let ground = Ground { currency: "EUR".into(), currency_decimals: 2, ..Ground::default() };
        Format::new(language, &ground)
    }

    #[test]
    fn separators_follow_the_language() {
        let written = |language, value, decimals| format(language).number(value, decimals);
        assert_eq!(written(Language::En, 1_234_567.89, 2), "1,234,567.89");
        assert_eq!(written(Language::It, 4_800.0, 0), "4800");
        assert_eq!(written(Language::It, 1_234_567.89, 2), "1.234.567,89");
        assert_eq!(written(Language::Fr, 4_800.0, 0), "4\u{202f}800");
        assert_eq!(written(Language::Ar, 4_800.0, 0), "4,800");
        assert_eq!(written(Language::Ro, 4_800.0, 0), "4.800");
        assert_eq!(written(Language::En, -0.004, 2), "0.00");
        assert_eq!(written(Language::En, -1_234.5, 1), "−1,234.5");
        assert_eq!(written(Language::En, 999.5, 0), "1,000");
        assert_eq!(written(Language::En, f64::NAN, 2), UNKNOWN);
    }

    #[test]
    fn money_and_shares_carry_their_signs() {
        assert_eq!(format(Language::En).money(61.41), "61.41\u{a0}EUR");
        assert_eq!(format(Language::En).money(9_800.4), "9,800\u{a0}EUR");
        assert_eq!(format(Language::En).percent(0.053, 1), "5.3%");
        assert_eq!(format(Language::It).percent(0.053, 1), "5,3%");
        assert_eq!(format(Language::Fr).percent(0.053, 1), "5,3\u{a0}%");
        assert_eq!(format(Language::En).signed_percent(0.121, 1), "+12.1%");
        assert_eq!(format(Language::En).days(1.0), "1\u{a0}day");
        assert_eq!(format(Language::En).figure(Figure::Unknown), "–");
        let yen = Ground { currency: "JPY".into(), currency_decimals: 0, ..Ground::default() };
        assert_eq!(Format::new(Language::En, &yen).money(80.0), "80\u{a0}JPY");
    }

    #[test]
    fn axis_labels_stay_short() {
        let labels = |ticks: &[f64]| {
            let (labels, word) = format(Language::En).axis(ticks);
            (labels.into_iter().map(|label| label.1).collect::<Vec<_>>().join(" "), word)
        };
        assert_eq!(labels(&[0.0, 20_000.0, 40_000.0]), ("0 20,000 40,000".to_owned(), ""));
        assert_eq!(labels(&[0.0, 50_000.0, 100_000.0]), ("0 50 100".to_owned(), "thousand "));
        assert_eq!(labels(&[0.0, 2_500_000.0, 5_000_000.0]), ("0.0 2.5 5.0".to_owned(), "million "));
    }

    #[test]
    fn months_have_names() {
        assert_eq!(month_name("2026-06"), "Jun 2026");
        assert_eq!(month_name("2026-13"), "2026-13");
        assert_eq!(month_name("all"), "all");
    }
}
