//! Writing scores, and telling whose band changed.

use std::collections::HashMap;

use clove_core::fact::ScoreBandChanged;
use clove_core::{Day, Fact, FactBody, FactId, FactKind, PersonId, SubjectId};
use clove_store::customer_view::{Score, bands, delete_scores, put_scores};
use clove_store::{Result, Tx};

use super::person::Person;
use super::scorer::Scorer;

/// The source of facts that this room derives.
const SOURCE: &str = "clove:value";

/// What a re-score did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rescored {
    /// Persons with a score.
    pub scored: usize,
    /// Those whose band changed.
    pub bands_changed: usize,
}

/// Scores counted persons and replaces what was there. `cause` is the fact that asks for it.
pub(super) async fn score_persons(
    tx: &mut Tx,
    scorer: &Scorer,
    persons: &[Person],
    today: Day,
    cause: impl Fn(PersonId) -> FactId,
) -> Result<Rescored> {
    let now = tx.db().now();
    let histories: Vec<_> = persons.iter().map(|person| person.history).collect();
    // A clock that runs behind must not make a purchase lie in the future.
    let as_of = histories.iter().map(|history| history.last_purchase).fold(today.0, i32::max);
    let forecasts = scorer.forecasts(&histories, |index| persons[index].identified, Day(as_of));
    let scores: Vec<Score> = persons
        .iter()
        .enumerate()
        .filter_map(|(index, person)| {
            let prediction = forecasts.prediction(index, &person.history, person.identified)?;
            Some(forecasts.score(person.id.0, &prediction, Day(as_of), now))
        })
        .collect();
    let ids: Vec<PersonId> = persons.iter().map(|person| person.id).collect();
    replace_scores(tx, &ids, &scores, cause).await
}

/// Writes the scores of persons, over all that they had. Persons without a new score keep none.
///
/// A first band is no change, and neither is the loss of one.
pub(super) async fn replace_scores(
    tx: &mut Tx,
    persons: &[PersonId],
    scores: &[Score],
    cause: impl Fn(PersonId) -> FactId,
) -> Result<Rescored> {
    let before: HashMap<PersonId, Option<String>> =
        bands(tx, persons).await?.into_iter().map(|row| (PersonId(row.person), row.band)).collect();
    if !before.is_empty() {
        delete_scores(tx, persons).await?;
    }
    put_scores(tx, scores).await?;
    let mut outcome = Rescored { scored: scores.len(), bands_changed: 0 };
    for score in scores {
        let from = before.get(&score.person()).and_then(Option::as_deref);
        let (Some(from), Some(to)) = (from, score.band.as_deref()) else { continue };
        if from != to {
            outcome.bands_changed += 1;
            if !tx.is_rebuilding() {
                let fact = band_changed(tx, score, from, to, cause(score.person()))?;
                tx.emit(fact);
            }
        }
    }
    Ok(outcome)
}

fn band_changed(tx: &Tx, score: &Score, from: &str, to: &str, cause: FactId) -> Result<Fact> {
    let person = score.person();
    let now = tx.db().now();
    let body = ScoreBandChanged {
        person,
        model: score.model.clone(),
        model_version: score.model_version,
        from: Some(from.to_owned()),
        to: to.to_owned(),
    };
    Ok(Fact {
        id: tx.db().hash_key().derived(cause, &FactKind::ScoreBandChanged, &person.to_string()),
        // A person has the id of one of its subjects.
        subject: SubjectId(person.0),
        source: SOURCE.parse()?,
        external_id: person.to_string(),
        version: cause.to_string(),
        occurred_at: now,
        received_at: now,
        cause: Some(cause),
        body: FactBody::ScoreBandChanged(body),
        personal: None,
    })
}
