//! Order tables in Parquet files, read column by column ahead of the aggregation.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

use clove_core::Currency;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::statistics::Statistics;

use super::aggregate::{Customers, OrderBatch};
use crate::error::LakeError;
use crate::functions::{days_of, minor_units_of};

/// Rows decoded at a time.
const BATCH_ROWS: usize = 65_536;
/// Batches decoded ahead.
const BATCHES_AHEAD: usize = 2;

/// The columns of an order table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureColumns {
    /// Who ordered: whole numbers or texts.
    pub customer: String,
    /// When: a timestamp or a date.
    pub time: String,
    /// Net amount in major units.
    pub amount: String,
    /// Discount in major units; a table without this column has none.
    pub discount: String,
}

impl Default for FeatureColumns {
    fn default() -> Self {
        FeatureColumns {
            customer: "customer_id".into(),
            time: "ordered_at".into(),
            amount: "amount".into(),
            discount: "discount".into(),
        }
    }
}

/// An open order table.
pub(crate) struct OrderFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    customer: usize,
    time: usize,
    amount: usize,
    discount: Option<usize>,
    currency: Currency,
}

/// One batch in plain vectors.
struct Decoded {
    customers: Ids,
    days: Vec<i32>,
    amounts: Vec<i64>,
    discounts: Vec<i64>,
}

enum Ids {
    Integers(Vec<i64>),
    Texts(String, Vec<usize>),
}

impl OrderFile {
    pub(crate) fn open(path: &Path, columns: &FeatureColumns, currency: Currency) -> Result<OrderFile, LakeError> {
        let file = File::open(path).map_err(|error| LakeError::file(path, &error))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| LakeError::file(path, &error))?;
        let names: Vec<String> = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        let find = |name: &str| names.iter().position(|known| known == name);
        let need = |name: &str| {
            let missing = format!("there is no column '{name}'; the file has: {}", names.join(", "));
            find(name).ok_or_else(|| LakeError::file(path, &missing))
        };
        Ok(OrderFile {
            customer: need(&columns.customer)?,
            time: need(&columns.time)?,
            amount: need(&columns.amount)?,
            discount: find(&columns.discount),
            path: path.to_owned(),
            metadata,
            currency,
        })
    }

    pub(crate) fn rows(&self) -> usize {
        self.metadata.metadata().file_metadata().num_rows() as usize
    }

    /// The smallest and largest customer id, if ids are whole numbers; without statistics, the widest range.
    pub(crate) fn customer_range(&self) -> Option<(i64, i64)> {
        if !self.metadata.schema().field(self.customer).data_type().is_integer() {
            return None;
        }
        let mut range: Option<(i64, i64)> = None;
        for group in self.metadata.metadata().row_groups() {
            let bounds = match group.column(self.customer).statistics() {
                Some(Statistics::Int64(numbers)) => numbers.min_opt().copied().zip(numbers.max_opt().copied()),
                Some(Statistics::Int32(numbers)) => {
                    numbers.min_opt().map(|&low| i64::from(low)).zip(numbers.max_opt().map(|&high| i64::from(high)))
                }
                _ => None,
            };
            let Some((low, high)) = bounds else { return Some((i64::MIN, i64::MAX)) };
            range = Some(range.map_or((low, high), |(least, most)| (least.min(low), most.max(high))));
        }
        Some(range.unwrap_or((0, 0)))
    }

    /// Decodes on a thread of its own while `take` sums. Without `amounts`, customers and days only.
    pub(crate) fn for_each_batch(&self, amounts: bool, mut take: impl FnMut(&OrderBatch<'_>)) -> Result<(), LakeError> {
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel::<Result<Decoded, LakeError>>(BATCHES_AHEAD);
            scope.spawn(move || {
                let sent = self.decode(amounts, |decoded| sender.send(Ok(decoded)).is_ok());
                if let Err(error) = sent {
                    // A receiver that is gone has met an error of its own and reports that one.
                    let _ = sender.send(Err(error));
                }
            });
            for decoded in receiver {
                let decoded = decoded?;
                let customers = match &decoded.customers {
                    Ids::Integers(ids) => Customers::Integers(ids),
                    Ids::Texts(text, ends) => Customers::Texts(text, ends),
                };
                take(&OrderBatch {
                    customers,
                    days: &decoded.days,
                    amounts: &decoded.amounts,
                    discounts: &decoded.discounts,
                });
            }
            Ok(())
        })
    }

    fn decode(&self, amounts: bool, mut send: impl FnMut(Decoded) -> bool) -> Result<(), LakeError> {
        let failed = |error: &dyn std::fmt::Display| LakeError::file(&self.path, &error.to_string());
        let file = File::open(&self.path).map_err(|error| failed(&error))?;
        let mut wanted = vec![self.customer, self.time];
        if amounts {
            wanted.push(self.amount);
            wanted.extend(self.discount);
        }
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
        let reader =
            builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(|error| failed(&error))?;
        wanted.sort_unstable();
        let place = |column: usize| wanted.iter().position(|&one| one == column);
        for batch in reader {
            let batch = batch.map_err(|error| failed(&error))?;
            let column = |index: usize| place(index).map(|place| batch.column(place));
            if !send(self.plain(&batch, &column)?) {
                break;
            }
        }
        Ok(())
    }

    fn plain<'b>(
        &self,
        batch: &RecordBatch,
        column: &dyn Fn(usize) -> Option<&'b ArrayRef>,
    ) -> Result<Decoded, LakeError> {
        let name = |index: usize| self.metadata.schema().field(index).name().clone();
        let wrong = |index: usize, what: &str| LakeError::file(&self.path, &format!("column '{}' {what}", name(index)));
        let take = |index: usize| {
            let array = column(index).ok_or_else(|| wrong(index, "was not read"))?;
            if array.null_count() > 0 {
                return Err(wrong(index, "has empty cells; read the file as a shop's orders instead"));
            }
            Ok(array)
        };
        let days = days_of(take(self.time)?).ok_or_else(|| wrong(self.time, "is neither a timestamp nor a date"))?;
        let customers =
            ids(take(self.customer)?).ok_or_else(|| wrong(self.customer, "is neither a whole number nor a text"))?;
        let money = |index: usize| -> Result<Vec<i64>, LakeError> {
            minor_units_of(take(index)?, self.currency).ok_or_else(|| wrong(index, "holds no numbers"))
        };
        let has_amounts = column(self.amount).is_some();
        let amounts = if has_amounts { money(self.amount)? } else { Vec::new() };
        let discounts = match self.discount.filter(|_| has_amounts) {
            Some(index) => money(index)?,
            None => Vec::new(),
        };
        assert_eq!(days.len(), batch.num_rows());
        Ok(Decoded { customers, days, amounts, discounts })
    }
}

fn ids(array: &ArrayRef) -> Option<Ids> {
    match array.data_type() {
        kind if kind.is_integer() => {
            let whole = cast(array, &DataType::Int64).ok()?;
            Some(Ids::Integers(whole.as_primitive::<Int64Type>().values().to_vec()))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(_, _) => {
            let texts = cast(array, &DataType::Utf8).ok()?;
            let texts = texts.as_string_opt::<i32>()?;
            let mut joined = String::with_capacity(texts.value_data().len());
            let mut ends = Vec::with_capacity(texts.len());
            for text in texts.iter().flatten() {
                joined.push_str(text);
                ends.push(joined.len());
            }
            Some(Ids::Texts(joined, ends))
        }
        _ => None,
    }
}
