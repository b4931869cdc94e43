//! What a fact shows of who is who: subjects and the edges between them.

use clove_core::fact::Handle;
use clove_core::{FactBody, HashKey, Personal};
use clove_store::StoredFact;
use uuid::Uuid;

/// A subject as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub person: Uuid,
    /// Of its handle; empty where none is known.
    pub channel: String,
    /// The first fact taken in under it.
    pub first_fact: Option<i64>,
    pub shared: bool,
}

impl Node {
    /// The smallest of a person's subjects gives the person its id: the one with the first fact.
    pub(super) fn age(&self, subject: Uuid) -> (bool, Option<i64>, Uuid) {
        (self.first_fact.is_none(), self.first_fact, subject)
    }
}

/// Two subjects that are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edge {
    pub merge: Uuid,
    pub a: Uuid,
    pub b: Uuid,
    pub automatic: bool,
    pub reason: String,
    pub seq: i64,
}

/// What a fact shows.
#[derive(Debug)]
pub(super) struct Seen {
    pub seq: i64,
    pub own: Uuid,
    /// Subjects with their channels, the fact's own first.
    pub subjects: Vec<(Uuid, String)>,
    pub edges: Vec<Edge>,
    /// The edge that it takes back.
    pub unmerges: Option<Uuid>,
    /// Subjects that it erases.
    pub erases: Vec<Uuid>,
    /// Handles that stay shared without those.
    pub keeps_shared: Vec<Uuid>,
}

/// Whether a handle of this channel may turn out to be shared by many. Accounts are what the shop says they are.
pub(super) fn may_be_shared(channel: &str) -> bool {
    matches!(channel, "email" | "phone" | "anonymous")
}

/// Whether having been seen with many of this channel says that a handle is shared. One person has many browsers, and each
/// guest order may have a subject of its own.
pub(super) fn tells_customers_apart(channel: &str) -> bool {
    !matches!(channel, "" | "anonymous")
}

impl Seen {
    pub(super) fn of(key: &HashKey, fact: &StoredFact, personal: Option<&Personal>) -> Seen {
        let own = fact.subject.0;
        let mut subjects = vec![(own, String::new())];
        for handle in personal.map(Personal::normal_handles).unwrap_or_default() {
            let Handle { channel, .. } = &handle;
            let subject = key.subject(&handle).0;
            if subject == own {
                subjects[0].1.clone_from(channel);
            } else if !subjects.iter().any(|(known, _)| *known == subject) {
                subjects.push((subject, channel.clone()));
            }
        }
        let mut edges = automatic_edges(key, &subjects, fact.seq);
        let (mut unmerges, mut erases, mut keeps_shared) = (None, Vec::new(), Vec::new());
        match &*fact.body {
            FactBody::Merge(merge) => {
                for subject in [merge.subject.0, merge.with.0] {
                    if !subjects.iter().any(|(known, _)| *known == subject) {
                        subjects.push((subject, String::new()));
                    }
                }
                let (a, b) = ordered(merge.subject.0, merge.with.0);
                if a != b {
                    let reason = merge.reason.clone();
                    edges.push(Edge { merge: fact.id.0, a, b, automatic: false, reason, seq: fact.seq });
                }
            }
            FactBody::Unmerge(unmerge) => unmerges = Some(unmerge.merge.0),
            FactBody::Erased(erased) => {
                erases = erased.subjects.iter().map(|subject| subject.0).collect();
                keeps_shared = erased.shared.iter().map(|subject| subject.0).collect();
            }
            _ => {}
        }
        Seen { seq: fact.seq, own, subjects, edges, unmerges, erases, keeps_shared }
    }
}

/// The pairs that a fact shows. Accounts hang together at one of them; every handle that may turn out to be shared is paired with
/// all others, so that what it joined stays joined by the rest.
fn automatic_edges(key: &HashKey, subjects: &[(Uuid, String)], seq: i64) -> Vec<Edge> {
    let anchor = subjects.iter().position(|(_, channel)| !may_be_shared(channel));
    let mut edges = Vec::new();
    for (i, (left, left_channel)) in subjects.iter().enumerate() {
        for (j, (right, right_channel)) in subjects.iter().enumerate().skip(i + 1) {
            let weak = [right_channel, left_channel].into_iter().find(|channel| may_be_shared(channel));
            if weak.is_none() && anchor != Some(i) && anchor != Some(j) {
                continue;
            }
            let (a, b) = ordered(*left, *right);
            let reason = weak.or([right_channel, left_channel].into_iter().find(|channel| !channel.is_empty()));
            edges.push(Edge {
                merge: automatic_merge(key, a, b),
                a,
                b,
                automatic: true,
                reason: reason.cloned().unwrap_or_default(),
                seq,
            });
        }
    }
    edges
}

/// The id of an automatic edge: the same pair gives the same id, whichever fact shows it first.
fn automatic_merge(key: &HashKey, a: Uuid, b: Uuid) -> Uuid {
    key.hash("automatic merge", &[&a.simple().to_string(), &b.simple().to_string()])
}

fn ordered(left: Uuid, right: Uuid) -> (Uuid, Uuid) {
    (left.min(right), left.max(right))
}
