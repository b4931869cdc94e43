//! `check`, `clv`, `simple` on small files.

use super::{clove, file, golden, json, scratch};

fn golden_flags() -> Vec<String> {
    [
        golden("orders.csv"),
        "--refunds".into(),
        golden("refunds.csv"),
        "--tz".into(),
        "Europe/Rome".into(),
        "--currency".into(),
        "EUR".into(),
    ]
    .to_vec()
}

fn with_golden<'a>(command: &[&'a str], flags: &'a [String]) -> Vec<&'a str> {
    command.iter().copied().chain(flags.iter().map(String::as_str)).collect()
}

#[test]
fn check_counts_and_sums_what_is_left_out() {
    let flags = golden_flags();
    let told = json(&with_golden(&["check"], &flags));
    assert_eq!(told["format"], "generic-orders");
    assert_eq!(told["rows"], 14);
    assert_eq!(told["orders"], 10);
    assert_eq!((told["customers"].as_u64(), told["guests"].as_u64()), (Some(6), Some(1)));
    assert_eq!(told["gross"], "734.00");
    assert_eq!(told["discounts"], "39.90");
    assert_eq!(told["returns"], "80.00");
    assert_eq!(told["net"], "614.10");
    assert_eq!(told["excluded"]["test"]["amount"], "999.00");
    assert_eq!(told["excluded"]["cancelled"]["count"], 1);
    assert_eq!(told["excluded"]["zero_value"]["count"], 1);
    assert_eq!(told["excluded"]["gift_card_sale"]["amount"], "50.00");
    assert_eq!(told["rejected"], 0);
}

#[test]
fn a_tiny_shop_gets_an_average_and_the_reason() {
    let flags = golden_flags();
    let told = json(&with_golden(&["clv", "--as-of", "2026-06-30"], &flags));
    assert_eq!(told["as_of"], "2026-06-30");
    assert_eq!((told["currency"].as_str(), told["basis"].as_str()), (Some("EUR"), Some("net")));
    assert_eq!(told["model"], "cohort-average");
    assert_eq!(told["totals"]["value"], "614.10");
    assert_eq!(told["totals"]["customers"], 6);
    assert_eq!(told["totals"]["gate"]["open"], false);
    assert!(told["totals"]["gate"]["reason"].as_str().unwrap().contains("of 100"));
    assert!(told["totals"]["predicted_low"].is_null());
}

#[test]
fn one_row_per_customer_with_the_documented_columns() {
    let flags = golden_flags();
    let out = scratch("customer_rows").join("customers.csv");
    let out = out.to_string_lossy().into_owned();
    let arguments = with_golden(&["clv", "--as-of", "2026-06-30", "--format", "csv", "--out", &out], &flags);
    let output = clove(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&out).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "customer_id,status,orders,frequency,recency_days,age_days,value,value_12m,value_24m,p_alive,prob_buy,\
         expected_purchases,expected_spend,predicted_value,predicted_low,predicted_high,mean_low,mean_high,total_value,\
         rank_score,expected_next_purchase_date,avg_days_between"
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), 6);
    let row = |id: &str| rows.iter().find(|row| row[0] == id).unwrap_or_else(|| panic!("{id} in {text}"));
    assert_eq!(row("ann@x.it")[2..9], ["3", "2", "142", "171", "240.00", "240.00", "240.00"]);
    assert_eq!(row("cat@x.it")[1..5], ["no_purchase", "1", "0", ""]);
    assert_eq!(row("guest:o12")[1], "guest");
    assert_eq!(row("eva@x.it")[2..4], ["2", "1"]);
}

#[test]
fn importing_the_same_file_twice_changes_nothing() {
    let flags = golden_flags();
    let once = json(&with_golden(&["clv", "--as-of", "2026-06-30"], &flags));
    let twice = json(&with_golden(&["clv", "--as-of", "2026-06-30", &golden("orders.csv")], &flags));
    assert_eq!(once["totals"], twice["totals"]);
}

#[test]
fn simple_is_the_formula() {
    assert_eq!(json(&["simple", "50", "12", "8"])["clv"], 4800.0);
    assert_eq!(clove(&["simple", "fifty", "12", "8"]).status.code(), Some(2));
}

#[test]
fn exit_codes_tell_usage_from_data() {
    assert_eq!(clove(&["clv"]).status.code(), Some(2));
    assert_eq!(clove(&["clv", &golden("orders.csv"), "--tz", "Mars/Olympus"]).status.code(), Some(2));
    assert_eq!(clove(&["clv", &golden("orders.csv"), "--format", "parquet"]).status.code(), Some(2));
    assert_eq!(clove(&["clv", "no-such-file.csv"]).status.code(), Some(1));
    let useless = file("exit_codes", "useless.csv", "colour,weight\nred,1\n");
    let output = clove(&["clv", &useless]);
    assert_eq!(output.status.code(), Some(3));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("colour"), "{message}");
    let ambiguous = file("exit_codes", "ambiguous.csv", "customer_id,date,amount\n1,03/04/2026,10\n2,05/06/2026,12\n");
    let output = clove(&["clv", &ambiguous]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--date-order"));
    assert!(clove(&["clv", &ambiguous, "--date-order", "dmy"]).status.success());
}

#[test]
fn bad_rows_are_written_with_remedy_and_good_rows_are_kept() {
    let orders = file(
        "rejects",
        "orders.csv",
        "order_id,customer_id,date,amount\n1,a,2026-01-05,10.00\n2,b,someday,12.00\n3,c,2026-01-07,twelve\n4,a,2026-02-01,8.50\n",
    );
    let rejects = scratch("rejects").join("rejects.csv");
    let rejects = rejects.to_string_lossy().into_owned();
    let told = json(&["clv", &orders, "--rejects", &rejects]);
    assert_eq!(told["totals"]["orders"], 2);
    assert_eq!(told["totals"]["value"], "18.50");
    assert_eq!(told["excluded"]["rejected_rows"]["rows"], 2);
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert_eq!(text.lines().next().unwrap(), "file,line,column,value,reason,remedy");
    assert!(text.lines().any(|line| line.contains(",3,date,someday,")), "{text}");
    assert!(text.lines().any(|line| line.contains(",4,amount,twelve,")), "{text}");
}

#[test]
fn the_day_of_an_order_is_that_of_the_shop() {
    let orders =
        file("zone", "orders.csv", "customer_id,placed_at,amount\na,2026-01-31T23:30:00Z,10\nb,2026-02-10,5\n");
    let groups = |zone: &str| json(&["clv", &orders, "--tz", zone, "--by", "cohort"])["groups"].clone();
    assert_eq!(groups("UTC").as_array().unwrap().len(), 2);
    assert_eq!(groups("Europe/Rome").as_array().unwrap().len(), 1);
}

#[test]
fn a_number_that_two_customers_share_is_two_orders() {
    let orders = file(
        "reused_numbers",
        "orders.csv",
        "order_id,customer_id,date,amount\n1,a,2025-01-05,10\n2,b,2025-02-05,20\n1,c,2026-01-05,40\n2,b,2025-02-05,25\n\
         3,d,2025-03-01,1\n4,d,2025-04-01,1\n5,d,2025-05-01,1\n",
    );
    let told = json(&["check", &orders]);
    assert_eq!((told["orders"].as_u64(), told["customers"].as_u64()), (Some(6), Some(4)));
    // Order 2 came again, corrected: the later row counts.
    assert_eq!(told["net"], "78.00");
    assert!(
        told["warnings"].as_array().unwrap().iter().any(|text| text.as_str().unwrap().contains("several customers"))
    );
}

#[test]
fn what_cannot_be_answered_is_said_not_shown_as_zero() {
    let orders = file("no_costs", "orders.csv", "customer_id,date,amount\na,2026-01-05,10\n");
    let output = clove(&["clv", &orders, "--basis", "margin"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--costs"));
    assert_eq!(clove(&["clv", &orders, "--as-of", "1990-01-01"]).status.code(), Some(3));
    assert_eq!(clove(&["clv", &orders, "--horizon", "-5"]).status.code(), Some(2));
}

#[test]
fn flags_that_a_summary_cannot_serve_are_refused() {
    let summary = file("summary_flags", "summary.csv", "ID,frequency,recency,T\n1,2,10,20\n2,0,0,20\n");
    let output = clove(&["clv", &summary, "--from-summary", "--by", "cohort"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--by"));
}
