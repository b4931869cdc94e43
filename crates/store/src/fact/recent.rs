//! The end of the log, kept in memory: what was appended a moment ago, for the subscribers of the same process, each of which would
//! otherwise read and parse it again.
//!
//! Only where this process is the only one that appends and erases: on SQLite, where there is one write transaction at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clove_core::clock::SECOND;
use clove_core::{Micros, Personal};

use super::StoredFact;
use crate::db::Db;

/// Facts that are kept at most. Who is further behind reads from the database.
const MOST_FACTS: usize = 32_768;
/// Bytes of bodies and identifying fields, as JSON, that are kept at most.
const MOST_BYTES: usize = 32 << 20;
/// For how long they are kept.
const KEPT_FOR: Micros = 5 * SECOND;

/// A fact that was appended.
#[derive(Clone)]
pub(crate) struct Appended {
    pub fact: StoredFact,
    pub personal: Option<Arc<Personal>>,
    /// What it takes as JSON.
    pub bytes: usize,
}

/// What one transaction appended: all facts of the log above `after`, up to `until`.
pub(crate) struct AppendedRange {
    pub after: i64,
    pub until: i64,
    pub facts: Vec<Appended>,
    /// What [`Recent::erasures`] said within the transaction.
    pub erasures: u64,
}

#[derive(Default)]
struct Tail {
    /// It holds every fact of the log above this number,
    after: i64,
    /// up to this one.
    until: i64,
    /// Each with the moment at which it came.
    facts: VecDeque<(Appended, Micros)>,
    bytes: usize,
    /// Erasures that began and erasures that ended: odd while one is under way.
    erasures: u64,
}

/// The end of the log.
#[derive(Default)]
pub(crate) struct Recent {
    tail: Mutex<Tail>,
}

/// An erasure under way, until its transaction has ended.
pub(crate) struct Erasing(Db);

impl Erasing {
    /// Forgets everything.
    pub(crate) fn begin(db: &Db) -> Option<Erasing> {
        let mut tail = db.recent()?.tail();
        *tail = Tail { erasures: tail.erasures + 1, ..Tail::default() };
        Some(Erasing(db.clone()))
    }
}

impl Drop for Erasing {
    fn drop(&mut self) {
        if let Some(recent) = self.0.recent() {
            recent.tail().erasures += 1;
        }
    }
}

impl Recent {
    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what a transaction has just committed.
    pub(crate) fn extend(&self, range: AppendedRange, now: Micros) {
        let mut tail = self.tail();
        if range.erasures != tail.erasures {
            // It may have been erased between its commit and here.
            return;
        }
        if range.after != tail.until {
            *tail = Tail { after: range.after, erasures: tail.erasures, ..Tail::default() };
        }
        tail.until = range.until;
        tail.bytes += range.facts.iter().map(|appended| appended.bytes).sum::<usize>();
        tail.facts.extend(range.facts.into_iter().map(|appended| (appended, now)));
        while tail.facts.len() > MOST_FACTS || tail.bytes > MOST_BYTES {
            tail.drop_first();
        }
    }

    /// Lets go of what has been kept for long enough.
    pub(crate) fn forget_old(&self, now: Micros) {
        let mut tail = self.tail();
        while tail.facts.front().is_some_and(|(_, since)| now - since > KEPT_FOR) {
            tail.drop_first();
        }
        if tail.facts.is_empty() {
            tail.facts = VecDeque::new();
        }
    }

    /// Changes with every erasure; odd while one is under way.
    pub(crate) fn erasures(&self) -> u64 {
        self.tail().erasures
    }

    /// Whether facts still are what they were when [`Recent::erasures`] said this. Asked within a write transaction.
    pub(crate) fn unchanged_since(&self, erasures: u64) -> bool {
        erasures.is_multiple_of(2) && self.erasures() == erasures
    }

    /// Facts with `after < seq <= until` in the partitions of a bit mask, in order, at most `limit`; `None` if some are not kept.
    pub(crate) fn read_after(&self, after: i64, until: i64, mask: i64, limit: usize) -> Option<Vec<StoredFact>> {
        let tail = self.tail();
        let facts = tail.between(after, until)?.map(|appended| &appended.fact);
        Some(facts.filter(|fact| mask >> fact.partition & 1 == 1).take(limit).cloned().collect())
    }

    /// What identifies the persons of the facts numbered `from..=until`; `None` if some are not kept.
    pub(crate) fn personal(&self, from: i64, until: i64) -> Option<HashMap<i64, Arc<Personal>>> {
        let tail = self.tail();
        let facts = tail.between(from - 1, until)?;
        Some(facts.filter_map(|appended| Some((appended.fact.seq, Arc::clone(appended.personal.as_ref()?)))).collect())
    }
}

impl Tail {
    fn drop_first(&mut self) {
        if let Some((first, _)) = self.facts.pop_front() {
            self.after = first.fact.seq;
            self.bytes -= first.bytes;
        }
    }

    fn between(&self, after: i64, until: i64) -> Option<impl Iterator<Item = &Appended>> {
        if after < self.after || until > self.until {
            return None;
        }
        let begin = self.facts.partition_point(|(appended, _)| appended.fact.seq <= after);
        let end = self.facts.partition_point(|(appended, _)| appended.fact.seq <= until);
        Some(self.facts.range(begin..end.max(begin)).map(|(appended, _)| appended))
    }
}

#[cfg(test)]
mod tests {
    use clove_core::fact::Track;
    use clove_core::{FactBody, FactId, SubjectId};
    use uuid::Uuid;

    use super::*;

    fn appended(seq: i64, bytes: usize) -> Appended {
        let body = FactBody::Track(Track { event: "Product Viewed".to_owned(), properties: serde_json::Map::new() });
        let fact = StoredFact {
            seq,
            id: FactId(Uuid::nil()),
            partition: seq % 2,
            subject: SubjectId(Uuid::nil()),
            source: "test:shop".parse().unwrap(),
            external_id: String::new(),
            version: String::new(),
            occurred_at: 0,
            received_at: 0,
            cause: None,
            body: Arc::new(body),
        };
        Appended { fact, personal: Some(Arc::default()), bytes }
    }

    fn range(after: i64, seqs: &[i64], bytes: usize) -> AppendedRange {
        let facts = seqs.iter().map(|&seq| appended(seq, bytes)).collect();
        AppendedRange { after, until: seqs.last().copied().unwrap_or(after), facts, erasures: 0 }
    }

    fn numbers(recent: &Recent, after: i64, until: i64) -> Option<Vec<i64>> {
        Some(recent.read_after(after, until, -1, 100)?.iter().map(|fact| fact.seq).collect())
    }

    #[test]
    fn ranges_that_follow_each_other_are_one_and_a_gap_begins_anew() {
        let recent = Recent::default();
        recent.extend(range(0, &[1, 2, 4], 10), 0);
        recent.extend(range(4, &[6], 10), 0);
        assert_eq!(numbers(&recent, 0, 6), Some(vec![1, 2, 4, 6]), "numbers may be missing: they are nowhere");
        assert_eq!(numbers(&recent, 2, 5), Some(vec![4]));
        assert_eq!(numbers(&recent, 0, 7), None, "what came later is not known");
        assert_eq!(recent.read_after(0, 6, 0b10, 100).unwrap().len(), 1, "one partition");
        assert_eq!(recent.read_after(0, 6, -1, 2).unwrap().len(), 2);
        assert!(recent.personal(2, 6).unwrap().contains_key(&4));
        recent.extend(range(9, &[10], 10), 0);
        assert_eq!(numbers(&recent, 6, 10), None, "7 to 9 were appended elsewhere");
        assert_eq!(numbers(&recent, 9, 10), Some(vec![10]));
    }

    #[test]
    fn it_takes_no_more_memory_than_it_may() {
        let recent = Recent::default();
        recent.extend(range(0, &[1, 2, 3, 4], MOST_BYTES / 3), 0);
        assert_eq!(numbers(&recent, 0, 4), None);
        assert_eq!(numbers(&recent, 1, 4), Some(vec![2, 3, 4]));
        let many: Vec<i64> = (5..5 + MOST_FACTS as i64).collect();
        recent.extend(range(4, &many, 1), 0);
        assert_eq!(numbers(&recent, 3, 5), None);
        assert_eq!(recent.tail().facts.len(), MOST_FACTS);
        assert_eq!(recent.tail().bytes, MOST_FACTS);
    }

    #[test]
    fn what_was_committed_before_an_erasure_does_not_come_after_it() {
        let recent = Recent::default();
        recent.extend(range(0, &[1], 1), 0);
        recent.tail().erasures = 2;
        recent.extend(range(1, &[2], 1), 0);
        assert_eq!(numbers(&recent, 1, 2), None);
        assert!(recent.unchanged_since(2) && !recent.unchanged_since(0));
        recent.tail().erasures = 3;
        assert!(!recent.unchanged_since(3), "under way");
    }

    #[test]
    fn what_is_old_is_let_go_and_what_follows_still_fits() {
        let recent = Recent::default();
        recent.extend(range(0, &[1, 2], 1), 0);
        recent.extend(range(2, &[3], 1), KEPT_FOR);
        recent.forget_old(KEPT_FOR);
        assert_eq!(numbers(&recent, 0, 3), Some(vec![1, 2, 3]));
        recent.forget_old(KEPT_FOR + 1);
        assert_eq!((numbers(&recent, 0, 3), numbers(&recent, 2, 3)), (None, Some(vec![3])));
        recent.forget_old(3 * KEPT_FOR);
        assert_eq!(recent.tail().bytes, 0);
        recent.extend(range(3, &[4], 1), 3 * KEPT_FOR);
        assert_eq!(numbers(&recent, 3, 4), Some(vec![4]));
    }
}
