//! `epoch_day(moment)`: the UTC day of a date or moment, in days since 1970.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Days since 1970 of dates or moments; nothing if the column holds neither.
pub(crate) fn days_of(array: &ArrayRef) -> Option<Vec<i32>> {
    let per_day = match array.data_type() {
        DataType::Date32 => return Some(array.as_primitive::<Date32Type>().values().to_vec()),
        DataType::Timestamp(TimeUnit::Second, _) => 86_400,
        DataType::Timestamp(TimeUnit::Millisecond, _) => DAY_MICROSECONDS / 1_000,
        DataType::Timestamp(TimeUnit::Microsecond, _) => DAY_MICROSECONDS,
        DataType::Timestamp(TimeUnit::Nanosecond, _) => DAY_MICROSECONDS * 1_000,
        _ => return None,
    };
    let moments = cast(array, &DataType::Int64).ok()?;
    Some(moments.as_primitive::<Int64Type>().values().iter().map(|&at| at.div_euclid(per_day) as i32).collect())
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct EpochDay {
    signature: Signature,
}

impl EpochDay {
    pub(crate) fn new() -> EpochDay {
        EpochDay { signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for EpochDay {
    fn name(&self) -> &'static str {
        "epoch_day"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int32)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let [moments] = arrays.as_slice() else { return exec_err!("epoch_day takes a date or moment") };
        let Some(days) = days_of(moments) else {
            return exec_err!("epoch_day takes a date or moment, not {}", moments.data_type());
        };
        Ok(ColumnarValue::Array(Arc::new(Int32Array::new(days.into(), moments.nulls().cloned()))))
    }
}
