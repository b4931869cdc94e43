//! Figures that are looked up when metrics are asked for, because no request changes them.

use clove_store::{Db, Result, quarantine, subscriber};

/// Looks them up.
pub async fn look_up(db: &Db) -> Result<()> {
    metrics::gauge!("clove_quarantine_open").set(quarantine::count_open(db).await? as f64);
    for status in subscriber::status(db).await? {
        let stuck = f64::from(u8::from(status.trouble.is_some()));
        metrics::gauge!("clove_subscriber_stuck", "subscriber" => status.name.clone()).set(stuck);
        metrics::gauge!("clove_subscriber_behind", "subscriber" => status.name.clone()).set(status.behind as f64);
        metrics::gauge!("clove_subscriber_dead_letters", "subscriber" => status.name).set(status.dead_letters as f64);
    }
    Ok(())
}
