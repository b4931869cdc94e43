//! Sources: the systems that facts come from, and what is settled about each.

use std::fmt;

use clove_core::{Currency, Micros, Source, TrackingPolicy};
use sqlx::FromRow;

use crate::db::{Db, Tx};
use crate::error::{Result, StoreError};

crate::statements! {
    SELECT_SOURCES = both("SELECT name, system, currency, webhook_secret, tracking_policy, created_at, changed_at, disconnected_at \
        FROM source ORDER BY name");
    INSERT_SOURCE = both("INSERT INTO source (name, system, currency, webhook_secret, tracking_policy, created_at, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (name) DO NOTHING");
    UPDATE_SOURCE = both("UPDATE source SET currency = $1, webhook_secret = $2, tracking_policy = $3, changed_at = $4, \
        disconnected_at = $5 WHERE name = $6");
    DISCONNECT = both("UPDATE source SET disconnected_at = $1, changed_at = $1 WHERE name = $2");
}

/// What kind of system a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceSystem {
    /// A Shopify shop.
    Shopify,
    /// A WooCommerce shop.
    WooCommerce,
    /// A storefront that sends events.
    Web,
    /// Anything else: tills, own programs, files.
    Other,
}

impl SourceSystem {
    /// All of them.
    pub const ALL: [SourceSystem; 4] =
        [SourceSystem::Shopify, SourceSystem::WooCommerce, SourceSystem::Web, SourceSystem::Other];

    /// The stable name, which is also what names of such sources begin with.
    pub fn name(self) -> &'static str {
        match self {
            SourceSystem::Shopify => "shopify",
            SourceSystem::WooCommerce => "woocommerce",
            SourceSystem::Web => "web",
            SourceSystem::Other => "other",
        }
    }

    /// The system that a source's name begins with: `shopify:my-shop` is one of Shopify.
    pub fn of(source: &Source) -> SourceSystem {
        let prefix = source.as_str().split_once(':').map_or("", |(prefix, _)| prefix);
        SourceSystem::ALL.into_iter().find(|system| system.name() == prefix).unwrap_or(SourceSystem::Other)
    }
}

/// What a shop signs its webhooks with. It is never printed and never sent.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// A secret; `None` if it is blank, since an empty one would make every forger right.
    pub fn new(secret: &str) -> Option<WebhookSecret> {
        let secret = secret.trim();
        (!secret.is_empty()).then(|| WebhookSecret(secret.to_owned()))
    }

    /// The bytes that signatures are made with.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(..)")
    }
}

/// A source and what is settled about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSettings {
    /// Its name, such as `shopify:my-shop`.
    pub name: Source,
    /// What kind of system it is.
    pub system: SourceSystem,
    /// The currency of amounts whose sender names none.
    pub currency: Option<Currency>,
    /// What its webhooks are signed with; without one they are refused.
    pub webhook_secret: Option<WebhookSecret>,
    /// When its events are taken in; `None`: `required` for keys of browsers, `asserted` for keys of servers.
    pub tracking_policy: Option<TrackingPolicy>,
    /// When it was made.
    pub created_at: Micros,
    /// When it was last changed.
    pub changed_at: Micros,
    /// When the shop said that it no longer sends.
    pub disconnected_at: Option<Micros>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    system: String,
    currency: Option<String>,
    webhook_secret: Option<String>,
    tracking_policy: Option<String>,
    created_at: i64,
    changed_at: i64,
    disconnected_at: Option<i64>,
}

impl TryFrom<Row> for SourceSettings {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<SourceSettings> {
        let unreadable = |what: String| StoreError::Migration { reason: format!("the source {}: {what}", row.name) };
        let system = SourceSystem::ALL.into_iter().find(|system| system.name() == row.system);
        Ok(SourceSettings {
            name: row.name.parse()?,
            system: system.ok_or_else(|| unreadable(format!("'{}' is no system", row.system)))?,
            currency: row
                .currency
                .map(|code| code.parse().map_err(|error| unreadable(format!("{error}"))))
                .transpose()?,
            webhook_secret: row.webhook_secret.as_deref().and_then(WebhookSecret::new),
            tracking_policy: row.tracking_policy.map(|name| name.parse().map_err(unreadable)).transpose()?,
            created_at: row.created_at,
            changed_at: row.changed_at,
            disconnected_at: row.disconnected_at,
        })
    }
}

/// All sources, by name.
pub async fn sources(db: &Db) -> Result<Vec<SourceSettings>> {
    db.read_all::<Row>(SELECT_SOURCES.query()).await?.into_iter().map(SourceSettings::try_from).collect()
}

/// Adds a source; whether its name was free.
pub async fn add_source(tx: &mut Tx, source: &SourceSettings) -> Result<bool> {
    let query = INSERT_SOURCE
        .query()
        .bind(source.name.as_str())
        .bind(source.system.name())
        .bind(source.currency.map(Currency::code))
        .bind(source.webhook_secret.as_ref().map(|secret| secret.0.as_str()))
        .bind(source.tracking_policy.map(TrackingPolicy::name))
        .bind(source.created_at);
    Ok(tx.execute(query).await? == 1)
}

/// Replaces what is settled about a source; whether there is one of its name.
pub async fn change_source(tx: &mut Tx, source: &SourceSettings) -> Result<bool> {
    let query = UPDATE_SOURCE
        .query()
        .bind(source.currency.map(Currency::code))
        .bind(source.webhook_secret.as_ref().map(|secret| secret.0.as_str()))
        .bind(source.tracking_policy.map(TrackingPolicy::name))
        .bind(source.changed_at)
        .bind(source.disconnected_at)
        .bind(source.name.as_str());
    Ok(tx.execute(query).await? == 1)
}

/// Notes that the shop no longer sends.
pub async fn note_disconnected(tx: &mut Tx, source: &Source) -> Result<()> {
    let now = tx.db().now();
    tx.execute(DISCONNECT.query().bind(now).bind(source.as_str())).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_system_and_secrets_stay_unprinted() {
        let system = |name: &str| SourceSystem::of(&name.parse().unwrap());
        assert_eq!(system("shopify:my-shop"), SourceSystem::Shopify);
        assert_eq!(system("woocommerce:shop"), SourceSystem::WooCommerce);
        assert_eq!(system("till"), SourceSystem::Other);
        let secret = WebhookSecret::new(" shpss_1 ").unwrap();
        assert_eq!(secret.bytes(), b"shpss_1");
        assert!(!format!("{secret:?}").contains("shpss"));
        assert!(WebhookSecret::new("  ").is_none());
    }
}
