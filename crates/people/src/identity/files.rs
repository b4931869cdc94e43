//! Handles (customer id, e-mail, phone) joined by union-find.
//!
//! Two orders belong to one person when a chain of orders links them, each sharing a handle with the next. A handle that
//! would join very many otherwise different customers (a till's phone number, a marketplace's address) is a shared handle:
//! it names nobody and joins nothing. Orders without any handle are one anonymous person each.

use clove_core::{NONE, Names, Orders, Persons};

use super::IdentityOptions;

/// Two handles that an order showed to belong together. The log of these makes each join visible and undoable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Index of the order that carries both handles.
    pub order: u32,
    /// One handle, with its kind: `customer:17850`, `email:ann@x.it`, `phone:+39...`.
    pub left: String,
    /// The other handle.
    pub right: String,
}

/// The result of identity over all orders.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person of each order.
    pub persons: Persons,
    /// The joins of two handles that were separate before, in the order in which they happened.
    pub merges: Vec<Merge>,
    /// Handles that were not used because too many different customers share them.
    pub shared_handles: Vec<String>,
}

/// The three kinds of handle laid behind each other as one range of node numbers.
struct Nodes<'a> {
    kinds: [(&'static str, &'a [u32], &'a Names); 3],
    starts: [u32; 3],
    count: u32,
}

impl<'a> Nodes<'a> {
    fn new(orders: &'a Orders) -> Self {
        let kinds: [(&'static str, &'a [u32], &'a Names); 3] = [
            ("customer", &orders.customer_id, &orders.customer_ids),
            ("email", &orders.email, &orders.emails),
            ("phone", &orders.phone, &orders.phones),
        ];
        let mut starts = [0; 3];
        let mut count = 0;
        for (start, (_, _, names)) in starts.iter_mut().zip(&kinds) {
            *start = count;
            count += names.len() as u32;
        }
        Nodes { kinds, starts, count }
    }

    /// The node of an order's handle of one kind.
    fn of(&self, kind: usize, order: usize) -> Option<u32> {
        self.kinds[kind].1.get(order).filter(|&&number| number != NONE).map(|&number| self.starts[kind] + number)
    }

    fn describe(&self, node: u32) -> String {
        let kind = (0..3).rev().find(|&kind| node >= self.starts[kind]).unwrap_or(0);
        let (label, _, names) = self.kinds[kind];
        format!("{label}:{}", names.get(node - self.starts[kind]))
    }

    /// Whether more than one kind of handle is there at all, so that anything can be joined.
    fn can_join(&self) -> bool {
        self.kinds.iter().filter(|(_, column, _)| !column.is_empty()).count() > 1
    }
}

/// Finds the person of each order.
pub fn resolve(orders: &Orders, options: &IdentityOptions) -> Identity {
    let nodes = Nodes::new(orders);
    let mut parents: Vec<u32> = (0..nodes.count).collect();
    let mut merges = Vec::new();
    let mut shared = Vec::new();
    if nodes.can_join() {
        shared = shared_handles(&nodes, orders.len(), options.shared_handle_limit);
        for order in 0..orders.len() {
            let mut first = None;
            for kind in 0..3 {
                let Some(node) = nodes.of(kind, order).filter(|&node| !is_shared(&shared, node)) else { continue };
                let Some(anchor) = first else {
                    first = Some(node);
                    continue;
                };
                let (left, right) = (root(&mut parents, anchor), root(&mut parents, node));
                if left != right {
                    parents[left.max(right) as usize] = left.min(right);
                    merges.push(Merge {
                        order: order as u32,
                        left: nodes.describe(anchor),
                        right: nodes.describe(node),
                    });
                }
            }
        }
    }
    let persons = number_persons(&nodes, orders.len(), &mut parents, &shared);
    let shared_handles =
        (0..nodes.count).filter(|&node| is_shared(&shared, node)).map(|node| nodes.describe(node)).collect();
    Identity { persons, merges, shared_handles }
}

fn is_shared(shared: &[bool], node: u32) -> bool {
    shared.get(node as usize).copied().unwrap_or(false)
}

/// E-mail addresses and phone numbers that come with too many distinct handles of another kind.
fn shared_handles(nodes: &Nodes<'_>, orders: usize, limit: u32) -> Vec<bool> {
    let mut shared = vec![false; nodes.count as usize];
    for kind in 1..3 {
        for other in (0..3).filter(|&other| other != kind) {
            let mut pairs: Vec<(u32, u32)> =
                (0..orders).filter_map(|order| nodes.of(kind, order).zip(nodes.of(other, order))).collect();
            pairs.sort_unstable();
            pairs.dedup();
            for same_handle in pairs.chunk_by(|a, b| a.0 == b.0) {
                if same_handle.len() > limit as usize {
                    shared[same_handle[0].0 as usize] = true;
                }
            }
        }
    }
    shared
}

fn root(parents: &mut [u32], mut node: u32) -> u32 {
    while parents[node as usize] != node {
        let grandparent = parents[parents[node as usize] as usize];
        parents[node as usize] = grandparent;
        node = grandparent;
    }
    node
}

fn number_persons(nodes: &Nodes<'_>, orders: usize, parents: &mut [u32], shared: &[bool]) -> Persons {
    let mut person_of_root = vec![NONE; nodes.count as usize];
    let mut persons = Persons { of_order: Vec::with_capacity(orders), ..Persons::default() };
    let mut naming_kind: Vec<u8> = Vec::new();
    for order in 0..orders {
        let handle = (0..3).find_map(|kind| {
            nodes.of(kind, order).filter(|&node| !is_shared(shared, node)).map(|node| (kind as u8, node))
        });
        let Some((kind, node)) = handle else {
            persons.of_order.push(persons.identified.len() as u32);
            persons.identified.push(false);
            persons.naming_order.push(order as u32);
            naming_kind.push(u8::MAX);
            continue;
        };
        let root = root(parents, node) as usize;
        if person_of_root[root] == NONE {
            person_of_root[root] = persons.identified.len() as u32;
            persons.identified.push(true);
            persons.naming_order.push(order as u32);
            naming_kind.push(kind);
        }
        let person = person_of_root[root];
        if kind < naming_kind[person as usize] {
            naming_kind[person as usize] = kind;
            persons.naming_order[person as usize] = order as u32;
        }
        persons.of_order.push(person);
    }
    persons
}

#[cfg(test)]
mod tests {
    use super::*;
    use clove_core::Day;
    use proptest::prelude::*;

    /// Orders from (customer id, e-mail, phone), empty = none.
    fn orders(handles: &[(&str, &str, &str)]) -> Orders {
        let mut orders = Orders::default();
        for &(customer, email, phone) in handles {
            let number = |names: &mut Names, text: &str| if text.is_empty() { NONE } else { names.intern(text) };
            orders.customer_id.push(number(&mut orders.customer_ids, customer));
            orders.email.push(number(&mut orders.emails, email));
            orders.phone.push(number(&mut orders.phones, phone));
            orders.day.push(Day(0));
        }
        orders
    }

    #[test]
    fn a_guest_phone_is_joined_to_the_later_registered_address() {
        let orders = orders(&[("", "ann", ""), ("", "", "+39333"), ("", "eva", "+39333"), ("", "", "")]);
        let identity = resolve(&orders, &IdentityOptions::default());
        assert_eq!(identity.persons.of_order, [0, 1, 1, 2]);
        assert_eq!(identity.persons.identified, [true, true, false]);
        assert_eq!(identity.persons.label(1, &orders), "eva");
        assert_eq!(identity.persons.label(2, &orders), "guest:4");
        assert_eq!(identity.merges.len(), 1);
        assert_eq!(
            (identity.merges[0].left.as_str(), identity.merges[0].right.as_str()),
            ("email:eva", "phone:+39333")
        );
    }

    #[test]
    fn a_till_phone_shared_by_many_customers_joins_nobody() {
        let names: Vec<String> = (0..30).map(|i| format!("c{i}")).collect();
        let handles: Vec<(&str, &str, &str)> = names.iter().map(|name| (name.as_str(), "", "000")).collect();
        let orders = orders(&handles);
        let identity = resolve(&orders, &IdentityOptions::default());
        assert_eq!(identity.persons.len(), 30);
        assert_eq!(identity.shared_handles, ["phone:000"]);
    }

    proptest! {
        #[test]
        fn persons_are_the_connected_components(
            handles in prop::collection::vec((0_u32..12, 0_u32..12, 0_u32..12), 1..60),
        ) {
            let text = |kind: char, number: u32| if number < 4 { String::new() } else { format!("{kind}{number}") };
            let rows: Vec<(String, String, String)> =
                handles.iter().map(|&(a, b, c)| (text('c', a), text('e', b), text('p', c))).collect();
            let borrowed: Vec<(&str, &str, &str)> =
                rows.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
            let persons = resolve(&orders(&borrowed), &IdentityOptions { shared_handle_limit: 1_000 }).persons;
            // The plain way: spread the smallest order number over shared handles until nothing changes.
            let shares = |i: usize, j: usize| {
                let (a, b) = (&rows[i], &rows[j]);
                [(&a.0, &b.0), (&a.1, &b.1), (&a.2, &b.2)].iter().any(|(x, y)| !x.is_empty() && x == y)
            };
            let mut group: Vec<usize> = (0..rows.len()).collect();
            loop {
                let mut changed = false;
                for i in 0..rows.len() {
                    for j in 0..rows.len() {
                        if shares(i, j) && group[i] != group[j] {
                            let smallest = group[i].min(group[j]);
                            group[i] = smallest;
                            group[j] = smallest;
                            changed = true;
                        }
                    }
                }
                if !changed { break; }
            }
            for i in 0..rows.len() {
                for j in 0..rows.len() {
                    prop_assert_eq!(group[i] == group[j], persons.of_order[i] == persons.of_order[j]);
                }
            }
        }
    }
}
