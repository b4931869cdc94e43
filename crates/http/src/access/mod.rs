//! Who is calling, and what they may do: programs with API keys, people with sessions.
//!
//! A key is shown once and kept as a hash. `clove_<id>_<secret>`: the id finds the row, the secret proves it. A session is a
//! random token in a cookie, kept as a hash too; it belongs to a user, or to the holder of a key on the same machine.

mod caller;
pub mod cookie;
mod identify;
mod keys;
pub mod password;
mod role;
mod scope;
pub mod session;
mod throttle;
pub mod users;

pub use caller::{Caller, Identity};
pub use identify::{Identified, authenticate, identify};
pub use keys::{ApiKey, KeyRing, NewKey};
pub use role::Role;
pub use scope::Scope;
pub use users::User;

/// Every SQL text of this module.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    [keys::STATEMENTS, session::STATEMENTS, throttle::STATEMENTS, users::STATEMENTS].concat()
}
