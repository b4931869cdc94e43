//! Who is calling, and what they may do: API keys with scopes.
//!
//! A key is shown once and kept as a hash. `clove_<id>_<secret>`: the id finds the row, the secret proves it.

mod caller;
mod keys;
mod scope;

pub use caller::{Caller, authenticate};
pub use keys::{ApiKey, KeyRing, NewKey};
pub use scope::Scope;

/// Every SQL text of this module.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    keys::STATEMENTS.to_vec()
}
