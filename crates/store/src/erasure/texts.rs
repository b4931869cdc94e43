//! What tells that a text of any form is about a person.

use std::collections::BTreeSet;

use clove_core::fact::Handle;

use super::Target;
use crate::db::Tx;
use crate::error::Result;
use crate::fact::personal_of_subject;

/// Facts read at a time.
const PAGE: usize = 500;
/// A shorter account number stands in texts about others, too.
const SHORTEST_ACCOUNT: usize = 6;

/// The person's addresses, numbers and accounts, as their facts name them: what to look for in bodies and cells of which nothing else
/// is known.
pub(crate) async fn texts_of(tx: &mut Tx, target: &Target) -> Result<Vec<String>> {
    let mut texts = BTreeSet::new();
    for subject in target.of_facts() {
        let mut after = 0;
        loop {
            let page = personal_of_subject(tx, subject, after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, personal) in page {
                texts.extend(personal.email.clone());
                texts.extend(personal.phone.clone());
                let told = |handle: &Handle| handle.external_id.len() >= SHORTEST_ACCOUNT;
                texts.extend(personal.normal_handles().into_iter().filter(told).map(|handle| handle.external_id));
            }
        }
    }
    Ok(texts.into_iter().collect())
}
