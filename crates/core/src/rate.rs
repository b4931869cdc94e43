//! Exchange rates: exact decimals, and what an amount in one currency is worth in another.

use crate::money::{Currency, Minor, MoneyError, parse_decimal};

/// Decimal places of a rate.
const PLACES: u32 = 9;

/// Units of one currency per unit of another, with nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExchangeRate(i64);

impl ExchangeRate {
    /// One to one.
    pub const ONE: ExchangeRate = ExchangeRate(10_i64.pow(PLACES));

    /// Reads a plain decimal such as `0.9`.
    ///
    /// # Errors
    /// If it is no decimal, or not positive.
    pub fn parse(text: &str) -> Result<ExchangeRate, MoneyError> {
        match parse_decimal(text.trim(), PLACES)? {
            rate if rate > 0 => Ok(ExchangeRate(rate)),
            _ => Err(MoneyError::NotANumber(text.to_owned())),
        }
    }

    /// What an amount in minor units of `from` is worth in minor units of `to`, rounded half to even. The rate is units of
    /// `to` per unit of `from`. Beyond 64 bits the largest amount of its sign.
    pub fn convert(self, amount: Minor, from: Currency, to: Currency) -> Minor {
        if self == ExchangeRate::ONE && from.exponent() == to.exponent() {
            return amount;
        }
        let limit = if amount < 0 { Minor::MIN } else { Minor::MAX };
        let scaled = i128::from(amount) * i128::from(self.0);
        let Some(product) = scaled.checked_mul(10_i128.pow(to.exponent())) else { return limit };
        let divisor = 10_i128.pow(PLACES + from.exponent());
        let (quotient, rest) = (product.div_euclid(divisor), product.rem_euclid(divisor));
        let up = match (rest * 2).cmp(&divisor) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => quotient & 1,
            std::cmp::Ordering::Greater => 1,
        };
        Minor::try_from(quotient + up).unwrap_or(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_converted_half_to_even_between_exponents() {
        let usd: Currency = "USD".parse().unwrap();
        let yen: Currency = "JPY".parse().unwrap();
        let rate = |text| ExchangeRate::parse(text).unwrap();
        assert_eq!(rate("0.9").convert(11_000, usd, Currency::EUR), 9_900);
        assert_eq!(rate("0.9").convert(1_100, usd, Currency::EUR), 990);
        assert_eq!(rate("0.5").convert(25, usd, Currency::EUR), 12);
        assert_eq!(rate("0.5").convert(27, usd, Currency::EUR), 14);
        assert_eq!(rate("0.5").convert(-25, usd, Currency::EUR), -12);
        assert_eq!(rate("0.0061").convert(1_000, yen, Currency::EUR), 610);
        assert_eq!(rate("1").convert(12_345, usd, Currency::EUR), 12_345);
        assert_eq!(rate("1000000").convert(i64::MAX, usd, Currency::EUR), i64::MAX);
        for wrong in ["0", "-1", "", "1,2", "one"] {
            assert!(ExchangeRate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
