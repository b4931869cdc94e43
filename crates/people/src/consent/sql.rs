//! The tables of consent.

use clove_core::{Micros, PersonId, SubjectId};
use clove_store::{Db, Result, StoreError, Tx};
use sqlx::FromRow;
use uuid::Uuid;

use super::evidence::Proof;
use crate::rows::{for_ids, for_rows};

clove_store::statements! {
    SELECT_PROOFS = rows(1, "SELECT subject, channel, purpose, evidence FROM subject_consent WHERE subject IN ({rows})");
    UPSERT_PROOFS = rows(4, "INSERT INTO subject_consent (subject, channel, purpose, evidence) VALUES {rows} \
        ON CONFLICT (subject, channel, purpose) DO UPDATE SET evidence = excluded.evidence");
    DELETE_PROOFS = rows(1, "DELETE FROM subject_consent WHERE subject IN ({rows})");
    SELECT_OF_PERSONS = rows(1, "SELECT s.person, c.channel, c.purpose, c.evidence FROM person_subject AS s \
        JOIN subject_consent AS c ON c.subject = s.subject WHERE s.person IN ({rows})");
    SELECT_OF_PERSON = both("SELECT s.person, c.channel, c.purpose, c.evidence FROM person_subject AS s \
        JOIN subject_consent AS c ON c.subject = s.subject WHERE s.person = $1 ORDER BY c.channel, c.purpose, c.subject");
    /// What is stored of the persons of subjects about one channel and purpose.
    SELECT_GRANTED = rows(1, "SELECT s.subject, c.granted FROM person_subject AS s JOIN person_consent AS c ON c.person = s.person \
        WHERE c.channel = 'tracking' AND c.purpose = 'analytics' AND s.subject IN ({rows})");
    RESET_PROOFS = both("DELETE FROM subject_consent");
    RESET_CONSENTS = both("DELETE FROM person_consent");
    UPSERT_FORM = both("INSERT INTO consent_form (name, channel, purpose, double_opt_in, text, text_version, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, purpose = excluded.purpose, \
        double_opt_in = excluded.double_opt_in, text = excluded.text, text_version = excluded.text_version, \
        changed_at = excluded.changed_at");
    SELECT_FORM = both("SELECT name, channel, purpose, double_opt_in, text, text_version, changed_at FROM consent_form WHERE name = $1");
    SELECT_FORMS = both("SELECT name, channel, purpose, double_opt_in, text, text_version, changed_at FROM consent_form ORDER BY name");
    DELETE_FORM = both("DELETE FROM consent_form WHERE name = $1");
    INSERT_TOKEN = both("INSERT INTO consent_token (token_hash, subject, channel, purpose, form, text_version, requested_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SELECT_TOKEN = both("SELECT subject, channel, purpose, form, text_version, requested_at, expires_at, confirmed_at \
        FROM consent_token WHERE token_hash = $1");
    CONFIRM_TOKEN = both("UPDATE consent_token SET confirmed_at = $1 WHERE token_hash = $2 AND confirmed_at IS NULL");
    DELETE_OLD_TOKENS = both("DELETE FROM consent_token WHERE expires_at < $1");
    DELETE_TOKENS_OF = rows(1, "DELETE FROM consent_token WHERE subject IN ({rows})");
}

type ProofRow = (Uuid, String, String, String);

/// Channel and purpose of a proof, with whose it is.
pub(super) type ProofKey = (Uuid, String, String);

fn proof((whose, channel, purpose, evidence): ProofRow) -> Result<(ProofKey, Proof)> {
    Ok(((whose, channel, purpose), serde_json::from_str(&evidence).map_err(StoreError::subscriber)?))
}

pub(super) async fn proofs(tx: &mut Tx, subjects: &[Uuid]) -> Result<Vec<(ProofKey, Proof)>> {
    for_ids::<ProofRow>(tx, SELECT_PROOFS, subjects).await?.into_iter().map(proof).collect()
}

pub(super) async fn put_proofs(tx: &mut Tx, proofs: &[(ProofKey, Proof)]) -> Result<()> {
    let mut rows: Vec<(&ProofKey, String)> = Vec::with_capacity(proofs.len());
    for (key, proof) in proofs {
        rows.push((key, serde_json::to_string(proof).map_err(StoreError::subscriber)?));
    }
    for_rows(tx, UPSERT_PROOFS, &rows, |query, ((subject, channel, purpose), evidence)| {
        query.push(*subject);
        query.push(channel.as_str());
        query.push(purpose.as_str());
        query.push(evidence.as_str());
    })
    .await
    .map(drop)
}

pub(super) async fn delete_proofs(tx: &mut Tx, subjects: &[Uuid]) -> Result<u64> {
    for_rows(tx, DELETE_PROOFS, subjects, |query, subject| query.push(*subject)).await
}

pub(super) async fn proofs_of_persons(tx: &mut Tx, persons: &[Uuid]) -> Result<Vec<(ProofKey, Proof)>> {
    for_ids::<ProofRow>(tx, SELECT_OF_PERSONS, persons).await?.into_iter().map(proof).collect()
}

pub(super) async fn proofs_of_person(db: &Db, person: PersonId) -> Result<Vec<(ProofKey, Proof)>> {
    db.read_all::<ProofRow>(SELECT_OF_PERSON.query().bind(person)).await?.into_iter().map(proof).collect()
}

pub(super) async fn reset(tx: &mut Tx) -> Result<()> {
    for text in [RESET_PROOFS, RESET_CONSENTS] {
        tx.execute(text.query()).await?;
    }
    Ok(())
}

/// Whether the persons of subjects allowed to be tracked; subjects of whom nothing is stored are missing.
pub(super) async fn tracking_of(db: &Db, subjects: &[SubjectId]) -> Result<Vec<(Uuid, bool)>> {
    let mut found = Vec::new();
    for chunk in subjects.chunks(256) {
        let mut query = SELECT_GRANTED.query_rows(chunk.len());
        for subject in chunk {
            query.push(*subject);
        }
        found.extend(db.read_all::<(Uuid, bool)>(query).await?);
    }
    Ok(found)
}

/// A form that asks for consent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize, utoipa::ToSchema)]
pub struct ConsentForm {
    /// Its name.
    #[schema(example = "newsletter")]
    pub name: String,
    /// What for: the channel.
    #[schema(example = "email")]
    pub channel: String,
    /// What for: the purpose.
    #[schema(example = "marketing")]
    pub purpose: String,
    /// Whether the person must confirm (double opt-in).
    pub double_opt_in: bool,
    /// The text that is shown.
    pub text: String,
    /// Version of the text, kept with each consent.
    pub text_version: String,
    /// When it was changed last, microseconds since 1970.
    pub changed_at: Micros,
}

pub(super) async fn put_form(tx: &mut Tx, form: &ConsentForm) -> Result<()> {
    let query = UPSERT_FORM
        .query()
        .bind(form.name.as_str())
        .bind(form.channel.as_str())
        .bind(form.purpose.as_str())
        .bind(form.double_opt_in)
        .bind(form.text.as_str())
        .bind(form.text_version.as_str())
        .bind(form.changed_at);
    tx.execute(query).await.map(drop)
}

pub(super) async fn form(db: &Db, name: &str) -> Result<Option<ConsentForm>> {
    db.read_optional(SELECT_FORM.query().bind(name)).await
}

pub(super) async fn forms(db: &Db) -> Result<Vec<ConsentForm>> {
    db.read_all(SELECT_FORMS.query()).await
}

pub(super) async fn delete_form(tx: &mut Tx, name: &str) -> Result<bool> {
    Ok(tx.execute(DELETE_FORM.query().bind(name)).await? > 0)
}

/// A confirmation that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(super) struct TokenRow {
    pub subject: Uuid,
    pub channel: String,
    pub purpose: String,
    pub form: Option<String>,
    pub text_version: Option<String>,
    pub requested_at: Micros,
    pub expires_at: Micros,
    pub confirmed_at: Option<Micros>,
}

pub(super) async fn put_token(tx: &mut Tx, hash: &[u8], row: &TokenRow) -> Result<()> {
    let query = INSERT_TOKEN
        .query()
        .bind(hash.to_vec())
        .bind(row.subject)
        .bind(row.channel.as_str())
        .bind(row.purpose.as_str())
        .bind(row.form.clone())
        .bind(row.text_version.clone())
        .bind(row.requested_at)
        .bind(row.expires_at);
    tx.execute(query).await?;
    tx.execute(DELETE_OLD_TOKENS.query().bind(row.requested_at)).await.map(drop)
}

pub(super) async fn token(tx: &mut Tx, hash: &[u8]) -> Result<Option<TokenRow>> {
    tx.fetch_optional(SELECT_TOKEN.query().bind(hash.to_vec())).await
}

/// Whether it was not confirmed before.
pub(super) async fn confirm_token(tx: &mut Tx, hash: &[u8], now: Micros) -> Result<bool> {
    Ok(tx.execute(CONFIRM_TOKEN.query().bind(now).bind(hash.to_vec())).await? > 0)
}

pub(super) async fn delete_tokens_of(tx: &mut Tx, subjects: &[Uuid]) -> Result<u64> {
    for_rows(tx, DELETE_TOKENS_OF, subjects, |query, subject| query.push(*subject)).await
}
