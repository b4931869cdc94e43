//! Identity: which orders and subjects belong to one person. Over files ([`resolve`]) and live ([`live`]), by the same rules:
//! handles seen together are one person, unless too many different customers share one.

mod files;
pub mod live;

pub use files::{Identity, Merge, resolve};

/// What identity may do.
#[derive(Debug, Clone)]
pub struct IdentityOptions {
    /// A handle met together with more than this many distinct handles of another kind joins nothing.
    pub shared_handle_limit: u32,
}

impl Default for IdentityOptions {
    fn default() -> Self {
        IdentityOptions { shared_handle_limit: 20 }
    }
}
