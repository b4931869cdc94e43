//! The audit log: who did what to what, when, and from which address.
//!
//! An entry is written in the transaction of the change that it tells of, so that there is no change without its entry and
//! no entry without its change. Entries are never changed or deleted: the database refuses it.
//!
//! No entry holds personal data: people are named by their ids, addresses by a keyed hash.

use clove_core::{AuditId, Micros};
use clove_store::{Db, Result, Tx};
use serde::Serialize;
use serde_json::Value;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

clove_store::statements! {
    INSERT_ENTRY = both("INSERT INTO audit_entry (id, at, actor_kind, actor, address, action, target, details) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    SELECT_ENTRIES = both("SELECT id, at, actor_kind, actor, address, action, target, details FROM audit_entry \
        WHERE id < $1 ORDER BY id DESC LIMIT $2");
    SELECT_ENTRIES_OF_ACTION = both("SELECT id, at, actor_kind, actor, address, action, target, details FROM audit_entry \
        WHERE id < $1 AND action = $2 ORDER BY id DESC LIMIT $3");
}

/// What kind of hand did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A user who signed in; the actor is the user's id.
    User,
    /// A program with an API key; the actor is the key's id.
    Key,
    /// A command on the machine that holds the data; the actor is the command.
    Command,
    /// Clove itself; the actor says which part.
    System,
    /// Somebody who has not shown who they are, such as who types a wrong password.
    Unknown,
}

impl ActorKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            ActorKind::User => "user",
            ActorKind::Key => "key",
            ActorKind::Command => "command",
            ActorKind::System => "system",
            ActorKind::Unknown => "unknown",
        }
    }
}

/// Who does something. [`Caller::actor`](crate::Caller::actor) gives it for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of hand.
    pub kind: ActorKind,
    /// Which one.
    pub id: String,
    /// Keyed hash of the network address.
    pub address: Option<Uuid>,
}

impl Actor {
    /// A command on the machine that holds the data, such as `clove keys create`.
    pub fn command(name: &str) -> Actor {
        Actor { kind: ActorKind::Command, id: name.to_owned(), address: None }
    }

    /// A part of Clove itself.
    pub fn system(part: &str) -> Actor {
        Actor { kind: ActorKind::System, id: part.to_owned(), address: None }
    }
}

/// Writes an entry within the transaction of the change.
///
/// `action` is `<thing>.<what was done>`, such as `person.merged`; `target` is the id of the thing; `details` are facts worth
/// knowing later, never personal data or secrets.
///
/// # Errors
/// If the database refuses the row.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    target: Option<&str>,
    details: Option<&Value>,
) -> Result<AuditId> {
    let now = tx.db().now();
    let id = AuditId(tx.db().ids().uuid(now));
    let query = INSERT_ENTRY
        .query()
        .bind(id)
        .bind(now)
        .bind(actor.kind.name())
        .bind(actor.id.as_str())
        .bind(actor.address)
        .bind(action)
        .bind(target)
        .bind(details.map(Value::to_string));
    tx.execute(query).await?;
    Ok(id)
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its id; later entries have greater ones.
    #[schema(value_type = String, example = "aud_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    pub id: AuditId,
    /// When it was done, microseconds since 1970.
    pub at: Micros,
    /// What kind of hand did it: `user`, `key`, `command`, `system` or `unknown`.
    #[schema(example = "user")]
    pub actor_kind: String,
    /// Which one: the id of the user or key, or the name of the command.
    #[schema(example = "usr_0190a1b2c3d4e5f60718293a4b5c6d7e")]
    pub actor: String,
    /// Keyed hash of the network address: the same address gives the same text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What was done.
    #[schema(example = "key.created")]
    pub action: String,
    /// To what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What is worth knowing about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    at: i64,
    actor_kind: String,
    actor: String,
    address: Option<Uuid>,
    action: String,
    target: Option<String>,
    details: Option<String>,
}

/// Entries before `before` (all, if there is none), newest first, at most `limit`; of one action alone, if it is named.
///
/// # Errors
/// If the database cannot be read.
pub async fn entries(db: &Db, before: Option<AuditId>, action: Option<&str>, limit: usize) -> Result<Vec<AuditEntry>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let query = match action {
        None => SELECT_ENTRIES.query().bind(before),
        Some(action) => SELECT_ENTRIES_OF_ACTION.query().bind(before).bind(action),
    };
    let rows: Vec<Row> = db.read_all(query.bind(limit as i64)).await?;
    Ok(rows.into_iter().map(entry).collect())
}

fn entry(row: Row) -> AuditEntry {
    AuditEntry {
        id: AuditId(row.id),
        at: row.at,
        actor_kind: row.actor_kind,
        actor: row.actor,
        address: row.address.map(|address| address.simple().to_string()),
        action: row.action,
        target: row.target,
        details: row.details.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text))),
    }
}
