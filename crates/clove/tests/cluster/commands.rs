//! Commands whose SQL runs on a cluster print what they print without one, to the byte.

use std::path::PathBuf;
use std::process::{Command, Output};

use clove_core::{Table, Values};
use clove_lake::write_parquet;

use super::nodes::{Cluster, free_port};
use super::shop::shop;

fn clove(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).output().expect("the program runs")
}

fn golden(file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../measure/tests/golden");
    folder.join(file).to_string_lossy().into_owned()
}

#[test]
fn commands_print_the_same() {
    let cluster = Cluster::start("commands", 2);
    let (address, shared) = (cluster.address(), cluster.shared());
    let there = ["--cluster", &address, "--cluster-shared", &shared];
    let orders = golden("orders.csv");
    let refunds = golden("refunds.csv");
    let question = "select cohort_month, customer, count(*) as n, sum(net) as net from order_values group by cohort_month, customer \
                    order by cohort_month, customer";
    for arguments in [
        &["sql", question, &orders, "--refunds", &refunds][..],
        &["sql", question, &orders, "--refunds", &refunds, "--format", "json"],
        &["explain", "ltv", &orders, "--refunds", &refunds],
        &["explain", "net_sales", &orders, "--refunds", &refunds, "--format", "json"],
    ] {
        let here = clove(arguments);
        assert!(here.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&here.stderr));
        let answer = clove(&[arguments, &there].concat());
        assert!(answer.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&answer.stderr));
        assert_eq!(String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&here.stdout), "{arguments:?}");
    }
    // The heavy one: executors read the file themselves.
    let (shop, persons) = shop(3_000);
    let orders = &shop.orders;
    let major = |of: &dyn Fn(usize) -> i64| {
        Values::Float((0..orders.len()).map(|row| Some(of(row) as f64 / 100.0)).collect(), 2)
    };
    let table = Table::new()
        .with("customer_id", Values::Int(persons.of_order.iter().map(|&person| Some(i64::from(person))).collect()))
        .with("ordered_at", Values::Date(orders.day.iter().map(|&day| Some(day)).collect()))
        .with("amount", major(&|row| orders.placed_of(row)))
        .with("discount", major(&|row| orders.discount_of(row)));
    let file = |name: &str| cluster.folder.join(name).display().to_string();
    write_parquet(file("orders.parquet").as_ref(), &table).unwrap();
    let features = |out: &str, more: &[&str]| {
        let orders = file("orders.parquet");
        let out = file(out);
        let output = clove(&[&["features", &orders, "--format", "parquet", "--out", &out][..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.stdout, std::fs::read(out).unwrap())
    };
    assert!(features("here.parquet", &[]) == features("there.parquet", &["--cluster", &address]));
}

#[test]
fn wrong_calls_say_what_to_do() {
    let nobody = format!("127.0.0.1:{}", free_port());
    let orders = golden("orders.csv");
    let message = |arguments: &[&str]| {
        let output = clove(arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, text) = message(&["sql", "select 1", &orders, "--cluster", &nobody]);
    assert!(code == Some(2) && text.contains("--cluster-shared"), "{code:?} {text}");
    let shared = std::env::temp_dir().join("clove-nobody").display().to_string();
    let (code, text) = message(&[
        "sql",
        "select count(*) from orders",
        &orders,
        "--cluster",
        &nobody,
        "--cluster-shared",
        &shared,
        "--cluster-attempts",
        "1",
    ]);
    assert!(code == Some(1) && text.contains(&nobody) && text.contains("1 attempt"), "{code:?} {text}");
    let (code, text) = message(&["features", &orders, "--tz", "Europe/Rome", "--cluster", &nobody]);
    assert!(code == Some(2) && text.contains("Parquet"), "{code:?} {text}");
}
