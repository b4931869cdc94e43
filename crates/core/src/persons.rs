//! Which orders belong to which person: the result of identity, as other crates read it.

use std::borrow::Cow;

use crate::names::Names;
use crate::shop::{NONE, Orders};

/// Persons numbered in the order of their first appearance in the orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Persons {
    /// The person of each order.
    pub of_order: Vec<u32>,
    /// Whether the person has a handle (customer id, e-mail or phone); a guest without any is one person per order.
    pub identified: Vec<bool>,
    /// An order of the person whose handle names it best.
    pub naming_order: Vec<u32>,
}

impl Persons {
    /// How many persons there are, those with excluded orders only included.
    pub fn len(&self) -> usize {
        self.identified.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.identified.is_empty()
    }

    /// How the person is called in results: the source's customer id, else e-mail, else phone, else `guest:ORDER`.
    pub fn label<'a>(&self, person: u32, orders: &'a Orders) -> Cow<'a, str> {
        let order = self.naming_order[person as usize] as usize;
        let named = |column: &[u32], names: &'a Names| {
            column.get(order).filter(|&&number| number != NONE).map(|&number| Cow::Borrowed(names.get(number)))
        };
        named(&orders.customer_id, &orders.customer_ids)
            .or_else(|| named(&orders.email, &orders.emails))
            .or_else(|| named(&orders.phone, &orders.phones))
            .unwrap_or_else(|| Cow::Owned(format!("guest:{}", orders.order_id_text(order))))
    }
}
