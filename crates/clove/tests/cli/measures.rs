//! The measuring commands through the public command line, on the golden shop.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

fn golden(file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../measure/tests/golden");
    folder.join(file).to_string_lossy().into_owned()
}

fn clove(command: &[&str], flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clove"))
        .args(command)
        .arg(golden("orders.csv"))
        .args(["--refunds", &golden("refunds.csv"), "--spend", &golden("spend.csv")])
        .args(["--tz", "Europe/Rome", "--currency", "EUR", "--as-of", "2026-06-30"])
        .args(flags)
        .output()
        .expect("the program runs")
}

fn json(command: &[&str], flags: &[&str]) -> Value {
    let output = clove(command, &[flags, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn expected() -> Value {
    serde_json::from_str(include_str!("../../../measure/tests/golden/expected.json")).unwrap()
}

fn same(expected: &Value, actual: &Value) {
    let actual = match actual {
        Value::String(text) => text.parse().expect("a decimal string"),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} for {expected}")),
    };
    let expected = expected.as_f64().unwrap();
    assert!((expected - actual).abs() < 5.01e-5, "expected {expected}, got {actual}");
}

#[test]
fn key_figures_are_those_of_the_reference() {
    let (expected, told) = (expected(), json(&["kpis"], &[]));
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
        same(&expected[key], &told[key]);
    }
    for key in ["aov_placed", "aov_net", "transaction_frequency", "effective_discount_rate", "refund_rate_value"] {
        same(&expected[key], &told[key]["value"]);
    }
    for (key, told_key) in
        [("repeat_purchase_rate", "repeat_purchase_rate"), ("discount_share_orders", "discount_share_orders")]
    {
        same(&expected[key][0], &told[told_key]["numerator"]);
        same(&expected[key][1], &told[told_key]["denominator"]);
    }
    same(&expected["median_gap"], &told["gaps"]["median"]);
    assert_eq!(told["excluded"]["test"]["amount"], "999.00");
    let march = json(&["kpis"], &["--from", "2026-03-01", "--until", "2026-03-31"]);
    same(&expected["march_net_event_basis"], &march["net_event_basis"]);
    same(&expected["march_net_order_basis"], &march["net_order_basis"]);
}

#[test]
fn the_cohort_triangle_is_that_of_the_reference() {
    let ages = ["--ages", "0,30,60,90,180"];
    let order = json(&["cohorts"], &ages);
    let event = json(&["cohorts"], &[&ages[..], &["--refund-date", "event"]].concat());
    let margin = json(&["cohorts"], &[&ages[..], &["--show", "margin"]].concat());
    let expected = expected();
    for (index, (month, cohort)) in expected["cohorts"].as_object().unwrap().iter().enumerate() {
        let told = &order["cohorts"][index];
        assert_eq!(told["cohort"], month.as_str());
        same(&cohort["customers"], &told["customers"]);
        same(&cohort["cac"], &told["cac"]["value"]);
        for (cell, age) in [0, 30, 60, 90, 180].into_iter().enumerate() {
            let wanted = &cohort[format!("d{age}")];
            assert_eq!(wanted["complete"], told["ltv"][cell]["complete"]);
            same(&wanted["ltv_net_order_basis"], &told["ltv"][cell]["ltv"]["value"]);
            same(&wanted["ltv_net_event_basis"], &event["cohorts"][index]["ltv"][cell]["ltv"]["value"]);
            same(&wanted["ltv_margin"], &margin["cohorts"][index]["ltv"][cell]["ltv"]["value"]);
        }
    }
    same(&expected["feb_ltv90_cac_net"], &order["cohorts"][1]["ltv"][3]["ltv_to_cac"]);
    same(&expected["feb_ltv90_cac_margin"], &margin["cohorts"][1]["ltv"][3]["ltv_to_cac"]);
}

#[test]
fn one_file_has_the_many_values_of_the_reference() {
    let told = json(&["explain", "ltv"], &[]);
    let told: Vec<(&str, &str)> = told["definitions_compared"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["value"]["value"].as_str().unwrap()))
        .collect();
    let expected = [
        ("naive", "165.8182"),
        ("total", "131.0333"),
        ("net", "102.35"),
        ("net_email_only", "87.7286"),
        ("shopify_style", "64.41"),
        ("margin", "56.6833"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_measuring_command_answers_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 10] = [
        &["kpis"],
        &["cohorts"],
        &["rfm"],
        &["repeat"],
        &["payback"],
        &["lifecycle"],
        &["segments"],
        &["explain", "ltv"],
        &["sql", "select customer, net from customers order by customer"],
        &["features"],
    ];
    for command in commands {
        for format in ["table", "csv", "json", "parquet"] {
            let path = folder.path().join(format!("{}.{format}", command[0]));
            let output = clove(command, &["--format", format, "--out", &path.to_string_lossy()]);
            assert!(output.status.success(), "{command:?} {format}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(path.metadata().unwrap().len() > 0, "{command:?} {format}");
        }
    }
}

#[test]
fn wrong_questions_and_missing_data_have_codes_of_their_own() {
    let code = |command: &[&str]| clove(command, &[]).status.code();
    assert_eq!(code(&["explain", "nothing"]), Some(2));
    assert_eq!(code(&["sql", "drop table orders"]), Some(2));
    assert_eq!(code(&["affinity"]), Some(3), "no products in the file");
}
