//! Deliveries of webhooks that did not become facts at once: kept as they came, until a person or a job settles them.

use clove_core::{DeliveryId, Micros, Source};
use futures::future::BoxFuture;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::erasure::{Deleted, Eraser, Target, texts_of};
use crate::error::{Result, StoreError};

crate::statements! {
    INSERT_DELIVERY = both("INSERT INTO delivery (id, source, delivery_key, topic, state, body, problems, received_at, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (source, delivery_key) DO NOTHING");
    SELECT_DELIVERY = both("SELECT id, source, topic, state, body, problems, received_at, changed_at FROM delivery WHERE id = $1");
    SELECT_IN_STATE = both("SELECT id, source, topic, state, problems, received_at, changed_at FROM delivery \
        WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3");
    SETTLE = both("UPDATE delivery SET state = $1, body = NULL, problems = '[]', changed_at = $2 \
        WHERE id = $3 AND state IN ('open', 'waiting')");
    NOTE_PROBLEMS = both("UPDATE delivery SET state = $1, problems = $2, changed_at = $3 WHERE id = $4 AND state IN ('open', 'waiting')");
    COUNT_IN_STATES = both("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state");
    SELECT_BODIES = both("SELECT id, body FROM delivery WHERE body IS NOT NULL AND id > $1 ORDER BY id LIMIT 100");
}

/// How a kept delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// A person has to look at it.
    Open,
    /// A job tries it again: it names something that has not come yet.
    Waiting,
    /// It became facts, or was carried out; its body is gone.
    Settled,
    /// A person threw it away; its body is gone.
    Discarded,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [DeliveryState; 4] =
        [DeliveryState::Open, DeliveryState::Waiting, DeliveryState::Settled, DeliveryState::Discarded];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            DeliveryState::Open => "open",
            DeliveryState::Waiting => "waiting",
            DeliveryState::Settled => "settled",
            DeliveryState::Discarded => "discarded",
        }
    }

    /// The state of a stable name.
    pub fn from_name(name: &str) -> Option<DeliveryState> {
        DeliveryState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A delivery to be kept.
#[derive(Debug, Clone)]
pub struct NewDelivery<'a> {
    /// Whose webhook it is.
    pub source: &'a Source,
    /// What the sender tells deliveries apart by.
    pub key: &'a str,
    /// What it is about, as the sender calls it.
    pub topic: &'a str,
    /// How it stands.
    pub state: DeliveryState,
    /// The bytes as they came, unless it is settled.
    pub body: Option<&'a [u8]>,
    /// JSON: what is wrong, where, and how to mend it.
    pub problems: &'a str,
}

/// A delivery that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// Whose webhook it is.
    pub source: Source,
    /// What it is about, as the sender calls it.
    pub topic: String,
    /// How it stands.
    pub state: DeliveryState,
    /// The bytes as they came; `None` once settled, and in lists.
    pub body: Option<Vec<u8>>,
    /// JSON: what is wrong, where, and how to mend it.
    pub problems: String,
    /// When it came.
    pub received_at: Micros,
    /// When its state last changed.
    pub changed_at: Micros,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    source: String,
    topic: String,
    state: String,
    #[sqlx(default)]
    body: Option<Vec<u8>>,
    problems: String,
    received_at: i64,
    changed_at: i64,
}

impl TryFrom<Row> for KeptDelivery {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<KeptDelivery> {
        let state = DeliveryState::from_name(&row.state).ok_or_else(|| StoreError::Migration {
            reason: format!("the delivery {} has the unknown state {}", row.id, row.state),
        })?;
        Ok(KeptDelivery {
            id: DeliveryId(row.id),
            source: row.source.parse()?,
            topic: row.topic,
            state,
            body: row.body,
            problems: row.problems,
            received_at: row.received_at,
            changed_at: row.changed_at,
        })
    }
}

/// Keeps a delivery within the caller's transaction. `None` if one of the same key was kept before.
pub async fn keep(tx: &mut Tx, delivery: NewDelivery<'_>) -> Result<Option<DeliveryId>> {
    let now = tx.db().now();
    let id = tx.db().ids().uuid(now);
    let query = INSERT_DELIVERY
        .query()
        .bind(id)
        .bind(delivery.source.as_str())
        .bind(delivery.key)
        .bind(delivery.topic)
        .bind(delivery.state.name())
        .bind(delivery.body.map(<[u8]>::to_vec))
        .bind(delivery.problems)
        .bind(now);
    Ok((tx.execute(query).await? == 1).then_some(DeliveryId(id)))
}

/// The delivery of an id, with its body.
pub async fn find(db: &Db, id: DeliveryId) -> Result<Option<KeptDelivery>> {
    db.read_optional::<Row>(SELECT_DELIVERY.query().bind(id)).await?.map(KeptDelivery::try_from).transpose()
}

/// Deliveries in a state after one of them, oldest first, without their bodies.
pub async fn in_state(
    db: &Db,
    state: DeliveryState,
    after: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<KeptDelivery>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let query = SELECT_IN_STATE.query().bind(state.name()).bind(after).bind(limit as i64);
    db.read_all::<Row>(query).await?.into_iter().map(KeptDelivery::try_from).collect()
}

/// Settles or discards a delivery: its body goes. Whether it was open or waiting.
pub async fn settle(tx: &mut Tx, id: DeliveryId, state: DeliveryState) -> Result<bool> {
    let now = tx.db().now();
    Ok(tx.execute(SETTLE.query().bind(state.name()).bind(now).bind(id)).await? == 1)
}

/// Notes how a delivery that stays stands, and what is wrong with it.
pub async fn note_problems(tx: &mut Tx, id: DeliveryId, state: DeliveryState, problems: &str) -> Result<bool> {
    let now = tx.db().now();
    Ok(tx.execute(NOTE_PROBLEMS.query().bind(state.name()).bind(problems).bind(now).bind(id)).await? == 1)
}

/// How many deliveries are in each state.
pub async fn counts(db: &Db) -> Result<Vec<(String, i64)>> {
    db.read_all(COUNT_IN_STATES.query()).await
}

/// Erasure in the deliveries that are kept: those in which the person's address, number or account stands are discarded.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeliveryEraser;

impl Eraser for DeliveryEraser {
    fn name(&self) -> &'static str {
        "deliveries"
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx, target: &'a Target) -> BoxFuture<'a, Result<Vec<Deleted>>> {
        Box::pin(async move {
            let texts = texts_of(tx, target).await?;
            Ok(vec![Deleted::new("kept webhooks", erase_containing(tx, &texts).await?)])
        })
    }
}

/// Discards the deliveries whose bodies hold one of these texts, whatever its case: for the erasure of a person by e-mail address,
/// phone number or customer id. Returns how many there were. Bodies may be of any form, so that nothing but the text tells.
pub async fn erase_containing(tx: &mut Tx, texts: &[String]) -> Result<u64> {
    let wanted: Vec<Vec<u8>> =
        texts.iter().filter(|text| text.len() >= 3).map(|text| text.to_lowercase().into_bytes()).collect();
    let mut erased = 0;
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<(Uuid, Vec<u8>)> = tx.fetch_all(SELECT_BODIES.query().bind(after)).await?;
        let Some((last, _)) = rows.last() else { return Ok(erased) };
        after = *last;
        for (id, body) in rows {
            let body = String::from_utf8_lossy(&body).to_lowercase().into_bytes();
            let holds = |text: &Vec<u8>| body.windows(text.len()).any(|window| window == text.as_slice());
            if wanted.iter().any(holds) && settle(tx, DeliveryId(id), DeliveryState::Discarded).await? {
                erased += 1;
            }
        }
    }
}
