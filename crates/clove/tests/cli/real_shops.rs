//! Real shops through the command line: published parameters, accuracy bars.

use serde_json::Value;

use super::{json, real};

fn close(value: &Value, expected: f64, relative: f64) {
    let value = value.as_f64().unwrap();
    assert!((value / expected - 1.0).abs() < relative, "{value} for {expected}");
}

#[test]
fn cdnow_parameters_from_exact_days() {
    let Some(orders) = real("cdnow/CDNOW_sample.csv") else { return };
    let fit =
        |model: &str| json(&["models", "fit", "--model", model, "--unit", "week", "--as-of", "1997-09-30", &orders]);
    let told = fit("bg-nbd");
    assert_eq!(told["customers"], 2357);
    for (name, expected) in [("r", 0.242_593), ("alpha", 4.413_531), ("a", 0.792_886), ("b", 2.425_754)] {
        close(&told["parameters"][name], expected, 1.5e-4);
    }
    close(&told["log_likelihood"], -9582.4292, 1e-7);
    close(&fit("mbg-nbd")["log_likelihood"], -9582.1357, 1e-7);
    close(&fit("pareto-nbd")["log_likelihood"], -9594.9762, 1e-7);
    let told = fit("gamma-gamma");
    for (name, expected) in [("p", 6.2496), ("q", 3.7442), ("gamma", 15.4435)] {
        close(&told["parameters"][name], expected, 1e-4);
    }
    close(&told["log_likelihood"], -4055.918, 1e-6);
}

struct Bars {
    rmse: f64,
    bias_percent: f64,
    spearman: f64,
}

fn meets(told: &Value, bars: &Bars) {
    let chosen = told["models"].as_array().unwrap().iter().find(|row| row["model"] == told["chosen"]).unwrap();
    assert!(chosen["rmse"].as_f64().unwrap() <= bars.rmse, "{chosen}");
    assert!(chosen["bias_percent"].as_f64().unwrap().abs() <= bars.bias_percent, "{chosen}");
    assert!(chosen["spearman"].as_f64().unwrap() >= bars.spearman, "{chosen}");
}

#[test]
fn the_chosen_model_beats_the_peers_on_cdnow() {
    let Some(orders) = real("cdnow/orders.csv") else { return };
    let told = json(&["backtest", &orders, "--calibrate-until", "1997-09-30", "--until", "1998-06-30"]);
    assert_eq!((told["customers"].as_u64(), told["holdout_purchases"].as_f64()), (Some(23_570), Some(19_684.0)));
    meets(&told, &Bars { rmse: 1.7262, bias_percent: 12.9, spearman: 0.485 });
}

#[test]
fn the_chosen_model_beats_the_peers_on_a_grocer_without_amounts() {
    let Some(orders) = real("grocery_elog/orders.csv") else { return };
    let told = json(&["backtest", &orders, "--calibrate-until", "2006-12-31", "--until", "2007-12-30"]);
    assert_eq!(told["customers"], 1525);
    meets(&told, &Bars { rmse: 3.1503, bias_percent: 17.1, spearman: 0.645 });
}

#[test]
fn a_published_summary_agrees_with_our_own() {
    let (Some(summary), Some(orders)) = (real("cdnow/cdnow_customers_summary.csv"), real("cdnow/CDNOW_sample.csv"))
    else {
        return;
    };
    let told = json(&["compare", &summary, &orders, "--unit", "week", "--as-of", "1997-09-30"]);
    let frequency = told["agreement"].as_array().unwrap().iter().find(|row| row["figure"] == "frequency").unwrap();
    // Customers with an amount of zero on some day have one purchase less with us.
    assert!(frequency["equal"].as_u64().unwrap() as f64 >= 0.99 * frequency["n"].as_u64().unwrap() as f64, "{told}");
}
