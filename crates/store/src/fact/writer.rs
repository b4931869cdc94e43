//! Group commit: many callers hand in facts, one transaction and one flush to the disk serves them all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clove_core::{Fact, HashKey};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::{Outcome, Prepared};
use crate::db::Db;
use crate::error::{Result, StoreError};
use crate::quarantine::{self, NewQuarantined};

/// How much a [`FactWriter`] takes in.
#[derive(Debug, Clone, Copy)]
pub struct WriterOptions {
    /// Facts that may wait; beyond it callers get [`StoreError::Busy`].
    pub queue_facts: usize,
    /// Facts of one transaction at most. A single request may be larger.
    pub batch_facts: usize,
}

impl Default for WriterOptions {
    fn default() -> Self {
        WriterOptions { queue_facts: 50_000, batch_facts: 2_048 }
    }
}

/// What one request hands in: durable together, or not at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delivery {
    /// Facts for the log.
    pub facts: Vec<Fact>,
    /// Records to be kept apart.
    pub quarantined: Vec<NewQuarantined>,
}

/// What became of a [`Delivery`]. It is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// One outcome per fact, in their order.
    pub outcomes: Vec<Outcome>,
}

impl Receipt {
    /// How many facts were not known before.
    pub fn new_facts(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.seq().is_some()).count()
    }
}

struct Request {
    facts: Vec<Prepared>,
    quarantined: Vec<NewQuarantined>,
    answer: oneshot::Sender<Result<Receipt>>,
    _room: OwnedSemaphorePermit,
}

impl Request {
    fn weight(&self) -> usize {
        self.facts.len() + self.quarantined.len()
    }
}

/// Handle of the task that writes facts. Cheap to clone. The task ends when the last handle is gone.
#[derive(Clone)]
pub struct FactWriter {
    requests: mpsc::UnboundedSender<Request>,
    room: Arc<Semaphore>,
    db: Db,
    hash_key: HashKey,
    options: WriterOptions,
}

impl FactWriter {
    /// Starts the task. Its handle ends after the last [`FactWriter`] is dropped and everything handed in is answered.
    pub fn start(db: Db, options: WriterOptions) -> (FactWriter, JoinHandle<()>) {
        // The channel is bounded by the semaphore: by facts, not by requests.
        let (requests, queue) = mpsc::unbounded_channel();
        let hash_key = db.hash_key().clone();
        let task = tokio::spawn(write(db.clone(), queue, options));
        (FactWriter { requests, room: Arc::new(Semaphore::new(options.queue_facts)), db, hash_key, options }, task)
    }

    /// Facts that wait to be written at this moment.
    pub fn waiting(&self) -> usize {
        self.options.queue_facts.saturating_sub(self.room.available_permits())
    }

    /// Appends facts and returns when they are durable: one outcome per fact. All of them are written, or none.
    ///
    /// # Errors
    /// [`StoreError::Busy`] at once if too much is waiting; [`StoreError::Fact`] if one of them cannot be kept.
    pub async fn append(&self, facts: Vec<Fact>) -> Result<Vec<Outcome>> {
        Ok(self.deliver(Delivery { facts, quarantined: Vec::new() }).await?.outcomes)
    }

    /// Writes a delivery and returns when it is durable. All of it is written, or nothing.
    ///
    /// # Errors
    /// As [`FactWriter::append`].
    pub async fn deliver(&self, delivery: Delivery) -> Result<Receipt> {
        let Delivery { facts, quarantined } = delivery;
        let weight = facts.len() + quarantined.len();
        if weight == 0 {
            return Ok(Receipt::default());
        }
        let weight = weight.min(self.options.queue_facts) as u32;
        let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(weight) else {
            metrics::counter!("clove_intake_refused_total").increment(1);
            return Err(StoreError::Busy { retry_after_ms: 1_000 });
        };
        let facts = facts
            .into_iter()
            .map(|fact| Prepared::new(&self.db, &self.hash_key, fact))
            .collect::<Result<Vec<Prepared>>>()?;
        let (answer, answered) = oneshot::channel();
        let stopped = |_| StoreError::Stopped("writer of facts");
        self.requests
            .send(Request { facts, quarantined, answer, _room: room })
            .map_err(|_| StoreError::Stopped("writer of facts"))?;
        answered.await.map_err(stopped)?
    }
}

async fn write(db: Db, mut queue: mpsc::UnboundedReceiver<Request>, options: WriterOptions) {
    let mut waiting: Option<Request> = None;
    loop {
        let first = match waiting.take() {
            Some(request) => request,
            None => match queue.recv().await {
                Some(request) => request,
                None => return,
            },
        };
        let mut weight = first.weight();
        let mut batch = vec![first];
        while let Ok(request) = queue.try_recv() {
            if weight + request.weight() > options.batch_facts {
                waiting = Some(request);
                break;
            }
            weight += request.weight();
            batch.push(request);
        }
        let begun = Instant::now();
        write_batch(&db, batch).await;
        record(weight, begun.elapsed());
    }
}

fn record(facts: usize, elapsed: Duration) {
    metrics::histogram!("clove_intake_batch_facts").record(facts as f64);
    metrics::histogram!("clove_intake_commit_seconds").record(elapsed.as_secs_f64());
}

async fn write_batch(db: &Db, mut batch: Vec<Request>) {
    let mut all: Vec<Prepared> = Vec::with_capacity(batch.iter().map(|request| request.facts.len()).sum());
    let mut quarantined: Vec<NewQuarantined> = Vec::new();
    let sizes: Vec<(usize, usize)> =
        batch.iter().map(|request| (request.facts.len(), request.quarantined.len())).collect();
    for request in &mut batch {
        all.append(&mut request.facts);
        quarantined.append(&mut request.quarantined);
    }
    match commit(db, &all, &quarantined).await {
        Ok(mut outcomes) => {
            for (request, (facts, _)) in batch.into_iter().zip(sizes).rev() {
                let own = outcomes.split_off(outcomes.len() - facts);
                // A caller who has gone away needs no answer; what it handed in is durable all the same.
                drop(request.answer.send(Ok(Receipt { outcomes: own })));
            }
        }
        // The database is away or full: it is nobody's fault, and trying again at once would only take time.
        Err(error) if error.is_transient() => {
            let reason = error.chain();
            tracing::error!(error = reason, "facts could not be written");
            for request in batch {
                drop(request.answer.send(Err(StoreError::Unavailable { reason: reason.clone() })));
            }
        }
        // One bad request must not spoil the others: each on its own.
        Err(error) => {
            tracing::warn!(
                error = error.chain(),
                requests = batch.len(),
                "a group commit failed; its requests are tried one by one"
            );
            let (mut facts, mut records) = (&all[..], &quarantined[..]);
            for (request, (own_facts, own_records)) in batch.into_iter().zip(sizes) {
                let (own, remainder) = facts.split_at(own_facts);
                facts = remainder;
                let (kept, remainder) = records.split_at(own_records);
                records = remainder;
                let outcome = commit(db, own, kept).await;
                drop(request.answer.send(outcome.map(|outcomes| Receipt { outcomes })));
            }
        }
    }
}

async fn commit(db: &Db, facts: &[Prepared], quarantined: &[NewQuarantined]) -> Result<Vec<Outcome>> {
    let mut tx = db.begin().await?;
    let outcomes = tx.append_prepared(facts).await?;
    let kept = if quarantined.is_empty() { 0 } else { quarantine::keep(&mut tx, quarantined).await? };
    tx.commit().await?;
    if kept > 0 {
        metrics::counter!("clove_quarantined_total").increment(kept as u64);
    }
    Ok(outcomes)
}
