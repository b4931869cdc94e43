//! `minor_units(amount, currency)`: an amount in major units as whole minor units, rounded half to even.

use std::sync::Arc;

use clove_core::Currency;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// Whole minor units of amounts in major units; nothing if the column holds no numbers.
pub(crate) fn minor_units_of(array: &ArrayRef, currency: Currency) -> Option<Vec<i64>> {
    let scale = currency.minor_per_major() as f64;
    Some(match array.data_type() {
        DataType::Decimal128(_, decimals) => {
            let places = i32::from(*decimals) - currency.exponent() as i32;
            let factor = 10_f64.powi(-places);
            let values = array.as_primitive::<Decimal128Type>().values();
            values.iter().map(|&value| (value as f64 * factor).round_ties_even() as i64).collect()
        }
        kind if kind.is_integer() => {
            let whole = cast(array, &DataType::Int64).ok()?;
            whole.as_primitive::<Int64Type>().values().iter().map(|&value| value * scale as i64).collect()
        }
        kind if kind.is_floating() => {
            let wide = cast(array, &DataType::Float64).ok()?;
            let values = wide.as_primitive::<Float64Type>().values();
            values.iter().map(|&value| (value * scale).round_ties_even() as i64).collect()
        }
        _ => return None,
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct MinorUnits {
    signature: Signature,
}

impl MinorUnits {
    pub(crate) fn new() -> MinorUnits {
        MinorUnits { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for MinorUnits {
    fn name(&self) -> &'static str {
        "minor_units"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [amounts, ColumnarValue::Scalar(ScalarValue::Utf8(Some(code)))] = arguments.args.as_slice() else {
            return exec_err!("minor_units takes an amount and the code of a currency");
        };
        let Ok(currency) = code.parse::<Currency>() else { return exec_err!("'{code}' is no currency") };
        let amounts = amounts.to_array(arguments.number_rows)?;
        let Some(minor) = minor_units_of(&amounts, currency) else {
            return exec_err!("minor_units takes an amount, not {}", amounts.data_type());
        };
        Ok(ColumnarValue::Array(Arc::new(Int64Array::new(minor.into(), amounts.nulls().cloned()))))
    }
}
