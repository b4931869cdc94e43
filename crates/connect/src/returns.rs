//! Money going back: refunds of a file, refunded amounts and states of orders, rows that take back earlier ones.

use clove_core::{Adjustment, Currency, Day, Exclusion, NONE, Reject};

use crate::batch::Dictionaries;
use crate::currency::{ONE, convert, rate_of};
use crate::fields::Field;
use crate::intake::Intake;
use crate::lines::Assembled;
use crate::number::{MISSING, divide_half_even};
use crate::options::ReadOptions;
use crate::raw::RawOrders;
use crate::side::SideTables;

/// Returned lines that found their sale.
pub fn line_returns(
    adjustments: &mut Vec<Adjustment>,
    intake: &Intake,
    assembled: &Assembled,
    rates: &[i64],
    currency: Currency,
) {
    for found in &assembled.returns {
        let rate = rate_of(rates, found.order as usize);
        if rate == MISSING {
            continue;
        }
        adjustments.push(Adjustment {
            order: found.order,
            day: intake.orders.day[found.by as usize],
            items: convert(found.items, rate, currency),
            tax_and_shipping: convert(found.tax, rate, currency),
            restocked_cost: convert(found.restocked_cost, rate, currency),
        });
    }
}

/// Refunds of the refunds file. One that names an order nobody knows is rejected.
pub fn refunds(
    adjustments: &mut Vec<Adjustment>,
    intake: &mut Intake,
    side: &SideTables,
    rates: &[i64],
    currency: Currency,
    options: &ReadOptions,
) {
    let mut last_of_id: rustc_hash::FxHashMap<(u32, u32), usize> = rustc_hash::FxHashMap::default();
    for (index, refund) in side.refunds.iter().enumerate() {
        if refund.id != NONE
            && let Some(earlier) = last_of_id.insert((refund.id, refund.order), index)
        {
            let amount = match rate_of_refund(intake, rates, &side.refunds[earlier]) {
                MISSING => 0,
                rate => convert(side.refunds[earlier].items, rate, currency),
            };
            let same = RefundKey::of(&side.refunds[earlier]) == RefundKey::of(refund);
            intake
                .health
                .rows_left_out
                .entry(if same { "duplicate_refund" } else { "replaced_refund" })
                .or_default()
                .add(amount);
        }
    }
    let file = side.refunds_file.clone().unwrap_or_default();
    for (index, refund) in side.refunds.iter().enumerate() {
        if refund.id != NONE && last_of_id.get(&(refund.id, refund.order)) != Some(&index) {
            continue;
        }
        let order = intake.slots.get(refund.order as usize).copied().unwrap_or(NONE);
        if order == NONE {
            intake.reject(Reject {
                file: file.clone(),
                line: refund.line,
                column: String::new(),
                value: currency.format(convert(refund.items, ONE, currency)),
                reason: "the refund belongs to an order that is in none of the files".to_owned(),
                remedy: "export the orders from an earlier day on".to_owned(),
            });
            continue;
        }
        let rate = rate_of(rates, order as usize);
        if rate == MISSING {
            continue;
        }
        let restocked = match refund.restocked_cost {
            MISSING if options.costs_restocked_always => {
                proportional_cost(&intake.orders, order as usize, refund.items)
            }
            MISSING => 0,
            cost => cost,
        };
        adjustments.push(Adjustment {
            order,
            day: refund.day,
            items: convert(refund.items, rate, currency),
            tax_and_shipping: convert(refund.tax_and_shipping, rate, currency),
            restocked_cost: convert(restocked, rate, currency),
        });
    }
}

/// A refund counts at the rate of its order; one of no known order at 1.
fn rate_of_refund(intake: &Intake, rates: &[i64], refund: &crate::side::RawRefund) -> i64 {
    match intake.slots.get(refund.order as usize).copied().unwrap_or(NONE) {
        NONE => ONE,
        order => rate_of(rates, order as usize),
    }
}

#[derive(PartialEq)]
struct RefundKey(Day, i64, i64, i64);

impl RefundKey {
    fn of(refund: &crate::side::RawRefund) -> RefundKey {
        RefundKey(refund.day, refund.items, refund.tax_and_shipping, refund.restocked_cost)
    }
}

fn proportional_cost(orders: &RawOrders, order: usize, items: i64) -> i64 {
    let cost = orders.cost.get(order);
    let placed = orders.gross.get(order) - orders.discount.get(order);
    if cost == MISSING || placed <= 0 {
        0
    } else {
        divide_half_even(i128::from(cost) * i128::from(items.min(placed)), i128::from(placed)) as i64
    }
}

/// Refunded amounts and refunded states of orders that no refund row covers.
pub fn amounts_of_orders(
    adjustments: &mut Vec<Adjustment>,
    intake: &mut Intake,
    rates: &[i64],
    currency: Currency,
    has_amounts: bool,
) {
    if !has_amounts || (!intake.orders.refunded.is_present() && !intake.orders.refunded_state.is_present()) {
        return;
    }
    let mut covered = vec![false; intake.orders.len()];
    for adjustment in adjustments.iter() {
        covered[adjustment.order as usize] = true;
    }
    let (mut dated_by_order, mut unknown_part) = (0, 0);
    for (order, covered) in covered.iter().enumerate() {
        let orders = &intake.orders;
        let (refunded, state) = (orders.refunded.get(order), orders.refunded_state.get(order));
        let rate = rate_of(rates, order);
        if *covered || rate == MISSING || (refunded == 0 && state == 0) || orders.gross.get(order) == MISSING {
            continue;
        }
        let placed = orders.gross.get(order) - orders.discount.get(order);
        let rest = orders.tax.get(order) + orders.shipping.get(order);
        let (items, tax_and_shipping) = if state == 2 || refunded >= placed + rest {
            (placed, if refunded == 0 { rest } else { (refunded - placed).clamp(0, rest) })
        } else if refunded > 0 {
            // The column holds items and their tax together: they are told apart as in the order.
            let taxed = placed + orders.tax.get(order);
            let items = if taxed > 0 {
                divide_half_even(i128::from(refunded) * i128::from(placed), i128::from(taxed)) as i64
            } else {
                refunded
            };
            let items = items.min(placed);
            (items, refunded - items)
        } else {
            unknown_part += 1;
            continue;
        };
        let known = [orders.refunded_day.get(order), orders.cancelled_day.get(order)];
        let known = known.into_iter().find(|day| day.0 != i32::MIN);
        let day = known.unwrap_or(orders.day[order]);
        dated_by_order += u64::from(known.is_none());
        adjustments.push(Adjustment {
            order: order as u32,
            day,
            items: convert(items, rate, currency),
            tax_and_shipping: convert(tax_and_shipping, rate, currency),
            restocked_cost: 0,
        });
    }
    if dated_by_order > 0 {
        intake.health.warnings.push(format!("{dated_by_order} refunds have no date of their own in the files: they count on the day of their order. A refunds file (--refunds) gives the dates."));
    }
    if unknown_part > 0 {
        intake.health.warnings.push(format!("{unknown_part} orders are marked as partly refunded, but no file says how much: they count in full. Give the refunds with --refunds FILE."));
    }
}

/// Rows of returns on order level: a negative order that takes back a sale of the same customer and the same amount (or,
/// by its number, of that order) becomes a refund of it.
pub fn order_level_returns(
    adjustments: &mut Vec<Adjustment>,
    intake: &mut Intake,
    assembled: &mut Assembled,
    dictionaries: &Dictionaries,
    rates: &[i64],
    currency: Currency,
    has_lines: bool,
) {
    if has_lines {
        let returned = assembled.returns.len();
        if returned > 0 {
            intake
                .health
                .warnings
                .push(format!("{returned} returned lines take back earlier sales: they are refunds of those orders."));
        }
        return;
    }
    let rows = intake.orders.len();
    let negative: Vec<usize> =
        (0..rows).filter(|&order| intake.orders.exclusion.get(order) == Exclusion::ReturnWithoutSale).collect();
    if negative.is_empty() {
        return;
    }
    let orders = &intake.orders;
    let placed =
        |order: usize| convert(orders.gross.get(order) - orders.discount.get(order), rate_of(rates, order), currency);
    let who = |order: usize| [orders.customer.get(order), orders.email.get(order), orders.phone.get(order)];
    let mut sales: rustc_hash::FxHashMap<([u32; 3], i64), Vec<usize>> = rustc_hash::FxHashMap::default();
    let wanted: rustc_hash::FxHashSet<([u32; 3], i64)> =
        negative.iter().map(|&order| (who(order), -placed(order))).collect();
    for order in 0..rows {
        if orders.exclusion.get(order) == Exclusion::None {
            let key = (who(order), placed(order));
            if key.0.iter().any(|&code| code != NONE) && wanted.contains(&key) {
                sales.entry(key).or_default().push(order);
            }
        }
    }
    assembled.dissolved = vec![false; rows];
    let mut matched = 0;
    for order in negative {
        let by_number = sale_by_number(orders, &intake.slots, dictionaries, order)
            .filter(|&sale| orders.exclusion.get(sale) == Exclusion::None && placed(sale) >= -placed(order));
        let sale = by_number.or_else(|| {
            let list = sales.get_mut(&(who(order), -placed(order)))?;
            let latest = list
                .iter()
                .enumerate()
                .filter(|&(_, &sale)| orders.placed_at(sale) <= orders.placed_at(order))
                .max_by_key(|&(_, &sale)| orders.placed_at(sale))?
                .0;
            Some(list.swap_remove(latest))
        });
        if let Some(sale) = sale {
            matched += 1;
            assembled.dissolved[order] = true;
            adjustments.push(Adjustment {
                order: sale as u32,
                day: orders.day[order],
                items: -placed(order),
                tax_and_shipping: convert(-orders.tax.get(order).min(0), rate_of(rates, order), currency),
                restocked_cost: 0,
            });
        }
    }
    if matched > 0 {
        intake.health.warnings.push(format!("{matched} rows with negative amounts take back earlier orders of the same customers: they are refunds of those orders."));
    }
}

/// The order that a cancel number such as `C536379` takes back.
fn sale_by_number(orders: &RawOrders, slots: &[u32], dictionaries: &Dictionaries, order: usize) -> Option<usize> {
    let id = orders.order_id.get(order);
    if id == NONE {
        return None;
    }
    let text = dictionaries.field(Field::OrderId).get(id);
    let bare = text.strip_prefix(['C', 'c', 'R', 'r'])?.trim_start_matches('-');
    let code = dictionaries.field(Field::OrderId).find(bare)?;
    slots.get(code as usize).copied().filter(|&sale| sale != NONE).map(|sale| sale as usize)
}
