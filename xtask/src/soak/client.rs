//! An impatient client: it sends orders and events, and the same again until it gets an answer, and now and then once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::bail;
use serde_json::{Value, json};

use super::ledger::{Acknowledged, Ledger};
use super::random::Random;
use super::server::Access;

/// Customers of the shop. Clients share them.
pub const CUSTOMERS: u64 = 97;

/// A client and its own numbers.
pub struct Client {
    access: Access,
    agent: ureq::Agent,
    next: u64,
    step: u64,
    random: Random,
    ledger: Arc<Ledger>,
    orders: Vec<u64>,
    updates: u64,
}

/// HTTP that gives answers of any status back, and gives up early.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

/// The e-mail address of a customer.
pub fn email(customer: u64) -> String {
    format!("customer-{customer}@soak.example")
}

impl Client {
    /// The client of a number among several.
    pub fn new(access: &Access, number: u64, clients: u64, seed: u64, ledger: Arc<Ledger>) -> Client {
        Client {
            access: access.clone(),
            agent: agent(),
            next: number,
            step: clients,
            random: Random::new(seed ^ (number + 1).wrapping_mul(0x9e37_79b9)),
            ledger,
            orders: Vec::new(),
            updates: 0,
        }
    }

    /// Streams until told to stop.
    pub fn stream(mut self, stopping: &AtomicBool) -> anyhow::Result<()> {
        while !stopping.load(Ordering::SeqCst) {
            if self.random.one_in(3) {
                self.send_events()?;
            } else {
                self.send_orders()?;
            }
        }
        Ok(())
    }

    /// New orders, or an update of one of this client's orders.
    fn send_orders(&mut self) -> anyhow::Result<()> {
        let mut numbers = Vec::new();
        if !self.orders.is_empty() && self.random.one_in(4) {
            numbers.push(self.orders[(self.random.next() % self.orders.len() as u64) as usize]);
        } else {
            for _ in 0..self.random.between(1, 5) {
                numbers.push(self.next);
                self.orders.push(self.next);
                self.next += self.step;
            }
        }
        // The moment of the update grows with every request of this client, so that the newest state wins.
        let cents: Vec<u64> = numbers.iter().map(|_| self.random.between(100, 99_999)).collect();
        let updated = self.update_moment();
        let orders: Vec<Value> =
            numbers.iter().zip(&cents).map(|(&number, &cents)| order(number, cents, &updated)).collect();
        self.send("/api/v1/orders?source=shopify:soak", &Value::from(orders))?;
        for (&number, &cents) in numbers.iter().zip(&cents) {
            self.ledger.order(number, Acknowledged { customer: number % CUSTOMERS, cents })?;
        }
        Ok(())
    }

    fn send_events(&mut self) -> anyhow::Result<()> {
        let mut numbers = Vec::new();
        for _ in 0..self.random.between(1, 10) {
            numbers.push(self.next);
            self.next += self.step;
        }
        let batch: Vec<Value> = numbers
            .iter()
            .map(|number| {
                json!({
                    "type": "track",
                    "messageId": format!("soak-{number}"),
                    "userId": format!("user-{}", number % CUSTOMERS),
                    "event": "Product Viewed",
                    "timestamp": moment(*number),
                    "properties": {"product_id": format!("sku-{}", number % 50), "number": number},
                    "context": {"traits": {"email": email(number % CUSTOMERS)}},
                })
            })
            .collect();
        self.send("/v1/batch?source=shopify:soak", &json!({"batch": batch}))?;
        for number in numbers {
            self.ledger.event(number, number % CUSTOMERS)?;
        }
        Ok(())
    }

    /// Sends a body until it is accepted; sometimes once more.
    fn send(&mut self, path: &str, body: &Value) -> anyhow::Result<()> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let answer = self
                .agent
                .post(format!("{}{path}", self.access.base))
                .header("Authorization", format!("Bearer {}", self.access.key))
                .send_json(body);
            match answer {
                Ok(mut answer) => match answer.status().as_u16() {
                    200 | 202 => break,
                    429 | 500 | 502 | 503 | 504 => std::thread::sleep(Duration::from_millis(50)),
                    status => {
                        let text = answer.body_mut().read_to_string().unwrap_or_default();
                        bail!("{path} answered {status}: {text}");
                    }
                },
                // It was killed, or is not there yet.
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
            if attempts > 3_000 {
                bail!("{path} was not accepted in {attempts} attempts");
            }
        }
        if attempts > 1 {
            self.ledger.repeated();
        }
        if self.random.one_in(8) {
            self.ledger.repeated();
            // The answer does not matter: it may be killed again.
            let _ = self
                .agent
                .post(format!("{}{path}", self.access.base))
                .header("Authorization", format!("Bearer {}", self.access.key))
                .send_json(body);
        }
        Ok(())
    }

    /// A moment that is later with every request of this client.
    fn update_moment(&mut self) -> String {
        self.updates += 1;
        let (day, second) = (self.updates / 86_400 + 1, self.updates % 86_400);
        format!("2025-12-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
    }
}

/// A moment of last year that belongs to a number.
fn moment(number: u64) -> String {
    let minutes = number % (300 * 24 * 60);
    let day = minutes / (24 * 60);
    let (month, day_of_month) = (day / 28 + 1, day % 28 + 1);
    format!("2025-{month:02}-{day_of_month:02}T{:02}:{:02}:00Z", minutes / 60 % 24, minutes % 60)
}

fn order(number: u64, cents: u64, updated: &str) -> Value {
    json!({
        "id": number.to_string(),
        "placed_at": moment(number),
        "updated_at": updated,
        "status": "paid",
        "currency": "EUR",
        "customer": {"email": email(number % CUSTOMERS)},
        "gross": format!("{}.{:02}", cents / 100, cents % 100),
    })
}
