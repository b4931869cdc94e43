//! Orders and the refunds within them.

use std::collections::BTreeMap;

use clove_core::fact::{Order, OrderLine, OrderStatus, Refund};
use clove_core::{Currency, FactBody, Micros, Minor, Personal};

use super::moment;
use crate::number::divide_half_even;
use crate::sources::intake::{Intake, Taken};
use crate::sources::json::Json;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::{Problem, Problems};
use crate::sources::rest::order_id;
use crate::sources::shop::{country, currency, money, retire_file_refunds, short};
use crate::status::{State, state_of};

/// How WooCommerce's own attribution names what it knows of an order's origin, and what we call it.
const ORIGINS: [(&str, &str); 4] = [
    ("_wc_order_attribution_source_type", "source_type"),
    ("_wc_order_attribution_utm_source", "utm_source"),
    ("_wc_order_attribution_utm_medium", "utm_medium"),
    ("_wc_order_attribution_utm_campaign", "utm_campaign"),
];

/// Takes an order and the refunds within it.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let internal_id = root.required_id("id", problems);
    let number = root.id("number", problems).or_else(|| internal_id.clone());
    let currency = currency(root, intake, problems);
    let placed_at = moment(root, "date_created", problems);
    if placed_at.is_none() {
        problems.add(
            root.pointer_to("date_created_gmt"),
            "'date_created_gmt' is missing",
            "let the shop send it again",
        );
    }
    let total = currency.and_then(|currency| money(root, "total", currency, problems));
    if total.is_none() && currency.is_some() {
        problems.add(root.pointer_to("total"), "'total' is missing", "let the shop send the order again");
    }
    let (internal_id, number, currency) = (internal_id?, order_id(&number?), currency?);
    let (placed_at, total) = (placed_at?, total?);
    let updated_at = moment(root, "date_modified", problems);
    let of = |key: &str, problems: &mut Problems| money(root, key, currency, problems).unwrap_or(0);
    let (tax, shipping) = (of("total_tax", problems), of("shipping_total", problems));
    let discount = of("discount_total", problems);
    let net = total - tax - shipping;
    let status = match root.loose(&["status"]).map_or(State::Unknown, |text| state_of(&text)) {
        State::Cancelled => OrderStatus::Cancelled,
        State::Pending => OrderStatus::Pending,
        State::Paid | State::PartlyRefunded | State::Refunded | State::Unknown => OrderStatus::Paid,
    };
    let country = country(root, &["shipping", "country"]).or_else(|| country(root, &["billing", "country"]));
    let personal = personal(intake, root, country.as_deref());
    let subject = intake.subject(&personal, &number);
    let mut codes = Vec::new();
    if let Some(list) = root.list("coupon_lines", 100, problems) {
        codes.extend(list.items().filter_map(|coupon| short(&coupon, &["code"], 200)));
    }
    let body = FactBody::Order(Order {
        placed_at,
        currency: currency.code().to_owned(),
        exchange_rate: None,
        status,
        cancelled_at: if status == OrderStatus::Cancelled { updated_at } else { None },
        test: false,
        wholesale: false,
        gift_card: false,
        gross: net + discount,
        discount,
        tax,
        shipping,
        cost: None,
        payment_fee: None,
        shipping_cost: None,
        packaging_cost: None,
        channel: short(root, &["created_via"], 200),
        country,
        discount_codes: codes,
        lines: lines(root, currency, problems),
        attributes: origins(root, problems),
        internal_id: Some(internal_id),
    });
    let version = intake.order_version(updated_at, status, &body, &personal).ok()?;
    let doubt = doubt(intake, placed_at, updated_at, [net, discount, tax, shipping]);
    taken.add(intake.fact(subject, number.clone(), version, placed_at, body, personal), "/number", doubt);
    let refunds = root.list("refunds", 1_000, problems);
    let at = updated_at.unwrap_or(placed_at);
    let mut count = 0;
    for refund in refunds.iter().flat_map(Node::items) {
        take_refund(intake, &refund, &number, currency, Worth { net, total }, at, taken, problems)?;
        count += 1;
    }
    taken.facts.extend(retire_file_refunds(intake, &number, currency, at, count));
    Some(())
}

/// What an order came to: without tax and shipping, and in all.
#[derive(Clone, Copy)]
struct Worth {
    net: Minor,
    total: Minor,
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one fact")]
fn take_refund(
    intake: &Intake<'_>,
    node: &Node<'_>,
    order: &str,
    currency: Currency,
    whole: Worth,
    at: Micros,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let id = node.required_id("id", problems)?;
    let total = money(node, "total", currency, problems)?.abs();
    // The total holds tax and shipping; they are told apart as in the order.
    let items = if whole.total > 0 {
        divide_half_even(i128::from(total.min(whole.total)) * i128::from(whole.net.max(0)), i128::from(whole.total))
            as Minor
    } else {
        total
    };
    let body = FactBody::Refund(Refund {
        order: order.to_owned(),
        currency: currency.code().to_owned(),
        items,
        tax_and_shipping: total - items,
        restocked_cost: 0,
        lines: Vec::new(),
    });
    // The moment is not part of what it says: each later delivery of the order gives the same version.
    let version = body.content_version().ok()?;
    let subject = intake.thing_subject("guest", order);
    taken.add(intake.fact(subject, id, version, at, body, Personal::default()), &node.pointer_to("id"), None);
    Some(())
}

fn lines(root: &Node<'_>, currency: Currency, problems: &mut Problems) -> Vec<OrderLine> {
    let mut lines = Vec::new();
    let Some(list) = root.list("line_items", 10_000, problems) else { return lines };
    for item in list.items() {
        let Some(quantity) = item.whole("quantity", problems) else { continue };
        let listed = money(&item, "subtotal", currency, problems).unwrap_or(0);
        let paid = money(&item, "total", currency, problems).unwrap_or(listed);
        let product = ["sku", "name", "product_id"].iter().find_map(|key| short(&item, &[key], 300));
        lines.push(OrderLine {
            external_id: item.id("id", problems),
            product: product.unwrap_or_else(|| "(no product)".to_owned()),
            title: short(&item, &["name"], 500),
            quantity,
            gross: listed,
            discount: (listed - paid).max(0),
            cost: None,
        });
    }
    lines
}

/// Where the order came from, as WooCommerce's attribution noted it.
fn origins(root: &Node<'_>, problems: &mut Problems) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Some(list) = root.list("meta_data", 10_000, problems) else { return found };
    for entry in list.items() {
        let Some(key) = entry.loose(&["key"]) else { continue };
        if let Some((_, name)) = ORIGINS.iter().find(|(known, _)| *known == key)
            && let Some(value) = short(&entry, &["value"], 300)
        {
            found.insert((*name).to_owned(), value);
        }
    }
    found
}

fn personal(intake: &Intake<'_>, root: &Node<'_>, country: Option<&str>) -> Personal {
    let mut personal = Personal {
        first_name: short(root, &["billing", "first_name"], 200),
        last_name: short(root, &["billing", "last_name"], 200),
        ip_address: short(root, &["customer_ip_address"], 60),
        user_agent: short(root, &["customer_user_agent"], 500),
        ..Personal::default()
    };
    contact(&mut personal, short(root, &["billing", "email"], 320), short(root, &["billing", "phone"], 60), country);
    // Guests have the customer 0.
    if let Some(id) = short(root, &["customer_id"], 300).filter(|id| id != "0") {
        add_handle(&mut personal, intake.customer_handle(&id));
    }
    for field in ["billing", "shipping", "customer_note"] {
        if let Some(value) = root.json.get(field).filter(|value| !matches!(value, Json::Null)) {
            personal.fields.insert(field.to_owned(), value.to_value());
        }
    }
    personal
}

fn doubt(intake: &Intake<'_>, placed_at: Micros, updated_at: Option<Micros>, amounts: [Minor; 4]) -> Option<Problem> {
    if let Some(doubt) = intake.doubt_moment("/date_created_gmt".to_owned(), placed_at) {
        return Some(doubt);
    }
    if let Some(doubt) = updated_at.and_then(|at| intake.doubt_moment("/date_modified_gmt".to_owned(), at)) {
        return Some(doubt);
    }
    amounts.iter().any(|&amount| amount < 0).then(|| Problem {
        pointer: "/total".to_owned(),
        message: "the order's amounts do not add up: one of them is below zero".to_owned(),
        remedy: "check the order in the shop and save it again".to_owned(),
    })
}
