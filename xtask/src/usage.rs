//! What a command uses: wall time, processor time, peak memory.
//!
//! The operating system keeps one sum and one maximum over all children of a process that have ended. So that they belong to
//! one command alone, a helper process of our own starts it and reports what its only child has used.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};

/// What one run used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usage {
    /// Seconds from start to end.
    pub wall_s: f64,
    /// Processor seconds, user and system, over all threads.
    pub cpu_s: f64,
    /// Largest resident memory in MiB.
    pub peak_mib: f64,
}

/// The command to measure.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Program and arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Runs the command and prints its usage as three numbers.
pub fn measure_child(arguments: &Arguments) -> anyhow::Result<()> {
    let (program, rest) = arguments.command.split_first().context("no command to measure")?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(rest)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    let wall_s = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{} ended with {status}", arguments.command.join(" "));
    }
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).context("the operating system tells no usage")?;
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let cpu_s = seconds(used.user_time()) + seconds(used.system_time());
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
    println!("{wall_s} {cpu_s} {}", used.max_rss() as f64 / unit);
    Ok(())
}

/// Runs a command in a helper process and returns what it used.
pub fn measure(command: &[String]) -> anyhow::Result<Usage> {
    let own = std::env::current_exe().context("cannot find the own program")?;
    let output = Command::new(own)
        .arg("measure")
        .arg("--")
        .args(command)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start the helper process")?;
    if !output.status.success() {
        bail!("no measurement of: {}", command.join(" "));
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

fn parse(line: &str) -> anyhow::Result<Usage> {
    let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>();
    match numbers.with_context(|| format!("the helper process answered '{line}'"))?[..] {
        [wall_s, cpu_s, peak_mib] => Ok(Usage { wall_s, cpu_s, peak_mib }),
        _ => bail!("the helper process answered '{line}'"),
    }
}

/// The median of each figure over several runs.
///
/// # Panics
/// Without any run.
pub fn median(runs: &[Usage]) -> Usage {
    assert!(!runs.is_empty(), "a median needs a run");
    let middle = |of: fn(&Usage) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(of).collect();
        figures.sort_unstable_by(f64::total_cmp);
        let half = figures.len() / 2;
        if figures.len().is_multiple_of(2) { f64::midpoint(figures[half - 1], figures[half]) } else { figures[half] }
    };
    Usage { wall_s: middle(|u| u.wall_s), cpu_s: middle(|u| u.cpu_s), peak_mib: middle(|u| u.peak_mib) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_figure_by_figure() {
        let run = |wall_s, cpu_s, peak_mib| Usage { wall_s, cpu_s, peak_mib };
        let runs = [run(3.0, 1.0, 20.0), run(1.0, 2.0, 10.0), run(2.0, 9.0, 30.0)];
        assert_eq!(median(&runs), run(2.0, 2.0, 20.0));
        assert_eq!(median(&runs[..2]), run(2.0, 1.5, 15.0));
    }

    #[test]
    fn answers_are_three_numbers() {
        assert_eq!(parse("1.5 2 30\n").unwrap(), Usage { wall_s: 1.5, cpu_s: 2.0, peak_mib: 30.0 });
        assert!(parse("1.5 2").is_err() && parse("a b c").is_err());
    }
}
