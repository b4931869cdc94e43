//! Metrics by HTTP: the golden figures, the same as from files, on both databases.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::worker::database;
use crate::{Server, data_folder};

fn golden(file: &str) -> String {
    format!("{}/../measure/tests/golden/{file}", env!("CARGO_MANIFEST_DIR"))
}

fn clove(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).output().expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The golden shop in a data folder or database, counted in its own zone.
pub fn shop(data: &str, notes: &Path) -> (Server, String) {
    let start = || Server::start_on(data, notes, &["--tz", "Europe/Rome", "--currency", "EUR"]);
    let server = start();
    let key = server.owner_key.clone().expect("the first start shows a key");
    drop(server);
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let files = ["import", &orders, "--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome"];
    clove(&[&files[..], &["--source", "file:golden", "--data", data]].concat());
    (start(), key)
}

fn ask(server: &Server, key: &str, metric: &str, question: &Value) -> Value {
    let path = format!("/api/v1/metrics/{metric}/query");
    let (status, body) = server.send("POST", &path, key, &question.to_string());
    assert_eq!(status, 200, "{metric} {question}: {body}");
    body
}

/// What the command says of the files.
fn of_files(metric: &str, flags: &[&str]) -> Value {
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    let common = ["--tz", "Europe/Rome", "--as-of", "2026-06-30", "--format", "json"];
    let files = ["metric", metric, &orders, "--refunds", &refunds, "--spend", &spend];
    serde_json::from_str(&clove(&[&files[..], &common, flags].concat())).expect("JSON")
}

fn says_what_files_say(server: &Server, key: &str) {
    let (status, catalogue) = server.send("GET", "/api/v1/metrics", key, "");
    assert_eq!(status, 200);
    let metrics = catalogue["items"].as_array().expect("a list");
    assert!(metrics.len() > 30, "{catalogue}");
    let mut asked = 0;
    for metric in metrics {
        let id = metric["id"].as_str().expect("an id");
        if metric["kind"] == "table" {
            let (status, body) = server.send("POST", &format!("/api/v1/metrics/{id}/query"), key, "{}");
            assert_eq!((status, &body["code"]), (422, &json!("invalid_body")), "{body}");
            continue;
        }
        for (question, flags) in [
            (json!({"as_of": "2026-06-30"}), vec![]),
            (
                json!({"as_of": "2026-06-30", "basis": "margin", "by": "cohort"}),
                vec!["--basis", "margin", "--by", "cohort"],
            ),
            (
                json!({"as_of": "2026-06-30", "from": "2026-02-01", "until": "2026-03-31", "compare": "previous", "interval": "month"}),
                vec!["--from", "2026-02-01", "--until", "2026-03-31", "--compare", "previous", "--interval", "month"],
            ),
        ] {
            let (mut live, mut files) = (ask(server, key, id, &question), of_files(id, &flags));
            for answer in [&mut live, &mut files] {
                // The server has refunds as orders' own; what is left out is told alike.
                answer.as_object_mut().expect("an object").remove("identified_share");
            }
            assert_eq!(live, files, "{id} {question}");
            asked += 1;
        }
    }
    assert!(asked > 90, "{asked}");
}

fn is_golden(server: &Server, key: &str) {
    let value = |metric: &str, question: Value| ask(server, key, metric, &question)["value"].clone();
    let at = json!({"as_of": "2026-06-30"});
    assert_eq!(value("net_sales", at.clone()), "614.10");
    assert_eq!(value("orders", at.clone()), 10);
    assert_eq!(value("historic_clv", at.clone()), "102.35");
    assert_eq!(value("median_gap", at.clone()), 64.0);
    assert_eq!(value("repeat_purchase_rate", at), 0.6);
    let march =
        |rule: &str| json!({"as_of": "2026-06-30", "from": "2026-03-01", "until": "2026-03-31", "refund_date": rule});
    assert_eq!(value("net_sales", march("order")), "75.00");
    assert_eq!(value("net_sales", march("event")), "25.00");
    let february = |age: u32, rule: &str| {
        let question = json!({"as_of": "2026-06-30", "by": "cohort", "age_days": age, "refund_date": rule});
        let answer = ask(server, key, "ltv", &question);
        let groups = answer["breakdown"]["groups"].as_array().expect("groups").clone();
        groups.into_iter().find(|group| group["group"] == "2026-02").expect("February")["value"].clone()
    };
    assert_eq!((february(30, "order"), february(30, "event")), (json!("69.775"), json!("89.775")));
    assert_eq!((february(60, "order"), february(90, "order")), (json!("69.775"), json!("87.275")));
    // What cannot be told is null, not 0: who had ordered before nothing, costs of cohorts and segments.
    let untold = |metric: &str, question: Value| {
        let answer = ask(server, key, metric, &question);
        let groups = answer["breakdown"]["groups"].as_array().cloned().unwrap_or_default();
        let values = if groups.is_empty() { vec![answer] } else { groups };
        assert!(values.iter().all(|one| one["value"].is_null()), "{metric} {question}: {values:?}");
    };
    untold("returning_customer_rate", json!({"as_of": "2026-06-30"}));
    for metric in ["marketing_cost", "cac", "value_to_cost"] {
        untold(metric, json!({"as_of": "2026-06-30", "by": "cohort"}));
        untold(metric, json!({"as_of": "2026-06-30", "segment": "regular"}));
    }
    let spent = ask(server, key, "cac", &json!({"as_of": "2026-06-30", "interval": "month"}));
    let steps: Vec<&Value> =
        spent["series"]["steps"].as_array().expect("steps").iter().map(|step| &step["value"]).collect();
    assert_eq!(steps[..4], [&json!("30.00"), &json!("15.00"), &json!("20.00"), &Value::Null]);
}

/// Each analysis says what its command says of the files.
fn analyses_say_what_commands_say(server: &Server, key: &str) {
    let (orders, refunds, spend) = (golden("orders.csv"), golden("refunds.csv"), golden("spend.csv"));
    for (path, command) in [
        ("cohorts?as_of=2026-06-30&ages=0,30,90", &["cohorts", "--ages", "0,30,90"][..]),
        ("cohorts?as_of=2026-06-30&basis=margin&grain=age", &["cohorts", "--basis", "margin", "--grain", "age"]),
        ("lifecycle?as_of=2026-06-30&period=week", &["lifecycle", "--period", "week"]),
        ("rfm?as_of=2026-06-30", &["rfm"]),
        ("migration?as_of=2026-06-30&from=2026-02-15", &["migration", "--from", "2026-02-15"]),
        ("repeat?as_of=2026-06-30", &["repeat"]),
        ("payback?as_of=2026-06-30", &["payback", "--basis", "net"]),
        ("problems?as_of=2026-06-30", &["problems"]),
        ("actions?as_of=2026-06-30&answer_share=0.1", &["actions", "--answer-share", "0.1"]),
    ] {
        let common = ["--refunds", &refunds, "--spend", &spend, "--tz", "Europe/Rome", "--as-of", "2026-06-30"];
        let files: Value =
            serde_json::from_str(&clove(&[command, &[orders.as_str()], &common, &["--format", "json"]].concat()))
                .expect("JSON");
        let (status, live) = server.send("GET", &format!("/api/v1/{path}"), key, "");
        assert_eq!(status, 200, "{path}: {live}");
        let fields = live.as_object().expect("an object");
        assert!(fields.len() > 3, "{live}");
        for (name, value) in fields {
            assert_eq!(value, &files[name], "{path}: {name}");
        }
    }
    let of = |path: &str| server.send("GET", &format!("/api/v1/{path}"), key, "");
    let (_, all) = of("concentration?as_of=2026-06-30");
    let (status, some) = of("concentration?as_of=2026-06-30&segment=regular");
    assert!(status == 200 && all != some, "{some}");
    let (status, told) = of("headlines?as_of=2026-06-30");
    assert_eq!((status, &told["buys_again"]["denominator"]), (200, &json!(0)), "nobody is known for 180 days: {told}");
    let (status, told) = of("personas?as_of=2026-06-30");
    assert!(status == 200 && told["note"].is_string() && told["personas"] == json!([]), "five customers: {told}");
    let (_, top) = of("segments/regular/members?as_of=2026-06-30&limit=1");
    let (status, told) =
        of(&format!("customers/{}/preferences", top["items"][0]["customer"].as_str().expect("a customer")));
    assert!(status == 200 && told["orders"].as_u64() > Some(0), "{told}");
    assert!(told["found"].as_array().is_some_and(|found| found.iter().any(|one| one["kind"] == "weekday")), "{told}");
    for path in [
        "cohorts?ages=old",
        "rfm?basis=nett",
        "lifecycle?segment=vip",
        "repeat?segment=nobody",
        "affinity?x=1",
        "actions?offer_share=2",
    ] {
        assert_eq!(of(path).0, 400, "{path}");
    }
}

fn is_explained(server: &Server, key: &str) {
    let question = json!({"as_of": "2026-06-30", "basis": "margin"}).to_string();
    let (status, body) = server.send("POST", "/api/v1/metrics/historic_clv/explain", key, &question);
    assert_eq!(status, 200, "{body}");
    assert!(body["sql"].as_str().is_some_and(|sql| sql.contains("sum(\"margin\")")), "{body}");
    assert_eq!((&body["row_count"], &body["rows"][0]["value"]), (&json!(1), &json!(34_010)));
    assert_eq!(body["value"]["value"], "56.6833");
    assert_eq!(body["excluded"].as_array().expect("a list").len(), 4);
    assert_eq!(body["samples"].as_array().expect("a list").len(), 5);
}

#[test]
fn metrics_are_the_same_from_files_and_by_http() {
    let folder = data_folder("metrics");
    let (server, key) = shop(&folder.join("data").display().to_string(), &folder);
    is_golden(&server, &key);
    says_what_files_say(&server, &key);
    is_explained(&server, &key);
    analyses_say_what_commands_say(&server, &key);
    // What was accepted before a question is in the answer.
    let order = json!({
        "id": "new", "placed_at": "2026-06-30T08:00:00Z", "status": "paid", "currency": "EUR",
        "customer": {"email": "new@example.org"}, "gross": "10.00"
    });
    assert_eq!(server.send("POST", "/api/v1/orders?source=till:1", &key, &order.to_string()).0, 200);
    let at = json!({"as_of": "2026-06-30", "segment": "first_time"});
    assert_eq!(ask(&server, &key, "net_sales", &json!({"as_of": "2026-06-30"}))["value"], "624.10");
    assert_eq!(ask(&server, &key, "orders", &at)["value"], 1, "the new customer");
    for (question, pointer) in [
        (json!({"as_of": "yesterday"}), "/as_of"),
        (json!({"basis": "nett"}), "/basis"),
        (json!({"by": "shelf"}), "/by"),
        (json!({"compare": "year"}), "/from"),
        (json!({"from": "2026-02-01", "until": "2026-01-01"}), "/until"),
        (json!({"from": "1990-01-01", "interval": "day"}), "/interval"),
        (json!({"segment": "nobody"}), "/segment"),
    ] {
        let (status, body) = server.send("POST", "/api/v1/metrics/net_sales/query", &key, &question.to_string());
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{question}: {body}");
    }
    assert_eq!(server.send("POST", "/api/v1/metrics/nothing/query", &key, "{}").0, 404);
    costs_and_settings_are_seen_at_once(&server, &key);
}

/// What changes no order changes answers too: costs, the shop's own day.
fn costs_and_settings_are_seen_at_once(server: &Server, key: &str) {
    let cost =
        |from: &str| ask(server, key, "marketing_cost", &json!({"as_of": "2026-06-30", "from": from}))["value"].clone();
    assert_eq!((cost("2026-06-01"), cost("2026-01-01")), (json!("0.00"), json!("110.00")));
    let row = json!({
        "from": "2026-06-01", "until": "2026-06-10", "channel": "ads", "kind": "media", "currency": "EUR", "amount": "40.00"
    });
    let (status, body) = server.send("POST", "/api/v1/spend?source=ads:1", key, &row.to_string());
    assert_eq!(status, 200, "{body}");
    assert_eq!(cost("2026-06-01"), "40.00");
    // o3 was placed on 31 January in UTC, on 1 February in Rome.
    let january =
        || ask(server, key, "orders", &json!({"as_of": "2026-06-30", "from": "2026-01-01", "until": "2026-01-31"}));
    let in_rome = january()["value"].as_i64().expect("a count");
    let (status, body) = server.send("PATCH", "/api/v1/settings", key, &json!({"time_zone": "UTC"}).to_string());
    assert_eq!(status, 200, "{body}");
    assert_eq!(january()["value"], json!(in_rome + 1));
}

#[test]
fn metrics_on_postgresql_are_the_golden_ones() {
    let Some(database) = database("metrics") else { return };
    let (server, key) = shop(&database, &data_folder("metrics-postgresql"));
    is_golden(&server, &key);
    is_explained(&server, &key);
    costs_and_settings_are_seen_at_once(&server, &key);
}
