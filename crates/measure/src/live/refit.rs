//! Fitting the value model anew, every night and when asked: fit, keep, compare with before, score everyone.

use std::sync::Arc;
use std::time::Duration;

use clove_core::clock::SECOND;
use clove_core::{Basis, Day, FactId, Micros, PersonId, RefundDate};
use clove_models::history::Histories;
use clove_store::customer_view::{Score, changed};
use clove_store::job::{self, ClaimedJob, JobHandler, NewJob};
use clove_store::settings::Settings;
use clove_store::subscriber::{hold, position};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::bands::BandCuts;
use super::drift::{self, AlarmKind, Comparison};
use super::load::{LoadOptions, LoadedShop};
use super::membership::{ask_after_refit, ask_for_fill};
use super::model::{self, ConversionState, EngineState, FittedModel, WindowAccuracy};
use super::person::{CountRules, count_persons};
use super::pieces::load;
use super::rescore::{Rescored, replace_scores, score_persons};
use super::scorer::Scorer;
use super::{ValueSubscriber, latest};
use crate::history::{Counting, HistoryRules, histories};
use crate::order_values::OrderValues;
use crate::value::{CustomerValues, ValueOptions, customer_values};

clove_store::statements! {
    COUNT_ORDERS = both("SELECT count(*) FROM order_state");
}

/// The queue of refits.
const QUEUE: &str = "refit";
/// The local time of the nightly one.
const NIGHT: (i8, i8) = (2, 30);
/// While there are too little data for single customers, how often to look whether there are enough.
const LOOK_AGAIN: Micros = 60 * SECOND;
/// How long a claim lasts; it is prolonged while the work goes on.
const LEASE: Micros = 300 * SECOND;
/// Persons scored in one transaction: others wait for the database no longer than that takes.
const CHUNK: usize = 1_000;
/// Length of the models' unit of time in days.
const UNIT_DAYS: f64 = 7.0;

/// What a refit did.
#[derive(Debug, Clone, PartialEq)]
pub struct Refit {
    /// The new version.
    pub version: i64,
    /// Name of the model.
    pub model: String,
    /// Why there is no forecast of single customers, if there is none.
    pub reason: Option<String>,
    /// The last day that the fit knows of.
    pub as_of: Day,
    /// Orders read.
    pub orders: usize,
    /// Customers with orders that count.
    pub customers: usize,
    /// What scoring everyone did.
    pub rescored: Rescored,
    /// What an older fit had expected, against what happened.
    pub comparison: Option<Comparison>,
    /// What is wrong with that.
    pub alarms: Vec<AlarmKind>,
    /// Time to read the shop.
    pub read: Duration,
    /// Time to fit and forecast.
    pub fitted: Duration,
    /// Time to write everyone's score.
    pub written: Duration,
}

/// Fits the model to everything known by the end of yesterday, keeps it as a new version, compares an older one with what
/// happened since, and scores everyone as of today. `None` for a shop without orders.
pub async fn refit(db: &Db) -> Result<Option<Refit>> {
    // A large future that callers should not have to hold.
    Box::pin(refit_now(db)).await
}

/// How long it is since a moment.
fn since(db: &Db, begun: Micros) -> Duration {
    Duration::from_micros(u64::try_from(db.now() - begun).unwrap_or(0))
}

async fn refit_now(db: &Db) -> Result<Option<Refit>> {
    let begun = db.now();
    let loaded = load(db, LoadOptions::default()).await?;
    if loaded.shop.orders.is_empty() {
        return Ok(None);
    }
    let read = since(db, begun);
    let begun = db.now();
    let (now, zone) = (db.now(), Settings::read(db).await?.time_zone()?);
    let today = Day::of_moment(now, &zone);
    let (orders, known_until) = (loaded.shop.orders.len(), loaded.position);
    let fitted = blocking(move || fit(&loaded, today, now)).await??;
    let mut row = fitted.row;
    let mut tx = db.begin().await?;
    row.version = model::keep(&mut tx, &row).await?;
    tx.commit().await?;
    let scorer = Arc::new(Scorer::new(&row)?);
    let comparison = compare(db, &row, fitted.purchases).await?;
    let fitted_in = since(db, begun);

    let begun = db.now();
    let writing = Writing { scorer: &scorer, today, known_until };
    let rescored = writing.score_everyone(db, fitted.persons, fitted.scores).await?;
    let mut tx = db.begin().await?;
    let alarms = match &comparison {
        Some(comparison) => drift::raise(&mut tx, row.version, comparison).await?,
        None => Vec::new(),
    };
    model::mark_scored(&mut tx, row.version).await?;
    tx.commit().await?;
    let refit = Refit {
        version: row.version,
        model: row.model,
        reason: fitted.reason,
        as_of: Day(row.as_of_day as i32),
        orders,
        customers: row.customers as usize,
        rescored,
        comparison,
        alarms,
        read,
        fitted: fitted_in,
        written: since(db, begun),
    };
    tracing::info!(
        version = refit.version,
        model = refit.model,
        reason = refit.reason,
        as_of = %refit.as_of,
        orders,
        customers = refit.customers,
        scored = refit.rescored.scored,
        bands_changed = refit.rescored.bands_changed,
        read_ms = read.as_millis() as u64,
        fit_ms = fitted_in.as_millis() as u64,
        write_ms = refit.written.as_millis() as u64,
        "a value model was fitted and everyone scored"
    );
    Ok(Some(refit))
}

/// Runs what takes the processor for long beside the tasks that must answer.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(StoreError::subscriber)
}

/// What a fit gives before it has a version.
struct Fitted {
    row: FittedModel,
    reason: Option<String>,
    /// Everyone with orders that count.
    persons: Vec<PersonId>,
    /// The scores of those who have one, in the same order.
    scores: Vec<Score>,
    /// Purchase days up to today.
    purchases: Histories,
}

/// A new fit as of yesterday, and what it says of everyone as of today.
fn fit(loaded: &LoadedShop, today: Day, now: Micros) -> Result<Fitted> {
    let LoadedShop { shop, persons, person_ids, position, .. } = loaded;
    let options = ValueOptions::new(Day(today.0 - 1));
    let values = customer_values(shop, persons, &options);
    let engine = values
        .forecast
        .as_ref()
        .map(|forecast| {
            let state =
                EngineState { engine: forecast.engine.parts(), spend: forecast.spend.clone(), level: options.level };
            serde_json::to_string(&state)
        })
        .transpose()
        .map_err(StoreError::subscriber)?;
    let conversion = ConversionState { conversion: values.conversion, return_delay_days: values.return_delay_days };
    let mut row = FittedModel {
        version: 0,
        model: values.model_name(),
        as_of_day: i64::from(options.counting.as_of.0),
        unit_days: UNIT_DAYS,
        currency: shop.currency.code().to_owned(),
        basis: Basis::Net.name().to_owned(),
        horizon_days: i64::from(options.horizon_days),
        engine,
        conversion: serde_json::to_string(&conversion).map_err(StoreError::subscriber)?,
        gate: serde_json::to_string(&values.gate).map_err(StoreError::subscriber)?,
        thresholds: serde_json::to_string(&values.thresholds).map_err(StoreError::subscriber)?,
        bands: serde_json::to_string(&BandCuts::default()).map_err(StoreError::subscriber)?,
        backtest: serde_json::to_string(&windows(&values)).map_err(StoreError::subscriber)?,
        orders: shop.orders.len() as i64,
        customers: values.customers().len() as i64,
        position: *position,
        scored_at: None,
        created_at: now,
    };
    let reason = values.gate.reason.clone();
    drop(values);

    // Everyone is scored by what was kept, so that every process says the same.
    let scorer = Scorer::new(&row)?;
    let counting = Counting { as_of: today, basis: Basis::Net, refund_date: RefundDate::Order };
    let order_values = OrderValues::new(shop, today);
    let counted = histories(&order_values, &shop.adjustments, true, persons, &counting, scorer.return_delay_days);
    let identified = |index: usize| persons.identified[counted.customers[index] as usize];
    let forecasts = scorer.forecasts(&counted.histories, identified, today);
    let predictions: Vec<_> = counted
        .histories
        .iter()
        .enumerate()
        .map(|(index, history)| forecasts.prediction(index, history, identified(index)))
        .collect();
    let values = predictions.iter().flatten().filter_map(|prediction| prediction.value);
    let bands = BandCuts::of(values.map(clove_core::round_half_even).collect());
    row.bands = serde_json::to_string(&bands).map_err(StoreError::subscriber)?;
    let persons: Vec<PersonId> = counted.customers.iter().map(|&person| person_ids[person as usize]).collect();
    let mut scores: Vec<Score> = persons
        .iter()
        .zip(&predictions)
        .filter_map(|(person, prediction)| Some(forecasts.score(person.0, prediction.as_ref()?, today, now)))
        .collect();
    for score in &mut scores {
        score.band = score.predicted_value_minor.and_then(|value| bands.band(value)).map(str::to_owned);
    }
    Ok(Fitted { row, reason, persons, scores, purchases: counted.purchases })
}

/// Accuracy of the model that was chosen in each window of its back-test.
fn windows(values: &CustomerValues<'_>) -> Vec<WindowAccuracy> {
    let Some(forecast) = &values.forecast else { return Vec::new() };
    let engine = &forecast.engine;
    let of_window = |window: &clove_models::select::WindowScores| {
        let accuracy = window.scores.iter().find(|score| score.kind.name() == engine.name)?.accuracy;
        Some(WindowAccuracy {
            origin: Day(window.window.origin).to_string(),
            days: window.window.days,
            customers: accuracy.customers,
            purchases: window.purchases,
            rmse: accuracy.rmse,
            mae: accuracy.mae,
            bias_percent: accuracy.bias_percent,
            spearman: accuracy.spearman,
        })
    };
    engine.windows.iter().filter_map(of_window).collect()
}

/// Compares the newest fit that is old enough with what happened since.
async fn compare(db: &Db, row: &FittedModel, purchases: Histories) -> Result<Option<Comparison>> {
    let mut reference = None;
    for days in drift::DAYS_BEFORE {
        if reference.is_none() {
            reference = model::reference(db, row.as_of_day - i64::from(days), &row.currency).await?;
        }
    }
    let Some(reference) = reference else { return Ok(None) };
    let scorer = Scorer::new(&reference)?;
    let backtest: Vec<WindowAccuracy> = serde_json::from_str(&reference.backtest).map_err(StoreError::subscriber)?;
    let until = Day(row.as_of_day as i32);
    blocking(move || drift::compare(&scorer, &backtest, &purchases, until)).await
}

/// Writes scores that were computed from what was known at a position of the log.
struct Writing<'a> {
    scorer: &'a Scorer,
    today: Day,
    known_until: i64,
}

impl Writing<'_> {
    async fn score_everyone(&self, db: &Db, persons: Vec<PersonId>, scores: Vec<Score>) -> Result<Rescored> {
        let mut scores = scores.into_iter().peekable();
        let mut outcome = Rescored::default();
        for chunk in persons.chunks(CHUNK) {
            let mut own = Vec::with_capacity(chunk.len());
            for person in chunk {
                while let Some(mut score) = scores.next_if(|score| score.person() == *person) {
                    score.model_version = self.scorer.version;
                    own.push(score);
                }
            }
            let written = self.score_chunk(db, chunk, own).await?;
            outcome.scored += written.scored;
            outcome.bands_changed += written.bands_changed;
        }
        Ok(outcome)
    }

    /// Scores some persons in one transaction that keeps the subscriber away. Whoever changed since the shop was read is
    /// computed anew; whoever is gone stays so.
    async fn score_chunk(&self, db: &Db, persons: &[PersonId], scores: Vec<Score>) -> Result<Rescored> {
        let mut tx = db.begin().await?;
        hold(&mut tx, ValueSubscriber::NAME).await?;
        let currency = self.scorer.currency();
        let (mut same, mut stale) = (Vec::with_capacity(persons.len()), Vec::new());
        for (person, of, seq) in changed(&mut tx, persons).await? {
            if of == currency.code() {
                if seq <= self.known_until { same.push(person) } else { stale.push(person) }
            }
        }
        let kept: std::collections::HashSet<PersonId> = same.iter().copied().collect();
        let scores: Vec<Score> = scores.into_iter().filter(|score| kept.contains(&score.person())).collect();
        // No single fact asks for it: the model does.
        let cause = FactId(db.hash_key().hash("model version", &[&self.scorer.version.to_string()]));
        let mut outcome = replace_scores(&mut tx, &same, &scores, |_| cause).await?;
        if !stale.is_empty() {
            let counting = Counting { as_of: self.today, basis: Basis::Net, refund_date: RefundDate::Order };
            let rules = HistoryRules::new(&counting);
            let mature_until = Day(self.today.0 - self.scorer.return_delay_days);
            let rules = CountRules { shop: currency, rules: &rules, mature_until };
            let counted = count_persons(&mut tx, &stale, &rules).await?;
            let rescored = score_persons(&mut tx, self.scorer, &counted, self.today, |_| cause).await?;
            outcome.scored += rescored.scored;
            outcome.bands_changed += rescored.bands_changed;
        }
        tx.commit().await?;
        Ok(outcome)
    }
}

/// Why a refit runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    /// It is night.
    Night,
    /// There was too little data for single customers until now.
    First,
    /// Someone asked.
    Asked,
    /// Everything was computed anew.
    Rebuilt,
}

fn new_job(why: Why, key: String, run_at: Micros) -> Result<NewJob> {
    let payload = serde_json::to_string(&why).map_err(StoreError::subscriber)?;
    Ok(NewJob::new(QUEUE, payload, run_at).unique(key))
}

/// The next time that a night's refit is due, with the day that names it.
fn next_night(now: Micros, zone: &TimeZone) -> (Micros, Day) {
    let today = Day::of_moment(now, zone);
    let tonight = today.at(NIGHT.0, NIGHT.1, zone);
    if tonight > now { (tonight, today) } else { (Day(today.0 + 1).at(NIGHT.0, NIGHT.1, zone), Day(today.0 + 1)) }
}

async fn plan_next(tx: &mut Tx, zone: &TimeZone, is_open: bool) -> Result<()> {
    let now = tx.db().now();
    let (night, day) = next_night(now, zone);
    job::enqueue(tx, new_job(Why::Night, format!("night {day}"), night)?).await?;
    if !is_open {
        // The number of the moment makes it another job than the one that plans it.
        let next = now + LOOK_AGAIN;
        job::enqueue(tx, new_job(Why::First, format!("first {}", next / LOOK_AGAIN), next)?).await?;
    }
    Ok(())
}

/// Makes sure that the next refits are planned: to be called at each start.
pub async fn schedule_refits(db: &Db) -> Result<()> {
    let zone = Settings::read(db).await?.time_zone()?;
    let is_open = latest(db).await?.is_some_and(|model| model.engine.is_some());
    let mut tx = db.begin().await?;
    plan_next(&mut tx, &zone, is_open).await?;
    tx.commit().await
}

/// Asks for a refit as soon as possible; whether none was asked for already.
pub async fn ask_for_refit(db: &Db) -> Result<bool> {
    let mut tx = db.begin().await?;
    let job = new_job(Why::Asked, "asked".to_owned(), db.now())?;
    let is_new = job::enqueue(&mut tx, job).await?.is_some();
    tx.commit().await?;
    Ok(is_new)
}

/// Plans a refit for when everything has been computed anew.
pub(super) async fn refit_after_rebuild(tx: &mut Tx) -> Result<()> {
    plan_after_rebuild(tx, 0).await
}

async fn plan_after_rebuild(tx: &mut Tx, pause: Micros) -> Result<()> {
    let run_at = tx.db().now() + pause;
    job::enqueue(tx, new_job(Why::Rebuilt, format!("rebuilt {run_at}"), run_at)?).await.map(drop)
}

/// Does the jobs of the queue.
#[derive(Debug, Default, Clone, Copy)]
pub struct RefitHandler;

impl JobHandler for RefitHandler {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>> {
        Box::pin(async move {
            let why: Why = serde_json::from_str(&job.payload).map_err(StoreError::subscriber)?;
            let prolonging = tokio::spawn(prolong(db.clone(), job.clone()));
            let outcome = work(db, why).await;
            prolonging.abort();
            if !outcome? {
                let mut tx = db.begin().await?;
                plan_after_rebuild(&mut tx, LOOK_AGAIN / 12).await?;
                return Ok(Some(tx));
            }
            if matches!(why, Why::Asked | Why::Rebuilt) {
                return Ok(None);
            }
            let zone = Settings::read(db).await?.time_zone()?;
            let is_open = latest(db).await?.is_some_and(|model| model.engine.is_some());
            let mut tx = db.begin().await?;
            plan_next(&mut tx, &zone, is_open).await?;
            Ok(Some(tx))
        })
    }
}

/// Does a job; whether it was its time.
async fn work(db: &Db, why: Why) -> Result<bool> {
    match why {
        Why::First if !is_worth_it(db).await? => return Ok(true),
        Why::Rebuilt if position(db, ValueSubscriber::NAME).await?.unwrap_or(0) < db.head().await? => return Ok(false),
        _ => {}
    }
    refit(db).await?;
    match why {
        Why::Rebuilt => ask_for_fill(db).await?,
        _ => ask_after_refit(db).await?,
    }
    Ok(true)
}

/// Whether there are so many more orders than at the last fit that there may be enough.
async fn is_worth_it(db: &Db) -> Result<bool> {
    let (orders,): (i64,) = db.read_one(COUNT_ORDERS.query()).await?;
    Ok(match latest(db).await? {
        None => orders > 0,
        Some(model) => model.engine.is_none() && orders > model.orders + model.orders / 10,
    })
}

/// Holds on to a claim until aborted.
async fn prolong(db: Db, job: ClaimedJob) {
    loop {
        tokio::time::sleep(Duration::from_micros(LEASE as u64 / 5)).await;
        if let Err(error) = prolong_once(&db, &job).await {
            tracing::warn!(job = %job.id(), error = error.chain(), "the claim on a refit could not be prolonged");
        }
    }
}

async fn prolong_once(db: &Db, job: &ClaimedJob) -> Result<()> {
    let mut tx = db.begin().await?;
    job::extend(&mut tx, job, db.now() + LEASE).await?;
    tx.commit().await
}

impl RefitHandler {
    /// How the worker of this queue works: one refit at a time.
    pub fn settings() -> clove_store::job::WorkerSettings {
        clove_store::job::WorkerSettings {
            claim: 1,
            concurrency: 1,
            lease: LEASE,
            look_again: Duration::from_millis(500),
        }
    }
}
