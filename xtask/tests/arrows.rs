//! The dependency arrows between the rooms of the workspace, as docs/ARCHITECTURE.md draws them.

use std::collections::BTreeSet;
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each crate of ours may import of ours. A crate that is missing here fails the test: decide its arrows first.
const ALLOWED: &[(&str, &[&str])] = &[
    ("clove-core", &[]),
    ("clove-models", &[]),
    ("clove-lake", &["clove-core"]),
    ("clove-connect", &["clove-core"]),
    ("clove-people", &["clove-core", "clove-models", "clove-lake", "clove-connect", "clove-store", "clove-http"]),
    ("clove-measure", &["clove-core", "clove-models", "clove-lake", "clove-connect", "clove-store", "clove-http"]),
    ("clove-store", &["clove-core"]),
    ("clove-http", &["clove-core", "clove-store"]),
    (
        "clove-server",
        &[
            "clove-core",
            "clove-models",
            "clove-lake",
            "clove-connect",
            "clove-store",
            "clove-http",
            "clove-people",
            "clove-measure",
        ],
    ),
    (
        "clove",
        &[
            "clove-core",
            "clove-models",
            "clove-lake",
            "clove-connect",
            "clove-people",
            "clove-measure",
            "clove-store",
            "clove-http",
            "clove-server",
        ],
    ),
];

/// The rooms that speak SQL to the transactional store.
const SQL_ROOMS: &[&str] = &["clove-store", "clove-http", "clove-people", "clove-measure"];

/// Libraries that only one room may name.
const KEPT_INSIDE: &[(&str, &[&str])] =
    &[("datafusion", &["clove-lake"]), ("calamine", &["clove-connect"]), ("clap", &["clove"]), ("sqlx", SQL_ROOMS)];

#[test]
fn every_arrow_is_allowed() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata runs in the workspace");
    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut broken = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            broken.push(format!("{name} has no entry in ALLOWED"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal) {
            let target = dependency.name.as_str();
            if ours.contains(target) && !allowed.contains(&target) {
                broken.push(format!("{name} must not import {target}"));
            }
            if let Some((_, rooms)) = KEPT_INSIDE.iter().find(|(library, _)| *library == target)
                && !rooms.contains(&name)
            {
                broken.push(format!("{name} must not name {target}: only {rooms:?} may"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Every crate of the workspace's build with the features that it is built with.
fn build_with(features: &[&str]) -> BTreeSet<String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--locked", "--edges", "normal,build,dev", "--prefix", "none"])
        .args(["--format", "{p}|{f}", "--manifest-path", manifest])
        .args(features)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("text");
    lines.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

/// Ballista asks for more features of DataFusion, tokio and others. The workspace asks for them, too: or the feature `cluster` would build
/// all of them a second time.
#[test]
fn the_feature_cluster_builds_nothing_twice() {
    let (without, with) = (build_with(&[]), build_with(&["--features", "clove/cluster"]));
    let ours = |line: &&String| line.starts_with("clove ") || line.starts_with("clove-lake ");
    let twice: Vec<&String> = without.difference(&with).filter(|line| !ours(line)).collect();
    assert!(twice.is_empty(), "built with other features when `cluster` is on: {twice:#?}");
    assert!(with.len() > without.len());
}
