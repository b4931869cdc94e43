//! Small shops for tests: the golden files, and shops made row by row.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::HashMap;

use clove_core::{
    Adjustment, Attribute, Currency, DataHealth, Day, Exclusion, NONE, OrderLines, Orders, Persons, ShopData,
    SpendKind, SpendRow,
};

pub fn day(text: &str) -> Day {
    text.parse().expect("a date of a test")
}

/// A shop built row by row. Customers are told apart by their name alone.
pub struct ShopBuilder {
    pub shop: ShopData,
    names: Vec<String>,
    identified: Vec<bool>,
    persons: Persons,
}

impl Default for ShopBuilder {
    fn default() -> Self {
        ShopBuilder {
            shop: ShopData {
                currency: Currency::EUR,
                orders: Orders::default(),
                lines: None,
                adjustments: Vec::new(),
                spend: Vec::new(),
                checkouts: None,
                health: DataHealth::default(),
                format: "test".to_owned(),
                has_amounts: true,
            },
            names: Vec::new(),
            identified: Vec::new(),
            persons: Persons::default(),
        }
    }
}

/// One order of a test; amounts in minor units.
#[derive(Clone, Copy)]
pub struct Row<'t> {
    pub id: &'t str,
    pub customer: &'t str,
    pub day: Day,
    pub gross: i64,
    pub discount: i64,
    pub cost: i64,
}

impl ShopBuilder {
    /// Sets payment fee, shipping cost and packaging of all orders so far.
    pub fn handling(&mut self, of: impl Fn(usize) -> [i64; 3]) {
        let orders = &mut self.shop.orders;
        let columns: Vec<[i64; 3]> = (0..orders.len()).map(of).collect();
        orders.payment_fee = columns.iter().map(|costs| costs[0]).collect();
        orders.shipping_cost = columns.iter().map(|costs| costs[1]).collect();
        orders.packaging_cost = columns.iter().map(|costs| costs[2]).collect();
    }

    /// Adds an order that counts. A customer whose name begins with `guest` is not identified.
    pub fn order(&mut self, row: Row<'_>) -> u32 {
        let orders = &mut self.shop.orders;
        let number = orders.len() as u32;
        let id = orders.order_ids.intern(row.id);
        orders.order_id.push(id);
        let customer = orders.customer_ids.intern(row.customer);
        let is_guest = row.customer.starts_with("guest");
        orders.customer_id.push(if is_guest { NONE } else { customer });
        orders.day.push(row.day);
        orders.placed_at.push(i64::from(row.day.0) * 86_400_000_000);
        orders.exclusion.push(Exclusion::None);
        orders.gross.push(row.gross);
        orders.discount.push(row.discount);
        orders.tax.push(0);
        orders.shipping.push(0);
        orders.cost.push(row.cost);
        for attribute in &mut orders.attributes {
            attribute.codes.push(NONE);
        }
        let person = self.names.iter().position(|name| name == row.customer).unwrap_or_else(|| {
            self.names.push(row.customer.to_owned());
            self.persons.identified.push(!is_guest);
            self.persons.naming_order.push(number);
            self.names.len() - 1
        });
        self.persons.of_order.push(person as u32);
        number
    }

    /// A short order: net value in minor units on a day.
    pub fn sale(&mut self, customer: &str, on: &str, net: i64) -> u32 {
        let id = format!("o{}", self.shop.orders.len());
        self.order(Row { id: &id, customer, day: day(on), gross: net, discount: 0, cost: Orders::UNKNOWN_COST })
    }

    pub fn attribute(&mut self, order: u32, name: &str, value: &str) {
        let orders = &mut self.shop.orders;
        let count = orders.len();
        let index = orders.attributes.iter().position(|attribute| attribute.name == name).unwrap_or_else(|| {
            orders.attributes.push(Attribute {
                name: name.to_owned(),
                codes: vec![NONE; count],
                ..Attribute::default()
            });
            orders.attributes.len() - 1
        });
        let attribute = &mut orders.attributes[index];
        attribute.codes[order as usize] = attribute.values.intern(value);
    }

    pub fn line(&mut self, order: u32, product: &str, quantity: i32, gross: i64) {
        let lines = self.shop.lines.get_or_insert_with(OrderLines::default);
        lines.order.push(order);
        let number = lines.products.intern(product);
        lines.product.push(number);
        lines.quantity.push(quantity);
        lines.gross.push(gross);
    }

    pub fn refund(&mut self, order: u32, on: &str, items: i64) {
        self.shop.adjustments.push(Adjustment { order, day: day(on), items, tax_and_shipping: 0, restocked_cost: 0 });
    }

    pub fn spend(&mut self, from: &str, until: &str, channel: Option<&str>, kind: SpendKind, amount: i64) {
        self.shop.spend.push(SpendRow {
            from: day(from),
            until: day(until),
            channel: channel.map(str::to_owned),
            kind,
            amount,
        });
    }

    pub fn build(self) -> (ShopData, Persons) {
        (self.shop, self.persons)
    }
}

/// The golden shop, read by the plain rules of its own reference script: EUR, Europe/Rome, as-of 2026-06-30.
pub fn golden() -> (ShopData, Persons) {
    let mut builder = ShopBuilder::default();
    let mut number_of = HashMap::new();
    let mut rates = HashMap::new();
    let money = |text: &str, rate: f64| (text.parse::<f64>().unwrap() * 100.0 * rate).round() as i64;
    for cells in rows(include_str!("../golden/orders.csv")) {
        let [id, email, phone, placed_at, status, test, kind, _, rate, gross, discount, tax, shipping, cost] =
            cells.as_slice()
        else {
            panic!("a golden order has 14 columns")
        };
        let rate: f64 = rate.parse().unwrap();
        let email = email.trim().to_lowercase();
        // o7 carries only the phone that o8 ties to eva.
        let customer = match (email.as_str(), phone.is_empty()) {
            ("", false) => "eva@x.it".to_owned(),
            ("", true) => format!("guest-{id}"),
            (email, _) => email.to_owned(),
        };
        let number = builder.order(Row {
            id,
            customer: &customer,
            day: rome_day(placed_at),
            gross: money(gross, rate),
            discount: money(discount, rate),
            cost: money(cost, rate),
        });
        let orders = &mut builder.shop.orders;
        orders.tax[number as usize] = money(tax, rate);
        orders.shipping[number as usize] = money(shipping, rate);
        orders.exclusion[number as usize] = if test == "1" {
            Exclusion::Test
        } else if status == "cancelled" {
            Exclusion::Cancelled
        } else if kind != "sale" {
            Exclusion::GiftCardSale
        } else if orders.gross[number as usize] == 0 {
            Exclusion::ZeroValue
        } else {
            Exclusion::None
        };
        number_of.insert(id.clone(), number);
        rates.insert(id.clone(), rate);
    }
    for cells in rows(include_str!("../golden/refunds.csv")) {
        let [_, order, refunded_at, items, restocked] = cells.as_slice() else {
            panic!("a golden refund has 5 columns")
        };
        let rate = rates[order];
        builder.shop.adjustments.push(Adjustment {
            order: number_of[order],
            day: rome_day(refunded_at),
            items: money(items, rate),
            tax_and_shipping: 0,
            restocked_cost: money(restocked, rate),
        });
    }
    for cells in rows(include_str!("../golden/spend.csv")) {
        let month: clove_core::Month = cells[0].parse().unwrap();
        let (from, until) = (month.first_day().to_string(), month.last_day().to_string());
        builder.spend(&from, &until, Some(&cells[1]), SpendKind::Media, money(&cells[2], 1.0));
    }
    builder.build()
}

/// Cells of a CSV text without its header. Golden files quote single cells, without commas inside.
fn rows(text: &str) -> Vec<Vec<String>> {
    let unquote = |cell: &str| cell.trim_matches('"').to_owned();
    text.lines().skip(1).map(|line| line.split(',').map(unquote).collect()).collect()
}

/// The day in Rome of a UTC moment of 2026: one hour ahead, two from 29 March 01:00 UTC on.
fn rome_day(moment: &str) -> Day {
    let date = day(&moment[..10]);
    let hour: i32 = moment[11..13].parse().unwrap();
    let summer = &moment[..13] >= "2026-03-29T01";
    Day(date.0 + i32::from(hour + if summer { 2 } else { 1 } >= 24))
}
