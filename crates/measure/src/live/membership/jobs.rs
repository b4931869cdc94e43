//! Jobs of memberships: fills, and the nightly look at those whose day has come.

use std::sync::Arc;
use std::time::Duration;

use clove_core::clock::SECOND;
use clove_core::{Day, Micros};
use clove_store::job::{self, ClaimedJob, JobHandler, NewJob, WorkerSettings};
use clove_store::settings::Settings;
use clove_store::subscriber::position;
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::definitions::Definitions;
use super::evaluate::{Why, evaluate};
use super::fill::{fill, is_outdated};
use super::{MembershipSubscriber, sql};
use crate::live::CurrentShop;

const QUEUE: &str = "segments";
/// With fewer buyers percentiles move with every order: the shop is looked at as a whole again and again.
pub(super) const YOUNG: u64 = 1_000;
/// How long facts gather before the whole shop is looked at.
const GATHER: Micros = 5 * SECOND;
/// While the subscriber is further behind than this, a fill waits.
const NEARLY_THERE: i64 = 2_000;
/// Persons looked at in one transaction.
const PORTION: usize = 200;
/// How long a job may take.
const LEASE: Micros = 600 * SECOND;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    /// Hold the whole shop against the segments.
    Fill,
    /// Look at those whose day has come.
    Days,
}

/// Asks for a fill within the caller's transaction.
pub(in crate::live) async fn ask_for_fill_in(tx: &mut Tx) -> Result<()> {
    let run_at = tx.db().now() + GATHER;
    let text = serde_json::to_string(&Work::Fill).map_err(StoreError::subscriber)?;
    // One that runs already may have read the shop before: another one waits behind it.
    job::enqueue(tx, NewJob::new(QUEUE, text, run_at).unique(format!("fill {}", run_at / GATHER))).await.map(drop)
}

/// Asks for a fill.
pub async fn ask_for_fill(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    ask_for_fill_in(&mut tx).await?;
    tx.commit().await
}

/// Asks for a fill if a segment asks for forecasts, which are new.
pub(in crate::live) async fn ask_after_refit(db: &Db) -> Result<()> {
    if Definitions::read(db).await?.needs.expected { ask_for_fill(db).await } else { Ok(()) }
}

/// Makes sure that memberships are filled and the next night is planned: to be called at each start.
pub async fn schedule_memberships(db: &Db) -> Result<()> {
    let zone = Settings::read(db).await?.time_zone()?;
    let is_filled = Definitions::read(db).await?.is_filled();
    let mut tx = db.begin().await?;
    if !is_filled {
        ask_for_fill_in(&mut tx).await?;
    }
    // Days that passed while nobody worked.
    plan_days(&mut tx, db.now(), "start").await?;
    plan_night(&mut tx, &zone).await?;
    tx.commit().await
}

async fn plan_days(tx: &mut Tx, run_at: Micros, key: &str) -> Result<()> {
    let text = serde_json::to_string(&Work::Days).map_err(StoreError::subscriber)?;
    job::enqueue(tx, NewJob::new(QUEUE, text, run_at).unique(format!("days {key}"))).await.map(drop)
}

/// Plans the look at the beginning of the next day.
async fn plan_night(tx: &mut Tx, zone: &TimeZone) -> Result<()> {
    let tomorrow = Day(Day::of_moment(tx.db().now(), zone).0 + 1);
    let run_at = tomorrow.at(0, 1, zone);
    plan_days(tx, run_at, &tomorrow.to_string()).await
}

/// Does the jobs of memberships.
pub struct MembershipJobs {
    shop: Arc<CurrentShop>,
}

impl MembershipJobs {
    /// With the copy of the shop that questions are asked of.
    pub fn new(shop: Arc<CurrentShop>) -> MembershipJobs {
        MembershipJobs { shop }
    }

    /// How the worker of this queue works: one job at a time.
    pub fn settings() -> WorkerSettings {
        WorkerSettings { claim: 1, concurrency: 1, lease: LEASE, look_again: Duration::from_millis(500) }
    }

    async fn fill(&self, db: &Db) -> Result<Option<Tx>> {
        let handled = position(db, MembershipSubscriber::NAME).await?.unwrap_or(0);
        let done = db.head().await? - handled <= NEARLY_THERE && fill(db, &self.shop).await?.is_some();
        if done {
            return Ok(None);
        }
        let mut tx = db.begin().await?;
        ask_for_fill_in(&mut tx).await?;
        Ok(Some(tx))
    }

    async fn days(&self, db: &Db) -> Result<Option<Tx>> {
        let zone = Settings::read(db).await?.time_zone()?;
        let today = Day::of_moment(db.now(), &zone);
        loop {
            let persons = sql::due(db, today.0, PORTION).await?;
            if persons.is_empty() {
                break;
            }
            let mut tx = db.begin().await?;
            let state = sql::lock(&mut tx).await?;
            let definitions = Definitions::read_in(&mut tx, state).await?;
            if definitions.snapshot.is_none() {
                break;
            }
            evaluate(&mut tx, &definitions, &persons, &Why::Time).await?;
            tx.commit().await?;
        }
        let definitions = Definitions::read(db).await?;
        let outdated = is_outdated(db, definitions.snapshot.as_deref(), today).await?;
        let mut tx = db.begin().await?;
        if outdated {
            ask_for_fill_in(&mut tx).await?;
        }
        plan_night(&mut tx, &zone).await?;
        Ok(Some(tx))
    }
}

impl JobHandler for MembershipJobs {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>> {
        Box::pin(async move {
            match serde_json::from_str(&job.payload).map_err(StoreError::subscriber)? {
                Work::Fill => self.fill(db).await,
                Work::Days => self.days(db).await,
            }
        })
    }
}
