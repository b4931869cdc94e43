//! Customers and their consent to marketing.

use clove_core::fact::{ConsentChange, CustomerProfile};
use clove_core::{FactBody, Micros, Personal};

use super::Topic;
use crate::sources::intake::{Intake, Taken};
use crate::sources::json::Json;
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::Problems;
use crate::sources::shop::{country, short, version_of};

/// Takes a customer, and what is said of consent.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let updated_at = root.required_moment("updated_at", problems)?;
    let country = country(root, &["default_address", "country_code"]);
    let personal = personal(intake, root, &id, country.as_deref());
    let tags = short(root, &["tags"], 5_000).unwrap_or_default();
    let body = CustomerProfile {
        created_at: root.moment("created_at", problems),
        locale: short(root, &["locale"], 20),
        country,
        time_zone: None,
        tags: tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).take(250).collect(),
        attributes: std::collections::BTreeMap::new(),
        deleted: false,
    };
    let subject = intake.subject(&personal, &id);
    let doubt = intake.doubt_moment("/updated_at".to_owned(), updated_at);
    let body = FactBody::CustomerProfile(body);
    let version = version_of(intake, updated_at, &body, &personal, problems)?;
    taken.add(intake.fact(subject, id.clone(), version, updated_at, body, personal.clone()), "/id", doubt);
    for (channel, field) in [("email", "email_marketing_consent"), ("sms", "sms_marketing_consent")] {
        if let Some(consent) = root.object(field, problems) {
            take_state(intake, &consent, channel, &id, updated_at, &personal, taken, problems);
        }
    }
    Some(())
}

/// Takes a change of consent, whose body holds little more than the customer's id.
pub(super) fn take_consent(
    intake: &Intake<'_>,
    root: &Node<'_>,
    topic: Topic,
    moment: Micros,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let id = match root.id("id", problems) {
        Some(id) => id,
        None => root.required_id("customer_id", problems)?,
    };
    let (channel, field) = match topic {
        Topic::EmailConsent => ("email", "email_marketing_consent"),
        _ => ("sms", "sms_marketing_consent"),
    };
    let personal = personal(intake, root, &id, None);
    let Some(consent) = root.object(field, problems) else {
        problems.add(root.pointer_to(field), format!("'{field}' is missing"), "let the shop send the customer again");
        return None;
    };
    take_state(intake, &consent, channel, &id, moment, &personal, taken, problems);
    Some(())
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one fact")]
fn take_state(
    intake: &Intake<'_>,
    consent: &Node<'_>,
    channel: &str,
    customer: &str,
    moment: Micros,
    personal: &Personal,
    taken: &mut Taken,
    problems: &mut Problems,
) {
    let at = consent.moment("consent_updated_at", problems).unwrap_or(moment);
    let double = consent.loose(&["opt_in_level"]).as_deref() == Some("confirmed_opt_in");
    let method = if double { "double_opt_in" } else { "shopify" };
    let change = ConsentChange {
        channel: channel.to_owned(),
        purpose: "marketing".to_owned(),
        method: method.to_owned(),
        text_version: None,
        ip_hash: None,
        by: None,
        form: None,
    };
    let body = match consent.loose(&["state"]).as_deref() {
        Some("subscribed") => FactBody::ConsentGranted(change),
        Some("unsubscribed" | "redacted" | "invalid") => FactBody::ConsentWithdrawn(change),
        // Never asked, or not confirmed yet: there is nothing to note.
        _ => return,
    };
    let subject = intake.subject(personal, customer);
    let doubt = intake.doubt_moment(consent.pointer_to("consent_updated_at"), at);
    let id = format!("{customer}-{channel}");
    let fact = intake.fact(subject, id, moment_version(at), at, body, personal.clone());
    taken.add(fact, &consent.pointer(), doubt);
}

/// Takes a deletion. The shop deletes customers without orders only; it asks for erasure by another topic.
pub(super) fn take_deleted(
    intake: &Intake<'_>,
    root: &Node<'_>,
    moment: Micros,
    taken: &mut Taken,
    problems: &mut Problems,
) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let personal = personal(intake, root, &id, None);
    let subject = intake.subject(&personal, &id);
    let body = FactBody::CustomerProfile(CustomerProfile { deleted: true, ..CustomerProfile::default() });
    taken.add(intake.fact(subject, id, moment_version(moment), moment, body, personal), "/id", None);
    Some(())
}

fn personal(intake: &Intake<'_>, root: &Node<'_>, id: &str, country: Option<&str>) -> Personal {
    let mut personal = Personal {
        first_name: short(root, &["first_name"], 200),
        last_name: short(root, &["last_name"], 200),
        ..Personal::default()
    };
    contact(&mut personal, short(root, &["email"], 320), short(root, &["phone"], 60), country);
    add_handle(&mut personal, intake.customer_handle(id));
    for field in ["default_address", "note"] {
        if let Some(value) = root.json.get(field).filter(|value| **value != Json::Null) {
            personal.fields.insert(field.to_owned(), value.to_value());
        }
    }
    personal
}
