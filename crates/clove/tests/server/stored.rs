//! The commands over files, asked of a server's data: with the server stopped, and while it runs.

use std::process::Command;

use serde_json::Value;

use crate::{Server, data_folder};

fn golden(file: &str) -> String {
    format!("{}/../measure/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn clove(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&clove(arguments)).expect("JSON")
}

/// What a command says of the golden shop's files, and of the server's data.
fn both(command: &[&str], data: &str) -> (Value, Value) {
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let common = ["--as-of", "2026-06-30", "--format", "json"];
    let files = ["--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome"];
    let of_files = [command, &[orders.as_str()], &files, &common].concat();
    let of_data = [command, &["--data", data], &common].concat();
    (json(&of_files), json(&of_data))
}

#[test]
fn the_golden_shop_says_the_same_from_files_and_from_a_servers_data() {
    let folder = data_folder("stored");
    let data = folder.join("data").display().to_string();
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let importing = ["import", &orders, "--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome"];
    clove(&[&importing[..], &["--source", "file:golden", "--data", &data]].concat());
    // A shop counts days in its own zone: the server is told once, and what it computed is computed anew.
    drop(Server::start_with(&folder.join("data"), &["--tz", "Europe/Rome"]));
    clove(&["rebuild", "--data", &data]);

    let same = || {
        let (files, stored) = both(&["kpis"], &data);
        for key in [
            "orders",
            "customers",
            "identified_customers",
            "gross_sales",
            "discounts",
            "returns",
            "net_sales",
            "gross_margin",
        ] {
            assert!(!files[key].is_null(), "{files}");
            assert_eq!(files[key], stored[key], "{key}: {files} {stored}");
        }
        let (files, stored) = both(&["cohorts", "--ages", "30,60,90"], &data);
        assert_eq!(files["cohorts"], stored["cohorts"], "{files} {stored}");
        let (files, stored) = both(&["repeat"], &data);
        assert_eq!(files["repeat_purchase_rate"], stored["repeat_purchase_rate"]);
    };
    same();
    let server = Server::start_with(&folder.join("data"), &["--tz", "Europe/Rome"]);
    same();
    drop(server);

    let sql = "select count(*) as orders, sum(net) as net from order_values where is_order";
    let files = clove(&[
        "sql",
        sql,
        &orders,
        "--refunds",
        &refunds,
        "--tz",
        "Europe/Rome",
        "--as-of",
        "2026-06-30",
        "--format",
        "csv",
    ]);
    assert_eq!(clove(&["sql", sql, "--data", &data, "--as-of", "2026-06-30", "--format", "csv"]), files);
    assert!(clove(&["lake", "flush", "--data", &data]).starts_with("generation 1"));
    assert!(folder.join("data/lake/orders-1.parquet").exists());
    assert!(clove(&["lake", "flush", "--data", &data]).contains("0 customers written"));
}
