//! One file per subcommand.

pub mod backtest;
pub mod check;
pub mod clv;
pub mod models;
pub mod simple;
