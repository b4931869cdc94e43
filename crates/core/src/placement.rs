//! Where each order stands in its customer's history: what is fixed once identity is known, whatever the as-of.

use crate::day::Day;
use crate::exclusion::Exclusion;
use crate::persons::Persons;
use crate::shop::Orders;

/// Orders by person, and each person's first order that counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placements {
    /// Indexes of all orders, sorted by person, then day, moment and order id.
    pub sorted: Vec<u32>,
    /// Where each person's orders begin in `sorted`, and the total as the last entry: persons + 1 entries.
    pub starts: Vec<u32>,
    /// The day of each person's first order that counts (refunds aside); `None` if no order counts.
    pub first_day: Vec<Option<Day>>,
}

impl Placements {
    /// Sorts the orders of a shop. The result does not depend on the order of rows.
    pub fn new(orders: &Orders, persons: &Persons) -> Placements {
        let mut starts = vec![0_u32; persons.len() + 1];
        for &person in &persons.of_order {
            starts[person as usize + 1] += 1;
        }
        for person in 0..persons.len() {
            starts[person + 1] += starts[person];
        }
        let mut next = starts.clone();
        let mut sorted = vec![0_u32; persons.of_order.len()];
        for (order, &person) in persons.of_order.iter().enumerate() {
            let place = &mut next[person as usize];
            sorted[*place as usize] = order as u32;
            *place += 1;
        }
        let mut first_day = Vec::with_capacity(persons.len());
        for person in 0..persons.len() {
            let own = &mut sorted[starts[person] as usize..starts[person + 1] as usize];
            own.sort_by(|&a, &b| compare(orders, a as usize, b as usize));
            let first = own.iter().find(|&&order| orders.exclusion[order as usize] == Exclusion::None);
            first_day.push(first.map(|&order| orders.day[order as usize]));
        }
        Placements { sorted, starts, first_day }
    }

    /// The orders of a person from first to last, excluded ones included.
    pub fn of_person(&self, person: u32) -> &[u32] {
        &self.sorted[self.starts[person as usize] as usize..self.starts[person as usize + 1] as usize]
    }

    /// How many persons there are.
    pub fn persons(&self) -> usize {
        self.first_day.len()
    }
}

fn compare(orders: &Orders, a: usize, b: usize) -> std::cmp::Ordering {
    let by_time = (orders.day[a], orders.placed_at_of(a)).cmp(&(orders.day[b], orders.placed_at_of(b)));
    by_time.then_with(|| orders.order_id_text(a).cmp(&orders.order_id_text(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_come_by_person_and_time_and_excluded_ones_begin_no_history() {
        let mut orders = Orders {
            day: vec![Day(5), Day(3), Day(9), Day(1)],
            placed_at: vec![50, 30, 90, 10],
            exclusion: vec![Exclusion::None, Exclusion::None, Exclusion::None, Exclusion::Test],
            gross: vec![1; 4],
            ..Orders::default()
        };
        for id in ["a", "b", "c", "d"] {
            let number = orders.order_ids.intern(id);
            orders.order_id.push(number);
        }
        let persons = Persons { of_order: vec![0, 1, 1, 0], identified: vec![true, true], naming_order: vec![0, 1] };
        let placements = Placements::new(&orders, &persons);
        assert_eq!(placements.of_person(0), [3, 0]);
        assert_eq!(placements.of_person(1), [1, 2]);
        assert_eq!(placements.first_day, [Some(Day(5)), Some(Day(3))]);
    }
}
