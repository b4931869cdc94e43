//! Consents given, taken back, asked for and confirmed through the API.

use clove_core::clock::SECOND;
use clove_core::fact::{ConsentChange, Handle};
use clove_core::{Fact, FactBody, FactId, Micros, Personal, Source, SubjectId};
use clove_http::hex;
use clove_store::{Db, FactWriter, Result, StoreError};
use sha2::{Digest as _, Sha256};

use super::evidence::ConsentState;
use super::sql::{self, TokenRow};

/// How long a confirmation of double opt-in is waited for.
const TOKEN_LIVES: Micros = 7 * 24 * 3_600 * SECOND;

/// A change of consent to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub subject: SubjectId,
    /// What they named themselves by, where that is how they are known.
    pub handle: Option<Handle>,
    /// The new state. `Pending` asks for a confirmation.
    pub state: ConsentState,
    /// When it was said.
    pub at: Micros,
    /// What was said, to whom, how.
    pub evidence: ConsentChange,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The fact.
    pub fact: FactId,
    /// Its number; `None` if it was known already, or concerns an erased person.
    pub seq: Option<i64>,
    /// The secret that confirms it, if a confirmation is waited for.
    pub token: Option<String>,
}

/// Source of facts that the program itself takes down.
pub(crate) fn own_source() -> Result<Source> {
    Ok("clove".parse()?)
}

/// Writes a change down. What waits for a confirmation gets a token; only its hash is kept.
pub async fn give(db: &Db, writer: &FactWriter, change: Change) -> Result<Given> {
    let token = match change.state {
        ConsentState::Pending => Some(new_token(db, &change).await?),
        ConsentState::Granted | ConsentState::Withdrawn => None,
    };
    let fact = fact_of(db, change)?;
    let id = fact.id;
    let outcomes = writer.append(vec![fact]).await?;
    Ok(Given { fact: id, seq: outcomes.first().and_then(clove_store::Outcome::seq), token })
}

fn fact_of(db: &Db, change: Change) -> Result<Fact> {
    let now = db.now();
    let id = FactId(db.ids().uuid(now));
    let body = match change.state {
        ConsentState::Granted => FactBody::ConsentGranted(change.evidence),
        ConsentState::Withdrawn => FactBody::ConsentWithdrawn(change.evidence),
        ConsentState::Pending => FactBody::ConsentRequested(change.evidence),
    };
    let personal = change.handle.map(|handle| Personal { handles: vec![handle], ..Personal::default() });
    Ok(Fact {
        id,
        subject: change.subject,
        source: own_source()?,
        external_id: format!("consent/{}", id.0.simple()),
        version: "1".to_owned(),
        occurred_at: change.at,
        received_at: now,
        cause: None,
        body,
        personal,
    })
}

async fn new_token(db: &Db, change: &Change) -> Result<String> {
    let mut secret = [0_u8; 24];
    db.ids().fill(&mut secret);
    let token = hex(&secret);
    let now = db.now();
    let row = TokenRow {
        subject: change.subject.0,
        channel: change.evidence.channel.clone(),
        purpose: change.evidence.purpose.clone(),
        form: change.evidence.form.clone(),
        text_version: change.evidence.text_version.clone(),
        requested_at: now,
        expires_at: now + TOKEN_LIVES,
        confirmed_at: None,
    };
    let mut tx = db.begin().await?;
    sql::put_token(&mut tx, &hash(&token), &row).await?;
    tx.commit().await?;
    Ok(token)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What a confirmation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The channel that the person consented to.
    pub channel: String,
    /// The purpose.
    pub purpose: String,
    /// When it was confirmed: the first time.
    pub at: Micros,
}

/// Confirms what a token was given out for. Doing it again changes nothing: people press twice, and programs that look at mail follow
/// links.
///
/// # Errors
/// [`StoreError::NotFound`] for a token that was never given out, or has run out.
pub async fn confirm(db: &Db, token: &str, ip_hash: Option<uuid::Uuid>) -> Result<Confirmed> {
    let (now, hash) = (db.now(), hash(token));
    let mut tx = db.begin().await?;
    let unknown = || StoreError::NotFound("such confirmation; it may have run out: ask for it again".to_owned());
    let row = sql::token(&mut tx, &hash).await?.ok_or_else(unknown)?;
    let confirmed = |at| Confirmed { channel: row.channel.clone(), purpose: row.purpose.clone(), at };
    if let Some(at) = row.confirmed_at {
        return Ok(confirmed(at));
    }
    if row.expires_at < now {
        return Err(unknown());
    }
    sql::confirm_token(&mut tx, &hash, now).await?;
    let evidence = ConsentChange {
        channel: row.channel.clone(),
        purpose: row.purpose.clone(),
        method: "double_opt_in".to_owned(),
        text_version: row.text_version.clone(),
        ip_hash,
        by: None,
        form: row.form.clone(),
    };
    let change =
        Change { subject: SubjectId(row.subject), handle: None, state: ConsentState::Granted, at: now, evidence };
    let fact = fact_of(db, change)?;
    tx.append(vec![fact]).await?;
    tx.commit().await?;
    Ok(confirmed(now))
}
