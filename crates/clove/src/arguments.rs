//! The command line: subcommands and the flags that they share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clove_connect::DateOrder;
use clove_core::{Basis, Currency, Day, RefundDate};
use clove_measure::history::Counting;

use crate::UsageError;

/// Customer lifetime value for online shops: what each customer is worth, and how sure that is.
#[derive(Debug, Parser)]
#[command(name = "clove", version, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what a file holds, how it was understood and what is left out
    Check(crate::commands::check::CheckArguments),
    /// Say what each customer is worth, so far and in future
    Clv(crate::commands::clv::ClvArguments),
    /// Fit one model and print its raw parameters
    Models(crate::commands::models::ModelsArguments),
    /// Hide the last part of the history, predict it, and compare all models
    Backtest(crate::commands::backtest::BacktestArguments),
    /// Another system's figures of the same customers beside ours
    Compare(crate::commands::compare::CompareArguments),
    /// Make up a shop, value its customers, write the report
    Demo(crate::commands::demo::DemoArguments),
    /// The back-of-an-envelope value: average order x orders a year x years
    Simple(crate::commands::simple::SimpleArguments),
    /// Say the shop's key figures, of all its history or a span of days
    Kpis(crate::commands::kpis::KpisArguments),
    /// What goes wrong, on what evidence, and what to do
    Problems(crate::commands::problems::ProblemsArguments),
    /// What is worth doing next, with the arithmetic of each
    Actions(crate::commands::actions::ActionsArguments),
    /// Who a definition names: how many, what they are worth, each of them
    Segment(crate::commands::segment::SegmentArguments),
    /// One figure of the catalogue: for a span, compared, broken down, over time
    Metric(crate::commands::metric::MetricArguments),
    /// The catalogue of metrics
    Metrics(crate::commands::metric::MetricsArguments),
    /// Follow customers acquired together: value at each age, retention, margin
    Cohorts(crate::commands::cohorts::CohortsArguments),
    /// Score every customer by recency, frequency and value
    Rfm(crate::commands::rfm::RfmArguments),
    /// Find customers who buy alike, and say what sets each kind apart
    Personas(crate::commands::personas::PersonasArguments),
    /// Say who moved between stages or scores from one day to another
    Migration(crate::commands::migration::MigrationArguments),
    /// Say who buys again, and how soon
    Repeat(crate::commands::repeat::RepeatArguments),
    /// Say what a new customer costs and when it is earned back
    Payback(crate::commands::payback::PaybackArguments),
    /// List products bought together more often than by chance
    Affinity(crate::commands::affinity::AffinityArguments),
    /// Say who is active, at risk or lapsed, and how customers come and go
    Lifecycle(crate::commands::lifecycle::LifecycleArguments),
    /// Find the eight named segments and why one-time customers came once
    Segments(crate::commands::segments::SegmentsArguments),
    /// Explain a number: definition, SQL, what was left out, why others differ
    Explain(crate::commands::explain::ExplainArguments),
    /// Ask the derived tables in SQL
    Sql(crate::commands::sql::SqlArguments),
    /// Compute one row of features per customer in one pass
    Features(crate::commands::features::FeaturesArguments),
    /// Take files into the server's data, as if its shop had sent them
    Import(crate::commands::import::ImportArguments),
    /// Run the server: take in facts over HTTP, keep them, answer
    Serve(crate::commands::serve::ServeArguments),
    /// Do the work of servers that only answer, over the same PostgreSQL database
    Worker(crate::commands::worker::WorkerArguments),
    /// Fit the value model to a server's data now, and score everyone
    Refit(crate::commands::refit::RefitArguments),
    /// Write a server's data as Parquet files, compact them, list them
    Lake(crate::commands::lake::LakeArguments),
    /// Start the processes that share heavy questions: a scheduler, executors
    Cluster(crate::commands::cluster::ClusterArguments),
    /// Compute every projection of a server's data anew from the log
    Rebuild(crate::commands::rebuild::RebuildArguments),
    /// Erase a person from the server's data, with a receipt; it cannot be taken back
    Forget(crate::commands::forget::ForgetArguments),
    /// Write everything that the server's data hold about a person
    ExportPerson(crate::commands::forget::ExportPersonArguments),
    /// Make, list or withdraw API keys of a server's data
    Keys(crate::commands::keys::KeysArguments),
    /// Back up a server's data, while it runs or not
    Backup(crate::commands::backup::BackupArguments),
    /// Restore a backup into a new folder or an empty database
    Restore(crate::commands::backup::RestoreArguments),
    /// Look at a server's data: damage, versions, lag, dead letters, disk, clock, file modes
    Doctor(crate::commands::doctor::DoctorArguments),
    /// Say what this version would change in a server's data
    UpgradeCheck(crate::commands::doctor::UpgradeCheckArguments),
}

/// The files to read and how to read them.
#[derive(Debug, Clone, Args)]
pub struct FileArguments {
    /// Order files: CSV, TSV, XLSX, JSON lines or Parquet; a path, a pattern, a folder, `-` for standard input, or a URL (s3://, gs://, az://, https://)
    #[arg(required_unless_present = "data", value_name = "FILE")]
    pub files: Vec<String>,
    /// Ask a server's data instead of files: its folder, also while it runs, a postgres:// address, or the http:// address of the server
    #[arg(long, value_name = "FOLDER|URL", conflicts_with = "files")]
    pub data: Option<String>,
    /// A key of the running server that may read
    #[arg(long, env = "CLOVE_KEY", hide_env_values = true, value_name = "KEY")]
    pub key: Option<String>,
    #[command(flatten)]
    pub reading: ReadingArguments,
}

/// How files are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadingArguments {
    /// Refunds by order id, with their own dates
    #[arg(long, value_name = "FILE")]
    pub refunds: Option<String>,
    /// Marketing and sales costs, by `date` or `month`
    #[arg(long, value_name = "FILE")]
    pub spend: Option<String>,
    /// Cost of goods by product or order
    #[arg(long, value_name = "FILE")]
    pub costs: Option<String>,
    /// Exchange rates: date, currency, rate to the shop's currency
    #[arg(long, value_name = "FILE")]
    pub rates: Option<String>,
    /// Which column means what, as TOML (`clove check --write-map` writes the guess)
    #[arg(long, value_name = "FILE")]
    pub map: Option<String>,
    /// Write rows that could not be taken to this CSV file
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// The shop's time zone, for instance Europe/Rome
    #[arg(long, default_value = "UTC", value_name = "ZONE")]
    pub tz: String,
    /// The shop's currency; needed when the files hold several
    #[arg(long, value_name = "CODE")]
    pub currency: Option<Currency>,
    /// Order of day and month in dates such as 03/04/2026
    #[arg(long, value_name = "ORDER")]
    pub date_order: Option<DateOrder>,
    /// The system that the orders come from
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Tags that mark wholesale orders, which are left out
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    pub wholesale_tags: Option<Vec<String>>,
}

/// As-of day, value basis and refund rule.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Counting")]
pub struct CountingArguments {
    /// Count what happened up to the end of this day [default: the last date in the files]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// What value means: gross, placed, net, total, margin or contribution
    #[arg(long, default_value = "net")]
    pub basis: Basis,
    /// When a refund counts: on the day of its order, or on its own
    #[arg(long, value_name = "order|event")]
    pub refund_date: Option<RefundDate>,
}

impl CountingArguments {
    /// As-of, basis and refund rule, with the default rule of lifetime values: refunds count on the day of their order.
    pub fn resolve(&self, as_of: Day) -> Counting {
        Counting { as_of, basis: self.basis, refund_date: self.refund_date.unwrap_or(RefundDate::Order) }
    }
}

/// As-of day, value basis, refund rule, and a span of days.
#[derive(Debug, Clone, Args)]
pub struct PeriodArguments {
    #[command(flatten)]
    pub counting: CountingArguments,
    /// First day of the span [default: the first order; of the returning customer rate 365 days before the last]
    #[arg(long, value_name = "DATE", help_heading = "Span")]
    pub from: Option<Day>,
    /// Last day of the span [default: the as-of]
    #[arg(long, value_name = "DATE", help_heading = "Span")]
    pub until: Option<Day>,
}

impl PeriodArguments {
    /// Refuses a span that ends before it begins, or begins after the as-of day.
    pub fn check(&self, as_of: Day) -> Result<(), UsageError> {
        let Some(from) = self.from else { return Ok(()) };
        match self.until {
            Some(until) if from > until => {
                Err(UsageError(format!("--from {from} lies after --until {until}: no day is in the span")))
            }
            _ if from > as_of => Err(UsageError(format!(
                "--from {from} lies after the as-of day {as_of}, the last one that counts: nothing has happened yet"
            ))),
            _ => Ok(()),
        }
    }
}

/// How the answer is printed.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// How to print
    #[arg(long, default_value = "table")]
    pub format: Format,
    /// Write to this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TimeUnit {
    /// A day.
    #[default]
    Day,
    /// Seven days.
    Week,
    /// A twelfth of a year.
    Month,
    /// 365.25 days.
    Year,
}

impl TimeUnit {
    /// Every unit.
    pub const ALL: [TimeUnit; 4] = [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Day => "day",
            TimeUnit::Week => "week",
            TimeUnit::Month => "month",
            TimeUnit::Year => "year",
        }
    }

    /// Its length in days.
    pub fn days(self) -> f64 {
        match self {
            TimeUnit::Day => 1.0,
            TimeUnit::Week => 7.0,
            TimeUnit::Month => 365.25 / 12.0,
            TimeUnit::Year => 365.25,
        }
    }
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// Comma-separated, UTF-8, dot as decimal sign
    Csv,
    /// JSON with stable keys
    Json,
    /// Apache Parquet; needs --out
    Parquet,
}
