//! Order lines become orders: duplicates, lines that are no products, returns of earlier sales.

use clove_core::{Exclusion, NONE};
use rustc_hash::FxHashMap;

use crate::intake::Intake;
use crate::number::MISSING;
use crate::status::LineKind;

/// A return of (part of) an earlier order, in the scale of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawReturn {
    /// The order whose goods came back.
    pub order: u32,
    /// The order (or cancel invoice) that took them back.
    pub by: u32,
    /// Value of the goods, positive, without tax, after discounts.
    pub items: i64,
    /// Tax paid back.
    pub tax: i64,
    /// Cost of goods that came back into stock.
    pub restocked_cost: i64,
}

/// What the lines gave.
#[derive(Debug, Default)]
pub struct Assembled {
    /// Lines that remain, as indexes.
    pub kept: Vec<u32>,
    /// Returns of earlier sales.
    pub returns: Vec<RawReturn>,
    /// Orders that were nothing but returns of known sales: they are adjustments, not orders.
    pub dissolved: Vec<bool>,
}

/// Sums the lines of each order into its values. Call once, when all files are read.
pub fn assemble(intake: &mut Intake, shop_prices_on_orders: bool) -> Assembled {
    let mut kept = {
        let by_order = lines_by_order(intake);
        drop_repeats(intake, &by_order)
    };
    // Nothing asks for them any more, and they are a fifth of what the lines take.
    intake.lines.hash = Vec::new();
    classify(intake, &mut kept, shop_prices_on_orders);
    let mut returns = Returns::default();
    let matched = returns.find(intake, &kept);
    let mut dissolved = vec![false; intake.orders.len()];
    if !shop_prices_on_orders {
        sum_up(intake, &kept, &matched, &mut dissolved);
    }
    kept.retain(|&line| !matched.contains_key(&line));
    Assembled { kept, returns: returns.found, dissolved }
}

/// Line indexes grouped by order, in reading order within each.
fn lines_by_order(intake: &Intake) -> Vec<u32> {
    let lines = &intake.lines.order;
    if lines.is_sorted() {
        return (0..lines.len() as u32).collect();
    }
    let mut starts = vec![0_u32; intake.orders.len() + 1];
    for &order in lines {
        starts[order as usize + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    let mut sorted = vec![0_u32; lines.len()];
    for (line, &order) in lines.iter().enumerate() {
        let place = &mut starts[order as usize];
        sorted[*place as usize] = line as u32;
        *place += 1;
    }
    sorted
}

/// Leaves out lines of replaced versions of an order and exact repeats within the kept version.
fn drop_repeats(intake: &mut Intake, by_order: &[u32]) -> Vec<u32> {
    let mut kept = Vec::with_capacity(by_order.len());
    let has_ids = intake.orders.order_id.is_present();
    let mut start = 0;
    let mut seen: Vec<u64> = Vec::new();
    while start < by_order.len() {
        let order = intake.lines.order[by_order[start] as usize];
        let mut end = start + 1;
        while end < by_order.len() && intake.lines.order[by_order[end] as usize] == order {
            end += 1;
        }
        if end == start + 1 && !intake.lines.file.is_present() {
            kept.push(by_order[start]);
            start = end;
            continue;
        }
        let file = intake.orders.file.get(order as usize);
        seen.clear();
        let mut others: Vec<u32> = Vec::new();
        for &line in &by_order[start..end] {
            if intake.lines.file.get(line as usize) != file {
                others.push(line);
                continue;
            }
            let hash = intake.lines.hash[line as usize];
            if has_ids && seen.contains(&hash) {
                intake.leave_out("duplicate_row", placed(intake, line), currency_of(intake, line));
            } else {
                seen.push(hash);
                kept.push(line);
            }
        }
        for line in others {
            let reason =
                if seen.contains(&intake.lines.hash[line as usize]) { "duplicate_row" } else { "replaced_by_newer" };
            intake.leave_out(reason, placed(intake, line), currency_of(intake, line));
        }
        start = end;
    }
    kept
}

fn placed(intake: &Intake, line: u32) -> i64 {
    intake.lines.gross[line as usize] - intake.lines.discount.get(line as usize)
}

fn currency_of(intake: &Intake, line: u32) -> u32 {
    intake.orders.currency.get(intake.lines.order[line as usize] as usize)
}

/// Takes lines that are no products out: postage becomes shipping charged, gift cards and the rest are counted.
fn classify(intake: &mut Intake, kept: &mut Vec<u32>, shop_prices_on_orders: bool) {
    let orders = intake.orders.len();
    // Per order: whether it has products, gift cards, other lines.
    let mut has =
        vec![0_u8; if intake.product_kinds.iter().any(|kind| *kind != Some(LineKind::Product)) { orders } else { 0 }];
    if has.is_empty() {
        return;
    }
    let kind_of = |intake: &Intake, line: u32| {
        let product = intake.lines.product[line as usize];
        if product == NONE {
            LineKind::Product
        } else {
            intake.product_kinds[product as usize].unwrap_or(LineKind::Product)
        }
    };
    let mut remaining = Vec::with_capacity(kept.len());
    for &line in kept.iter() {
        let order = intake.lines.order[line as usize] as usize;
        let value = placed(intake, line);
        match kind_of(intake, line) {
            LineKind::Product => {
                has[order] |= 1;
                remaining.push(line);
            }
            LineKind::GiftCard => {
                has[order] |= 2;
                intake.leave_out("gift_card_line", value, currency_of(intake, line));
                if shop_prices_on_orders {
                    let gross = intake.orders.gross.get(order);
                    intake.orders.gross.set(order, gross - value);
                }
            }
            LineKind::Shipping => {
                has[order] |= 4;
                intake.leave_out("non_product_line", value, currency_of(intake, line));
                if !shop_prices_on_orders && value > 0 {
                    let shipping = intake.orders.shipping.get(order);
                    intake.orders.shipping.set(order, shipping + value);
                }
            }
            LineKind::NonProduct => {
                has[order] |= 4;
                intake.leave_out("non_product_line", value, currency_of(intake, line));
            }
        }
    }
    for (order, &lines) in has.iter().enumerate() {
        if lines & 1 == 0 && lines != 0 && intake.orders.exclusion.get(order) == Exclusion::None {
            let reason = if lines & 2 != 0 { Exclusion::GiftCardSale } else { Exclusion::NonProduct };
            intake.orders.exclusion.set(order, reason);
        }
    }
    *kept = remaining;
}

/// Sales by customer and product, waiting for a return.
#[derive(Default)]
struct Returns {
    found: Vec<RawReturn>,
}

struct Sale {
    line: u32,
    left: i64,
}

impl Returns {
    /// Matches lines with negative quantities with the latest earlier sales of the same product to the same customer. The
    /// result says for each matched line how much of its value found a sale.
    fn find(&mut self, intake: &Intake, kept: &[u32]) -> FxHashMap<u32, i64> {
        let mut matched: FxHashMap<u32, i64> = FxHashMap::default();
        let customer_of = |line: u32| {
            let order = intake.lines.order[line as usize] as usize;
            [intake.orders.customer.get(order), intake.orders.email.get(order), intake.orders.phone.get(order)]
        };
        let mut negative: Vec<u32> = kept
            .iter()
            .copied()
            .filter(|&line| intake.lines.quantity[line as usize] < 0 && intake.lines.product[line as usize] != NONE)
            .collect();
        if negative.is_empty() {
            return matched;
        }
        let placed_at = |line: u32| intake.orders.placed_at(intake.lines.order[line as usize] as usize);
        negative.sort_by_key(|&line| placed_at(line));
        let key_of = |line: u32| {
            let who = customer_of(line);
            who.iter().any(|&code| code != NONE).then_some((who, intake.lines.product[line as usize]))
        };
        let wanted: rustc_hash::FxHashSet<_> = negative.iter().filter_map(|&line| key_of(line)).collect();
        let mut sales: FxHashMap<_, Vec<Sale>> = FxHashMap::default();
        for &line in kept {
            let quantity = intake.lines.quantity[line as usize];
            let excluded = intake.orders.exclusion.get(intake.lines.order[line as usize] as usize) != Exclusion::None;
            if quantity > 0
                && !excluded
                && let Some(key) = key_of(line).filter(|key| wanted.contains(key))
            {
                sales.entry(key).or_default().push(Sale { line, left: quantity });
            }
        }
        for list in sales.values_mut() {
            list.sort_by_key(|sale| placed_at(sale.line));
        }
        for line in negative {
            let Some(list) = key_of(line).and_then(|key| sales.get_mut(&key)) else { continue };
            let when = placed_at(line);
            let wanted = -intake.lines.quantity[line as usize];
            let value = -placed(intake, line);
            if value < 0 {
                continue;
            }
            let before = list.partition_point(|sale| placed_at(sale.line) <= when);
            let mut open = wanted;
            let mut taken_value = 0;
            // A sale of just this size first, else the latest sales.
            let exact = (0..before).rev().find(|&index| list[index].left == wanted);
            for index in exact.into_iter().chain((0..before).rev()) {
                if open == 0 {
                    break;
                }
                let sale = &mut list[index];
                let units = open.min(sale.left);
                if units == 0 {
                    continue;
                }
                let part = if units == wanted { value } else { share(value, units, wanted) };
                let sale_cost = intake.lines.cost.get(sale.line as usize);
                let sold = intake.lines.quantity[sale.line as usize];
                sale.left -= units;
                open -= units;
                taken_value += part;
                self.found.push(RawReturn {
                    order: intake.lines.order[sale.line as usize],
                    by: intake.lines.order[line as usize],
                    items: part,
                    tax: share(intake.lines.tax.get(sale.line as usize), units, sold),
                    restocked_cost: if sale_cost == MISSING { 0 } else { share(sale_cost, units, sold) },
                });
            }
            if open < wanted {
                matched.insert(line, if open == 0 { value } else { taken_value });
            }
        }
        matched
    }
}

fn share(value: i64, part: i64, whole: i64) -> i64 {
    crate::number::divide_half_even(i128::from(value) * i128::from(part), i128::from(whole.max(1))) as i64
}

/// Adds the lines up into their orders. A matched part of a return is no value of its own order.
fn sum_up(intake: &mut Intake, kept: &[u32], matched: &FxHashMap<u32, i64>, dissolved: &mut [bool]) {
    let orders = &mut intake.orders;
    let rows = orders.len();
    orders.gross.declare(rows);
    if intake.lines.discount.is_present() {
        orders.discount.declare(rows);
        orders.discount.values.fill(0);
    }
    if intake.lines.tax.is_present() {
        orders.tax.values.fill(0);
    }
    if intake.lines.cost.is_present() {
        orders.cost.values.fill(MISSING);
    }
    // 1: has lines that stay, 2: has matched returns.
    let mut seen = vec![0_u8; if matched.is_empty() { 0 } else { rows }];
    for &line in kept {
        let index = line as usize;
        let order = intake.lines.order[index] as usize;
        let discount = intake.lines.discount.get(index);
        let mut gross = intake.lines.gross[index];
        let mut discount_left = discount;
        if let Some(&value) = matched.get(&line) {
            seen[order] |= 2;
            let rest = gross - discount + value;
            if rest == 0 {
                continue;
            }
            gross = rest;
            discount_left = 0;
        }
        if let Some(flags) = seen.get_mut(order) {
            *flags |= 1;
        }
        let sum = orders.gross.get(order);
        orders.gross.set(order, if sum == MISSING { gross } else { sum.saturating_add(gross) });
        let sum = orders.discount.get(order);
        orders.discount.set(order, sum.saturating_add(discount_left));
        let sum = orders.tax.get(order);
        orders.tax.set(order, sum.saturating_add(intake.lines.tax.get(index)));
        let cost = intake.lines.cost.get(index);
        if cost != MISSING {
            let sum = orders.cost.get(order);
            orders.cost.set(order, if sum == MISSING { cost } else { sum.saturating_add(cost) });
        }
    }
    for (order, flags) in seen.iter().enumerate() {
        dissolved[order] = *flags == 2;
    }
}
