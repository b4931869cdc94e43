//! A person's orders in a few numbers, computed anew from the rows of orders and refunds.

use std::collections::{HashMap, HashSet};

use clove_core::{Currency, Day, Exclusion, Micros, Minor, PersonId};
use clove_store::customer_view::{Statistics, members_of};
use clove_store::{Result, Tx};
use uuid::Uuid;

use super::rows::{OrderRow, RefundRow};
use super::sql;
use crate::history::{CustomerHistory, HistoryRules, OpenHistory, OrderFigures};

/// What was computed of a person with orders.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub id: PersonId,
    pub identified: bool,
    pub history: CustomerHistory,
    pub sums: Sums,
}

/// What adds up over the orders that count. Amounts are minor units of the shop's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub gross: Minor,
    pub discount: Minor,
    pub refunded: Minor,
    pub last_order_at: Option<Micros>,
}

/// In which currency and up to which day orders count.
pub(super) struct CountRules<'a> {
    pub shop: Currency,
    pub rules: &'a HistoryRules,
    /// The last day of orders whose returns are known by now.
    pub mature_until: Day,
}

/// Reads the orders of persons and counts them. Persons without any order are missing.
pub(super) async fn count_persons(tx: &mut Tx, persons: &[PersonId], rules: &CountRules<'_>) -> Result<Vec<Person>> {
    let members = members_of(tx, persons).await?;
    let subjects: Vec<Uuid> = members.iter().map(|member| member.subject.0).collect();
    let named: HashSet<PersonId> = members.iter().filter(|member| member.names).map(|member| member.person).collect();
    let person_of: HashMap<Uuid, PersonId> = members.iter().map(|member| (member.subject.0, member.person)).collect();
    let orders = sql::orders_of(tx, &subjects).await?;
    let mut refunds: HashMap<Uuid, Vec<RefundRow>> = HashMap::new();
    if !orders.is_empty() {
        for refund in sql::refunds_of(tx, &subjects).await? {
            refunds.entry(refund.order_key).or_default().push(refund);
        }
    }
    let mut of_person: HashMap<PersonId, Vec<OrderRow>> = HashMap::new();
    for order in orders {
        if let Some(&person) = person_of.get(&order.subject) {
            of_person.entry(person).or_default().push(order);
        }
    }
    let mut counted: Vec<Person> = of_person
        .into_iter()
        .map(|(id, mut orders)| {
            let identified = named.contains(&id);
            let (history, sums) = count(&mut orders, &refunds, rules);
            Person { id, identified, history, sums }
        })
        .collect();
    counted.sort_by_key(|person| person.id);
    Ok(counted)
}

/// Counts one person's orders.
pub(super) fn count(
    orders: &mut [OrderRow],
    refunds: &HashMap<Uuid, Vec<RefundRow>>,
    rules: &CountRules<'_>,
) -> (CustomerHistory, Sums) {
    orders.sort_by_key(|order| (order.day, order.placed_at, order.order_key));
    let mut history = OpenHistory::default();
    let mut sums = Sums::default();
    for (index, order) in orders.iter().enumerate() {
        if order.exclusion() != Exclusion::None {
            continue;
        }
        let Some(rate) = order.rate(rules.shop) else { continue };
        let (gross, discount) = (rate.convert(order.gross), rate.convert(order.discount));
        let own_refunds = refunds.get(&order.order_key).map_or(&[][..], Vec::as_slice);
        let refunded: Minor =
            own_refunds.iter().filter_map(|refund| Some(refund.rate(order, rules.shop)?.convert(refund.items))).sum();
        let (day, placed) = (Day(order.day as i32), gross - discount);
        let net = placed - refunded;
        let mature = day <= rules.mature_until;
        let figures = OrderFigures { index: index as u32, day, placed, net, value: Some(net), mature };
        history.add(figures, rules.rules);
        sums.gross += gross;
        sums.discount += discount;
        sums.refunded += refunded;
        sums.last_order_at = sums.last_order_at.max(Some(order.placed_at));
    }
    (history.closed(rules.rules), sums)
}

impl Person {
    /// The row of the person's statistics.
    pub(super) fn statistics(&self, currency: Currency, changed_seq: i64, now: Micros) -> Statistics {
        let Person { history, sums, .. } = self;
        let has_orders = history.orders > 0;
        let has_purchases = history.purchase_days > 0;
        Statistics {
            person_uuid: self.id.0,
            currency: currency.code().to_owned(),
            first_order_day: has_orders.then_some(i64::from(history.first_order)),
            first_purchase_day: has_purchases.then_some(i64::from(history.first_purchase)),
            last_purchase_day: has_purchases.then_some(i64::from(history.last_purchase)),
            purchase_days: i64::from(history.purchase_days),
            orders: i64::from(history.orders),
            gross_minor: sums.gross,
            discount_minor: sums.discount,
            refunded_minor: sums.refunded,
            net_minor: sums.gross - sums.discount - sums.refunded,
            sum_log_gaps: history.sum_log_gaps,
            last_order_at: sums.last_order_at,
            updated_at: now,
            purchase_placed_minor: history.placed,
            first_placed_minor: history.first_placed,
            identified: self.identified,
            changed_seq,
        }
    }
}
