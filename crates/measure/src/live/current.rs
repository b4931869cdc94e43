//! The shop in memory, for the questions of people: read once, kept while they ask, and read anew when something changed.
//!
//! It holds what was accepted before the question. Where reading takes long it may lag by some multiple of that time, so that a busy
//! shop is not read all the time.

use std::sync::{Arc, Weak};
use std::time::Duration;

use clove_core::{Currency, Day, Placements};
use clove_store::settings::{Settings, time_zone_name};
use clove_store::subscriber::{position, wait_until};
use clove_store::{Db, Result, StoreError};
use jiff::tz::TimeZone;
use tokio::sync::Mutex;

use super::ValueSubscriber;
use super::checkouts::CHECKOUT_STARTED;
use super::lake::changed_since;
use super::load::{LoadOptions, LoadedShop};
use super::pieces::load;
use crate::metrics::query::Shop;

clove_store::statements! {
    SELECT_LAST_CHECKOUT = both("SELECT coalesce(max(seq), 0) FROM interaction WHERE name = $1");
    SELECT_SPEND_STATE = both("SELECT count(*), coalesce(max(received_at), 0) FROM spend_state");
}

/// How long what was accepted may take to be handled.
const PATIENCE: Duration = Duration::from_secs(20);
/// A shop that takes no longer to read is always read anew.
const QUICK_MICROS: i64 = 250_000;
/// How many times as long as it took to read a shop is kept before it is read again.
const KEPT_TIMES: i64 = 8;
/// How long a shop that nobody asks about stays in memory.
const UNUSED: Duration = Duration::from_mins(10);

/// A shop as it was read, with its orders by person.
#[derive(Debug)]
pub struct HeldShop {
    /// What was read.
    pub loaded: LoadedShop,
    /// The orders by person and time.
    pub placements: Placements,
    zone: TimeZone,
}

impl HeldShop {
    /// What questions are asked of.
    pub fn shop(&self) -> Shop<'_> {
        Shop { data: &self.loaded.shop, persons: &self.loaded.persons, placements: &self.placements }
    }

    /// The local day of a moment, in microseconds since 1970.
    pub fn day(&self, moment: i64) -> Day {
        Day::of_moment(moment, &self.zone)
    }
}

/// What a shop depends on beside its orders.
#[derive(Debug, PartialEq, Eq)]
struct Surroundings {
    /// How many costs there are, and when the last one came.
    spend: (i64, i64),
    currency: Option<Currency>,
    time_zone: String,
}

impl Surroundings {
    async fn read(db: &Db) -> Result<Surroundings> {
        let settings = Settings::read(db).await?;
        Ok(Surroundings {
            spend: db.read_one(SELECT_SPEND_STATE.query()).await?,
            currency: settings.currency()?,
            time_zone: time_zone_name(&settings.time_zone()?),
        })
    }
}

struct Kept {
    held: Arc<HeldShop>,
    surroundings: Surroundings,
    /// The last checkout that is in it.
    checkout: i64,
    /// Everything up to this fact is in it, or does not matter to it.
    position: i64,
    read_at: i64,
    took: i64,
    used_at: i64,
}

/// The one copy of the shop that a server keeps.
pub struct CurrentShop {
    db: Db,
    kept: Mutex<Option<Kept>>,
    me: Weak<CurrentShop>,
}

impl CurrentShop {
    /// Nothing read yet.
    pub fn new(db: Db) -> Arc<CurrentShop> {
        Arc::new_cyclic(|me| CurrentShop { db, kept: Mutex::default(), me: me.clone() })
    }

    /// The shop with everything that was accepted before the call, or, where reading takes long, a little less. Whoever asks
    /// meanwhile waits for the same reading.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] if what was accepted is not handled in time, or the database fails.
    pub async fn get(&self) -> Result<Arc<HeldShop>> {
        all_handled(&self.db, ValueSubscriber::NAME).await?;
        let mut kept = self.kept.lock().await;
        let now = self.db.now();
        let surroundings = Surroundings::read(&self.db).await?;
        let (checkout,): (i64,) = self.db.read_one(SELECT_LAST_CHECKOUT.query().bind(CHECKOUT_STARTED)).await?;
        // Other costs, or days and amounts in another zone and currency: nothing of the copy is of use.
        if let Some(kept) = kept.as_mut().filter(|kept| kept.surroundings == surroundings) {
            kept.used_at = now;
            let until = position(&self.db, ValueSubscriber::NAME).await?.unwrap_or(0);
            let is_same = checkout == kept.checkout
                && (until == kept.position || changed_since(&self.db, kept.position).await?.is_empty());
            if is_same {
                kept.position = kept.position.max(until);
                return Ok(Arc::clone(&kept.held));
            }
            if kept.took > QUICK_MICROS && now - kept.read_at < KEPT_TIMES * kept.took {
                return Ok(Arc::clone(&kept.held));
            }
        }
        let held = Arc::new(read(&self.db).await?);
        let read_at = self.db.now();
        let position = held.loaded.position;
        let is_first = kept.is_none();
        let took = read_at - now;
        *kept =
            Some(Kept { held: Arc::clone(&held), surroundings, checkout, position, read_at, took, used_at: read_at });
        if is_first {
            tokio::spawn(forget_unused(self.me.clone()));
        }
        Ok(held)
    }
}

/// Waits until a subscriber has handled all that was accepted before the call.
///
/// # Errors
/// [`StoreError::Stopped`] if that takes too long, or the database fails.
pub(super) async fn all_handled(db: &Db, subscriber: &str) -> Result<()> {
    let head = db.head().await?;
    tokio::time::timeout(PATIENCE, wait_until(db, subscriber, head))
        .await
        .map_err(|_| StoreError::Stopped("work on what was accepted"))?
}

async fn read(db: &Db) -> Result<HeldShop> {
    let loaded = load(db, LoadOptions { details: true }).await?;
    tokio::task::spawn_blocking(move || {
        let placements = Placements::new(&loaded.shop.orders, &loaded.persons);
        let zone = TimeZone::get(&loaded.time_zone).unwrap_or(TimeZone::UTC);
        HeldShop { loaded, placements, zone }
    })
    .await
    .map_err(StoreError::subscriber)
}

/// Lets go of the shop when nobody has asked for a while.
async fn forget_unused(shop: Weak<CurrentShop>) {
    loop {
        tokio::time::sleep(UNUSED).await;
        let Some(shop) = shop.upgrade() else { return };
        let mut kept = shop.kept.lock().await;
        let unused = kept.as_ref().map_or(i64::MAX, |kept| shop.db.now() - kept.used_at);
        if unused >= UNUSED.as_micros() as i64 {
            *kept = None;
            return;
        }
    }
}
