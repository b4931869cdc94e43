//! Orders.

use std::collections::BTreeMap;

use clove_core::fact::{Handle, Order, OrderLine, OrderStatus};
use clove_core::{Currency, FactBody, Micros, Minor, Personal};

use super::refund;
use crate::sources::intake::{Intake, Taken};
use crate::sources::json::Json;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::{Problem, Problems};
use crate::sources::rest::order_id;
use crate::sources::shop::{country, currency, is_wholesale, money, price_times, retire_file_refunds, short, sum};
use crate::status::{State, state_of};

/// Takes an order and the refunds within it.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let internal_id = root.required_id("id", problems);
    let number =
        root.id("name", problems).or_else(|| root.id("order_number", problems)).or_else(|| internal_id.clone());
    let currency = currency(root, intake, problems);
    let placed_at = match root.moment("processed_at", problems) {
        Some(moment) => Some(moment),
        None => root.required_moment("created_at", problems),
    };
    let updated_at = root.moment("updated_at", problems);
    let (internal_id, number, currency, placed_at) = (internal_id?, order_id(&number?), currency?, placed_at?);
    let cancelled_at = root.moment("cancelled_at", problems);
    let status = status(root, cancelled_at);
    let values = Values::read(root, currency, problems);
    let tags: Vec<String> = short(root, &["tags"], 5_000)
        .map(|tags| tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect())
        .unwrap_or_default();
    let country = country(root, &["shipping_address", "country_code"])
        .or_else(|| country(root, &["billing_address", "country_code"]))
        .or_else(|| country(root, &["customer", "default_address", "country_code"]));
    let mut attributes = BTreeMap::new();
    if let Some(shown) = short(root, &["presentment_currency"], 3).filter(|shown| shown != currency.code()) {
        attributes.insert("presentment_currency".to_owned(), shown);
    }
    let personal = personal(intake, root, country.as_deref());
    let subject = intake.subject(&personal, &number);
    let mut codes = Vec::new();
    if let Some(list) = root.list("discount_codes", 100, problems) {
        codes.extend(list.items().filter_map(|code| short(&code, &["code"], 200)));
    }
    let doubt = doubt(intake, placed_at, updated_at, &values);
    let body = FactBody::Order(Order {
        placed_at,
        currency: currency.code().to_owned(),
        exchange_rate: None,
        status,
        cancelled_at,
        test: root.flag("test", problems),
        wholesale: is_wholesale(&tags),
        gift_card: values.gift_cards_only,
        gross: values.gross,
        discount: values.discount,
        tax: values.tax,
        shipping: values.shipping,
        cost: None,
        payment_fee: None,
        shipping_cost: None,
        packaging_cost: None,
        channel: short(root, &["source_name"], 200),
        country,
        discount_codes: codes,
        lines: values.lines,
        attributes,
        internal_id: Some(internal_id),
    });
    let version = match intake.order_version(updated_at, status, &body, &personal) {
        Ok(version) => version,
        Err(error) => {
            problems.add(String::new(), error.to_string(), "let the shop send the order again");
            return None;
        }
    };
    taken.add(intake.fact(subject, number.clone(), version, placed_at, body, personal), "/name", doubt);
    if let Some(refunds) = root.list("refunds", 1_000, problems) {
        let included = root.flag("taxes_included", problems);
        let mut moments: Vec<Micros> = Vec::new();
        for refund in refunds.items() {
            moments.push(refund::take(intake, &refund, &number, currency, included, taken, problems)?);
        }
        if let Some(&first) = moments.iter().min() {
            taken.facts.extend(retire_file_refunds(intake, &number, currency, first, moments.len()));
        }
    }
    Some(())
}

/// How far the order has come. One that was cancelled after it had been paid back counts as paid, and its refunds take its value away:
/// the same rule as for exports.
fn status(root: &Node<'_>, cancelled_at: Option<Micros>) -> OrderStatus {
    let state = root.loose(&["financial_status"]).map_or(State::Unknown, |text| state_of(&text));
    match state {
        State::PartlyRefunded | State::Refunded => OrderStatus::Paid,
        State::Cancelled => OrderStatus::Cancelled,
        _ if cancelled_at.is_some() => OrderStatus::Cancelled,
        State::Pending => OrderStatus::Pending,
        State::Paid | State::Unknown => OrderStatus::Paid,
    }
}

/// What an order is worth, in minor units without tax.
struct Values {
    gross: Minor,
    discount: Minor,
    tax: Minor,
    shipping: Minor,
    gift_cards_only: bool,
    lines: Vec<OrderLine>,
}

/// A line as the body states it, with tax where prices hold it.
struct Line {
    stated: OrderLine,
    tax: Minor,
    gift_card: bool,
}

impl Values {
    fn read(root: &Node<'_>, currency: Currency, problems: &mut Problems) -> Values {
        let included = root.flag("taxes_included", problems);
        let mut lines = Vec::new();
        if let Some(list) = root.list("line_items", 10_000, problems) {
            for item in list.items() {
                lines.extend(read_line(&item, currency, problems));
            }
        }
        let listed: Minor = lines.iter().map(|line| line.stated.gross).sum();
        let allocated: Minor = lines.iter().map(|line| line.stated.discount).sum();
        let total_discounts = money(root, "total_discounts", currency, problems).unwrap_or(allocated);
        let subtotal = money(root, "subtotal_price", currency, problems).unwrap_or(listed - total_discounts);
        // What the items lost is their prices against the subtotal: the total of discounts may hold some on shipping.
        let listed = if lines.is_empty() { subtotal + total_discounts } else { listed };
        let discount = (listed - subtotal).max(0);
        let tax = money(root, "total_tax", currency, problems).unwrap_or(0);
        let (shipping, shipping_tax) = shipping(root, currency, problems);
        let line_tax: Minor = lines.iter().map(|line| line.tax).sum();
        let items_tax = if lines.iter().any(|line| line.tax != 0) { line_tax } else { (tax - shipping_tax).max(0) };

        // A gift card is a debt, no sale: what is bought with it later is one.
        let gift: Minor = lines.iter().filter(|line| line.gift_card).map(|line| line.stated.gross).sum();
        let gift_discount: Minor = lines.iter().filter(|line| line.gift_card).map(|line| line.stated.discount).sum();
        let gift_cards_only = !lines.is_empty() && lines.iter().all(|line| line.gift_card);
        let (gift, gift_discount) = if gift_cards_only { (0, 0) } else { (gift, gift_discount) };

        let listed = listed - gift;
        let (gross, shipping) =
            if included { (listed - items_tax, shipping - shipping_tax) } else { (listed, shipping) };
        let lines = lines
            .into_iter()
            .filter(|line| gift_cards_only || !line.gift_card)
            .map(|Line { stated, tax, .. }| OrderLine {
                gross: if included { stated.gross - tax } else { stated.gross },
                ..stated
            })
            .collect();
        let discount = (discount - gift_discount).max(0);
        Values { gross, discount, tax, shipping, gift_cards_only, lines }
    }
}

fn read_line(node: &Node<'_>, currency: Currency, problems: &mut Problems) -> Option<Line> {
    let quantity = node.whole("quantity", problems)?;
    let gross = price_times(node, "price", quantity, currency, problems)?;
    let allocated = sum(node, "discount_allocations", "amount", currency, problems);
    let discount =
        if allocated == 0 { money(node, "total_discount", currency, problems).unwrap_or(0) } else { allocated };
    let tax = sum(node, "tax_lines", "price", currency, problems);
    let stated = OrderLine {
        external_id: node.id("id", problems),
        product: product(node),
        title: short(node, &["name"], 500).or_else(|| short(node, &["title"], 500)),
        quantity,
        gross,
        discount,
        cost: None,
    };
    Some(Line { stated, tax, gift_card: node.flag("gift_card", problems) })
}

/// What products are told apart by: the SKU, else the name, as in exports.
pub(super) fn product(node: &Node<'_>) -> String {
    ["sku", "name", "title", "variant_id", "product_id"]
        .iter()
        .find_map(|key| short(node, &[key], 300))
        .unwrap_or_else(|| "(no product)".to_owned())
}

/// Shipping after discounts as it was charged, and the tax on it.
fn shipping(root: &Node<'_>, currency: Currency, problems: &mut Problems) -> (Minor, Minor) {
    let (mut charged, mut tax) = (0, 0);
    let Some(lines) = root.list("shipping_lines", 1_000, problems) else { return (0, 0) };
    for line in lines.items() {
        if line.flag("is_removed", problems) {
            continue;
        }
        let discounted = money(&line, "discounted_price", currency, problems);
        let price = discounted.or_else(|| {
            let price = money(&line, "price", currency, problems)?;
            Some(price - sum(&line, "discount_allocations", "amount", currency, problems))
        });
        charged += price.unwrap_or(0);
        tax += sum(&line, "tax_lines", "price", currency, problems);
    }
    (charged, tax)
}

/// Who bought. Cart and checkout join what the visitor did before to the order.
fn personal(intake: &Intake<'_>, root: &Node<'_>, country: Option<&str>) -> Personal {
    let first = |paths: &[&[&str]], most: usize| paths.iter().find_map(|path| short(root, path, most));
    let mut personal = Personal {
        first_name: first(&[&["customer", "first_name"], &["billing_address", "first_name"]], 200),
        last_name: first(&[&["customer", "last_name"], &["billing_address", "last_name"]], 200),
        ip_address: short(root, &["browser_ip"], 60),
        user_agent: short(root, &["client_details", "user_agent"], 500),
        ..Personal::default()
    };
    let email = first(&[&["email"], &["contact_email"], &["customer", "email"]], 320);
    let phone = first(&[&["phone"], &["customer", "phone"]], 60);
    contact(&mut personal, email, phone, country);
    if let Some(id) = short(root, &["customer", "id"], 300) {
        add_handle(&mut personal, intake.customer_handle(&id));
    }
    for token in ["cart_token", "checkout_token"] {
        if let Some(token) = short(root, &[token], 300) {
            add_handle(&mut personal, visit_handle(intake, &token));
        }
    }
    for field in ["billing_address", "shipping_address", "note"] {
        if let Some(value) = root.json.get(field).filter(|value| **value != Json::Null) {
            personal.fields.insert(field.to_owned(), value.to_value());
        }
    }
    personal
}

/// The visitor of a cart or checkout.
pub(super) fn visit_handle(intake: &Intake<'_>, token: &str) -> Handle {
    intake.anonymous_handle(token)
}

/// What makes no sense about an order, if anything.
fn doubt(intake: &Intake<'_>, placed_at: Micros, updated_at: Option<Micros>, values: &Values) -> Option<Problem> {
    if let Some(doubt) = intake.doubt_moment("/created_at".to_owned(), placed_at) {
        return Some(doubt);
    }
    if let Some(doubt) = updated_at.and_then(|at| intake.doubt_moment("/updated_at".to_owned(), at)) {
        return Some(doubt);
    }
    let amounts = [
        ("/subtotal_price", values.gross),
        ("/total_discounts", values.gross - values.discount),
        ("/total_tax", values.tax),
        ("/shipping_lines", values.shipping),
    ];
    amounts.iter().find(|(_, amount)| *amount < 0).map(|(pointer, _)| Problem {
        pointer: (*pointer).to_owned(),
        message: "the order's amounts do not add up: one of them is below zero".to_owned(),
        remedy: "check the order in the shop and let it send it again".to_owned(),
    })
}
