//! Builds the web app with npm, and lists its files for the program to hold.
//!
//! Without npm, or with `CLOVE_WEB=skip`, the program is built without the app and says so to browsers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What the app is made of, beside the folders `src` and `public`.
const FILES: [&str; 6] =
    ["package.json", "package-lock.json", ".npmrc", "index.html", "vite.config.ts", "tsconfig.json"];

fn main() {
    let folder = |name: &str| PathBuf::from(env::var_os(name).unwrap_or_else(|| panic!("cargo sets {name}")));
    let web = folder("CARGO_MANIFEST_DIR").join("../../web");
    let out = folder("OUT_DIR");
    println!("cargo::rerun-if-env-changed=CLOVE_WEB");
    for name in FILES.iter().chain(&["src", "public"]) {
        println!("cargo::rerun-if-changed={}", web.join(name).display());
    }
    let is_wanted = env::var("CLOVE_WEB").map_or(true, |wish| wish != "skip") && web.join("package.json").exists();
    let built = is_wanted.then(|| build(&web, &out.join("web"))).flatten();
    let list = built.map(|folder| files(&folder, &folder)).unwrap_or_default();
    let mut text = "[\n".to_owned();
    for (path, file) in list {
        let _ = writeln!(text, "    ({path:?}, include_bytes!({:?})),", file.display().to_string());
    }
    text += "]\n";
    fs::write(out.join("web_files.rs"), text).unwrap_or_else(|error| panic!("the list of files: {error}"));
}

/// Runs npm; `None` where there is none.
fn build(web: &Path, to: &Path) -> Option<PathBuf> {
    if Command::new("npm").arg("--version").output().is_err() {
        println!("cargo::warning=npm is not there: the program is built without its web app (Node 20 brings npm)");
        return None;
    }
    // What npm installed last tells of which lock file.
    let installed = web.join("node_modules/.package-lock.json");
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if changed(&installed).is_none_or(|at| changed(&web.join("package-lock.json")).is_none_or(|lock| lock > at)) {
        npm(web, &["ci", "--no-audit", "--no-fund"]);
    }
    let to_text = to.display().to_string();
    npm(web, &["run", "build", "--", "--outDir", &to_text, "--emptyOutDir", "--logLevel", "warn"]);
    Some(to.to_owned())
}

fn npm(web: &Path, arguments: &[&str]) {
    let done = Command::new("npm").args(arguments).current_dir(web).output();
    match done {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!(
            "npm {} failed; CLOVE_WEB=skip builds without the web app\n{}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("npm cannot be run: {error}"),
    }
}

/// All files below a folder, each with its path from the root.
fn files(root: &Path, folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
        if path.is_dir() {
            found.extend(files(root, &path));
        } else if let Ok(below) = path.strip_prefix(root) {
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            found.push((format!("/{}", parts.join("/")), path));
        }
    }
    found.sort();
    found
}
