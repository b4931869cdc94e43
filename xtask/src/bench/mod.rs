//! `cargo xtask bench`: Clove and its peers in turn on the same inputs, medians of several runs.

mod case;
mod inputs;
mod report;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use clap::Args;

use case::{Case, cases};
use inputs::Maker;
use report::{Row, Side};

use crate::usage::{Usage, measure, median};

/// What to measure and with which programs.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Benches to run, by the beginning of their names; all without a name
    names: Vec<String>,
    /// A tenth of the size, one run each: to see that everything works
    #[arg(long)]
    quick: bool,
    /// Runs of each side; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// The program to measure; without it one is built with the release profile
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Folder with the peers' scripts, which also make the inputs
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
    /// A Python that has lifetimes, polars, duckdb and pyarrow
    #[arg(long, default_value = "python3", value_name = "PATH")]
    python: PathBuf,
    /// Folder with the shops' data of the tests, for the benches on CDNOW
    #[arg(long, env = "CLOVE_TEST_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where inputs are kept from one call to the next, and outputs are written
    #[arg(long, default_value = "target/bench", value_name = "DIR")]
    work: PathBuf,
    /// Add the table to this Markdown file
    #[arg(long, value_name = "FILE")]
    append: Option<PathBuf>,
    /// Heading of the added table
    #[arg(long, default_value = "Run")]
    label: String,
}

/// Runs the benches and prints a table.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    std::fs::create_dir_all(&arguments.work).with_context(|| format!("cannot create {}", arguments.work.display()))?;
    let binary = match &arguments.binary {
        Some(path) => path.clone(),
        None => build()?,
    };
    let maker = Maker {
        work: &arguments.work,
        peers: arguments.peers.as_deref(),
        python: &arguments.python,
        data: arguments.data.as_deref(),
    };
    let all = cases(arguments.quick);
    let chosen: Vec<&Case> = all
        .iter()
        .filter(|case| {
            arguments.names.is_empty() || arguments.names.iter().any(|name| case.name.starts_with(name.as_str()))
        })
        .collect();
    if chosen.is_empty() {
        let known: Vec<&str> = all.iter().map(|case| case.name).collect();
        bail!("no bench begins with {:?}; known are {}", arguments.names, known.join(" "));
    }
    let runs = if arguments.quick { 1 } else { arguments.runs };
    let mut rows = Vec::new();
    for case in chosen {
        match maker.make(case.input)? {
            Some(input) => rows.push(run_case(case, &input, &binary, arguments, runs)?),
            None => eprintln!("skipped: {} (needs {})", case.name, case.input.needs()),
        }
    }
    let machine = report::machine(runs);
    let table = report::table(&rows);
    println!("{machine}\n\n{table}");
    if let Some(path) = &arguments.append {
        report::append(path, &arguments.label, &machine, &table)?;
    }
    Ok(())
}

/// Measures our side and the peers in turn, so that a busy machine slows all of them alike.
fn run_case(case: &Case, input: &Path, binary: &Path, arguments: &Arguments, runs: u32) -> anyhow::Result<Row> {
    let out = arguments.work.join("out.parquet");
    let ours = case.command(binary, input, &out);
    let mut commands = vec![("clove", ours)];
    if let Some(peers) = &arguments.peers {
        for peer in &case.peers {
            commands.push((peer.name, peer.command(&arguments.python, peers, input)));
        }
    }
    let measured = commands.len();
    if let Some(peers) = &arguments.peers
        && let Some([ours, theirs]) = case.commands_without(binary, &arguments.python, peers, input, &out)
    {
        commands.push(("clove, without the work itself", ours));
        commands.push(("the peer, without the work itself", theirs));
    }
    let mut sides: Vec<Vec<Usage>> = vec![Vec::new(); commands.len()];
    for run in 1..=runs {
        for ((name, command), side) in commands.iter().zip(&mut sides) {
            let used = measure(command)?;
            eprintln!(
                "{} {name} {run}/{runs}: {:.2} s, {:.2} CPU s, {:.0} MiB",
                case.name, used.wall_s, used.cpu_s, used.peak_mib
            );
            side.push(used);
        }
    }
    let mut sides: Vec<Side> =
        commands.iter().zip(&sides).map(|((name, _), side)| Side { name, usage: median(side) }).collect();
    let without = sides.split_off(measured);
    Ok(Row { name: case.name, work: case.work.clone(), bar: case.bar, units: case.units, sides, without })
}

fn build() -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status =
        Command::new(cargo).args(["build", "--release", "-p", "clove"]).status().context("cannot run cargo")?;
    if !status.success() {
        bail!("the release build failed");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    Ok(target.join("release").join(format!("clove{}", std::env::consts::EXE_SUFFIX)))
}

#[cfg(test)]
mod tests {
    use super::inputs::Input;
    use super::*;

    #[test]
    fn names_are_distinct_and_every_size_shrinks() {
        let (all, quick) = (cases(false), cases(true));
        let mut names: Vec<&str> = all.iter().map(|case| case.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        for (case, quick) in all.iter().zip(&quick) {
            assert_eq!(case.name, quick.name);
            let fixed = matches!(case.input, Input::CdnowSample | Input::CdnowFull);
            assert!(fixed == (case.input == quick.input), "{}", case.name);
        }
    }
}
