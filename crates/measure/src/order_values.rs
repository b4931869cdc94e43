//! The value of each order at an as-of day, on any basis, after the refunds known by then.

use clove_core::{Basis, Day, Exclusion, Minor, Orders, ShopData};

/// What was paid back on one order up to the as-of day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// Items without tax, positive.
    pub items: Minor,
    /// Tax and shipping, positive.
    pub tax_and_shipping: Minor,
    /// Cost of restocked goods, positive.
    pub restocked_cost: Minor,
}

/// Orders with their refunds, as of a day. An order counts when it was placed and a refund when it was paid back on or
/// before that day.
#[derive(Debug, Clone)]
pub struct OrderValues<'a> {
    shop: &'a ShopData,
    as_of: Day,
    /// Per order; empty when nothing was ever returned.
    returned: Vec<Returned>,
}

impl<'a> OrderValues<'a> {
    /// Sums the adjustments of each order up to `as_of`.
    pub fn new(shop: &'a ShopData, as_of: Day) -> Self {
        let mut returned = Vec::new();
        if !shop.adjustments.is_empty() {
            returned.resize(shop.orders.len(), Returned::default());
            for adjustment in shop.adjustments.iter().filter(|adjustment| adjustment.day <= as_of) {
                let sum: &mut Returned = &mut returned[adjustment.order as usize];
                sum.items += adjustment.items;
                sum.tax_and_shipping += adjustment.tax_and_shipping;
                sum.restocked_cost += adjustment.restocked_cost;
            }
        }
        OrderValues { shop, as_of, returned }
    }

    /// The orders that these values belong to.
    pub fn orders(&self) -> &'a Orders {
        &self.shop.orders
    }

    /// The last day that counts.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// Whether anything came back of any order.
    pub fn has_returns(&self) -> bool {
        !self.returned.is_empty()
    }

    /// What came back of an order.
    pub fn returned(&self, order: usize) -> Returned {
        self.returned.get(order).copied().unwrap_or_default()
    }

    /// Whether the order counts: placed by the as-of day and not excluded.
    pub fn is_order(&self, order: usize) -> bool {
        let orders = &self.shop.orders;
        orders.exclusion[order] == Exclusion::None && orders.day[order] <= self.as_of
    }

    /// Whether it counts and something of it was kept. Files without amounts tell only that something was bought.
    pub fn is_purchase(&self, order: usize) -> bool {
        self.is_order(order) && (!self.shop.has_amounts || self.net(order) > 0)
    }

    /// Placed value minus returned items.
    pub fn net(&self, order: usize) -> Minor {
        self.shop.orders.placed_of(order) - self.returned(order).items
    }

    /// The order's value on a basis, refunds included; `None` where the files have no amounts, or the basis needs a cost that
    /// is unknown.
    pub fn value(&self, order: usize, basis: Basis) -> Option<Minor> {
        let returned = self.returned(order);
        let placed = self.placed_value(order, basis)?;
        Some(placed - refunded_value(basis, returned.items, returned.tax_and_shipping, returned.restocked_cost))
    }

    /// The order's value on a basis on the day of placement, before any refund.
    pub fn placed_value(&self, order: usize, basis: Basis) -> Option<Minor> {
        if !self.shop.has_amounts {
            return None;
        }
        let orders = &self.shop.orders;
        let placed = orders.placed_of(order);
        Some(match basis {
            Basis::Gross => orders.gross[order],
            Basis::Placed | Basis::Net => placed,
            Basis::Total => placed + orders.tax_of(order) + orders.shipping_of(order),
            Basis::Margin => placed - orders.cost_of(order)?,
            Basis::Contribution => {
                placed - orders.cost_of(order)? + orders.shipping_of(order) - orders.handling_of(order)
            }
        })
    }
}

/// By how much a refund lowers the value on a basis.
pub fn refunded_value(basis: Basis, items: Minor, tax_and_shipping: Minor, restocked_cost: Minor) -> Minor {
    match basis {
        Basis::Gross | Basis::Placed => 0,
        Basis::Net => items,
        Basis::Total => items + tax_and_shipping,
        Basis::Margin | Basis::Contribution => items - restocked_cost,
    }
}
