//! Requests about personal data, which every shop's app must heed.

use super::Topic;
use crate::sources::intake::Intake;
use crate::sources::node::Node;
use crate::sources::problem::Problems;
use crate::sources::shop::{PrivacyKind, PrivacyRequest, short};

/// Reads a request. It is told apart from others by what it is about, since the id of its delivery is not signed.
pub(super) fn request(
    intake: &Intake<'_>,
    root: &Node<'_>,
    topic: Topic,
    problems: &mut Problems,
) -> Option<PrivacyRequest> {
    let (kind, list) = match topic {
        Topic::CustomerRedact => (PrivacyKind::Redact, "orders_to_redact"),
        Topic::DataRequest => (PrivacyKind::DataRequest, "orders_requested"),
        _ => (PrivacyKind::ShopRedact, ""),
    };
    let mut orders = Vec::new();
    if let Some(list) = root.list(list, 100_000, problems) {
        orders.extend(list.items().filter_map(|order| short(&order, &[], 300)));
    }
    let customer_id = short(root, &["customer", "id"], 300);
    let email = short(root, &["customer", "email"], 320);
    let phone = short(root, &["customer", "phone"], 60);
    if kind != PrivacyKind::ShopRedact && customer_id.is_none() && email.is_none() && phone.is_none() {
        problems.add("/customer".to_owned(), "the request names no customer", "let the shop send it again");
        return None;
    }
    let stated = match kind {
        PrivacyKind::DataRequest => short(root, &["data_request", "id"], 300),
        PrivacyKind::Redact => None,
        PrivacyKind::ShopRedact => short(root, &["shop_id"], 300),
    };
    let who = customer_id.clone().or_else(|| email.clone()).or_else(|| phone.clone());
    Some(PrivacyRequest {
        kind,
        source: intake.source.to_string(),
        request_id: stated.or(who).unwrap_or_else(|| "shop".to_owned()),
        customer_id,
        email,
        phone,
        orders,
    })
}
