//! Refunds.

use clove_core::fact::Refund as RefundBody;
use clove_core::{Currency, FactBody, Micros, Minor, Personal};
use serde::{Deserialize, Serialize};

use super::order::{amount, order_id};
use crate::sources::decimal::Decimal;
use crate::sources::intake::{Intake, RecordFormat, Taken};
use crate::sources::moment_version;
use crate::sources::node::{Node, moment_of};
use crate::sources::problem::{Problem, Problems};

/// Money or goods given back. A refund does not change: a second one has an id of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The source's id of the refund.
    pub id: String,
    /// The order's number, as in [`super::Order::id`].
    pub order: String,
    /// When it was paid back, RFC 3339.
    pub refunded_at: String,
    /// ISO 4217 code, the order's.
    pub currency: String,
    /// Value of the returned items without tax, positive.
    pub items: Decimal,
    /// Tax and shipping paid back, positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_and_shipping: Option<Decimal>,
    /// Cost of goods given back because the items were restocked, positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restocked_cost: Option<Decimal>,
}

const FIELDS: [&str; 7] = ["id", "order", "refunded_at", "currency", "items", "tax_and_shipping", "restocked_cost"];

/// Reads and checks one refund; what is wrong goes to `problems`.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Refund> {
    node.only(&FIELDS, problems);
    let id = node.required_id("id", problems);
    let order = node.required_id("order", problems);
    let refunded_at =
        node.required_moment("refunded_at", problems).and_then(|_| node.text("refunded_at", 60, problems));
    let code = node.required_text("currency", 10, problems);
    let currency = code.and_then(|code| {
        let currency = code.parse::<Currency>().ok().filter(|currency| currency.code() == code);
        if currency.is_none() {
            let message = format!("'{code}' is not an ISO 4217 code in upper case");
            problems.add(node.pointer_to("currency"), message, "send for instance EUR");
        }
        currency
    });
    let before = problems.len();
    let items = amount(node, "items", currency, problems);
    if items.is_none() && problems.len() == before {
        problems.add(node.pointer_to("items"), "'items' is missing", "send the value of the items without tax, or 0");
    }
    let tax_and_shipping = amount(node, "tax_and_shipping", currency, problems);
    let restocked_cost = amount(node, "restocked_cost", currency, problems);
    let currency = currency?.code().to_owned();
    let (id, order, refunded_at, items) = (id?, order?, refunded_at?, items?);
    Some(Refund { id, order, refunded_at, currency, items, tax_and_shipping, restocked_cost })
}

impl Refund {
    /// Adds the fact of a refund that was checked. It belongs to the order's person through the order.
    pub(super) fn take(&self, intake: &Intake<'_>, pointer: &str, taken: &mut Taken) {
        let record = || intake.record(RecordFormat::Refund, self);
        let Some((currency, at)) = self.currency.parse::<Currency>().ok().zip(moment_of(&self.refunded_at)) else {
            let message = "currency or moment cannot be read".to_owned();
            let problem = Problem { pointer: pointer.to_owned(), message, remedy: "send it again".to_owned() };
            taken.keep_apart(intake, problem, record(), &Personal::default());
            return;
        };
        let minor = |decimal: &Decimal| decimal.rounded(currency).unwrap_or(0);
        let maybe = |decimal: &Option<Decimal>| decimal.as_ref().map_or(0, minor);
        let (items, tax_and_shipping) = (minor(&self.items), maybe(&self.tax_and_shipping));
        let order = order_id(&self.order);
        let subject = intake.thing_subject("guest", &order);
        let restocked_cost = maybe(&self.restocked_cost);
        let currency = currency.code().to_owned();
        let body = RefundBody { order, currency, items, tax_and_shipping, restocked_cost, lines: Vec::new() };
        let doubt = doubt(intake, pointer, at, [items, tax_and_shipping, restocked_cost]);
        let (id, version) = (self.id.clone(), moment_version(at));
        let fact = intake.fact(subject, id, version, at, FactBody::Refund(body), Personal::default());
        taken.add_record(intake, fact, &format!("{pointer}/id"), doubt, record);
    }
}

fn doubt(intake: &Intake<'_>, pointer: &str, at: Micros, amounts: [Minor; 3]) -> Option<Problem> {
    intake.doubt_moment(format!("{pointer}/refunded_at"), at).or_else(|| {
        amounts.iter().any(|&amount| amount < 0).then(|| Problem {
            pointer: format!("{pointer}/items"),
            message: "an amount is negative".to_owned(),
            remedy: "send what was paid back as positive amounts".to_owned(),
        })
    })
}
