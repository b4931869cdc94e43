//! Carts and checkouts: what was about to be bought.

use clove_core::fact::Track;
use clove_core::{FactBody, Personal};
use serde_json::{Map, Value};

use super::order::visit_handle;
use crate::sources::intake::{Intake, Taken};
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::Problems;
use crate::sources::shop::{country, short};

/// Takes a cart or checkout as an event. It belongs to the visitor of its token until somebody is known.
pub(super) fn take(
    intake: &Intake<'_>,
    root: &Node<'_>,
    event: &str,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let token = match root.id("token", problems) {
        Some(token) => token,
        None => root.required_id("id", problems)?,
    };
    let updated_at = match root.moment("updated_at", problems) {
        Some(moment) => moment,
        None => root.required_moment("created_at", problems)?,
    };
    let mut personal = Personal {
        first_name: short(root, &["customer", "first_name"], 200),
        last_name: short(root, &["customer", "last_name"], 200),
        ..Personal::default()
    };
    let country = country(root, &["shipping_address", "country_code"])
        .or_else(|| country(root, &["billing_address", "country_code"]));
    let email = short(root, &["email"], 320).or_else(|| short(root, &["customer", "email"], 320));
    let phone = short(root, &["phone"], 60).or_else(|| short(root, &["customer", "phone"], 60));
    contact(&mut personal, email, phone, country.as_deref());
    if let Some(id) = short(root, &["customer", "id"], 300) {
        add_handle(&mut personal, intake.customer_handle(&id));
    }
    add_handle(&mut personal, visit_handle(intake, &token));
    if let Some(cart) = short(root, &["cart_token"], 300) {
        add_handle(&mut personal, visit_handle(intake, &cart));
    }
    let is_cart = event.starts_with("Cart");
    let mut properties = Map::new();
    properties.insert(if is_cart { "cart_id" } else { "checkout_id" }.to_owned(), Value::String(token.clone()));
    for (name, path) in [
        ("currency", &["currency"][..]),
        ("value", &["total_price"]),
        ("subtotal", &["subtotal_price"]),
        ("discount", &["total_discounts"]),
        ("url", &["abandoned_checkout_url"]),
        ("source", &["source_name"]),
        ("completed_at", &["completed_at"]),
    ] {
        if let Some(text) = short(root, path, 2_000) {
            properties.insert(name.to_owned(), Value::String(text));
        }
    }
    let mut products = Vec::new();
    if let Some(list) = root.list("line_items", 10_000, problems) {
        for item in list.items().take(250) {
            let mut product = Map::new();
            for (name, key) in [
                ("product_id", "product_id"),
                ("variant_id", "variant_id"),
                ("sku", "sku"),
                ("name", "title"),
                ("price", "price"),
            ] {
                if let Some(text) = short(&item, &[key], 500) {
                    product.insert(name.to_owned(), Value::String(text));
                }
            }
            if let Some(quantity) = item.whole("quantity", problems) {
                product.insert("quantity".to_owned(), Value::from(quantity));
            }
            products.push(Value::Object(product));
        }
    }
    properties.insert("products".to_owned(), Value::Array(products));
    let subject = intake.subject(&personal, &token);
    let doubt = intake.doubt_moment("/updated_at".to_owned(), updated_at);
    let body = FactBody::Track(Track { event: event.to_owned(), properties });
    // A cart and the checkout made of it share a token.
    let id = format!("{}-{token}", event.to_lowercase().replace(' ', "-"));
    taken.add(intake.fact(subject, id, moment_version(updated_at), updated_at, body, personal), "/token", doubt);
    Some(())
}
