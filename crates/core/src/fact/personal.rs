//! What identifies a person, kept apart from the log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
}
