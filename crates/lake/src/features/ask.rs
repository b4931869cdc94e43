//! The features by SQL: for order tables of many files, on a cluster.

use clove_core::{Currency, Day};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int32Type, Int64Type};
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::prelude::ParquetReadOptions;

use super::FeatureColumns;
use super::output::{CustomerFeatures, Features};
use crate::engine::Lake;
use crate::error::LakeError;
use crate::functions::SUMMARY_PARTS;
use crate::words::sql_error;

/// The name of the order table in the SQL.
const TABLE: &str = "feature_orders";

/// Reads an order table from Parquet files (paths, folders, patterns, URLs of object stores) with the lake's engine, and computes
/// the features: the same as [`super::of_parquet`] of one file with all rows.
///
/// # Errors
/// If a file cannot be read or lacks a column.
pub fn of_files(
    lake: &Lake,
    files: &[String],
    columns: &FeatureColumns,
    currency: Currency,
    as_of: Option<Day>,
) -> Result<Features, LakeError> {
    let named = files.join(", ");
    let wrong =
        |message: &dyn std::fmt::Display| LakeError::Files { files: named.clone(), message: message.to_string() };
    let session = lake.session();
    let known = lake.block_on(async {
        let frame = session.read_parquet(files.to_vec(), ParquetReadOptions::default()).await?;
        let names: Vec<String> = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
        session.deregister_table(TABLE)?;
        session.register_table(TABLE, frame.into_view())?;
        Ok::<_, DataFusionError>(names)
    });
    let known = known.map_err(|error| wrong(&error.strip_backtrace()))?;
    let has = |name: &str| known.iter().any(|other| other == name);
    for name in [&columns.customer, &columns.time, &columns.amount] {
        if !has(name) {
            return Err(wrong(&format!("there is no column '{name}'; the files have: {}", known.join(", "))));
        }
    }
    let discount = has(&columns.discount).then_some(columns.discount.as_str());
    let (schema, batches) = lake.batches(&text(columns, discount, currency, as_of), SQLOptions::new())?;
    let texts = !schema.field(0).data_type().is_integer();
    let mut rows = Rows { texts, ..Rows::default() };
    for batch in &batches {
        rows.add(batch)
            .map_err(|column| wrong(&format!("column '{column}' has empty cells, or none of the kind expected")))?;
    }
    session.deregister_table(TABLE).map_err(|error| sql_error(&error))?;
    let last = rows.customers.iter().map(|customer| customer.last_day).max();
    let as_of = as_of.unwrap_or(Day(last.map_or(0, |day| day.0 + 1)));
    Ok(Features::sorted(currency, as_of, rows.customers, texts.then_some(rows.names)))
}

/// The question. Empty cells are counted, not skipped.
fn text(columns: &FeatureColumns, discount: Option<&str>, currency: Currency, as_of: Option<Day>) -> String {
    let name = |column: &str| format!("\"{}\"", column.replace('"', "\"\""));
    let money = |column: &str| format!("minor_units({}, '{}')", name(column), currency.code());
    let discount = discount.map_or_else(|| "cast(0 as bigint)".to_owned(), money);
    let until = as_of.map_or_else(String::new, |day| format!("where day is null or day <= {}", day.0));
    format!(
        "select customer, clv_summary(day, amount) as summary, count(*) as orders, \
           sum(case when discount > 0 then 1 else 0 end) as discounted_orders, sum(discount) as discount_total, \
           count(*) - count(day) as without_time, count(*) - count(amount) as without_amount, \
           count(*) - count(discount) as without_discount \
         from (select {} as customer, epoch_day({}) as day, {} as amount, {discount} as discount from {TABLE}) as o \
         {until} group by customer",
        name(&columns.customer),
        name(&columns.time),
        money(&columns.amount),
    )
}

#[derive(Default)]
struct Rows {
    texts: bool,
    customers: Vec<CustomerFeatures>,
    names: Vec<String>,
}

impl Rows {
    /// Adds rows, or names the column that is at fault.
    fn add(&mut self, batch: &RecordBatch) -> Result<(), &'static str> {
        let number = |index: usize, name: &'static str| -> Result<ArrayRef, &'static str> {
            cast(batch.column(index), &DataType::Int64).map_err(|_| name)
        };
        for (index, name) in [(5, "ordered_at"), (6, "amount"), (7, "discount")] {
            if number(index, name)?.as_primitive::<Int64Type>().values().iter().any(|&empty| empty > 0) {
                return Err(name);
            }
        }
        let ids = batch.column(0);
        if ids.null_count() > 0 {
            return Err("customer_id");
        }
        let wanted = if self.texts { DataType::Utf8 } else { DataType::Int64 };
        let ids = cast(ids, &wanted).map_err(|_| "customer_id")?;
        let summary = batch.column(1).as_struct_opt().ok_or("amount")?;
        let part = |index: usize| summary.column_by_name(SUMMARY_PARTS[index]).ok_or("amount");
        let (first_day, last_day) = (part(0)?.as_primitive::<Int32Type>(), part(1)?.as_primitive::<Int32Type>());
        let (days, total) = (part(2)?.as_primitive::<Int64Type>(), part(3)?.as_primitive::<Int64Type>());
        let first_day_amount = part(4)?.as_primitive::<Int64Type>();
        let (orders, discounted, discounts) = (number(2, "amount")?, number(3, "discount")?, number(4, "discount")?);
        let (orders, discounted) = (orders.as_primitive::<Int64Type>(), discounted.as_primitive::<Int64Type>());
        let discounts = discounts.as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let customer = if self.texts {
                self.names.push(ids.as_string::<i32>().value(row).to_owned());
                self.names.len() as i64 - 1
            } else {
                ids.as_primitive::<Int64Type>().value(row)
            };
            self.customers.push(CustomerFeatures {
                customer,
                first_day: Day(first_day.value(row)),
                last_day: Day(last_day.value(row)),
                days: days.value(row) as u32,
                orders: orders.value(row) as u32,
                discounted_orders: discounted.value(row) as u32,
                total: total.value(row),
                first_day_amount: first_day_amount.value(row),
                discount_total: discounts.value(row),
            });
        }
        Ok(())
    }
}
