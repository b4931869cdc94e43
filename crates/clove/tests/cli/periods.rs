//! `kpis` over spans of days, and beside other spans.

use serde_json::Value;

use super::{clove, file, golden, json};

fn golden_kpis(flags: &[&str]) -> Value {
    let (orders, refunds) = (golden("orders.csv"), golden("refunds.csv"));
    let shop = ["kpis", &orders, "--refunds", &refunds, "--tz", "Europe/Rome", "--currency", "EUR"];
    json(&[&shop[..], flags].concat())
}

#[test]
fn a_month_beside_the_one_before() {
    let until = ["--as-of", "2026-06-30"];
    let march = golden_kpis(
        &[&["--from", "2026-03-01", "--until", "2026-03-31", "--compare", "previous"], &until[..]].concat(),
    );
    let february = golden_kpis(&[&["--from", "2026-02-01", "--until", "2026-02-28"], &until[..]].concat());
    let comparison = &march["comparison"];
    assert_eq!((comparison["with"].as_str(), comparison["complete"].as_bool()), (Some("previous"), Some(true)));
    assert_eq!((comparison["from"].as_str(), comparison["until"].as_str()), (Some("2026-02-01"), Some("2026-02-28")));
    assert_eq!((comparison["span_days"].as_i64(), comparison["days"].as_i64()), (Some(31), Some(28)));
    for name in ["orders", "customers", "new_customers", "gross_sales", "net_sales", "gross_margin"] {
        assert_eq!(comparison["figures"][name]["value"], march[name], "{name}");
        assert_eq!(comparison["figures"][name]["before"], february[name], "{name}");
    }
    for name in ["aov_placed", "transaction_frequency", "returning_customer_rate", "refund_rate_value"] {
        assert_eq!(comparison["figures"][name]["before"], february[name]["value"], "{name}");
    }
    // Net with refunds on their own day: 25.00 in March.
    let net = &comparison["figures"]["net_sales"];
    let number = |key: &str| net[key].as_str().unwrap().parse::<f64>().unwrap();
    assert!((number("value") - 25.0).abs() < 1e-9);
    assert!((number("difference") - (number("value") - number("before"))).abs() < 1e-9);
    assert!((net["ratio"].as_f64().unwrap() - number("value") / number("before")).abs() < 1e-12);
}

#[test]
fn spans_that_are_not_whole_are_said_to_be() {
    let so_far = golden_kpis(&[
        "--as-of",
        "2026-03-10",
        "--from",
        "2026-03-01",
        "--until",
        "2026-03-31",
        "--compare",
        "previous",
    ]);
    assert_eq!(so_far["complete"], false);
    let comparison = &so_far["comparison"];
    assert_eq!((comparison["complete"].as_bool(), comparison["until"].as_str()), (Some(false), Some("2026-02-10")));
    assert!(comparison["notes"][0].as_str().unwrap().contains("10 of 31 days"), "{comparison}");
    // The files begin in January 2026: there is no year before.
    let year = golden_kpis(&["--from", "2026-03-01", "--until", "2026-03-31", "--compare", "year"]);
    assert_eq!(year["comparison"]["complete"], false);
    assert_eq!(year["comparison"]["from"], "2025-03-01");
    let orders = &year["comparison"]["figures"]["orders"];
    assert!(orders["before"].is_null() && orders["ratio"].is_null() && orders["value"].is_u64(), "{orders}");
}

#[test]
fn impossible_spans_are_refused() {
    let orders = golden("orders.csv");
    let code = |flags: &[&str]| {
        let output = clove(&[&["kpis", &orders, "--currency", "EUR"], flags].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (status, message) = code(&["--from", "2026-05-01", "--until", "2026-04-01"]);
    assert!(status == Some(2) && message.contains("--until"), "{message}");
    assert_eq!(code(&["--from", "2030-05-01"]).0, Some(2));
    assert_eq!(code(&["--compare", "year"]).0, Some(2));
    for command in [&["repeat"][..], &["explain", "net_sales"]] {
        let call = [command, &[&orders, "--currency", "EUR", "--from", "2026-05-01", "--until", "2026-04-01"]].concat();
        assert_eq!(clove(&call).status.code(), Some(2), "{command:?}");
    }
}

#[test]
fn files_without_amounts_have_no_value_rather_than_none() {
    let orders = file(
        "no_amounts",
        "orders.csv",
        "customer_id,date\na,2026-01-05\nb,2026-01-09\na,2026-02-05\nc,2026-03-01\nb,2026-04-01\n",
    );
    let clv = json(&["clv", &orders]);
    for key in ["value", "value_12m", "predicted_value", "predicted_low"] {
        assert!(clv["totals"][key].is_null(), "{key}: {clv}");
    }
    assert_eq!(clv["totals"]["orders"], 5);
    let kpis = json(&["kpis", &orders]);
    for key in ["gross_sales", "discounts", "returns", "net_sales", "net_event_basis"] {
        assert!(kpis[key].is_null(), "{key}: {kpis}");
    }
    assert!(kpis["aov_net"]["value"].is_null() && kpis["refund_rate_value"]["numerator"].is_null(), "{kpis}");
    let cohorts = json(&["cohorts", &orders]);
    assert!(cohorts["cohorts"][0]["ltv"][0]["ltv"]["value"].is_null(), "{cohorts}");
    for command in ["clv", "kpis", "cohorts", "rfm", "segments", "payback"] {
        for format in ["table", "csv"] {
            let output = clove(&[command, &orders, "--format", format]);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(!text.contains("0.00"), "{command} {format}:\n{text}");
        }
    }
    let rows = clove(&["clv", &orders, "--format", "csv"]);
    assert!(String::from_utf8_lossy(&rows.stdout).contains("a,active,2,1,31,86,,,,"), "{rows:?}");
}

#[test]
fn nothing_left_is_a_problem_of_the_data_with_its_reason() {
    let orders = file(
        "nothing_left",
        "orders.csv",
        "order_id,customer_id,date,amount,test\n1,a,2026-01-05,10,true\n2,b,2026-01-09,20,true\n",
    );
    for command in ["clv", "kpis", "cohorts", "rfm", "lifecycle", "segments", "repeat"] {
        let output = clove(&[command, &orders]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{command}: {message}");
        assert!(message.contains("2 test"), "{command}: {message}");
    }
    let guests = file("nothing_left", "guests.csv", "order_id,date,amount\n1,2026-01-05,10\n2,2026-01-09,20\n");
    for command in ["rfm", "lifecycle", "segments"] {
        let output = clove(&[command, &guests]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{command}: {message}");
    }
}
