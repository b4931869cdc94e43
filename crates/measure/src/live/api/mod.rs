//! The endpoints of value: one group per file.

mod analyses;
mod changes;
mod contacts;
mod customers;
mod metrics;
mod models;
mod segments;
mod settings;
mod shop;

use clove_core::{Currency, Minor};
use clove_http::State;
use utoipa_axum::router::OpenApiRouter;

/// Every SQL text of the endpoints themselves.
pub(super) const STATEMENTS: [&[clove_store::SqlText]; 2] = [changes::STATEMENTS, settings::STATEMENTS];

/// The routes.
pub fn routes() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .merge(analyses::routes())
        .merge(changes::routes())
        .merge(contacts::routes())
        .merge(customers::routes())
        .merge(metrics::routes())
        .merge(models::routes())
        .merge(segments::routes())
        .merge(settings::routes())
        .merge(shop::routes())
}

/// An amount as clients see it: a decimal in major units.
fn money(currency: Currency, amount: Minor) -> String {
    currency.format(amount)
}

/// A day as clients see it.
fn day(day: i64) -> String {
    clove_core::Day(i32::try_from(day).unwrap_or(0)).to_string()
}
