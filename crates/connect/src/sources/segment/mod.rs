//! Segment's HTTP tracking API: `identify`, `track`, `page`, `screen`, `group`, `alias` and `batch`, as its official clients
//! send them.
//!
//! - The message id is the delivery: a repeated message is the same fact, whenever it comes.
//! - The moment is `received_at - (sentAt - timestamp)`, as Segment's documentation has it, so that a client's wrong clock does
//!   not matter. Without `sentAt` the timestamp counts as it is.
//! - `userId` is the customer's id in the source, so a source configured as `shopify:my-shop` joins its visitors to the shop's
//!   customers, and an `Order Completed` to the shop's own order of that number.
//! - Orders of events have no `updated_at`: what the shop itself states outranks them ([`super::VersionRank`]).
//! - As with Segment, only a body that is no JSON or too large is refused. A message that cannot be used is quarantined and the
//!   others are taken.

mod commerce;
mod names;
mod person;

pub use names::canonical_event;

use clove_core::fact::{Group, Identify, Merge, Page, Screen, Track};
use clove_core::{FactBody, Micros, Personal, SubjectId};
use serde_json::{Map, Value};

use super::intake::{Intake, Quarantined, Taken};
use super::json::{Json, Limits, parse};
use super::node::{Node, moment_of};
use super::problem::{Problem, Problems, Refusal, RefusalKind};
use super::moment_version;

/// Which endpoint a body came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// `POST /v1/identify`
    Identify,
    /// `POST /v1/track`
    Track,
    /// `POST /v1/page`
    Page,
    /// `POST /v1/screen`
    Screen,
    /// `POST /v1/group`
    Group,
    /// `POST /v1/alias`
    Alias,
    /// `POST /v1/batch`: messages name their type.
    Batch,
}

impl Endpoint {
    const NAMES: [(&str, Endpoint); 7] = [
        ("identify", Endpoint::Identify),
        ("track", Endpoint::Track),
        ("page", Endpoint::Page),
        ("screen", Endpoint::Screen),
        ("group", Endpoint::Group),
        ("alias", Endpoint::Alias),
        ("batch", Endpoint::Batch),
    ];

    /// The endpoint of a name (`identify`), which is also the `type` of a message.
    pub fn from_name(name: &str) -> Option<Endpoint> {
        Endpoint::NAMES.iter().find(|(known, _)| *known == name).map(|(_, endpoint)| *endpoint)
    }
}

/// Most bytes of a single message.
pub const MOST_MESSAGE_BYTES: usize = 32 * 1024;
/// Most bytes of a batch.
pub const MOST_BATCH_BYTES: usize = 500 * 1024;

/// Parses a body.
pub fn messages(intake: &Intake<'_>, endpoint: Endpoint, bytes: &[u8]) -> Result<Taken, Refusal> {
    let bytes_limit = if endpoint == Endpoint::Batch { MOST_BATCH_BYTES } else { MOST_MESSAGE_BYTES };
    let json = parse(bytes, Limits { bytes: bytes_limit, ..Limits::DEFAULT })?;
    let root = Node::root(&json);
    if !root.is_object() {
        let message = format!("{} is no message", json.kind());
        return Err(Refusal::new(RefusalKind::Malformed, "", message, "send a JSON object"));
    }
    let mut taken = Taken::default();
    let sent_at = root.loose(&["sentAt"]).and_then(|text| moment_of(&text));
    if endpoint != Endpoint::Batch {
        take(intake, endpoint, &root, None, sent_at, &mut taken);
        return Ok(taken);
    }
    let Some(batch) = root.get("batch").filter(|batch| matches!(batch.json, Json::List(_))) else {
        let remedy = "send {\"batch\": [...]}";
        return Err(Refusal::new(RefusalKind::Malformed, "/batch", "'batch' is missing or no array", remedy));
    };
    let context = root.get("context");
    for message in batch.items() {
        let kind = message.loose(&["type"]).and_then(|name| Endpoint::from_name(&name));
        match kind {
            Some(kind) if kind != Endpoint::Batch && message.is_object() => {
                let sent_at = message.loose(&["sentAt"]).and_then(|text| moment_of(&text)).or(sent_at);
                take(intake, kind, &message, context, sent_at, &mut taken);
            }
            _ => {
                let problem = Problem {
                    pointer: message.pointer_to("type"),
                    message: "the message has no type that is known".to_owned(),
                    remedy: "send identify, track, page, screen, group or alias".to_owned(),
                };
                taken.quarantined.push(Quarantined { problem, fact: None });
            }
        }
    }
    Ok(taken)
}

/// A message with what all kinds have in common.
struct Message<'m> {
    node: &'m Node<'m>,
    context: Option<Node<'m>>,
    id: String,
    /// The moment corrected by the client's clock.
    at: Micros,
    /// A version that does not depend on when the message was received.
    version: String,
    subject: SubjectId,
    personal: Personal,
}

fn take(
    intake: &Intake<'_>,
    endpoint: Endpoint,
    node: &Node<'_>,
    batch_context: Option<Node<'_>>,
    sent_at: Option<Micros>,
    taken: &mut Taken,
) {
    let mut problems = Problems::default();
    let context = node.get("context").or(batch_context);
    let user = node.id("userId", &mut problems);
    let anonymous = node.id("anonymousId", &mut problems);
    let id = node.id("messageId", &mut problems).unwrap_or_else(|| intake.ids.uuid(intake.received_at).to_string());
    let written = ["timestamp", "originalTimestamp"].iter().find_map(|key| node.get(key).map(|node| node.loose(&[])));
    let stated = match written.flatten() {
        None => None,
        Some(text) => {
            let moment = moment_of(&text);
            if moment.is_none() {
                let remedy = "write it as 2026-03-04T10:00:00.000Z";
                problems.add(node.pointer_to("timestamp"), "this is not a moment", remedy);
            }
            moment
        }
    };
    let at = match (stated, sent_at) {
        (Some(stated), Some(sent)) => intake.received_at - (sent - stated),
        (Some(stated), None) => stated,
        (None, _) => intake.received_at,
    };
    if user.is_none() && anonymous.is_none() && problems.len() == 0 {
        let remedy = "send the one that you have";
        problems.add(node.pointer(), "neither userId nor anonymousId is there", remedy);
    }
    if let Some(problem) = problems.into_first() {
        taken.quarantined.push(Quarantined { problem, fact: None });
        return;
    }
    let personal = person::personal(intake, node, context.as_ref(), user.as_deref(), anonymous.as_deref());
    let subject = intake.subject(&personal, &id);
    let version = stated.map_or_else(|| "once".to_owned(), moment_version);
    let message = Message { node, context, id, at, version, subject, personal };
    match endpoint {
        Endpoint::Alias => alias(intake, &message, user.or(anonymous), taken),
        Endpoint::Track => track(intake, message, taken),
        _ => {
            if let Some(body) = body(endpoint, &message, taken) {
                message.take(intake, body, taken);
            }
        }
    }
}

impl Message<'_> {
    fn take(self, intake: &Intake<'_>, body: FactBody, taken: &mut Taken) {
        let doubt = intake.doubt_moment(self.node.pointer_to("timestamp"), self.at);
        let fact = intake.fact(self.subject, self.id, self.version, self.at, body, self.personal);
        taken.add(fact, &self.node.pointer_to("messageId"), doubt);
    }

    fn quarantine(&self, key: &str, message: &str, remedy: &str, taken: &mut Taken) {
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        let problem = Problem { pointer: self.node.pointer_to(key), message, remedy };
        taken.quarantined.push(Quarantined { problem, fact: None });
    }

    /// The properties, and of the context what analysis needs and does not identify: campaign, page, language, device.
    fn properties(&self) -> Map<String, Value> {
        let mut properties = self.node.json.get("properties").map(Json::to_map).unwrap_or_default();
        let Some(context) = &self.context else { return properties };
        let mut kept = Map::new();
        for key in ["campaign", "page", "locale", "timezone", "app", "os", "referrer", "library"] {
            if let Some(value) = context.get(key) {
                kept.insert(key.to_owned(), value.json.to_value());
            }
        }
        if let Some(kind) = context.loose(&["device", "type"]) {
            kept.insert("device_type".to_owned(), Value::String(kind));
        }
        if !kept.is_empty() && !properties.contains_key("context") {
            properties.insert("context".to_owned(), Value::Object(kept));
        }
        properties
    }
}

fn body(endpoint: Endpoint, message: &Message<'_>, taken: &mut Taken) -> Option<FactBody> {
    let node = message.node;
    let text = |key: &str| node.loose(&[key]).map(|text| text.chars().take(500).collect::<String>());
    Some(match endpoint {
        Endpoint::Identify => FactBody::Identify(Identify { traits: person::other_traits(node) }),
        Endpoint::Page => {
            FactBody::Page(Page { name: text("name"), category: text("category"), properties: message.properties() })
        }
        Endpoint::Screen => FactBody::Screen(Screen {
            name: text("name"),
            category: text("category"),
            properties: message.properties(),
        }),
        Endpoint::Group => {
            let Some(group) = text("groupId") else {
                message.quarantine("groupId", "'groupId' is missing", "send the id of the group", taken);
                return None;
            };
            FactBody::Group(Group { group, traits: node.json.get("traits").map(Json::to_map).unwrap_or_default() })
        }
        Endpoint::Track | Endpoint::Alias | Endpoint::Batch => return None,
    })
}

/// `track`: orders and refunds of the e-commerce names become such facts, all else stays an event.
fn track(intake: &Intake<'_>, message: Message<'_>, taken: &mut Taken) {
    let Some(name) = message.node.loose(&["event"]) else {
        message.quarantine("event", "'event' is missing", "send the name of the event", taken);
        return;
    };
    let event = canonical_event(&name);
    if let Some(kind) = commerce::kind_of(&event) {
        commerce::take(intake, &message, kind, taken);
        return;
    }
    let event = event.chars().take(200).collect();
    let body = FactBody::Track(Track { event, properties: message.properties() });
    message.take(intake, body, taken);
}

/// `alias`: the previous id may have been a visitor's or a user's. Both are joined: an id that nobody has joins nobody.
fn alias(intake: &Intake<'_>, message: &Message<'_>, now: Option<String>, taken: &mut Taken) {
    let previous = message.node.loose(&["previousId"]);
    let (Some(previous), Some(now)) = (previous, now) else {
        message.quarantine("previousId", "'previousId' is missing", "send the id that the person had", taken);
        return;
    };
    if previous == now {
        return;
    }
    for (part, handle) in
        [("anonymous", intake.anonymous_handle(&previous)), ("user", intake.customer_handle(&previous))]
    {
        let with = intake.hash_key.subject(&handle);
        let body = FactBody::Merge(Merge { subject: message.subject, with, reason: "alias".to_owned(), by: None });
        let doubt = intake.doubt_moment(message.node.pointer_to("timestamp"), message.at);
        let id = format!("{}/{part}", message.id);
        let fact =
            intake.fact(message.subject, id, message.version.clone(), message.at, body, message.personal.clone());
        taken.add(fact, &message.node.pointer_to("messageId"), doubt);
    }
}
