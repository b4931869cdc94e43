//! The segments as they are now: ready-made and saved ones, with what was taken of the shop for them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use clove_core::segment::Condition;
use clove_store::{Db, Result, StoreError, Tx};

use super::sql::{self, StateRow};
use crate::live::segments::{SavedSegment, all_in, saved_segments};
use crate::segment::{Needs, READY, ShopSnapshot, ready};

/// A segment whose members are kept.
#[derive(Debug, Clone)]
pub(super) struct Defined {
    pub id: String,
    /// 0 for ready-made ones.
    pub version: i64,
    pub definition: Condition,
    /// Hash of all that the definition says, the segments that it names included.
    pub digest: String,
    /// Whether its members are known.
    pub filled: bool,
}

/// All segments at a revision.
#[derive(Debug, Clone)]
pub(super) struct Definitions {
    pub revision: i64,
    pub all: Vec<Defined>,
    /// What the definitions ask for beyond orders.
    pub needs: Needs,
    /// The names of the events among that.
    pub event_names: Arc<BTreeSet<String>>,
    pub snapshot: Option<Arc<ShopSnapshot>>,
    pub snapshot_version: i64,
    /// Segments with members that are no more.
    pub gone: Vec<String>,
    by_id: HashMap<String, Condition>,
}

impl Definitions {
    pub(super) async fn read(db: &Db) -> Result<Definitions> {
        let state = sql::state(db).await?;
        Definitions::new(&state, saved_segments(db).await?, sql::fills_of(db).await?)
    }

    /// As a transaction sees them that has locked the state.
    pub(super) async fn read_in(tx: &mut Tx, state: StateRow) -> Result<Definitions> {
        let (saved, fills) = (all_in(tx).await?, sql::fills(tx).await?);
        Definitions::new(&state, saved, fills)
    }

    fn new(state: &StateRow, saved: Vec<SavedSegment>, fills: Vec<(String, String)>) -> Result<Definitions> {
        let snapshot = state.snapshot.as_deref().map(serde_json::from_str::<ShopSnapshot>).transpose();
        let of_ready = READY.iter().map(|one| (one.id.to_owned(), 0, one.definition.clone()));
        let of_shop = saved.into_iter().map(|one| (one.id.to_string(), one.version, one.definition));
        let all: Vec<(String, i64, Condition)> = of_ready.chain(of_shop).collect();
        let by_id: HashMap<String, Condition> =
            all.iter().map(|(id, _, definition)| (id.clone(), definition.clone())).collect();
        let find = |id: &str| by_id.get(id).cloned();
        let mut fills: HashMap<String, String> = fills.into_iter().collect();
        let mut needs = Needs::default();
        let all = all
            .into_iter()
            .map(|(id, version, definition)| {
                needs.add(&definition, &find);
                let digest = digest(&definition, &find)?;
                let filled = fills.remove(&id).is_some_and(|known| known == digest);
                Ok(Defined { id, version, definition, digest, filled })
            })
            .collect::<Result<_>>()?;
        Ok(Definitions {
            revision: state.revision,
            all,
            event_names: Arc::new(needs.events.iter().map(|asked| asked.name.clone()).collect()),
            needs,
            snapshot: snapshot.map_err(StoreError::subscriber)?.map(Arc::new),
            snapshot_version: state.snapshot_version,
            gone: fills.into_keys().collect(),
            by_id,
        })
    }

    /// The definition of an id.
    pub(super) fn find(&self, id: &str) -> Option<Condition> {
        ready(id).map(|one| one.definition.clone()).or_else(|| self.by_id.get(id).cloned())
    }

    /// Whether every segment's members are known, and those of none that is no more.
    pub(super) fn is_filled(&self) -> bool {
        self.gone.is_empty() && self.all.iter().all(|one| one.filled)
    }
}

/// Hash of a definition and of all that it names.
fn digest(definition: &Condition, find: &dyn Fn(&str) -> Option<Condition>) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![definition.clone()];
    while let Some(definition) = waiting.pop() {
        hasher.update(serde_json::to_string(&definition).map_err(StoreError::subscriber)?.as_bytes());
        definition.walk(&mut |one| {
            if let Condition::Segment(id) = one
                && seen.insert(id.clone())
            {
                hasher.update(id.as_bytes());
                waiting.extend(find(id));
            }
        });
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}
