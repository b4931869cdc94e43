//! What may be kept at all: asked of every event before it is accepted. What may not is counted and answered like the rest.

use axum::http::{HeaderMap, header};
use clove_connect::sources::segment::canonical_event;
use clove_connect::sources::{Quarantined, RecordFormat, Taken};
use clove_core::{FactKind, Source, SubjectId};
use clove_http::{Problem, Services};
use clove_people::consent::tracking::{Asking, TrackingPolicy, allowed, is_exempt};
use uuid::Uuid;

/// Who hands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// A page in a visitor's browser: anyone can read its key, nobody vouches for the visitor.
    Browser,
    /// A program of the shop, which vouches for its visitors; a known "no" counts.
    Program,
}

impl Sender {
    /// Browsers say which page asks; programs do not, and pages cannot keep browsers from it.
    pub fn of(headers: &HeaderMap) -> Sender {
        if headers.contains_key(header::ORIGIN) { Sender::Browser } else { Sender::Program }
    }

    /// The policy where none is settled for the source.
    fn unsettled(self) -> TrackingPolicy {
        match self {
            Sender::Browser => TrackingPolicy::Required,
            Sender::Program => TrackingPolicy::Asserted,
        }
    }
}

/// Takes out what must not be kept. Says for each fact whether it stays.
pub async fn keep_allowed(
    services: &Services,
    source: &Source,
    sender: Sender,
    taken: &mut Taken,
) -> Result<Vec<bool>, Problem> {
    let facts = taken.facts.iter().map(|fact| Asking {
        subject: fact.subject,
        kind: fact.body.kind(),
        said: taken.said.facts.get(&fact.id).copied(),
    });
    let apart = taken.quarantined.iter().enumerate().map(|(place, kept)| Asking {
        subject: kept.subjects.first().copied().unwrap_or_else(|| SubjectId(Uuid::nil())),
        kind: kind_of(kept),
        said: taken.said.quarantined.get(&place).copied(),
    });
    let asking: Vec<Asking> = facts.chain(apart).collect();
    if asking.iter().all(|message| is_exempt(&message.kind)) {
        return Ok(vec![true; taken.facts.len()]);
    }
    let policy = services.sources.tracking_policy(source).await?.unwrap_or(sender.unsettled());
    let kept = allowed(&services.db, policy, &asking).await?;
    let refused = kept.iter().filter(|kept| !**kept).count();
    let (facts, apart) = kept.split_at(taken.facts.len());
    if refused > 0 {
        metrics::counter!("clove_tracking_refused_total", "source" => source.to_string()).increment(refused as u64);
        let mut flags = facts.iter();
        taken.facts.retain(|_| flags.next().copied().unwrap_or(true));
        let mut flags = apart.iter();
        taken.quarantined.retain(|_| flags.next().copied().unwrap_or(true));
    }
    Ok(facts.to_vec())
}

/// What a record that was kept apart would have become: what is of an order is kept whatever was consented to.
fn kind_of(kept: &Quarantined) -> FactKind {
    if let Some(fact) = &kept.fact {
        return fact.body.kind();
    }
    match &kept.record {
        Some(record) if record.format == RecordFormat::SegmentMessage => {
            let message = serde_json::from_str::<serde_json::Value>(&record.json).unwrap_or_default();
            let event = message["event"].as_str().map(canonical_event).unwrap_or_default();
            if event.starts_with("Order ") { FactKind::Order } else { FactKind::Track }
        }
        _ => FactKind::Order,
    }
}
