//! Kept deliveries tried again: by a job for what waits, by a person for what was mended.

use std::sync::Arc;

use clove_connect::sources::shop::Delivery;
use clove_connect::sources::{Intake, Problem as SourceProblem};
use clove_core::{DeliveryId, Micros};
use clove_http::Services;
use clove_store::delivery::{DeliveryState, KeptDelivery, find, note_problems, settle};
use clove_store::job::{ClaimedJob, JobHandler, NewJob, enqueue};
use clove_store::source::{SourceSettings, SourceSystem, note_disconnected};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::accept::{json, privacy_job, problems_of, tracked};
use super::shop::{Topic, read};

/// How often a delivery that waits for an order is tried, with pauses that double from a second: some two hours.
const ATTEMPTS: i64 = 13;

/// Tries deliveries again that wait for an order.
pub struct Deliveries {
    services: Arc<Services>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: DeliveryId,
}

impl Deliveries {
    /// The queue of such jobs.
    pub const QUEUE: &'static str = "deliveries";

    /// A handler of the queue.
    pub fn new(services: Arc<Services>) -> Deliveries {
        Deliveries { services }
    }

    /// The job of a delivery that waits.
    pub(super) fn job(id: DeliveryId, now: Micros) -> NewJob {
        let payload = format!("{{\"id\":\"{id}\"}}");
        let job = NewJob::new(Deliveries::QUEUE, payload, now + 1_000_000).unique(id.to_string());
        NewJob { max_attempts: ATTEMPTS, ..job }
    }
}

impl JobHandler for Deliveries {
    fn queue(&self) -> &'static str {
        Deliveries::QUEUE
    }

    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>> {
        Box::pin(async move {
            let payload: Payload = serde_json::from_str(&job.payload).map_err(StoreError::subscriber)?;
            let Some(kept) = find(db, payload.id).await? else { return Ok(None) };
            if kept.state != DeliveryState::Waiting {
                return Ok(None);
            }
            match retry(&self.services, &kept).await? {
                Retried::Done(tx) => Ok(Some(tx)),
                Retried::Wrong { state: DeliveryState::Waiting, .. } if job.attempts < ATTEMPTS => {
                    Err(StoreError::subscriber("the order that the delivery belongs to is not known yet"))
                }
                Retried::Wrong { problems, .. } => {
                    let mut tx = db.begin().await?;
                    note_problems(&mut tx, kept.id, DeliveryState::Open, &problems).await?;
                    Ok(Some(tx))
                }
            }
        })
    }
}

/// What became of a delivery that was tried again.
pub(super) enum Retried {
    /// It is settled, in this transaction.
    Done(Tx),
    /// It cannot be taken: the state it stays in, and the problems as JSON.
    Wrong { state: DeliveryState, problems: String },
}

/// Reads a kept delivery again.
pub(super) async fn retry(services: &Services, kept: &KeptDelivery) -> Result<Retried> {
    let db = &services.db;
    let wrong = |state, message: &str, remedy: &str| {
        let problem = SourceProblem { pointer: String::new(), message: message.to_owned(), remedy: remedy.to_owned() };
        Ok(Retried::Wrong { state, problems: json(&[problem]) })
    };
    let Some(body) = &kept.body else {
        return wrong(kept.state, "the body is gone: the delivery was settled", "nothing is left to do");
    };
    let settings = services.sources.get(kept.source.as_str()).await?;
    let system = settings.as_ref().map_or_else(|| SourceSystem::of(&kept.source), |settings| settings.system);
    let Some(topic) = Topic::from_name(system, &kept.topic) else {
        return wrong(DeliveryState::Open, "its topic says nothing to this version", "discard it");
    };
    let intake = Intake {
        source: &kept.source,
        hash_key: db.hash_key(),
        received_at: db.now(),
        ids: db.ids(),
        currency: settings.as_ref().and_then(|settings| settings.currency),
    };
    let done = match read(services, topic, &intake, kept.received_at, body).await? {
        Ok(done) => done,
        Err(refusal) => {
            return Ok(Retried::Wrong { state: DeliveryState::Open, problems: json(&refusal.problems) });
        }
    };
    match &done {
        Delivery::NeedsOrder { .. } => {
            let message = "it belongs to an order that has not come";
            return wrong(
                DeliveryState::Waiting,
                message,
                "let the shop send orders, too (orders/updated), or import the order",
            );
        }
        Delivery::Facts(taken) if !taken.quarantined.is_empty() => {
            return Ok(Retried::Wrong { state: DeliveryState::Open, problems: problems_of(taken) });
        }
        _ => {}
    }
    let mut tx = db.begin().await?;
    if !settle(&mut tx, kept.id, DeliveryState::Settled).await? {
        tx.rollback().await?;
        return wrong(kept.state, "somebody else settled it meanwhile", "nothing is left to do");
    }
    match done {
        Delivery::Facts(taken) => {
            let facts = match &settings {
                Some(settings) => tracked(settings as &SourceSettings, taken.facts),
                None => taken.facts,
            };
            tx.append(facts).await?;
        }
        Delivery::Privacy(request) => {
            enqueue(&mut tx, privacy_job(&request, db.now())?).await?;
        }
        Delivery::Disconnected => note_disconnected(&mut tx, &kept.source).await?,
        Delivery::NeedsOrder { .. } => {}
    }
    Ok(Retried::Done(tx))
}
