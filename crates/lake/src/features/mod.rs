//! Features of every customer in one pass over an order file: days, recency, value, discounts, seven flags.
//!
//! Definition (simpler than the named segments, meant for exports and for timing engines side by side): day = UTC date of
//! the order; frequency = days with orders - 1; recency = last day - first day; `t` = as-of - first day; monetary = mean
//! value of the orders after the first day per day; flags compare totals and values per order with the 90 % quantiles of
//! all customers. Rows may come in any order. Amounts are summed as whole minor units, so the result does not depend on it.

mod aggregate;
mod ask;
mod input;
mod output;

use std::path::Path;

use clove_core::{Currency, Day, Persons, ShopData};

pub use aggregate::{Aggregator, Customers, OrderBatch};
pub use ask::of_files;
pub use input::FeatureColumns;
pub use output::{Checksums, CustomerFeatures, Features};

use crate::error::LakeError;

/// Reads an order table from a Parquet file, column by column, and computes the features.
///
/// The file is read a second time, two columns of it, if a customer's rows are not in time order. Without an `as_of`, it is
/// the day after the last order.
///
/// # Errors
/// If the file cannot be read or lacks a column.
pub fn of_parquet(
    path: &Path,
    columns: &FeatureColumns,
    currency: Currency,
    as_of: Option<Day>,
) -> Result<Features, LakeError> {
    let file = input::OrderFile::open(path, columns, currency)?;
    let mut aggregator = Aggregator::new(file.customer_range(), file.rows(), as_of);
    file.for_each_batch(true, |batch| aggregator.add(batch))?;
    if aggregator.needs_days() {
        file.for_each_batch(false, |batch| aggregator.add_days(batch))?;
        aggregator.count_days();
    }
    Ok(aggregator.finish(currency, as_of))
}

/// Whether a Parquet file has the columns that [`of_parquet`] needs.
pub fn has_columns(path: &Path, columns: &FeatureColumns) -> bool {
    input::OrderFile::open(path, columns, Currency::EUR).is_ok()
}

/// Computes the features from a shop's orders that count; a customer is a person, the amount is the placed value.
///
/// # Errors
/// None today; the signature leaves room for shops that do not fit memory.
pub fn of_shop(shop: &ShopData, persons: &Persons, as_of: Option<Day>) -> Result<Features, LakeError> {
    let orders = &shop.orders;
    let counted: Vec<usize> =
        (0..orders.len()).filter(|&order| orders.exclusion[order] == clove_core::Exclusion::None).collect();
    let customers: Vec<i64> = counted.iter().map(|&order| i64::from(persons.of_order[order])).collect();
    let days: Vec<i32> = counted.iter().map(|&order| orders.day[order].0).collect();
    let amounts: Vec<i64> = counted.iter().map(|&order| orders.placed_of(order)).collect();
    let discounts: Vec<i64> = counted.iter().map(|&order| orders.discount_of(order)).collect();
    let range = Some((0, persons.len().saturating_sub(1) as i64));
    let mut aggregator = Aggregator::new(range, counted.len(), as_of);
    let batch = || OrderBatch {
        customers: Customers::Integers(&customers),
        days: &days,
        amounts: &amounts,
        discounts: &discounts,
    };
    aggregator.add(&batch());
    if aggregator.needs_days() {
        aggregator.add_days(&batch());
        aggregator.count_days();
    }
    let mut features = aggregator.finish(shop.currency, as_of);
    features.name_customers(|person| persons.label(person as u32, orders).into_owned());
    Ok(features)
}
