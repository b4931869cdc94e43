//! A shop's orders, adjustments, lines and spend as Arrow tables, sorted by person.
//!
//! Nothing here depends on the as-of: cohort, age and rank are fixed by identity and placement.

use std::sync::Arc;

use clove_core::names::Names;
use clove_core::{Attribute, Exclusion, Minor, NONE, Orders, Persons, Placements, ShopData};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::arrow::record_batch::RecordBatch;

use crate::error::LakeError;

/// Rows per batch of a table.
const BATCH_ROWS: usize = 65_536;

/// Columns of `orders` and its views that every shop has.
const OWN_COLUMNS: [&str; 31] = [
    "order_number",
    "order_id",
    "customer",
    "person",
    "identified",
    "placed_at",
    "local_date",
    "local_month",
    "local_month_number",
    "cohort_month",
    "cohort_month_number",
    "order_rank",
    "age_days",
    "exclusion",
    "is_order",
    "gross",
    "discount",
    "placed",
    "tax",
    "shipping",
    "cost",
    "payment_fee",
    "shipping_cost",
    "packaging_cost",
    "returned",
    "net",
    "total",
    "margin",
    "contribution",
    "is_purchase",
    "owner",
];

/// Numbers that stay the same from one reading of a shop to the next, where there are such: in files that are written piece by
/// piece. In memory persons and orders are numbered as they come.
#[derive(Debug, Clone, Copy)]
pub struct LastingNumbers<'a> {
    /// Per order.
    pub orders: &'a [i64],
    /// Per person.
    pub persons: &'a [i64],
    /// Per person: who is restated together with them.
    pub owners: &'a [i64],
}

/// How persons and orders are numbered.
#[derive(Clone, Copy)]
struct Numbering<'a>(Option<LastingNumbers<'a>>);

impl Numbering<'_> {
    fn order(self, order: u32) -> i64 {
        self.0.map_or(i64::from(order), |numbers| numbers.orders[order as usize])
    }

    fn person(self, person: u32) -> i64 {
        self.0.map_or(i64::from(person), |numbers| numbers.persons[person as usize])
    }

    /// The column `owner`, which only files have.
    fn owners(self, persons: impl Iterator<Item = u32>) -> Option<(String, ArrayRef)> {
        let numbers = self.0?;
        let owners: Int64Array = persons.map(|person| Some(numbers.owners[person as usize])).collect();
        Some(("owner".to_owned(), Arc::new(owners)))
    }
}

/// The tables of a shop by name.
pub(crate) fn build(
    shop: &ShopData,
    persons: &Persons,
    numbers: Option<LastingNumbers<'_>>,
) -> Result<Vec<(&'static str, Vec<RecordBatch>)>, LakeError> {
    let placements = Placements::new(&shop.orders, persons);
    let numbering = Numbering(numbers);
    Ok(vec![
        ("orders", orders(shop, persons, &placements, numbering)?),
        ("order_adjustments", adjustments(shop, persons, &placements, numbering)?),
        ("order_lines", lines(shop, persons, numbering)?),
        ("spend", spend(shop)?),
    ])
}

fn orders(
    shop: &ShopData,
    persons: &Persons,
    placements: &Placements,
    numbering: Numbering<'_>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let orders = &shop.orders;
    let history = History::new(orders, placements);
    let labels: Vec<_> = (0..persons.len() as u32).map(|person| persons.label(person, orders)).collect();
    let exclusions = exclusion_names();
    let batches = placements.sorted.chunks(BATCH_ROWS).map(Some).chain(placements.sorted.is_empty().then_some(None));
    let mut start = 0;
    let mut result = Vec::new();
    for batch in batches {
        let rows = batch.unwrap_or_default();
        let person = |row: &u32| persons.of_order[*row as usize];
        let first = |row: &u32| placements.first_day[person(row) as usize];
        let day = |row: &u32| orders.day[*row as usize];
        let month_text = |month: clove_core::Month| month.to_string();
        let excluded = |row: &u32| orders.exclusion[*row as usize];
        let mut columns: Vec<(String, ArrayRef)> = Vec::with_capacity(24);
        let mut put = |name: &str, array: ArrayRef| columns.push((name.to_owned(), array));
        put("order_number", Arc::new(rows.iter().map(|&row| Some(numbering.order(row))).collect::<Int64Array>()));
        put("order_id", Arc::new(texts(rows.iter().map(|&row| Some(orders.order_id_text(row as usize))))));
        put("customer", Arc::new(texts(rows.iter().map(|row| Some(&*labels[person(row) as usize])))));
        put("person", Arc::new(rows.iter().map(|row| Some(numbering.person(person(row)))).collect::<Int64Array>()));
        put(
            "identified",
            Arc::new(rows.iter().map(|row| Some(persons.identified[person(row) as usize])).collect::<BooleanArray>()),
        );
        put(
            "placed_at",
            Arc::new(
                rows.iter()
                    .map(|&row| Some(orders.placed_at_of(row as usize)))
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            ),
        );
        put("local_date", Arc::new(rows.iter().map(|row| Some(day(row).0)).collect::<Date32Array>()));
        put("local_month", Arc::new(texts(rows.iter().map(|row| Some(month_text(day(row).month()))))));
        put("local_month_number", Arc::new(rows.iter().map(|row| Some(day(row).month().0)).collect::<Int32Array>()));
        put("cohort_month", Arc::new(texts(rows.iter().map(|row| first(row).map(|day| month_text(day.month()))))));
        put(
            "cohort_month_number",
            Arc::new(rows.iter().map(|row| first(row).map(|day| day.month().0)).collect::<Int32Array>()),
        );
        put("order_rank", Arc::new(history.ranks[start..start + rows.len()].iter().copied().collect::<Int32Array>()));
        put(
            "age_days",
            Arc::new(rows.iter().map(|row| first(row).map(|first| day(row).since(first))).collect::<Int32Array>()),
        );
        put("exclusion", dictionary(rows.iter().map(|row| Some(excluded(row) as i32)), exclusions.clone())?);
        put(
            "is_order",
            Arc::new(rows.iter().map(|row| Some(excluded(row) == Exclusion::None)).collect::<BooleanArray>()),
        );
        let money = |of: &dyn Fn(usize) -> Minor| -> ArrayRef {
            Arc::new(rows.iter().map(|&row| Some(of(row as usize))).collect::<Int64Array>())
        };
        put("gross", money(&|row| orders.gross[row]));
        put("discount", money(&|row| orders.discount_of(row)));
        put("placed", money(&|row| orders.placed_of(row)));
        put("tax", money(&|row| orders.tax_of(row)));
        put("shipping", money(&|row| orders.shipping_of(row)));
        put("cost", Arc::new(rows.iter().map(|&row| orders.cost_of(row as usize)).collect::<Int64Array>()));
        for (name, column) in [
            ("payment_fee", &orders.payment_fee),
            ("shipping_cost", &orders.shipping_cost),
            ("packaging_cost", &orders.packaging_cost),
        ] {
            put(name, money(&|row| column.get(row).copied().unwrap_or(0)));
        }
        for attribute in &orders.attributes {
            put(&column_name(&attribute.name), attribute_column(attribute, rows)?);
        }
        columns.extend(numbering.owners(rows.iter().map(person)));
        result.push(batch_of(columns)?);
        start += rows.len();
    }
    Ok(result)
}

/// An attribute's column: its own name, or `attribute_NAME` where one of our columns has that name.
fn column_name(attribute: &str) -> String {
    let is_taken = OWN_COLUMNS.iter().any(|own| own.eq_ignore_ascii_case(attribute));
    if is_taken { format!("attribute_{attribute}") } else { attribute.to_owned() }
}

/// The rank of each order that counts within its person, from 1, in the order of `Placements::sorted`.
struct History {
    ranks: Vec<Option<i32>>,
}

impl History {
    fn new(orders: &Orders, placements: &Placements) -> History {
        let mut ranks = Vec::with_capacity(placements.sorted.len());
        for person in 0..placements.persons() as u32 {
            let mut rank = 0;
            for &order in placements.of_person(person) {
                let counts = orders.exclusion[order as usize] == Exclusion::None;
                rank += i32::from(counts);
                ranks.push(counts.then_some(rank));
            }
        }
        History { ranks }
    }
}

fn adjustments(
    shop: &ShopData,
    persons: &Persons,
    placements: &Placements,
    numbering: Numbering<'_>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let mut rows: Vec<_> = shop.adjustments.iter().collect();
    rows.sort_by_key(|row| (persons.of_order[row.order as usize], row.order, row.day));
    let first = |order: u32| placements.first_day[persons.of_order[order as usize] as usize];
    let person = |order: u32| persons.of_order[order as usize];
    let mut columns: Vec<(String, ArrayRef)> = vec![
        (
            "order_number".into(),
            Arc::new(rows.iter().map(|row| Some(numbering.order(row.order))).collect::<Int64Array>()),
        ),
        (
            "person".into(),
            Arc::new(rows.iter().map(|row| Some(numbering.person(person(row.order)))).collect::<Int64Array>()),
        ),
        ("local_date".into(), Arc::new(rows.iter().map(|row| Some(row.day.0)).collect::<Date32Array>())),
        ("local_month".into(), Arc::new(texts(rows.iter().map(|row| Some(row.day.month().to_string()))))),
        (
            "age_days".into(),
            Arc::new(rows.iter().map(|row| first(row.order).map(|first| row.day.since(first))).collect::<Int32Array>()),
        ),
        ("items".into(), Arc::new(rows.iter().map(|row| Some(row.items)).collect::<Int64Array>())),
        (
            "tax_and_shipping".into(),
            Arc::new(rows.iter().map(|row| Some(row.tax_and_shipping)).collect::<Int64Array>()),
        ),
        ("restocked_cost".into(), Arc::new(rows.iter().map(|row| Some(row.restocked_cost)).collect::<Int64Array>())),
    ];
    columns.extend(numbering.owners(rows.iter().map(|row| person(row.order))));
    in_batches(columns)
}

fn lines(shop: &ShopData, persons: &Persons, numbering: Numbering<'_>) -> Result<Vec<RecordBatch>, LakeError> {
    let empty = clove_core::OrderLines::default();
    let lines = shop.lines.as_ref().unwrap_or(&empty);
    let mut rows: Vec<u32> = (0..lines.order.len() as u32).collect();
    rows.sort_by_key(|&row| {
        let order = lines.order[row as usize];
        (persons.of_order[order as usize], order, row)
    });
    let order = |row: &u32| lines.order[*row as usize];
    let person = |row: &u32| persons.of_order[order(row) as usize];
    let mut columns: Vec<(String, ArrayRef)> = vec![
        (
            "order_number".into(),
            Arc::new(rows.iter().map(|row| Some(numbering.order(order(row)))).collect::<Int64Array>()),
        ),
        ("person".into(), Arc::new(rows.iter().map(|row| Some(numbering.person(person(row)))).collect::<Int64Array>())),
        (
            "product".into(),
            Arc::new(texts(rows.iter().map(|&row| Some(lines.products.get(lines.product[row as usize]))))),
        ),
        (
            "quantity".into(),
            Arc::new(rows.iter().map(|&row| Some(lines.quantity[row as usize])).collect::<Int32Array>()),
        ),
        ("gross".into(), Arc::new(rows.iter().map(|&row| Some(lines.gross[row as usize])).collect::<Int64Array>())),
    ];
    columns.extend(numbering.owners(rows.iter().map(person)));
    in_batches(columns)
}

fn spend(shop: &ShopData) -> Result<Vec<RecordBatch>, LakeError> {
    let rows: Vec<_> =
        shop.spend.iter().flat_map(|row| row.by_day().map(move |(day, amount)| (row, day, amount))).collect();
    let columns: Vec<(String, ArrayRef)> = vec![
        ("local_date".into(), Arc::new(rows.iter().map(|(_, day, _)| Some(day.0)).collect::<Date32Array>())),
        ("local_month".into(), Arc::new(texts(rows.iter().map(|(_, day, _)| Some(day.month().to_string()))))),
        ("channel".into(), Arc::new(texts(rows.iter().map(|(row, ..)| row.channel.as_deref())))),
        ("kind".into(), Arc::new(texts(rows.iter().map(|(row, ..)| Some(row.kind.name()))))),
        ("amount".into(), Arc::new(rows.iter().map(|(.., amount)| Some(*amount)).collect::<Int64Array>())),
    ];
    in_batches(columns)
}

fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> StringArray {
    values.collect()
}

fn exclusion_names() -> ArrayRef {
    let all = std::iter::once(Exclusion::None).chain(Exclusion::REASONS);
    Arc::new(texts(all.map(|reason| Some(reason.name()))))
}

fn attribute_column(attribute: &Attribute, rows: &[u32]) -> Result<ArrayRef, LakeError> {
    let code = |row: &u32| attribute.codes.get(*row as usize).filter(|&&code| code != NONE).map(|&code| code as i32);
    dictionary(rows.iter().map(code), names(&attribute.values))
}

fn names(names: &Names) -> ArrayRef {
    Arc::new(texts(names.iter().map(Some)))
}

fn dictionary(codes: impl Iterator<Item = Option<i32>>, values: ArrayRef) -> Result<ArrayRef, LakeError> {
    let keys: Int32Array = codes.collect();
    let array = DictionaryArray::try_new(keys, values).map_err(|error| LakeError::Sql(error.to_string()))?;
    Ok(Arc::new(array))
}

fn batch_of(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, LakeError> {
    let nullable = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(nullable).map_err(|error| LakeError::Sql(error.to_string()))
}

fn in_batches(columns: Vec<(String, ArrayRef)>) -> Result<Vec<RecordBatch>, LakeError> {
    let whole = batch_of(columns)?;
    if whole.num_rows() == 0 {
        return Ok(vec![whole]);
    }
    let starts = (0..whole.num_rows()).step_by(BATCH_ROWS);
    Ok(starts.map(|start| whole.slice(start, BATCH_ROWS.min(whole.num_rows() - start))).collect())
}
