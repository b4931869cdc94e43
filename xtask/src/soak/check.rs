//! Afterwards: everything that was acknowledged is there, once, with the right amounts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use super::client::{CUSTOMERS, agent, email};
use super::ledger::{Acknowledged, Ledger};
use super::server::Access;

/// How long the subscribers may take to come to the end of the log.
const PATIENCE: Duration = Duration::from_mins(2);

/// What was found.
pub struct Found {
    orders: usize,
    events: usize,
    repetitions: u64,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} orders and {} events acknowledged, {} requests sent more than once; lost 0, doubled 0, amounts equal",
            self.orders, self.events, self.repetitions
        )
    }
}

/// Compares the server's answers with the ledger.
pub fn check(access: &Access, ledger: &Ledger) -> anyhow::Result<Found> {
    let reader = Reader { agent: agent(), access };
    let (orders, events) = (ledger.orders(), ledger.events());
    if orders.is_empty() || events.is_empty() {
        bail!("the clients hardly wrote: {} orders, {} events", orders.len(), events.len());
    }
    let begun = Instant::now();
    for customer in 0..CUSTOMERS {
        let expected: BTreeMap<u64, Acknowledged> = orders
            .iter()
            .filter(|(_, order)| order.customer == customer)
            .map(|(&number, &order)| (number, order))
            .collect();
        let expected_events: BTreeSet<u64> =
            events.iter().filter(|&(_, &of)| of == customer).map(|(&number, _)| number).collect();
        if expected.is_empty() && expected_events.is_empty() {
            continue;
        }
        loop {
            let outcome = reader.compare(customer, &expected, &expected_events);
            match outcome {
                Ok(()) => break,
                // What was accepted is worked on a moment later.
                Err(_) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(100)),
                Err(error) => return Err(error.context(format!("customer {customer}"))),
            }
        }
    }
    Ok(Found { orders: orders.len(), events: events.len(), repetitions: ledger.repetitions() })
}

struct Reader<'a> {
    agent: ureq::Agent,
    access: &'a Access,
}

impl Reader<'_> {
    fn get(&self, path: &str) -> anyhow::Result<Value> {
        let mut answer = self
            .agent
            .get(format!("{}{path}", self.access.base))
            .header("Authorization", format!("Bearer {}", self.access.key))
            .call()?;
        let body: Value = answer.body_mut().read_json().with_context(|| format!("{path} is no JSON"))?;
        match answer.status().as_u16() {
            200 => Ok(body),
            status => bail!("{path} answered {status}: {body}"),
        }
    }

    fn compare(
        &self,
        customer: u64,
        orders: &BTreeMap<u64, Acknowledged>,
        events: &BTreeSet<u64>,
    ) -> anyhow::Result<()> {
        let found = self.get(&format!("/api/v1/customers?email={}", email(customer)))?;
        let mut seen = BTreeMap::new();
        for order in found["orders"].as_array().context("the customer has no list of orders")? {
            let number: u64 = order["id"].as_str().context("an order without id")?.parse()?;
            let cents = order["gross"].as_u64().context("an order without gross")?;
            if seen.insert(number, cents).is_some() {
                bail!("order {number} is there twice");
            }
        }
        for (number, order) in orders {
            match seen.remove(number) {
                None => bail!("order {number} was acknowledged and is missing"),
                Some(cents) if cents != order.cents => {
                    bail!("order {number} has {cents} cents, acknowledged were {}", order.cents)
                }
                Some(_) => {}
            }
        }
        if let Some((number, _)) = seen.first_key_value() {
            bail!("order {number} was never acknowledged");
        }
        let sum: u64 = orders.values().map(|order| order.cents).sum();
        let counted = &found["statistics"][0];
        if !orders.is_empty()
            && (counted["orders"].as_u64(), counted["gross"].as_u64()) != (Some(orders.len() as u64), Some(sum))
        {
            bail!("the statistics say {counted}; acknowledged were {} orders of {sum} cents", orders.len());
        }
        self.compare_events(found["id"].as_str().context("a customer without id")?, events)
    }

    fn compare_events(&self, person: &str, events: &BTreeSet<u64>) -> anyhow::Result<()> {
        let mut seen = BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("/api/v1/customers/{person}/timeline?kinds=event&limit=500{cursor}"))?;
            for entry in page["items"].as_array().context("the timeline has no items")? {
                let id = entry["id"].as_str().and_then(|id| id.strip_prefix("soak-")).context("a foreign event")?;
                if !seen.insert(id.parse::<u64>()?) {
                    bail!("event {id} is there twice");
                }
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        if let Some(number) = events.difference(&seen).next() {
            bail!("event {number} was acknowledged and is missing");
        }
        match seen.difference(events).next() {
            Some(number) => bail!("event {number} was never acknowledged"),
            None => Ok(()),
        }
    }
}
