//! Which parser a body goes to.

use std::sync::Arc;

use clove_connect::sources::shop::{Delivery, Hints, KnownOrder};
use clove_connect::sources::{Intake, Refusal, shopify, woocommerce};
use clove_core::{FactBody, Source};
use clove_http::Services;
use clove_store::fact::{read_fact, read_personal};
use clove_store::source::SourceSystem;
use clove_store::{Result, known_order};

/// A topic of a system.
#[derive(Debug, Clone, Copy)]
pub(super) enum Topic {
    Shopify(shopify::Topic),
    WooCommerce(woocommerce::Topic),
}

impl Topic {
    /// The topic by the name that its system gives it; `None` for one that says nothing to us.
    pub fn from_name(system: SourceSystem, name: &str) -> Option<Topic> {
        match system {
            SourceSystem::Shopify => shopify::Topic::from_header(name).map(Topic::Shopify),
            SourceSystem::WooCommerce => woocommerce::Topic::from_header(name).map(Topic::WooCommerce),
            SourceSystem::Web | SourceSystem::Other => None,
        }
    }

    /// Whether a repeated body is the same facts.
    pub fn states_its_moment(self) -> bool {
        match self {
            Topic::Shopify(topic) => topic.states_its_moment(),
            Topic::WooCommerce(topic) => topic.states_its_moment(),
        }
    }

    fn read(self, intake: &Intake<'_>, hints: &Hints<'_>, body: &[u8]) -> std::result::Result<Delivery, Refusal> {
        match self {
            Topic::Shopify(topic) => shopify::delivery(intake, topic, hints, body),
            Topic::WooCommerce(topic) => woocommerce::delivery(intake, topic, hints, body),
        }
    }
}

/// Reads a body, and looks the order up that it belongs to if it names it by its internal id alone.
pub(super) async fn read(
    services: &Services,
    topic: Topic,
    intake: &Intake<'_>,
    moment: clove_core::Micros,
    body: &[u8],
) -> Result<std::result::Result<Delivery, Refusal>> {
    let read = topic.read(intake, &Hints { moment, order: None }, body);
    let Ok(Delivery::NeedsOrder { internal_id }) = &read else { return Ok(read) };
    match known(services, intake.source, internal_id).await? {
        Some(order) => Ok(topic.read(intake, &Hints { moment, order: Some(&order) }, body)),
        None => Ok(read),
    }
}

async fn known(services: &Services, source: &Source, internal_id: &str) -> Result<Option<KnownOrder>> {
    let db = &services.db;
    let Some((external_id, seq)) = known_order::find(db, source, internal_id).await? else { return Ok(None) };
    let Some(fact) = read_fact(db, seq).await? else { return Ok(None) };
    let FactBody::Order(order) = fact.into_body() else { return Ok(None) };
    let mut tx = db.begin().await?;
    let personal = read_personal(&mut tx, seq, seq).await?.remove(&seq).map(Arc::unwrap_or_clone).unwrap_or_default();
    tx.rollback().await?;
    Ok(Some(KnownOrder { external_id, order, personal }))
}
