//! One file per subcommand.

pub mod affinity;
mod answers;
pub mod backtest;
pub mod check;
pub mod clv;
pub mod cohorts;
mod customer_rows;
pub mod explain;
pub mod features;
pub mod kpis;
pub mod lifecycle;
pub mod models;
pub mod payback;
pub mod repeat;
pub mod rfm;
pub mod segments;
pub mod simple;
pub mod sql;
