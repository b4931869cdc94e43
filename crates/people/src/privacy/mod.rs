//! Privacy: everything about a person in one document, everything about a person erased, with a receipt. Requests are rows and their
//! work are jobs of the queue [`QUEUE`], which webhooks of shop systems fill as well.

mod erase;
mod export;
mod jobs;
mod sql;

pub use erase::replay;
pub use jobs::PrivacyJobs;
pub(crate) use sql::STATEMENTS;
pub use sql::{RequestRow, document, request, requests};

use clove_core::PersonId;
use clove_core::fact::Handle;
use clove_store::erasure::{Deleted, Eraser, Target};
use clove_store::job::{NewJob, enqueue};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use jobs::Payload;
use uuid::Uuid;

/// The queue of privacy.
pub const QUEUE: &str = "privacy";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// Everything about a person in one document.
    Export,
    /// Everything about a person erased.
    Erase,
}

impl RequestKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            RequestKind::Export => "export",
            RequestKind::Erase => "erase",
        }
    }
}

/// Whom a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A person.
    Person(PersonId),
    /// Whoever is known by a name.
    Handle(Handle),
}

/// Takes a request down, with the job that does it, in one transaction. Returns its id.
pub async fn ask(db: &Db, kind: RequestKind, about: About, requested_by: &str) -> Result<Uuid> {
    let mut tx = db.begin().await?;
    let id = ask_in(&mut tx, kind, about, requested_by).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within the caller's transaction.
pub async fn ask_in(tx: &mut Tx, kind: RequestKind, about: About, requested_by: &str) -> Result<Uuid> {
    let now = tx.db().now();
    let id = tx.db().ids().uuid(now);
    sql::put_request(tx, id, kind.name(), requested_by, None).await?;
    let payload = Payload::of_request(id, kind, about, requested_by);
    enqueue(tx, NewJob::new(QUEUE, payload.to_json()?, now)).await?;
    Ok(id)
}

/// Lets the erasure of a whole shop system's customers go on, which waits for the owner's word.
///
/// # Errors
/// [`StoreError::NotFound`] if no request of the id waits for it.
pub async fn approve(tx: &mut Tx, id: Uuid) -> Result<()> {
    let missing = || StoreError::NotFound("such request that waits for approval".to_owned());
    let row = sql::request(tx.db(), id).await?.ok_or_else(missing)?;
    if !sql::set_state(tx, id, "awaiting_approval", "waiting").await? {
        return Err(missing());
    }
    let payload = Payload::of_shop(id, row.source.unwrap_or_default(), row.requested_by);
    let now = tx.db().now();
    enqueue(tx, NewJob::new(QUEUE, payload.to_json()?, now)).await?;
    Ok(())
}

/// Deletes the document of an export before its time; whether there was one.
pub async fn drop_document(db: &Db, id: Uuid) -> Result<bool> {
    let mut tx = db.begin().await?;
    let there = sql::drop_document(&mut tx, id).await?;
    tx.commit().await?;
    Ok(there)
}

/// The part of requests in erasures: documents of exports.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestEraser;

impl Eraser for RequestEraser {
    fn name(&self) -> &'static str {
        "exports"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            Ok(vec![Deleted::new("documents of exports", sql::drop_documents_of(tx, target.person).await?)])
        })
    }
}
