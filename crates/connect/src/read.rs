//! Reading a shop's files: look at each, plan, read, and put everything together.

use clove_core::{Reject, ShopData};

use crate::batch::{Batch, Dictionaries};
use crate::cells::read_rows;
use crate::date::{DateOrder, OrderEvidence, order_evidence, parse_moment};
use crate::error::ReadError;
use crate::fields::TableKind;
use crate::finish::finish;
use crate::format::Format;
use crate::intake::Intake;
use crate::layout::{FileKind, Forced, TextTable, kind_of};
use crate::mapping::Mapping;
use crate::options::{Inputs, ReadOptions};
use crate::parquet::ParquetTable;
use crate::plan::{ColumnPlan, Look, MappedColumn, Plan, make_plan};
use crate::side::SideTables;
use crate::source::{Source, expand};
use crate::zone::{Moment, Zone};

/// A shop's data and how its files were understood.
#[derive(Debug, Clone)]
pub struct Import {
    /// The data.
    pub shop: ShopData,
    /// What kind of table of orders was recognised (of the first file).
    pub format: Format,
    /// Every column that was used, and how.
    pub mapping: Vec<MappedColumn>,
    /// Columns of the tables of orders that were not used.
    pub unmapped: Vec<String>,
}

impl Import {
    /// The guess as a mapping file, for people to correct.
    pub fn to_mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        for column in &self.mapping {
            let fields = match column.table {
                "orders" => match column.field.strip_prefix("attribute ") {
                    Some(name) => {
                        mapping.attributes.insert(name.to_owned(), column.column.clone());
                        continue;
                    }
                    None => &mut mapping.columns,
                },
                "refunds" => &mut mapping.refunds,
                "spend" => &mut mapping.spend,
                "costs" => &mut mapping.costs,
                _ => &mut mapping.rates,
            };
            fields.entry(column.field.clone()).or_insert_with(|| column.column.clone());
            if column.table == "orders" {
                if let Some(sign) = column.how.strip_prefix("number, decimal sign ") {
                    mapping.decimal.get_or_insert_with(|| sign.to_owned());
                }
                for (how, order) in
                    [("date, day first", DateOrder::DayMonthYear), ("date, month first", DateOrder::MonthDayYear)]
                {
                    if column.how == how {
                        mapping.date_order = Some(order.name().to_owned());
                    }
                }
            }
        }
        mapping
    }
}

/// Reads a shop's files.
///
/// Rows that cannot be taken are counted and kept as rejects; an error means that nothing can be said about the data at
/// all (see [`ReadError`]).
pub fn read_shop(inputs: &Inputs, options: &ReadOptions) -> Result<Import, ReadError> {
    let mut sources = expand(&inputs.orders, &options.object_stores)?;
    // A folder may also hold the tables that are named for themselves.
    let side = [&inputs.refunds, &inputs.spend, &inputs.costs, &inputs.rates];
    sources.retain(|source| !source.in_folder || !side.into_iter().flatten().any(|name| source.is_at(name)));
    let mut dictionaries = Dictionaries::new();
    let mut zone = Zone::new(&options.time_zone);
    let mut intake = Intake::new(sources.len(), options.keep_rejects, &options.wholesale_tags);
    let mut plans: Vec<Plan> = Vec::new();
    let bytes_total: u64 =
        if sources.iter().any(|source| source.compressed) { 0 } else { sources.iter().map(|source| source.size).sum() };
    let mut bytes_before = 0;
    let mut left_out: Option<ReadError> = None;
    for (file, source) in sources.into_iter().enumerate() {
        let mut rejects: Vec<Reject> = Vec::new();
        let mut rejected = 0;
        let rows_before = intake.health.rows;
        let read = read_table_file(
            &source,
            TableKind::Orders,
            options,
            &mut dictionaries,
            &mut zone,
            &mut |batch, plan, dictionaries, bytes| {
                intake.take(batch, plan, dictionaries, file);
                if let Some(progress) = &options.progress {
                    progress.advance(bytes_before + bytes, bytes_total, intake.health.rows);
                }
            },
            &mut |reject| {
                rejected += 1;
                if rejects.len() < options.keep_rejects {
                    rejects.push(reject);
                }
            },
        );
        bytes_before += source.size;
        intake.health.rows += rejected;
        intake.take_rejects(rejected, rejects);
        match read {
            Ok(plan) => plans.push(plan),
            // What lies in a folder beside the orders need not be a table of orders.
            Err(error) if source.in_folder && error.is_data_problem() && intake.health.rows == rows_before => {
                intake.health.warnings.push(format!("Left out of the folder: {error}"));
                left_out.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    if let (true, Some(error)) = (plans.is_empty(), left_out) {
        return Err(error);
    }
    let side = SideTables::read(inputs, options, &mut dictionaries, &mut zone, &mut intake)?;
    let mut mapping: Vec<MappedColumn> = plans.iter().flat_map(Plan::mapped).collect();
    mapping.extend(side.mapping.iter().cloned());
    let mut unmapped: Vec<String> = Vec::new();
    for name in plans.iter().flat_map(|plan| &plan.unmapped) {
        if !unmapped.contains(name) {
            unmapped.push(name.clone());
        }
    }
    let format = plans.first().map_or(Format::GenericOrders, |plan| plan.format);
    let shop = finish(intake, dictionaries, &plans, &side, options)?;
    Ok(Import { shop, format, mapping, unmapped })
}

/// What takes the batches of a file.
pub type BatchSink<'a> = dyn FnMut(&mut Batch, &Plan, &mut Dictionaries, u64) + 'a;

/// Looks at one file, plans, and streams its rows.
pub fn read_table_file(
    source: &Source,
    table: TableKind,
    options: &ReadOptions,
    dictionaries: &mut Dictionaries,
    zone: &mut Zone,
    sink: &mut BatchSink<'_>,
    reject: &mut dyn FnMut(Reject),
) -> Result<Plan, ReadError> {
    let kind = kind_of(source)?;
    if kind == FileKind::Parquet {
        let file = ParquetTable::look(source)?;
        let look = Look { file: &source.name, header: &file.header, sample: &file.sample, delimiter: b',' };
        let (plan, undecided) = make_plan(&look, table, options)?;
        if let Some(&first) = undecided.first() {
            return Err(ambiguous(&look, &plan.columns[first]));
        }
        file.read(
            &plan,
            dictionaries,
            zone,
            |batch, dictionaries, bytes| sink(batch, &plan, dictionaries, bytes),
            reject,
        )?;
        return Ok(plan);
    }
    let forced = match &options.map {
        Some(mapping) => Forced { delimiter: mapping.delimiter_byte()?, encoding: mapping.encoding()? },
        None => Forced::default(),
    };
    let mut text = TextTable::look(source, kind, forced)?;
    let (mut plan, undecided) = make_plan(&Look::of(&text), table, options)?;
    if !undecided.is_empty() {
        decide_dates(&mut text, &mut plan, &undecided)?;
    }
    let mut rows = text.rows()?;
    read_rows(
        source,
        rows.as_mut(),
        &plan,
        dictionaries,
        zone,
        |batch, dictionaries, bytes| sink(batch, &plan, dictionaries, bytes),
        reject,
    )?;
    Ok(plan)
}

/// Asks the whole file for the order of day and month.
fn decide_dates(text: &mut TextTable, plan: &mut Plan, undecided: &[usize]) -> Result<(), ReadError> {
    let mut rows = text.rows()?;
    let mut decided: Option<DateOrder> = None;
    'rows: while rows.advance().map_err(|error| text.source.io_error(error))? {
        for &index in undecided {
            let cell = String::from_utf8_lossy(rows.cell(plan.columns[index].column)).into_owned();
            match order_evidence(&cell) {
                OrderEvidence::DayFirst => decided = Some(DateOrder::DayMonthYear),
                OrderEvidence::MonthFirst => decided = Some(DateOrder::MonthDayYear),
                OrderEvidence::Ambiguous | OrderEvidence::Silent => continue,
            }
            break 'rows;
        }
    }
    let Some(order) = decided else {
        let first = undecided.first().copied().unwrap_or(0);
        return Err(ambiguous(&Look::of(text), &plan.columns[first]));
    };
    for column in &mut plan.columns {
        if column.field.kind() == crate::fields::Kind::Moment && column.order.is_none() {
            column.order = Some(order);
        }
    }
    Ok(())
}

fn ambiguous(look: &Look<'_>, plan: &ColumnPlan) -> ReadError {
    let example = look
        .sample
        .iter()
        .filter_map(|row| row.get(plan.column))
        .find(|cell| order_evidence(cell) == OrderEvidence::Ambiguous)
        .cloned()
        .unwrap_or_default();
    let read = |order| match parse_moment(example.trim().as_bytes(), Some(order)) {
        Ok(Moment::Date(day) | Moment::Local(day, _)) => clove_core::Day(day).to_string(),
        _ => "no date".to_owned(),
    };
    ReadError::AmbiguousDates {
        file: look.file.to_owned(),
        column: look.header[plan.column].clone(),
        day_first: read(DateOrder::DayMonthYear),
        month_first: read(DateOrder::MonthDayYear),
        example,
    }
}
