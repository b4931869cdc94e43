//! Our own JSON bodies: orders, refunds, products, costs, customers. One object, or an array of up to [`MOST_RECORDS`].
//!
//! A body is checked as a whole: the refusal lists every problem of every record. Amounts are decimal strings in major units
//! (`"19.90"`; a JSON number is taken by its text) and may not have more decimals than their currency.

mod customer;
mod order;
mod product;
mod profile;
mod read;
mod refund;
mod spend;

pub use customer::Customer;
pub(crate) use order::order_id;
pub use order::{Line, Order, Status, order, order_facts};
pub use product::Product;
pub use profile::Profile;
pub use refund::Refund;
pub use spend::Spend;

use super::Intake;
use super::intake::Taken;
use super::json::{Json, Limits, parse};
use super::node::Node;
use super::problem::{Problems, Refusal};

/// Most records in an array.
pub const MOST_RECORDS: usize = 1_000;

/// Parses one object or an array of them; every problem of every record is reported.
fn records<T>(bytes: &[u8], read: impl Fn(&Node<'_>, &mut Problems) -> Option<T>) -> Result<Vec<(String, T)>, Refusal> {
    let json = parse(bytes, Limits::DEFAULT)?;
    let root = Node::root(&json);
    let mut problems = Problems::default();
    let mut out = Vec::new();
    let mut take = |node: &Node<'_>, problems: &mut Problems| {
        if node.is_object() {
            out.extend(read(node, problems).map(|record| (node.pointer(), record)));
        } else {
            let message = format!("{} is no record", node.json.kind());
            problems.add(node.pointer(), message, "send a JSON object, or an array of objects");
        }
    };
    match &json {
        Json::List(items) if items.len() > MOST_RECORDS => {
            let message = format!("{} records are more than the {MOST_RECORDS} allowed", items.len());
            problems.add(String::new(), message, "send them in several requests");
        }
        Json::List(_) => root.items().for_each(|node| take(&node, &mut problems)),
        _ => take(&root, &mut problems),
    }
    let found = (!out.is_empty()).then_some(out);
    problems.or(found)
}

/// Facts of a body of orders: [`order()`] for one object or an array of them.
pub fn orders(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    for (pointer, order) in records(bytes, order::read)? {
        order_facts(intake, &order, &pointer, &mut taken);
    }
    Ok(taken)
}

/// Facts of a body of refunds: one [`Refund`] or an array of them.
pub fn refunds(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    for (pointer, refund) in records(bytes, refund::read)? {
        refund.take(intake, &pointer, &mut taken);
    }
    Ok(taken)
}

/// Facts of a body of products: one [`Product`] or an array of them.
pub fn products(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    for (pointer, product) in records(bytes, product::read)? {
        product.take(intake, &pointer, &mut taken);
    }
    Ok(taken)
}

/// Facts of a body of costs: one [`Spend`] or an array of them.
pub fn spend(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    for (pointer, spend) in records(bytes, spend::read)? {
        spend.take(intake, &pointer, &mut taken);
    }
    Ok(taken)
}

/// Facts of a body of customers: one [`Profile`] or an array of them.
pub fn customers(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    for (pointer, profile) in records(bytes, profile::read)? {
        profile.take(intake, &pointer, &mut taken);
    }
    Ok(taken)
}
