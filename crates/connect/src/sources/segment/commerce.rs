//! Orders and refunds told by events of Segment's e-commerce specification.

use clove_core::fact::{Order, OrderLine, OrderStatus, Refund};
use clove_core::{Currency, FactBody, Minor};

use super::Message;
use crate::sources::decimal::Decimal;
use crate::sources::intake::{Intake, Taken};
use crate::sources::node::Node;
use crate::sources::problem::Problems;
use crate::sources::rest::order_id;

/// What an event says of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Completed,
    Updated,
    Cancelled,
    Refunded,
}

/// Whether a canonical name is of an order or refund.
pub(super) fn kind_of(event: &str) -> Option<Kind> {
    match event {
        "Order Completed" => Some(Kind::Completed),
        "Order Updated" => Some(Kind::Updated),
        "Order Cancelled" => Some(Kind::Cancelled),
        "Order Refunded" => Some(Kind::Refunded),
        _ => None,
    }
}

/// Amounts of an event in minor units, rounded half to even: clients compute them with floats.
struct Amounts<'e> {
    properties: &'e Node<'e>,
    currency: Currency,
}

impl Amounts<'_> {
    fn of(&self, node: &Node<'_>, key: &str, problems: &mut Problems) -> Option<Minor> {
        let decimal = node.decimal(key, problems)?;
        minor(node, key, decimal.rounded(self.currency), problems)
    }

    fn own(&self, key: &str, problems: &mut Problems) -> Option<Minor> {
        self.of(self.properties, key, problems)
    }

    /// Products as lines. A line's value is price times quantity.
    fn lines(&self, problems: &mut Problems) -> Vec<OrderLine> {
        let mut lines = Vec::new();
        let Some(products) = self.properties.list("products", 1_000, problems) else { return lines };
        for product in products.items() {
            let named = ["sku", "product_id", "id", "productId", "name"].iter().find_map(|key| product.loose(&[key]));
            let Some(named) = named else {
                problems.add(product.pointer(), "the product has no sku, product_id or name", "send one of them");
                continue;
            };
            let quantity = product.whole("quantity", problems).unwrap_or(1);
            let price: Option<Decimal> = product.decimal("price", problems);
            let gross = price.map(|price| price.times(quantity, self.currency));
            let gross = gross.and_then(|gross| minor(&product, "price", gross, problems)).unwrap_or(0);
            lines.push(OrderLine {
                external_id: None,
                product: named.chars().take(300).collect(),
                title: product.loose(&["name"]).map(|name| name.chars().take(500).collect()),
                quantity,
                gross,
                discount: self.of(&product, "discount", problems).unwrap_or(0),
                cost: None,
            });
        }
        lines
    }

    /// Value of the items after discounts, without tax and shipping: `revenue`, else `subtotal`, else `total` without tax and
    /// shipping.
    fn items(&self, tax_and_shipping: Minor, problems: &mut Problems) -> Option<Minor> {
        self.own("revenue", problems).or_else(|| self.own("subtotal", problems)).or_else(|| {
            self.own("total", problems).or_else(|| self.own("value", problems)).map(|total| total - tax_and_shipping)
        })
    }
}

/// An amount of which sums of some thousand stay within 64 bits.
fn minor<E: ToString>(node: &Node<'_>, key: &str, minor: Result<Minor, E>, problems: &mut Problems) -> Option<Minor> {
    match minor {
        // Sums of some thousand of them stay within 64 bits.
        Ok(minor) if minor.abs() <= 100_000_000_000_000 => Some(minor),
        Ok(_) => {
            problems.add(node.pointer_to(key), "the amount is too large", "check the amount");
            None
        }
        Err(error) => {
            problems.add(node.pointer_to(key), error.to_string(), "check the amount");
            None
        }
    }
}

/// Takes an order or refund.
pub(super) fn take(intake: &Intake<'_>, message: &Message<'_>, kind: Kind, taken: &mut Taken) {
    let mut problems = Problems::default();
    let fact = read(intake, message, kind, &mut problems);
    match (problems.into_first(), fact) {
        (None, Some((external_id, version, body))) => {
            let doubt =
                intake.doubt_moment(message.node.pointer_to("timestamp"), message.at).or_else(|| doubt(&body, message));
            let personal = message.personal.clone();
            let fact = intake.fact(message.subject, external_id, version, message.at, body, personal);
            taken.add_record(intake, fact, &message.node.pointer_to("properties"), doubt, || message.record(intake));
        }
        (Some(problem), _) => message.keep_apart(intake, problem, taken),
        (None, None) => {
            message.quarantine(intake, "properties", "'properties' is missing", "send those of the order", taken);
        }
    }
}

fn read(
    intake: &Intake<'_>,
    message: &Message<'_>,
    kind: Kind,
    problems: &mut Problems,
) -> Option<(String, String, FactBody)> {
    let properties = message.node.object("properties", problems)?;
    let number = properties.id("order_id", problems).or_else(|| properties.id("orderId", problems));
    let Some(number) = number else {
        problems.add(properties.pointer_to("order_id"), "'order_id' is missing", "send the order's number");
        return None;
    };
    let order = order_id(&number);
    let currency = currency_of(intake, &properties, problems)?;
    let amounts = Amounts { properties: &properties, currency };
    let tax = amounts.own("tax", problems).unwrap_or(0);
    let shipping = amounts.own("shipping", problems).unwrap_or(0);
    let lines = amounts.lines(problems);
    let listed = (!lines.is_empty()).then(|| lines.iter().map(|line| line.gross).sum::<Minor>());
    // What a repeated message is told by must not depend on when it came.
    let version = format!("message-{}", message.id);
    if kind == Kind::Refunded {
        let items = amounts.items(tax + shipping, problems).or(listed);
        let Some(items) = items else {
            let remedy = "send the total that was paid back, or the products with their prices";
            problems.add(properties.pointer_to("total"), "how much was refunded is not said", remedy);
            return None;
        };
        let body = Refund {
            order,
            currency: currency.code().to_owned(),
            items,
            tax_and_shipping: tax + shipping,
            restocked_cost: 0,
            lines,
        };
        let id = properties.id("refund_id", problems).unwrap_or_else(|| message.id.clone());
        return Some((id, version, FactBody::Refund(body)));
    }
    let line_discounts = lines.iter().map(|line| line.discount).sum::<Minor>();
    let discount = amounts.own("discount", problems).unwrap_or(line_discounts);
    let placed = amounts.items(tax + shipping, problems).or(listed.map(|listed| listed - discount));
    let Some(placed) = placed else {
        problems.add(
            properties.pointer_to("revenue"),
            "what the order is worth is not said",
            "send revenue or products",
        );
        return None;
    };
    let coupon = properties.loose(&["coupon"]).map(|code| code.chars().take(200).collect());
    let country = properties.loose(&["country"]).filter(|code| code.len() == 2).map(|code| code.to_uppercase());
    let body = Order {
        placed_at: message.at,
        currency: currency.code().to_owned(),
        exchange_rate: None,
        status: if kind == Kind::Cancelled { OrderStatus::Cancelled } else { OrderStatus::Paid },
        cancelled_at: (kind == Kind::Cancelled).then_some(message.at),
        test: false,
        wholesale: false,
        gift_card: false,
        gross: placed + discount,
        discount,
        tax,
        shipping,
        cost: None,
        payment_fee: None,
        shipping_cost: None,
        packaging_cost: None,
        channel: properties.loose(&["affiliation"]).map(|name| name.chars().take(200).collect()),
        country,
        discount_codes: coupon.into_iter().collect(),
        lines,
        attributes: std::collections::BTreeMap::new(),
        internal_id: None,
    };
    Some((order, version, FactBody::Order(body)))
}

fn currency_of(intake: &Intake<'_>, properties: &Node<'_>, problems: &mut Problems) -> Option<Currency> {
    let place = || properties.pointer_to("currency");
    let Some(code) = properties.loose(&["currency"]) else {
        if intake.currency.is_none() {
            let remedy = "send an ISO 4217 code, or give the source a currency";
            problems.add(place(), "'currency' is missing", remedy);
        }
        return intake.currency;
    };
    let currency = code.parse::<Currency>();
    if let Err(error) = &currency {
        problems.add(place(), error.to_string(), "send an ISO 4217 code");
    }
    currency.ok()
}

fn doubt(body: &FactBody, message: &Message<'_>) -> Option<crate::sources::Problem> {
    let negative = match body {
        FactBody::Order(order) => {
            let amounts = [order.gross, order.discount, order.tax, order.shipping];
            order.gross < order.discount
                || amounts.iter().any(|&amount| amount < 0)
                || order.lines.iter().any(|line| line.quantity < 0)
        }
        FactBody::Refund(refund) => refund.items < 0 || refund.tax_and_shipping < 0,
        _ => false,
    };
    negative.then(|| crate::sources::Problem {
        pointer: message.node.pointer_to("properties"),
        message: "an amount or quantity is negative, or the discount is larger than the order".to_owned(),
        remedy: "send sales as Order Completed and what came back as Order Refunded, both positive".to_owned(),
    })
}
