//! What a source knows of a customer.

use std::collections::BTreeMap;

use clove_core::FactBody;
use clove_core::fact::CustomerProfile;
use serde::{Deserialize, Serialize};

use super::customer::{self, Customer};
use super::read::{attributes, moment_text, texts};
use crate::sources::changed_version;
use crate::sources::intake::{Intake, RecordFormat, Taken};
use crate::sources::node::{Node, moment_of};
use crate::sources::problem::{Problem, Problems};

/// A customer as they stand now. Sending them again with a later `updated_at` replaces what was known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who it is: at least one of the fields.
    #[serde(flatten)]
    pub customer: Customer,
    /// When the account was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When it was last changed, RFC 3339. Without it a state that was told before is not told anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// Language, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Country, ISO 3166 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Further columns to break figures down by. Nothing that identifies a person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Deleted in the source.
    #[serde(default)]
    pub deleted: bool,
}

const FIELDS: [&str; 8] =
    ["created_at", "updated_at", "locale", "country", "time_zone", "tags", "attributes", "deleted"];

/// Reads and checks one customer; what is wrong goes to `problems`.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Profile> {
    let known: Vec<&str> = customer::FIELDS.into_iter().chain(FIELDS).collect();
    node.only(&known, problems);
    let customer = customer::read(node, problems);
    let named = [&customer.id, &customer.anonymous_id, &customer.email, &customer.phone];
    let named = named.iter().any(|name| name.is_some());
    if !named {
        let remedy = "send id, email, phone or anonymous_id";
        problems.add(node.pointer(), "nothing says who the customer is", remedy);
    }
    let profile = Profile {
        customer,
        created_at: moment_text(node, "created_at", false, problems),
        updated_at: moment_text(node, "updated_at", false, problems),
        locale: node.text("locale", 40, problems),
        country: node.text("country", 2, problems),
        time_zone: node.text("time_zone", 60, problems),
        tags: texts(node, "tags", problems),
        attributes: attributes(node, problems),
        deleted: node.flag("deleted", problems),
    };
    named.then_some(profile)
}

impl Profile {
    /// Adds the fact of a customer who was checked.
    pub(super) fn take(&self, intake: &Intake<'_>, pointer: &str, taken: &mut Taken) {
        let personal = self.customer.personal(intake, self.country.as_deref());
        let record = || intake.record(RecordFormat::Customer, self);
        let problem = |key: &str, message: &str, remedy: &str| Problem {
            pointer: format!("{pointer}{key}"),
            message: message.to_owned(),
            remedy: remedy.to_owned(),
        };
        if personal.handles.is_empty() {
            let remedy = "send an e-mail address, a phone number with its country, or an id";
            let problem = problem("", "what says who the customer is cannot be used", remedy);
            return taken.keep_apart(intake, problem, record(), &personal);
        }
        let moment = |text: &Option<String>| text.as_deref().and_then(moment_of);
        let (created_at, updated_at) = (moment(&self.created_at), moment(&self.updated_at));
        let body = FactBody::CustomerProfile(CustomerProfile {
            created_at,
            locale: self.locale.clone(),
            country: self.country.as_ref().map(|country| country.to_uppercase()),
            time_zone: self.time_zone.clone(),
            tags: self.tags.clone(),
            attributes: self.attributes.clone(),
            deleted: self.deleted,
        });
        let doubt = [("created_at", created_at), ("updated_at", updated_at)]
            .into_iter()
            .find_map(|(key, at)| intake.doubt_moment(format!("{pointer}/{key}"), at?));
        let version = match intake.content(&body, &personal) {
            Ok(content) => changed_version(updated_at, content),
            Err(error) => return taken.keep_apart(intake, Problem::again(pointer, &error), record(), &personal),
        };
        let subject = intake.subject(&personal, "");
        // Without an id of the source the subject stands in: an e-mail address has no place in the log itself.
        let id = self.customer.id.clone().unwrap_or_else(|| subject.to_string());
        let at = updated_at.or(created_at).unwrap_or(intake.received_at);
        let fact = intake.fact(subject, id, version, at, body, personal.clone());
        taken.add_record(intake, fact, &format!("{pointer}/id"), doubt, record);
    }
}
