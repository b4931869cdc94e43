//! What users may do: roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Scope;

/// The role of a user. Each stands for scopes; `docs/api.md` has the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything. Only owners make owners, and keys that may do everything.
    Owner,
    /// Everything but what is kept for owners.
    Admin,
    /// Campaigns and segments: reads figures and customers, and changes customers.
    Marketing,
    /// Helps customers: reads and changes them.
    Support,
    /// Reads figures and customers, changes nothing.
    Analyst,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 5] = [Role::Owner, Role::Admin, Role::Marketing, Role::Support, Role::Analyst];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Marketing => "marketing",
            Role::Support => "support",
            Role::Analyst => "analyst",
        }
    }

    /// What it may do.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Role::Owner | Role::Admin => &[Scope::Admin],
            Role::Marketing | Role::Support => &[Scope::Read, Scope::People],
            Role::Analyst => &[Scope::Read],
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Role, String> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| format!("'{text}' is no role; there are owner, admin, marketing, support, analyst"))
    }
}
