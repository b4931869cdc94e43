//! The typed bodies of facts. Nothing in them identifies a person by itself; ids of the source are replaced at erasure.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{FactError, FactKind, HashKey, Source};
use crate::clock::Micros;
use crate::ids::{FactId, PersonId, SubjectId};
use crate::money::Minor;

macro_rules! bodies {
    ($($kind:ident($body:ty)),* $(,)?) => {
        /// The body of a fact, one case per [`FactKind`].
        #[derive(Debug, Clone, PartialEq)]
        pub enum FactBody {
            $(
                #[doc = concat!("Body of [`FactKind::", stringify!($kind), "`].")]
                $kind($body),
            )*
            /// A kind that this version does not know: its name and its JSON text, untouched.
            Unknown {
                /// Name of the kind.
                kind: String,
                /// The body as it was written.
                json: String,
            },
        }

        impl FactBody {
            /// The kind that this body belongs to.
            pub fn kind(&self) -> FactKind {
                match self {
                    $(FactBody::$kind(_) => FactKind::$kind,)*
                    FactBody::Unknown { kind, .. } => FactKind::Unknown(kind.clone()),
                }
            }

            /// Reads a body from its JSON text. A kind that this version does not know is kept raw.
            pub fn parse(kind: &FactKind, json: &str) -> Result<FactBody, FactError> {
                match kind {
                    $(FactKind::$kind => parse(kind, json).map(FactBody::$kind),)*
                    FactKind::Unknown(name) => Ok(FactBody::Unknown { kind: name.clone(), json: json.to_owned() }),
                }
            }

            /// The JSON text that is kept in the log.
            pub fn to_json(&self) -> Result<String, FactError> {
                match self {
                    $(FactBody::$kind(body) => serde_json::to_string(body).map_err(|error| misfit(&self.kind(), &error)),)*
                    FactBody::Unknown { json, .. } => Ok(json.clone()),
                }
            }
        }
    };
}

bodies! {
    Order(Order),
    Refund(Refund),
    Spend(Spend),
    Product(Product),
    CustomerProfile(CustomerProfile),
    Identify(Identify),
    Track(Track),
    Page(Page),
    Screen(Screen),
    Group(Group),
    Merge(Merge),
    Unmerge(Unmerge),
    ConsentRequested(ConsentChange),
    ConsentGranted(ConsentChange),
    ConsentWithdrawn(ConsentChange),
    Erased(Erased),
    ScoreBandChanged(ScoreBandChanged),
    SegmentEntered(SegmentMove),
    SegmentLeft(SegmentMove),
}

impl FactBody {
    /// A version for things whose source gives none: a hash of the body.
    pub fn content_version(&self) -> Result<String, FactError> {
        let digest = blake3::hash(self.to_json()?.as_bytes());
        Ok(format!("content-{}", &digest.to_hex()[..32]))
    }

    /// The body after the person was erased: ids of the source are replaced by keyed stand-ins, free-form properties are gone,
    /// money, times and products stay.
    #[must_use]
    pub fn erased(self, key: &HashKey, source: &Source) -> FactBody {
        match self {
            FactBody::Order(order) => {
                FactBody::Order(Order { attributes: BTreeMap::new(), internal_id: None, ..order })
            }
            FactBody::Refund(refund) => {
                FactBody::Refund(Refund { order: key.erased_external_id(source, &refund.order), ..refund })
            }
            FactBody::CustomerProfile(_) => FactBody::CustomerProfile(CustomerProfile::default()),
            FactBody::Identify(_) => FactBody::Identify(Identify::default()),
            FactBody::Track(track) => FactBody::Track(Track { event: track.event, properties: Map::new() }),
            FactBody::Page(_) => FactBody::Page(Page::default()),
            FactBody::Screen(_) => FactBody::Screen(Screen::default()),
            FactBody::Group(_) => FactBody::Group(Group::default()),
            FactBody::ConsentRequested(change) => FactBody::ConsentRequested(change.erased()),
            FactBody::ConsentGranted(change) => FactBody::ConsentGranted(change.erased()),
            FactBody::ConsentWithdrawn(change) => FactBody::ConsentWithdrawn(change.erased()),
            // A person's words may name somebody.
            FactBody::Merge(merge) if merge.by.is_some() => {
                FactBody::Merge(Merge { reason: "manual".to_owned(), ..merge })
            }
            FactBody::Unmerge(unmerge) if unmerge.by.is_some() => {
                FactBody::Unmerge(Unmerge { reason: "manual".to_owned(), ..unmerge })
            }
            FactBody::Unknown { kind, .. } => FactBody::Unknown { kind, json: "{}".to_owned() },
            kept @ (FactBody::Spend(_)
            | FactBody::Product(_)
            | FactBody::Merge(_)
            | FactBody::Unmerge(_)
            | FactBody::Erased(_)
            | FactBody::ScoreBandChanged(_)
            | FactBody::SegmentEntered(_)
            | FactBody::SegmentLeft(_)) => kept,
        }
    }
}

fn parse<T: DeserializeOwned>(kind: &FactKind, json: &str) -> Result<T, FactError> {
    serde_json::from_str(json).map_err(|error| misfit(kind, &error))
}

fn misfit(kind: &FactKind, error: &serde_json::Error) -> FactError {
    FactError::Body { kind: kind.name().to_owned(), reason: error.to_string() }
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Not paid yet.
    Pending,
    /// Paid, or refunded after it was paid (refunds are facts of their own).
    Paid,
    /// Cancelled, voided, failed or fraud.
    Cancelled,
}

/// The state of an order. Amounts are minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// When it was placed.
    pub placed_at: Micros,
    /// ISO 4217 code.
    pub currency: String,
    /// Units of the shop's currency per unit of the order's currency, a decimal such as `0.9`. An order in another currency
    /// without it is kept apart: it has no value that could be added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<String>,
    /// How far it has come.
    pub status: OrderStatus,
    /// When it was cancelled, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Micros>,
    /// Marked as a test by the shop.
    #[serde(default)]
    pub test: bool,
    /// Sold to a business under a wholesale tag.
    #[serde(default)]
    pub wholesale: bool,
    /// The sale of a gift card only.
    #[serde(default)]
    pub gift_card: bool,
    /// Unit prices without tax times quantities, before discounts.
    pub gross: Minor,
    /// Discounts, positive.
    #[serde(default)]
    pub discount: Minor,
    /// Tax.
    #[serde(default)]
    pub tax: Minor,
    /// Shipping charged, without tax.
    #[serde(default)]
    pub shipping: Minor,
    /// Cost of goods, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Minor>,
    /// What the payment cost the shop, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_fee: Option<Minor>,
    /// What shipping cost the shop, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_cost: Option<Minor>,
    /// What packaging cost the shop, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging_cost: Option<Minor>,
    /// Sales channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Country of delivery, ISO 3166 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Discount codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discount_codes: Vec<String>,
    /// Lines of products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<OrderLine>,
    /// Further columns to break figures down by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The id by which only the source's programs know the order, beside the number that people see (Shopify's and WooCommerce's
    /// `id`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_id: Option<String>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The source's id of the line, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// SKU, product id or name: what the shop tells products apart by.
    pub product: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Units; negative for returned ones.
    pub quantity: i64,
    /// Value of the line before discounts, without tax.
    pub gross: Minor,
    /// Discounts on the line, positive.
    #[serde(default)]
    pub discount: Minor,
    /// Cost of goods of the line, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Minor>,
}

/// Money or goods given back. The fact's `occurred_at` is the moment of the refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// External id of the order, in the same source.
    pub order: String,
    /// ISO 4217 code, the order's.
    pub currency: String,
    /// Value of the returned items without tax, positive.
    pub items: Minor,
    /// Tax and shipping paid back, positive.
    #[serde(default)]
    pub tax_and_shipping: Minor,
    /// Cost of goods given back because the items were restocked, positive.
    #[serde(default)]
    pub restocked_cost: Minor,
    /// Which lines came back, where known: quantities and gross values positive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<OrderLine>,
}

/// Marketing or sales cost over local days, both included (`2026-02-01`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    /// First day that the cost covers.
    pub from: String,
    /// Last day that the cost covers.
    pub until: String,
    /// Channel, if the cost belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Kind of cost: a name of [`crate::SpendKind`].
    pub kind: String,
    /// ISO 4217 code.
    pub currency: String,
    /// The cost in minor units.
    pub amount: Minor,
}

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// What people read.
    pub title: String,
    /// Stock keeping unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// ISO 4217 code of price and cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Price of a unit in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Minor>,
    /// Cost of a unit in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Minor>,
    /// Page in the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// No longer sold.
    #[serde(default)]
    pub deleted: bool,
}

/// What a source knows of a customer, apart from what identifies them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerProfile {
    /// When the customer's account was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Micros>,
    /// Language, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// IANA time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The source's tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Further columns to break figures down by.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Deleted in the source.
    pub deleted: bool,
}

/// A visitor made known. Who they are lies in [`super::Personal`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identify {
    /// Traits that do not identify.
    pub traits: Map<String, Value>,
}

/// Something done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Name of the event: `Product Viewed`, `Checkout Started`, ...
    pub event: String,
    /// Its properties.
    #[serde(default)]
    pub properties: Map<String, Value>,
}

/// A page seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Path, referrer, title, ...
    pub properties: Map<String, Value>,
}

/// A screen of an app seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Screen {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Further properties.
    pub properties: Map<String, Value>,
}

/// A member of an account or group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    /// The source's id of the group.
    pub group: String,
    /// Traits of the group.
    pub traits: Map<String, Value>,
}

/// Two subjects are one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// One subject.
    pub subject: SubjectId,
    /// The other.
    pub with: SubjectId,
    /// Why: `email`, `phone`, `alias`, `identify`, `manual`, ...
    pub reason: String,
    /// The user who did it, if a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A merge taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmerge {
    /// The merge fact.
    pub merge: FactId,
    /// Why.
    pub reason: String,
    /// The user who did it, if a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Consent asked for, given or taken back: evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentChange {
    /// `email`, `sms`, `tracking`, ...
    pub channel: String,
    /// `marketing`, `service`, `analytics`, ...
    pub purpose: String,
    /// How: `form`, `double_opt_in`, `import`, `unsubscribe_link`, `api`, ...
    pub method: String,
    /// Version of the text that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_version: Option<String>,
    /// Keyed hash of the address that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_hash: Option<Uuid>,
    /// Who handed it in, where it was not the person: a key, a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Name of the form that was filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

impl ConsentChange {
    /// Methods of evidence that the person did not give to us: a sender's word, another system's list.
    pub const ASSERTED: [&'static str; 2] = ["asserted", "import"];

    /// Whether it is somebody else's word rather than the person's own act.
    pub fn is_asserted(&self) -> bool {
        ConsentChange::ASSERTED.contains(&self.method.as_str())
    }

    fn erased(self) -> ConsentChange {
        ConsentChange { ip_hash: None, by: None, ..self }
    }
}

/// What identified a person was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// The person, as they were known then.
    pub person: PersonId,
    /// Their subjects: they stay one person, of whom nothing identifying is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<SubjectId>,
    /// Handles that too many customers share, of which the person was one: they stay shared without the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<SubjectId>,
    /// Who asked: `person`, `shop`, `shopify`, ...
    pub requested_by: String,
}

/// A score moved to another band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreBandChanged {
    /// The person.
    pub person: PersonId,
    /// The model.
    pub model: String,
    /// The model's version.
    pub model_version: i64,
    /// The band before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The band now.
    pub to: String,
}

/// A person came into a segment, or left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentMove {
    /// The person.
    pub person: PersonId,
    /// Id of the segment.
    pub segment: String,
    /// Which version of its definition says so; 0 for ready-made segments.
    pub definition_version: i64,
    /// Why now.
    pub reason: MoveReason,
}

/// Why a person came into a segment, or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveReason {
    /// Something that was taken in, which the fact names as its cause.
    Fact,
    /// Days went by.
    Time,
    /// The shop's thresholds were taken anew, or much was taken in at once.
    Shop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_survive_the_journey_to_text_and_unknown_kinds_stay_raw() {
        let track = FactBody::Track(Track { event: "Product Viewed".to_owned(), properties: Map::new() });
        assert_eq!(FactBody::parse(&track.kind(), &track.to_json().unwrap()).unwrap(), track);
        assert_eq!(track.content_version().unwrap(), track.content_version().unwrap());
        let raw = "{ \"from\":  \"the future\" }";
        let unknown = FactBody::parse(&FactKind::from_name("loyalty.v9"), raw).unwrap();
        assert_eq!(unknown.kind(), FactKind::Unknown("loyalty.v9".to_owned()));
        assert_eq!(unknown.to_json().unwrap(), raw);
        assert!(FactBody::parse(&FactKind::Order, "{}").unwrap_err().to_string().contains("placed_at"));
        for kind in FactKind::KNOWN {
            assert_eq!(FactKind::from_name(kind.name()), kind);
        }
    }

    #[test]
    fn erasure_keeps_orders_and_refunds_together() {
        let key = HashKey::new([3; 32]);
        let source: Source = "shopify:one".parse().unwrap();
        let refund = FactBody::Refund(Refund {
            order: "1001".to_owned(),
            currency: "EUR".to_owned(),
            items: 500,
            tax_and_shipping: 0,
            restocked_cost: 0,
            lines: Vec::new(),
        });
        let FactBody::Refund(erased) = refund.erased(&key, &source) else { panic!("still a refund") };
        assert_eq!(erased.order, key.erased_external_id(&source, "1001"));
        assert_eq!(erased.items, 500);
    }
}
