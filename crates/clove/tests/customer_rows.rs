//! One row per customer, as files: the same figures as the totals, on a real shop.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// The tenth of CDNOW that the literature uses, or a visible note that the test is skipped.
fn sample(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLOVE_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        // Straight to the stream: what `eprintln!` writes is hidden when a test passes.
        let line = format!("SKIPPED {test}: CLOVE_TEST_DATA is not set\n");
        std::io::stderr().write_all(line.as_bytes()).expect("stderr takes a line");
    }
    folder.map(|folder| folder.join("cdnow/CDNOW_sample.csv"))
}

fn clv(file: &PathBuf, flags: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_clove"))
        .arg("clv")
        .arg(file)
        .args(["--model", "bg-nbd"])
        .args(flags)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn rows_add_up_to_the_totals_and_keep_their_figures() {
    let Some(file) = sample("rows_add_up_to_the_totals_and_keep_their_figures") else { return };
    let rows = clv(&file, &["--format", "csv"]);
    let mut lines = rows.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!(rows.iter().all(|row| row.len() == header.len()));
    let column = |name: &str| header.iter().position(|known| *known == name).expect(name);
    let sum = |name: &str| {
        let column = column(name);
        rows.iter().filter_map(|row| row[column].parse::<f64>().ok()).sum::<f64>()
    };
    let totals: serde_json::Value = serde_json::from_str(&clv(&file, &["--format", "json"])).expect("JSON");
    let totals = &totals["totals"];
    let total = |name: &str| totals[name].as_str().and_then(|text| text.parse::<f64>().ok()).expect(name);
    assert_eq!(totals["customers"], rows.len());
    for name in ["value", "value_12m", "value_24m"] {
        assert!((sum(name) - total(name)).abs() < 1e-6, "{name}");
    }
    // Each row is rounded to a cent.
    assert!((sum("predicted_value") - total("predicted_value")).abs() < 0.5);
    let purchases = totals["expected_purchases"].as_f64().expect("a number");
    assert!((sum("expected_purchases") - purchases).abs() < 1e-6);

    // Figures that a change of how they are computed must not change.
    assert!((purchases / 1972.240389 - 1.0).abs() < 1e-5);
    assert!((total("predicted_value") / 72_280.28 - 1.0).abs() < 1e-5);
    let first: Vec<f64> = ["p_alive", "prob_buy", "expected_purchases", "predicted_value", "mean_low", "mean_high"]
        .map(|name| rows[0][column(name)].parse().expect(name))
        .to_vec();
    for (figure, known) in first.iter().zip([0.66083379, 0.52500088, 1.20486275, 31.29, 29.85, 32.80]) {
        assert!((figure / known - 1.0).abs() < 1e-3, "{figure} for {known}");
    }
}

#[test]
fn files_hold_what_is_printed() {
    let Some(file) = sample("files_hold_what_is_printed") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("customers.csv");
    let printed = clv(&file, &["--format", "csv"]);
    clv(&file, &["--format", "csv", "--out", &path.to_string_lossy()]);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), printed);
    let path = folder.path().join("customers.parquet");
    clv(&file, &["--format", "parquet", "--out", &path.to_string_lossy()]);
    assert!(path.metadata().expect("a file").len() > 10_000);
}
