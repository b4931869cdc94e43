//! From the engine's result batches to plain tables.

use clove_core::{Day, Table, Values};
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::{cast, concat};
use datafusion::arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, Schema};
use datafusion::arrow::record_batch::RecordBatch;

use crate::error::LakeError;

/// Decimals that floats of an unknown meaning are shown with.
const FLOAT_DECIMALS: u8 = 4;

/// All batches as one table; column names are made unique where the SQL repeats them.
pub(crate) fn to_table(schema: &Schema, batches: &[RecordBatch]) -> Result<Table, LakeError> {
    let mut table = Table::new();
    for (index, field) in schema.fields().iter().enumerate() {
        let mut name = field.name().clone();
        while table.column(&name).is_some() {
            name.push('_');
        }
        let parts: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(index).as_ref()).collect();
        let values = if parts.is_empty() {
            values_of(&name, &datafusion::arrow::array::new_empty_array(field.data_type()))?
        } else {
            let whole = concat(&parts).map_err(|error| LakeError::Sql(error.to_string()))?;
            values_of(&name, &whole)?
        };
        table = table.with(&name, values);
    }
    Ok(table)
}

fn values_of(name: &str, array: &ArrayRef) -> Result<Values, LakeError> {
    let unknown = || LakeError::ResultType { column: name.to_owned(), data_type: array.data_type().to_string() };
    let as_type = |wanted: &DataType| cast(array, wanted).map_err(|_| unknown());
    Ok(match array.data_type() {
        DataType::Null => Values::Text(vec![None; array.len()]),
        DataType::Boolean => Values::Bool(array.as_boolean().iter().collect()),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Values::Int(as_type(&DataType::Int64)?.as_primitive::<Int64Type>().iter().collect()),
        DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Decimal128(_, _) => {
            Values::Float(as_type(&DataType::Float64)?.as_primitive::<Float64Type>().iter().collect(), FLOAT_DECIMALS)
        }
        DataType::Date32 | DataType::Date64 => Values::Date(
            as_type(&DataType::Date32)?.as_primitive::<Date32Type>().iter().map(|day| day.map(Day)).collect(),
        ),
        DataType::Dictionary(_, values) => values_of(name, &as_type(values)?)?,
        _ => texts(&as_type(&DataType::Utf8)?),
    })
}

fn texts(array: &ArrayRef) -> Values {
    Values::Text(array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
}
