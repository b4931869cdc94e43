//! One file, many "lifetime values": what other common definitions make of the same orders.

use clove_core::{Basis, Exclusion, Minor, NONE};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::answer::MoneyPer;
use crate::ledger::Ledger;

/// Value per customer under one definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Definition {
    /// Its stable name.
    pub name: &'static str,
    /// How it counts, in words.
    pub how: &'static str,
    /// What it gives.
    pub value: MoneyPer,
}

/// Sums of the file as it is written: no conversion of currencies, no normalised e-mail addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFigures {
    /// Sum of the gross column over all rows, in minor units.
    pub gross: Minor,
    /// Distinct texts in the e-mail column, the empty one included.
    pub emails: u64,
}

/// Value per customer under the definitions that people mix up. The naive one needs the raw file; those by e-mail need an
/// e-mail column.
pub fn definitions(ledger: &Ledger<'_>, raw: Option<RawFigures>) -> Vec<Definition> {
    let currency = ledger.currency();
    let customers = ledger.customers().len() as u64;
    let sum = |basis: Basis| -> Option<Minor> {
        let values = ledger.orders().iter().filter_map(|&order| ledger.values().value(order as usize, basis));
        values.reduce(|a, b| a + b)
    };
    let mut result = Vec::with_capacity(6);
    if let Some(raw) = raw {
        result.push(Definition {
            name: "naive",
            how: "gross of every row / distinct e-mail texts: tests, cancelled orders and gift cards in, returns out of sight",
            value: MoneyPer::new(Some(raw.gross), raw.emails, currency),
        });
    }
    result.push(Definition {
        name: "total",
        how: "what customers paid, tax and shipping included / customers",
        value: MoneyPer::new(sum(Basis::Total), customers, currency),
    });
    result.push(Definition {
        name: "net",
        how: "net value / customers, e-mail and phone joined: our default",
        value: MoneyPer::new(sum(Basis::Net), customers, currency),
    });
    let emails = &ledger.shop().orders.email;
    if !emails.is_empty() {
        let own = ledger.orders().iter().copied();
        result.push(Definition {
            name: "net_email_only",
            how: "net value / customers told apart by e-mail alone: a phone number joins nobody",
            value: MoneyPer::new(sum(Basis::Net), by_email(emails, own), currency),
        });
        result.push(shopify_style(ledger));
    }
    result.push(Definition {
        name: "margin",
        how: "net value minus cost of goods / customers",
        value: MoneyPer::new(sum(Basis::Margin), customers, currency),
    });
    result
}

/// Every order but tests, cancelled ones too; gift cards bring customers but no sales.
fn shopify_style(ledger: &Ledger<'_>) -> Definition {
    let orders = &ledger.shop().orders;
    let is_valid = |order: &u32| {
        orders.exclusion[*order as usize] != Exclusion::Test && orders.day[*order as usize] <= ledger.as_of()
    };
    let valid = || (0..orders.len() as u32).filter(is_valid);
    let is_sale = |order: &u32| orders.exclusion[*order as usize] != Exclusion::GiftCardSale;
    let net: Minor = valid().filter(is_sale).map(|order| ledger.values().net(order as usize)).sum();
    Definition {
        name: "shopify_style",
        how: "net value of all orders but tests, cancelled ones included / customers told apart by e-mail alone",
        value: MoneyPer::new(
            ledger.shop().has_amounts.then_some(net),
            by_email(&orders.email, valid()),
            ledger.currency(),
        ),
    }
}

/// Distinct e-mail addresses; orders without one are a customer each.
fn by_email(emails: &[u32], orders: impl Iterator<Item = u32>) -> u64 {
    let mut known = FxHashSet::default();
    let mut without = 0;
    for order in orders {
        match emails[order as usize] {
            NONE => without += 1,
            email => {
                known.insert(email);
            }
        }
    }
    known.len() as u64 + without
}
