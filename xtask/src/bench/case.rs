//! The benches: which command on which input, beside whom, and the bar to meet.

use std::path::Path;

use super::inputs::Input;

/// One comparison.
pub struct Case {
    /// The name on the command line.
    pub name: &'static str,
    /// What is done, for the table.
    pub work: String,
    /// The input.
    pub input: Input,
    /// Arguments of `clove`; `{input}` and `{out}` are replaced.
    arguments: &'static [&'static str],
    /// Who does the same.
    pub peers: Vec<Peer>,
    /// What is to be met.
    pub bar: Option<Bar>,
    /// Rows, orders or customers, for figures per CPU second.
    pub units: Option<u64>,
    /// The same without the work that is compared, so that it can be told by itself.
    pub without: Option<Without>,
}

/// Commands that do everything around the work of a comparison, but not the work itself.
pub struct Without {
    /// Arguments of `clove`; `{input}` is replaced.
    arguments: &'static [&'static str],
    /// Further argument of the first peer.
    peer: &'static str,
}

/// What our side must not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    /// CPU seconds of the first peer, divided by this.
    PeerCpu(f64),
    /// CPU seconds of the first peer, divided by this, and MiB at the peak.
    PeerCpuAndMib(f64, f64),
    /// Seconds of wall time.
    Wall(f64),
    /// At least so many units in a CPU second.
    UnitsPerCpuSecond(f64),
}

/// A peer's script and its arguments; `{input}` is replaced.
pub struct Peer {
    /// The peer's name.
    pub name: &'static str,
    script: Script,
    arguments: &'static [&'static str],
}

/// Where a peer's side of a comparison is written down.
enum Script {
    /// In the folder of the peers' scripts.
    Peers(&'static str),
    /// In this repository.
    Own(&'static str),
}

impl Case {
    /// Our command.
    pub fn command(&self, binary: &Path, input: &Path, out: &Path) -> Vec<String> {
        filled(self.arguments, binary, input, out)
    }

    /// Our command and that of the first peer without the work itself.
    pub fn commands_without(
        &self,
        binary: &Path,
        python: &Path,
        peers: &Path,
        input: &Path,
        out: &Path,
    ) -> Option<[Vec<String>; 2]> {
        let (without, peer) = (self.without.as_ref()?, self.peers.first()?);
        let mut theirs = peer.command(python, peers, input);
        theirs.push(without.peer.to_owned());
        Some([filled(without.arguments, binary, input, out), theirs])
    }
}

fn filled(arguments: &[&str], binary: &Path, input: &Path, out: &Path) -> Vec<String> {
    let mut command = vec![text(binary)];
    let fill = |argument: &&str| argument.replace("{input}", &text(input)).replace("{out}", &text(out));
    command.extend(arguments.iter().map(fill));
    command
}

impl Peer {
    /// The peer's command.
    pub fn command(&self, python: &Path, peers: &Path, input: &Path) -> Vec<String> {
        let mut command = vec![text(python)];
        match self.script {
            Script::Peers(file) => command.push(text(&peers.join(file))),
            Script::Own(program) => command.extend(["-c".to_owned(), program.to_owned()]),
        }
        command.extend(self.arguments.iter().map(|argument| argument.replace("{input}", &text(input))));
        command
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The last day of the synthetic shops: 78 weeks from 1997-01-01.
const LIFETIMES_END: &str = "1998-07-01";

/// All benches; `quick` takes a tenth of the size.
pub fn cases(quick: bool) -> Vec<Case> {
    let sized = |size: u64| if quick { size / 10 } else { size };
    let lifetimes = || {
        vec![Peer {
            name: "lifetimes",
            script: Script::Peers("lifetimes_pipeline.py"),
            arguments: &["{input}", LIFETIMES_END],
        }]
    };
    let customers = |count: u64| format!("{} customers, Parquet to Parquet", thousands(count));
    let mut cases = vec![
        Case {
            name: "clv",
            work: format!("BG/NBD, {}", customers(sized(1_000_000))),
            input: Input::Customers(sized(1_000_000)),
            arguments: &["clv", "{input}", "--model", "bg-nbd", "--format", "parquet", "--out", "{out}"],
            peers: lifetimes(),
            bar: Some(Bar::PeerCpuAndMib(25.0, 500.0)),
            units: Some(sized(1_000_000)),
            without: None,
        },
        Case {
            name: "auto",
            work: format!("model by back-test, {}", customers(sized(1_000_000))),
            input: Input::Customers(sized(1_000_000)),
            arguments: &["clv", "{input}", "--model", "auto", "--format", "parquet", "--out", "{out}"],
            peers: lifetimes(),
            bar: Some(Bar::PeerCpu(25.0 / 3.0)),
            units: Some(sized(1_000_000)),
            without: None,
        },
        Case {
            name: "pareto-cdnow",
            work: "Pareto/NBD, CDNOW, 23,570 customers, 39 weeks, CSV to Parquet".to_owned(),
            input: Input::CdnowFull,
            arguments: &[
                "clv",
                "{input}",
                "--as-of",
                "1997-09-30",
                "--horizon",
                "273",
                "--model",
                "pareto-nbd",
                "--format",
                "parquet",
                "--out",
                "{out}",
            ],
            peers: vec![Peer {
                name: "lifetimes",
                script: Script::Own(include_str!("../../peers/pareto_nbd.py")),
                arguments: &["{input}", "1997-09-30"],
            }],
            bar: Some(Bar::PeerCpu(50.0)),
            units: None,
            without: Some(Without { arguments: &["check", "{input}", "--format", "json"], peer: "--no-fit" }),
        },
        Case {
            name: "features",
            work: format!("features, {} orders, Parquet", thousands(sized(10_000_000))),
            input: Input::Orders(sized(10_000_000)),
            arguments: &["features", "{input}", "--as-of", "2026-01-01", "--format", "parquet", "--out", "{out}"],
            peers: vec![
                Peer {
                    name: "Polars streaming",
                    script: Script::Peers("features_peers.py"),
                    arguments: &["polars-stream", "{input}", "2"],
                },
                Peer {
                    name: "DuckDB",
                    script: Script::Peers("features_peers.py"),
                    arguments: &["duckdb", "{input}", "2"],
                },
            ],
            bar: Some(Bar::PeerCpuAndMib(1.0, 1331.0)),
            units: Some(sized(10_000_000)),
            without: None,
        },
        Case {
            name: "sample",
            work: "whole `clv`, CDNOW sample, 2,357 customers, model by back-test".to_owned(),
            input: Input::CdnowSample,
            arguments: &["clv", "{input}"],
            peers: vec![Peer { name: "import lifetimes", script: Script::Own("import lifetimes"), arguments: &[] }],
            bar: Some(Bar::Wall(0.3)),
            units: None,
            without: None,
        },
        Case {
            name: "lines",
            work: format!("import to `clv`, {} order lines, CSV", thousands(sized(5_000_000))),
            input: Input::Lines(sized(5_000_000)),
            arguments: &["clv", "{input}", "--currency", "EUR", "--format", "json"],
            peers: Vec::new(),
            bar: Some(Bar::UnitsPerCpuSecond(1e6)),
            units: Some(sized(5_000_000)),
            without: None,
        },
        Case {
            name: "smoke",
            work: format!("import, {} order lines: only shows that benches work", thousands(sized(10_000))),
            input: Input::Lines(sized(10_000)),
            arguments: &["check", "{input}", "--format", "json"],
            peers: Vec::new(),
            bar: None,
            units: Some(sized(10_000)),
            without: None,
        },
    ];
    let growth = [
        ("growth-100k", 100_000),
        ("growth-300k", 300_000),
        ("growth-1m", 1_000_000),
        ("growth-3m", 3_000_000),
        ("growth-10m", 10_000_000),
    ];
    cases.extend(growth.into_iter().map(|(name, size)| Case {
        name,
        work: format!("growth: BG/NBD, {}", customers(sized(size))),
        input: Input::Customers(sized(size)),
        arguments: &["clv", "{input}", "--model", "bg-nbd", "--format", "parquet", "--out", "{out}"],
        peers: Vec::new(),
        bar: None,
        units: Some(sized(size)),
        without: None,
    }));
    cases
}

/// A whole number with thousands separators.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
