//! What a customer prefers: channel, time, price, products, and whatever else the orders tell, each with its evidence.
//!
//! A preference is a value that the customer's orders have more often than those of the shop. It is called clear only where chance
//! alone would seldom give as many: several kinds are looked at, so that one in a hundred is the bound.

use std::collections::HashMap;

use clove_core::{Attribute, Day, Micros, NONE};
use jiff::tz::TimeZone;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Rate, quantile};
use crate::ledger::{Customer, Ledger};

/// How seldom chance may give as many.
const CHANCE: f64 = 0.01;
/// Orders that a preference rests on at least.
const LEAST_ORDERS: u64 = 2;
/// Values of a column of orders at most: others are names, not kinds.
const MOST_VALUES: usize = 60;
/// Values of a kind that are told at most.
const MOST_TOLD: usize = 5;
/// Columns that say the same as others, or nothing of taste.
const LEFT_OUT: [&str; 4] = ["currency", "first_product", "discount_code", "country"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const PARTS: [&str; 4] = ["night", "morning", "afternoon", "evening"];
const BANDS: [&str; 3] = ["low", "middle", "high"];

/// A value that some of a customer's orders have.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Preference {
    /// `channel`, `weekday`, `part_of_day`, `price_band`, `discount`, `product`, or another column of the orders.
    pub kind: String,
    /// The value.
    pub value: String,
    /// The customer's orders with it, of all the customer's orders of which it is known.
    #[schema(value_type = Object)]
    pub orders: Rate,
    /// The same of the shop: what is usual.
    #[schema(value_type = Object)]
    pub usual: Rate,
    /// How many times as often as usual; null where it is usual of nobody.
    pub lift: Option<f64>,
    /// Whether chance alone would seldom give as many.
    pub clear: bool,
}

/// What a customer prefers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Preferences {
    /// The customer's orders that count.
    pub orders: u64,
    /// Clear ones first, then by lift.
    pub found: Vec<Preference>,
}

/// A way to tell orders apart.
struct Kind<'a> {
    name: String,
    label: Box<dyn Fn(u32) -> String + 'a>,
    codes: Vec<u32>,
}

/// What a customer's orders have in common, beside all orders of the shop as of the ledger's day.
pub fn preferences(ledger: &Ledger<'_>, customer: &Customer, zone: &TimeZone) -> Preferences {
    let own = ledger.orders_of(customer);
    let mut found = Vec::new();
    for kind in kinds(ledger, zone) {
        let (mut usual, mut known) = (HashMap::<u32, u64>::new(), 0);
        for &order in ledger.orders() {
            let code = kind.codes[order as usize];
            if code != NONE {
                *usual.entry(code).or_default() += 1;
                known += 1;
            }
        }
        let mut counts = HashMap::<u32, u64>::new();
        for code in own.iter().map(|&order| kind.codes[order as usize]).filter(|&code| code != NONE) {
            *counts.entry(code).or_default() += 1;
        }
        let of = counts.values().sum();
        tell(&kind, (counts, of), |code| (usual.get(&code).copied().unwrap_or(0), known), &mut found);
    }
    products(ledger, own, &mut found);
    found.sort_by(|a, b| {
        let key = |one: &Preference| (one.clear, one.lift.unwrap_or(0.0));
        key(b).partial_cmp(&key(a)).unwrap_or(std::cmp::Ordering::Equal)
    });
    Preferences { orders: own.len() as u64, found }
}

fn tell(
    kind: &Kind<'_>,
    (counts, of): (HashMap<u32, u64>, u64),
    usual: impl Fn(u32) -> (u64, u64),
    found: &mut Vec<Preference>,
) {
    let mut counts: Vec<(u32, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|&(code, count)| (std::cmp::Reverse(count), code));
    for (code, count) in counts.into_iter().take(MOST_TOLD) {
        let (shop, all) = usual(code);
        let (orders, usual) = (Rate::new(count, of), Rate::new(shop, all));
        let lift = orders.value.zip(usual.value).filter(|(_, usual)| *usual > 0.0).map(|(own, usual)| own / usual);
        let clear = count >= LEAST_ORDERS && tail(count, of, usual.value.unwrap_or(0.0)) < CHANCE;
        found.push(Preference { kind: kind.name.clone(), value: (kind.label)(code), orders, usual, lift, clear });
    }
}

/// The chance of `count` or more of `of`, each with a chance of `share`.
fn tail(count: u64, of: u64, share: f64) -> f64 {
    if share <= 0.0 {
        return 0.0;
    }
    if share >= 1.0 {
        return 1.0;
    }
    let mut chance = 0.0;
    let mut term = of as f64 * (1.0 - share).ln();
    for k in 0..=of {
        if k >= count {
            chance += term.exp();
        }
        term += ((of - k) as f64 / (k + 1) as f64).ln() + share.ln() - (1.0 - share).ln();
    }
    chance.min(1.0)
}

fn kinds<'a>(ledger: &'a Ledger<'_>, zone: &TimeZone) -> Vec<Kind<'a>> {
    let shop = ledger.shop();
    let orders = &shop.orders;
    let fixed = |name: &str, labels: &'static [&'static str], codes: Vec<u32>| Kind {
        name: name.to_owned(),
        label: Box::new(move |code| labels[code as usize].to_owned()),
        codes,
    };
    let mut kinds = Vec::new();
    let is_kind =
        |attribute: &&Attribute| !LEFT_OUT.contains(&attribute.name.as_str()) && attribute.values.len() <= MOST_VALUES;
    for attribute in orders.attributes.iter().filter(is_kind) {
        let mut codes = attribute.codes.clone();
        codes.resize(orders.len(), NONE);
        let label = Box::new(|code| attribute.values.get(code).to_owned());
        kinds.push(Kind { name: attribute.name.clone(), label, codes });
    }
    // 1970-01-01 was a Thursday.
    let weekday = |day: &Day| (day.0 + 3).rem_euclid(7) as u32;
    kinds.push(fixed("weekday", &WEEKDAYS, orders.day.iter().map(weekday).collect()));
    if !orders.placed_at.is_empty() {
        let mut starts: HashMap<Day, Micros> = HashMap::new();
        let mut part = |order: usize| {
            let day = orders.day[order];
            let start = *starts.entry(day).or_insert_with(|| day.at(0, 0, zone));
            let hours = (orders.placed_at_of(order) - start) / 3_600_000_000;
            (hours.clamp(0, 23) / 6) as u32
        };
        kinds.push(fixed("part_of_day", &PARTS, (0..orders.len()).map(&mut part).collect()));
    }
    if shop.has_amounts {
        let net = |order: usize| ledger.values().net(order) as f64;
        let mut sorted: Vec<f64> = ledger.orders().iter().map(|&order| net(order as usize)).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        if let (Some(low), Some(high)) = (quantile(&sorted, 1.0 / 3.0), quantile(&sorted, 2.0 / 3.0)) {
            let band = |order: usize| u32::from(net(order) > low) + u32::from(net(order) > high);
            kinds.push(fixed("price_band", &BANDS, (0..orders.len()).map(band).collect()));
        }
        let discounted = |order: usize| u32::from(orders.discount_of(order) > 0);
        kinds.push(fixed("discount", &["without", "with"], (0..orders.len()).map(discounted).collect()));
    }
    kinds
}

/// Products: an order may have several.
fn products(ledger: &Ledger<'_>, own: &[u32], found: &mut Vec<Preference>) {
    let Some(lines) = &ledger.shop().lines else { return };
    let mut counts_of: Vec<bool> = vec![false; ledger.shop().orders.len()];
    for &order in ledger.orders() {
        counts_of[order as usize] = true;
    }
    let is_own: std::collections::HashSet<u32> = own.iter().copied().collect();
    let mut bought: HashMap<u32, std::collections::HashSet<u32>> = HashMap::new();
    for (line, &order) in lines.order.iter().enumerate().filter(|(_, order)| is_own.contains(order)) {
        if lines.quantity[line] > 0 {
            bought.entry(lines.product[line]).or_default().insert(order);
        }
    }
    let mut shop: HashMap<u32, u64> = bought.keys().map(|&product| (product, 0)).collect();
    // Lines of an order lie together: the order in which each product was seen last keeps it from counting twice.
    let mut last: HashMap<u32, u32> = HashMap::new();
    for (line, &order) in lines.order.iter().enumerate() {
        let product = lines.product[line];
        if let Some(count) = shop.get_mut(&product)
            && counts_of[order as usize]
            && lines.quantity[line] > 0
            && last.insert(product, order) != Some(order)
        {
            *count += 1;
        }
    }
    let counts = bought.into_iter().map(|(product, orders)| (product, orders.len() as u64)).collect();
    let label = Box::new(|code| lines.products.get(code).to_owned());
    let kind = Kind { name: "product".to_owned(), label, codes: Vec::new() };
    let all = ledger.orders().len() as u64;
    tell(&kind, (counts, own.len() as u64), |code| (shop.get(&code).copied().unwrap_or(0), all), found);
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn the_chance_of_as_many_is_that_of_the_binomial_distribution() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(close(tail(0, 5, 0.3), 1.0) && close(tail(5, 5, 0.5), 1.0 / 32.0));
        assert!(close(tail(2, 3, 0.25), 3.0 * 0.0625 * 0.75 + 0.015_625));
        assert!(close(tail(1, 4, 0.0), 0.0) && close(tail(4, 4, 1.0), 1.0));
    }
}
