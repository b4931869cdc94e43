//! Who a message is about.

use clove_core::Personal;
use serde_json::{Map, Value};

use crate::sources::Intake;
use crate::sources::json::Json;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};

/// Traits that do not identify: they go to the fact's body. Whatever else a shop invents may identify and stays apart.
const HARMLESS: [&str; 17] = [
    "age",
    "gender",
    "industry",
    "employees",
    "plan",
    "createdAt",
    "created_at",
    "locale",
    "language",
    "timezone",
    "currency",
    "country",
    "segment",
    "tags",
    "vip",
    "loyalty_tier",
    "marketing_opt_in",
];

/// Traits with a place of their own.
const PLACED: [&str; 7] = ["email", "phone", "firstName", "first_name", "lastName", "last_name", "id"];

/// Handles and identifying fields: user before visitor, then e-mail and phone of the traits.
pub(super) fn personal(
    intake: &Intake<'_>,
    node: &Node<'_>,
    context: Option<&Node<'_>>,
    user: Option<&str>,
    anonymous: Option<&str>,
) -> Personal {
    let mut personal = Personal::default();
    if let Some(user) = user {
        add_handle(&mut personal, intake.customer_handle(user));
    }
    if let Some(anonymous) = anonymous {
        add_handle(&mut personal, intake.anonymous_handle(anonymous));
    }
    let group = node.loose(&["groupId"]).is_some();
    let find = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            let own = if group { None } else { node.loose(&["traits", key]) };
            let found = own
                .or_else(|| context.and_then(|context| context.loose(&["traits", key])))
                .or_else(|| node.loose(&["properties", key]));
            found.filter(|text| text.chars().count() <= 320)
        })
    };
    let country = find(&["country"]);
    contact(&mut personal, find(&["email"]), find(&["phone"]), country.as_deref());
    personal.first_name = find(&["firstName", "first_name"]);
    personal.last_name = find(&["lastName", "last_name"]);
    if let Some(context) = context {
        personal.ip_address = context.loose(&["ip"]).filter(|ip| ip.len() <= 60);
        personal.user_agent = context.loose(&["userAgent"]).map(|agent| agent.chars().take(1_000).collect());
    }
    if let Some(Json::Object(traits)) = node.json.get("traits").filter(|_| !group) {
        for (name, value) in traits {
            if !PLACED.contains(&name.as_ref()) && !HARMLESS.contains(&name.as_ref()) {
                personal.fields.insert(name.to_string(), value.to_value());
            }
        }
    }
    personal
}

/// The traits that do not identify.
pub(super) fn other_traits(node: &Node<'_>) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(Json::Object(traits)) = node.json.get("traits") {
        for (name, value) in traits {
            if HARMLESS.contains(&name.as_ref()) {
                out.insert(name.to_string(), value.to_value());
            }
        }
    }
    out
}
