//! API keys: made, listed, withdrawn, recognised.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use clove_core::fact::Source;
use clove_core::{Micros, clock::SECOND};
use clove_store::{Db, Result, StoreError, Tx};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::Mutex;
use utoipa::ToSchema;

use super::Scope;
use crate::audit::{self, Actor};
use crate::hex;

clove_store::statements! {
    INSERT_KEY = both("INSERT INTO api_key (id, secret_hash, name, scopes, source, created_at) VALUES ($1, $2, $3, $4, $5, $6)");
    SELECT_KEYS = both("SELECT id, secret_hash, name, scopes, source, created_at, withdrawn_at FROM api_key ORDER BY created_at, id");
    COUNT_KEYS = both("SELECT count(*) FROM api_key");
    /// Two first starts on one database must not make two owners. SQLite has one writer at a time anyway.
    LOCK_KEYS = each("SELECT 1", "SELECT 1 FROM pg_advisory_xact_lock(4717)");
    WITHDRAW_KEY = both("UPDATE api_key SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL");
}

/// How long another process's change of keys may go unnoticed.
const FRESH_FOR: Micros = 5 * SECOND;

/// A key as people see it: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id, the part of the key that is not secret.
    #[schema(example = "7f3a9c0d12be")]
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The source that facts handed in with it belong to.
    #[schema(value_type = Option<String>, example = "web:shop")]
    pub source: Option<Source>,
    /// When it was made, microseconds since 1970.
    pub created_at: Micros,
    /// When it was withdrawn, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Micros>,
}

impl ApiKey {
    /// Whether it may do this. `admin` may do everything.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

/// A key just made. The secret is known now and never again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewKey {
    /// The whole key, for the `Authorization: Bearer` header or as Segment's write key.
    #[schema(example = "clove_7f3a9c0d12be_...")]
    pub key: String,
    /// What can be seen of it later.
    #[serde(flatten)]
    pub details: ApiKey,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    secret_hash: Vec<u8>,
    name: String,
    scopes: String,
    source: Option<String>,
    created_at: i64,
    withdrawn_at: Option<i64>,
}

struct Known {
    secret_hash: Vec<u8>,
    key: Arc<ApiKey>,
}

struct Loaded {
    at: Micros,
    keys: HashMap<String, Known>,
}

/// The keys of the shop, kept in memory and looked up anew every few seconds.
pub struct KeyRing {
    db: Db,
    loaded: RwLock<Loaded>,
    loading: Mutex<()>,
}

impl KeyRing {
    /// Reads the keys.
    pub async fn open(db: Db) -> Result<KeyRing> {
        let ring = KeyRing {
            db,
            loaded: RwLock::new(Loaded { at: Micros::MIN, keys: HashMap::new() }),
            loading: Mutex::new(()),
        };
        ring.load().await?;
        Ok(ring)
    }

    /// Makes a key.
    pub async fn create(&self, actor: &Actor, name: &str, scopes: &[Scope], source: Option<Source>) -> Result<NewKey> {
        let mut tx = self.db.begin().await?;
        let key = insert(&mut tx, actor, name, scopes, source).await?;
        tx.commit().await?;
        self.load().await?;
        Ok(key)
    }

    /// Makes the owner's key if the shop never had a key. Of several processes that start at once, one makes it.
    pub async fn create_first(&self) -> Result<Option<NewKey>> {
        if !self.list().await?.is_empty() {
            return Ok(None);
        }
        let mut tx = self.db.begin().await?;
        tx.fetch_all::<(i32,)>(LOCK_KEYS.query()).await?;
        let (keys,): (i64,) = tx.fetch_one(COUNT_KEYS.query()).await?;
        if keys > 0 {
            return Ok(None);
        }
        let key = insert(&mut tx, &Actor::system("first start"), "owner", &[Scope::Admin], None).await?;
        tx.commit().await?;
        self.load().await?;
        Ok(Some(key))
    }

    /// All keys, oldest first.
    pub async fn list(&self) -> Result<Vec<ApiKey>> {
        let rows: Vec<Row> = self.db.read_all(SELECT_KEYS.query()).await?;
        rows.iter().map(api_key).collect()
    }

    /// Withdraws a key: it is refused from now on by this process, and within seconds by all others.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such key, or it was withdrawn before.
    pub async fn withdraw(&self, actor: &Actor, id: &str) -> Result<()> {
        let mut tx = self.db.begin().await?;
        if tx.execute(WITHDRAW_KEY.query().bind(self.db.now()).bind(id)).await? == 0 {
            return Err(StoreError::NotFound(format!("live key {id}")));
        }
        audit::record(&mut tx, actor, "key.withdrawn", Some(id), None).await?;
        tx.commit().await?;
        self.load().await
    }

    /// The key that a text is, if it is one that lives.
    pub async fn recognise(&self, text: &str) -> Result<Option<Arc<ApiKey>>> {
        let Some((id, secret)) = text.strip_prefix("clove_").and_then(|rest| rest.split_once('_')) else {
            return Ok(None);
        };
        self.refresh().await?;
        Ok(self.read(|loaded| {
            let known = loaded.keys.get(id)?;
            let fits: bool = known.secret_hash.as_slice().ct_eq(Sha256::digest(secret.as_bytes()).as_slice()).into();
            fits.then(|| Arc::clone(&known.key))
        }))
    }

    /// The live key with this id.
    pub async fn by_id(&self, id: &str) -> Result<Option<Arc<ApiKey>>> {
        self.refresh().await?;
        Ok(self.read(|loaded| loaded.keys.get(id).map(|known| Arc::clone(&known.key))))
    }

    async fn refresh(&self) -> Result<()> {
        if self.db.now() - self.read(|loaded| loaded.at) > FRESH_FOR { self.load().await } else { Ok(()) }
    }

    fn read<T>(&self, of: impl FnOnce(&Loaded) -> T) -> T {
        of(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn load(&self) -> Result<()> {
        let _one_at_a_time = self.loading.lock().await;
        let at = self.db.now();
        let rows: Vec<Row> = self.db.read_all(SELECT_KEYS.query()).await?;
        let mut keys = HashMap::with_capacity(rows.len());
        for row in rows.into_iter().filter(|row| row.withdrawn_at.is_none()) {
            let key = Arc::new(api_key(&row)?);
            keys.insert(row.id, Known { secret_hash: row.secret_hash, key });
        }
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Loaded { at, keys };
        Ok(())
    }
}

async fn insert(tx: &mut Tx, actor: &Actor, name: &str, scopes: &[Scope], source: Option<Source>) -> Result<NewKey> {
    let (mut id, mut secret) = ([0_u8; 6], [0_u8; 32]);
    tx.db().ids().fill(&mut id);
    tx.db().ids().fill(&mut secret);
    let (id, secret) = (hex(&id), hex(&secret));
    let created_at = tx.db().now();
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let query = INSERT_KEY
        .query()
        .bind(id.as_str())
        .bind(Sha256::digest(secret.as_bytes()).to_vec())
        .bind(name)
        .bind(names.join(" "))
        .bind(source.as_ref().map(Source::as_str))
        .bind(created_at);
    tx.execute(query).await?;
    let details = json!({"scopes": names, "source": source.as_ref().map(Source::as_str)});
    audit::record(tx, actor, "key.created", Some(&id), Some(&details)).await?;
    let key = format!("clove_{id}_{secret}");
    let details = ApiKey { id, name: name.to_owned(), scopes: scopes.to_vec(), source, created_at, withdrawn_at: None };
    Ok(NewKey { key, details })
}

fn api_key(row: &Row) -> Result<ApiKey> {
    let unreadable = |what: String| StoreError::Migration { reason: format!("key {} {what}", row.id) };
    let scopes = row.scopes.split_whitespace().map(str::parse).collect::<std::result::Result<Vec<Scope>, String>>();
    let source = row.source.as_deref().map(str::parse::<Source>).transpose();
    Ok(ApiKey {
        id: row.id.clone(),
        name: row.name.clone(),
        scopes: scopes.map_err(unreadable)?,
        source: source.map_err(|error| unreadable(error.to_string()))?,
        created_at: row.created_at,
        withdrawn_at: row.withdrawn_at,
    })
}
