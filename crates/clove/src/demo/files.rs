//! The demo shop's files: CSV in UTF-8, comma, header, decimal point; amounts of an order in the order's currency.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use clove_core::Day;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::catalogue::{COUNTRIES, PRODUCTS};
use super::simulate::{Order, Shop};

/// Where the shop is; order times carry the offset of this zone.
const ZONE: &str = "Europe/Rome";

const ORDER_HEADER: &str = "order_id,customer_id,email,phone,customer_name,placed_at,status,test,kind,currency,\
fx_to_shop,gross,discount,tax,shipping,cogs,channel,discount_code,first_product,country";

const LINE_HEADER: &str = "order_id,customer_id,email,phone,placed_at,status,test,kind,currency,fx_to_shop,\
product,category,quantity,unit_price,discount,cogs,channel,country";

/// Writes `orders.csv`.
pub fn write_orders(out: &mut impl Write, shop: &Shop) -> io::Result<()> {
    let zone = zone()?;
    writeln!(out, "{ORDER_HEADER}")?;
    let accounts = account_numbers(&shop.orders);
    for (index, order) in shop.orders.iter().enumerate() {
        let (who, what) = (who(order, &accounts), what(order, &zone)?);
        writeln!(
            out,
            "{},{who},{},{what},{},{},{},{},{},{},{},{},{}",
            order_id(index),
            field(&order.handles.name),
            decimal(order.gross, 2),
            decimal(order.discount, 2),
            decimal(order.tax, 2),
            decimal(order.shipping, 2),
            order.cost.map_or_else(String::new, |cost| decimal(cost, 2)),
            order.channel,
            order.code,
            field(order.lines.first().map_or("", |line| PRODUCTS[line.product].name)),
            COUNTRIES[order.country].code,
        )?;
    }
    Ok(())
}

/// Writes `order_lines.csv`: each line repeats who, when and in which currency, so that the file can be read by itself.
pub fn write_lines(out: &mut impl Write, shop: &Shop) -> io::Result<()> {
    let zone = zone()?;
    writeln!(out, "{LINE_HEADER}")?;
    let accounts = account_numbers(&shop.orders);
    for (index, order) in shop.orders.iter().enumerate() {
        let (who, what) = (who(order, &accounts), what(order, &zone)?);
        for line in &order.lines {
            let product = &PRODUCTS[line.product];
            writeln!(
                out,
                "{},{who},{what},{},{},{},{},{},{},{},{}",
                order_id(index),
                field(product.name),
                product.category.name(),
                line.quantity,
                decimal(line.unit_price, 2),
                decimal(line.discount, 2),
                line.cost.map_or_else(String::new, |cost| decimal(cost, 2)),
                order.channel,
                COUNTRIES[order.country].code,
            )?;
        }
    }
    Ok(())
}

/// The cells `customer_id,email,phone`.
fn who(order: &Order, accounts: &HashMap<usize, usize>) -> String {
    let account = if order.handles.account { format!("C{:05}", accounts[&order.customer]) } else { String::new() };
    format!("{account},{},{}", field(&order.handles.email), field(&order.handles.phone))
}

/// The cells `placed_at,status,test,kind,currency,fx_to_shop`.
fn what(order: &Order, zone: &TimeZone) -> io::Result<String> {
    Ok(format!(
        "{},{},{},{},{},{}",
        moment(zone, order.day, order.second)?,
        order.status,
        u8::from(order.test),
        order.kind,
        COUNTRIES[order.country].currency,
        order.rate.map_or_else(String::new, |rate| decimal(rate, 4)),
    ))
}

/// Writes `refunds.csv`, by day of refund.
pub fn write_refunds(out: &mut impl Write, shop: &Shop) -> io::Result<()> {
    let zone = zone()?;
    let mut refunds: Vec<(Day, usize, i64, i64)> = Vec::new();
    for (index, order) in shop.orders.iter().enumerate() {
        refunds
            .extend(order.refunds.iter().map(|it| (Day(order.day.0 + it.delay), index, it.items, it.restocked_cost)));
    }
    refunds.sort_unstable();
    writeln!(out, "refund_id,order_id,refunded_at,items,restocked_cogs")?;
    for (number, (day, index, items, restocked)) in refunds.into_iter().enumerate() {
        // Refunds are booked in the office, in the morning.
        let second = 9 * 3_600 + (number as i32 * 97) % 7_200;
        writeln!(
            out,
            "RF-{:05},{},{},{},{}",
            number + 1,
            order_id(index),
            moment(&zone, day, second)?,
            decimal(items, 2),
            decimal(restocked, 2)
        )?;
    }
    Ok(())
}

/// Writes `spend.csv`, in the shop's currency.
pub fn write_spend(out: &mut impl Write, shop: &Shop) -> io::Result<()> {
    writeln!(out, "month,channel,kind,amount")?;
    for cost in &shop.costs {
        writeln!(out, "{},{},{},{}", cost.month, field(cost.channel), cost.kind, decimal(cost.amount, 2))?;
    }
    Ok(())
}

/// Customer numbers in order of the first order that was placed from an account.
fn account_numbers(orders: &[Order]) -> HashMap<usize, usize> {
    let mut numbers = HashMap::new();
    for order in orders.iter().filter(|order| order.handles.account) {
        let next = numbers.len() + 1;
        numbers.entry(order.customer).or_insert(next);
    }
    numbers
}

fn order_id(index: usize) -> String {
    format!("BRZ-{}", 10_001 + index)
}

fn zone() -> io::Result<TimeZone> {
    TimeZone::get(ZONE).map_err(io::Error::other)
}

/// A local time with the offset that the zone had.
fn moment(zone: &TimeZone, day: Day, second: i32) -> io::Result<String> {
    let time = Time::new((second / 3_600) as i8, (second / 60 % 60) as i8, (second % 60) as i8, 0);
    let local = day.date().to_datetime(time.map_err(io::Error::other)?);
    let zoned = zone.to_ambiguous_zoned(local).compatible().map_err(io::Error::other)?;
    Ok(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// A non-negative scaled integer as a plain decimal.
fn decimal(amount: i64, places: usize) -> String {
    let scale = 10_i64.pow(places as u32);
    format!("{}.{:0places$}", amount / scale, amount % scale)
}

/// A CSV field, quoted where it must be.
fn field(text: &str) -> Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}
