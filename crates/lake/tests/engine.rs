//! The engine on a small shop: the tables, the ordering trap, what users may and may not ask.

use clove_core::{
    Adjustment, Attribute, Currency, DataHealth, Day, Exclusion, NONE, Orders, Persons, ShopData, SpendKind, SpendRow,
    Table, Values,
};
use clove_lake::{Lake, LakeError, Parameter, Query};

/// Five orders of two persons: `b` first in the file, one test order, one refund of 3 on day 40.
fn shop() -> (ShopData, Persons) {
    let mut orders = Orders {
        day: [30, 0, 31, 5, 6].map(Day).to_vec(),
        placed_at: [30, 0, 31, 5, 6].map(|day| day * 86_400_000_000).to_vec(),
        exclusion: vec![Exclusion::None, Exclusion::None, Exclusion::None, Exclusion::Test, Exclusion::None],
        gross: vec![10, 20, 30, 40, 50],
        discount: vec![1, 0, 0, 0, 5],
        cost: vec![4, 8, Orders::UNKNOWN_COST, 16, 20],
        ..Orders::default()
    };
    let mut channel = Attribute { name: "channel".into(), ..Attribute::default() };
    for (customer, name) in [("b", "ads"), ("a", "shop's own"), ("b", "ads"), ("a", ""), ("a", "ads")] {
        let number = orders.customer_ids.intern(customer);
        orders.customer_id.push(number);
        let code = if name.is_empty() { NONE } else { channel.values.intern(name) };
        channel.codes.push(code);
    }
    orders.attributes.push(Attribute { name: "Total".into(), ..channel.clone() });
    orders.attributes.push(channel);
    let persons = Persons { of_order: vec![0, 1, 0, 1, 1], identified: vec![true, true], naming_order: vec![0, 1] };
    let shop = ShopData {
        currency: Currency::EUR,
        orders,
        lines: None,
        adjustments: vec![Adjustment { order: 0, day: Day(40), items: 3, tax_and_shipping: 1, restocked_cost: 2 }],
        spend: vec![SpendRow { from: Day(0), until: Day(30), channel: None, kind: SpendKind::Media, amount: 310 }],
        checkouts: None,
        health: DataHealth::default(),
        format: "test".into(),
        has_amounts: true,
    };
    (shop, persons)
}

fn lake(as_of: i32) -> Lake {
    let (shop, persons) = shop();
    let mut lake = Lake::embedded().unwrap();
    lake.register_shop(&shop, &persons, Day(as_of)).unwrap();
    lake
}

fn ints(table: &Table, column: &str) -> Vec<Option<i64>> {
    match &table.column(column).unwrap_or_else(|| panic!("{column} in {table:?}")).values {
        Values::Int(values) => values.clone(),
        other => panic!("{column} is {other:?}"),
    }
}

fn texts(table: &Table, column: &str) -> Vec<String> {
    match &table.column(column).unwrap().values {
        Values::Text(values) => values.iter().map(|text| text.clone().unwrap_or_else(|| "-".into())).collect(),
        other => panic!("{column} is {other:?}"),
    }
}

#[test]
fn rows_come_in_the_order_that_the_usual_cohort_query_asks_for() {
    let mut lake = Lake::embedded().unwrap();
    let mut orders = Orders::default();
    let mut persons = Persons::default();
    for row in 0..400_i32 {
        let (customer, visit) = (row / 4, row % 4);
        // Ages come out of order, and so do months.
        let day = Day(31 * ((customer * 7) % 6) + 40 * ((visit * 3) % 4));
        orders.day.push(day);
        orders.placed_at.push(i64::from(day.0) * 86_400_000_000);
        orders.exclusion.push(Exclusion::None);
        orders.gross.push(i64::from(row) + 1);
        persons.of_order.push(customer as u32);
        if visit == 0 {
            persons.identified.push(true);
            persons.naming_order.push(row as u32);
        }
    }
    let (mut shop, _) = shop();
    shop.orders = orders;
    shop.adjustments.clear();
    lake.register_shop(&shop, &persons, Day(1_000)).unwrap();
    let trap = "with c as (select cohort_month_number as m from orders group by cohort_month_number) \
        select c.m, o.age_days as age, sum(o.net) as net \
        from c join order_values o on o.cohort_month_number = c.m \
        group by c.m, o.age_days order by c.m, o.age_days";
    let all = lake.sql(trap).unwrap();
    let keys: Vec<(Option<i64>, Option<i64>)> = ints(&all, "m").into_iter().zip(ints(&all, "age")).collect();
    assert!(keys.len() > 12 && keys.is_sorted(), "{keys:?}");
    let first = lake.sql(&format!("{trap} limit 5")).unwrap();
    let limited: Vec<_> = ints(&first, "m").into_iter().zip(ints(&first, "age")).collect();
    assert_eq!(limited, keys[..5], "LIMIT keeps the first rows");
    assert_eq!(ints(&first, "net"), ints(&all, "net")[..5]);
}

#[test]
fn the_view_of_order_values_follows_the_as_of_and_the_tables_do_not() {
    let mut lake = lake(39);
    let values = "select order_number, placed, net, returned, margin, is_purchase, age_days, order_rank \
        from order_values order by order_number";
    let before = lake.sql(values).unwrap();
    assert_eq!(ints(&before, "net"), [9, 20, 30, 40, 45].map(Some));
    assert_eq!(ints(&before, "margin"), [Some(5), Some(12), None, Some(24), Some(25)]);
    assert_eq!(ints(&before, "age_days"), [0, 0, 1, 5, 6].map(Some));
    assert_eq!(ints(&before, "order_rank"), [Some(1), Some(1), Some(2), None, Some(2)]);
    lake.set_as_of(Day(40)).unwrap();
    let after = lake.sql(values).unwrap();
    assert_eq!(ints(&after, "net"), [6, 20, 30, 40, 45].map(Some));
    assert_eq!(ints(&after, "returned"), [3, 0, 0, 0, 0].map(Some));
    assert_eq!(ints(&after, "margin"), [Some(4), Some(12), None, Some(24), Some(25)]);
    lake.set_as_of(Day(5)).unwrap();
    assert_eq!(ints(&lake.sql(values).unwrap(), "order_number"), [1, 3].map(Some));
    let customers = lake.sql("select customer, orders, net, cohort_month from customers").unwrap();
    assert_eq!(texts(&customers, "customer"), ["a"]);
    assert_eq!(texts(&customers, "cohort_month"), ["1970-01"]);
    assert_eq!(ints(&customers, "net"), [Some(20)]);
}

#[test]
fn files_without_amounts_have_purchases_all_the_same() {
    let (mut shop, persons) = shop();
    shop.has_amounts = false;
    shop.orders.gross = vec![0; 5];
    shop.orders.discount.clear();
    let mut lake = Lake::embedded().unwrap();
    lake.register_shop(&shop, &persons, Day(100)).unwrap();
    let count = lake.sql("select count(*) as n from order_values where is_purchase").unwrap();
    assert_eq!(ints(&count, "n"), [Some(4)]);
}

#[test]
fn attributes_and_spend_can_be_asked() {
    let lake = lake(100);
    let by_channel = lake
        .sql("select channel, sum(gross) as gross from orders where is_order group by channel order by channel")
        .unwrap();
    assert_eq!(texts(&by_channel, "channel"), ["ads", "shop's own"]);
    assert_eq!(ints(&by_channel, "gross"), [90, 20].map(Some));
    let own_name = lake.sql("select \"attribute_Total\" as t, total from order_values where order_number = 1").unwrap();
    assert_eq!((texts(&own_name, "t"), ints(&own_name, "total")), (vec!["shop's own".to_owned()], vec![Some(20)]));
    let spend = lake.sql("select local_month, sum(amount) as amount from spend group by local_month").unwrap();
    assert_eq!(ints(&spend, "amount"), [Some(310)]);
    let excluded = lake.query(Query::Exclusions, &[]).unwrap();
    assert_eq!(texts(&excluded.table, "exclusion"), ["test"]);
    let cost = lake.query(Query::AcquisitionCost, &[]).unwrap();
    assert_eq!(texts(&cost.table, "month"), ["1970-01"]);
    assert_eq!(ints(&cost.table, "new_customers"), [Some(2)]);
    assert_eq!(ints(&cost.table, "spend"), [Some(310)]);
}

#[test]
fn every_query_runs_and_says_what_ran() {
    let lake = lake(100);
    let parameters = [
        ("from", Parameter::Day(Day(0))),
        ("until", Parameter::Day(Day(100))),
        ("by", Parameter::Column("cohort_month".into())),
        ("value", Parameter::Column("net".into())),
        ("basket", Parameter::Column("person".into())),
        ("ages", Parameter::IntRows(vec![0, 30])),
        ("minimum_support", Parameter::Int(1)),
        ("rows", Parameter::Int(3)),
        ("has_amounts", Parameter::Bool(true)),
        ("event", Parameter::Bool(true)),
        ("months_12", Parameter::Day(Day(50))),
        ("months_24", Parameter::Day(Day(20))),
    ];
    for &query in Query::ALL {
        let answer = lake.query(query, &parameters).unwrap_or_else(|error| panic!("{}: {error}", query.name()));
        assert!(!answer.sql.contains('$') && !answer.table.columns.is_empty(), "{}", query.name());
    }
    let missing = lake.query(Query::SampleOrders, &[]).unwrap_err();
    assert_eq!(missing.to_string(), "the query 'sample_orders' needs the parameter 'rows'");
}

#[test]
fn only_questions_are_allowed() {
    let lake = lake(100);
    for text in [
        "drop table orders",
        "create table t as select 1",
        "insert into orders select * from orders",
        "copy orders to '/tmp/never.csv'",
        "create external table t stored as csv location '/etc/passwd'",
        "set datafusion.execution.batch_size = 1",
    ] {
        let error = lake.sql(text).unwrap_err();
        assert!(matches!(error, LakeError::NotReadOnly(_)), "{text}: {error:?}");
        assert!(error.is_usage());
    }
    for text in ["select nothing_such from orders", "selec 1", "select * from '/etc/passwd'"] {
        let error = lake.sql(text).unwrap_err();
        assert!(matches!(error, LakeError::Sql(_)), "{text}: {error:?}");
    }
    for text in ["select net_ from order_values", "select net from order_value", "describe order", "show all"] {
        let error = lake.sql(text).unwrap_err().to_string();
        assert!(!error.to_lowercase().contains("datafusion"), "{error}");
        assert!(text == "show all" || error.contains("Did you mean"), "{error}");
    }
    assert_eq!(lake.sql("show tables").unwrap().rows(), 6);
    let columns = lake.sql("describe order_values").unwrap();
    let Values::Text(names) = &columns.column("column").unwrap().values else { panic!("names are texts") };
    assert!(names.contains(&Some("is_purchase".to_owned())));
    assert!(lake.sql("explain select * from orders").is_ok());
}

#[test]
fn results_keep_their_types_and_nulls() {
    let lake = lake(100);
    let table = lake
        .sql(
            "select 1 as a, 2.5 as b, true as c, date '2026-06-30' as d, null as e, 'x' as f, \
             cast(1.25 as decimal(10, 2)) as g, timestamp '2026-06-30 10:00:00' as h, 1 as \"A\"",
        )
        .unwrap();
    let values = |name: &str| table.column(name).unwrap().values.clone();
    assert_eq!(values("a"), Values::Int(vec![Some(1)]));
    assert_eq!(values("b"), Values::Float(vec![Some(2.5)], 4));
    assert_eq!(values("c"), Values::Bool(vec![Some(true)]));
    assert_eq!(values("d"), Values::Date(vec![Some("2026-06-30".parse().unwrap())]));
    assert_eq!(values("e"), Values::Text(vec![None]));
    assert_eq!(values("f"), Values::Text(vec![Some("x".into())]));
    assert_eq!(values("g"), Values::Float(vec![Some(1.25)], 4));
    assert_eq!(values("h"), Values::Text(vec![Some("2026-06-30T10:00:00".into())]));
    let empty = lake.sql("select order_id, net from order_values where 1 = 0").unwrap();
    assert_eq!((empty.rows(), empty.columns.len()), (0, 2));
}

#[test]
fn tables_are_written_as_parquet_with_the_currency_beside_the_money() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.parquet");
    let table = Table::new()
        .with("customer_id", Values::Text(vec![Some("a".into()), None]))
        .with("value", Values::Money(vec![Some(61_410), None], Currency::EUR))
        .with("share", Values::Share(vec![Some(0.5), None]));
    clove_lake::write_parquet(&path, &table).unwrap();
    let file = std::fs::File::open(&path).unwrap();
    let rows = parquet::file::reader::SerializedFileReader::new(file).unwrap();
    let text: Vec<String> = parquet::file::reader::FileReader::get_row_iter(&rows, None)
        .unwrap()
        .map(|row| row.unwrap().to_string())
        .collect();
    assert_eq!(text[0], "{customer_id: \"a\", value: 61410, share: 0.5, currency: \"EUR\"}");
    assert_eq!(text[1], "{customer_id: null, value: null, share: null, currency: \"EUR\"}");
    let nowhere = folder.path().join("no/such/folder.parquet");
    assert!(clove_lake::write_parquet(&nowhere, &table).unwrap_err().to_string().contains("folder.parquet"));
}

#[test]
fn tables_written_in_parts_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let part = |from: i64, until: i64| {
        Table::new().with("number", Values::Int((from..until).map(Some).collect())).with(
            "value",
            Values::Money((from..until).map(|n| (n % 3 > 0).then_some(n * 100)).collect(), Currency::EUR),
        )
    };
    let rows = |path: &std::path::Path| -> Vec<String> {
        let file = std::fs::File::open(path).unwrap();
        let reader = parquet::file::reader::SerializedFileReader::new(file).unwrap();
        parquet::file::reader::FileReader::get_row_iter(&reader, None)
            .unwrap()
            .map(|row| row.unwrap().to_string())
            .collect()
    };
    let (whole, parts) = (folder.path().join("whole.parquet"), folder.path().join("parts.parquet"));
    clove_lake::write_parquet(&whole, &part(0, 1_000)).unwrap();
    clove_lake::write_parquet_parts(&parts, [part(0, 300), part(300, 300), part(300, 1_000)]).unwrap();
    assert_eq!(rows(&whole).len(), 1_000);
    assert_eq!(rows(&whole), rows(&parts));
    let none = clove_lake::write_parquet_parts(&parts, std::iter::empty::<Table>());
    assert!(none.unwrap_err().to_string().contains("no table"));
}
