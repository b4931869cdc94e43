//! Orders.

use std::collections::BTreeMap;

use clove_core::fact::{Order as OrderBody, OrderLine, OrderStatus};
use clove_core::{Currency, ExchangeRate, FactBody, Minor};
use serde::{Deserialize, Serialize};

use super::customer::{self, Customer};
use super::read::{attributes, moment_text, texts};
use crate::sources::decimal::Decimal;
use crate::sources::intake::{Intake, RecordFormat, Taken};
use crate::sources::json::{Limits, parse};
use crate::sources::node::{Node, moment_of};
use crate::sources::problem::{Problem, Problems, Refusal};

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not paid yet.
    Pending,
    /// Paid.
    #[default]
    Paid,
    /// Cancelled, voided, failed or fraud.
    Cancelled,
}

impl Status {
    const NAMES: [(&str, Status); 3] =
        [("pending", Status::Pending), ("paid", Status::Paid), ("cancelled", Status::Cancelled)];

    fn of_fact(self) -> OrderStatus {
        match self {
            Status::Pending => OrderStatus::Pending,
            Status::Paid => OrderStatus::Paid,
            Status::Cancelled => OrderStatus::Cancelled,
        }
    }
}

/// An order as it stands now. Sending it again with a later `updated_at` replaces it. Amounts are without tax.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The order's number in the source, the same that its webhooks and exports carry; a leading `#` is ignored.
    pub id: String,
    /// When it was placed, RFC 3339.
    pub placed_at: String,
    /// When it was last changed, RFC 3339. Without it, the order received last counts, and one with it outranks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// How far it has come.
    #[serde(default)]
    pub status: Status,
    /// When it was cancelled, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Units of the shop's currency per unit of the order's currency, where they differ: `0.9`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Decimal>,
    /// Who bought; absent for a guest who left nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Unit prices times quantities before discounts. May be left out if there are lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<Decimal>,
    /// Discounts, positive. May be left out if lines state theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Decimal>,
    /// Tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Decimal>,
    /// Shipping charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Decimal>,
    /// What was to be paid; if given it has to be gross - discount + tax + shipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Decimal>,
    /// Cost of goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Decimal>,
    /// What the payment cost the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_fee: Option<Decimal>,
    /// What shipping cost the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_cost: Option<Decimal>,
    /// What packaging cost the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packaging_cost: Option<Decimal>,
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
    pub lines: Vec<Line>,
    /// Further columns to break figures down by. Nothing that identifies a person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// A test order.
    #[serde(default)]
    pub test: bool,
    /// Sold to a business.
    #[serde(default)]
    pub wholesale: bool,
    /// The sale of a gift card only.
    #[serde(default)]
    pub gift_card: bool,
}

/// A line of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The source's id of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// SKU or product id.
    pub product: String,
    /// What people read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Units, positive.
    pub quantity: i64,
    /// Value of the line before discounts.
    pub gross: Decimal,
    /// Discounts on the line, positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Decimal>,
    /// Cost of goods of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Decimal>,
}

const FIELDS: [&str; 25] = [
    "id",
    "placed_at",
    "updated_at",
    "status",
    "cancelled_at",
    "currency",
    "exchange_rate",
    "customer",
    "gross",
    "discount",
    "tax",
    "shipping",
    "total",
    "cost",
    "payment_fee",
    "shipping_cost",
    "packaging_cost",
    "channel",
    "country",
    "discount_codes",
    "lines",
    "attributes",
    "test",
    "wholesale",
    "gift_card",
];
const LINE_FIELDS: [&str; 7] = ["id", "product", "title", "quantity", "gross", "discount", "cost"];

/// Parses one order and checks it.
pub fn order(bytes: &[u8]) -> Result<Order, Refusal> {
    let json = parse(bytes, Limits::DEFAULT)?;
    let mut problems = Problems::default();
    let node = Node::root(&json);
    let order = read(&node, &mut problems);
    if !node.is_object() {
        problems.add(String::new(), format!("{} is no order", json.kind()), "send a JSON object");
    }
    problems.or(order)
}

/// Reads and checks one order; what is wrong goes to `problems`.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Order> {
    node.only(&FIELDS, problems);
    let id = node.required_id("id", problems);
    let placed_at = moment_text(node, "placed_at", true, problems);
    let updated_at = moment_text(node, "updated_at", false, problems);
    let cancelled_at = moment_text(node, "cancelled_at", false, problems);
    let currency_text = node.required_text("currency", 10, problems);
    let currency = currency_text.as_ref().and_then(|code| match code.parse::<Currency>() {
        Ok(currency) => Some(currency),
        Err(error) => {
            problems.add(node.pointer_to("currency"), error.to_string(), "send an ISO 4217 code");
            None
        }
    });
    let status = match node.text("status", 20, problems) {
        None => Status::default(),
        Some(name) => {
            if let Some((_, status)) = Status::NAMES.iter().find(|(known, _)| *known == name) {
                *status
            } else {
                let message = format!("'{name}' is no status of an order");
                problems.add(node.pointer_to("status"), message, "send pending, paid or cancelled");
                Status::default()
            }
        }
    };
    let customer = node.object("customer", problems).map(|node| {
        node.only(&customer::FIELDS, problems);
        customer::read(&node, problems)
    });
    let amount = |key: &str, problems: &mut Problems| amount(node, key, currency, problems);
    let mut order = Order {
        gross: amount("gross", problems),
        discount: amount("discount", problems),
        tax: amount("tax", problems),
        shipping: amount("shipping", problems),
        total: amount("total", problems),
        cost: amount("cost", problems),
        payment_fee: amount("payment_fee", problems),
        shipping_cost: amount("shipping_cost", problems),
        packaging_cost: amount("packaging_cost", problems),
        channel: node.text("channel", 200, problems),
        country: node.text("country", 2, problems),
        test: node.flag("test", problems),
        wholesale: node.flag("wholesale", problems),
        gift_card: node.flag("gift_card", problems),
        exchange_rate: exchange_rate(node, problems),
        updated_at,
        cancelled_at,
        status,
        customer,
        ..Order::default()
    };
    order.discount_codes = texts(node, "discount_codes", problems);
    order.attributes = attributes(node, problems);
    if let Some(lines) = node.list("lines", 10_000, problems) {
        for line in lines.items() {
            order.lines.extend(read_line(&line, currency, problems));
        }
    } else if order.gross.is_none() {
        problems.add(node.pointer_to("gross"), "'gross' is missing and there are no lines", "send one of both");
    }
    order.id = id?;
    order.placed_at = placed_at?;
    currency?.code().clone_into(&mut order.currency);
    if let Some(code) = currency_text
        && code != order.currency
    {
        problems.add(node.pointer_to("currency"), format!("'{code}' is not in upper case"), "send it in upper case");
    }
    check_total(node, &order, problems);
    Some(order)
}

/// An amount that its currency can hold.
pub(super) fn amount(
    node: &Node<'_>,
    key: &str,
    currency: Option<Currency>,
    problems: &mut Problems,
) -> Option<Decimal> {
    let decimal = node.decimal(key, problems)?;
    let Some(currency) = currency else { return Some(decimal) };
    match decimal.exact(currency) {
        Ok(Some(minor)) if minor.abs() <= MOST_MINOR => Some(decimal),
        Ok(None) => {
            let message = format!("'{decimal}' has more decimals than {currency}");
            let remedy = format!("round it to {} decimals", currency.exponent());
            problems.add(node.pointer_to(key), message, remedy);
            None
        }
        Ok(Some(_)) | Err(_) => {
            problems.add(node.pointer_to(key), format!("'{decimal}' is too large"), "check the amount");
            None
        }
    }
}

/// A rate that is a positive number.
fn exchange_rate(node: &Node<'_>, problems: &mut Problems) -> Option<Decimal> {
    let rate = node.decimal("exchange_rate", problems)?;
    if ExchangeRate::parse(rate.as_str()).is_ok() {
        return Some(rate);
    }
    let remedy = "send units of the shop's currency per unit of the order's currency, for instance 0.9";
    problems.add(node.pointer_to("exchange_rate"), format!("'{rate}' is no exchange rate"), remedy);
    None
}

/// Largest amount: sums of ten thousand of them stay within 64 bits.
const MOST_MINOR: Minor = 100_000_000_000_000;

fn read_line(node: &Node<'_>, currency: Option<Currency>, problems: &mut Problems) -> Option<Line> {
    if !node.is_object() {
        problems.add(node.pointer(), format!("{} is no line", node.json.kind()), "send objects");
        return None;
    }
    node.only(&LINE_FIELDS, problems);
    let before = problems.len();
    let quantity = node.whole("quantity", problems);
    if quantity.is_none() && problems.len() == before {
        problems.add(node.pointer_to("quantity"), "'quantity' is missing", "send a whole number");
    }
    let before = problems.len();
    let gross = amount(node, "gross", currency, problems);
    if gross.is_none() && problems.len() == before {
        problems.add(node.pointer_to("gross"), "'gross' is missing", "send unit price times quantity without tax");
    }
    let (id, title) = (node.id("id", problems), node.text("title", 500, problems));
    let discount = amount(node, "discount", currency, problems);
    let cost = amount(node, "cost", currency, problems);
    Some(Line {
        id,
        product: node.required_id("product", problems)?,
        title,
        quantity: quantity?,
        gross: gross?,
        discount,
        cost,
    })
}

/// Amounts of an order in minor units.
struct Amounts {
    gross: Minor,
    discount: Minor,
    tax: Minor,
    shipping: Minor,
}

impl Amounts {
    fn of(order: &Order, currency: Currency) -> Amounts {
        let minor = |decimal: &Decimal| decimal.rounded(currency).unwrap_or(0);
        let maybe = |decimal: &Option<Decimal>| decimal.as_ref().map(minor);
        let lines = |value: &dyn Fn(&Line) -> Minor| order.lines.iter().map(value).sum::<Minor>();
        Amounts {
            gross: maybe(&order.gross).unwrap_or_else(|| lines(&|line| minor(&line.gross))),
            discount: maybe(&order.discount).unwrap_or_else(|| lines(&|line| maybe(&line.discount).unwrap_or(0))),
            tax: maybe(&order.tax).unwrap_or(0),
            shipping: maybe(&order.shipping).unwrap_or(0),
        }
    }

    fn total(&self) -> Minor {
        self.gross - self.discount + self.tax + self.shipping
    }
}

fn check_total(node: &Node<'_>, order: &Order, problems: &mut Problems) {
    let (Some(total), Ok(currency)) = (&order.total, order.currency.parse::<Currency>()) else { return };
    let sum = Amounts::of(order, currency).total();
    if total.rounded(currency) != Ok(sum) {
        let message =
            format!("the total is {total}, and gross - discount + tax + shipping is {}", currency.format(sum));
        problems.add(node.pointer_to("total"), message, "send amounts that add up, or leave the total out");
    }
}

/// The external id of an order: its number as shops print it, without the `#` that some put before it.
pub(crate) fn order_id(number: &str) -> String {
    let number = number.trim();
    number.strip_prefix('#').unwrap_or(number).to_owned()
}

/// The fact of an order that [`order()`] or a reader of files gave. `pointer` is where it stands in its body.
///
/// Moments and amounts that were not checked before and cannot be read put the order into quarantine.
pub fn order_facts(intake: &Intake<'_>, order: &Order, pointer: &str, taken: &mut Taken) {
    let customer = order.customer.clone().unwrap_or_default();
    let personal = customer.personal(intake, order.country.as_deref());
    let record = || intake.record(RecordFormat::Order, order);
    let mut unreadable = |key: &str, message: String, remedy: &str| {
        let problem = Problem { pointer: format!("{pointer}{key}"), message, remedy: remedy.to_owned() };
        taken.keep_apart(intake, problem, record(), &personal);
    };
    let Ok(currency) = order.currency.parse::<Currency>() else {
        unreadable("/currency", format!("'{}' is no currency", order.currency), "send an ISO 4217 code");
        return;
    };
    let Some(placed_at) = moment_of(&order.placed_at) else {
        unreadable("/placed_at", format!("'{}' is not a moment", order.placed_at), "write it as RFC 3339");
        return;
    };
    let minor = |decimal: &Option<Decimal>| decimal.as_ref().and_then(|decimal| decimal.rounded(currency).ok());
    let amounts = Amounts::of(order, currency);
    let lines: Vec<OrderLine> = order
        .lines
        .iter()
        .map(|line| OrderLine {
            external_id: line.id.clone(),
            product: line.product.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            gross: line.gross.rounded(currency).unwrap_or(0),
            discount: minor(&line.discount).unwrap_or(0),
            cost: minor(&line.cost),
        })
        .collect();
    let line_costs: Option<Minor> = if lines.is_empty() { None } else { lines.iter().map(|line| line.cost).sum() };
    let status = order.status.of_fact();
    let body = FactBody::Order(OrderBody {
        placed_at,
        currency: currency.code().to_owned(),
        exchange_rate: order.exchange_rate.as_ref().map(ToString::to_string),
        status,
        cancelled_at: order.cancelled_at.as_deref().and_then(moment_of),
        test: order.test,
        wholesale: order.wholesale,
        gift_card: order.gift_card,
        gross: amounts.gross,
        discount: amounts.discount,
        tax: amounts.tax,
        shipping: amounts.shipping,
        cost: minor(&order.cost).or(line_costs),
        payment_fee: minor(&order.payment_fee),
        shipping_cost: minor(&order.shipping_cost),
        packaging_cost: minor(&order.packaging_cost),
        channel: order.channel.clone(),
        country: order.country.as_ref().map(|country| country.to_uppercase()),
        discount_codes: order.discount_codes.clone(),
        lines,
        attributes: order.attributes.clone(),
        internal_id: None,
    });
    let doubt = doubt(intake, order, placed_at, &amounts, pointer);
    let updated_at = order.updated_at.as_deref().and_then(moment_of);
    let version = match intake.order_version(updated_at, status, &body, &personal) {
        Ok(version) => version,
        Err(error) => {
            unreadable("", error.to_string(), "send the order again");
            return;
        }
    };
    let id = order_id(&order.id);
    let subject = intake.subject(&personal, &id);
    let fact = intake.fact(subject, id, version, placed_at, body, personal.clone());
    taken.add_record(intake, fact, &format!("{pointer}/id"), doubt, record);
}

/// What makes no sense about an order, if anything.
fn doubt(intake: &Intake<'_>, order: &Order, placed_at: i64, amounts: &Amounts, pointer: &str) -> Option<Problem> {
    let problem = |key: String, message: &str, remedy: &str| {
        Some(Problem { pointer: format!("{pointer}/{key}"), message: message.to_owned(), remedy: remedy.to_owned() })
    };
    let updated_at = order.updated_at.as_deref().and_then(moment_of);
    if let Some(doubt) = intake.doubt_moment(format!("{pointer}/placed_at"), placed_at) {
        return Some(doubt);
    }
    if let Some(doubt) = updated_at.and_then(|at| intake.doubt_moment(format!("{pointer}/updated_at"), at)) {
        return Some(doubt);
    }
    let negative = "an order is a sale: send what came back as a refund";
    if let Some(index) = order.lines.iter().position(|line| line.quantity < 0) {
        return problem(format!("lines/{index}/quantity"), "the quantity is negative", negative);
    }
    let all = [
        ("gross", amounts.gross),
        ("discount", amounts.discount),
        ("tax", amounts.tax),
        ("shipping", amounts.shipping),
    ];
    if let Some((key, _)) = all.iter().find(|(_, amount)| *amount < 0) {
        return problem((*key).to_owned(), "the amount is negative", negative);
    }
    if amounts.discount > amounts.gross {
        return problem("discount".to_owned(), "the discount is larger than the order", "check both amounts");
    }
    None
}
