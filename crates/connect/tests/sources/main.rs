//! What shops and storefronts send becomes facts: bodies as real clients write them.

mod rest;
mod segment;
mod shopify;
mod woocommerce;

use clove_connect::sources::{Intake, Taken};
use clove_core::fact::{Order, Refund};
use clove_core::{Fact, FactBody, HashKey, IdGenerator, Micros, Source};

/// 2026-09-20T12:00:00Z
const NOW: Micros = 1_789_905_600_000_000;

/// Runs `test` with an intake of this source at [`NOW`].
fn intake<T>(source: &str, test: impl FnOnce(&Intake<'_>) -> T) -> T {
    let source: Source = source.parse().unwrap();
    let (hash_key, ids) = (HashKey::new([1; 32]), IdGenerator::new([2; 32]));
    test(&Intake { source: &source, hash_key: &hash_key, received_at: NOW, ids: &ids, currency: None })
}

/// The only fact of a body that is wholly in order.
fn only(taken: Taken) -> Fact {
    assert!(taken.quarantined.is_empty(), "{:?}", taken.quarantined);
    assert_eq!(taken.facts.len(), 1);
    taken.facts.into_iter().next().unwrap()
}

fn order_of(fact: &Fact) -> &Order {
    let FactBody::Order(order) = &fact.body else { panic!("{:?} is no order", fact.body) };
    order
}

fn refund_of(fact: &Fact) -> &Refund {
    let FactBody::Refund(refund) = &fact.body else { panic!("{:?} is no refund", fact.body) };
    refund
}

fn handles(fact: &Fact) -> Vec<String> {
    let personal = fact.personal.clone().unwrap_or_default();
    personal
        .handles
        .iter()
        .map(|handle| format!("{}:{}:{}", handle.channel, handle.scope, handle.external_id))
        .collect()
}
