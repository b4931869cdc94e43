//! Checkouts: which starts of a person are one, and whether an order followed in time.

use std::collections::{BTreeMap, HashMap};

use clove_core::clock::SECOND;
use clove_core::{Checkout, Currency, Day, Micros, Minor, PersonId};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::interaction::Occurrence;

/// The event that says that a checkout was begun.
pub(super) const CHECKOUT_STARTED: &str = "Checkout Started";

/// The time to order in: 24 hours.
const TIME: Micros = 24 * 3_600 * SECOND;
/// The clocks of storefront and shop may differ: an order so little before its checkout is of it.
const CLOCKS: Micros = 300 * SECOND;

/// A start of a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CheckoutStart {
    pub person: Uuid,
    pub at: Micros,
    /// What lay in the cart, in minor units of the shop's currency; 0 where it is not known.
    pub value: Minor,
}

impl CheckoutStart {
    pub(super) fn of(person: PersonId, event: &Occurrence, currency: Currency) -> CheckoutStart {
        let property = |name: &str| event.properties.get(name);
        let is_own = property("currency").is_none_or(|code| code.parse() == Ok(currency));
        let amount = ["value", "revenue", "total"].into_iter().find_map(property).filter(|_| is_own);
        let value = amount.and_then(|text| currency.parse_minor(text).ok()).unwrap_or(0).max(0);
        CheckoutStart { person: person.0, at: event.occurred_at, value }
    }
}

/// The checkouts of some starts. `numbers` are those of persons who have ordered, `orders` the moments of their orders by number.
pub(super) fn checkouts(
    mut starts: Vec<CheckoutStart>,
    numbers: &HashMap<Uuid, u32>,
    orders: &BTreeMap<u32, Vec<Micros>>,
    zone: &TimeZone,
) -> Vec<Checkout> {
    starts.sort_by_key(|start| (start.person, start.at));
    let mut found: Vec<(CheckoutStart, Checkout)> = Vec::new();
    for start in starts {
        if let Some((first, checkout)) = found.last_mut()
            && first.person == start.person
            && start.at - first.at < TIME
        {
            // What lay in the cart at last.
            checkout.value = start.value;
            continue;
        }
        let person = numbers.get(&start.person).copied();
        let placed = person.and_then(|person| orders.get(&person)).map_or(&[][..], Vec::as_slice);
        let in_time = |placed: &&Micros| (start.at - CLOCKS..=start.at + TIME).contains(*placed);
        let checkout = Checkout {
            day: Day::of_moment(start.at, zone),
            closes: Day::of_moment(start.at + TIME, zone),
            person,
            value: start.value,
            ordered: placed.iter().any(|placed| in_time(&placed)),
        };
        found.push((start, checkout));
    }
    found.into_iter().map(|(_, checkout)| checkout).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Micros = 3_600 * SECOND;

    #[test]
    fn starts_of_a_day_are_one_checkout_and_an_order_within_a_day_completes_it() {
        let (buyer, visitor) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let start = |person, hours: i64, value| CheckoutStart { person, at: hours * HOUR, value };
        let starts = vec![
            start(buyer, 100, 1_000),
            start(visitor, 100, 700),
            start(buyer, 110, 1_500),
            // A day after the first one: another cart.
            start(buyer, 124, 2_000),
            start(buyer, 300, 900),
        ];
        let numbers = HashMap::from([(buyer, 7)]);
        let orders = BTreeMap::from([(7, vec![149 * HOUR, 300 * HOUR - 60 * SECOND])]);
        let found = checkouts(starts, &numbers, &orders, &TimeZone::UTC);
        let shown: Vec<_> = found.iter().map(|one| (one.person, one.day.0, one.value, one.ordered)).collect();
        assert_eq!(
            shown,
            [(Some(7), 4, 1_500, false), (Some(7), 5, 2_000, false), (Some(7), 12, 900, true), (None, 4, 700, false)]
        );
        assert_eq!(found[0].closes, Day(5));
    }

    #[test]
    fn carts_in_other_money_have_no_value() {
        let event = |properties: &[(&str, &str)]| Occurrence {
            name: CHECKOUT_STARTED.to_owned(),
            occurred_at: 0,
            products: std::collections::BTreeSet::new(),
            properties: properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let value = |properties: &[(&str, &str)]| {
            CheckoutStart::of(PersonId(Uuid::nil()), &event(properties), Currency::EUR).value
        };
        assert_eq!(value(&[("value", "12.5"), ("currency", "EUR")]), 1_250);
        assert_eq!(value(&[("revenue", "3")]), 300);
        assert_eq!(value(&[("value", "12.5"), ("currency", "USD")]), 0);
        assert_eq!(value(&[("value", "-2")]), 0);
    }
}
