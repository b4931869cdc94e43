//! Which currency the shop keeps its books in, and what an amount in another is worth there.

use std::collections::BTreeMap;

use clove_core::{Currency, Day, NONE, Names};

use crate::error::ReadError;
use crate::number::{AMOUNT_PLACES, MISSING, RATE_PLACES, divide_half_even};
use crate::raw::RawOrders;

/// A rate of one: the currency is the shop's own.
pub const ONE: i64 = 1_000_000_000;
/// Days after which a rate is too old.
const RATE_DAYS: i32 = 7;

/// Rates by currency and day, from a rates file.
#[derive(Debug, Default)]
pub struct Rates {
    by_currency: BTreeMap<&'static str, Vec<(Day, i64)>>,
}

impl Rates {
    /// Adds a rate.
    pub fn add(&mut self, currency: Currency, day: Day, rate: i64) {
        self.by_currency.entry(currency.code()).or_default().push((day, rate));
    }

    /// To be called when all rates are in.
    pub fn sort(&mut self) {
        self.by_currency.values_mut().for_each(|rates| rates.sort());
    }

    /// The last rate known on a day, at most 7 days old.
    pub fn on(&self, currency: Currency, day: Day) -> Option<i64> {
        let rates = self.by_currency.get(currency.code())?;
        let before = rates.partition_point(|&(known, _)| known <= day);
        let &(known, rate) = rates.get(before.checked_sub(1)?)?;
        (day.since(known) <= RATE_DAYS).then_some(rate)
    }
}

/// The meaning of each text in the currency column; `None` for what is no currency.
pub fn meanings(names: &Names) -> Vec<Option<Currency>> {
    names.iter().map(Currency::from_sign).collect()
}

/// The shop's currency: the option, else the only one in the data, else the one whose rate is always 1, else an error
/// with the counts; `Ok(None)` if nothing names a currency.
pub fn shop_currency(
    option: Option<Currency>,
    orders: &RawOrders,
    meanings: &[Option<Currency>],
    sign: Option<Currency>,
) -> Result<Option<Currency>, ReadError> {
    if option.is_some() {
        return Ok(option);
    }
    // Orders and orders with a rate of one, per currency.
    let mut counts: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
    for order in 0..orders.len() {
        let code = orders.currency.get(order);
        if let Some(currency) = (code != NONE).then(|| meanings[code as usize]).flatten() {
            let (all, at_one) = counts.entry(currency.code()).or_default();
            *all += 1;
            *at_one += u64::from(orders.rate.get(order) == ONE);
        }
    }
    let parse = |code: &str| code.parse::<Currency>().ok();
    match counts.len() {
        0 => return Ok(sign),
        1 => return Ok(counts.keys().next().and_then(|code| parse(code))),
        _ => {}
    }
    let home: Vec<&&str> = counts.iter().filter(|(_, (all, at_one))| all == at_one).map(|(code, _)| code).collect();
    if let [only] = home.as_slice() {
        return Ok(parse(only));
    }
    let mut listed: Vec<(&str, u64)> = counts.iter().map(|(code, (all, _))| (*code, *all)).collect();
    listed.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let counts: Vec<String> = listed.iter().map(|(code, count)| format!("{code}: {count}")).collect();
    Err(ReadError::ManyCurrencies { counts: counts.join(", ") })
}

/// An order's rate; one where all are.
pub fn rate_of(rates: &[i64], order: usize) -> i64 {
    rates.get(order).copied().unwrap_or(ONE)
}

/// An amount of the reading scale times a rate, in minor units of a currency, half to even.
pub fn convert(amount: i64, rate: i64, currency: Currency) -> i64 {
    Converter::new(currency).convert(amount, rate)
}

/// [`convert`] for many amounts of one currency.
#[derive(Debug, Clone, Copy)]
pub struct Converter {
    exponent: u32,
    /// Amounts of the reading scale in a minor unit; 0 if a minor unit is finer.
    divisor: i64,
}

/// The divisor of currencies with two decimals, nearly all.
const CENTS: i64 = 10_i64.pow(AMOUNT_PLACES - 2);

impl Converter {
    /// To minor units of this currency.
    pub fn new(currency: Currency) -> Converter {
        let exponent = currency.exponent();
        Converter { exponent, divisor: AMOUNT_PLACES.checked_sub(exponent).map_or(0, |places| 10_i64.pow(places)) }
    }

    /// An amount in minor units.
    pub fn convert(self, amount: i64, rate: i64) -> i64 {
        if amount == MISSING {
            return 0;
        }
        if rate == ONE && self.divisor > 0 {
            // A divisor that the compiler knows is a multiplication.
            let (quotient, rest) = if self.divisor == CENTS {
                (amount / CENTS, amount % CENTS)
            } else {
                (amount / self.divisor, amount % self.divisor)
            };
            if rest == 0 {
                return quotient;
            }
            return divide_half_even(i128::from(amount), i128::from(self.divisor)) as i64;
        }
        let divisor = 10_i128.pow(AMOUNT_PLACES + RATE_PLACES - self.exponent);
        divide_half_even(i128::from(amount) * i128::from(rate), divisor) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_converted_at_the_order_s_rate_half_to_even() {
        assert_eq!(convert(110_000_000, 900_000_000, Currency::EUR), 9_900);
        assert_eq!(convert(11_000_000, 900_000_000, Currency::EUR), 990);
        assert_eq!(convert(125_000, ONE, Currency::EUR), 12);
        assert_eq!(convert(135_000, ONE, Currency::EUR), 14);
        assert_eq!(convert(-125_000, ONE, Currency::EUR), -12);
        assert_eq!(convert(4_800_500_000, ONE, "JPY".parse().unwrap()), 4_800);
        assert_eq!(convert(MISSING, ONE, Currency::EUR), 0);
    }

    #[test]
    fn a_rate_is_known_for_seven_days() {
        let mut rates = Rates::default();
        rates.add(Currency::EUR, Day(100), 5);
        rates.add(Currency::EUR, Day(90), 4);
        rates.sort();
        assert_eq!(rates.on(Currency::EUR, Day(100)), Some(5));
        assert_eq!(rates.on(Currency::EUR, Day(107)), Some(5));
        assert_eq!(rates.on(Currency::EUR, Day(108)), None);
        assert_eq!(rates.on(Currency::EUR, Day(95)), Some(4));
        assert_eq!(rates.on(Currency::EUR, Day(89)), None);
    }
}
