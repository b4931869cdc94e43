//! Segment's HTTP tracking API: `identify`, `track`, `page`, `screen`, `group`, `alias` and `batch`, as its official clients
//! send them.
//!
//! - The message id is the delivery: a repeated message is the same fact, whenever it comes and whatever else it says.
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

use std::borrow::Cow;

use clove_core::consent::preference;
use clove_core::fact::{Group, Identify, Merge, Page, Screen, Track};
use clove_core::{FactBody, Micros, Personal, SubjectId};
use serde_json::{Map, Value};

use super::intake::{Intake, Record, RecordFormat, Taken};
use super::json::{Json, Limits, parse};
use super::node::{Node, moment_of};
use super::problem::{Problem, Problems, Refusal, RefusalKind};
use super::rest::MOST_RECORDS;

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
    /// Name, and the letter that the official client for browsers uses instead (`/v1/t`).
    const NAMES: [(&str, &str, Endpoint); 7] = [
        ("identify", "i", Endpoint::Identify),
        ("track", "t", Endpoint::Track),
        ("page", "p", Endpoint::Page),
        ("screen", "s", Endpoint::Screen),
        ("group", "g", Endpoint::Group),
        ("alias", "a", Endpoint::Alias),
        ("batch", "b", Endpoint::Batch),
    ];

    /// The endpoint of a name (`identify`), which is also the `type` of a message.
    pub fn from_name(name: &str) -> Option<Endpoint> {
        Endpoint::NAMES.iter().find(|(known, ..)| *known == name).map(|(.., endpoint)| *endpoint)
    }

    /// The endpoint of an address's last part: its name or its letter.
    pub fn from_path(part: &str) -> Option<Endpoint> {
        Endpoint::NAMES
            .iter()
            .find(|(name, letter, _)| [*name, *letter].contains(&part))
            .map(|(.., endpoint)| *endpoint)
    }

    fn name(self) -> &'static str {
        Endpoint::NAMES.iter().find(|(.., endpoint)| *endpoint == self).map_or("", |(name, ..)| *name)
    }
}

/// The version of every message: its id alone tells it, whatever else a repetition says.
const ONCE: &str = "once";

/// Most bytes of a single message.
pub const MOST_MESSAGE_BYTES: usize = 32 * 1024;
/// Most bytes of a batch.
pub const MOST_BATCH_BYTES: usize = 500 * 1024;
/// Most messages of a batch.
pub const MOST_BATCH_MESSAGES: usize = 5_000;

/// A body that was read as JSON, before anything of it is taken.
#[derive(Debug, PartialEq)]
pub struct Body<'b> {
    json: Json<'b>,
    endpoint: Endpoint,
    bytes: usize,
}

/// Reads a body as JSON.
pub fn body(endpoint: Endpoint, bytes: &[u8]) -> Result<Body<'_>, Refusal> {
    let bytes_limit = if endpoint == Endpoint::Batch { MOST_BATCH_BYTES } else { MOST_MESSAGE_BYTES };
    let json = parse(bytes, Limits { bytes: bytes_limit, ..Limits::DEFAULT })?;
    if !matches!(json, Json::Object(_)) {
        let message = format!("{} is no message", json.kind());
        return Err(Refusal::new(RefusalKind::Malformed, "", message, "send a JSON object"));
    }
    Ok(Body { json, endpoint, bytes: bytes.len() })
}

/// Parses a body.
pub fn messages(intake: &Intake<'_>, endpoint: Endpoint, bytes: &[u8]) -> Result<Taken, Refusal> {
    body(endpoint, bytes)?.take(intake)
}

/// Parses one message, or an array of up to [`MOST_RECORDS`], which name their type (without one, `track`). As with our own
/// records, the caller decides what becomes of the whole when some are kept apart.
///
/// # Errors
/// If the body is no JSON, or neither an object nor such an array.
pub fn events(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let json = parse(bytes, Limits::DEFAULT)?;
    let root = Node::root(&json);
    let nodes: Vec<Node<'_>> = match &json {
        Json::Object(_) => vec![root],
        Json::List(items) if (1..=MOST_RECORDS).contains(&items.len()) => root.items().collect(),
        Json::List(items) => {
            let message = format!("{} records; 1 to {MOST_RECORDS} are allowed", items.len());
            return Err(Refusal::new(RefusalKind::Invalid, "", message, "send them in several requests"));
        }
        _ => {
            let message = format!("{} is no record", json.kind());
            let remedy = "send a JSON object, or an array of objects";
            return Err(Refusal::new(RefusalKind::Invalid, "", message, remedy));
        }
    };
    let mut taken = Taken::default();
    for node in nodes {
        take_typed(intake, &node, Some(Endpoint::Track), bytes.len(), Surroundings::default(), &mut taken);
    }
    Ok(taken)
}

/// Parses a message that stands by itself and names its type, as quarantine keeps it.
pub(super) fn record(intake: &Intake<'_>, bytes: &[u8]) -> Result<Taken, Refusal> {
    let kind = body(Endpoint::Track, bytes)?.json.get("type").map(|kind| match kind {
        Json::Text(name) => Endpoint::from_name(name).filter(|endpoint| *endpoint != Endpoint::Batch),
        _ => None,
    });
    let Some(Some(endpoint)) = kind else {
        let remedy = "send identify, track, page, screen, group or alias";
        return Err(Refusal::new(RefusalKind::Invalid, "/type", "the message has no type that is known", remedy));
    };
    messages(intake, endpoint, bytes)
}

impl Body<'_> {
    /// The write key, which clients without headers of their own put into the body.
    pub fn write_key(&self) -> Option<&str> {
        match self.json.get("writeKey") {
            Some(Json::Text(key)) => Some(key),
            _ => None,
        }
    }

    /// The facts of the body. A message that cannot be used is kept apart, the others are taken.
    ///
    /// # Errors
    /// If the body of a batch has no messages, or too many.
    pub fn take(&self, intake: &Intake<'_>) -> Result<Taken, Refusal> {
        let root = Node::root(&self.json);
        let mut taken = Taken::default();
        if self.endpoint != Endpoint::Batch {
            take(intake, self.endpoint, &root, Surroundings::default(), &mut taken);
            return Ok(taken);
        }
        let batch = root.get("batch");
        let Some((batch, Json::List(items))) = batch.as_ref().map(|batch| (batch, batch.json)) else {
            let remedy = "send {\"batch\": [...]}";
            return Err(Refusal::new(RefusalKind::Malformed, "/batch", "'batch' is missing or no array", remedy));
        };
        if items.len() > MOST_BATCH_MESSAGES {
            let message = format!("{} messages are more than the {MOST_BATCH_MESSAGES} allowed", items.len());
            return Err(Refusal::new(RefusalKind::TooLarge, "/batch", message, "send them in several requests"));
        }
        let around = Surroundings { context: root.get("context"), sent_at: root.get("sentAt") };
        for message in batch.items() {
            take_typed(intake, &message, None, self.bytes, around, &mut taken);
        }
        Ok(taken)
    }
}

/// Takes a message that names its type; `without` is meant where it names none. `bytes` are those of all messages together.
fn take_typed(
    intake: &Intake<'_>,
    message: &Node<'_>,
    without: Option<Endpoint>,
    bytes: usize,
    around: Surroundings<'_>,
    taken: &mut Taken,
) {
    let named = message.loose(&["type"]);
    let kind = named.as_deref().map_or(without, Endpoint::from_name);
    let kind = kind.filter(|kind| *kind != Endpoint::Batch && message.is_object());
    let large = bytes > MOST_MESSAGE_BYTES && message.json.to_string().len() > MOST_MESSAGE_BYTES;
    let (pointer, text, remedy) = match kind {
        Some(kind) if !large => return take(intake, kind, message, around, taken),
        Some(_) => (message.pointer(), "the message is larger than 32 KB", "send less in one message"),
        None => {
            let remedy = "send identify, track, page, screen, group or alias";
            (message.pointer_to("type"), "the message has no type that is known", remedy)
        }
    };
    let problem = Problem { pointer, message: text.to_owned(), remedy: remedy.to_owned() };
    let record = record_of(intake, kind, message, None, around);
    let (user, anonymous) = (message.loose(&["userId"]), message.loose(&["anonymousId"]));
    let context = message.get("context").or(around.context);
    let personal = person::personal(intake, message, context.as_ref(), user.as_deref(), anonymous.as_deref());
    taken.keep_apart(intake, problem, record, &personal);
}

/// What a batch says of all of its messages.
#[derive(Debug, Clone, Copy, Default)]
struct Surroundings<'s> {
    context: Option<Node<'s>>,
    sent_at: Option<Node<'s>>,
}

/// A message by itself: with its type, an id and what the batch said of it.
fn record_of(
    intake: &Intake<'_>,
    endpoint: Option<Endpoint>,
    node: &Node<'_>,
    id: Option<&str>,
    around: Surroundings<'_>,
) -> Record {
    let written = node.loose(&["messageId"]).filter(|id| id.chars().count() <= 300);
    let Json::Object(members) = node.json else {
        let json = node.json.to_string();
        return Record { format: RecordFormat::SegmentMessage, key: intake.record_key(&json), json };
    };
    let key = written.unwrap_or_else(|| intake.record_key(&node.json.to_string()));
    let mut members = members.clone();
    let absent = |members: &[(Cow<'_, str>, Json<'_>)], key: &str| !members.iter().any(|(name, _)| name == key);
    if let Some(endpoint) = endpoint.filter(|_| absent(&members, "type")) {
        members.push(("type".into(), Json::Text(endpoint.name().into())));
    }
    if let Some(id) = id.filter(|_| absent(&members, "messageId")) {
        members.push(("messageId".into(), Json::Text(id.into())));
    }
    for (name, value) in [("sentAt", around.sent_at), ("context", around.context)] {
        if let Some(value) = value.filter(|_| absent(&members, name)) {
            members.push((name.into(), value.json.clone()));
        }
    }
    Record { format: RecordFormat::SegmentMessage, key, json: Json::Object(members).to_string() }
}

/// A message with what all kinds have in common.
struct Message<'m> {
    node: &'m Node<'m>,
    endpoint: Endpoint,
    around: Surroundings<'m>,
    context: Option<Node<'m>>,
    id: String,
    /// The moment corrected by the client's clock.
    at: Micros,
    subject: SubjectId,
    personal: Personal,
}

/// Takes a message, and notes what it says of being followed itself.
fn take(intake: &Intake<'_>, endpoint: Endpoint, node: &Node<'_>, around: Surroundings<'_>, taken: &mut Taken) {
    let (facts, quarantined) = (taken.facts.len(), taken.quarantined.len());
    take_message(intake, endpoint, node, around, taken);
    let context = node.get("context").or(around.context);
    let consent = context.and_then(|context| context.json.get("consent")?.get("categoryPreferences").map(Json::to_map));
    if let Some(said) = consent.as_ref().and_then(preference) {
        taken.said.facts.extend(taken.facts[facts..].iter().map(|fact| (fact.id, said)));
        taken.said.quarantined.extend((quarantined..taken.quarantined.len()).map(|place| (place, said)));
    }
}

fn take_message(intake: &Intake<'_>, endpoint: Endpoint, node: &Node<'_>, around: Surroundings<'_>, taken: &mut Taken) {
    let mut problems = Problems::default();
    let context = node.get("context").or(around.context);
    let user = node.id("userId", &mut problems);
    let anonymous = node.id("anonymousId", &mut problems);
    let id = node.id("messageId", &mut problems).unwrap_or_else(|| intake.ids.uuid(intake.received_at).to_string());
    let sent_at =
        node.get("sentAt").or(around.sent_at).and_then(|node| node.loose(&[])).and_then(|text| moment_of(&text));
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
    let personal = person::personal(intake, node, context.as_ref(), user.as_deref(), anonymous.as_deref());
    let subject = intake.subject(&personal, &id);
    let message = Message { node, endpoint, around, context, id, at, subject, personal };
    if let Some(problem) = problems.into_first() {
        message.keep_apart(intake, problem, taken);
        return;
    }
    match endpoint {
        Endpoint::Alias => alias(intake, &message, user.or(anonymous), taken),
        Endpoint::Track => track(intake, message, taken),
        _ => {
            if let Some(body) = fact_body(intake, &message, taken) {
                message.take(intake, body, taken);
            }
        }
    }
}

impl Message<'_> {
    fn take(self, intake: &Intake<'_>, body: FactBody, taken: &mut Taken) {
        let doubt = intake.doubt_moment(self.node.pointer_to("timestamp"), self.at);
        let (node, endpoint, around, id) = (self.node, self.endpoint, self.around, self.id.clone());
        let fact = intake.fact(self.subject, self.id, ONCE.to_owned(), self.at, body, self.personal);
        taken.add_record(intake, fact, &node.pointer_to("messageId"), doubt, || {
            record_of(intake, Some(endpoint), node, Some(&id), around)
        });
    }

    /// The message by itself.
    fn record(&self, intake: &Intake<'_>) -> Record {
        record_of(intake, Some(self.endpoint), self.node, Some(&self.id), self.around)
    }

    fn keep_apart(&self, intake: &Intake<'_>, problem: Problem, taken: &mut Taken) {
        taken.keep_apart(intake, problem, self.record(intake), &self.personal);
    }

    fn quarantine(&self, intake: &Intake<'_>, key: &str, message: &str, remedy: &str, taken: &mut Taken) {
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        let problem = Problem { pointer: self.node.pointer_to(key), message, remedy };
        self.keep_apart(intake, problem, taken);
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

fn fact_body(intake: &Intake<'_>, message: &Message<'_>, taken: &mut Taken) -> Option<FactBody> {
    let node = message.node;
    let text = |key: &str| node.loose(&[key]).map(|text| text.chars().take(500).collect::<String>());
    Some(match message.endpoint {
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
                message.quarantine(intake, "groupId", "'groupId' is missing", "send the id of the group", taken);
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
        message.quarantine(intake, "event", "'event' is missing", "send the name of the event", taken);
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
        message.quarantine(intake, "previousId", "'previousId' is missing", "send the id that the person had", taken);
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
        let fact = intake.fact(message.subject, id, ONCE.to_owned(), message.at, body, message.personal.clone());
        taken.add_record(intake, fact, &message.node.pointer_to("messageId"), doubt, || message.record(intake));
    }
}
