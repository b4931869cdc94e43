//! What a new customer costs, and when that cost is earned back.

use std::collections::{BTreeMap, BTreeSet};

use clove_core::{Basis, Minor, Month, RefundDate, ShopData};
use serde::Serialize;

use crate::answer::{Amount, MoneyPer};
use crate::ledger::{Customer, Ledger};
use crate::spend::Spend;

/// The attribute of orders that names the channel a customer was won by.
pub const CHANNEL: &str = "channel";

/// Ages at which value is cumulated: the first order, then every 30 days up to two years.
const AGES: std::ops::RangeInclusive<i32> = 0..=24;

/// Acquisition cost and payback.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Payback {
    /// The last day that counts.
    pub as_of: String,
    /// The currency of all amounts.
    pub currency: String,
    /// The basis on which value pays the cost back.
    pub basis: &'static str,
    /// Why there is no value, if so: no amounts, or no costs for a basis that needs them.
    pub basis_note: Option<String>,
    /// Each month with new customers or cost.
    pub months: Vec<PaybackRow>,
    /// Each channel over the whole time; empty where orders or spend have no channel.
    pub channels: Vec<PaybackRow>,
    /// Each month and channel.
    pub months_and_channels: Vec<PaybackRow>,
    /// Everything.
    pub total: PaybackRow,
}

/// Cost, value and payback of the customers of a month, a channel or both.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PaybackRow {
    /// The month of the first order, if rows are by month.
    pub month: Option<String>,
    /// The channel of the first order, if rows are by channel.
    pub channel: Option<String>,
    /// New customers, guests included.
    pub new_customers: u64,
    /// New customers of channels that had media cost; null where orders carry no channel.
    pub paid_customers: Option<u64>,
    /// Media cost.
    pub media: Amount,
    /// All sales and marketing cost.
    pub cost: Amount,
    /// Media cost per customer of a paid channel.
    pub paid_cac: Option<MoneyPer>,
    /// All cost per new customer; in rows of a channel only the cost allocated to it.
    pub blended_cac: MoneyPer,
    /// Value of these customers up to the as-of.
    pub value: Option<Amount>,
    /// (value - cost) / cost.
    pub roi: Option<f64>,
    /// Value per customer at the ages that every one of them reached: age in days, value in major units.
    pub curve: Vec<(i32, f64)>,
    /// The age in days at which value per customer reaches the blended cost per customer; null if it has not yet.
    pub payback_days: Option<f64>,
}

/// Computes cost and payback by month, by channel and by both.
pub fn payback(ledger: &Ledger<'_>, basis: Basis, refund_date: RefundDate) -> Payback {
    let spend = Spend::new(ledger);
    let channel = ledger.shop().orders.attribute(CHANNEL);
    let channel_of = |customer: &Customer| {
        channel.and_then(|channel| channel.value(ledger.orders_of(customer)[0] as usize)).map(str::to_owned)
    };
    let mut groups: BTreeMap<(Month, Option<String>), Vec<Customer>> = BTreeMap::new();
    for customer in ledger.customers() {
        groups.entry((customer.first_day.month(), channel_of(customer))).or_default().push(*customer);
    }
    let costs_known = ledger.orders().iter().any(|&order| ledger.values().value(order as usize, basis).is_some());
    let calculation = Calculation {
        ledger,
        spend: &spend,
        groups: &groups,
        basis,
        refund_date,
        costs_known,
        has_channel: channel.is_some(),
    };
    let keys: BTreeSet<(Month, Option<String>)> =
        groups.keys().chain(spend.by_month_and_channel.keys()).cloned().collect();
    let months: BTreeSet<Month> = keys.iter().map(|(month, _)| *month).collect();
    let spend_has_channel = spend.by_month_and_channel.keys().any(|(_, channel)| channel.is_some());
    let channels: BTreeSet<String> = if channel.is_some() && spend_has_channel {
        keys.iter().filter_map(|(_, channel)| channel.clone()).collect()
    } else {
        BTreeSet::new()
    };
    Payback {
        as_of: ledger.as_of().to_string(),
        currency: ledger.currency().code().to_owned(),
        basis: basis.name(),
        basis_note: basis_note(basis, costs_known, ledger.shop()),
        months: months.iter().map(|&month| calculation.row(Some(month), None)).collect(),
        channels: channels.iter().map(|channel| calculation.row(None, Some(channel))).collect(),
        months_and_channels: months
            .iter()
            .flat_map(|&month| channels.iter().map(move |channel| (month, channel)))
            .map(|(month, channel)| calculation.row(Some(month), Some(channel)))
            .filter(|row| row.new_customers > 0 || row.cost.minor != 0)
            .collect(),
        total: calculation.row(None, None),
    }
}

/// What the basis does not hold because the files do not tell it.
fn basis_note(basis: Basis, costs_known: bool, shop: &ShopData) -> Option<String> {
    if !costs_known {
        return Some(if shop.has_amounts {
            format!("{basis} needs the cost of goods, which the files do not tell; try --basis net")
        } else {
            "the files have no amounts: value is not known".to_owned()
        });
    }
    let missing = shop.orders.missing_handling();
    (basis == Basis::Contribution && !missing.is_empty())
        .then(|| format!("the files tell no {}: contribution is before them", missing.join(", no ")))
}

struct Calculation<'c, 'a> {
    ledger: &'c Ledger<'a>,
    spend: &'c Spend,
    groups: &'c BTreeMap<(Month, Option<String>), Vec<Customer>>,
    basis: Basis,
    refund_date: RefundDate,
    costs_known: bool,
    has_channel: bool,
}

impl Calculation<'_, '_> {
    fn row(&self, month: Option<Month>, channel: Option<&String>) -> PaybackRow {
        let currency = self.ledger.currency();
        let is_inside = |key: &(Month, Option<String>)| {
            month.is_none_or(|month| key.0 == month) && channel.is_none_or(|channel| key.1.as_ref() == Some(channel))
        };
        let (mut media, mut cost) = (0, 0);
        for (_, spent) in self.spend.by_month_and_channel.iter().filter(|(key, _)| is_inside(key)) {
            media += spent.media;
            cost += spent.all;
        }
        let mut members: Vec<&Customer> = Vec::new();
        let mut paid = 0;
        for (key, customers) in self.groups.iter().filter(|(key, _)| is_inside(key)) {
            members.extend(customers);
            let is_paid =
                key.1.is_some() && self.spend.by_month_and_channel.get(key).is_some_and(|cost| cost.media > 0);
            paid += if is_paid { customers.len() as u64 } else { 0 };
        }
        let size = members.len() as u64;
        let paid_customers = self.has_channel.then_some(paid);
        let blended_cac = MoneyPer::new(Some(cost), size, currency);
        let (value, curve) = self.value_and_curve(&members);
        let payback_days = blended_cac.as_f64().filter(|_| cost > 0).and_then(|cac| payback_age(&curve, cac));
        PaybackRow {
            month: month.map(|month| month.to_string()),
            channel: channel.cloned(),
            new_customers: size,
            paid_customers,
            media: Amount::new(media, currency),
            cost: Amount::new(cost, currency),
            paid_cac: paid_customers.map(|paid| MoneyPer::new(Some(media), paid, currency)),
            blended_cac,
            value: value.map(|value| Amount::new(value, currency)),
            roi: value.and_then(|value| roi(value, cost)),
            curve,
            payback_days,
        }
    }

    fn value_and_curve(&self, members: &[&Customer]) -> (Option<Minor>, Vec<(i32, f64)>) {
        if !self.costs_known || members.is_empty() {
            return (None, Vec::new());
        }
        let mut total = 0;
        let mut steps = vec![0; AGES.count()];
        for member in members {
            self.ledger.movements(member, self.basis, self.refund_date, |movement| {
                let Some(value) = movement.value else { return };
                total += value;
                let age = movement.day.since(member.first_day);
                if let Some(step) = steps.get_mut((age.max(0) as usize).div_ceil(30)) {
                    *step += value;
                }
            });
        }
        let ages = members.iter().map(|member| self.ledger.as_of().since(member.first_day));
        let youngest = ages.min().unwrap_or(0);
        let members = members.len() as f64 * self.ledger.currency().minor_per_major() as f64;
        let mut sum = 0;
        let curve = steps
            .iter()
            .zip(AGES)
            .take_while(|(_, index)| 30 * index <= youngest)
            .map(|(step, index)| {
                sum += step;
                (30 * index, sum as f64 / members)
            })
            .collect();
        (Some(total), curve)
    }
}

/// The first age at which cumulated value reaches the cost, linear between two ages; `None` if it never does. Before the
/// first age value grows linearly from 0 at age 0.
///
/// `curve` holds age in days and value per customer up to it, ages ascending.
pub fn payback_age(curve: &[(i32, f64)], cost: f64) -> Option<f64> {
    let mut before = (0.0, 0.0);
    for &(age, value) in curve {
        let age = f64::from(age);
        if value >= cost {
            let gained = value - before.1;
            let needed = (cost - before.1).max(0.0);
            return Some(if gained > 0.0 { before.0 + (age - before.0) * needed / gained } else { age });
        }
        before = (age, value);
    }
    None
}

/// (value - cost) / cost; `None` without cost.
pub fn roi(value: Minor, cost: Minor) -> Option<f64> {
    (cost != 0).then(|| (value - cost) as f64 / cost as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payback_interpolates_inside_the_period() {
        let curve = [(30, 8.0), (60, 13.0), (90, 17.0), (120, 21.0)];
        assert_eq!(payback_age(&curve, 20.0), Some(112.5));
        assert_eq!(payback_age(&curve, 21.0), Some(120.0));
        assert_eq!(payback_age(&curve, 21.01), None);
        assert_eq!(payback_age(&[(0, 25.0)], 20.0), Some(0.0));
        assert_eq!(payback_age(&[], 20.0), None);
    }

    #[test]
    fn return_on_investment_of_the_seed_figures() {
        assert_eq!(roi(10_000, 15_000), Some(-5_000.0 / 15_000.0));
        assert_eq!(roi(25_000, 5_000), Some(4.0));
        assert_eq!(roi(1, 0), None);
    }
}
