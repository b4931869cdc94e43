//! Persons over the store, as other capabilities see them. Every story runs on SQLite and on PostgreSQL, as the store's own do.

#[expect(dead_code, reason = "the store's stories use more of it")]
#[path = "../../../store/tests/store/support.rs"]
mod support;

mod consent;
mod facts;
mod familiar;
mod identity;
mod identity_properties;
mod people_properties;
mod privacy;
mod profile;
mod schema;
mod timeline;
