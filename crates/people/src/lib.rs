//! Identity: which orders belong to one person.

pub mod identity;

pub use identity::{Identity, IdentityOptions, Merge, resolve};
