//! What a shop's files hold, as facts: the same orders that webhooks and our own interface hand in.
//!
//! - An order's external id is its number, as everywhere. Orders of files without numbers are told by what they hold.
//! - A file that says when an order last changed competes with the shop's own word by that moment; any other ranks below it
//!   ([`super::VersionRank`]).
//! - What a file says was paid back is a refund that gives way to the shop's own
//!   (`docs/decisions/0016-one-order-by-every-way.md`).
//!
//! The facts have a fixed order, so that an import can go on where it was cut off.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use clove_core::fact::{Order, OrderLine, OrderStatus, Refund, Spend};
use clove_core::{
    Adjustment, Currency, DataHealth, Day, Exclusion, Fact, FactBody, Micros, NONE, Orders, Personal, Reject, ShopData,
    SpendRow, Tally,
};
use jiff::tz::TimeZone;

use super::customer_rows::{CustomerRow, holds_customers, read_customer_rows};
use super::intake::Intake;
use super::person::{add_handle, contact};
use super::rest::order_id;
use super::shop::file_refund_id;
use crate::error::ReadError;
use crate::format::Format;
use crate::options::{Inputs, ReadOptions};
use crate::read::{Import, read_shop};

/// The facts of a shop's files.
pub struct FileFacts {
    shop: ShopData,
    time_zone: TimeZone,
    /// Orders that become facts.
    orders: Vec<u32>,
    /// Where the lines of each order begin in `lines`; one more entry than orders.
    first_line: Vec<u32>,
    lines: Vec<u32>,
    /// Refunds that become facts, with their number within the order.
    refunds: Vec<(u32, u32)>,
    /// Number of each cost among those of the same days, kind and channel.
    spend: Vec<u32>,
    /// External ids of orders without a number.
    own_ids: HashMap<u32, String>,
    left_out: BTreeMap<&'static str, Tally>,
    customers: Vec<CustomerRow>,
}

/// What a shop's files hold.
pub struct ReadFiles {
    /// The facts.
    pub facts: FileFacts,
    /// Rows that could not be taken.
    pub rejects: Vec<Reject>,
    /// What was recognised: a format of orders, or `customers`.
    pub format: String,
    /// Columns that were not used.
    pub unmapped: Vec<String>,
}

/// Reads a shop's files and tables of customers. A table of customers among the files of orders is told by its columns. `now` is the
/// moment of the import, as for [`FileFacts::new`].
///
/// # Errors
/// If a file cannot be read or understood.
pub fn read_files(
    inputs: &Inputs,
    customers: &[String],
    options: &ReadOptions,
    now: Micros,
) -> Result<ReadFiles, ReadError> {
    let mut inputs = inputs.clone();
    let places = inputs.orders.clone();
    let mut tables = customers.to_vec();
    // Only files of this machine are looked at: standard input can be read once, and an object would be fetched twice. What cannot be
    // looked at (a pattern, a folder, a broken file) is for the reader of orders to take or refuse.
    let of_customers = |place: &String| Path::new(place).is_file() && holds_customers(place, options).unwrap_or(false);
    tables.extend(inputs.orders.extract_if(.., |place| of_customers(place)));
    let only_customers = inputs.orders.is_empty() && !tables.is_empty();
    // Refunds and costs need orders, which the reader says.
    let beside = [&inputs.refunds, &inputs.spend, &inputs.costs, &inputs.rates];
    let mut import = if only_customers && beside.into_iter().all(Option::is_none) {
        nothing(options)
    } else {
        read_shop(&inputs, options)?
    };
    let format = if only_customers { "customers".to_owned() } else { import.format.to_string() };
    let mut rejects = std::mem::take(&mut import.shop.health.rejects);
    let mut rows = Vec::new();
    for table in &tables {
        let read = read_customer_rows(table, options)?;
        import.shop.health.rows += read.rows.len() as u64 + read.rejected;
        import.shop.health.rejected += read.rejected;
        rows.extend(read.rows);
        rejects.extend(read.rejects);
        import.unmapped.extend(read.unmapped);
    }
    let facts = FileFacts::new(import.shop, options.time_zone.clone(), &places, now).with_customers(rows);
    Ok(ReadFiles { facts, rejects, format, unmapped: import.unmapped })
}

/// A shop without orders.
fn nothing(options: &ReadOptions) -> Import {
    let shop = ShopData {
        currency: options.currency.unwrap_or(Currency::EUR),
        orders: Orders::default(),
        lines: None,
        adjustments: Vec::new(),
        spend: Vec::new(),
        checkouts: None,
        health: DataHealth::default(),
        format: "customers".to_owned(),
        has_amounts: false,
    };
    Import { shop, format: Format::GenericOrders, mapping: Vec::new(), unmapped: Vec::new() }
}

/// How far ahead of the import a moment may lie.
const FUTURE: Micros = 24 * 3_600 * 1_000_000;
/// Shops and programs write the epoch where they have no date.
const EARLIEST: Micros = 24 * 3_600 * 1_000_000;

impl FileFacts {
    /// The facts of what was read. `files` are the names by which the reader knows the files; `now` is the moment of the import, which
    /// stays the same when it goes on after a kill.
    pub fn new(shop: ShopData, time_zone: TimeZone, files: &[String], now: Micros) -> FileFacts {
        let mut left_out: BTreeMap<&'static str, Tally> = BTreeMap::new();
        let mut own_ids = HashMap::new();
        let mut seen: HashMap<blake3::Hash, u32> = HashMap::new();
        let count = shop.orders.len();
        let mut orders = Vec::with_capacity(count);
        for order in 0..count {
            let moment = placed_at(&shop, &time_zone, order);
            let reason = match shop.orders.exclusion[order] {
                // These are no sales; no fact says what they are.
                reason @ (Exclusion::ReturnWithoutSale | Exclusion::NonProduct | Exclusion::Quarantined) => {
                    Some(reason.name())
                }
                _ if moment > now.saturating_add(FUTURE) => Some("in_the_future"),
                _ if moment < EARLIEST => Some("too_long_ago"),
                _ => None,
            };
            if let Some(reason) = reason {
                left_out.entry(reason).or_default().add(shop.orders.placed_of(order));
                continue;
            }
            if !has_number(&shop, order, files) {
                let digest = content_of(&shop, order);
                let times = seen.entry(digest).or_default();
                *times += 1;
                own_ids.insert(order as u32, format!("row-{}-{times}", &digest.to_hex()[..24]));
            }
            orders.push(order as u32);
        }
        let (first_line, lines) = lines_by_order(&shop);
        let taken: Vec<bool> = {
            let mut taken = vec![false; count];
            for &order in &orders {
                taken[order as usize] = true;
            }
            taken
        };
        let mut refunds = Vec::with_capacity(shop.adjustments.len());
        let mut number = 0;
        for (index, adjustment) in shop.adjustments.iter().enumerate() {
            let same = index > 0 && shop.adjustments[index - 1].order == adjustment.order;
            number = if same { number + 1 } else { 1 };
            if taken[adjustment.order as usize] {
                refunds.push((index as u32, number));
            }
        }
        let spend = numbers_of_spend(&shop.spend);
        FileFacts {
            shop,
            time_zone,
            orders,
            first_line,
            lines,
            refunds,
            spend,
            own_ids,
            left_out,
            customers: Vec::new(),
        }
    }

    /// With the customers of other files, behind everything else.
    #[must_use]
    pub fn with_customers(self, customers: Vec<CustomerRow>) -> FileFacts {
        FileFacts { customers, ..self }
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.orders.len() + self.refunds.len() + self.spend.len() + self.customers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Orders, refunds, costs and customers among them.
    pub fn counts(&self) -> [usize; 4] {
        [self.orders.len(), self.refunds.len(), self.spend.len(), self.customers.len()]
    }

    /// What was read.
    pub fn shop(&self) -> &ShopData {
        &self.shop
    }

    /// Orders that become no fact, by reason.
    pub fn left_out(&self) -> &BTreeMap<&'static str, Tally> {
        &self.left_out
    }

    /// The fact of a number below [`FileFacts::len`]; `None` if its ids cannot be used (300 characters at most, no control
    /// characters).
    pub fn fact(&self, number: usize, intake: &Intake<'_>) -> Option<Fact> {
        let refunds = self.orders.len();
        let spend = refunds + self.refunds.len();
        let customers = spend + self.spend.len();
        let fact = if number < refunds {
            self.order(self.orders[number] as usize, intake)
        } else if number < spend {
            let (index, part) = self.refunds[number - refunds];
            self.refund(&self.shop.adjustments[index as usize], part, intake)
        } else if number < customers {
            let index = number - spend;
            self.spend_fact(&self.shop.spend[index], self.spend[index], intake)
        } else {
            self.customers[number - customers].fact(intake)
        };
        fact.filter(|fact| fact.validate().is_ok())
    }

    fn external_id(&self, order: usize) -> String {
        match self.own_ids.get(&(order as u32)) {
            Some(id) => id.clone(),
            None => order_id(&self.shop.orders.order_id_text(order)),
        }
    }

    fn order(&self, order: usize, intake: &Intake<'_>) -> Option<Fact> {
        let orders = &self.shop.orders;
        let known = |column: &[i64]| column.get(order).copied().filter(|&amount| amount != 0);
        let exclusion = orders.exclusion[order];
        let status = match exclusion {
            Exclusion::Cancelled => OrderStatus::Cancelled,
            Exclusion::Pending => OrderStatus::Pending,
            _ => OrderStatus::Paid,
        };
        let mut body = Order {
            placed_at: placed_at(&self.shop, &self.time_zone, order),
            currency: self.shop.currency.code().to_owned(),
            exchange_rate: None,
            status,
            cancelled_at: None,
            test: exclusion == Exclusion::Test,
            wholesale: exclusion == Exclusion::Wholesale,
            gift_card: exclusion == Exclusion::GiftCardSale,
            gross: orders.gross[order],
            discount: orders.discount_of(order),
            tax: orders.tax_of(order),
            shipping: orders.shipping_of(order),
            cost: orders.cost_of(order),
            payment_fee: known(&orders.payment_fee),
            shipping_cost: known(&orders.shipping_cost),
            packaging_cost: known(&orders.packaging_cost),
            channel: None,
            country: None,
            discount_codes: Vec::new(),
            lines: self.lines_of(order),
            attributes: BTreeMap::new(),
            internal_id: None,
        };
        for attribute in &orders.attributes {
            let Some(value) = attribute.value(order).map(str::trim).filter(|value| !value.is_empty()) else { continue };
            let is_code = value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic());
            match attribute.name.as_str() {
                "channel" => body.channel = Some(value.chars().take(200).collect()),
                "country" if is_code => body.country = Some(value.to_ascii_uppercase()),
                "discount_code" => {
                    let codes = value.split(',').map(str::trim).filter(|code| !code.is_empty());
                    body.discount_codes = codes.take(100).map(|code| code.chars().take(200).collect()).collect();
                }
                // It follows from the lines.
                "first_product" => {}
                name => {
                    body.attributes.insert(name.to_owned(), value.chars().take(500).collect());
                }
            }
        }
        let country = body.country.clone();
        let placed_at = body.placed_at;
        let body = FactBody::Order(body);
        let id = self.external_id(order);
        let personal = self.personal(order, country.as_deref(), intake);
        let version = intake.order_version(orders.updated_at_of(order), status, &body, &personal).ok()?;
        let subject = intake.subject(&personal, &id);
        Some(intake.fact(subject, id, version, placed_at, body, personal))
    }

    fn personal(&self, order: usize, country: Option<&str>, intake: &Intake<'_>) -> Personal {
        let orders = &self.shop.orders;
        let text = |codes: &[u32], names: &clove_core::Names| {
            let code = codes.get(order).copied().filter(|&code| code != NONE)?;
            Some(names.get(code).to_owned()).filter(|text| !text.trim().is_empty())
        };
        let mut personal = Personal::default();
        contact(&mut personal, text(&orders.email, &orders.emails), text(&orders.phone, &orders.phones), country);
        if let Some(id) = text(&orders.customer_id, &orders.customer_ids) {
            add_handle(&mut personal, intake.customer_handle(&id));
        }
        personal
    }

    fn lines_of(&self, order: usize) -> Vec<OrderLine> {
        let Some(lines) = &self.shop.lines else { return Vec::new() };
        let range = self.first_line[order] as usize..self.first_line[order + 1] as usize;
        let line = |&index: &u32| {
            let index = index as usize;
            OrderLine {
                external_id: None,
                product: lines.products.get(lines.product[index]).to_owned(),
                title: None,
                quantity: i64::from(lines.quantity[index]),
                gross: lines.gross[index],
                discount: 0,
                cost: None,
            }
        };
        self.lines[range].iter().map(line).collect()
    }

    fn refund(&self, adjustment: &Adjustment, part: u32, intake: &Intake<'_>) -> Option<Fact> {
        let order = self.external_id(adjustment.order as usize);
        let body = FactBody::Refund(Refund {
            order: order.clone(),
            currency: self.shop.currency.code().to_owned(),
            items: adjustment.items,
            tax_and_shipping: adjustment.tax_and_shipping,
            restocked_cost: adjustment.restocked_cost,
            lines: Vec::new(),
        });
        // Files know the day; within the day of its order a refund follows it.
        let placed_at = placed_at(&self.shop, &self.time_zone, adjustment.order as usize);
        let at = self.start_of(adjustment.day).max(placed_at);
        let version = body.content_version().ok()?;
        let subject = intake.thing_subject("guest", &order);
        Some(intake.fact(subject, file_refund_id(&order, part as usize), version, at, body, Personal::default()))
    }

    fn spend_fact(&self, row: &SpendRow, number: u32, intake: &Intake<'_>) -> Option<Fact> {
        let body = FactBody::Spend(Spend {
            from: row.from.to_string(),
            until: row.until.to_string(),
            channel: row.channel.clone(),
            kind: row.kind.name().to_owned(),
            currency: self.shop.currency.code().to_owned(),
            amount: row.amount,
        });
        let channel = row.channel.as_deref().unwrap_or("");
        let id = format!("{}..{} {} {channel} {number}", row.from, row.until, row.kind.name());
        let version = body.content_version().ok()?;
        let subject = intake.thing_subject("spend", &id);
        Some(intake.fact(subject, id, version, self.start_of(row.from), body, Personal::default()))
    }

    fn start_of(&self, day: Day) -> Micros {
        let utc = i64::from(day.0) * 86_400_000_000;
        day.date().to_zoned(self.time_zone.clone()).map_or(utc, |zoned| zoned.timestamp().as_microsecond())
    }
}

/// Whether an order has a number of its own, and not one that the reader made of the file's name and the line.
fn has_number(shop: &ShopData, order: usize, files: &[String]) -> bool {
    let Some(&code) = shop.orders.order_id.get(order) else { return false };
    if code == NONE {
        return false;
    }
    let text = shop.orders.order_ids.get(code);
    if text.trim().is_empty() {
        return false;
    }
    let is_made = |file: &String| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let by_line = text.strip_prefix("line ").and_then(|rest| rest.strip_suffix(file.as_str()));
        let by_file = text.strip_prefix(file.as_str()).and_then(|rest| rest.strip_prefix(':'));
        by_line.and_then(|rest| rest.strip_suffix(" of ")).is_some_and(digits) || by_file.is_some_and(digits)
    };
    !files.iter().any(is_made)
}

/// What an order without a number is told by.
fn content_of(shop: &ShopData, order: usize) -> blake3::Hash {
    let orders = &shop.orders;
    let mut hasher = blake3::Hasher::new();
    let mut text = |codes: &[u32], names: &clove_core::Names| {
        let code = codes.get(order).copied().filter(|&code| code != NONE);
        let text = code.map_or("", |code| names.get(code));
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    text(&orders.customer_id, &orders.customer_ids);
    text(&orders.email, &orders.emails);
    text(&orders.phone, &orders.phones);
    for number in [orders.placed_at_of(order), orders.gross[order], orders.discount_of(order), orders.tax_of(order)] {
        hasher.update(&number.to_le_bytes());
    }
    hasher.finalize()
}

/// When an order was placed. Files that know the day alone say no moment: then it is the beginning of the shop's local day, so that
/// the order falls on the same day again.
fn placed_at(shop: &ShopData, zone: &TimeZone, order: usize) -> Micros {
    let (moment, day) = (shop.orders.placed_at_of(order), shop.orders.day[order]);
    if Day::of_moment(moment, zone) == day { moment } else { day.at(0, 0, zone) }
}

/// Lines in the order of their orders: where each order's lines begin, and the lines.
fn lines_by_order(shop: &ShopData) -> (Vec<u32>, Vec<u32>) {
    let Some(lines) = &shop.lines else { return (Vec::new(), Vec::new()) };
    let mut first = vec![0_u32; shop.orders.len() + 1];
    for &order in &lines.order {
        first[order as usize + 1] += 1;
    }
    for order in 1..first.len() {
        first[order] += first[order - 1];
    }
    let mut next = first.clone();
    let mut sorted = vec![0_u32; lines.order.len()];
    for (line, &order) in lines.order.iter().enumerate() {
        let place = &mut next[order as usize];
        sorted[*place as usize] = line as u32;
        *place += 1;
    }
    (first, sorted)
}

/// Costs have no id: rows of the same days, kind and channel are told apart by their order in the file.
fn numbers_of_spend(rows: &[SpendRow]) -> Vec<u32> {
    let mut seen: HashMap<(Day, Day, &str, Option<&str>), u32> = HashMap::new();
    rows.iter()
        .map(|row| {
            let number = seen.entry((row.from, row.until, row.kind.name(), row.channel.as_deref())).or_default();
            *number += 1;
            *number
        })
        .collect()
}
