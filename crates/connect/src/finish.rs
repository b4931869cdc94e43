//! From what was read to the shop's data: currency, exclusions, refunds, spend, health.

use clove_core::{
    Adjustment, Attribute, Currency, Day, Exclusion, NONE, OrderLines, Orders, Reject, ShopData, SpendRow,
};

use crate::batch::Dictionaries;
use crate::currency::{ONE, convert, meanings, shop_currency};
use crate::error::ReadError;
use crate::fields::Field;
use crate::format::Format;
use crate::intake::{Intake, RawOrders};
use crate::lines::{Assembled, assemble};
use crate::number::{MISSING, divide_half_even, multiply};
use crate::options::ReadOptions;
use crate::plan::Plan;
use crate::side::SideTables;

/// Distinct values up to which a column is offered as an attribute.
const MOST_VALUES: usize = 20_000;

/// The currency of data that name none: ISO 4217's "no currency".
fn no_currency() -> Currency {
    "XXX".parse().unwrap_or(Currency::EUR)
}

/// Puts everything together.
pub fn finish(
    mut intake: Intake,
    mut dictionaries: Dictionaries,
    plans: &[Plan],
    side: &SideTables,
    options: &ReadOptions,
) -> Result<ShopData, ReadError> {
    if intake.orders.len() == 0 {
        return Err(nothing_taken(&intake, plans));
    }
    let shopify = plans.iter().any(|plan| plan.format == Format::ShopifyOrders);
    let has_lines = plans.iter().any(|plan| plan.lines);
    let mut assembled = if has_lines { assemble(&mut intake, shopify) } else { Assembled::default() };
    if shopify {
        shopify_discounts(&mut intake, &assembled);
    }
    let currency_of = meanings(dictionaries.field(Field::Currency));
    let sign = plans.iter().find_map(|plan| plan.sign_currency);
    let found = shop_currency(options.currency, &intake.orders, &currency_of, sign)?;
    let currency = found.unwrap_or_else(no_currency);
    let has_amounts = intake.orders.gross.values.iter().any(|&gross| gross != MISSING);
    if found.is_none() && has_amounts {
        intake
            .health
            .warnings
            .push("No column names a currency: amounts are shown as XXX. Say which it is with --currency.".to_owned());
    }
    let rates = order_rates(&mut intake, &currency_of, currency, side);
    apply_costs(&mut intake, &assembled, side, &dictionaries);
    for tally in intake.health.rows_left_out.values_mut() {
        tally.amount = convert(tally.amount, ONE, currency);
    }
    settle_exclusions(&mut intake, &rates, currency, &currency_of, has_amounts);
    let mut adjustments = Vec::new();
    line_returns(&mut adjustments, &intake, &assembled, &rates, currency);
    refunds(&mut adjustments, &mut intake, side, &rates, currency, options);
    amounts_of_orders(&mut adjustments, &mut intake, &rates, currency, has_amounts);
    order_level_returns(&mut adjustments, &mut intake, &mut assembled, &dictionaries, &rates, currency, has_lines);
    let spend = spend_rows(&mut intake, side, currency);
    warn_about_states(&mut intake);
    let keep = keep_map(&assembled.dissolved, intake.orders.len());
    if let Some(keep) = &keep {
        adjustments.retain_mut(|adjustment| {
            adjustment.order = keep[adjustment.order as usize];
            adjustment.order != NONE
        });
    }
    adjustments.sort_by_key(|adjustment| (adjustment.order, adjustment.day));
    let lines = order_lines(&intake, &assembled, &mut dictionaries, &rates, currency, keep.as_deref());
    let health = std::mem::take(&mut intake.health);
    let several = meanings(dictionaries.field(Field::Currency)).iter().flatten().any(|other| *other != currency);
    let first_product = lines.as_ref().map(|lines| {
        first_products(lines, intake.orders.len() - assembled.dissolved.iter().filter(|gone| **gone).count())
    });
    let mut orders = orders(intake.orders, &mut dictionaries, &rates, currency, keep.as_deref(), several);
    if let (Some(codes), Some(lines)) = (first_product, &lines) {
        orders.attributes.push(Attribute { name: "first_product".to_owned(), values: lines.products.clone(), codes });
    }
    let name = plans.first().map_or(Format::GenericOrders, |plan| plan.format).name();
    let format = match &options.source {
        Some(source) => format!("{source}:{name}"),
        None => name.to_owned(),
    };
    Ok(ShopData { currency, orders, lines, adjustments, spend, health, format, has_amounts })
}

fn nothing_taken(intake: &Intake, plans: &[Plan]) -> ReadError {
    let file = plans.first().map_or_else(String::new, |plan| plan.file.clone());
    match intake.health.rejects.first() {
        None => ReadError::Empty(file),
        Some(first) => ReadError::NothingTaken {
            file: first.file.clone(),
            rows: intake.health.rows,
            line: first.line,
            reason: if first.column.is_empty() {
                first.reason.clone()
            } else {
                format!("column '{}', '{}': {}", first.column, first.value, first.reason)
            },
            remedy: first.remedy.clone(),
        },
    }
}

/// The rate of each order to the shop's currency; [`MISSING`] where it is needed and not known. Empty if all are one.
fn order_rates(intake: &mut Intake, meanings: &[Option<Currency>], shop: Currency, side: &SideTables) -> Vec<i64> {
    let orders = &intake.orders;
    if !orders.currency.is_present() && !orders.rate.is_present() {
        return Vec::new();
    }
    let foreign = meanings.iter().any(|meaning| *meaning != Some(shop));
    if !foreign && (orders.currency.is_present() || !orders.rate.is_present()) {
        return Vec::new();
    }
    let several = meanings.iter().flatten().any(|meaning| *meaning != shop);
    // A column of rates leads to the shop's currency only if the shop's own orders have a rate of one in it.
    let usable = orders.rate.is_present()
        && (0..orders.len()).all(|order| {
            let code = orders.currency.get(order);
            let own = code != NONE && meanings[code as usize] == Some(shop);
            !own || matches!(orders.rate.get(order), ONE | MISSING)
        });
    if orders.rate.is_present() && !usable {
        intake.health.warnings.push(format!("The column of exchange rates does not lead to {shop} (orders in {shop} have another rate than 1): it is not used."));
    }
    let orders = &intake.orders;
    (0..orders.len())
        .map(|order| {
            let code = orders.currency.get(order);
            let stated = orders.rate.get(order);
            let currency = if code == NONE { None } else { meanings[code as usize] };
            match currency {
                Some(currency) if currency == shop => ONE,
                None if code == NONE && (stated == ONE || (stated == MISSING && !several)) => ONE,
                _ if usable && stated != MISSING && stated > 0 => stated,
                Some(currency) => {
                    side.rates.as_ref().and_then(|rates| rates.on(currency, orders.day[order])).unwrap_or(MISSING)
                }
                None => MISSING,
            }
        })
        .collect()
}

fn rate_of(rates: &[i64], order: usize) -> i64 {
    rates.get(order).copied().unwrap_or(ONE)
}

/// What the order's exclusion is once its values are known.
fn settle_exclusions(
    intake: &mut Intake,
    rates: &[i64],
    currency: Currency,
    meanings: &[Option<Currency>],
    has_amounts: bool,
) {
    let mut unconverted: std::collections::BTreeMap<&'static str, (u64, i64)> = std::collections::BTreeMap::new();
    let mut without_amount = 0;
    let rows = intake.orders.len();
    intake.orders.exclusion.declare(rows);
    for order in 0..rows {
        let orders = &mut intake.orders;
        let gross = orders.gross.get(order);
        let rate = rate_of(rates, order);
        if rate == MISSING && gross != MISSING {
            let code = orders.currency.get(order);
            let name =
                (code != NONE).then(|| meanings[code as usize]).flatten().map_or("an unknown currency", Currency::code);
            let (count, sum) = unconverted.entry(name).or_default();
            *count += 1;
            *sum += gross - orders.discount.get(order);
        }
        if orders.exclusion.get(order) != Exclusion::None {
            continue;
        }
        let reason = if rate == MISSING {
            Exclusion::Quarantined
        } else if !has_amounts {
            Exclusion::None
        } else {
            let placed = if gross == MISSING {
                0
            } else {
                convert(gross, rate, currency) - convert(orders.discount.get(order), rate, currency)
            };
            without_amount += u64::from(gross == MISSING);
            match placed.signum() {
                0 => Exclusion::ZeroValue,
                -1 => Exclusion::ReturnWithoutSale,
                _ => Exclusion::None,
            }
        };
        orders.exclusion.set(order, reason);
    }
    for (name, (count, sum)) in unconverted {
        let amount = name
            .parse::<Currency>()
            .map_or_else(|_| String::new(), |own| format!(" worth {} {own}", own.format(convert(sum, ONE, own))));
        intake.health.warnings.push(format!(
            "{count} orders in {name}{amount} have no exchange rate to {currency}: they are kept apart. Give rates with --rates FILE or a column."
        ));
    }
    if without_amount > 0 {
        intake.health.warnings.push(format!("{without_amount} orders have no amount: they count as having no value."));
    }
}

/// Shopify's discount column may hold a discount on shipping: what the items lost is their prices against the subtotal.
fn shopify_discounts(intake: &mut Intake, assembled: &Assembled) {
    let mut listed = vec![MISSING; intake.orders.len()];
    for &line in &assembled.kept {
        let order = intake.lines.order[line as usize] as usize;
        let gross = intake.lines.gross[line as usize];
        listed[order] = if listed[order] == MISSING { gross } else { listed[order] + gross };
    }
    for (order, &list_price) in listed.iter().enumerate() {
        let orders = &mut intake.orders;
        let gross = orders.gross.get(order);
        if gross == MISSING {
            continue;
        }
        let discount = orders.discount.get(order);
        let subtotal = gross - discount;
        let tax = orders.tax.get(order);
        let shipping = orders.shipping.get(order);
        let total = orders.total.get(order);
        // Prices hold the tax if subtotal and shipping alone make the total.
        let included = tax != 0
            && total != MISSING
            && (subtotal + shipping - total).abs() < (subtotal + shipping + tax - total).abs();
        let discount = if list_price != MISSING && list_price >= subtotal && list_price - subtotal < discount {
            list_price - subtotal
        } else {
            discount
        };
        let placed = if included { subtotal - tax } else { subtotal };
        orders.gross.set(order, placed + discount);
        orders.discount.set(order, discount);
    }
}

/// Costs from the costs file, where the orders do not state their own.
fn apply_costs(intake: &mut Intake, assembled: &Assembled, side: &SideTables, dictionaries: &Dictionaries) {
    let Some(costs) = &side.costs else { return };
    let rows = intake.orders.len();
    intake.orders.cost.declare(rows);
    for order in 0..rows {
        let id = intake.orders.order_id.get(order);
        let stated = costs.of_order.get(id as usize).copied().unwrap_or(MISSING);
        if stated != MISSING {
            intake.orders.cost.set(order, stated);
        }
    }
    if costs.of_product.is_empty() {
        return;
    }
    let unit_cost = |product: u32| costs.of_product.get(product as usize).copied().unwrap_or(MISSING);
    if assembled.kept.is_empty() {
        intake.health.warnings.push(
            "The costs file goes by product, but the orders have no lines with products: it is not used.".to_owned(),
        );
        return;
    }
    // An order's cost is known if that of each of its lines is.
    let mut sums = vec![0_i64; rows];
    let mut unknown: std::collections::BTreeSet<u32> = std::collections::BTreeSet::new();
    for &line in &assembled.kept {
        let order = intake.lines.order[line as usize] as usize;
        let product = intake.lines.product[line as usize];
        let cost = match unit_cost(product) {
            MISSING => None,
            cost => multiply(cost, intake.lines.quantity[line as usize]),
        };
        match cost {
            Some(cost) if sums[order] != MISSING => sums[order] += cost,
            Some(_) => {}
            None => {
                sums[order] = MISSING;
                unknown.insert(product);
            }
        }
    }
    for (order, &sum) in sums.iter().enumerate() {
        if intake.orders.cost.get(order) == MISSING {
            intake.orders.cost.set(order, sum);
        }
    }
    if !unknown.is_empty() {
        let examples: Vec<&str> = unknown
            .iter()
            .filter(|&&product| product != NONE)
            .take(3)
            .map(|&product| dictionaries.field(Field::Product).get(product))
            .collect();
        intake.health.warnings.push(format!(
            "{} products have no cost in the costs file ({}): the cost of their orders is unknown.",
            unknown.len(),
            examples.join(", ")
        ));
    }
}

fn line_returns(
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
fn refunds(
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
            let same = RefundKey::of(&side.refunds[earlier]) == RefundKey::of(refund);
            intake
                .health
                .rows_left_out
                .entry(if same { "duplicate_refund" } else { "replaced_refund" })
                .or_default()
                .add(convert(side.refunds[earlier].items, ONE, currency));
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
fn amounts_of_orders(
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
        let cancelled = orders.cancelled_day.get(order);
        let day = if cancelled.0 == i32::MIN { orders.day[order] } else { cancelled };
        dated_by_order += u64::from(cancelled.0 == i32::MIN);
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
fn order_level_returns(
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
                .filter(|&(_, &sale)| orders.placed[sale] <= orders.placed[order])
                .max_by_key(|&(_, &sale)| orders.placed[sale])?
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

fn spend_rows(intake: &mut Intake, side: &SideTables, currency: Currency) -> Vec<SpendRow> {
    let mut rows = Vec::with_capacity(side.spend.len());
    for spend in &side.spend {
        let rate = match spend.currency {
            None => Some(ONE),
            Some(own) if own == currency => Some(ONE),
            Some(other) => side.rates.as_ref().and_then(|rates| rates.on(other, spend.until)),
        };
        match rate {
            Some(rate) => rows.push(SpendRow {
                from: spend.from,
                until: spend.until,
                channel: spend.channel.clone(),
                kind: spend.kind,
                amount: convert(spend.amount, rate, currency),
            }),
            None => intake.reject(Reject {
                file: side.spend_file.clone().unwrap_or_default(),
                line: spend.line,
                column: "currency".to_owned(),
                value: spend.currency.map_or("", Currency::code).to_owned(),
                reason: format!("no exchange rate to {currency} is known for that day"),
                remedy: "give rates with --rates FILE".to_owned(),
            }),
        }
    }
    rows
}

fn warn_about_states(intake: &mut Intake) {
    for (text, count) in std::mem::take(&mut intake.unknown_states) {
        intake.health.warnings.push(format!("The state '{text}' of {count} orders is not known: they count as paid."));
    }
}

/// New index of each order when dissolved ones are gone; `None` if none is.
fn keep_map(dissolved: &[bool], orders: usize) -> Option<Vec<u32>> {
    if !dissolved.contains(&true) {
        return None;
    }
    let mut next = 0;
    Some(
        (0..orders)
            .map(|order| {
                if dissolved[order] {
                    return NONE;
                }
                next += 1;
                next - 1
            })
            .collect(),
    )
}

/// The values of the orders that stay.
fn kept<T: Copy>(mut values: Vec<T>, keep: Option<&[u32]>) -> Vec<T> {
    if let Some(keep) = keep
        && !values.is_empty()
    {
        let mut index = 0;
        values.retain(|_| {
            index += 1;
            keep[index - 1] != NONE
        });
    }
    values.shrink_to_fit();
    values
}

fn order_lines(
    intake: &Intake,
    assembled: &Assembled,
    dictionaries: &mut Dictionaries,
    rates: &[i64],
    currency: Currency,
    keep: Option<&[u32]>,
) -> Option<OrderLines> {
    let lines = &intake.lines;
    if assembled.kept.is_empty() || lines.product.iter().all(|&product| product == NONE) {
        return None;
    }
    let mut products = dictionaries.take(Field::Product);
    let unnamed = products.intern("(no product)");
    let mut out = OrderLines { products, ..OrderLines::default() };
    for &line in &assembled.kept {
        let line = line as usize;
        let order = lines.order[line];
        let target = keep.map_or(order, |keep| keep[order as usize]);
        let rate = rate_of(rates, order as usize);
        if target == NONE {
            continue;
        }
        out.order.push(target);
        out.product.push(if lines.product[line] == NONE { unnamed } else { lines.product[line] });
        out.quantity.push((lines.quantity[line] / 1_000_000) as i32);
        out.gross.push(if rate == MISSING { 0 } else { convert(lines.gross[line], rate, currency) });
    }
    Some(out)
}

/// The first product of each order by its lines.
fn first_products(lines: &OrderLines, orders: usize) -> Vec<u32> {
    let mut first = vec![NONE; orders];
    for (line, &order) in lines.order.iter().enumerate() {
        if first[order as usize] == NONE && lines.quantity[line] > 0 {
            first[order as usize] = lines.product[line];
        }
    }
    first
}

fn orders(
    raw: RawOrders,
    dictionaries: &mut Dictionaries,
    rates: &[i64],
    currency: Currency,
    keep: Option<&[u32]>,
    several_currencies: bool,
) -> Orders {
    let rows = raw.len();
    let converted = |values: Vec<i64>, unknown: i64| -> Vec<i64> {
        let mut values = values;
        for (order, value) in values.iter_mut().enumerate() {
            let rate = rate_of(rates, order);
            *value = if *value == MISSING {
                unknown
            } else if rate == MISSING {
                0
            } else {
                convert(*value, rate, currency)
            };
        }
        kept(values, keep)
    };
    let mut gross = converted(raw.gross.values, 0);
    if gross.is_empty() {
        gross = kept(vec![0; rows], keep);
    }
    // A column in which nothing is known is no column.
    let mut cost = converted(raw.cost.values, Orders::UNKNOWN_COST);
    if cost.iter().all(|&cost| cost == Orders::UNKNOWN_COST) {
        cost = Vec::new();
    }
    let mut orders = Orders {
        order_ids: dictionaries.take(Field::OrderId),
        order_id: kept(raw.order_id.values, keep),
        customer_ids: dictionaries.take(Field::CustomerId),
        customer_id: kept(raw.customer.values, keep),
        emails: dictionaries.take(Field::Email),
        email: kept(raw.email.values, keep),
        phones: dictionaries.take(Field::Phone),
        phone: kept(raw.phone.values, keep),
        placed_at: kept(raw.placed, keep),
        day: kept(raw.day, keep),
        exclusion: kept(raw.exclusion.values, keep),
        gross,
        discount: converted(raw.discount.values, 0),
        tax: converted(raw.tax.values, 0),
        shipping: converted(raw.shipping.values, 0),
        cost,
        attributes: Vec::new(),
    };
    if several_currencies {
        let codes = kept(raw.currency.values.clone(), keep);
        orders.attributes.push(Attribute {
            name: "currency".to_owned(),
            values: dictionaries.take(Field::Currency),
            codes,
        });
    }
    for (column, (name, values)) in raw.attributes.into_iter().zip(std::mem::take(&mut dictionaries.attributes)) {
        if !values.is_empty()
            && values.len() <= MOST_VALUES
            && !orders.attributes.iter().any(|known| known.name == name)
        {
            orders.attributes.push(Attribute { name, values, codes: kept(column.values, keep) });
        }
    }
    orders
}
