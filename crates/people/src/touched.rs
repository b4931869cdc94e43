//! Which persons a batch of facts is about.

use std::collections::BTreeSet;

use clove_core::SubjectId;
use clove_store::customer_view::{person_changes, persons};
use clove_store::{Result, Tx};
use uuid::Uuid;

/// The persons of subjects, and those who gained or lost subjects at the facts `from..=until`, as identity sees them now. Identity may
/// be ahead: a person that changes later is looked at again then.
pub(crate) async fn persons_touched(tx: &mut Tx, subjects: &[Uuid], from: i64, until: i64) -> Result<Vec<Uuid>> {
    let ids: Vec<SubjectId> = subjects.iter().map(|subject| SubjectId(*subject)).collect();
    let mut touched: BTreeSet<Uuid> = persons(tx, &ids).await?.into_values().map(|person| person.0).collect();
    for change in person_changes(tx, from, until).await? {
        touched.extend([change.from.0, change.to.0]);
    }
    Ok(touched.into_iter().collect())
}
