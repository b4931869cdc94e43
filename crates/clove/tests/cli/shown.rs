//! What people see: tables within the terminal, refusals that help.

use std::process::{Command, Output};

use super::{clove, file, golden, json};

fn in_terminal(columns: usize, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clove"))
        .args(arguments)
        .env("COLUMNS", columns.to_string())
        .output()
        .expect("the program runs")
}

#[test]
fn tables_fit_the_terminal_and_numbers_stay_whole() {
    let (orders, spend) = (golden("orders.csv"), golden("spend.csv"));
    let flags =
        [orders.as_str(), "--spend", &spend, "--tz", "Europe/Rome", "--currency", "EUR", "--as-of", "2026-06-30"];
    let commands: [&[&str]; 10] = [
        &["kpis", "--from", "2026-03-01", "--until", "2026-03-31", "--compare", "year"],
        &["cohorts"],
        &["cohorts", "--show", "retention"],
        &["payback"],
        &["segments"],
        &["lifecycle"],
        &["features"],
        &["clv", "--by", "cohort"],
        &["sql", "select * from order_values order by order_number"],
        &["check"],
    ];
    for columns in [60, 80, 120, 200] {
        for command in commands {
            let call = [&command[..1], &command[1..], &flags[..]].concat();
            let call: Vec<&str> = if command[0] == "check" {
                call.into_iter().filter(|word| *word != "--as-of" && *word != "2026-06-30").collect()
            } else {
                call
            };
            let output = in_terminal(columns, &call);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
            // Sentences are the terminal's to fold; lines of tables have gaps.
            let too_wide = text.lines().find(|line| line.trim().contains("  ") && line.chars().count() > columns);
            assert!(too_wide.is_none(), "{command:?} at {columns}:\n{text}");
        }
    }
    let all = in_terminal(200, &[&["payback"], &flags[..]].concat());
    let narrow = in_terminal(60, &[&["payback"], &flags[..]].concat());
    assert!(!String::from_utf8_lossy(&all.stdout).contains("Not shown"));
    assert!(String::from_utf8_lossy(&narrow.stdout).contains("Not shown for want of width: paid customers"));
    assert!(String::from_utf8_lossy(&narrow.stdout).contains("total"));
}

#[test]
fn sql_shows_keys_as_they_are_and_speaks_of_our_tables() {
    let orders = golden("orders.csv");
    let ask = |sql: &str| clove(&["sql", sql, &orders, "--currency", "EUR"]);
    let years = ask("select 2026 as year, 1234567 as id");
    assert!(String::from_utf8_lossy(&years.stdout).contains("1234567"), "{years:?}");
    for (sql, hint) in [
        ("select nett from order_values", "'net'"),
        ("select * from order", "'orders'"),
        ("describe custmers", "'customers'"),
    ] {
        let output = ask(sql);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(hint) && !message.to_lowercase().contains("datafusion"), "{message}");
    }
    let tables = String::from_utf8_lossy(&ask("show tables").stdout).into_owned();
    assert!(tables.contains("order_values") && !tables.contains("information_schema"), "{tables}");
}

#[test]
fn an_unknown_column_is_a_wrong_call_everywhere() {
    let orders = file("unknown_column", "orders.csv", "customer_id,date,amount,channel\na,2026-01-05,10,search\n");
    for command in ["clv", "cohorts"] {
        let output = clove(&[command, &orders, "--by", "planet"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{command}: {message}");
        assert!(message.contains("planet") && message.contains("channel"), "{command}: {message}");
    }
}

#[test]
fn a_summary_is_told_from_orders() {
    let mut text = "ID,frequency,recency,T,monetary_value\n".to_owned();
    for id in 0..130 {
        let frequency = id % 5;
        let recency = if frequency == 0 { 0 } else { 20 * frequency };
        text += &format!("{id},{frequency},{recency},{},{}\n", 120 + id, 10 + id % 7);
    }
    text += "x,1.5,10,20,3\ny,1,30,20,3\nz,,,,\n";
    let summary = file("summary_hint", "summary.csv", &text);
    let output = clove(&["clv", &summary]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{message}");
    assert!(message.contains("--from-summary"), "{message}");
    let told = json(&["clv", &summary, "--from-summary"]);
    assert_eq!(told["totals"]["gate"]["open"], true, "{told}");
    let bound = |key: &str| told["totals"][key].as_f64().unwrap_or_else(|| panic!("{key} in {told}"));
    assert!(bound("predicted_low") < bound("mean_low") && bound("mean_low") <= bound("predicted_value"));
    assert!(bound("predicted_value") <= bound("mean_high") && bound("mean_high") < bound("predicted_high"));
    for reason in ["frequency_not_whole", "recency_beyond_age", "missing_figure"] {
        assert_eq!(told["excluded"][reason]["rows"], 1, "{reason}");
    }
}

#[test]
fn simple_takes_decimal_commas_and_refuses_what_is_no_money() {
    assert_eq!(json(&["simple", "12,5", "2", "2"])["clv"], 50.0);
    for wrong in ["1,200", "1e300", "abc"] {
        let output = clove(&["simple", wrong, "12", "8"]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
}
