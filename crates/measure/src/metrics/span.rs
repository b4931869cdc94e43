//! What was ordered within a span of days, summed for each group in one pass.

use clove_core::{Basis, Day, Minor, RefundDate};

use super::groups::{Groups, Membership};
use super::{Measured, Units};
use crate::answer::{Amount, MoneyPer, MoneyShare, Rate};
use crate::kpi_comparison::Figure;
use crate::ledger::Ledger;

/// Sums of the orders of a span. Customers are distinct within a group; in another group they count again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpanSums {
    /// Orders that count.
    pub orders: u64,
    /// Distinct customers of these orders.
    pub customers: u64,
    /// Customers whose first order that counts is among these orders.
    pub new: u64,
    /// Customers who had ordered before the group's first day.
    pub returning: u64,
    /// Whether there is such a day.
    pub has_first_day: bool,
    /// Customers with a handle.
    pub identified: u64,
    /// Value before discounts.
    pub gross: Minor,
    /// Discounts.
    pub discounts: Minor,
    /// Gross minus discounts.
    pub placed: Minor,
    /// Returned items of these orders up to the as-of.
    pub returns: Minor,
    /// Placed minus returned.
    pub net: Minor,
    /// Value on the chosen basis, of the orders whose value is known.
    pub value: Minor,
    /// Orders whose value on the chosen basis is known.
    pub valued_orders: u64,
    /// Net minus cost, of the orders with known costs.
    pub margin: Minor,
    /// Net of the orders with known costs.
    pub net_with_cost: Minor,
    /// Orders with known costs.
    pub orders_with_cost: u64,
    /// Orders with a discount.
    pub discounted_orders: u64,
    /// Orders with a return.
    pub returned_orders: u64,
    /// Returned items that were paid back within the span, whichever orders they belong to.
    pub refunds_in_span: Minor,
    /// Sales and marketing cost of the span; `None` where nobody knows whose it is: no costs were told, groups are neither times nor
    /// channels, or only some customers count.
    pub cost: Option<Minor>,
    /// Checkouts of the span whose time is over; `None` where nobody tells of them, or groups are told apart by more than days.
    pub carts: Option<CartSums>,
}

/// Checkouts whose time to order in is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CartSums {
    /// All of them.
    pub checkouts: u64,
    /// Those without an order in time.
    pub abandoned: u64,
    /// What lay in those.
    pub abandoned_value: Minor,
}

/// What a span is summed of.
#[derive(Debug, Clone, Copy)]
pub struct SpanOptions<'o> {
    /// The first day; everything before it is left out.
    pub from: Option<Day>,
    /// The last day, at most the as-of.
    pub until: Day,
    /// The basis of `value`.
    pub basis: Basis,
    /// Who counts.
    pub members: Membership<'o>,
}

/// Sums each group's orders within the span.
pub fn span_sums(ledger: &Ledger<'_>, options: &SpanOptions<'_>, groups: &Groups) -> Vec<SpanSums> {
    let orders = &ledger.shop().orders;
    let values = ledger.values();
    let inside = |day: Day| options.from.is_none_or(|from| from <= day) && day <= options.until;
    let start = |group: usize| groups.first_day(group).or(options.from);
    let of_group = |group| SpanSums { has_first_day: start(group).is_some(), ..SpanSums::default() };
    let mut sums: Vec<SpanSums> = (0..groups.len()).map(of_group).collect();
    // The customer who was seen last in each group, so that nobody counts twice.
    let mut seen = vec![0_u32; groups.len()];
    for (index, customer) in ledger.customers().iter().enumerate() {
        if !options.members.has(customer.person) {
            continue;
        }
        let stamp = index as u32 + 1;
        for (rank, &number) in ledger.orders_of(customer).iter().enumerate() {
            let order = number as usize;
            for refund in ledger.refunds_of(number).iter().filter(|refund| inside(refund.day)) {
                if let Some(group) = groups.of(index, number, rank, refund.day) {
                    sums[group].refunds_in_span += refund.items;
                }
            }
            let day = orders.day[order];
            if !inside(day) {
                continue;
            }
            let Some(group) = groups.of(index, number, rank, day) else { continue };
            let own = &mut sums[group];
            if seen[group] != stamp {
                seen[group] = stamp;
                own.customers += 1;
                own.identified += u64::from(customer.identified);
                own.returning += u64::from(start(group).is_some_and(|start| customer.first_day < start));
            }
            let (returned, net) = (values.returned(order).items, values.net(order));
            own.orders += 1;
            own.new += u64::from(rank == 0);
            own.gross += orders.gross[order];
            own.discounts += orders.discount_of(order);
            own.placed += orders.placed_of(order);
            own.returns += returned;
            own.net += net;
            own.discounted_orders += u64::from(orders.discount_of(order) > 0);
            own.returned_orders += u64::from(returned > 0);
            if let Some(value) = values.value(order, options.basis) {
                own.value += value;
                own.valued_orders += 1;
            }
            if let Some(margin) = values.value(order, Basis::Margin) {
                own.margin += margin;
                own.net_with_cost += net;
                own.orders_with_cost += 1;
            }
        }
    }
    spend(ledger, options, groups, &mut sums);
    carts(ledger, options, groups, &mut sums);
    sums
}

/// Adds checkouts.
fn carts(ledger: &Ledger<'_>, options: &SpanOptions<'_>, groups: &Groups, sums: &mut [SpanSums]) {
    let Some(checkouts) = &ledger.shop().checkouts else { return };
    if !groups.are_days() {
        return;
    }
    for own in sums.iter_mut() {
        own.carts = Some(CartSums::default());
    }
    for checkout in checkouts.iter().filter(|checkout| checkout.closes <= ledger.as_of()) {
        let inside = options.from.is_none_or(|from| from <= checkout.day) && checkout.day <= options.until;
        let counts = match checkout.person {
            Some(person) => options.members.has(person),
            None => options.members.is_everyone(),
        };
        if let (true, Some(group)) = (inside && counts, groups.of_day(checkout.day)) {
            let own = sums[group].carts.get_or_insert_default();
            own.checkouts += 1;
            own.abandoned += u64::from(!checkout.ordered);
            own.abandoned_value += if checkout.ordered { 0 } else { checkout.value };
        }
    }
}

/// Adds the cost of acquisition where it can be told apart.
fn spend(ledger: &Ledger<'_>, options: &SpanOptions<'_>, groups: &Groups, sums: &mut [SpanSums]) {
    let rows = &ledger.shop().spend;
    if rows.is_empty() || !groups.tell_costs_apart() || !options.members.is_everyone() {
        return;
    }
    for own in sums.iter_mut() {
        own.cost = Some(0);
    }
    for row in rows {
        for (day, amount) in row.by_day() {
            let inside = options.from.is_none_or(|from| from <= day) && day <= options.until;
            if inside && let Some(group) = groups.of_spend(row.channel.as_deref(), day) {
                *sums[group].cost.get_or_insert(0) += amount;
            }
        }
    }
}

impl SpanSums {
    /// Net sales with refunds on the day of their order, or on their own day.
    pub fn net_on_refund_date(&self, refund_date: RefundDate) -> Minor {
        match refund_date {
            RefundDate::Order => self.net,
            RefundDate::Event => self.placed - self.refunds_in_span,
        }
    }

    /// The share of net sales whose costs are known.
    pub fn cost_coverage(&self, units: Units) -> MoneyShare {
        units.share(self.net_with_cost, self.net)
    }
}

impl Units {
    /// An amount, where amounts are known.
    pub fn amount(self, minor: Minor) -> Option<Amount> {
        self.has_amounts.then(|| Amount::new(minor, self.currency))
    }

    /// Money over money.
    pub fn share(self, part: Minor, whole: Minor) -> MoneyShare {
        if self.has_amounts { MoneyShare::new(part, whole, self.currency) } else { MoneyShare::UNKNOWN }
    }

    /// Money per head.
    pub fn per(self, sum: Minor, heads: u64) -> MoneyPer {
        MoneyPer::new(self.has_amounts.then_some(sum), heads, self.currency)
    }

    /// Money per head, where the sum is known.
    pub fn per_known(self, sum: Minor, is_known: bool, heads: u64) -> MoneyPer {
        MoneyPer::new((self.has_amounts && is_known).then_some(sum), heads, self.currency)
    }

    /// Orders of which something is known only where amounts are.
    pub fn orders_with(self, count: u64, orders: u64) -> Rate {
        if self.has_amounts { Rate::new(count, orders) } else { Rate::new(0, 0) }
    }

    /// An amount over so many orders.
    pub fn money(self, minor: Minor, n: u64) -> Measured {
        Measured::figure(self.amount(minor).map(Figure::Money), n)
    }
}
