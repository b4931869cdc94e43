//! Who bought: the part of an order or of a customer record that identifies a person.

use clove_core::Personal;
use serde::{Deserialize, Serialize};

use crate::sources::Intake;
use crate::sources::node::Node;
use crate::sources::person::{add_handle, contact};
use crate::sources::problem::Problems;

/// Who a customer is. Every field may be absent: an order without any is a guest of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// The source's id of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The visitor's id in the storefront.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number; with `+` and country code, else the order's country is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
}

/// Names of the fields.
pub(super) const FIELDS: [&str; 6] = ["id", "anonymous_id", "email", "phone", "first_name", "last_name"];

/// Reads the fields of a customer.
pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Customer {
    Customer {
        id: node.id("id", problems),
        anonymous_id: node.id("anonymous_id", problems),
        email: node.text("email", 320, problems),
        phone: node.text("phone", 60, problems),
        first_name: node.text("first_name", 200, problems),
        last_name: node.text("last_name", 200, problems),
    }
}

impl Customer {
    /// Handles and fields that identify, the e-mail address first: it is what sources have in common.
    pub(crate) fn personal(&self, intake: &Intake<'_>, country: Option<&str>) -> Personal {
        let mut personal =
            Personal { first_name: self.first_name.clone(), last_name: self.last_name.clone(), ..Personal::default() };
        contact(&mut personal, self.email.clone(), self.phone.clone(), country);
        if let Some(id) = &self.id {
            add_handle(&mut personal, intake.customer_handle(id));
        }
        if let Some(id) = &self.anonymous_id {
            add_handle(&mut personal, intake.anonymous_handle(id));
        }
        personal
    }
}
