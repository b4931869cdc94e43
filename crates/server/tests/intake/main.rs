//! Webhooks and imports, over the server's own routes. Every story runs on SQLite and on PostgreSQL.

#[expect(dead_code, reason = "the store's stories use more of it")]
#[path = "../../../store/tests/store/support.rs"]
mod support;

mod imports;
mod one_order;
mod shop;
mod sources;
mod webhooks;
