//! Everything about a person in one document.

use clove_core::{Micros, PersonId, SubjectId};
use clove_store::customer_view;
use clove_store::erasure::{Erasers, Target};
use clove_store::fact::{personal_of_subject, read_subject};
use clove_store::{Db, Result, StoreError};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::identity::live::joins;
use crate::timeline::records_of;

/// Facts read of a subject at a time.
const FACTS_A_READ: usize = 500;

/// Everything that is known of a person: facts with what identifies, what is computed of them, what each room keeps. Amounts are minor
/// units, moments microseconds since 1970.
pub(super) async fn export(db: &Db, erasers: &Erasers, person: PersonId, now: Micros) -> Result<Value> {
    let subjects = customer_view::subjects(db, person).await?;
    let records = records_of(db, &subjects).await?;
    let mut facts = Vec::new();
    for subject in subjects.iter().chain(&records) {
        facts.extend(facts_of(db, *subject).await?);
    }
    facts.sort_by_key(|fact| (fact.0, fact.1));
    let statistics: Vec<Value> = customer_view::statistics(db, person)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "currency": row.currency, "orders": row.orders, "purchase_days": row.purchase_days,
                "gross": row.gross_minor, "discount": row.discount_minor, "refunded": row.refunded_minor,
                "net": row.net_minor, "last_order_at": row.last_order_at,
            })
        })
        .collect();
    let scores: Vec<Value> = customer_view::scores(db, person)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "model": row.model, "model_version": row.model_version, "as_of_day": row.as_of_day,
                "currency": row.currency, "basis": row.basis, "horizon_days": row.horizon_days,
                "p_alive": row.p_alive, "expected_purchases": row.expected_purchases,
                "predicted_value": row.predicted_value_minor, "predicted_low": row.predicted_low_minor,
                "predicted_high": row.predicted_high_minor, "band": row.band,
            })
        })
        .collect();
    let segments: Vec<Value> = customer_view::memberships(db, person)
        .await?
        .into_iter()
        .map(|row| json!({"segment": row.segment, "since": row.entered_at}))
        .collect();
    let merges: Vec<Value> = joins(db, person)
        .await?
        .into_iter()
        .map(|join| {
            json!({
                "merge": join.merge, "left": join.left, "right": join.right, "automatic": join.automatic,
                "reason": join.reason, "undone": join.undone_by.is_some(),
            })
        })
        .collect();
    let target = Target { erasure: Uuid::nil(), person, subjects, records };
    let mut rooms = Map::new();
    for eraser in erasers {
        if let Some(known) = eraser.export(db, &target).await? {
            rooms.insert(eraser.name().to_owned(), known);
        }
    }
    let mut document = json!({
        "person": person,
        "made_at": now,
        "subjects": target.subjects,
        "facts": facts.into_iter().map(|(_, _, fact)| fact).collect::<Vec<_>>(),
        "statistics": statistics,
        "scores": scores,
        "segments": segments,
        "merges": merges,
    });
    if let Value::Object(fields) = &mut document {
        fields.append(&mut rooms);
    }
    Ok(document)
}

/// The facts of a subject with what identifies: moment, number, JSON.
async fn facts_of(db: &Db, subject: SubjectId) -> Result<Vec<(Micros, i64, Value)>> {
    let mut found = Vec::new();
    let mut after = 0;
    loop {
        let facts = read_subject(db, subject, after, FACTS_A_READ).await?;
        let Some(last) = facts.last() else { return Ok(found) };
        let mut tx = db.begin().await?;
        let personal = personal_of_subject(&mut tx, subject, after, FACTS_A_READ).await?;
        tx.rollback().await?;
        after = last.seq;
        for fact in facts {
            let data: Value = serde_json::from_str(&fact.body.to_json()?).map_err(StoreError::subscriber)?;
            let own = personal.iter().find(|(seq, _)| *seq == fact.seq).map(|(_, personal)| personal);
            let json = json!({
                "id": fact.id, "kind": fact.kind().name(), "source": fact.source, "external_id": fact.external_id,
                "version": fact.version, "occurred_at": fact.occurred_at, "received_at": fact.received_at,
                "data": data, "personal": own,
            });
            found.push((fact.occurred_at, fact.seq, json));
        }
    }
}
