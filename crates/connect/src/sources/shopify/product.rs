//! Products: one fact per product, and one per variant where there are several.

use clove_core::fact::Product;
use clove_core::{Currency, FactBody, Micros, Minor, Personal};

use crate::sources::intake::{Intake, Taken};
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::problem::Problems;
use crate::sources::shop::{money, short, version_of};

/// Takes a product and its variants. Prices are in the source's currency: bodies name none.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let title = root.required_text("title", 1_000, problems)?;
    let updated_at = root.required_moment("updated_at", problems)?;
    let product = Product {
        title: title.clone(),
        sku: None,
        category: short(root, &["product_type"], 300),
        currency: intake.currency.map(|currency| currency.code().to_owned()),
        price: None,
        cost: None,
        url: short(root, &["handle"], 300).map(|handle| format!("/products/{handle}")),
        image_url: short(root, &["image", "src"], 2_000),
        deleted: root.loose(&["status"]).as_deref() == Some("archived"),
    };
    let mut variants: Vec<(String, Product)> = Vec::new();
    if let Some(list) = root.list("variants", 10_000, problems) {
        for variant in list.items() {
            let Some(variant_id) = variant.required_id("id", problems) else { continue };
            let name = short(&variant, &["title"], 500).filter(|name| name != "Default Title");
            let body = Product {
                title: name.map_or_else(|| title.clone(), |name| format!("{title} - {name}")),
                sku: short(&variant, &["sku"], 300),
                price: intake.currency.and_then(|currency| price(&variant, currency, problems)),
                ..product.clone()
            };
            variants.push((format!("{id}-{variant_id}"), body));
        }
    }
    let whole = match &variants[..] {
        [(_, only)] => Product { title: product.title.clone(), ..only.clone() },
        several => Product { price: several.iter().filter_map(|(_, variant)| variant.price).min(), ..product },
    };
    if variants.len() == 1 {
        variants.clear();
    }
    let doubt = intake.doubt_moment("/updated_at".to_owned(), updated_at);
    for (id, body) in std::iter::once((id, whole)).chain(variants) {
        let subject = intake.thing_subject("product", &id);
        let (body, nobody) = (FactBody::Product(body), Personal::default());
        let version = version_of(intake, updated_at, &body, &nobody, problems)?;
        taken.add(intake.fact(subject, id, version, updated_at, body, nobody), "/id", doubt.clone());
    }
    Some(())
}

fn price(variant: &Node<'_>, currency: Currency, problems: &mut Problems) -> Option<Minor> {
    money(variant, "price", currency, problems)
}

/// Takes a deletion, of which only the id is told.
pub(super) fn take_deleted(
    intake: &Intake<'_>,
    root: &Node<'_>,
    moment: Micros,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let body = FactBody::Product(Product {
        title: String::new(),
        sku: None,
        category: None,
        currency: None,
        price: None,
        cost: None,
        url: None,
        image_url: None,
        deleted: true,
    });
    let subject = intake.thing_subject("product", &id);
    taken.add(intake.fact(subject, id, moment_version(moment), moment, body, Personal::default()), "/id", None);
    Some(())
}
