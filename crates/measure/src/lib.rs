//! What customers are worth: histories, values, forecasts, back-tests.

pub mod backtest;
pub mod health;
pub mod history;
pub mod order_values;
pub mod purchase_days;
pub mod thresholds;
pub mod value;
