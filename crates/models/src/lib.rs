//! Customer-lifetime-value models: arrays in, arrays out.
//!
//! The crate knows nothing of files, databases or money formats, and can be used without the rest of the product.

pub mod accuracy;
pub mod bdw;
pub mod bg_bb;
pub mod contract;
pub mod distribution;
pub mod gamma_gamma;
pub mod interval;
pub mod matrix;
pub mod optimise;
pub mod outcome;
pub mod quadrature;
pub mod sbg;
mod series;
pub mod special;
pub mod status;
