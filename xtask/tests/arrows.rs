//! The dependency arrows between the rooms of the workspace, as docs/ARCHITECTURE.md draws them.

use std::collections::BTreeSet;

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
