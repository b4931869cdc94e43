//! One small state per customer, updated row by row.

use clove_core::{Currency, Day, Names};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::output::{CustomerFeatures, Features};

/// Some rows of an order table, in columns of equal length.
#[derive(Debug, Clone, Copy)]
pub struct OrderBatch<'b> {
    /// Who ordered.
    pub customers: Customers<'b>,
    /// Days since 1970.
    pub days: &'b [i32],
    /// Amounts in minor units; empty in a pass over days only.
    pub amounts: &'b [i64],
    /// Discounts in minor units; empty if the table has none, or in a pass over days only.
    pub discounts: &'b [i64],
}

/// Customer ids of some rows.
#[derive(Debug, Clone, Copy)]
pub enum Customers<'b> {
    /// Whole numbers.
    Integers(&'b [i64]),
    /// Texts, joined, with the end of each.
    Texts(&'b str, &'b [usize]),
}

/// What is known of a customer so far.
#[derive(Debug, Clone, Copy)]
struct State {
    first_day: i32,
    last_day: i32,
    days: u32,
    orders: u32,
    discounted: u32,
    /// Whether a row came that is older than one before it: then days cannot be counted on the fly.
    disordered: bool,
    total: i64,
    first_amount: i64,
    discount: i64,
}

const EMPTY: State = State {
    first_day: i32::MAX,
    last_day: i32::MIN,
    days: 0,
    orders: 0,
    discounted: 0,
    disordered: false,
    total: 0,
    first_amount: 0,
    discount: 0,
};

/// From customer ids to places in the list of states.
enum Places {
    /// Ids in a narrow range: the place is the distance from the smallest.
    Narrow(i64),
    /// Any whole numbers.
    Wide(HashMap<i64, u32, FxBuildHasher>),
    Texts(Names),
}

/// Sums an order table per customer.
pub struct Aggregator {
    places: Places,
    states: Vec<State>,
    ids: Vec<i64>,
    last_day: i32,
    disordered: bool,
    /// Customer place and day of every row of disordered customers.
    days: Vec<(u32, i32)>,
    scratch: Vec<u32>,
}

impl Aggregator {
    /// An aggregator for a table of `rows` rows. `range` is the smallest and largest whole-number customer id, if known.
    /// Rows after `last_day` are left out.
    pub fn new(range: Option<(i64, i64)>, rows: usize, last_day: Option<Day>) -> Aggregator {
        let width = range.and_then(|(low, high)| high.checked_sub(low)).map(|span| span as usize);
        let narrow = width.filter(|&width| width <= rows.saturating_mul(2).saturating_add(1_024));
        let (places, states) = match (range, narrow) {
            (Some((low, _)), Some(width)) => (Places::Narrow(low), vec![EMPTY; width + 1]),
            (Some(_), None) => (Places::Wide(HashMap::default()), Vec::new()),
            (None, _) => (Places::Texts(Names::new()), Vec::new()),
        };
        Aggregator {
            places,
            states,
            ids: Vec::new(),
            last_day: last_day.map_or(i32::MAX, |day| day.0),
            disordered: false,
            days: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// Adds rows.
    ///
    /// # Panics
    /// If the columns of the batch have different lengths, or customer ids are of another kind than before.
    pub fn add(&mut self, batch: &OrderBatch<'_>) {
        let mut places = std::mem::take(&mut self.scratch);
        self.find(&batch.customers, &mut places);
        let has_discounts = !batch.discounts.is_empty();
        assert!(places.len() == batch.days.len() && places.len() == batch.amounts.len());
        for (row, &place) in places.iter().enumerate() {
            let day = batch.days[row];
            if day > self.last_day {
                continue;
            }
            let amount = batch.amounts[row];
            let discount = if has_discounts { batch.discounts[row] } else { 0 };
            let state = &mut self.states[place as usize];
            state.orders += 1;
            state.total += amount;
            state.discount += discount;
            state.discounted += u32::from(discount > 0);
            if day < state.first_day {
                state.first_day = day;
                state.first_amount = amount;
            } else if day == state.first_day {
                state.first_amount += amount;
            }
            if day > state.last_day {
                state.last_day = day;
                state.days += 1;
            } else if day < state.last_day {
                state.disordered = true;
                self.disordered = true;
            }
        }
        self.scratch = places;
    }

    /// Whether some customer's rows came out of time order, so that a second pass must tell its days.
    pub fn needs_days(&self) -> bool {
        self.disordered
    }

    /// Notes the days of customers whose rows came out of order.
    pub fn add_days(&mut self, batch: &OrderBatch<'_>) {
        let mut places = std::mem::take(&mut self.scratch);
        self.find(&batch.customers, &mut places);
        let rows = places.iter().zip(batch.days);
        let disordered = rows.filter(|&(&place, &day)| day <= self.last_day && self.states[place as usize].disordered);
        self.days.extend(disordered.map(|(&place, &day)| (place, day)));
        self.scratch = places;
    }

    /// Counts the distinct days noted.
    pub fn count_days(&mut self) {
        let mut days = std::mem::take(&mut self.days);
        days.sort_unstable();
        for same_customer in days.chunk_by(|a, b| a.0 == b.0) {
            let distinct = same_customer.chunk_by(|a, b| a.1 == b.1).count();
            self.states[same_customer[0].0 as usize].days = distinct as u32;
        }
    }

    /// The features of every customer; without an as-of they are told at the day after the last order.
    pub fn finish(self, currency: Currency, as_of: Option<Day>) -> Features {
        let last = self.states.iter().filter(|state| state.orders > 0).map(|state| state.last_day).max();
        let as_of = as_of.unwrap_or(Day(last.map_or(0, |day| day + 1)));
        let named = |place: usize| match &self.places {
            Places::Narrow(low) => *low + place as i64,
            Places::Wide(_) => self.ids[place],
            Places::Texts(_) => place as i64,
        };
        let mut customers = Vec::with_capacity(self.states.len());
        for (place, state) in self.states.iter().enumerate().filter(|(_, state)| state.orders > 0) {
            customers.push(CustomerFeatures {
                customer: named(place),
                first_day: Day(state.first_day),
                last_day: Day(state.last_day),
                days: state.days,
                orders: state.orders,
                discounted_orders: state.discounted,
                total: state.total,
                first_day_amount: state.first_amount,
                discount_total: state.discount,
            });
        }
        let names = match &self.places {
            Places::Texts(names) => Some(names.iter().map(str::to_owned).collect()),
            _ => None,
        };
        match self.places {
            Places::Narrow(_) => Features::new(currency, as_of, customers, None),
            _ => Features::sorted(currency, as_of, customers, names),
        }
    }

    fn find(&mut self, customers: &Customers<'_>, places: &mut Vec<u32>) {
        places.clear();
        match (&mut self.places, customers) {
            (Places::Narrow(low), Customers::Integers(ids)) => {
                places.extend(ids.iter().map(|&id| (id - *low) as u32));
            }
            (Places::Wide(known), Customers::Integers(ids)) => {
                for &id in *ids {
                    let place = *known.entry(id).or_insert_with(|| {
                        self.ids.push(id);
                        self.states.push(EMPTY);
                        (self.states.len() - 1) as u32
                    });
                    places.push(place);
                }
            }
            (Places::Texts(names), Customers::Texts(text, ends)) => {
                let mut start = 0;
                for &end in *ends {
                    places.push(names.intern(&text[start..end]));
                    start = end;
                }
                self.states.resize(names.len(), EMPTY);
            }
            (Places::Texts(_), Customers::Integers(_)) | (_, Customers::Texts(..)) => {
                panic!("customer ids are either all whole numbers or all texts")
            }
        }
    }
}
