//! `clove demo`: from nothing to a report.

use super::{clove, scratch};

#[test]
fn the_demo_shop_gives_a_report() {
    let folder = scratch("demo");
    let output = clove(&["demo", "--orders", "1500", "--dir", &folder.to_string_lossy()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("expected value"), "{told}");
    let report = std::fs::read_to_string(folder.join("report.html")).unwrap();
    for part in ["<html", "A new customer is worth", "What to do", "<table", "<svg", "demo data", "</html>"] {
        assert!(report.contains(part), "{part}");
    }
    assert!(!report.contains("NaN"));
}
