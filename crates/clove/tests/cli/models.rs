//! `models fit`, `backtest`, `clv --from-summary`, `compare` on small and on simulated files.

use std::fmt::Write;

use super::{clove, file, json};

/// A shop of buyers with different rhythms: 150 customers over a year, deterministic.
fn rhythms() -> String {
    let mut text = String::from("customer_id,date,amount\n");
    let mut state = 7_u64;
    let mut draw = |range: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % range
    };
    for customer in 0..150 {
        let mut day = draw(120);
        let gap = 5 + draw(60);
        let orders = 1 + draw(12);
        for _ in 0..orders {
            if day >= 365 {
                break;
            }
            let date = clove_core::Day(20_454 + day as i32);
            writeln!(text, "c{customer},{date},{}.50", 10 + draw(60)).unwrap();
            day += 1 + gap / 2 + draw(gap);
        }
    }
    text
}

#[test]
fn every_purchase_model_fits_a_small_shop() {
    let orders = file("models_fit", "orders.csv", &rhythms());
    for (model, keys) in [
        ("bg-nbd", &["r", "alpha", "a", "b"][..]),
        ("mbg-nbd", &["r", "alpha", "a", "b"]),
        ("bg-cnbd-k", &["r", "alpha", "a", "b", "k"]),
        ("mbg-cnbd-k", &["r", "alpha", "a", "b", "k"]),
        ("pareto-nbd", &["r", "alpha", "s", "beta"]),
        ("gamma-gamma", &["p", "q", "gamma"]),
    ] {
        let told = json(&["models", "fit", "--model", model, "--unit", "week", &orders]);
        assert_eq!(told["model"], model);
        assert_eq!(told["unit"], "week");
        assert!(["ok", "boundary", "unidentified"].contains(&told["status"].as_str().unwrap()));
        assert!(told["log_likelihood"].as_f64().unwrap().is_finite());
        let parameters = told["parameters"].as_object().unwrap();
        assert_eq!(parameters.keys().map(String::as_str).collect::<Vec<_>>(), keys, "{model}");
        assert!(parameters.values().all(|value| value.as_f64().is_some_and(|value| value > 0.0)), "{told}");
    }
}

#[test]
fn models_with_tables_of_their_own() {
    // Fader & Hardie 2007, the "regular" customers of their table.
    let cohort = "period,survivors\n0,1000\n1,631\n2,468\n3,382\n4,326\n5,289\n6,262\n7,241\n";
    let told = json(&["models", "fit", "--model", "sbg", &file("own_tables", "regular.csv", cohort)]);
    assert!((told["parameters"]["alpha"].as_f64().unwrap() - 0.7041).abs() < 5e-5, "{told}");
    assert!((told["parameters"]["beta"].as_f64().unwrap() - 1.1820).abs() < 5e-5, "{told}");
    assert!((told["log_likelihood"].as_f64().unwrap() + 1680.265).abs() < 1e-3, "{told}");
    let gap = file("own_tables", "gap.csv", "period,survivors\n0,10\n2,5\n");
    let output = clove(&["models", "fit", "--model", "sbg", &gap]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("every period"));
}

#[test]
fn several_cohorts_are_fitted_together_and_apart() {
    // Fader & Hardie 2007: both published curves, the second one shorter, in one table.
    let table = "cohort,period,survivors\nregular,0,1000\nregular,1,631\nregular,2,468\nregular,3,382\nregular,4,326\n\
                 regular,5,289\nregular,6,262\nregular,7,241\nhigh-end,0,1000\nhigh-end,1,869\nhigh-end,2,743\nhigh-end,3,653\n";
    let told = json(&["models", "fit", "--model", "sbg", &file("cohorts", "two.csv", table)]);
    let cohorts = &told["cohorts"];
    assert_eq!(
        (&told["customers"], &cohorts["differ"], &cohorts["degrees_of_freedom"]),
        (&2000.into(), &true.into(), &2.into())
    );
    let fits = cohorts["fits"].as_array().unwrap();
    assert_eq!(fits.iter().map(|fit| fit["cohort"].as_str().unwrap()).collect::<Vec<_>>(), ["high-end", "regular"]);
    assert!((fits[1]["parameters"]["alpha"].as_f64().unwrap() - 0.7041).abs() < 5e-5, "{told}");
    let apart: f64 = fits.iter().map(|fit| fit["log_likelihood"].as_f64().unwrap()).sum();
    let ratio = 2.0 * (apart - told["log_likelihood"].as_f64().unwrap());
    assert!((ratio - cohorts["likelihood_ratio"].as_f64().unwrap()).abs() < 1e-9, "{told}");

    // The same curve twice, once cut: nothing tells the cohorts apart.
    let table = "cohort,period,survivors\na,0,1000\na,1,631\na,2,468\na,3,382\nb,0,1000\nb,1,631\nb,2,468\nnew,0,50\n";
    let told = json(&["models", "fit", "--model", "sbg", &file("cohorts", "same.csv", table)]);
    assert_eq!((&told["customers"], &told["cohorts"]["differ"]), (&2050.into(), &false.into()));
    assert!(told["cohorts"]["fits"][2]["reason"].as_str().unwrap().contains("renewal"));
}

#[test]
fn the_back_test_says_when_there_is_too_little_to_choose_from() {
    let orders = file(
        "backtest_small",
        "orders.csv",
        "customer_id,date,amount\n1,2026-01-01,10\n1,2026-01-11,20\n2,2026-03-01,5\n",
    );
    let told = json(&["backtest", &orders]);
    assert_eq!(told["gate"]["open"], false);
    assert!(told["gate"]["reason"].as_str().unwrap().contains("of 100 identified customers"), "{told}");
    let told = json(&["backtest", &file("backtest_small", "rhythms.csv", &rhythms())]);
    assert_eq!(told["gate"]["open"], true);

    let one_day = file("backtest_small", "day.csv", "customer_id,date,amount\n1,2026-01-05,10\n2,2026-01-05,20\n");
    let output = clove(&["backtest", &one_day]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("all orders are on 2026-01-05"));
}

#[test]
fn the_back_test_lists_all_models_and_the_baselines() {
    let orders = file("backtest", "orders.csv", &rhythms());
    let told = json(&["backtest", &orders, "--calibrate-until", "2026-08-31", "--until", "2026-12-31"]);
    let names: Vec<&str> =
        told["models"].as_array().unwrap().iter().map(|row| row["model"].as_str().unwrap()).collect();
    for name in ["bg-nbd", "mbg-nbd", "bg-cnbd-k", "mbg-cnbd-k", "pareto-nbd", "naive-rate", "naive-mean", "zero"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(names.contains(&told["chosen"].as_str().unwrap()));
    let interval = &told["total_interval"];
    assert!(interval["low"].as_f64() <= interval["expected"].as_f64());
    assert!(interval["expected"].as_f64() <= interval["high"].as_f64());
    let output = clove(&["backtest", &orders, "--calibrate-until", "2027-01-01", "--until", "2026-12-31"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn later_rows_change_neither_the_choice_nor_a_prediction() {
    let all = rhythms();
    let known: String = all
        .lines()
        .filter(|line| line.starts_with("customer") || line.split(',').nth(1) <= Some("2026-08-31"))
        .fold(String::new(), |mut text, line| {
            writeln!(text, "{line}").unwrap();
            text
        });
    let told = |name: &str, text: &str| json(&["clv", &file("later_rows", name, text), "--as-of", "2026-08-31"]);
    let (with_later, without) = (told("all.csv", &all), told("known.csv", &known));
    assert_eq!(with_later["model"], without["model"]);
    assert_eq!(with_later["totals"], without["totals"]);
}

#[test]
fn a_summary_is_forecast_and_compared() {
    let summary = "ID,frequency,recency,T,monetary_value\n1,2,30.43,38.86,22.35\n2,1,1.71,38.86,11.77\n3,0,0,38.86,0\n4,0,0,38.86,0\n5,4,24.43,33.57,30.1\n";
    let summary = file("summary", "summary.csv", summary);
    let told = json(&["clv", &summary, "--from-summary", "--summary-unit", "week", "--model", "bg-nbd"]);
    assert_eq!(told["totals"]["customers"], 5);
    assert!(told["totals"]["predicted_value"].as_f64().unwrap() > 0.0);

    let orders =
        file("summary", "orders.csv", "customer_id,date,amount\n1,2026-01-01,10\n1,2026-01-11,20\n2,2026-02-01,5\n");
    let theirs = file(
        "summary",
        "theirs.csv",
        "customer_id,frequency,recency,T,monetary_value\n1,1,10,31,20\n2,0,0,0,0\n9,0,0,5,0\n",
    );
    let told = json(&["compare", &theirs, &orders, "--as-of", "2026-02-01"]);
    assert_eq!((&told["unit"], &told["unit_guessed"]), (&"day".into(), &true.into()));
    assert_eq!((told["customers"].as_u64(), told["matched"].as_u64()), (Some(3), Some(2)));
    let agreement = told["agreement"].as_array().unwrap();
    let of = |name: &str| agreement.iter().find(|row| row["figure"] == name).unwrap();
    assert_eq!(of("frequency")["equal"], 2);
    assert_eq!(of("age_days")["equal"], 2);
}

#[test]
fn the_unit_of_a_summary_is_found_and_orders_are_no_summary() {
    let orders = "customer_id,date,amount\n1,2026-01-01,10\n1,2026-01-15,20\n2,2026-01-08,5\n2,2026-02-05,5\n";
    let orders = file("compare_unit", "orders.csv", orders);
    let theirs = "customer_id,frequency,recency,T\n1,1,2,5\n2,1,4,4\n";
    let theirs = file("compare_unit", "theirs.csv", theirs);
    let told = json(&["compare", &theirs, &orders]);
    assert_eq!((&told["unit"], &told["unit_guessed"]), (&"week".into(), &true.into()));
    let recency = told["agreement"].as_array().unwrap().iter().find(|row| row["figure"] == "recency_days").unwrap();
    assert_eq!(recency["equal"], 2);
    let told = json(&["compare", &theirs, &orders, "--unit", "day"]);
    assert_eq!((&told["unit"], &told["unit_guessed"]), (&"day".into(), &false.into()));

    let output = clove(&["compare", &orders, &theirs]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("files of orders come after it"));
}
