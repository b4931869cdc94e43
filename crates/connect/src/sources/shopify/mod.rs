//! Shopify's webhooks: bodies as its REST Admin API writes them.
//!
//! - **An order is told by its number** (`name` without `#`), which webhooks, exports and people share; `id` is its
//!   [`internal_id`](clove_core::fact::Order::internal_id). See `docs/decisions/0016-one-order-by-every-way.md`.
//! - Amounts are the shop's currency (`shop_money`), never what the customer was shown in another.
//! - `updated_at` is the version: bodies may come in any order, the newest wins.
//! - The refunds within an order and `refunds/create` give the same facts.

mod cart;
mod customer;
mod order;
mod privacy;
mod product;
mod refund;

use super::intake::{Intake, Taken};
use super::json::parse;
use super::node::Node;
use super::problem::{Problems, Refusal, RefusalKind};
use super::shop::{Delivery, Hints, WEBHOOK_LIMITS, deleted_order, order_named};

/// What a webhook is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// `orders/create`, `orders/updated`, `orders/paid`, ...: the whole order each time.
    Order,
    /// `orders/delete`
    OrderDeleted,
    /// `refunds/create`
    Refund,
    /// `checkouts/create`
    CheckoutCreated,
    /// `checkouts/update`
    CheckoutUpdated,
    /// `carts/create`, `carts/update`
    Cart,
    /// `customers/create`, `customers/update`
    Customer,
    /// `customers/delete`
    CustomerDeleted,
    /// `customers_marketing_consent/update`: text messages.
    TextConsent,
    /// `customers_email_marketing_consent/update`
    EmailConsent,
    /// `products/create`, `products/update`
    Product,
    /// `products/delete`
    ProductDeleted,
    /// `customers/redact`
    CustomerRedact,
    /// `customers/data_request`
    DataRequest,
    /// `shop/redact`
    ShopRedact,
    /// `app/uninstalled`
    AppUninstalled,
}

const TOPICS: [(&str, Topic); 28] = [
    ("orders/create", Topic::Order),
    ("orders/updated", Topic::Order),
    ("orders/paid", Topic::Order),
    ("orders/partially_fulfilled", Topic::Order),
    ("orders/fulfilled", Topic::Order),
    ("orders/cancelled", Topic::Order),
    ("orders/delete", Topic::OrderDeleted),
    ("refunds/create", Topic::Refund),
    ("checkouts/create", Topic::CheckoutCreated),
    ("checkouts/update", Topic::CheckoutUpdated),
    ("carts/create", Topic::Cart),
    ("carts/update", Topic::Cart),
    ("customers/create", Topic::Customer),
    ("customers/update", Topic::Customer),
    ("customers/enable", Topic::Customer),
    ("customers/disable", Topic::Customer),
    ("customers/delete", Topic::CustomerDeleted),
    ("customers_marketing_consent/update", Topic::TextConsent),
    ("customers/marketing_consent_update", Topic::TextConsent),
    ("customers_email_marketing_consent/update", Topic::EmailConsent),
    ("customers/email_marketing_consent_update", Topic::EmailConsent),
    ("products/create", Topic::Product),
    ("products/update", Topic::Product),
    ("products/delete", Topic::ProductDeleted),
    ("customers/redact", Topic::CustomerRedact),
    ("customers/data_request", Topic::DataRequest),
    ("shop/redact", Topic::ShopRedact),
    ("app/uninstalled", Topic::AppUninstalled),
];

impl Topic {
    /// The topic of an `X-Shopify-Topic` header; `None` for one that says nothing to us.
    pub fn from_header(name: &str) -> Option<Topic> {
        let name = name.trim().to_ascii_lowercase();
        TOPICS.iter().find(|(known, _)| *known == name).map(|(_, topic)| *topic)
    }

    /// Whether its bodies state their own moment, so that a repeated one is the same fact. The others are told apart by the id of
    /// their delivery.
    pub fn states_its_moment(self) -> bool {
        !matches!(
            self,
            Topic::OrderDeleted
                | Topic::CustomerDeleted
                | Topic::ProductDeleted
                | Topic::CustomerRedact
                | Topic::DataRequest
                | Topic::ShopRedact
                | Topic::AppUninstalled
        )
    }
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
        Topic::Refund => match order_named(&root, "order_id", hints, &mut problems) {
            Some(Ok(order)) => refund::take_alone(intake, &root, order, &mut taken, &mut problems),
            Some(Err(internal_id)) => return Ok(Delivery::NeedsOrder { internal_id }),
            None => None,
        },
        Topic::CheckoutCreated => cart::take(intake, &root, "Checkout Started", &mut taken, &mut problems),
        Topic::CheckoutUpdated => cart::take(intake, &root, "Checkout Updated", &mut taken, &mut problems),
        Topic::Cart => cart::take(intake, &root, "Cart Updated", &mut taken, &mut problems),
        Topic::Customer => customer::take(intake, &root, &mut taken, &mut problems),
        Topic::CustomerDeleted => customer::take_deleted(intake, &root, hints.moment, &mut taken, &mut problems),
        Topic::TextConsent | Topic::EmailConsent => {
            customer::take_consent(intake, &root, topic, hints.moment, &mut taken, &mut problems)
        }
        Topic::Product => product::take(intake, &root, &mut taken, &mut problems),
        Topic::ProductDeleted => product::take_deleted(intake, &root, hints.moment, &mut taken, &mut problems),
        Topic::CustomerRedact | Topic::DataRequest | Topic::ShopRedact => {
            let request = privacy::request(intake, &root, topic, &mut problems);
            return problems.or(request).map(Delivery::Privacy);
        }
        Topic::AppUninstalled => return Ok(Delivery::Disconnected),
    };
    problems.or(read.map(|()| Delivery::Facts(taken)))
}
