//! What segments ask of a customer, made of the orders once.

use clove_core::segment::{DayName, FigureName};
use clove_core::{Basis, Day, Minor, RefundDate};

use crate::history::Counting;
use crate::ledger::{Customer, Ledger};
use crate::lifecycle::Stage;
use crate::thresholds::Thresholds;

/// A customer in numbers, as of the ledger's day. Amounts are net, in minor units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerFigures {
    /// Orders that count.
    pub orders: u32,
    /// Orders of which something was kept.
    pub purchases: u32,
    /// Days with purchases.
    pub purchase_days: u32,
    /// Purchases with a discount.
    pub discounted: u32,
    /// Value of all orders.
    pub value: Minor,
    /// Value of purchases, returned ones left out.
    pub kept_value: Minor,
    /// Value of orders of the last 12 months.
    pub value_12_months: Minor,
    /// Value of orders of the last 24 months.
    pub value_24_months: Minor,
    /// Placed value.
    pub placed: Minor,
    /// Returned value.
    pub returned: Minor,
    /// Day of the first order.
    pub first_order: Day,
    /// Day of the last order.
    pub last_order: Day,
    /// Days of the first and the last purchase.
    pub purchased: Option<(Day, Day)>,
    /// Where the customer stands; `None` for guests and customers who kept nothing.
    pub stage: Option<Stage>,
}

/// All customers of the ledger, in its order.
pub(super) fn figures(ledger: &Ledger<'_>, thresholds: &Thresholds) -> Vec<CustomerFigures> {
    let counting = Counting { as_of: ledger.as_of(), basis: Basis::Net, refund_date: RefundDate::Order };
    let windows = (counting.window_start(12), counting.window_start(24));
    ledger.customers().iter().map(|customer| of(ledger, thresholds, customer, windows)).collect()
}

fn of(
    ledger: &Ledger<'_>,
    thresholds: &Thresholds,
    customer: &Customer,
    (months_12, months_24): (Day, Day),
) -> CustomerFigures {
    let orders = &ledger.shop().orders;
    let own = ledger.orders_of(customer);
    let mut figures = CustomerFigures {
        orders: own.len() as u32,
        purchases: 0,
        purchase_days: 0,
        discounted: 0,
        value: 0,
        kept_value: 0,
        value_12_months: 0,
        value_24_months: 0,
        placed: 0,
        returned: 0,
        first_order: customer.first_day,
        last_order: own.last().map_or(customer.first_day, |&order| ledger.day(order)),
        purchased: None,
        stage: None,
    };
    for &number in own {
        let (order, day) = (number as usize, ledger.day(number));
        let value = ledger.values().value(order, Basis::Net).unwrap_or(0);
        figures.value += value;
        figures.value_12_months += if day > months_12 { value } else { 0 };
        figures.value_24_months += if day > months_24 { value } else { 0 };
        figures.placed += orders.placed_of(order);
        figures.returned += ledger.values().returned(order).items;
        if !ledger.values().is_purchase(order) {
            continue;
        }
        figures.purchases += 1;
        figures.kept_value += value;
        figures.discounted += u32::from(orders.discount_of(order) > 0);
        figures.purchased = match figures.purchased {
            None => {
                figures.purchase_days = 1;
                Some((day, day))
            }
            Some((first, last)) => {
                figures.purchase_days += u32::from(day != last);
                Some((first, day))
            }
        };
    }
    if customer.identified
        && let Some((_, last)) = figures.purchased
    {
        figures.stage = Some(Stage::of(thresholds, figures.purchase_days, ledger.as_of().since(last)));
    }
    figures
}

impl CustomerFigures {
    /// A figure; `None` where the customer has no such.
    pub fn figure(&self, name: FigureName, as_of: Day) -> Option<f64> {
        let over = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        let purchases = f64::from(self.purchases);
        match name {
            FigureName::Orders => Some(f64::from(self.orders)),
            FigureName::Purchases => Some(purchases),
            FigureName::PurchaseDays => Some(f64::from(self.purchase_days)),
            FigureName::Value => Some(self.value as f64),
            FigureName::Value12Months => Some(self.value_12_months as f64),
            FigureName::Value24Months => Some(self.value_24_months as f64),
            FigureName::Aov => over(self.kept_value as f64, purchases),
            FigureName::DiscountShare => over(f64::from(self.discounted), purchases),
            FigureName::ReturnShare => over(self.returned as f64, self.placed as f64),
            FigureName::DaysSinceFirst => self.purchased.map(|(first, _)| f64::from(as_of.since(first))),
            FigureName::DaysSinceLast => self.purchased.map(|(_, last)| f64::from(as_of.since(last))),
            FigureName::AverageGap => {
                let (first, last) = self.purchased?;
                over(f64::from(last.since(first)), f64::from(self.purchase_days.saturating_sub(1)))
            }
            // Scores are of the whole shop, forecasts of models: not of orders.
            _ => None,
        }
    }

    /// Days since the last purchase.
    pub(super) fn recency_days(&self, as_of: Day) -> Option<i32> {
        self.purchased.map(|(_, last)| as_of.since(last))
    }

    /// A day; `None` where the customer has no such.
    pub fn day(&self, name: DayName) -> Option<Day> {
        match name {
            DayName::FirstOrder => Some(self.first_order),
            DayName::LastOrder => Some(self.last_order),
            DayName::FirstPurchase => self.purchased.map(|(first, _)| first),
            DayName::LastPurchase => self.purchased.map(|(_, last)| last),
        }
    }
}
