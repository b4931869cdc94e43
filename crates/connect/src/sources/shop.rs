//! What the webhooks of shops have in common: hints that do not stand in a body, what a body turns out to be, and amounts.

use clove_core::fact::{FactError, Order, OrderStatus, Refund};
use clove_core::{Currency, Fact, FactBody, Micros, Minor, Personal};
use serde::{Deserialize, Serialize};

use super::intake::{Intake, Taken};
use super::json::Limits;
use super::node::Node;
use super::problem::Problems;
use super::{changed_version, moment_version};

/// Limits of a webhook's body: 5 MB, as large orders take; depth and values bounded.
pub const WEBHOOK_LIMITS: Limits = Limits { bytes: 5_000_000, depth: 32, values: 500_000 };

/// Largest amount: sums of ten thousand of them stay within 64 bits.
const MOST_MINOR: Minor = 100_000_000_000_000;

/// An order that the log knows already.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownOrder {
    /// Its external id: the number that people see.
    pub external_id: String,
    /// The state received last.
    pub order: Order,
    /// What identifies its person.
    pub personal: Personal,
}

/// What a delivery says beside its body.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// When the shop says that it happened, else when it was received: the moment of deletions, which state none.
    pub moment: Micros,
    /// The order that the body belongs to, where it names it by its internal id alone and the log knows it.
    pub order: Option<&'a KnownOrder>,
}

/// What a body of a webhook turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// Facts, and records kept apart.
    Facts(Taken),
    /// It names an order by the id that only the shop's programs see, and [`Hints::order`] did not give it: once that order is
    /// known, read it again.
    NeedsOrder {
        /// The order's internal id.
        internal_id: String,
    },
    /// A request about a person's data.
    Privacy(PrivacyRequest),
    /// The shop no longer sends.
    Disconnected,
}

/// A request about a person's data, as a job of the queue [`PrivacyRequest::QUEUE`] carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivacyRequest {
    /// What is asked.
    pub kind: PrivacyKind,
    /// The source that asks.
    pub source: String,
    /// The source's id of the request: the same request is carried out once.
    pub request_id: String,
    /// The source's id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The customer's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The customer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Internal ids of the orders concerned.
    #[serde(default)]
    pub orders: Vec<String>,
}

impl PrivacyRequest {
    /// The queue of such jobs.
    pub const QUEUE: &'static str = "privacy";
}

/// What is asked about a person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyKind {
    /// Erase a customer.
    Redact,
    /// Hand out what is kept of a customer.
    DataRequest,
    /// Erase everything that came from the shop.
    ShopRedact,
}

/// The order that a body names by its internal id: `Err` with that id if it is not known yet, `None` if the body names none.
pub(super) fn order_named<'h>(
    root: &Node<'_>,
    key: &str,
    hints: &Hints<'h>,
    problems: &mut Problems,
) -> Option<Result<&'h KnownOrder, String>> {
    let internal_id = root.required_id(key, problems)?;
    Some(match hints.order {
        Some(order) if order.order.internal_id.as_ref() == Some(&internal_id) => Ok(order),
        _ => Err(internal_id),
    })
}

/// An order that was deleted in the shop, of which only the id is told: its last state, cancelled.
pub(super) fn deleted_order(
    intake: &Intake<'_>,
    known: &KnownOrder,
    moment: Micros,
    problems: &mut Problems,
) -> Option<Fact> {
    let status = OrderStatus::Cancelled;
    let order = Order { status, cancelled_at: known.order.cancelled_at.or(Some(moment)), ..known.order.clone() };
    let subject = intake.subject(&known.personal, &known.external_id);
    let placed_at = order.placed_at;
    let body = FactBody::Order(order);
    let version = told(intake.order_version(Some(moment), status, &body, &known.personal), problems)?;
    Some(intake.fact(subject, known.external_id.clone(), version, placed_at, body, known.personal.clone()))
}

/// The version of a thing without stages: the moment of its last change, and what it says.
pub(super) fn version_of(
    intake: &Intake<'_>,
    updated_at: Micros,
    body: &FactBody,
    personal: &Personal,
    problems: &mut Problems,
) -> Option<String> {
    let content = told(intake.content(body, personal), problems)?;
    Some(changed_version(Some(updated_at), content))
}

/// A value, or a problem of the whole body.
fn told<T>(value: Result<T, FactError>, problems: &mut Problems) -> Option<T> {
    value.map_err(|error| problems.add(String::new(), error.to_string(), "let the shop send it again")).ok()
}

/// An amount in minor units, rounded half to even.
pub(super) fn money(node: &Node<'_>, key: &str, currency: Currency, problems: &mut Problems) -> Option<Minor> {
    let decimal = node.decimal(key, problems)?;
    match decimal.rounded(currency) {
        Ok(minor) if minor.abs() <= MOST_MINOR => Some(minor),
        Ok(_) | Err(_) => {
            problems.add(node.pointer_to(key), format!("'{decimal}' is too large"), "check the amount");
            None
        }
    }
}

/// The price of a line times its quantity, from the exact price.
pub(super) fn price_times(
    node: &Node<'_>,
    key: &str,
    quantity: i64,
    currency: Currency,
    problems: &mut Problems,
) -> Option<Minor> {
    let decimal = node.decimal(key, problems)?;
    match decimal.times(quantity, currency) {
        Ok(minor) if minor.abs() <= MOST_MINOR => Some(minor),
        Ok(_) | Err(_) => {
            problems.add(node.pointer_to(key), format!("{decimal} times {quantity} is too large"), "check the line");
            None
        }
    }
}

/// Sum of an amount over the items of a list.
pub(super) fn sum(node: &Node<'_>, list: &str, key: &str, currency: Currency, problems: &mut Problems) -> Minor {
    let Some(list) = node.list(list, 10_000, problems) else { return 0 };
    let mut sum = 0;
    for item in list.items() {
        sum += money(&item, key, currency, problems).unwrap_or(0);
    }
    sum
}

/// The ISO 4217 code of a body.
pub(super) fn currency(node: &Node<'_>, intake: &Intake<'_>, problems: &mut Problems) -> Option<Currency> {
    let Some(code) = node.loose(&["currency"]) else {
        if intake.currency.is_none() {
            let remedy = "send an ISO 4217 code, or give the source a currency";
            problems.add(node.pointer_to("currency"), "'currency' is missing", remedy);
        }
        return intake.currency;
    };
    match code.parse() {
        Ok(currency) => Some(currency),
        Err(error) => {
            let error: clove_core::MoneyError = error;
            problems.add(node.pointer_to("currency"), error.to_string(), "send an ISO 4217 code");
            None
        }
    }
}

/// A short text that need not be there.
pub(super) fn short(node: &Node<'_>, path: &[&str], most: usize) -> Option<String> {
    node.loose(path).map(|text| text.chars().filter(|letter| !letter.is_control()).take(most).collect())
}

/// A country's code in upper case.
pub(super) fn country(node: &Node<'_>, path: &[&str]) -> Option<String> {
    let code = node.loose(path)?;
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic())).then(|| code.to_ascii_uppercase())
}

/// Whether one of a list of tags marks an order or customer as wholesale.
pub(super) fn is_wholesale(tags: &[String]) -> bool {
    tags.iter().any(|tag| ["wholesale", "b2b"].contains(&tag.to_lowercase().as_str()))
}

/// The external id of what files say was paid back for an order, as the `number`th part of it, from 1.
pub(crate) fn file_refund_id(order: &str, number: usize) -> String {
    format!("file-{number}-{order}")
}

/// What files say was paid back for an order gives way to the shop's own refunds: a version of nothing for each of the file's parts,
/// which outranks every file's because it has a moment. A file holds no more parts than the shop knows refunds, so that as many
/// versions do. Each is the same fact for every delivery of the order. See `docs/decisions/0016-one-order-by-every-way.md`.
pub(crate) fn retire_file_refunds(
    intake: &Intake<'_>,
    order: &str,
    currency: Currency,
    at: Micros,
    refunds: usize,
) -> impl Iterator<Item = Fact> {
    (1..=refunds).map(move |number| {
        let body = Refund {
            order: order.to_owned(),
            currency: currency.code().to_owned(),
            items: 0,
            tax_and_shipping: 0,
            restocked_cost: 0,
            lines: Vec::new(),
        };
        let subject = intake.thing_subject("guest", order);
        let (id, version) = (file_refund_id(order, number), moment_version(0));
        intake.fact(subject, id, version, at, FactBody::Refund(body), Personal::default())
    })
}
