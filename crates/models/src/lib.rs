//! Customer-lifetime-value models: arrays in, arrays out.
//!
//! The crate knows nothing of files, databases or money formats, and can be used without the rest of the product.

pub mod accuracy;
mod bg_family;
pub mod distribution;
mod error;
pub mod gamma_gamma;
pub mod interval;
pub mod matrix;
mod mixing;
pub mod optimise;
pub mod outcome;
mod pareto_nbd;
pub mod purchase;
mod purchase_fit;
pub mod quadrature;
mod sampling;
pub mod special;
pub mod status;
mod summary;
