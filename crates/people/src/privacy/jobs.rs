//! The work that requests ask for.

use clove_core::clock::SECOND;
use clove_core::fact::Handle;
use clove_core::{Micros, PersonId, SubjectId};
use clove_http::hex;
use clove_store::customer_view::person_of;
use clove_store::erasure::{Deleted, Erasers, Erasure, suppressed};
use clove_store::job::{ClaimedJob, JobHandler, NewJob, enqueue};
use clove_store::{Db, Result, StoreError, Tx};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::erase::{Wanted, after_commit, erase};
use super::export::export;
use super::{About, QUEUE, RequestKind, ask_in, sql};

/// How long the document of an export can be fetched.
const DOCUMENT_LIVES: Micros = 30 * 24 * 3_600 * SECOND;
/// Persons of a shop system that are asked to be erased in one transaction.
const PERSONS_A_TURN: usize = 200;

/// What a job is told. Shop systems' webhooks write `redact`, `data_request` and `shop_redact` with the fields of their message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Payload {
    /// `export`, `erase`, `redact`, `data_request`, `shop_redact` or `expire`.
    kind: String,
    /// The row of the request; the job's own id if there is none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Uuid>,
    /// Who asked; the source if nobody is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    handles: Vec<Handle>,
    /// The shop system: `shopify:my-shop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// The customer's id there.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// The owner said yes to the erasure of a whole shop system's customers.
    approved: bool,
    /// Where a long erasure goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Uuid>,
    /// How many were found before.
    found: u64,
}

impl Payload {
    pub(super) fn of_request(id: Uuid, kind: RequestKind, about: About, requested_by: &str) -> Payload {
        let (person, handles) = match about {
            About::Person(person) => (Some(person), Vec::new()),
            About::Handle(handle) => (None, vec![handle]),
        };
        Payload {
            kind: kind.name().to_owned(),
            request: Some(id),
            requested_by: Some(requested_by.to_owned()),
            person,
            handles,
            ..Payload::default()
        }
    }

    pub(super) fn of_shop(id: Uuid, source: String, requested_by: String) -> Payload {
        Payload {
            kind: "shop_redact".to_owned(),
            request: Some(id),
            requested_by: Some(requested_by),
            source: Some(source),
            approved: true,
            ..Payload::default()
        }
    }

    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(StoreError::subscriber)
    }

    /// The names that the person is known by. A phone number, which a household may share, counts alone only.
    fn names(&self) -> Vec<Handle> {
        let mut handles = self.handles.clone();
        if let (Some(source), Some(id)) = (&self.source, &self.customer_id) {
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let (channel, scope) = source.split_once(':').unwrap_or(("user", source));
            handles.extend(Handle::new(channel, scope, &id));
        }
        handles.extend(self.email.as_deref().and_then(Handle::email));
        if handles.is_empty() && self.person.is_none() {
            handles.extend(self.phone.as_deref().and_then(Handle::phone));
        }
        handles
    }
}

/// Does the jobs of [`QUEUE`].
pub struct PrivacyJobs {
    erasers: Erasers,
}

impl PrivacyJobs {
    /// With every room that keeps something of persons.
    pub fn new(erasers: Erasers) -> PrivacyJobs {
        PrivacyJobs { erasers }
    }

    async fn do_job(&self, db: &Db, job: &ClaimedJob) -> Result<Tx> {
        let payload: Payload = serde_json::from_str(&job.payload).map_err(StoreError::subscriber)?;
        let id = payload.request.unwrap_or(job.id().0);
        let by = payload.requested_by.clone().or(payload.source.clone()).unwrap_or_else(|| "unknown".to_owned());
        let kind = match payload.kind.as_str() {
            "export" | "data_request" => "export",
            "erase" | "redact" => "erase",
            "shop_redact" => "shop_redact",
            "expire" => {
                let mut tx = db.begin().await?;
                sql::drop_document(&mut tx, id).await?;
                return Ok(tx);
            }
            other => return Err(StoreError::subscriber(format!("'{other}' is nothing that can be asked for"))),
        };
        let mut tx = db.begin().await?;
        sql::put_request(&mut tx, id, kind, &by, payload.source.as_deref()).await?;
        tx.commit().await?;
        match kind {
            "export" => self.export(db, id, &payload).await,
            "erase" => self.erase(db, job, id, &payload, &by).await,
            _ => self.shop(db, id, &payload, &by).await,
        }
    }

    async fn erase(&self, db: &Db, job: &ClaimedJob, id: Uuid, payload: &Payload, by: &str) -> Result<Tx> {
        let (erasure, mut deleted) = match Erasure::find(db, id).await? {
            // The process was killed between the transaction and the receipt.
            Some(done) => done,
            None => {
                let wanted = Wanted { person: payload.person, handles: payload.names() };
                let nameless = Payload {
                    kind: "erase".to_owned(),
                    request: Some(id),
                    requested_by: Some(by.to_owned()),
                    ..Payload::default()
                };
                erase(db, &self.erasers, id, &wanted, by, Some((job, &nameless.to_json()?))).await?
            }
        };
        deleted.extend(after_commit(db, &self.erasers, &erasure.target()).await?);
        let known = !erasure.subjects.is_empty();
        let mut tx = db.begin().await?;
        let receipt = receipt(&tx, id, "erase", by, known, &deleted, erasure.suppressed.len() as u64)?;
        sql::finish(&mut tx, id, "done", known.then_some(erasure.person), &receipt, None).await?;
        Ok(tx)
    }

    async fn export(&self, db: &Db, id: Uuid, payload: &Payload) -> Result<Tx> {
        let person = if let Some(person) = payload.person {
            person_of(db, SubjectId(person.0)).await?
        } else {
            let mut found = None;
            for handle in payload.names() {
                // Nobody is told what an erased person bought.
                if !suppressed(db, &handle).await? {
                    found = found.or(person_of(db, db.hash_key().subject(&handle)).await?);
                }
            }
            found
        };
        let now = db.now();
        let document = match person {
            Some(person) => {
                let document = export(db, &self.erasers, person, now).await?;
                Some(serde_json::to_string(&document).map_err(StoreError::subscriber)?)
            }
            None => None,
        };
        let mut tx = db.begin().await?;
        let bytes = document.as_ref().map_or(0, String::len) as u64;
        let by = payload.requested_by.clone().or(payload.source.clone()).unwrap_or_default();
        let lines = [Deleted::new("bytes exported", bytes)];
        let receipt = receipt(&tx, id, "export", &by, person.is_some(), &lines, 0)?;
        sql::finish(&mut tx, id, "done", person, &receipt, document).await?;
        let expire = Payload { kind: "expire".to_owned(), request: Some(id), ..Payload::default() };
        enqueue(&mut tx, NewJob::new(QUEUE, expire.to_json()?, now + DOCUMENT_LIVES)).await?;
        Ok(tx)
    }

    /// A shop system asks to erase all of its customers, as it does when its app is taken away. The data are the owner's: the request
    /// waits for the owner's word. Then each customer is a request of their own.
    async fn shop(&self, db: &Db, id: Uuid, payload: &Payload, by: &str) -> Result<Tx> {
        let mut tx = db.begin().await?;
        if !payload.approved {
            sql::set_state(&mut tx, id, "waiting", "awaiting_approval").await?;
            tracing::warn!(source = by, "a shop system asks to erase all of its customers; approve it, or leave it");
            return Ok(tx);
        }
        let source = payload.source.as_deref().unwrap_or_default();
        let after = payload.after.unwrap_or(Uuid::nil());
        let subjects = sql::subjects_of_source(&mut tx, source, after, PERSONS_A_TURN).await?;
        let mut persons = Vec::new();
        for subject in &subjects {
            persons.extend(sql::person_of_subject(&mut tx, SubjectId(*subject)).await?);
        }
        persons.sort_unstable();
        persons.dedup();
        let found = payload.found + persons.len() as u64;
        for person in persons {
            ask_in(&mut tx, RequestKind::Erase, About::Person(person), by).await?;
        }
        if let Some(last) = subjects.last() {
            let next = Payload { after: Some(*last), found, ..payload.clone() };
            let now = db.now();
            enqueue(&mut tx, NewJob::new(QUEUE, next.to_json()?, now)).await?;
        } else {
            let lines = [Deleted::new("customers to erase, a request each", found)];
            let receipt = receipt(&tx, id, "shop_redact", by, true, &lines, 0)?;
            sql::finish(&mut tx, id, "done", None, &receipt, None).await?;
        }
        Ok(tx)
    }
}

/// What was done, to be kept: nothing in it identifies. The hash is over all the rest.
fn receipt(tx: &Tx, id: Uuid, kind: &str, by: &str, known: bool, lines: &[Deleted], suppressed: u64) -> Result<String> {
    let mut receipt = json!({
        "request": id,
        "kind": kind,
        "requested_by": by,
        "done_at": tx.db().now(),
        "person_known": known,
        "counts": lines,
        "names_not_taken_in_again": suppressed,
    });
    let text = serde_json::to_string(&receipt).map_err(StoreError::subscriber)?;
    let digest = Sha256::digest(text.as_bytes());
    receipt["sha256"] = hex(&digest).into();
    serde_json::to_string(&receipt).map_err(StoreError::subscriber)
}

impl JobHandler for PrivacyJobs {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, db: &'a Db, job: &'a ClaimedJob) -> BoxFuture<'a, Result<Option<Tx>>> {
        Box::pin(async move { self.do_job(db, job).await.map(Some) })
    }
}
