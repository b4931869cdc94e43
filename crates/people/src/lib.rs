#![doc = include_str!("../README.md")]

pub mod identity;

pub use identity::{Identity, IdentityOptions, Merge, resolve};

/// Every SQL text of this crate, for the test that prepares them on both engines.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    [identity::live::STATEMENTS].concat()
}
