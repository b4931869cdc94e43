//! Refunds: within orders, and alone in `refunds/create`.

use clove_core::fact::{OrderLine, Refund};
use clove_core::{Currency, FactBody, Micros, Minor, Personal};

use super::order::product;
use crate::sources::intake::{Intake, Taken};
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::problem::{Problem, Problems};
use crate::sources::shop::{KnownOrder, money, retire_file_refunds};

/// Takes a refund that comes alone.
pub(super) fn take_alone(
    intake: &Intake<'_>,
    root: &Node<'_>,
    order: &KnownOrder,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let currency = match order.order.currency.parse::<Currency>() {
        Ok(currency) => currency,
        Err(error) => {
            problems.add("/order_id".to_owned(), error.to_string(), "let the shop send the order again");
            return None;
        }
    };
    let included = prices_hold_tax(root, order, currency, problems);
    let at = take(intake, root, &order.external_id, currency, included, taken, problems)?;
    taken.facts.extend(retire_file_refunds(intake, &order.external_id, currency, at, 1));
    Some(())
}

/// Whether prices hold the tax, which only orders say: their lines without tax are less than price times quantity then.
fn prices_hold_tax(root: &Node<'_>, order: &KnownOrder, currency: Currency, problems: &mut Problems) -> bool {
    let Some(items) = root.list("refund_line_items", 10_000, problems) else { return false };
    items.items().any(|item| {
        let Some(line) = item.get("line_item") else { return false };
        let known = order.order.lines.iter().find(|known| known.external_id == line.loose(&["id"]));
        let listed = line
            .decimal("price", problems)
            .zip(known)
            .and_then(|(price, known)| price.times(known.quantity, currency).ok().map(|listed| (listed, known.gross)));
        listed.is_some_and(|(listed, gross)| gross < listed)
    })
}

/// Takes a refund of an order; returns when it happened. `included`: whether prices hold the tax.
pub(super) fn take(
    intake: &Intake<'_>,
    node: &Node<'_>,
    order: &str,
    currency: Currency,
    included: bool,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<Micros> {
    let id = node.required_id("id", problems)?;
    let created_at = node.required_moment("created_at", problems)?;
    let at = node.moment("processed_at", problems).unwrap_or(created_at);
    let (mut items, mut tax, mut lines) = (0, 0, Vec::new());
    if let Some(list) = node.list("refund_line_items", 10_000, problems) {
        for item in list.items() {
            let line_tax = money(&item, "total_tax", currency, problems).unwrap_or(0);
            let subtotal = money(&item, "subtotal", currency, problems).unwrap_or(0);
            let net = if included { subtotal - line_tax } else { subtotal };
            items += net;
            tax += line_tax;
            lines.extend(returned_line(&item, net, problems));
        }
    }
    let mut shipping = 0;
    if let Some(list) = node.list("order_adjustments", 1_000, problems) {
        for adjustment in list.items() {
            // Adjustments are negative where money goes back.
            let amount = -money(&adjustment, "amount", currency, problems).unwrap_or(0);
            let adjusted_tax = -money(&adjustment, "tax_amount", currency, problems).unwrap_or(0);
            if adjustment.loose(&["kind"]).as_deref() == Some("shipping_refund") {
                shipping += amount + adjusted_tax;
            } else {
                items += amount;
                tax += adjusted_tax;
            }
        }
    }
    let paid_back = paid_back(node, currency, problems);
    if lines.is_empty() && items == 0 && tax == 0 && shipping == 0 {
        // Money without goods and without a word why.
        items = paid_back;
    }
    let body = Refund {
        order: order.to_owned(),
        currency: currency.code().to_owned(),
        items: items.max(0),
        tax_and_shipping: (tax + shipping).max(0),
        restocked_cost: 0,
        lines,
    };
    let doubt = intake.doubt_moment(node.pointer_to("created_at"), at).or_else(|| {
        (items < 0 || tax + shipping < 0).then(|| Problem {
            pointer: node.pointer_to("order_adjustments"),
            message: "the refund takes money from the customer".to_owned(),
            remedy: "check the refund in the shop".to_owned(),
        })
    });
    let subject = intake.thing_subject("guest", order);
    let fact = intake.fact(subject, id, moment_version(created_at), at, FactBody::Refund(body), Personal::default());
    taken.add(fact, &node.pointer_to("id"), doubt);
    Some(at)
}

fn returned_line(item: &Node<'_>, net: Minor, problems: &mut Problems) -> Option<OrderLine> {
    let quantity = item.whole("quantity", problems)?;
    let line = item.get("line_item");
    Some(OrderLine {
        external_id: item.id("line_item_id", problems),
        product: line.as_ref().map_or_else(|| "(no product)".to_owned(), product),
        title: line.as_ref().and_then(|line| line.loose(&["name"])).map(|name| name.chars().take(500).collect()),
        quantity,
        gross: net,
        discount: 0,
        cost: None,
    })
}

/// What transactions paid back, those that failed left out.
fn paid_back(node: &Node<'_>, currency: Currency, problems: &mut Problems) -> Minor {
    let Some(list) = node.list("transactions", 1_000, problems) else { return 0 };
    let mut sum = 0;
    for transaction in list.items() {
        let is = |key: &str, wanted: &[&str]| {
            transaction.loose(&[key]).is_none_or(|text| wanted.contains(&text.to_ascii_lowercase().as_str()))
        };
        if is("kind", &["refund"])
            && is("status", &["success", "pending"])
            && is("currency", &[currency.code().to_ascii_lowercase().as_str()])
        {
            sum += money(&transaction, "amount", currency, problems).unwrap_or(0);
        }
    }
    sum
}
