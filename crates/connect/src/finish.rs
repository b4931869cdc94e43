//! From what was read to the shop's data: currency, exclusions, refunds, spend, health.

use clove_core::{Adjustment, Attribute, Currency, Exclusion, NONE, Reject, ShopData, SpendRow};

use crate::batch::Dictionaries;
use crate::currency::{Converter, ONE, convert, meanings, rate_of, shop_currency};
use crate::error::ReadError;
use crate::fields::Field;
use crate::format::Format;
use crate::intake::Intake;
use crate::lines::{Assembled, assemble};
use crate::number::{MISSING, multiply};
use crate::options::ReadOptions;
use crate::output::{first_products, keep_map, order_lines, orders};
use crate::plan::Plan;
use crate::raw::HANDLING;
use crate::returns::{amounts_of_orders, line_returns, order_level_returns, refunds};
use crate::side::SideTables;

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
    let prices_on_orders = plans.iter().any(|plan| plan.format.prices_on_orders());
    let has_lines = plans.iter().any(|plan| plan.lines);
    let mut assembled = if has_lines { assemble(&mut intake, prices_on_orders) } else { Assembled::default() };
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
    warn_about_handling(&mut intake);
    settle_left_out(&mut intake, &currency_of, currency);
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
    let lines = order_lines(&mut intake, &mut assembled, &mut dictionaries, &rates, currency, keep.as_deref());
    warn_about_late_days(&mut intake, &adjustments);
    intake.take_rejects(0, Vec::new());
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
    Ok(ShopData { currency, orders, lines, adjustments, spend, checkouts: None, health, format, has_amounts })
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

/// Sums what was left out. Amounts in other currencies are said each for itself: a sum over several would mean nothing.
fn settle_left_out(intake: &mut Intake, meanings: &[Option<Currency>], currency: Currency) {
    for ((reason, code), rows) in std::mem::take(&mut intake.left_out) {
        let tally = intake.health.rows_left_out.entry(reason).or_default();
        tally.count += rows.count;
        let own = if code == NONE { Some(currency) } else { meanings[code as usize] };
        match own {
            Some(own) if own == currency => tally.amount += convert(rows.amount, ONE, currency),
            _ if rows.amount == 0 => {}
            Some(other) => intake.health.warnings.push(format!(
                "{} rows left out as {reason} are worth {} {other}, which the sum in {currency} does not hold.",
                rows.count,
                other.format(convert(rows.amount, ONE, other))
            )),
            None => intake.health.warnings.push(format!(
                "{} rows left out as {reason} are in an unknown currency: no sum holds them.",
                rows.count
            )),
        }
    }
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
    let converter = Converter::new(currency);
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
                converter.convert(gross, rate) - converter.convert(orders.discount.get(order), rate)
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
    for (column, given) in intake.orders.handling.iter_mut().zip(&costs.handling) {
        if !given.is_empty() {
            column.declare(rows);
        }
        for order in 0..rows {
            let id = intake.orders.order_id.get(order);
            if let Some(&cost) = given.get(id as usize).filter(|&&cost| cost != MISSING) {
                column.set(order, cost);
            }
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

/// Says of how many orders a cost is not known although others have it.
fn warn_about_handling(intake: &mut Intake) {
    for (column, field) in intake.orders.handling.iter().zip(HANDLING) {
        let unknown = column.values.iter().filter(|&&cost| cost == MISSING).count();
        if unknown > 0 {
            intake.health.warnings.push(format!(
                "{unknown} orders have no {}: contribution counts none for them.",
                field.name().replace('_', " ")
            ));
        }
    }
}

/// Says if the latest date lies far beyond the rest: the as-of day follows it.
fn warn_about_late_days(intake: &mut Intake, adjustments: &[Adjustment]) {
    const FAR: i32 = 180;
    let days = || intake.orders.day.iter().copied().chain(adjustments.iter().map(|adjustment| adjustment.day));
    let Some(latest) = days().max() else { return };
    let Some(before) = days().filter(|day| latest.since(*day) > FAR).max() else { return };
    let (mut late, mut first_late) = (0, latest);
    for day in days().filter(|&day| day > before) {
        late += 1;
        first_late = first_late.min(day);
    }
    let all = days().count();
    let gap = first_late.since(before);
    // A few rows at the end of a long history, not the second half of a short one.
    if gap > FAR && late * 10 <= all && late <= 3.max(all / 1_000) {
        let rows = if late == 1 { "1 row".to_owned() } else { format!("{late} rows") };
        intake.health.warnings.push(format!(
            "{rows} dated up to {latest} lie {gap} days after all others, which end on {before}. If that is a typing error,              correct it or give --as-of {before}: without it everything is counted as of {latest}."
        ));
    }
}

fn warn_about_states(intake: &mut Intake) {
    for (text, count) in std::mem::take(&mut intake.unknown_states) {
        intake.health.warnings.push(format!("The state '{text}' of {count} orders is not known: they count as paid."));
    }
}
