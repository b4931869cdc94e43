//! One subscriber, step by step.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use clove_core::clock::SECOND;
use clove_core::{FactKind, Micros};
use futures::FutureExt;

use super::cursor::{self, EVERY_PARTITION, Lease, Trouble};
use super::{Ordering, Subscriber, dead_letter};
use crate::db::Db;
use crate::error::{Result, StoreError};
use crate::fact::{Recent, StoredFact, read_after};

/// How a [`Driver`] works.
#[derive(Debug, Clone, Copy)]
pub struct DriverOptions {
    /// Facts of one transaction at most.
    pub batch: usize,
    /// How long a lease lasts without being renewed; a third of it is the time between renewals.
    pub lease: Micros,
    /// How often a fact that fails on its own is tried before it goes to the dead letters.
    pub attempts: i64,
    /// Wait after the first failure; doubled each time, up to 30 seconds.
    pub backoff: Micros,
}

impl Default for DriverOptions {
    fn default() -> Self {
        DriverOptions { batch: 1_000, lease: 15 * SECOND, attempts: 6, backoff: SECOND / 10 }
    }
}

/// The longest wait between attempts.
const LONGEST_BACKOFF: Micros = 30 * SECOND;

/// How many times as many facts of one transaction there may be if they need not be read from the database.
const OF_MEMORY: usize = 4;

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Facts were handled; there may be more.
    Applied {
        /// How many.
        facts: usize,
    },
    /// There is nothing to do, or others hold all partitions.
    Idle,
    /// It failed, and will be tried again at this moment.
    Failed {
        /// When.
        retry_at: Micros,
    },
    /// A fact was given up and lies in the dead letters.
    GaveUp {
        /// Its number.
        seq: i64,
    },
    /// The next fact is of a kind that this version does not know. The partitions were given back, for a newer version to go on.
    UnknownKind {
        /// Number of the fact.
        seq: i64,
        /// Its kind.
        kind: String,
    },
    /// Another process has taken partitions over; nothing was changed.
    Fenced,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    seq: i64,
    /// At the present size of the batch.
    attempts: i64,
    since: Micros,
    retry_at: Micros,
}

/// Drives one subscriber over the partitions that it can hold. [`Runner`](super::Runner) calls [`Driver::step`] in a loop.
pub struct Driver {
    db: Db,
    subscriber: Arc<dyn Subscriber>,
    options: DriverOptions,
    lease: Lease,
    renew_at: Micros,
    batch: usize,
    failures: Option<Failures>,
}

/// What the next transaction is about.
struct Portion {
    mask: i64,
    from: i64,
    to: i64,
    rebuilding: bool,
    facts: Vec<StoredFact>,
    /// What the end of the log in memory said of erasures before the facts were read.
    erasures: Option<u64>,
}

impl Driver {
    /// A driver for a subscriber, as a worker of its own. Makes the subscriber's cursors if it never ran.
    pub async fn new(db: Db, subscriber: Arc<dyn Subscriber>, options: DriverOptions) -> Result<Driver> {
        let (name, ordering) = (subscriber.name(), subscriber.ordering());
        cursor::ensure(&db, name, ordering).await?;
        let owner = db.ids().uuid(db.now());
        let lease = Lease { subscriber: name, ordering, owner, epoch: 0, held: Vec::new() };
        Ok(Driver { db, subscriber, options, lease, renew_at: Micros::MIN, batch: options.batch, failures: None })
    }

    /// Does the next piece of work, if there is one.
    ///
    /// # Errors
    /// Failures of the database itself. Failures of the subscriber are a [`Step`].
    pub async fn step(&mut self) -> Result<Step> {
        let now = self.db.now();
        if let Some(failures) = self.failures
            && now < failures.retry_at
        {
            return Ok(Step::Failed { retry_at: failures.retry_at });
        }
        if now >= self.renew_at {
            cursor::renew(&self.db, &mut self.lease, now, self.options.lease).await?;
            self.renew_at = now + self.options.lease / 3;
        }
        let (portion, applied) = loop {
            let Some(portion) = self.next_portion().await? else {
                if let Some(recent) = self.db.recent() {
                    recent.forget_old(now);
                }
                return Ok(Step::Idle);
            };
            if let Some(fact) = portion.facts.first()
                && let FactKind::Unknown(kind) = fact.kind()
            {
                return self.give_way(fact.seq, kind, now).await;
            }
            match self.apply(&portion).await {
                // What was read was erased meanwhile: it is read again.
                Ok(false) => {}
                applied => break (portion, applied),
            }
        };
        match applied {
            Ok(_) => {
                self.moved(&portion);
                self.failures = None;
                self.batch = (self.batch * 4).min(self.options.batch);
                self.db.note_progress();
                Ok(Step::Applied { facts: portion.facts.len() })
            }
            Err(StoreError::Fenced(_)) => {
                // What is held is not what it was thought to be: look again before anything else.
                self.renew_at = Micros::MIN;
                Ok(Step::Fenced)
            }
            Err(error) => self.failed(&portion, &error, now).await,
        }
    }

    /// Gives the partitions back, so that others need not wait for the lease to run out.
    pub async fn stop(mut self) -> Result<()> {
        cursor::release(&self.db, &mut self.lease).await
    }

    /// The partitions that are furthest behind, and their next facts.
    async fn next_portion(&self) -> Result<Option<Portion>> {
        let held = &self.lease.held;
        let Some(first) = held.iter().min_by_key(|held| (held.position, held.rebuild_until)) else { return Ok(None) };
        let (from, rebuild_until) = (first.position, first.rebuild_until);
        let together = |held: &&cursor::Held| (held.position, held.rebuild_until) == (from, rebuild_until);
        let mask = match self.lease.ordering {
            Ordering::PerSubject => cursor::mask_of(held.iter().filter(together).map(|held| held.partition)),
            Ordering::Global => EVERY_PARTITION,
        };
        let rebuilding = from < rebuild_until;

        let mut to = self.db.head().await?;
        for name in self.subscriber.after() {
            to = to.min(cursor::position(&self.db, name).await?.unwrap_or(0));
        }
        // Partitions that are further ahead are joined when these reach them.
        if let Some(next) = held.iter().map(|held| held.position).filter(|&position| position > from).min() {
            to = to.min(next);
        }
        if rebuilding {
            to = to.min(rebuild_until);
        }
        if to <= from {
            return Ok(None);
        }
        let erasures = self.db.recent().map(Recent::erasures);
        // What is in memory anyway may be more; after a failure it may not.
        let most = if self.batch == self.options.batch { self.batch * OF_MEMORY } else { self.batch };
        let (mut facts, limit) = match self.db.recent().and_then(|recent| recent.read_after(from, to, mask, most)) {
            Some(facts) => (facts, most),
            None => (read_after(&self.db, from, to, mask, self.batch).await?, self.batch),
        };
        if facts.len() == limit
            && let Some(last) = facts.last()
        {
            to = last.seq;
        }
        if let Some(unknown) = facts.iter().position(|fact| !fact.kind().is_known())
            && unknown > 0
        {
            to = facts[unknown].seq - 1;
            facts.truncate(unknown);
        }
        Ok(Some(Portion { mask, from, to, rebuilding, facts, erasures }))
    }

    /// Applies facts and moves on. Does neither, and says so by `false`, if some facts were erased since they were read.
    async fn apply(&self, portion: &Portion) -> Result<bool> {
        let mut tx = self.db.begin_replayable().await?;
        let begun = Instant::now();
        if let (Some(recent), Some(erasures)) = (self.db.recent(), portion.erasures)
            && !recent.unchanged_since(erasures)
        {
            tx.rollback().await?;
            return Ok(false);
        }
        self.advance(&mut tx, portion).await?;
        tx.set_rebuilding(portion.rebuilding);
        let projection = !self.subscriber.tables().is_empty();
        if projection && portion.facts.iter().any(|fact| !fact.is_primary()) {
            let primary: Vec<StoredFact> = portion.facts.iter().filter(|fact| fact.is_primary()).cloned().collect();
            self.call(&mut tx, &primary).await?;
        } else {
            self.call(&mut tx, &portion.facts).await?;
        }
        if self.failures.is_some() {
            cursor::clear_trouble(&mut tx, &self.lease).await?;
        }
        tx.commit().await?;
        metrics::histogram!("clove_subscriber_commit_seconds", "subscriber" => self.lease.subscriber)
            .record(begun.elapsed().as_secs_f64());
        Ok(true)
    }

    async fn call(&self, tx: &mut crate::Tx, facts: &[StoredFact]) -> Result<()> {
        if facts.is_empty() {
            return Ok(());
        }
        match AssertUnwindSafe(self.subscriber.apply(tx, facts)).catch_unwind().await {
            Ok(outcome) => outcome,
            Err(panic) => {
                let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                Err(StoreError::subscriber(format!("it panicked: {said}")))
            }
        }
    }

    async fn advance(&self, tx: &mut crate::Tx, portion: &Portion) -> Result<()> {
        let rows = if self.lease.ordering == Ordering::Global { 1 } else { portion.mask };
        cursor::advance(tx, &self.lease, rows, portion.from, portion.to).await
    }

    fn moved(&mut self, portion: &Portion) {
        for held in &mut self.lease.held {
            if portion.mask >> held.partition & 1 == 1 && held.position == portion.from {
                held.position = portion.to;
            }
        }
    }

    /// After a failure: wait, then try fewer facts, until the one that fails is alone; then give that one up.
    async fn failed(&mut self, portion: &Portion, error: &StoreError, now: Micros) -> Result<Step> {
        let seq = portion.facts.first().map_or(portion.to, |fact| fact.seq);
        let before = self.failures.filter(|failures| failures.seq == seq);
        let mut failures = before.unwrap_or(Failures { seq, attempts: 0, since: now, retry_at: now });
        failures.attempts += 1;
        let alone = portion.facts.len() == 1;
        tracing::warn!(
            subscriber = self.lease.subscriber,
            seq,
            facts = portion.facts.len(),
            attempts = failures.attempts,
            error = error.chain(),
            "a subscriber failed"
        );
        metrics::counter!("clove_subscriber_failures_total", "subscriber" => self.lease.subscriber).increment(1);
        if alone && failures.attempts >= self.options.attempts && !error.is_transient() {
            return self.give_up(portion, &failures, error, now).await;
        }
        if !alone && !error.is_transient() {
            // The culprit is looked for at once; patience is for the one fact that fails by itself.
            self.batch = (portion.facts.len() / 4).max(1);
            failures.attempts = 0;
            failures.retry_at = now;
        } else {
            let doubled = self.options.backoff.saturating_mul(1 << (failures.attempts.clamp(1, 20) - 1));
            failures.retry_at = now + doubled.min(LONGEST_BACKOFF);
        }
        self.failures = Some(failures);
        let trouble = Trouble { seq, error: error.chain(), attempts: failures.attempts, since: failures.since };
        cursor::note_trouble(&self.db, &self.lease, &trouble).await?;
        Ok(Step::Failed { retry_at: failures.retry_at })
    }

    async fn give_up(
        &mut self,
        portion: &Portion,
        failures: &Failures,
        error: &StoreError,
        now: Micros,
    ) -> Result<Step> {
        let seq = portion.facts[0].seq;
        // Only this fact is passed over: a portion of one fact may reach further than the fact.
        let passed = Portion { to: seq, facts: Vec::new(), ..*portion };
        let mut tx = self.db.begin().await?;
        self.advance(&mut tx, &passed).await?;
        dead_letter::insert(&mut tx, self.lease.subscriber, seq, &error.chain(), failures.attempts, now).await?;
        cursor::clear_trouble(&mut tx, &self.lease).await?;
        tx.commit().await?;
        tracing::error!(
            subscriber = self.lease.subscriber,
            seq,
            error = error.chain(),
            "gave a fact up: it is in the dead letters"
        );
        self.moved(&passed);
        self.failures = None;
        self.db.note_progress();
        Ok(Step::GaveUp { seq })
    }

    async fn give_way(&mut self, seq: i64, kind: String, now: Micros) -> Result<Step> {
        tracing::warn!(
            subscriber = self.lease.subscriber,
            seq,
            kind,
            "a fact of a newer version: partitions are given back"
        );
        cursor::release(&self.db, &mut self.lease).await?;
        let error = format!("the kind {kind} is of a newer version of Clove");
        cursor::note_trouble(&self.db, &self.lease, &Trouble { seq, error, attempts: 1, since: now }).await?;
        self.renew_at = now + self.options.lease;
        Ok(Step::UnknownKind { seq, kind })
    }
}
