//! The key figures of a shop, over its whole history or a span of days.

use clove_core::{Basis, Day, RefundDate};
use serde::Serialize;

use crate::answer::{Amount, MoneyPer, MoneyShare, Rate};
use crate::ledger::Ledger;
use crate::metrics::groups::{Groups, Membership};
use crate::metrics::span::{SpanOptions, span_sums};
use crate::repeat::{Gaps, gaps, repeat_purchase_rate, returning_customer_rate};

/// Below this coverage of costs a margin is shown with a warning.
pub const COST_COVERAGE_WARNING: f64 = 0.8;

/// Which orders are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KpiOptions {
    /// The first day; everything before it is left out.
    pub from: Option<Day>,
    /// The last day; by default the as-of.
    pub until: Option<Day>,
    /// The day on which refunds lower the money of the span.
    pub refund_date: RefundDate,
}

impl Default for KpiOptions {
    /// The whole history, refunds on their own day.
    fn default() -> Self {
        KpiOptions { from: None, until: None, refund_date: RefundDate::Event }
    }
}

/// The key figures. Sums of money are those of the orders of the span; `net_event_basis` and `net_order_basis` tell its net
/// sales with refunds on their own day and on the day of their order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpis {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The first day of the span.
    pub from: Option<String>,
    /// The last day of the span.
    pub until: String,
    /// Whether the span is over at the as-of.
    pub complete: bool,
    /// Orders that count.
    pub orders: u64,
    /// Distinct customers of these orders.
    pub customers: u64,
    /// Those of them whose first order lies in the span.
    pub new_customers: u64,
    /// Those with a handle.
    pub identified_customers: u64,
    /// Identified customers of all.
    pub identified_share: Rate,
    /// Sum of gross values. This and all money below is null if the files have no amounts.
    pub gross_sales: Option<Amount>,
    /// Sum of discounts.
    pub discounts: Option<Amount>,
    /// Sum of items returned of these orders up to the as-of.
    pub returns: Option<Amount>,
    /// Placed minus returned, under the chosen refund date.
    pub net_sales: Option<Amount>,
    /// Net sales minus cost of goods, of the orders with known costs; null if no cost is known.
    pub gross_margin: Option<Amount>,
    /// Net sales with known costs of all net sales.
    pub cost_coverage: MoneyShare,
    /// Placed value per order.
    pub aov_placed: MoneyPer,
    /// Net value per order.
    pub aov_net: MoneyPer,
    /// Orders per customer of the span.
    pub transaction_frequency: Rate,
    /// Customers of the span who had ordered before it of all customers of the span; null without a first day.
    pub returning_customer_rate: Option<Rate>,
    /// Identified customers with two or more purchases of identified customers, over the whole history.
    pub repeat_purchase_rate: Rate,
    /// Days between consecutive purchases, over the whole history.
    pub gaps: Gaps,
    /// Orders with a discount of all orders.
    pub discount_share_orders: Rate,
    /// Discounts over gross.
    pub effective_discount_rate: MoneyShare,
    /// Returned value over placed value.
    pub refund_rate_value: MoneyShare,
    /// Orders with a return of all orders.
    pub refund_rate_orders: Rate,
    /// Net sales with refunds on their own day.
    pub net_event_basis: Option<Amount>,
    /// Net sales with refunds on the day of their order.
    pub net_order_basis: Option<Amount>,
    /// What a reader should know.
    pub warnings: Vec<String>,
}

/// The key figures of a span of days.
pub fn kpis(ledger: &Ledger<'_>, options: &KpiOptions) -> Kpis {
    let currency = ledger.currency();
    let has_amounts = ledger.shop().has_amounts;
    let amount = |minor| has_amounts.then(|| Amount::new(minor, currency));
    let share = |part, whole| if has_amounts { MoneyShare::new(part, whole, currency) } else { MoneyShare::UNKNOWN };
    let per_order = |sum, orders| MoneyPer::new(has_amounts.then_some(sum), orders, currency);
    let until = options.until.map_or(ledger.as_of(), |until| until.min(ledger.as_of()));
    let everyone = SpanOptions { from: options.from, until, basis: Basis::Net, members: Membership::EVERYONE };
    let sums = span_sums(ledger, &everyone, &Groups::one()).swap_remove(0);
    let event = sums.net_on_refund_date(RefundDate::Event);
    let cost_coverage = share(sums.net_with_cost, sums.net);
    let mut warnings = Vec::new();
    if !has_amounts {
        warnings.push("the files have no amounts: orders are counted, money is not known".to_owned());
    }
    let complete = options.until.is_none_or(|until| until <= ledger.as_of());
    if let Some(until) = options.until.filter(|_| !complete) {
        warnings.push(format!("the span goes on until {until}, after the as-of: it is not over"));
    }
    if let Some(coverage) = cost_coverage.value.filter(|&coverage| coverage < COST_COVERAGE_WARNING) {
        warnings.push(format!("cost of goods is known for {:.0} % of net sales only", coverage * 100.0));
    }
    // Without amounts nobody knows of discounts and returns.
    let orders_with = |count| if has_amounts { Rate::new(count, sums.orders) } else { Rate::new(0, 0) };
    let identified_share = Rate::new(sums.identified, sums.customers);
    if identified_share.value.is_some_and(|share| share < 0.8) {
        warnings.push("fewer than 80 % of the customers are identified: rates of repetition rest on those only".into());
    }
    Kpis {
        as_of: ledger.as_of().to_string(),
        currency: currency.code().to_owned(),
        from: options.from.map(|day| day.to_string()),
        until: until.to_string(),
        complete,
        orders: sums.orders,
        customers: sums.customers,
        new_customers: sums.new,
        identified_customers: sums.identified,
        identified_share,
        gross_sales: amount(sums.gross),
        discounts: amount(sums.discounts),
        returns: amount(sums.returns),
        net_sales: amount(match options.refund_date {
            RefundDate::Order => sums.net,
            RefundDate::Event => event,
        }),
        gross_margin: amount(sums.margin).filter(|_| sums.orders_with_cost > 0),
        cost_coverage,
        aov_placed: per_order(sums.placed, sums.orders),
        aov_net: per_order(sums.net, sums.orders),
        transaction_frequency: Rate::new(sums.orders, sums.customers),
        returning_customer_rate: options.from.map(|from| returning_customer_rate(ledger, from, until)),
        repeat_purchase_rate: repeat_purchase_rate(ledger),
        gaps: gaps(ledger),
        discount_share_orders: orders_with(sums.discounted_orders),
        effective_discount_rate: share(sums.discounts, sums.gross),
        refund_rate_value: share(sums.returns, sums.placed),
        refund_rate_orders: orders_with(sums.returned_orders),
        net_event_basis: amount(event),
        net_order_basis: amount(sums.net),
        warnings,
    }
}
