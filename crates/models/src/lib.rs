//! Customer lifetime value models: the mathematics only, no input or output.

pub mod matrix;
pub mod optimise;
