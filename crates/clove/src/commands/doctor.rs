//! `clove doctor` and `clove upgrade-check`: whether a server's data is sound, looked at without changing it.

use std::path::Path;

use clap::Args;
use clove_core::clock::SECOND;
use clove_core::{Micros, Table, Values};
use clove_store::{DATABASE_FILE, DatabaseUrl, Db, Environment, job, subscriber};
use serde_json::json;

use super::data::{DataArguments, must_hold_data, runtime};
use crate::DataError;
use crate::arguments::OutputArguments;
use crate::output::{Answer, thousands};

/// Which data to look at.
#[derive(Debug, Args)]
pub struct DoctorArguments {
    #[command(flatten)]
    data: DataArguments,
    /// Compare every index with its table, too: reads the whole file
    #[arg(long)]
    thorough: bool,
    #[command(flatten)]
    output: OutputArguments,
}

/// Which data a newer program would be started on.
#[derive(Debug, Args)]
pub struct UpgradeCheckArguments {
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    output: OutputArguments,
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Good,
    /// Worth a look; nothing is lost.
    Warning,
    /// Must be mended.
    Bad,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Warning => "warning",
            State::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    state: State,
    detail: String,
    remedy: Option<&'static str>,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn good(&mut self, what: &'static str, detail: impl Into<String>) {
        self.0.push(Finding { what, state: State::Good, detail: detail.into(), remedy: None });
    }

    fn add(&mut self, what: &'static str, state: State, detail: impl Into<String>, remedy: &'static str) {
        self.0.push(Finding { what, state, detail: detail.into(), remedy: Some(remedy) });
    }

    /// Prints them; an error if one is bad, so that the exit code says so.
    fn write(self, output: &OutputArguments) -> anyhow::Result<()> {
        let worst = self.0.iter().map(|finding| finding.state).max().unwrap_or(State::Good);
        let text = |of: &dyn Fn(&Finding) -> Option<String>| Values::Text(self.0.iter().map(of).collect());
        let table = Table::new()
            .with("check", text(&|finding| Some(finding.what.to_owned())))
            .with("state", text(&|finding| Some(finding.state.name().to_owned())))
            .with("detail", text(&|finding| Some(finding.detail.clone())))
            .with("remedy", text(&|finding| finding.remedy.map(str::to_owned)));
        let checks: Vec<_> = self
            .0
            .iter()
            .map(|finding| {
                json!({"check": finding.what, "state": finding.state.name(), "detail": finding.detail, "remedy": finding.remedy})
            })
            .collect();
        Answer { json: json!({"state": worst.name(), "checks": checks}), table, text: None }.write(output)?;
        match worst {
            State::Bad => {
                Err(DataError("something must be mended; the list above says what and how".to_owned()).into())
            }
            State::Good | State::Warning => Ok(()),
        }
    }
}

/// Facts behind which a subscriber is worth a look.
const BEHIND: i64 = 100_000;
/// Less free disk than this is bad: the next commits may fail.
const LEAST_FREE_BYTES: u64 = 512 << 20;
/// Clocks of two machines may differ by this.
const CLOCKS_DIFFER: Micros = 5 * SECOND;

/// Looks at everything that can be wrong with a server's data.
pub fn doctor(arguments: &DoctorArguments) -> anyhow::Result<()> {
    let url = arguments.data.url();
    let mut findings = Findings::default();
    if let DatabaseUrl::Folder(folder) = &url {
        must_hold_data(folder)?;
        modes(folder, &mut findings)?;
        disk_space(folder, &mut findings)?;
    }
    runtime()?.block_on(async {
        let db = Db::open_read_only(&url, Environment::system()).await?;
        damage(&db, arguments.thorough, &mut findings).await?;
        if migrations(&db, &mut findings).await? {
            clocks(&db, &mut findings).await?;
            subscribers(&db, &mut findings).await?;
            jobs(&db, &mut findings).await?;
        }
        findings.good("size", format!("{} bytes, {} facts", thousands(db.size().await?), thousands(db.head().await?)));
        db.close().await;
        anyhow::Ok(())
    })?;
    findings.write(&arguments.output)
}

/// Says what this program would do to the data when it is started on it.
pub fn upgrade_check(arguments: &UpgradeCheckArguments) -> anyhow::Result<()> {
    let url = arguments.data.url();
    if let DatabaseUrl::Folder(folder) = &url {
        must_hold_data(folder)?;
    }
    let mut findings = Findings::default();
    runtime()?.block_on(async {
        let db = Db::open_read_only(&url, Environment::system()).await?;
        findings.good("program", format!("Clove {}", env!("CARGO_PKG_VERSION")));
        damage(&db, false, &mut findings).await?;
        migrations(&db, &mut findings).await?;
        db.close().await;
        anyhow::Ok(())
    })?;
    findings.write(&arguments.output)
}

async fn damage(db: &Db, thoroughly: bool, findings: &mut Findings) -> anyhow::Result<()> {
    let damage = db.damage(thoroughly).await?;
    if damage.is_empty() {
        findings.good("file", if thoroughly { "no damage, indexes compared" } else { "no damage found" });
    } else {
        findings.add("file", State::Bad, damage.join("; "), "stop the server and restore the last backup");
    }
    Ok(())
}

/// Whether the tables are those of this program.
async fn migrations(db: &Db, findings: &mut Findings) -> anyhow::Result<bool> {
    let report = db.migrations().await?;
    for (names, what) in [(&report.unknown, "of a newer version"), (&report.changed, "changed after they were applied")]
    {
        if !names.is_empty() {
            let detail = format!("{what}: {}", names.join(", "));
            findings.add("migrations", State::Bad, detail, "use the version that made them, or restore a backup");
        }
    }
    if !report.pending.is_empty() {
        let detail = format!("the next start applies {}", report.pending.join(", "));
        findings.add(
            "migrations",
            State::Warning,
            detail,
            "make a backup before: older versions cannot use the data after",
        );
    }
    let fits = report.unknown.is_empty() && report.changed.is_empty() && report.pending.is_empty();
    if fits {
        findings.good("migrations", format!("all {} applied", report.applied.len()));
    }
    Ok(fits)
}

async fn clocks(db: &Db, findings: &mut Findings) -> anyhow::Result<()> {
    let differs = db.database_clock().await? - db.now();
    if differs.abs() > CLOCKS_DIFFER {
        let detail = format!("the database's clock differs by {} s", differs / SECOND);
        findings.add("clock", State::Warning, detail, "keep both machines' clocks with NTP: leases compare them");
    }
    match db.newest_received_at().await? {
        Some(newest) if newest > db.now() + CLOCKS_DIFFER => {
            let detail = format!("the newest fact was received {} s in the future", (newest - db.now()) / SECOND);
            findings.add("clock", State::Warning, detail, "the clock was wrong then or is wrong now: set it by NTP");
        }
        _ if differs.abs() <= CLOCKS_DIFFER => findings.good("clock", "agrees with the database and the log"),
        _ => {}
    }
    Ok(())
}

async fn subscribers(db: &Db, findings: &mut Findings) -> anyhow::Result<()> {
    for one in subscriber::status(db).await? {
        let held = if one.held > 0 { "at work" } else { "no server at work" };
        if let Some(trouble) = &one.trouble {
            let detail = format!(
                "{} is stuck at fact {} ({} tries): {}",
                one.name, trouble.seq, trouble.attempts, trouble.error
            );
            findings.add("subscribers", State::Bad, detail, "the error says what fails; the server tries on by itself");
        } else if one.behind > BEHIND {
            let detail = format!("{} is {} facts behind, {held}", one.name, thousands(one.behind));
            findings.add("subscribers", State::Warning, detail, "start the server, or give it time");
        } else {
            findings.good("subscribers", format!("{}: {} facts behind, {held}", one.name, thousands(one.behind)));
        }
        if one.dead_letters > 0 {
            let detail = format!("{} gave up on {} facts", one.name, one.dead_letters);
            findings.add(
                "dead letters",
                State::Warning,
                detail,
                "GET /api/v1/dead-letters lists them; POST .../retry tries again",
            );
        }
    }
    Ok(())
}

async fn jobs(db: &Db, findings: &mut Findings) -> anyhow::Result<()> {
    for queue in job::status(db).await? {
        if queue.dead > 0 {
            let detail = format!("{} jobs of {} were given up", queue.dead, queue.name);
            findings.add(
                "dead letters",
                State::Warning,
                detail,
                "GET /api/v1/dead-letters lists them; POST .../retry tries again",
            );
        }
        findings.good("jobs", format!("{}: {} waiting or running", queue.name, queue.live));
    }
    Ok(())
}

#[cfg(unix)]
fn modes(folder: &Path, findings: &mut Findings) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // What is in a folder that others cannot enter is closed to them, whatever its own mode.
    let open = |path: &Path| anyhow::Ok(std::fs::metadata(path)?.permissions().mode() & 0o077);
    let (of_folder, of_file) = (open(folder)?, open(&folder.join(DATABASE_FILE))?);
    if of_folder != 0 && of_file != 0 {
        let detail =
            format!("other users of this machine can get at {}: it holds personal data and secrets", folder.display());
        findings.add("file modes", State::Bad, detail, "chmod 700 on the folder");
    } else {
        findings.good("file modes", "only the owner gets at the data");
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn modes(_: &Path, _: &mut Findings) -> anyhow::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn disk_space(folder: &Path, findings: &mut Findings) -> anyhow::Result<()> {
    let disk = rustix::fs::statvfs(folder)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let size = std::fs::metadata(folder.join(DATABASE_FILE))?.len();
    let detail = format!("{} MiB free", free >> 20);
    if free < LEAST_FREE_BYTES {
        findings.add("disk", State::Bad, detail, "make room: without it nothing more is accepted");
    } else if free < size {
        findings.add("disk", State::Warning, detail, "a backup on the same disk would not fit");
    } else {
        findings.good("disk", detail);
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn disk_space(_: &Path, _: &mut Findings) -> anyhow::Result<()> {
    Ok(())
}
