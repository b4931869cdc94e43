//! The sources of the shop, kept in memory like its keys.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use clove_core::clock::SECOND;
use clove_core::{Currency, Micros, Source, TrackingPolicy};
use clove_store::source::{SourceSettings, SourceSystem, WebhookSecret, add_source, change_source, sources};
use clove_store::{Db, Result, StoreError};
use serde_json::json;
use tokio::sync::Mutex;

use crate::audit::{self, Actor};

/// How long another process's change of sources may go unnoticed.
const FRESH_FOR: Micros = 5 * SECOND;

/// What to settle about a new source.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Its name.
    pub name: Source,
    /// What kind of system it is; `None`: what its name begins with.
    pub system: Option<SourceSystem>,
    /// The currency of amounts whose sender names none.
    pub currency: Option<Currency>,
    /// What its webhooks are signed with.
    pub webhook_secret: Option<WebhookSecret>,
    /// When its events are taken in.
    pub tracking_policy: Option<TrackingPolicy>,
}

/// What to change about a source: `None` leaves it, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct SourceChange {
    /// The currency of amounts whose sender names none.
    pub currency: Option<Option<Currency>>,
    /// What its webhooks are signed with.
    pub webhook_secret: Option<Option<WebhookSecret>>,
    /// When its events are taken in.
    pub tracking_policy: Option<Option<TrackingPolicy>>,
}

struct Loaded {
    at: Micros,
    sources: HashMap<String, Arc<SourceSettings>>,
}

/// What is settled about each source, kept in memory and looked up anew every few seconds.
pub struct SourceRegistry {
    db: Db,
    loaded: RwLock<Loaded>,
    loading: Mutex<()>,
}

impl SourceRegistry {
    /// Reads the sources.
    pub async fn open(db: Db) -> Result<SourceRegistry> {
        let registry = SourceRegistry {
            db,
            loaded: RwLock::new(Loaded { at: Micros::MIN, sources: HashMap::new() }),
            loading: Mutex::new(()),
        };
        registry.load().await?;
        Ok(registry)
    }

    /// All sources, by name.
    pub async fn list(&self) -> Result<Vec<SourceSettings>> {
        sources(&self.db).await
    }

    /// What is settled about a source; `None` if nothing is: facts may come from sources that nobody registered.
    pub async fn get(&self, name: &str) -> Result<Option<Arc<SourceSettings>>> {
        if self.db.now() - self.read(|loaded| loaded.at) > FRESH_FOR {
            self.load().await?;
        }
        Ok(self.read(|loaded| loaded.sources.get(name).cloned()))
    }

    /// The tracking policy of a source, where one is settled; `None`: `required` for keys of browsers, `asserted` for keys
    /// of servers.
    pub async fn tracking_policy(&self, source: &Source) -> Result<Option<TrackingPolicy>> {
        Ok(self.get(source.as_str()).await?.and_then(|settings| settings.tracking_policy))
    }

    /// The currency of a source's amounts that name none.
    pub async fn currency(&self, source: &Source) -> Result<Option<Currency>> {
        Ok(self.get(source.as_str()).await?.and_then(|settings| settings.currency))
    }

    /// Adds a source; `None` if there is one of this name.
    pub async fn create(&self, actor: &Actor, new: NewSource) -> Result<Option<SourceSettings>> {
        let now = self.db.now();
        let settings = SourceSettings {
            system: new.system.unwrap_or_else(|| SourceSystem::of(&new.name)),
            name: new.name,
            currency: new.currency,
            webhook_secret: new.webhook_secret,
            tracking_policy: new.tracking_policy,
            created_at: now,
            changed_at: now,
            disconnected_at: None,
        };
        let mut tx = self.db.begin().await?;
        let added = add_source(&mut tx, &settings).await?;
        if added {
            audit::record(&mut tx, actor, "source.created", Some(settings.name.as_str()), None).await?;
        }
        tx.commit().await?;
        self.load().await?;
        Ok(added.then_some(settings))
    }

    /// Changes a source. A new secret counts at once in this process, within seconds in all others.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none of this name.
    pub async fn change(&self, actor: &Actor, name: &str, change: SourceChange) -> Result<SourceSettings> {
        let missing = || StoreError::NotFound(format!("source '{name}'"));
        let mut settings =
            self.list().await?.into_iter().find(|settings| settings.name.as_str() == name).ok_or_else(missing)?;
        let details = json!({
            "currency": change.currency.is_some(),
            "webhook_secret": change.webhook_secret.is_some(),
            "tracking_policy": change.tracking_policy.is_some(),
        });
        if let Some(currency) = change.currency {
            settings.currency = currency;
        }
        if let Some(secret) = change.webhook_secret {
            settings.webhook_secret = secret;
            // A shop that gets a new secret is connected again.
            settings.disconnected_at = None;
        }
        if let Some(policy) = change.tracking_policy {
            settings.tracking_policy = policy;
        }
        settings.changed_at = self.db.now();
        let mut tx = self.db.begin().await?;
        let changed = change_source(&mut tx, &settings).await?;
        if changed {
            audit::record(&mut tx, actor, "source.changed", Some(name), Some(&details)).await?;
        }
        tx.commit().await?;
        self.load().await?;
        if changed { Ok(settings) } else { Err(missing()) }
    }

    fn read<T>(&self, of: impl FnOnce(&Loaded) -> T) -> T {
        of(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn load(&self) -> Result<()> {
        let _one_at_a_time = self.loading.lock().await;
        let at = self.db.now();
        let sources = sources(&self.db).await?;
        let sources = sources.into_iter().map(|source| (source.name.to_string(), Arc::new(source))).collect();
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Loaded { at, sources };
        Ok(())
    }
}
