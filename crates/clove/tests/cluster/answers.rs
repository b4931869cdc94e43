//! Every query of the catalogue, embedded and on the cluster.

use clove_core::{Currency, Day, Table, Values};
use clove_lake::features::{FeatureColumns, of_files, of_parquet};
use clove_lake::files::{LakeFiles, Piece, write_base, write_delta};
use clove_lake::{Lake, LastingNumbers, Parameter, Query, write_parquet};

use super::nodes::Cluster;
use super::shop::{LAST_DAY, shop};

/// Orders of the shop.
const ORDERS: usize = 4_000;

/// The parameters of all queries, in several ways.
fn parameters(variant: usize) -> Vec<(&'static str, Parameter)> {
    let column = |names: [&str; 3]| Parameter::Column(names[variant].to_owned());
    let day = |back: i32| Parameter::Day(Day(LAST_DAY.0 - back));
    vec![
        ("from", day([500, 200, 30][variant])),
        ("until", day([0, 100, 0][variant])),
        ("by", column(["cohort_month", "channel", "local_month"])),
        ("value", column(["net", "margin", "placed"])),
        ("basket", column(["person", "order_number", "person"])),
        ("ages", Parameter::IntRows(vec![0, 30, 60, 90, 180, 365])),
        ("minimum_support", Parameter::Int([1, 2, 5][variant])),
        ("rows", Parameter::Int([3, 50, 1_000][variant])),
        ("has_amounts", Parameter::Bool(variant != 2)),
        ("event", Parameter::Bool(true)),
        ("months_12", day(365)),
        ("months_24", day(730)),
    ]
}

/// The rows of a query. Views promise no order: they are asked for one.
fn rows(lake: &Lake, query: Query, parameters: &[(&str, Parameter)]) -> Table {
    let order = match query {
        Query::OrderValues => "order_number",
        Query::Customers => "person",
        _ => return lake.query(query, parameters).unwrap_or_else(|error| panic!("{}: {error}", query.name())).table,
    };
    let text = lake.view_sql(query).unwrap();
    lake.sql(&format!("select * from ({text}) as rows order by {order}")).unwrap()
}

fn agree(embedded: &Lake, cluster: &Lake, query: Query, variant: usize) {
    let parameters = parameters(variant);
    let expected = rows(embedded, query, &parameters);
    let answer = rows(cluster, query, &parameters);
    assert!(expected.rows() > 0 || query == Query::Affinity, "{} has no rows: it says nothing", query.name());
    assert_eq!(answer, expected, "{} ({variant})", query.name());
}

#[test]
fn every_query_answers_the_same_to_the_row() {
    let cluster = Cluster::start("answers", 2);
    let (shop, persons) = shop(ORDERS);
    let (mut here, mut there) = (Lake::embedded().unwrap(), cluster.lake());
    for lake in [&mut here, &mut there] {
        lake.register_shop(&shop, &persons, LAST_DAY).unwrap();
    }
    for variant in 0..3 {
        for &query in Query::ALL {
            agree(&here, &there, query, variant);
        }
    }
    for lake in [&mut here, &mut there] {
        lake.set_as_of(Day(LAST_DAY.0 - 250)).unwrap();
    }
    for query in
        [Query::Kpis, Query::CohortLtv, Query::CohortLtvEvent, Query::Rfm, Query::Customers, Query::PurchaseGaps]
    {
        agree(&here, &there, query, 1);
    }

    // The sort keys that one of the optimiser's rules loses, on whichever side it runs.
    let trap = "with c as (select cohort_month_number as m from orders group by cohort_month_number) \
        select c.m, o.age_days as age, sum(o.net) as net \
        from c join order_values o on o.cohort_month_number = c.m \
        group by c.m, o.age_days order by c.m, o.age_days";
    assert_eq!(there.sql(trap).unwrap(), here.sql(trap).unwrap());
    let limited = format!("{trap} limit 7");
    assert_eq!(there.sql(&limited).unwrap(), here.sql(&limited).unwrap());

    // What users may not ask they may not ask of a cluster either.
    for text in ["drop table orders", "copy orders to '/tmp/never.csv'", "select nothing_such from orders", "selec 1"] {
        assert_eq!(there.sql(text).unwrap_err().to_string(), here.sql(text).unwrap_err().to_string());
    }
    assert_eq!(there.sql("describe order_values").unwrap(), here.sql("describe order_values").unwrap());
    let empty = "select order_id, net from order_values where 1 = 0";
    assert_eq!(there.sql(empty).unwrap(), here.sql(empty).unwrap());

    drop(there);
    let left: Vec<_> = std::fs::read_dir(cluster.shared()).unwrap().collect();
    assert!(left.is_empty(), "the tables are gone with the lake: {left:?}");
}

#[test]
fn the_files_of_a_server_are_asked_where_they_lie() {
    let cluster = Cluster::start("files", 2);
    let (shop, persons) = shop(ORDERS / 2);
    let orders: Vec<i64> = (1..=shop.orders.len() as i64).collect();
    let owners: Vec<i64> = (1..=persons.len() as i64).collect();
    let numbers = LastingNumbers { orders: &orders, persons: &owners, owners: &owners };
    let piece = Piece { shop: &shop, persons: &persons, numbers };
    let folder = cluster.folder.join("lake");
    let mut written = write_base(&folder, 1, &piece).unwrap();
    // Half of the persons are restated as they were: their rows of the base are covered.
    let restated: Vec<i64> = owners.iter().copied().filter(|owner| owner % 2 == 0).collect();
    written.extend(write_delta(&folder, 2, &piece, &restated).unwrap());
    let files = LakeFiles { folder, files: written, has_amounts: true };
    let (mut here, mut there) = (Lake::embedded().unwrap(), cluster.lake());
    for lake in [&mut here, &mut there] {
        lake.register_files(&files, LAST_DAY).unwrap();
    }
    for query in
        [Query::Kpis, Query::Rfm, Query::CohortLtv, Query::Affinity, Query::AcquisitionCost, Query::OrderValues]
    {
        agree(&here, &there, query, 0);
    }
    let all = there.sql("select count(*) as n from orders").unwrap();
    assert_eq!(all.column("n").unwrap().values, Values::Int(vec![Some(shop.orders.len() as i64)]));
}

/// An order table as files of some rows each, one with all of them, and its customers as numbers or texts.
fn order_files(folder: &std::path::Path, texts: bool) -> (String, String) {
    let (shop, persons) = shop(ORDERS);
    let orders = &shop.orders;
    let part = |rows: &[usize]| {
        let customer = |row: usize| u64::from(persons.of_order[row]) * 7_919_000_003 % 1_000_000_007;
        let customers = if texts {
            Values::Text(rows.iter().map(|&row| Some(format!("C{}", customer(row)))).collect())
        } else {
            Values::Int(rows.iter().map(|&row| Some(customer(row) as i64)).collect())
        };
        let major = |amount: &dyn Fn(usize) -> i64| {
            Values::Float(rows.iter().map(|&row| Some(amount(row) as f64 / 100.0)).collect(), 2)
        };
        Table::new()
            .with("customer_id", customers)
            .with("ordered_at", Values::Date(rows.iter().map(|&row| Some(orders.day[row])).collect()))
            .with("amount", major(&|row| orders.placed_of(row)))
            .with("discount", major(&|row| orders.discount_of(row)))
    };
    let parts = folder.join(if texts { "texts" } else { "numbers" });
    std::fs::create_dir_all(&parts).unwrap();
    let all: Vec<usize> = (0..orders.len()).collect();
    for (number, rows) in all.chunks(ORDERS / 5).enumerate() {
        write_parquet(&parts.join(format!("part-{number}.parquet")), &part(rows)).unwrap();
    }
    let whole = folder.join(if texts { "texts.parquet" } else { "numbers.parquet" });
    write_parquet(&whole, &part(&all)).unwrap();
    (format!("{}/", parts.display()), whole.display().to_string())
}

#[test]
fn features_are_the_same_by_one_pass_by_sql_and_on_the_cluster() {
    let cluster = Cluster::start("features", 2);
    let (here, there) = (Lake::embedded().unwrap(), cluster.lake());
    let columns = FeatureColumns::default();
    for texts in [false, true] {
        let (parts, whole) = order_files(&cluster.folder, texts);
        for as_of in [None, Some(Day(LAST_DAY.0 - 100))] {
            let one_pass = of_parquet(whole.as_ref(), &columns, Currency::EUR, as_of).unwrap();
            assert!(one_pass.customers.len() > 500);
            for lake in [&here, &there] {
                for files in [&parts, &whole] {
                    let answer = of_files(lake, std::slice::from_ref(files), &columns, Currency::EUR, as_of).unwrap();
                    assert!(answer == one_pass, "{files} at {as_of:?}");
                }
            }
        }
    }
    let other = cluster.folder.join("other.parquet");
    write_parquet(&other, &Table::new().with("customer_id", Values::Int(vec![Some(1)]))).unwrap();
    let files = [other.display().to_string()];
    let error = of_files(&there, &files, &columns, Currency::EUR, None).unwrap_err().to_string();
    assert!(error.contains("no column 'ordered_at'") && error.contains("customer_id"), "{error}");
}
