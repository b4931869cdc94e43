//! What identifies a person, kept apart from the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::HashKey;
use crate::contact::{normal_email, normal_phone};
use crate::ids::SubjectId;

/// A name that a person has somewhere: (channel, scope, external id), such as (`shopify`, `my-shop`, `12345`) or
/// (`email`, ``, `ann@example.org`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle {
    /// `email`, `phone`, `anonymous`, `user`, `shopify`, `whatsapp`, ...
    pub channel: String,
    /// Within which system the external id is unique; empty where it is unique everywhere.
    pub scope: String,
    /// The normalised id: lower-case e-mail, E.164 phone, customer number, ...
    pub external_id: String,
}

impl Handle {
    /// The handle of an e-mail address; `None` if it is none.
    pub fn email(address: &str) -> Option<Handle> {
        Handle::of("email", "", &normal_email(address))
    }

    /// The handle of a phone number, best written with its country; `None` if it is none.
    pub fn phone(number: &str) -> Option<Handle> {
        Handle::of("phone", "", &normal_phone(number, None))
    }

    /// A handle of any channel in the form in which it is compared; `None` if nothing is left of it.
    pub fn new(channel: &str, scope: &str, external_id: &str) -> Option<Handle> {
        match channel {
            "email" => Handle::email(external_id),
            "phone" => Handle::phone(external_id),
            _ => Handle::of(channel, scope, external_id.trim()),
        }
    }

    fn of(channel: &str, scope: &str, external_id: &str) -> Option<Handle> {
        let filled = !channel.is_empty() && !external_id.is_empty();
        filled.then(|| Handle {
            channel: channel.to_owned(),
            scope: scope.to_owned(),
            external_id: external_id.to_owned(),
        })
    }

    /// How well it names one person: 0 an account, 1 an e-mail address, 2 a phone number, 3 a visitor.
    pub fn rank(&self) -> u8 {
        match self.channel.as_str() {
            "email" => 1,
            "phone" => 2,
            "anonymous" => 3,
            _ => 0,
        }
    }
}

/// Fields of a fact that identify a person. Deleted by erasure; everything else of the fact stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    /// Names that the fact came with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Handle>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone as it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Internet address of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    /// The client's program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Postal addresses, traits and free text: whatever else may identify.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Value>,
}

impl Personal {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Personal::default()
    }

    /// Every handle that the fields hold, in the form in which handles are compared, each once, the one that names a person best
    /// first. The fields `email` and `phone` count where `handles` has none of their channel.
    pub fn normal_handles(&self) -> Vec<Handle> {
        let mut handles: Vec<Handle> = self
            .handles
            .iter()
            .filter_map(|handle| Handle::new(&handle.channel, &handle.scope, &handle.external_id))
            .collect();
        let written = [("email", self.email.as_deref()), ("phone", self.phone.as_deref())];
        for (channel, text) in written {
            if !handles.iter().any(|handle| handle.channel == channel) {
                handles.extend(text.and_then(|text| Handle::new(channel, "", text)));
            }
        }
        handles.sort_by(|left, right| (left.rank(), left).cmp(&(right.rank(), right)));
        handles.dedup();
        handles
    }

    /// The subject to take a fact in under: that of the best handle. `None` without any handle: then the thing itself (the guest's
    /// order) is the subject.
    pub fn subject(&self, key: &HashKey) -> Option<SubjectId> {
        self.normal_handles().first().map(|handle| key.subject(handle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_normal_and_the_best_names_the_subject() {
        let handle = |channel: &str, external_id: &str| Handle {
            channel: channel.to_owned(),
            scope: String::new(),
            external_id: external_id.to_owned(),
        };
        let personal = Personal {
            handles: vec![handle("anonymous", "a-1"), handle("email", " Ann@X.it"), handle("email", "ann@x.it")],
            email: Some("other@x.it".to_owned()),
            phone: Some("+39 333 1234567".to_owned()),
            ..Personal::default()
        };
        let expected = [handle("email", "ann@x.it"), handle("phone", "+393331234567"), handle("anonymous", "a-1")];
        assert_eq!(personal.normal_handles(), expected);
        let key = HashKey::new([1; 32]);
        assert_eq!(personal.subject(&key), Some(key.subject(&expected[0])));
        assert_eq!(Personal::default().subject(&key), None);
    }
}
