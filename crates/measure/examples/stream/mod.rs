//! Orders of a made-up shop, for measurements.

use clove_core::clock::SECOND;
use clove_core::fact::{Handle, Order, OrderStatus, moment_version};
use clove_core::{Fact, FactBody, FactId, Personal};
use clove_store::{Db, FactWriter, StoreError};

const DAY: i64 = 86_400 * SECOND;

/// Numbers that look random and are always the same.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn handle(customer: u64) -> Handle {
    let external_id = format!("customer-{customer}@example.org");
    Handle { channel: "email".to_owned(), scope: String::new(), external_id }
}

/// An order of a customer, as a shop's own interface would hand it in.
pub fn order(db: &Db, customer: u64, external_id: String, placed_at: i64, gross: i64) -> Result<Fact, StoreError> {
    let body = Order {
        placed_at,
        currency: "EUR".to_owned(),
        exchange_rate: None,
        status: OrderStatus::Paid,
        cancelled_at: None,
        test: false,
        wholesale: false,
        gift_card: false,
        gross,
        discount: 0,
        tax: gross / 5,
        shipping: 490,
        cost: None,
        payment_fee: None,
        shipping_cost: None,
        packaging_cost: None,
        channel: Some("web".to_owned()),
        country: Some("IT".to_owned()),
        discount_codes: Vec::new(),
        lines: Vec::new(),
        attributes: std::collections::BTreeMap::new(),
        internal_id: None,
    };
    let handle = handle(customer);
    Ok(Fact {
        id: FactId(db.ids().uuid(db.now())),
        subject: db.hash_key().subject(&handle),
        source: "shop:speed".parse()?,
        external_id,
        version: moment_version(placed_at),
        occurred_at: placed_at,
        received_at: db.now(),
        cause: None,
        body: FactBody::Order(body),
        personal: Some(Personal { handles: vec![handle], ..Personal::default() }),
    })
}

/// Two years of orders, as a shop's export would bring them.
pub async fn preload(db: &Db, writer: &FactWriter, customers: u64) -> Result<u64, StoreError> {
    let mut numbers = Numbers(1);
    let (now, mut count, mut list) = (db.now(), 0, Vec::new());
    for customer in 0..customers {
        let mut days_ago = 1 + numbers.next(700) as i64;
        let typical = 2_000 + numbers.next(8_000);
        let gap = 15 + numbers.next(120);
        while days_ago > 0 {
            let gross = (typical / 2 + numbers.next(typical)) as i64;
            list.push(order(db, customer, format!("before-{count}"), now - days_ago * DAY, gross)?);
            count += 1;
            if numbers.next(3) == 0 {
                break;
            }
            days_ago -= 1 + numbers.next(2 * gap) as i64;
        }
        if list.len() >= 2_000 || customer + 1 == customers {
            writer.append(std::mem::take(&mut list)).await?;
        }
    }
    Ok(count)
}
