//! The bench runs from end to end on tiny inputs, our side alone.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The `clove` of the same build, if it has been built.
fn clove() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).parent()?;
    let path = folder.join(format!("clove{}", std::env::consts::EXE_SUFFIX));
    path.exists().then_some(path)
}

fn bench(binary: &Path, work: &Path, names: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["bench", "--quick", "--binary"])
        .arg(binary)
        .arg("--work")
        .arg(work)
        .args(["--append".as_ref(), work.join("table.md").as_os_str()])
        .args(["--label", "Smoke"])
        .args(names)
        .env_remove("CLOVE_TEST_DATA")
        .output()
        .expect("xtask starts")
}

#[test]
fn a_quick_run_prints_and_appends_its_table() {
    let Some(clove) = clove() else {
        eprintln!("skipped: clove is not built beside xtask");
        return;
    };
    let work = tempfile::tempdir().expect("a folder");
    let output = bench(&clove, work.path(), &["smoke"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("| smoke |"), "{text}");
    let appended = std::fs::read_to_string(work.path().join("table.md")).expect("a table was added");
    assert!(appended.contains("### Smoke") && appended.contains("| smoke |"), "{appended}");
}

#[test]
fn what_cannot_be_made_is_skipped_aloud_and_unknown_names_are_refused() {
    let work = tempfile::tempdir().expect("a folder");
    let output = bench(Path::new("clove"), work.path(), &["clv", "sample"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("skipped: clv (needs --peers DIR)"), "{errors}");
    assert!(errors.contains("skipped: sample (needs --data DIR)"), "{errors}");
    assert!(!bench(Path::new("clove"), work.path(), &["nothing"]).status.success());
}
