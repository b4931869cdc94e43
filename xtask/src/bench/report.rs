//! The table of a bench run, in Markdown.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::case::Bar;
use crate::usage::Usage;

/// What was measured of one bench.
pub struct Row {
    /// The bench.
    pub name: &'static str,
    /// What is done.
    pub work: String,
    /// What is to be met.
    pub bar: Option<Bar>,
    /// Rows, orders or customers.
    pub units: Option<u64>,
    /// Ours first, then the peers.
    pub sides: Vec<Side>,
    /// Ours and the first peer without the work itself, where that was measured.
    pub without: Vec<Side>,
}

/// The median of one side.
pub struct Side {
    /// Who.
    pub name: &'static str,
    /// What was used.
    pub usage: Usage,
}

/// The machine and the tools, in one line.
pub fn machine(runs: u32) -> String {
    let mut cpu = String::new();
    // Elsewhere than on Linux the processor is left unnamed.
    if let Ok(mut file) = File::open("/proc/cpuinfo") {
        let _ = file.read_to_string(&mut cpu);
    }
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unnamed processor", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    format!("{model}, {cores} cores, {rustc}; medians of {runs}.")
}

/// The table; ratios are the peer's figure over ours.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| bench | work | who | CPU s | wall s | peak MiB | CPU ratio | bar |\n|---|---|---|---:|---:|---:|---:|---|\n",
    );
    for row in rows {
        let Some(ours) = row.sides.first() else { continue };
        for (index, side) in row.sides.iter().enumerate() {
            let (name, work) = if index == 0 { (row.name, row.work.as_str()) } else { ("", "") };
            let ratio = if index == 0 {
                match row.units {
                    Some(units) => format!("{:.2} M a CPU s", units as f64 / 1e6 / side.usage.cpu_s),
                    None => String::new(),
                }
            } else {
                format!("{:.1}", side.usage.cpu_s / ours.usage.cpu_s)
            };
            let bar = if index == 0 { verdict(row) } else { String::new() };
            let Usage { wall_s, cpu_s, peak_mib } = side.usage;
            let _ = writeln!(
                text,
                "| {name} | {work} | {} | {cpu_s:.2} | {wall_s:.2} | {peak_mib:.0} | {ratio} | {bar} |",
                side.name
            );
        }
        if let ([ours, theirs, ..], [ours_without, theirs_without]) = (&row.sides[..], &row.without[..]) {
            let mut line = |work: &str, name: &str, cpu_s: f64, ratio: String| {
                let _ = writeln!(text, "| | {work} | {name} | {cpu_s:.2} | | | {ratio} | |");
            };
            for side in [ours_without, theirs_without] {
                line("", side.name, side.usage.cpu_s, String::new());
            }
            let (ours_alone, theirs_alone) =
                (ours.usage.cpu_s - ours_without.usage.cpu_s, theirs.usage.cpu_s - theirs_without.usage.cpu_s);
            line("the work itself: the difference", ours.name, ours_alone, String::new());
            let ratio = if ours_alone > 0.0 { format!("{:.1}", theirs_alone / ours_alone) } else { String::new() };
            line("", theirs.name, theirs_alone, ratio);
        }
    }
    text
}

/// The bar in words, and whether it was met.
fn verdict(row: &Row) -> String {
    let (Some(bar), Some(ours)) = (row.bar, row.sides.first()) else { return String::new() };
    let peer = row.sides.get(1).map(|side| side.usage.cpu_s);
    let cpu = |part: f64| match peer {
        Some(peer) => {
            let most = peer / part;
            (format!("CPU <= {most:.2}"), Some(ours.usage.cpu_s <= most))
        }
        None => (format!("CPU <= 1/{part:.1} of the peer"), None),
    };
    let (words, met) = match bar {
        Bar::PeerCpu(part) => cpu(part),
        Bar::PeerCpuAndMib(part, mib) => {
            let (words, met) = cpu(part);
            (format!("{words}, <= {mib:.0} MiB"), met.map(|met| met && ours.usage.peak_mib <= mib))
        }
        Bar::Wall(most) => (format!("wall < {most}"), Some(ours.usage.wall_s < most)),
        Bar::UnitsPerCpuSecond(least) => {
            let speed = row.units.unwrap_or(0) as f64 / ours.usage.cpu_s;
            (format!(">= {:.1} M a CPU s", least / 1e6), Some(speed >= least))
        }
    };
    match met {
        Some(true) => format!("{words}: met"),
        Some(false) => format!("{words}: **not met**"),
        None => words,
    }
}

/// Adds the table under its own heading at the end of a Markdown file.
pub fn append(path: &Path, label: &str, machine: &str, table: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    write!(file, "\n### {label}\n\n{machine}\n\n{table}").with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &'static str, cpu_s: f64) -> Side {
        Side { name, usage: Usage { wall_s: 0.2, cpu_s, peak_mib: 100.0 } }
    }

    #[test]
    fn a_bar_is_met_or_not_and_unknown_without_the_peer() {
        let row = |bar, sides| Row {
            name: "clv",
            work: String::new(),
            bar: Some(bar),
            units: Some(2_000_000),
            sides,
            without: Vec::new(),
        };
        let both = || vec![side("clove", 1.0), side("peer", 30.0)];
        assert_eq!(verdict(&row(Bar::PeerCpu(25.0), both())), "CPU <= 1.20: met");
        assert_eq!(verdict(&row(Bar::PeerCpuAndMib(25.0, 99.0), both())), "CPU <= 1.20, <= 99 MiB: **not met**");
        assert_eq!(verdict(&row(Bar::PeerCpu(25.0), vec![side("clove", 1.0)])), "CPU <= 1/25.0 of the peer");
        assert_eq!(verdict(&row(Bar::Wall(0.3), both())), "wall < 0.3: met");
        assert_eq!(verdict(&row(Bar::UnitsPerCpuSecond(1e6), both())), ">= 1.0 M a CPU s: met");
        let table = table(&[row(Bar::PeerCpu(25.0), both())]);
        assert!(table.contains("| peer | 30.00 | 0.20 | 100 | 30.0 |  |"), "{table}");
    }

    #[test]
    fn the_work_itself_is_what_is_left_without_the_rest() {
        let row = Row {
            name: "fit",
            work: String::new(),
            bar: None,
            units: None,
            sides: vec![side("clove", 1.0), side("peer", 30.0)],
            without: vec![side("clove, idle", 0.5), side("peer, idle", 5.0)],
        };
        let table = table(&[row]);
        assert!(
            table.contains("| clove | 0.50 | | |  | |") && table.contains("| peer | 25.00 | | | 50.0 | |"),
            "{table}"
        );
    }
}
