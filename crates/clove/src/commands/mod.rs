//! One file per subcommand.

pub mod affinity;
mod answers;
pub mod backtest;
pub mod check;
pub mod clv;
mod clv_summary;
pub mod cohorts;
pub mod compare;
mod customer_rows;
pub mod demo;
pub mod explain;
pub mod features;
pub mod forget;
pub mod kpis;
pub mod lifecycle;
pub mod models;
pub mod payback;
pub mod rebuild;
pub mod refit;
pub mod repeat;
pub mod rfm;
pub mod segments;
pub mod serve;
pub mod simple;
pub mod sql;
mod store;
