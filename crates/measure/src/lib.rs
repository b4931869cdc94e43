//! What customers are worth: histories, values, forecasts, back-tests.

pub mod affinity;
pub mod answer;
pub mod backtest;
pub mod cohorts;
pub mod concentration;
pub mod fitting;
pub mod headlines;
pub mod health;
pub mod history;
pub mod kpis;
pub mod ledger;
pub mod lifecycle;
pub mod order_values;
pub mod payback;
pub mod purchase_days;
pub mod repeat;
pub mod rfm;
pub mod segments;
pub mod spend;
pub mod survival;
pub mod thresholds;
pub mod value;
