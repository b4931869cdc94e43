//! How customers and orders are told apart: by time, by a property of the order, by a property of the customer.

use clove_core::{Day, NONE, Persons};

use crate::ledger::{Customer, Ledger};
use crate::lifecycle::ThresholdSnapshot;
use crate::period::Interval;

/// Who counts: everyone, or the persons who are marked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Membership<'m>(Option<&'m [bool]>);

impl<'m> Membership<'m> {
    /// Everyone.
    pub const EVERYONE: Membership<'static> = Membership(None);

    /// Those whose place by person number is true.
    pub fn of(members: &'m [bool]) -> Membership<'m> {
        Membership(Some(members))
    }

    /// Whether nobody is left out.
    pub fn is_everyone(self) -> bool {
        self.0.is_none()
    }

    /// Whether a person counts.
    pub fn has(self, person: u32) -> bool {
        self.0.is_none_or(|members| members.get(person as usize).copied().unwrap_or(false))
    }
}

/// Groups of orders, each with a name.
#[derive(Debug, Clone)]
pub struct Groups {
    names: Vec<String>,
    key: Key,
}

#[derive(Debug, Clone)]
enum Key {
    /// Everything is one group.
    One,
    /// By the day.
    Time { interval: Interval, first: i32 },
    /// First orders, later orders.
    OrderKind,
    /// By number of the order; [`NONE`] for the group without a name.
    Order { codes: Vec<u32>, is_channel: bool },
    /// By place of the customer in the ledger.
    Customer(Vec<u32>),
}

/// The name of the group of those that have no value.
pub const UNKNOWN: &str = "unknown";

impl Groups {
    /// Everything together.
    pub fn one() -> Groups {
        Groups { names: vec![String::new()], key: Key::One }
    }

    /// Times from the first day to the last.
    pub fn times(interval: Interval, from: Day, until: Day) -> Groups {
        let (first, last) = (interval.of(from), interval.of(until));
        let names = (first..=last).map(|number| interval.first_day(number).to_string()).collect();
        Groups { names, key: Key::Time { interval, first } }
    }

    /// The customer's first order that counts, and all later ones.
    pub fn order_kind() -> Groups {
        Groups { names: vec!["first".to_owned(), "later".to_owned()], key: Key::OrderKind }
    }

    /// The values of a column of the orders; `None` if the shop has no such column.
    pub fn attribute(ledger: &Ledger<'_>, column: &str) -> Option<Groups> {
        let attribute = ledger.shop().orders.attribute(column)?;
        let mut names: Vec<String> = attribute.values.iter().map(str::to_owned).collect();
        let unknown = names.len() as u32;
        names.push(UNKNOWN.to_owned());
        let codes = attribute.codes.iter().map(|&code| if code == NONE { unknown } else { code }).collect();
        let is_channel = column == "channel";
        if is_channel {
            // Channels that cost something and brought nobody.
            for channel in ledger.shop().spend.iter().filter_map(|row| row.channel.as_ref()) {
                if !names.contains(channel) {
                    names.push(channel.clone());
                }
            }
        }
        Some(Groups { names, key: Key::Order { codes, is_channel } })
    }

    /// The value of the column in each customer's first order.
    pub fn first_attribute(ledger: &Ledger<'_>, column: &str) -> Option<Groups> {
        let Groups { names, key: Key::Order { codes, .. } } = Groups::attribute(ledger, column)? else { return None };
        let first = |customer: &Customer| codes[ledger.orders_of(customer)[0] as usize];
        Some(Groups { names, key: Key::Customer(ledger.customers().iter().map(first).collect()) })
    }

    /// The month of each customer's first order.
    pub fn cohorts(ledger: &Ledger<'_>) -> Groups {
        let months = || ledger.customers().iter().map(|customer| customer.first_day.month().0);
        let (first, last) = (months().min().unwrap_or(0), months().max().unwrap_or(-1));
        let names = (first..=last).map(|month| clove_core::Month(month).to_string()).collect();
        Groups { names, key: Key::Customer(months().map(|month| (month - first) as u32).collect()) }
    }

    /// Where each customer stands: active, at risk, lapsed; without a purchase; guests.
    pub fn stages(ledger: &Ledger<'_>) -> Groups {
        let snapshot = ThresholdSnapshot::take(ledger);
        let names = ["active", "at_risk", "lapsed", "no_purchase", "guest"].map(str::to_owned).to_vec();
        let stage = |customer: &Customer| match snapshot.stage_of(ledger, customer) {
            _ if !customer.identified => 4,
            Some(stage) => stage as u32,
            None => 3,
        };
        Groups { names, key: Key::Customer(ledger.customers().iter().map(stage).collect()) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a group.
    pub fn name(&self, group: usize) -> &str {
        &self.names[group]
    }

    /// The first day of a group of times.
    pub fn first_day(&self, group: usize) -> Option<Day> {
        match self.key {
            Key::Time { interval, first } => Some(interval.first_day(first + group as i32)),
            _ => None,
        }
    }

    /// The last day of a group of times.
    pub fn last_day(&self, group: usize) -> Option<Day> {
        match self.key {
            Key::Time { interval, first } => Some(Day(interval.first_day(first + group as i32 + 1).0 - 1)),
            _ => None,
        }
    }

    /// The group of something that happened on a day with an order, the `rank`-th of the customer at that place of the ledger.
    pub fn of(&self, customer: usize, order: u32, rank: usize, day: Day) -> Option<usize> {
        let group = match &self.key {
            Key::One => 0,
            Key::Time { interval, first } => usize::try_from(interval.of(day) - first).ok()?,
            Key::OrderKind => usize::from(rank > 0),
            Key::Order { codes, .. } => codes[order as usize] as usize,
            Key::Customer(codes) => codes[customer] as usize,
        };
        (group < self.names.len()).then_some(group)
    }

    /// The group of a customer, where customers are told apart.
    pub fn of_customer(&self, customer: usize) -> Option<usize> {
        match &self.key {
            Key::One => Some(0),
            Key::Customer(codes) => Some(codes[customer] as usize),
            _ => None,
        }
    }

    /// Whether costs belong to these groups: everything, times, channels.
    pub fn tell_costs_apart(&self) -> bool {
        matches!(self.key, Key::One | Key::Time { .. } | Key::Order { is_channel: true, .. })
    }

    /// Whether groups are told apart by nothing but days.
    pub fn are_days(&self) -> bool {
        matches!(self.key, Key::One | Key::Time { .. })
    }

    /// The group of something of a day that is no order; `None` where [groups are more than days](Groups::are_days).
    pub fn of_day(&self, day: Day) -> Option<usize> {
        if self.are_days() { self.of(0, 0, 0, day) } else { None }
    }

    /// The group that a cost belongs to, if any.
    pub fn of_spend(&self, channel: Option<&str>, day: Day) -> Option<usize> {
        match &self.key {
            Key::One => Some(0),
            Key::Time { .. } => self.of(0, 0, 0, day),
            Key::Order { is_channel: true, .. } => {
                let channel = channel?;
                self.names.iter().position(|name| name == channel)
            }
            _ => None,
        }
    }
}

/// Marks the persons of the ledger's customers for which `is_inside` holds.
pub fn mark(ledger: &Ledger<'_>, persons: &Persons, mut is_inside: impl FnMut(usize, &Customer) -> bool) -> Vec<bool> {
    let mut members = vec![false; persons.len()];
    for (index, customer) in ledger.customers().iter().enumerate() {
        members[customer.person as usize] = is_inside(index, customer);
    }
    members
}
