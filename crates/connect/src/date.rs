//! Dates and times as files write them.

use clove_core::day::days_from_civil;

use crate::number::is_direction_mark;
use crate::zone::Moment;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Whether the day or the month comes first in `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 3 April 2026
    DayMonthYear,
    /// March 4, 2026
    MonthDayYear,
}

impl DateOrder {
    /// The name in commands and mapping files.
    pub fn name(self) -> &'static str {
        match self {
            DateOrder::DayMonthYear => "dmy",
            DateOrder::MonthDayYear => "mdy",
        }
    }
}

impl std::str::FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "dmy" => Ok(DateOrder::DayMonthYear),
            "mdy" => Ok(DateOrder::MonthDayYear),
            other => Err(format!("'{other}' is no order of day and month; choose dmy or mdy")),
        }
    }
}

impl std::fmt::Display for DateOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a cell is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// It is not written like a date.
    NotADate,
    /// There is no such day or time.
    NoSuchDay,
}

/// Reads a date or time. `order` decides where day and month could be exchanged; without it the day comes first.
pub fn parse_moment(cell: &[u8], order: Option<DateOrder>) -> Result<Moment, DateFault> {
    if let Some(moment) = parse_iso(cell) {
        return moment;
    }
    let text = std::str::from_utf8(cell).map_err(|_| DateFault::NotADate)?;
    parse_written(text, order)
}

/// Reads a month (`2026-01`, `01/2026`, `202601`, `January 2026`) or any date within it; gives its first day.
pub fn parse_month(cell: &[u8], order: Option<DateOrder>) -> Result<Moment, DateFault> {
    let text = std::str::from_utf8(cell).map_err(|_| DateFault::NotADate)?.trim();
    let numbers: Vec<&str> = text.split(['-', '/', '.', ' ']).collect();
    let parsed = match numbers.as_slice() {
        [year, month] if year.len() == 4 && year.as_bytes()[0].is_ascii_digit() => {
            Some((*year, month.parse().ok().or_else(|| month_of(month))))
        }
        [month, year] if year.len() == 4 => Some((*year, month.parse().ok().or_else(|| month_of(month)))),
        [both] if both.len() == 6 && both.is_ascii() => Some((&both[..4], both[4..].parse().ok())),
        _ => None,
    };
    if let Some((year, Some(month))) = parsed {
        let year = year.parse().map_err(|_| DateFault::NotADate)?;
        return civil(year, month, 1).map(Moment::Date);
    }
    parse_moment(cell, order)
}

fn two(bytes: &[u8]) -> Option<u32> {
    let (tens, ones) = (bytes.first()?.wrapping_sub(b'0'), bytes.get(1)?.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

fn civil(year: i32, month: u32, day: u32) -> Result<i32, DateFault> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Err(DateFault::NoSuchDay),
    };
    if (1..=days).contains(&day) && (1..=9_999).contains(&year) {
        Ok(days_from_civil(year, month, day))
    } else {
        Err(DateFault::NoSuchDay)
    }
}

/// `2026-03-04`, `2026-03-04T10:00:00.5Z`, `2026-03-04 10:00 +0100`; `None` if it is written otherwise.
fn parse_iso(cell: &[u8]) -> Option<Result<Moment, DateFault>> {
    if cell.len() < 10 || cell[4] != b'-' || cell[7] != b'-' {
        return None;
    }
    let year = two(cell)? * 100 + two(&cell[2..])?;
    let (month, day) = (two(&cell[5..])?, two(&cell[8..])?);
    let day = match civil(year as i32, month, day) {
        Ok(day) => day,
        Err(fault) => return Some(Err(fault)),
    };
    if cell.len() == 10 {
        return Some(Ok(Moment::Date(day)));
    }
    if !matches!(cell[10], b'T' | b' ' | b't') {
        return None;
    }
    Some(parse_clock(&cell[11..]).map(|clock| clock.on(day)))
}

/// A time of day, maybe with an offset from UTC in seconds.
struct Clock {
    micros: i64,
    offset: Option<i64>,
}

impl Clock {
    fn on(self, day: i32) -> Moment {
        match self.offset {
            None => Moment::Local(day, self.micros),
            Some(offset) => Moment::Instant(i64::from(day) * MICROS_PER_DAY + self.micros - offset * MICROS_PER_SECOND),
        }
    }
}

fn parse_clock(text: &[u8]) -> Result<Clock, DateFault> {
    let text = text.trim_ascii();
    let (mut hour, mut rest) = match (two(text), text.first()) {
        (Some(hour), _) => (hour, &text[2..]),
        (None, Some(digit)) if digit.is_ascii_digit() => (u32::from(digit - b'0'), &text[1..]),
        _ => return Err(DateFault::NotADate),
    };
    let mut minute = 0;
    let mut second = 0;
    let mut micros = 0_i64;
    if let Some(after) = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b".")).or_else(|| rest.strip_prefix(b"h"))
    {
        minute = two(after).ok_or(DateFault::NotADate)?;
        rest = &after[2..];
        if let Some(after) = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b".")) {
            second = two(after).ok_or(DateFault::NotADate)?;
            rest = &after[2..];
            if let Some(after) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
                let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
                for digit in after[..digits].iter().map(|byte| byte - b'0').chain([0; 6]).take(6) {
                    micros = micros * 10 + i64::from(digit);
                }
                rest = &after[digits..];
            }
        }
    }
    rest = rest.trim_ascii();
    for (marks, add) in
        [(&[&b"am"[..], b"a.m.", "ص".as_bytes()][..], 0), (&[&b"pm"[..], b"p.m.", "م".as_bytes()][..], 12)]
    {
        if let Some(mark) =
            marks.iter().find(|mark| rest.len() >= mark.len() && rest[..mark.len()].eq_ignore_ascii_case(mark))
        {
            if !(1..=12).contains(&hour) {
                return Err(DateFault::NoSuchDay);
            }
            hour = hour % 12 + add;
            rest = rest[mark.len()..].trim_ascii();
            break;
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        // Midnight at the end of a day, as some tills write it.
        if !(hour == 24 && minute == 0 && second == 0) {
            return Err(DateFault::NoSuchDay);
        }
    }
    let micros =
        (i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second.min(59))) * MICROS_PER_SECOND + micros;
    Ok(Clock { micros, offset: parse_offset(rest)? })
}

fn parse_offset(text: &[u8]) -> Result<Option<i64>, DateFault> {
    let text = match text {
        [] => return Ok(None),
        b"Z" | b"z" | b"UTC" | b"GMT" | b"utc" | b"gmt" | b"+00" | b"+00:00" | b"+0000" => return Ok(Some(0)),
        _ => text.strip_prefix(b"UTC").or_else(|| text.strip_prefix(b"GMT")).unwrap_or(text),
    };
    let (sign, digits) = match text.first() {
        Some(b'+') => (1, &text[1..]),
        Some(b'-') => (-1, &text[1..]),
        _ => return Err(DateFault::NotADate),
    };
    let hours = two(digits).ok_or(DateFault::NotADate)?;
    let rest = &digits[2..];
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let minutes = if rest.is_empty() { 0 } else { two(rest).ok_or(DateFault::NotADate)? };
    if rest.len() > 2 || hours > 18 || minutes > 59 {
        return Err(DateFault::NotADate);
    }
    Ok(Some(sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60)))
}

/// All other ways of writing.
fn parse_written(text: &str, order: Option<DateOrder>) -> Result<Moment, DateFault> {
    let text: String = text
        .chars()
        .filter(|&c| !is_direction_mark(c))
        .map(|c| match c {
            '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
            c if c.is_whitespace() => ' ',
            '،' => ',',
            '٫' => '.',
            c => c,
        })
        .collect();
    let text = text.trim();
    if let Some(moment) = parse_iso(text.as_bytes()) {
        return moment;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
        && let Some(moment) = parse_number(text)?
    {
        return Ok(moment);
    }
    let (day, rest) = if named_month(text).is_some() { parse_named_day(text)? } else { parse_numeric(text, order)? };
    finish(day, rest)
}

fn finish(day: i32, rest: &str) -> Result<Moment, DateFault> {
    let mut rest = rest.trim_start_matches([',', ' ', 'T']).trim();
    for word in ["at ", "à ", "alle ore ", "alle ", "ore ", "ora ", "la ", "- ", "في ", "الساعة "] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    if rest.is_empty() { Ok(Moment::Date(day)) } else { Ok(parse_clock(rest.as_bytes())?.on(day)) }
}

/// `20260304`, `20260304101500`, seconds or milliseconds since 1970, Excel's days since 1900.
fn parse_number(text: &str) -> Result<Option<Moment>, DateFault> {
    let digits = text.len();
    let separators = text.bytes().filter(|byte| !byte.is_ascii_digit()).count();
    if separators == 0 {
        let number: i64 = text.parse().map_err(|_| DateFault::NotADate)?;
        return match digits {
            8 => civil((number / 10_000) as i32, (number / 100 % 100) as u32, (number % 100) as u32)
                .map(Moment::Date)
                .map(Some),
            14 => {
                let (date, clock) = text.split_at(8);
                let Some(Moment::Date(day)) = parse_number(date)? else { return Err(DateFault::NotADate) };
                let clock = parse_clock(format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..]).as_bytes())?;
                Ok(Some(clock.on(day)))
            }
            9 | 10 => Ok(Some(Moment::Instant(number * MICROS_PER_SECOND))),
            12 | 13 => Ok(Some(Moment::Instant(number * 1_000))),
            16 => Ok(Some(Moment::Instant(number))),
            5 if (20_000..80_000).contains(&number) => Ok(Some(Moment::Date(excel_day(number)))),
            _ => Err(DateFault::NotADate),
        };
    }
    if separators == 1 {
        let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
        // "05.12" is no serial; "45321.6041" is.
        if whole.len() == 5 && !fraction.is_empty() && fraction.len() <= 18 {
            let number: i64 = whole.parse().map_err(|_| DateFault::NotADate)?;
            if (20_000..80_000).contains(&number) {
                return Ok(Some(excel_moment(number, fraction)));
            }
        }
        if whole.len() == 10 {
            let seconds: i64 = whole.parse().map_err(|_| DateFault::NotADate)?;
            return Ok(Some(Moment::Instant(seconds * MICROS_PER_SECOND)));
        }
    }
    Ok(None)
}

fn excel_day(serial: i64) -> i32 {
    // Serial 25569 is 1970-01-01 (in the system that starts in 1900, all that spreadsheets write today).
    (serial - 25_569) as i32
}

fn excel_moment(serial: i64, fraction: &str) -> Moment {
    let share: f64 = format!("0.{fraction}").parse().unwrap_or(0.0);
    // Serials have about a second's worth of noise in their last digits.
    let seconds = (share * 86_400.0).round() as i64;
    let day = excel_day(serial) + (seconds / 86_400) as i32;
    match seconds % 86_400 {
        0 => Moment::Date(day),
        seconds => Moment::Local(day, seconds * MICROS_PER_SECOND),
    }
}

/// Three numbers with separators; the rest of the text behind them.
fn parse_numeric(text: &str, order: Option<DateOrder>) -> Result<(i32, &str), DateFault> {
    let parts = numeric_parts(text).ok_or(DateFault::NotADate)?;
    let (first, second, third) = (parts.numbers[0], parts.numbers[1], parts.numbers[2]);
    let day = if parts.digits[0] == 4 {
        civil(first as i32, second, third)?
    } else {
        let year = match parts.digits[2] {
            4 => third as i32,
            2 => short_year(third),
            _ => return Err(DateFault::NotADate),
        };
        match order {
            Some(DateOrder::MonthDayYear) => civil(year, first, second)?,
            _ => civil(year, second, first)?,
        }
    };
    Ok((day, parts.rest))
}

fn short_year(year: u32) -> i32 {
    if year < 70 { 2_000 + year as i32 } else { 1_900 + year as i32 }
}

struct NumericParts<'a> {
    numbers: [u32; 3],
    digits: [usize; 3],
    separator: u8,
    rest: &'a str,
}

fn numeric_parts(text: &str) -> Option<NumericParts<'_>> {
    let bytes = text.as_bytes();
    let mut numbers = [0_u32; 3];
    let mut digits = [0_usize; 3];
    let mut separator = 0;
    let mut at = 0;
    for index in 0..3 {
        while at < bytes.len() && bytes[at].is_ascii_digit() && digits[index] < 4 {
            numbers[index] = numbers[index] * 10 + u32::from(bytes[at] - b'0');
            digits[index] += 1;
            at += 1;
        }
        if digits[index] == 0 {
            return None;
        }
        if index < 2 {
            let found = *bytes.get(at)?;
            if !matches!(found, b'/' | b'-' | b'.' | b' ') || (separator != 0 && found != separator) {
                return None;
            }
            separator = found;
            at += 1;
            while bytes.get(at) == Some(&b' ') {
                at += 1;
            }
        }
    }
    if bytes.get(at).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some(NumericParts { numbers, digits, separator, rest: &text[at..] })
}

/// What a cell says about the order of day and month in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEvidence {
    /// Nothing: no such date, or day and month are equal.
    Silent,
    /// Could be either.
    Ambiguous,
    /// The first number can only be a day, or dots separate (nobody writes the month first with dots).
    DayFirst,
    /// The second number can only be a day.
    MonthFirst,
}

/// Weighs one cell.
pub fn order_evidence(cell: &str) -> OrderEvidence {
    let folded: String = cell
        .chars()
        .filter(|&c| !is_direction_mark(c))
        .map(|c| match c {
            '٠'..='٩' => char::from(b'0' + (c as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (c as u32 - '۰' as u32) as u8),
            c => c,
        })
        .collect();
    let Some(parts) = numeric_parts(folded.trim()) else { return OrderEvidence::Silent };
    if parts.digits[0] > 2 || parts.digits[1] > 2 || !matches!(parts.digits[2], 2 | 4) {
        return OrderEvidence::Silent;
    }
    match (parts.numbers[0], parts.numbers[1]) {
        (13..=31, 1..=12) => OrderEvidence::DayFirst,
        (1..=12, 13..=31) => OrderEvidence::MonthFirst,
        (1..=12, 1..=12) if parts.separator == b'.' => OrderEvidence::DayFirst,
        (first @ 1..=12, second @ 1..=12) if first != second => OrderEvidence::Ambiguous,
        _ => OrderEvidence::Silent,
    }
}

/// Month names by their beginnings, folded to lower case without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "gen", "ian", "يناير", "كانون الثاني"],
    &["feb", "fev", "فبراير", "شباط"],
    &["mar", "مارس", "اذار", "آذار"],
    &["apr", "avr", "ابريل", "أبريل", "نيسان"],
    &["may", "mag", "mai", "مايو", "ايار", "أيار"],
    &["jun", "giu", "juin", "iun", "يونيو", "حزيران"],
    &["jul", "lug", "juil", "iul", "يوليو", "تموز"],
    &["aug", "ago", "aou", "اغسطس", "أغسطس", "اب", "آب"],
    &["sep", "set", "سبتمبر", "ايلول", "أيلول"],
    &["oct", "ott", "oct", "اكتوبر", "أكتوبر", "تشرين الاول"],
    &["nov", "noi", "نوفمبر", "تشرين الثاني"],
    &["dec", "dic", "ديسمبر", "كانون الاول"],
];

fn month_of(word: &str) -> Option<u32> {
    let folded: String = word
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'é' | 'è' | 'ê' => 'e',
            'û' | 'ù' => 'u',
            c => c,
        })
        .collect();
    let folded = folded.trim_end_matches('.');
    if folded.chars().count() < 2 || folded.chars().count() > 10 {
        return None;
    }
    MONTHS.iter().position(|names| names.iter().any(|name| folded.starts_with(name))).map(|index| index as u32 + 1)
}

/// The month that a word of the text names, if one does.
fn named_month(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_alphabetic() && c != '.').filter(|word| !word.is_empty()).find_map(month_of)
}

/// `4 March 2026`, `Mar 4, 2026`, `mer. 4 mars 2026`, `04-Mar-26`.
fn parse_named_day(text: &str) -> Result<(i32, &str), DateFault> {
    let mut month = None;
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let mut start = 0;
    let boundary = |c: char| c == ' ' || c == '-' || c == '/' || c == ',';
    while start < text.len() {
        let rest = &text[start..];
        let skipped = rest.find(|c: char| !boundary(c)).unwrap_or(rest.len());
        let token_start = start + skipped;
        let token = &text[token_start..];
        let end = token.find(boundary).unwrap_or(token.len());
        let word = &token[..end];
        if word.is_empty() {
            break;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && digits <= 4 {
            let suffix = word[digits..].trim_end_matches('.');
            if !matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "°") {
                return Err(DateFault::NotADate);
            }
            numbers.push((word[..digits].parse().map_err(|_| DateFault::NotADate)?, digits));
        } else if let (None, Some(found)) = (month, month_of(word)) {
            // Weekdays come before everything else ("mar." is Tuesday or March): a later month name wins.
            month = Some(found);
        } else if month.is_some() && numbers.is_empty() {
            month = month_of(word);
        } else if numbers.len() == 2 && month.is_some() {
            break;
        }
        start = token_start + end;
        if numbers.len() == 2 && month.is_some() {
            break;
        }
    }
    let (Some(month), [first, second]) = (month, numbers.as_slice()) else { return Err(DateFault::NotADate) };
    let (day, year) = if first.1 == 4 { (second.0, *first) } else { (first.0, *second) };
    let year = match year.1 {
        4 => year.0 as i32,
        2 => short_year(year.0),
        _ => return Err(DateFault::NotADate),
    };
    Ok((civil(year, month, day)?, &text[start..]))
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
