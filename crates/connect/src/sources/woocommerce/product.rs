//! Products.

use clove_core::fact::Product;
use clove_core::{FactBody, Micros, Personal};

use super::moment;
use crate::sources::intake::{Intake, Taken};
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::problem::Problems;
use crate::sources::shop::{money, short, version_of};

/// Takes a product. Its price is in the source's currency: bodies name none.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let title = root.required_text("name", 1_000, problems)?;
    let created_at = moment(root, "date_created", problems);
    let Some(updated_at) = moment(root, "date_modified", problems).or(created_at) else {
        problems.add("/date_modified_gmt".to_owned(), "the product has no date", "let the shop send it again");
        return None;
    };
    let category = root
        .list("categories", 1_000, problems)
        .and_then(|list| list.items().next().and_then(|category| short(&category, &["name"], 300)));
    let image_url = root
        .list("images", 1_000, problems)
        .and_then(|list| list.items().next().and_then(|image| short(&image, &["src"], 2_000)));
    let priced = root.loose(&["price"]).is_some();
    let body = FactBody::Product(Product {
        title,
        sku: short(root, &["sku"], 300),
        category,
        currency: intake.currency.map(|currency| currency.code().to_owned()),
        price: intake.currency.filter(|_| priced).and_then(|currency| money(root, "price", currency, problems)),
        cost: None,
        url: short(root, &["permalink"], 2_000),
        image_url,
        deleted: root.loose(&["status"]).as_deref() == Some("trash"),
    });
    let subject = intake.thing_subject("product", &id);
    let doubt = intake.doubt_moment("/date_modified_gmt".to_owned(), updated_at);
    let version = version_of(intake, updated_at, &body, &Personal::default(), problems)?;
    taken.add(intake.fact(subject, id, version, updated_at, body, Personal::default()), "/id", doubt);
    Some(())
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
