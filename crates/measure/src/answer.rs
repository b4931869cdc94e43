//! What every answer is made of: amounts, rates with their parts, quantiles.

use clove_core::{Currency, Minor, Table, Values};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Below this many customers or orders a figure is shown with its n, and neither ranked nor called a driver.
pub const SMALL_N: u64 = 30;

/// An amount of money; serialised as a decimal string in major units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Minor units.
    pub minor: Minor,
    /// The currency.
    pub currency: Currency,
}

impl Amount {
    /// An amount in minor units.
    pub fn new(minor: Minor, currency: Currency) -> Amount {
        Amount { minor, currency }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.currency.format(self.minor))
    }
}

/// A share or a count per head: numerator over denominator, null over zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// The quotient; null if the denominator is zero.
    pub value: Option<f64>,
    /// How many of them.
    pub numerator: u64,
    /// Out of how many.
    pub denominator: u64,
    /// Whether the denominator is too small to rank by.
    pub small: bool,
}

impl Rate {
    /// `numerator / denominator`.
    pub fn new(numerator: u64, denominator: u64) -> Rate {
        let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
        Rate { value, numerator, denominator, small: denominator < SMALL_N }
    }
}

/// Money over money: a rate of value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MoneyShare {
    /// The quotient; null if the denominator is zero.
    pub value: Option<f64>,
    /// The part; null where the files have no amounts.
    pub numerator: Option<Amount>,
    /// The whole; null where the files have no amounts.
    pub denominator: Option<Amount>,
}

impl MoneyShare {
    /// `numerator / denominator` of one currency.
    pub fn new(numerator: Minor, denominator: Minor, currency: Currency) -> MoneyShare {
        let value = (denominator != 0).then(|| numerator as f64 / denominator as f64);
        MoneyShare {
            value,
            numerator: Some(Amount::new(numerator, currency)),
            denominator: Some(Amount::new(denominator, currency)),
        }
    }

    /// The share where no amounts are known.
    pub const UNKNOWN: MoneyShare = MoneyShare { value: None, numerator: None, denominator: None };
}

/// Money per head: an average value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MoneyPer {
    /// The quotient in major units with two decimals more than the currency has; null over zero heads or where the sum is
    /// not known.
    pub value: Option<Quotient>,
    /// The sum; null where it is not known (margin without any cost).
    pub numerator: Option<Amount>,
    /// How many heads.
    pub denominator: u64,
    /// Whether there are too few heads to rank by.
    pub small: bool,
}

impl MoneyPer {
    /// `sum / heads`.
    pub fn new(sum: Option<Minor>, heads: u64, currency: Currency) -> MoneyPer {
        let value = sum.and_then(|sum| Quotient::new(sum, heads, currency));
        MoneyPer {
            value,
            numerator: sum.map(|sum| Amount::new(sum, currency)),
            denominator: heads,
            small: heads < SMALL_N,
        }
    }

    /// The quotient in major units as a float, for plots and further ratios.
    pub fn as_f64(&self) -> Option<f64> {
        self.value.map(Quotient::as_f64)
    }

    /// The quotient rounded half to even to whole minor units.
    pub fn rounded(&self) -> Option<Minor> {
        self.value.map(Quotient::rounded)
    }
}

/// An exact quotient of an amount and a positive count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotient {
    sum: i128,
    count: i128,
    currency: Currency,
}

/// Decimals that a quotient shows beyond those of its currency.
const EXTRA_DECIMALS: u32 = 2;

impl Quotient {
    /// `sum / count`; nothing over zero.
    pub fn new(sum: Minor, count: u64, currency: Currency) -> Option<Quotient> {
        (count > 0).then_some(Quotient { sum: sum.into(), count: count.into(), currency })
    }

    /// `self - other`, exact. Both are of one currency.
    #[must_use]
    pub fn minus(self, other: Quotient) -> Quotient {
        let sum = self.sum * other.count - other.sum * self.count;
        Quotient { sum, count: self.count * other.count, currency: self.currency }
    }

    /// The currency of the sum.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// In major units.
    pub fn as_f64(self) -> f64 {
        // One division, so that the nearest number comes out.
        self.sum as f64 / (self.count as f64 * self.currency.minor_per_major() as f64)
    }

    /// Rounded half to even to whole minor units.
    pub fn rounded(self) -> Minor {
        round_half_even(self.sum, self.count) as Minor
    }

    /// The decimal text in major units: always the currency's decimals, two more where they are not zero.
    pub fn text(self) -> String {
        let extra = 10_i128.pow(EXTRA_DECIMALS);
        let scaled = round_half_even(self.sum * extra, self.count);
        let decimals = (self.currency.exponent() + EXTRA_DECIMALS) as usize;
        let scale = i128::from(self.currency.minor_per_major()) * extra;
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, part) = (scaled.abs() / scale, scaled.abs() % scale);
        let mut text = format!("{sign}{whole}.{part:0decimals$}");
        for _ in 0..EXTRA_DECIMALS {
            if !text.ends_with('0') {
                break;
            }
            text.pop();
        }
        text.trim_end_matches('.').to_owned()
    }
}

impl Serialize for Quotient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

/// Rounds `numerator / denominator` (denominator > 0) to the nearest whole number, halves to even.
fn round_half_even(numerator: i128, denominator: i128) -> i128 {
    let floor = numerator.div_euclid(denominator);
    let twice = 2 * numerator.rem_euclid(denominator);
    match twice.cmp(&denominator) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

/// A table's first rows as JSON objects: money as decimal text, days as `YYYY-MM-DD`, what is missing as null.
pub fn table_rows(table: &Table, most: usize) -> Vec<Map<String, Value>> {
    let cell = |values: &Values, row: usize| match values {
        Values::Int(values) => values[row].map_or(Value::Null, Value::from),
        Values::Float(values, _) | Values::Share(values) => values[row].map_or(Value::Null, Value::from),
        Values::Money(values, currency) => {
            values[row].map_or(Value::Null, |amount| Value::from(currency.format(amount)))
        }
        Values::Text(values) => values[row].clone().map_or(Value::Null, Value::from),
        Values::Date(values) => values[row].map_or(Value::Null, |day| Value::from(day.to_string())),
        Values::Bool(values) => values[row].map_or(Value::Null, Value::from),
    };
    let row =
        |row: usize| table.columns.iter().map(|column| (column.name.clone(), cell(&column.values, row))).collect();
    (0..table.rows().min(most)).map(row).collect()
}

/// Quantile of sorted values with linear interpolation between neighbours; nothing of nothing.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_are_exact_and_round_half_to_even_for_display_only() {
        let text = |sum, count| Quotient::new(sum, count, Currency::EUR).map(Quotient::text);
        assert_eq!(text(27_910, 4).as_deref(), Some("69.775"));
        assert_eq!(text(61_410, 10).as_deref(), Some("61.41"));
        assert_eq!(text(10_000, 3).as_deref(), Some("33.3333"));
        assert_eq!(text(-10_000, 3).as_deref(), Some("-33.3333"));
        assert_eq!(text(5, 0), None);
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(Quotient::new(100, 1, yen).unwrap().text(), "100");
        assert_eq!(Quotient::new(101, 2, yen).unwrap().text(), "50.5");
        assert_eq!(Quotient::new(101, 2, yen).unwrap().rounded(), 50);
    }

    #[test]
    fn zero_denominators_give_null() {
        assert_eq!(Rate::new(3, 0).value, None);
        assert_eq!(MoneyShare::new(3, 0, Currency::EUR).value, None);
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[19.0, 50.0, 78.0, 92.0], 0.5), Some(64.0));
        assert_eq!(quantile(&[1.0], 0.9), Some(1.0));
    }
}
