//! Tasks of the repository, run as `cargo xtask TASK`.

mod bench;
mod soak;
mod usage;

use clap::{Parser, Subcommand};

/// Tasks of the repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Measure Clove beside its peers: CPU seconds, wall time, peak memory
    Bench(bench::Arguments),
    /// Kill the server at random while clients write: nothing acknowledged may be lost or doubled
    Soak(soak::Arguments),
    /// Run one command and print what it used; `bench` starts itself this way, once for each run
    #[command(hide = true)]
    Measure(usage::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().task {
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Soak(arguments) => soak::run(&arguments),
        Task::Measure(arguments) => usage::measure_child(&arguments),
    }
}
