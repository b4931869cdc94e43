//! `clv_summary(day, amount)`: what the models need of a customer, in one pass over orders in any order.
//!
//! Days are whole numbers (days since 1970), amounts whole minor units. The answer is a structure: first and last day, days
//! with orders, the sum of amounts, and the sum of amounts on the first day. Rows without a day or an amount are left out.
//! The state of a customer is the list of days and two sums: states of parts of the rows can be joined, so that
//! machines can share the work.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array, ListArray, StructArray,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, Int32Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility};
use smallvec::SmallVec;

/// Names of the answer's parts.
pub(crate) const PARTS: [&str; 5] = ["first_day", "last_day", "days", "total", "first_day_amount"];

#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct ClvSummary {
    signature: Signature,
}

impl ClvSummary {
    pub(crate) fn new() -> ClvSummary {
        ClvSummary { signature: Signature::exact(vec![DataType::Int32, DataType::Int64], Volatility::Immutable) }
    }
}

fn parts() -> Fields {
    let whole = [DataType::Int32, DataType::Int32, DataType::Int64, DataType::Int64, DataType::Int64];
    PARTS.iter().zip(whole).map(|(name, kind)| Field::new(*name, kind, true)).collect()
}

fn day_field() -> FieldRef {
    Arc::new(Field::new("item", DataType::Int32, false))
}

impl AggregateUDFImpl for ClvSummary {
    fn name(&self) -> &'static str {
        "clv_summary"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(parts()))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let field = |part: &str, kind| Arc::new(Field::new(format!("{}[{part}]", arguments.name), kind, true));
        Ok(vec![
            field("days", DataType::List(day_field())),
            field("total", DataType::Int64),
            field("first_day_amount", DataType::Int64),
        ])
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(OfAll(States::default())))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(States::default()))
    }
}

/// A customer so far.
#[derive(Debug, Default, Clone)]
struct State {
    /// Days with orders, each once, oldest first.
    days: SmallVec<[i32; 4]>,
    total: i64,
    first_day_amount: i64,
}

impl State {
    /// Adds orders of days, each once and oldest first, of which the first one has `first_day_amount`.
    fn add(&mut self, days: &[i32], total: i64, first_day_amount: i64) {
        let Some(&first) = days.first() else { return };
        self.total += total;
        match self.days.first() {
            Some(&known) if known < first => {}
            Some(&known) if known == first => self.first_day_amount += first_day_amount,
            _ => self.first_day_amount = first_day_amount,
        }
        for &day in days {
            match self.days.last() {
                Some(&last) if last >= day => {
                    if let Err(place) = self.days.binary_search(&day) {
                        self.days.insert(place, day);
                    }
                }
                _ => self.days.push(day),
            }
        }
    }
}

#[derive(Debug, Default)]
struct States(Vec<State>);

impl States {
    fn update(
        &mut self,
        values: &[ArrayRef],
        groups: impl Iterator<Item = usize>,
        takes: impl Fn(usize) -> bool,
    ) -> Result<()> {
        let [days, amounts] = values else { return exec_err!("clv_summary takes a day and an amount") };
        let (days, amounts) = (days.as_primitive::<Int32Type>(), amounts.as_primitive::<Int64Type>());
        for (row, group) in groups.enumerate() {
            if takes(row) && days.is_valid(row) && amounts.is_valid(row) {
                self.0[group].add(&[days.value(row)], amounts.value(row), amounts.value(row));
            }
        }
        Ok(())
    }

    fn merge(&mut self, values: &[ArrayRef], groups: impl Iterator<Item = usize>) -> Result<()> {
        let [days, totals, firsts] = values else { return exec_err!("a state of clv_summary has three parts") };
        let days = days.as_list::<i32>();
        let (totals, firsts) = (totals.as_primitive::<Int64Type>(), firsts.as_primitive::<Int64Type>());
        let all = days.values().as_primitive::<Int32Type>().values();
        let offsets = days.offsets();
        for (row, group) in groups.enumerate() {
            if days.is_valid(row) {
                let of_row = &all[offsets[row] as usize..offsets[row + 1] as usize];
                self.0[group].add(of_row, totals.value(row), firsts.value(row));
            }
        }
        Ok(())
    }
}

/// The answer of some customers; nothing of one without orders.
fn answers(states: &[State]) -> ArrayRef {
    let known: NullBuffer = states.iter().map(|state| !state.days.is_empty()).collect();
    let day = |of: fn(&State) -> Option<&i32>| -> ArrayRef {
        Arc::new(states.iter().map(|state| of(state).copied()).collect::<Int32Array>())
    };
    let number = |of: fn(&State) -> i64| -> ArrayRef {
        Arc::new(states.iter().map(|state| (!state.days.is_empty()).then(|| of(state))).collect::<Int64Array>())
    };
    let columns = vec![
        day(|state| state.days.first()),
        day(|state| state.days.last()),
        number(|state| state.days.len() as i64),
        number(|state| state.total),
        number(|state| state.first_day_amount),
    ];
    Arc::new(StructArray::new(parts(), columns, Some(known)))
}

fn as_state(states: &[State]) -> Vec<ArrayRef> {
    let lengths = states.iter().map(|state| state.days.len());
    let days: Vec<i32> = states.iter().flat_map(|state| state.days.iter().copied()).collect();
    let days = ListArray::new(day_field(), OffsetBuffer::from_lengths(lengths), Arc::new(Int32Array::from(days)), None);
    let number = |of: fn(&State) -> i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(states.iter().map(of))) };
    vec![Arc::new(days), number(|state| state.total), number(|state| state.first_day_amount)]
}

impl GroupsAccumulator for States {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.0.resize(total_groups, State::default());
        let takes = |row: usize| filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row));
        self.update(values, groups.iter().copied(), takes)
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total_groups: usize) -> Result<()> {
        self.0.resize(total_groups, State::default());
        self.merge(values, groups.iter().copied())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        Ok(answers(&emit_to.take_needed(&mut self.0)))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(as_state(&emit_to.take_needed(&mut self.0)))
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, Array::len);
        let mut alone = States::default();
        let groups: Vec<usize> = (0..rows).collect();
        alone.update_batch(values, &groups, filter, rows)?;
        Ok(as_state(&alone.0))
    }

    fn size(&self) -> usize {
        let spilled: usize =
            self.0.iter().filter(|state| state.days.spilled()).map(|state| 4 * state.days.capacity()).sum();
        self.0.capacity() * size_of::<State>() + spilled
    }
}

/// All rows as one customer's.
#[derive(Debug)]
struct OfAll(States);

impl Accumulator for OfAll {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.0.resize(1, State::default());
        let rows = values.first().map_or(0, Array::len);
        self.0.update(values, std::iter::repeat_n(0, rows), |_| true)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.0.resize(1, State::default());
        let rows = states.first().map_or(0, Array::len);
        self.0.merge(states, std::iter::repeat_n(0, rows))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.0.0.resize(1, State::default());
        ScalarValue::try_from_array(&answers(&self.0.0), 0)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.0.resize(1, State::default());
        as_state(&self.0.0).iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}
