//! The public command line, run as a program.

mod demo;
mod measures;
mod models;
mod periods;
mod real_shops;
mod shown;
mod values;

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program.
fn clove(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clove")).args(arguments).output().expect("the program runs")
}

/// Runs it, expects success, and parses what `--format json` prints.
fn json(arguments: &[&str]) -> Value {
    let output = clove(&[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A file of the golden shop.
fn golden(file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../measure/tests/golden");
    folder.join(file).to_string_lossy().into_owned()
}

/// A fresh folder for one test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Writes a file into a fresh folder and gives its path.
fn file(test: &str, name: &str, text: &str) -> String {
    let path = scratch(test).join(name);
    std::fs::write(&path, text).expect("a file for the test");
    path.to_string_lossy().into_owned()
}

/// The real shops' data, or a visible skip.
fn real(file: &str) -> Option<String> {
    use std::io::Write;
    let Some(folder) = std::env::var_os("CLOVE_TEST_DATA") else {
        // Straight to standard error: the test harness hides what passing tests print.
        let _ = writeln!(std::io::stderr(), "SKIPPED {file}: set CLOVE_TEST_DATA to the folder with real shops' data");
        return None;
    };
    Some(PathBuf::from(folder).join(file).to_string_lossy().into_owned())
}
