//! Customers.

use clove_core::fact::CustomerProfile;
use clove_core::{FactBody, Micros, Personal};

use super::moment;
use crate::sources::intake::{Intake, Taken};
use crate::sources::json::Json;
use crate::sources::moment_version;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::Problems;
use crate::sources::shop::{country, short, version_of};

/// Takes a customer.
pub(super) fn take(intake: &Intake<'_>, root: &Node<'_>, taken: &mut Taken, problems: &mut Problems) -> Option<()> {
    let id = root.required_id("id", problems)?;
    let created_at = moment(root, "date_created", problems);
    let Some(updated_at) = moment(root, "date_modified", problems).or(created_at) else {
        problems.add("/date_modified_gmt".to_owned(), "the customer has no date", "let the shop send it again");
        return None;
    };
    let country = country(root, &["billing", "country"]).or_else(|| country(root, &["shipping", "country"]));
    let personal = personal(intake, root, &id, country.as_deref());
    let body = FactBody::CustomerProfile(CustomerProfile {
        created_at,
        country,
        tags: short(root, &["role"], 100).into_iter().collect(),
        ..CustomerProfile::default()
    });
    let subject = intake.subject(&personal, &id);
    let doubt = intake.doubt_moment("/date_modified_gmt".to_owned(), updated_at);
    let version = version_of(intake, updated_at, &body, &personal, problems)?;
    taken.add(intake.fact(subject, id, version, updated_at, body, personal), "/id", doubt);
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
    let personal = personal(intake, root, &id, None);
    let subject = intake.subject(&personal, &id);
    let body = FactBody::CustomerProfile(CustomerProfile { deleted: true, ..CustomerProfile::default() });
    taken.add(intake.fact(subject, id, moment_version(moment), moment, body, personal), "/id", None);
    Some(())
}

fn personal(intake: &Intake<'_>, root: &Node<'_>, id: &str, country: Option<&str>) -> Personal {
    let either = |key: &str, most: usize| short(root, &[key], most).or_else(|| short(root, &["billing", key], most));
    let mut personal =
        Personal { first_name: either("first_name", 200), last_name: either("last_name", 200), ..Personal::default() };
    contact(&mut personal, either("email", 320), short(root, &["billing", "phone"], 60), country);
    add_handle(&mut personal, intake.customer_handle(id));
    for field in ["billing", "shipping"] {
        if let Some(value) = root.json.get(field).filter(|value| !matches!(value, Json::Null)) {
            personal.fields.insert(field.to_owned(), value.to_value());
        }
    }
    personal
}
