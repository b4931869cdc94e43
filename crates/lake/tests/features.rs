//! The features of one pass agree with plain SQL, whatever the order of rows.

use std::path::Path;

use clove_core::{Currency, DataHealth, Day, Exclusion, Orders, Persons, ShopData, Table, Values};
use clove_lake::features::{FeatureColumns, Features, has_columns, of_parquet, of_shop};
use clove_lake::{Lake, write_parquet};
use proptest::prelude::*;

/// Customer, day, amount and discount in minor units.
type Row = (i64, i32, i64, i64);

fn write(path: &Path, rows: &[Row], texts: bool) {
    let customers = if texts {
        Values::Text(rows.iter().map(|row| Some(format!("C{}", row.0))).collect())
    } else {
        Values::Int(rows.iter().map(|row| Some(row.0)).collect())
    };
    let major = |of: fn(&Row) -> i64| Values::Float(rows.iter().map(|row| Some(of(row) as f64 / 100.0)).collect(), 2);
    let table = Table::new()
        .with("customer_id", customers)
        .with("order_id", Values::Int((0..rows.len() as i64).map(Some).collect()))
        .with("ordered_at", Values::Date(rows.iter().map(|row| Some(Day(row.1))).collect()))
        .with("amount", major(|row| row.2))
        .with("discount", major(|row| row.3));
    write_parquet(path, &table).unwrap();
}

fn features(rows: &[Row], texts: bool, as_of: Option<Day>) -> Features {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.parquet");
    write(&path, rows, texts);
    of_parquet(&path, &FeatureColumns::default(), Currency::EUR, as_of).unwrap()
}

fn shop(rows: &[Row]) -> (ShopData, Persons) {
    let mut persons = Persons::default();
    let mut known: Vec<i64> = Vec::new();
    for (order, row) in rows.iter().enumerate() {
        let person = known.iter().position(|&customer| customer == row.0).unwrap_or_else(|| {
            known.push(row.0);
            persons.identified.push(true);
            persons.naming_order.push(order as u32);
            known.len() - 1
        });
        persons.of_order.push(person as u32);
    }
    let orders = Orders {
        placed_at: rows.iter().map(|row| i64::from(row.1) * 86_400_000_000).collect(),
        day: rows.iter().map(|row| Day(row.1)).collect(),
        exclusion: vec![Exclusion::None; rows.len()],
        gross: rows.iter().map(|row| row.2 + row.3).collect(),
        discount: rows.iter().map(|row| row.3).collect(),
        ..Orders::default()
    };
    let shop = ShopData {
        currency: Currency::EUR,
        orders,
        lines: None,
        adjustments: Vec::new(),
        spend: Vec::new(),
        checkouts: None,
        health: DataHealth::default(),
        format: "test".into(),
        has_amounts: true,
    };
    (shop, persons)
}

/// Frequency, recency, age, orders, total, first day's amount and discounts of each customer, summed over customers.
fn by_sql(shop: &ShopData, persons: &Persons, as_of: Day) -> Vec<i64> {
    let mut lake = Lake::embedded().unwrap();
    lake.register_shop(shop, persons, as_of).unwrap();
    let table = lake
        .sql(&format!(
            "with daily as (
               select person, cast(local_date as int) as day, sum(placed) as amount, count(*) as n, sum(discount) as discount,
                 sum(case when discount > 0 then 1 else 0 end) as discounted
               from orders group by person, local_date),
             firsts as (select person, min(day) as first_day from daily group by person),
             c as (
               select d.person, count(*) as days, max(d.day) as last_day, f.first_day, sum(d.n) as orders,
                 sum(d.amount) as total, sum(case when d.day = f.first_day then d.amount else 0 end) as first_amount,
                 sum(d.discount) as discount, sum(d.discounted) as discounted
               from daily d join firsts f on f.person = d.person group by d.person, f.first_day)
             select count(*) as rows, sum(days - 1) as frequency, sum(last_day - first_day) as recency,
               sum({} - first_day) as age, sum(orders) as orders, sum(total) as total, sum(first_amount) as first_amount,
               sum(discount) as discount, sum(case when orders = 1 then 1 else 0 end) as once,
               sum(case when discounted = 0 then 1 else 0 end) as full_price,
               sum(case when 2 * discounted >= orders then 1 else 0 end) as shopper
             from c",
            as_of.0
        ))
        .unwrap();
    table
        .columns
        .iter()
        .map(|column| match &column.values {
            Values::Int(values) => values[0].unwrap(),
            other => panic!("{} is {other:?}", column.name),
        })
        .collect()
}

fn sums(features: &Features) -> Vec<i64> {
    let checksums = features.checksums();
    let sum = |of: fn(&clove_lake::features::CustomerFeatures) -> i64| features.customers.iter().map(of).sum::<i64>();
    vec![
        checksums.rows as i64,
        checksums.frequency as i64,
        checksums.recency,
        checksums.age,
        sum(|one| i64::from(one.orders)),
        sum(|one| one.total),
        sum(|one| one.first_day_amount),
        sum(|one| one.discount_total),
        checksums.flags[0] as i64,
        checksums.flags[2] as i64,
        checksums.flags[3] as i64,
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let discount = prop_oneof![Just(0_i64), 1..500_i64];
    proptest::collection::vec((0..15_i64, 18_000..18_040_i32, 1..9_999_i64, discount), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn one_pass_equals_sql_in_any_order_of_rows_and_with_any_ids(rows in rows(), spread in 1..1_000_000_000_i64) {
        let as_of = Day(18_040);
        let (shop, persons) = shop(&rows);
        let expected = by_sql(&shop, &persons, as_of);
        let mut sorted = rows.clone();
        sorted.sort_by_key(|row| row.1);
        let scattered: Vec<Row> = rows.iter().map(|row| (row.0 * spread - 7, row.1, row.2, row.3)).collect();
        prop_assert_eq!(sums(&features(&rows, false, Some(as_of))), expected.clone());
        prop_assert_eq!(sums(&features(&sorted, false, Some(as_of))), expected.clone());
        prop_assert_eq!(sums(&features(&scattered, false, Some(as_of))), expected.clone());
        prop_assert_eq!(sums(&features(&rows, true, Some(as_of))), expected.clone());
        prop_assert_eq!(sums(&of_shop(&shop, &persons, Some(as_of)).unwrap()), expected);
    }
}

#[test]
fn flags_follow_the_quantiles_of_all_customers() {
    // Ten customers with totals 10, 20 .. 100: the 90 % quantile is 91.
    let mut rows: Vec<Row> = (1..=9).map(|customer| (customer, 100, customer * 1_000, 0)).collect();
    for day in 0..5 {
        rows.push((10, 200 + day, 2_000, i64::from(day > 1)));
    }
    let answer = features(&rows, false, None);
    assert_eq!(answer.as_of, Day(205), "the day after the last order");
    assert_eq!(answer.p90_total, 9_100.0);
    let best = answer.customers.iter().find(|one| one.customer == 10).unwrap();
    // first_time, big_spender, full_price, discount_shopper, regular, high_aov, vip
    assert_eq!(answer.flags(best), [false, true, false, true, true, false, true]);
    assert_eq!((best.frequency(), best.monetary(), best.average_order()), (4, 2_000.0, 2_000.0));
    let once = answer.customers.iter().find(|one| one.customer == 9).unwrap();
    assert_eq!(answer.flags(once), [true, false, true, false, false, true, false]);
    assert_eq!(once.monetary(), 0.0);
}

#[test]
fn rows_after_the_as_of_are_left_out() {
    let rows = [(1, 10, 100, 0), (1, 12, 50, 0), (2, 12, 70, 0)];
    let answer = features(&rows, false, Some(Day(11)));
    assert_eq!(answer.customers.len(), 1);
    assert_eq!((answer.customers[0].orders, answer.customers[0].total), (1, 100));
}

#[test]
fn the_parquet_file_holds_minor_units_and_the_currency() {
    let folder = tempfile::tempdir().unwrap();
    let answer = features(&[(1, 10, 100, 0), (1, 12, 50, 0)], true, None);
    let path = folder.path().join("features.parquet");
    answer.write_parquet(&path).unwrap();
    let file = parquet::file::reader::SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
    let text: Vec<String> = parquet::file::reader::FileReader::get_row_iter(&file, None)
        .unwrap()
        .map(|row| row.unwrap().to_string())
        .collect();
    assert_eq!(text.len(), 1);
    for part in ["customer_id: \"C1\"", "total: 150", "monetary: 50", "currency: \"EUR\"", "first_day: 1970-01-11"] {
        assert!(text[0].contains(part), "{part} in {}", text[0]);
    }
    assert_eq!(answer.table().rows(), 1);
}

#[test]
fn a_file_that_does_not_fit_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.parquet");
    write_parquet(&path, &Table::new().with("customer_id", Values::Int(vec![Some(1)]))).unwrap();
    let columns = FeatureColumns::default();
    assert!(!has_columns(&path, &columns));
    let error = of_parquet(&path, &columns, Currency::EUR, None).unwrap_err().to_string();
    assert!(error.contains("no column 'ordered_at'") && error.contains("customer_id"), "{error}");
    let missing = of_parquet(&folder.path().join("nothing.parquet"), &columns, Currency::EUR, None).unwrap_err();
    assert!(missing.to_string().contains("nothing.parquet"));
    let empty_cells = Table::new()
        .with("customer_id", Values::Int(vec![Some(1), None]))
        .with("ordered_at", Values::Date(vec![Some(Day(1)), Some(Day(2))]))
        .with("amount", Values::Float(vec![Some(1.0), Some(2.0)], 2));
    write_parquet(&path, &empty_cells).unwrap();
    let error = of_parquet(&path, &columns, Currency::EUR, None).unwrap_err().to_string();
    assert!(error.contains("'customer_id' has empty cells"), "{error}");
}
