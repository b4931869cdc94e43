//! Everyone's orders, from which histories are made when they are asked for.
//!
//! The histories of all customers would take several times the memory of their orders, and memory that is touched for the first
//! time costs more than making a history again.

use clove_core::{Adjustment, Basis, Day, Minor, Persons, RefundDate};
use clove_models::history::{Histories, HistoriesBuilder};

use crate::history::{Counting, CustomerHistory, HistoryRules, OpenHistory, OrderFigures};
use crate::order_values::{OrderValues, refunded_value};

/// The orders that count of everyone who has any, laid out by person.
#[derive(Debug)]
pub struct CustomerOrders<'a> {
    /// Person numbers of the customers, ascending.
    pub customers: Vec<u32>,
    values: OrderValues<'a>,
    counting: Counting,
    rules: HistoryRules,
    /// The last day of orders whose returns are known.
    mature_until: Day,
    /// Where each person's orders lie.
    places: Vec<Place>,
    orders: Orders,
    /// Refunds that count on their own day, by person.
    refunds: Vec<Refund>,
}

/// Orders person by person, and each person's in time order.
#[derive(Debug)]
enum Orders {
    /// Net value and day in one word ([`pack`]): where an order has one value, since nothing came back and no cost matters.
    Packed(Vec<i64>),
    /// What else the value depends on is looked up by the order's index.
    Full(Vec<Placed>),
}

/// Where a person's orders lie among the orders. Both numbers are looked up at once: persons come in no order of memory.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Where they end; they begin where those of the person before end.
    end: u32,
    /// The index of the first one in time; only where orders are packed.
    first: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Placed {
    order: u32,
    day: i32,
    net: Minor,
}

/// A refund of an order whose value is known.
#[derive(Debug, Clone, Copy)]
struct Refund {
    person: u32,
    day: Day,
    lowered: Minor,
    is_mature: bool,
}

/// Bits of a packed word that hold the day: enough for the years 1 to 9999.
const DAY_BITS: u32 = 24;

/// Whether an order fits into one word.
fn fits(day: i32, net: Minor) -> bool {
    net.unsigned_abs() < 1 << (63 - DAY_BITS) && day.unsigned_abs() < 1 << (DAY_BITS - 1)
}

fn pack(day: i32, net: Minor) -> i64 {
    (net << DAY_BITS) | (i64::from(day) & ((1 << DAY_BITS) - 1))
}

fn unpack(word: i64) -> (i32, Minor) {
    (((word << (64 - DAY_BITS)) >> (64 - DAY_BITS)) as i32, word >> DAY_BITS)
}

impl<'a> CustomerOrders<'a> {
    /// Lays the orders that count out by person, each person's in time order.
    pub fn new(
        values: OrderValues<'a>,
        adjustments: &[Adjustment],
        has_amounts: bool,
        persons: &Persons,
        counting: &Counting,
        return_delay_days: i32,
    ) -> CustomerOrders<'a> {
        let one_value = has_amounts && !values.has_returns() && matches!(counting.basis, Basis::Placed | Basis::Net);
        let (places, orders) = by_person(&values, persons, has_amounts, one_value);
        let mut start = 0;
        let has_orders = places.iter().enumerate().filter(|(_, own)| std::mem::replace(&mut start, own.end) < own.end);
        let customers = has_orders.map(|(person, _)| person as u32).collect();
        let mature_until = Day(counting.as_of.0 - return_delay_days);
        let mut refunds = Vec::new();
        if counting.refund_date == RefundDate::Event {
            let basis = counting.basis;
            for refund in adjustments.iter().filter(|refund| refund.day <= counting.as_of) {
                let order = refund.order as usize;
                if values.is_order(order) && values.placed_value(order, basis).is_some() {
                    refunds.push(Refund {
                        person: persons.of_order[order],
                        day: refund.day,
                        lowered: refunded_value(basis, refund.items, refund.tax_and_shipping, refund.restocked_cost),
                        is_mature: values.orders().day[order] <= mature_until,
                    });
                }
            }
            refunds.sort_by_key(|refund| refund.person);
        }
        let rules = HistoryRules::new(counting);
        CustomerOrders { customers, values, counting: *counting, rules, mature_until, places, orders, refunds }
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// The history of a customer, by the place in `customers`.
    pub fn history(&self, index: usize) -> CustomerHistory {
        let person = self.customers[index];
        let mut history = OpenHistory::default();
        let own = self.place_of(person);
        match &self.orders {
            Orders::Packed(words) => {
                let index = self.places[person as usize].first;
                for &word in &words[own] {
                    let (day, net) = unpack(word);
                    let (day, mature) = (Day(day), day <= self.mature_until.0);
                    history.add(OrderFigures { index, day, placed: net, net, value: Some(net), mature }, &self.rules);
                }
            }
            Orders::Full(placed) => {
                for &Placed { order, day, net } in &placed[own] {
                    let (place, day) = (order as usize, Day(day));
                    let value = match self.counting.refund_date {
                        RefundDate::Order => self.values.value(place, self.counting.basis),
                        RefundDate::Event => self.values.placed_value(place, self.counting.basis),
                    };
                    let placed = self.values.orders().placed_of(place);
                    let mature = day <= self.mature_until;
                    history.add(OrderFigures { index: order, day, placed, net, value, mature }, &self.rules);
                }
            }
        }
        let mut history = history.closed(&self.rules);
        if !self.refunds.is_empty() {
            let first = self.refunds.partition_point(|refund| refund.person < person);
            for refund in self.refunds[first..].iter().take_while(|refund| refund.person == person) {
                history.add_value(refund.day, -refund.lowered, &self.rules);
                if refund.is_mature {
                    history.mature_value -= refund.lowered;
                }
            }
        }
        history
    }

    /// The histories of all customers, in the order of `customers`.
    pub fn histories(&self) -> impl ExactSizeIterator<Item = CustomerHistory> + '_ {
        (0..self.len()).map(|index| self.history(index))
    }

    /// The days with purchases of every identified person, by person number.
    pub fn purchases(&self, persons: &Persons) -> Histories {
        let mut purchases = HistoriesBuilder::with_capacity(persons.len(), self.values.orders().len());
        for (person, &is_identified) in persons.identified.iter().enumerate() {
            if is_identified {
                self.each_purchase(person as u32, |day| purchases.add(day));
            }
            purchases.end_customer();
        }
        purchases.finish()
    }

    /// Gives the distinct days with purchases of each identified person, as [`CustomerOrders::purchases`] keeps them.
    pub fn each_purchases(&self, persons: &Persons, mut take: impl FnMut(&[i32])) {
        let mut days = Vec::new();
        for &person in &self.customers {
            if persons.identified[person as usize] {
                days.clear();
                self.each_purchase(person, |day| days.push(day));
                days.dedup();
                take(&days);
            }
        }
    }

    /// The days on which a person bought something, in order; a day may come several times.
    fn each_purchase(&self, person: u32, mut take: impl FnMut(i32)) {
        let own = self.place_of(person);
        match &self.orders {
            Orders::Packed(words) => {
                for (day, net) in words[own].iter().map(|&word| unpack(word)) {
                    if net > 0 {
                        take(day);
                    }
                }
            }
            Orders::Full(placed) => {
                for order in placed[own].iter().filter(|order| order.net > 0) {
                    take(order.day);
                }
            }
        }
    }

    fn place_of(&self, person: u32) -> std::ops::Range<usize> {
        let start = person.checked_sub(1).map_or(0, |before| self.places[before as usize].end);
        start as usize..self.places[person as usize].end as usize
    }
}

/// The orders that count, and where each person's lie.
fn by_person(values: &OrderValues<'_>, persons: &Persons, has_amounts: bool, one_value: bool) -> (Vec<Place>, Orders) {
    let days = &values.orders().day;
    let net = |order: usize| if has_amounts { values.net(order) } else { 1 };
    let mut places = vec![Place { end: 0, first: u32::MAX }; persons.len()];
    let (mut count, mut packs) = (0_u32, one_value);
    for (order, &person) in persons.of_order.iter().enumerate() {
        if values.is_order(order) {
            places[person as usize].end += 1;
            count += 1;
            packs = packs && fits(days[order].0, net(order));
        }
    }
    let mut start = 0;
    for place in &mut places {
        (place.end, start) = (start, start + place.end);
    }
    let in_order = days.is_sorted();
    // Every place moves on to the end of its person.
    let orders = if packs {
        let mut words = vec![0; count as usize];
        fill(values, persons, &mut places, &mut words, |order, own, word| {
            *word = pack(days[order].0, net(order));
            if in_order {
                // No branch on what was read: the processor would wait for it.
                own.first = own.first.min(order as u32);
            } else if own.first == u32::MAX || days[order] < days[own.first as usize] {
                own.first = order as u32;
            }
        });
        if !in_order {
            each_person(&mut words, &places, |own| own.sort_by_key(|&word| unpack(word).0));
        }
        Orders::Packed(words)
    } else {
        let mut placed = vec![Placed::default(); count as usize];
        fill(values, persons, &mut places, &mut placed, |order, _, placed| {
            *placed = Placed { order: order as u32, day: days[order].0, net: net(order) };
        });
        if !in_order {
            each_person(&mut placed, &places, |own| own.sort_by_key(|order| order.day));
        }
        Orders::Full(placed)
    };
    (places, orders)
}

/// Orders that are looked at before the first of them is put in its place.
const AHEAD: usize = 256;

/// Puts every order that counts in the next place of its person.
fn fill<T: Copy>(
    values: &OrderValues<'_>,
    persons: &Persons,
    places: &mut [Place],
    orders: &mut [T],
    put: impl Fn(usize, &mut Place, &mut T),
) {
    for (block, of_order) in persons.of_order.chunks(AHEAD).enumerate() {
        // Places lie all over memory. Reading all of a block first lets the processor wait for many of them at a time.
        for &person in of_order {
            std::hint::black_box(orders.get(places[person as usize].end as usize).copied());
        }
        for (order, &person) in (block * AHEAD..).zip(of_order) {
            if values.is_order(order) {
                let own = &mut places[person as usize];
                put(order, own, &mut orders[own.end as usize]);
                own.end += 1;
            }
        }
    }
}

fn each_person<T>(orders: &mut [T], places: &[Place], mut each: impl FnMut(&mut [T])) {
    let mut start = 0;
    for place in places {
        each(&mut orders[start as usize..place.end as usize]);
        start = place.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_values_fit_into_a_word_or_are_refused() {
        for day in [0, 1, -1, 20_000, -719_162, 2_932_896] {
            for net in [0, 1, -1, 12_345, -99, (1 << 39) - 1, -(1 << 39) + 1] {
                assert!(fits(day, net));
                assert_eq!(unpack(pack(day, net)), (day, net));
            }
        }
        assert!(!fits(0, 1 << 39) && !fits(0, Minor::MIN) && !fits(1 << 23, 0) && !fits(i32::MIN, 0));
    }
}
