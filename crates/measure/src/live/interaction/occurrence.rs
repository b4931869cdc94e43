//! A fact as something that happened once, and whether it is what somebody looks for.

use std::collections::{BTreeMap, BTreeSet};

use clove_core::segment::EventsAsked;
use clove_core::{FactBody, Micros};
use clove_store::StoredFact;
use serde_json::{Map, Value};

/// The name of pages seen.
pub const PAGE: &str = "page";
/// The name of screens seen.
pub const SCREEN: &str = "screen";

/// Properties that are kept at most.
const MOST_PROPERTIES: usize = 50;
/// Products that are kept at most.
const MOST_PRODUCTS: usize = 200;
/// Letters of a name, product or value at most.
const LONGEST: usize = 300;

/// Something that happened once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The event's name.
    pub name: String,
    /// When.
    pub occurred_at: Micros,
    /// The products that it is about, named as lines of orders name them.
    pub products: BTreeSet<String>,
    /// Its texts, numbers and flags, as texts.
    pub properties: BTreeMap<String, String>,
}

impl Occurrence {
    /// Of a fact; `None` for orders and whatever else is no event.
    pub(super) fn of(fact: &StoredFact) -> Option<Occurrence> {
        let (name, properties) = match &*fact.body {
            FactBody::Track(track) => (track.event.as_str(), &track.properties),
            FactBody::Page(page) => (PAGE, &page.properties),
            FactBody::Screen(screen) => (SCREEN, &screen.properties),
            _ => return None,
        };
        let mut kept = scalars(properties);
        if let FactBody::Page(page) = &*fact.body {
            keep(&mut kept, "name", page.name.as_deref());
            keep(&mut kept, "category", page.category.as_deref());
        }
        Some(Occurrence {
            name: short(name),
            occurred_at: fact.occurred_at,
            products: products(properties),
            properties: kept,
        })
    }

    /// Whether it is what is looked for, its name aside.
    pub(in crate::live) fn fits(&self, asked: &EventsAsked) -> bool {
        let has = |(name, values): (&String, &Vec<String>)| {
            self.properties.get(name).is_some_and(|value| values.iter().any(|wanted| wanted == value))
        };
        (asked.products.is_empty() || asked.products.iter().any(|product| self.products.contains(product)))
            && asked.properties.iter().all(has)
    }
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn keep(kept: &mut BTreeMap<String, String>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        kept.insert(name.to_owned(), short(value));
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(short(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn scalars(properties: &Map<String, Value>) -> BTreeMap<String, String> {
    let kept = properties.iter().filter_map(|(name, value)| Some((short(name), scalar(value)?)));
    kept.take(MOST_PROPERTIES).collect()
}

/// An event is about the product of its own properties, or about those of a list.
fn products(properties: &Map<String, Value>) -> BTreeSet<String> {
    let named =
        |product: &Map<String, Value>, keys: &[&str]| keys.iter().find_map(|key| product.get(*key).and_then(scalar));
    let own = named(properties, &["sku", "product_id", "productId"]);
    let listed = properties.get("products").and_then(Value::as_array).into_iter().flatten();
    let listed = listed
        .filter_map(Value::as_object)
        .filter_map(|product| named(product, &["sku", "product_id", "id", "productId", "name"]));
    own.into_iter().chain(listed).take(MOST_PRODUCTS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn occurrence(properties: &Value) -> Occurrence {
        let properties = properties.as_object().unwrap();
        Occurrence {
            name: "Product Viewed".to_owned(),
            occurred_at: 0,
            products: products(properties),
            properties: scalars(properties),
        }
    }

    #[test]
    fn products_and_properties_are_found() {
        let one = occurrence(&json!({"sku": "TEA", "product_id": 7, "price": 12.5, "new": true, "nested": {"a": 1}}));
        let asked = |products: &[&str], properties: &[(&str, &[&str])]| EventsAsked {
            name: "Product Viewed".to_owned(),
            products: products.iter().map(|&product| product.to_owned()).collect(),
            properties: properties
                .iter()
                .map(|(name, values)| ((*name).to_owned(), values.iter().map(|&value| value.to_owned()).collect()))
                .collect(),
        };
        assert!(one.fits(&asked(&["CUP", "TEA"], &[("price", &["12.5"]), ("new", &["true"])])));
        assert!(!one.fits(&asked(&["CUP"], &[])));
        assert!(!one.fits(&asked(&[], &[("price", &["12"])])));
        assert!(!one.fits(&asked(&[], &[("nested", &["a"])])));
        let list = occurrence(&json!({"products": [{"product_id": "A1"}, {"name": "Teiera"}, 7]}));
        assert_eq!(list.products.iter().collect::<Vec<_>>(), ["A1", "Teiera"]);
    }
}
