//! The features of all customers: quantiles, flags, checksums, and the Parquet file.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use clove_core::{Currency, Day, Minor, Table, Values};
use datafusion::arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::error::LakeError;

/// Rows that are turned into columns and written at a time.
const ROWS_PER_BATCH: usize = 65_536;

/// What one pass over the orders tells of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerFeatures {
    /// The id, or its number in the list of names.
    pub customer: i64,
    /// Day of the first order.
    pub first_day: Day,
    /// Day of the last order.
    pub last_day: Day,
    /// Days with orders.
    pub days: u32,
    /// Orders.
    pub orders: u32,
    /// Orders with a discount.
    pub discounted_orders: u32,
    /// Sum of amounts.
    pub total: Minor,
    /// Sum of amounts on the first day.
    pub first_day_amount: Minor,
    /// Sum of discounts.
    pub discount_total: Minor,
}

impl CustomerFeatures {
    /// Days with orders after the first.
    pub fn frequency(&self) -> u32 {
        self.days - 1
    }

    /// Mean amount of the days after the first, in minor units; 0 without any.
    pub fn monetary(&self) -> f64 {
        match self.frequency() {
            0 => 0.0,
            repeats => (self.total - self.first_day_amount) as f64 / f64::from(repeats),
        }
    }

    /// Mean amount of an order, in minor units.
    pub fn average_order(&self) -> f64 {
        self.total as f64 / f64::from(self.orders)
    }

    fn discount_share(&self) -> f64 {
        f64::from(self.discounted_orders) / f64::from(self.orders)
    }
}

/// The features of all customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// The currency of the amounts.
    pub currency: Currency,
    /// The day that ages are told at.
    pub as_of: Day,
    /// One entry per customer, in the order of their ids where they come from order tables.
    pub customers: Vec<CustomerFeatures>,
    /// 90 % quantile of totals, in minor units.
    pub p90_total: f64,
    /// 90 % quantile of values per order, in minor units.
    pub p90_average_order: f64,
    names: Option<Vec<String>>,
}

/// Sums over all customers, to compare engines by. Amounts are in major units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Checksums {
    /// Customers.
    pub rows: u64,
    /// Sum of frequencies.
    pub frequency: u64,
    /// Sum of recencies in days.
    pub recency: i64,
    /// Sum of ages in days.
    pub age: i64,
    /// Sum of monetary values.
    pub monetary: f64,
    /// Sum of totals.
    pub total: f64,
    /// Customers per flag, in the order of [`Features::FLAGS`].
    pub flags: [u64; 7],
}

impl Features {
    /// The flags, in the order in which they are told.
    pub const FLAGS: [&'static str; 7] =
        ["first_time", "big_spender", "full_price", "discount_shopper", "regular", "high_aov", "vip"];

    pub(crate) fn new(
        currency: Currency,
        as_of: Day,
        customers: Vec<CustomerFeatures>,
        names: Option<Vec<String>>,
    ) -> Features {
        let p90_total = quantile(customers.iter().map(|customer| customer.total as f64).collect(), 0.9);
        let p90_average_order = quantile(customers.iter().map(CustomerFeatures::average_order).collect(), 0.9);
        Features { currency, as_of, customers, p90_total, p90_average_order, names }
    }

    /// As [`Features::new`], with the customers in the order of their ids: numbers by size, texts by their bytes.
    pub(crate) fn sorted(
        currency: Currency,
        as_of: Day,
        mut customers: Vec<CustomerFeatures>,
        mut names: Option<Vec<String>>,
    ) -> Features {
        match &mut names {
            Some(names) => {
                let name = |customer: &CustomerFeatures| names[customer.customer as usize].as_str();
                customers.sort_unstable_by(|one, other| name(one).cmp(name(other)));
                let sorted = customers.iter().map(|one| std::mem::take(&mut names[one.customer as usize])).collect();
                *names = sorted;
                for (number, customer) in customers.iter_mut().enumerate() {
                    customer.customer = number as i64;
                }
            }
            None => customers.sort_unstable_by_key(|customer| customer.customer),
        }
        Features::new(currency, as_of, customers, names)
    }

    pub(crate) fn name_customers(&mut self, name: impl Fn(i64) -> String) {
        let names = self.customers.iter().map(|customer| name(customer.customer)).collect();
        for (number, customer) in self.customers.iter_mut().enumerate() {
            customer.customer = number as i64;
        }
        self.names = Some(names);
    }

    /// The customer's name where ids are texts.
    pub fn name(&self, customer: &CustomerFeatures) -> Option<&str> {
        self.names.as_ref().map(|names| names[customer.customer as usize].as_str())
    }

    /// The flags of a customer, in the order of [`Features::FLAGS`].
    pub fn flags(&self, customer: &CustomerFeatures) -> [bool; 7] {
        let since_last = self.as_of.since(customer.last_day);
        let big_spender = customer.total as f64 >= self.p90_total;
        [
            customer.orders == 1,
            big_spender,
            customer.discounted_orders == 0,
            2 * customer.discounted_orders >= customer.orders,
            customer.days >= 3 && since_last <= 90,
            customer.average_order() >= self.p90_average_order,
            big_spender && customer.days >= 5 && since_last <= 180,
        ]
    }

    /// The checksums.
    pub fn checksums(&self) -> Checksums {
        let scale = self.currency.minor_per_major() as f64;
        let mut sums = Checksums {
            rows: self.customers.len() as u64,
            frequency: 0,
            recency: 0,
            age: 0,
            monetary: 0.0,
            total: 0.0,
            flags: [0; 7],
        };
        let mut total: i128 = 0;
        for customer in &self.customers {
            sums.frequency += u64::from(customer.frequency());
            sums.recency += i64::from(customer.last_day.since(customer.first_day));
            sums.age += i64::from(self.as_of.since(customer.first_day));
            sums.monetary += customer.monetary();
            total += i128::from(customer.total);
            for (sum, flag) in sums.flags.iter_mut().zip(self.flags(customer)) {
                *sum += u64::from(flag);
            }
        }
        sums.monetary /= scale;
        sums.total = total as f64 / scale;
        sums
    }

    /// The features as a table; for small shops and terminals.
    pub fn table(&self) -> Table {
        let all = &self.customers;
        let int = |of: &dyn Fn(&CustomerFeatures) -> i64| Values::Int(all.iter().map(|one| Some(of(one))).collect());
        let money = |of: &dyn Fn(&CustomerFeatures) -> Minor| {
            Values::Money(all.iter().map(|one| Some(of(one))).collect(), self.currency)
        };
        let date = |of: fn(&CustomerFeatures) -> Day| Values::Date(all.iter().map(|one| Some(of(one))).collect());
        let id = match &self.names {
            Some(_) => Values::Text(all.iter().map(|one| self.name(one).map(str::to_owned)).collect()),
            None => int(&|one| one.customer),
        };
        let rounded = |value: f64| value.round_ties_even() as Minor;
        let mut table = Table::new()
            .with("customer_id", id)
            .with("frequency", int(&|one| i64::from(one.frequency())))
            .with("recency", int(&|one| i64::from(one.last_day.since(one.first_day))))
            .with("t", int(&|one| i64::from(self.as_of.since(one.first_day))))
            .with("days_since_last", int(&|one| i64::from(self.as_of.since(one.last_day))))
            .with("orders", int(&|one| i64::from(one.orders)))
            .with("days", int(&|one| i64::from(one.days)))
            .with("total", money(&|one| one.total))
            .with("monetary", money(&|one| rounded(one.monetary())))
            .with("aov", money(&|one| rounded(one.average_order())))
            .with("disc_total", money(&|one| one.discount_total))
            .with("share_disc", Values::Share(all.iter().map(|one| Some(one.discount_share())).collect()))
            .with("first_day", date(|one| one.first_day))
            .with("last_day", date(|one| one.last_day));
        for (index, flag) in Features::FLAGS.into_iter().enumerate() {
            table = table.with(flag, Values::Bool(all.iter().map(|one| Some(self.flags(one)[index])).collect()));
        }
        table
    }

    /// Writes the features as one Parquet file, some rows at a time. `total` and `disc_total` are whole minor units,
    /// `monetary` and `aov` minor units with decimals; the currency is in a column beside them. The file appears when it is whole.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_parquet(&self, path: &Path) -> Result<(), LakeError> {
        let failed = |error: &dyn std::fmt::Display| LakeError::file(path, &error.to_string());
        if path.exists() && !path.is_file() {
            // A pipe takes what comes.
            return self.write_to(File::create(path).map_err(|error| failed(&error))?).map_err(|error| failed(&error));
        }
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let written = File::create(&unfinished).map_err(|error| error.to_string()).and_then(|file| {
            self.write_to(file).map_err(|error| error.to_string())?;
            std::fs::rename(&unfinished, path).map_err(|error| error.to_string())
        });
        written.map_err(|message| {
            // What is left of it is of no use.
            let _ = std::fs::remove_file(&unfinished);
            failed(&message)
        })
    }

    fn write_to(&self, file: File) -> Result<(), ParquetError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_column_dictionary_enabled("currency".into(), true)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .build();
        let empty = self.batch(&[])?;
        let mut writer = ArrowWriter::try_new(file, empty.schema(), Some(properties))?;
        for customers in self.customers.chunks(ROWS_PER_BATCH) {
            writer.write(&self.batch(customers)?)?;
            if writer.in_progress_rows() >= 8 * ROWS_PER_BATCH {
                writer.flush()?;
            }
        }
        writer.close()?;
        Ok(())
    }

    fn batch(&self, customers: &[CustomerFeatures]) -> Result<RecordBatch, ArrowError> {
        let int = |of: &dyn Fn(&CustomerFeatures) -> i64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(customers.iter().map(of)))
        };
        let float = |of: &dyn Fn(&CustomerFeatures) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(customers.iter().map(of)))
        };
        let date = |of: &dyn Fn(&CustomerFeatures) -> Day| -> ArrayRef {
            Arc::new(Date32Array::from_iter_values(customers.iter().map(|one| of(one).0)))
        };
        let id: ArrayRef = match &self.names {
            Some(_) => Arc::new(customers.iter().map(|one| self.name(one)).collect::<StringArray>()),
            None => int(&|one| one.customer),
        };
        let currency: StringArray = customers.iter().map(|_| Some(self.currency.code())).collect();
        let flags: Vec<[bool; 7]> = customers.iter().map(|one| self.flags(one)).collect();
        let mut columns: Vec<(&str, ArrayRef)> = vec![
            ("customer_id", id),
            ("frequency", int(&|one| i64::from(one.frequency()))),
            ("recency", int(&|one| i64::from(one.last_day.since(one.first_day)))),
            ("t", int(&|one| i64::from(self.as_of.since(one.first_day)))),
            ("days_since_last", int(&|one| i64::from(self.as_of.since(one.last_day)))),
            ("orders", int(&|one| i64::from(one.orders))),
            ("days", int(&|one| i64::from(one.days))),
            ("total", int(&|one| one.total)),
            ("monetary", float(&CustomerFeatures::monetary)),
            ("aov", float(&CustomerFeatures::average_order)),
            ("disc_total", int(&|one| one.discount_total)),
            ("share_disc", float(&CustomerFeatures::discount_share)),
            ("first_day", date(&|one| one.first_day)),
            ("last_day", date(&|one| one.last_day)),
        ];
        for (index, name) in Features::FLAGS.into_iter().enumerate() {
            let flag: BooleanArray = flags.iter().map(|flags| Some(flags[index])).collect();
            columns.push((name, Arc::new(flag)));
        }
        columns.push(("currency", Arc::new(currency)));
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, false)))
    }
}

/// Quantile with linear interpolation; 0 of nothing.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let position = share * (values.len() - 1) as f64;
    let below = position.floor() as usize;
    let (_, &mut low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + (high - low) * (position - below as f64)
}
