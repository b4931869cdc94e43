//! The fault harness at a reduced size, and that it notices losses.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The `clove` of the same build, if it has been built.
fn clove() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).parent()?;
    let path = folder.join(format!("clove{}", std::env::consts::EXE_SUFFIX));
    if !path.exists() {
        eprintln!("SKIPPED: clove is not built beside xtask");
    }
    path.exists().then_some(path)
}

fn soak(clove: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("soak")
        .args(arguments)
        .arg("--binary")
        .arg(clove)
        .output()
        .expect("xtask starts");
    eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn nothing_is_lost_or_doubled_when_the_server_is_killed() {
    let Some(clove) = clove() else { return };
    assert!(soak(&clove, &["--times", "15"]).status.success());
}

#[test]
fn nothing_is_lost_or_doubled_when_server_and_postgres_are_killed() {
    let Some(clove) = clove() else { return };
    if !Path::new("/usr/lib/postgresql").exists() {
        eprintln!("SKIPPED: no PostgreSQL");
        return;
    }
    assert!(soak(&clove, &["--engine", "postgres", "--times", "8"]).status.success());
}

#[test]
fn nothing_is_lost_when_the_power_fails() {
    let Some(clove) = clove() else { return };
    assert!(soak(&clove, &["--fault", "power", "--times", "8"]).status.success());
}

#[test]
fn nothing_is_acknowledged_that_cannot_be_flushed() {
    let Some(clove) = clove() else { return };
    assert!(soak(&clove, &["--fault", "flush", "--times", "2"]).status.success());
}

#[test]
fn a_disk_that_lies_is_noticed() {
    let Some(clove) = clove() else { return };
    let output = soak(&clove, &["--fault", "power", "--times", "4", "--forget"]);
    assert!(!output.status.success(), "losses went unnoticed");
    // An order or event is missing, or the whole database cannot be used: what was flushed does not fit together.
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(["missing", "acknowledged were", "401", "not ready"].iter().any(|loss| said.contains(loss)), "{said}");
}
