//! Customer-lifetime-value models: arrays in, arrays out.
//!
//! The crate knows nothing of files, databases or money formats, and can be used without the rest of the product.

mod bg_family;
mod error;
pub mod matrix;
mod mixing;
pub mod optimise;
mod pareto_nbd;
pub mod purchase;
mod purchase_fit;
pub mod quadrature;
mod sampling;
pub mod special;
mod summary;
