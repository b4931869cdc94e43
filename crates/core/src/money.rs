//! Money: whole minor units and a currency with its exponent. Never floats.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An amount in minor units (cents for EUR, yen for JPY, fils for KWD).
pub type Minor = i64;

/// What can be wrong with an amount or a currency code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The code is not in ISO 4217.
    #[error("'{0}' is not an ISO 4217 currency code; write for instance EUR, USD or JPY")]
    UnknownCurrency(String),
    /// The text is not a plain decimal number.
    #[error("'{0}' is not a decimal number")]
    NotANumber(String),
    /// The number does not fit 64 bits of minor units.
    #[error("'{0}' is too large for an amount of money")]
    TooLarge(String),
}

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Euro, for tests and examples.
    pub const EUR: Currency = Currency(iso_currency::Currency::EUR);

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimal places between a major and a minor unit (EUR 2, JPY 0, KWD 3).
    pub fn exponent(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(2))
    }

    /// Minor units in a major unit: `10^exponent`.
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(self.exponent())
    }

    /// The currency meant by a code or an unambiguous sign (`€`, `£`, `zł`, `lei`, ...). `$` and `kr` are not unambiguous.
    pub fn from_sign(sign: &str) -> Option<Currency> {
        let code = match sign.trim() {
            "€" => "EUR",
            "£" => "GBP",
            "₺" => "TRY",
            "₹" => "INR",
            "₽" => "RUB",
            "₴" => "UAH",
            "₪" => "ILS",
            "₩" => "KRW",
            "₫" => "VND",
            "zł" | "zl" => "PLN",
            "lei" | "leu" => "RON",
            "Kč" => "CZK",
            "Ft" => "HUF",
            "CHF" | "Fr." => "CHF",
            "US$" => "USD",
            "ر.س" | "﷼" => "SAR",
            "د.إ" => "AED",
            "ج.م" => "EGP",
            "د.م." => "MAD",
            other => other,
        };
        code.parse().ok()
    }

    /// Parses a plain decimal (`-12.345`, ASCII digits, dot) to minor units, rounding half to even beyond the exponent.
    pub fn parse_minor(self, text: &str) -> Result<Minor, MoneyError> {
        parse_decimal(text, self.exponent())
    }

    /// The amount as a decimal string in major units with all its decimals: `"614.10"`.
    pub fn format(self, amount: Minor) -> String {
        let exponent = self.exponent() as usize;
        let sign = if amount < 0 { "-" } else { "" };
        let digits = amount.unsigned_abs();
        if exponent == 0 {
            return format!("{sign}{digits}");
        }
        let scale = self.minor_per_major() as u64;
        format!("{sign}{}.{:0exponent$}", digits / scale, digits % scale)
    }

    /// The amount in major units as a float, for models and plots only.
    pub fn to_major(self, amount: Minor) -> f64 {
        amount as f64 / self.minor_per_major() as f64
    }

    /// A computed value in major units rounded half to even to whole minor units.
    pub fn from_major(self, amount: f64) -> Minor {
        (amount * self.minor_per_major() as f64).round_ties_even() as Minor
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        let upper = code.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&upper)
            .map(Currency)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.to_owned()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Parses a plain decimal to an integer scaled by `10^places`, rounding half to even beyond that.
///
/// Accepts an optional sign, digits, an optional dot and digits. No exponent, no separators: sources normalise first.
pub fn parse_decimal(text: &str, places: u32) -> Result<i64, MoneyError> {
    let not_a_number = || MoneyError::NotANumber(text.to_owned());
    let too_large = || MoneyError::TooLarge(text.to_owned());
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes.first() {
        Some(b'-') => (true, &bytes[1..]),
        Some(b'+') => (false, &bytes[1..]),
        Some(_) => (false, bytes),
        None => return Err(not_a_number()),
    };
    let mut value: i64 = 0;
    let mut seen_digit = false;
    let mut position = 0;
    while position < digits.len() && digits[position].is_ascii_digit() {
        value = value
            .checked_mul(10)
            .and_then(|scaled| scaled.checked_add(i64::from(digits[position] - b'0')))
            .ok_or_else(too_large)?;
        seen_digit = true;
        position += 1;
    }
    let mut missing_places = places;
    let mut rounding = Rounding::Below;
    if position < digits.len() {
        if digits[position] != b'.' {
            return Err(not_a_number());
        }
        for &digit in &digits[position + 1..] {
            if !digit.is_ascii_digit() {
                return Err(not_a_number());
            }
            seen_digit = true;
            let digit = digit - b'0';
            if missing_places > 0 {
                value = value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit))).ok_or_else(too_large)?;
                missing_places -= 1;
                continue;
            }
            rounding = rounding.with_digit(digit);
        }
    }
    if !seen_digit {
        return Err(not_a_number());
    }
    for _ in 0..missing_places {
        value = value.checked_mul(10).ok_or_else(too_large)?;
    }
    if rounding.is_up(value) {
        value = value.checked_add(1).ok_or_else(too_large)?;
    }
    Ok(if negative { -value } else { value })
}

/// How the digits beyond the kept ones compare with one half.
#[derive(Clone, Copy, PartialEq)]
enum Rounding {
    /// No digit seen yet, all kept digits exact.
    Below,
    /// The first digit was below five, or some later digit cannot matter.
    Down,
    /// Exactly five followed by zeros so far.
    Half,
    /// More than one half.
    Up,
}

impl Rounding {
    fn with_digit(self, digit: u8) -> Rounding {
        match (self, digit) {
            (Rounding::Below, 0..=4) => Rounding::Down,
            (Rounding::Below, 5) => Rounding::Half,
            (Rounding::Below, _) | (Rounding::Half, 1..) => Rounding::Up,
            (state, _) => state,
        }
    }

    fn is_up(self, kept: i64) -> bool {
        match self {
            Rounding::Below | Rounding::Down => false,
            Rounding::Half => kept % 2 != 0,
            Rounding::Up => true,
        }
    }
}

/// The nearest whole number of minor units, half to even; amounts beyond the range get its end.
pub fn round_half_even(amount: f64) -> Minor {
    // Adding 1.5 * 2^52 leaves no bits for a fraction, and the processor rounds half to even.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    const SMALL: f64 = 2_251_799_813_685_248.0;
    if amount.abs() < SMALL { (amount + WHOLE - WHOLE) as Minor } else { amount.round_ties_even() as Minor }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_half_to_even() {
        for amount in
            [0.0, 0.5, 1.5, -0.5, -2.5, 2.5, 0.49999999999999994, 12.7, -1e9 - 0.5, 2.25e15 + 0.5, 1e300, f64::NAN]
        {
            assert_eq!(round_half_even(amount), amount.round_ties_even() as Minor, "{amount}");
        }
    }

    #[test]
    fn amounts_are_parsed_by_the_exponent_of_their_currency() {
        let jpy: Currency = "JPY".parse().unwrap();
        let kwd: Currency = "kwd".parse().unwrap();
        assert_eq!(Currency::EUR.parse_minor("614.10"), Ok(61_410));
        assert_eq!(Currency::EUR.parse_minor("-0.5"), Ok(-50));
        assert_eq!(Currency::EUR.parse_minor(".5"), Ok(50));
        assert_eq!(jpy.parse_minor("4800"), Ok(4_800));
        assert_eq!(kwd.parse_minor("1.234"), Ok(1_234));
    }

    #[test]
    fn halves_round_to_even() {
        assert_eq!(Currency::EUR.parse_minor("0.125"), Ok(12));
        assert_eq!(Currency::EUR.parse_minor("0.135"), Ok(14));
        assert_eq!(Currency::EUR.parse_minor("0.1250001"), Ok(13));
        assert_eq!(Currency::EUR.parse_minor("-0.135"), Ok(-14));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", ".", "1,5", "1e3", "12a", "99999999999999999999"] {
            assert!(Currency::EUR.parse_minor(text).is_err(), "{text}");
        }
    }

    #[test]
    fn formatting_keeps_all_decimals() {
        assert_eq!(Currency::EUR.format(61_410), "614.10");
        assert_eq!(Currency::EUR.format(-5), "-0.05");
        assert_eq!("JPY".parse::<Currency>().unwrap().format(4_800), "4800");
    }
}
