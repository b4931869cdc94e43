//! A shop at an as-of: every customer's orders that count, in time order, with their refunds.
//!
//! The one preparation that cohorts, segments, lifecycle and the key figures share.

use clove_core::{Adjustment, Basis, Currency, Day, Minor, Persons, Placements, RefundDate, ShopData};

use crate::answer::Rate;
use crate::order_values::{OrderValues, refunded_value};

/// A shop's customers at an as-of.
#[derive(Debug)]
pub struct Ledger<'a> {
    shop: &'a ShopData,
    persons: &'a Persons,
    values: OrderValues<'a>,
    as_of: Day,
    orders: Vec<u32>,
    customers: Vec<Customer>,
    refunds: Vec<&'a Adjustment>,
}

/// A person with at least one order that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Customer {
    /// The person's number.
    pub person: u32,
    /// Whether the person has a handle.
    pub identified: bool,
    /// The day of the first order that counts.
    pub first_day: Day,
    first: u32,
    end: u32,
}

/// Value gained or lost on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// The order that it belongs to.
    pub order: u32,
    /// The day on which it counts.
    pub day: Day,
    /// The value; `None` where the basis needs a cost that is not known.
    pub value: Option<Minor>,
    /// Whether it is a refund with a date of its own.
    pub is_refund: bool,
}

impl<'a> Ledger<'a> {
    /// Sorts the shop's orders by customer and time and takes what had happened by the end of `as_of`.
    pub fn new(shop: &'a ShopData, persons: &'a Persons, as_of: Day) -> Ledger<'a> {
        Ledger::from_placements(shop, persons, &Placements::new(&shop.orders, persons), as_of)
    }

    /// The same from a sorting that is already there.
    pub fn from_placements(
        shop: &'a ShopData,
        persons: &'a Persons,
        placements: &Placements,
        as_of: Day,
    ) -> Ledger<'a> {
        let values = OrderValues::new(shop, as_of);
        let mut orders = Vec::with_capacity(shop.orders.len());
        let mut customers = Vec::new();
        for person in 0..placements.persons() as u32 {
            let first = orders.len() as u32;
            orders.extend(placements.of_person(person).iter().filter(|&&order| values.is_order(order as usize)));
            let Some(&first_order) = orders.get(first as usize) else { continue };
            customers.push(Customer {
                person,
                identified: persons.identified[person as usize],
                first_day: shop.orders.day[first_order as usize],
                first,
                end: orders.len() as u32,
            });
        }
        let mut refunds: Vec<&Adjustment> = shop
            .adjustments
            .iter()
            .filter(|refund| refund.day <= as_of && values.is_order(refund.order as usize))
            .collect();
        refunds.sort_by_key(|refund| (refund.order, refund.day));
        Ledger { shop, persons, values, as_of, orders, customers, refunds }
    }

    /// The same with some customers only: those whose place by person number is true. Costs and what was left out stay those of the shop.
    #[must_use]
    pub fn restricted(self, members: &[bool]) -> Ledger<'a> {
        let mut orders = Vec::new();
        let mut customers = Vec::new();
        for customer in self.customers.iter().filter(|customer| members[customer.person as usize]) {
            let first = orders.len() as u32;
            orders.extend_from_slice(self.orders_of(customer));
            customers.push(Customer { first, end: orders.len() as u32, ..*customer });
        }
        let kept: rustc_hash::FxHashSet<u32> = orders.iter().copied().collect();
        let refunds = self.refunds.into_iter().filter(|refund| kept.contains(&refund.order)).collect();
        Ledger { orders, customers, refunds, ..self }
    }

    /// The shop's data.
    pub fn shop(&self) -> &'a ShopData {
        self.shop
    }

    /// Who placed which order.
    pub fn persons(&self) -> &'a Persons {
        self.persons
    }

    /// The last day that counts.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// The currency of all amounts.
    pub fn currency(&self) -> Currency {
        self.shop.currency
    }

    /// The value of orders at the as-of.
    pub fn values(&self) -> &OrderValues<'a> {
        &self.values
    }

    /// Everyone with at least one order that counts, in the order of person numbers.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }

    /// All orders that count, by customer and time.
    pub fn orders(&self) -> &[u32] {
        &self.orders
    }

    /// The customer's orders that count, first to last. Never empty.
    pub fn orders_of(&self, customer: &Customer) -> &[u32] {
        &self.orders[customer.first as usize..customer.end as usize]
    }

    /// The customer's purchases (orders of which something was kept), first to last.
    pub fn purchases_of(&self, customer: &Customer) -> impl Iterator<Item = u32> + '_ {
        self.orders_of(customer).iter().copied().filter(|&order| self.values.is_purchase(order as usize))
    }

    /// The distinct days of the customer's purchases, ascending.
    pub fn purchase_days(&self, customer: &Customer) -> Vec<Day> {
        let mut days: Vec<Day> = self.purchases_of(customer).map(|order| self.day(order)).collect();
        days.dedup();
        days
    }

    /// The local day of an order.
    pub fn day(&self, order: u32) -> Day {
        self.shop.orders.day[order as usize]
    }

    /// What an order was paid back, refund by refund, up to the as-of.
    pub fn refunds_of(&self, order: u32) -> &[&'a Adjustment] {
        let start = self.refunds.partition_point(|refund| refund.order < order);
        let end = start + self.refunds[start..].partition_point(|refund| refund.order == order);
        &self.refunds[start..end]
    }

    /// Calls `each` with every gain and loss of value of a customer. Under [`RefundDate::Order`] an order is one movement
    /// on its day; under [`RefundDate::Event`] its refunds are movements on their own days.
    pub fn movements(
        &self,
        customer: &Customer,
        basis: Basis,
        refund_date: RefundDate,
        mut each: impl FnMut(Movement),
    ) {
        for &order in self.orders_of(customer) {
            let day = self.day(order);
            match refund_date {
                RefundDate::Order => {
                    each(Movement { order, day, value: self.values.value(order as usize, basis), is_refund: false });
                }
                RefundDate::Event => {
                    let placed = self.values.placed_value(order as usize, basis);
                    each(Movement { order, day, value: placed, is_refund: false });
                    for refund in self.refunds_of(order) {
                        let back = refunded_value(basis, refund.items, refund.tax_and_shipping, refund.restocked_cost);
                        each(Movement { order, day: refund.day, value: placed.map(|_| -back), is_refund: true });
                    }
                }
            }
        }
    }

    /// The customer's value up to the as-of; orders of unknown cost add nothing to bases that need it.
    pub fn value_of(&self, customer: &Customer, basis: Basis) -> Minor {
        let values = self.orders_of(customer).iter().filter_map(|&order| self.values.value(order as usize, basis));
        values.sum()
    }

    /// How the customer is called in results.
    pub fn label(&self, customer: &Customer) -> String {
        self.persons.label(customer.person, &self.shop.orders).into_owned()
    }

    /// Identified customers of all customers: printed with every answer about customers.
    pub fn identified_share(&self) -> Rate {
        let identified = self.customers.iter().filter(|customer| customer.identified).count();
        Rate::new(identified as u64, self.customers.len() as u64)
    }

    /// The 95 % quantile of the days from order to refund; 0 if nothing was ever returned. Orders younger than this may
    /// still come back, so that figures with them are provisional.
    pub fn return_delay_days(&self) -> i32 {
        let mut delays: Vec<f64> =
            self.refunds.iter().map(|refund| f64::from(refund.day.since(self.day(refund.order)).max(0))).collect();
        delays.sort_by(f64::total_cmp);
        crate::answer::quantile(&delays, 0.95).map_or(0, |days| days.ceil() as i32)
    }
}
