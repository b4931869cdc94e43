//! What several of our records have in common.

use std::collections::BTreeMap;

use clove_core::Currency;

use crate::sources::json::Json;
use crate::sources::node::Node;
use crate::sources::problem::Problems;

/// A moment that can be read, as it was written.
pub(super) fn moment_text(node: &Node<'_>, key: &str, required: bool, problems: &mut Problems) -> Option<String> {
    let moment = if required { node.required_moment(key, problems) } else { node.moment(key, problems) };
    moment.and_then(|_| node.text(key, 60, problems))
}

/// An ISO 4217 code in upper case.
pub(super) fn currency(node: &Node<'_>, required: bool, problems: &mut Problems) -> Option<Currency> {
    let code =
        if required { node.required_text("currency", 10, problems) } else { node.text("currency", 10, problems) }?;
    let currency = code.parse::<Currency>().ok().filter(|currency| currency.code() == code);
    if currency.is_none() {
        let message = format!("'{code}' is not an ISO 4217 code in upper case");
        problems.add(node.pointer_to("currency"), message, "send for instance EUR");
    }
    currency
}

/// A list of texts of 1 to 200 characters.
pub(super) fn texts(node: &Node<'_>, key: &str, problems: &mut Problems) -> Vec<String> {
    let Some(list) = node.list(key, 100, problems) else { return Vec::new() };
    let mut out = Vec::new();
    for item in list.items() {
        match item.loose(&[]) {
            Some(text) if text.chars().count() <= 200 => out.push(text),
            _ => problems.add(item.pointer(), "this is no text of 1 to 200 characters", "send texts"),
        }
    }
    out
}

/// Further columns: names and texts.
pub(super) fn attributes(node: &Node<'_>, problems: &mut Problems) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let Some(object) = node.object("attributes", problems) else { return out };
    let Json::Object(members) = object.json else { return out };
    if members.len() > 50 {
        problems.add(object.pointer(), "more than 50 attributes", "send fewer");
        return out;
    }
    for (name, _) in members {
        if let Some(text) = object.text(name, 500, problems) {
            out.insert(name.to_string(), text);
        }
    }
    out
}
