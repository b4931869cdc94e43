//! Customer-lifetime-value models: arrays in, arrays out.
//!
//! The crate knows nothing of files, databases or money formats, and can be used without the rest of the product.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod accuracy;
pub mod backtest;
pub mod bdw;
pub mod bg_bb;
mod bg_family;
pub mod blend;
pub mod candidate;
pub mod contract;
pub mod customer_outcome;
pub mod distribution;
mod error;
pub mod forecast;
pub mod gamma_gamma;
pub mod history;
pub mod interval;
pub mod matrix;
mod mixing;
pub mod optimise;
pub mod outcome;
mod pareto_nbd;
pub mod purchase;
mod purchase_fit;
pub mod quadrature;
pub mod ranker;
mod sampling;
pub mod sbg;
pub mod score;
pub mod select;
mod series;
pub mod shock;
pub mod special;
pub mod status;
mod summary;
pub mod window;
