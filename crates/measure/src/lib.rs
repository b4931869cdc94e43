//! What customers are worth: histories, values, forecasts, back-tests.

pub mod health;
pub mod history;
pub mod order_values;
pub mod thresholds;
