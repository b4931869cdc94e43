//! PostgreSQL.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::error::{Result, StoreError};

/// Connections of a process.
const CONNECTIONS: u32 = 16;

pub(super) async fn open(url: &str) -> Result<PgPool> {
    let failed = |source| StoreError::Sql { statement: "connecting to PostgreSQL", source };
    let options: PgConnectOptions = url.parse().map_err(failed)?;
    let options = options.application_name("clove").statement_cache_capacity(600);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options)
        .await
        .map_err(failed)?;
    // What is answered with success must survive a power loss.
    for (setting, text) in [
        ("fsync", "SELECT current_setting('fsync')"),
        ("synchronous_commit", "SELECT current_setting('synchronous_commit')"),
        ("full_page_writes", "SELECT current_setting('full_page_writes')"),
    ] {
        let value: String = sqlx::query_scalar(text).fetch_one(&pool).await.map_err(failed)?;
        if value == "off" {
            return Err(StoreError::NotDurable { setting });
        }
    }
    Ok(pool)
}
