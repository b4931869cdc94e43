//! Numbers as people and programs write them, read without floats.

use clove_core::Currency;

/// Marks a missing amount in columns of scaled numbers.
pub const MISSING: i64 = i64::MIN;

/// Decimal places of amounts and quantities while they are being read.
pub const AMOUNT_PLACES: u32 = 6;

/// Decimal places of exchange rates.
pub const RATE_PLACES: u32 = 9;

const POWERS: [i64; 19] = {
    let mut powers = [1_i64; 19];
    let mut index = 1;
    while index < 19 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// The sign between whole and fractional digits. The Arabic sign `٫` is always understood beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalSign {
    /// `1,234.50`
    #[default]
    Dot,
    /// `1.234,50`
    Comma,
}

impl DecimalSign {
    /// The sign itself.
    pub fn sign(self) -> char {
        match self {
            DecimalSign::Dot => '.',
            DecimalSign::Comma => ',',
        }
    }
}

/// Why a cell is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// It holds something else than a number.
    NotANumber,
    /// Its separators do not fit the decimal sign of the column.
    Separators,
    /// It does not fit.
    TooLarge,
}

/// Whether a cell's text stands for "no value" (`-`, `n/a`, `null`, ...).
pub fn is_missing(cell: &[u8]) -> bool {
    match cell.len() {
        0 => true,
        1 => cell[0] == b'-',
        2 => cell.eq_ignore_ascii_case(b"na") || cell == b"--",
        3 => cell.eq_ignore_ascii_case(b"n/a") || cell.eq_ignore_ascii_case(b"nan") || cell == "–".as_bytes(),
        4 => [&b"null"[..], b"none", b"#n/a", b"<na>"].iter().any(|word| cell.eq_ignore_ascii_case(word)),
        _ => false,
    }
}

/// The cell without white space at its ends (ASCII; wider spaces are seen to where they matter).
pub fn trim(cell: &[u8]) -> &[u8] {
    cell.trim_ascii()
}

/// Reads a number as an integer scaled by `10^places`, rounding half to even beyond that.
///
/// `Ok(None)` stands for a cell without value.
pub fn parse_scaled(cell: &[u8], decimal: DecimalSign, places: u32) -> Result<Option<i64>, NumberFault> {
    let cell = trim(cell);
    if let Some(value) = parse_plain(cell, decimal, places) {
        return Ok(Some(value));
    }
    if is_missing(cell) {
        return Ok(None);
    }
    parse_written(cell, decimal, places)
}

/// Digits with at most one decimal sign and a minus: nearly every cell of nearly every file.
fn parse_plain(cell: &[u8], decimal: DecimalSign, places: u32) -> Option<i64> {
    let (negative, digits) = match cell.first()? {
        b'-' => (true, &cell[1..]),
        _ => (false, cell),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let sign = decimal.sign() as u8;
    let mut value = 0_i64;
    let mut point = None;
    for (position, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            value = value * 10 + i64::from(digit);
        } else if byte == sign && point.is_none() {
            point = Some(position);
        } else {
            return None;
        }
    }
    let fraction = match point {
        None => 0,
        Some(_) if digits.len() == 1 => return None,
        Some(position) => (digits.len() - 1 - position) as u32,
    };
    let value = value.checked_mul(POWERS[places.checked_sub(fraction)? as usize])?;
    Some(if negative { -value } else { value })
}

/// Everything else: signs of currency, separators of thousands, other digits, brackets for negatives.
fn parse_written(cell: &[u8], decimal: DecimalSign, places: u32) -> Result<Option<i64>, NumberFault> {
    let text = std::str::from_utf8(cell).map_err(|_| NumberFault::NotANumber)?;
    let mut plain = String::with_capacity(text.len());
    let mut words = String::new();
    let mut negative = false;
    let mut brackets = 0;
    // A sign of currency stands before or after the number, never within it: `d`, `wd` or `dw`.
    let mut shape = String::new();
    for character in text.chars() {
        match character {
            // A dot right behind a letter belongs to the word: "Fr. 5", "ر.س".
            '.' if shape.ends_with('w') && words.ends_with(char::is_alphabetic) => words.push(character),
            '0'..='9' | '.' | ',' => plain.push(character),
            '٫' => plain.push('\u{66b}'),
            '٬' | '\'' | '’' => plain.push('\''),
            '٠'..='٩' => plain.push(char::from(b'0' + (character as u32 - '٠' as u32) as u8)),
            '۰'..='۹' => plain.push(char::from(b'0' + (character as u32 - '۰' as u32) as u8)),
            '-' | '−' | '‐' | '–' if !negative => negative = true,
            '+' if plain.is_empty() => {}
            '(' => brackets += 1,
            ')' => brackets += 10,
            _ if is_direction_mark(character) => {}
            _ if character.is_whitespace() => {
                if !plain.is_empty() && words.is_empty() {
                    plain.push(' ');
                }
            }
            _ => {
                words.push(character);
                if !shape.ends_with('w') {
                    shape.push('w');
                }
            }
        }
        if character.is_numeric() && !shape.ends_with('d') {
            shape.push('d');
        }
    }
    if brackets == 11 {
        negative = true;
    } else if brackets != 0 {
        return Err(NumberFault::NotANumber);
    }
    let mut digits = plain.trim();
    if digits.is_empty() {
        return if words.is_empty() && !negative { Ok(None) } else { Err(NumberFault::NotANumber) };
    }
    if !words.is_empty() {
        if let Some(value) = parse_exponent(text, places) {
            return value.map(Some);
        }
        if shape.len() > 2 || !is_money_word(&words) {
            return Err(NumberFault::NotANumber);
        }
        // "1.200,00 Fr." and "kr. 5": the dot belongs to the word.
        digits = digits.trim_matches(['.', ',']).trim();
    }
    let normal = normalise_separators(digits, decimal)?;
    let value = clove_core::money::parse_decimal(&normal, places).map_err(|error| match error {
        clove_core::MoneyError::TooLarge(_) => NumberFault::TooLarge,
        _ => NumberFault::NotANumber,
    })?;
    Ok(Some(if negative { -value } else { value }))
}

pub(crate) fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200b}')
}

/// `1.5E+03`, as spreadsheets write large numbers.
fn parse_exponent(text: &str, places: u32) -> Option<Result<i64, NumberFault>> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-' | b'e' | b'E')) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    Some(scale_float(value, places).ok_or(NumberFault::TooLarge))
}

/// A float of a file with typed columns, rounded half to even to the given places; `None` if it does not fit.
pub fn scale_float(value: f64, places: u32) -> Option<i64> {
    let scaled = (value * POWERS[places as usize] as f64).round_ties_even();
    (scaled.abs() < 9.0e18).then_some(scaled as i64)
}

/// Floats of a file with typed columns; `None` if one of them is no number or too large.
pub fn scale_floats(values: &[f64], places: u32) -> Option<Vec<i64>> {
    let power = POWERS[places as usize] as f64;
    let mut fits = true;
    let scaled = values.iter().map(|value| {
        let scaled = value * power;
        fits &= scaled.abs() < 9.0e18;
        clove_core::round_half_even(scaled)
    });
    let scaled = scaled.collect();
    fits.then_some(scaled)
}

/// An integer of a file with typed columns.
pub fn scale_integer(value: i64, places: u32) -> Option<i64> {
    value.checked_mul(POWERS[places as usize])
}

fn is_money_word(words: &str) -> bool {
    let word = words.trim();
    let bare = word.trim_end_matches('.');
    matches!(
        bare,
        "$" | "¢"
            | "¥"
            | "kr"
            | "Dhs"
            | "DH"
            | "dh"
            | "Lei"
            | "LEI"
            | "EUROS"
            | "euros"
            | "euro"
            | "Euro"
            | "Rs"
            | "R$"
            | "CHF"
            | "SFr"
    ) || Currency::from_sign(word).is_some()
        || Currency::from_sign(bare).is_some()
        || word.chars().all(|character| "€£$¥₺₹₽₴₪₩₫﷼".contains(character))
}

/// The currency that a cell's sign means, where it is unambiguous.
pub fn currency_of_cell(cell: &str) -> Option<Currency> {
    let word: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !is_digit(*c) && !"-−+,'’٬٫()".contains(*c) && !is_direction_mark(*c))
        .collect();
    let trimmed = word.trim_matches('.');
    if trimmed.is_empty() {
        return None;
    }
    Currency::from_sign(trimmed).or_else(|| match trimmed {
        "Lei" | "LEI" => Currency::from_sign("lei"),
        "euro" | "Euro" | "euros" | "EUROS" => Some(Currency::EUR),
        _ => Currency::from_sign(&word),
    })
}

fn is_digit(character: char) -> bool {
    matches!(character, '0'..='9' | '٠'..='٩' | '۰'..='۹')
}

/// Rewrites digits and separators as a plain decimal with a dot.
fn normalise_separators(digits: &str, decimal: DecimalSign) -> Result<String, NumberFault> {
    let sign = decimal.sign();
    let other = if sign == '.' { ',' } else { '.' };
    let arabic = digits.contains('\u{66b}');
    let count = |wanted: char| digits.chars().filter(|&c| c == wanted).count();
    let decimal_sign = if arabic {
        '\u{66b}'
    } else if count(sign) > 1 && count(other) <= 1 {
        // Twice the sign can only be thousands, whatever the rest of the column says.
        other
    } else {
        sign
    };
    let (whole, fraction) = match digits.rsplit_once(decimal_sign) {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || whole.contains(decimal_sign) {
        return Err(NumberFault::Separators);
    }
    let separators: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    if let Some(&separator) = separators.first() {
        if separators.iter().any(|&c| c != separator) {
            return Err(NumberFault::Separators);
        }
        let groups: Vec<&str> = whole.split(separator).collect();
        let last = groups.len() - 1;
        // Groups of two occur in India, the last group always has three.
        let well_formed = groups.iter().enumerate().all(|(index, group)| match index {
            0 => (1..=3).contains(&group.len()),
            _ if index == last => group.len() == 3,
            _ => group.len() == 3 || group.len() == 2,
        });
        if !well_formed {
            return Err(NumberFault::Separators);
        }
    }
    let mut plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !fraction.is_empty() {
        plain.push('.');
        plain.push_str(fraction);
    }
    Ok(plain)
}

/// What the cells of a column say about its decimal sign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DecimalEvidence {
    /// Cells that only make sense with a decimal dot.
    pub dot: u32,
    /// Cells that only make sense with a decimal comma.
    pub comma: u32,
    /// Cells such as `1,234`: a comma before three digits.
    pub comma_or_thousands: u32,
    /// Cells such as `1.234`.
    pub dot_or_thousands: u32,
}

impl DecimalEvidence {
    /// Takes one more cell into account.
    pub fn add(&mut self, cell: &str) {
        let dots = cell.matches('.').count();
        let commas = cell.matches(',').count();
        let digits_after =
            |sign: char| cell.rsplit_once(sign).map_or(0, |(_, rest)| rest.chars().filter(|c| c.is_numeric()).count());
        let leading = |sign: char| {
            let whole = cell.split(sign).next().unwrap_or("");
            let digits: String = whole.chars().filter(|c| c.is_numeric()).collect();
            digits == "0" || digits.is_empty() || digits.len() > 3
        };
        match (dots, commas) {
            (0, 0) => {}
            (1.., 1..) => {
                if cell.rfind('.') > cell.rfind(',') {
                    self.dot += 1;
                } else {
                    self.comma += 1;
                }
            }
            (1, 0) if digits_after('.') != 3 || leading('.') => self.dot += 1,
            (1, 0) => self.dot_or_thousands += 1,
            (0, 1) if digits_after(',') != 3 || leading(',') => self.comma += 1,
            (0, 1) => self.comma_or_thousands += 1,
            (_, 0) => self.comma += 1,
            (0, _) => self.dot += 1,
        }
    }

    /// Both columns' evidence together.
    #[must_use]
    pub fn with(self, other: DecimalEvidence) -> DecimalEvidence {
        DecimalEvidence {
            dot: self.dot + other.dot,
            comma: self.comma + other.comma,
            comma_or_thousands: self.comma_or_thousands + other.comma_or_thousands,
            dot_or_thousands: self.dot_or_thousands + other.dot_or_thousands,
        }
    }

    /// The sign that the cells decide for, if they do.
    pub fn decided(self) -> Option<DecimalSign> {
        match self.dot.cmp(&self.comma) {
            std::cmp::Ordering::Greater => Some(DecimalSign::Dot),
            std::cmp::Ordering::Less => Some(DecimalSign::Comma),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// Division of integers, halves to the even neighbour.
pub fn divide_half_even(value: i128, divisor: i128) -> i128 {
    let quotient = value.div_euclid(divisor);
    let twice = value.rem_euclid(divisor) * 2;
    if twice > divisor || (twice == divisor && quotient % 2 != 0) { quotient + 1 } else { quotient }
}

/// The product of two amounts of the reading scale, in that scale; `None` if it does not fit.
pub fn multiply(left: i64, right: i64) -> Option<i64> {
    let scale = POWERS[AMOUNT_PLACES as usize];
    if right % scale == 0 {
        return left.checked_mul(right / scale);
    }
    divide_half_even(i128::from(left) * i128::from(right), i128::from(scale)).try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(cell: &str, decimal: DecimalSign) -> Result<Option<i64>, NumberFault> {
        parse_scaled(cell.as_bytes(), decimal, 2)
    }

    #[test]
    fn amounts_of_many_hands_are_read() {
        for (cell, decimal, expected) in [
            ("1234.5", DecimalSign::Dot, 123_450),
            ("1,234.50", DecimalSign::Dot, 123_450),
            ("£1,234.50", DecimalSign::Dot, 123_450),
            ("$ 12", DecimalSign::Dot, 1_200),
            ("(12.00)", DecimalSign::Dot, -1_200),
            ("12.00-", DecimalSign::Dot, -1_200),
            ("1.234,50 €", DecimalSign::Comma, 123_450),
            ("1\u{202f}234,50\u{a0}€", DecimalSign::Comma, 123_450),
            ("1 234,5", DecimalSign::Comma, 123_450),
            ("1'234.50", DecimalSign::Dot, 123_450),
            ("12,5 lei", DecimalSign::Comma, 1_250),
            ("1.234 RON", DecimalSign::Comma, 123_400),
            ("١٬٢٣٤٫٥٦", DecimalSign::Dot, 123_456),
            ("٤٨٠٠", DecimalSign::Dot, 480_000),
            ("\u{200f}١٢٫٥ ر.س", DecimalSign::Dot, 1_250),
            ("−5,00", DecimalSign::Comma, -500),
            ("1.5E+03", DecimalSign::Dot, 150_000),
            ("12,34,567.00", DecimalSign::Dot, 123_456_700),
            ("1.234.567", DecimalSign::Dot, 123_456_700),
            ("0.125", DecimalSign::Dot, 12),
            ("+3", DecimalSign::Dot, 300),
            ("EUR 5", DecimalSign::Dot, 500),
        ] {
            assert_eq!(read(cell, decimal), Ok(Some(expected)), "{cell}");
        }
    }

    #[test]
    fn no_value_is_not_zero() {
        for cell in ["", " ", "-", "n/a", "NaN", "null", "None", "–", "\u{a0}"] {
            assert_eq!(read(cell, DecimalSign::Dot), Ok(None), "{cell:?}");
        }
        assert_eq!(read("0", DecimalSign::Dot), Ok(Some(0)));
    }

    #[test]
    fn contradictory_separators_are_refused() {
        assert_eq!(read("12.50", DecimalSign::Comma), Err(NumberFault::Separators));
        assert_eq!(read("12,50", DecimalSign::Dot), Err(NumberFault::Separators));
        assert_eq!(read("1,2,3", DecimalSign::Dot), Err(NumberFault::Separators));
        assert_eq!(read("abc", DecimalSign::Dot), Err(NumberFault::NotANumber));
        assert_eq!(read("12 pieces", DecimalSign::Dot), Err(NumberFault::NotANumber));
        assert_eq!(read("99999999999999999999", DecimalSign::Dot), Err(NumberFault::TooLarge));
    }

    #[test]
    fn signs_name_their_currency() {
        assert_eq!(currency_of_cell("£3.50").map(Currency::code), Some("GBP"));
        assert_eq!(currency_of_cell("12,50 lei").map(Currency::code), Some("RON"));
        assert_eq!(currency_of_cell("1.234,50 €").map(Currency::code), Some("EUR"));
        assert_eq!(currency_of_cell("$3").map(Currency::code), None);
        assert_eq!(currency_of_cell("3").map(Currency::code), None);
    }

    #[test]
    fn cells_decide_the_decimal_sign() {
        let decide = |cells: &[&str]| {
            let mut evidence = DecimalEvidence::default();
            for cell in cells {
                evidence.add(cell);
            }
            evidence.decided()
        };
        assert_eq!(decide(&["1,234.50"]), Some(DecimalSign::Dot));
        assert_eq!(decide(&["1.234", "12,5"]), Some(DecimalSign::Comma));
        assert_eq!(decide(&["1.234.567"]), Some(DecimalSign::Comma));
        assert_eq!(decide(&["0.125"]), Some(DecimalSign::Dot));
        assert_eq!(decide(&["1.234", "5"]), None);
    }

    fn write(minor: i64, thousands: &str, decimal: &str, arabic: bool) -> String {
        let digits = format!("{:03}", minor.unsigned_abs());
        let (whole, cents) = digits.split_at(digits.len() - 2);
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push_str(thousands);
            }
            grouped.push(digit);
        }
        let text = format!("{}{grouped}{decimal}{cents}", if minor < 0 { "-" } else { "" });
        if !arabic {
            return text;
        }
        text.chars()
            .map(|c| c.to_digit(10).map_or(c, |digit| char::from_u32('٠' as u32 + digit).unwrap_or(c)))
            .collect()
    }

    proptest! {
        #[test]
        fn what_a_locale_writes_is_read_back(minor in -999_999_999_999_i64..999_999_999_999) {
            for (thousands, decimal, sign, arabic) in [
                ("", ".", DecimalSign::Dot, false),
                (",", ".", DecimalSign::Dot, false),
                (".", ",", DecimalSign::Comma, false),
                ("\u{202f}", ",", DecimalSign::Comma, false),
                ("\u{a0}", ",", DecimalSign::Comma, false),
                ("'", ".", DecimalSign::Dot, false),
                ("٬", "٫", DecimalSign::Dot, true),
            ] {
                let text = write(minor, thousands, decimal, arabic);
                prop_assert_eq!(read(&text, sign), Ok(Some(minor)), "{}", text);
            }
        }

        #[test]
        fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse_scaled(&bytes, DecimalSign::Dot, 6);
            let _ = parse_scaled(&bytes, DecimalSign::Comma, 9);
        }
    }
}
