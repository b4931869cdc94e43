//! Cells of tables: dates and amounts, in whatever form.

use clove_connect::date::{DateOrder, parse_moment, parse_month};
use clove_connect::sources::{Decimal, moment_of};
use clove_core::{Currency, FactBody};

use crate::{fuzz, intake};

/// A date is one, and naming the order of day and month changes nothing where the text leaves no choice.
#[test]
fn dates() {
    fuzz!("dates", |bytes: &[u8]| {
        let orders = [None, Some(DateOrder::DayMonthYear), Some(DateOrder::MonthDayYear)];
        let [open, day, month] = orders.map(|order| parse_moment(bytes, order));
        if let Ok(open) = open {
            assert!(day.as_ref() == Ok(&open) || month.as_ref() == Ok(&open), "{open:?} {day:?} {month:?}");
        }
        for order in orders {
            if let Ok(month) = parse_month(bytes, order) {
                assert_eq!(parse_month(bytes, order), Ok(month));
            }
        }
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Some(moment) = moment_of(text)
        {
            // Between the years 1 and 9999.
            assert!((-62_135_596_800_000_000..=253_402_300_799_999_999).contains(&moment), "{text}: {moment}");
        }
    });
}

/// Amounts: exact ones come back as they were, and rounding is off by half a unit at most.
#[test]
fn amounts() {
    fuzz!("amounts", |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let body = serde_json::json!({"id": "1", "placed_at": "2026-01-01T00:00:00Z", "status": "paid", "currency": "EUR", "gross": text});
        let body = body.to_string();
        intake(|intake| {
            let Ok(taken) = clove_connect::sources::rest::orders(intake, body.as_bytes()) else { return };
            for fact in taken.facts {
                let FactBody::Order(order) = fact.body else { panic!("no order") };
                let currency: Currency = order.currency.parse().expect("EUR");
                let written = Decimal::of(order.gross, currency);
                assert_eq!(written.exact(currency).expect("in range"), Some(order.gross));
                assert!(
                    (text.trim().parse::<f64>().expect("a number") * 100.0 - order.gross as f64).abs()
                        <= 0.5 + order.gross.abs() as f64 * 1e-9
                );
            }
        });
    });
}
