//! What is done with a delivery whose signature fits.
//!
//! A body that can be read becomes facts, in the group commit of all other facts: nothing is answered before they are durable. What
//! cannot be read, makes no sense or has to wait is kept as it came. See `docs/decisions/0017-webhooks-become-facts-at-once.md`.

use std::sync::Arc;

use axum::body::Bytes;
use clove_connect::sources::shop::{Delivery, PrivacyKind, PrivacyRequest};
use clove_connect::sources::{Intake, Problem as SourceProblem, Taken};
use clove_core::{Fact, FactBody, Micros, TrackingPolicy};
use clove_http::{Problem, State};
use clove_store::delivery::{DeliveryState, NewDelivery, keep};
use clove_store::job::{NewJob, enqueue};
use clove_store::source::{SourceSettings, note_disconnected};
use clove_store::{StoreError, Tx};

use super::Outcome;
use super::retry::Deliveries;
use super::shop::{Topic, read};
use crate::consent::Sender;
use crate::intake;

/// A delivery whose signature fits.
pub(super) struct Incoming<'a> {
    pub settings: Arc<SourceSettings>,
    /// As the system calls it.
    pub topic: &'a str,
    /// The sender's id of the delivery. It is not signed: it tells repetitions apart, and nothing hangs on it but that.
    pub delivery_id: Option<&'a str>,
    /// When the sender says that it happened.
    pub moment: Option<Micros>,
    pub body: Bytes,
}

impl Incoming<'_> {
    /// What repetitions are told by.
    fn key(&self) -> String {
        match self.delivery_id.filter(|id| id.len() <= 200) {
            Some(id) => format!("{} {id}", self.topic),
            None => format!("{} {}", self.topic, blake3::hash(&self.body).to_hex()),
        }
    }

    fn to_keep<'k>(&'k self, key: &'k str, state: DeliveryState, problems: &'k str) -> NewDelivery<'k> {
        let body = matches!(state, DeliveryState::Open | DeliveryState::Waiting).then_some(&self.body[..]);
        NewDelivery { source: &self.settings.name, key, topic: self.topic, state, body, problems }
    }
}

/// Makes a delivery durable.
pub(super) async fn accept(services: &State, incoming: &Incoming<'_>) -> Result<Outcome, Problem> {
    let settings = &incoming.settings;
    let outcome = match Topic::from_name(settings.system, incoming.topic) {
        None => Outcome::Ignored,
        Some(topic) => take(services, incoming, topic).await?,
    };
    let result = match outcome {
        Outcome::Taken => "taken",
        Outcome::Known => "known",
        Outcome::Kept => "kept",
        Outcome::Waiting => "waiting",
        Outcome::Ignored => "ignored",
    };
    metrics::counter!("clove_webhooks_total", "system" => settings.system.name(), "result" => result).increment(1);
    Ok(outcome)
}

async fn take(services: &State, incoming: &Incoming<'_>, topic: Topic) -> Result<Outcome, Problem> {
    let db = &services.db;
    let settings = &incoming.settings;
    let told = Intake {
        source: &settings.name,
        hash_key: db.hash_key(),
        received_at: db.now(),
        ids: db.ids(),
        currency: settings.currency,
    };
    let moment = incoming.moment.unwrap_or(told.received_at);
    match read(services, topic, &told, moment, &incoming.body).await? {
        Ok(Delivery::Facts(taken)) if taken.quarantined.is_empty() => {
            if topic.states_its_moment() {
                let receipt = intake::accept(services, &settings.name, Sender::Program, taken, None).await?;
                return Ok(if receipt.new_facts() > 0 { Outcome::Taken } else { Outcome::Known });
            }
            let (key, facts) = (incoming.key(), taken.facts);
            once(services, incoming.to_keep(&key, DeliveryState::Settled, "[]"), async |tx| {
                tx.append(facts).await.map(drop)
            })
            .await
        }
        Ok(Delivery::Facts(taken)) => {
            let problems = problems_of(&taken);
            let facts = tracked(settings, taken.facts);
            keep_open(services, incoming, &problems, facts).await
        }
        Ok(Delivery::NeedsOrder { .. }) => {
            let key = incoming.key();
            let mut tx = db.begin().await?;
            let Some(id) = keep(&mut tx, incoming.to_keep(&key, DeliveryState::Waiting, "[]")).await? else {
                tx.rollback().await?;
                return Ok(Outcome::Known);
            };
            enqueue(&mut tx, Deliveries::job(id, told.received_at)).await?;
            tx.commit().await?;
            Ok(Outcome::Waiting)
        }
        Ok(Delivery::Privacy(request)) => {
            // The number of a request for data is signed, the id of the delivery is not.
            let key = match request.kind {
                PrivacyKind::DataRequest => format!("{} {}", incoming.topic, request.request_id),
                PrivacyKind::Redact | PrivacyKind::ShopRedact => incoming.key(),
            };
            let job = privacy_job(&request, told.received_at)?;
            once(services, incoming.to_keep(&key, DeliveryState::Settled, "[]"), async |tx| {
                enqueue(tx, job).await.map(drop)
            })
            .await
        }
        Ok(Delivery::Disconnected) => {
            let key = incoming.key();
            once(services, incoming.to_keep(&key, DeliveryState::Settled, "[]"), async |tx| {
                note_disconnected(tx, &settings.name).await
            })
            .await
        }
        Err(refusal) => keep_open(services, incoming, &json(&refusal.problems), Vec::new()).await,
    }
}

/// Does something once per delivery, in the transaction that notes the delivery.
async fn once(
    services: &State,
    delivery: NewDelivery<'_>,
    effect: impl AsyncFnOnce(&mut Tx) -> Result<(), StoreError>,
) -> Result<Outcome, Problem> {
    let mut tx = services.db.begin().await?;
    if keep(&mut tx, delivery).await?.is_none() {
        tx.rollback().await?;
        return Ok(Outcome::Known);
    }
    effect(&mut tx).await?;
    tx.commit().await?;
    Ok(Outcome::Taken)
}

/// Keeps a delivery for a person to look at, with the facts of it that are in order.
async fn keep_open(
    services: &State,
    incoming: &Incoming<'_>,
    problems: &str,
    facts: Vec<Fact>,
) -> Result<Outcome, Problem> {
    let key = incoming.key();
    let mut tx = services.db.begin().await?;
    let kept = keep(&mut tx, incoming.to_keep(&key, DeliveryState::Open, problems)).await?;
    tx.append(facts).await?;
    tx.commit().await?;
    match kept {
        None => Ok(Outcome::Known),
        Some(id) => {
            tracing::warn!(delivery = %id, source = %incoming.settings.name, topic = incoming.topic, "a webhook's body was kept: it cannot be taken as it is");
            Ok(Outcome::Kept)
        }
    }
}

/// Facts without events of visitors where the source's policy asks for their consent: what was kept apart cannot show it.
pub(super) fn tracked(settings: &SourceSettings, facts: Vec<Fact>) -> Vec<Fact> {
    if settings.tracking_policy != Some(TrackingPolicy::Required) {
        return facts;
    }
    let before = facts.len();
    let kept: Vec<Fact> = facts.into_iter().filter(|fact| !matches!(fact.body, FactBody::Track(_))).collect();
    metrics::counter!("clove_tracking_dropped_total").increment((before - kept.len()) as u64);
    kept
}

/// The job that carries a request about personal data out.
pub(super) fn privacy_job(request: &PrivacyRequest, now: Micros) -> Result<NewJob, StoreError> {
    let payload = serde_json::to_string(request).map_err(StoreError::subscriber)?;
    let kind = match request.kind {
        PrivacyKind::Redact => "redact",
        PrivacyKind::DataRequest => "data_request",
        PrivacyKind::ShopRedact => "shop_redact",
    };
    let key = format!("{} {kind} {}", request.source, request.request_id);
    Ok(NewJob::new(PrivacyRequest::QUEUE, payload, now).unique(key))
}

/// The problems of records kept apart, as JSON.
pub(super) fn problems_of(taken: &Taken) -> String {
    json(&taken.quarantined.iter().map(|kept| kept.problem.clone()).collect::<Vec<_>>())
}

pub(super) fn json(problems: &[SourceProblem]) -> String {
    serde_json::to_string(problems).unwrap_or_else(|_| "[]".to_owned())
}
