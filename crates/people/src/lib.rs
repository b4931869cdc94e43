#![doc = include_str!("../README.md")]

pub mod api;
pub mod consent;
pub mod identity;
pub mod privacy;
pub mod profile;
mod rows;
pub mod timeline;
mod touched;

pub use identity::{Identity, IdentityOptions, Merge, resolve};

/// Every SQL text of this crate, for the test that prepares them on both engines.
pub fn sql_texts() -> Vec<clove_store::SqlText> {
    [identity::live::STATEMENTS, profile::STATEMENTS, consent::STATEMENTS, timeline::STATEMENTS, privacy::STATEMENTS]
        .concat()
}
