//! What facts showed a moment ago: most show the same again, and then there is nothing to look up.

use std::collections::HashSet;

use clove_core::{FactKind, HashKey, Personal};
use clove_store::StoredFact;
use uuid::Uuid;

/// How much is remembered; beyond it, all is forgotten.
const MOST: usize = 100_000;

/// Facts by what they show: their subject and its handles. Once taken in, the same changes nothing, unless something was erased
/// meanwhile or the tables are made anew.
#[derive(Debug, Default)]
pub(super) struct Familiar {
    known: HashSet<Uuid>,
    /// Everything up to this fact is taken in.
    until: i64,
}

impl Familiar {
    /// What a fact shows, if it shows no more than its subject and handles.
    pub(super) fn shape(key: &HashKey, fact: &StoredFact, personal: Option<&Personal>) -> Option<Uuid> {
        if matches!(fact.kind(), FactKind::Merge | FactKind::Unmerge | FactKind::Erased | FactKind::Unknown(_)) {
            return None;
        }
        let subject = fact.subject.0.simple().to_string();
        let handles = personal.map(Personal::normal_handles).unwrap_or_default();
        let mut parts = vec![subject.as_str()];
        for handle in &handles {
            parts.extend([handle.channel.as_str(), handle.scope.as_str(), handle.external_id.as_str()]);
        }
        Some(key.hash("familiar fact", &parts))
    }

    /// A batch begins at this fact. If it was taken in before, the log is read anew from its beginning.
    pub(super) fn begin(&mut self, first: i64) {
        if first <= self.until || self.known.len() > MOST {
            self.known.clear();
        }
    }

    pub(super) fn knows(&self, shape: Uuid) -> bool {
        self.known.contains(&shape)
    }

    /// A batch up to this fact is committed.
    pub(super) fn learn(&mut self, shapes: Vec<Uuid>, until: i64) {
        self.known.extend(shapes);
        self.until = until;
    }

    /// Something was erased.
    pub(super) fn forget(&mut self) {
        *self = Familiar { until: self.until, ..Familiar::default() };
    }
}
