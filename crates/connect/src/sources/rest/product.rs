//! Products of the catalogue.

use clove_core::fact::Product as ProductBody;
use clove_core::{Currency, FactBody, Minor, Personal};
use serde::{Deserialize, Serialize};

use super::order::amount;
use super::read::{currency, moment_text};
use crate::sources::changed_version;
use crate::sources::decimal::Decimal;
use crate::sources::intake::{Intake, RecordFormat, Taken};
use crate::sources::node::{Node, moment_of};
use crate::sources::problem::{Problem, Problems};

/// A product as it stands now. Sending it again with a later `updated_at` replaces it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The source's id: what order lines and events name it by.
    pub id: String,
    /// What people read.
    pub title: String,
    /// Stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// ISO 4217 code; needed with `price` or `cost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Price of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Decimal>,
    /// Cost of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Decimal>,
    /// Page in the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// No longer sold.
    #[serde(default)]
    pub deleted: bool,
    /// When it was last changed, RFC 3339. Without it a state that was told before is not told anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

const FIELDS: [&str; 11] =
    ["id", "title", "sku", "category", "currency", "price", "cost", "url", "image_url", "deleted", "updated_at"];

/// Reads and checks one product; what is wrong goes to `problems`.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Product> {
    node.only(&FIELDS, problems);
    let id = node.required_id("id", problems);
    let title = node.required_text("title", 500, problems);
    let code = currency(node, false, problems);
    let (price, cost) = (amount(node, "price", code, problems), amount(node, "cost", code, problems));
    if (price.is_some() || cost.is_some()) && node.get("currency").is_none() {
        problems.add(node.pointer_to("currency"), "'currency' is missing", "send the ISO 4217 code of price and cost");
    }
    let product = Product {
        id: String::new(),
        title: String::new(),
        sku: node.id("sku", problems),
        category: node.text("category", 300, problems),
        currency: code.map(|code| code.code().to_owned()),
        price,
        cost,
        url: node.text("url", 2_000, problems),
        image_url: node.text("image_url", 2_000, problems),
        deleted: node.flag("deleted", problems),
        updated_at: moment_text(node, "updated_at", false, problems),
    };
    Some(Product { id: id?, title: title?, ..product })
}

impl Product {
    /// Adds the fact of a product that was checked.
    pub(super) fn take(&self, intake: &Intake<'_>, pointer: &str, taken: &mut Taken) {
        let currency = self.currency.as_deref().and_then(|code| code.parse::<Currency>().ok());
        let minor = |decimal: &Option<Decimal>| -> Option<Minor> { decimal.as_ref()?.rounded(currency?).ok() };
        let (price, cost) = (minor(&self.price), minor(&self.cost));
        let body = FactBody::Product(ProductBody {
            title: self.title.clone(),
            sku: self.sku.clone(),
            category: self.category.clone(),
            currency: currency.map(|currency| currency.code().to_owned()),
            price,
            cost,
            url: self.url.clone(),
            image_url: self.image_url.clone(),
            deleted: self.deleted,
        });
        let updated_at = self.updated_at.as_deref().and_then(moment_of);
        let negative =
            [("price", price), ("cost", cost)].into_iter().find(|(_, amount)| amount.is_some_and(|it| it < 0));
        let doubt = updated_at.and_then(|at| intake.doubt_moment(format!("{pointer}/updated_at"), at)).or_else(|| {
            negative.map(|(key, _)| Problem {
                pointer: format!("{pointer}/{key}"),
                message: "the amount is negative".to_owned(),
                remedy: "check the amount".to_owned(),
            })
        });
        let record = || intake.record(RecordFormat::Product, self);
        let version = match intake.content(&body, &Personal::default()) {
            Ok(content) => changed_version(updated_at, content),
            Err(error) => {
                return taken.keep_apart(intake, Problem::again(pointer, &error), record(), &Personal::default());
            }
        };
        let subject = intake.thing_subject("product", &self.id);
        let at = updated_at.unwrap_or(intake.received_at);
        let fact = intake.fact(subject, self.id.clone(), version, at, body, Personal::default());
        taken.add_record(intake, fact, &format!("{pointer}/id"), doubt, record);
    }
}
