//! WooCommerce's webhooks: bodies as version 3 of its REST API writes them.
//!
//! - Times are read from the fields in UTC (`date_created_gmt`); those without `gmt` are the shop's local time without a zone.
//! - Amounts of lines, discounts and shipping are without tax whatever `prices_include_tax` says.
//! - An order is told by its `number`; `id` is its [`internal_id`](clove_core::fact::Order::internal_id).
//! - Refunds within an order have an id and a total, but no moment: they count from the change of the order that first showed them.

mod customer;
mod order;
mod product;

use super::intake::{Intake, Taken};
use super::json::parse;
use super::node::Node;
use super::problem::{Problems, Refusal, RefusalKind};
use super::shop::{Delivery, Hints, WEBHOOK_LIMITS, deleted_order, order_named};

/// What a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// `order.created`, `order.updated`, `order.restored`
    Order,
    /// `order.deleted`
    OrderDeleted,
    /// `customer.created`, `customer.updated`
    Customer,
    /// `customer.deleted`
    CustomerDeleted,
    /// `product.created`, `product.updated`, `product.restored`
    Product,
    /// `product.deleted`
    ProductDeleted,
}

impl Topic {
    /// The topic of an `X-WC-Webhook-Topic` header; `None` for one that says nothing to us (coupons among them).
    pub fn from_header(name: &str) -> Option<Topic> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "order.created" | "order.updated" | "order.restored" => Topic::Order,
            "order.deleted" => Topic::OrderDeleted,
            "customer.created" | "customer.updated" => Topic::Customer,
            "customer.deleted" => Topic::CustomerDeleted,
            "product.created" | "product.updated" | "product.restored" => Topic::Product,
            "product.deleted" => Topic::ProductDeleted,
            _ => return None,
        })
    }

    /// Whether its bodies state their own moment, so that a repeated one is the same fact. The others are told apart by the id of
    /// their delivery.
    pub fn states_its_moment(self) -> bool {
        !matches!(self, Topic::OrderDeleted | Topic::CustomerDeleted | Topic::ProductDeleted)
    }
}

/// Whether a body is the ping that a new webhook sends: a form with the webhook's id, unsigned.
pub fn is_ping(body: &[u8]) -> bool {
    let digits = body.strip_prefix(b"webhook_id=").unwrap_or_default();
    !digits.is_empty() && digits.len() <= 20 && digits.iter().all(u8::is_ascii_digit)
}

/// Reads the body of a webhook.
pub fn delivery(intake: &Intake<'_>, topic: Topic, hints: &Hints<'_>, bytes: &[u8]) -> Result<Delivery, Refusal> {
    let json = parse(bytes, WEBHOOK_LIMITS)?;
    let root = Node::root(&json);
    if !root.is_object() {
        let message = format!("{} is no body of a webhook", json.kind());
        return Err(Refusal::new(RefusalKind::Invalid, "", message, "send a JSON object"));
    }
    let mut problems = Problems::default();
    let mut taken = Taken::default();
    let read = match topic {
        Topic::Order => order::take(intake, &root, &mut taken, &mut problems),
        Topic::OrderDeleted => match order_named(&root, "id", hints, &mut problems) {
            Some(Ok(order)) => {
                deleted_order(intake, order, hints.moment, &mut problems).map(|fact| taken.facts.push(fact))
            }
            Some(Err(internal_id)) => return Ok(Delivery::NeedsOrder { internal_id }),
            None => None,
        },
        Topic::Customer => customer::take(intake, &root, &mut taken, &mut problems),
        Topic::CustomerDeleted => customer::take_deleted(intake, &root, hints.moment, &mut taken, &mut problems),
        Topic::Product => product::take(intake, &root, &mut taken, &mut problems),
        Topic::ProductDeleted => product::take_deleted(intake, &root, hints.moment, &mut taken, &mut problems),
    };
    problems.or(read.map(|()| Delivery::Facts(taken)))
}

/// The moment of `key`, taken from its field in UTC, else from the one in local time as if that were UTC.
fn moment(node: &Node<'_>, key: &str, problems: &mut Problems) -> Option<clove_core::Micros> {
    let utc = format!("{key}_gmt");
    if node.get(&utc).is_some() { node.moment(&utc, problems) } else { node.moment(key, problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pings_are_told_from_bodies() {
        assert!(is_ping(b"webhook_id=17"));
        for body in [&b"webhook_id="[..], b"webhook_id=17&x=1", b"{\"id\":1}", b""] {
            assert!(!is_ping(body));
        }
    }
}
