//! Decimal numbers as they are written: exact, never floats.

use std::fmt;
use std::str::FromStr;

use clove_core::{Currency, Minor, MoneyError};
use serde::{Deserialize, Serialize};

/// An exact decimal number such as `19.90`. In JSON a string; a JSON number is taken as well, by its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(String);

/// Longest number of digits before or behind the dot.
const MOST_DIGITS: i64 = 30;

impl Default for Decimal {
    /// Zero.
    fn default() -> Decimal {
        Decimal("0".to_owned())
    }
}

impl Decimal {
    /// An amount of money in major units.
    pub fn of(amount: Minor, currency: Currency) -> Decimal {
        Decimal(currency.format(amount))
    }

    /// The text: an optional minus, digits, maybe a dot and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In minor units, rounded half to even beyond the currency's decimals.
    pub fn rounded(&self, currency: Currency) -> Result<Minor, MoneyError> {
        currency.parse_minor(&self.0)
    }

    /// In minor units; `None` if it has more decimals than the currency.
    pub fn exact(&self, currency: Currency) -> Result<Option<Minor>, MoneyError> {
        let decimals = self.0.split_once('.').map_or("", |(_, decimals)| decimals.trim_end_matches('0'));
        if decimals.len() > currency.exponent() as usize {
            return Ok(None);
        }
        self.rounded(currency).map(Some)
    }

    /// Times a number of units.
    pub fn times(&self, quantity: i64, currency: Currency) -> Result<Minor, MoneyError> {
        let decimals = self.0.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let too_large = || MoneyError::TooLarge(self.0.clone());
        let digits: i128 = self.0.replace('.', "").parse().map_err(|_| too_large())?;
        let product = digits.checked_mul(i128::from(quantity)).ok_or_else(too_large)?;
        let sign = if product < 0 { "-" } else { "" };
        let padded = format!("{:0width$}", product.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = padded.split_at(padded.len() - decimals);
        let text = if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
        currency.parse_minor(&text)
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.starts_with('-') && self.0.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    }
}

impl FromStr for Decimal {
    type Err = MoneyError;

    /// Takes plain decimals and exponents (`1.5e-3`), nothing else.
    fn from_str(text: &str) -> Result<Decimal, MoneyError> {
        let wrong = || MoneyError::NotANumber(text.chars().take(60).collect());
        let trimmed = text.trim();
        let (mantissa, exponent) = match trimmed.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| wrong())?),
            None => (trimmed, 0),
        };
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return Err(wrong());
        }
        let whole_digits = whole.len() as i64 + exponent;
        let fraction_digits = fraction.len() as i64 - exponent;
        if [whole.len() as i64, fraction.len() as i64, whole_digits, fraction_digits].iter().any(|&n| n > MOST_DIGITS) {
            return Err(MoneyError::TooLarge(text.chars().take(60).collect()));
        }
        let mut all = format!("{whole}{fraction}");
        if whole_digits < 0 {
            all.insert_str(0, &"0".repeat(whole_digits.unsigned_abs() as usize));
        }
        let point = whole_digits.max(0) as usize;
        while all.len() < point {
            all.push('0');
        }
        let (whole, fraction) = all.split_at(point);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        Ok(Decimal(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }))
    }
}

impl TryFrom<String> for Decimal {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Decimal, MoneyError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(decimal: Decimal) -> String {
        decimal.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_become_minor_units_without_floats() {
        let read = |text: &str| text.parse::<Decimal>().unwrap();
        for (text, plain) in
            [("1.5e-3", "0.0015"), ("12E2", "1200"), ("-00.50", "-0.50"), (".5", "0.5"), ("1.25e1", "12.5")]
        {
            assert_eq!(read(text).as_str(), plain);
        }
        assert_eq!(read("0.1").times(3, Currency::EUR), Ok(30));
        assert_eq!(read("0.335").times(3, Currency::EUR), Ok(100));
        assert_eq!(read("-0.05").times(3, Currency::EUR), Ok(-15));
        assert_eq!(read("1.999999999999999").rounded(Currency::EUR), Ok(200));
        assert_eq!(read("1.999").exact(Currency::EUR), Ok(None));
        assert_eq!(read("1.990").exact(Currency::EUR), Ok(Some(199)));
        for text in ["", ".", "1,5", "NaN", "1e99999", "١", "1e", "--1"] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn amounts_come_back(amount in any::<i64>()) {
            let amount = amount / 2;
            prop_assert_eq!(Decimal::of(amount, Currency::EUR).to_string().parse::<Decimal>().unwrap().exact(Currency::EUR), Ok(Some(amount)));
        }

        #[test]
        fn arbitrary_texts_never_panic(text in "\\PC{0,40}") {
            if let Ok(decimal) = text.parse::<Decimal>() {
                prop_assert_eq!(decimal.as_str().parse::<Decimal>().unwrap(), decimal);
            }
        }
    }
}
