use clove_core::Day;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> i32 {
    text.parse::<Day>().unwrap().0
}

fn read(cell: &str) -> Result<Moment, DateFault> {
    parse_moment(cell.as_bytes(), None)
}

#[test]
fn pure_dates_of_many_hands_are_read() {
    for cell in [
        "2026-03-04",
        "2026/03/04",
        "2026.3.4",
        "04/03/2026",
        "4/3/2026",
        "4.3.2026",
        "04-03-26",
        "20260304",
        "4 March 2026",
        "4 mars 2026",
        "4 marzo 2026",
        "4 martie 2026",
        "Mar 4, 2026",
        "March 4th, 2026",
        "04-Mar-26",
        "Wed, 4 Mar 2026",
        "mer. 4 mars 2026",
        "٤ مارس ٢٠٢٦",
        "٠٤/٠٣/٢٠٢٦",
        "\u{200f}٤\u{200f}/٣\u{200f}/٢٠٢٦",
        "46085",
    ] {
        assert_eq!(read(cell), Ok(Moment::Date(day("2026-03-04"))), "{cell}");
    }
    assert_eq!(parse_moment(b"03/04/2026", Some(DateOrder::MonthDayYear)), Ok(Moment::Date(day("2026-03-04"))));
    assert_eq!(read("1er août 2025"), Ok(Moment::Date(day("2025-08-01"))));
    assert_eq!(read("15 giugno 2025"), Ok(Moment::Date(day("2025-06-15"))));
    assert_eq!(read("15 iulie 2025"), Ok(Moment::Date(day("2025-07-15"))));
    assert_eq!(read("juil. 3, 2025"), Ok(Moment::Date(day("2025-07-03"))));
}

#[test]
fn times_keep_their_offset_or_are_local() {
    let local = |hour: i64, minute: i64, second: i64| {
        Ok(Moment::Local(day("2026-03-04"), ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND))
    };
    assert_eq!(read("2026-03-04 17:09:34"), local(17, 9, 34));
    assert_eq!(read("04/03/2026 17:09"), local(17, 9, 0));
    assert_eq!(read("04/03/2026, 5:09 PM"), local(17, 9, 0));
    assert_eq!(read("4 mars 2026 à 17:09"), local(17, 9, 0));
    assert_eq!(read("4 marzo 2026 alle ore 17:09"), local(17, 9, 0));
    assert_eq!(read("46085.5"), local(12, 0, 0));
    assert_eq!(read("20260304170934"), local(17, 9, 34));
    let instant = |text: &str| Ok(Moment::Instant(text.parse::<jiff::Timestamp>().unwrap().as_microsecond()));
    assert_eq!(read("2026-03-04 17:09:34 -0300"), instant("2026-03-04T20:09:34Z"));
    assert_eq!(read("2026-03-04T17:09:34.25+01:00"), instant("2026-03-04T16:09:34.25Z"));
    assert_eq!(read("2026-03-04T17:09Z"), instant("2026-03-04T17:09:00Z"));
    assert_eq!(read("2026-03-04 17:09:34 UTC"), instant("2026-03-04T17:09:34Z"));
    assert_eq!(read("1772644174"), instant("2026-03-04T17:09:34Z"));
    assert_eq!(read("1772644174000"), instant("2026-03-04T17:09:34Z"));
}

#[test]
fn months_are_read_as_their_first_day() {
    for cell in ["2026-03", "03/2026", "202603", "March 2026", "mars 2026", "2026-03-01"] {
        assert_eq!(parse_month(cell.as_bytes(), None), Ok(Moment::Date(day("2026-03-01"))), "{cell}");
    }
    assert!(parse_month(b"2026-13", None).is_err());
}

#[test]
fn what_is_no_date_is_refused() {
    for cell in [
        "",
        "yesterday",
        "12",
        "2026-13-01",
        "31/02/2026",
        "2026-03-04 25:00",
        "a/b/c",
        "1.5",
        "2026-03-04x",
        "99999999",
    ] {
        assert!(read(cell).is_err(), "{cell} {:?}", read(cell));
    }
}

#[test]
fn a_cell_weighs_the_order_of_day_and_month() {
    assert_eq!(order_evidence("03/04/2026"), OrderEvidence::Ambiguous);
    assert_eq!(order_evidence("13/04/2026"), OrderEvidence::DayFirst);
    assert_eq!(order_evidence("04/13/2026 10:00"), OrderEvidence::MonthFirst);
    assert_eq!(order_evidence("03.04.2026"), OrderEvidence::DayFirst);
    assert_eq!(order_evidence("04/04/2026"), OrderEvidence::Silent);
    assert_eq!(order_evidence("2026-03-04"), OrderEvidence::Silent);
}

const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const ITALIAN: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const ROMANIAN: [&str; 12] = [
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
];
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const ARABIC: [&str; 12] =
    ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"];

proptest! {
    #[test]
    fn what_a_locale_writes_is_read_back(number in -20_000..40_000_i32, second in 0..86_400_i64) {
        let (year, month, date) = clove_core::day::civil_from_days(number);
        let clock = format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
        let arabic_digits = |text: String| -> String {
            text.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32('٠' as u32 + d).unwrap())).collect()
        };
        let mut written = vec![
            format!("{year:04}-{month:02}-{date:02}"),
            format!("{year}/{month}/{date}"),
            format!("{date:02}/{month:02}/{year:04}"),
            format!("{date}.{month}.{year:04}"),
            arabic_digits(format!("{date}/{month}/{year:04}")),
        ];
        for names in [FRENCH, ITALIAN, ROMANIAN, ENGLISH, ARABIC] {
            written.push(format!("{date} {} {year:04}", names[month as usize - 1]));
        }
        for text in written {
            prop_assert_eq!(parse_moment(text.as_bytes(), None), Ok(Moment::Date(number)), "{}", &text);
            let timed = format!("{text} {clock}");
            prop_assert_eq!(parse_moment(timed.as_bytes(), None), Ok(Moment::Local(number, second * MICROS_PER_SECOND)), "{}", timed);
        }
        let american = format!("{month}/{date}/{year:04}");
        prop_assert_eq!(parse_moment(american.as_bytes(), Some(DateOrder::MonthDayYear)), Ok(Moment::Date(number)));
    }

    #[test]
    fn random_text_never_panics(text in "\\PC{0,40}", digits in "[0-9/. :,TZ+-]{0,30}") {
        let _ = parse_moment(text.as_bytes(), None);
        let _ = parse_moment(digits.as_bytes(), Some(DateOrder::MonthDayYear));
        let _ = order_evidence(&text);
    }
}
